"""A policy of figures only: no cause is invented, the outcome is absent, and what speaks of it speaks of figures."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from engine import resources
from engine.api import Policies
from engine.diagnostics import render
from engine.evaluation.decide import decide
from engine.evaluation.decision import Decision
from engine.evaluation.household import read_household
from engine.program.invariants import invariants
from engine.program.link import program_of
from engine.reporting.layout import Page
from engine.reporting.render_decision import render_decision
from engine.reporting.words import Words
from tests.evaluation.samples import DAY, SOUND, household, loaded, sample_policy


def without(text: str, *sections: str) -> str:
    for name in sections:
        text = re.sub(rf"^{name}:.*\n(?:[ ].*\n)*", "", text, flags=re.MULTILINE)
    return text


ALONE = without(SOUND, "causes", "requirements", "referrals", "confers", "local").replace(
    "outputs:\n",
    "outputs:\n  share: {label: 每人应得, of: members, is: if 患病 then 费用 / 3 else 0, unit: 元/月}\n"
    "  room: {label: 离上限还差, is: 收入上限 - 净收入, unit: 元/月}\n",
)


def decided(**facts: object) -> Decision:
    policy = sample_policy(ALONE)
    return decide(policy, read_household(household(**facts), policy))


def told(**facts: object) -> dict[str, Any]:
    answer: Any = json.loads(json.dumps(decided(**facts).to_dict(), ensure_ascii=False))
    assert not list(Draft202012Validator(resources.schema("decision")).iter_errors(answer))
    return dict(answer)


def test_there_is_no_outcome_and_nothing_in_place_of_it() -> None:
    found = told()
    assert (found["outcome"], found["confers"], found["causes"], found["requirements"]) == (None, None, {}, {})
    assert found["missing"] == []
    assert {id: one["value"] for id, one in found["outputs"].items() if "value" in one} == {
        "room": "350.00",
        "burden_each": "125.00",
        "serious_illness": True,
    }
    assert [one["code"] for one in found["warnings"]] == []


def test_what_is_missing_is_what_some_figure_waits_for() -> None:
    found = told(income=None, members=[{"id": "a", "ill": None, "cost": 3, "illness": "感冒"}])
    each = {one["path"] for output in found["outputs"].values() for one in output["missing"]}
    assert {one["path"] for one in found["missing"]} == each == {"income", "members[0].ill"}


def test_a_default_matters_where_a_figure_would_be_open_without_it() -> None:
    found = told(members=[{"id": "a", "cost": 3, "illness": "感冒"}, {"id": "b", "ill": True, "illness": "感冒"}])
    assert {one["path"]: one["matters"] for one in found["assumed"]} == {
        "members[0].ill": True,
        "members[1].cost": True,
    }
    # beside a cost of nothing it is all the same who is ill
    assert not told(members=[{"id": "a", "cost": 0, "illness": "感冒"}])["assumed"][0]["matters"]


def test_a_reading_tells_the_figures_that_it_gives() -> None:
    found = told(members=[{"id": "a", "ill": False, "cost": 100, "illness": "感冒"}])["readings"]["counting"]
    assert found["differs"]
    all_, sick = found["options"]["all"], found["options"]["sick"]
    assert (all_["outcome"], all_["outputs"]["burden_each"]["value"]) == (None, "100.00")
    assert sick["outputs"]["burden_each"] == {"value": "0.00", "exact": "0", "unit": "元/人/月"}
    assert not told()["readings"]["counting"]["differs"]


def test_the_program_keeps_its_promises() -> None:
    program = program_of(sample_policy(ALONE))
    assert program.outcome is None
    assert [step.owner.id for step in program.goals] == ["share", "room", "burden_each", "serious_illness"]
    assert not invariants(program)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_report_begins_with_the_figures(language: Any) -> None:
    lines = render_decision(decided(), Words(language), Page()).splitlines()
    assert lines[0] == {"zh": "＝ 数字已算出", "en": "＝ Figures worked out"}[language]
    assert {"zh": "怎样算出", "en": "How the figures come about"}[language] in lines
    text = "\n".join(lines)
    assert "每人应得（a）" in text or "每人应得 (a)" in text
    opened = render_decision(decided(income=None), Words(language), Page()).splitlines()
    assert opened[0].startswith("？")


WRONG = {
    "no figures either": without(ALONE, "outputs"),
    "a requirement without a cause": ALONE + "requirements: {few: {label: 少, when: 人口 <= 3 人}}\n",
    "causes that end": SOUND.replace("label: 困难", "label: 困难\n    until: 2023-01-31").replace(
        "label: 特困", "label: 特困\n    until: 2023-01-31"
    ),
}


@pytest.mark.parametrize("text", WRONG.values(), ids=list(WRONG))
def test_what_is_no_policy_of_figures_only_lacks_its_causes(text: str) -> None:
    policies: Policies = loaded(text)
    found, report = policies.slices.checked(policies.library.chain_ids("sample", "140105"), "140105", DAY, None)
    assert found is None
    codes = {one.code for one in (*policies.library.report.diagnostics, *report)}
    assert codes & {"no-causes", "missing-key"}, [render(one) for one in report]
