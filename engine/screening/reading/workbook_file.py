"""The sheets of a workbook as tables: their cells as the text that a CSV would have.

In: a workbook's path.  Out: a table for each sheet that is not hidden. Cells come from calamine as Python's own values;
numbers become their exact text, whole fen where they are within a millionth of one. A workbook is read whole: Excel
holds no more than a million rows a sheet, and calamine reads no less than one.
Imports policy (`workbook`), tabular and parts; pyarrow and numpy.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from engine.policy.workbook import Loose
from engine.screening.reading.parts import ROWS_A_PART
from engine.screening.reading.tabular import Piece, of_text, one_batch

if TYPE_CHECKING:
    from engine.screening.reading.inputs import Heads

_TITLES: Final = 10
_LOOKED: Final = 100
"""rows of which one holds something, unless the sheet is blank"""
_AT_ONCE: Final = 1 << 11
"""rows that are there as Python's own values; so few stay in the processor's cache while they become columns"""
_EXACT: Final = 2**53
"""whole numbers beyond which a double has lost digits"""
_LARGE: Final = 10**12
"""amounts below which a double has a millionth of a fen to spare"""
_FEN: Final = Decimal("0.01")
_NEAR: Final = Decimal("0.00000001")
"""a millionth of a fen, in yuan"""
_NEAR_FEN: Final = np.float64("1e-6")
_MIDNIGHT: Final = time(0)


Rows: TypeAlias = tuple[int, int]


class SheetTable:
    """Attributes:
    hidden: how many of the rows are not seen in the workbook.
    """

    typed = False
    units: Mapping[str, str] = MappingProxyType({})

    def __init__(self, name: str, loose: Loose, size: int, heads: Heads) -> None:
        self.name, self.sheet, self.size = f"{name}:{loose.title}", loose.title, size
        self.hidden, self._failed = loose.hidden, loose.failed
        rows = loose.take(_LOOKED)
        self.is_blank = not any(cell != "" for row in rows for cell in row)
        shown = [[_text(cell) for cell in row] for row in rows[:_TITLES]] or [[]]
        _spread(shown, loose.merged)
        counts = [heads.named(cells) for cells in shown]
        self._top = counts.index(max(counts)) + 1
        self.headers = tuple(shown[self._top - 1])
        self._covering = {
            at: deque((top, bottom) for (top, first), (bottom, _) in loose.merged if first == at and top >= self._top)
            for at in sorted({first for (top, first), (bottom, _) in loose.merged if bottom > top >= self._top})
            if at < len(self.headers) and heads.joins(self.headers[at])
        }
        self._above: dict[int, object] = {}
        self.types: tuple[pa.DataType, ...] = (pa.string(),) * len(self.headers)
        blocks, first = [self._columns(self._top, rows[self._top :])], len(rows)
        while rows := loose.take(_AT_ONCE):
            blocks.append(self._columns(first, rows))
            first += len(rows)
        self._table = pa.Table.from_batches(blocks)
        self.rows: int | None = self._table.num_rows
        self.pieces: int | None = max(1, -(-self.rows // ROWS_A_PART))

    def _columns(self, first: int, rows: Sequence[Sequence[object]]) -> pa.RecordBatch:
        """Some rows, of which the first is at this place of the sheet, as columns."""
        columns: list[Sequence[object]] = list(zip(*rows, strict=True)) or [()] * len(self.headers)
        for at, covering in self._covering.items():
            columns[at] = self._covered(at, covering, first, list(columns[at]))
        made = [_column(self._with_failed(at, first, cells)) for at, cells in enumerate(columns)]
        return pa.RecordBatch.from_arrays(made, [str(at) for at in range(len(made))])

    def _covered(self, column: int, covering: deque[Rows], first: int, cells: list[object]) -> list[object]:
        """The household's id beside all rows over which its cell was merged. An amount is not said once more: it may
        be that of all these rows together."""
        end = first + len(cells)
        while covering and covering[0][0] < end:
            top, bottom = covering[0]
            if top >= first:
                self._above[column] = cells[top - first]
            for at in range(max(top, first), min(bottom + 1, end)):
                cells[at - first] = self._above[column]
            if bottom >= end:
                break
            covering.popleft()
        return cells

    def _with_failed(self, column: int, first: int, cells: Sequence[object]) -> Sequence[object]:
        """With what stands in cells whose formula failed."""
        found = {at - first: texts[column] for at, texts in self._failed.items() if column in texts}
        return [found.get(at, cell) for at, cell in enumerate(cells)] if found else cells

    def read(self, columns: Sequence[int]) -> Iterator[Piece]:
        assert self.pieces is not None, "all of it is there"
        for number in range(self.pieces):
            yield self.piece(number, columns)

    def piece(self, number: int, columns: Sequence[int]) -> Piece:
        first = self._top + number * ROWS_A_PART
        cut = self._table.select([str(at) for at in columns]).slice(number * ROWS_A_PART, ROWS_A_PART)
        batch = one_batch(cut)
        numbers = pa.array(np.arange(first + 1, first + 1 + batch.num_rows, dtype=np.int64))
        return of_text(first + 1, batch, numbers)


def _spread(rows: list[list[str]], merged: Sequence[tuple[Rows, Rows]]) -> None:
    """Each merged cell in all the places that it covers: a header may take two rows."""
    for (top, first), (bottom, last) in merged:
        for row in rows[top : bottom + 1]:
            stretch = len(row[first : last + 1])
            row[first : last + 1] = rows[top][first : first + 1] * stretch


def _column(cells: Sequence[object]) -> pa.Array:
    """Cells as the texts that they are; empty ones are null."""
    kinds = set(map(type, cells))
    if kinds <= {str}:
        texts = pa.array(cells, pa.string())
        empty = pc.equal(texts, "")
        return pc.if_else(empty, None, texts) if empty.true_count else texts
    if kinds <= {float, str} and (numbers := _numbers(cells)) is not None:
        return numbers
    if kinds <= {date, str} and (days := _days(cells)) is not None:
        return days
    return pa.array([_text(cell) or None for cell in cells], pa.string())


def _numbers(cells: Sequence[object]) -> pa.Array | None:
    """A column of numbers and empty cells; None where texts stand among them."""
    try:
        doubles = pa.array([None if cell == "" else cell for cell in cells], pa.float64())
    except (pa.ArrowInvalid, pa.ArrowTypeError):
        return None
    values = doubles.fill_null(0).to_numpy()
    with np.errstate(all="ignore"):
        fen = np.rint(values * 100)
        exact = (np.abs(values * 100 - fen) <= _NEAR_FEN) & (np.abs(values) < _LARGE)
    if not exact.all():
        return None
    units = fen.astype(np.int64)
    low = np.zeros((len(units), 2), np.int64)
    low[:, 0], low[:, 1] = units, units >> 63
    amounts = pa.Array.from_buffers(pa.decimal128(20, 2), len(units), [None, pa.py_buffer(low.tobytes())])
    if not (units % 100).any():
        amounts = pa.array(units // 100)
    return pc.if_else(doubles.is_valid(), amounts.cast(pa.string()), None)


def _days(cells: Sequence[object]) -> pa.Array | None:
    """A column of days and empty cells, likewise."""
    try:
        days = pa.array([None if cell == "" else cell for cell in cells], pa.date32())
    except (pa.ArrowInvalid, pa.ArrowTypeError):
        return None
    return days.cast(pa.string())


def _text(cell: object) -> str:
    match cell:
        case bool():
            return "true" if cell else "false"
        case float() | int():
            return _number_text(cell)
        case datetime():
            return cell.date().isoformat() if cell.time() == _MIDNIGHT else cell.isoformat(" ")
        case date():
            return cell.isoformat()
        case _:
            return str(cell)


def _number_text(number: float) -> str:
    """Whole fen where it is within a millionth of one, else its shortest text; digits that a double loses are shown as
    such, with an exponent."""
    if abs(number) >= _EXACT:
        return f"{number:E}"
    exact = Decimal(repr(number))
    fen = exact.quantize(_FEN)
    if abs(exact - fen) > _NEAR:
        return f"{exact:f}"
    return f"{fen:f}" if fen % 1 else f"{int(fen)}"
