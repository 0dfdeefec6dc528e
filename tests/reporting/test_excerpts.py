"""The source line below a diagnostic."""

from __future__ import annotations

from engine.diagnostics import Diagnostic, Severity, render
from engine.source import Source, Span


def excerpt(text: str, start: int, end: int) -> list[str]:
    found = Diagnostic("empty-file", Severity.ERROR, Span(Source("a.yaml", text), start, end))
    return render(found).split("\n")[1:3]


def test_the_caret_stands_below_the_stretch() -> None:
    assert excerpt("名称: 甲", 4, 5) == ["  1 | 名称: 甲", "    |       ^^"]


def test_of_an_endless_line_only_what_stands_around_is_shown() -> None:
    line, caret = excerpt("a" * 1000 + "bcd" + "e" * 30_000, 1000, 20_000)
    assert len(line) < 260
    assert line.startswith("  1 | …a")
    assert line.endswith("e…")
    at = caret.index("^")
    assert line[at : at + 3] == "bcd"
    assert len(caret) <= len(line)
