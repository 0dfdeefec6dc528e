"""Runs that can be looked at again: those whose household was read under a policy, decided or refused by its checks.

In: `CaseResult`s of this process.  Out: `Decided`s, without the optional parts of a result.
Imports evaluation, policy and this floor's model.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from engine.evaluation.facts import HouseholdFacts
from engine.gathered import gathered
from engine.identity import Same
from engine.policy.checked import CheckedPolicy
from engine.records import dataclass
from engine.testing.model import Case, CaseResult


@dataclass(frozen=True, slots=True, eq=False)
class Decided:
    """A result, with what decided it and the household as it was read."""

    result: CaseResult
    policy: CheckedPolicy
    facts: HouseholdFacts

    @property
    def case(self) -> Case:
        return self.result.case

    @property
    def day(self) -> date:
        return self.case.as_of or self.facts.as_of

    @property
    def place(self) -> str:
        return self.facts.place


def once(ran: Iterable[Decided]) -> Iterator[tuple[Decided, int]]:
    """Of runs whose answer was worked out together the first, and how many there are."""
    for alike in gathered((Same(one.result.shared or one.result), one) for one in ran).values():
        yield alike[0], len(alike)


def decided(results: Iterable[CaseResult]) -> Iterator[Decided]:
    for result in results:
        if result.policy is not None and result.facts is not None:
            yield Decided(result, result.policy, result.facts)
