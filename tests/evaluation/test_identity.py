"""Two ids that are one however they were typed: refused as repeated, both shown as written."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import engine
from engine.errors import HouseholdError
from engine.evaluation.household import read_household
from engine.evaluation.identity import as_written, same_id
from tests.evaluation.samples import household, sample_policy

ONE_PERSON = {
    "capital and small letters": ("11010519491231002X", "11010519491231002x"),
    "sharp s": ("STRASSE1", "straße1"),
    "dotted capital I": ("\u0130d", "i\u0307d"),
    "full-width digits": ("12", "１２"),
    "full-width letters": ("ab", "ＡＢ"),
    "half-width kana": ("ア", "ｱ"),
    "circled": ("1", "①"),
    "raised": ("12", "1²"),
    "bold of mathematics": ("a1", "\U0001d400\U0001d7cf"),
    "Roman numeral": ("1X", "1Ⅹ"),
    "digits of another script": ("12", "\u0661\u0662"),
    "blank before": ("1", " 1"),
    "blank after": ("1", "1 "),
    "blank within": ("110105194912310020", "110105 19491231 0020"),
    "no-break blank": ("1a", "1\u00a0a"),
    "ideographic blank": ("王1", "王\u30001"),
    "thin blanks": ("1a", "1\u2009\u202f\u205f\u1680a"),
    "line and paragraph separators": ("1", "1\u2028\u2029"),
    "zero-width blank": ("1", "1\u200b"),
    "joiners": ("ab", "a\u200c\u200d\u2060b"),
    "byte order mark": ("1", "\ufeff1"),
    "direction of writing": ("1", "\u202e1\u202c\u200e\u061c\u2066\u2069"),
    "soft hyphen": ("ab", "a\u00adb"),
    "variation selectors": ("王", "王\ufe00\U000e0100"),
    "tags": ("1", "1\U000e0031"),
    "fillers that count as letters": ("1", "\u31641\uffa0\u115f"),
    "further control characters": ("1", "1\u0085\u009f"),
    "composed and decomposed": ("é", "e\u0301"),
    "order of marks": ("a\u0323\u0307", "a\u0307\u0323"),
    "order of marks, kept apart by a joiner": ("a\u0323\u0307", "a\u0307\u034f\u0323"),
    "compatibility ideograph": ("\u8c48", "\uf900"),
    "minus and dashes": ("1-1", "1–1"),
    "full-width hyphen": ("1-1", "１－１"),
    "Cyrillic letter at the end of an identity number": ("11010519491231002X", "11010519491231002\u0425"),
    "Greek letter at the end of an identity number": ("11010519491231002X", "11010519491231002\u03a7"),
    "multiplication sign at the end of an identity number": ("11010519491231002X", "11010519491231002×"),
}
TWO_PERSONS = [("1", "2"), ("1", "01"), ("1", "11"), ("王一", "王二"), ("1-1", "11"), ("1-11", "11-1"), ("甲", "曱")]


def refusal(*ids: str) -> HouseholdError | None:
    try:
        read_household(household(members=[{"id": id} for id in ids]), sample_policy())
    except HouseholdError as refused:
        return refused
    return None


@pytest.mark.parametrize("pair", ONE_PERSON.values(), ids=ONE_PERSON)
def test_one_person_is_refused(pair: tuple[str, str]) -> None:
    for first, second in (pair, pair[::-1]):
        refused = refusal("0", first, second)
        assert refused is not None
        (found,) = refused.diagnostics
        assert (found.code, found.path) == ("repeated-identity", "members[2].id")
        for language in ("zh", "en"):
            message = found.message(language)
            assert f"`{as_written(first)}`" in message
            assert f"`{as_written(second)}`" in message
            assert found.help_lines(language)
    assert as_written(pair[0]) != as_written(pair[1]), "the two look the same in the message"


@pytest.mark.parametrize("pair", TWO_PERSONS)
def test_two_persons_are_two(pair: tuple[str, str]) -> None:
    assert refusal(*pair) is None


@pytest.mark.parametrize("id", [" ", "\u3000", "\u200b", "\ufeff\u00ad", "\u3164"])
def test_an_id_that_nobody_sees_is_none(id: str) -> None:
    refused = refusal(id)
    assert refused is not None
    assert [(found.code, found.path) for found in refused.diagnostics] == [("identity-form", "members[0].id")]


def test_every_repetition_is_told_with_the_first() -> None:
    refused = refusal("a", "b", "A", "ａ", "b")
    assert refused is not None
    assert [(found.path, dict(found.params)["other"]) for found in refused.diagnostics] == [
        ("members[2].id", "members[0].id"),
        ("members[3].id", "members[0].id"),
        ("members[4].id", "members[1].id"),
    ]


@given(st.text(max_size=8), st.sampled_from(["NFC", "NFD", "NFKC", "NFKD"]))
def test_what_is_compared_depends_on_no_form(text: str, form: str) -> None:
    folded = same_id(text)
    assert same_id(folded) == folded
    assert same_id(unicodedata.normalize(form, text)) == folded  # type: ignore[arg-type]  # one of the four forms
    assert same_id(f" {text}\u200b") == folded
    assert same_id(text.upper().lower()) == same_id(text.upper())


def test_income_over_one_person_given_twice() -> None:
    """15000 a year is under the limit of two persons and over that of one."""
    folder = Path(__file__).parent / "data" / "12-member-twice"
    given = (folder / "h.json").read_text(encoding="utf-8")
    with pytest.raises(HouseholdError) as caught:
        engine.load(folder / "policies").evaluate(given)
    assert [found.code for found in caught.value.diagnostics] == ["repeated-identity"]
