"""Cases that a policy should have, proposed: for each aim the plainest household that shows it.

In: a policy at a place and day, and what each change of its overlay is called.  Out: `Proposals`: households with the
interpreter's answer, what no household shows, and what was not settled. A household that was found for one thing and
shows another, too, serves both; an aim on which an outcome turns is sought first as such.
Imports evaluation, policy, program and this floor.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import field
from datetime import date
from functools import cached_property, partial
from typing import Final, TypeAlias, assert_never

from engine.evaluation.decision import Decision
from engine.language.elaborate import negate
from engine.policy.checked import CheckedPolicy, Owner
from engine.policy.model import Change
from engine.program.link import OUTCOME
from engine.program.sites import Site, rebuilt
from engine.proof import terms
from engine.proof.aims import (
    Aim,
    Alone,
    Changed,
    Never,
    Open,
    Proposals,
    Proposed,
    Read,
    Shown,
    Side,
    Threshold,
    Turning,
    changes,
    conditions,
    readings,
    thresholds,
)
from engine.proof.compared import apart, decided_by
from engine.proof.groups import MOST_MEMBERS, MOST_OTHERS, sizes_of
from engine.proof.inquiry import WORK
from engine.proof.outside import Unanalysed
from engine.proof.question import DIRECTIONS
from engine.proof.results import Contradiction, Direction, Proved, Unsettled, Witness
from engine.proof.spots import apart_by
from engine.proof.terms import Bit
from engine.proof.variants import Beside, Found, Household, Sized, Variant, decided, holds, owners
from engine.records import dataclass

Without: TypeAlias = Callable[[int], CheckedPolicy | None]
"""the policy without the change of its overlay at a place; None where it cannot be without it"""
Asked: TypeAlias = Callable[[Sized], Bit]
_FARTHEST: Final = 10**15


class SolverWrong(AssertionError):
    """The solver found a household, and the interpreter says otherwise: a fault of the program itself."""


@dataclass(slots=True, eq=False)
class _Held:
    """A case on its way."""

    sized: Sized | None
    found: Found | None
    household: Household
    decision: Decision
    shows: list[Shown] = field(default_factory=list)


@dataclass(frozen=True, slots=True, eq=False)
class _Way:
    """One way of showing an aim: what of it turns, what has to hold, and by which variant it would be otherwise."""

    turns: Turning
    bit: Asked
    beside: Variant | None


def propose(
    policy: CheckedPolicy,
    place: str,
    day: date,
    named: Sequence[tuple[str, Change]] = (),
    without: Without = lambda _: None,
    *,
    members: int = MOST_MEMBERS,
    others: int = MOST_OTHERS,
    work: int = WORK,
) -> Proposals:
    """Args:
    named: the changes of the policy's own overlay, each with what it is called.
    members, others: up to how many items households are looked for: of lists that are never empty, and of all others.
    """
    made = _Proposing(Beside(policy, place, day), without, members, others, work)
    elements = policy.merged.elements
    for aim in thresholds(made.beside.program):
        made.seek(aim)
    for aim in conditions(made.beside.program):
        made.seek(aim)
    for aim in readings(elements.readings):
        made.seek(aim)
    if named:
        overlay = policy.merged.chain.overlays[-1].header.id
        for aim in changes(overlay, named):
            made.seek(aim)
    return made.proposals()


class _Proposing:
    def __init__(self, beside: Beside, without: Without, members: int, others: int, work: int) -> None:
        self.beside, self._without, self._members, self._others, self._work = beside, without, members, others, work
        self._sizes = sizes_of([beside.program], members, others)
        self._sized: dict[int, Sized] = {}
        self._variants: dict[object, Variant] = {}
        self._distances: dict[object, Bit] = {}
        self._held: list[_Held] = []
        self._never: list[Never] = []
        self._open: list[Open] = []

    def proposals(self) -> Proposals:
        most = {id: max(one[id][1] for one in self._sizes) for id in self._sizes[0]}
        cases = tuple(Proposed(one.household, one.decision, tuple(one.shows)) for one in self._held)
        return Proposals(cases, tuple(self._never), tuple(self._open), most)

    def seek(self, aim: Aim) -> None:
        try:
            match aim.showing:
                case Threshold():
                    answers = [self._first(aim, self._at_threshold(aim.showing))]
                case Alone():
                    answers = [self._first(aim, self._alone(aim.showing))]
                case Read():
                    answers = [self._first(aim, self._read(aim.showing, one)) for one in DIRECTIONS]
                case Changed():
                    answers = self._changed(aim, aim.showing)
                case _:
                    assert_never(aim.showing)
        except Unanalysed as outside:
            self._open.append(Open(aim, outside.reason, outside.span))
            return
        if "some" in answers:
            return
        if "unsettled" in answers:
            self._open.append(Open(aim, "limit"))
        elif answers and self._anybody:
            self._never.append(Never(aim))
        elif answers:
            self._open.append(Open(aim, "nothing-decided"))

    @cached_property
    def _anybody(self) -> bool:
        """Whether some household is decided at all: a proof of nobody is none."""
        return any(self._at(place).question.ask(True) == "some" for place in range(len(self._sizes)))

    # ---- what is asked, the best way first

    def _alone(self, alone: Alone) -> Iterator[_Way]:
        variant = self._negated(alone.owner)
        direction: Direction = "less" if alone.met else "more"
        turning = partial(_turning, self.beside.itself, variant, direction)
        if not alone.owner.group:
            for outcome in self._outcome():
                yield _Way("outcome", turning(outcome), variant)
            return
        cause = next(one for one in owners(self.beside.program, "cause") if one.id == alone.owner.group)
        for outcome in self._outcome():
            yield _Way("outcome", _both(turning(cause), turning(outcome)), variant)
        yield _Way("cause", turning(cause), variant)

    def _read(self, read: Read, direction: Direction) -> Iterator[_Way]:
        one, other = (self._option(read.reading, option) for option in read.options)
        for outcome in self._outcome():
            yield _Way("outcome", _turning(one, other, direction, outcome), None)

    def _at_threshold(self, threshold: Threshold) -> Iterator[_Way]:
        """The comparison the nearest that there is, and the outcome turns on it, or a cause, or it is only met with."""
        site = threshold.site
        variant = self._variant(("not", site.owner, site.trail), lambda: self._other(site))
        near = partial(self._nearest, site, threshold.side)
        goals: list[tuple[Turning, Owner]] = [("outcome", owner) for owner in self._outcome()]
        goals += [("cause", owner) for owner in owners(self.beside.program, "cause")]
        for turns, owner in goals:
            for direction in DIRECTIONS:
                turning = _turning(self.beside.itself, variant, direction, owner)
                yield _Way(turns, _both(near, turning), variant)
        yield _Way("", near, None)

    def _nearest(self, site: Site, side: Side, sized: Sized) -> Bit:
        """That the sides of a comparison differ by the least by which those of this size can."""
        key = id(sized), site.owner, site.trail, side
        if key not in self._distances:
            self._distances[key] = nearest(sized, site, side)
        return self._distances[key]

    # ---- answers

    def _first(self, aim: Aim, ways: Iterator[_Way]) -> str:
        """Of the first way that some household goes; "none" where it is proved that there is none for the last, which
        whatever goes another goes too."""
        answer, outside = "none", None
        for way in ways:
            try:
                answer = self._along(aim, way)
            except Unanalysed as found:
                answer, outside = "", found
            if answer == "some":
                return answer
        if not answer and outside is not None:
            raise outside
        return answer

    def _along(self, aim: Aim, way: _Way) -> str:
        shown, left = Shown(aim, way.turns), False
        for held in self._held:
            if held.sized is not None and held.found is not None and holds(held.found, way.bit(held.sized)):
                held.shows.append(shown)
                return "some"
        for place in range(len(self._sizes)):
            sized = self._at(place)
            bit = way.bit(sized)
            answer = sized.question.ask(bit)
            found = sized.find(bit) if answer == "some" else None
            if found is not None:
                self._keep(shown, sized, found, way.beside)
                return "some"
            left |= answer != "none"
        return "unsettled" if left else "none"

    def _keep(self, shown: Shown, sized: Sized, found: Found, variant: Variant | None) -> None:
        decision = decided(self.beside.itself, found.household)
        if decision is None or not sized.agrees(found, self.beside.itself, decision):
            raise SolverWrong(f"{shown.aim.name}: {found.household}")
        if variant is not None:
            otherwise = decided(variant, found.household)
            if otherwise is None or not sized.agrees(found, variant, otherwise):
                raise SolverWrong(f"{shown.aim.name}: {found.household}")
        self._add(shown, sized, found, found.household, decision)

    def _add(
        self, shown: Shown, sized: Sized | None, found: Found | None, household: Household, decision: Decision
    ) -> None:
        for held in self._held:
            if held.household == household:
                held.shows.append(shown)
                return
        self._held.append(_Held(sized, found, household, decision, [shown]))

    def _changed(self, aim: Aim, changed: Changed) -> list[str]:
        """Of a change the outcome both ways; where that is never otherwise, whatever else it decides."""
        policy, whole = self._without(changed.place), self.beside.policy
        if policy is None or self.beside.looks_alike(changed.change, policy):
            return []
        for held in self._held:
            other = decided_by(policy, held.household, [whole.merged.elements])
            if not isinstance(other, Decision) or other.outcome is not held.decision.outcome:
                held.shows.append(Shown(aim, "outcome"))
                return ["some"]
        answers: list[str] = []
        sizes = self._members, self._others
        asked = apart(policy, whole, self.beside.place, self.beside.day, *sizes, self._work)
        for goal, *ways in asked:
            answers.extend(self._answered(aim, goal.kind, found) for found in ways)
            if "some" in answers:
                break
        return answers

    def _answered(self, aim: Aim, turns: Turning, found: Witness | Proved | Unsettled | Contradiction) -> str:
        match found:
            case Witness(household=household, decisions=(_, decision)):
                self._add(Shown(aim, turns), None, None, household, decision)
                return "some"
            case Contradiction(household=household):
                raise SolverWrong(f"{aim.name}: {household}")
            case Unsettled():
                return "unsettled"
            case Proved():
                return "none"
        assert_never(found)

    # ---- what is kept

    def _at(self, place: int) -> Sized:
        if place not in self._sized:
            self._sized[place] = Sized(self.beside, self._sizes[place], self._work)
        return self._sized[place]

    def _variant(self, key: object, make: Callable[[], Variant]) -> Variant:
        if key not in self._variants:
            self._variants[key] = make()
        return self._variants[key]

    def _negated(self, owner: Owner) -> Variant:
        step = next(step for step in self.beside.program.every if step.owner == owner)
        return self._variant(("not", owner, ()), lambda: self.beside.with_core(owner, negate(step.written)))

    def _other(self, site: Site) -> Variant:
        return self.beside.with_core(site.owner, rebuilt(site, negate(site.node)))

    def _option(self, reading: str, option: str) -> Variant:
        slot = self.beside.program.reading_slots[reading]
        if self.beside.tables.options[slot] == option:
            return self.beside.itself
        return self._variant((reading, option), lambda: self.beside.with_option(reading, option))

    def _outcome(self) -> list[Owner]:
        return [OUTCOME] if self.beside.program.outcome is not None else []


def _turning(one: Variant, other: Variant, direction: Direction, owner: Owner) -> Asked:
    return lambda sized: sized.turns(owner, one, other, direction)


def _both(one: Asked, other: Asked) -> Asked:
    return lambda sized: terms.both((one(sized), other(sized)))


def nearest(sized: Sized, site: Site, side: Side) -> Bit:
    """That the sides of a comparison differ by the least by which those of this size can."""

    def within(least: int, most: int) -> Bit:
        return apart_by(sized.world, sized.base, site, side, least, most)

    def some(bit: Bit) -> bool:
        return sized.question.ask(bit) == "some"

    if side == "at":
        return within(0, 0)
    if some(within(1, 1)):
        return within(1, 1)
    anywhere = within(1, _FARTHEST)
    if not some(anywhere):
        return anywhere
    low, high = 2, _FARTHEST
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if some(within(low, middle)) else (middle + 1, high)
    found = within(low, low)
    return found if some(found) else anywhere  # the solver gave up on the way
