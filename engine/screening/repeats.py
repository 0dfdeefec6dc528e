"""Household ids that stand more than once in a table of any length.

In: the ids of batch after batch.  Out: those that repeat. Of each id eight bytes are kept, a hash of what `same_id`
leaves of it; whoever shares a hash is looked at again, by its text, when the ids are gone through a second time.
Imports evaluation.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import field
from threading import Lock
from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from engine.evaluation.identity import same_id
from engine.records import dataclass

Hashes = NDArray[np.uint64]

MOST_NAMED: Final = 10_000
"""ids that are named; of a table with more of them, the first"""
MOST_ROWS: Final = 10
"""rows that are told of each"""
_PARTS: Final = 16
_WORD: Final = 8
_ODD: Final = np.uint64(0x9E37_79B9_7F4A_7C15)
_SHIFT: Final = np.uint64(29)
_TOP: Final = np.uint64(60)
_LETTERS, _SMALL, _VISIBLE = np.uint8(26), np.uint8(5), np.uint8(94)


class Repeats:
    """Takes all ids once. Several threads may add at once."""

    def __init__(self) -> None:
        self._blocks: list[Hashes] = []
        self._lock = Lock()

    def add(self, ids: pa.Array) -> None:
        found, there = hashes(ids)
        with self._lock:
            self._blocks.append(found[there])

    def suspects(self) -> Hashes:
        """The hashes that stand more than once, in order. Looked for part by part, so that no second copy is made."""
        return np.concatenate([np.zeros(0, np.uint64), *(self._twice(part) for part in range(_PARTS))])

    def _twice(self, part: int) -> Hashes:
        held = [block[block >> _TOP == part] for block in self._blocks]
        ordered = np.sort(np.concatenate([np.zeros(0, np.uint64), *held]))
        return np.unique(ordered[1:][ordered[1:] == ordered[:-1]])


@dataclass(slots=True)
class Repetition:
    """An id as it first stood, how often it stands, and in which rows (from 0), the first of them."""

    id: str
    times: int = 0
    rows: list[int] = field(default_factory=list)


class Repeated:
    """Takes all ids a second time, in the same order; what then stands more than once does so by its text.

    Attributes:
        unnamed: rows of further ids, beyond those that are named; by their hash alone.
    """

    def __init__(self, suspects: Hashes) -> None:
        self._suspects = suspects
        self._seen: dict[str, Repetition] = {}
        self._row = 0
        self.unnamed = 0

    def add(self, ids: pa.Array) -> None:
        found, there = hashes(ids)
        for place in np.flatnonzero(there & np.isin(found, self._suspects)).tolist():
            text = ids[place].as_py()
            plain = same_id(text)
            if plain not in self._seen and len(self._seen) >= MOST_NAMED:
                self.unnamed += 1
                continue
            one = self._seen.setdefault(plain, Repetition(text))
            one.times += 1
            if len(one.rows) < MOST_ROWS:
                one.rows.append(self._row + place)
        self._row += len(ids)

    def __iter__(self) -> Iterator[Repetition]:
        return (one for one in self._seen.values() if one.times > 1)


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
