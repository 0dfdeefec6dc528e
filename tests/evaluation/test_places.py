"""Places as the table of a policy has them: who decides whom, in `tests/cases/places`, and who waits for which file."""

from __future__ import annotations

import shutil
from functools import cache
from pathlib import Path
from typing import Any, cast

import pytest
import yaml
from jsonschema import Draft202012Validator

from engine.api import Policies, open_policies
from engine.diagnostics import render
from engine.errors import HouseholdError, UnusablePolicy
from tests.evaluation.samples import DAY

HERE = Path(__file__).parents[1] / "cases" / "places"
CASES = cast(
    "list[dict[str, Any]]", yaml.load((HERE / "decided.yaml").read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
)


@cache
def policies(folder: str) -> Policies:
    return open_policies([HERE / folder])


def household(case: dict[str, Any], income: int, *, spare: bool = False) -> dict[str, object]:
    return {"id": "H", "applied_on": DAY.isoformat(), "council": case["place"], "income": income, "spare": spare}


@pytest.mark.parametrize("folder", ["au", "cn"])
def test_the_policies_are_sound(folder: str) -> None:
    assert [render(found) for found in policies(folder).slices.check_all(None) if found.severity == "error"] == []


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['folder']} {case['place']}")
def test_who_decides(case: dict[str, Any]) -> None:
    held = policies(case["folder"])
    schema = Draft202012Validator(held.household_schema(None, DAY))
    if "code" in case:
        with pytest.raises(HouseholdError) as refused:
            held.evaluate(household(case, 0))
        assert [found.code for found in refused.value.diagnostics] == [case["code"]]
        assert schema.is_valid(household(case, 0)) == (case["code"] != "place-form")
        return
    assert schema.is_valid(household(case, 0))
    below, at = (held.evaluate(household(case, income)) for income in (case["below"] - 1, case["below"]))
    assert list(below.policy.merged.chain.ids) == case["chain"]
    assert (below.outcome, at.outcome) == ("eligible", "ineligible")
    roomy = held.evaluate(household(case, case["below"] - 1, spare=True))
    assert roomy.outcome == ("ineligible" if case["room"] else "eligible")


@pytest.mark.parametrize(
    ("broken", "refused"),
    [
        # a file of a state: the households of the state, by the table
        ("overlay: vic\namends: relief\njurisdiction: AU-VIC\nfrom: 2023-01-01\nset: [", {"20110", "20570"}),
        # it can be read that far: beside the trial it may not stand, which has a place of the state and another one
        (
            "overlay: vic\namends: relief\njurisdiction: AU-VIC\nfrom: 2023-01-01\nset: {limt: 1}\n",
            {"20110", "20570", "AU-ACT"},
        ),
        # whose file it amends nobody can say: still the state
        ("overlay: vic\namends: relieve\njurisdiction: AU-VIC\nfrom: 2023-01-01\nset: {}\n", {"20110", "20570"}),
        # several places, one of them spoilt: it may be any place
        ("overlay: two\namends: relief\njurisdiction: [AU-VIC, AU-NWS]\nfrom: 2023-01-01\nset: {extra: 1}\n", None),
        ("overlay: two\namends: relief\njurisdiction: AU-VLC\nfrom: 2023-01-01\nset: [", None),
        ("overlay: two\namends: relief\njurisdiction: ['20570', AU-X]\nfrom: 2023-01-01\nset: {extra: 1}\n", None),
        # all of them sound: only those
        (
            "overlay: two\namends: relief\njurisdiction: ['20570', '10500']\nfrom: 2023-01-01\nset: {limt: 1}\n",
            {"20570", "10500"},
        ),
        # another nation's policy, unreadable: a code that no table here has may be of any place
        ("policy: other\njurisdiction: NZ\nfrom: 2023-01-01\nfacts: [", None),
    ],
)
def test_a_file_that_cannot_be_used_keeps_its_places_waiting(
    broken: str, refused: set[str] | None, tmp_path: Path
) -> None:
    shutil.copytree(HERE / "au", tmp_path / "au")
    (tmp_path / "au" / "broken.yaml").write_text(f"format: 1\n{broken}", encoding="utf-8")
    held = open_policies([tmp_path / "au"])
    places = [case for case in CASES if case["folder"] == "au" and "code" not in case]
    waiting = set()
    for case in places:
        try:
            held.evaluate(household(case, 1))
        except UnusablePolicy:
            waiting.add(case["place"])
    assert waiting == ({case["place"] for case in places} if refused is None else refused)
