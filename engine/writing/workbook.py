"""A bureau's table as a grid of cells, from an Excel workbook or a CSV file. The sole holder of openpyxl.

In: a file.  Out: `Grid`s, one a sheet, or Diagnostics. A merged cell stands in all the places that it covers.
Numbers are kept exactly as the workbook stores them: Excel's doubles become decimals with all their digits.
openpyxl is an optional extra, imported on use. Imports refused, policy (decode, csv_table) and the ground floor.
"""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from engine.diagnostics import Reporter
from engine.policy.csv_table import MAX_ROWS, MAX_TABLE_BYTES, read_rows
from engine.policy.yaml_nodes import decode
from engine.source import Span
from engine.writing.refused import Refused

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

_MOST_UNPACKED = 64 << 20
_MOST_COLUMNS = 200


@dataclass(frozen=True, slots=True)
class GridCell:
    """`number` is set where the workbook holds a number; `lost` where it holds a formula without its result.

    A cell of a CSV file has a `span`, one of a workbook a `place` such as `标准.xlsx:Sheet1!C5`.
    """

    text: str
    place: str = ""
    number: Decimal | None = None
    lost: bool = False
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Grid:
    """All rows are equally long. `name` is the sheet's, "" for a CSV file."""

    name: str
    rows: tuple[tuple[GridCell, ...], ...]


def report_cell(report: Reporter, code: str, cell: GridCell, **params: str) -> None:
    report.error(code, cell.span, path="" if cell.span is not None else cell.place, related=(), **params)


def read_grids(data: bytes, name: str, report: Reporter) -> tuple[Grid, ...]:
    """The sheets of a file; none after a fault.

    Raises: Refused for a kind of file that is not read, or where openpyxl is missing.
    """
    suffix = name.lower().rpartition(".")[2]
    if len(data) > MAX_TABLE_BYTES:
        report.error("file-too-large", None, path=name, size=str(len(data)), limit=str(MAX_TABLE_BYTES))
        return ()
    if suffix in ("xlsx", "xlsm"):
        return _sheets(data, name, report)
    if suffix == "csv":
        return _csv(data, name, report)
    raise Refused(
        f"不认识 {name}：只读 .xlsx 和 .csv；旧的 .xls 请另存为 .xlsx",
        f"cannot read {name}: only .xlsx and .csv; save an old .xls as .xlsx first",
    )


def _csv(data: bytes, name: str, report: Reporter) -> tuple[Grid, ...]:
    source = decode(data, name, report, limit=MAX_TABLE_BYTES, also="gb18030")
    rows = None if source is None else read_rows(source, report)
    if source is None or rows is None:
        return ()
    width = max(len(row) for row in rows)
    cells = [[GridCell(cell.text, span=cell.span) for cell in row] for row in rows]
    for row in cells:
        row.extend([GridCell("", span=row[-1].span)] * (width - len(row)))
    return (Grid("", tuple(tuple(row) for row in cells)),)


def _sheets(data: bytes, name: str, report: Reporter) -> tuple[Grid, ...]:
    try:
        from openpyxl import load_workbook
    except ImportError as lacking:
        raise Refused(
            "读 Excel 文件要先装 openpyxl：pip install 'doudi[excel]'；或者在 Excel、WPS 里另存为 CSV",
            "reading Excel files needs openpyxl: pip install 'doudi[excel]'; or save the table as CSV",
        ) from lacking
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            if sum(entry.file_size for entry in packed.infolist()) > _MOST_UNPACKED:
                report.error("bad-workbook", None, path=name, problem=f"> {_MOST_UNPACKED} bytes")
                return ()
        shown = load_workbook(io.BytesIO(data), data_only=True, keep_links=False)
        written = load_workbook(io.BytesIO(data), keep_links=False)
        found = [_grid(sheet, written[sheet.title], name) for sheet in shown.worksheets if sheet.max_row <= MAX_ROWS]
    except Exception as fault:  # a damaged workbook fails in any of a dozen ways, none of them documented
        report.error("bad-workbook", None, path=name, problem=str(fault) or type(fault).__name__)
        return ()
    return tuple(found)


def _grid(shown: Worksheet, written: Worksheet, name: str) -> Grid:
    from openpyxl.utils import get_column_letter

    width = min(shown.max_column, _MOST_COLUMNS)
    rows: list[list[GridCell]] = []
    for number, values in enumerate(shown.iter_rows(max_col=width, values_only=True), 1):
        row = []
        for column, value in enumerate(values, 1):
            place = f"{name}:{shown.title}!{get_column_letter(column)}{number}"
            row.append(_cell(value, written.cell(number, column).value, place))
        rows.append(row)
    for area in shown.merged_cells.ranges:
        held = rows[area.min_row - 1][area.min_col - 1]
        for row in rows[area.min_row - 1 : area.max_row]:
            for column in range(area.min_col - 1, min(area.max_col, width)):
                row[column] = held
    return Grid(shown.title, tuple(tuple(row) for row in rows))


def _cell(value: object, written: object, place: str) -> GridCell:
    match value:
        case None:
            return GridCell("", place, lost=isinstance(written, str) and written.startswith("="))
        case bool():
            return GridCell(str(value), place)
        case int() | float() | Decimal():
            number = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
            return GridCell(_plain(number), place, number)
        case date():
            return GridCell(value.isoformat()[:10], place)
        case _:
            return GridCell(str(value).strip(), place)


def _plain(number: Decimal) -> str:
    """Without an exponent, and without the `.0` of a whole double."""
    if not number.is_finite():
        return str(number)
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
