"""The facts a household left out for which the declared default stands, and which of them matter.

In: the reader's `defaulted` facts and a frame in which every step is worked out.  Out: `Assumed` entries.
A fact matters when, taken alone as unknown, it would be needed for the outcome. More unknowns never shrink what is
needed, so a group that is not needed when all of it is unknown holds none that matters.
Imports this floor.
"""

from __future__ import annotations

from collections.abc import Container, Sequence
from typing import Final

from engine.evaluation.decision import Assumed
from engine.evaluation.facts import FactPlace, HouseholdFacts, path_of
from engine.evaluation.frame import Frame
from engine.evaluation.needs import NeededFact, is_settled, needed
from engine.evaluation.prepared import Prepared
from engine.evaluation.trial import Trial
from engine.language.types import Quantity
from engine.policy.model import Fact


def assumed_facts(prepared: Prepared, facts: HouseholdFacts, frame: Frame) -> tuple[Assumed, ...]:
    """Every defaulted fact that the merged policy reads, in document order."""
    used = prepared.program.used
    read = [place for place in facts.defaulted if (place[0], place[2]) in used]
    matter = _found_at_once(prepared, frame, read)
    if matter is None:
        matter = _found_by_trials(prepared, facts, frame, read)
    return tuple([_assumed(prepared, place, place in matter) for place in read])


def _found_at_once(prepared: Prepared, frame: Frame, read: Sequence[FactPlace]) -> Container[FactPlace] | None:
    """Those that matter; None where it takes trials to say which."""
    supposing = prepared.supposing() if is_settled(prepared.program, frame) else None
    if supposing is None:
        return None
    inputs = prepared.program.inputs
    found = supposing.unsettling(frame, [(owner, index, inputs[owner, id].slot) for owner, index, id in read])
    if not found:
        return None if found is None else ()
    return {place for at, place in enumerate(read) if found >> at & 1}


def _found_by_trials(
    prepared: Prepared, facts: HouseholdFacts, frame: Frame, read: Sequence[FactPlace]
) -> Container[FactPlace]:
    alike = _alike(prepared, facts, read)
    candidates = list(dict.fromkeys(alike.values()))
    # the same fact of all items side by side: items are often alike, and so is the answer
    candidates.sort(key=lambda place: (place[0], place[2], place[1]))
    amounts = [place for place in candidates if isinstance(_fact(prepared, place).type, Quantity)]
    others = [place for place in candidates if not isinstance(_fact(prepared, place).type, Quantity)]
    # an expense counts only beside the fact that it is spent on, so apart from each other few of them matter
    matter = {place for group in (amounts, others) for place in _those_that_matter(prepared, frame, group)}
    return {place for place in read if alike.get(place) in matter}


def _alike(prepared: Prepared, facts: HouseholdFacts, places: Sequence[FactPlace]) -> dict[FactPlace, FactPlace]:
    """For each fact that the outcome reads, one that gets the same answer: the same fact of the first item that is
    equal in all that the outcome reads, for no rule can tell two such items apart: an item sees the others only all
    together, so that the two may change places."""
    decides = prepared.program.deciding
    first: dict[object, FactPlace] = {}
    contents: dict[tuple[str, int], object] = {}
    alike = {}
    for place in places:
        collection, index, id = place
        if (collection, id) not in decides:
            continue
        items = facts.items.get(collection)
        if isinstance(items, tuple) and (collection, index) not in contents:
            item = items[index]
            contents[collection, index] = tuple([item[key] for key in item if (collection, key) in decides])
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


def _assumed(prepared: Prepared, place: FactPlace, matters: bool) -> Assumed:
    label, value = prepared.defaults[place[0], place[2]]
    return Assumed(path_of(place), label, value, matters)


def _fact(prepared: Prepared, place: FactPlace) -> Fact:
    return prepared.policy.merged.elements.fact(place[0], place[2])
