"""Two rule sets compared: what each can do that the other does not, with a witness or a proof.

In: two `Side`s.  Out: a `Comparison`. A witness is replayed by both interpreters before it counts; one that does not
replay contradicts the proof itself, and is told as such.
Imports evaluation, policy, program and this floor.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, Literal, TypeAlias

from engine.diagnostics import Diagnostic
from engine.errors import HouseholdError
from engine.evaluation.decide import decide_under
from engine.evaluation.decision import Decision, Finding, Outcome
from engine.evaluation.household import read_household
from engine.evaluation.prepared import prepare
from engine.language.values import Value, is_known
from engine.policy.checked import CheckedPolicy
from engine.policy.model import Elements
from engine.proof.groups import MOST_MEMBERS, MOST_OTHERS, Group, groups, sizes_of
from engine.proof.outside import Reason, Unanalysed
from engine.proof.question import DIRECTIONS, Direction, Goal, Question, goals_of
from engine.proof.sides import Case, Pairing, Side
from engine.proof.terms import Bit
from engine.proof.witness import plainest
from engine.proof.world import value_in
from engine.records import dataclass
from engine.source import Span

Household: TypeAlias = Mapping[str, Any]
Verdict: TypeAlias = Literal["equivalent", "narrower", "wider", "incomparable", "unsettled"]
Decided: TypeAlias = "Decision | HouseholdError"


@dataclass(frozen=True, slots=True)
class Bound:
    """What a proof is about: households with at most so many items, by the collection; free are the parameters that
    may be anything within their range; the rest as it is published."""

    sizes: Mapping[str, int]
    free: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Witness:
    """A household for which it is so, under both, as their interpreters decide it."""

    household: Household
    case: Case
    decisions: tuple[Decision, Decision]


@dataclass(frozen=True, slots=True)
class Proved:
    bound: Bound


@dataclass(frozen=True, slots=True)
class Unsettled:
    """Neither a witness nor a proof: the solver gave up, or something is outside what is analysed.

    Attributes:
        reason: "limit", or what is outside, at `span`.
    """

    reason: Reason | Literal["limit"]
    span: Span | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Contradiction:
    """The solver found a household, and the interpreters say otherwise: a fault of the program itself."""

    household: Household
    case: Case
    told: str


Found: TypeAlias = Witness | Proved | Unsettled | Contradiction


@dataclass(frozen=True, slots=True)
class Difference:
    """Of a goal both directions: whether the second can come to less, and to more."""

    goal: Goal
    less: Found
    more: Found

    @property
    def verdict(self) -> Verdict:
        match self.less, self.more:
            case (Contradiction() | Unsettled(), _) | (_, Contradiction() | Unsettled()):
                if isinstance(self.less, Witness) and isinstance(self.more, Witness):
                    return "incomparable"
                return "unsettled"
            case Proved(), Proved():
                return "equivalent"
            case Witness(), Proved():
                return "narrower"
            case Proved(), Witness():
                return "wider"
        return "incomparable"


@dataclass(frozen=True, slots=True)
class Comparison:
    """Attributes:
    cases: how many places and stretches of days were looked at; none where the sides never decide at once.
    """

    names: tuple[str, str]
    cases: tuple[Case, ...]
    differences: tuple[Difference, ...]


_NOTHING: Final = Proved(Bound({}, ()))


def compare(
    one: Side, other: Side, places: Iterable[str], *, members: int = MOST_MEMBERS, others: int = MOST_OTHERS
) -> Comparison:
    """Two sides, at some places.

    Args:
        members, others: up to how many items a proof is about: of lists that are never empty, and of all others.
    """
    cases = tuple(Pairing(one, other).cases(places))
    asked = [_Asking(group, members, others) for group in groups(cases)]
    goals = dict.fromkeys(goal for each in asked for goal in each.goals)
    found = tuple(Difference(goal, *(_settled(asked, goal, way) for way in DIRECTIONS)) for goal in goals)
    return Comparison((one.name, other.name), cases, found)


def _settled(asked: Sequence[_Asking], goal: Goal, direction: Direction) -> Found:
    """A witness where some group has one; a proof where all have one."""
    left: Found | None = None
    sizes: dict[str, int] = {}
    free: dict[str, None] = {}
    for each in asked:
        found = each.settle(goal, direction)
        match found:
            case Witness() | Contradiction():
                return found
            case Unsettled():
                left = left or found
            case Proved(bound=bound):
                free |= dict.fromkeys(bound.free)
                sizes |= bound.sizes
    return left or Proved(Bound(sizes, tuple(free)))


class _Asking:
    """What is asked of one group; questions are made once for all goals."""

    def __init__(self, group: Group, members: int, others: int) -> None:
        self._group = group
        self._sizes = sizes_of(group.programs, members, others)
        self._questions: dict[tuple[int, int], Question] = {}

    @property
    def goals(self) -> Iterator[Goal]:
        return goals_of(self._group.programs)

    def settle(self, goal: Goal, direction: Direction) -> Found:
        try:
            return self._settle(goal, direction)
        except Unanalysed as outside:
            return Unsettled(outside.reason, outside.span)

    def _settle(self, goal: Goal, direction: Direction) -> Found:
        free, left = tuple(self._group.free), False
        for at in range(len(self._sizes)):
            answer = self._asked(-1, at, goal, direction)
            if answer == "none":
                continue
            free = () if self._group.free else free
            for place in range(len(self._group.cases) if self._group.free else 1):
                question = self._question(place, at)
                bit = question.differs(goal, direction)
                answer = question.ask(bit)
                if answer == "some":
                    found = witness(question, goal, direction, bit)
                    if found is not None:
                        return found
                left = left or answer != "none"
        most = {id: max(one[id][1] for one in self._sizes) for id in self._sizes[0]}
        return Unsettled("limit") if left else Proved(Bound(most, free))

    def _asked(self, place: int, at: int, goal: Goal, direction: Direction) -> str:
        question = self._question(place, at)
        return question.ask(question.differs(goal, direction))

    def _question(self, place: int, at: int) -> Question:
        """Args: place: of the case; -1 for all at once."""
        if (place, at) not in self._questions:
            of = self._group if place < 0 else self._group.cases[place]
            self._questions[place, at] = Question(of, self._sizes[at])
        return self._questions[place, at]


def witness(question: Question, goal: Goal, direction: Direction, bit: Bit) -> Witness | Contradiction | None:
    """The plainest household, decided by both; None where the solver gave up on the way."""
    model = plainest(question, bit)
    if model is None:
        return None
    case = question.case
    pairs = [(value_in(model, one), value_in(model, other)) for one, other, _ in question.pairs(goal)]
    elements = [policy.merged.elements for policy in case.policies]
    household = question.world.household(model)
    decided = [decided_by(policy, household, elements) for policy in case.policies]
    one, other = decided
    if isinstance(one, HouseholdError) or isinstance(other, HouseholdError):
        refused = one if isinstance(one, HouseholdError) else other
        assert isinstance(refused, HouseholdError)
        return Contradiction(household, case, ", ".join(str(found.code) for found in refused.diagnostics))
    if not _is_so(goal, direction, one, other):
        return Contradiction(household, case, f"{goal.kind} {goal.id} {direction}: {pairs}")
    return Witness(household, case, (one, other))


def decided_by(policy: CheckedPolicy, household: Household, declared: Sequence[Elements]) -> Decided:
    """What the interpreter says. Fields that only another of the policies declares are theirs."""
    fields = frozenset(field for elements in declared for field in _fields(elements))
    try:
        facts = read_household(dict(household), policy, asked_fields=fields)
        return decide_under(prepare(policy), facts)
    except HouseholdError as refused:
        return refused


def _fields(elements: Elements) -> Iterator[str]:
    yield from elements.facts
    for held in elements.collections.values():
        yield from held.fields()


def _is_so(goal: Goal, direction: Direction, one: Decision, other: Decision) -> bool:
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
            figures = [_figures(goal.id, decision) for decision in (one, other)]
            return any(_is_further(*pair) for pair in zip(*figures, strict=True))


def _figures(id: str, decision: Decision) -> list[Value]:
    found = decision.outputs[id]
    return [found.value] if found.items is None else [one.value for one in found.items]


def _is_further(one: Value, other: Value) -> bool:
    if isinstance(one, str) or isinstance(other, str):
        return one != other
    return bool(is_known(one) and is_known(other) and one < other)  # type: ignore[operator]  # of one kind


def contradictions(comparison: Comparison) -> tuple[Diagnostic, ...]:
    """None, or the program is at fault."""
    return tuple(
        Diagnostic.of("proof-contradicts", what=found.told)
        for difference in comparison.differences
        for found in (difference.less, difference.more)
        if isinstance(found, Contradiction)
    )
