"""The three laws of docs/semantics.md, on the suite's own entries and every back end.

Each entry whose household leaves something out is completed at random, in part and in full: the value then must lie
within the value before (sound, refining), and be known where nothing is left out and no value in force is lacking
(complete). The draws are seeded by the entry's id, so that every run is the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from random import Random
from typing import Final, cast

import pytest

from engine.diagnostics import Reporter
from engine.language.core import CoreExpression, InList, Lookup, OverlapsList, operands
from engine.language.scope import FactEntry
from engine.language.types import Choice, DateType, Place, Quantity, Several, Text, Truth
from engine.language.values import UNKNOWN, Interval, Number, Unknown, Value, is_known
from tests.conformance.backends import BACKENDS, Backend
from tests.conformance.suite import Entry, Faults, entries
from tests.conformance.world import Given, World, core_of, make_given, make_world

DRAWS: Final = 4
_TEXTS: Final = ("a", "b", "白血病", "感冒", "M1")


@pytest.mark.parametrize("backend", [pytest.param(call, id=name) for name, call in BACKENDS.items()])
@pytest.mark.parametrize(
    "entry", [pytest.param(each, id=each.id) for each in entries() if not isinstance(each.expected, Faults)]
)
def test_completions(entry: Entry, backend: Backend) -> None:
    world = make_world(entry.declares)
    core = core_of(entry, entry.texts[0], Reporter())
    assert core is not None
    given = make_given(world, entry.given, entry.chosen)
    before = backend(core, world, given)
    draw = Random(entry.id)
    for _ in range(DRAWS):
        partly = completed(given, world, draw, share=0.5)
        fully = completed(partly, world, draw, share=1)
        between, after = backend(core, world, partly), backend(core, world, fully)
        assert holds(before, between), (before, between, partly)
        assert holds(between, after), (between, after, fully)
        if not reads_values_in_force(core, world):
            assert is_known(after), (after, fully)


def holds(outer: Value, inner: Value) -> bool:
    """Whether all that `inner` can be, `outer` can be."""
    if outer is UNKNOWN:
        return True
    if isinstance(outer, Interval):
        low, high = (inner.low, inner.high) if isinstance(inner, Interval) else (inner, inner)
        below = outer.low is None or (low is not None and cast("int", outer.low) <= cast("int", low))
        above = outer.high is None or (high is not None and cast("int", high) <= cast("int", outer.high))
        return below and above
    return outer == inner and type(outer) is type(inner)


def reads_values_in_force(core: CoreExpression, world: World) -> bool:
    """Whether tables or lists have a part in the value; some of them lack values on purpose."""
    if isinstance(core, (Lookup, InList, OverlapsList)):
        return True
    return any(reads_values_in_force(each, world) for each in operands(core))


def completed(given: Given, world: World, draw: Random, *, share: float) -> Given:
    """The same household with a share of what it leaves out filled in."""
    household = _filled(given.household, "", world, draw, share)
    items: dict[str, tuple[Mapping[str, Value], ...] | Unknown] = {}
    for collection, found in given.items.items():
        if not isinstance(found, tuple):
            if draw.random() >= share:
                items[collection] = UNKNOWN
                continue
            least = world.collections[collection].at_least
            found = tuple(given.unseen[collection] for _ in range(draw.randint(least, least + 2)))
        items[collection] = tuple(_filled(item, collection, world, draw, share) for item in found)
    return replace(given, household=household, items=items)


def _filled(
    facts: Mapping[str, Value], collection: str, world: World, draw: Random, share: float
) -> Mapping[str, Value]:
    return {
        id: value if is_known(value) or draw.random() >= share else _drawn(world.facts[collection, id], world, draw)
        for id, value in facts.items()
    }


def _drawn(entry: FactEntry, world: World, draw: Random) -> Value:
    match entry.type:
        case Truth():
            return draw.random() < 0.5
        case Choice(options=options):
            return draw.choice(options)[0]
        case Text():
            return draw.choice(_TEXTS)
        case Place():
            return draw.choice(world.places)
        case Several(of=of):
            pool = [option for option, _ in of.options] if isinstance(of, Choice) else _TEXTS
            return frozenset(each for each in pool if draw.random() < 0.4)
        case DateType():
            first = cast("date", entry.least or date(1900, 1, 1))
            last = cast("date", entry.most or date(2100, 12, 31))
            return first + timedelta(draw.choice([0, draw.randint(0, (last - first).days), (last - first).days]))
        case Quantity(whole=whole):
            return _drawn_number(cast("Number | None", entry.least), cast("Number | None", entry.most), whole, draw)


def _drawn_number(least: Number | None, most: Number | None, whole: bool, draw: Random) -> Number:
    """Often an end, often near zero; at times a fraction where the type allows one."""
    low = int(least) if least is not None else int(most or 0) - 100_000
    high = int(most) if most is not None else low + 200_000
    if not whole and low < high and draw.random() < 0.2:
        return low + Fraction(draw.randint(1, 8), 9)
    near_zero = min(max(0, low), high)
    return draw.choice([low, high, near_zero, min(near_zero + 1, high), draw.randint(low, high)])
