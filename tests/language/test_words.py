"""The grammar and the word table say the same; every wording speaks both languages alike."""

from __future__ import annotations

import re

import pytest

from engine.language.units import UNIT_WORDS
from engine.language.words import RESERVED, SIGNS, WORDS, Word, fold, is_name, language_of
from engine.resources import grammar_text

GRAMMAR = grammar_text("expression.lark")
TERMINALS: dict[str, str] = dict(re.findall(r"^([A-Z_]+)(?:\.\d)?: (.+)$", GRAMMAR, re.MULTILINE))


def pattern(terminal: str) -> str:
    """The regular expression of a terminal of the grammar."""
    text = TERMINALS[terminal]
    assert text[0] == text[-1] == "/"
    return text[1:-1].replace("\\/", "/")


def test_terminals_are_the_table_and_the_signs_and_the_literals() -> None:
    assert set(TERMINALS) == set(WORDS) | set(SIGNS) | {"DATE", "NUMBER", "TEXT", "NAME"}


@pytest.mark.parametrize("word", WORDS.values(), ids=lambda word: word.terminal)
def test_every_spelling_of_the_table_is_one_of_the_grammar(word: Word) -> None:
    before, after = {"function": ("", "("), "key": ("[", " 申请日期]")}.get(word.role, ("", " "))
    for spelling in word.zh + word.en + word.signs:
        found = re.compile(pattern(word.terminal)).match(before + spelling + after, len(before))
        assert found is not None, spelling
        assert found[0] == spelling


@pytest.mark.parametrize("word", WORDS.values(), ids=lambda word: word.terminal)
def test_every_word_of_the_grammar_is_in_the_table(word: Word) -> None:
    bare = re.sub(r"\(\?<?[!=][^)]*\)+|\\s[+*]", " ", pattern(word.terminal))
    found = {part for part in re.split(r"[|() ?:]+", bare) if re.fullmatch(r"\w+", part)}
    assert found == {part for spelling in word.zh + word.en for part in spelling.split()}


@pytest.mark.parametrize("terminal", SIGNS)
def test_signs(terminal: str) -> None:
    assert TERMINALS[terminal] == f'"{SIGNS[terminal]}"'


def test_words_that_are_no_names_are_the_reserved_ones() -> None:
    inside = re.match(r"\(\?!\(\?:([^)]*)\)\(\?!\\w\)\)", pattern("NAME"))
    assert inside is not None
    assert set(inside[1].split("|")) == RESERVED


def test_unit_words_of_the_grammar_are_those_of_the_units() -> None:
    lists = re.findall(r"\(\?:([^()\[\]]{40,})\)", pattern("NUMBER"))
    assert len(lists) == 2
    assert all(set(each.split("|")) == set(UNIT_WORDS) for each in lists)


@pytest.mark.parametrize("word", WORDS.values(), ids=lambda word: word.terminal)
def test_word_operators_need_a_boundary(word: Word) -> None:
    for spelling in word.zh + word.en:
        assert re.match(pattern(word.terminal), spelling + "有") is None
        assert re.match(pattern(word.terminal), spelling + "x") is None
        assert re.match(pattern(word.terminal), spelling + "_") is None


def test_no_spelling_stands_for_two_words() -> None:
    spellings = [spelling for word in WORDS.values() for spelling in word.zh + word.en + word.signs]
    assert len(spellings) == len(set(spellings))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("甲", True),
        ("any", True),
        ("或", False),
        ("或有", True),
        ("3级", False),
        ("not", False),
        ("a b", False),
        ("", False),
    ],
)
def test_what_may_be_a_name(text: str, expected: bool) -> None:
    assert is_name(text) is expected


def test_folding_keeps_the_length() -> None:
    text = "（甲　＜＝ ５×６÷２－１）％：［ａ］≦≧"
    assert fold(text) == "(甲 <= 5*6/2-1)%:[a]≤≥"
    assert len(fold(text)) == len(text)


@pytest.mark.parametrize(
    ("text", "language"), [("甲 and 乙", "en"), ("甲 且 乙", "zh"), ("甲 + 1", "zh"), ("a + 1", "en"), ("", "en")]
)
def test_the_author_s_language(text: str, language: str) -> None:
    assert language_of(text) == language
