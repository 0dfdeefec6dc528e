"""Made households for the benchmarks of screening, as Parquet: one row a household, members nested, amounts whole fen.

    python -m bench.screening.households FOLDER [--households 1000000] [--form flat|shipped] [--nulls none|facts|every]
    python -m bench.screening.households --standards                 (writes the tables of policy/)

`flat` is the form of policy/, `shipped` that of the policies shipped with the package. Households come in blocks of
100,000, each seeded by itself, so the first N are the same whatever N is; a block is a row group. Of those with a cause
some lie exactly on a limit, some a fen beside one. `--nulls` makes 3 % of the values unknown: of the facts that may be,
or of every field, ids and days included.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

BLOCK: Final = 100_000
NULLS: Final = 0.03
HERE: Final = Path(__file__).resolve().parent
FEN: Final = {"unit": "分"}
LEVELS: Final = ["none", "nursery", "primary", "junior", "senior", "vocational", "undergraduate", "postgraduate"]
STAGES: Final = [
    *("none", "nursery", "primary", "junior_secondary", "senior_secondary"),
    *("secondary_vocational", "undergraduate", "postgraduate"),
]
SIZES: Final = [0.225, 0.31, 0.255, 0.12, 0.055, 0.02, 0.01, 0.005]
"""shares of households of one to eight members; 2.6 on average"""
LEVEL_SHARES: Final = [0.80, 0.03, 0.06, 0.03, 0.02, 0.02, 0.03, 0.01]
EXPENSES: Final = ("medical_expense", "rehab_expense", "education_expense")
Columns = dict[str, Any]


def standards() -> tuple[list[str], np.ndarray]:
    """117 counties and what each has a month, in fen, in town and country: whole yuan; a yearly figure over 12."""
    rng = np.random.default_rng(20240101)
    urban = rng.integers(620, 900, 117) * 100
    rural = np.rint(rng.integers(5800, 9000, 117) * 100 / 12).astype(np.int64)
    return [f"14{1 + i // 11:02d}{1 + i % 11:02d}" for i in range(117)], np.stack([urban, rural], axis=1)


CODES, STANDARDS = standards()


def money(rng: np.random.Generator, size: int, mean_log: Any, sigma: float) -> np.ndarray:
    """Fen; about half the amounts are whole yuan."""
    fen = np.rint(np.exp(rng.normal(mean_log, sigma, size)) * 100).astype(np.int64)
    return np.where(rng.random(size) < 0.5, fen // 100 * 100, fen)


def block(number: int, seed: int) -> Columns:
    """One block as arrays: of households, and under `members` of their members, parted by `offsets`."""
    rng = np.random.default_rng([seed, number])
    county, rural = rng.integers(0, 117, BLOCK), (rng.random(BLOCK) < 0.45).astype(np.int8)
    size = rng.choice(np.arange(1, 9), BLOCK, p=SIZES)
    offsets = np.concatenate([[0], np.cumsum(size)])
    people = int(offsets[-1])
    level = rng.choice(8, people, p=LEVEL_SHARES).astype(np.int8)
    ill, certificate, student = rng.random(people) < 0.12, rng.random(people) < 0.07, level > 0
    rehab = rng.random(people) < np.where(certificate, 0.6, 0.02)
    members = {
        "illness_needs_treatment": ill,
        "medical_expense": np.where(
            ill, money(rng, people, 8.9, 0.9), np.where(rng.random(people) < 0.4, money(rng, people, 6.0, 1.0), 0)
        ),
        "disability_certificate": certificate,
        "needs_rehab": rehab,
        "rehab_expense": np.where(rehab, money(rng, people, 8.5, 0.8), 0),
        "student_level": level,
        "full_time": student & (rng.random(people) < 0.95),
        "high_fee_school": student & (rng.random(people) < 0.05),
        "studying_abroad": student & (rng.random(people) < 0.03),
        "education_expense": np.where(student, money(rng, people, np.where(level >= 5, 9.2, 7.2), 0.6), 0),
    }
    income = (money(rng, BLOCK, 10.5, 0.65) * (0.5 + 0.3 * size)).astype(np.int64)
    assets = (money(rng, BLOCK, 9.6, 1.1) * (0.5 + 0.3 * size)).astype(np.int64)
    income, assets = _on_limits(rng, size, STANDARDS[county, rural], members, offsets, income, assets)
    day = np.datetime64("2024-01-01") + rng.integers(0, 366, BLOCK)
    household = {"county": county, "residence": rural, "income_12m": income, "financial_assets": assets, "day": day}
    return {**household, "first": number * BLOCK, "size": size, "offsets": offsets, "members": members}


def _on_limits(
    rng: np.random.Generator,
    size: np.ndarray,
    standard: np.ndarray,
    members: Mapping[str, np.ndarray],
    offsets: np.ndarray,
    income: np.ndarray,
    assets: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """Of the households with a cause, some moved onto a limit, or a fen beside it."""
    student = members["full_time"] & (members["student_level"] < 7)
    student &= ~members["high_fee_school"] & ~members["studying_abroad"]
    present = [
        np.logical_or.reduceat(one, offsets[:-1])
        for one in (
            members["illness_needs_treatment"],
            members["disability_certificate"] & members["needs_rehab"],
            student,
        )
    ]
    spent = sum(
        np.where(cause, np.add.reduceat(members[one], offsets[:-1]), 0)
        for cause, one in zip(present, EXPENSES, strict=True)
    )
    cause, drawn = present[0] | present[1] | present[2], rng.random(BLOCK)
    by_income, by_assets = cause & (drawn < 0.07), cause & (drawn >= 0.07) & (drawn < 0.11)
    beside = np.where(rng.random(BLOCK) < 0.6, 0, rng.integers(-1, 2, BLOCK))
    income = np.where(by_income, 12 * size * standard + spent + beside, income)
    assets = np.where(by_income, np.minimum(assets, 30 * size * standard), assets)
    income = np.where(by_assets, np.minimum(income, 10 * size * standard), income)
    return income, np.where(by_assets, 36 * size * standard + beside, assets)


# ---- tables


class Maker:
    """Columns of one block, with nulls where they are asked for."""

    def __init__(self, nulls: str, seed: int) -> None:
        self._nulls = nulls
        self._rng = np.random.default_rng([seed, 1])

    def column(self, values: Any, words: list[str] | None = None, *, required: bool = False) -> pa.Array:
        mask = None
        if self._nulls == "every" or (self._nulls == "facts" and not required):
            mask = self._rng.random(len(values)) < NULLS
        if words is not None:
            # texts as such, not a dictionary: what files of others hold
            codes = pa.array(values.astype(np.int32), mask=mask)
            return pa.DictionaryArray.from_arrays(codes, words).cast(pa.string())
        return pa.array(values, mask=mask)

    def table(self, held: Columns, household: Mapping[str, pa.Array], members: Mapping[str, pa.Array]) -> pa.Table:
        offsets = pa.array(held["offsets"].astype(np.int32))
        names = list(members)
        fields = [pa.field(name, one.type, metadata=_metadata(one)) for name, one in members.items()]
        items = pa.StructArray.from_arrays(list(members.values()), fields=fields)
        nested = pa.ListArray.from_arrays(offsets, items)
        if self._nulls == "every":
            mask = pa.array(self._rng.random(len(nested)) < NULLS)
            nested = pa.ListArray.from_arrays(offsets, items, mask=mask)
        columns = {**household, "members": nested}
        schema = [pa.field(name, one.type, metadata=_metadata(one)) for name, one in columns.items()]
        assert names[0] == "id"
        return pa.table(list(columns.values()), schema=pa.schema(schema))

    def heads(self, held: Columns, codes: list[str]) -> dict[str, pa.Array]:
        count = len(held["county"])
        ids = np.char.add("H", np.char.zfill(np.arange(held["first"], held["first"] + count).astype(str), 9))
        return {
            "id": self.column(ids, required=True),
            "application_date": self.column(held["day"], required=True),
            "county": self.column(held["county"], codes, required=True),
            "residence": self.column(held["residence"], ["urban", "rural"]),
            "income_12m": self.column(held["income_12m"]),
            "financial_assets": self.column(held["financial_assets"]),
        }

    def member_ids(self, held: Columns) -> pa.Array:
        places = np.arange(int(held["offsets"][-1])) - np.repeat(held["offsets"][:-1], held["size"])
        return self.column(places, [f"m{place}" for place in range(1, 9)], required=True)


def _metadata(column: pa.Array) -> dict[str, str] | None:
    return FEN if column.type == pa.int64() else None


def flat(held: Columns, maker: Maker) -> pa.Table:
    members = {"id": maker.member_ids(held)}
    for name, values in held["members"].items():
        members[name] = maker.column(values, LEVELS if name == "student_level" else None)
    return maker.table(held, maker.heads(held, CODES), members)


def shipped(held: Columns, maker: Maker) -> pa.Table:
    """The same families as the shipped policies ask for them: bills in their parts, and what was reimbursed."""
    inner = held["members"]
    counties = sorted(
        line.split(",")[0] for line in (HERE.parents[1] / "policies/divisions.csv").read_text("utf-8").splitlines()[1:]
    )
    held["county"] = held["county"] % len(counties)
    people = int(held["offsets"][-1])
    rng = np.random.default_rng([held["first"], 2])

    def share(amounts: np.ndarray, part: float) -> np.ndarray:
        return np.where(rng.random(people) < 0.7, (amounts * rng.uniform(0, part, people)).astype(np.int64), 0)

    medical, rehab, school = (inner[name] for name in EXPENSES)
    amounts = {
        "medical_gross": medical,
        "medical_reimbursed": share(medical, 0.6),
        "medical_aid": share(medical, 0.1),
        "assistive_device_cost": rehab // 4,
        "rehab_treatment_cost": rehab // 2,
        "rehab_training_cost": rehab // 8,
        "nursing_care_cost": rehab // 8,
        "disability_reimbursed": share(rehab, 0.4),
        "disability_aid": share(rehab, 0.1),
        "tuition": school // 2,
        "boarding_fee": school // 4,
        "care_education_fee": school // 4,
        "education_aid": share(school, 0.3),
    }
    truths = {
        "treatment_ongoing": inner["illness_needs_treatment"],
        "disability_certificate": inner["disability_certificate"],
        "rehabilitation_ongoing": inner["needs_rehab"],
        "full_time": inner["full_time"],
        "high_fee_school": inner["high_fee_school"],
        "study_abroad": inner["studying_abroad"],
    }
    members = {"id": maker.member_ids(held), "education_stage": maker.column(inner["student_level"], STAGES)}
    members |= {name: maker.column(values) for name, values in {**truths, **amounts}.items()}
    return maker.table(held, maker.heads(held, counties), members)


FORMS: Final = {"flat": flat, "shipped": shipped}


def tables(total: int, form: str, nulls: str, seed: int = 7) -> Iterator[pa.Table]:
    """A table for each block."""
    for number in range((total + BLOCK - 1) // BLOCK):
        made = FORMS[form](block(number, seed), Maker(nulls, seed * 100_000 + number))
        yield made.slice(0, min(BLOCK, total - number * BLOCK))


def written(folder: Path, total: int, form: str = "flat", nulls: str = "none") -> Path:
    """The Parquet file of so many households; made where it is not there."""
    file = folder / f"{form}-{nulls}-{total}.parquet"
    if file.exists():
        return file
    folder.mkdir(parents=True, exist_ok=True)
    partial, writer = file.with_suffix(".partial"), None
    for table in tables(total, form, nulls):
        writer = writer or pq.ParquetWriter(partial, table.schema, compression="snappy")
        writer.write_table(table, row_group_size=BLOCK)
    assert writer is not None
    writer.close()
    return partial.rename(file)


def write_standards() -> None:
    """The tables of policy/."""

    def yuan(fen: int) -> str:
        return f"{fen // 100}" if fen % 100 == 0 else f"{fen // 100}.{fen % 100:02d}"

    rows = [
        f"{code},{yuan(urban)},{yuan(rural)}\n" for code, (urban, rural) in zip(CODES, STANDARDS.tolist(), strict=True)
    ]
    text = "".join(["区县,城市（元/人·月）,农村（元/人·月）\n", *rows])
    (HERE / "policy/standards.csv").write_text(text, encoding="utf-8")
    places = [f"{code},第{at + 1}县,{code[:4]}00,第{at // 11 + 1}市\n" for at, code in enumerate(CODES)]
    (HERE / "policy/counties.csv").write_text("".join(["code,name,city_code,city_name\n", *places]), encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("--households", type=int, default=1_000_000)
    parser.add_argument("--form", choices=FORMS, default="flat")
    parser.add_argument("--nulls", choices=("none", "facts", "every"), default="none")
    parser.add_argument("--standards", action="store_true")
    asked = parser.parse_args()
    if asked.standards:
        write_standards()
    if asked.folder is not None:
        print(written(asked.folder, asked.households, asked.form, asked.nulls))


if __name__ == "__main__":
    main()
