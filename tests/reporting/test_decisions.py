"""What a report must get right about single conditions, on decisions of the shipped policy."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest

import engine
from engine.evaluation.decision import Decision
from engine.reporting.layout import Page
from engine.reporting.render_decision import render_decision
from engine.reporting.words import Words

EXAMPLES = Path(__file__).parents[2] / "examples"
HOUSEHOLD: dict[str, Any] = {
    "id": "T-1",
    "application_date": "2023-06-15",
    "county": "140105",
    "residence": "urban",
    "income_12m": "9120.00",
    "financial_assets": 0,
    "members": [{"id": "1", "name": "不得印出", "treatment_ongoing": True}],
}


@pytest.fixture(scope="module")
def policies() -> engine.Policies:
    return engine.load()


def text_of(decision: Decision, *, details: bool = False, page: Page | None = None) -> str:
    return render_decision(decision, Words("zh"), page or Page(), details=details)


def household(**others: object) -> dict[str, Any]:
    return {**copy.deepcopy(HOUSEHOLD), **others}


def test_at_the_limit(policies: engine.Policies) -> None:
    text = text_of(policies.evaluate(household()))
    assert "算得 760.00 元/人/月，应低于收入标准 760.00 元/人/月，恰好相等" in text


def test_a_difference_below_a_fen_is_not_called_none(policies: engine.Policies) -> None:
    text = text_of(policies.evaluate(household(income_12m="9119.99")))
    assert text.startswith("✓")
    assert "算得 760.00 元/人/月，低于收入标准 760.00 元/人/月，低不足 0.01" in text


def test_a_condition_that_the_reading_waives_is_not_called_met(policies: engine.Policies) -> None:
    # the family is below the standard before any deduction: the waived condition would be false of it
    decision = policies.evaluate(household(income_12m=100))
    assert "扣除前人均收入不低于" not in text_of(decision)
    assert "（现行读法不要求）" in text_of(decision, details=True).replace("\n        ", "")


def test_what_no_figure_can_change_is_said(policies: engine.Policies) -> None:
    member = {"id": "1", "treatment_ongoing": True, "medical_gross": 10, "medical_reimbursed": None}
    text = text_of(policies.evaluate(household(income_12m=90000, members=[member])))
    assert "算得 7499.17 至 7500.00 元/人/月，应低于收入标准 760.00 元/人/月，无论如何都不满足" in text


def test_one_failed_threshold_fits_one_screen(policies: engine.Policies) -> None:
    given = json.loads((EXAMPLES / "households" / "ineligible.json").read_text("utf-8"))
    lines = text_of(policies.evaluate(given)).splitlines()
    assert len(lines) <= 45
    assert next(at for at, line in enumerate(lines) if "超出 36.95" in line) <= 10


def test_lines_keep_to_the_page(policies: engine.Policies) -> None:
    from engine.source import display_width

    for file in (EXAMPLES / "households").glob("*.json"):
        if file.stem != "refused":
            text = text_of(policies.evaluate(file.read_bytes()), page=Page(width=72))
            # a closing mark may stand out by its own width
            assert max(display_width(line) for line in text.splitlines()) <= 72 + 4


def test_private_facts_are_no_part_of_a_report(policies: engine.Policies) -> None:
    assert "不得印出" not in text_of(policies.evaluate(household()), details=True)


def test_an_exemption_is_told_with_what_it_exempts_from() -> None:
    shipped = EXAMPLES.parent / "policies"
    policies = engine.api.open_policies([shipped, EXAMPLES / "overlay"])
    given = (EXAMPLES / "overlay" / "households" / "severe-disability.json").read_bytes()
    text = text_of(policies.evaluate(given, policy="demo_city"))
    assert "应不超过人均金融资产上限 19200.00 元/人，超出 80800.00" in text
    assert "依“有重度残疾成员”免除此条件〔示例 第七条〕" in text
