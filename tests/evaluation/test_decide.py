"""Decisions on the sample policy: outcomes, reasons, exemptions, requirements, what is missing, warnings."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from engine.errors import HouseholdError
from engine.evaluation.decide import decide
from engine.evaluation.decision import Decision, Finding, Outcome
from engine.evaluation.household import read_household
from tests.evaluation.samples import DAY, PLACE, SAMPLE, checked, decided, household, loaded, sample_policy

OVERLAY = """\
format: 1
overlay: town
title: 某市补充规定
amends: sample
jurisdiction: "1401"
status: illustrative
document: 测〔2023〕2号
from: 2023-02-01
set:
  unpublished: 150
add:
  requirements:
    small: {label: 存款不多, when: 存款 / 人口 <= 未公布的数 / 1 人}
exempt:
  poverty.income: {label: 重病家庭, when: any(members where 病种 in serious)}
"""


def paths(decision: Decision) -> list[object]:
    return [one.path or (one.parameter, dict(one.key)) for one in decision.missing]


def codes(decision: Decision) -> list[str]:
    return [one.code for one in decision.warnings]


def comparison(decision: Decision, cause: str, condition: str) -> Any:
    told: Any = decision.to_dict()
    found = told["causes"][cause]["conditions"] if cause else told["requirements"]
    return found[condition].get("comparison")


# ---- outcome


@pytest.mark.parametrize(
    ("given", "outcome"),
    [
        (household(), Outcome.ELIGIBLE),
        (household(income=1250), Outcome.INELIGIBLE),
        (household(income="1249.99"), Outcome.ELIGIBLE),
        (household(income=1250, hardship=True), Outcome.INELIGIBLE),
        (household(vehicles=[{"price": 1}, {"price": 1}]), Outcome.INELIGIBLE),
        (household(vehicles=[{"price": 1}, {"price": 1, "working": True}]), Outcome.ELIGIBLE),
        (household(vehicles=[{"price": "50000.01"}]), Outcome.INELIGIBLE),
        (household(vehicles=[{"price": 50000}]), Outcome.ELIGIBLE),
        (household(vehicles=None), Outcome.UNDETERMINED),
        (household(vehicles=None, income=1250), Outcome.INELIGIBLE),
        (household(residence=None), Outcome.ELIGIBLE),
        (household(residence=None, income=1251), Outcome.UNDETERMINED),
        (household(residence=None, income=1750), Outcome.INELIGIBLE),
    ],
)
def test_outcome(given: dict[str, object], outcome: Outcome) -> None:
    assert decided(given).outcome is outcome


def test_causes_and_requirements() -> None:
    found = decided(household(vehicles=[{"price": 60000}], hardship=None))
    assert found.causes["poverty"].finding is Finding.MET
    assert found.causes["hardship_cause"].finding is Finding.UNDETERMINED
    assert found.requirements["one_vehicle"].finding is Finding.MET
    assert found.requirements["no_dear_vehicle"].finding is Finding.UNMET
    assert [one.id for one in found.referrals] == ["medical"]


def test_counts_pick_the_range() -> None:
    members = [{"id": str(number), "ill": True, "kind": "adult"} for number in range(4)]
    assert comparison(decided(household(members=members)), "poverty", "income")["right"]["exact"] == "2000"
    rural = decided(household(members=members, residence="rural"))
    assert rural.outcome is Outcome.UNDETERMINED
    assert paths(rural) == [("limit", {"residence": "rural", "size": "4"})]


# ---- comparisons


def test_comparison_in_the_unit_of_the_right_side() -> None:
    found = comparison(decided(household(income="900.01")), "poverty", "income")
    assert found == {
        "left": {"text": "净收入", "value": "650.01", "exact": "65001/100", "unit": "元/月"},
        "operator": "<",
        "right": {"text": "收入上限", "value": "1000.00", "exact": "1000", "unit": "元/月"},
        "margin": "349.99",
    }


def test_comparison_of_what_is_not_known() -> None:
    found = comparison(decided(household(income=None)), "poverty", "income")
    assert found["left"] == {"text": "净收入", "value": None, "exact": None, "unit": "元/月"}
    assert found["margin"] is None


def test_comparison_with_a_bare_number_is_in_the_other_sides_unit() -> None:
    found = comparison(decided(household(vehicles=[{"price": 1}, {"price": 1}])), "", "one_vehicle")
    assert (found["left"]["exact"], found["left"]["unit"], found["margin"]) == ("2", "辆", "-1.00")


@pytest.mark.parametrize(
    ("limit", "exact", "unit"),
    [("6000 元/年", "6000", "元/年"), ("0.6 万元/年", "6000", "元/年"), ("500 元/月", "500", "元/月")],
)
def test_comparison_with_an_amount_is_in_the_unit_it_is_written_in(limit: str, exact: str, unit: str) -> None:
    text = SAMPLE.replace("when: 净收入 < 收入上限", f"when: 净收入 < {limit}")
    found = comparison(decided(household(), sample_policy(text)), "poverty", "income")
    assert (found["right"]["exact"], found["right"]["unit"], found["left"]["unit"]) == (exact, unit, unit)


def test_a_veto_is_told_by_what_must_hold() -> None:
    text = SAMPLE.replace("unless: any(vehicles where 贵车)", "unless: 房间数 > 3")
    found = comparison(decided(household(rooms=4), sample_policy(text)), "", "no_dear_vehicle")
    assert (found["operator"], found["left"]["text"], found["margin"]) == ("<=", "房间数", "-1.00")


def test_operands_of_a_side() -> None:
    text = SAMPLE.replace("when: 净收入 < 收入上限", "when: 月收入 - 负担 + 净收入 - 净收入 < 收入上限")
    found = decided(household(), sample_policy(text)).causes["poverty"].conditions["income"].comparison
    assert found is not None
    assert [one.text for one in found.left.operands] == ["月收入", "负担", "净收入"]
    assert [one.text for one in found.right.operands] == ["收入上限"]


def test_a_condition_that_is_no_comparison_has_none() -> None:
    assert comparison(decided(household()), "poverty", "illness") is None
    assert comparison(decided(household()), "", "no_dear_vehicle") is None


def test_parameters_read_by_a_condition() -> None:
    found = decided(household()).causes["poverty"].conditions["income"].parameters
    assert [(one.parameter, one.key) for one in found] == [("limit", (("residence", "urban"), ("size", "1..2")))]
    assert found[0].value is not None
    assert found[0].value.cell.text == "1000 元/月"
    unknown = decided(household(residence=None)).causes["poverty"].conditions["income"].parameters
    assert [dict(one.key)["residence"] for one in unknown] == ["urban", "rural"]


# ---- exemptions, overlays


def town() -> Any:
    return checked(loaded(SAMPLE, OVERLAY), "town")


def test_exemptions() -> None:
    met = decided(household(income=5000), town())
    assert met.outcome is Outcome.ELIGIBLE
    assert [one.label for one in met.causes["poverty"].conditions["income"].exempted_by] == ["重病家庭"]
    told: Any = met.to_dict()
    assert told["causes"]["poverty"]["conditions"]["income"]["outcome"] == "met"
    assert told["causes"]["poverty"]["conditions"]["income"]["comparison"]["margin"] == "-3750.00"
    assert "exempted_by" not in told["causes"]["hardship_cause"]["conditions"]["income"]


def test_an_unknown_exemption_leaves_it_open() -> None:
    given = household(income=5000, members=[{"id": "a", "ill": True, "illness": None}])
    assert paths(decided(given, town())) == ["members[0].illness"]


def test_illustrative_policies_are_named() -> None:
    assert "illustrative-policy" in codes(decided(household(), town()))
    assert decided(household(), town()).to_dict()["policy"]["chain"] == ["sample", "town"]  # type: ignore[index]


# ---- what is missing, what is assumed


def test_missing_is_in_document_order() -> None:
    given = household(
        hardship=None,
        residence=None,
        income=None,
        vehicles=[{"price": None, "working": None}],
        members=[{"id": "b", "ill": None, "cost": None, "kind": None}, {"id": "a", "ill": None}],
    )
    assert paths(decided(given)) == [
        "residence",
        "income",
        "hardship",
        "members[0].ill",
        "members[0].cost",
        "members[1].ill",
        "vehicles[0].price",
        "vehicles[0].working",
    ]


def test_judgements_are_named_as_such() -> None:
    found = decided(household(hardship=None, members=[{"id": "a", "cost": 100}]))
    assert [one.to_dict() for one in found.missing] == [{"kind": "judgement", "path": "hardship", "label": "特别困难"}]


def test_an_optional_list_left_out_is_needed_only_where_it_counts() -> None:
    given = household()
    del given["vehicles"]
    assert paths(decided(given)) == ["vehicles"]
    assert paths(decided({**given, "income": 9999})) == []


def test_an_optional_fact_that_no_rule_uses_is_ignored() -> None:
    found = decided(household(note=None, area=None, moved_in=None))
    assert found.outcome is Outcome.ELIGIBLE
    assert found.assumed == ()


def test_assumed_facts_say_whether_they_matter() -> None:
    given = household(income=1250, members=[{"id": "a", "ill": True, "cost": 1}, {"id": "b"}], vehicles=[{"price": 1}])
    del given["savings"], given["rooms"]
    found = decided(given).to_dict()["assumed"]
    assert found == [
        {"path": "savings", "value": "0.50", "matters": False},
        {"path": "members[1].ill", "value": False, "matters": False},
        {"path": "members[1].cost", "value": 0, "matters": True},
        {"path": "vehicles[0].working", "value": False, "matters": False},
    ]


# ---- readings


def test_readings_one_at_a_time() -> None:
    members = [{"id": "a", "ill": True, "cost": 0}, {"id": "b", "cost": 400, "ill": False}]
    told: Any = decided(household(income=1300, members=members)).to_dict()
    assert told["readings"]["counting"] == {
        "chosen": "all",
        "options": {
            "all": {"outcome": "eligible", "causes": {"poverty": "met", "hardship_cause": "unmet"}},
            "sick": {"outcome": "ineligible", "causes": {"poverty": "unmet", "hardship_cause": "unmet"}},
        },
        "differs": True,
    }


# ---- data checks and warnings


def test_a_false_check_refuses() -> None:
    with pytest.raises(HouseholdError) as caught:
        decided(household(savings="1000000.01"))
    assert [(one.code, one.path) for one in caught.value.diagnostics] == [("data-check-failed", "$")]
    assert caught.value.household == "H-1"
    assert "存款数额不可能" in caught.value.to_dict()["reasons"][0]["message"]  # type: ignore[index]


def test_a_false_check_of_severity_warning_warns() -> None:
    found = decided(household(members=[{"id": "a", "ill": True}, {"id": "b", "ill": False, "cost": 3}]))
    assert codes(found) == ["data-check-warning"]
    assert found.warnings[0].message() == "members[1]：没有患病却填了费用"


def test_an_unknown_check_does_nothing() -> None:
    found = decided(household(savings=None, members=[{"id": "a", "ill": None, "cost": 3, "kind": "adult"}]))
    assert codes(found) == []


def test_no_requirements_at_all() -> None:
    text = SAMPLE[: SAMPLE.index("requirements:\n  one")] + "requirements: {}\n" + SAMPLE[SAMPLE.index("outputs:") :]
    assert codes(decided(household(), sample_policy(text))) == ["no-local-requirements"]


def test_values_past_their_review() -> None:
    text = SAMPLE.replace("by: [residence, size]", "by: [residence, size]\n    review_after: 3 月")
    found = decided(household(), sample_policy(text))
    assert codes(found) == ["stale-value"]
    assert "2023-01-01" in found.warnings[0].message()


def test_publication_counts_when_asked() -> None:
    policy = sample_policy()
    facts = read_household(household(), policy)
    assert decide(policy, facts, known_on=date(2022, 12, 31)).outcome is Outcome.UNDETERMINED
    assert decide(policy, facts, known_on=DAY).to_dict()["policy"]["known_on"] == "2023-06-15"  # type: ignore[index]


# ---- limits


def test_long_chains_of_terms() -> None:
    """Neither working out nor asking what is missing may go as deep as the chain of terms is long."""
    chain = "".join(f"  t{n}: {{label: 步骤{n}, is: {f't{n - 1} + 0' if n else '净收入'}}}\n" for n in range(600))
    text = SAMPLE.replace("causes:\n", chain + "causes:\n").replace("when: 净收入 <", "when: t599 <")
    policy = sample_policy(text)
    assert decided(household(), policy).outcome is Outcome.ELIGIBLE
    assert paths(decided(household(income=None), policy)) == ["income"]


def test_large_households_are_decided_in_time() -> None:
    members = [{"id": str(number), "ill": number % 2 == 0} for number in range(1000)]
    found = decided(household(members=members, income=None))
    assert paths(found) == ["income"]
    assert sum(one.matters for one in found.assumed) == 1000


# ---- form


def test_to_dict_is_json_in_the_stated_order() -> None:
    told = decided(household(residence=None, income=1251)).to_dict()
    assert list(told) == [
        "format", "household", "outcome", "confers", "policy", "causes", "requirements", "outputs", "missing",
        "assumed", "readings", "referrals", "warnings",
    ]  # fmt: skip
    assert told["confers"] == {"id": "help", "label": "纳入救助范围"}
    outputs: Any = told["outputs"]
    values = {id: (found["label"], found["value"], found["unit"], found["missing"]) for id, found in outputs.items()}
    assert values == {
        "burden_each": ("人均负担", "125.00", "元/人/月", []),
        "serious_illness": ("有重病", True, "", []),
    }
    json.dumps(told)


def test_the_day_may_be_another_than_the_application() -> None:
    policy = sample_policy()
    facts = read_household(household(), policy)
    assert decide(policy, facts, as_of=date(2022, 1, 1)).outcome is Outcome.UNDETERMINED
    assert decide(policy, facts).place == PLACE
