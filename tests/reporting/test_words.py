"""The frame words are complete in both languages and ask for the same places."""

from __future__ import annotations

import string

import pytest

from engine.reporting.replay_words import ReplayWords
from engine.reporting.words import Words

ENTRIES = Words.table


@pytest.mark.parametrize("pair", [*ENTRIES.values(), *ReplayWords.table.values()])
def test_both_languages_have_the_same_places(pair: tuple[str, str]) -> None:
    zh, en = ({name for _, name, _, _ in string.Formatter().parse(text) if name} for text in pair)
    assert zh == en


@pytest.mark.parametrize("key", [key for key in ENTRIES if key.endswith("_1")])
def test_a_form_for_one_has_a_form_for_many(key: str) -> None:
    assert key.removesuffix("_1") in ENTRIES


def test_one_and_many() -> None:
    assert "1 项" in Words("zh").counted("because_open", 1)
    assert "3 things" in Words("en").counted("because_open", 3)


def test_a_label_with_braces_is_no_template() -> None:
    assert Words("zh")("household", id="{0}{x}") == "家庭 {0}{x}"
