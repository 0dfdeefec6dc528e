"""A comparison in Markdown, as a comment on a pull request: the verdict first, then for whom, the text last.

In: a `Comparison`.  Out: lines. Imports the result types of proof and its words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from engine.diagnostics import Language
from engine.escaping import Lines, shown
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
from engine.say import Say

_SPECIAL = re.compile(r"([\\`*_\[\]<>|#~])")


def comparison_markdown(comparison: Comparison, language: Language) -> Lines:
    say = Say(language)
    one, other = (_plain(name) for name in comparison.names)
    lines = [f"### {one} → {other}", "", _plain(looked_at(comparison, say)), ""]
    if comparison.differences:
        rows = [
            (goal_words(each.goal, comparison, say), verdict_words(each.goal, each.verdict, say))
            for each in comparison.differences
        ]
        lines += [*_table((say("含义", "meaning"), ""), rows), ""]
    if left := list(not_compared(comparison, say)):
        lines += [f"**{_plain(not_compared_head(say))}**", "", *(f"- {_plain(told)}" for told in left), ""]
    for each in comparison.differences:
        for direction, found in each.ways:
            lines += _found(each, direction, found, comparison, say)
    ways = (found for each in comparison.differences for found in (each.less, each.more))
    bounds = (bound_words(found.bound, comparison, say) for found in ways if isinstance(found, Proved))
    lines += [f"{say('证明的范围：', 'Proved for: ')}{_plain(told)}\n" for told in dict.fromkeys(bounds)]
    texts = [
        (say(*HOW[held.how]), say(*KINDS[held.kind]), held.id, held.label, places_of(held))
        for held in comparison.written
    ]
    lines += ["<details>", f"<summary>{_plain(texts_head(comparison, say))}</summary>", ""]
    lines += [
        *(_table(("", "", say("编号", "id"), "", say("位置", "place")), texts) if texts else ()),
        "",
        "</details>",
    ]
    return Lines.of(line for block in lines for line in block.split("\n"))


def _found(each: Difference, direction: Direction, found: Found, comparison: Comparison, say: Say) -> Iterator[str]:
    goal = each.goal
    head = f"{goal_words(goal, comparison, say)}{say('：', ': ')}{direction_words(goal, direction, say)}"
    match found:
        case Proved():
            return
        case Unsettled():
            yield from (f"**{_plain(head)}** — {_plain(unsettled_words(found, comparison, say))}", "")
        case Contradiction():
            yield from (f"**{_plain(head)}** — {_plain(contradiction_words(found, say))}", "")
        case Witness(decisions=(one, other)):
            yield from (f"**{_plain(head)}**", "")
            yield from (f"- {_plain(line)}" for line in household_lines(found, say))
            rows = [(goal_words(goal, comparison, say), standing(goal, one, say), standing(goal, other, say), "")]
            for held in deciding(goal, found, comparison.written):
                places = "\n".join(dict.fromkeys(places_of(text) for text in held.because)) or f"{held.span!r}"
                findings = (
                    [finding_words(finding, say) for finding in held.findings] if goal.kind != "output" else ["", ""]
                )
                rows.append((f"▶ {held.label}", findings[0], findings[1], places))
            yield from ("", *_table(("", *comparison.names, say("依据", "because of")), rows), "")


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(map(_plain, head))} |"
    yield f"|{' --- |' * len(head)}"
    for row in rows:
        yield f"| {' | '.join('<br>'.join(map(_plain, cell.splitlines())) for cell in row)} |"


def _plain(text: str) -> str:
    """Text that means nothing to Markdown but itself."""
    return _SPECIAL.sub(r"\\\1", shown(text))
