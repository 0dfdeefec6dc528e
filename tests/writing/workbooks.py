"""Workbooks as bureaus keep them: titles over merged cells, two rows of headers, notes below."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence

from openpyxl import Workbook

Row = Sequence[str | int | float | None]

TITLED: tuple[Row, ...] = (
    ("太原市2026年城乡低保标准", None, None, None, None),
    (None, None, None, "单位：元", None),
    ("序号", "县（市、区）", "低保标准", None, "备注"),
    (None, None, "城市（元/人·月）", "农村（元／年）", None),
    (1, "小店区", 800.0, 9600, None),
    (2, "太原市迎泽区", 800, 9600, None),
    (3, "杏花岭区", 800, "９６００元", None),
    (4, "尖草坪区、万柏林区", 800, 9600, "两区相同"),
    (5, "晋源区", 1235.1000000000001, None, None),
    (6, "清徐县", 780, "8,760", None),
    (7, "阳 曲 县", 780, "—", None),
    (8, "娄烦县", 780, 8760.5, None),
    (9, "古交市", 780, 8760, None),
    ("合计", None, 7000, 1, None),
    ("注：自2026年1月1日起施行", None, None, None, None),
)
MERGED = ("A1:E1", "C3:D3", "A3:A4", "B3:B4", "A15:E15")


def workbook_of(sheets: Mapping[str, Sequence[Row]], hidden: int = 0) -> bytes:
    """The rows of each sheet by its title; one row may be hidden in all."""
    book = Workbook()
    assert book.active is not None
    book.remove(book.active)
    for title, rows in sheets.items():
        page = book.create_sheet(title)
        for row in rows:
            page.append(list(row))
        if hidden:
            page.row_dimensions[hidden].hidden = True
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def workbook(rows: Sequence[Row], merged: Sequence[str] = (), others: Sequence[str] = (), title: str = "标准") -> bytes:
    """The rows as a sheet, with further sheets of the same content."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = title
    for name in (title, *others):
        page = book[name] if name in book.sheetnames else book.create_sheet(name)
        for row in rows:
            page.append(list(row))
        for area in merged:
            page.merge_cells(area)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
