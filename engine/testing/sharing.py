"""Answers that hold on several policies: overlays that change nothing that bears on a case need not decide it again.

In: a case's answer under one policy, and another policy.  Out: the answer for the other, where it must be the same.
Most overlays set values only, and a case that runs on them fixes those values: then the rules are the very same, and so
is all that the decision reads. Where anything differs, or where a rule asks for the place itself, nothing is shared.
Imports evaluation, policy and this floor.
"""

from __future__ import annotations

from dataclasses import replace

from engine.evaluation.decision import Decision
from engine.evaluation.facts import HouseholdFacts
from engine.identity import Same
from engine.language import core
from engine.language.core import CoreExpression, operands
from engine.policy.checked import CheckedPolicy
from engine.policy.model import Elements
from engine.program.link import program_of
from engine.records import dataclass
from engine.testing.model import Case, Shared


@dataclass(frozen=True, slots=True)
class _Kind:
    """Policies under which a case has the same answer wherever its household lives."""

    policy: CheckedPolicy
    number: int


class SharedAnswers:
    """Keeps the answer of each case by the kind of policy that it was decided under."""

    def __init__(self) -> None:
        self._kinds: dict[tuple[int, frozenset[str]], list[_Kind]] = {}
        self._numbers: dict[Same[CheckedPolicy], int | None] = {}
        self._answers: dict[tuple[str, str, int], Shared] = {}

    def find(self, case: Case, policy: CheckedPolicy) -> Shared | None:
        """The answer, where it was decided under a policy that answers the same."""
        number = self._number(policy, case)
        return None if number is None else self._answers.get((case.policy, case.id, number))

    def keep(self, case: Case, policy: CheckedPolicy, decision: Decision, facts: HouseholdFacts) -> Shared | None:
        """Values that are lacking are named with their place, so that such an answer is the place's own."""
        number = self._number(policy, case)
        missing = [*decision.missing, *(one for output in decision.outputs.values() for one in output.missing)]
        if number is None or any(one.kind == "parameter" for one in missing):
            return None
        shared = self._answers[case.policy, case.id, number] = Shared(decision, facts)
        return shared

    def _number(self, policy: CheckedPolicy, case: Case) -> int | None:
        """The number of the policy's kind; None for one whose rules ask for the place.

        INVARIANT: a policy with fixed values is made anew for each set of them, so that it knows which are fixed.
        """
        same = Same(policy)
        if same not in self._numbers:
            self._numbers[same] = None if _asks_for_place(policy) else self._find_kind(policy, case)
        return self._numbers[same]

    def _find_kind(self, policy: CheckedPolicy, case: Case) -> int:
        fixed = frozenset(one.id for one in case.given)
        alike = self._kinds.setdefault((id(policy.rules), fixed), [])
        for kind in alike:
            if _same(kind.policy, policy, fixed):
                return kind.number
        number = sum(len(kinds) for kinds in self._kinds.values())
        alike.append(_Kind(policy, number))
        return number


def moved(shared: Shared, policy: CheckedPolicy, place: str) -> tuple[Decision, HouseholdFacts]:
    """An answer as if it had been decided under this policy for a household of this place."""
    facts = shared.facts
    fact = next(fact.id for fact in policy.merged.elements.facts.values() if fact.role == "place")
    there = replace(facts, place=place, household={**facts.household, fact: place})
    return replace(shared.decision, policy=policy, place=place), there


def _same(first: CheckedPolicy, second: CheckedPolicy, fixed: frozenset[str]) -> bool:
    """The same elements but for parameters that are fixed, and all documents official."""
    overlays = [overlay for policy in (first, second) for overlay in policy.merged.chain.overlays]
    return all(overlay.header.origin.status == "official" for overlay in overlays) and (
        _without(first.merged.elements, fixed) == _without(second.merged.elements, fixed)
    )


def _without(elements: Elements, fixed: frozenset[str]) -> Elements:
    return replace(elements, parameters={id: one for id, one in elements.parameters.items() if id not in fixed})


def _asks_for_place(policy: CheckedPolicy) -> bool:
    """Whether a rule reads the place other than to look a value up."""
    places = {fact.id for fact in policy.merged.elements.facts.values() if fact.role == "place"}
    return any(_reads(step.core, places) for step in program_of(policy).steps)


def _reads(node: CoreExpression, places: set[str]) -> bool:
    match node:
        case core.Lookup():
            return any(not isinstance(part, core.Fact) and _reads(part, places) for part in operands(node))
        case core.Fact(collection="", id=id):
            return id in places
        case _:
            return any(_reads(inner, places) for inner in operands(node))
