"""Two texts of a file, line by line.

In: texts.  Out: rows to be shown side by side or one below the other. Imports nothing of the engine but `records`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Final, Literal, TypeAlias

from engine.records import dataclass

Kind: TypeAlias = Literal["same", "changed", "added", "removed"]
AROUND: Final = 3
"""lines shown before and after what differs"""
MOST_COMPARED: Final = 5_000
"""lines between the first and the last that differ; more are shown as one piece"""


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the two texts, with its number in each; 0 where it is not there."""

    kind: Kind
    old: str
    new: str
    old_line: int
    new_line: int


@dataclass(frozen=True, slots=True)
class Hunk:
    """Rows that stand together; what lies between two of them is the same in both."""

    rows: tuple[Row, ...]

    @property
    def lines(self) -> list[Row]:
        """Each line alone, one below the other: what goes before what comes."""
        found: list[Row] = []
        gone: list[Row] = []
        come: list[Row] = []
        for row in (*self.rows, Row("same", "", "", 0, 0)):
            if row.kind == "same":
                found += [*gone, *come, row]
                gone, come = [], []
                continue
            if row.old_line:
                gone.append(Row("removed", row.old, "", row.old_line, 0))
            if row.new_line:
                come.append(Row("added", "", row.new, 0, row.new_line))
        return found[:-1]


def hunks(old: str, new: str) -> list[Hunk]:
    """What differs, with a few lines around."""
    rows = list(_rows(old.splitlines(), new.splitlines()))
    wanted = sorted(
        {
            near
            for at, row in enumerate(rows)
            if row.kind != "same"
            for near in range(max(0, at - AROUND), min(len(rows), at + AROUND + 1))
        }
    )
    found: list[list[Row]] = []
    before = -2
    for at in wanted:
        if at != before + 1:
            found.append([])
        found[-1].append(rows[at])
        before = at
    return [Hunk(tuple(one)) for one in found]


def counted(old: str, new: str) -> tuple[int, int]:
    """How many lines were added, and removed."""
    rows = list(_rows(old.splitlines(), new.splitlines()))
    return sum(bool(one.new_line) for one in rows if one.kind != "same"), sum(
        bool(one.old_line) for one in rows if one.kind != "same"
    )


def _rows(old: Sequence[str], new: Sequence[str]) -> Iterator[Row]:
    head = _alike(old, new)
    tail = _alike(old[head:][::-1], new[head:][::-1])
    last_old, last_new = len(old) - tail, len(new) - tail
    yield from (Row("same", line, line, at, at) for at, line in enumerate(old[:head], 1))
    for kind, i, j, k, m in _pieces(old[head:last_old], new[head:last_new]):
        i, j, k, m = i + head, j + head, k + head, m + head
        yield from _piece(kind, old, new, range(i, j), range(k, m))
    yield from (Row("same", line, line, last_old + at, last_new + at) for at, line in enumerate(old[last_old:], 1))


def _alike(one: Sequence[str], other: Sequence[str]) -> int:
    """How many lines at the beginning are the same."""
    for at, (mine, his) in enumerate(zip(one, other, strict=False)):
        if mine != his:
            return at
    return min(len(one), len(other))


def _pieces(old: Sequence[str], new: Sequence[str]) -> Sequence[tuple[str, int, int, int, int]]:
    if max(len(old), len(new)) > MOST_COMPARED:
        return [("replace", 0, len(old), 0, len(new))]
    return SequenceMatcher(None, old, new, autojunk=False).get_opcodes()


def _piece(kind: str, old: Sequence[str], new: Sequence[str], mine: range, his: range) -> Iterator[Row]:
    if kind == "equal":
        yield from (Row("same", old[i], new[j], i + 1, j + 1) for i, j in zip(mine, his, strict=True))
        return
    for i, j in zip_longest(mine, his):
        if i is None:
            yield Row("added", "", new[j], 0, j + 1)
        elif j is None:
            yield Row("removed", old[i], "", i + 1, 0)
        else:
            yield Row("changed", old[i], new[j], i + 1, j + 1)
