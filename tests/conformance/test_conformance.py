"""Every entry of the suite, on every back end."""

from __future__ import annotations

from typing import Literal, cast

import pytest

from engine.diagnostics import Reporter, render
from engine.language.core import CoreExpression
from engine.language.printer import print_expression
from engine.language.types import Choice, Quantity
from tests.conformance.backends import BACKENDS, Backend
from tests.conformance.comparable import shown, wanted
from tests.conformance.suite import Entry, Faults, entries
from tests.conformance.world import asked_type, core_of, make_given, make_world, parsed

DECIDED = [entry for entry in entries() if not isinstance(entry.expected, Faults)]
FAULTY = [entry for entry in entries() if isinstance(entry.expected, Faults)]


@pytest.mark.parametrize("backend", [pytest.param(call, id=name) for name, call in BACKENDS.items()])
@pytest.mark.parametrize("entry", [pytest.param(entry, id=entry.id) for entry in DECIDED])
def test_value(entry: Entry, backend: Backend) -> None:
    world = make_world(entry.declares)
    given = make_given(world, entry.given, entry.chosen)
    for core in _cores(entry):
        assert shown(core.type, backend(core, world, given)) == wanted(entry.expected)


@pytest.mark.parametrize("entry", [pytest.param(entry, id=entry.id) for entry in DECIDED if len(entry.texts) == 2])
def test_both_languages_mean_the_same(entry: Entry) -> None:
    first, second = _cores(entry)
    assert first == second


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("entry", [pytest.param(entry, id=entry.id) for entry in DECIDED if entry.term is None])
def test_printed_in_either_language_it_means_the_same(entry: Entry, language: Literal["zh", "en"]) -> None:
    """Words and names of the one language or the other. A name that may mean an option or an item's fact stays."""
    world = make_world(entry.declares)
    elsewhere = {fact for collection, fact in world.facts if collection}
    for fact in world.facts.values():
        if isinstance(fact.type, Choice):
            elsewhere |= {word for option in fact.type.options for word in option}
    names = {
        name: (found.name if language == "zh" else found.id)
        for name, found in world.scope.names.items()
        if name not in elsewhere
    }
    core = _cores(entry)[0]
    tree = parsed(entry.texts[0], entry.id, Reporter())
    assert tree is not None
    again = core_of(entry, print_expression(tree, language, names), Reporter())
    assert again == core


@pytest.mark.parametrize("entry", [pytest.param(entry, id=entry.id) for entry in DECIDED if entry.asked])
def test_asked_unit(entry: Entry) -> None:
    for core in _cores(entry):
        kind, asked = core.type, asked_type(entry.asked)
        assert (kind.unit if isinstance(kind, Quantity) else kind) == (
            asked.unit if isinstance(asked, Quantity) else asked
        )


@pytest.mark.parametrize("entry", [pytest.param(entry, id=entry.id) for entry in FAULTY])
def test_fault(entry: Entry) -> None:
    expected = cast("Faults", entry.expected).found
    for text in entry.texts:
        report = Reporter()
        core = core_of(entry, text, report)
        found = tuple((each.code, each.span.column if each.span else None) for each in report)
        stated = tuple(
            (code, column if wanted_column is not None else None)
            for (code, column), (_, wanted_column) in zip(found, expected, strict=False)
        )
        assert len(found) == len(expected), "\n".join(render(each) for each in report)
        assert stated == expected, "\n".join(render(each) for each in report)
        assert core is None
        # every message can be said in both languages
        for each in report:
            assert each.message("zh")
            assert each.message("en")
            each.help_lines("zh"), each.help_lines("en")


def _cores(entry: Entry) -> list[CoreExpression]:
    cores = []
    for text in entry.texts:
        report = Reporter()
        core = core_of(entry, text, report)
        assert core is not None, "\n".join(render(each) for each in report)
        assert not list(report)
        cores.append(core)
    return cores
