"""Results as a workbook: sheets of results, of what was refused, of ids that stand twice, and of totals.

Rows go to the disk as they come (`constant_memory`), so that a sheet takes no more memory for being long. Where a sheet
is full the next one goes on, under the same header.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, BinaryIO, Final, Literal

import pyarrow as pa
import xlsxwriter

from engine.disk import DiskFault, reason_of
from engine.records import dataclass
from engine.screening.writing.texts import texts, written_columns
from engine.screening.writing.wording import Wording
from engine.source import display_width

MOST_ROWS: Final = 1_048_576
"""of one sheet, as Excel has it"""
_DIGITS: Final = 10**15
"""a spreadsheet's numbers hold no more: a larger figure stands as text"""
_NARROWEST, _WIDEST = 10, 42
Table = Literal["results", "changed", "refused", "repeated", "totals"]
_NAMES: Final[dict[Table, tuple[str, str]]] = {
    "results": ("结果", "Results"),
    "changed": ("结论有变", "Changed"),
    "refused": ("未受理", "Not accepted"),
    "repeated": ("编号重复", "Repeated ids"),
    "totals": ("汇总", "Totals"),
}


class Workbook:
    """Attributes:
    rows_a_sheet: with the header.
    """

    def __init__(
        self, stream: BinaryIO, name: str, scratch: str, schema: Any, wording: Wording, rows_a_sheet: int = MOST_ROWS
    ) -> None:
        self._name, self._say = name, wording.say
        with self._told():
            self._packed = _Packed(stream)
            self._book = xlsxwriter.Workbook(self._packed, {"constant_memory": True, "tmpdir": scratch})
            self._book.use_zip64()
            self._looks = _Looks(
                self._book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1}),
                self._book.add_format({"num_format": "0.00"}),
                self._book.add_format({"num_format": "yyyy-mm-dd"}),
            )
            self._sheets: dict[Table, _Sheets] = {}
            self._wording, self._rows = wording, rows_a_sheet
            self.begin("results", schema)

    def begin(self, table: Table, schema: Any) -> None:
        """A sheet with its header, also where no row follows."""
        self._of(table, self._wording.header(written_columns(schema)))

    def add(self, table: Any, to: Table = "results") -> None:
        columns = [self._cells(table.column(name), name) for name in written_columns(table.schema)]
        self.rows(to, [], zip(*columns, strict=True))

    def rows(self, table: Table, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
        """Rows of a sheet that is made when it has the first of them."""
        with self._told():
            sheets = self._of(table, header)
            for row in rows:
                sheets.add(row)

    def close(self) -> None:
        with self._told():
            for sheets in self._sheets.values():
                sheets.finish()
            try:
                self._book.close()
            except BaseException:
                self._packed.is_over = True
                raise

    def _of(self, table: Table, header: Sequence[str]) -> _Sheets:
        if table not in self._sheets:
            self._sheets[table] = _Sheets(self._book, self._looks, self._say(*_NAMES[table]), header, self._rows)
        return self._sheets[table]

    def _cells(self, column: Any, name: str) -> list[object]:
        kind = column.type
        if pa.types.is_integer(kind) or pa.types.is_decimal(kind) or pa.types.is_date(kind):
            cells: list[object] = column.to_pylist()
            return cells
        written: list[object] = texts(column, name, self._wording).to_pylist()
        return written

    @contextmanager
    def _told(self) -> Iterator[None]:
        """The rows that wait are in files of the library's own."""
        try:
            yield
        except OSError as error:
            raise DiskFault(self._name, reason_of(error), writing=True) from error
        except xlsxwriter.exceptions.FileCreateError as error:
            raise DiskFault(self._name, reason_of(OSError(*error.args)), writing=True) from error


class _Packed:
    """The stream as a zip file has it. One that is thrown away after a fault still tries to come to its end, when its
    stream may be closed; what it says then goes nowhere."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream, self.is_over = stream, False
        self._nowhere = 1 << 40  # behind everything that was written

    def write(self, data: bytes) -> int:
        if not self.is_over:
            return self._stream.write(data)
        self._nowhere += len(data)
        return len(data)

    def seek(self, offset: int, whence: int = 0) -> int:
        return self._nowhere if self.is_over else self._stream.seek(offset, whence)

    def tell(self) -> int:
        return self.seek(0, 1)

    def flush(self) -> None:
        if not self.is_over:
            self._stream.flush()


@dataclass(frozen=True, slots=True)
class _Looks:
    header: Any
    amount: Any
    day: Any


class _Sheets:
    """The sheets of one table, each with its header."""

    def __init__(self, book: Any, looks: _Looks, name: str, header: Sequence[str], most: int) -> None:
        self._book, self._looks, self._name, self._header, self._most = book, looks, name, header, most
        self._made = 0
        self._begin()

    def _begin(self) -> None:
        self._made += 1
        self._sheet = self._book.add_worksheet(self._name if self._made == 1 else f"{self._name} {self._made}")
        self._row = 0
        for place, title in enumerate(self._header):
            width = max(_NARROWEST, min(_WIDEST, display_width(title) + 3))
            self._sheet.set_column(place, place, 22 if place == 0 else width)
        if self._header:
            self._sheet.freeze_panes(1, 0)
            for place, title in enumerate(self._header):
                self._sheet.write_string(0, place, title, self._looks.header)
            self._row = 1

    def add(self, row: Sequence[object]) -> None:
        if self._row >= self._most:
            self.finish()
            self._begin()
        for place, cell in enumerate(row):
            if cell is not None:
                self._put(place, cell)
        self._row += 1

    def _put(self, place: int, cell: Any) -> None:
        sheet = self._sheet
        if isinstance(cell, str):
            sheet.write_string(self._row, place, cell)
        elif isinstance(cell, int):
            sheet.write_number(self._row, place, cell)
        elif hasattr(cell, "year"):
            sheet.write_datetime(self._row, place, cell, self._looks.day)
        elif abs(cell) * 100 < _DIGITS:
            sheet.write_number(self._row, place, cell, self._looks.amount)
        else:
            sheet.write_string(self._row, place, str(cell))

    def finish(self) -> None:
        if self._header and self._row > 1:
            self._sheet.autofilter(0, 0, self._row - 1, len(self._header) - 1)
