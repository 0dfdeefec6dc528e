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
from functools import lru_cache
from itertools import product
from random import Random
from typing import Final, cast

from engine.evaluation.facts import HouseholdFacts
from engine.language.core import CoreExpression, InList, Lookup, OverlapsList, operands
from engine.language.types import Choice, DateType, ItemOf, Place, Quantity, Several, Text, Truth
from engine.language.values import UNKNOWN, Interval, Number, Unknown, Value, ends, is_known
from engine.program.link import program_of
from engine.program.model import Input, Program
from tests.conformance.answer import BACKENDS, Answer
from tests.conformance.programs import ProgramEntry, policy_of, program_entries
from tests.conformance.programs import facts_of as household_of
from tests.conformance.suite import Entry, Faults, entries, topic_of
from tests.conformance.world import decided, facts_of, world_policy
from tests.each import each_of

DRAWS: Final = 4
_TEXTS: Final = ("a", "b", "白血病", "感冒", "M1")
_PLACES: Final = tuple(world_policy().merged.divisions)
_PROGRAM: Final = program_of(world_policy())
_LACKING: Final = ("figures", "known_on", "lists", "other_days", "places", "values")
"""topics of programs in which values in force are lacking on purpose"""


@each_of(
    product([entry for entry in entries() if not isinstance(entry.expected, Faults)], BACKENDS),
    lambda case: f"{case[0].id}-{case[1]}",
    by=topic_of,
)
def test_completions(case: tuple[Entry, str]) -> None:
    entry, backend = case[0], BACKENDS[case[1]]
    asked = decided()[entry.id][0]
    before = asked.value(backend, facts_of(entry))
    for partly, fully in _completions(entry):
        between, after = asked.value(backend, partly), asked.value(backend, fully)
        assert holds(before, between), (before, between, partly)
        assert holds(between, after), (between, after, fully)
        if not reads_values_in_force(asked.core):
            assert is_known(after), (after, fully)


@lru_cache(maxsize=1)  # for one back end after the other
def _completions(entry: Entry) -> list[tuple[HouseholdFacts, HouseholdFacts]]:
    """What an entry says of its household, completed in part, and from there in full."""
    draw, found = Random(entry.id), []
    for _ in range(DRAWS):
        partly = completed(facts_of(entry), _PROGRAM, draw, share=0.5)
        found.append((partly, completed(partly, _PROGRAM, draw, share=1)))
    return found


@each_of(
    product([entry for entry in program_entries() if entry.verdict], BACKENDS),
    lambda case: f"{case[0].id}-{case[1]}",
    by=topic_of,
)
def test_completions_of_programs(case: tuple[ProgramEntry, str]) -> None:
    """The laws of verdict, findings and outputs; a data check may refuse a household once more of it is known."""
    entry, backend = case[0], BACKENDS[case[1]]
    policy = policy_of(entry)
    program, given = program_of(policy), household_of(entry, policy)
    before = backend(policy, given, entry.on, entry.known_on)
    draw, places = Random(entry.id), tuple(policy.merged.divisions)
    for _ in range(DRAWS):
        partly = completed(given, program, draw, share=0.5, places=places)
        fully = completed(partly, program, draw, share=1, places=places)
        between = backend(policy, partly, entry.on, entry.known_on)
        after = backend(policy, fully, entry.on, entry.known_on)
        assert no_less_said(before, between), (before, between, partly)
        assert no_less_said(between, after), (between, after, fully)
        if entry.topic not in _LACKING and not after.refused:
            assert "undetermined" not in {after.verdict, *after.findings.values()}
            assert all(is_known(value) for value in after.outputs.values())


def no_less_said(first: Answer, second: Answer) -> bool:
    """Whether all that the first answer says, the second says too, or why there is none."""
    if second.refused:
        return set(first.refused) <= set(second.refused)
    settled = {"verdict": first.verdict, **first.findings}
    later = {"verdict": second.verdict, **second.findings}
    return (
        not first.refused
        and all(later[id] == said for id, said in settled.items() if said != "undetermined")
        and all(value is UNKNOWN or holds(value, second.outputs[id]) for id, value in first.outputs.items())
        and set(first.referrals) <= set(second.referrals)
        and set(first.warned) <= set(second.warned)
    )


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


def reads_values_in_force(core: CoreExpression) -> bool:
    """Whether tables or lists have a part in the value; some of them lack values on purpose."""
    if isinstance(core, (Lookup, InList, OverlapsList)):
        return True
    return any(reads_values_in_force(each) for each in operands(core))


def completed(
    given: HouseholdFacts, program: Program, draw: Random, *, share: float, places: tuple[str, ...] = _PLACES
) -> HouseholdFacts:
    """The same household with a share of what it leaves out filled in."""
    household = _filled(given.household, "", program, draw, share, places)
    items: dict[str, tuple[Mapping[str, Value], ...] | Unknown] = {}
    for collection, found in given.items.items():
        if not isinstance(found, tuple):
            if draw.random() >= share:
                items[collection] = UNKNOWN
                continue
            declared = program.collections[collection]
            unseen = {one.id: one.extent for one in declared.inputs}
            found = tuple(unseen for _ in range(draw.randint(declared.least, declared.least + 2)))
        items[collection] = tuple(_filled(item, collection, program, draw, share, places) for item in found)
    return replace(given, household=household, items=items)


def _filled(
    facts: Mapping[str, Value], collection: str, program: Program, draw: Random, share: float, places: tuple[str, ...]
) -> Mapping[str, Value]:
    return {
        id: value if is_known(value) or draw.random() >= share else _drawn(program.inputs[collection, id], draw, places)
        for id, value in facts.items()
    }


def _drawn(fact: Input, draw: Random, places: tuple[str, ...]) -> Value:
    match fact.type:
        case Truth():
            return draw.random() < 0.5
        case Choice(options=options):
            return draw.choice(options)[0]
        case Text() | ItemOf():
            return draw.choice(_TEXTS)
        case Place():
            return draw.choice(places)
        case Several(of=of):
            pool = [option for option, _ in of.options] if isinstance(of, Choice) else _TEXTS
            return frozenset(each for each in pool if draw.random() < 0.4)
        case DateType():
            first, last = cast("tuple[date, date]", ends(fact.extent))
            return first + timedelta(draw.choice([0, draw.randint(0, (last - first).days), (last - first).days]))
        case Quantity(whole=whole):
            low, high = cast("tuple[int, int]", ends(fact.extent))
            return _drawn_number(low, high, whole, draw)


def _drawn_number(low: int, high: int, whole: bool, draw: Random) -> Number:
    """Often an end, often near zero; at times a fraction where the type allows one."""
    if not whole and low < high and draw.random() < 0.2:
        return low + Fraction(draw.randint(1, 8), 9)
    near_zero = min(max(0, low), high)
    return draw.choice([low, high, near_zero, min(near_zero + 1, high), draw.randint(low, high)])
