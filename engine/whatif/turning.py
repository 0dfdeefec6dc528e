"""The nearest changes that turn an answer: of one fact, or of two where no one of them does.

In: a `Ground`, axes, the answer that is wanted.  Out: `Turn`s.
Of a stretch it is asked at once whether all of it, none of it or some of it gives the answer; what is not settled is
halved, the nearest part first, so that the first position found is the nearest there is. Of two facts it is the nearest
of the first that some change of the second completes, and then the nearest of the second; then neither can be less as
long as the other is as it is.
Imports this floor.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from heapq import heappop, heappush
from typing import Final, Literal, TypeAlias

from engine.language.values import UNKNOWN
from engine.records import dataclass
from engine.whatif.axes import Axis, Span
from engine.whatif.completing import Completions, Open
from engine.whatif.ground import Changes, Ground

MOST_HALVINGS: Final = 400
"""stretches looked at for one nearest change"""
_Answer: TypeAlias = Literal["all", "none", "some"]
Side: TypeAlias = tuple[Axis, Span, bool]


class TooManyHalvings(Exception):
    """The stretch where the answer turns was not found."""


@dataclass(frozen=True, slots=True, eq=False)
class Turn:
    """What the facts are changed to: of each its axis and position."""

    changes: tuple[tuple[Axis, int], ...]


class Turning:
    """Args:
    wanted: the answer, whether eligible, that is not the one it has.
    open_: what is not known of the household.

    Attributes:
        is_whole: whether all was looked at that was to be.
    """

    def __init__(self, ground: Ground, wanted: bool, open_: Open) -> None:
        self._ground, self._wanted = ground, wanted
        self._others = Completions(ground, not wanted, open_)
        self.is_whole = True

    def of_one(self, axes: Sequence[Axis]) -> Iterator[Turn]:
        for axis in axes:
            if self._may_turn([(axis, axis.whole)]):
                for span, backwards in axis.sides():
                    yield from self._turns([(axis, span, backwards)])

    def of_two(self, axes: Sequence[Axis]) -> Iterator[Turn]:
        """Args: axes: none of which turns it alone."""
        for at, one in enumerate(axes):
            for other in self._that_may(one, axes[at + 1 :]):
                for mine in one.sides():
                    for theirs in other.sides():
                        yield from self._pair((one, *mine), (other, *theirs))

    def _that_may(self, one: Axis, others: Sequence[Axis]) -> Iterator[Axis]:
        """Those that may turn it beside the one. Most cannot: it is asked of many at once, then of halves."""
        if not others or not self._may_turn([(axis, axis.whole) for axis in (one, *others)]):
            return
        if len(others) == 1:
            yield others[0]
            return
        middle = len(others) // 2
        yield from self._that_may(one, others[:middle])
        yield from self._that_may(one, others[middle:])

    def _pair(self, one: Side, other: Side) -> Iterator[Turn]:
        """Of both orders the one that changes less altogether."""
        found = [*self._turns([one, other])]
        if found and one[0].is_ordered and other[0].is_ordered and self._rests_on(found[0].changes[1][1], one, other):
            found += [Turn(turn.changes[::-1]) for turn in self._turns([other, one])]
        yield from sorted(found, key=_total)[:1]

    def _rests_on(self, position: int, one: Side, other: Side) -> bool:
        """Whether a change of the other that is less than this may do, if the one is changed more."""
        axis, (low, high), backwards = other
        if position == (high if backwards else low):
            return False
        nearer = (position + 1, high) if backwards else (low, position - 1)
        return self._may_turn([(one[0], one[1]), (axis, nearer)])

    def _may_turn(self, box: Sequence[tuple[Axis, Span]]) -> bool:
        return self._answer(box, {}) != "none"

    def _answer(self, box: Sequence[tuple[Axis, Span]], beside: Changes) -> _Answer:
        changes = {**beside, **{axis.place: axis.value(span) for axis, span in box}}
        verdict = self._ground.judge(changes)
        if verdict.sound is False or verdict.outcome is (not self._wanted):
            return "none"
        is_point = all(low == high for _, (low, high) in box)
        if verdict.outcome is not UNKNOWN and (is_point or verdict.sound is True):
            return "all"  # an unknown check refuses nobody
        if verdict.outcome is UNKNOWN and self._others.hold(changes, look=is_point):
            return "none"
        return "none" if is_point else "some"

    def _turns(self, sides: Sequence[Side]) -> Iterator[Turn]:
        try:
            found = self.nearest(sides, {})
        except TooManyHalvings:
            self.is_whole = False
            return
        if found is not None:
            yield Turn(tuple((axis, position) for (axis, _, _), position in zip(sides, found, strict=True)))

    def nearest(self, sides: Sequence[Side], beside: Changes) -> tuple[int, ...] | None:
        """The positions that give it, the first in the order of distances, those of the first side before all.

        Args:
            beside: what is changed besides.
        Raises: TooManyHalvings, OutOfWork.
        """
        waiting: list[tuple[tuple[int, ...], tuple[int, ...]]] = []  # least and greatest distance on every side
        done: set[tuple[int, ...]] = set()

        def look(near: tuple[int, ...], far: tuple[int, ...]) -> None:
            box = [(side[0], _span(side, *ends)) for side, *ends in zip(sides, near, far, strict=True)]
            answer = self._answer(box, beside)
            if answer == "all":
                done.add(near)
                far = near
            if answer != "none":
                heappush(waiting, (near, far))

        # options first: until one is chosen, little is known
        order = sorted(range(len(sides)), key=lambda at: not sides[at][0].options)
        look(tuple(0 for _ in sides), tuple(high - low for _, (low, high), _ in sides))
        for _ in range(MOST_HALVINGS):
            if not waiting:
                return None
            near, far = heappop(waiting)
            if near in done and near == far:
                return tuple(_position(side, at) for side, at in zip(sides, near, strict=True))
            # one fact after the other, for where it turns is mostly a straight line
            at = next((at for at in order if near[at] < far[at]), None)
            if at is None:
                continue
            middle = (near[at] + far[at]) // 2
            look(near, _with(far, at, middle))
            look(_with(near, at, middle + 1), far)
        raise TooManyHalvings


def _with(ends: tuple[int, ...], at: int, end: int) -> tuple[int, ...]:
    return (*ends[:at], end, *ends[at + 1 :])


def _span(side: Side, near: int, far: int) -> Span:
    first, last = _position(side, near), _position(side, far)
    return min(first, last), max(first, last)


def _position(side: Side, distance: int) -> int:
    _, (low, high), backwards = side
    return high - distance if backwards else low + distance


def _total(turn: Turn) -> int:
    return sum(abs(position - (axis.now or 0)) for axis, position in turn.changes)
