"""What can still be found out, so that the answer is a certain one.

In: a `Ground`, an answer, what is changed of the household.  Out: values of facts that are not known, with which the
answer is that whatever the rest may be. Of an amount or a date its least and its greatest are tried, of a choice every
option, of a list that was not given the list without items.
Imports this floor.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, assert_never

from engine.evaluation.needs import Needed, NeededFact, NeededItems, NeededValue
from engine.language.values import UNKNOWN, Value
from engine.whatif.axes import Axis
from engine.whatif.ground import Changes, Ground

MOST_TRIED: Final = 200
"""values tried until it is given up"""
_MOST_KEPT: Final = 20
_MOST_FAILED: Final = 30
"""ways looked for in vain until no more are"""

Open = Mapping[tuple[str, int, str], Axis | None]
"""what is not known: facts, and lists without an axis"""


def place_of(needed: Needed) -> tuple[str, int, str] | None:
    """None of a value that is not published: no household has it."""
    match needed:
        case NeededFact(collection=collection, index=index, id=id):
            return collection, index, id
        case NeededItems(collection=collection):
            return collection, -1, ""
        case NeededValue():
            return None
    assert_never(needed)


class Completions:
    """Ways to complete a household so that it has the answer `goal`, kept for the next question.

    Attributes:
        gave_up: whether some way was given up for which more would have had to be tried.
    """

    def __init__(self, ground: Ground, goal: bool, open_: Open) -> None:
        self._ground, self._goal, self._open = ground, goal, open_
        self._kept: list[Changes] = []
        self.gave_up = False
        self._failed = 0

    def hold(self, changes: Changes, *, look: bool) -> bool:
        """Whether the answer can be the goal for all that the changes stand for.

        Args:
            look: also for ways that are not known yet.
        """
        for one in self._kept:
            if self._ground.judge({**one, **changes}).outcome is self._goal:
                return True
        if not (look and self._open and len(self._kept) < _MOST_KEPT and self._failed < _MOST_FAILED):
            return False
        found = self.way(changes)
        if found is None:
            self._failed += 1
            return False
        self._kept.insert(0, found)
        return True

    def way(self, changes: Changes, *, sound: bool = False) -> Changes | None:
        """Values of what is not known, none of which is superfluous where the others stand.

        Args:
            sound: none that a data check refuses.
        """
        tried = [0]
        found = self._from(dict(changes), {}, tried, sound=sound)
        if found is None:
            self.gave_up = self.gave_up or tried[0] > MOST_TRIED
            return None
        for place in list(found):
            without = {one: value for one, value in found.items() if one != place}
            if self._gives({**changes, **without}, sound=sound):
                found = without
        return found

    def _gives(self, changes: Changes, *, sound: bool) -> bool:
        verdict = self._ground.judge(changes)
        return verdict.outcome is self._goal and not (sound and verdict.sound is False)

    def _from(self, changes: Changes, chosen: Changes, tried: list[int], *, sound: bool) -> Changes | None:
        together = {**chosen, **changes}
        verdict = self._ground.judge(together)
        tried[0] += 1
        if verdict.outcome is self._goal and not (sound and verdict.sound is False):
            return chosen
        if verdict.outcome is not UNKNOWN or (sound and verdict.sound is False) or tried[0] > MOST_TRIED:
            return None
        wanted = {place_of(one) for one in self._ground.needed(together)}
        place = next((one for one in self._open if one in wanted and one not in together), None)
        if place is None:
            return None
        for value in _tried(self._open[place]):
            found = self._from(changes, {**chosen, place: value}, tried, sound=sound)
            if found is not None:
                return found
        return None


def _tried(axis: Axis | None) -> Iterator[Value | tuple[()]]:
    if axis is None:
        yield ()
    elif axis.options:
        yield from axis.options
    else:
        yield from (axis.value((end, end)) for end in axis.whole)
