"""Cases as a table: one household, what the columns change or expect, a row for each case.

In: the `table` of a case, with its rows or with a CSV file or workbook beside it.  Out: `Row`s of what was written by
column, or Diagnostics at the cell. An empty cell changes nothing and expects nothing.
Imports policy (`table_file`, `cells`, `marked`) and the ground floor.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final, Literal, TypeAlias, get_args

from engine.diagnostics import Reporter
from engine.policy.cells import tidy
from engine.policy.csv_table import Table
from engine.policy.marked import is_sure, same_fen, stands
from engine.policy.table_file import read_grids
from engine.records import dataclass
from engine.source import Span
from engine.suggest import Near, nearest
from engine.testing.beside import Beside
from engine.testing.expect import KINDS
from engine.testing.model import ExpectKind
from engine.tree import Mapping, Scalar, Sequence, Tree

PlainTarget: TypeAlias = Literal["id", "why", "note", "file", "policy", "as_of", "known_on"]
_PLAIN: Final[tuple[PlainTarget, ...]] = get_args(PlainTarget)
_EMPTY = ("", "~", "null")
_EXPECT, _GIVEN, _EXACT = "expect.", "given.", "exact"
_LENGTHS: dict[ExpectKind, tuple[int, ...]] = {
    "causes": (1,),
    "conditions": (2,),
    "requirements": (1,),
    "outputs": (1, 2),
    "readings": (2, 3),
}


@dataclass(frozen=True, slots=True)
class Column:
    """What a column is for: a plain target, a fixed value, an expectation, or a change of the household.

    Attributes:
        plain: the target, where it is one of those that have a name of their own.
        given: the id of a parameter, reading or term.
        expect, key: what is expected; `exact` where a figure is, whatever a spreadsheet makes of its zeros.
        change: the path of a change.
    """

    plain: PlainTarget | None = None
    given: str = ""
    expect: ExpectKind | None = None
    key: tuple[str, ...] = ()
    exact: bool = False
    change: str = ""

    @property
    def is_remark(self) -> bool:
        """Whether it only tells something to people."""
        return self.plain in ("note", "why")

    @property
    def is_to_fen(self) -> bool:
        """Whether a figure is compared as it is shown."""
        return self.expect == "outputs" and not self.exact


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of a row that are not empty, by column; `number` counts from 1, without the header.

    `saved`: a spreadsheet saved the cells, with its own zeros and dates. `in_doubt`: a fault of one of them was
    reported, so that the row is no case.
    """

    number: int
    span: Span
    cells: tuple[tuple[Column, Scalar], ...]
    saved: bool = False
    in_doubt: bool = False

    def plain(self, target: PlainTarget) -> Scalar | None:
        return next((cell for column, cell in self.cells if column.plain == target), None)


def read_rows(table: Mapping, beside: Beside, report: Reporter) -> tuple[Row, ...]:
    """The rows of a table; none after a fault."""
    columns = _columns(table.get("columns"), report)
    file = table.get("file")
    if isinstance(file, Scalar):
        rows = tuple(_saved_rows(table, file, columns, beside, report))
    else:
        rows = tuple(_inline_rows(table.get("rows"), list(columns.values()), report))
    if not rows and not report.has_errors:
        report.tell("case-table-empty", table.span)
    filled = {id(column) for row in rows for column, _ in row.cells}
    for header, column in columns.items():
        if rows and column.expect is not None and id(column) not in filled:
            report.tell("case-column-empty", _header_span(table, header), column=header)
    return tuple(row for row in rows if not row.in_doubt)


def _header_span(table: Mapping, header: str) -> Span:
    columns = table.get("columns")
    key = columns.key(header) if isinstance(columns, Mapping) else None
    return table.span if key is None else key.span


def _columns(tree: Tree | None, report: Reporter) -> dict[str, Column]:
    columns: dict[str, Column] = {}
    placed: dict[Column, Span] = {}
    for header, target in tree.entries if isinstance(tree, Mapping) else ():
        if isinstance(target, Scalar):
            columns[header.text] = column = _column(target, report)
            first = placed.setdefault(replace(column, exact=False), target.span)
            if first is not target.span and column.plain != "note":
                related = [("first-here", first)]
                report.tell("column-twice", target.span, column=f"`{target.text}`", related=related)
    return columns


def _column(target: Scalar, report: Reporter) -> Column:
    text = target.text.strip()
    for plain in _PLAIN:
        if text == plain:
            return Column(plain=plain)
    if text.startswith(_GIVEN):
        return Column(given=text.removeprefix(_GIVEN))
    if not text.startswith(_EXPECT):
        return Column(change=text)
    kind, *key = text.removeprefix(_EXPECT).split(".")
    exact = kind == "outputs" and len(key) > 1 and key[-1] == _EXACT
    key = key[:-1] if exact else key
    found = next((known for known in KINDS if known == kind), None)
    if found is None or len(key) not in _LENGTHS.get(found, (0,)):
        near = nearest(kind, KINDS) if found is None else ""
        report.tell("case-bad-column", target.span, text=text, suggestion=f"{_EXPECT}{near}" if near else "")
        return Column(plain="note")
    return Column(expect=found, key=tuple(key), exact=exact)


def _inline_rows(tree: Tree | None, columns: list[Column], report: Reporter) -> Iterator[Row]:
    for number, row in enumerate(tree.items if isinstance(tree, Sequence) else (), 1):
        cells = row.items if isinstance(row, Sequence) else ()
        if len(cells) != len(columns):
            report.tell("case-row-length", row.span, cells=str(len(cells)), columns=str(len(columns)))
            continue
        yield _row(number, row.span, list(zip(columns, cells, strict=True)))


def _saved_rows(
    table: Mapping, file: Scalar, columns: dict[str, Column], beside: Beside, report: Reporter
) -> Iterator[Row]:
    sheet = table.get("sheet")
    found = _saved(file, sheet if isinstance(sheet, Scalar) else None, beside, report)
    if found is None:
        return
    placed: list[Column] = []
    for at, header in enumerate(found.header, 1):
        if header.text not in columns:
            near = Near(header.text, columns)
            report.tell("case-unknown-column", header.span, column=header.text or f"#{at}", suggestion=near)
        placed.append(columns.get(header.text, Column(plain="note")))
        if not placed[-1].is_remark:
            stands(header, report)
    headers = [header.text for header in found.header]
    for wanted in columns:
        if wanted not in headers:
            report.tell("case-no-such-column", file.span, column=wanted, suggestion=Near(wanted, headers))
    for number, cells in enumerate(found.rows, 1):
        pairs = list(zip(placed, cells, strict=True))
        sure = [
            column.is_remark or (column.is_to_fen and same_fen(cell)) or is_sure(cell, report) for column, cell in pairs
        ]
        held: list[tuple[Column, Tree]] = [(column, replace(cell, text=tidy(cell.text))) for column, cell in pairs]
        yield replace(_row(number, cells[0].span, held), saved=True, in_doubt=not all(sure))


def _saved(file: Scalar, sheet: Scalar | None, beside: Beside, report: Reporter) -> Table | None:
    """The table of a file; of a workbook the sheet that is named, or the only one that holds anything."""
    data = beside.read(file, report)
    grids = () if data is None else read_grids(data[1], data[0], report)
    names = [grid.name for grid in grids]
    unread = grids[0].hidden_sheets if grids else ()
    if sheet is not None and grids:
        grids = tuple(grid for grid in grids if grid.name == sheet.text)
        if not grids:
            near = Near(sheet.text, names)
            hidden = sheet.text if sheet.text in unread else ""
            report.tell(
                "case-no-such-sheet",
                sheet.span,
                sheet=sheet.text,
                names="、".join(names),
                suggestion="" if hidden else near,
                hidden=hidden,
            )
    if len(grids) > 1:
        report.tell("case-several-sheets", file.span, names="、".join(names))
        return None
    return grids[0].table(report) if grids else None


def _row(number: int, span: Span, cells: list[tuple[Column, Tree]]) -> Row:
    """An empty cell, or `~`, counts as not written."""
    written = [
        (column, cell)
        for column, cell in cells
        if isinstance(cell, Scalar) and not (cell.style == "plain" and cell.text.strip() in _EMPTY)
    ]
    return Row(number, span, tuple(written))
