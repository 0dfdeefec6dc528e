"""Two rule sets compared: what each can do that the other does not, with a witness or a proof.

In: two `Side`s.  Out: a `Comparison`. A witness is replayed by both interpreters before it counts; one that does not
replay contradicts the proof itself, and is told as such.
Imports evaluation, policy, program and this floor.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date
from functools import cached_property
from typing import Any, Final, TypeAlias

from engine.errors import HouseholdError
from engine.evaluation.decide import decide_under
from engine.evaluation.decision import Decision, Finding, Outcome
from engine.evaluation.household import read_household
from engine.evaluation.prepared import prepare, tables_on
from engine.language.values import Value, is_known, scale
from engine.policy.checked import CheckedPolicy
from engine.policy.model import Elements, Fact
from engine.proof import terms
from engine.proof.anysize import AnySize
from engine.proof.groups import MOST_MEMBERS, MOST_OTHERS, Group, days_of, freed, groups, sizes_of
from engine.proof.inquiry import WORK
from engine.proof.meanings import Meanings, Said
from engine.proof.not_compared import alone, otherwise
from engine.proof.outside import Unanalysed
from engine.proof.question import DIRECTIONS, Question, goals_of, step_of
from engine.proof.results import (
    Bound,
    Comparison,
    Contradiction,
    Difference,
    Direction,
    Found,
    Goal,
    Proved,
    Unsettled,
    Witness,
    all_of,
)
from engine.proof.sides import Case, Pairing, Side, fields_of, published
from engine.proof.terms import Bit
from engine.proof.witness import plainest
from engine.proof.world import value_in
from engine.proof.written import written

_MOST_LEFT: Final = 2
"""questions that the solver may give up on, before no more are asked about one goal of a group"""
Household: TypeAlias = Mapping[str, Any]
Decided: TypeAlias = "Decision | HouseholdError"


def compare(
    one: Side,
    other: Side,
    places: Iterable[str],
    *,
    beside: Iterable[str] = (),
    members: int = MOST_MEMBERS,
    others: int = MOST_OTHERS,
    work: int = WORK,
) -> Comparison:
    """Two sides, at some places.

    Args:
        beside: places where only one of them may decide, of which that is told.
        members, others: up to how many items a proof is about: of lists that are never empty, and of all others.
        work: of the solver, for one question.
    """
    held = list(places)
    cases = tuple(Pairing(one, other).cases(held))
    found = compare_cases((one.name, other.name), cases, members=members, others=others, work=work)
    return replace(found, alone=tuple(alone(one, other, (*held, *beside))))


def compare_cases(
    names: tuple[str, str],
    cases: tuple[Case, ...],
    *,
    members: int = MOST_MEMBERS,
    others: int = MOST_OTHERS,
    work: int = WORK,
) -> Comparison:
    """Likewise of cases that are paired already."""
    said = Said()
    asked = _asking(cases, members, others, work, said)
    goals = dict.fromkeys(goal for each in asked for goal in each.goals)
    # what rests on others last: what is proved of these then proves it
    last = [goal for goal in goals if goal.kind != "output"]
    order = [*(goal for goal in goals if goal.kind == "output"), *reversed(last)]
    found = {goal: Difference(goal, *(settled(asked, goal, way) for way in DIRECTIONS)) for goal in order}
    apart_in = otherwise((each.group for each in asked), said)
    return Comparison(names, cases, written(cases), tuple(found[goal] for goal in goals), otherwise=apart_in)


def apart(
    one: CheckedPolicy,
    other: CheckedPolicy,
    place: str,
    day: date,
    members: int = MOST_MEMBERS,
    others: int = MOST_OTHERS,
    work: int = WORK,
) -> Iterator[tuple[Goal, Found, Found]]:
    """Two policies at one place and day, with the values that each has: of each goal both directions.
    Households are told whole, with all that either reads."""
    tables = tables_on(one, place, day, None), tables_on(other, place, day, None)
    case = Case(place, day, day, (one, other), (one, other), tables)
    asking = Asking(Group((case,), {}), members, others, work, whole=True)
    for goal in asking.goals:
        yield goal, asking.settle(goal, "less"), asking.settle(goal, "more")


def _asking(cases: tuple[Case, ...], members: int, others: int, work: int, said: Said) -> list[Asking]:
    """One for each group. Those are asked about all days at once, so that what rests on the same is proved once."""
    days = days_of(cases) if cases else None
    held = (replace(freed(group), days=days) for group in groups(cases))
    return [Asking(group, members, others, work, said=said) for group in held]


def settled(asked: Sequence[Asking], goal: Goal, direction: Direction) -> Found:
    """A witness where some group has one; a proof where all have one."""
    left: Found | None = None
    bounds: list[Bound] = []
    proved: set[object] = set()
    for each in asked:
        if each.rests_on(goal) in proved:
            continue
        found = each.settle(goal, direction)
        match found:
            case Witness() | Contradiction():
                return found
            case Unsettled():
                left = left or found
            case Proved(bound=bound):
                bounds.append(bound)
                proved |= {each.rests_on(goal)} if each.is_of_all(bound) else set()
    return left or Proved(all_of(bounds))


class Asking:
    """What is asked of one group; questions are made once for all goals."""

    def __init__(
        self,
        group: Group,
        members: int,
        others: int,
        work: int = WORK,
        *,
        whole: bool = False,
        said: Said | None = None,
    ) -> None:
        self.group, self._work, self._whole, self._said = group, work, whole, said
        self._sizes = sizes_of(group.programs, members, others)
        self._questions: dict[tuple[int, int], Question] = {}
        self._never: list[tuple[Goal, Direction]] = []
        self._told: dict[tuple[int, int], int] = {}
        self._meanings: dict[int, Meanings] = {}

    @property
    def goals(self) -> Iterator[Goal]:
        return goals_of(self.group.programs)

    def rests_on(self, goal: Goal) -> object:
        """All that a proof of it rests on, but for the days: what both sides say, and whom they refuse."""
        meaning, programs = self._meaning(-1), self.group.programs
        said = [meaning.number(side, step_of(goal, program)) for side, program in enumerate(programs)]
        refusing = [[meaning.number(side, step) for step in one.refusing] for side, one in enumerate(programs)]
        return (*said, *map(tuple, refusing), str(self._sizes))

    def is_of_all(self, bound: Bound) -> bool:
        """Whether it was proved of all cases at once, whatever the values that are free."""
        return bound.free == tuple(self.group.free)

    def settle(self, goal: Goal, direction: Direction) -> Found:
        try:
            return self._settle(goal, direction)
        except Unanalysed as outside:
            return Unsettled(outside.reason, outside.span)

    def by_any_value(self, goal: Goal, direction: Direction) -> Bound | None:
        """What a proof is about that nobody differs that way whatever the free values are; None without one."""
        there = False
        try:
            for at in range(len(self._sizes)):
                question = self._question(-1, at)
                bit = question.differs(goal, direction)
                if question.ask(bit) != "none":
                    return None
                question.learn(terms.no(bit))
                there = there or question.ask(True) == "some"
        except Unanalysed:
            return None
        return Bound(self._most, tuple(self.group.free)) if there else None

    def decides(self, goal: Goal, direction: Direction) -> bool:
        """Whether somebody of the fewest items is decided at all."""
        try:
            question = self._question(-1, 0)
            question.differs(goal, direction)
            return question.ask(True) == "some"
        except Unanalysed:
            return True

    @cached_property
    def _any_size(self) -> AnySize:
        return AnySize(self.group)

    @property
    def _most(self) -> dict[str, int]:
        return {id: max(one[id][1] for one in self._sizes) for id in self._sizes[0]}

    def _settle(self, goal: Goal, direction: Direction) -> Found:
        free, left, there = tuple(self.group.free), 0, False
        most = self._most
        if self._meaning(-1).same(*(step_of(goal, program) for program in self.group.programs)):
            return Proved(Bound({}, free, any_size=True))
        if self._any_size.never(goal, direction) and self.decides(goal, direction):
            self._never.append((goal, direction))
            return Proved(Bound({}, free, any_size=True))
        for at in range(len(self._sizes)):
            question = self._question(-1, at)
            bit = question.differs(goal, direction)
            answer = question.ask_quickly(bit)
            if answer == "unsettled":
                if not self._is_anybody(goal, direction, at):
                    return Unsettled("nothing-decided")
                answer = question.ask(bit)
            if answer == "none":
                question.learn(terms.no(bit))
                there = there or question.ask(True) == "some"
                continue
            free = () if self.group.free else free
            here = False
            for place in self._places:
                question = self._question(place, at)
                bit = question.differs(goal, direction)
                answer = question.ask(bit)
                if answer == "some":
                    found = witness(question, goal, direction, bit, whole=self._whole)
                    if found is not None:
                        return found
                left += answer != "none"
                here = here or answer != "none" or question.ask(True) == "some"
                if left == _MOST_LEFT:
                    return Unsettled("limit")
            if not here:  # by some values they may differ, and none are published
                return Unsettled("nothing-decided")
            there = True
        if left or not there:  # of nobody anything could be proved
            return Unsettled("limit" if left else "nothing-decided")
        return Proved(Bound(most, free))

    def _is_anybody(self, goal: Goal, direction: Direction, at: int) -> bool:
        """Whether some household of a size is decided by what is published."""
        questions = [self._question(place, at) for place in self._places]
        return any(one.ask(one.differs(goal, direction)) != "none" or one.ask(True) != "none" for one in questions)

    @cached_property
    def _places(self) -> Sequence[int]:
        """Where to look once all at once differs: its days are more than those of the cases, its values than those. One
        of each that has the same days and values."""
        group = self.group
        if not group.free and len(group.cases) == 1 and group.days in (None, days_of(group.cases)):
            return (-1,)
        found: dict[object, int] = {}
        for at, case in enumerate(group.cases):
            tables = case.tables[0].parameters
            rows = (frozenset(published(case.policies[0], tables[id], case.place).items()) for id in group.free)
            found.setdefault((case.first, case.last, *rows), at)
        return tuple(found.values())

    def _question(self, place: int, at: int) -> Question:
        """Args: place: of the case; -1 for all at once."""
        if (place, at) not in self._questions:
            of = self.group if place < 0 else self.group.cases[place]
            self._questions[place, at] = Question(of, self._sizes[at], self._meaning(place), self._work)
        question = self._questions[place, at]
        for goal, direction in self._never[self._told.get((place, at), 0) :]:
            with suppress(Unanalysed):  # there it may be outside, where what both say alike was not looked into
                question.learn(terms.no(question.differs(goal, direction)))
        self._told[place, at] = len(self._never)
        return question

    def _meaning(self, place: int) -> Meanings:
        if place not in self._meanings:
            free = self.group.free if place < 0 else ()
            self._meanings[place] = Meanings(self.group.cases[max(place, 0)], free, self._said)
        return self._meanings[place]


def witness(
    question: Question, goal: Goal, direction: Direction, bit: Bit, *, whole: bool = False
) -> Witness | Contradiction | None:
    """The plainest household, decided by both; None where the solver gave up on the way.

    Args:
        whole: also what nothing rests on.
    """
    model = plainest(question, bit)
    if model is None:
        return None
    case = question.case
    pairs = [(value_in(model, one), value_in(model, other)) for one, other, _ in question.pairs(goal)]
    elements = [policy.merged.elements for policy in case.policies]
    household: Household = question.world.household(model)
    household = household if whole else _without_idle(household, case, goal, direction)
    one, other = (decided_by(policy, household, elements, case.known_on) for policy in case.policies)
    if isinstance(one, HouseholdError) or isinstance(other, HouseholdError):
        refused = one if isinstance(one, HouseholdError) else other
        assert isinstance(refused, HouseholdError)
        return Contradiction(household, case, ", ".join(str(found.code) for found in refused.diagnostics))
    if not is_so(goal, direction, one, other):
        return Contradiction(household, case, f"{goal.kind} {goal.id} {direction}: {pairs}")
    return Witness(household, case, (one, other))


def _without_idle(household: Household, case: Case, goal: Goal, direction: Direction) -> Household:
    """Without the optional facts on which nothing rests: both sides still differ that way when they are not known."""
    elements = [policy.merged.elements for policy in case.policies]

    def still(tree: Household) -> bool:
        one, other = (decided_by(policy, tree, elements, case.known_on) for policy in case.policies)
        refused = isinstance(one, HouseholdError) or isinstance(other, HouseholdError)
        return not refused and is_so(goal, direction, one, other)  # type: ignore[arg-type]

    def left_out(tree: Household, facts: Iterable[Fact]) -> Iterator[str]:
        return (fact.id for fact in facts if fact.id in tree and fact.optional)

    held = dict(household)
    for id, collection in ((id, one) for each in elements for id, one in each.collections.items()):
        for at, item in enumerate(held.get(id, ())):
            for name in left_out(item, collection.facts.values()):
                items = [{k: v for k, v in one.items() if (n, k) != (at, name)} for n, one in enumerate(held[id])]
                held = {**held, id: items} if still({**held, id: items}) else held
        if collection.optional and not held.get(id, True):
            less = {key: value for key, value in held.items() if key != id}
            held = less if still(less) else held
    for name in [name for each in elements for name in left_out(held, each.facts.values())]:
        less = {key: value for key, value in held.items() if key != name}
        held = less if still(less) else held
    return held


def decided_by(
    policy: CheckedPolicy, household: Household, declared: Sequence[Elements], known_on: date | None = None
) -> Decided:
    """What the interpreter says. Fields that only another of the policies declares are theirs."""
    fields = frozenset(field for elements in declared for field in fields_of(elements))
    try:
        facts = read_household(dict(household), policy, asked_fields=fields)
        return decide_under(prepare(policy), facts, known_on=known_on)
    except HouseholdError as refused:
        return refused


def is_so(goal: Goal, direction: Direction, one: Decision, other: Decision) -> bool:
    """Whether two decisions differ in that direction."""
    if direction == "less":
        one, other = other, one
    match goal.kind:
        case "outcome":
            return (one.outcome, other.outcome) == (Outcome.INELIGIBLE, Outcome.ELIGIBLE)
        case "cause":
            met = [
                decision.causes[goal.id].finding if goal.id in decision.causes else Finding.UNMET
                for decision in (one, other)
            ]
            return met == [Finding.UNMET, Finding.MET]
        case "output":
            figures = [figures_of(goal.id, decision) for decision in (one, other)]
            return any(_is_further(was, now, direction) for was, now in zip(*figures, strict=True))


def figures_of(id: str, decision: Decision) -> list[Value]:
    """Numbers in the least unit of their kind, whatever either policy counts in."""
    found = decision.outputs[id]
    values = [found.value] if found.items is None else [one.value for one in found.items]
    unit = found.measure.counted
    return values if unit is None else [scale(unit.factor, one) if is_known(one) else one for one in values]


def _is_further(one: Value, other: Value, direction: Direction) -> bool:
    if isinstance(one, str) or isinstance(other, str):
        return direction == "more" and one != other  # options have no order: that they differ is told once
    return bool(is_known(one) and is_known(other) and one < other)  # type: ignore[operator]  # of one kind
