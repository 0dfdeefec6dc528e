"""Every code has a page, the page says what the program says, and its two examples do what they are there to show."""

from __future__ import annotations

import re
from collections.abc import Iterable

import pytest

from engine.messages import CODES
from engine.reporting.code_page import page_of
from engine.say import Language, Say
from tests.code_examples import Example, examples
from tests.code_runs import Found, run
from tests.docs_codes import PAGES, rendered

UNTESTED = [code for code, example in examples().items() if example.untested]


def _each(codes: Iterable[str]) -> list[object]:
    """Both tests of a code in one process: its examples are run once for both."""
    return [pytest.param(code, marks=pytest.mark.xdist_group(f"code {code}")) for code in sorted(codes)]


def test_every_code_has_a_page_and_every_page_a_code() -> None:
    assert {path.stem for path in PAGES.glob("*.md")} == set(CODES), "run `python -m tests.docs_codes`"


def test_every_code_has_an_example() -> None:
    assert sorted(examples()) == sorted(CODES)


@pytest.mark.parametrize("code", _each(set(examples()) - set(UNTESTED)))
def test_the_bad_example_gives_just_this_code_and_the_good_one_does_not(code: str) -> None:
    bad, good = run(code, "bad")[0], run(code, "good")[0]
    assert set(_told(bad, good, examples()[code])) == {code}
    assert code not in (*good.codes, *good.notes)


def _told(bad: Found, good: Found, example: Example) -> set[str]:
    """The codes of the bad example: of a note, those beside a fault; of a decision, those that the good one lacks."""
    if example.note:
        return set(bad.notes) - set(example.also)
    beside = good.codes if example.run in ("evaluate", "test") else ()
    return set(bad.codes) - set(beside) - set(example.also)


def test_few_codes_cannot_be_shown() -> None:
    assert UNTESTED == ["expectation-not-evaluated", "service-failed"]


@pytest.mark.parametrize("code", _each(CODES))
def test_the_page_says_what_the_program_says(code: str) -> None:
    text = (PAGES / f"{code}.md").read_text(encoding="utf-8")
    assert text == rendered(code, text, examples()), "run `python -m tests.docs_codes`"
    page = page_of(code)
    assert page is not None, f"docs/codes/{code}.md is not made of the parts that a page has"
    assert page.example.count("**错误 Bad**") == page.example.count("**正确 Good**") >= 1


@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_is_lacking_is_installed_from_the_source_or_from_wheels(language: Language) -> None:
    """In no registry is there such a package."""
    lacking = {code: held for code, held in CODES.items() if code.endswith("-not-installed")}
    assert len(lacking) == 5
    for code, held in lacking.items():
        told = Say(language)(held.help_zh, held.help_en)
        ways = re.findall(r"pip install ('\.|--no-index --find-links wheels 'doudi)\[[a-z]+\]'", told)
        assert ways == ["'.", "--no-index --find-links wheels 'doudi"], code
        assert "pip install 'doudi" not in told
