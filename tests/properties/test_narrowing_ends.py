"""How far what tests tell goes, by what the households at the ends of their possibilities come to.

`if test then A else B`, where the test compares one unknown number, in sums, factors and divisors, with what is known,
and A and B read each unknown number once: worth just what these households bear out. Of two unknown numbers that are
compared with each other and read together it can be worth more: in how many of the drawn ones, is counted.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from itertools import product
from typing import Any, Final, cast

from engine.language import ast, core
from engine.language.core import CoreExpression, plain
from engine.language.guards import COMPLEMENT
from engine.language.interpreter import evaluate
from engine.language.types import TRUTH
from engine.language.values import UNKNOWN, Value, compare, ends, interval
from engine.policy.checked import Rules
from tests.properties.cores import NUMBER, NUMBERS, SPAN, UNKNOWN_FACTS, Known, constant, linked, plainly, program_of
from tests.properties.test_evaluation import within

DRAWN: Final = 600
WIDER: Final = 119
"""of what reads two unknown numbers that are compared with each other, of how much more is left open than need be"""
OPERATORS: Final[tuple[ast.CompareOperator, ...]] = ("<", "<=", ">", ">=", "=", "!=")
CLOSED: Final[Mapping[ast.CompareOperator, tuple[ast.CompareOperator, ...]]] = {
    "<": ("<", "="),
    ">": (">", "="),
    "!=": ("!=", "="),
}
"""what a comparison lets, and the end of it"""
PROGRAM: Final = program_of(Rules({}, {}, {}, {}, {}, {}))
BEFORE: Final = plainly(PROGRAM)
Point = Mapping[str, Value]


def fact(id: str) -> CoreExpression:
    return core.Fact(SPAN, NUMBER, "", id)


def changed(rng: random.Random, node: CoreExpression) -> CoreExpression:
    """A number, added to, times or by something that is known and not zero: in a straight line with it."""
    over = core.Greatest(SPAN, NUMBER, (constant(rng.choice((1, 2))), fact("w")))
    match rng.randrange(6):
        case 0:
            return core.Scale(SPAN, NUMBER, rng.choice((-1, 2, Fraction(-1, 3))), node)
        case 1:
            return core.Sum(SPAN, NUMBER, (node, rng.choice((fact("w"), constant(rng.randint(-3, 3))))))
        case 2:
            return core.Quotient(SPAN, NUMBER, node, over)
        case 3:
            return core.Product(SPAN, NUMBER, core.Scale(SPAN, NUMBER, -1, over), node)
    return node


def once(rng: random.Random, ids: tuple[str, ...], *, straight: bool) -> CoreExpression:
    """What reads each of these once."""
    parts = [changed(rng, fact(id)) for id in ids]
    kind = core.Sum if straight else rng.choice((core.Sum, core.Least, core.Greatest))
    return changed(rng, kind(SPAN, NUMBER, (*parts, constant(rng.randint(-3, 3)))))


def drawn(seed: str, *, two: bool) -> tuple[core.If, Known]:
    """With two, `n` is compared with `m`."""
    rng = random.Random(seed)
    side = changed(rng, changed(rng, fact("n")))
    other = changed(rng, fact("m")) if two else rng.choice((fact("w"), constant(rng.randint(-3, 6))))
    sides = [side, other]
    rng.shuffle(sides)
    test = core.Compare(SPAN, TRUTH, rng.choice(OPERATORS), *sides)
    reads = [("n", "m"), ("n", "m"), ("n",), ("m",)]
    then, otherwise = (once(rng, rng.choice(reads), straight=two) for _ in range(2))
    facts = {**dict.fromkeys(UNKNOWN_FACTS, UNKNOWN), **NUMBERS, "w": rng.randint(0, 4)}
    return core.If(SPAN, NUMBER, test, then, otherwise), Known(facts, (), {}, True)


def worth(node: CoreExpression, state: Known, point: Point) -> Any:
    return evaluate(node, replace(state, facts={**state.facts, **point}).frame(BEFORE))


def answers(made: core.If, state: Known) -> tuple[Value, Value, Value]:
    """What is said without what tests tell, what with it, and what the households at the ends bear out."""
    placed, frame = linked(made, PROGRAM), state.frame(PROGRAM)
    bare = cast("core.If", plain(placed))
    return evaluate(bare, frame), evaluate(placed, frame), at_the_ends(bare, state)


def at_the_ends(node: core.If, state: Known) -> Value:
    """The least and the greatest that the branches come to where the test lets them, its end counting as below."""
    test = cast("core.Compare", node.test)
    decided = worth(test, state, {})
    found = [
        worth(branch, state, point)
        for branch, operator, counts in (
            (node.then, test.operator, decided is not False),
            (node.otherwise, COMPLEMENT[test.operator], decided is not True),
        )
        for point in corners(test, state)
        if counts and any(compare(one, *sides_at(test, state, point)) for one in CLOSED.get(operator, (operator,)))
    ]
    return interval(min(found), max(found))


def sides_at(test: core.Compare, state: Known, point: Point) -> tuple[Any, Any]:
    return worth(test.left, state, point), worth(test.right, state, point)


def corners(test: core.Compare, state: Known) -> Iterator[Point]:
    """Those of what the two numbers can be, and where the sides are equal on the edges between them."""
    low_high = {id: cast("Any", ends(NUMBERS[id])) for id in ("n", "m")}
    for n, m in product(*low_high.values()):
        yield {"n": n, "m": m}
    for moved, kept in (("n", "m"), ("m", "n")):
        for end in low_high[kept]:
            at = [left - right for left, right in (sides_at(test, state, {moved: n, kept: end}) for n in (0, 1))]
            if at[0] != at[1]:
                root = Fraction(at[0]) / (at[0] - at[1])
                if low_high[moved][0] <= root <= low_high[moved][1]:
                    yield {moved: root, kept: end}


def test_just_what_households_bear_out_where_one_side_is_known() -> None:
    every = [answers(*drawn(f"one/{number}", two=False)) for number in range(DRAWN)]
    assert [number for number, (_, told, least) in enumerate(every) if told != least] == []
    assert sum(said != told for said, told, _ in every) > DRAWN / 10, "tests tell of what the branches read"


def test_how_often_more_is_left_open_where_both_sides_are_not_known() -> None:
    every = [answers(*drawn(f"two/{number}", two=True)) for number in range(DRAWN)]
    assert all(within(least, told) and within(told, said) for said, told, least in every)
    assert sum(told != least for _, told, least in every) == WIDER
