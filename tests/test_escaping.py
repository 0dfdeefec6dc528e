"""What comes from outside is one piece of one line, whatever characters it holds."""

from __future__ import annotations

import json
import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.escaping import Lines, Shown, as_json, joined, shown
from engine.reporting.layout import Page, columns, wrap

ORDINARY = "低保标准 ＜５0岁、30%（Ⅱ型）αβ 760.00 元/人·月 §3 – “甲” 𠮷\u3000\u00a0\ue000"
LINE_ENDS = "\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"
BIDI = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
TRACELESS = "\u00ad\u034f\u115f\u1160\u180e\u200b\u200c\u200d\u2060\u2064\u3164\ufeff\uffa0\ufffe\U000e0041"
# any text at all, half characters too
TEXTS = st.text(st.characters(codec=None) | st.sampled_from(LINE_ENDS + BIDI + "\x1b\x9b:#["))


def test_ordinary_text_stays() -> None:
    assert shown(ORDINARY) == ORDINARY


@pytest.mark.parametrize("sign", [*LINE_ENDS, *BIDI, *TRACELESS, *map(chr, range(32)), "\x7f", "\x9b", "\udc80"])
def test_what_hides_or_steers_is_shown_by_its_code(sign: str) -> None:
    assert shown(f"甲{sign}乙") == f"甲⟨U+{ord(sign):04X}⟩乙"


def test_every_control_format_and_line_character_is_hidden_somewhere() -> None:
    kinds = {"Cc", "Cf", "Cs", "Zl", "Zp"}
    signs = (chr(code) for code in range(sys.maxunicode + 1))
    assert not [sign for sign in signs if unicodedata.category(sign) in kinds and shown(sign) == sign]


def test_a_rare_character_of_a_name_stays_also_where_python_is_older_than_it() -> None:
    assert shown("\U0002ebf0\U00031350\U000323b0\ue815") == "\U0002ebf0\U00031350\U000323b0\ue815"


@given(TEXTS)
def test_a_text_is_one_line_and_shown_once(text: str) -> None:
    piece = shown(text)
    assert len(piece.splitlines()) == bool(text)
    assert shown(str(piece)) == piece
    assert shown(piece) is piece
    assert piece.isprintable() or all(
        unicodedata.category(sign) in ("Zs", "Co", "Cn") or sign.isprintable() for sign in piece
    )


@given(st.lists(TEXTS, min_size=1))
def test_lines_have_as_many_lines_as_they_were_made_of(texts: list[str]) -> None:
    lines = Lines.of(texts)
    assert lines.count("\n") + 1 == len(lines.splitlines() or [""]) + lines.endswith("\n") == len(texts)
    assert Lines.of([lines]) == lines


@given(TEXTS)
def test_a_page_breaks_lines_nowhere_else(text: str) -> None:
    page = Page(10_000, colour=True)
    assert len(page.paragraph(text)) == len(wrap(text, 10_000)) == len(columns([[text, text]])) == 1
    assert page.tone("good", text).count("\x1b") == (2 if text else 0)
    assert "\n" not in "".join(wrap(text, 10))


@pytest.mark.parametrize("begin", ["::error file=a::x", "  ::add-mask::x", "\u3000::set-output name=a::b"])
def test_no_line_of_a_log_is_a_command(begin: str) -> None:
    (line,) = Lines.of([begin]).splitlines()
    assert not line.strip().startswith("::")
    assert line.replace("⟨U+003A⟩", ":") == begin


@pytest.mark.parametrize(
    "order", ["##[error]x", "a ##vso[task.setvariable]b", "##teamcity[x]", "###[group]", "##VSO[x]"]
)
def test_no_order_to_a_build_server_stands_anywhere(order: str) -> None:
    for text in (shown(order), Lines.of([joined(order[:1], order[1:])]), as_json({"a": order})):
        assert "##[" not in text
        assert not any(word in text.lower() for word in ("##vso[", "##teamcity["))
    assert json.loads(as_json(order)) == order


def test_a_heading_of_markdown_is_no_order() -> None:
    assert shown("## 中文 [甲]") == "## 中文 [甲]"


def test_what_is_joined_from_raw_and_shown_pieces_is_shown() -> None:
    tone = Page(80, colour=True).tone("bad", "甲\n乙")
    assert joined(tone, "\x1b[31m") == "\x1b[31m甲⟨U+000A⟩乙\x1b[0m⟨U+001B⟩[31m"
    # what was put together by hand is no longer known to be ours
    assert Lines.of([f"{tone}丙"]).startswith("⟨U+001B⟩")
    assert isinstance(joined("甲"), Shown)


@given(st.recursive(TEXTS | st.none() | st.integers(), lambda one: st.lists(one) | st.dictionaries(TEXTS, one)))
def test_json_means_the_same_and_can_be_printed(value: object) -> None:
    """Half characters, which no JSON can hold, apart."""
    for text in (as_json(value), as_json(value, indent=2)):
        assert text.replace("\n", "") == "".join(shown(line) for line in text.split("\n")).replace("⟨U+0023⟩", "#")
        assert json.loads(text) == json.loads(json.dumps(_whole(value)))
    assert "\n" not in as_json(value)


def _whole(value: object) -> object:
    if isinstance(value, str):
        return "".join(shown(sign) if unicodedata.category(sign) == "Cs" else sign for sign in value)
    if isinstance(value, list):
        return [_whole(one) for one in value]
    if isinstance(value, dict):
        return {_whole(key): _whole(one) for key, one in value.items()}
    return value
