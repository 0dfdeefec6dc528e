"""What is in force, as rows of which no two overlap: for which places, on which days, and known since when.

In: the blocks of a parameter or of a list, and what a reading is set to, each with its days.
Out: `Row`s: of a key, a place, a day and a day of knowledge at most one holds.
For a key the deepest level with a value in force wins, then the latest start, then the latest publication. A full block
ends every earlier block of its file from its start, even after its own end; a partial one stands in front of the others
for as long as it holds. Keys of whole ranges are cut so that no two overlap.
Worked out from the block in front to the one behind: each keeps of its days, places, publications and counts what
those in front of it leave free. So there are about as many rows as values, however many days and publications meet.
Imports model and language.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise, product
from operator import itemgetter
from typing import Final, Generic, NamedTuple, TypeAlias, TypeVar

from engine.gathered import gathered
from engine.language.values import shift_months
from engine.policy.model import (
    Block,
    Cell,
    Cut,
    Key,
    ListBlock,
    NamedList,
    Origin,
    Parameter,
    Range,
    Reading,
)
from engine.policy.territory import Division, stands_with
from engine.records import dataclass

V = TypeVar("V")

Listed: TypeAlias = frozenset[tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Places:
    """Those that are named; or, `but`, all but those."""

    named: frozenset[str] = frozenset()
    but: bool = True

    def __contains__(self, place: str) -> bool:
        return (place in self.named) != self.but

    def __and__(self, other: Places) -> Places:
        match self.but, other.but:
            case True, True:
                return Places(self.named | other.named)
            case True, False:
                return Places(other.named - self.named, but=False)
            case False, True:
                return Places(self.named - other.named, but=False)
        return Places(self.named & other.named, but=False)

    def __sub__(self, other: Places) -> Places:
        return self & Places(other.named, not other.but)

    def __bool__(self) -> bool:
        """Whether there is any: of those that are not named there always is."""
        return self.but or bool(self.named)


EVERYWHERE: Final = Places()


@dataclass(frozen=True, slots=True)
class Row(Generic[V]):
    """A value, and where, when and to whom it is in force.

    Attributes:
        key: one written key, or what of its counts no other row in front takes.
        start, end: the days from `start` up to and without `end`; None where that side is open.
        known_from, known_until: likewise the days on which it is what was known; what is known by now is in the rows
            whose `known_until` is open.
        block: the place of the block among those of the parameter or list.
        stale_from: the first day on which it is older than the parameter is to become.
    """

    key: Key
    places: Places
    start: date | None
    end: date | None
    known_from: date | None
    known_until: date | None
    value: V
    block: int
    origin: Origin
    stale_from: date | None = None

    def is_for(self, day: date) -> bool:
        """Whether it is about a day, whenever it was known."""
        return (self.start is None or self.start <= day) and (self.end is None or day < self.end)

    def holds(self, place: str, day: date, known_on: date | None) -> bool:
        """Whether it is in force; without `known_on`, by all that was ever published."""
        if not self.is_for(day):
            return False
        if self.known_until is not None and (known_on is None or known_on >= self.known_until):
            return False
        if known_on is not None and self.known_from is not None and known_on < self.known_from:
            return False
        return place in self.places


def rows_of_parameter(parameter: Parameter) -> tuple[Row[Cell], ...]:
    """The rows of a parameter, those of the block in front first, in the order in which it was written."""
    spot = next((spot_of(key) for block in parameter.blocks for key in block.cells), None)
    tables = cut_apart([block.cells for block in parameter.blocks], spot)
    found = _swept([_Layer.of(index, block, tables[index]) for index, block in enumerate(parameter.blocks)])
    if parameter.review_after is None:
        return tuple(found)
    return tuple(replace(row, stale_from=stale_from(parameter, row.origin)) for row in found)


def cut_apart(tables: Sequence[Mapping[Key, V]], but: int | None) -> Sequence[Mapping[Key, V]]:
    """The same values by keys of which any two ranges in one place are the same or have nothing in common; those in the
    place `but` stay as they are written."""
    parts = ((place, part) for table in tables for key in table for place, part in enumerate(key) if place != but)
    written = gathered(dict.fromkeys((place, part) for place, part in parts if isinstance(part, Range)))
    if not written:
        return tables
    pieces = {place: {part: tuple(_pieces(part, parts)) for part in parts} for place, parts in written.items()}

    def cut(key: Key) -> Iterator[Key]:
        yield from product(
            *(
                pieces[place][part] if isinstance(part, Range) and place in pieces else (part,)
                for place, part in enumerate(key)
            )
        )

    return [{piece: value for key, value in table.items() for piece in cut(key)} for table in tables]


def _pieces(part: Range, others: Iterable[Range]) -> Iterator[Range]:
    """A range cut wherever one of the others begins or ends."""
    cuts: set[Cut] = {cut for one in others for cut in (one.start, one.end)}
    inner = sorted(cut for cut in cuts if part.start < cut < part.end)
    for start, end in pairwise([part.start, *inner, part.end]):
        yield part.between(start, end)


def rows_of_list(listed: NamedList) -> tuple[Row[Listed], ...]:
    """The rows of a list, whose value is a whole set of tuples."""
    layers = (_Layer.of(index, block, {(): frozenset(block.rows)}) for index, block in enumerate(listed.blocks))
    return tuple(_swept(list(layers)))


def rows_of_reading(reading: Reading, divisions: Mapping[str, Division]) -> tuple[Row[str], ...]:
    """The rows of a reading: what was chosen first, on every day on which it is there, and what it is set to, of which
    a later one stands in front of the earlier ones, which show again after its end. A zone follows its county."""
    first = reading.chosen_origin
    always = _box(replace(first, start=None, until=None, published=None), EVERYWHERE)
    choices = [(reading.chosen, first, always)]
    for one in reading.settings:
        held = frozenset(code for code in divisions if stands_with(code, divisions) in one.counties)
        places = Places(held, but=False) if one.counties else EVERYWHERE
        choices.append((one.option, one.origin, _box(one.origin, places)))
    layers = [
        _Layer((0, date.min, date.min, True, index), index, origin, True, box, {(): option})
        for index, (option, origin, box) in enumerate(choices)
    ]
    return tuple(_swept(layers))


def stale_from(parameter: Parameter, origin: Origin) -> date | None:
    """The first day on which a value is older than it is to become; None where that is never."""
    if parameter.review_after is None or origin.start is None:
        return None
    last = shift_months(origin.start, parameter.review_after)
    return None if last == date.max else last + timedelta(1)


def precedence(block: Block | ListBlock, index: int) -> tuple[int, date, date, bool, int]:
    """Later in this order stands in front: depth, start, publication; of one day a partial block.

    The place in the file settles only what `check` refuses: two blocks from one day for one key.
    """
    start = block.origin.start or date.min
    partial = isinstance(block, Block) and block.partial
    return block.origin.depth, start, block.origin.published or start, partial, index


Rank: TypeAlias = tuple[int, date, date, bool, int]

# ---- boxes: stretches of days, of knowledge and of counts or amounts, and places

_NEVER: Final = date.max.toordinal() + 1


class _Box(NamedTuple):
    """`end`, `until` and `most` are the first that are no longer in it."""

    start: int
    end: int
    known: int
    until: int
    places: Places
    least: Cut = 0
    most: Cut = 1

    def meets(self, other: _Box) -> bool:
        return (
            self.start < other.end
            and other.start < self.end
            and self.known < other.until
            and other.known < self.until
            and self.least < other.most
            and other.least < self.most
            and bool(self.places & other.places)
        )

    def without(self, other: _Box) -> Iterator[_Box]:
        """What of it is left, where the two meet. Counts are cut last: on the days, at the places and with the
        knowledge of `other` only, so that elsewhere a written range stays whole."""
        if self.start < other.start:
            yield self._replace(end=other.start)
        if other.end < self.end:
            yield self._replace(start=other.end)
        both = self._replace(start=max(self.start, other.start), end=min(self.end, other.end))
        if self.known < other.known:
            yield both._replace(until=other.known)
        if other.until < self.until:
            yield both._replace(known=other.until)
        both = both._replace(known=max(self.known, other.known), until=min(self.until, other.until))
        if outside := self.places - other.places:
            yield both._replace(places=outside)
        both = both._replace(places=self.places & other.places)
        if self.least < other.least:
            yield both._replace(most=other.least)
        if other.most < self.most:
            yield both._replace(least=other.most)


_BEGINS: Final = itemgetter(0, 2)
"""the days on which a box begins, and from which it is known"""


def _box(origin: Origin, places: Places) -> _Box:
    start = origin.start.toordinal() if origin.start else 0
    end = origin.until.toordinal() + 1 if origin.until else _NEVER
    known = origin.published or origin.start
    return _Box(start, end, known.toordinal() if known else 0, _NEVER, places)


def _left(boxes: list[_Box], taken: Iterable[_Box]) -> list[_Box]:
    for one in taken:
        if any(box.meets(one) for box in boxes):
            boxes = [piece for box in boxes for piece in (box.without(one) if box.meets(one) else (box,))]
    return boxes


# ---- the sweep


@dataclass(frozen=True, slots=True)
class _Layer(Generic[V]):
    """A block on its own days. `rank`: a higher one stands in front."""

    rank: Rank
    index: int
    origin: Origin
    partial: bool
    box: _Box
    cells: Mapping[Key, V]

    @staticmethod
    def of(index: int, block: Block | ListBlock, cells: Mapping[Key, V]) -> _Layer[V]:
        places = Places(block.counties, but=False) if block.counties else EVERYWHERE
        partial = isinstance(block, Block) and block.partial
        return _Layer(precedence(block, index), index, block.origin, partial, _box(block.origin, places), cells)


class _Closed:
    """What full blocks of one file have ended for good: from their start, to whoever knows of them."""

    def __init__(self) -> None:
        self._boxes: list[tuple[_Box, int, int]] = []

    def add(self, box: _Box) -> None:
        _, start, known = self._boxes[-1] if self._boxes else (box, _NEVER, _NEVER)
        self._boxes.append((box._replace(end=_NEVER), min(start, box.start), min(known, box.known)))

    def leave(self, box: _Box) -> list[_Box]:
        """The next in front first; none of those further in front is looked at that begins, or was published, later
        than all that is left."""
        left = [box] if box.start < box.end else []
        for closing, start, known in reversed(self._boxes):
            if not any(start < piece.end and known < piece.until for piece in left):
                break
            left = _left(left, (closing,))
        return left


_Taken: TypeAlias = Mapping[str, tuple[_Box, ...]]
"""by the file whose full block takes it, "" for partial ones: what a full block takes of its own file is closed too"""
_Ranges: TypeAlias = tuple[tuple[Cut, Cut], ...]


def _swept(layers: Sequence[_Layer[V]]) -> list[Row[V]]:
    rows: list[Row[V]] = []
    closed: dict[str, _Closed] = {}
    nothing: _Taken = {}
    taken: dict[Key, _Taken] = {}
    for layer in sorted(layers, key=lambda one: one.rank, reverse=True):
        file = layer.origin.policy
        free = closed.setdefault(file, _Closed()).leave(layer.box)
        found: dict[Key, list[_Box]] = {}
        like: dict[tuple[int, _Ranges], tuple[_Taken, list[list[_Box]], _Taken]] = {}
        for rest, keys in _by_rest(layer.cells).items() if free else ():
            before = taken.get(rest, nothing)
            # keys that stand in the same blocks, as the counties of a table do, are worked out once
            same = id(before), tuple(_range(key) for key in keys)
            if same not in like:
                own = [_own(free, one, before, file) for one in same[1]]
                owner = "" if layer.partial else file
                more = (*before.get(owner, ()), *(box for boxes in own for box in boxes))
                like[same] = before, own, {**before, owner: more}
            _, own, taken[rest] = like[same]
            found.update(zip(keys, own, strict=True))
        rows.extend(_row(key, box, value, layer) for key, value in layer.cells.items() for box in found.get(key, ()))
        if not layer.partial:
            closed[file].add(layer.box)
    return rows


def _own(free: list[_Box], counts: tuple[Cut, Cut], before: _Taken, file: str) -> list[_Box]:
    """What a key of these counts has of the free boxes. Those that begin first are taken away first: what begins later
    then cuts the last piece only."""
    others = [one for owner, held in before.items() if owner != file for one in held]
    found: list[_Box] = []
    for box in (box._replace(least=counts[0], most=counts[1]) for box in free):
        start, end, known, until = box[:4]
        near = [
            one for one in others if one.start < end and start < one.end and one.known < until and known < one.until
        ]
        found += _left([box], sorted(near, key=_BEGINS))
    return sorted(found, key=lambda box: (box.least, box.start, box.known))


def _by_rest(cells: Mapping[Key, V]) -> dict[Key, list[Key]]:
    found: dict[Key, list[Key]] = {}
    for key in cells:
        spot = spot_of(key)
        found.setdefault(key if spot is None else (*key[:spot], *key[spot + 1 :]), []).append(key)
    return found


def spot_of(key: Key) -> int | None:
    """The place of a key's first range."""
    return next((place for place, part in enumerate(key) if isinstance(part, Range)), None)


def _range(key: Key) -> tuple[Cut, Cut]:
    """Where its range begins and ends; of a key without one the whole of a box."""
    spot = spot_of(key)
    part = None if spot is None else key[spot]
    return (part.start, part.end) if isinstance(part, Range) else (0, 1)


def _row(key: Key, box: _Box, value: V, layer: _Layer[V]) -> Row[V]:
    spot = spot_of(key)
    part = None if spot is None else key[spot]
    if spot is not None and isinstance(part, Range):
        key = (*key[:spot], part.between(box.least, box.most), *key[spot + 1 :])
    start, end, known, until = (_day(ordinal) for ordinal in (box.start, box.end, box.known, box.until))
    return Row(key, box.places, start, end, known, until, value, layer.index, layer.origin)


def _day(ordinal: int) -> date | None:
    return date.fromordinal(ordinal) if 0 < ordinal < _NEVER else None
