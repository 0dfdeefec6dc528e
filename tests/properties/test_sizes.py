"""No household makes a number longer than its expression is known to allow: over random trees, and at the far ends."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction

from hypothesis import example, given, settings
from hypothesis import strategies as st

from engine.language import core
from engine.language.bounds import Bounds
from engine.language.core import CoreExpression
from engine.language.interpreter import Environment, Interpreter
from engine.language.scope import CollectionEntry, Entry, FactEntry, ParameterEntry, Scope, TermEntry
from engine.language.sizes import MOST_DIGITS, Size, TooLong, size_of
from engine.language.types import Quantity
from engine.language.values import UNKNOWN, Interval, Value, ends
from engine.policy.checked import Rules
from tests.properties.cores import (
    DATES,
    LEAST_ITEMS,
    NUMBER,
    NUMBERS,
    SPAN,
    UNKNOWN_FACTS,
    UNKNOWN_ITEM,
    Facts,
    Known,
    constant,
    known,
    linked,
    program_of,
    rules,
    trees,
)

TREES = trees()


def quotients(depth: int = 3, *, item: bool = False) -> st.SearchStrategy[CoreExpression]:
    """Numbers made of quotients above all, since denominators are what grows; few divisors, so that they meet again."""
    leaves: list[CoreExpression] = [core.Fact(SPAN, NUMBER, "", id) for id in ("n", "m")]
    leaves += [core.Fact(SPAN, NUMBER, "items", "in")] * (2 if item else 0)
    if depth == 0:
        return st.sampled_from(leaves)
    inner = quotients(depth - 1, item=item)
    divisors = st.sampled_from(leaves).map(lambda fact: core.Greatest(SPAN, NUMBER, (constant(1), fact)))
    over = st.builds(core.Quotient, st.just(SPAN), st.just(NUMBER), inner, divisors)
    pairs = st.tuples(inner, inner)
    kinds: list[st.SearchStrategy[core.CoreExpression]] = [
        over,
        over,
        st.builds(core.Sum, st.just(SPAN), st.just(NUMBER), pairs),
        st.builds(core.Least, st.just(SPAN), st.just(NUMBER), pairs),
        st.builds(core.Product, st.just(SPAN), st.just(NUMBER), inner, inner),
    ]
    if not item:
        of_item = quotients(min(depth, 2), item=True)
        kinds += [
            st.builds(core.Aggregate, *map(st.just, (SPAN, NUMBER, "sum", "items")), of_item, *[st.none()] * 2),
            st.builds(core.Aggregate, *map(st.just, (SPAN, NUMBER, "max", "items")), of_item, *[st.none()] * 2),
        ]
    return st.one_of(*kinds)


@st.composite
def numbers(draw: st.DrawFn, far: int) -> Known:
    """A household of whole numbers, some unknown; up to the bounds, and with few factors in common."""

    def one(extent: Value) -> Value:
        low, high = _ends(extent, far)
        return draw(st.one_of(st.integers(low, high), st.just(Interval(low, high))))  # type: ignore[arg-type]  # numbers

    items = tuple({**UNKNOWN_ITEM, "in": one(UNKNOWN_ITEM["in"])} for _ in range(3))
    return Known({**UNKNOWN_FACTS, "n": one(NUMBERS["n"]), "m": one(NUMBERS["m"])}, items, {}, True)


FAR = 10**12
"""facts are drawn from their two ends and, stretched to this, beyond any that a household may have"""


def scope_of(terms: Rules, far: int) -> Scope | None:
    """The world of `cores` as declared, its numbers `far` times as wide; None where a term is too long itself."""
    fields: dict[str, FactEntry | TermEntry] = {
        id: FactEntry(id, "", SPAN, "items", NUMBER, *_ends(value, far)) for id, value in UNKNOWN_ITEM.items()
    }
    names: dict[str, Entry] = {
        **{id: FactEntry(id, "", SPAN, "", NUMBER, *_ends(value, far)) for id, value in NUMBERS.items()},
        **{id: FactEntry(id, "", SPAN, "", NUMBER, *_ends(value, 1)) for id, value in DATES.items()},
        "v": ParameterEntry("v", "", SPAN, NUMBER, ("c", "w"), (), 0, 9),
        "s": ParameterEntry("s", "", SPAN, NUMBER, ("c", "n"), (), -9, 9),
        "g": ParameterEntry("g", "", SPAN, NUMBER, ("c", "n"), (), -9, 9, "", marginal=True),
        "u": ParameterEntry("u", "", SPAN, NUMBER, ("w", "n"), (), -9, 9),
        "items": CollectionEntry("items", "", SPAN, "个", LEAST_ITEMS, fields),
    }
    scope = Scope(names)
    for (collection, id), term in terms.terms.items():
        known_ = Bounds(scope)
        size = size_of(term.core, known_)
        if isinstance(size, TooLong):
            return None
        low, high = ends(known_.value(term.core)) if isinstance(term.core.type, Quantity) else (None, None)
        entry = TermEntry(id, "", SPAN, collection, term.core.type, low, high, "", size)
        (fields if collection else names)[id] = entry
    return scope


def _ends(value: Value, far: int) -> tuple[object, object]:
    if not isinstance(value, Interval):
        return None, None
    low, high = ends(value)
    return (low * far, high * far) if isinstance(low, int) and isinstance(high, int) else (low, high)


def stretched(state: Known, far: int) -> Known:
    """The household with whole numbers for facts, `far` times as large; what is unknown is so within wider bounds."""

    def moved(facts: Facts, extents: Mapping[str, Value]) -> dict[str, Value]:
        return {id: _moved(value, far) if id in extents and id != "w" else value for id, value in facts.items()}

    items = state.items if state.items is UNKNOWN else tuple(moved(item, UNKNOWN_ITEM) for item in state.items)
    return replace(state, facts=moved(state.facts, NUMBERS), items=items)


def _moved(value: Value, far: int) -> Value:
    if isinstance(value, Interval):
        return Interval(*_ends(value, far))  # type: ignore[arg-type]  # numbers
    # every second one lies one beside, so that numbers have few divisors in common
    return (
        int(value) * far - (value > 0 and int(value) % 2)
        if isinstance(value, int | Fraction) and value is not True
        else value
    )


NO_RULES = Rules({}, {}, {}, {}, {}, {})


class Watching(Interpreter):
    """Holds every value that is worked out against the size of its node."""

    def __init__(self, bounds: Bounds) -> None:
        self._bounds = bounds
        self._sizes: dict[int, Size | TooLong] = {}
        self.wrong: list[str] = []

    def evaluate(self, node: CoreExpression, env: Environment) -> Value:
        value = super().evaluate(node, env)
        if isinstance(node.type, Quantity):
            size = self._sizes.get(id(node)) or size_of(node, self._bounds)
            self._sizes[id(node)] = size
            assert isinstance(size, Size), "the whole expression was found short"
            for end in ends(value):
                if isinstance(end, int | Fraction):
                    exact = Fraction(end)
                    if abs(exact.numerator) > size.above or exact.denominator > size.below:
                        self.wrong.append(f"{exact} of {node} passes {size}")
        return value


def held(node: CoreExpression, terms: Rules, state: Known, far: int) -> None:
    """What is found short is so, at every node."""
    scope = scope_of(terms, far)
    if scope is None:
        return
    bounds = Bounds(scope)
    size = size_of(node, bounds)
    if isinstance(size, TooLong):
        return
    assert len(str(size.above)) <= MOST_DIGITS
    assert len(str(size.below)) <= MOST_DIGITS
    program, watching = program_of(terms), Watching(bounds)
    frame = state.frame(program)
    for step in program.authored:
        for item in frame.every(step.collection):
            watching.evaluate(step.core, item)
    watching.evaluate(linked(node, program), frame)
    assert not watching.wrong, watching.wrong[0]


N = core.Fact(SPAN, NUMBER, "", "n")
TO_AN_UNKNOWN_STEP = core.Rounded(SPAN, NUMBER, "round", N, core.Greatest(SPAN, NUMBER, (constant(1), N)))
"""an end of it lies half of the greatest step away from an end of the operand, which is no multiple of any step"""
NOTHING_KNOWN = Known(UNKNOWN_FACTS, UNKNOWN, {}, True)


@example(TO_AN_UNKNOWN_STEP, NO_RULES, NOTHING_KNOWN, 1)
@given(node=TREES, terms=rules(), state=known(), far=st.sampled_from((1, 1000, FAR)))
def test_no_number_of_any_kind_of_node_is_longer(node: CoreExpression, terms: Rules, state: Known, far: int) -> None:
    held(node, terms, stretched(state, far), far)


@settings(max_examples=400)
@given(node=quotients(), far=st.sampled_from((1, 10, FAR)), data=st.data())
def test_no_denominator_is_longer(node: CoreExpression, far: int, data: st.DataObject) -> None:
    held(node, NO_RULES, data.draw(numbers(far)), far)
