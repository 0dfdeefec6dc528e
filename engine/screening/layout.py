"""Columns laid out in one way: the same values in plain arrays, lists by offsets, texts one after the other.

In: an array in any layout that Arrow has for it.  Out: an equal one without dictionaries, runs, views and extensions.
What is plain already is handed back as it is. Imports `schema`.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from engine.screening.schema import is_list, is_text


def laid_out(column: pa.Array) -> pa.Array:
    type = column.type
    if is_plain(type):
        return column
    if isinstance(type, pa.BaseExtensionType):
        return laid_out(column.storage)
    if pa.types.is_dictionary(type):
        return laid_out(column.dictionary_decode())
    if pa.types.is_run_end_encoded(type):
        return laid_out(pc.run_end_decode(column))
    if is_text(type):
        return column.cast(pa.large_string())
    if pa.types.is_struct(type):
        inner = [laid_out(one) for one in column.flatten()]
        fields = [field.with_type(one.type) for field, one in zip(type, inner, strict=True)]
        return pa.StructArray.from_arrays(inner, fields=fields, mask=pc.is_null(column))
    assert is_list(type), f"a column of {type} is told before it is read"
    return _by_offsets(column)


def some(column: pa.Array, rows: pa.Array) -> pa.Array:
    """Some of its rows, laid out; of most columns no more than these are touched."""
    return laid_out(column.take(rows)) if _is_taken(column.type) else laid_out(column).take(rows)


def _is_taken(type: pa.DataType) -> bool:
    """Whether Arrow takes rows of it soundly."""
    if pa.types.is_list(type) or pa.types.is_large_list(type):
        return _is_taken(type.value_type)
    if pa.types.is_struct(type):
        return all(_is_taken(field.type) for field in type)
    return pa.types.is_dictionary(type) or is_plain(type)


def is_plain(type: pa.DataType) -> bool:
    if pa.types.is_list(type) or pa.types.is_large_list(type):
        return is_plain(type.value_type)
    if pa.types.is_struct(type):
        return all(is_plain(field.type) for field in type)
    odd = pa.types.is_dictionary(type) or pa.types.is_run_end_encoded(type) or pa.types.is_string_view(type)
    return not (odd or is_list(type) or isinstance(type, pa.BaseExtensionType))


def _by_offsets(column: pa.Array) -> pa.Array:
    """By hand: Arrow's own cast of a list view loses lists."""
    there = np.asarray(column.is_valid())
    values = laid_out(column.values)
    if pa.types.is_fixed_size_list(column.type):
        size = column.type.list_size
        starts = (np.arange(len(column)) + column.offset) * size
        sizes = np.full(len(column), size)
    else:
        starts = column.offsets.to_numpy()[: len(column)].astype(np.int64)
        views = not (pa.types.is_list(column.type) or pa.types.is_large_list(column.type))
        sizes = (
            column.sizes.to_numpy().astype(np.int64) if views else np.diff(column.offsets.to_numpy().astype(np.int64))
        )
    sizes = np.where(there, sizes, 0)
    offsets = np.concatenate([[0], np.cumsum(sizes)])
    within = np.arange(offsets[-1]) - np.repeat(offsets[:-1], sizes)
    held = values.take(pa.array(np.repeat(starts, sizes) + within))
    return pa.LargeListArray.from_arrays(pa.array(offsets, pa.int64()), held, mask=pa.array(~there))
