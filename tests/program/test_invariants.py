"""What a back end may rely on holds of every policy here; a program that breaks it is told so."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from engine.language import core
from engine.language.core import CoreExpression
from engine.language.types import TRUTH, Quantity
from engine.policy.checked import CheckedPolicy
from engine.policy.model import Check
from engine.program.invariants import invariants
from engine.program.link import ordered, program_of
from engine.program.model import Program, Step
from engine.program.narrowing import narrowed
from tests.program.policies import every_policy


@pytest.mark.parametrize("policy", [pytest.param(policy, id=id) for id, policy in every_policy()])
def test_of_every_policy(policy: CheckedPolicy) -> None:
    assert invariants(program_of(policy)) == ()
    assert invariants(narrowed(program_of(policy))) == ()


@pytest.mark.parametrize("policy", [pytest.param(policy, id=id) for id, policy in every_policy()])
def test_what_some_steps_rest_on_is_found_from_them(policy: CheckedPolicy) -> None:
    program = program_of(policy)
    for wanted, last in ((program.goals, program.decisive), ([*program.goals, *program.refusing], program.eager)):
        assert {step.owner for step in ordered(wanted, program.by_place)} == {s.owner for s in program.steps[:last]}
    refusing = [
        step for step in program.authored if isinstance(step.declared, Check) and step.declared.severity == "error"
    ]
    assert set(program.refusing) == set(refusing)


# ---- programs that nobody may rely on


def _program() -> Program:
    return program_of(dict(every_policy())["sample"])


def _first(program: Program, kind: type) -> tuple[Step, CoreExpression]:
    """A step in which a kind of node stands outermost, or first inside it."""
    for step in program.authored:
        waiting: list[CoreExpression] = [step.core]
        while waiting:
            node = waiting.pop(0)
            if isinstance(node, kind):
                return step, node
            waiting.extend(core.operands(node))
    raise AssertionError(f"the sample has no {kind}")


def _put(program: Program, step: Step, node: CoreExpression) -> Program:
    return program.with_core(step.owner, node)


def _later(program: Program) -> Program:
    """The first decisive step reads the outcome."""
    first, outcome = program.steps[0], program.goals[0]
    return _put(program, first, core.ConditionMet(first.core.span, TRUTH, "", "outcome", outcome.slot))


def _elsewhere(program: Program) -> Program:
    step, node = _first(program, core.Fact)
    assert isinstance(node, core.Fact)
    return _put(program, step, replace(node, slot=node.slot + 1))


def _of_no_item(program: Program) -> Program:
    of_item = program.collections["members"].inputs[1]
    step = program.goals[0]
    return _put(program, step, core.Fact(step.core.span, of_item.type, "members", of_item.id, of_item.slot))


def _by_zero(program: Program) -> Program:
    step = next(step for step in program.authored if isinstance(step.core.type, Quantity))
    nothing = core.Constant(step.core.span, step.core.type, 0)
    return _put(program, step, core.Quotient(step.core.span, step.core.type, step.core, nothing))


def _no_table(program: Program) -> Program:
    step, node = _first(program, core.Lookup)
    assert isinstance(node, core.Lookup)
    return _put(program, step, replace(node, parameter="nowhere"))


def _too_few_keys(program: Program) -> Program:
    step, node = _first(program, core.Lookup)
    assert isinstance(node, core.Lookup)
    return _put(program, step, replace(node, keys=()))


def _mixed(program: Program) -> Program:
    step, node = _first(program, core.Compare)
    assert isinstance(node, core.Compare)
    return _put(program, step, replace(node, left=core.Constant(node.span, TRUTH, True)))


def _nested(program: Program) -> Program:
    step, node = _first(program, core.Aggregate)
    assert isinstance(node, core.Aggregate)
    inside = core.Aggregate(node.span, TRUTH, "any", node.collection, core.Constant(node.span, TRUTH, True), None, None)
    return _put(program, step, replace(node, where=inside))


def _around_nothing(program: Program) -> Program:
    step, node = _first(program, core.Aggregate)
    assert isinstance(node, core.Aggregate)
    one = program.collections[node.collection].inputs[0]
    read = core.Fact(node.span, one.type, node.collection, one.id, one.slot)
    of_none = core.Compare(node.span, TRUTH, "=", core.Outer(node.span, one.type, read), read)
    return _put(program, step, replace(node, kind="any", body=of_none, where=None, otherwise=None))


def _outer_of_the_household(program: Program) -> Program:
    step, node = _first(program, core.Fact)
    assert isinstance(node, core.Fact)
    return _put(program, step, core.Outer(node.span, node.type, node))


def _same_slot(program: Program) -> Program:
    first, second, *rest = program.steps
    return replace(program, steps=(first, replace(second, slot=first.slot), *rest))


def _no_outcome(program: Program) -> Program:
    return replace(program, decisive=program.decisive - 1)


def _not_shared(program: Program) -> Program:
    step = next(one for one in program.authored if one.owner.kind == "condition")
    other = core.Constant(step.core.span, TRUTH, True)
    steps = tuple(replace(one, written=other) if one.owner == step.owner else one for one in program.steps)
    return replace(program, steps=steps)


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        (_later, "before it is worked out"),
        (_elsewhere, "is not the input at its place"),
        (_of_no_item, "no item of its collection is current"),
        (_by_zero, "the divisor may be zero"),
        (_no_table, "there is no such table"),
        (_too_few_keys, "there is no such table"),
        (_mixed, "its sides are not of one type"),
        (_nested, "stands inside another"),
        (_around_nothing, "no item of its collection is current"),
        (_outer_of_the_household, "nothing is around it"),
        (_same_slot, "is not made of its inputs and steps"),
        (_no_outcome, "the outcome is not the last"),
        (_not_shared, "is worked out as something else"),
    ],
)
def test_a_broken_program_is_told_so(broken: Callable[[Program], Program], said: str) -> None:
    found = invariants(broken(_program()))
    assert any(said in one for one in found), found
