"""The cookbook: every recipe checks, its cases pass and see all of it, and both pages show the files as they are."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path
from typing import Any

import pytest

import engine
from engine.cli.status import ANSWERED
from tests.cli.running import Run
from tests.docs_tables import COOKBOOK, DOCS

ROOT = DOCS.parent
PAGES = ("cookbook.md", "zh/cookbook.md")
RECIPES = sorted(file.stem for file in COOKBOOK.glob("*.yaml"))
FOLDERS = ["--policies", str(ROOT / "policies"), "--policies", str(COOKBOOK)]
TOPICS = {
    "assets_by_size", "vehicles", "housing", "businesses", "expense_ratio", "disease_list", "disability_grades",
    "look_back", "caps", "fee_cap_by_stage", "bills_by_member", "extra_cause", "veto", "residence", "whole_months",
    "opened_requirement", "county_exemption", "brackets", "income_of_year", "ratio_range", "county_ratio",
    "income_multiple", "edge_member", "income_disregard", "counted_members", "counted_persons", "joint_counties",
}  # fmt: skip
AWKWARD = {
    "a disposable income keyed by year": {"income_of_year": "by: [last_year, residence]"},
    "a ratio set by a county within its city's range": {
        "ratio_range": "least_share: {at_least: 50%, at_most: 80%}",
        "county_ratio": "least_share: 80%",
    },
    "an income multiple": {"income_multiple": "<= 收入倍数 * 当地低保标准"},
    "an edge family with the member named": {"edge_member": "by_oneself: {of: members, "},
    "a look-back of six months": {"look_back": "申请日期 - 回溯期"},
    "an income disregard with cap and duration": {"income_disregard": "原定义 - 合计(就业收入扣减 对 家庭成员)"},
    "a school fee cap by the child's stage": {"fee_cap_by_stage": "by: [家庭成员.教育阶段]"},
    "bills by hospital summed per member": {"bills_by_member": "就医成员 = 成员编号 且 医院类别 = 定点医院"},
    "only some members counted": {
        "counted_members": "如果 费用计入 那么 原定义 否则 0",
        "counted_persons": "计数(家庭成员 其中 当前状况 不属于 ",
    },
    "a county exempting from its city's requirement": {
        "opened_requirement": "exemptions: {to: [requirements.no_vehicle]",
        "county_exemption": "exempt:\n  requirements.no_vehicle:",
    },
}
"""ten that other forms of rules find hard to say, each with the recipes that say it and the words in which they do"""


def test_the_recipes_check_without_a_word(run: Run) -> None:
    found = json.loads(run("check", *FOLDERS, "--format", "json").out)["diagnostics"]
    assert not [one for one in found if not one["file"].startswith("cities/")]


def test_the_cases_pass_and_see_every_condition_and_threshold(run: Run) -> None:
    ran = run("test", str(COOKBOOK), *FOLDERS, "--coverage", "--format", "json")
    told = json.loads(ran.out)
    assert (ran.status, told["failed"]) == (ANSWERED, 0), ran.err
    assert told["cases"] > 100
    # a county's rules are covered beside its city's, and an amendment of the province's stands before the city
    covered = {
        [name for name in chain if name.startswith("cookbook_")][-1]: group["missing"]
        for group in told["coverage"]
        for chain in group["chains"]
    }
    assert set(covered) == {f"cookbook_{name}" for name in RECIPES}
    own = {file.name for file in COOKBOOK.glob("*.yaml")}
    unseen = [(name, one) for name, missing in covered.items() for one in missing if one["file"].split("/")[-1] in own]
    assert not unseen


def test_the_recipes_are_illustrations_of_every_kind() -> None:
    assert set(RECIPES) == TOPICS
    for name in RECIPES:
        text = (COOKBOOK / f"{name}.yaml").read_text(encoding="utf-8")
        assert "status: illustrative" in text
        assert "示例，非真实政策" in text
        assert (COOKBOOK / "cases" / f"{name}.yaml").exists()


def test_ten_awkward_conditions_are_said_plainly() -> None:
    assert len(AWKWARD) == 10
    for recipes in AWKWARD.values():
        for name, words in recipes.items():
            assert words in (COOKBOOK / f"{name}.yaml").read_text(encoding="utf-8"), name


@pytest.mark.parametrize("page", PAGES)
def test_the_page_shows_every_recipe_and_a_case_of_it(page: str) -> None:
    text = (DOCS / page).read_text(encoding="utf-8")
    for kind in ("recipe", "case"):
        assert sorted(re.findall(rf"<!-- table: {kind} (\w+) -->", text)) == RECIPES


OWN_UNITS = """format: 1
policy: own_units
title: 另用的单位
jurisdiction: "99"
from: 2024-01-01
document: 示例
territory: places.csv
"""
ROLES = """
    id: {label: 编号, text: yes, required: yes, role: identity}
    filed: {label: 申请日期, date: yes, required: yes, role: as_of}
    county: {label: 县, place: yes, required: yes, role: place}
"""


@pytest.mark.parametrize("page", PAGES)
def test_units_of_ones_own_come_to_what_the_page_says(page: str, tmp_path: Path) -> None:
    text = (DOCS / page).read_text(encoding="utf-8")
    block = re.search(r"<!-- own units -->\n```yaml\n(.*?)```", text, re.DOTALL)
    told = re.search(r"<!-- own units come to -->\n(?:\|.*\n){2}((?:\|.*\n)+)", text)
    assert block
    assert told
    policy = OWN_UNITS + block[1].replace("  household:\n", f"  household:{ROLES}")
    (tmp_path / "p.yaml").write_text(policy, "utf-8")
    (tmp_path / "places.csv").write_text("code,name,city_code,city_name\n990101,甲县,990100,示例市\n", "utf-8")
    given = {"id": "1", "filed": "2024-05-01", "county": "990101", "wages": "312.50", "lessons": 12}
    figures: Any = engine.load(tmp_path).evaluate(given).to_dict()["outputs"]
    rows = re.findall(r"\| `(\w+)` \| (.+) \|", told[1])
    shown = {id: "yes" if one["value"] is True else f"{one['value']} {one['unit']}" for id, one in figures.items()}
    assert dict(rows) == shown


@pytest.mark.parametrize("page", PAGES)
def test_the_commands_of_the_page_run(page: str, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    block = re.search(r"<!-- run -->\n```sh\n(.*?)```", (DOCS / page).read_text(encoding="utf-8"), re.DOTALL)
    assert block
    for line in block[1].splitlines():
        ran = run(*shlex.split(line)[1:])
        assert ran.status == ANSWERED, ran.err
