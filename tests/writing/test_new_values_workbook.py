"""`new values` on workbooks whose cells do not plainly show what they hold: each is named, and nothing is written."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import Workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font
from openpyxl.worksheet.worksheet import Worksheet

from engine.cli.status import ANSWERED, FINDINGS, MISUSE
from tests.cli.running import Run
from tests.writing.test_new_values import COUNTIES, take, untouched

STRUCK = Font(strike=True)
RAISED = TextBlock(InlineFont(vertAlign="superscript"), "1")
NOTED = CellRichText("农村（元/人·月）", RAISED)
Fill = Callable[[Worksheet], object]


def bureau(fill: Fill, urban: str = "城市（元/人·月）", value: float = 800) -> bytes:
    """The counties from row 2 on, in A; 城市 in B, 农村 in C, a remark in D, last year's value in E."""
    made = Workbook()
    sheet = made.active
    assert sheet is not None
    sheet.title = "标准"
    sheet.append(["区县", urban, "农村（元/人·月）", "备注", "原标准（元/人·月）"])
    for one in COUNTIES:
        sheet.append([one, value, 700, "无", 650])
    fill(sheet)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def cell(place: str, **styles: object) -> Fill:
    def fill(sheet: Worksheet) -> None:
        for name, value in styles.items():
            setattr(sheet[place], name, value)

    return fill


def column(name: str, form: str) -> Fill:
    def fill(sheet: Worksheet) -> None:
        for one in sheet[name][1:]:
            one.number_format = form

    return fill


def beside(sheet: Worksheet) -> None:
    """The old value struck out, the new one beside it."""
    sheet["B4"].font = STRUCK
    sheet["F4"] = 820


def hidden_row(sheet: Worksheet) -> None:
    sheet.row_dimensions[5].hidden = True


def hidden_column(sheet: Worksheet) -> None:
    sheet.column_dimensions["C"].hidden = True


def hidden_and_empty(sheet: Worksheet) -> None:
    sheet.column_dimensions["H"].hidden = True
    sheet.row_dimensions[40].hidden = True


def rounded(sheet: Worksheet) -> None:
    sheet["B3"] = 699.99916666
    sheet["B3"].number_format = "0.00"


def as_unit(sheet: Worksheet) -> None:
    column("B", '0.00"元/人·月"')(sheet)
    column("C", '#,##0.00"元"')(sheet)


@pytest.mark.parametrize(
    ("fill", "told"),
    [
        (beside, "标准!B4: error cell-struck: `800` 上有删除线"),
        (cell("A6", font=STRUCK), "标准!A6: error cell-struck: `万柏林区` 上有删除线"),
        (cell("C1", font=STRUCK), "标准!C1: error cell-struck: `农村（元/人·月）` 上有删除线"),
        (hidden_row, "标准!A5: error row-hidden: 第 5 行看不见"),
        (hidden_column, "标准!C1: error column-hidden: C 列看不见"),
        (rounded, "标准!B3: error cell-shown: 这个格子存的是 `699.99916666`，显示的是 `700.00`"),
        (cell("B3", number_format='0"万元"'), "标准!B3: error cell-shown: 这个格子存的是 `800`，显示的是 `800万元`"),
        (cell("B3", number_format="0.00,"), "标准!B3: error cell-shown: 这个格子存的是 `800`，显示的是 `0.80`"),
        (cell("B3", number_format='0.0,"千元"'), "显示的是 `0.8千元`"),
        (cell("B3", number_format='0"元/年"'), "显示的是 `800元/年`"),
        (cell("B3", value=800.4, number_format="0"), "存的是 `800.4`，显示的是 `800`"),
        (cell("B3", number_format="0%"), "标准!B3: error cell-amount: `80000%` 不是数额"),
        (cell("B3", number_format='0"%"'), "显示的是 `800%`"),
        (cell("B3", value=CellRichText("80", RAISED)), "标准!B3: error cell-raised: `801` 里的 `1` 是上标"),
        (cell("B3", number_format=";;;"), "标准!B3: error cell-blank"),
        (cell("B3", value=45139, number_format="yyyy/m"), "标准!B3: error cell-day"),
    ],
)
def test_what_is_not_plain_is_named(fill: Fill, told: str, run: Run, province: Path, tmp_path: Path) -> None:
    path, before = tmp_path / "t.xlsx", untouched(province)
    path.write_bytes(bureau(fill))
    ran = take(run, province, "taiyuan", path, "--document", "x")
    assert ran.status == FINDINGS
    assert told in ran.err
    assert ran.err.count(": error ") == 1, ran.err
    assert untouched(province) == before


@pytest.mark.parametrize(
    "fill",
    [
        column("B", "0.00"),
        column("B", "#,##0.00_ "),
        as_unit,
        cell("C1", value=NOTED),
        cell("D3", font=STRUCK),
        cell("E3", font=STRUCK),
        cell("E3", number_format='0"万元"'),
        hidden_and_empty,
    ],
)
def test_what_is_plain_or_not_used_is_taken(fill: Fill, run: Run, province: Path, tmp_path: Path) -> None:
    path = tmp_path / "t.xlsx"
    path.write_bytes(bureau(fill))
    ran = take(run, province, "taiyuan", path, "--document", "x")
    assert ran.status == ANSWERED, ran.err
    made = (province / "standards" / "taiyuan-2026.csv").read_text(encoding="utf-8").splitlines()
    assert made[1] == "140105,小店区,800,700"


def test_a_unit_in_the_format_that_is_the_headers(run: Run, province: Path, tmp_path: Path) -> None:
    path = tmp_path / "t.xlsx"
    path.write_bytes(bureau(column("B", '0.00"万元"'), "城市（万元/人·年）", 0.96))
    ran = take(run, province, "taiyuan", path, "--document", "x")
    assert ran.status == ANSWERED, ran.err
    made = (province / "standards" / "taiyuan-2026.csv").read_text(encoding="utf-8").splitlines()
    assert made[1] == "140105,小店区,0.96,700"


def with_last_year(sheet: Worksheet) -> None:
    assert sheet.parent is not None
    other = sheet.parent.create_sheet("去年")
    other.sheet_state = "hidden"
    for row in sheet.iter_rows(values_only=True):
        other.append(row)
    other["B3"].font = STRUCK


def test_hidden_sheets_are_named_and_not_read(run: Run, province: Path, tmp_path: Path) -> None:
    path = tmp_path / "t.xlsx"
    path.write_bytes(bureau(with_last_year))
    before = untouched(province)
    ran = take(run, province, "taiyuan", path, "--document", "x", "--sheet", "去年")
    assert ran.status == MISUSE
    assert "工作表 去年 是隐藏的，没有读" in ran.err
    assert untouched(province) == before
    ran = take(run, province, "taiyuan", path, "--document", "x")
    assert ran.status == ANSWERED, ran.err
    assert "info sheets-hidden: 隐藏的工作表没有读：去年" in ran.err


def test_another_sheet_may_be_as_it_likes(run: Run, province: Path, tmp_path: Path) -> None:
    def fill(sheet: Worksheet) -> None:
        assert sheet.parent is not None
        other = sheet.parent.create_sheet("说明")
        other["A1"] = "说明"
        other["A1"].font = STRUCK
        other.row_dimensions[1].hidden = True

    path = tmp_path / "t.xlsx"
    path.write_bytes(bureau(fill))
    assert take(run, province, "taiyuan", path, "--document", "x").status == ANSWERED
