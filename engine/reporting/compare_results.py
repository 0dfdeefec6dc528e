"""A comparison as results for SARIF: one finding for each goal whose meaning changed, at the line on which it turns.

In: a `Comparison`.  Out: `Results`. Imports the result types of proof and its words.
"""

from __future__ import annotations

from engine.diagnostics import Diagnostic, Language
from engine.proof.deciding import deciding
from engine.proof.results import Comparison, Difference, Unsettled, Witness
from engine.reporting.compare_words import goal_words
from engine.reporting.results import Results
from engine.say import Say
from engine.source import Span


def comparison_results(comparison: Comparison, version: str, language: Language) -> Results:
    say = Say(language)
    found = tuple(
        Diagnostic.of(
            "meaning-changed", _span(one, comparison), what=goal_words(one.goal, comparison, say), reason=one.verdict
        )
        for one in comparison.differences
        if one.verdict != "equivalent"
    )
    return Results("compare", version, language, found)


def _span(one: Difference, comparison: Comparison) -> Span | None:
    for found in (one.less, one.more):
        if isinstance(found, Witness):
            for held in deciding(one.goal, found, comparison.written):
                spans = [span for text in held.because for span in (text.other, text.one) if span is not None]
                return (spans or [held.span])[0]
        if isinstance(found, Unsettled) and found.span is not None:
            return found.span
    return None
