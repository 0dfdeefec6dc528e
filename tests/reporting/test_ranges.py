"""Ranges as people write them: what is printed of a range is read as that range again, in either language."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Literal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from engine.diagnostics import Reporter
from engine.language.units import ONE, parse_unit
from engine.messages.ranges import range_text
from engine.policy.model import FIRST_CUT, LAST_CUT, AmountRange, Cut, WholeRange, show_part
from engine.policy.ranges import read_amounts
from engine.source import Source, Span
from engine.tree import Scalar
from tests.cli.conftest import run
from tests.cli.running import Run

__all__ = ["run"]

ROOT = Path(__file__).parents[2]
AMOUNTS = st.integers(-(10**7), 10**7).map(lambda cents: Fraction(cents, 100))
CUTS = st.one_of(st.tuples(AMOUNTS, st.sampled_from((0, 1))), st.sampled_from((FIRST_CUT, LAST_CUT)))


@example(first=(Fraction(0), 0), second=(Fraction(0), 1), unit="", language="zh")
@given(first=CUTS, second=CUTS, unit=st.sampled_from(("", "元", "元/人")), language=st.sampled_from(("zh", "en")))
def test_what_is_printed_is_read_again(first: Cut, second: Cut, unit: str, language: Literal["zh", "en"]) -> None:
    part = AmountRange(min(first, second), max(first, second))
    if part.start == part.end or (part.start, part.end) == (FIRST_CUT, LAST_CUT):
        return
    own = parse_unit(unit) if unit else ONE
    assert own is not None
    report = Reporter()
    for marginal in (False, language == "zh"):
        text = range_text(show_part(part), unit, language, marginal=marginal)
        read = read_amounts(Scalar(Span(Source("t", text), 0, len(text)), text), own, unit, "k", report)
        assert read == part, text


def test_counts_and_what_is_no_range() -> None:
    ranges = [WholeRange(1, 2), WholeRange(3, None), WholeRange(4, 4)]
    assert [range_text(show_part(one), "", "zh") for one in ranges] == ["1 至 2", "3 以上", "4"]
    assert [range_text(show_part(one), "间", "en") for one in ranges] == ["1 间 to 2 间", "3 间 or more", "4 间"]
    assert range_text("..", "元", "zh") == "不论多少"
    assert range_text("urban", "", "zh") == "urban"


@pytest.mark.parametrize(
    ("language", "lines"),
    [
        (
            "zh",
            [
                "  医疗救助比例 aid_rate〔示例 第十五条〕，全年个人负担医疗费用分段计算",
                "      0  0 至 10000 元的部分",
                "    50%  超过 10000 元至 50000 元的部分",
                "    70%  超过 50000 元的部分",
                "  取暖补贴 heating_grant〔示例 第十六条〕（元），按年人均收入",
                "    1200  不满 12000 元/人",
                "     600  12000 元/人以上不满 24000 元/人",
                "       0  24000 元/人以上",
            ],
        ),
        (
            "en",
            [
                "  医疗救助比例 aid_rate [示例 第十五条], marginal: each part of 全年个人负担医疗费用 at its own rate",
                "      0  0 to 10000 元",
                "    50%  over 10000 元 to 50000 元",
                "    70%  over 50000 元",
                "  取暖补贴 heating_grant [示例 第十六条] (元), by 年人均收入",
                "    1200  under 12000 元/人",
                "     600  12000 元/人 to under 24000 元/人",
                "       0  24000 元/人 or more",
            ],
        ),
    ],
)
def test_a_scale_and_a_stepped_table(run: Run, language: str, lines: list[str]) -> None:
    folders = ("--policies", str(ROOT / "policies"), "--policies", str(ROOT / "examples" / "cookbook"))
    shown = run("show", "cookbook_brackets", *folders, "--lang", language).out.splitlines()
    assert [line for line in shown if line in lines] == lines
