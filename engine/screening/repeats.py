"""Household ids that may stand more than once in a table of any length.

In: the ids of batch after batch.  Out: the hashes of those. Of each id eight bytes are kept in a file, a hash of what
`same_id` leaves of it; whoever shares a hash has to be looked at again, by its text.
Imports evaluation.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO, Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from engine.evaluation.identity import same_id

Hashes = NDArray[np.uint64]

MOST_NAMED: Final = 10_000
"""ids that are named; of a table with more of them, the first"""
_AT_ONCE: Final = 1 << 21
"""hashes that are put in order at once"""
_PIECE: Final = 1 << 20
_BITS: Final = 64
_WORD: Final = 8
_ODD: Final = np.uint64(0x9E37_79B9_7F4A_7C15)
_SHIFT: Final = np.uint64(29)
_LETTERS, _SMALL, _VISIBLE = np.uint8(26), np.uint8(5), np.uint8(94)


class Repeats:
    """Takes all ids once.

    Args:
        file: to be written and read again.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file, self._count = file, 0

    def add(self, ids: pa.Array) -> None:
        found, there = hashes(ids)
        self._file.write(found[there].tobytes())
        self._count += int(np.count_nonzero(there))

    def suspects(self) -> Hashes:
        """The hashes that stand more than once, in order. Only those that begin with the same bits are in memory at one
        time."""
        bits = (self._count // _AT_ONCE).bit_length()
        return np.concatenate([self._twice(part, bits) for part in range(1 << bits)])

    def _twice(self, part: int, bits: int) -> Hashes:
        held = [block[block >> np.uint64(_BITS - bits) == part] if bits else block for block in self._blocks()]
        ordered = np.concatenate([np.zeros(0, np.uint64), *held])
        ordered.sort()
        return np.unique(ordered[1:][ordered[1:] == ordered[:-1]])

    def _blocks(self) -> Iterator[Hashes]:
        self._file.seek(0)
        while piece := self._file.read(_PIECE):
            yield np.frombuffer(piece, np.uint64)


def hashes(ids: pa.Array) -> tuple[Hashes, NDArray[np.bool_]]:
    """Of each id, equal for those that mean the same; and which of them there are."""
    ids = ids.cast(pa.large_string())
    at = np.frombuffer(ids.buffers()[1], np.int64)[ids.offset : ids.offset + len(ids) + 1]
    raw = ids.buffers()[2]
    data = np.zeros(0, np.uint8) if raw is None else np.frombuffer(raw, np.uint8)[at[0] : at[-1]]
    at = at - at[0]
    found = _of_texts(_folded(data), at)
    for row in _odd(data, at).tolist():
        plain = np.frombuffer(same_id(_text(data, at, row)).encode("utf-8", "surrogateescape"), np.uint8)
        found[row] = _of_texts(plain, np.array([0, len(plain)]))[0]
    return found, np.asarray(ids.is_valid())


def _text(data: NDArray[np.uint8], at: NDArray[np.int64], row: int) -> str:
    return data[at[row] : at[row + 1]].tobytes().decode("utf-8", "surrogateescape")


def _folded(data: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Capitals written small; nothing else."""
    capital = (data - np.uint8(ord("A"))) < _LETTERS
    return data + (capital.view(np.uint8) << _SMALL)


def _odd(data: NDArray[np.uint8], at: NDArray[np.int64]) -> NDArray[np.intp]:
    """The rows with characters of which `same_id` may leave something else. Visible ASCII it only writes small."""
    places = np.flatnonzero((data - np.uint8(ord("!"))) >= _VISIBLE)
    return np.unique(np.searchsorted(at, places, "right") - 1)


def _of_texts(data: NDArray[np.uint8], at: NDArray[np.int64]) -> Hashes:
    """Of texts of one length at a time, eight bytes a step."""
    lengths = np.diff(at)
    if len(lengths) and lengths[0] and (lengths == lengths[0]).all():
        return _of_rows(data.reshape(-1, lengths[0]))
    found = np.zeros(len(lengths), np.uint64)
    for length in np.unique(lengths).tolist():
        rows = np.flatnonzero(lengths == length)
        found[rows] = _of_rows(data[at[rows][:, None] + np.arange(length)])
    return found


def _of_rows(texts: NDArray[np.uint8]) -> Hashes:
    count, length = texts.shape
    words = np.zeros((count, -(-length // _WORD) * _WORD), np.uint8)
    words[:, :length] = texts
    mixed = np.full(count, length + 1, np.uint64)
    for word in words.view(np.uint64).T:
        mixed = (mixed ^ word) * _ODD
        mixed ^= mixed >> _SHIFT
    return mixed * _ODD
