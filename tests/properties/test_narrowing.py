"""What tests say of unknown facts: no more than every completion bears out, and never less than was said without it.

Programs are drawn by `random`, not by hypothesis, which would take longer to draw one than all that is asked of it: few
slots, and tests that ask of just these, so that what is read in a branch was often asked of.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from typing import Any, Final, cast

import pytest

from engine.language import ast, core
from engine.language.core import CoreExpression, plain
from engine.language.interpreter import evaluate
from engine.language.references import core_walk
from engine.language.types import DATE, TRUTH
from engine.language.values import UNKNOWN, Interval, Value, ends, is_known
from engine.policy.checked import CheckedTerm, Rules
from engine.policy.model import Term
from engine.program.bounds import Bounds
from engine.program.invariants import invariants
from tests.properties.cores import (
    CHOICE,
    NUMBER,
    OPTIONS,
    ORIGIN,
    SPAN,
    UNKNOWN_FACTS,
    UNKNOWN_ITEM,
    Facts,
    Known,
    _lookup,
    constant,
    linked,
    plainly,
    program_of,
)
from tests.properties.test_evaluation import within

CHUNKS: Final = 4
PROGRAMS: Final = 150
HOUSEHOLDS: Final = 4
OPERATORS: Final[tuple[ast.CompareOperator, ...]] = ("<", "<=", "<", "<=", ">", ">=", ">", ">=", "=", "!=")


class Draw:
    """Expressions in which much is asked of few slots."""

    def __init__(self, seed: str, *, terms: bool = True) -> None:
        self.rng = random.Random(seed)
        self._terms = terms

    def slot(self, *, item: bool) -> CoreExpression:
        found: list[CoreExpression] = [core.Fact(SPAN, NUMBER, "", id) for id in ("n", "n", "m", "w")]
        found.append(_lookup(core.Fact(SPAN, CHOICE, "", "c")))
        found += [core.TermValue(SPAN, NUMBER, "", "number")] * 2 * self._terms
        if item:
            found += [core.Fact(SPAN, NUMBER, "items", "in")] * 5
            found += [core.TermValue(SPAN, NUMBER, "items", "inumber")] * 2 * self._terms
        return self.rng.choice(found)

    def over(self) -> CoreExpression:
        """What is never zero."""
        sign = self.rng.choice((1, 1, -1))
        kind = core.Greatest if sign > 0 else core.Least
        return kind(SPAN, NUMBER, (constant(sign), core.Fact(SPAN, NUMBER, "", "m")))

    def number(self, depth: int, *, item: bool = False) -> CoreExpression:
        rng = self.rng
        if depth <= 0:
            return self.slot(item=item) if rng.random() < 0.75 else constant(rng.choice((0, 1, 2, 3, Fraction(3, 2))))

        def inner() -> CoreExpression:
            return self.number(depth - 1, item=item)

        match rng.randrange(12):
            case 0 | 1:
                return self.slot(item=item)
            case 2 | 3:
                return core.Sum(SPAN, NUMBER, tuple(inner() for _ in range(rng.choice((2, 2, 3)))))
            case 4:
                return core.Scale(SPAN, NUMBER, rng.choice((-1, -1, 2, Fraction(1, 3))), inner())
            case 5:
                return core.Quotient(SPAN, NUMBER, inner(), self.over())
            case 6:
                return core.Product(
                    SPAN, NUMBER, inner(), rng.choice((self.over(), constant(-2), self.slot(item=item)))
                )
            case 7:
                return rng.choice((core.Least, core.Greatest))(SPAN, NUMBER, (inner(), inner()))
            case _:
                return core.If(SPAN, NUMBER, self.truth(depth - 1, item=item), inner(), inner())

    def truth(self, depth: int, *, item: bool = False) -> CoreExpression:
        rng = self.rng
        kind = rng.randrange(10) if depth > 0 else 0
        if kind < 4:
            if rng.random() < 0.12:
                day = core.Fact(SPAN, DATE, "", "t")
                moved = core.ShiftDate(SPAN, DATE, 1, "months", day, core.Fact(SPAN, NUMBER, "", "w"))
                last = core.Constant(SPAN, DATE, date(2020, 1, 20) + timedelta(rng.randrange(420)))
                sides: list[CoreExpression] = [rng.choice((day, day, moved)), last]
            else:
                sides = [self.number(rng.choice((0, 1, 1)), item=item), self.number(rng.choice((0, 0, 1)), item=item)]
            rng.shuffle(sides)
            return core.Compare(SPAN, TRUTH, rng.choice(OPERATORS), *sides)
        if kind == 4:
            return core.Not(SPAN, TRUTH, self.truth(depth - 1, item=item))
        if kind == 5 and self._terms:
            return core.TermValue(SPAN, TRUTH, "items", "itruth") if item else core.TermValue(SPAN, TRUTH, "", "truth")
        parts = tuple(self.truth(depth - 1, item=item) for _ in range(rng.choice((2, 2, 3))))
        return (core.And if kind < 9 else core.Or)(SPAN, TRUTH, parts)

    def aggregate(self) -> CoreExpression:
        rng = self.rng
        kinds: tuple[ast.AggregateKind, ...] = ("sum", "sum", "max", "min", "any", "every", "count")
        kind = rng.choice(kinds)
        truth = kind in ("any", "every")
        body = None if kind == "count" else self.truth(1, item=True) if truth else self.number(1, item=True)
        otherwise = self.number(1) if kind in ("max", "min") else None
        return core.Aggregate(
            SPAN, TRUTH if truth else NUMBER, kind, "items", body, self.truth(2, item=True), otherwise
        )

    def tree(self) -> CoreExpression:
        match self.rng.randrange(4):
            case 0:
                return self.truth(3)
            case 1:
                return self.aggregate()
            case 2:
                return core.If(SPAN, NUMBER, self.truth(2), self.number(2), self.aggregate_number())
            case _:
                return core.If(SPAN, NUMBER, self.truth(2), self.number(2), self.number(2))

    def aggregate_number(self) -> CoreExpression:
        return core.Aggregate(SPAN, NUMBER, "sum", "items", self.number(1, item=True), self.truth(1, item=True), None)


def rules_of(seed: str) -> Rules:
    """Terms of the household, half of them other names of a fact, and of an item."""
    draw = Draw(f"{seed}/rules", terms=False)
    cores: dict[tuple[str, str], CoreExpression] = {
        ("", "number"): draw.number(draw.rng.choice((0, 0, 1, 2))),
        ("", "truth"): draw.truth(2),
        ("items", "inumber"): draw.number(draw.rng.choice((0, 1, 2)), item=True),
        ("items", "itruth"): draw.truth(2, item=True),
    }
    terms = {
        key: CheckedTerm(Term(key[1], "", "", "", ORIGIN, key[0], ast.TruthLiteral(SPAN, False)), made)
        for key, made in cores.items()
    }
    return Rules(terms, {}, {}, {}, {}, {})


# ---- households


def point(rng: random.Random, value: Value, id: str) -> Value:
    if isinstance(value, Interval):
        low, high = cast("Any", ends(value))
        if isinstance(low, date):
            return low + timedelta(rng.randrange((high - low).days + 1))
        return rng.choice((low, high, rng.randint(low, high)))
    return rng.choice(OPTIONS) if id in ("c", "d", "ic") else rng.random() < 0.5


def facts_of(rng: random.Random, unknown: Facts, share: float) -> dict[str, Value]:
    return {id: value if rng.random() < share else point(rng, value, id) for id, value in unknown.items()}


def some(rng: random.Random, share: float) -> Known:
    items = tuple(facts_of(rng, UNKNOWN_ITEM, share) for _ in range(rng.choice((1, 2))))
    values = {(o, w): rng.randint(0, 9) for o in OPTIONS for w in range(5) if rng.random() >= share / 3}
    return Known(facts_of(rng, UNKNOWN_FACTS, share), UNKNOWN if rng.random() < share / 5 else items, values, True)


def completed(rng: random.Random, state: Known, share: float = 1) -> Known:
    """With this share of what is unknown told."""

    def told(facts: Mapping[str, Value]) -> dict[str, Value]:
        open_ = {id for id, value in facts.items() if not is_known(value) and rng.random() < share}
        return {id: point(rng, value, id) if id in open_ else value for id, value in facts.items()}

    items = state.items
    if items is UNKNOWN and rng.random() < share:
        items = tuple(facts_of(rng, UNKNOWN_ITEM, 1 - share) for _ in range(rng.choice((1, 2))))
    elif items is not UNKNOWN:
        items = tuple(told(item) for item in items)
    more = {(o, w): rng.randint(0, 9) for o in OPTIONS for w in range(5) if rng.random() < share}
    return replace(state, facts=told(state.facts), items=items, values={**more, **state.values})


# ---- laws


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_between_what_was_said_and_what_is(chunk: int) -> None:
    sharper = 0
    for number in range(PROGRAMS):
        sharper += _of_a_program(f"{chunk}/{number}")
    assert sharper > PROGRAMS / 6, "the programs ask of what they read"


def _of_a_program(seed: str) -> int:
    """In how many households it says more than without what narrows it."""
    program, node = program_of(rules_of(seed)), Draw(seed).tree()
    before, placed = plainly(program), linked(node, program)
    assert invariants(program) == ()
    assert [plain(step.core) for step in program.every] == [step.core for step in before.every]
    bare, bounds, rng, sharper = plain(placed), Bounds(program), random.Random(seed), 0
    for number in range(HOUSEHOLDS):
        state = some(rng, (0, 0.3, 0.6, 0.9)[number])
        said, told = evaluate(bare, state.frame(before)), evaluate(placed, state.frame(program))
        partly = completed(rng, state, 0.5)
        more = evaluate(placed, partly.frame(program))
        whole = completed(rng, partly)
        is_, was = evaluate(placed, whole.frame(program)), evaluate(bare, whole.frame(before))
        note = f"{seed}: {said} {told} {more} {is_}\n{state}\n{partly}\n{whole}"
        assert within(told, said), f"no less than without it: {note}"
        assert within(more, told), f"what is told only narrows: {note}"
        assert within(is_, more), f"every completion is in it: {note}"
        assert is_ == was, note
        assert is_known(is_), note
        assert number or told == said, note
        assert bounds.of(placed) is UNKNOWN or within(told, bounds.of(placed)), note
        sharper += told != said
    return sharper


def test_both_nodes_come_up() -> None:
    seen = {
        type(node)
        for number in range(60)
        for node in core_walk(linked(Draw(f"0/{number}").tree(), program_of(rules_of(f"0/{number}"))))
    }
    assert {core.Within, core.Sharper} <= seen
