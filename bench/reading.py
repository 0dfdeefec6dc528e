"""How long reading bureaus' files takes, beside what reading alone takes: `python bench/reading.py [HOUSEHOLDS]`.

CSV in GB18030 and a workbook, households and members in tables of their own, as `engine.screening.reading` makes
batches of them; alone: pyarrow's CSV reader and calamine over the same files, nothing made of what they give. Nested
Parquet beside a bare scan of it. The best of three runs each, side by side in one process.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.csv as pc
import pyarrow.parquet as pq
import xlsxwriter
from python_calamine import CalamineWorkbook

import engine
from engine.screening.reading.source import open_source

OWN = "家庭编号,申请日期,行政区划代码,城乡类别,提出申请前12个月家庭收入,金融资产总额"
ITEMS = "家庭编号,成员编号,姓名,疾病尚未痊愈，仍需治疗,医疗总费用,教育阶段,全日制,学费"
STAGES = ("非在学", "小学", "初中", "大学本科", "幼儿园")


def own_row(at: int) -> list[str]:
    return [
        f"H{at:09}", "2023/6/15", "140105", "城市" if at % 3 else "农村", f"{at * 37 % 90_000}.{at % 100:02}",
        str(at * 91 % 50_000),
    ]  # fmt: skip


def item_row(at: int, number: int) -> list[str]:
    return [
        f"H{at:09}", f"1401051990{at:09}{number}", "张三丰", "是" if (at + number) % 5 == 0 else "否",
        f"{at * 13 % 20_000}.5", STAGES[(at + number) % 5], "是", str(at % 9000),
    ]  # fmt: skip


def write_csv(folder: Path, count: int) -> list[Path]:
    own, items = folder / "家庭.csv", folder / "成员.csv"
    with own.open("w", encoding="gb18030") as file:
        file.write(OWN + "\n")
        file.writelines(",".join(own_row(at)) + "\n" for at in range(count))
    with items.open("w", encoding="gb18030") as file:
        file.write(ITEMS + "\n")
        file.writelines(",".join(item_row(at, n)) + "\n" for at in range(count) for n in range(2 + at % 3))
    return [own, items]


def write_workbook(folder: Path, count: int) -> Path:
    file = folder / "households.xlsx"
    book = xlsxwriter.Workbook(str(file), {"constant_memory": True})
    days = book.add_format({"num_format": "yyyy/m/d"})
    for title, head in (("家庭", OWN), ("成员", ITEMS)):
        sheet = book.add_worksheet(title)
        sheet.write_row(0, 0, head.split(","))
        rows = (
            (own_row(at) for at in range(count))
            if title == "家庭"
            else (item_row(at, number) for at in range(count) for number in range(2 + at % 3))
        )
        for at, row in enumerate(rows, 1):
            for column, cell in enumerate(row):
                if cell == "2023/6/15":
                    sheet.write_number(at, column, 45092, days)
                elif head.split(",")[column] in ("提出申请前12个月家庭收入", "金融资产总额", "医疗总费用", "学费"):
                    sheet.write_number(at, column, float(cell))
                else:
                    sheet.write_string(at, column, cell)
    book.close()
    return file


def best(work: Callable[[], object]) -> float:
    took = []
    for _ in range(3):
        start = time.perf_counter()
        work()
        took.append(time.perf_counter() - start)
    return min(took)


def csv_alone(files: list[Path]) -> None:
    for file in files:
        for _ in pc.open_csv(file, pc.ReadOptions(encoding="gb18030")):
            pass


def workbook_alone(file: Path) -> None:
    book = CalamineWorkbook.from_path(str(file))
    for name in book.sheet_names:
        book.get_sheet_by_name(name).to_python(skip_empty_area=False)


def parquet_alone(file: Path) -> None:
    for _ in pq.ParquetFile(file).iter_batches():
        pass


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 200_000
    policies = engine.load()

    def read(paths: list[Path]) -> int:
        return sum(part.batch.num_rows for part in open_source(paths, policies).batches())

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        files = write_csv(folder, count)
        table = pa.Table.from_batches([part.batch for part in open_source(files, policies).batches()])
        pq.write_table(table, folder / "nested.parquet", row_group_size=1 << 16)
        book = write_workbook(folder, count // 4)
        assert read(files) == count
        print(f"{count} households, {table.column('members').combine_chunks().values.__len__()} members")
        for title, alone, ours in (
            ("CSV, GB18030, joined", lambda: csv_alone(files), lambda: read(files)),
            ("workbook, joined (a quarter)", lambda: workbook_alone(book), lambda: read([book])),
            (
                "Parquet, nested",
                lambda: parquet_alone(folder / "nested.parquet"),
                lambda: read([folder / "nested.parquet"]),
            ),
        ):
            bare, whole = best(alone), best(ours)
            print(f"{title:30} alone {bare:6.2f} s   households {whole:6.2f} s   {whole / bare:5.2f}")


main()
