"""The cookbook: every recipe checks, its cases pass and see all of it, and both pages show the files as they are."""

from __future__ import annotations

import json
import re
import shlex

import pytest

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
    "opened_requirement", "county_exemption", "brackets", "joint_counties",
}  # fmt: skip


def test_the_recipes_check_without_a_word(run: Run) -> None:
    found = json.loads(run("check", *FOLDERS, "--format", "json").out)["diagnostics"]
    assert not [one for one in found if not one["file"].startswith("cities/")]


def test_the_cases_pass_and_see_every_condition_and_threshold(run: Run) -> None:
    ran = run("test", str(COOKBOOK), *FOLDERS, "--coverage", "--format", "json")
    told = json.loads(ran.out)
    assert (ran.status, told["failed"]) == (ANSWERED, 0), ran.err
    assert told["cases"] > 100
    # a county's rules are covered beside its city's
    covered = {chain[-1]: group["missing"] for group in told["coverage"] for chain in group["chains"]}
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


@pytest.mark.parametrize("page", PAGES)
def test_the_page_shows_every_recipe_and_a_case_of_it(page: str) -> None:
    text = (DOCS / page).read_text(encoding="utf-8")
    for kind in ("recipe", "case"):
        assert sorted(re.findall(rf"<!-- table: {kind} (\w+) -->", text)) == RECIPES


@pytest.mark.parametrize("page", PAGES)
def test_the_commands_of_the_page_run(page: str, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    block = re.search(r"<!-- run -->\n```sh\n(.*?)```", (DOCS / page).read_text(encoding="utf-8"), re.DOTALL)
    assert block
    for line in block[1].splitlines():
        ran = run(*shlex.split(line)[1:])
        assert ran.status == ANSWERED, ran.err
