"""The laws of evaluation, over random core trees and households: total, sound, refining, and what `need` promises."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import TypeVar

from hypothesis import given
from hypothesis import strategies as st

from engine.evaluation.needs import Needed, NeededFact, NeededItems, NeededValue, need
from engine.language.core import CoreExpression
from engine.language.interpreter import evaluate
from engine.language.values import UNKNOWN, Interval, Value, ends, is_known
from engine.policy.checked import Rules
from engine.policy.model import AmountRange, WholeRange
from tests.properties.cores import OPTIONS, RANGES, WHOLES, Known, completed, known, linked, program_of, rules, trees

_T = TypeVar("_T")
TREES = trees()


def worth(node: CoreExpression, state: Known, terms: Rules) -> Value:
    program = program_of(terms)
    return evaluate(linked(node, program), state.frame(program))


def within(inner: Value, outer: Value) -> bool:
    """Whether all that the one can be, the other can be."""
    if outer is UNKNOWN:
        return not isinstance(inner, Interval)
    if inner is UNKNOWN or is_known(outer):
        return inner == outer
    low, high = ends(outer)
    a, b = ends(inner)
    return (low is None or (a is not None and low <= a)) and (high is None or (b is not None and b <= high))  # type: ignore[operator]


@given(node=TREES, terms=rules(), state=known(share=0))
def test_complete_facts_give_a_known_value(node: CoreExpression, terms: Rules, state: Known) -> None:
    assert is_known(worth(node, state, terms))


@given(node=TREES, terms=rules(), state=known(), data=st.data())
def test_telling_an_unknown_only_narrows(node: CoreExpression, terms: Rules, state: Known, data: st.DataObject) -> None:
    whole = data.draw(completed(state))
    before = worth(node, state, terms)
    partly = replace(
        state,
        facts={id: data.draw(st.sampled_from((value, whole.facts[id]))) for id, value in state.facts.items()},
        items=whole.items if data.draw(st.booleans()) else state.items,
        values=whole.values if data.draw(st.booleans()) else state.values,
        rates=whole.rates if data.draw(st.booleans()) else state.rates,
    )
    between, after = worth(node, partly, terms), worth(node, whole, terms)
    assert within(between, before)
    assert within(after, between)
    assert is_known(after)


@given(node=TREES, terms=rules(), state=known(), data=st.data())
def test_what_is_needed(node: CoreExpression, terms: Rules, state: Known, data: st.DataObject) -> None:
    program = program_of(terms)
    frame, placed = state.frame(program), linked(node, program)
    needed = need(program, placed, frame)
    assert bool(needed) == (not is_known(evaluate(placed, frame)))
    whole = data.draw(completed(state))
    settled = told(state, whole, needed)
    value = worth(node, settled, terms)
    assert is_known(value), "settling what is listed decides"
    assert value == worth(node, whole, terms), "what is not listed changes nothing"


def told(before: Known, whole: Known, needed: frozenset[Needed]) -> Known:
    """The household with just what is needed told."""
    facts, values, rates = dict(before.facts), dict(before.values), dict(before.rates)
    items = None if before.items is UNKNOWN else [dict(item) for item in before.items]
    whole_items = whole.items
    assert whole_items is not UNKNOWN
    listed = before.listed
    for one in needed:
        match one:
            case NeededFact(collection="", id=id):
                facts[id] = whole.facts[id]
            case NeededFact(index=index, id=id):
                assert items is not None
                items[index][id] = whole_items[index][id]
            case NeededItems():
                items = [dict(item) for item in whole_items]
            case NeededValue(id="absent"):
                listed = True
            case NeededValue(key=(str() as option, WholeRange(least=least, most=most))):
                assert most is not None
                for count in range(least, most + 1):
                    values[option, count] = whole.values[option, count]
            case NeededValue(key=(WholeRange() as counts, AmountRange() as part)):
                for option, place in product(_options_in(counts), _ranges_in(part)):
                    rates.setdefault((option, place), whole.rates[option, place])
            case NeededValue(key=(str() as option, AmountRange() as part)):
                for place in _ranges_in(part):
                    rates.setdefault((option, place), whole.rates[option, place])
    return Known(facts, UNKNOWN if items is None else tuple(items), values, listed, rates)


@given(node=TREES, terms=rules(), state=known(), data=st.data())
def test_more_unknowns_never_need_less(node: CoreExpression, terms: Rules, state: Known, data: st.DataObject) -> None:
    whole = data.draw(completed(state))
    partly = replace(state, items=whole.items) if data.draw(st.booleans()) else replace(state, facts=whole.facts)
    program = program_of(terms)
    placed = linked(node, program)
    more, fewer = (_each_count(need(program, placed, one.frame(program))) for one in (state, partly))
    if partly.items is not state.items:
        # the facts of items that were not given stand behind the list as a whole
        fewer = {one for one in fewer if not (isinstance(one, NeededFact) and one.collection)}
    assert fewer <= more


def _ranges_in(part: AmountRange) -> list[int]:
    return [place for place, one in enumerate(RANGES) if one.start < part.end and part.start < one.end]


def _options_in(counts: WholeRange) -> list[str]:
    """Those whose rates stand for some of the counts."""
    return [
        option
        for option, one in zip(OPTIONS, WHOLES, strict=True)
        if (one.most is None or counts.least <= one.most) and (counts.most is None or one.least <= counts.most)
    ]


def _each_count(needed: frozenset[Needed]) -> set[object]:
    """Values by single counts: a stretch of counts is cut by what else is known."""
    found: set[object] = set()
    for one in needed:
        match one:
            case NeededValue(id=id, key=(str() as option, WholeRange(least=least, most=int() as most))):
                found.update((id, option, count) for count in range(least, most + 1))
            case NeededValue(id=id, key=(str() as option, AmountRange() as part)):
                found.update((id, option, place) for place in _ranges_in(part))
            case NeededValue(id=id, key=(WholeRange() as counts, AmountRange() as part)):
                found.update((id, option, place) for option in _options_in(counts) for place in _ranges_in(part))
            case _:
                found.add(one)
    return found
