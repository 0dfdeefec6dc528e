"""Files of tables: each limit has its code, and nothing large is made before; what calamine leaves out is told."""

from __future__ import annotations

import io
import re
import tracemalloc
import zipfile
from collections.abc import Callable
from datetime import date, datetime, time
from decimal import Decimal

import pytest
from openpyxl import Workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font
from openpyxl.worksheet.worksheet import Worksheet

from engine.diagnostics import Reporter
from engine.policy.cells import day_text, number_text, percent_text
from engine.policy.csv_table import MAX_CELLS, MAX_COLUMNS, MAX_ROWS, MAX_TABLE_BYTES
from engine.policy.table_file import Grid, read_grids
from engine.policy.workbook import MAX_UNPACKED
from tests.policy.bad_policies import CASES

SAVED = CASES / "tables" / "saved"


def book(fill: Callable[[Worksheet], object]) -> bytes:
    made = Workbook()
    sheet = made.active
    assert sheet is not None
    sheet.title = "标准"
    sheet.append(["区划代码", "区县", "标准"])
    sheet.append([140105, "甲区", 800])
    fill(sheet)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def changed(data: bytes, old: str, new: str) -> bytes:
    """A workbook with the text of its sheet changed, as no library would write it."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as read, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as put:
        for name in read.namelist():
            part = read.read(name)
            if name.endswith("sheet1.xml"):
                assert old.encode() in part
                part = part.replace(old.encode(), new.encode())
            put.writestr(name, part)
    return out.getvalue()


def told(data: bytes, name: str = "t.xlsx") -> tuple[list[str], tuple[Grid, ...]]:
    report = Reporter()
    grids = read_grids(data, name, report)
    assert bool(grids) is not report.has_errors, "a fault, or a table"
    return [f"{one.code} {one.place()}" for one in report], grids


def only(data: bytes) -> list[list[str]]:
    codes, grids = told(data)
    assert codes == []
    return [[cell.text for cell in row] for row in grids[0].rows]


PLAIN = [["区划代码", "区县", "标准"], ["140105", "甲区", "800"]]


# ---- limits


@pytest.mark.parametrize("row", [MAX_ROWS, MAX_ROWS + 1, 1_048_576])
def test_a_formatted_empty_cell_far_below_is_nothing(row: int) -> None:
    assert only(book(lambda sheet: setattr(sheet.cell(row, 1), "font", Font(bold=True)))) == PLAIN


@pytest.mark.parametrize(
    ("row", "column", "expected"),
    [
        (MAX_ROWS + 1, 1, "table-too-long t.xlsx:标准!A20001"),
        (1, MAX_COLUMNS + 1, "table-too-wide t.xlsx:标准!IW1"),
        (19_999, 16_384, "table-too-wide t.xlsx:标准!XFD19999"),
        (1_048_576, 16_384, "table-too-long t.xlsx:标准!XFD1048576"),
        (MAX_ROWS, 11, "table-too-many-cells t.xlsx:标准!K20000"),
    ],
)
def test_a_cell_far_out_is_named_before_anything_is_filled(row: int, column: int, expected: str) -> None:
    data = book(lambda sheet: sheet.cell(row, column, 1))
    tracemalloc.start()
    codes, _ = told(data)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert codes == [expected]
    assert most < 16 << 20


def test_as_far_as_the_limits_go() -> None:
    assert len(only(book(lambda sheet: sheet.cell(MAX_ROWS, 10, 1)))) == MAX_ROWS
    assert MAX_ROWS * 10 == MAX_CELLS
    assert len(only(book(lambda sheet: sheet.cell(1, MAX_COLUMNS, 1)))[0]) == MAX_COLUMNS


def test_the_hostile_workbooks() -> None:
    assert told((SAVED / "farcell.xlsx").read_bytes())[0] == ["table-too-wide t.xlsx:Sheet!XFD19999"]
    seen = only((SAVED / "merge_all.xlsx").read_bytes())
    assert seen == [["县（市、区）"] * 3] * 3, "as Excel shows it: the first cell over all"


def test_merged_areas_upon_each_other_end() -> None:
    area = '<mergeCell ref="A1:C20000"/>'
    data = book(lambda sheet: (sheet.cell(20_000, 3, 1), sheet.merge_cells("A1:C20000")))
    codes, _ = told(changed(data, area, area * 50_000))
    assert codes == ["bad-workbook t.xlsx"]


def bomb(size: int, name: str = "xl/workbook.xml") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(name, b" " * size)
    return out.getvalue()


def test_bombs() -> None:
    assert told(bomb(MAX_UNPACKED + 1))[0] == ["workbook-too-large t.xlsx"]
    small = bomb(MAX_UNPACKED * 4)
    size = (MAX_UNPACKED * 4).to_bytes(4, "little")
    lying = small.replace(size, (1000).to_bytes(4, "little"))
    assert lying != small
    assert told(lying)[0] == ["bad-workbook t.xlsx"], "the directory says less than there is"
    assert told(bytes(MAX_TABLE_BYTES + 1))[0] == ["file-too-large t.xlsx"]


def test_a_document_type_is_refused() -> None:
    data = changed(book(lambda _: None), "<worksheet", "<!DOCTYPE a [<!ENTITY b 'c'>]><worksheet")
    assert told(data)[0] == ["bad-workbook t.xlsx"]


def test_wide_csv() -> None:
    rows = ["code,name" + "," * 100_000, *["140105,甲区" + "," * 1000] * 500]
    codes, grids = told("\n".join(rows).encode(), "t.csv")
    assert codes == []
    assert [len(row) for row in grids[0].rows] == [2] * 501
    assert told(("a" + ",a" * MAX_COLUMNS).encode(), "t.csv")[0] == ["table-too-wide t.csv:1:1"]
    assert told(b"a\n" * (MAX_ROWS + 1), "t.csv")[0] == ["table-too-long t.csv:1:1"]
    assert told(b"a,a,a,a,a,a,a,a,a,a,a\n" * (MAX_ROWS - 1), "t.csv")[0] == ["table-too-many-cells t.csv:1:1"]


@pytest.mark.parametrize(
    ("text", "reason", "place"),
    [
        ('a,b\n"1,2\n', "quote-open", "t.csv:2:1"),
        ('a,b\n1,2\n"1"x,2\n', "behind-quote", "t.csv:3:1"),
        ("a,b\n" + "1" * 131_073 + ",2\n", "too-long", "t.csv:2:1"),
    ],
)
def test_what_is_wrong_with_a_csv_is_told_in_words_of_our_own(text: str, reason: str, place: str) -> None:
    report = Reporter()
    read_grids(text.encode(), "t.csv", report)
    [found] = report
    assert (found.code, dict(found.params), found.place()) == ("bad-csv", {"reason": reason}, place)
    assert not re.search("[a-z]{3,}", found.message("zh"))


# ---- kinds


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("t.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
        ("t.et", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
        ("t.ods", b"PK\x03\x04"),
        ("t.xlsb", b"PK\x03\x04"),
        ("t.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
        ("t.xlsx", b"<html><table>"),
        ("t.csv", b"PK\x03\x04"),
        ("t.csv", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
        ("t.XLS", b"a,b\n"),
    ],
)
def test_other_kinds_of_files(name: str, data: bytes) -> None:
    assert told(data, name)[0] == [f"table-kind {name}"]


def test_damaged_workbooks() -> None:
    whole = book(lambda _: None)
    for data in (b"", b"PK\x03\x04", whole[:-30], whole[: len(whole) // 2], changed(whole, "<sheetData>", "<sheet")):
        assert told(data)[0] == ["bad-workbook t.xlsx"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('<row r="3"', '<row r="2"'),
        ('r="C2"', 'r="B2"'),
        ('r="A3"', 'r="A2"'),
        ('r="B3"', 'r="B2"'),
        ('r="A2" ', ""),
    ],
)
def test_a_place_twice(old: str, new: str) -> None:
    """What stands there is not chosen, and nothing is moved to where it is not."""
    data = book(lambda sheet: sheet.append([140106, "乙区", 700]))
    if not new:
        data = changed(data, '<row r="3"', '<row r="2"')
        for column in "ABC":
            data = changed(data, f'r="{column}3" ', "")
    else:
        data = changed(data, old, new)
    assert told(data)[0] == ["bad-workbook t.xlsx"]


def test_empty_and_hidden_sheets_are_left_out() -> None:
    def fill(sheet: Worksheet) -> None:
        assert sheet.parent is not None
        sheet.parent.create_sheet("空")
        other = sheet.parent.create_sheet("藏")
        other["A1"] = 1
        other.sheet_state = "hidden"
        sheet.parent.create_sheet("二")["B2"] = 1

    assert [grid.name for grid in told(book(fill))[1]] == ["标准", "二"]


# ---- cells


@pytest.mark.parametrize(
    ("value", "form", "text"),
    [
        (366.9, "", "366.9"),
        (366.9, "0.00", "366.9"),
        (140105, "", "140105"),
        (1e21, "", "1000000000000000000000"),
        (True, "", "TRUE"),
        (date(2023, 8, 1), "", "2023-08-01"),
        (datetime(2023, 8, 1, 12, 30), "", "2023-08-01 12:30:00"),
        (time(1, 2), "", "01:02:00"),
        (0.6, "0%", "60%"),
        (0.605, "0.00%", "60.5%"),
        (0.6, '0.0"%"', "60%"),
        ("=1+1", "", "=1+1"),
        ("#N/A", "", "#N/A"),
        ("  甲区 \n", "", "甲区"),
        (CellRichText("80", TextBlock(InlineFont(vertAlign="superscript"), "1")), "", "801"),
    ],
)
def test_what_cells_hold(value: object, form: str, text: str) -> None:
    def fill(sheet: Worksheet) -> None:
        cell = sheet.cell(3, 3)
        cell.value = value  # type: ignore[assignment]  # every kind that openpyxl writes
        if form:
            cell.number_format = form

    assert only(book(fill))[2][2] == text


@pytest.mark.parametrize(
    ("stored", "text"),
    [
        ('<c r="C2" t="n"><v>1235.1000000000001</v></c>', "1235.1000000000001"),
        ('<c r="C2"><v>1235.1000000000000000001</v></c>', "1235.1"),
        ('<c r="C2" t="e"><f>A9/0</f><v>#DIV/0!</v></c>', "#DIV/0!"),
        ('<c r="C2" t="str"><f>IF(A9="","","x")</f><v></v></c>', ""),
        ('<c r="C2" t="str"><f>B2</f><v>甲区</v></c>', "甲区"),
        ('<c r="C2"><f>B2</f><v>7</v></c>', "7"),
        ('<c r="C2"><f t="shared" si="0"/></c>', "="),
        ('<c r="C2" t="b"><v>0</v></c>', "FALSE"),
        ("<c><v>9</v></c>", "9"),
    ],
)
def test_what_excel_stores(stored: str, text: str) -> None:
    assert only(changed(book(lambda _: None), '<c r="C2" t="n"><v>800</v></c>', stored))[1][2] == text


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1235.1000000000001", "1235.1"), ("366.90", "366.9"), ("1,235.10", "1235.1"), ("１２", "12"), ("7 60", "760"),
        ("12,35", None), ("1e3", None), ("", None), ("-", None), ("0.333333", "0.333333"), ("760.000001", "760.000001"),
        ("760.00000001", "760"), ("760.00000002", "760.00000002"), ("'0620", "620"), ("99999999999", "99999999999"),
    ],
)  # fmt: skip
def test_numbers(text: str, number: str | None) -> None:
    assert number_text(text) == number
    assert number is None or abs(Decimal(number) - Decimal(text.replace(",", "").replace(" ", "").lstrip("'"))) < 1


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2023/8/1", "2023-08-01"), ("2023-8-1", "2023-08-01"), ("2023年8月1日", "2023-08-01"),
        ("2023-08-01 00:00:00", "2023-08-01"), ("2023/8/1 0:00", "2023-08-01"), ("2023-08-01 12:30:00", None),
        ("2023/2/30", None), ("2023/8", None), ("8/1/2023", None), ("2023-8/1", None), ("20230801", None),
    ],
)  # fmt: skip
def test_days(text: str, day: str | None) -> None:
    assert day_text(text) == day


def test_percentages() -> None:
    assert [percent_text(one) for one in ("60%", "６０％", "60", "0.5%", "%")] == ["0.6", "0.6", None, "0.005", None]


@pytest.mark.parametrize(
    ("text", "encoding", "code"),
    [
        ("区县,标准\n小店区,800\n", "gb18030", ""),
        ("区县,标准\n朔州市怀仁、繁峙,800\n", "gb18030", ""),
        ("甲\n", "gb18030", ""),
        ("區縣,標準\n東城區,760\n", "big5", "encoding-doubt"),
        ("臺北市,高雄市\n1,2\n", "big5", "encoding-doubt"),
        ("縣市,金額（元）\n花蓮縣,14230\n", "cp950", "encoding-doubt"),
        ("區縣,標準\n東城區,760\n", "gb18030", ""),
        ("区县,标准\n", "utf-16", "not-text"),
    ],
)
def test_encodings(text: str, encoding: str, code: str) -> None:
    codes, grids = told(text.encode(encoding), "t.csv")
    assert codes == ([f"{code} t.csv"] if code else [])
    assert code or grids[0].rows[0][0].text == text.split(",")[0].split("\n")[0]
