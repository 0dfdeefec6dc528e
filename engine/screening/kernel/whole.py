"""Rows that give all that is worked out from: they are read without asking of each value whether it is given.

In: the columns of a batch.  Out: which rows these are, and the columns as they are read of them.
Imports this floor's `columns`.
"""

from __future__ import annotations

import ctypes
from collections.abc import Collection, Container, Iterable
from dataclasses import replace
from typing import Any, TypeAlias

import numpy as np

from engine.program.model import HOUSEHOLD
from engine.screening.kernel.columns import CODES, Columns

Array: TypeAlias = Any


def whole_rows(
    columns: Columns, used: Container[tuple[str, str]], gone_over: Collection[str]
) -> tuple[Array | None, Columns]:
    """The rows, None where all are; and their columns.

    Args:
        used: the facts that have to be given. gone_over: the lists.
    """
    held, lists, rows = columns.held, columns.lists, columns.rows
    asked = {key: one for key, one in held.items() if one.form.nullable and (key in used or CODES in key[1])}
    listed = {id: one for id, one in lists.items() if one.nullable and id in gone_over}
    if not asked and not listed:
        return None, columns
    found = np.ones(rows, np.bool_)
    for listing in listed.values():
        found &= _bits([listing.valid], rows)
    for collection in dict.fromkeys(collection for collection, _ in asked):
        valid = {one.valid for (owner, _), one in asked.items() if owner == collection}
        if collection == HOUSEHOLD:
            found &= _bits(valid, rows)
        else:
            listing = lists[collection]
            offsets = _integers(listing.offsets, rows + 1)
            before = np.zeros(listing.items + 1, np.int32)
            np.cumsum(~_bits(valid, listing.items), out=before[1:])
            found &= np.diff(before[offsets]) == 0
    given = {key: replace(one, form=replace(one.form, nullable=False)) for key, one in asked.items()}
    there = {id: replace(one, valid=0) for id, one in listed.items()}
    return found, replace(columns, held={**held, **given}, lists={**lists, **there})


def _bits(addresses: Iterable[int], length: int) -> Array:
    """Which are set in all of these bitmaps."""
    size = -(-length // 8)
    parts = [np.frombuffer(memoryview((ctypes.c_uint8 * size).from_address(one)), np.uint8) for one in addresses]
    return np.unpackbits(np.bitwise_and.reduce(parts), count=length, bitorder="little").view(np.bool_)


def _integers(address: int, length: int) -> Array:
    return np.frombuffer(memoryview((ctypes.c_int32 * length).from_address(address)), np.int32)
