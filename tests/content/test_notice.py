"""Every clause of part two of the notice stands in the provincial file, and everything there cites its clause.

The table is written from the notice by hand; the file is read as plain YAML, so that this check shares nothing
with the engine.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

PROVINCE = Path(__file__).parents[2] / "policies" / "shanxi_2022_60.yaml"


@dataclass(frozen=True)
class Clause:
    """A clause, its words, and the elements that carry it out (`kind.id`, `members.id`, `cause.condition`)."""

    cites: str
    words: str
    carried_by: tuple[str, ...]


CLAUSES = (
    Clause(
        "二(一)1",
        "提出申请前12个月的家庭收入，扣除同期发生的医疗费用刚性支出（指获得基本医保、大病保险和各类补充医疗保险、"
        "商业保险报销后，扣除社会互助帮困等因素由个人负担的实际支出）后，家庭人均收入低于当地最低生活保障标准",
        (
            "household.application_date",
            "household.income_12m",
            "members.medical_gross",
            "members.medical_reimbursed",
            "members.medical_aid",
            "checks.medical_within_gross",
            "parameters.dibao_standard",
            "readings.whose_costs",
            "readings.already_below",
            "terms.counted_income",
            "terms.income_limit",
            "terms.medical_net",
            "terms.medical_burden",
            "illness.income",
            "illness.not_already_below",
        ),
    ),
    Clause(
        "二(一)2",
        "家庭拥有金融资产总额，人均应不超过当地36个月最低生活保障标准之和",
        ("household.financial_assets", "parameters.asset_months", "terms.asset_limit", "illness.assets"),
    ),
    Clause(
        "二(一)3",
        "疾病尚未痊愈，仍需进行相应治疗",
        ("members.treatment_ongoing", "terms.illness_present", "illness.treatment"),
    ),
    Clause(
        "二(二)1",
        "持有中华人民共和国残疾人证的残疾人，提出申请前12个月的家庭收入，扣除同期发生的残疾人辅助器械、康复治疗、"
        "康复训练、照料护理费用刚性支出（……）后，家庭人均收入低于当地最低生活保障标准",
        (
            "members.disability_certificate",
            "members.assistive_device_cost",
            "members.rehab_treatment_cost",
            "members.rehab_training_cost",
            "members.nursing_care_cost",
            "members.disability_reimbursed",
            "members.disability_aid",
            "checks.rehab_within_gross",
            "readings.whose_costs",
            "terms.rehab_gross",
            "terms.rehab_net",
            "terms.rehab_burden",
            "terms.disability_present",
            "disability.income",
            "disability.rehabilitation",
            "disability.not_already_below",
        ),
    ),
    Clause("二(二)2", "家庭拥有金融资产总额，人均应不超过当地36个月最低生活保障标准之和", ("disability.assets",)),
    Clause(
        "二(二)3",
        "仍需进行后续康复治疗、康复训练或照料护理",
        ("members.rehabilitation_ongoing", "terms.disability_present", "disability.rehabilitation"),
    ),
    Clause(
        "二(三)1",
        "家庭成员中有全日制本科及以下学历教育阶段的学生（除高收费学校就读，含入托、出国留学）",
        (
            "members.education_stage",
            "members.full_time",
            "members.high_fee_school",
            "members.study_abroad",
            "readings.nursery",
            "terms.stage_covered",
            "terms.high_fee",
            "terms.eligible_student",
            "terms.education_present",
            "education.student",
        ),
    ),
    Clause(
        "二(三)2",
        "提出申请前12个月的家庭收入，扣除一学年教育费用刚性支出（指获得政府和社会资助后由个人负担的学费、住宿费、"
        "保育教育费等实际支出）后，家庭人均收入低于当地最低生活保障标准",
        (
            "members.tuition",
            "members.boarding_fee",
            "members.care_education_fee",
            "members.education_aid",
            "checks.education_within_gross",
            "terms.education_gross",
            "terms.education_net",
            "terms.education_burden",
            "education.income",
            "education.not_already_below",
        ),
    ),
    Clause("二(三)3", "家庭拥有金融资产总额，人均应不超过当地36个月最低生活保障标准之和", ("education.assets",)),
    Clause(
        "二(四)",
        "存在多重致贫因素的家庭，只要符合因病致贫、因残致贫、因学致贫等情况的认定条件，在核算家庭收支时，"
        "其实际发生的医疗、康复、教育费用等刚性支出可从家庭收入中一并扣除",
        (
            "readings.multiple_causes",
            "readings.joint_deducts",
            "terms.present",
            "terms.joint_expense",
            "terms.any_single",
            "terms.every_present",
            "multiple.several",
            "multiple.income",
            "multiple.assets",
            "multiple.singles",
            "multiple.not_already_below",
        ),
    ),
)


@pytest.fixture(scope="module")
def province() -> dict[str, Any]:
    loaded = yaml.load(PROVINCE.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    assert isinstance(loaded, dict)
    return loaded


def elements(province: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every element that can cite a clause, by the name the table gives it."""
    for group, facts in province["facts"].items():
        for name, fact in (facts if group == "household" else facts["items"]).items():
            yield f"{group}.{name}", fact
    for kind in ("checks", "parameters", "readings", "terms", "outputs", "referrals"):
        for name, element in province[kind].items():
            yield f"{kind}.{name}", element
    for cause, declared in province["causes"].items():
        for name, condition in declared["conditions"].items():
            yield f"{cause}.{name}", condition


def cited(text: str) -> set[str]:
    """`二(一)1、2` is 二(一)1 and 二(一)2; `一、二(一)1` is 一 and 二(一)1."""
    found: set[str] = set()
    stem = ""
    for piece in text.split("、"):
        whole = re.fullmatch(r"([一二三](?:\([一二三四]\))?)(\d?)", piece)
        if whole:
            stem = whole.group(1)
            found.add(piece)
        else:
            found.add(stem + piece)
    return found


@pytest.mark.parametrize("clause", CLAUSES, ids=lambda clause: clause.cites)
def test_clause_is_carried_out(clause: Clause, province: dict[str, Any]) -> None:
    known = dict(elements(province))
    for name in clause.carried_by:
        assert name in known, f"{clause.cites} ({clause.words}): no `{name}`"
        assert clause.cites in cited(known[name].get("cites", "")), f"`{name}` does not cite {clause.cites}"


def test_every_condition_and_step_is_in_the_table(province: dict[str, Any]) -> None:
    in_table = {name for clause in CLAUSES for name in clause.carried_by}
    derived = {"terms.household_size", "terms.granted_deduction"}  # a count, and what only an output shows
    rules = {
        name
        for name, _ in elements(province)
        if name.partition(".")[0] in {"readings", "terms", "parameters", *province["causes"]}
    }
    assert rules - in_table == derived


def test_four_kinds_of_cause_as_the_notice_counts_them(province: dict[str, Any]) -> None:
    assert {cause: declared["cites"] for cause, declared in province["causes"].items()} == {
        "illness": "二(一)",
        "disability": "二(二)",
        "education": "二(三)",
        "multiple": "二(四)",
    }


def test_property_rule_is_left_to_the_local_government(province: dict[str, Any]) -> None:
    """二: 且家庭财产状况符合当地人民政府规定条件: the notice has no such condition itself, and opens the place."""
    assert province["requirements"] == {}
    assert province["local"]["add"]["requirements"] == "narrower"


def test_part_three_confers_and_refers(province: dict[str, Any]) -> None:
    """三(一): 纳入最低生活保障范围; 三(三): 医疗、教育等专项救助, 临时救助."""
    assert province["confers"]["label"] == "纳入最低生活保障范围"
    assert {"medical_aid", "education_aid", "temporary_aid"} <= set(province["referrals"])
    assert all(referral["cites"] == "三(三)" for referral in province["referrals"].values())


def test_date_and_document(province: dict[str, Any]) -> None:
    assert (province["document"], province["from"], province["jurisdiction"]) == (
        "晋民发〔2022〕60号",
        "2022-11-10",
        "14",
    )
    assert province["parameters"]["asset_months"]["value"] == "36 月"
