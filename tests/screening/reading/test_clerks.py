"""Files as offices really have them: read, or one clear line for each row that is not."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

import engine
from engine.screening.reading.source import open_source
from tests.screening.reading.forms import households_of, refusals

POLICIES = engine.load()
Row = Sequence[object]
HEAD = ("家庭编号", "申请日期", "行政区划代码", "城乡类别", "提出申请前12个月家庭收入", "金融资产总额")
INNER = ("家庭编号", "成员编号", "姓名", "疾病尚未痊愈，仍需治疗", "医疗总费用")
OWN: tuple[Row, ...] = (
    ("H1", "2023-06-15", "140105", "城市", "20000", "1000"),
    ("H2", "2023-06-15", "140105", "农村", "9000", "0"),
)
ITEMS: tuple[Row, ...] = (
    ("H1", "1", "张三", "是", "12000"),
    ("H1", "2", "王五", "否", "0"),
    ("H2", "1", "李四", "否", "0"),
)


def _csv(folder: Path, *tables: Sequence[Row], between: str = ",", encoding: str = "utf-8", end: str = "\n") -> Path:
    for name, rows in zip(("家庭", "成员"), tables, strict=True):
        text = "".join(between.join(_quoted(str(cell), between) for cell in row) + end for row in rows)
        (folder / f"{name}.csv").write_bytes(text.encode(encoding))
    return folder


def _quoted(cell: str, between: str) -> str:
    return f'"{cell}"' if between in cell else cell


def _read(folder: Path, budget: int = 1 << 30) -> tuple[list[str], list[tuple[object, ...]]]:
    """Each household with how many members it has; and who was refused: row, id, code."""
    source = open_source([folder], POLICIES, budget=budget)
    told = [(row, id, code) for _, row, id, _, code in refusals(source)]
    found: list[dict[str, Any]] = households_of(source)
    return sorted(f"{one['id']} {len(one['members'])}" for one in found), sorted(told, key=str)


BOTH = ["H1 2", "H2 1"]


@pytest.mark.parametrize("between", [",", "\t", ";"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_what_stands_between_cells(between: str, encoding: str, end: str, tmp_path: Path) -> None:
    _csv(tmp_path, [HEAD, *OWN], [INNER, *ITEMS], between=between, encoding=encoding, end=end)
    assert _read(tmp_path) == (BOTH, [])


def test_a_row_of_too_many_cells_between_tabs(tmp_path: Path) -> None:
    _csv(tmp_path, [HEAD, *OWN], [INNER, ITEMS[0], (*ITEMS[1], "x"), ITEMS[2]], between="\t")
    assert _read(tmp_path) == (["H2 1"], [(2, "H1", "item-refused"), (3, None, "row-cells")])


@pytest.mark.parametrize("word", ["合计", "总计", "合 计", "小　计"])
@pytest.mark.parametrize("budget", [1 << 30, 10])
def test_a_row_of_totals_is_no_household_and_no_member(word: str, budget: int, tmp_path: Path) -> None:
    total = (word, "", "", "", "29000", "1000")
    _csv(tmp_path, [HEAD, *OWN, total], [INNER, *ITEMS, (word, "", "", "", "12000")])
    assert _read(tmp_path, budget) == (BOTH, [(4, None, "row-of-totals"), (5, None, "row-of-totals")])


@pytest.mark.parametrize("budget", [1 << 30, 10])
def test_a_member_below_whose_household_is_written_once_is_not_lost(budget: int, tmp_path: Path) -> None:
    """As CSV has cells that were merged: nobody knows whose the row is, so the household above is not decided without
    it, and no other is touched."""
    _csv(tmp_path, [HEAD, *OWN], [INNER, ITEMS[0], ("", *ITEMS[1][1:]), ITEMS[2]])
    assert _read(tmp_path, budget) == (["H2 1"], [(2, "H1", "item-refused"), (3, None, "item-without-id")])


def _titled(own: Any, items: Any) -> None:
    own.insert_rows(1, 2)
    own["A1"] = "某县困难家庭信息表"
    own.merge_cells("A1:F1")
    own["F2"] = "单位：元"
    items.insert_rows(3)


def _two_rows(own: Any, _: Any) -> None:
    own.insert_rows(2)
    for at, cell in enumerate(HEAD[4:], 5):
        own.cell(2, at, cell)
    own["E1"], own["F1"] = "经济状况", None
    own.merge_cells("E1:F1")
    for column in "ABCD":
        own.merge_cells(f"{column}1:{column}2")


def _merged(_: Any, items: Any) -> None:
    items["A3"] = None
    items.merge_cells("A2:A3")


def _typed(own: Any, items: Any) -> None:
    own["B2"], own["C2"], own["E2"], own["F2"] = date(2023, 6, 15), 140105, 20000, 1000.0
    items["B2"], items["E2"] = 1, 12000


def _totals(own: Any, _: Any) -> None:
    own.append(["合计", None, None, None, "=SUM(E2:E3)", None])


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (_titled, []),
        (_two_rows, []),
        (_merged, []),
        (_typed, []),
        (_totals, [(4, None, "row-of-totals")]),
    ],
)
def test_workbooks(change: Callable[[Any, Any], None], told: list[tuple[object, ...]], tmp_path: Path) -> None:
    book = Workbook()
    own, items = book.active, book.create_sheet("成员")
    assert own is not None
    own.title = "家庭"
    for sheet, rows in ((own, (HEAD, *OWN)), (items, (INNER, *ITEMS))):
        for row in rows:
            sheet.append(list(row))
    change(own, items)
    book.save(tmp_path / "表.xlsx")
    assert _read(tmp_path) == (BOTH, told)


def test_an_amount_merged_over_several_members_is_not_counted_for_each(tmp_path: Path) -> None:
    """It may be that of all of them together; the cells below are blank, and so unknown."""
    book = Workbook()
    own, items = book.active, book.create_sheet("成员")
    assert own is not None
    for sheet, rows in ((own, (HEAD, *OWN)), (items, (INNER, *ITEMS))):
        for row in rows:
            sheet.append(list(row))
    items["E3"] = None
    items.merge_cells("E2:E3")
    book.save(tmp_path / "表.xlsx")
    found: list[dict[str, Any]] = households_of(open_source([tmp_path], POLICIES))
    assert [one["medical_gross"] for one in found[0]["members"]] == ["12000", None]


def test_ids_merged_across_the_ends_of_what_is_read_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.screening.reading.workbook_file._AT_ONCE", 3)
    monkeypatch.setattr("engine.screening.reading.workbook_file._LOOKED", 4)
    book = Workbook()
    own, items = book.active, book.create_sheet("成员")
    assert own is not None
    own.append(list(HEAD))
    items.append(list(INNER))
    for number in range(1, 8):
        own.append([f"H{number}", *OWN[0][1:]])
        for at in range(number):
            items.append([f"H{number}" if at == 0 else None, str(at), *ITEMS[0][2:]])
        if number > 1:
            items.merge_cells(f"A{items.max_row - number + 1}:A{items.max_row}")
    book.save(tmp_path / "表.xlsx")
    assert _read(tmp_path) == ([f"H{number} {number}" for number in range(1, 8)], [])


def test_hidden_rows_are_read_and_counted(tmp_path: Path) -> None:
    book = Workbook()
    own, items = book.active, book.create_sheet("成员")
    assert own is not None
    own.title = "家庭"
    for sheet, rows in ((own, (HEAD, *OWN)), (items, (INNER, *ITEMS))):
        for row in rows:
            sheet.append(list(row))
    own.row_dimensions[3].hidden = True
    own.row_dimensions[9].hidden = True  # nothing stands there
    items.column_dimensions["C"].hidden = True
    book.save(tmp_path / "表.xlsx")
    source = open_source([tmp_path], POLICIES)
    assert [(one.code, one.place().rpartition(":")[2], dict(one.params)["count"]) for one in source.notes] == [
        ("rows-hidden", "家庭", "1")
    ]
    assert _read(tmp_path) == (BOTH, [])
