"""The figures of a decision: what each came to, what it still waits for, and how it came about.

In: the outputs of a decision.  Out: a table and statements.
What several figures are made of is told once, after them; the values in force stand in a section of their own.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.evaluation.decision import Decision, OptionFinding
from engine.evaluation.figures import Measure
from engine.evaluation.told import Missing, OutputFinding, Part, PartOf
from engine.language.types import Quantity, Type
from engine.language.values import Value
from engine.reporting.figures import figure, quantity, typed
from engine.reporting.paths import key_text, owner
from engine.reporting.report import Block, Row, Said, Table
from engine.reporting.words import Words


def figures(decision: Decision, words: Words) -> Iterator[Block]:
    rows = [row for found in decision.outputs.values() for row in _rows(found, decision, words)]
    if rows:
        yield Table(tuple(rows), right=frozenset({1}), may_pair=True)
    yield from _unsettled(decision, words)


def _rows(found: OutputFinding, decision: Decision, words: Words) -> Iterator[Row]:
    """The figure, or a row for each item."""
    label, kind, at = found.declared.label, _type(found, decision), found.declared.origin.span
    if not found.declared.collection or found.items is None:
        yield Row((label, *_cells(found.value, kind, found.measure, words)), at=at)
        return
    for one in found.items:
        of_item = words("of_item", label=label, item=one.item)
        yield Row((of_item, *_cells(one.value, kind, found.measure, words)), at=at)
    if not found.items:
        yield Row((label, words("no_items"), ""), at=at)


def _type(found: OutputFinding, decision: Decision) -> Type:
    return decision.policy.rules.outputs[found.declared.id][1].type


def _cells(value: Value, kind: Type, measure: Measure, words: Words) -> tuple[str, str]:
    if isinstance(kind, Quantity):
        return figure(value, measure, words.language), measure.text
    return typed(value, kind, words.language), ""


def option_figures(option: OptionFinding, chosen: OptionFinding, words: Words) -> Iterator[str]:
    """The figures that one option of a reading gives: of another than the chosen one those that differ."""
    for id, found in option.figures.items():
        if option is not chosen and found.bare() == chosen.figures[id].bare():
            continue
        items = [(one.item, one.value) for one in found.items or ()] or [("", found.value)]
        for item, value in items:
            label = words("of_item", label=found.declared.label, item=item) if item else found.declared.label
            yield f"{label} {quantity(value, found.measure, words.language)}"


def _unsettled(decision: Decision, words: Words) -> Iterator[Said]:
    """What figures wait for although the outcome does not."""
    told = set(decision.missing)
    for found in decision.outputs.values():
        labels = [_waited_for(one, decision, words) for one in found.missing if one not in told]
        if labels:
            text = words("output_waits", label=found.declared.label, facts=words.series(list(dict.fromkeys(labels))))
            yield Said(text, tone="open", hangs=True)


def _waited_for(one: Missing, decision: Decision, words: Words) -> str:
    merged = decision.policy.merged
    if one.kind == "parameter":
        return f"{one.label}{words.bracketed(key_text(one, merged, words))}"
    return f"{owner(one.path, merged.elements, words)}{missing_label(one, words)}"


def missing_label(one: Missing, words: Words) -> str:
    return words("judgement", label=one.label) if one.kind == "judgement" else one.label


# ---- how they come about


def derivations(decision: Decision, words: Words) -> Iterator[Said]:
    """The expression of each figure, then the facts and steps that these are made of."""
    parts: dict[tuple[str, str], Part] = {}
    for id, found in decision.outputs.items():
        text = f"{found.declared.label}{words.cites(found.declared.cites)} = {_written(found.text)}"
        yield Said(text, hangs=True, at=found.declared.origin.span)
        parts |= {(part.of.collection, part.of.declared.id): part for part in decision.derivations[id]}
    if parts:
        yield Said(words("derived_steps"), below=tuple(_part(part, words) for part in parts.values()))


def _part(part: Part, words: Words) -> Said:
    of = part.of
    head = f"{of.name}{words.cites(of.declared.cites)}"
    written, at = f" = {_written(of.text)}" if of.text else "", of.declared.origin.span
    if not of.collection:
        ((_, value),) = part.values
        return Said(f"{head}  {_shown(value, of, words)}{written}", hangs=True, at=at)
    told = words.series([words.said_of(item, _shown(value, of, words)) for item, value in part.values])
    return Said(f"{head}{written}", hangs=True, below=(Said(told, hangs=True),) if told else (), at=at)


def _shown(value: Value, of: PartOf, words: Words) -> str:
    if isinstance(of.type, Quantity):
        return quantity(value, of.measure, words.language)
    return typed(value, of.type, words.language)


def _written(text: str) -> str:
    return " ".join(text.split()).replace(" * ", " × ").replace(" / ", " ÷ ")
