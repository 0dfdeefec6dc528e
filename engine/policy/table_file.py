"""A file that holds a table, whatever it is: CSV in UTF-8 or GB18030, or an Excel workbook.

In: the file's bytes and its name.  Out: `Grid`s, one a sheet, or Diagnostics: a kind of file that is not read is told
so, with what to do. Imports csv_table, workbook, yaml_nodes (decode) and the ground floor.
"""

from __future__ import annotations

from typing import Final

from engine.diagnostics import Diagnostic, Reporter
from engine.policy.csv_table import MAX_TABLE_BYTES, Row, Table, read_rows, table_of
from engine.policy.yaml_nodes import decode
from engine.records import dataclass
from engine.source import Source, Span, UnitWords
from engine.tree import Scalar

_WORKBOOKS: Final = (".xlsx", ".xlsm")
_OTHERS: Final = (".xls", ".xlsb", ".et", ".ett", ".ods", ".numbers", ".dbf", ".wps", ".docx", ".doc", ".pdf", ".html")
_SIGNATURES: Final = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF", b"<htm", b"<HTM", b"<!DO", b"<tab")

_ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")
"""what a workbook with a password is kept under, in the container of old ones"""


@dataclass(frozen=True, slots=True)
class Grid:
    """All rows are equally long.

    Attributes:
        name: the sheet's, "" for a CSV file.
        hidden: faults of its hidden rows and columns, told where it is used.
        hidden_sheets: names of the sheets of its workbook that are hidden; they were not read.
    """

    name: str
    rows: tuple[Row, ...]
    hidden: tuple[Diagnostic, ...] = ()
    hidden_sheets: tuple[str, ...] = ()

    def table(self, report: Reporter) -> Table | None:
        """With its first row that holds anything as header; rows and columns without any text left out."""
        if self.hidden:
            report.extend(self.hidden)
            return None
        rows = [row for row in self.rows if any(cell.text for cell in row)]
        kept = [at for at in range(len(rows[0])) if any(row[at].text for row in rows)]
        return table_of([tuple(row[at] for at in kept) for row in rows], report)


def read_grids(data: bytes, name: str, report: Reporter, *, units: UnitWords = ()) -> tuple[Grid, ...]:
    """The tables of a file, hidden and empty sheets left out; none after a fault of the file.

    Args:
        units: what the policy declares that the tables are for.
    """
    if name.lower().endswith(_WORKBOOKS):
        return _sheets(data, name, report, units)
    source = csv_source(data, name, report, units=units)
    rows = None if source is None else read_rows(source, report)
    if rows is None:
        return ()
    width = max(len(row) for row in rows)
    return (Grid("", tuple(row + (Scalar(row[-1].span, ""),) * (width - len(row)) for row in rows)),)


def csv_source(
    data: bytes, name: str, report: Reporter, at: Span | None = None, *, units: UnitWords = ()
) -> Source | None:
    """The text of a CSV file; None where it is a file of another kind, whatever it is called.

    Args:
        at: where the file is named, if it is in another.
    """
    if name.lower().endswith((*_WORKBOOKS, *_OTHERS)) or data.startswith(_SIGNATURES):
        report.tell("table-kind", at, path=name if at is None else "")
        return None
    return decode(data, name, report, limit=MAX_TABLE_BYTES, also="gb18030", units=units)


def _sheets(data: bytes, name: str, report: Reporter, units: UnitWords) -> tuple[Grid, ...]:
    from engine.policy.workbook import read_book

    if len(data) > MAX_TABLE_BYTES:
        report.tell("file-too-large", None, path=name, size=str(len(data)), limit=str(MAX_TABLE_BYTES))
        return ()
    if data.startswith(_SIGNATURES[1]) and _ENCRYPTED in data:
        report.tell("bad-workbook", None, path=name, reason="encrypted", where="")
        return ()
    if data.startswith(_SIGNATURES[1:]):  # an old workbook; a web page
        report.tell("table-kind", None, path=name)
        return ()
    book = read_book(data, name, report, units)
    return tuple(Grid(sheet.title, sheet.rows, sheet.hidden, book.hidden) for sheet in book.sheets)
