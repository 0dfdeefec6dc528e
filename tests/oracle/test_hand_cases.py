"""The oracle itself, against figures worked out by hand from the notice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from tests.oracle.households import COMBINATIONS, DEFAULTED, households, standards_of
from tests.oracle.oracle import DEFAULTS, Incomplete, decide
from tests.oracle.territories import monthly, standards_on

# 600 yuan a month: for two members 14,400 a year and 43,200 of assets; 5678 a year: 11,356 and 34,068
STANDARDS = {("140105", "urban"): Fraction(600), ("140105", "rural"): Fraction(5678, 12)}

ILL = {
    "treatment_ongoing": True,
    "medical_gross": 10000,
    "medical_reimbursed": "3000",
    "medical_aid": 500.5,
}  # 6,499.50
DISABLED = {"disability_certificate": True, "rehabilitation_ongoing": True, "nursing_care_cost": 4000}
STUDENT = {"education_stage": "undergraduate", "full_time": True, "tuition": 5000, "education_aid": 2000}  # 3,000
WELL: dict[str, Any] = {}


@dataclass(frozen=True)
class Case:
    why: str
    members: tuple[dict[str, Any], ...]
    income: int | float | str
    met: set[str]
    assets: int | float | str = 0
    readings: Mapping[str, str] = field(default_factory=dict)
    residence: str = "urban"


CASES = (
    Case("20,899.50 - 6,499.50 is the limit of 14,400: not below it", (ILL, WELL), "20899.50", set()),
    Case("a fen less is below", (ILL, WELL), "20899.49", {"illness"}),
    Case("a yearly standard: 11,356 + 6,499.50", (ILL, WELL), "17855.50", set(), residence="rural"),
    Case("and a fen less", (ILL, WELL), 17855.49, {"illness"}, residence="rural"),
    Case("assets at the limit pass", (ILL, WELL), 15000, {"illness"}, assets=43200),
    Case("one fen above fails", (ILL, WELL), 15000, set(), assets="43200.01"),
    Case(
        "36 months of 5678/12 for two is 34,068, though 473.17 is not 5678/12",
        (ILL, WELL),
        0,
        {"illness"},
        34068,
        {},
        "rural",
    ),
    Case("and a fen more fails", (ILL, WELL), 0, set(), "34068.01", {}, "rural"),
    Case("nobody is ill: being poor is not enough", (WELL, WELL), 0, set()),
    Case(
        "aid over one member's bill does not pay another's: 1,000 of the second is left",
        ({"treatment_ongoing": True, "medical_gross": 100, "medical_aid": 9000}, {"medical_gross": 1000}),
        "15399.99",
        {"illness"},
    ),
    Case(
        "only bills of those who are ill themselves",
        ({"treatment_ongoing": True, "medical_gross": 100}, {"medical_gross": 1000}),
        14500,
        set(),
        readings={"whose_costs": "same"},
    ),
    Case(
        "rehabilitation is summed over certificate holders",
        (DISABLED, {"rehab_training_cost": 9999, "rehabilitation_ongoing": True}),
        18400,
        set(),
    ),
    Case("their 4,000 alone", (DISABLED, WELL), "18399.99", {"disability"}),
    Case(
        "a second holder's costs count, whether or not her rehabilitation goes on",
        (DISABLED, {"disability_certificate": True, "assistive_device_cost": 1000}),
        19399,
        {"disability"},
    ),
    Case(
        "but not where only the own ones are read to count",
        (DISABLED, {"disability_certificate": True, "assistive_device_cost": 1000}),
        19399,
        set(),
        readings={"whose_costs": "same"},
    ),
    Case("an undergraduate", (STUDENT, WELL), "17399.99", {"education"}),
    Case("a postgraduate is not covered", ({**STUDENT, "education_stage": "postgraduate"}, WELL), 0, set()),
    Case("nor part time", ({**STUDENT, "full_time": False}, WELL), 0, set()),
    Case("nor a school with high fees", ({**STUDENT, "high_fee_school": True}, WELL), 0, set()),
    Case("nor abroad", ({**STUDENT, "study_abroad": True}, WELL), 0, set()),
    Case("a nursery child is", ({**STUDENT, "education_stage": "nursery"}, WELL), 0, {"education"}),
    Case(
        "unless nurseries are read to be excluded",
        ({**STUDENT, "education_stage": "nursery"}, WELL),
        0,
        set(),
        readings={"nursery": "nursery_excluded"},
    ),
    Case(
        "which leaves kindergartens",
        ({**STUDENT, "education_stage": "preschool"}, WELL),
        0,
        {"education"},
        readings={"nursery": "nursery_excluded"},
    ),
    Case(
        "until they are too",
        ({**STUDENT, "education_stage": "preschool"}, WELL),
        0,
        set(),
        readings={"nursery": "preschool_excluded"},
    ),
    Case("14,400 + 6,499.50 + 3,000 together, none alone", (ILL, STUDENT), "23899.49", {"multiple"}),
    Case("at that limit", (ILL, STUDENT), "23899.50", set()),
    Case("an anchor is asked for, and there is none", (ILL, STUDENT), 23000, set(), 0, {"multiple_causes": "anchor"}),
    Case(
        "illness alone holds below 20,899.50, education does not",
        (ILL, STUDENT),
        20000,
        {"illness", "multiple"},
        readings={"multiple_causes": "anchor"},
    ),
    Case("every one is asked for", (ILL, STUDENT), 20000, {"illness"}, readings={"multiple_causes": "strict"}),
    Case(
        "and each holds below 17,400",
        (ILL, STUDENT),
        17000,
        {"illness", "education", "multiple"},
        readings={"multiple_causes": "strict"},
    ),
    Case(
        "both causes in one member are two facts",
        ({**ILL, **DISABLED}, WELL),
        24000,
        {"multiple"},
    ),
    Case(
        "21,600 + 6,499.50 + 4,000; the 500 of one who does not study stay",
        (ILL, DISABLED, {"disability_certificate": False, "tuition": 500}),
        "32099.50",
        set(),
    ),
    Case(
        "medical bills of a family whose illness is over are not deducted",
        (DISABLED, {**STUDENT, "medical_gross": 1000}),
        21400,
        set(),
    ),
    Case(
        "unless all three kinds are",
        (DISABLED, {**STUDENT, "medical_gross": 1000}),
        21400,
        {"multiple"},
        readings={"joint_deducts": "all"},
    ),
    Case(
        "below the standard before any deduction: ordinary dibao",
        (ILL, WELL),
        14399.99,
        set(),
        0,
        {"already_below": "excluded"},
    ),
    Case("at the standard they are not below it", (ILL, WELL), 14400, {"illness"}, 0, {"already_below": "excluded"}),
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.why)
def test_worked_by_hand(case: Case) -> None:
    household = {
        "id": "H",
        "application_date": "2023-06-15",
        "county": "140105",
        "residence": case.residence,
        "income_12m": case.income,
        "financial_assets": case.assets,
        "members": [{"id": f"m{place}", **member} for place, member in enumerate(case.members)],
    }
    verdict = decide(household, STANDARDS, {**DEFAULTS, **case.readings})
    assert {cause for cause, met in verdict.causes.items() if met} == case.met
    assert verdict.outcome == ("eligible" if case.met else "ineligible")


def test_adjusted_income_may_be_negative() -> None:
    household = {
        "county": "140105",
        "residence": "urban",
        "income_12m": 1000,
        "financial_assets": 0,
        "members": [{"id": "m", **ILL}],
    }
    assert decide(household, STANDARDS).adjusted == Fraction("-5499.50") / 12


@pytest.mark.parametrize(
    "change",
    [
        {"residence": None},
        {"income_12m": None},
        {"members": [{"education_stage": "primary"}]},
        {"financial_assets": None},
    ],
    ids=lambda change: next(iter(change)),
)
def test_unknowns_are_not_decided(change: dict[str, Any]) -> None:
    household = {
        "county": "140105",
        "residence": "urban",
        "income_12m": 0,
        "financial_assets": 0,
        "members": [{"id": "m"}],
    }
    decide(household, STANDARDS)
    with pytest.raises(Incomplete):
        decide({**household, **change}, STANDARDS)


def test_territories() -> None:
    assert monthly("5678 元/人/年") == Fraction(5678, 12)
    early, late = standards_on(date(2024, 6, 30)), standards_on(date(2024, 7, 1))
    assert early["140105", "urban"] == Fraction(760)
    assert late["140105", "urban"] == Fraction("805.50")
    assert early["140728", "urban"] == Fraction("655.05"), "the county's own figure stands above its city's"
    assert ("140802", "urban") not in late
    assert ("140902", "rural") not in late
    assert not standards_on(date(2022, 12, 31))


def test_generator_repeats_itself_and_reaches_everything() -> None:
    numbers = range(600)
    drawn = list(households(5, numbers))
    assert drawn == list(households(5, numbers))
    assert drawn[7] == next(households(5, [7])), "a household does not depend on those before it"
    assert {len(each["members"]) for each in drawn} == set(range(1, 9))
    stages = {member.get("education_stage") for each in drawn for member in each["members"]}
    assert len(stages) == 11, "ten stages, and none given"
    absent = {name for each in drawn for member in each["members"] for name in DEFAULTED if name not in member}
    assert absent == set(DEFAULTED)
    for readings in COMBINATIONS:
        outcomes = [decide(each, standards_of(each), readings).outcome for each in drawn]
        assert 100 < outcomes.count("eligible") < 400
