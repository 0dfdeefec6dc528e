"""Whole numbers and truths of the solver, worked out as far as they are known.

In: ints, bools and terms of z3.  Out: likewise. What rests on constants alone never reaches the solver, and a product
of something that is one of several constants by a term stays linear. Imports z3.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache, reduce
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

# Terms are made by the library's plain functions: its operators look at every operand three times over, which took
# longer than to solve what they made.
_CONTEXT: Final = z3.main_ctx()
_REF: Final = _CONTEXT.ref()
_MADE: Final[dict[CompareOperator, Callable[[Any, Any, Any], Any]]] = {
    "<": z3.Z3_mk_lt,
    "<=": z3.Z3_mk_le,
    ">": z3.Z3_mk_gt,
    ">=": z3.Z3_mk_ge,
    "=": z3.Z3_mk_eq,
}


@lru_cache(maxsize=4096)
def _whole(number: int) -> Any:
    return z3.IntVal(number, _CONTEXT)


def _ast(number: Int) -> Any:
    return (_whole(number) if isinstance(number, int) else number).as_ast()


def _several(make: Callable[[Any, int, Any], Any], parts: Sequence[Any]) -> Any:
    return make(_REF, len(parts), (z3.Ast * len(parts))(*parts))


def _bit(ast: Any) -> z3.BoolRef:
    return z3.BoolRef(ast, _CONTEXT)


def _int(ast: Any) -> z3.ArithRef:
    return z3.ArithRef(ast, _CONTEXT)


def same(one: Any, other: Any) -> bool:
    """Whether both are one and the same term."""
    if isinstance(one, z3.ExprRef) and isinstance(other, z3.ExprRef):
        return bool(one.eq(other))
    return not isinstance(one, z3.ExprRef) and not isinstance(other, z3.ExprRef) and one == other


# ---- truths


def no(bit: Bit) -> Bit:
    if isinstance(bit, bool):
        return not bit
    return bit.arg(0) if z3.is_not(bit) else _bit(z3.Z3_mk_not(_REF, bit.as_ast()))


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
    return _bit(_several(z3.Z3_mk_or if settling else z3.Z3_mk_and, [one.as_ast() for one in found]))


def alike(one: Bit, other: Bit) -> Bit:
    """Whether both are true, or neither is."""
    for bit, held in ((one, other), (other, one)):
        if isinstance(bit, bool):
            return held if bit else no(held)
    return True if same(one, other) else _bit(z3.Z3_mk_iff(_REF, _ast(one), _ast(other)))


def pick_bit(test: Bit, then: Bit, otherwise: Bit) -> Bit:
    if isinstance(test, bool):
        return then if test else otherwise
    if same(then, otherwise):
        return then
    if isinstance(then, bool):
        return either((test, otherwise)) if then else both((no(test), otherwise))
    if isinstance(otherwise, bool):
        return either((no(test), then)) if otherwise else both((test, then))
    return _bit(z3.Z3_mk_ite(_REF, test.as_ast(), _ast(then), _ast(otherwise)))


# ---- numbers


def compare(operator: CompareOperator, one: Int, other: Int) -> Bit:
    if same(one, other):
        return operator in ("=", "<=", ">=")
    if isinstance(one, int) and isinstance(other, int):
        return bool(_COMPARED[operator](one, other))
    if operator == "!=":
        return no(compare("=", one, other))
    return _bit(_MADE[operator](_REF, _ast(one), _ast(other)))


def pick(test: Bit, then: Int, otherwise: Int) -> Int:
    if isinstance(test, bool):
        return then if test else otherwise
    if same(then, otherwise):
        return then
    return _int(z3.Z3_mk_ite(_REF, test.as_ast(), _ast(then), _ast(otherwise)))


def add(numbers: Iterable[Int]) -> Int:
    whole, open_ = 0, []
    for number in numbers:
        if isinstance(number, int):
            whole += number
        else:
            open_.append(number)
    if not open_:
        return whole
    if len(open_) == 1 and not whole:
        return open_[0]
    return _int(_several(z3.Z3_mk_add, [_ast(one) for one in (*open_, *([whole] if whole else []))]))


def subtract(one: Int, other: Int) -> Int:
    return 0 if same(one, other) else add((one, multiply(-1, other)))


def multiply(one: Int, other: Int) -> Int:
    for factor, held in ((one, other), (other, one)):
        if isinstance(factor, int):
            if isinstance(held, int):
                return factor * held
            return 0 if factor == 0 else held if factor == 1 else _product(factor, held)
    for factor, held in ((one, other), (other, one)):
        if _is_picked(factor):  # linear still
            return _each(factor, held)
    return _product(one, other)


def _product(one: Int, other: Int) -> Int:
    return _int(_several(z3.Z3_mk_mul, [_ast(one), _ast(other)]))


def _is_picked(number: Any) -> bool:
    """Whether it is one of several constants, or a sum of such: a count of items, and the greater of that and one."""
    waiting, seen = [number], 0
    while waiting:
        node = waiting.pop()
        seen += 1
        if seen == _MOST_PICKED:
            return False
        if z3.is_app_of(node, z3.Z3_OP_ITE):
            waiting.extend((node.arg(1), node.arg(2)))
        elif z3.is_add(node):
            waiting.extend(node.children())
        elif not z3.is_int_value(node):
            return False
    return True


_MOST_PICKED: Final = 200


def _each(picked: Any, number: Int) -> Int:
    if z3.is_int_value(picked):
        return multiply(picked.as_long(), number)
    if z3.is_add(picked):
        return add(_each(part, number) for part in picked.children())
    return pick(picked.arg(0), _each(picked.arg(1), number), _each(picked.arg(2), number))


def constants(number: Any) -> frozenset[int] | None:
    """All that it may be, where that is one of a few constants, or a sum of such."""
    if not _is_picked(number):
        return None
    found = _constants(number)
    return found if len(found) <= _MOST_CONSTANTS else None


_MOST_CONSTANTS: Final = 20


def _constants(picked: Any) -> frozenset[int]:
    if z3.is_int_value(picked):
        return frozenset({picked.as_long()})
    if z3.is_add(picked):
        sums = frozenset({0})
        for part in picked.children():
            sums = frozenset(one + other for one in sums for other in _constants(part))
        return sums
    return _constants(picked.arg(1)) | _constants(picked.arg(2))


def divide(number: Int, by: int) -> Int:
    """Rounded down; by a positive constant."""
    if by == 1:
        return number
    return number // by if isinstance(number, int) else _int(z3.Z3_mk_div(_REF, number.as_ast(), _ast(by)))


def remainder(number: Int, by: int) -> Int:
    return number % by if isinstance(number, int) else _int(z3.Z3_mk_mod(_REF, number.as_ast(), _ast(by)))


def negative(number: Int) -> Int:
    return multiply(-1, number)


def greatest(numbers: Sequence[Int]) -> Int:
    return reduce(lambda one, other: pick(compare(">=", one, other), one, other), numbers)


def least(numbers: Sequence[Int]) -> Int:
    return reduce(lambda one, other: pick(compare("<=", one, other), one, other), numbers)


def counted(bit: Bit) -> Int:
    return pick(bit, 1, 0)
