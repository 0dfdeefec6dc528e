"""Proof that a divisor is not zero: from declared bounds, or from what an enclosing `if` asked.

In: core expressions.  Out: the comparisons that hold in a branch; whether they keep a divisor from zero.
Imports core and bounds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Final, Literal, TypeAlias

from engine.language import core, values
from engine.language.ast import CompareOperator
from engine.language.bounds import excludes_zero
from engine.language.core import CoreExpression
from engine.language.values import Number, Value

BoundsOf: TypeAlias = Callable[[CoreExpression], Value]
"""what an expression can be, by what is declared"""

COMPLEMENT: Final[dict[CompareOperator, CompareOperator]] = {
    "<": ">=",
    "<=": ">",
    "=": "!=",
    "!=": "=",
    ">=": "<",
    ">": "<=",
}
MIRROR: Final[dict[CompareOperator, CompareOperator]] = {
    "<": ">",
    "<=": ">=",
    "=": "=",
    "!=": "!=",
    ">=": "<=",
    ">": "<",
}


def holding(test: CoreExpression) -> tuple[core.Compare, ...]:
    """The comparisons that hold where the test does."""
    match test:
        case core.Compare():
            return (test,)
        case core.And(operands=operands):
            return tuple(each for operand in operands for each in holding(operand))
        case core.Not(operand=operand):
            return failing(operand)
    return ()


def failing(test: CoreExpression) -> tuple[core.Compare, ...]:
    """The comparisons that hold where the test does not."""
    match test:
        case core.Compare():
            return (replace(test, operator=COMPLEMENT[test.operator]),)
        case core.Or(operands=operands):
            return tuple(each for operand in operands for each in failing(operand))
        case core.Not(operand=operand):
            return holding(operand)
    return ()


def never_zero(divisor: CoreExpression, guards: tuple[core.Compare, ...], known: BoundsOf) -> bool:
    """Whether the divisor cannot be zero where the guards hold."""
    if excludes_zero(known(divisor)):
        return True
    if isinstance(divisor, core.Scale):
        return divisor.factor != 0 and never_zero(divisor.operand, guards, known)
    if isinstance(divisor, (core.Product, core.Quotient)):
        return never_zero(divisor.left, guards, known) and (
            isinstance(divisor, core.Quotient) or never_zero(divisor.right, guards, known)
        )
    return any(_excludes(divisor, *told, known) for told in _both_ways(guards))


def _both_ways(
    guards: tuple[core.Compare, ...],
) -> Iterator[tuple[CompareOperator, CoreExpression, CoreExpression]]:
    """What each guard says of its left side, and of its right one."""
    for guard in guards:
        yield guard.operator, guard.left, guard.right
        yield MIRROR[guard.operator], guard.right, guard.left


def _excludes(
    divisor: CoreExpression, operator: CompareOperator, side: CoreExpression, limit: CoreExpression, known: BoundsOf
) -> bool:
    """Whether `side operator limit` keeps the divisor, which must be the side up to a factor, from zero."""
    sign: Number = 1
    while isinstance(side, core.Scale):
        sign *= side.factor
        side = side.operand
    if side != divisor or sign == 0:
        return False
    # the side is the divisor times a factor: it is zero exactly where the divisor is
    return values.compare(operator, 0, known(limit)) is False


def sign(divisor: CoreExpression, guards: tuple[core.Compare, ...], known: BoundsOf) -> Literal[-1, 0, 1]:
    """On which side of zero an expression is wherever the guards hold; 0 where that is not proved."""
    if excludes_zero(value := known(divisor)):
        return 1 if values.compare(">", value, 0) is True else -1
    match divisor:
        case core.Scale(factor=factor, operand=operand):
            return _multiplied(1 if factor > 0 else -1 if factor else 0, sign(operand, guards, known))
        case core.Product(left=left, right=right) | core.Quotient(left=left, right=right):
            return _multiplied(sign(left, guards, known), sign(right, guards, known))
    for operator, side, limit in _both_ways(guards):
        if operator != "!=" and _excludes(divisor, operator, side, limit, known):
            # an unequal sign says no side; of `=` it is that of the limit
            above = operator in (">", ">=") or (operator == "=" and sign(limit, (), known) > 0)
            return _multiplied(1 if above else -1, _turn(side))
    return 0


def _turn(side: CoreExpression) -> Literal[-1, 1]:
    """The sign of the factors around what a guard compares."""
    turn: Literal[-1, 1] = 1
    while isinstance(side, core.Scale):
        if side.factor < 0:
            turn = -1 if turn == 1 else 1
        side = side.operand
    return turn


def _multiplied(one: Literal[-1, 0, 1], other: Literal[-1, 0, 1]) -> Literal[-1, 0, 1]:
    return 0 if not one or not other else 1 if one == other else -1
