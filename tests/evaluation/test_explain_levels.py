"""How much is told of a decision: less is the whole with parts left out, and nothing of these is derived."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from engine import resources
from engine.api import open_policies
from engine.errors import HouseholdError
from engine.evaluation.decision import Decision
from engine.evaluation.explained import Explained
from tests.evaluation.test_figures_only import decided as figures_of

ROOT = Path(__file__).parents[2]
ANSWER = ("format", "household", "outcome", "confers", "policy")
REASONS = (*ANSWER, "causes", "requirements", "missing", "referrals", "warnings")


def decisions() -> list[Decision]:
    """Those of the examples that are not refused."""
    policies, found = open_policies(ROOT / "policies"), []
    for file in sorted((ROOT / "examples" / "households").glob("*.json")):
        try:
            found.append(policies.evaluate(file.read_bytes()))
        except HouseholdError:
            continue
    return found


def test_less_is_the_whole_with_parts_left_out() -> None:
    for less, full in zip(decisions(), decisions(), strict=True):
        whole = full.to_dict("en")
        for explain, names in (("reasons", REASONS), ("none", ANSWER)):
            said = less.to_dict("en", explain)  # type: ignore[arg-type]
            assert json.dumps(said) == json.dumps({name: whole[name] for name in whole if name in names})
            assert not list(Draft202012Validator(resources.schema("decision")).iter_errors(said))


def test_nothing_is_derived_of_the_outcome_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = decisions()
    monkeypatch.setattr(Explained, "_opened", lambda _: pytest.fail("reasons were derived"))
    for decision in asked:
        assert tuple(decision.to_dict(explain="none")) == ANSWER


def test_figures_are_the_answer_of_a_policy_that_has_nothing_else() -> None:
    decision = figures_of()
    said, whole = decision.to_dict(explain="none"), decision.to_dict()
    assert said == {name: whole[name] for name in (*ANSWER, "outputs")}


def test_a_level_that_is_none() -> None:
    with pytest.raises(ValueError, match="explain: 'all' is none of none, reasons, full"):
        decisions()[0].to_dict(explain="all")  # type: ignore[arg-type]
