"""Whether a changed rule, or another value, can be told from what stands, by anything that a decision tells.

In: a policy at a place and day, and another expression at one of its steps, or other values of a parameter.  Out: a
proof that no complete household tells them apart, a household that does, or why neither was found. First every
published amount may be anything within its range; a household is then sought for the values that are published. What
the other options of readings give is told, too, one at a time: so it is asked under each of them.
Imports policy, program, language and this floor.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from typing import Final, Literal, TypeAlias

from engine.evaluation.decision import Decision
from engine.language.core import CoreExpression
from engine.policy.checked import CheckedPolicy, Owner, OwnerKind
from engine.policy.model import Parameter
from engine.proof.groups import MOST_MEMBERS, MOST_OTHERS, all_free, sizes_of
from engine.proof.inquiry import WORK
from engine.proof.outside import Unanalysed
from engine.proof.results import Bound, Proved, Unsettled
from engine.proof.variants import Beside, Household, Sized, Variant, decided
from engine.records import dataclass

_TOLD: Final[tuple[OwnerKind, ...]] = (
    "outcome",
    "cause",
    "condition",
    "exempted",
    "exemption",
    "output",
    "referral",
    "check",
)
"""what a decision tells, the plainest first"""


@dataclass(frozen=True, slots=True, eq=False)
class Apart:
    """A household that tells them apart, with its answer by the rule as it stands, and what differs first.

    Attributes:
        reading: the reading under another option of which it does; "" for those that are chosen.
    """

    household: Household
    decision: Decision
    differs: Owner
    reading: str


@dataclass(frozen=True, slots=True)
class OtherValues:
    """No household tells them apart by the values that are published; by others one may."""


Settled: TypeAlias = Proved | Apart | OtherValues | Unsettled


def settle_change(
    policy: CheckedPolicy,
    place: str,
    day: date,
    owner: Owner,
    node: CoreExpression,
    *,
    members: int = MOST_MEMBERS,
    others: int = MOST_OTHERS,
    work: int = WORK,
) -> Settled:
    return _settled(Beside(policy, place, day), lambda one: one.with_core(owner, node), "", (members, others, work))


def settle_values(
    policy: CheckedPolicy,
    place: str,
    day: date,
    parameter: Parameter,
    *,
    members: int = MOST_MEMBERS,
    others: int = MOST_OTHERS,
    work: int = WORK,
) -> Settled:
    """Args: parameter: as one of its values is another."""
    beside, limits = Beside(policy, place, day), (members, others, work)
    return _settled(beside, lambda one: one.with_parameter(parameter), parameter.id, limits)


def _settled(beside: Beside, change: Callable[[Beside], Variant], fixed: str, limits: tuple[int, int, int]) -> Settled:
    """Args: fixed: the parameter whose values are as they stand."""
    proved: Proved | None = None
    try:
        for reading, one in _under(beside):
            asking = _Asking(one, change(one), reading, fixed, *limits)
            if asking.any(free=True) != "none":
                found = asking.household()
                if isinstance(found, Apart):
                    decision = decided(beside.itself, found.household)
                    return Unsettled("limit") if decision is None else replace(found, decision=decision)
                return found
            proved = proved or Proved(Bound(asking.most, tuple(all_free(beside.case, fixed).free)))
    except Unanalysed as outside:
        return Unsettled(outside.reason, outside.span)
    assert proved is not None, "what is chosen comes first"
    return proved


def _under(beside: Beside) -> Iterator[tuple[str, Beside]]:
    """The policy as it is, then under each other option of a reading."""
    yield "", beside
    for id, reading in beside.policy.merged.elements.readings.items():
        slot = beside.program.reading_slots[id]
        for option, _ in reading.type.options:
            if option != beside.tables.options[slot]:
                policy = beside.with_option(id, option).prepared.policy
                yield id, Beside(policy, beside.place, beside.day)


class _Asking:
    def __init__(
        self, beside: Beside, variant: Variant, reading: str, fixed: str, members: int, others: int, work: int
    ) -> None:
        self._beside, self._variant, self._reading, self._fixed, self._work = beside, variant, reading, fixed, work
        self._sizes = sizes_of([beside.program, self._variant.program], members, others)
        self.most = {id: max(one[id][1] for one in self._sizes) for id in self._sizes[0]}
        same = beside.numbered(self._variant)
        steps = {step.owner: step for step in beside.program.every}
        self._told = [
            step.owner
            for kind in _TOLD
            for step in steps.values()
            if step.owner.kind == kind and (step.collection, step.slot) not in same
        ]

    def any(self, *, free: bool) -> Literal["some", "none", "unsettled"]:
        answer: Literal["none", "unsettled"] = "none"
        anybody = False
        for sized in self._each(free=free):
            anybody = anybody or sized.question.ask(True) == "some"
            for owner in self._told:
                found = sized.question.ask(sized.differs(owner, self._variant))
                if found == "some":
                    return found
                if found == "unsettled":
                    answer = found
        return answer if anybody else "unsettled"  # a proof of nobody is none

    def household(self) -> Settled:
        left = False
        sizes = list(self._each(free=False))
        for owner in self._told:
            for sized in sizes:
                bit = sized.differs(owner, self._variant)
                answer = sized.question.ask(bit)
                found = sized.find(bit) if answer == "some" else None
                if found is not None:
                    decision = decided(self._beside.itself, found.household)
                    if decision is None or not sized.agrees(found, self._beside.itself, decision):
                        raise AssertionError(f"decided otherwise than the solver says: {found.household}")
                    return Apart(found.household, decision, owner, self._reading)
                left |= answer != "none"
        return Unsettled("limit") if left else OtherValues()

    def _each(self, *, free: bool) -> Iterator[Sized]:
        return (Sized(self._beside, sizes, self._work, free=free, fixed=self._fixed) for sizes in self._sizes)
