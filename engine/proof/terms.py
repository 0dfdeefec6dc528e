"""Whole numbers and truths of the solver, worked out as far as they are known.

In: ints, bools and terms of z3.  Out: likewise. What rests on constants alone never reaches the solver, and a product
of something that is one of several constants by a term stays linear. Imports z3.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import reduce
from operator import eq, ge, gt, le, lt, ne
from typing import Any, Final, TypeAlias

import z3

from engine.language.ast import CompareOperator

Int: TypeAlias = "int | z3.ArithRef"
Bit: TypeAlias = "bool | z3.BoolRef"

_COMPARED: Final[dict[CompareOperator, Callable[[Any, Any], Any]]] = {
    "<": lt,
    "<=": le,
    ">": gt,
    ">=": ge,
    "=": eq,
    "!=": ne,
}


def same(one: Any, other: Any) -> bool:
    """Whether both are one and the same term."""
    if isinstance(one, z3.ExprRef) and isinstance(other, z3.ExprRef):
        return one.eq(other)
    return not isinstance(one, z3.ExprRef) and not isinstance(other, z3.ExprRef) and one == other


# ---- truths


def no(bit: Bit) -> Bit:
    if isinstance(bit, bool):
        return not bit
    return bit.arg(0) if z3.is_not(bit) else z3.Not(bit)


def both(bits: Iterable[Bit]) -> Bit:
    return _joined(bits, settling=False)


def either(bits: Iterable[Bit]) -> Bit:
    return _joined(bits, settling=True)


def _joined(bits: Iterable[Bit], *, settling: bool) -> Bit:
    open_: dict[int, z3.BoolRef] = {}
    for bit in bits:
        if not isinstance(bit, bool):
            open_.setdefault(bit.get_id(), bit)
        elif bit is settling:
            return settling
    found = list(open_.values())
    if len(found) < 2:
        return found[0] if found else not settling
    return z3.Or(*found) if settling else z3.And(*found)


def alike(one: Bit, other: Bit) -> Bit:
    """Whether both are true, or neither is."""
    for bit, held in ((one, other), (other, one)):
        if isinstance(bit, bool):
            return held if bit else no(held)
    return True if same(one, other) else one == other


def pick_bit(test: Bit, then: Bit, otherwise: Bit) -> Bit:
    if isinstance(test, bool):
        return then if test else otherwise
    if same(then, otherwise):
        return then
    if isinstance(then, bool):
        return either((test, otherwise)) if then else both((no(test), otherwise))
    if isinstance(otherwise, bool):
        return either((no(test), then)) if otherwise else both((test, then))
    return z3.If(test, then, otherwise)


# ---- numbers


def compare(operator: CompareOperator, one: Int, other: Int) -> Bit:
    if same(one, other):
        return operator in ("=", "<=", ">=")
    found: Bit = _COMPARED[operator](one, other)
    return found


def pick(test: Bit, then: Int, otherwise: Int) -> Int:
    if isinstance(test, bool):
        return then if test else otherwise
    return then if same(then, otherwise) else z3.If(test, then, otherwise)


def add(numbers: Iterable[Int]) -> Int:
    whole, open_ = 0, []
    for number in numbers:
        if isinstance(number, int):
            whole += number
        else:
            open_.append(number)
    if not open_:
        return whole
    parts = [*open_, z3.IntVal(whole)] if whole else open_
    return parts[0] if len(parts) == 1 else z3.Sum(parts)


def subtract(one: Int, other: Int) -> Int:
    return 0 if same(one, other) else add((one, multiply(-1, other)))


def multiply(one: Int, other: Int) -> Int:
    for factor, held in ((one, other), (other, one)):
        if isinstance(factor, int):
            if isinstance(held, int):
                return factor * held
            return 0 if factor == 0 else held if factor == 1 else factor * held
    for factor, held in ((one, other), (other, one)):
        if _is_picked(factor):  # one of several constants: linear still
            return _each(factor, held)
    return one * other  # type: ignore[return-value]


def _is_picked(number: Any) -> bool:
    """Whether it is one of several constants."""
    waiting, seen = [number], 0
    while waiting:
        node = waiting.pop()
        seen += 1
        if z3.is_app_of(node, z3.Z3_OP_ITE):
            waiting.extend((node.arg(1), node.arg(2)))
        elif not z3.is_int_value(node):
            return False
    return seen < _MOST_PICKED


_MOST_PICKED: Final = 200


def _each(picked: Any, number: Int) -> Int:
    if z3.is_int_value(picked):
        return multiply(picked.as_long(), number)
    return pick(picked.arg(0), _each(picked.arg(1), number), _each(picked.arg(2), number))


def divide(number: Int, by: int) -> Int:
    """Rounded down; by a positive constant."""
    if by == 1:
        return number
    return number // by if isinstance(number, int) else number / z3.IntVal(by)


def remainder(number: Int, by: int) -> Int:
    return number % by


def negative(number: Int) -> Int:
    return multiply(-1, number)


def greatest(numbers: Sequence[Int]) -> Int:
    return reduce(lambda one, other: pick(compare(">=", one, other), one, other), numbers)


def least(numbers: Sequence[Int]) -> Int:
    return reduce(lambda one, other: pick(compare("<=", one, other), one, other), numbers)


def counted(bit: Bit) -> Int:
    return pick(bit, 1, 0)
