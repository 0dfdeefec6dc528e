"""Amounts written as text: native code takes what the strict form takes, and nothing else."""

from __future__ import annotations

import re

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.screening.kernel.texts import DECIMALS, amounts

FEN = re.compile(r"(0|[1-9][0-9]{0,9})(\.[0-9]{1,2})?")
WHOLE = re.compile(r"(0|[1-9][0-9]{0,9})")


def expected(text: str, decimals: int) -> tuple[int, bool]:
    if not (FEN if decimals == 2 else WHOLE).fullmatch(text):
        return 0, False
    whole, _, rest = text.partition(".")
    return int(whole) * 10**decimals + int(rest.ljust(2, "0") if rest else 0), True


def told(texts: pa.Array, decimals: int) -> list[tuple[int, bool]]:
    counts, written = amounts(texts, decimals)
    return list(zip(counts.tolist(), written.tolist(), strict=True))


@pytest.mark.parametrize("decimals", [0, 1, 2, 3, DECIMALS])
@given(texts=st.lists(st.text("0019.-+ e,元９", max_size=16) | st.from_regex(FEN, fullmatch=True)))
def test_as_the_strict_form_says(decimals: int, texts: list[str]) -> None:
    assert told(pa.array(texts, pa.string()), decimals) == [expected(text, decimals) for text in texts]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "0",
        "00",
        "01",
        "0.5",
        ".5",
        "5.",
        "0.",
        ".",
        "1.234",
        "1.2.3",
        "9999999999.99",
        "10000000000",
        "1\n",
        "-1",
        "12345678901.5",
        "0.00",
        "1e5",
        "1 ",
        "１",
        "1,234",
        "12345678901234",
    ],
)
@pytest.mark.parametrize("decimals", [0, 2])
def test_at_its_ends(text: str, decimals: int) -> None:
    assert told(pa.array([text], pa.string()), decimals) == [expected(text, decimals)]


def test_where_it_stands_does_not_matter() -> None:
    """Slices begin somewhere in their buffers; what lies under a null is not looked at."""
    texts = pa.array(["7", None, "1.5", "x", "20"], pa.string())
    assert [one for at, one in enumerate(told(texts.slice(1), 2)) if at] == [(150, True), (0, False), (2000, True)]
    assert told(texts.slice(5), 2) == []
