"""Units of UTF-16: they are what Python's own encoder counts."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from engine.utf16 import Units, units_in

TEXTS = st.text(st.sampled_from("ab中元\n𠮷😀\U0010ffff\uffff"), max_size=12)


def counted(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


@given(TEXTS)
def test_a_text_is_as_long_as_its_encoding(text: str) -> None:
    assert units_in(text) == counted(text)


@given(TEXTS)
def test_every_offset_becomes_units_and_an_offset_again(text: str) -> None:
    units = Units(text)
    for offset in range(len(text) + 1):
        assert units.units(offset) == counted(text[:offset])
        assert units.offset(units.units(offset)) == offset


@given(TEXTS, st.integers(-3, 40))
def test_what_lies_nowhere_is_the_nearest_before(text: str, at: int) -> None:
    offset = Units(text).offset(at)
    assert offset == max(one for one in range(len(text) + 1) if counted(text[:one]) <= max(0, at))
