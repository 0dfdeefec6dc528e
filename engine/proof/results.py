"""What a comparison found: of each goal both directions, each with a witness, a proof, or why there is neither; and
what became of promises.

Frozen data without the solver, which reporting reads. Imports evaluation, policy and this floor's cases.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Literal, TypeAlias

from engine.evaluation.decision import Decision
from engine.policy.model import Change
from engine.policy.proved import Promised
from engine.proof.outside import Reason
from engine.proof.sides import Case
from engine.proof.written import Written
from engine.records import dataclass
from engine.source import Span

Direction: TypeAlias = Literal["less", "more"]
"""whether the second is not met where the first is, or comes to less; or the other way round. Of options `more` is that
they differ"""


@dataclass(frozen=True, slots=True)
class Goal:
    """What is compared: the `outcome`, a `cause` or a figure (`output`) by its id."""

    kind: Literal["outcome", "cause", "output"]
    id: str


Household: TypeAlias = Mapping[str, Any]
Verdict: TypeAlias = Literal["equivalent", "narrower", "wider", "incomparable", "unsettled"]


@dataclass(frozen=True, slots=True)
class Bound:
    """What a proof is about: households of any size, or with at most so many items, by the collection; free are the
    parameters that may be anything within their range; the rest as it is published."""

    sizes: Mapping[str, int]
    free: tuple[str, ...]
    any_size: bool = False


def all_of(bounds: Sequence[Bound]) -> Bound:
    """What all of them are about: of what is free in some and published in others it is said of the published."""
    sizes: dict[str, int] = {}
    for bound in bounds:
        sizes |= {id: max(most, sizes.get(id, 0)) for id, most in bound.sizes.items()}  # 0: it is not read
    free = bounds[0].free if bounds else ()
    free = tuple(id for id in free if all(id in bound.free for bound in bounds))
    return Bound(sizes, free, all(bound.any_size for bound in bounds))


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
        reason: "limit", "nothing-decided" (what is looked up is not published, or checks refuse everyone), or what is
            outside, at `span`.
    """

    reason: Reason | Literal["limit", "nothing-decided"]
    span: Span | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Contradiction:
    """The solver found a household, and the interpreters say otherwise: a fault of the program itself."""

    household: Household
    case: Case
    told: str


Found: TypeAlias = Witness | Proved | Unsettled | Contradiction


@dataclass(frozen=True, slots=True, eq=False)
class Promise:
    """Attributes:
    overlay: the id of the document.
    changes: the change, or all those of the overlay that promise the same, together.
    alone: against what the overlay stands on; else against the rest of the overlay.
    found: None where it is nowhere in force.
    """

    overlay: str
    effect: Promised
    changes: tuple[Change, ...]
    alone: bool
    span: Span
    found: Found | None


@dataclass(frozen=True, slots=True)
class Unused:
    """What a level opened within limits, and no overlay uses.

    Attributes:
        policy: the document that opens it.
        name: as it is written under `local`: `set.asset_months`.
    """

    policy: str
    name: str
    span: Span


@dataclass(frozen=True, slots=True)
class Difference:
    """Of a goal both directions: whether the second can come to less, and to more."""

    goal: Goal
    less: Found
    more: Found

    @property
    def ways(self) -> tuple[tuple[Direction, Found], tuple[Direction, Found]]:
        return ("less", self.less), ("more", self.more)

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
class OneAlone:
    """From the first of the days to the last only the one of two sides decides in some places: 0 the first, 1 the
    second."""

    side: Literal[0, 1]
    places: tuple[str, ...]
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Otherwise:
    """A check of the data that only one side makes, or what both ask for in ways of their own: by it one may refuse a
    household, or take it for something where it says nothing, and the other not.

    Attributes:
        one, other: where it stands on either side.
    """

    kind: Literal["checks", "facts"]
    id: str
    label: str
    one: Span | None
    other: Span | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """Attributes:
    cases: the places and stretches of days that were looked at; none where the sides never decide at once.
    alone, otherwise: what it does not speak of.
    """

    names: tuple[str, str]
    cases: tuple[Case, ...]
    written: tuple[Written, ...]
    differences: tuple[Difference, ...]
    alone: tuple[OneAlone, ...] = ()
    otherwise: tuple[Otherwise, ...] = ()


@dataclass(frozen=True, slots=True)
class Changed:
    """A stored household whose answer changes; or which is `refused`, or `outside` of what both sides decide."""

    id: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Stored:
    """How many households there were, and those of them that are told."""

    count: int
    told: tuple[Changed, ...]

    @property
    def changed(self) -> tuple[Changed, ...]:
        return tuple(one for one in self.told if one.before != one.after)
