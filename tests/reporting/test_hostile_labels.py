"""Whatever stands in the labels of a policy, an answer has the lines of the same policy with harmless labels."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.api import open_policies
from engine.reporting.layout import Page
from engine.reporting.render_decision import render_decision
from engine.reporting.render_open import render_open
from engine.reporting.render_policy import render_policy
from engine.reporting.words import Words
from tests.hostile import begins, hidden, make, orders

# what YAML takes by an escape; `check` refuses most of it, which this test looks past
SUFFIXES = st.text(
    st.sampled_from("\n\r\t\x85\u2028\u2029\u202e\u2066\u200b\ufeff✓✗？  :#[]%‹›〔〕甲a1")
    | st.characters(codec="utf-8", categories=("L", "P", "S", "Z")),
    min_size=1,
    max_size=30,
).filter(lambda text: all(ord(sign) < 0x10000 for sign in text))
WIDE = Page(1_000_000)
COLOURED = Page(1_000_000, colour=True)


def rendered(suffix: str, page: Page) -> list[str]:
    with TemporaryDirectory() as name, patch("engine.schema.is_one_line", lambda _: True):
        world = make(Path(name), suffix)
        policies = open_policies(world.policies)
        decision = policies.evaluate(world.household.read_bytes())
        shown = policies.overlay_for("jia", date(2024, 3, 1), None)
        words = Words("zh")
        return [
            render_decision(decision, words, page),
            render_decision(decision, words, page, details=True),
            render_policy(shown, ["900101", "900121"], date(2024, 3, 1), None, words, page, details=True),
            render_open(policies.overlay_for("province", date(2024, 3, 1), None), words, page),
        ]


@cache
def harmless(page: Page) -> list[str]:
    return rendered("", page)


@settings(max_examples=20)
@given(SUFFIXES)
def test_no_label_begins_a_line(suffix: str) -> None:
    for calm, told in zip(harmless(WIDE), rendered(suffix, WIDE), strict=True):
        assert begins(told) == begins(calm)
        assert not hidden(told)
        assert not orders(told)


@settings(max_examples=5)
@given(SUFFIXES)
def test_no_label_brings_a_colour_or_swallows_one(suffix: str) -> None:
    for calm, told in zip(harmless(COLOURED), rendered(suffix, COLOURED), strict=True):
        assert told.count("\x1b") == calm.count("\x1b")
        assert told.count("\n") == calm.count("\n")
        assert "U+001B" not in told
