"""A table's rows, from CSV text: bounded, and each cell at its place.

In: a `Source` of CSV text (comma separated, quotes as RFC 4180).
Out: rows of cells, blank lines and the empty cells behind the last one left out; `Table`, with its header told apart.
The limits hold for workbooks too. Imports cells, the ground floor and the standard library's csv.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from typing import TypeAlias

from engine.diagnostics import Reporter
from engine.policy.cells import squeezed
from engine.records import dataclass
from engine.source import Source, Span
from engine.tree import Scalar

MAX_TABLE_BYTES = 4 << 20
MAX_ROWS = 20_000
MAX_COLUMNS = 256
MAX_CELLS = 200_000
MAX_CELL = 1_000

_PARTING = r"[\t;；，、|]"

Row: TypeAlias = tuple[Scalar, ...]


@dataclass(frozen=True, slots=True)
class Table:
    header: Row
    rows: tuple[Row, ...]


def read_table(source: Source, report: Reporter) -> Table | None:
    """The table of a CSV text; None after a fault."""
    rows = read_rows(source, report)
    return None if rows is None else table_of(rows, report)


def table_of(rows: Sequence[Row], report: Reporter) -> Table | None:
    """The rows with the first as header, and each as long as it; None where a header stands twice."""
    header, *body = rows
    if _has_twice(header, report):
        return None
    for row in body:
        if len(row) > len(header):
            report.tell("row-too-long", row[len(header)].span, columns=str(len(header)))
            return None
    long = next((cell for row in rows for cell in row if len(cell.text) > MAX_CELL), None)
    if long is not None:
        report.tell("text-too-long", long.span, count=str(len(long.text)), limit=str(MAX_CELL))
        return None
    empty = Scalar(header[0].span, "")
    return Table(header, tuple(row + (empty,) * (len(header) - len(row)) for row in body))


def _has_twice(header: Row, report: Reporter) -> bool:
    """Headers that differ in blanks or in the width of their signs only are one."""
    first: dict[str, Scalar] = {}
    for cell in header:
        name = squeezed(cell.text)
        if name and name in first:
            report.tell("header-twice", cell.span, header=cell.text, related=[("first-here", first[name].span)])
            return True
        first.setdefault(name, cell)
    return False


def read_rows(source: Source, report: Reporter) -> list[Row] | None:
    """The rows that hold anything, each up to its last cell that does; None where there are none, or after a fault."""
    reader = csv.reader(source.text.split("\n"), strict=True)
    rows: list[Row] = []
    start, count = 1, 0
    try:
        for values in reader:
            width = next((at for at in range(len(values), 0, -1) if values[at - 1].strip()), 0)
            count += width
            limit = past_limit(len(rows) + bool(width), width, count)
            if limit:
                code, most = limit
                at = source.offset(start, 1) if code == "table-too-wide" else 0
                report.tell(code, Span(source, at, at), limit=str(most))
                return None
            if width:
                rows.append(_cells(source, start, reader.line_num, values[:width]))
            start = reader.line_num + 1
    except csv.Error as error:
        at = source.offset(min(start, source.text.count("\n") + 1), 1)
        report.tell("bad-csv", Span(source, at, at), reason=_why(str(error)))
        return None
    if not rows:
        report.tell("empty-table", Span(source, 0, 0))
        return None
    return rows


def _why(error: str) -> str:
    """The word of `bad-csv` in `engine.messages` for what the library says."""
    if "unexpected end" in error:
        return "quote-open"
    return "behind-quote" if "expected after" in error else "too-long" if "field limit" in error else "not-csv"


def past_limit(rows: int, columns: int, cells: int) -> tuple[str, int] | None:
    """The code of the limit that a table passes, and the limit."""
    if rows > MAX_ROWS:
        return "table-too-long", MAX_ROWS
    if columns > MAX_COLUMNS:
        return "table-too-wide", MAX_COLUMNS
    return ("table-too-many-cells", MAX_CELLS) if cells > MAX_CELLS else None


def unparted_header(table: Table) -> str:
    """The header where something else than a comma parts it, so that it was read as one column; else nothing."""
    text = table.header[0].text
    return " ".join(re.split(_PARTING, text)) if len(table.header) == 1 and re.search(_PARTING, text) else ""


def _cells(source: Source, first: int, last: int, values: list[str]) -> Row:
    """The cells of one record, each at its place; those of a record of several lines at its first line."""
    start = source.offset(first, 1)
    line = source.line_text(first)
    places = _places(line, len(values)) if first == last else []
    if len(places) != len(values):
        places = [(0, len(line))] * len(values)
    return tuple(
        Scalar(Span(source, start + low, start + high), value.strip())
        for (low, high), value in zip(places, values, strict=True)
    )


def _places(line: str, most: int) -> list[tuple[int, int]]:
    """Where the first cells of a line stand, without surrounding blanks and quotes."""
    places: list[tuple[int, int]] = []
    low, quoted = 0, False
    for at, char in enumerate((*line, ",")):
        if len(places) == most:
            break
        if char == '"':
            quoted = not quoted
        elif char == "," and (not quoted or at == len(line)):
            raw = line[low:at]
            inner = raw.strip().strip('"').strip()
            lead = raw.find(inner)
            places.append((low + lead, low + lead + len(inner)))
            low = at + 1
    return places
