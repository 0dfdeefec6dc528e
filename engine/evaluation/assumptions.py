"""The facts a household left out for which the declared default stands, and which of them matter.

In: the facts left out and a frame in which every step is worked out.  Out: `Assumed` entries.
A fact matters when, taken alone as unknown, it would be needed for the outcome. More unknowns never shrink what is
needed, so a group that is not needed when all of it is unknown holds none that matters.
Imports this floor.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from itertools import groupby
from typing import TYPE_CHECKING, Final

from engine.beside import kept_beside
from engine.evaluation.assumable import Assumable
from engine.evaluation.decision import Assumed
from engine.evaluation.facts import FactPlace, HouseholdFacts
from engine.evaluation.frame import Frame
from engine.evaluation.needs import NeededFact, is_settled, needed
from engine.evaluation.prepared import Prepared
from engine.evaluation.trial import Trial
from engine.gathered import gathered
from engine.language.types import Quantity
from engine.policy.model import Fact
from engine.program.model import Program

if TYPE_CHECKING:
    from engine.generated.supposing import Supposing


def assumed_facts(prepared: Prepared, left_out: Sequence[Assumable], frame: Frame) -> tuple[Assumed, ...]:
    """Every defaulted fact that the merged policy reads, in document order."""
    if not left_out:
        return ()
    matters = _found_at_once(prepared, frame, left_out)
    if matters is None:
        matters = _found_by_trials(prepared, frame, [one.place for one in left_out])
    return tuple([one.either[matter] for one, matter in zip(left_out, matters, strict=True)])


def left_out(prepared: Prepared, facts: HouseholdFacts) -> list[Assumable]:
    """Those that rules read."""
    places = (place for place in facts.defaulted if (place[0], place[2]) in prepared.program.used)
    found: list[Assumable] = []
    for (collection, index), of_item in groupby(places, lambda place: place[:2]):
        assumable = prepared.assumable.of(collection, index)
        found += [assumable[id] for _, _, id in of_item]
    return found


OFTEN: Final = 40
"""about so many households have to be asked about until code that tells it at once, made instead, would have paid"""


class _Asked:
    """Of a program, as readings are chosen."""

    def __init__(self, sharper: Program, options: tuple[str, ...]) -> None:
        self._sharper, self._options = sharper, options
        self._times = 0

    def supposing(self) -> Supposing | None:
        """What tells of many facts at once which of them matter; None until that is asked for often."""
        self._times += 1
        return self._supposing if self._times > OFTEN else None

    @cached_property
    def _supposing(self) -> Supposing:
        from engine.generated.supposing import Supposing

        return Supposing(self._sharper, self._options)


_asked = kept_beside(_Asked)


def _found_at_once(prepared: Prepared, frame: Frame, left_out: Sequence[Assumable]) -> Sequence[bool] | None:
    """Which of them matter; None where it takes trials to say."""
    if not is_settled(prepared.program, frame):
        return None
    supposing = _asked(prepared.sharper, frame.tables.options).supposing()
    if supposing is None:
        return None
    unknown = supposing.unsettling(frame, [one.at for one in left_out])
    if not unknown:
        return None if unknown is None else [False] * len(left_out)
    return [unknown >> at & 1 == 1 for at in range(len(left_out))]


def _found_by_trials(prepared: Prepared, frame: Frame, read: Sequence[FactPlace]) -> Sequence[bool]:
    alike = _alike(prepared, frame, read)
    candidates = list(dict.fromkeys(alike.values()))
    # the same fact of all items side by side: items are often alike, and so is the answer
    candidates.sort(key=lambda place: (place[0], place[2], place[1]))
    amounts = [place for place in candidates if isinstance(_fact(prepared, place).type, Quantity)]
    others = [place for place in candidates if not isinstance(_fact(prepared, place).type, Quantity)]
    # an expense counts only beside the fact that it is spent on, so apart from each other few of them matter
    matter = {place for group in (amounts, others) for place in _those_that_matter(prepared, frame, group)}
    return [alike.get(place) in matter for place in read]


def _alike(prepared: Prepared, frame: Frame, places: Sequence[FactPlace]) -> dict[FactPlace, FactPlace]:
    """For each fact that the outcome reads, one that gets the same answer: the same fact of the first item that is
    equal in all that the outcome reads, for no rule can tell two such items apart: an item sees the others only all
    together, so that the two may change places."""
    decides, inputs = prepared.program.deciding, prepared.program.inputs
    read = gathered((owner, inputs[owner, id].slot) for owner, id in sorted(decides) if (owner, id) in inputs)
    first: dict[object, FactPlace] = {}
    contents: dict[tuple[str, int], object] = {}
    alike = {}
    for place in places:
        collection, index, id = place
        if (collection, id) not in decides:
            continue
        if collection and (collection, index) not in contents:
            row = frame.every(collection)[index].row
            contents[collection, index] = tuple([row[slot] for slot in read[collection]])
        alike[place] = first.setdefault((collection, id, contents.get((collection, index))), place)
    return alike


_FEW: Final = 6
"""so few are tried one by one sooner than by halves"""


def _those_that_matter(prepared: Prepared, frame: Frame, group: Sequence[FactPlace]) -> list[FactPlace]:
    """Exactly those of the group that are needed when they alone are unknown, found by halving."""
    needed = _needed_together(prepared, frame, group) if group else []
    if len(group) == 1 or not needed:
        return needed
    if len(needed) <= _FEW:
        parts = [[place] for place in needed]
    else:
        middle = (len(needed) + 1) // 2
        parts = [needed[:middle], needed[middle:]]
    return [place for part in parts for place in _those_that_matter(prepared, frame, part)]


def _needed_together(prepared: Prepared, frame: Frame, group: Sequence[FactPlace]) -> list[FactPlace]:
    """Which of the group are needed when all of the group is unknown."""
    plain, program = prepared.program, prepared.sharper
    was_known = is_settled(plain, frame)
    unknown = {place: plain.inputs[place[0], place[2]].extent for place in group}
    with Trial(plain if was_known else program, frame, facts=unknown) as attempt:
        if was_known:
            if is_settled(plain, frame):
                return []  # all the more where tests narrow what is unknown
            attempt.narrow(program)
        if is_settled(program, frame):
            return []
        if was_known and len(group) == 1:
            return list(group)  # nothing else has made it unknown
        # where items rest on each other, one that is not of the group may wait for one that is
        items = None if program.joins else {(collection, index) for collection, index, _ in group}
        found = needed(program, frame, items)
    return [place for place in group if NeededFact(*place) in found]


def _fact(prepared: Prepared, place: FactPlace) -> Fact:
    return prepared.policy.merged.elements.fact(place[0], place[2])
