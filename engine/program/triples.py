"""Three-valued values as (low, high, unknown): three columns of integers, and what the core's nodes do to them.

In: values of the interpreter with their types.  Out: `Triple`s, and the values again; `combine` makes the triple of a
node from those of its operands, as a back end does without ever seeing an interval.
  truth    0 or 1; unknown is (0, 1)
  number   its ends, counted in the type's unit; an open end is that of what the expression can be at all
  date     days, as `date.toordinal` counts them; ends as with numbers
  choice   the place among the options as the input declares them; unknown is from the first to the last
  text, place   the number that a `Texts` gave it; unknown has no ends of its own: (0, 0)
  several  the set of those numbers or places as bits, 1 << n; unknown (0, 0)
`unknown` says that low and high are not yet one value. Of truths, numbers and dates it is low < high, and a back end
needs no third column for them; of the rest it has to be kept, since two options may be one.
Imports program's model and language.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final, TypeAlias, assert_never, cast

from engine.language import core, values
from engine.language.core import CoreExpression
from engine.language.types import Choice, DateType, ItemOf, Place, Quantity, Several, Text, Truth, Type
from engine.language.values import UNKNOWN, Interval, Number, Value
from engine.records import dataclass


@dataclass(frozen=True, slots=True)
class Triple:
    """INVARIANT: low <= high; where it is known they are equal."""

    low: Number
    high: Number
    unknown: bool


FALSE: Final = Triple(0, 0, False)
TRUE: Final = Triple(1, 1, False)
EITHER: Final = Triple(0, 1, True)


class OpenEnd(ValueError):
    """A number or date without a bound on some side: columns of integers do not hold it."""


class Texts:
    """Numbers for texts, in the order in which they are met: equal texts have equal numbers, and that is all they are
    compared by."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._texts: list[str] = []

    def number(self, text: str) -> int:
        found = self._numbers.setdefault(text, len(self._texts))
        if found == len(self._texts):
            self._texts.append(text)
        return found

    def text(self, number: int) -> str:
        return self._texts[number]


def triple(value: Value, kind: Type, texts: Texts, extent: Value = UNKNOWN) -> Triple:
    """Args:
        extent: what the expression can be at all; it closes an end that the value leaves open.

    Raises:
        OpenEnd: neither closes it.
    """
    match kind:
        case Truth():
            return EITHER if value is UNKNOWN else TRUE if value else FALSE
        case Quantity():
            low, high = cast("tuple[Number | None, Number | None]", _closed(value, extent))
            return _between(low, high)
        case DateType():
            first, last = cast("tuple[date | None, date | None]", _closed(value, extent))
            return _between(_day(first), _day(last))
        case Choice():
            if value is UNKNOWN:
                return Triple(0, len(kind.options) - 1, True)
            return _known(_ordinals(kind).index(cast("str", value)))
        case Text() | Place() | ItemOf():
            return Triple(0, 0, True) if value is UNKNOWN else _known(texts.number(cast("str", value)))
        case Several():
            if value is UNKNOWN:
                return Triple(0, 0, True)
            members = cast("frozenset[str]", value)
            if isinstance(kind.of, Choice):
                return _known(sum(1 << _ordinals(kind.of).index(one) for one in members))
            return _known(sum(1 << texts.number(one) for one in sorted(members)))
    assert_never(kind)


def value_of(found: Triple, kind: Type, texts: Texts) -> Value:
    """The value that a triple stands for."""
    match kind:
        case Truth():
            return UNKNOWN if found.unknown else found.low == 1
        case Quantity():
            return values.interval(found.low, found.high)
        case DateType():
            return values.interval(date.fromordinal(int(found.low)), date.fromordinal(int(found.high)))
        case Choice():
            return UNKNOWN if found.unknown else _ordinals(kind)[int(found.low)]
        case Text() | Place() | ItemOf():
            return UNKNOWN if found.unknown else texts.text(int(found.low))
        case Several():
            if found.unknown:
                return UNKNOWN
            bits = int(found.low)
            places = [place for place in range(bits.bit_length()) if bits >> place & 1]
            if isinstance(kind.of, Choice):
                return frozenset(_ordinals(kind.of)[place] for place in places)
            return frozenset(texts.text(place) for place in places)
    assert_never(kind)


def _ordinals(kind: Choice) -> list[str]:
    return [option for option, _ in kind.options]


def _closed(value: Value, extent: Value) -> tuple[object, object]:
    low, high = values.ends(Interval(None, None) if value is UNKNOWN else value)
    least, most = (None, None) if extent is UNKNOWN else values.ends(extent)
    return least if low is None else low, most if high is None else high


def _between(low: Number | None, high: Number | None) -> Triple:
    if low is None or high is None:
        raise OpenEnd
    return Triple(low, high, low != high)


def _day(end: date | None) -> int | None:
    return None if end is None else end.toordinal()


def _known(number: int) -> Triple:
    return Triple(number, number, False)


# ---- what nodes do

Shared: TypeAlias = (
    core.Not
    | core.And
    | core.Or
    | core.HowMany
    | core.If
    | core.Compare
    | core.Scale
    | core.Sum
    | core.Product
    | core.Least
    | core.Greatest
    | core.Absolute
    | core.Rounded
    | core.Within
    | core.Sharper
)
"""the nodes that look at nothing but the triples of their operands, without a division"""


def combine(node: Shared, parts: Sequence[Triple]) -> Triple:
    """The triple of a node, from those of `operands(node)` in their order. Least and greatest are picked, added and
    multiplied; only `if` asks which of its operands counts."""
    match node:
        case core.Not():
            (one,) = parts
            return _between(1 - one.high, 1 - one.low)
        case core.And():
            return _between(min([1, *_lows(parts)]), min([1, *_highs(parts)]))
        case core.Or():
            return _between(max([0, *_lows(parts)]), max([0, *_highs(parts)]))
        case core.HowMany() | core.Sum():
            return _between(sum(_lows(parts)), sum(_highs(parts)))
        case core.If():
            return _if(node, *parts)
        case core.Compare():
            return _compare(node, *parts)
        case core.Scale(factor=factor):
            (one,) = parts
            ends = (factor * one.low, factor * one.high)
            return _between(min(ends), max(ends))
        case core.Product():
            left, right = parts
            products = [one * other for one in (left.low, left.high) for other in (right.low, right.high)]
            return _between(min(products), max(products))
        case core.Least():
            return _between(min(_lows(parts)), min(_highs(parts)))
        case core.Greatest():
            return _between(max(_lows(parts)), max(_highs(parts)))
        case core.Absolute():
            (one,) = parts
            return _between(max(one.low, -one.high, 0), max(one.high, -one.low))
        case core.Rounded():
            amount, step = (values.interval(part.low, part.high) for part in parts)
            low, high = values.ends(values.round_to(node.function, amount, step))
            return _between(cast("Number | None", low), cast("Number | None", high))
        case core.Within():
            return _within(node, *parts)
        case core.Sharper():
            one, told = parts
            return told if one.unknown else one
    assert_never(node)


def _lows(parts: Sequence[Triple]) -> list[Number]:
    return [part.low for part in parts]


def _highs(parts: Sequence[Triple]) -> list[Number]:
    return [part.high for part in parts]


def _if(node: core.If, test: Triple, then: Triple, otherwise: Triple) -> Triple:
    if not test.unknown:
        return then if test.low else otherwise
    if isinstance(node.type, Truth | Quantity | DateType):
        return _between(min(then.low, otherwise.low), max(then.high, otherwise.high))
    if not (then.unknown or otherwise.unknown) and then.low == otherwise.low:
        return then
    return Triple(0, len(node.type.options) - 1 if isinstance(node.type, Choice) else 0, True)


def _within(node: core.Within, one: Triple, *limits: Triple) -> Triple:
    if not one.unknown:
        return one
    low, high = one.low, one.high
    day = 1 if isinstance(node.type, DateType) else 0
    for operator, limit in zip(node.operators, limits, strict=True):
        if operator in ("<", "<=", "="):
            high = min(high, limit.high - day * (operator == "<"))
        if operator in (">", ">=", "="):
            low = max(low, limit.low + day * (operator == ">"))
    return one if low > high else _between(low, high)


def _compare(node: core.Compare, left: Triple, right: Triple) -> Triple:
    holds = values.HOLDS[node.operator]
    surely, maybe = _equal(node.left, left, right)
    match node.operator:
        case "=":
            return _truth(surely, maybe)
        case "!=":
            return _truth(not maybe, not surely)
        case "<" | "<=":
            return _truth(holds(left.high, right.low), holds(left.low, right.high))
        case ">" | ">=":
            return _truth(holds(left.low, right.high), holds(left.high, right.low))
    assert_never(node.operator)


def _equal(side: CoreExpression, left: Triple, right: Triple) -> tuple[bool, bool]:
    """Whether they are equal for sure, and whether they can be."""
    unknown = left.unknown or right.unknown
    if isinstance(side.type, Quantity | DateType):
        return not unknown and left.low == right.low, left.low <= right.high and right.low <= left.high
    return not unknown and left.low == right.low, unknown or left.low == right.low


def _truth(surely: bool, maybe: bool) -> Triple:
    return TRUE if surely else EITHER if maybe else FALSE
