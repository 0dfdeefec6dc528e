"""The smallest sets of facts, not known yet, that would settle an answer.

In: a `Ground` whose answer is not known, an answer.  Out: `Way`s: of each fact the stretch in which it has to lie.
A set of facts is passed over where the others can be such that the answer is not this one whatever these are; the ways
in which they can are kept, for each of them rules out many sets. Sets of up to three facts are all looked at; where
none of these settles it, a set is told of which nothing can be left out.
Imports this floor.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Final

from engine.evaluation.facts import FactPlace
from engine.language.values import UNKNOWN
from engine.records import dataclass
from engine.whatif.axes import Axis, Span
from engine.whatif.completing import Completions, Open, place_of
from engine.whatif.ground import MOST_WORK, Changes, Ground, OutOfWork, Verdict
from engine.whatif.turning import TooManyHalvings, Turning

MOST_TOGETHER: Final = 3
"""facts that are looked at together, whichever they are"""
MOST_WAYS: Final = 5
"""sets told of one size"""


@dataclass(frozen=True, slots=True, eq=False)
class Way:
    """`spans`: of each fact where it has to lie; `lists`: lists that have no items."""

    spans: tuple[tuple[Axis, Span], ...]
    lists: tuple[str, ...]
    smallest: bool

    def at(self, end: int) -> Changes:
        """All facts at their least, or at their greatest."""
        empty: Changes = {(collection, -1, ""): () for collection in self.lists}
        return {**empty, **{axis.place: axis.value((span[end], span[end])) for axis, span in self.spans}}


class Settling:
    def __init__(self, ground: Ground, goal: bool, open_: Open) -> None:
        self._ground, self._goal, self._open = ground, goal, open_
        self._turning = Turning(ground, goal, open_)
        self._others = Completions(ground, not goal, open_)
        wanted = {place_of(one) for one in ground.needed({})}
        self._waiting = [place for place in open_ if place in wanted]
        self.is_whole = True

    def ways(self) -> list[Way]:
        completions = Completions(self._ground, self._goal, self._open)
        whole: Changes | None = None
        is_smallest = False
        try:
            self._ground.left = 3 * MOST_WORK // 8  # for either answer, with what is kept for widening
            whole = completions.way({}, sound=True)
            self.is_whole = not completions.gave_up
            most = MOST_TOGETHER if whole is None else min(MOST_TOGETHER, len(whole))
            for size in range(1, most + 1):
                found = list(self._of(size))
                if found:
                    return found
            is_smallest = self.is_whole and whole is not None and len(whole) <= most + 1
        except OutOfWork:
            self.is_whole = False
        self._ground.left = MOST_WORK // 8
        return [] if whole is None else [self._widened(whole, smallest=is_smallest)]

    def _of(self, size: int) -> Iterator[Way]:
        told = 0
        for places in combinations(self._waiting, size):
            found = self._settles(places)
            if found is not None:
                yield self._widened(found, smallest=self.is_whole)
                told += 1
                if told == MOST_WAYS:
                    break

    def _settles(self, places: Sequence[FactPlace]) -> Changes | None:
        """Values of these with which the rest is of no account."""
        axes = [axis for place in places if (axis := self._open[place]) is not None]
        empty: Changes = {place: () for place in places if self._open[place] is None}
        box: Changes = {**empty, **{axis.place: axis.value(axis.whole) for axis in axes}}
        verdict = self._ground.judge(box)
        if verdict.sound is False or (verdict.outcome is UNKNOWN and self._others.hold(box, look=True)):
            return None
        if not axes:
            return empty if verdict.outcome is self._goal else None
        try:
            found = self._turning.nearest([(axis, axis.whole, False) for axis in axes], empty)
        except TooManyHalvings:
            self.is_whole = False
            return None
        if found is None:
            return None
        return {**empty, **{axis.place: axis.value((at, at)) for axis, at in zip(axes, found, strict=True)}}

    def _widened(self, changes: Changes, *, smallest: bool) -> Way:
        """As far around these values as it is settled, one fact after the other."""
        lists = tuple(place[0] for place in changes if self._open[place] is None)
        found = [(axis, axis.position(changes[place])) for place in changes if (axis := self._open[place]) is not None]
        alone = Way(tuple((axis, (at, at)) for axis, at in found), lists, smallest)
        try:
            return self._widest_of(changes, alone)
        except OutOfWork:
            self.is_whole = False
            return alone

    def _widest_of(self, changes: Changes, alone: Way) -> Way:
        standing = self._ground.judge(changes)
        way, spans = dict(changes), list[tuple[Axis, Span]]()
        for axis, (at, _) in alone.spans:
            span = at, at
            for end in (0, 1) if axis.is_ordered else ():
                span = self._widest(way, axis, span, end, standing)
                way[axis.place] = axis.value(span)
            spans.append((axis, span))
        wide = Way(tuple(spans), alone.lists, alone.smallest)
        # a check that hangs on what is not known yet may still refuse what lies at an end
        refused = any(self._ground.judge(wide.at(end)).sound is False for end in (0, 1))
        return alone if refused else wide

    def _widest(self, way: Changes, axis: Axis, span: Span, end: int, standing: Verdict) -> Span:
        """One of the ends moved out as far as it goes, found by halving: what holds of a stretch holds of its parts."""
        surely, beyond = span[end], axis.whole[end]
        step = 1 if end else -1
        while surely != beyond:
            middle = surely + step * ((abs(beyond - surely) + 1) // 2)
            wider = (span[0], middle) if end else (middle, span[1])
            verdict = self._ground.judge({**way, axis.place: axis.value(wider)})
            if verdict.outcome is self._goal and verdict.is_as_sound_as(standing):
                surely = middle
            else:
                beyond = middle - step
        return (span[0], surely) if end else (surely, span[1])
