"""Every code has a page, the page says what the program says, and its two examples do what they are there to show."""

from __future__ import annotations

import pytest

from engine.messages import CODES
from engine.reporting.code_page import page_of
from tests.code_examples import Example, examples
from tests.code_runs import Found, run
from tests.docs_codes import PAGES, rendered

ALL = [example for example in examples().values() if not example.untested]


def test_every_code_has_a_page_and_every_page_a_code() -> None:
    assert {path.stem for path in PAGES.glob("*.md")} == set(CODES), "run `python -m tests.docs_codes`"


def test_every_code_has_an_example() -> None:
    assert sorted(examples()) == sorted(CODES)


@pytest.mark.parametrize("example", ALL, ids=lambda example: example.code)
def test_the_bad_example_gives_just_this_code_and_the_good_one_does_not(example: Example) -> None:
    bad, good = run(example, "bad")[0], run(example, "good")[0]
    assert set(_told(bad, good, example)) == {example.code}
    assert example.code not in (*good.codes, *good.notes)


def _told(bad: Found, good: Found, example: Example) -> set[str]:
    """The codes of the bad example: of a note, those beside a fault; of a decision, those that the good one lacks."""
    if example.note:
        return set(bad.notes) - set(example.also)
    beside = good.codes if example.run in ("evaluate", "test") else ()
    return set(bad.codes) - set(beside) - set(example.also)


def test_few_codes_cannot_be_shown() -> None:
    assert [code for code, example in examples().items() if example.untested] == ["expectation-not-evaluated"]


@pytest.mark.parametrize("code", sorted(CODES))
def test_the_page_says_what_the_program_says(code: str) -> None:
    text = (PAGES / f"{code}.md").read_text(encoding="utf-8")
    assert text == rendered(code, text, examples()), "run `python -m tests.docs_codes`"
    page = page_of(code)
    assert page is not None, f"docs/codes/{code}.md is not made of the parts that a page has"
    assert page.example.count("**错误 Bad**") == page.example.count("**正确 Good**") >= 1
