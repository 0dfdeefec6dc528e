"""Places as the table of a policy has them: who decides whom, in `tests/cases/places`; what the schema of households says."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any, cast

import pytest
import yaml
from jsonschema import Draft202012Validator

from engine.api import Policies, open_policies
from engine.diagnostics import render
from engine.errors import HouseholdError
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
