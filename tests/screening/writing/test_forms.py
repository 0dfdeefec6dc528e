"""The forms of results: the same answers whichever it is, and what a spreadsheet would spoil stands as it is meant."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import engine
from engine.disk import DiskFault
from engine.say import Say
from engine.screening.writing.csv_text import CsvFile, Rows, guarded
from engine.screening.writing.ndjson import NdjsonFile
from engine.screening.writing.parquet import ParquetFile
from engine.screening.writing.wording import Wording, plain, wording_of
from engine.screening.writing.workbook import Workbook

IDS = ["H-1", "140105198001011234", "0012", '=a"b', "甲,乙\n丙", None]


def coded(values: list[str | None], index: Any = None) -> pa.Array:
    words = [word for word in dict.fromkeys(values) if word is not None]
    codes = [None if value is None else words.index(value) for value in values]
    return pa.DictionaryArray.from_arrays(pa.array(codes, index or pa.int8()), pa.array(words, pa.string()))


def table() -> pa.RecordBatch:
    amount = pa.decimal128(38, 2)
    return pa.RecordBatch.from_pydict(
        {
            "id": pa.array(IDS),
            "county": pa.array(["140105"] * 6),
            "outcome": coded(["eligible", "ineligible", "undetermined", "refused", None, "refused"]),
            "policy": coded(["taiyuan", "taiyuan", "taiyuan", None, None, None], pa.int32()),
            "causes.illness": coded(["met", "unmet", "undetermined", None, None, None]),
            "outputs.shortfall": pa.array(
                [Decimal("1.50"), Decimal("12345678901234567.00"), Decimal("-0.01"), None, None, None], amount
            ),
            "outputs.each": pa.array([[Decimal("1.00"), None], [], None, None, None, None], pa.list_(amount)),
            "outputs.sure": pa.array([True, False, None, None, None, None]),
            "outputs.day": pa.array([date(2023, 1, 2), None, None, None, None, None]),
            "refusal.count": pa.array([None, None, None, 2, None, 1], pa.int32()),
            "by": coded(["kernel"] * 6),
            "file": coded(["a"] * 6, pa.int32()),
            "row": pa.array(range(6)),
        }
    )


def wordings() -> dict[str, Wording]:
    return {"id": plain(Say("zh")), "label": wording_of([engine.load().library], Say("zh"))}


def written(form: Any, wording: Wording) -> bytes:
    """In two pieces, the second a slice of a table."""
    stream = io.BytesIO()
    made = form(stream, table().schema, wording)
    made.add(table().slice(0, 3))
    made.add(table().slice(3))
    made.add(table().slice(0, 0))
    made.close()
    return stream.getvalue()


def rows_of(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def test_csv_by_ids() -> None:
    data = written(CsvFile, wordings()["id"])
    assert data.startswith(b"\xef\xbb\xbfid,county,")
    header, *rows = rows_of(data)
    assert header[-1] == "refusal.count"
    assert [row[0] for row in rows] == [
        "H-1",
        '="140105198001011234"',
        '="0012"',
        '="=a""b"',
        "甲,乙\n丙",
        "",
    ]
    assert rows[0][2:] == ["eligible", "taiyuan", "met", "1.50", "1.00；", "true", "2023-01-02", ""]


def test_csv_by_labels() -> None:
    header, *rows = rows_of(written(CsvFile, wordings()["label"]))
    assert header[:6] == [
        "家庭编号",
        "行政区划代码",
        "结论",
        "依据的政策",
        "因病致贫",
        "人均收入与标准的差额（元/人/月）",
    ]
    assert rows[0][2:9] == ["符合", "太原市最低生活保障标准", "满足", "1.50", "1.00；", "是", "2023-01-02"]
    assert [row[2] for row in rows] == ["符合", "不符合", "暂不能认定", "未受理", "", "未受理"]


@pytest.mark.parametrize(
    ("text", "spoilt"),
    [
        *((text, True) for text in ("=1", "+1", "-1", "@x", "\tx", "0012", "140105198001011", "1.50", "1.", "1E5")),
        *(
            (text, True)
            for text in ("1,234", "1-2", "2023/1/2", "12:30", "3月4日", "2023年3月4日", "5%", "TRUE", "1.4e+17")
        ),
        *((text, False) for text in ("H-1", "甲", "140105", "0", "", "1400000", "户-12", "a=b", "1号", "12a")),
    ],
)
def test_what_a_spreadsheet_would_take_for_something_else(text: str, spoilt: bool) -> None:
    assert guarded(pa.array([text, None])).to_pylist() == [f'="{text}"' if spoilt else text, None]


def test_rows_of_a_file_beside() -> None:
    stream = io.BytesIO()
    rows = Rows(stream, ["文件", "行号"])
    rows.add([("a,b\udcff.csv", 12), (None, 3)])
    rows.add([])
    assert stream.getvalue().decode("utf-8-sig") == '文件,行号\n"a,b\\udcff.csv",12\n,3\n'


def test_ndjson_has_every_column_and_amounts_as_text() -> None:
    lines = [json.loads(line) for line in written(NdjsonFile, wordings()["id"]).decode().split("\n")[:-1]]
    assert [line["id"] for line in lines] == IDS
    assert lines[0]["outputs.shortfall"] == "1.50"
    assert lines[0]["outputs.each"] == ["1.00", None]
    assert (lines[0]["outputs.sure"], lines[3]["refusal.count"]) == (True, 2)
    assert all(
        list(line) == [name for name in table().schema.names if name not in ("by", "file", "row")] for line in lines
    )


def test_parquet_keeps_types() -> None:
    for wording in wordings().values():
        found = pq.read_table(io.BytesIO(written(ParquetFile, wording)))
        assert found.column(0).to_pylist() == IDS
        assert found.column(5).type == pa.decimal128(38, 2)
        assert found.column(2).to_pylist() == table().column("outcome").to_pylist()
    assert found.column_names[0] == "家庭编号"


def workbook(scratch: Path, rows_a_sheet: int = 1_048_576) -> bytes:
    stream = io.BytesIO()
    book = Workbook(stream, "x.xlsx", str(scratch), table().schema, wordings()["label"], rows_a_sheet)
    book.add(table())
    book.rows("refused", ["文件", "行号"], [("a.csv", 3)])
    book.rows("totals", [], [("合计", 6)])
    book.close()
    assert not list(scratch.iterdir())
    return stream.getvalue()


def test_a_workbook(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook(tmp_path)))
    assert book.sheetnames == ["结果", "未受理", "汇总"]
    sheet = book["结果"]
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:J7"
    found = list(sheet.iter_rows(min_row=2, values_only=True))
    assert [row[0] for row in found] == IDS
    assert [row[5] for row in found[:3]] == [1.5, "12345678901234567.00", -0.01]
    assert found[0][8].date() == date(2023, 1, 2)  # type: ignore[union-attr]
    assert [tuple(row) for row in book["未受理"].iter_rows(values_only=True)] == [("文件", "行号"), ("a.csv", 3)]


def test_a_full_sheet_goes_on_in_the_next(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook(tmp_path, rows_a_sheet=4)))
    assert book.sheetnames == ["结果", "结果 2", "未受理", "汇总"]
    both = [list(book[name].iter_rows(values_only=True)) for name in ("结果", "结果 2")]
    assert both[0][0] == both[1][0]
    assert [row[0] for rows in both for row in rows[1:]] == IDS


def test_a_workbook_whose_rows_find_no_room(tmp_path: Path) -> None:
    """They wait in files of the library's own, which the disk module never sees."""
    with pytest.raises(DiskFault) as raised:
        Workbook(io.BytesIO(), "x.xlsx", str(tmp_path / "gone"), table().schema, wordings()["id"])
    assert raised.value.path == "x.xlsx"
