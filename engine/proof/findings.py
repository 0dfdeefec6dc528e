"""What the analysis of rules found: claims that are proved, households that show something, and what was not analysed.

Frozen data without the solver, which reporting reads. Imports evaluation, policy and this floor's cases.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Literal, TypeAlias

from engine.evaluation.decision import Decision
from engine.policy.model import Fact, Output, Reading
from engine.proof.outside import Reason
from engine.proof.results import Bound, Contradiction, Goal, Household, Witness
from engine.proof.sides import Case
from engine.records import dataclass
from engine.source import Span

ClaimKind: TypeAlias = Literal[
    "never-met",
    "never-fails",
    "never-met-so-far",
    "never-fails-so-far",
    "condition-implied",
    "cause-covered",
    "check-refuses-all",
    "check-refuses-none",
]


@dataclass(frozen=True, slots=True)
class Subject:
    """A rule: its kind, the cause that it belongs to ("" where there is none) and its id, what it is called and where
    it stands."""

    kind: Literal["cause", "condition", "requirement", "check"]
    group: str
    id: str
    label: str
    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class Claim:
    """What is proved of a rule.

    Attributes:
        others: the causes that cover it, one or all others; else empty.
        only: the cases in which it is so, where it is not so in all that have the rule.
        case: one of them.
    """

    kind: ClaimKind
    subject: Subject
    others: tuple[str, ...]
    bound: Bound
    only: tuple[Case, ...]
    case: Case


@dataclass(frozen=True, slots=True, eq=False)
class Idle:
    """A change of an overlay without which everything comes to the same."""

    overlay: str
    span: Span
    bound: Bound
    case: Case


@dataclass(frozen=True, slots=True, eq=False)
class Alike:
    """Two options of a reading that never differ in outcome.

    Attributes:
        options: their labels.
        differing: what differs between them, each with a household: under the first option, and under the second.
        open: what could not be settled.
    """

    reading: Reading
    options: tuple[str, str]
    bound: Bound
    case: Case
    differing: tuple[tuple[Goal, str, Witness], ...]
    open: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Pair:
    """Two households that are alike but for one amount, which is higher in the second; and what they are told."""

    case: Case
    fact: Fact
    amounts: tuple[str, str]
    households: tuple[Household, Household]
    decisions: tuple[Decision, Decision]


@dataclass(frozen=True, slots=True, eq=False)
class Rise:
    """More of an amount makes some household eligible, and another ineligible."""

    gains: Pair
    loses: Pair


@dataclass(frozen=True, slots=True, eq=False)
class Cliff:
    """What one step more of an amount costs: before and after in the unit that the figure counts. A household that is
    not eligible has nothing."""

    pair: Pair
    output: Output
    figures: tuple[Fraction, Fraction]


@dataclass(frozen=True, slots=True)
class Left:
    """What was not settled of an element: outside what is analysed, or the limit; `span` is the place of that."""

    label: str
    reason: Reason | Literal["limit", "nothing-decided"]
    span: Span | None


Finding: TypeAlias = Claim | Idle | Alike | Rise | Cliff | Left | Contradiction


@dataclass(frozen=True, slots=True, eq=False)
class Analysis:
    """Attributes:
    places, cases: how many were looked at.
    rules: how many causes, conditions, requirements and checks.
    """

    places: int
    cases: int
    rules: int
    findings: tuple[Finding, ...]


def telling(cases: Iterable[Case]) -> Case:
    """The one that declares most: its labels name all that is told of any of them."""

    def declared(case: Case) -> int:
        elements = case.policies[1].merged.elements
        return len(elements.collections) + len(elements.parameters)

    return max(cases, key=declared)
