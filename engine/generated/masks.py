"""Values under many suppositions at once, and what the core's nodes do to them.

A supposition is a bit. A truth is two sets of them: those under which it holds, and those under which it does not;
under the rest it is unknown. A number or date is its least and its greatest under each of some sets, which together
are all; anything else its value under each. What is equal is put together, so that there are few of these sets,
however many facts could be otherwise: an expense that one does not know is as good as another in the sum.
Imports language.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from functools import partial, reduce
from operator import add
from typing import Any, TypeAlias, cast

from engine.language import values
from engine.language.ast import CompareOperator
from engine.language.values import UNKNOWN, Interval, Value

Truth: TypeAlias = tuple[int, int]
Ends: TypeAlias = Sequence[tuple[int, Any, Any]]
Worth: TypeAlias = Sequence[tuple[int, Value]]


class Unsupposed(Exception):
    """Something that numbers with two ends do not tell: whoever asks has to try one supposition after the other."""


# ---- what is the same whatever is supposed, but for facts that are unknown under some suppositions


def ends_of(value: Value, every: int, *moved: tuple[int, Any, Any]) -> Ends:
    """Args:
    moved: suppositions under which its ends lie farther down, and up, by so much.
    """
    low, high = (value, value) if type(value) is int else closed(value)
    found: list[tuple[int, Any, Any]] = [(every, low, high)]
    for mask, down, up in moved:
        if mask:
            every ^= mask
            found.append((mask, low + down, high + up))
    found[0] = every, low, high
    return found


def worth_of(value: Value, every: int, unknown: int = 0) -> Worth:
    return ((every ^ unknown, value), (unknown, UNKNOWN)) if unknown else ((every, value),)


def closed(value: Value) -> tuple[Any, Any]:
    if type(value) is not Interval:
        if value is UNKNOWN:
            raise Unsupposed
        return value, value
    if value.low is None or value.high is None:
        raise Unsupposed
    return value.low, value.high


def known(value: Value) -> Any:
    """A number that divides or multiplies."""
    if not values.is_known(value) or not cast("Any", value) > 0:
        raise Unsupposed
    return value


# ---- truths


def less(one: Ends, other: Ends) -> Truth:
    holds = fails = 0
    for mask, low, high in one:
        for others, least, most in other:
            if mask & others:
                if high < least:
                    holds |= mask & others
                elif low >= most:
                    fails |= mask & others
    return holds, fails


def equal(one: Ends, other: Ends) -> Truth:
    holds = fails = 0
    for mask, low, high in one:
        for others, least, most in other:
            if mask & others:
                if high < least or most < low:
                    fails |= mask & others
                elif low == high == least == most:
                    holds |= mask & others
    return holds, fails


def alike(one: Worth, other: Worth) -> Truth:
    holds = fails = 0
    for mask, value in one:
        for others, second in other:
            if mask & others and value is not UNKNOWN and second is not UNKNOWN:
                if value == second:
                    holds |= mask & others
                else:
                    fails |= mask & others
    return holds, fails


def is_row(one: Worth, rows: frozenset[tuple[str, ...]]) -> Truth:
    holds = fails = 0
    for mask, value in one:
        if (value,) in rows:
            holds |= mask
        elif value is not UNKNOWN or not rows:
            fails |= mask
    return holds, fails


# ---- numbers


def scaled(factor: Any, one: Ends) -> Ends:
    if factor < 0:
        return [(mask, factor * high, factor * low) for mask, low, high in one]
    return [(mask, factor * low, factor * high) for mask, low, high in one]


def divided(one: Ends, divisor: Any) -> Ends:
    return scaled(1 / Fraction(divisor), one)


def paired(way: Callable[[Any, Any], Any], one: Ends, other: Ends) -> Ends:
    """What rises with both. What is the same under nearly all suppositions stands first."""
    if len(one) == 1:
        one, other = other, one
    if len(other) == 1:
        ((_, least, most),) = other
        return [(mask, way(low, least), way(high, most)) for mask, low, high in one]
    found: dict[tuple[Any, Any], int] = {}
    for mask, low, high in one:
        for others, least, most in other:
            both = mask & others
            if both:
                ends = way(low, least), way(high, most)
                found[ends] = found.get(ends, 0) | both
                mask ^= both
                if not mask:
                    break
    return [(mask, low, high) for (low, high), mask in found.items()]


def added(parts: Sequence[Ends]) -> Ends:
    if len(parts) == 1:
        return parts[0]
    low, high, apart, every = 0, 0, 0, 0
    for (every, least, most), *others in parts:
        low, high = low + least, high + most
        for mask, _, _ in others:
            if mask & apart:  # two of them are otherwise under one supposition
                return reduce(partial(paired, add), parts)
            apart |= mask
            every |= mask
    found = {(low, high): every & ~apart}
    for (_, least, most), *others in parts:
        for mask, one, other in others:
            ends = low - least + one, high - most + other
            found[ends] = found.get(ends, 0) | mask
    return [(mask, low, high) for (low, high), mask in found.items()]


def counted(every: int, truths: Iterable[Truth]) -> Ends:
    """How many of them hold."""
    found = {(0, 0): every}
    for holds, fails in truths:
        more: dict[tuple[int, int], int] = {}
        for (low, high), mask in found.items():
            for part, ends in (
                (mask & holds, (low + 1, high + 1)),
                (mask & fails, (low, high)),
                (mask & ~(holds | fails), (low, high + 1)),
            ):
                if part:
                    more[ends] = more.get(ends, 0) | part
        found = more
    return [(mask, low, high) for (low, high), mask in found.items()]


def either(test: Truth, then: Ends, otherwise: Ends) -> Ends:
    """The one where the test holds, the other where it does not; where that is unknown what goes round both."""
    holds, fails = test
    found = [(mask & holds, low, high) for mask, low, high in then if mask & holds]
    found += [(mask & fails, low, high) for mask, low, high in otherwise if mask & fails]
    for mask, low, high in then:
        for others, least, most in otherwise:
            both = mask & others & ~(holds | fails)
            if both:
                found.append((both, min(low, least), max(high, most)))
    return found


def either_truth(test: Truth, then: Truth, otherwise: Truth) -> Truth:
    (holds, fails), (one, not_one), (other, not_other) = test, then, otherwise
    return (
        (holds & one) | (fails & other) | (one & other),
        (holds & not_one) | (fails & not_other) | (not_one & not_other),
    )


def unsettled(one: Ends) -> int:
    """The suppositions under which it is not known."""
    return sum(mask for mask, low, high in one if low != high)


def sharper(one: Ends, told: Ends) -> Ends:
    """The one where it is known, else what is told."""
    found = [part for part in one if part[1] == part[2]]
    unknown = unsettled(one)
    return [*found, *((mask & unknown, low, high) for mask, low, high in told if mask & unknown)]


def within(operators: Sequence[CompareOperator], one: Ends, limits: Sequence[Ends]) -> Ends:
    """No farther than the limits, where it is not known."""
    found = [part for part in one if part[1] == part[2]]
    parts: list[tuple[int, Value, tuple[Value, ...]]]
    parts = [(mask, Interval(low, high), ()) for mask, low, high in one if low != high]
    for limit in limits:
        parts = [
            (mask & others, value, (*held, values.interval(least, most)))
            for mask, value, held in parts
            for others, least, most in limit
            if mask & others
        ]
    for mask, value, held in parts:
        narrowed = values.within(cast("Interval", value), zip(operators, held, strict=True))
        found.append((mask, *closed(narrowed)))
    return found
