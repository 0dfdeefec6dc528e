"""The examples of the pages on cases are cases that pass."""

from __future__ import annotations

import re
from pathlib import Path
from textwrap import dedent

from tests.testing.trying import tried

DOCS = Path(__file__).parents[2] / "docs"


def blocks(page: str) -> list[str]:
    text = (DOCS / page).read_text(encoding="utf-8")
    return re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)


def test_the_example_of_the_page(tmp_path: Path) -> None:
    (example,) = blocks("cases.md")
    found = tried(tmp_path, {"cases.yaml": example})
    assert found.found.passed, found.told or [result.mismatches for result in found.found.failed]
    assert {case.id for case in found.suite.cases} == {"assets_one_fen_above", "income[row 1]", "income[row 2]"}


def test_the_example_for_staff(tmp_path: Path) -> None:
    example, table, differs = blocks("zh/cases.md")
    found = tried(tmp_path, {"cases.yaml": example + table})
    assert found.found.passed, found.told or [result.mismatches for result in found.found.failed]
    assert {case.id for case in found.suite.cases} == {"资产超过一分", "收入[row 1]", "收入[row 2]"}
    assert dedent(differs).startswith("differs:")


def test_the_failure_that_the_page_for_staff_shows(tmp_path: Path) -> None:
    from engine.reporting.layout import Page
    from engine.reporting.render_cases import render_failures
    from engine.reporting.words import Words

    example, table, _ = blocks("zh/cases.md")
    wrong = table.replace("[21120, 不符合, 不满足]", "[21120, 符合, 满足]")
    found = tried(tmp_path, {"cases/cities/taiyuan.yaml": example + wrong})
    (shown,) = render_failures(found.found, Words("zh"), Page(), details=False)
    text = (DOCS / "zh" / "cases.md").read_text(encoding="utf-8")
    (told,) = re.findall(r"```text\n(.*?)\n```", text, re.DOTALL)
    assert shown == told
