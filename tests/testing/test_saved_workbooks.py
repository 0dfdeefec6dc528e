"""Case tables in workbooks whose cells hold another number than they show: to the fen, or named at the cell."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.worksheet.worksheet import Worksheet

from tests.testing.test_saved_tables import FOLDER, table
from tests.testing.trying import Tried, tried

Fill = Callable[[Worksheet], object]


def plain(_: Worksheet) -> None:
    pass


def ran(folder: Path, headers: str, row: list[object], forms: list[str], fill: Fill = plain, more: str = "") -> Tried:
    """One case, its cells under these number formats."""
    made = Workbook()
    sheet = made.active
    assert sheet is not None
    sheet.title = "用例"
    sheet.append(headers.split(","))
    sheet.append(row)
    for at, form in enumerate(forms, 1):
        sheet.cell(2, at).number_format = form or "General"
    fill(sheet)
    out = io.BytesIO()
    made.save(out)
    files: dict[str, str | bytes] = {"cases.yaml": table(headers, "t.xlsx", more), "t.xlsx": out.getvalue()}
    return tried(folder, files, policies=(FOLDER,))


THIRD = 8399.99 / 12  # 699.9991666666666


@pytest.mark.parametrize(
    ("headers", "row", "forms"),
    [
        ("收入,人均", [8399.99, 699.99916666], ["", "0.00"]),
        ("收入,人均", [8399.99, 699.99916666], ["", ""]),
        ("收入,人均", [8399.99, THIRD], ["0.00", "#,##0.00_ "]),
        ("收入,人均", [8399.99, 700], ["", ""]),
        ("收入,人均", [8399.99, 700], ["", '0.00"元"']),
        ("收入,人均", [4402.8, 366.90000000000003], ["", ""]),
        ("收入,人均", [4402.8, 366.90000000000003], ["", "0.00"]),
        ("收入,人均", [4402.8, 366.9], ["¥#,##0.00", "0.00"]),
        ("收入,三分之一", [1000, 27.7777777777778], ["", "0.00"]),
        ("收入,三分之一", [1000, 27.7777777777778], ["", ""]),
        ("收入,三分之一", [1000, 27.775], ["", ""]),
        ("收入,人均", [4402.800000000001, 366.9], ["", ""]),
        ("收入,恰好", [1000, "250/9"], ["", "@"]),
        ("收入,恰好", [4402.8, 122.3], ["", ""]),
        ("申请日期,结果", ["2023-08-01", "符合"], ["", ""]),
    ],
)
def test_figures_are_compared_to_the_fen(headers: str, row: list[object], forms: list[str], tmp_path: Path) -> None:
    found = ran(tmp_path, headers, row, forms)
    assert found.found.passed, (found.told, [result.mismatches for result in found.found.failed])


@pytest.mark.parametrize(
    ("headers", "row", "forms", "got"),
    [
        ("收入,人均", [8399.99, 700.00500001], ["", "0.00"], ["700.00"]),
        ("收入,人均", [8399.99, 699.99416666], ["", "0.00"], ["700.00"]),
        ("收入,人均", [8399.99, 699.99], ["", ""], ["700.00"]),
        ("收入,三分之一", [1000, 27.7749999], ["", ""], ["27.78"]),
    ],
)
def test_a_fen_off_is_told(headers: str, row: list[object], forms: list[str], got: list[str], tmp_path: Path) -> None:
    found = ran(tmp_path, headers, row, forms)
    assert [check.got for result in found.found.failed for check in result.mismatches] == got


def struck(sheet: Worksheet) -> None:
    sheet["A2"].font = Font(strike=True)


def struck_header(sheet: Worksheet) -> None:
    sheet["B1"].font = Font(strike=True)


def hidden_row(sheet: Worksheet) -> None:
    sheet.row_dimensions[2].hidden = True


def hidden_column(sheet: Worksheet) -> None:
    sheet.column_dimensions["A"].hidden = True


NAMED: list[tuple[str, list[object], list[str], Fill, str]] = [
    ("收入,人均", [8399.98916666, 700], ["0.00", ""], plain, "A2: cell-shown: 存 `8399.98916666`，显 `8399.99`"),
    ("收入,人均", [THIRD, 58], ["", ""], plain, "A2: cell-shown: 存 `699.999166666"),
    ("收入,人均", [8399.99, 699.6], ["", "0"], plain, "B2: cell-shown: 存 `699.6`，显 `700`"),
    ("收入,人均", [8399.99, 0.07], ["", '0.00"万元"'], plain, "B2: cell-shown: 存 `0.07`，显 `0.07万元`"),
    ("收入,人均", [0.84, 700], ['0.00"万元"', ""], plain, "A2: cell-shown"),
    ("收入,人均", [8399990, 700], ["0.00,", ""], plain, "A2: cell-shown: 存 `8399990`，显 `8399.99`"),
    ("收入,恰好", [1000, 27.7777777777778], ["", ""], plain, "B2: cell-shown: 存 `27.7777777777778`，显 `27.77777778`"),
    ("收入,恰好", [1000, 27.7777777777778], ["", "0.00"], plain, "B2: cell-shown"),
    ("编号,收入,人均", [140105198001021234, 8399.99, 700], ["", "", ""], plain, "A2: cell-shown"),
    ("申请日期,结果", [45139, "符合"], ["yyyy/m", ""], plain, "A2: cell-day: 存 2023-08-01，显 2023年8月"),
    ("收入,人均", [8399.99, 700], [";;;", ""], plain, "A2: cell-blank"),
    ("收入,人均", [8399.99, 700], ["", ""], struck, "A2: cell-struck"),
    ("收入,人均", [8399.99, 700], ["", ""], struck_header, "B1: cell-struck"),
    ("收入,人均", [8399.99, 700], ["", ""], hidden_row, "A2: row-hidden: 第 2 行看不见"),
    ("收入,人均", [8399.99, 700], ["", ""], hidden_column, "A1: column-hidden: A 列看不见"),
]  # fmt: skip


@pytest.mark.parametrize(("headers", "row", "forms", "fill", "told"), NAMED)
def test_what_is_not_plain_is_named_at_its_cell(
    headers: str, row: list[object], forms: list[str], fill: Fill, told: str, tmp_path: Path
) -> None:
    found = ran(tmp_path, headers, row, forms, fill)
    assert not found.found.passed
    place, code, words = (*told.split(": "), "")[:3]
    assert (
        f"t.xlsx:用例!{place}: error {code}: {words.replace('存', '这个格子存的是').replace('显', '显示的是')}"
        in found.told
    )
    assert len(set(found.codes) - {"no-case-found"}) == 1, found.told


def test_remarks_may_be_as_they_like(tmp_path: Path) -> None:
    found = ran(tmp_path, "备注,收入,人均", [1.23456789, 8399.99, 700], ["0.0", "", ""], struck)
    assert found.found.passed, found.told


def test_a_hidden_sheet_that_is_named(tmp_path: Path) -> None:
    def fill(sheet: Worksheet) -> None:
        assert sheet.parent is not None
        sheet.parent.create_sheet("旧").sheet_state = "hidden"

    found = ran(tmp_path, "收入,人均", [8399.99, 700], ["", ""], fill, "      sheet: 旧\n")
    assert "case-no-such-sheet" in found.codes
    assert "`旧` 是隐藏的，没有读" in found.told
