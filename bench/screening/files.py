"""The flat households as bureaus have them: two CSV files in GB18030, or a workbook with two sheets, headers by label.

`python -m bench.screening.files TASK SOURCE [OUT]`, by itself: `read-csv`, `read-xlsx` read and drop every cell,
`csv` and `xlsx` screen with `doudi screen`. One line of JSON, as `bench.screening.one`.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pc_csv
import pyarrow.parquet as pq

from bench.screening.one import FLAT, command, most_held

HOUSEHOLD: Final = {
    "id": "家庭编号",
    "application_date": "申请日期",
    "county": "行政区划代码",
    "residence": "城乡类别",
    "income_12m": "家庭收入",
    "financial_assets": "金融资产总额",
}
MEMBER: Final = {
    "household": "家庭编号",
    "id": "成员编号",
    "illness_needs_treatment": "仍需治疗",
    "medical_expense": "医疗费用",
    "disability_certificate": "持有残疾人证",
    "needs_rehab": "仍需康复",
    "rehab_expense": "康复费用",
    "student_level": "教育阶段",
    "full_time": "全日制",
    "high_fee_school": "高收费学校",
    "studying_abroad": "出国留学",
    "education_expense": "教育费用",
}
OPTIONS: Final = {
    "residence": {"urban": "城市", "rural": "农村"},
    "student_level": {
        "none": "非在学",
        "nursery": "托育",
        "primary": "小学",
        "junior": "初中",
        "senior": "高中",
        "vocational": "中等职业教育",
        "undergraduate": "本科",
        "postgraduate": "研究生",
    },
}


def as_csv(source: Path) -> Path:
    """A folder of CSV files beside the Parquet file; made where it is not there."""
    folder = source.with_suffix(".csvs")
    if not folder.exists():
        partial = folder.with_suffix(".partial")
        partial.mkdir(exist_ok=True)
        for name, table in _tables(source):
            text = pa.BufferOutputStream()
            pc_csv.write_csv(table, text, pc_csv.WriteOptions(quoting_style="needed"))
            plain = text.getvalue().to_pybytes().decode("utf-8")
            (partial / f"{name}.csv").write_bytes(plain.encode("gb18030"))
        partial.rename(folder)
    return folder


def as_workbook(source: Path) -> Path:
    """A workbook beside the Parquet file; made where it is not there."""
    import xlsxwriter

    book = source.with_suffix(".xlsx")
    if book.exists():
        return book
    partial = book.with_suffix(".partial")
    with xlsxwriter.Workbook(partial, {"constant_memory": True}) as made:
        for name, table in _tables(source):
            columns = [_cells(table[column]) for column in table.column_names]
            # a sheet holds 1,048,576 rows
            for part in range(0, table.num_rows, 1_000_000):
                sheet = made.add_worksheet(name if part == 0 else f"{name}{part}")
                sheet.write_row(0, 0, table.column_names)
                for at in range(part, min(part + 1_000_000, table.num_rows)):
                    sheet.write_row(at - part + 1, 0, [column[at] for column in columns])
    partial.rename(book)
    return book


def _cells(column: pa.ChunkedArray) -> list[object]:
    """Amounts as the numbers that a spreadsheet has."""
    return [float(one) for one in column.to_pylist()] if pa.types.is_decimal(column.type) else column.to_pylist()


def _tables(source: Path) -> Iterator[tuple[str, pa.Table]]:
    table = pq.read_table(source).combine_chunks()
    members = table["members"].chunk(0)
    yield "家庭", _labelled({name: table[name] for name in HOUSEHOLD}, HOUSEHOLD)
    inner = {"household": table["id"].take(pc.list_parent_indices(members))}
    flat = members.flatten()
    yield "成员", _labelled(inner | {name: flat.field(name) for name in MEMBER if name != "household"}, MEMBER)


def _labelled(columns: Mapping[str, pa.Array], labels: Mapping[str, str]) -> pa.Table:
    return pa.table({labels[name]: _as_written(name, column) for name, column in columns.items()})


def _as_written(name: str, column: pa.Array) -> pa.Array:
    if name in OPTIONS:
        words = OPTIONS[name]
        coded = column.dictionary_encode()
        coded = coded.combine_chunks() if isinstance(coded, pa.ChunkedArray) else coded
        return pa.array([words[word] for word in coded.dictionary.to_pylist()]).take(coded.indices)
    if pa.types.is_boolean(column.type):
        return pc.if_else(column, "是", "否")
    if column.type == pa.int64():
        fen = column.to_numpy()
        words = np.stack([fen, fen >> 63], axis=1)
        return pa.Array.from_buffers(pa.decimal128(18, 2), len(fen), [None, pa.py_buffer(words)])
    return column.cast(pa.string())


# ---- reading alone


def read_csv(source: Path) -> int:
    rows = 0
    for file in sorted(source.glob("*.csv")):
        names = file.read_bytes().split(b"\n", 1)[0].decode("gb18030").strip().replace('"', "").split(",")
        convert = pc_csv.ConvertOptions(column_types=dict.fromkeys(names, pa.string()))
        reading = pc_csv.ReadOptions(encoding="gb18030", block_size=8 << 20)
        for batch in pc_csv.open_csv(file, read_options=reading, convert_options=convert):
            rows += batch.num_rows
    return rows


def read_xlsx(source: Path) -> int:
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_path(str(source))
    return sum(1 for name in book.sheet_names for _ in book.get_sheet_by_name(name).iter_rows())


READING: Final[Mapping[str, Callable[[Path], int]]] = {"read-csv": read_csv, "read-xlsx": read_xlsx}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("task", choices=(*READING, "csv", "xlsx"))
    parser.add_argument("source", type=Path)
    parser.add_argument("out", type=Path, nargs="?")
    asked = parser.parse_args()
    found: dict[str, object] = {}
    began = time.perf_counter()
    if asked.task in READING:
        found["rows"] = READING[asked.task](asked.source)
    else:
        asked.out.unlink(missing_ok=True)
        command(FLAT)(asked.source, asked.out, 2)
    found["seconds"] = time.perf_counter() - began
    found["peak"] = most_held()
    print(json.dumps(found), flush=True)


if __name__ == "__main__":
    main()
