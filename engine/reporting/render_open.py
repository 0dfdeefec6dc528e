"""`show --open`: what a level below may change, and within which bounds.

In: a checked or merged policy.  Out: lines; or what may be done, group by group. Whatever is not listed is sealed.
"""

from __future__ import annotations

from collections.abc import Mapping

from engine.escaping import Lines
from engine.evaluation.figures import NO_MEASURE, measure_of
from engine.language.printer import print_expression
from engine.policy.checked import CheckedPolicy
from engine.policy.model import Guard, MergedPolicy
from engine.records import dataclass
from engine.reporting.figures import quantity
from engine.reporting.layout import Page, columns
from engine.reporting.words import Words
from engine.source import Span


@dataclass(frozen=True, slots=True)
class Opening:
    """One thing that may be done, how far it may go (""), and where that is said."""

    id: str
    label: str
    how: str
    span: Span


def render_open(policy: CheckedPolicy, words: Words, page: Page) -> Lines:
    last = policy.merged.chain.own_ids[-1]
    lines: list[str] = [page.tone("strong", words("open_title", policy=last))]
    for title, rows in openings(policy.merged, words):
        told = [[row.id, row.label, row.how, f"‹{row.span.line_place}›"] for row in rows]
        lines.extend(["", title, *(f"  {line}" for line in columns(told))])
    if len(lines) == 1:
        lines.append("  " + words("open_nothing"))
    return Lines.of(lines)


def openings(merged: MergedPolicy, words: Words) -> list[tuple[str, list[Opening]]]:
    """Under a title each; groups of nothing are left out."""
    local = merged.local
    kinds = [
        Opening(id, _kind(id, words), how_far(guard, merged, words), guard.span) for id, guard in local.add.items()
    ]
    groups = [
        ("open_set", _rows(local.set, merged, words)),
        ("open_add", kinds),
        ("open_parts", _rows(local.add_parts, merged, words)),
        ("open_joins", _joins(merged, words)),
        ("open_replace", _rows(local.replace_terms, merged, words)),
    ]
    return [(words(title), rows) for title, rows in groups if rows]


def _rows(guards: Mapping[str, Guard], merged: MergedPolicy, words: Words) -> list[Opening]:
    return [
        Opening(id, label_of(id, merged), how_far(guard, merged, words, id), guard.span) for id, guard in guards.items()
    ]


def _joins(merged: MergedPolicy, words: Words) -> list[Opening]:
    """What a cause states to join, and the parts that it then has."""
    joining = merged.chain.root.joining
    if joining is None or "causes" not in merged.local.add:
        return []
    stated = [Opening(id, name, "", joining.span) for id, name in joining.states.items()]
    parts = [
        Opening(f"→ {id}", label_of(id, merged), print_expression(part, words.language), joining.span)
        for id, part in joining.parts.items()
    ]
    return [*stated, *parts]


def label_of(id: str, merged: MergedPolicy) -> str:
    elements = merged.elements
    for mapping in (elements.parameters, elements.readings, elements.terms, elements.lists, elements.facts):
        if id in mapping:
            found = mapping[id]
            return found.name or found.label
    return ""


def _kind(id: str, words: Words) -> str:
    return words(f"kind_{id}") if words.knows(f"kind_{id}") else ""


def how_far(guard: Guard, merged: MergedPolicy, words: Words, id: str = "") -> str:
    """What a guard lets be done with the element of an id, in words; "" for anything."""
    parameter = merged.elements.parameters.get(id)
    measured = NO_MEASURE if parameter is None else measure_of(parameter)
    reading = merged.elements.readings.get(id)
    labels = {} if reading is None else dict(reading.type.options)
    parts = [words("expected") if guard.expected else ""]
    if guard.least is not None:
        parts.append(words("at_least", value=quantity(guard.least, measured, words.language)))
    if guard.most is not None:
        parts.append(words("at_most", value=quantity(guard.most, measured, words.language)))
    if guard.options:
        parts.append(words("only_options", options="、".join(labels.get(one, one) for one in guard.options)))
    if guard.to:
        parts.append(words("only_to", targets="、".join(guard.to)))
    if guard.must_use:
        parts.append(words("must_use", targets="、".join(guard.must_use)))
    parts.append(words(f"effect_{guard.effect}"))
    return words.clause(parts)
