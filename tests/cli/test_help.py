"""Help pages speak one language: what click would add in English is said in the reader's."""

from __future__ import annotations

import re

import pytest

from engine.cli.main import COMMANDS
from tests.cli.running import Run

PAGES = [*((name,) for name in COMMANDS), ("new", "city"), ("new", "case"), ("new", "values")]


@pytest.mark.parametrize("page", PAGES, ids=" ".join)
def test_no_bracket_of_click_stands_in_a_help_page(run: Run, page: tuple[str, ...]) -> None:
    for language in ("zh", "en"):
        out = run(*page, "--help", "--lang", language).out
        assert not re.search(r"\[(?:required|default|env|.*<=?x|x>=)", out)


@pytest.mark.parametrize("page", [(), ("new",), *PAGES], ids=" ".join)
def test_a_help_page_has_lines(run: Run, page: tuple[str, ...]) -> None:
    for language in ("zh", "en"):
        out = run(*page, "--help", "--lang", language).out
        assert len(out.splitlines()) > 6
        assert "⟨U+" not in out
        assert out.endswith("\n")
        assert not out.endswith("\n\n")


def test_what_must_be_given_is_said(run: Run) -> None:
    assert re.search(r"--from 日期 +施行日期（必填）", run("new", "values", "--help").out)
    assert re.search(r"--from DATE +in force from \(required\)", run("new", "values", "--help", "--lang", "en").out)
    assert "（0 至 100）" in run("test", "--help").out
