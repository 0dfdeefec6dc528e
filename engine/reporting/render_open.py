"""`show --open`: what a level below may change, and within which bounds.

In: a checked policy.  Out: lines. Whatever is not listed is sealed.
"""

from __future__ import annotations

from collections.abc import Mapping

from engine.escaping import Lines
from engine.evaluation.figures import NO_MEASURE, measure_of
from engine.language.printer import print_expression
from engine.policy.checked import CheckedPolicy
from engine.policy.model import Guard, Local, MergedPolicy
from engine.reporting.figures import quantity
from engine.reporting.layout import Page, columns
from engine.reporting.words import Words


def render_open(policy: CheckedPolicy, words: Words, page: Page) -> Lines:
    local = policy.merged.local
    last = policy.merged.chain.own_ids[-1]
    lines: list[str] = [page.tone("strong", words("open_title", policy=last))]
    for title, rows in _groups(local, policy.merged, words):
        if rows:
            lines.extend(["", words(title), *(f"  {line}" for line in columns(rows))])
    if len(lines) == 1:
        lines.append("  " + words("open_nothing"))
    return Lines.of(lines)


def _groups(local: Local, merged: MergedPolicy, words: Words) -> list[tuple[str, list[list[str]]]]:
    kinds = [[f"{id}", _kind(id, words), *_bounds(guard, merged, words)] for id, guard in local.add.items()]
    return [
        ("open_set", _rows(local.set, merged, words)),
        ("open_add", kinds),
        ("open_parts", _rows(local.add_parts, merged, words)),
        ("open_joins", _joins(merged, words)),
        ("open_replace", _rows(local.replace_terms, merged, words)),
    ]


def _rows(guards: Mapping[str, Guard], merged: MergedPolicy, words: Words) -> list[list[str]]:
    return [[id, label_of(id, merged), *_bounds(guard, merged, words, id)] for id, guard in guards.items()]


def _joins(merged: MergedPolicy, words: Words) -> list[list[str]]:
    """What a cause states to join, and the parts that it then has."""
    joining = merged.chain.root.joining
    if joining is None or "causes" not in merged.local.add:
        return []
    place = f"‹{joining.span.line_place}›"
    stated = [[id, name, "", place] for id, name in joining.states.items()]
    parts = [(f"→ {id}", label_of(id, merged), part) for id, part in joining.parts.items()]
    return [*stated, *([id, label, print_expression(part, words.language), place] for id, label, part in parts)]


def label_of(id: str, merged: MergedPolicy) -> str:
    elements = merged.elements
    for mapping in (elements.parameters, elements.readings, elements.terms, elements.lists, elements.facts):
        if id in mapping:
            found = mapping[id]
            return found.name or found.label
    return ""


def _kind(id: str, words: Words) -> str:
    return words(f"kind_{id}") if words.knows(f"kind_{id}") else ""


def _bounds(guard: Guard, merged: MergedPolicy, words: Words, id: str = "") -> list[str]:
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
    return [words.clause(parts), f"‹{guard.span.line_place}›"]
