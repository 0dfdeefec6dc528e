"""Dated values picked: what is in force for a place on a day.

In: a merged policy, a place, a day, and the day up to which publications count.
Out: `ValuesInForce`, and between which days, publications and places they stay the same (`Stretches`).
For a key the deepest level with a value in force wins, then the latest start, then the latest publication. A full block
ends every earlier block of its file from its start, even after its own end; a partial one stands in front of the others
for as long as it holds. Keys of whole ranges are cut so that no two overlap.
Imports model, checked and language.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import chain

from engine.language.values import shift_months
from engine.policy.checked import ValueInForce, ValuesInForce
from engine.policy.model import Block, Key, ListBlock, MergedPolicy, NamedList, Origin, Parameter, WholeRange
from engine.records import dataclass


def values_in_force(merged: MergedPolicy, place: str, as_of: date, known_on: date | None) -> ValuesInForce:
    """Every parameter and list of the policy, by id; a key without a value is absent."""
    return ValuesInForce(
        {
            parameter.id: parameter_in_force(parameter, place, as_of, known_on)
            for parameter in merged.elements.parameters.values()
        },
        {
            listed.id: rows
            for listed in merged.elements.lists.values()
            if (rows := list_in_force(listed.blocks, place, as_of, known_on)) is not None
        },
    )


@dataclass(frozen=True, slots=True)
class Stretches:
    """Where and when the values in force are the same: between two of these days, by knowledge between two of these
    publications, in each place that a block names, and in all others alike."""

    days: tuple[date, ...]
    publications: tuple[date, ...]
    places: frozenset[str]

    def first(self, place: str, as_of: date, known_on: date | None) -> tuple[str, date, date | None]:
        """One place, day and day of knowledge for all that have the same values in force."""
        day = bisect_right(self.days, as_of)
        known = len(self.publications) if known_on is None else bisect_right(self.publications, known_on)
        return (
            place if place in self.places else "",
            self.days[day - 1] if day else date.min,
            None if known == len(self.publications) else self.publications[known - 1] if known else date.min,
        )


def stretches_of(merged: MergedPolicy) -> Stretches:
    """A value begins, ends, or becomes too old on each of the days."""
    days: set[date] = set()
    publications: set[date] = set()
    places: set[str] = set()
    for parameter in merged.elements.parameters.values():
        days.update(day for block in parameter.blocks if (day := stale_from(parameter, block.origin)) is not None)
    held: Iterator[Parameter | NamedList] = chain(merged.elements.parameters.values(), merged.elements.lists.values())
    for block in (block for one in held for block in one.blocks):
        origin = block.origin
        known = origin.published or origin.start
        if origin.start is not None:
            days.add(origin.start)
        if origin.until is not None and origin.until < date.max:
            days.add(origin.until + timedelta(1))
        if known is not None:
            publications.add(known)
        places |= block.counties
    return Stretches(tuple(sorted(days)), tuple(sorted(publications)), frozenset(places))


def parameter_in_force(parameter: Parameter, place: str, as_of: date, known_on: date | None) -> dict[Key, ValueInForce]:
    """The values of one parameter by key."""
    found: dict[Key, ValueInForce] = {}
    taken: dict[Key, list[WholeRange]] = {}
    for index, block in _blocks_in_force(parameter.blocks, place, as_of, known_on):
        since = stale_from(parameter, block.origin)
        stale = since is not None and as_of >= since
        added: list[Key] = []
        for key, cell in block.cells.items():
            for free in () if key in found else _uncovered(key, taken):
                found[free] = ValueInForce(cell, index, stale)
                added.append(free)
        for key in added:  # keys of one block do not overlap
            _take(key, taken)
    return found


def stale_from(parameter: Parameter, origin: Origin) -> date | None:
    """The first day on which a value is older than it is to become; None where that is never."""
    if parameter.review_after is None or origin.start is None:
        return None
    last = shift_months(origin.start, parameter.review_after)
    return None if last == date.max else last + timedelta(1)


def _started(block: Block | ListBlock, place: str, as_of: date, known_on: date | None) -> bool:
    origin = block.origin
    if block.counties and place not in block.counties:
        return False
    if origin.start is not None and as_of < origin.start:
        return False
    known = origin.published or origin.start
    return known_on is None or known is None or known <= known_on


def precedence(block: Block | ListBlock, index: int) -> tuple[int, date, date, bool, int]:
    """Later in this order stands in front: depth, start, publication; of one day a partial block.

    The place in the file settles only what `check` refuses: two blocks from one day for one key.
    """
    start = block.origin.start or date.min
    partial = isinstance(block, Block) and block.partial
    return block.origin.depth, start, block.origin.published or start, partial, index


def _blocks_in_force(
    blocks: Sequence[Block], place: str, as_of: date, known_on: date | None
) -> Iterator[tuple[int, Block]]:
    """The blocks that count, those in front first, with their index in the parameter."""
    started = [(i, block) for i, block in enumerate(blocks) if _started(block, place, as_of, known_on)]
    started.sort(key=lambda entry: precedence(entry[1], entry[0]), reverse=True)
    closed: set[str] = set()
    for index, block in started:
        file = block.origin.policy
        if file in closed:
            continue
        if block.origin.until is None or as_of <= block.origin.until:
            yield index, block
        if not block.partial:
            closed.add(file)


def spot_of(key: Key) -> int | None:
    """The place of a key's first range."""
    return next((place for place, part in enumerate(key) if isinstance(part, WholeRange)), None)


def _take(key: Key, taken: dict[Key, list[WholeRange]]) -> None:
    """Note what a key with a range covers, by the rest of the key, in order of counts."""
    spot = spot_of(key)
    if spot is not None:
        part = key[spot]
        assert isinstance(part, WholeRange)
        insort(taken.setdefault((*key[:spot], *key[spot + 1 :]), []), part, key=_least)


def _uncovered(key: Key, taken: dict[Key, list[WholeRange]]) -> list[Key]:
    """What of a key is not covered by the keys in front of it, `taken` by the rest of the key."""
    spot = spot_of(key)
    if spot is None:
        return [key]
    own = key[spot]
    assert isinstance(own, WholeRange)
    others = taken.get((*key[:spot], *key[spot + 1 :]), [])
    free = [key]
    # of ranges that do not overlap, only the last that begins before this one can reach into it
    for other in others[max(0, bisect_right(others, own.least, key=_least) - 1) :]:
        if own.most is not None and other.least > own.most:
            break
        free = [piece for each in free for piece in _cut(each, spot, other)]
    return free


def _least(part: WholeRange) -> int:
    return part.least


def _cut(key: Key, spot: int, taken: WholeRange) -> list[Key]:
    own = key[spot]
    assert isinstance(own, WholeRange)
    pieces = []
    if own.least < taken.least:
        most = taken.least - 1 if own.most is None else min(own.most, taken.least - 1)
        pieces.append(WholeRange(own.least, most))
    if taken.most is not None and (own.most is None or own.most > taken.most):
        pieces.append(WholeRange(max(own.least, taken.most + 1), own.most))
    return [(*key[:spot], piece, *key[spot + 1 :]) for piece in pieces]


def list_in_force(
    blocks: Sequence[ListBlock], place: str, as_of: date, known_on: date | None
) -> frozenset[tuple[str, ...]] | None:
    """The rows of the block in front; None where none is in force. A list is always replaced as a whole: what it
    replaced in its file does not come back with its end."""
    started = [(i, block) for i, block in enumerate(blocks) if _started(block, place, as_of, known_on)]
    started.sort(key=lambda entry: precedence(entry[1], entry[0]), reverse=True)
    closed: set[str] = set()
    for _, block in started:
        if block.origin.policy in closed:
            continue
        if block.origin.until is None or as_of <= block.origin.until:
            return frozenset(block.rows)
        closed.add(block.origin.policy)
    return None
