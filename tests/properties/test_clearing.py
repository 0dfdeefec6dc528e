"""A cleared comparison has the truth of the one in the program, and divides nothing."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Final

from hypothesis import assume, event, given, settings
from hypothesis import strategies as st

from engine.evaluation.frame import Frame
from engine.language import ast, core
from engine.language.core import CoreExpression
from engine.language.interpreter import Interpreter, evaluate
from engine.language.references import core_walk
from engine.language.types import TRUTH
from engine.language.values import UNKNOWN, Interval, Value
from engine.policy.checked import CheckedTerm, Rules
from engine.policy.model import Term
from engine.program.clearing import Cleared, Clearing
from engine.program.granularity import edges_of
from engine.program.model import Program
from tests.properties.cores import (
    NUMBER,
    ORIGIN,
    SPAN,
    Facts,
    Known,
    _by_amount,
    _lookup,
    completed,
    constant,
    expressions,
    known,
    linked,
    program_of,
    trees,
)

PARAMETERS: Final = {**dict.fromkeys("vsgt", Fraction(1)), edges_of("g"): Fraction(1, 2)}
OPERATORS: Final = ("<", "<=", "=", "!=", ">=", ">")


def _compared(left: CoreExpression, operator: str, right: CoreExpression) -> core.Compare:
    return core.Compare(SPAN, TRUTH, operator, left, right)  # type: ignore[arg-type]  # one of OPERATORS


_ONE: Final = expressions(1).number


def _over(left: CoreExpression, right: CoreExpression, low: int) -> CoreExpression:
    """A quotient whose divisor is kept above `low`, or below where that is negative."""
    pick = core.Greatest if low > 0 else core.Least
    return core.Quotient(SPAN, NUMBER, left, pick(SPAN, NUMBER, (constant(low), right)))


def _unless_zero(left: CoreExpression, right: CoreExpression, operator: str) -> CoreExpression:
    test = _compared(right, operator, constant(0))
    return core.If(SPAN, NUMBER, test, core.Quotient(SPAN, NUMBER, left, right), left)


_QUOTIENTS: Final = st.one_of(
    st.builds(_over, _ONE, _ONE, st.sampled_from((1, 2, -1))),
    st.builds(_unless_zero, _ONE, _ONE, st.sampled_from(("!=", ">", "<"))),
)
_MARGINAL: Final = _by_amount("g", expressions(1))
_SIDES: Final = st.one_of(
    _QUOTIENTS,
    _MARGINAL,
    expressions(2).number,
    st.builds(lambda *parts: core.Sum(SPAN, NUMBER, parts), _QUOTIENTS, _QUOTIENTS),
    st.builds(lambda *parts: core.Product(SPAN, NUMBER, *parts), _QUOTIENTS, _QUOTIENTS),
    st.builds(lambda one, other: _over(one, other, 1), _QUOTIENTS, _QUOTIENTS),
    st.builds(lambda part: core.Scale(SPAN, NUMBER, Fraction(-2, 3), part), _QUOTIENTS),
)
COMPARISONS: Final = st.builds(_compared, _SIDES, st.sampled_from(OPERATORS), _SIDES)


@st.composite
def few_rules(draw: st.DrawFn) -> Rules:
    """A term of the household and one of an item, often quotients; those that are true or not are facts."""
    left, right = (draw(expressions(1, terms=False).number) for _ in range(2))
    numbers = st.builds(_over, st.just(left), st.just(right), st.sampled_from((1, -1)))
    cores: dict[tuple[str, str], CoreExpression] = {
        ("", "number"): draw(st.one_of(numbers, st.just(left))),
        ("", "truth"): core.Fact(SPAN, TRUTH, "", "p"),
        ("items", "inumber"): draw(st.one_of(numbers, st.just(core.Fact(SPAN, NUMBER, "items", "in")))),
        ("items", "itruth"): core.Fact(SPAN, TRUTH, "items", "ip"),
    }
    return Rules({key: CheckedTerm(_declared(*key), made) for key, made in cores.items()}, {}, {}, {}, {}, {})


def _declared(collection: str, id: str) -> Term:
    return Term(id, "", "", "", ORIGIN, collection, ast.TruthLiteral(SPAN, False))


@given(
    node=st.booleans().flatmap(lambda any_tree: trees() if any_tree else COMPARISONS),
    terms=few_rules(),
    state=known(share=0),
)
def test_known_facts_give_the_same_truth(node: CoreExpression, terms: Rules, state: Known) -> None:
    program = program_of(terms)
    clearing = Clearing(program, PARAMETERS)
    frame = state.frame(program)
    placed = linked(node, program)
    assert evaluate(clearing.lowered(placed), frame) == evaluate(placed, frame)
    for step in program.authored:
        for item in frame.every(step.collection):
            assert evaluate(clearing.lowered(step.core), item) == item.row[step.slot]
    for one in clearing.comparisons(placed):
        event(f"cleared {one.found.sharp}" if isinstance(one.found, Cleared) else one.found.reason)


@given(node=st.one_of(trees(), COMPARISONS), terms=few_rules(), state=known())
def test_with_sharp_comparisons_only_nothing_changes(node: CoreExpression, terms: Rules, state: Known) -> None:
    program = program_of(terms)
    clearing, frame = Clearing(program, PARAMETERS), state.frame(program)
    placed = linked(node, program)
    assert evaluate(clearing.lowered(placed, sharp=True), frame) == evaluate(placed, frame)


@given(node=COMPARISONS, terms=few_rules(), state=known())
@settings(max_examples=50)
def test_unknown_facts_are_never_contradicted(node: core.Compare, terms: Rules, state: Known) -> None:
    program = program_of(terms)
    found = next(Clearing(program, PARAMETERS).comparisons(linked(node, program))).found
    assume(isinstance(found, Cleared))
    assert isinstance(found, Cleared)
    frame = state.frame(program)
    told = evaluate(linked(node, program), frame)
    cleared = evaluate(replace(node, left=found.left, right=found.right), frame)
    event(f"sharp {found.sharp}, {told} {cleared}")
    if found.sharp or UNKNOWN not in (cleared, told):
        assert cleared == told


@given(data=st.data(), node=COMPARISONS, terms=few_rules(), before=known())
@settings(max_examples=30)
def test_what_is_known_stays_so_in_every_completion(
    data: st.DataObject, node: core.Compare, terms: Rules, before: Known
) -> None:
    program = program_of(terms)
    lowered = Clearing(program, PARAMETERS).lowered(linked(node, program))
    first = evaluate(lowered, before.frame(program))
    assume(first is not UNKNOWN)
    assert evaluate(lowered, data.draw(completed(before)).frame(program)) == first


@given(
    left=st.sampled_from(("n", "m", "w")),
    right=st.sampled_from(("n", "m", "w")),
    limit=st.one_of(expressions(0).number, st.builds(_lookup, expressions(0).choice)),
    operator=st.sampled_from(OPERATORS),
    factor=st.sampled_from((12, -1, Fraction(1, 3))),
    low=st.sampled_from((1, -1)),
    terms=few_rules(),
    state=known(),
)
@settings(max_examples=30)
def test_one_quotient_against_a_limit_is_sharp(
    left: str,
    right: str,
    limit: CoreExpression,
    operator: str,
    factor: int | Fraction,
    low: int,
    terms: Rules,
    state: Known,
) -> None:
    one, other = (core.Fact(SPAN, NUMBER, "", id) for id in (left, right))
    node = _compared(core.Scale(SPAN, NUMBER, factor, _over(one, other, low)), operator, limit)
    program = program_of(terms)
    assume(core.TermValue(SPAN, NUMBER, "", "number") != limit)  # it may be a quotient too
    placed = linked(node, program)
    found = next(Clearing(program, PARAMETERS).comparisons(placed)).found
    assert isinstance(found, Cleared)
    assert found.sharp
    frame = state.frame(program)
    assert evaluate(replace(node, left=found.left, right=found.right), frame) == evaluate(placed, frame)


# ---- whole numbers within their bounds


class _Watching(Interpreter):
    """What every number comes to that is no leaf of a cleared side."""

    def __init__(self) -> None:
        self.seen: list[tuple[CoreExpression, Value]] = []

    def evaluate(self, node: CoreExpression, env: object) -> Value:
        value = super().evaluate(node, env)  # type: ignore[arg-type]  # a frame
        self.seen.append((node, value))
        return value


def _sides_within(found: Cleared, frame: Frame, *, whole: bool) -> None:
    inside = set()
    waiting = [found.left, found.right]
    leaves = core.Fact | core.TermValue | core.Lookup | core.HowMany
    while waiting:
        node = waiting.pop()
        assert not isinstance(node, core.Quotient)
        inside.add(id(node))
        if isinstance(node, core.If):
            waiting.extend((node.then, node.otherwise))
        elif isinstance(node, core.Aggregate):
            waiting.extend(part for part in (node.body, node.otherwise) if part is not None)
        elif isinstance(node, core.Scale) and isinstance(node.operand, core.Lookup):
            pass  # counted in the steps in which it moves, which the scale makes whole
        elif not isinstance(node, leaves | core.Between | core.DatePart):
            waiting.extend(core.operands(node))
    watching = _Watching()
    watching.evaluate(found.left, frame)
    watching.evaluate(found.right, frame)
    for node, value in watching.seen:
        if id(node) not in inside:
            continue
        if whole and not isinstance(node, core.TermValue):
            assert type(value) is int, (node, value)
        if found.magnitude is not None:
            ends = (value.low, value.high) if isinstance(value, Interval) else (value, value)
            assert all(end is not None and abs(end) <= found.magnitude for end in ends), (node, value)  # type: ignore[arg-type, operator]  # numbers


def _floored(facts: Facts) -> dict[str, Value]:
    return {
        id: value.numerator // value.denominator if type(value) is Fraction else value for id, value in facts.items()
    }


@given(node=COMPARISONS, terms=few_rules(), state=known(share=0))
@settings(max_examples=30)
def test_every_number_of_known_facts_is_whole_and_within_its_bound(
    node: core.Compare, terms: Rules, state: Known
) -> None:
    assert isinstance(state.items, tuple)
    items = tuple(_floored(item) for item in state.items)
    _all_within(replace(state, facts=_floored(state.facts), items=items), node, program_of(terms), whole=True)


@given(node=COMPARISONS, terms=few_rules(), state=known())
@settings(max_examples=30)
def test_every_interval_is_within_its_bound(node: core.Compare, terms: Rules, state: Known) -> None:
    _all_within(state, node, program_of(terms), whole=False)


def _all_within(state: Known, node: core.Compare, program: Program, *, whole: bool) -> None:
    clearing = Clearing(program, PARAMETERS)
    frame = state.frame(program)
    for one in clearing.comparisons(linked(node, program)):
        if isinstance(one.found, Cleared) and not _of_item(one.node):
            _sides_within(one.found, frame, whole=whole)


def _of_item(node: core.Compare) -> bool:
    return any(isinstance(inner, core.Fact | core.TermValue) and inner.collection for inner in core_walk(node))
