"""Three-valued values in native code, and what is done to them, as `language.values` does it.

In: `Number`s (between two ends, each a whole number over a positive one), `Truth`s (surely, possibly), `Code`s.
Out: the same. What is known has one end that stands for both, and costs what a plain number costs: code for households
of which all is known is the same code, written with such values.
Imports language's values, `ir` and records.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import gcd
from typing import Final, assert_never

from engine.language.ast import RoundFunction
from engine.language.core import Number as Exact
from engine.records import dataclass
from engine.screening.kernel.ir import FALSE, ONE, TRUE, ZERO, Bit, Function, Int, Pointer, Predicate, whole


@dataclass(frozen=True, slots=True)
class End:
    """`above / below`; what is below is positive."""

    above: Int
    below: Int = ONE


@dataclass(frozen=True, slots=True)
class Number:
    """A number, or a date as `toordinal` counts it. INVARIANT: low <= high; one object where it is known."""

    low: End
    high: End

    @property
    def known(self) -> bool:
        return self.low is self.high


@dataclass(frozen=True, slots=True)
class Truth:
    """Whether it surely holds, and whether it may; one object where it is known."""

    surely: Bit
    maybe: Bit

    @property
    def known(self) -> bool:
        return self.surely is self.maybe


@dataclass(frozen=True, slots=True)
class Code:
    """An option, a text or a place by its number, which counts only where it is not `unknown`."""

    number: Int
    unknown: Bit = FALSE


@dataclass(frozen=True, slots=True)
class Several:
    """A set of codes: those that `codes` has from `start` up to and without `end`."""

    codes: Pointer
    start: Int
    end: Int
    unknown: Bit = FALSE


YES: Final = Truth(TRUE, TRUE)
NO: Final = Truth(FALSE, FALSE)
EITHER: Final = Truth(FALSE, TRUE)


def point(end: End) -> Number:
    return Number(end, end)


def constant(value: Exact) -> Number:
    exact = Fraction(value)
    return point(End(whole(exact.numerator), whole(exact.denominator)))


def truth(bit: Bit) -> Truth:
    return Truth(bit, bit)


class Arithmetic:
    """Args:
    function: where the code is written.
    """

    def __init__(self, function: Function) -> None:
        self.f = function

    # ---- ends

    def _common(self, one: End, other: End) -> tuple[Int, Int, Int]:
        """Both above one line, and what is below it."""
        f = self.f
        if one.below == other.below:
            return one.above, other.above, one.below
        a, b = one.below.fixed, other.below.fixed
        if a is not None and b is not None:
            shared = gcd(a, b)
            return (
                f.multiply(one.above, whole(b // shared)),
                f.multiply(other.above, whole(a // shared)),
                whole(a // shared * b),
            )
        return (
            f.multiply(one.above, other.below),
            f.multiply(other.above, one.below),
            f.multiply(one.below, other.below),
        )

    def _sides(self, one: End, other: End) -> tuple[Int, Int]:
        """Whole numbers that compare as the two do."""
        left, right, _ = self._common(one, other)
        return left, right

    def compare_ends(self, predicate: Predicate, one: End, other: End) -> Bit:
        left, right = self._sides(one, other)
        return self.f.compare(predicate, left, right)

    def _alike(self, one: End, other: End) -> tuple[Int, Int, Int] | None:
        """Both above one line, where that is a number written out or the same for both."""
        fixed = one.below.fixed is not None and other.below.fixed is not None
        return self._common(one, other) if fixed or one.below == other.below else None

    def _pick_end(self, test: Bit, one: End, other: End) -> End:
        if one == other:
            return one
        alike = self._alike(one, other)
        if alike is not None:
            return End(self.f.pick(test, alike[0], alike[1]), alike[2])
        return End(self.f.pick(test, one.above, other.above), self.f.pick(test, one.below, other.below))

    def _lower(self, one: End, other: End) -> End:
        alike = self._alike(one, other)
        if alike is not None:
            return End(self.f.least(alike[0], alike[1]), alike[2])
        return self._pick_end(self.compare_ends("<=", one, other), one, other)

    def _upper(self, one: End, other: End) -> End:
        alike = self._alike(one, other)
        if alike is not None:
            return End(self.f.greatest(alike[0], alike[1]), alike[2])
        return self._pick_end(self.compare_ends(">=", one, other), one, other)

    def _plus(self, one: End, other: End) -> End:
        left, right, below = self._common(one, other)
        return End(self.f.add(left, right), below)

    def _times(self, one: End, other: End) -> End:
        f = self.f
        above_a, above_b, below_a, below_b = one.above, other.above, one.below, other.below
        if above_a == below_b and above_a.low > 0:
            return End(above_b, below_a)
        if above_b == below_a and above_b.low > 0:
            return End(above_a, below_b)
        return End(f.multiply(above_a, above_b), f.multiply(below_a, below_b))

    def _scaled(self, factor: Exact, end: End) -> End:
        exact = Fraction(factor)
        below = end.below.fixed
        if below is not None:
            exact, below = exact / below, 1
            return End(self.f.multiply(whole(exact.numerator), end.above), whole(exact.denominator))
        return End(
            self.f.multiply(whole(exact.numerator), end.above), self.f.multiply(whole(exact.denominator), end.below)
        )

    # ---- numbers

    def is_unknown(self, one: Number) -> Bit:
        return FALSE if one.known else self.compare_ends("<", one.low, one.high)

    def hull(self, one: Number, other: Number) -> Number:
        if one == other:
            return one
        return Number(self._lower(one.low, other.low), self._upper(one.high, other.high))

    def pick(self, test: Bit, one: Number, other: Number) -> Number:
        if one == other:
            return one
        low = self._pick_end(test, one.low, other.low)
        return Number(low, low if one.known and other.known else self._pick_end(test, one.high, other.high))

    def add(self, parts: Sequence[Number]) -> Number:
        low = self._sum([part.low for part in parts])
        return point(low) if all(part.known for part in parts) else Number(low, self._sum([one.high for one in parts]))

    def _sum(self, ends: Sequence[End]) -> End:
        found = End(ZERO)
        for end in ends:
            found = self._plus(found, end)
        return found

    def scale(self, factor: Exact, one: Number) -> Number:
        low = self._scaled(factor, one.low)
        if one.known or factor == 0:
            return point(low)
        high = self._scaled(factor, one.high)
        return Number(low, high) if factor > 0 else Number(high, low)

    def multiply(self, one: Number, other: Number) -> Number:
        if one.known and other.known:
            return point(self._times(one.low, other.low))
        if one.low.above.low >= 0 and other.low.above.low >= 0:
            return Number(self._times(one.low, other.low), self._times(one.high, other.high))
        products = [self._times(a, b) for a in _ends(one) for b in _ends(other)]
        low = high = products[0]
        for end in products[1:]:
            low, high = self._lower(low, end), self._upper(high, end)
        return Number(low, high)

    def divide(self, one: Number, other: Number) -> tuple[Number, Bit]:
        """The quotient, and whether it is beyond what can be said here: its divisor can be zero, and other numbers."""
        f = self.f
        if other.known:
            turned, beyond = self._turned(other.low), FALSE
            low = self._times(one.low, turned)
            if one.known:
                return point(low), beyond
            high = self._times(one.high, turned)
            if other.low.above.low >= 0:
                return Number(low, high), beyond
            return Number(self._lower(low, high), self._upper(low, high)), beyond
        beyond = f.compare("<=", other.low.above, ZERO)
        positive = (
            End(f.greatest(other.low.above, ONE), other.low.below),
            End(f.greatest(other.high.above, ONE), other.high.below),
        )
        most, least = (End(end.below, end.above) for end in positive)
        return self.multiply(one, Number(least, most)), beyond

    def _turned(self, end: End) -> End:
        """1 / end; of 0, which stands only where the quotient is of no account, something."""
        f, above = self.f, end.above
        if above.low > 0:
            return End(end.below, above)
        negative = f.compare("<", above, ZERO)
        size = f.pick(negative, f.negative(above), above)
        most = max(above.high, -above.low, 1)
        size = f.greatest(Int(size.name, 0, most, size.depth) if size.fixed is None else size, ONE)
        return End(f.pick(negative, f.negative(end.below), end.below), size)

    def least(self, parts: Sequence[Number]) -> Number:
        found = parts[0]
        for part in parts[1:]:
            low = self._lower(found.low, part.low)
            found = point(low) if found.known and part.known else Number(low, self._lower(found.high, part.high))
        return found

    def greatest(self, parts: Sequence[Number]) -> Number:
        found = parts[0]
        for part in parts[1:]:
            low = self._upper(found.low, part.low)
            found = point(low) if found.known and part.known else Number(low, self._upper(found.high, part.high))
        return found

    def unsigned(self, one: Number) -> Number:
        if one.known:
            return self.greatest([one, self.scale(-1, one)])
        return self.greatest([one, self.scale(-1, one), constant(0)])

    def rounded(self, function: RoundFunction, one: Number, step: Number) -> tuple[Number, Bit]:
        """To a multiple of a step that is known, and whether it is beyond what can be said here."""
        beyond = self.f.either(self.is_unknown(step), self.compare_ends("<=", step.low, End(ZERO)))
        size = self._turned(step.low)
        low = self._rounded_end(function, one.low, size, step.low)
        return point(low) if one.known else Number(low, self._rounded_end(function, one.high, size, step.low)), beyond

    def _rounded_end(self, function: RoundFunction, end: End, size: End, step: End) -> End:
        steps = self._times(end, size)
        return self._times(End(self.steps(function, steps)), step)

    def steps(self, function: RoundFunction, end: End) -> Int:
        """A number as a whole number."""
        f, above, below = self.f, end.above, end.below
        if below == ONE:
            return above
        if above.low >= 0:
            return self._size(function, above, below)
        negative = f.compare("<", above, ZERO)
        turned = f.pick(negative, f.negative(above), above)
        size = self._size(function, Int(turned.name, 0, max(above.high, -above.low), turned.depth), below)
        return f.pick(negative, f.negative(size), size)

    def _size(self, function: RoundFunction, above: Int, below: Int) -> Int:
        f = self.f
        match function:
            case "round_down":
                return f.divide(above, below)
            case "round_up":
                return f.divide(f.add(above, f.subtract(below, ONE)), below)
            case "round" | "round_half_even":
                twice = f.multiply(below, whole(2))
                over = f.add(f.multiply(above, whole(2)), below)
                size = f.divide(over, twice)
                if function == "round":
                    return size
                odd = f.compare("=", f.remainder(size, 2), ONE)
                half_way = f.compare("=", over, f.multiply(twice, size))
                return f.subtract(size, f.counted(f.both(odd, half_way)))
        assert_never(function)

    def floor(self, end: End) -> Int:
        return self.f.divide_down(end.above, end.below)

    def ceiling(self, end: End) -> Int:
        return self.f.negative(self.f.divide_down(self.f.negative(end.above), end.below))

    # ---- comparison

    def compare(self, predicate: Predicate, one: Number, other: Number) -> Truth:
        if one.known and other.known:
            return truth(self.compare_ends(predicate, one.low, other.low))
        if predicate in ("=", "!="):
            apart = self.f.either(
                self.compare_ends("<", one.high, other.low), self.compare_ends("<", other.high, one.low)
            )
            unknown = self.f.either(self.is_unknown(one), self.is_unknown(other))
            same = self.f.both(self.f.no(unknown), self.f.no(apart))
            return Truth(same, self.f.no(apart)) if predicate == "=" else Truth(apart, self.f.no(same))
        if predicate in ("<", "<="):
            hardest, easiest = (one.high, other.low), (one.low, other.high)
        else:
            hardest, easiest = (one.low, other.high), (one.high, other.low)
        return Truth(self.compare_ends(predicate, *hardest), self.compare_ends(predicate, *easiest))

    def same_code(self, one: Code, other: Code) -> Truth:
        equal = self.f.compare("=", one.number, other.number)
        unknown = self.f.either(one.unknown, other.unknown)
        if unknown == FALSE:
            return truth(equal)
        return Truth(self.f.both(self.f.no(unknown), equal), self.f.either(unknown, equal))

    def same_truth(self, one: Truth, other: Truth) -> Truth:
        return self.either([self.both([one, other]), self.both([self.no(one), self.no(other)])])

    # ---- truths

    def no(self, one: Truth) -> Truth:
        if one.known:
            return truth(self.f.no(one.surely))
        return Truth(self.f.no(one.maybe), self.f.no(one.surely))

    def both(self, parts: Sequence[Truth]) -> Truth:
        surely = self.f.both(*[part.surely for part in parts])
        if all(part.known for part in parts):
            return truth(surely)
        return Truth(surely, self.f.both(*[part.maybe for part in parts]))

    def either(self, parts: Sequence[Truth]) -> Truth:
        surely = self.f.either(*[part.surely for part in parts])
        if all(part.known for part in parts):
            return truth(surely)
        return Truth(surely, self.f.either(*[part.maybe for part in parts]))

    def unknown(self, one: Truth) -> Bit:
        return FALSE if one.known else self.f.both(one.maybe, self.f.no(one.surely))

    def how_many(self, parts: Sequence[Truth]) -> Number:
        return self.add([self.count(part) for part in parts])

    def count(self, part: Truth) -> Number:
        low = End(self.f.counted(part.surely))
        return point(low) if part.known else Number(low, End(self.f.counted(part.maybe)))

    def pick_truth(self, test: Bit, one: Truth, other: Truth) -> Truth:
        surely = self.f.pick_bit(test, one.surely, other.surely)
        if one.known and other.known:
            return truth(surely)
        return Truth(surely, self.f.pick_bit(test, one.maybe, other.maybe))


def _ends(one: Number) -> tuple[End, ...]:
    return (one.low,) if one.known else (one.low, one.high)
