"""How many digits the numbers of an expression can have: the bound that keeps every decision short.

In: a core expression whose names are in a `Scope`.  Out: a `Size`, or the first node whose numbers can pass the limit.
A number is a whole numerator over a denominator. What a denominator can hold is kept apart by where it comes from: a
fixed whole number (constants, changes of unit, decimals of parameters), and for each divisor that is not constant its
numerator. So `x / n + y / n` has the denominator n, not n * n; but a sum over items, each with a divisor of its own,
multiplies up to a thousand of them. An unknown divisor is an interval, and one sum can hold both its ends.
Imports core, bounds, scope, values.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from functools import cache
from math import gcd, lcm
from typing import Final, TypeAlias, assert_never, cast

from engine.language import core
from engine.language.bounds import Bounds
from engine.language.core import CoreExpression, Number
from engine.language.interpreter import MAX_ITEMS
from engine.language.nesting import free_items, inward, outward
from engine.language.scope import FactEntry, ParameterEntry, TermEntry
from engine.language.types import Quantity
from engine.language.units import NUMBER, PERCENT, Unit, word_sizes
from engine.language.values import farthest
from engine.records import dataclass

MOST_DIGITS: Final = 60
"""of a numerator or denominator anywhere in a decision; all incomes of a thousand members over twelve months have 17"""

_MOST = 10**MOST_DIGITS
FOLLOWED: Final = 600
"""digits beyond which it is only said that there are more"""
_FAR = 10**FOLLOWED
_SMALL = 200
"""a whole divisor up to this has a common multiple of all its values that may be short enough"""
_DECIMALS = 10**6
"""places after the point of a value in a policy"""


@dataclass(frozen=True, slots=True)
class Divisor:
    """How often one divisor stands in a denominator. `both`: an interval's two ends may stand there side by side."""

    most: int
    power: int
    both: bool
    items: frozenset[str]
    """the collections for each of whose items it is another number"""

    @property
    def size(self) -> int:
        return _power(self.most, self.power * (2 if self.both else 1))


Divisors: TypeAlias = Mapping[CoreExpression, Divisor]


@dataclass(frozen=True, slots=True)
class Size:
    """Attributes:
    above: no numerator is larger.
    fixed: a whole number that holds the part of every denominator that is always the same.
    by: the divisors that make up the rest.
    """

    above: int
    fixed: int = 1
    by: Divisors | None = None

    @property
    def below(self) -> int:
        """No denominator is larger."""
        size = self.fixed
        for divisor in self.by.values() if self.by else ():
            size = min(_FAR, size * divisor.size)
        return size


@dataclass(frozen=True, slots=True)
class TooLong:
    """The innermost node whose numbers can pass the limit, and how many digits its numerators or denominators have."""

    node: CoreExpression
    digits: str
    below: bool
    """the denominator is too long, not only the numerator"""


_ONE = Size(1)


def size_of(expression: CoreExpression, bounds: Bounds) -> Size | TooLong:
    """The size of an expression's numbers; those inside it are within the limit too."""
    try:
        return _Sizes(bounds).size(expression)
    except _Found as found:
        return found.what


def size_of_ends(least: object, most: object) -> Size:
    """Of numbers between two that are written out, all whole but for these ends."""
    known = [end for end in (least, most) if isinstance(end, int | Fraction)]
    if not known:
        return _ONE
    below = lcm(*(end.denominator for end in known))
    return Size(max(abs(end.numerator) * (below // end.denominator) for end in known), below)


class _Found(Exception):
    def __init__(self, what: TooLong) -> None:
        self.what = what


class _Sizes:
    def __init__(self, bounds: Bounds) -> None:
        self._bounds = bounds
        self._known: dict[int, Size] = {}

    def size(self, node: CoreExpression) -> Size:
        found = self._known.get(id(node))
        if found is None:
            found = self._known[id(node)] = self._size(node)
        return found

    def _size(self, node: CoreExpression) -> Size:
        inner = [self.size(operand) for operand in core.operands(node)]
        if not isinstance(node.type, Quantity):
            return _ONE
        found = self._of(node, inner)
        below = found.below
        if found.above >= _MOST or below >= _MOST:
            longest = max(found.above, below)
            digits = f"{FOLLOWED}+" if longest >= _FAR else str(len(str(longest)))
            raise _Found(TooLong(node, digits, below >= _MOST))
        return found

    def _of(self, node: CoreExpression, inner: list[Size]) -> Size:
        if isinstance(node, core.NoNumber):
            return _ONE
        match node:
            case core.Constant(value=value):
                number = cast("Number", value)
                return Size(abs(number.numerator), number.denominator)
            case core.Fact() | core.TermValue():
                return self._declared(self._bounds.entry(node.collection, node.id))
            case core.Lookup(marginal=True):
                return self._graded(node, inner[len(node.keys) - 1])
            case core.Lookup():
                return self._value(node)
            case core.Scale(factor=factor):
                return _times(inner[0], factor)
            case core.Sum():
                return self._sum(node, inner)
            case core.Product():
                left, right = inner
                by = _multiplied(left.by, right.by)
                return self._capped(node, Size(_far(left.above * right.above), _far(left.fixed * right.fixed), by))
            case core.Quotient():
                return self._quotient(node, inner[0], inner[1])
            case core.Least() | core.Greatest() | core.Within() | core.Sharper():
                return self._capped(node, _joined(inner, summed=False))
            case core.If():
                return self._capped(node, _joined(inner[1:], summed=False))
            case core.Absolute():
                return inner[0]
            case core.Outer():
                return _inside(node, inner[0])
            case core.Rounded():
                return self._rounded(node, inner[0], inner[1])
            case core.Aggregate():
                return self._aggregate(node, inner)
            case core.HowMany() | core.Between() | core.DatePart():
                count = self._most(node)  # whole numbers within their bounds
                return Size(MAX_ITEMS if count is None else _up(count))
        assert_never(node)

    def _declared(self, entry: object) -> Size:
        if isinstance(entry, TermEntry) and isinstance(entry.size, Size):
            return entry.size
        if isinstance(entry, FactEntry | TermEntry):
            return size_of_ends(entry.least, entry.most)
        return _ONE

    def _value(self, node: core.Lookup) -> Size:
        """Of a value of a parameter: with as many decimals as can be written, in any unit that it can be written in."""
        entry = self._bounds.entry("", node.parameter)
        if not isinstance(entry, ParameterEntry) or not isinstance(node.type, Quantity):
            return _ONE
        below = _written_below(cast("Quantity", entry.type).unit)
        ends_of = size_of_ends(entry.least, entry.most)
        below = lcm(below, ends_of.fixed)
        return Size(_far(ends_of.above * (below // ends_of.fixed)), below)

    def _graded(self, node: core.Lookup, amount: Size) -> Size:
        """The sum of rates times parts of an amount, each part between two numbers that can be written."""
        rate, unit = self._value(node), cast("Quantity", node.keys[-1].type).unit
        part = _joined([amount, Size(1, _written_below(unit))], summed=True)
        above = _far(rate.above * _far(amount.above * part.below))
        return self._capped(node, Size(above, _far(rate.fixed * part.fixed), part.by))

    def _sum(self, node: CoreExpression, inner: list[Size]) -> Size:
        joined = _joined(inner, summed=True)
        below = joined.below
        return self._capped(node, Size(_far(sum(_far(size.above * below) for size in inner)), joined.fixed, joined.by))

    def _rounded(self, node: core.Rounded, operand: Size, step: Size) -> Size:
        """A multiple of the step; where the step is not known, an end may be half a step away from the operand's."""
        most = self._most(node)
        within = operand.above + step.above if most is None else most
        known = self._bounds.value(node.step)
        if isinstance(known, int | Fraction):
            return Size(_up(within, known.denominator), known.denominator)
        apart = _joined([operand, step], summed=True)
        fixed = _far(2 * apart.fixed)
        return Size(_up(within, Size(0, fixed, apart.by).below), fixed, apart.by)

    def _quotient(self, node: core.Quotient, left: Size, right: Size) -> Size:
        """(a / b) / (c / d) is (a * d) / (b * c): the divisor's numerator joins the denominator."""
        above = _far(left.above * right.below)
        divisor: CoreExpression = node.right
        factor: Number = 1
        while isinstance(divisor, core.Scale):
            factor *= divisor.factor
            divisor = divisor.operand
        if isinstance(divisor, core.Constant):
            fixed = abs((cast("Number", divisor.value) * factor).numerator)
            return self._capped(node, Size(above, _far(left.fixed * max(1, fixed)), left.by))
        # the numerator of a multiple is that of the divisor itself, times at most the factor's
        most = right.above if factor == 1 else self.size(divisor).above
        own: Divisors = {divisor: Divisor(max(1, most), 1, False, free_items(divisor))}
        fixed = _far(left.fixed * abs(factor.numerator))
        return self._capped(node, Size(above, fixed, _multiplied(left.by, own)))

    def _aggregate(self, node: core.Aggregate, inner: list[Size]) -> Size:
        if node.body is None:
            return Size(MAX_ITEMS)
        body = inner[0]
        mine = {key: one for key, one in (body.by or {}).items() if node.collection in one.items}
        rest = {outward(key): _of(outward(key), one) for key, one in (body.by or {}).items() if key not in mine}
        if node.kind == "sum":
            fixed = body.fixed
            for divisor in mine.values():
                fixed = _far(fixed * _over_items(divisor))
            by = {key: replace(one, both=True) for key, one in rest.items()}
            size = Size(body.above, fixed, by)
            return self._capped(node, Size(_far(MAX_ITEMS * body.above * size.below), fixed, by))
        # one item's value: its own divisors are those of whichever item it is
        most = 1
        for divisor in mine.values():
            most = _far(most * divisor.size)
        if mine:
            rest[node] = Divisor(most, 1, False, free_items(node))
        own = Size(body.above, body.fixed, rest)
        return own if node.otherwise is None else _joined([own, inner[-1]], summed=False)

    def _most(self, node: CoreExpression) -> Number | None:
        """No value of the node is farther from zero; None where its bounds are open."""
        return farthest(self._bounds.value(node))

    def _capped(self, node: CoreExpression, size: Size) -> Size:
        """With the numerator that the node's bounds allow, where that is smaller."""
        value = self._most(node)
        if value is None:
            return size
        above = _up(value, size.below)
        return size if above >= size.above else Size(above, size.fixed, size.by)


def _inside(node: core.Outer, size: Size) -> Size:
    """What an item's number divides by, said inside an aggregate; what cannot be said there counts together."""
    by: dict[CoreExpression, Divisor] = {}
    most = 1
    for key, one in (size.by or {}).items():
        inner = inward(key)
        if inner is None:
            most = _far(most * one.size)
        else:
            by[inner] = _of(inner, one)
    if most > 1:
        by[node] = Divisor(most, 1, False, free_items(node))
    return Size(size.above, size.fixed, by)


def _of(divisor: CoreExpression, one: Divisor) -> Divisor:
    """The same divisor as it is written elsewhere."""
    return Divisor(one.most, one.power, one.both, free_items(divisor))


def _up(value: Number, times: int = 1) -> int:
    """The least whole number that is not below a multiple of the value."""
    return _far(-(-value.numerator * times // value.denominator))


def _far(size: int) -> int:
    return size if size < _FAR else _FAR


def _power(base: int, exponent: int) -> int:
    if base <= 1:
        return 1
    # `bit_length` of the result is known without working it out
    return _FAR if (base.bit_length() - 1) * exponent >= _FAR.bit_length() else base**exponent


def _times(size: Size, factor: Number) -> Size:
    """INVARIANT: what the factor's numerator has in common with the fixed denominator falls away."""
    above = abs(factor.numerator)
    return Size(_far(size.above * above), _far(size.fixed // gcd(above, size.fixed) * factor.denominator), size.by)


def _joined(sizes: list[Size], *, summed: bool) -> Size:
    """Of numbers side by side: what all their denominators have in common counts once. Of a divisor that stands in
    several both ends may stand in the denominator of a sum; in that of one of them (not `summed`) only one does."""
    fixed, by = 1, cast("dict[CoreExpression, Divisor]", {})
    for size in sizes:
        fixed = _far(lcm(fixed, size.fixed))
        for key, one in (size.by or {}).items():
            held = by.get(key)
            if held is not None:
                both = summed or one.both or held.both
                one = Divisor(one.most, max(one.power, held.power), both, one.items)
            by[key] = one
    return Size(max((size.above for size in sizes), default=0), fixed, by or None)


def _multiplied(first: Divisors | None, second: Divisors | None) -> Divisors | None:
    if not first or not second:
        return first or second
    by = dict(first)
    for key, one in second.items():
        held = by.get(key)
        both = held is not None and (held.both or one.both)
        by[key] = one if held is None else Divisor(one.most, one.power + held.power, both, one.items)
    return by


def _over_items(divisor: Divisor) -> int:
    """What a divisor that is another number for each item makes of the denominator of a sum over them."""
    if divisor.most <= _SMALL:
        return _power(_multiple_of_all(divisor.most), divisor.power)
    return _power(divisor.size, MAX_ITEMS)


@cache
def _multiple_of_all(most: int) -> int:
    return lcm(*range(1, most + 1))


@cache
def _written_below(unit: Unit) -> int:
    """What holds the denominator of every value that can be written, in whatever words, for what counts this unit."""
    least = Fraction(1, _DECIMALS) / unit.factor
    steps = [least * PERCENT.factor] if unit.dimension == NUMBER else [least]
    for base, power in unit.dimension.powers:
        steps = [step * size**power for step in steps for size in word_sizes(base)]
    return lcm(*(step.denominator for step in steps))
