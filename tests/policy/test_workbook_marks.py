"""What a workbook shows and what it holds: struck out, hidden, formatted into another number."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable

import pytest
from openpyxl import Workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import Font, NamedStyle
from openpyxl.worksheet.worksheet import Worksheet

from engine.diagnostics import Reporter
from engine.policy.marked import is_sure
from engine.policy.table_file import read_grids

STRUCK = Font(strike=True)


def book(fill: Callable[[Worksheet], object]) -> bytes:
    made = Workbook()
    sheet = made.active
    assert sheet is not None
    sheet.title = "标准"
    for row in (["区县", "标准", "备注"], ["甲区", 800, None], ["乙区", 700.5, "新"]):
        sheet.append(row)
    fill(sheet)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def edited(data: bytes, part: str, old: str, new: str) -> bytes:
    """A workbook with one of its parts changed, as no library would write it."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as read, zipfile.ZipFile(out, "w") as put:
        for name in read.namelist():
            text = read.read(name)
            if name.endswith(part):
                text, count = re.subn(old.encode(), new.encode(), text, flags=re.DOTALL)
                assert count, text
            put.writestr(name, text)
    return out.getvalue()


def told(data: bytes) -> list[str]:
    """What is said where every cell is used."""
    report = Reporter()
    for grid in read_grids(data, "t.xlsx", report):
        report.extend(grid.hidden)
        for row in grid.rows:
            for cell in row:
                is_sure(cell, report)
    return [f"{one.code} {one.place().rpartition(':')[2].removeprefix('标准!')}" for one in report]


def of(cell: str, **styles: object) -> Callable[[Worksheet], None]:
    def fill(sheet: Worksheet) -> None:
        for name, value in styles.items():
            setattr(sheet[cell], name, value)

    return fill


def rich(*runs: tuple[bool | None, str]) -> Callable[[Worksheet], None]:
    texts = (TextBlock(InlineFont(strike=strike), text) for strike, text in runs)
    return of("B2", value=CellRichText(*texts))


def raised(text: str, note: str) -> Callable[[Worksheet], None]:
    runs = (TextBlock(InlineFont(), text), TextBlock(InlineFont(vertAlign="superscript"), note))
    return of("B2", value=CellRichText(*(run for run in runs if run.text)))


def hidden_rows(*rows: int) -> Callable[[Worksheet], None]:
    def fill(sheet: Worksheet) -> None:
        for row in rows:
            sheet.row_dimensions[row].hidden = True

    return fill


def hidden_column(name: str) -> Callable[[Worksheet], None]:
    return lambda sheet: setattr(sheet.column_dimensions[name], "hidden", True)


def style_of_its_own(sheet: Worksheet) -> None:
    sheet["B2"].style = NamedStyle("作废", font=STRUCK)


def merged(sheet: Worksheet) -> None:
    sheet["A4"] = "丙区"
    sheet["B3"].font = STRUCK
    sheet.merge_cells("B3:B4")


def conditional(sheet: Worksheet) -> None:
    rule = CellIsRule("equal", ["1"], font=STRUCK)  # type: ignore[no-untyped-call]  # openpyxl gives it no types
    sheet.conditional_formatting.add("B2:B3", rule)


def grouped(sheet: Worksheet) -> None:
    sheet.row_dimensions.group(2, 3, hidden=True)
    sheet.column_dimensions.group("B", "C", hidden=True)


def filtered(sheet: Worksheet) -> None:
    sheet.auto_filter.ref = "A1:C3"
    sheet.row_dimensions[3].hidden = True


@pytest.mark.parametrize(
    ("fill", "found"),
    [
        (lambda _: None, []),
        # struck out: whole cells, through a style, merged, in part
        (of("B2", font=STRUCK), ["cell-struck B2"]),
        (of("B2", font=Font(strike=False)), []),
        (of("A3", font=STRUCK), ["cell-struck A3"]),
        (of("A1", font=STRUCK), ["cell-struck A1"]),
        (of("C2", font=STRUCK), []),
        (of("C9", font=STRUCK), []),
        (style_of_its_own, ["cell-struck B2"]),
        (merged, ["cell-struck B3", "cell-struck B4"]),
        (conditional, []),
        (rich((True, "700"), (None, "750")), ["cell-struck B2"]),
        (rich((None, "750"), (True, "700")), ["cell-struck B2"]),
        (rich((False, "7"), (None, "50")), []),
        (rich((True, " "), (None, "750")), []),
        # the number of a footnote
        (raised("80", "1"), ["cell-raised B2"]),
        (raised("80元", "注1"), ["cell-raised B2"]),
        (raised("80", "①"), []),
        (raised("80", "*"), []),
        (raised("", "80"), []),
        # another number than is stored
        (of("B2", number_format="0.00"), []),
        (of("B3", number_format="0.0"), []),
        (of("B3", number_format="0"), ["cell-shown B3"]),
        (of("B2", value=699.99916666, number_format="0.00"), ["cell-shown B2"]),
        (of("B2", value=699.99916666), ["cell-shown B2"]),
        (of("B2", value=366.90000000000003), []),
        (of("B2", number_format='0"万元"'), ["cell-shown B2"]),
        (of("B2", number_format='0.00"元"'), []),
        (of("B2", number_format="0.00,"), ["cell-shown B2"]),
        (of("B2", number_format='[>=500]0!.0,"千";0'), ["cell-shown B2"]),
        (of("B2", number_format="0%"), []),
        (of("B2", value=0.605, number_format="0%"), ["cell-shown B2"]),
        (of("B2", number_format=";;;"), ["cell-blank B2"]),
        (of("B2", value="=1/3", number_format="0"), ["cell-formula B2"]),
        (of("B2", value=45139, number_format="yyyy/m"), ["cell-day B2"]),
        (of("B2", value=45139, number_format="yyyy/m/d"), []),
        (of("A2", number_format="0.00,"), []),
        # not seen
        (hidden_rows(2), ["row-hidden A2"]),
        (hidden_rows(1, 3), ["row-hidden A1", "row-hidden A3"]),
        (hidden_rows(7), []),
        (hidden_column("B"), ["column-hidden B1"]),
        (hidden_column("C"), ["column-hidden C1"]),
        (hidden_column("D"), []),
        (grouped, ["column-hidden B1", "column-hidden C1", "row-hidden A2", "row-hidden A3"]),
        (filtered, ["row-hidden A3"]),
        (lambda sheet: setattr(sheet.row_dimensions[2], "height", 15), []),
    ],
)
def test_what_is_told(fill: Callable[[Worksheet], object], found: list[str]) -> None:
    assert sorted(told(book(fill))) == found


def test_what_is_left_of_a_cell_is_named() -> None:
    report = Reporter()
    [grid] = read_grids(book(rich((True, "700"), (None, "750元"))), "t.xlsx", report)
    is_sure(grid.rows[1][1], report)
    [found] = report
    assert dict(found.params) == {"text": "700750元", "kept": "750元"}
    assert "没有划掉的是 `750元`" in found.help_lines("zh")


COLUMN = '<cols><col min="{}" max="{}" {}/></cols><sheetData>'


@pytest.mark.parametrize(
    ("part", "old", "new", "found"),
    [
        ("sheet1.xml", "<sheetData>", COLUMN.format(2, 2, 'width="0" customWidth="1"'), ["column-hidden B1"]),
        ("sheet1.xml", "<sheetData>", COLUMN.format(2, 2, 'width="9" hidden="true"'), ["column-hidden B1"]),
        ("sheet1.xml", "<sheetData>", COLUMN.format(2, 2, 'width="9" hidden="0"'), []),
        ("sheet1.xml", "<sheetData>", COLUMN.format(3, 16384, 'width="9" hidden="1"'), ["column-hidden C1"]),
        ("sheet1.xml", "<sheetData>", COLUMN.format(4, 16384, 'width="9" hidden="1"'), []),
        ("sheet1.xml", '<row r="2"', '<row r="2" hidden="true"', ["row-hidden A2"]),
        ("sheet1.xml", '<row r="2"', '<row r="2" ht="0" customHeight="1"', ["row-hidden A2"]),
        ("sheet1.xml", '<row r="2"', '<row r="2" hidden="false"', []),
        (
            "sheet1.xml",
            '<c r="B2" t="n"><v>800</v></c>',
            '<c r="B2" t="inlineStr"><is><r><rPr><strike/></rPr><t>700</t></r><r><t>750</t></r></is></c>',
            ["cell-struck B2"],
        ),
        (
            "sheet1.xml",
            '<c r="B2" t="n"><v>800</v></c>',
            '<c r="B2" t="inlineStr"><is><r><rPr><strike val="0"/></rPr><t>700</t></r></is></c>',
            [],
        ),
        ("sheet1.xml", "<v>800</v>", "<v>8E+2</v>", []),
        ("sheet1.xml", "<v>800</v>", "<v>8.0000000000000001E2</v>", []),
        ("styles.xml", '<font><name', '<font><strike val="1"/><name', ["cell-struck A1", "cell-struck B1"]),
    ],
)  # fmt: skip
def test_as_other_programs_write_it(part: str, old: str, new: str, found: list[str]) -> None:
    assert told(edited(book(lambda _: None), part, old, new))[: max(2, len(found))] == found


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("</fonts>", "</fonts><numFmts><numFmt numFmtId='200' formatCode='" + "0" * 256 + "'/></numFmts>"),
        (
            "<fonts",
            "<numFmts>"
            + "".join(f"<numFmt numFmtId='{at}' formatCode='0'/>" for at in range(200, 10_300))
            + "</numFmts><fonts",
        ),
        ("<styleSheet", "<!DOCTYPE a [<!ENTITY b 'c'>]><styleSheet"),
        ('fontId="0"', 'fontId="x"'),
        ("<fonts", "<fonts><font><strike>"),
        ("<fonts.*</fonts>", "<fonts>" + "<font>" * 100_000 + "</font>" * 100_000 + "</fonts>"),
    ],
)
def test_styles_that_are_damaged(old: str, new: str) -> None:
    assert told(edited(book(lambda _: None), "styles.xml", old, new)) == ["bad-workbook t.xlsx"]


def test_more_columns_than_there_are() -> None:
    parts = "<cols>" + '<col min="1" max="256" hidden="1"/>' * 16_385 + "</cols><sheetData>"
    assert told(edited(book(lambda _: None), "sheet1.xml", "<sheetData>", parts)) == ["bad-workbook t.xlsx"]


# ---- workbooks that cannot be read


def ole(holds: str) -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1000) + holds.encode("utf-16-le") + bytes(1000)


def zipped(**parts: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as put:
        for name, text in parts.items():
            put.writestr(name.replace("__", "/").replace("_", "."), text)
    return out.getvalue()


WHOLE = book(lambda _: None)


@pytest.mark.parametrize(
    ("data", "zh", "en"),
    [
        (b"", "里面不是工作簿，可能只改了扩展名", "it holds no workbook; perhaps only its name was changed"),
        (b"a,b\n1,2\n", "里面不是工作簿，可能只改了扩展名", "it holds no workbook; perhaps only its name was changed"),
        (zipped(word__document_xml="x"), "里面不是工作簿，可能只改了扩展名", "it holds no workbook"),
        (zipped(content_xml="x"), "里面不是工作簿", "it holds no workbook"),
        (zipped(xl__workbook_bin="x"), "这是 .xlsb", "this is an .xlsb"),
        (ole("EncryptedPackage"), "文件加了密码", "it has a password"),
        (WHOLE[: len(WHOLE) // 2], "文件损坏，或没有存完", "it is damaged, or was not saved to its end"),
        (zipped(xl__workbook_xml="<workbook"), "文件损坏", "it is damaged"),
        (edited(WHOLE, "workbook.xml", "<workbook ", "<x "), "文件损坏", "it is damaged"),
        (edited(WHOLE, "sheet1.xml", "<worksheet", "<!DOCTYPE a><worksheet"), "DOCTYPE", "DOCTYPE"),
        (
            edited(WHOLE, "sheet1.xml", 'r="B2"', 'r="A2"'),
            "有一行或一个格子写了两次",
            "a row or cell stands in it twice",
        ),
    ],
)
def test_what_is_wrong_is_told_in_words_of_our_own(data: bytes, zh: str, en: str) -> None:
    report = Reporter()
    assert read_grids(data, "t.xlsx", report) == ()
    [found] = report
    assert found.code == "bad-workbook"
    assert found.message("zh").startswith("这个 Excel 文件打不开：" + zh if zh != "DOCTYPE" else "")
    assert zh in found.message("zh")
    assert en in found.message("en")
    assert found.help_lines("zh")
    assert not re.search("[a-z]{3,} [a-z]{2,}", found.message("zh"))


def test_a_password_on_the_parts() -> None:
    data = bytearray(WHOLE)
    for signature, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = data.find(signature)
        while start >= 0:
            data[start + at] |= 1
            start = data.find(signature, start + 1)
    report = Reporter()
    read_grids(bytes(data), "t.xlsx", report)
    assert [dict(one.params)["reason"] for one in report] == ["encrypted"]


def test_the_cell_that_stands_twice_is_named() -> None:
    report = Reporter()
    read_grids(edited(WHOLE, "sheet1.xml", 'r="B2"', 'r="A2"'), "t.xlsx", report)
    assert [one.help_lines("zh")[0] for one in report] == ["写了两次的是 `标准!A2`"]
