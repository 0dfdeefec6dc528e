"""Programs of random rules keep what back ends rely on, and what is said of their steps holds for every household."""

from __future__ import annotations

from hypothesis import given

from engine.language.core import CoreExpression
from engine.language.interpreter import evaluate
from engine.language.values import UNKNOWN, Interval, Value, ends
from engine.policy.checked import Rules
from engine.program.bounds import Bounds
from engine.program.invariants import invariants
from engine.program.unknowns import Unknowns
from tests.properties.cores import Known, known, linked, program_of, rules, trees


@given(terms=rules())
def test_invariants(terms: Rules) -> None:
    assert invariants(program_of(terms)) == ()


@given(node=trees(), terms=rules(), state=known())
def test_no_value_leaves_its_bounds_and_none_is_unknown_that_cannot_be(
    node: CoreExpression, terms: Rules, state: Known
) -> None:
    program = program_of(terms)
    bounds, unknowns = Bounds(program), Unknowns(program)
    frame = state.frame(program)
    for step in program.authored:
        for item in frame.every(step.collection):
            _holds(item.row[step.slot], step.core, bounds, unknowns)
    placed = linked(node, program)
    _holds(evaluate(placed, frame), placed, bounds, unknowns)


def _holds(value: Value, node: CoreExpression, bounds: Bounds, unknowns: Unknowns) -> None:
    known_value = value is not UNKNOWN and not isinstance(value, Interval)
    assert known_value or unknowns.possible(node)
    bound = bounds.of(node)
    if bound is UNKNOWN:
        return
    low, high = ends(bound)
    least, most = ends(value)
    assert low is None or (least is not None and low <= least)  # type: ignore[operator]
    assert high is None or (most is not None and most <= high)  # type: ignore[operator]
