"""Triples stand for the interpreter's values, and combine as it does."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Final, get_args

import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from engine.language import core
from engine.language.core import CoreExpression, operands
from engine.language.interpreter import evaluate
from engine.language.types import DATE, PLACE, TEXT, TRUTH, Choice, Several, Type
from engine.language.values import UNKNOWN, Interval, Value, interval
from engine.policy.checked import Rules
from engine.program.bounds import Bounds
from engine.program.triples import EITHER, OpenEnd, Shared, Texts, Triple, combine, triple, value_of
from tests.properties.cores import CHOICE, NUMBER, OPTIONS, SPAN, Known, known, linked, program_of, rules, trees

SINGLE: Final = Choice((("only", "only"),))
_NUMBERS: Final = st.one_of(st.integers(-9, 9), st.fractions(-9, 9, max_denominator=4)).map(
    lambda each: each.numerator if each.denominator == 1 else each
)
_DATES: Final = st.dates(date(1990, 1, 1), date(2030, 1, 1))


def _ends(points: st.SearchStrategy[Value]) -> st.SearchStrategy[Value]:
    return st.lists(points, min_size=2, max_size=2).map(lambda two: interval(*sorted(two)))  # type: ignore[type-var, arg-type]  # all numbers, or all dates


VALUES: Final[dict[Type, st.SearchStrategy[Value]]] = {
    TRUTH: st.sampled_from((True, False, UNKNOWN)),
    NUMBER: st.one_of(_NUMBERS, _ends(_NUMBERS)),
    DATE: st.one_of(_DATES, _ends(_DATES)),
    CHOICE: st.sampled_from((*OPTIONS, UNKNOWN)),
    SINGLE: st.sampled_from(("only", UNKNOWN)),
    TEXT: st.one_of(st.text(max_size=3), st.just(UNKNOWN)),
    PLACE: st.sampled_from(("140101", "140102", UNKNOWN)),
    Several(CHOICE): st.one_of(st.frozensets(st.sampled_from(OPTIONS)), st.just(UNKNOWN)),
    Several(TEXT): st.one_of(st.frozensets(st.text(max_size=3), max_size=3), st.just(UNKNOWN)),
}


@given(data=st.data())
@pytest.mark.parametrize("kind", list(VALUES), ids=lambda kind: type(kind).__name__)
def test_there_and_back(kind: Type, data: st.DataObject) -> None:
    texts = Texts()
    given_values = data.draw(st.lists(VALUES[kind], min_size=1, max_size=4))
    made = [triple(value, kind, texts) for value in given_values]
    for value, found in zip(given_values, made, strict=True):
        assert value_of(found, kind, texts) == value
        assert found.low <= found.high
        assert found.unknown == (value is UNKNOWN or isinstance(value, Interval))
        assert type(found.low) is int or isinstance(value, Fraction | Interval)


def test_an_open_end_is_closed_by_the_extent_or_refused() -> None:
    assert triple(Interval(None, 3), NUMBER, Texts(), Interval(0, 9)) == Triple(0, 3, True)
    assert triple(UNKNOWN, NUMBER, Texts(), Interval(0, 9)) == Triple(0, 9, True)
    assert triple(Interval(date(2020, 1, 1), None), DATE, Texts(), Interval(None, date(2020, 1, 2))).high == 737426
    for extent in (UNKNOWN, Interval(None, 9)):
        with pytest.raises(OpenEnd):
            triple(Interval(None, 3), NUMBER, Texts(), extent)


def test_an_unknown_choice_of_one_option_is_still_unknown() -> None:
    found = triple(UNKNOWN, SINGLE, Texts())
    assert (found.low, found.high, found.unknown) == (0, 0, True)
    option = core.Constant(SPAN, SINGLE, "only")
    node = core.Compare(SPAN, TRUTH, "=", option, option)
    assert combine(node, [found, triple("only", SINGLE, Texts())]) == EITHER


@given(node=trees(), terms=rules(), state=known())
def test_nodes_combine_as_the_interpreter_works_them_out(node: CoreExpression, terms: Rules, state: Known) -> None:
    program = program_of(terms)
    frame, bounds, texts = state.frame(program), Bounds(program), Texts()
    shared = 0
    placed = linked(node, program)
    for whole in (placed, *(step.core for step in program.authored if not step.collection)):
        for inner in _of_household(whole):
            if isinstance(inner, get_args(Shared)):
                try:
                    parts = [triple(evaluate(part, frame), part.type, texts) for part in operands(inner)]
                    made = combine(inner, parts)
                except OpenEnd:
                    continue
                shared += 1
                assert value_of(made, inner.type, texts) == evaluate(inner, frame), inner
                assert made == triple(evaluate(inner, frame), inner.type, texts, bounds.of(inner))
    event(f"nodes {min(shared, 9)}")


def _of_household(node: CoreExpression) -> list[CoreExpression]:
    """The nodes that are worked out for the household, not for an item."""
    if isinstance(node, core.Aggregate):
        return [node, *(_of_household(node.otherwise) if node.otherwise is not None else [])]
    return [node, *(inner for part in operands(node) for inner in _of_household(part))]
