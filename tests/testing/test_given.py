"""Values that a case fixes leave everything else as it is, down to the very object that answers are shared by."""

from __future__ import annotations

from datetime import date

from engine.api import open_policies
from engine.source import Source, Span
from engine.testing.given import FixedPolicies
from engine.testing.model import Given

DAY = date(2023, 6, 15)


def given(id: str, value: str) -> Given:
    return Given(id, value, Span(Source("cases.yaml", value), 0, len(value)))


def test_rules_in_which_no_term_is_given_are_the_same() -> None:
    policy = open_policies().overlay_for("taiyuan", DAY)
    fixed = FixedPolicies()
    with_value = fixed.fix(policy, [given("dibao_standard", "760 元/人/月")], DAY, None)
    assert with_value.rules is policy.rules
    with_term = fixed.fix(policy, [given("household_size", "3 人")], DAY, None)
    assert with_term.rules is not policy.rules
    assert with_term.rules.causes == policy.rules.causes
