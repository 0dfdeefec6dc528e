"""Whether any household reaches what no case has seen: a side of a threshold, or a truth that is, or is not.

In: a policy at a place and day, a `Site` and the word of what is to be seen there.  Out: the plainest household, a
proof for what is published there, of households that no check refuses, or why neither was found.
Imports evaluation, policy, program and this floor.
"""

from __future__ import annotations

from datetime import date
from typing import TypeAlias

from engine.evaluation.decision import Decision
from engine.policy.checked import CheckedPolicy
from engine.program.sites import Site
from engine.proof.aims import SIDES
from engine.proof.groups import MOST_MEMBERS, MOST_OTHERS, sizes_of
from engine.proof.inquiry import WORK
from engine.proof.outside import Unanalysed
from engine.proof.proposing import nearest
from engine.proof.results import Bound, Proved, Unsettled
from engine.proof.spots import comes_to
from engine.proof.terms import Bit
from engine.proof.variants import Beside, Household, Sized, decided
from engine.records import dataclass


@dataclass(frozen=True, slots=True, eq=False)
class Met:
    household: Household
    decision: Decision


Reached: TypeAlias = Met | Proved | Unsettled


def household_for(policy: CheckedPolicy, place: str, day: date, site: Site, aspect: str) -> Reached:
    """Args: aspect: `below`, `at`, `above`, `true` or `false`."""
    beside, left, anybody = Beside(policy, place, day), False, False
    sizes = sizes_of([beside.program], MOST_MEMBERS, MOST_OTHERS)
    try:
        for one in sizes:
            sized = Sized(beside, one, WORK)
            bit = _bit(sized, site, aspect)
            answer = sized.question.ask(bit)
            found = sized.find(bit) if answer == "some" else None
            decision = None if found is None else decided(beside.itself, found.household)
            if found is not None and decision is not None:
                return Met(found.household, decision)
            left |= answer != "none"
            anybody = anybody or sized.question.ask(True) == "some"
    except Unanalysed as outside:
        return Unsettled(outside.reason, outside.span)
    if not anybody:
        return Unsettled("nothing-decided")
    return Unsettled("limit") if left else Proved(Bound({id: max(one[id][1] for one in sizes) for id in sizes[0]}, ()))


def _bit(sized: Sized, site: Site, aspect: str) -> Bit:
    if aspect in SIDES:
        return nearest(sized, site, aspect)
    return comes_to(sized.world, sized.base, site, truth=aspect == "true")
