"""Expressions from the policy, spoiled, and words thrown together: parsed or refused, printed and read again."""

from __future__ import annotations

import random
import re
from pathlib import Path
from typing import Final

import pytest

from engine.diagnostics import Reporter, render
from engine.language.ast import Expression
from engine.language.parser import parse_expression
from engine.language.printer import print_expression
from engine.source import Source, Span
from tests.fuzz.mutations import ODD_TOKENS, spoil_tokens
from tests.fuzz.watchdog import repetitions, within
from tests.oracle.territories import PROVINCE

RUNS: Final = 6000
SECONDS: Final = 5.0
FINDS: Final = sorted((Path(__file__).parent / "finds").glob("*.expression"))

_LINE: Final = re.compile(r"^\s+(?:is|when|require|\w+): (.+)$", re.MULTILINE)
CORPUS: Final = [
    text
    for text in _LINE.findall((PROVINCE / "shanxi_2022_60.yaml").read_text(encoding="utf-8"))
    if any(sign in text for sign in "<>=+-*/（") or " 且 " in text or "(" in text
]


def read(text: str) -> Expression | None:
    """Parses; None exactly when a fault was reported, every fault can be shown, and what was read prints back."""
    report = Reporter()
    expression = parse_expression(Span(Source("<expression>", text), 0, len(text)), report)
    for found in report.diagnostics:
        for language in ("zh", "en"):
            render(found, language)
    assert (expression is None) == report.has_errors, text
    return expression


def assert_readable(text: str) -> None:
    with within(SECONDS):
        expression = read(text)
        if expression is None:
            return
        for language in ("zh", "en"):
            printed = print_expression(expression, language)
            assert read(printed) == expression, (text, printed)


def test_corpus() -> None:
    assert len(CORPUS) > 40


@pytest.mark.parametrize("part", range(4))
def test_spoiled(part: int) -> None:
    for run in repetitions(RUNS // 4):
        rng = random.Random(f"expression {part} {run}")
        if run % 3:
            assert_readable(spoil_tokens(rng, rng.choice(CORPUS), rng.choice((1, 3))))
        else:
            words = [rng.choice((*ODD_TOKENS, rng.choice(CORPUS))) for _ in range(rng.randrange(1, 12))]
            assert_readable(" ".join(words))


@pytest.mark.parametrize(
    "unit", ["(", "[", "-", "- ", "非 ", "not ", "如果 ", "1 + ", "甲 且 ", "合计(", "a.", "甲(", "“", "a[b = "]
)
@pytest.mark.parametrize("length", [64, 4000, 20_000])
def test_repeated(unit: str, length: int) -> None:
    """Deep or long in every direction, finished or not."""
    text = unit * (length // len(unit))
    assert_readable(text)
    assert_readable(text + "1")
    closing = {"(": ")", "[": "]", "“": "”"}.get(unit[-1])
    if closing is not None:
        assert_readable(text + "1" + closing * (length // len(unit)))


@pytest.mark.parametrize("find", FINDS, ids=lambda path: path.name)
def test_finds(find: Path) -> None:
    assert_readable(find.read_text(encoding="utf-8", errors="surrogatepass"))
