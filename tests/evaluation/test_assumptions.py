"""Which assumptions matter, found of all facts at once, is what one trial after the other finds.

On the policies that are shipped, the examples and the conformance programs, with much left to its default.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from engine.api import Policies, open_policies
from engine.errors import HouseholdError, PolicyError
from engine.evaluation import assumptions
from engine.generated.supposing import Supposing
from tests.conformance.household import as_json
from tests.conformance.programs import PROGRAMS, ProgramEntry, policy_of, program_entries
from tests.evaluation.test_ways import FOLDERS, _asked_of
from tests.evaluation.ways import drawn

Asked = tuple[str | None, date | None, date | None]


def agree(
    policies: Policies, household: Any, asked: Asked, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[str, bool]]:
    """What was assumed, and whether it matters; both ways alike."""
    found = []
    for often in (0, 10**9):
        monkeypatch.setattr(assumptions, "OFTEN", often)
        try:
            found.append(policies.evaluate(household, *asked).assumed)
        except (HouseholdError, PolicyError):
            return
    at_once, by_trials = found
    assert at_once == by_trials, household
    yield from ((one.path, one.matters) for one in at_once)


@pytest.fixture
def told_at_once(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    found = []
    unsettling = Supposing.unsettling

    def noted(self: Supposing, *given: Any) -> int | None:
        told = unsettling(self, *given)
        found.append(told is not None)
        return told

    monkeypatch.setattr(Supposing, "unsettling", noted)
    return found


@pytest.mark.parametrize("folder", FOLDERS)
def test_of_every_policy(folder: str, monkeypatch: pytest.MonkeyPatch, told_at_once: list[bool]) -> None:
    policies, rng, matters = open_policies(FOLDERS[folder]), random.Random(folder), set[bool]()
    everyone = list(_asked_of(policies))
    for asked, policy, place, day in everyone:
        for _ in range(max(3, 120 // len(everyone))):
            household = drawn(rng, policy, place, day, 0)
            for collection in policy.merged.elements.collections.values():
                for item in household.get(collection.id) or ():
                    for fact in collection.facts.values():
                        if fact.default is not None and rng.random() < 0.5:
                            item.pop(fact.id, None)
            matters.update(matter for _, matter in agree(policies, household, asked, monkeypatch))
    if folder in ("shipped", "overlay", "cookbook", "national_2024"):
        assert sum(told_at_once) > 30
        assert matters == {True, False}


@pytest.mark.parametrize("entry", [pytest.param(entry, id=entry.id) for entry in program_entries()])
def test_of_program_entries(entry: ProgramEntry, monkeypatch: pytest.MonkeyPatch) -> None:
    elements = policy_of(entry).merged.elements
    household: Any = as_json(entry.household, elements)
    policies, rng = open_policies(PROGRAMS / entry.topic), random.Random(entry.id)
    for _ in range(4):
        list(agree(policies, household, (None, entry.on, entry.known_on), monkeypatch))
        for facts, items in [
            (elements.facts, [household]),
            *((held.facts, household.get(id) or []) for id, held in elements.collections.items()),
        ]:
            for item in items:
                for fact in facts.values():
                    if fact.default is not None and rng.random() < 0.4:
                        item.pop(fact.id, None)
