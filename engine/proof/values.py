"""What an expression is worth to the solver, by its type.

Imports `terms` and `numbers`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import reduce
from typing import TypeAlias

from engine.proof import numbers, terms
from engine.proof.numbers import Number
from engine.proof.terms import Bit, Int
from engine.records import dataclass


@dataclass(frozen=True, slots=True, eq=False)
class Truth:
    bit: Bit


@dataclass(frozen=True, slots=True, eq=False)
class Day:
    ordinal: Int


@dataclass(frozen=True, slots=True, eq=False)
class Code:
    """A text, an option or a place by its number among all texts; an item by its place in its list."""

    number: Int


@dataclass(frozen=True, slots=True, eq=False)
class Several:
    """A set of texts: whether it holds one."""

    holds: Callable[[str], Bit]


Value: TypeAlias = Number | Truth | Day | Code | Several


def pick(test: Bit, then: Value, otherwise: Value) -> Value:
    if isinstance(test, bool):
        return then if test else otherwise
    match then, otherwise:
        case Number(), Number():
            return numbers.pick(test, then, otherwise)
        case Truth(), Truth():
            return Truth(terms.pick_bit(test, then.bit, otherwise.bit))
        case Day(), Day():
            return Day(terms.pick(test, then.ordinal, otherwise.ordinal))
        case Code(), Code():
            return Code(terms.pick(test, then.number, otherwise.number))
        case Several(), Several():
            return Several(lambda text: terms.pick_bit(test, then.holds(text), otherwise.holds(text)))
    raise AssertionError("both branches are of one type")


def greatest(values: Sequence[Value]) -> Value:
    """Of numbers or of days."""
    return reduce(lambda one, other: pick(_not_before(one, other), one, other), values)


def least(values: Sequence[Value]) -> Value:
    """Of numbers or of days."""
    return reduce(lambda one, other: pick(_not_before(other, one), one, other), values)


def _not_before(one: Value, other: Value) -> Bit:
    match one, other:
        case Number(), Number():
            return numbers.compare(">=", one, other)
        case Day(), Day():
            return terms.compare(">=", one.ordinal, other.ordinal)
    raise AssertionError("only numbers and days have an order")


def differ(one: Value, other: Value) -> Bit:
    """Whether two values of one type are not the same."""
    match one, other:
        case Number(), Number():
            return numbers.compare("!=", one, other)
        case Truth(), Truth():
            return terms.no(terms.alike(one.bit, other.bit))
        case Day(), Day():
            return terms.compare("!=", one.ordinal, other.ordinal)
        case Code(), Code():
            return terms.compare("!=", one.number, other.number)
    raise AssertionError("both are of one type, and no set")
