"""The example of figures only: it checks, its cases see all of it, and both pages show what it really says."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.cli.running import Run
from tests.docs_tables import DOCS

FOLDER = DOCS.parent / "examples" / "figures"
PAGES = ("figures.md", "zh/figures.md")


def test_it_checks_without_a_word(run: Run) -> None:
    found = json.loads(run("check", str(FOLDER), "--format", "json").out)["diagnostics"]
    assert found == []


def test_its_cases_pass_and_see_everything(run: Run) -> None:
    ran = run("test", str(FOLDER), "--policies", str(FOLDER), "--coverage", "--format", "json")
    told = json.loads(ran.out)
    assert (ran.status, told["failed"]) == (0, 0)
    assert [chain["missing"] for chain in told["coverage"]] == [[]]


def test_its_cases_notice_every_change_that_a_household_can(run: Run) -> None:
    told = run("mutate", str(FOLDER), "--policies", str(FOLDER), "--lang", "en").out
    # on the very day both dates are the same
    assert re.findall(r"申请日期 < 起算日  →  (.*)", told) == ["申请日期 <= 起算日"]


def answer(run: Run, *more: str) -> str:
    household = str(FOLDER / "household.json")
    ran = run("evaluate", household, "--policies", str(FOLDER), "--policy", "subsidies", *more)
    assert ran.status == 0
    return ran.out


@pytest.mark.parametrize("page", PAGES)
def test_a_page_shows_what_is_there(page: str, run: Run) -> None:
    text = (DOCS / page).read_text(encoding="utf-8")
    files = "".join((FOLDER / name).read_text(encoding="utf-8") for name in ("subsidies.yaml", "cases.yaml"))
    fences = re.findall(r"```(\w+)\n(.*?)```", text, re.DOTALL)
    assert [kind for kind, _ in fences] == ["yaml", "yaml", "json", "text", "yaml"]
    for kind, shown in fences:
        if kind == "yaml":
            assert [line for line in shown.splitlines() if line not in files.splitlines()] == []
        elif kind == "text":
            assert shown in answer(run)
        else:
            told: Any = json.loads(answer(run, "--format", "json"))
            assert json.loads(shown).items() <= told["outputs"]["each"].items()
            assert (told["outcome"], told["confers"]) == (None, None)


def test_replay_tells_which_figures_changed(run: Run, tmp_path: Path) -> None:
    for file in FOLDER.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    policy = tmp_path / "subsidies.yaml"
    record = str(tmp_path / "record.jsonl")
    asked = ("--policies", str(tmp_path))
    run("evaluate", str(tmp_path / "household.json"), *asked, "--policy", "subsidies", "--record", record)
    assert "答复相同 1" in run("replay", record, *asked).out
    policy.write_text(policy.read_text("utf-8").replace("value: 100, cites", "value: 110, cites"), encoding="utf-8")
    told = run("replay", record, *asked).out
    assert "数字有变" in told
    assert "结论改变 1" in told
    assert "每人每月补贴 m1：220.00 元/月 → 230.00 元/月" in told
    assert "全家每月补贴：320.00 元/月 → 340.00 元/月" in told


def test_a_new_case_states_the_figures(run: Run, tmp_path: Path) -> None:
    for file in FOLDER.iterdir():
        if file.name != "cases.yaml":
            (tmp_path / file.name).write_bytes(file.read_bytes())
    made = str(tmp_path / "made.yaml")
    assert run("new", "case", "新的", "--policies", str(tmp_path), "--output", made).status == 0
    assert 'outputs: {subsidy: {"1": 0.00}, family: 0.00' in Path(made).read_text("utf-8")
    assert run("test", made, "--policies", str(tmp_path)).status == 0
