"""The nearest name to one that was not found.

Files may have thousands of names and as many slips: candidates are sieved by length and by the characters they lack
before any distance is worked out, and no distance is followed beyond the best one so far.
Ground floor; imports opposites.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import islice
from typing import Final

from engine.records import dataclass

MOST_CANDIDATES: Final = 5_000
"""names that are looked at; of more, the first"""
_FAR: Final = 1 << 30


def nearest(name: str, candidates: Iterable[str]) -> str:
    """The candidate closest to the name, or "" when none is close enough to be meant.

    Close is at most a third of the longer name's length in edits (a swap of neighbours counts as one), at least
    one; case does not count. Short Chinese names may also match by sharing all but one character. Ties go to the
    first candidate.
    """
    best, best_distance = "", _FAR
    folded = name.casefold()
    letters, length = frozenset(folded), len(folded)
    for candidate in islice(candidates, MOST_CANDIDATES):
        other = candidate.casefold()
        limit = min(max(1, max(length, len(other)) // 3), best_distance - 1)
        if abs(length - len(other)) > limit:
            continue
        # each character that the other lacks costs an edit of its own
        theirs = set(other)
        if len(letters - theirs) > limit or len(theirs - letters) > limit:
            continue
        if length < 3 and len(other) < 3 and letters.isdisjoint(theirs):
            continue
        distance = _edits(folded, other, limit)
        if distance <= limit:
            best, best_distance = candidate, distance
            if distance == 0:
                break
    return best


@dataclass(frozen=True, slots=True)
class Near:
    """A name to be offered in a fault; whoever reports the fault knows whether it is worth looking for.

    Attributes:
        written: how a candidate has to be written where the name stands.
    """

    name: str
    candidates: Iterable[str]
    written: Callable[[str], str] = str

    def found(self) -> str:
        found = nearest(self.name, self.candidates)
        return self.written(found) if found else ""


def one_slip_from(name: str, candidates: Iterable[str]) -> str:
    """The only candidate that is one edit away and cannot mean something else, or "" where there is no such one.

    Names of fewer than four characters have too many neighbours to be sure of any.
    """
    near = [candidate for candidate in dict.fromkeys(candidates) if _edits(name, candidate, 1) == 1]
    if len(near) != 1 or len(name) <= 3:
        return ""
    from engine.opposites import may_turn

    return "" if may_turn(name, near[0]) else near[0]


def is_one_slip(name: str, other: str) -> bool:
    """Whether they are one edit apart; capitals do not count."""
    return _edits(name.casefold(), other.casefold(), 1) == 1


def _edits(first: str, second: str, limit: int) -> int:
    """Optimal string alignment distance: inserts, deletes, substitutions and swaps of neighbours.

    Whatever lies beyond the limit is only told to: cells farther from the diagonal cannot come back to it.
    """
    if abs(len(first) - len(second)) > limit:
        return limit + 1
    before: list[int] = []
    above = list(range(len(second) + 1))
    for i, a in enumerate(first, 1):
        low, high = max(1, i - limit), min(len(second), i + limit)
        row = [limit + 1] * (len(second) + 1)
        row[0] = i
        for j in range(low, high + 1):
            b = second[j - 1]
            cost = min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (a != b))
            if i > 1 and j > 1 and a == second[j - 2] and first[i - 2] == b:
                cost = min(cost, before[j - 2] + 1)
            row[j] = cost
        if min(row[low - 1 : high + 1]) > limit:
            return limit + 1
        before, above = above, row
    return above[-1]
