"""Rows of a table as households, exactly as JSON would have them: the reader of households reads both.

In: a batch, of a schema that was checked.  Out: dicts. A null is a null, a column that is not there is a field that is
not there; a number is the text that a JSON file would hold. Columns are turned as a whole, not cell by cell.
Imports evaluation, language and this floor.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, TypeAlias, cast

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from engine.evaluation.json_text import NumberText
from engine.language.types import Quantity
from engine.policy.model import Fact
from engine.screening.amounts import counted, number_text
from engine.screening.declared import Declared
from engine.screening.layout import laid_out, some
from engine.screening.schema import FEN, counts_fen, is_list, plain_type, unit_of

Household: TypeAlias = dict[str, object]
_Read: TypeAlias = Callable[[pa.Array], list[object]]
_EPOCH = date(1970, 1, 1).toordinal()


class Rows:
    """Reads batches of one schema."""

    def __init__(self, schema: pa.Schema, declared: Declared) -> None:
        self._names = [field.name for field in schema]
        self._reads = [_reader(field, "", declared) for field in schema]

    def households(self, batch: pa.RecordBatch, rows: NDArray[np.intp] | None = None) -> list[Household]:
        """Those of some rows of it (None: of all)."""
        if rows is not None and not len(rows):
            return []
        columns = [laid_out(column) if rows is None else some(column, pa.array(rows)) for column in batch.columns]
        read = [read(column) for read, column in zip(self._reads, columns, strict=True)]
        return _records(self._names, read, batch.num_rows if rows is None else len(rows))


def _records(names: Sequence[str], columns: Sequence[list[object]], size: int) -> list[Household]:
    if not columns:
        return [{} for _ in range(size)]
    return [dict(zip(names, values, strict=True)) for values in zip(*columns, strict=True)]


def _reader(field: pa.Field, owner: str, declared: Declared) -> _Read:
    if not owner and field.name in declared.collections:
        type = plain_type(field.type)
        if not is_list(type):
            return _nothing
        inner = list(plain_type(type.value_type))
        return _Items([one.name for one in inner], [_reader(one, field.name, declared) for one in inner])
    return _reader_of(field, declared.facts[owner].get(field.name, ()))


def _reader_of(field: pa.Field, facts: Iterable[Fact]) -> _Read:
    type = plain_type(field.type)
    if pa.types.is_float64(type):
        decimals = max((fact.decimals for fact in facts if isinstance(fact.type, Quantity)), default=0)
        return lambda column: _doubles(column, decimals)
    if pa.types.is_integer(type):
        fen = unit_of(field) == FEN and any(counts_fen(fact) for fact in facts)
        return _fen if fen else _plain
    if pa.types.is_decimal(type):
        return _decimals
    if pa.types.is_date32(type):
        return _dates
    if is_list(type):
        return _lists
    return _nothing if pa.types.is_null(type) else _plain


# ---- lists


def _parted(column: pa.Array) -> tuple[pa.Array, list[int], list[bool]]:
    """The values of all lists, where each list begins and the last one ends, and which lists there are."""
    offsets = column.offsets.to_numpy()
    first = int(offsets[0]) if len(offsets) else 0
    last = int(offsets[-1]) if len(offsets) else 0
    return column.values.slice(first, last - first), (offsets - first).tolist(), _valid(column)


def _valid(column: pa.Array) -> list[bool]:
    return cast("list[bool]", column.is_valid().to_pylist())


class _Items:
    """Reads a column of lists of items."""

    def __init__(self, names: Sequence[str], reads: Sequence[_Read]) -> None:
        self._names = names
        self._reads = reads

    def __call__(self, column: pa.Array) -> list[object]:
        values, at, valid = _parted(column)
        inner = [read(one) for read, one in zip(self._reads, values.flatten(), strict=True)]
        items: list[Any] = list(_records(self._names, inner, len(values)))
        if values.null_count:
            items = [item if there else None for item, there in zip(items, _valid(values), strict=True)]
        return [items[at[row] : at[row + 1]] if there else None for row, there in enumerate(valid)]


# ---- values


def _plain(column: pa.Array) -> list[object]:
    try:
        return cast("list[object]", column.to_pylist())
    except UnicodeDecodeError:
        # nobody checks that what calls itself text is: such a text is one with characters that are none
        raw = column.cast(pa.binary() if pa.types.is_string(column.type) else pa.large_binary()).to_pylist()
        return [None if one is None else one.decode("utf-8", "surrogateescape") for one in raw]


def _nothing(column: pa.Array) -> list[object]:
    return [None] * len(column)


def _lists(column: pa.Array) -> list[object]:
    values, at, valid = _parted(column)
    items = _plain(values)
    return [items[at[row] : at[row + 1]] if there else None for row, there in enumerate(valid)]


def _fen(column: pa.Array) -> list[object]:
    return [None if one is None else NumberText(number_text(one, 2)) for one in column.to_pylist()]


def _decimals(column: pa.Array) -> list[object]:
    scale = column.type.scale
    return [None if one is None else NumberText(_decimal_text(one, scale)) for one in column.to_pylist()]


def _decimal_text(value: Decimal, scale: int) -> str:
    """Zeros beyond the fen are of the column's type, nobody wrote them."""
    text = format(value, "f")
    if scale <= 2:
        return text
    kept, beyond = text[: 2 - scale], text[2 - scale :]
    return kept + beyond.rstrip("0")


def _doubles(column: pa.Array, decimals: int) -> list[object]:
    values = column.to_pylist()
    counts, meant = counted(np.asarray(column.fill_null(0).to_numpy(zero_copy_only=False)), decimals)
    return [
        None if value is None else NumberText(number_text(count, decimals)) if taken else value
        for value, count, taken in zip(values, counts.tolist(), meant.tolist(), strict=True)
    ]


def _dates(column: pa.Array) -> list[object]:
    """A day beyond the calendar of the program is left as a text, which the reader refuses."""
    days = column.cast(pa.int32()).to_pylist()
    return [None if day is None else _date(day + _EPOCH) for day in days]


def _date(ordinal: int) -> object:
    if 1 <= ordinal <= date.max.toordinal():
        return date.fromordinal(ordinal)
    return str(np.datetime64(ordinal - _EPOCH, "D"))
