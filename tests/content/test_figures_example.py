"""The example of figures only: it checks, its cases see all of it, and both pages show what it really says."""

from __future__ import annotations

import json
import re
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
