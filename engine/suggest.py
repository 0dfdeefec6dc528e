"""The nearest name to one that was not found.

Ground floor; imports opposites.
"""

from __future__ import annotations

from collections.abc import Iterable

from engine.opposites import may_turn


def nearest(name: str, candidates: Iterable[str]) -> str:
    """The candidate closest to the name, or "" when none is close enough to be meant.

    Close is at most a third of the longer name's length in edits (a swap of neighbours counts as one), at least
    one; case does not count. Short Chinese names may also match by sharing all but one character. Ties go to the
    first candidate.
    """
    best, best_distance = "", 1 << 30
    folded = name.casefold()
    for candidate in candidates:
        other = candidate.casefold()
        limit = max(1, max(len(folded), len(other)) // 3)
        if abs(len(folded) - len(other)) > limit:
            continue
        if len(folded) < 3 and len(other) < 3 and not set(folded) & set(other):
            continue
        distance = _edits(folded, other)
        if distance <= limit and distance < best_distance:
            best, best_distance = candidate, distance
    return best


def one_slip_from(name: str, candidates: Iterable[str]) -> str:
    """The only candidate that is one edit away and cannot mean something else, or "" where there is no such one.

    Names of fewer than four characters have too many neighbours to be sure of any.
    """
    near = [candidate for candidate in dict.fromkeys(candidates) if _edits(name, candidate) == 1]
    return near[0] if len(near) == 1 and len(name) > 3 and not may_turn(name, near[0]) else ""


def _edits(first: str, second: str) -> int:
    """Optimal string alignment distance: inserts, deletes, substitutions and swaps of neighbours."""
    before: list[int] = []
    above = list(range(len(second) + 1))
    for i, a in enumerate(first, 1):
        row = [i]
        for j, b in enumerate(second, 1):
            cost = min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (a != b))
            if i > 1 and j > 1 and a == second[j - 2] and first[i - 2] == b:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        before, above = above, row
    return above[-1]
