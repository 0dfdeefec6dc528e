"""Numbers of a program for the solver: a whole number over a positive one, compared by multiplying across.

In: `terms`.  Out: `Number`s. A divisor is a constant wherever household size is; one that is not makes a comparison
that is not linear, which the solver may give up on. Imports `terms`.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import reduce
from math import gcd, lcm
from typing import assert_never

from engine.language.ast import CompareOperator, RoundFunction
from engine.proof import terms
from engine.proof.terms import Bit, Int
from engine.records import dataclass


@dataclass(frozen=True, slots=True, eq=False)
class Number:
    """`above / below`. INVARIANT: `below` is positive wherever the number counts."""

    above: Int
    below: Int = 1


def constant(value: int | Fraction) -> Number:
    exact = Fraction(value)
    return Number(exact.numerator, exact.denominator)


def scale(factor: int | Fraction, number: Number) -> Number:
    exact = Fraction(factor)
    if not isinstance(number.below, int):
        return Number(terms.multiply(exact.numerator, number.above), terms.multiply(exact.denominator, number.below))
    shared = gcd(exact.numerator, number.below)
    above = terms.multiply(exact.numerator // shared, number.above)
    return Number(above, number.below // shared * exact.denominator)


def common(one: Number, other: Number) -> tuple[Int, Int, Int]:
    """Both numerators over one denominator, and that."""
    if isinstance(one.below, int) and isinstance(other.below, int):
        below = lcm(one.below, other.below)
        return terms.multiply(below // one.below, one.above), terms.multiply(below // other.below, other.above), below
    if terms.same(one.below, other.below):
        return one.above, other.above, one.below
    return (
        terms.multiply(one.above, other.below),
        terms.multiply(other.above, one.below),
        terms.multiply(one.below, other.below),
    )


def compare(operator: CompareOperator, one: Number, other: Number) -> Bit:
    left, right, _ = common(one, other)
    return terms.compare(operator, left, right)


def pick(test: Bit, then: Number, otherwise: Number) -> Number:
    if isinstance(test, bool):
        return then if test else otherwise
    if isinstance(then.below, int) and isinstance(otherwise.below, int):
        one, other, below = common(then, otherwise)
        return Number(terms.pick(test, one, other), below)
    # each keeps its own: what divides only where the test goes one way need not be positive where it goes the other
    return Number(terms.pick(test, then.above, otherwise.above), terms.pick(test, then.below, otherwise.below))


def add(numbers: Sequence[Number]) -> Number:
    if all(isinstance(one.below, int) for one in numbers):
        below = lcm(*(one.below for one in numbers))
        return Number(terms.add(terms.multiply(below // one.below, one.above) for one in numbers), below)
    return reduce(_sum, numbers)


def _sum(one: Number, other: Number) -> Number:
    left, right, below = common(one, other)
    return Number(terms.add((left, right)), below)


def multiply(one: Number, other: Number) -> Number:
    return Number(terms.multiply(one.above, other.above), terms.multiply(one.below, other.below))


def divide(one: Number, other: Number, *, positive: bool) -> Number:
    """Args:
    positive: whether the divisor is known to be.
    """
    above, below, divisor = terms.multiply(one.above, other.below), one.below, other.above
    if isinstance(divisor, int):
        if divisor == 0:
            return Number(0)  # in a branch that is never taken
        sign = 1 if divisor > 0 else -1
        return Number(terms.multiply(sign, above), terms.multiply(abs(divisor), below))
    values = terms.constants(divisor)
    if values is not None:
        return _by_one_of(above, below, divisor, sorted(values - {0}))
    if positive:
        return Number(above, terms.multiply(divisor, below))
    is_negative = terms.compare("<", divisor, 0)
    return Number(
        terms.pick(is_negative, terms.negative(above), above),
        terms.multiply(terms.pick(is_negative, terms.negative(divisor), divisor), below),
    )


def _by_one_of(above: Int, below: Int, divisor: Int, values: Sequence[int]) -> Number:
    """By one of several constants: over what all of them divide it stays linear, and can be rounded."""
    shared = lcm(*values)
    found: Int = 0  # by nothing: in a branch that is never taken
    for value in values:
        found = terms.pick(terms.compare("=", divisor, value), terms.multiply(shared // value, above), found)
    return Number(found, terms.multiply(shared, below))


def greatest(numbers: Sequence[Number]) -> Number:
    return reduce(lambda one, other: pick(compare(">=", one, other), one, other), numbers)


def least(numbers: Sequence[Number]) -> Number:
    return reduce(lambda one, other: pick(compare("<=", one, other), one, other), numbers)


def unsigned(number: Number) -> Number:
    return pick(terms.compare("<", number.above, 0), scale(-1, number), number)


def rounded(function: RoundFunction, number: Number, step: Fraction) -> Number | None:
    """To a multiple of a constant step above zero; None of a number over one that is no constant."""
    if not isinstance(number.below, int):
        return None
    is_negative = terms.compare("<", number.above, 0)
    above = terms.multiply(step.denominator, number.above)
    size = terms.pick(is_negative, terms.negative(above), above)
    count = _steps(function, size, number.below * step.numerator)
    return scale(step, Number(terms.pick(is_negative, terms.negative(count), count)))


def _steps(function: RoundFunction, size: Int, below: int) -> Int:
    """How many: of `size / below`, which is not negative."""
    match function:
        case "round_down":
            return terms.divide(size, below)
        case "round_up":
            return terms.divide(terms.add((size, below - 1)), below)
        case "round" | "round_half_even":
            twice = terms.add((terms.multiply(2, size), below))
            found = terms.divide(twice, 2 * below)
            if function == "round":
                return found
            half_way = terms.compare("=", terms.remainder(twice, 2 * below), 0)
            odd = terms.compare("=", terms.remainder(found, 2), 1)
            return terms.pick(terms.both((half_way, odd)), terms.subtract(found, 1), found)
    assert_never(function)


def floor(number: Number) -> Int | None:
    """None of a number over one that is no constant."""
    return terms.divide(number.above, number.below) if isinstance(number.below, int) else None
