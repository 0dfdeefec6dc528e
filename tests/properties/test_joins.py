"""What is laid out by equal values comes to what going over all items comes to, whatever is not known."""

from __future__ import annotations

from collections.abc import Iterator
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.evaluation import joins
from engine.evaluation.frame import Frame
from engine.evaluation.needs import need
from engine.language import ast, core
from engine.language.core import CoreExpression
from engine.language.interpreter import Unseen, evaluate
from engine.language.types import TRUTH
from engine.policy.checked import Rules
from engine.policy.model import Term
from engine.program.model import HOUSEHOLD, Program
from tests.properties.cores import (
    CHOICE,
    ITEM,
    NUMBER,
    SPAN,
    Known,
    expressions,
    known,
    program_of,
    rules,
)

_EXPRESSION = ast.TruthLiteral(SPAN, False)
_INSIDE = expressions(1, item=True, place="inside")


@pytest.fixture(autouse=True)
def _lays_out_any_list() -> Iterator[None]:
    with patch.object(joins, "FEW", 0):
        yield


def _equal(kind: object, collection: str, id: str, *, turned: bool) -> CoreExpression:
    mine = core.Fact(SPAN, kind, collection, id)  # type: ignore[arg-type]
    outer = core.Outer(SPAN, mine.type, mine)
    return core.Compare(SPAN, TRUTH, "=", *((outer, mine) if turned else (mine, outer)))


def _refers(mine: str, outer: str) -> CoreExpression:
    """Whose id the reference is, or who refers to the item around."""
    read = core.Fact(SPAN, ITEM, "items", outer)
    return core.Compare(SPAN, TRUTH, "=", core.Fact(SPAN, ITEM, "items", mine), core.Outer(SPAN, ITEM, read))


_EQUAL = st.builds(
    lambda one, turned: _equal(*one, turned=turned),
    st.sampled_from(((NUMBER, "items", "in"), (CHOICE, "items", "ic"), (TRUTH, "items", "ip"), (ITEM, "items", "iw"))),
    st.booleans(),
)
_REFERRED = st.sampled_from((("id", "iw"), ("iw", "id"))).map(lambda ids: _refers(*ids))


@st.composite
def _joined(draw: st.DrawFn) -> core.Aggregate:
    """An aggregate that asks for one equality or two, and perhaps for more."""
    kind = draw(st.sampled_from(("sum", "count", "any", "every", "max", "min")))
    tests = draw(st.lists(st.one_of(_EQUAL, _INSIDE.truth), max_size=2))
    where = core.And(SPAN, TRUTH, (*tests, draw(st.one_of(_EQUAL, _REFERRED))))
    truth = kind in ("any", "every")
    body = None if kind == "count" else draw(_INSIDE.truth if truth else _INSIDE.number)
    otherwise = core.Constant(SPAN, NUMBER, 0) if kind in ("max", "min") else None
    if kind == "any" and draw(st.booleans()):
        return core.Aggregate(SPAN, TRUTH, kind, "items", where, None, None)  # type: ignore[arg-type]  # one of these kinds
    return core.Aggregate(SPAN, TRUTH if truth else NUMBER, kind, "items", body, where, otherwise)  # type: ignore[arg-type]


@st.composite
def _programs(draw: st.DrawFn) -> Program:
    """Two more terms of an item, of which the first is an aggregate that may be laid out."""
    plain = draw(rules())
    held = dict(plain.terms)
    known_term = next(iter(held.values()))
    for number in range(2):
        made, declared = (
            draw(_joined()),
            Term(f"j{number}", "", "", "", known_term.declared.origin, "items", _EXPRESSION),
        )
        held["items", declared.id] = type(known_term)(declared, made)
    return program_of(Rules(held, {}, {}, {}, {}, {}))


def _plain(program: Program, state: Known) -> Frame:
    with patch.object(joins.Joins, "places", return_value=None):
        return state.frame(program)


@given(program=_programs(), state=known())
def test_the_same_as_going_over_all(program: Program, state: Known) -> None:
    laid, plain = state.frame(program), _plain(program, state)
    for step in program.every:
        for one, other in zip(laid.every(step.collection), plain.every(step.collection), strict=True):
            assert one.row[step.slot] == other.row[step.slot]
            if step.collection == HOUSEHOLD:
                continue
            waited = need(program, step.core, one)
            with patch.object(joins.Joins, "places", return_value=None):
                assert waited == need(program, step.core, other)


@given(program=_programs(), state=known(share=0))
def test_of_a_household_all_known_only_equal_items_are_looked_at(program: Program, state: Known) -> None:
    frame = state.frame(program)
    for step in program.every:
        if not step.owner.id.startswith("j") or not isinstance(step.core, core.Aggregate):
            continue
        equal = program.asked_equal[id(step.core)]
        for around in frame.every(step.collection):
            looked_at = around.gone_over(step.core)
            assert not isinstance(looked_at, Unseen)
            own = [evaluate(other, around) for _, other in equal]
            everyone = [[evaluate(mine, one) for mine, _ in equal] for one in frame.every("items")]
            alike = (sum(one[place] == own[place] for one in everyone) for place in range(len(equal)))
            fewest = min(alike, default=len(everyone))
            assert len(looked_at) == fewest
