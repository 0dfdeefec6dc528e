"""A comparison as text for a terminal, and as Markdown for a pull request.

In: a `Comparison`.  Out: lines: what differs in the text, then for whom, with the plainest household each way and
the lines of the files on which it turns. Imports the result types of proof and its words.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from engine.diagnostics import Language
from engine.escaping import Lines
from engine.proof.deciding import deciding
from engine.proof.results import Comparison, Contradiction, Difference, Direction, Found, Proved, Unsettled, Witness
from engine.reporting.compare_words import (
    HOW,
    KINDS,
    bound_words,
    contradiction_words,
    direction_words,
    finding_words,
    goal_words,
    household_lines,
    looked_at,
    not_compared,
    not_compared_head,
    places_of,
    standing,
    texts_head,
    unsettled_words,
    verdict_words,
)
from engine.reporting.layout import columns
from engine.say import Say

_MOST_PLACES: Final = 3


def render_comparison(comparison: Comparison, language: Language) -> Lines:
    say = Say(language)
    one, other = comparison.names
    lines = [f"{one} → {other}", looked_at(comparison, say)]
    lines += ["", texts_head(comparison, say), *(f"  {row}" for row in columns(_texts(comparison, say)))]
    if comparison.differences:
        rows = [
            (goal_words(each.goal, comparison, say), verdict_words(each.goal, each.verdict, say))
            for each in comparison.differences
        ]
        lines += ["", say("含义", "Meaning"), *(f"  {row}" for row in columns(rows))]
        proved = [
            found for each in comparison.differences for found in (each.less, each.more) if isinstance(found, Proved)
        ]
        lines += [
            f"  {say('证明的范围：', 'proved for: ')}{told}"
            for told in dict.fromkeys(bound_words(one.bound, comparison, say) for one in proved)
        ]
    if left := list(not_compared(comparison, say)):
        lines += ["", not_compared_head(say), *(f"  {told}" for told in left)]
    for each in comparison.differences:
        for direction, found in each.ways:
            lines += _found(each, direction, found, comparison, say)
    return Lines.of(lines)


def _texts(comparison: Comparison, say: Say) -> Iterator[tuple[str, ...]]:
    for one in comparison.written:
        yield say(*HOW[one.how]), say(*KINDS[one.kind]), one.id, one.label, places_of(one)


def _found(each: Difference, direction: Direction, found: Found, comparison: Comparison, say: Say) -> Iterator[str]:
    head = f"{goal_words(each.goal, comparison, say)}{say('：', ': ')}{direction_words(each.goal, direction, say)}"
    match found:
        case Proved():
            return
        case Unsettled():
            yield from ("", f"{head}{say('——', ': ')}{unsettled_words(found, comparison, say)}")
        case Contradiction():
            yield from ("", f"{head}{say('——', ': ')}{contradiction_words(found, say)}")
        case Witness():
            yield from ("", head)
            yield from (f"  {line}" for line in household_lines(found, say))
            yield from (f"    {row}" for row in columns(_sides(each, found, comparison, say)))


def _sides(each: Difference, witness: Witness, comparison: Comparison, say: Say) -> Iterator[tuple[str, ...]]:
    """Both answers side by side; marked is what decides, with the lines that make it so."""
    goal, (one, other) = each.goal, witness.decisions
    yield "", "", comparison.names[0], comparison.names[1], ""
    yield "", goal_words(goal, comparison, say), standing(goal, one, say), standing(goal, other, say), ""
    for held in deciding(goal, witness, comparison.written):
        places = list(dict.fromkeys(places_of(text) for text in held.because)) or [f"{held.span!r}"]
        more = (
            [say(f"等 {len(places)} 处", f"and {len(places) - _MOST_PLACES} more")]
            if len(places) > _MOST_PLACES
            else []
        )
        told = "" if goal.kind == "output" else held.label
        findings = ("", "") if goal.kind == "output" else [finding_words(one, say) for one in held.findings]
        yield "▶", told, *findings, places[0]
        yield from (("", "", "", "", place) for place in [*places[1:_MOST_PLACES], *more])
