"""A table beside a policy: CSV text to cells with places.

In: a `Source` of CSV text (comma separated, quotes as RFC 4180; decoded by `yaml_nodes.decode`).
Out: `Table`, header cells and rows of cells, blank lines left out.
Imports the ground floor and the standard library's csv.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass

from engine.diagnostics import Reporter
from engine.source import Source, Span
from engine.tree import Scalar

MAX_TABLE_BYTES = 4 << 20
MAX_ROWS = 20_000

_PARTING = re.compile(r"[\t;；，、|]")


@dataclass(frozen=True, slots=True)
class Table:
    header: tuple[Scalar, ...]
    rows: tuple[tuple[Scalar, ...], ...]


def read_table(source: Source, report: Reporter) -> Table | None:
    """The cells, stripped of surrounding blanks; a row shorter than the header is filled with empty cells."""
    rows = read_rows(source, report)
    if rows is None:
        return None
    header, *body = rows
    for row in body:
        if len(row) > len(header):
            report.error("row-too-long", row[len(header)].span, columns=str(len(header)))
            return None
    empty = Scalar(header[0].span, "")
    return Table(header, tuple(row + (empty,) * (len(header) - len(row)) for row in body))


def read_rows(source: Source, report: Reporter) -> list[tuple[Scalar, ...]] | None:
    """The rows that hold anything, each as long as it is written; None where there are none, or after a fault."""
    reader = csv.reader(source.text.split("\n"), strict=True)
    rows: list[tuple[Scalar, ...]] = []
    start = 1
    try:
        for values in reader:
            if any(value.strip() for value in values):
                rows.append(_cells(source, start, reader.line_num, values))
            start = reader.line_num + 1
            if len(rows) > MAX_ROWS:
                report.error("table-too-long", Span(source, 0, 0), limit=str(MAX_ROWS))
                return None
    except csv.Error as error:
        at = source.offset(min(start, source.text.count("\n") + 1), 1)
        report.error("bad-csv", Span(source, at, at), problem=str(error))
        return None
    if not rows:
        report.error("empty-table", Span(source, 0, 0))
        return None
    return rows


def unparted_header(table: Table) -> str:
    """The header where something else than a comma parts it, so that it was read as one column; else nothing."""
    text = table.header[0].text
    return " ".join(_PARTING.split(text)) if len(table.header) == 1 and _PARTING.search(text) else ""


def _cells(source: Source, first: int, last: int, values: list[str]) -> tuple[Scalar, ...]:
    """The cells of one record, each at its place; those of a record of several lines at its first line."""
    start = source.offset(first, 1)
    line = source.line_text(first)
    places = _places(line) if first == last else []
    if len(places) != len(values):
        places = [(0, len(line))] * len(values)
    return tuple(
        Scalar(Span(source, start + low, start + high), value.strip())
        for (low, high), value in zip(places, values, strict=True)
    )


def _places(line: str) -> list[tuple[int, int]]:
    """Where the cells of a line stand, without surrounding blanks and quotes."""
    places = []
    low, quoted = 0, False
    for at, char in enumerate((*line, ",")):
        if char == '"':
            quoted = not quoted
        elif char == "," and (not quoted or at == len(line)):
            raw = line[low:at]
            inner = raw.strip().strip('"').strip()
            lead = raw.find(inner)
            places.append((low + lead, low + lead + len(inner)))
            low = at + 1
    return places
