"""The sheets of an Excel workbook as rows of cells, bounded. The sole holder of python-calamine.

In: the bytes of an .xlsx.  Out: `Sheet`s and their rows, or Diagnostics. A merged cell stands in all the places that it
covers. Numbers are kept exactly: Excel's doubles become their shortest decimal text.
calamine fills every cell between the first and the last, reads a failed formula as an empty cell, and tells neither
formats nor what is hidden. So the sheets are looked through first (`workbook_sheet`), and what it leaves out is kept.
python-calamine is an optional extra, imported on use. Imports csv_table, marked, the `workbook_` modules, the tree and
the ground floor.
"""

from __future__ import annotations

import io
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from decimal import Decimal
from itertools import islice
from typing import TYPE_CHECKING, Final, TypeVar

from engine.diagnostics import Diagnostic, Reporter
from engine.policy.marked import Mark, Marked
from engine.policy.workbook_sheet import At, Looked, letters, looked_through
from engine.policy.workbook_unseen import Failed, part_names, unseen
from engine.policy.workbook_xml import Damaged, TooLarge, packed, unpacked
from engine.records import dataclass
from engine.source import Source, Span, UnitWords
from engine.tree import Scalar

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook


MAX_UNPACKED: Final = 32 << 20


class Sheet(Source):
    """One sheet: each of its rows a line, so that a cell has its place in it; named as Excel does (`标准!C5`)."""

    def __init__(
        self, name: str, title: str, rows: Sequence[Sequence[str]], looked: Looked, units: UnitWords = ()
    ) -> None:
        shown = [[" ".join(text.split()) for text in row] for row in rows]
        super().__init__(name, "\n".join(",".join(row) for row in shown), units)
        self.title = title
        self._columns: list[list[int]] = []
        at = 0
        for row in shown:
            self._columns.append([])
            for text in row:
                self._columns[-1].append(at)
                at += len(text) + 1
            at += not row
        self.rows = tuple(
            tuple(
                _cell(Span(self, start, start + len(seen)), text.strip(), looked.marks.get((number, column)))
                for column, (start, seen, text) in enumerate(
                    zip(self._columns[number], shown[number], row, strict=True)
                )
            )
            for number, row in enumerate(rows)
        )
        self.hidden: tuple[Diagnostic, ...] = tuple(self._hidden(looked))

    def _hidden(self, looked: Looked) -> Reporter:
        """The rows and columns that hold something and are not seen."""
        found = Reporter()
        for row, at in looked.hidden_rows.items():
            if cell := self._filled(at):
                found.tell("row-hidden", cell.span, row=str(row + 1))
        for column, at in looked.hidden_columns.items():
            if cell := self._filled(at):
                found.tell("column-hidden", cell.span, column=letters(column))
        return found

    def _filled(self, at: At) -> Scalar | None:
        """The cell of a place; None where it holds blanks only."""
        row, column = at
        return self.rows[row][column] if row < len(self.rows) and self.rows[row][column].text else None

    def place(self, offset: int) -> str:
        line, _ = self.position(offset)
        column = bisect_right(self._columns[line - 1], offset) - 1
        return f"{self.name}:{self.title}!{letters(max(column, 0))}{line}"


def _cell(span: Span, text: str, mark: Mark | None) -> Scalar:
    return Scalar(span, text) if mark is None else Marked(span, text, mark=mark)


@dataclass(frozen=True, slots=True)
class Book:
    """`sheets` that hold anything and are not hidden; `hidden`, the titles of those that are."""

    sheets: tuple[Sheet, ...] = ()
    hidden: tuple[str, ...] = ()


def read_book(data: bytes, name: str, report: Reporter, units: UnitWords = ()) -> Book:
    """Without a sheet after a fault."""
    try:
        from python_calamine import CalamineWorkbook
    except ImportError:
        report.tell("excel-not-installed", None, path=name)
        return Book()
    try:
        parts = unpacked(data, MAX_UNPACKED)
        looked, hidden = looked_through(parts)
        with CalamineWorkbook.from_filelike(io.BytesIO(packed(parts))) as book:
            found = [_sheet(name, book.get_sheet_by_name(title), looked[title], units) for title in _shown_titles(book)]
    except TooLarge as passed:
        report.tell(passed.code, None, path=f"{name}{passed.where}", limit=str(passed.limit))
        return Book()
    except Damaged as fault:
        report.tell("bad-workbook", None, path=name, reason=fault.kind, where=fault.where)
        return Book()
    except Exception:  # a damaged workbook fails in any of a dozen ways, none of them documented
        report.tell("bad-workbook", None, path=name, reason="damaged", where="")
        return Book()
    sheets = tuple(sheet for sheet in found if sheet.rows)
    if not sheets:
        report.tell("empty-table", None, path=name)
    return Book(sheets, hidden)


def _shown_titles(book: CalamineWorkbook) -> list[str]:
    from python_calamine import SheetTypeEnum, SheetVisibleEnum

    return [
        one.name
        for one in book.sheets_metadata
        if one.typ == SheetTypeEnum.WorkSheet and one.visible == SheetVisibleEnum.Visible
    ]


# ---- large ones


_AT_ONCE: Final = 4
"""sheets that are read side by side"""
Made = TypeVar("Made")


class Loose:
    """A sheet as calamine gives it, for tables of any length: cells as Python's own values, nothing merged or marked.

    Attributes:
        merged: cells that cover others (which calamine shows empty), each by its first and last place, in order.
        failed: what stands in cells whose formula failed or kept no result (calamine shows them empty), by row.
        hidden: how many rows hold something and are not seen.
    """

    def __init__(
        self, title: str, rows: Iterator[Sequence[object]], merged: Sequence[tuple[At, At]], failed: Failed, hidden: int
    ) -> None:
        self.title, self.failed, self.hidden = title, failed, hidden
        self.merged = sorted(merged)
        self._rows = rows

    def take(self, count: int) -> list[Sequence[object]]:
        """The next rows."""
        with _damage():
            return list(islice(self._rows, count))


def open_sheets(
    data: bytes, name: str, most: int, report: Reporter, made: Callable[[Loose], Made]
) -> tuple[list[Made], tuple[str, ...]]:
    """What is made of each sheet that is shown, and the titles of those that are hidden; none after a fault.

    Args:
        most: bytes that the parts of the file may be together.
        made: what takes the rows of a sheet; several sheets are read at once.
    """
    try:
        from python_calamine import CalamineWorkbook
    except ImportError:
        report.tell("excel-not-installed", None, path=name)
        return [], ()

    def read(title: str) -> Made:
        # calamine holds a workbook while it reads a sheet of it
        with CalamineWorkbook.from_filelike(io.BytesIO(data)) as book, ThreadPoolExecutor(1) as beside:
            looked = beside.submit(unseen, data, parts[title])
            with _damage():
                sheet = book.get_sheet_by_name(title)
                rows, merged = sheet.iter_rows(), sheet.merged_cell_ranges or ()
            return made(Loose(title, rows, merged, *looked.result()))

    try:
        parts = part_names(data, most)
        with _damage(), CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
            titles = _shown_titles(book)
            hidden = tuple(one.name for one in book.sheets_metadata if one.name not in titles)
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            return list(pool.map(read, titles)), hidden
    except TooLarge as passed:
        report.tell(passed.code, None, path=f"{name}{passed.where}", limit=str(passed.limit))
    except Damaged as fault:
        report.tell("bad-workbook", None, path=name, reason=fault.kind, where=fault.where)
    return [], ()


@contextmanager
def _damage() -> Iterator[None]:
    try:
        yield
    except (Damaged, TooLarge, MemoryError):
        raise
    except Exception as fault:  # a damaged workbook fails in any of a dozen ways, none of them documented
        raise Damaged("damaged") from fault


# ---- cells


def _sheet(name: str, sheet: CalamineSheet, looked: Looked, units: UnitWords) -> Sheet:
    rows = [[_shown(value) for value in row] for row in sheet.to_python(skip_empty_area=False)]
    far = [(0, 0), *looked.special]
    if looked.special or rows:
        width = max(len(rows[0]) if rows else 0, 1 + max(column for _, column in far))
        rows.extend([] for _ in range(1 + max(row for row, _ in far) - len(rows)))
        for row in rows:
            row.extend([""] * (width - len(row)))
    for (row_at, column_at), text in looked.special.items():
        rows[row_at][column_at] = text
    for row_at, column_at in looked.percent:
        if row_at < len(rows) and column_at < len(rows[row_at]) and rows[row_at][column_at]:
            rows[row_at][column_at] = f"{(Decimal(rows[row_at][column_at]) * 100).normalize():f}%"
    _fill(rows, sheet.merged_cell_ranges or [], looked.marks)
    while rows and not any(rows[-1]):
        rows.pop()
    return Sheet(name, sheet.name, rows, looked, units)


def _fill(rows: list[list[str]], merged: Sequence[tuple[At, At]], marks: dict[At, Mark]) -> None:
    """A merged cell in all the places that it covers, as far as the sheet is filled."""
    left = sum(len(row) for row in rows)
    for (top, first), (bottom, last) in merged:
        if top >= len(rows) or first >= len(rows[top]):
            continue
        text, mark = rows[top][first], marks.get((top, first))
        for number, row in enumerate(rows[top : bottom + 1], top):
            stretch = row[first : last + 1]
            left -= len(stretch)
            if left < 0:
                raise Damaged("merged-twice")
            row[first : last + 1] = [text] * len(stretch)
            if mark is not None:
                marks.update(((number, column), mark) for column in range(first, first + len(stretch)))


def _shown(value: object) -> str:
    match value:
        case bool():
            return "TRUE" if value else "FALSE"
        case int() | float():
            text = f"{Decimal(repr(value)):f}"
            return text.rstrip("0").rstrip(".") if "." in text else text
        case datetime():
            return value.isoformat(" ")
        case _:
            return str(value).strip()
