"""One list of households in every form that bureaus keep them in; and what a source makes of each, as JSON has it."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import xlsxwriter

from engine.evaluation.figures import default_as_json
from engine.language.types import Choice, DateType, Quantity, Truth
from engine.policy.model import Fact
from engine.screening.reading.fields import Tables
from engine.screening.reading.parts import Part, Source

Household = Mapping[str, Any]
FORMS = (
    "ndjson",
    "parquet",
    "parquet of texts",
    "arrow",
    "parquet joined",
    "csv",
    "csv gb18030",
    "xlsx",
    "csv spilled",
)


def write(form: str, households: Sequence[Household], tables: Tables, folder: Path) -> list[Path]:
    """The files of a form."""
    match form:
        case "ndjson":
            file = folder / "households.ndjson"
            file.write_text("".join(json.dumps(one, ensure_ascii=False) + "\n" for one in households), encoding="utf-8")
            return [file]
        case "parquet" | "parquet of texts" | "arrow":
            table = nested(households, tables, texts=form == "parquet of texts")
            file = folder / f"households.{'arrow' if form == 'arrow' else 'parquet'}"
            if form == "arrow":
                with pa.ipc.new_file(str(file), table.schema) as writer:
                    writer.write_table(table, 3)
            else:
                pq.write_table(table, file, row_group_size=3)
            return [file]
        case "parquet joined":
            own, members = flat(households, tables, labels=False)
            pq.write_table(pa.Table.from_pylist(own), folder / "households.parquet")
            pq.write_table(pa.Table.from_pylist(members), folder / "members.parquet")
            return [folder / "households.parquet", folder / "members.parquet"]
        case "xlsx":
            return [_workbook(households, tables, folder / "households.xlsx")]
        case _:
            own, members = flat(households, tables, labels=True)
            encoding = "gb18030" if "gb18030" in form else "utf-8-sig"
            (folder / "家庭.csv").write_bytes(_csv(own).encode(encoding))
            (folder / "成员.csv").write_bytes(_csv(members).encode(encoding))
            return [folder / "成员.csv", folder / "家庭.csv"]


def flat(
    households: Sequence[Household], tables: Tables, *, labels: bool
) -> tuple[list[dict[str, object]], list[dict[str, object]]]:
    """Rows of households and of members, with ids or labels as headers; a blank cell for what is unknown."""
    own = _columns(households, tables.facts[""])
    inner = _columns([item for one in households for item in one["members"]], tables.facts["members"])
    rows = [{_head(fact, labels): _cell(one, fact, labels) for fact in own} for one in households]
    identity = next(fact for fact in own if fact.role == "identity")
    join = identity.label if labels else "household_id"
    items = [
        {join: one[identity.id], **{_head(fact, labels): _cell(item, fact, labels) for fact in inner}}
        for one in households
        for item in one["members"]
    ]
    return rows, items


def _columns(rows: Sequence[Household], facts: Mapping[str, Fact]) -> list[Fact]:
    return [fact for fact in facts.values() if any(fact.id in row for row in rows)]


def _head(fact: Fact, labels: bool) -> str:
    return fact.label if labels else fact.id


def _cell(row: Household, fact: Fact, labels: bool) -> object:
    value = value_of(row, fact)
    if value is None:
        return None
    match fact.type:
        case Truth() if labels:
            return "是" if value else "否"
        case Choice(options=options) if labels:
            return dict(options).get(value, value)
        case Quantity():
            return str(value)
        case _:
            return value


def value_of(row: Household, fact: Fact) -> Any:
    """As JSON has it, with the default of an absent field."""
    if fact.id in row:
        return row[fact.id]
    return None if fact.default is None else default_as_json(fact)


def _csv(rows: Sequence[Mapping[str, object]]) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def nested(households: Sequence[Household], tables: Tables, *, texts: bool) -> pa.Table:
    """Typed columns, or texts where both may be."""
    own = _columns(households, tables.facts[""])
    inner = _columns([item for one in households for item in one["members"]], tables.facts["members"])
    rows = [
        {
            **{fact.id: _typed(value_of(one, fact), fact, texts) for fact in own},
            "members": [{f.id: _typed(value_of(item, f), f, texts) for f in inner} for item in one["members"]],
        }
        for one in households
    ]
    items = pa.list_(pa.struct([(fact.id, _type(fact, texts)) for fact in inner]))
    return pa.Table.from_pylist(rows, pa.schema([*((f.id, _type(f, texts)) for f in own), ("members", items)]))


def _type(fact: Fact, texts: bool) -> pa.DataType:
    match fact.type:
        case Truth() if not texts:
            return pa.bool_()
        case Quantity() if not texts:
            return pa.decimal128(18, 2)
        case DateType() if not texts:
            return pa.date32()
        case _:
            return pa.string()


def _typed(value: Any, fact: Fact, texts: bool) -> object:
    if value is None:
        return None
    match fact.type:
        case Truth():
            return ("true" if value else "false") if texts else value
        case Quantity():
            return str(value) if texts else Decimal(str(value))
        case DateType():
            return str(value) if texts else date.fromisoformat(str(value))
        case _:
            return value


def _workbook(households: Sequence[Household], tables: Tables, file: Path) -> Path:
    book = xlsxwriter.Workbook(str(file))
    own, members = flat(households, tables, labels=True)
    days = book.add_format({"num_format": "yyyy/m/d"})
    dates = {fact.label for fact in tables.every() if isinstance(fact.type, DateType)}
    amounts = {fact.label for fact in tables.every() if isinstance(fact.type, Quantity)}
    book.add_worksheet("说明").write(0, 0, "由民政系统导出")
    for title, rows in (("家庭", own), ("成员", members)):
        sheet = book.add_worksheet(title)
        sheet.write(0, 0, f"{title}信息表")
        sheet.write_row(1, 0, list(rows[0]))
        for at, row in enumerate(rows, 2):
            for column, (label, value) in enumerate(row.items()):
                if value is not None and label in dates:
                    sheet.write_datetime(at, column, date.fromisoformat(str(value)), days)
                elif value is not None and label in amounts:
                    sheet.write_number(at, column, float(str(value)))
                elif value is not None:
                    sheet.write_string(at, column, str(value))
    book.close()
    return file


# ---- what came of it


def households_of(source: Source) -> list[dict[str, object]]:
    return [row for part in source.batches() for row in part.batch.to_pylist()]


def parts_of(source: Source) -> list[Part]:
    return list(source.batches())


def plain(rows: Sequence[Household], tables: Tables) -> list[dict[str, object]]:
    """Every declared field, amounts as decimals, days as texts: equal where the households mean the same."""
    made = []
    for row in rows:
        one: dict[str, object] = {fact.id: _plain(value_of(row, fact), fact) for fact in tables.facts[""].values()}
        one["members"] = [
            {fact.id: _plain(value_of(item, fact), fact) for fact in tables.facts["members"].values()}
            for item in row["members"]
        ]
        made.append(one)
    return made


def _plain(value: Any, fact: Fact) -> object:
    if value is None:
        return None
    match fact.type:
        case Quantity():
            return Decimal(str(value)).normalize()
        case DateType():
            return str(value)
        case _:
            return value


def refusals(source: Source) -> Iterator[tuple[str, int, str | None, str, str]]:
    for part in source.batches():
        for one in part.refused:
            yield Path(one.file).name, one.row, one.id, one.field, one.code
