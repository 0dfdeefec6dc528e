"""Positions of editors against offsets, on texts with astral and combining characters and every kind of line end."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.lsp.positions import Lines

TEXTS = st.lists(
    st.sampled_from(
        ["a", "低保", "\n", "\r\n", "\r", "𠮷", "e\u0301", "👨‍👩‍👧", "\u2028", "\x85", "\x0b", " ", "\ud83d"]
    )
).map("".join)


def as_units(text: str) -> list[bytes]:
    raw = text.encode("utf-16-le", "surrogatepass")
    return [raw[at : at + 2] for at in range(0, len(raw), 2)]


def by_the_book(text: str, line: int, character: int) -> int:
    """The offset in units of UTF-16, from the definition in the protocol."""
    lines = [""]
    for char in text.replace("\r\n", "\ue000"):
        lines[-1] += char
        if char in "\n\r\ue000":
            lines.append("")
    before = "".join(lines[:line]).replace("\ue000", "\r\n")
    own = lines[line].rstrip("\n\r\ue000")
    return len(as_units(before)) + min(character, len(as_units(own)))


@settings(max_examples=200, deadline=None)
@given(TEXTS, st.data())
def test_an_offset_comes_back(text: str, data: st.DataObject) -> None:
    offset = data.draw(st.integers(0, len(text)))
    lines = Lines(text)
    back = lines.offset(*lines.position(offset))
    between = text[offset - 1 : offset + 1] == "\r\n"
    assert back == (offset - 1 if between else offset)


@settings(max_examples=200, deadline=None)
@given(TEXTS, st.data())
def test_a_position_is_what_the_protocol_says(text: str, data: st.DataObject) -> None:
    count = text.replace("\r\n", "\n").replace("\r", "\n").count("\n")
    line, character = data.draw(st.integers(0, count)), data.draw(st.integers(0, 12))
    offset = Lines(text).offset(line, character)
    units = by_the_book(text, line, character)
    inside = len(as_units(text[:offset])) != units
    assert len(as_units(text[:offset])) == (units - 1 if inside else units)
    assert not inside or text[offset] > "\uffff"


def test_what_is_nowhere_is_the_nearest_place() -> None:
    lines = Lines("低保\r\n𠮷x")
    assert lines.offset(0, 99) == 2
    assert lines.offset(9, 0) == 6
    assert lines.offset(-1, 5) == 0
    assert lines.offset(1, 1) == 4  # inside the pair
    assert lines.offset(1, 2) == 5
    assert lines.position(99) == (1, 3)
