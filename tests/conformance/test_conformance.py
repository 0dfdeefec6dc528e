"""Every entry of expressions, on every back end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from itertools import product
from typing import Final, Literal

import pytest

from engine.diagnostics import render
from engine.language.core import CoreExpression
from engine.language.printer import print_expression
from engine.language.types import TRUTH, Choice, Quantity
from engine.language.units import parse_unit
from engine.policy.model import Element
from tests.conformance.answer import BACKENDS
from tests.conformance.comparable import shown, wanted
from tests.conformance.suite import Entry, Faults, entries, topic_of
from tests.conformance.world import (
    Spelling,
    column,
    decided,
    facts_of,
    faults,
    parsed,
    spellings,
    understood,
    world_policy,
)
from tests.each import each_of

pytestmark = pytest.mark.xdist_group("conformance")  # the policies of all entries are read once

DECIDED: Final = [entry for entry in entries() if not isinstance(entry.expected, Faults)]
FAULTY: Final = [one for one in spellings() if isinstance(one.entry.expected, Faults)]
_LANGUAGES: Final[tuple[Literal["zh", "en"], ...]] = ("zh", "en")


def _id(entry: Entry) -> str:
    return entry.id


@each_of(product(DECIDED, BACKENDS), lambda case: f"{case[0].id}-{case[1]}", by=topic_of)
def test_value(case: tuple[Entry, str]) -> None:
    entry, backend = case[0], BACKENDS[case[1]]
    facts = facts_of(entry)
    for asked in decided()[entry.id]:
        assert shown(asked.core.type, asked.value(backend, facts)) == wanted(entry.expected)


@each_of((entry for entry in DECIDED if len(entry.texts) == 2), _id)
def test_both_languages_mean_the_same(entry: Entry) -> None:
    first, second = decided()[entry.id]
    if entry.previous:  # each spelling has a term of its own to replace
        assert str(second.core).replace(second.spelling.key, first.spelling.key) == str(first.core)
    else:
        assert first.core == second.core


@each_of(
    product([entry for entry in DECIDED if entry.term is None], _LANGUAGES),
    lambda case: f"{case[0].id}-{case[1]}",
    by=lambda name: name.rpartition("-")[2],
)
def test_printed_in_either_language_it_means_the_same(case: tuple[Entry, Literal["zh", "en"]]) -> None:
    """Words and names of the one language or the other. A name that may mean an option or an item's fact stays."""
    entry, language = case
    assert _printed(language)[entry.id] == decided()[entry.id][0].core


@cache
def _printed(language: Literal["zh", "en"]) -> Mapping[str, CoreExpression]:
    names = _names(language)
    again = []
    for entry in DECIDED:
        if entry.term is None:
            first = decided()[entry.id][0].spelling
            again.append(replace(first, text=print_expression(parsed(first.text, entry.id), language, names)))
    return {asked.spelling.entry.id: asked.core for asked in understood(again)}


def _names(language: Literal["zh", "en"]) -> dict[str, str]:
    held = world_policy().merged.elements
    elsewhere: set[str] = set()
    for collection in held.collections.values():
        elsewhere |= {name for fact in collection.facts.values() for name in (fact.id, fact.name)}
    for fact in (*held.facts.values(), *(one for each in held.collections.values() for one in each.facts.values())):
        if isinstance(fact.type, Choice):
            elsewhere |= {word for option in fact.type.options for word in option}
    return {
        name: element.name if language == "zh" else element.id
        for element in _elements()
        for name in (element.id, element.name)
        if name not in elsewhere
    }


def _elements() -> Iterator[Element]:
    """All that the household's expressions may name."""
    held = world_policy().merged.elements
    for group in (held.facts, held.collections, held.parameters, held.lists, held.readings, held.causes):
        yield from group.values()
    yield from (term for term in held.terms.values() if not term.collection)


@each_of((entry for entry in DECIDED if entry.asked), _id)
def test_asked_unit(entry: Entry) -> None:
    for asked in decided()[entry.id]:
        kind = asked.core.type
        if entry.asked == "truth":
            assert kind == TRUTH
        else:
            assert isinstance(kind, Quantity)
            assert kind.unit == parse_unit(entry.asked)


@each_of(FAULTY, lambda one: f"{one.entry.id}-{one.key}")
def test_fault(spelling: Spelling) -> None:
    assert isinstance(spelling.entry.expected, Faults)
    expected = spelling.entry.expected.found
    report = faults().get(spelling.key, ())
    found = [(each.code, column(each, spelling)) for each in report]
    stated = tuple(
        (code, place if wanted_place is not None else None)
        for (code, place), (_, wanted_place) in zip(found, expected, strict=False)
    )
    assert len(found) == len(expected), "\n".join(render(each) for each in report)
    assert stated == expected, "\n".join(render(each) for each in report)
    # every message can be said in both languages
    for each in report:
        assert each.message("zh")
        assert each.message("en")
        each.help_lines("zh"), each.help_lines("en")
