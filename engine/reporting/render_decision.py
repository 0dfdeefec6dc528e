"""A decision or a refusal as text that a clerk can read aloud to a family.

In: a `Decision`, or a refused household.  Out: lines of text.
"""

from __future__ import annotations

from engine.errors import HouseholdError
from engine.escaping import Lines, joined
from engine.evaluation.decision import Decision, Explain
from engine.reporting.decision_report import decision_report, refusal_report, verdict_of, where
from engine.reporting.layout import Page
from engine.reporting.report_lines import report_lines, verdict_line
from engine.reporting.words import Words


def render_decision(
    decision: Decision,
    words: Words,
    page: Page,
    *,
    explain: Explain = "full",
    details: bool = False,
    said: set[str] | None = None,
) -> Lines:
    """Args: as `decision_report`; with `none` an answer is a line."""
    if explain == "none" and decision.outcome is not None:
        verdict = verdict_line(verdict_of(decision, words), page)
        return Lines(joined(verdict, "  ", page.tone("quiet", where(decision, words))))
    report = decision_report(decision, words, explain=explain, details=details, said=said)
    return Lines.of(report_lines(report, words, page))


def render_refusal(refusal: HouseholdError, words: Words, page: Page, *, place: str = "") -> Lines:
    """Args: place: where the household stands in what was given."""
    return Lines.of(report_lines(refusal_report(refusal, words, place), words, page))
