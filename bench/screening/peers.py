"""The flat policy in other engines, and written by hand: households in Parquet, nested, to answers in Parquet.

Each takes the file, the output and how many threads, and gives seconds from opening the one to closing the other; what
is loaded or compiled once comes before. All are exact: whole fen, cross-multiplied. Out: id, eligible, four causes, and
the income a head after all expenses in fen a month, rounded half away from zero. None of them looks at whether the data
can be so, but for `fused`, which makes the checks that a screening makes. None of them knows of nulls.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from bench.screening.households import CODES, STANDARDS

STUDENT: Final = ["nursery", "primary", "junior", "senior", "vocational", "undergraduate"]
MONEY: Final = ("medical_expense", "rehab_expense", "education_expense")
BY_PLACE: Final = [
    (code, residence, int(STANDARDS[at, column]))
    for at, code in enumerate(CODES)
    for column, residence in enumerate(("urban", "rural"))
]
MEMBER: Final = "members.list.element."
READ: Final = [
    *("id", "application_date", "county", "residence", "income_12m", "financial_assets"),
    *(f"{MEMBER}{name}" for name in ("id", "illness_needs_treatment", "medical_expense", "disability_certificate")),
    *(f"{MEMBER}{name}" for name in ("needs_rehab", "rehab_expense", "student_level", "full_time", "high_fee_school")),
    *(f"{MEMBER}{name}" for name in ("studying_abroad", "education_expense")),
]
CODED: Final = ["county", "residence", f"{MEMBER}student_level", f"{MEMBER}id"]
"""read as dictionaries: a few texts in millions of rows"""


# ---- DuckDB

SQL: Final = """
WITH facts AS (
  SELECT id, county, residence, income_12m AS inc, financial_assets AS assets, len(members) AS n,
    list_bool_or([m.illness_needs_treatment FOR m IN members]) AS ill,
    list_bool_or([m.disability_certificate AND m.needs_rehab FOR m IN members]) AS dis,
    list_bool_or([m.full_time AND m.student_level IN ({levels}) AND NOT m.high_fee_school AND NOT m.studying_abroad
      FOR m IN members]) AS edu,
    list_sum([m.medical_expense FOR m IN members])::BIGINT AS med,
    list_sum([m.rehab_expense FOR m IN members])::BIGINT AS reh,
    list_sum([m.education_expense FOR m IN members])::BIGINT AS sch
  FROM read_parquet('{file}'))
SELECT id, i OR d OR e OR mu AS eligible, i AS illness, d AS disability, e AS education, mu AS multiple,
  sign(adj)::BIGINT * ((2 * abs(adj) + 12 * n) // (24 * n)) AS adjusted
FROM (SELECT id, n, adj, ill AND ok AND inc - med < lim AS i, dis AND ok AND inc - reh < lim AS d,
    edu AND ok AND inc - sch < lim AS e, ill::INT + dis::INT + edu::INT >= 2 AND ok AND adj < lim AS mu
  FROM (SELECT f.*, 12 * n * S AS lim, assets <= 36 * n * S AS ok,
      inc - if(ill, med, 0) - if(dis, reh, 0) - if(edu, sch, 0) AS adj
    FROM facts f JOIN std USING (county, residence)))"""


def duckdb(file: Path, out: Path, threads: int) -> float:
    con = _connected(threads)
    con.execute("CREATE TABLE std (county VARCHAR, residence VARCHAR, S BIGINT)")
    con.execute("INSERT INTO std VALUES " + ", ".join(map(str, BY_PLACE)))
    levels = ", ".join(f"'{one}'" for one in STUDENT)
    began = time.perf_counter()
    con.execute(f"COPY ({SQL.format(levels=levels, file=file)}) TO '{out}' (FORMAT parquet)")
    return time.perf_counter() - began


def _connected(threads: int) -> Any:
    import duckdb as library

    con = library.connect()
    con.execute(f"SET threads={threads}; SET memory_limit='8GB'; SET preserve_insertion_order=false")
    return con


# ---- Polars


def polars(file: Path, out: Path, threads: int) -> float:
    os.environ["POLARS_MAX_THREADS"] = str(threads)
    import polars as pl

    c = pl.col
    std = pl.LazyFrame(BY_PLACE, schema={"county": pl.String, "residence": pl.String, "S": pl.Int64}, orient="row")
    began = time.perf_counter()

    def of(name: str) -> Any:
        return pl.element().struct.field(name)

    def each(expression: Any) -> Any:
        return c("members").list.eval(expression)

    student = of("full_time") & of("student_level").is_in(STUDENT) & ~of("high_fee_school") & ~of("studying_abroad")
    facts = pl.scan_parquet(file).select(
        "id",
        *("county", "residence"),
        c("income_12m").alias("inc"),
        c("financial_assets").alias("assets"),
        c("members").list.len().cast(pl.Int64).alias("n"),
        each(of("illness_needs_treatment")).list.any().alias("ill"),
        each(of("disability_certificate") & of("needs_rehab")).list.any().alias("dis"),
        each(student).list.any().alias("edu"),
        *[each(of(name)).list.sum().alias(short) for name, short in zip(MONEY, ("med", "reh", "sch"), strict=True)],
    )

    def less(present: str, spent: str) -> Any:
        return c(present) & c("ok") & (c("inc") - c(spent) < c("lim"))

    def counted(present: str, spent: str) -> Any:
        return pl.when(c(present)).then(c(spent)).otherwise(0)

    several = c("ill").cast(pl.Int8) + c("dis").cast(pl.Int8) + c("edu").cast(pl.Int8) >= 2
    (
        facts.join(std, on=["county", "residence"])
        .with_columns(
            lim=12 * c("n") * c("S"),
            ok=c("assets") <= 36 * c("n") * c("S"),
            adj=c("inc") - counted("ill", "med") - counted("dis", "reh") - counted("edu", "sch"),
        )
        .with_columns(
            illness=less("ill", "med"),
            disability=less("dis", "reh"),
            education=less("edu", "sch"),
            multiple=several & c("ok") & (c("adj") < c("lim")),
        )
        .select(
            "id",
            (c("illness") | c("disability") | c("education") | c("multiple")).alias("eligible"),
            *("illness", "disability", "education", "multiple"),
            (c("adj").sign() * ((2 * c("adj").abs() + 12 * c("n")) // (24 * c("n")))).alias("adjusted"),
        )
        .sink_parquet(out)
    )
    return time.perf_counter() - began


# ---- row group by row group, on some threads at once


def by_groups(
    file: Path,
    out: Path | None,
    threads: int,
    work: Callable[[pa.RecordBatch], pa.Table | pa.RecordBatch | None],
    columns: list[str] | None,
    coded: list[str],
    writing: Callable[[Path, pa.Schema], pq.ParquetWriter] = pq.ParquetWriter,
) -> None:
    """Read, work and write: each row group by one thread; what comes out is written in order."""
    held = threading.local()

    def opened() -> pq.ParquetFile:
        if not hasattr(held, "file"):
            held.file = pq.ParquetFile(file, read_dictionary=coded)
        return held.file

    def part(group: int) -> pa.Table | pa.RecordBatch | None:
        table = opened().read_row_group(group, columns=columns, use_threads=False)
        return work(table.combine_chunks().to_batches()[0])

    groups, writer = pq.ParquetFile(file).num_row_groups, None
    with ThreadPoolExecutor(threads) as pool:
        pending, following = [], 0
        while pending or following < groups:
            while following < groups and len(pending) < threads + 1:
                pending.append(pool.submit(part, following))
                following += 1
            found = pending.pop(0).result()
            if found is not None and out is not None:
                writer = writer or writing(out, found.schema)
                writer.write(found)
    if writer is not None:
        writer.close()


def scan(file: Path, _out: Path, threads: int) -> float:
    """The same columns read, member ids included, and dropped."""
    began = time.perf_counter()
    by_groups(file, None, threads, lambda _: None, READ, CODED)
    return time.perf_counter() - began


def _looked_up(column: pa.DictionaryArray, meaning: Callable[[str], Any]) -> np.ndarray:
    return np.array([meaning(word) for word in column.dictionary.to_pylist()])[column.indices.to_numpy()]


# ---- NumPy


def numpy(file: Path, out: Path, threads: int) -> float:
    place = {code: at for at, code in enumerate(CODES)}

    def bits(column: pa.Array) -> np.ndarray:
        return column.to_numpy(zero_copy_only=False)

    def work(batch: pa.RecordBatch) -> pa.Table:
        lists = batch["members"]
        offsets, members = lists.offsets.to_numpy(), lists.flatten()
        first, size = offsets[:-1] - offsets[0], np.diff(offsets).astype(np.int64)
        standard = STANDARDS[
            _looked_up(batch["county"], lambda code: place[code]),
            _looked_up(batch["residence"], lambda word: int(word == "rural")),
        ]
        of = members.field
        some, total = np.logical_or.reduceat, np.add.reduceat
        ill = some(bits(of("illness_needs_treatment")), first)
        dis = some(bits(of("disability_certificate")) & bits(of("needs_rehab")), first)
        student = bits(of("full_time")) & _looked_up(of("student_level"), lambda word: word in STUDENT)
        edu = some(student & ~bits(of("high_fee_school")) & ~bits(of("studying_abroad")), first)
        med, reh, sch = (total(of(name).to_numpy(), first) for name in MONEY)
        income, months = batch["income_12m"].to_numpy(), 12 * size
        limit = months * standard
        poor = batch["financial_assets"].to_numpy() <= 3 * limit
        i, d, e = (
            ill & poor & (income - med < limit),
            dis & poor & (income - reh < limit),
            edu & poor & (income - sch < limit),
        )
        left = income - ill * med - dis * reh - edu * sch
        several = ill.view(np.int8) + dis.view(np.int8) + edu.view(np.int8) >= 2
        mu = several & poor & (left < limit)
        adjusted = np.sign(left) * ((2 * np.abs(left) + months) // (2 * months))
        columns = [batch["id"], i | d | e | mu, i, d, e, mu, adjusted]
        return pa.table(columns, names=["id", "eligible", "illness", "disability", "education", "multiple", "adjusted"])

    columns = [name for name in READ if name not in ("application_date", f"{MEMBER}id")]
    began = time.perf_counter()
    by_groups(file, out, threads, work, columns, CODED[:3])
    return time.perf_counter() - began


# ---- one loop, by hand


def fused(file: Path, out: Path, threads: int) -> float:
    """All in one native loop, with the checks: what cannot be so, no answer is given for."""
    from bench.screening.fused import decide, prepared

    prepared()
    began = time.perf_counter()
    by_groups(file, out, threads, decide, READ, CODED)
    return time.perf_counter() - began


TASKS: Final[Mapping[str, Callable[[Path, Path, int], float]]] = {
    "scan": scan,
    "fused": fused,
    "numpy": numpy,
    "duckdb": duckdb,
    "polars": polars,
}
