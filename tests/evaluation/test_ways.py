"""Code that decides a household from its dict answers as the reader and the interpreter do, word for word."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from engine.api import Policies, open_policies
from engine.errors import HouseholdError, PolicyError
from engine.evaluation import ways
from engine.evaluation.quick import Snapshot
from engine.evaluation.ways import Ways
from tests.conformance.household import as_json
from tests.conformance.programs import PROGRAMS, ProgramEntry, policy_of, program_entries
from tests.evaluation.ways import drawn, faulty
from tests.oracle.completions import sprinkle
from tests.oracle.households import households
from tests.oracle.territories import write_policies

ROOT = Path(__file__).parents[2]
FOLDERS: dict[str, list[Path]] = {
    "shipped": [ROOT / "policies"],
    **{name: [ROOT / "policies", ROOT / "examples" / name] for name in ("overlay", "cookbook", "national_2024")},
    **{name: [ROOT / "examples" / name] for name in ("hongkong", "australia_age_pension", "figures", "values")},
    "flat": [ROOT / "bench" / "flat"],
}


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ways, "OFTEN", 0)


def by_steps(policies: Policies) -> Policies:
    """Policies that go no way twice."""
    policies._ways = _NoWays(policies.router)
    return policies


class _NoWays(Ways):
    def decide(self, *_: object) -> None:
        return None

    def decide_on(self, *_: object) -> None:
        return None


Asked = tuple[str | None, date | None, date | None]


def told(
    policies: Policies, household: Any, asked: Asked = (None, None, None), spoil: bool = False
) -> tuple[object, bool]:
    """All that is said, as text, and whether it was said by code from a dict."""
    try:
        decision = policies.evaluate(household, *asked)
    except HouseholdError as refusal:
        return (type(refusal).__name__, refusal.household, refusal.to_dict(), refusal.to_dict("en")), False
    except PolicyError as refusal:
        return (type(refusal).__name__, str(refusal)), False
    if spoil:
        _spoil(household)
    quick = isinstance(decision._explaining, Snapshot)
    outcome, (household_id, place, day) = decision.outcome, (decision.household, decision.place, decision.as_of)
    assert type(household_id) is str
    assert type(place) is str
    first = {id: cause.conditions.keys() for id, cause in decision.causes.items()}
    findings = {(id, one): decision.finding(id, one) for id, held in first.items() for one in held}
    whole = json.dumps([decision.to_dict(), decision.to_dict("en")], ensure_ascii=False)
    warnings = [one.message("en") for one in decision.warnings]
    return (outcome, household_id, place, day, decision.known_on, findings, whole, warnings), quick


def _spoil(household: Any) -> None:
    """Nothing that is done to a household afterwards is seen in a decision."""
    if isinstance(household, dict):
        for value in household.values():
            for item in value if isinstance(value, list) else ():
                if isinstance(item, dict):
                    for inner in item.values():
                        if isinstance(inner, list):
                            inner.clear()
                    item.clear()
        household.clear()


@cache
def _territories(tmp: Path) -> tuple[Policies, Policies]:
    root = write_policies(tmp)
    return open_policies(root), by_steps(open_policies(root))


@pytest.fixture(scope="module")
def territories(tmp_path_factory: pytest.TempPathFactory) -> tuple[Policies, Policies]:
    return _territories(tmp_path_factory.mktemp("territories"))


def test_of_households_on_every_limit(territories: tuple[Policies, Policies]) -> None:
    quick, plain = territories
    ways_gone = 0
    for household in households(21, range(60)):
        for share in (0, 0.05):
            given = sprinkle(random.Random(household["id"]), household, share)
            found, by_code = told(quick, copy.deepcopy(given), spoil=True)
            assert found == told(plain, given)[0]
            ways_gone += by_code
    assert ways_gone > 60


def test_of_a_household_with_something_else_in_any_field(territories: tuple[Policies, Policies]) -> None:
    quick, plain = territories
    (household,) = (one for one in households(3, range(40)) if len(one["members"]) == 2 and "vehicles" in one)
    household["members"][0] |= {"diseases": ["甲", "乙"], "birth_date": "1980-02-29", "relation": "child"}
    by_code = 0
    for given in faulty(random.Random(1), household):
        found, quickly = told(quick, given)
        assert found == told(plain, given)[0], given
        by_code += quickly
    assert by_code > 300


def test_json_texts(territories: tuple[Policies, Policies]) -> None:
    quick, plain = territories
    by_code = 0
    for household in households(8, range(20)):
        text = json.dumps(household)
        found, quickly = told(quick, text)
        assert found == told(plain, text)[0] == told(plain, household)[0]
        by_code += quickly
    assert by_code > 10


def _asked_of(policies: Policies) -> Iterator[tuple[Asked, Any, str, date]]:
    """Each document, with a place of it and a day."""
    for id in policies.ids:
        header = policies.library.documents[id].header
        if policies.library.of_values(id):
            continue
        for year in (2023, 2024, 2026):
            day = date(year, 6, 1)
            if header.origin.holds(day, None):
                policy = policies.overlay_for(id, day)
                places = [place for place in policy.merged.divisions if place.startswith(tuple(header.jurisdiction))]
                for place in places[:2]:
                    yield (id, None, None), policy, place, day


@pytest.mark.parametrize("folder", FOLDERS)
def test_of_every_policy(folder: str) -> None:
    quick, plain = open_policies(FOLDERS[folder]), by_steps(open_policies(FOLDERS[folder]))
    rng = random.Random(folder)
    said, by_code = set[object](), 0
    everyone = list(_asked_of(quick))
    for asked, policy, place, day in everyone:
        for odd in (*[0] * max(3, 200 // len(everyone)), 0.02, 0.02):
            household = drawn(rng, policy, place, day, odd)
            found, quickly = told(quick, copy.deepcopy(household), asked, spoil=True)
            assert found == told(plain, household, asked)[0], household
            by_code += quickly
            said.add(str(found)[:30])
    for path in sorted((ROOT / "examples" / folder / "households").glob("*.json")):
        text = path.read_text(encoding="utf-8")
        found, quickly = told(quick, text)
        assert found == told(plain, text)[0], path.name
        by_code += quickly
        said.add(str(found)[:30])
        for changed in rng.sample(list(faulty(rng, json.loads(text))), 60):
            found, quickly = told(quick, changed)
            assert found == told(plain, changed)[0], changed
            by_code += quickly
    assert len(said) > 1
    assert by_code > 10 or folder == "figures"


@pytest.mark.parametrize("entry", [pytest.param(entry, id=entry.id) for entry in program_entries()])
def test_of_program_entries(entry: ProgramEntry) -> None:
    household = as_json(entry.household, policy_of(entry).merged.elements)
    asked = (None, entry.on, entry.known_on)
    quick, plain = _entries(entry.topic)
    assert told(quick, household, asked)[0] == told(plain, household, asked)[0]
    assert told(quick, household, asked)[0] == told(plain, household, asked)[0]


@cache
def _entries(topic: str) -> tuple[Policies, Policies]:
    return open_policies(PROGRAMS / topic), by_steps(open_policies(PROGRAMS / topic))


def test_a_household_is_answered_the_same_the_first_and_the_thousandth_time(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(ways, "OFTEN", 5)
    policies = open_policies(write_policies(tmp_path))
    (household,) = households(5, range(1))
    found = [told(policies, household) for _ in range(8)]
    assert [quick for _, quick in found] == [False] * 5 + [True] * 3
    assert len({str(one) for one, _ in found}) == 1


def test_ways_are_let_go_of_where_there_are_too_many(
    territories: tuple[Policies, Policies], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(ways, "MOST_WAYS", 3)
    policies, plain = open_policies(write_policies(tmp_path)), territories[1]
    (household,) = households(5, range(1))
    for days in range(8):
        given = {**household, "application_date": str(date(2024, 6, 26) + timedelta(days))}
        assert told(policies, given)[0] == told(plain, given)[0]
        assert len(policies._ways._ways) <= 3
