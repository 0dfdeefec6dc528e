"""What is known of one household: its facts as typed values, exact and with units counted.

In: `household` fills `HouseholdFacts` from JSON.  Out: `frame` lays them out for the interpreter.
A fact that is not known is the interval of its declared bounds, or `UNKNOWN`. Imports policy and language.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Final, TypeAlias, assert_never

from engine.diagnostics import Diagnostic
from engine.language.types import Choice, DateType, Place, Quantity, Several, Text, Truth
from engine.language.units import MONEY, ONE, Unit, parse_unit
from engine.language.values import UNKNOWN, Number, Unknown, Value, interval, number
from engine.policy.model import Fact, Parameter

MOST_ITEMS: Final = 1_000
MOST_DIGITS: Final = 10
"""digits before the point of a number in a household"""
FIRST_DAY: Final = date(1900, 1, 1)
LAST_DAY: Final = date(2199, 12, 31)

FactPlace: TypeAlias = tuple[str, int, str]
"""(collection, index of the item, fact); ("", -1, fact) for a fact of the household"""
Item: TypeAlias = Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class HouseholdFacts:
    """Attributes:
    id, place, as_of: the facts in the roles `identity`, `place` and `as_of`.
    household: every declared fact of the household, by id.
    items: of each collection its items, each with every declared fact; `UNKNOWN` where the list was not given.
    defaulted: the facts left out for which the declared default stands, in document order.
    warnings: what the reader noticed but let pass.
    """

    id: str
    place: str
    as_of: date
    household: Mapping[str, Value]
    items: Mapping[str, tuple[Item, ...] | Unknown]
    defaulted: tuple[FactPlace, ...] = ()
    warnings: tuple[Diagnostic, ...] = ()


def path_of(place: FactPlace) -> str:
    """The JSON path: `residence`, `members[0].medical_gross`."""
    collection, index, fact = place
    return f"{collection}[{index}].{fact}" if collection else fact


def written_steps(fact: Fact) -> int:
    """How many counts of the fact's unit one of the written unit is: 100 for 元, which is counted in 分.

    INVARIANT: a declared fact's unit is its written unit divided by ten to the power of `decimals`.
    """
    return int(10**fact.decimals)


def unknown_value(fact: Fact) -> Value:
    """What a fact can be before it is known: its declared bounds, and the bounds of what can be written."""
    match fact.type:
        case Quantity():
            most = 10**MOST_DIGITS * written_steps(fact) - 1
            return interval(0 if fact.least is None else fact.least, most if fact.most is None else fact.most)
        case DateType():
            return interval(fact.least or FIRST_DAY, fact.most or LAST_DAY)
        case Truth() | Choice() | Text() | Place() | Several():
            return UNKNOWN
    assert_never(fact.type)


def unknown_parameter(parameter: Parameter) -> Value:
    """What a parameter without a value in force can be: its declared bounds; from 0 up for the rest."""
    if not isinstance(parameter.type, Quantity):
        return UNKNOWN
    most = _greatest_written(parameter.type, written_unit(parameter.unit_text, parameter.type.unit))
    return interval(
        0 if parameter.least is None else parameter.least, most if parameter.most is None else parameter.most
    )


def written_unit(text: str, counted: Unit) -> Unit:
    """The unit that an author wrote for values counted in `counted`; the customary one where the text has none."""
    unit = parse_unit(text) if text else None
    return unit if unit is not None and unit.dimension == counted.dimension else customary_unit(counted)


def customary_unit(unit: Unit) -> Unit:
    """The unit of the same dimension in which people write: 元 for money, 月, 人, 平方米 for the rest."""
    return Unit(unit.dimension, ONE.factor * Fraction(100) ** unit.dimension.power(MONEY))


def _greatest_written(kind: Quantity, written: Unit) -> Number:
    greatest = Fraction(10**MOST_DIGITS - 1) if kind.whole else Fraction(10 ** (MOST_DIGITS + 2) - 1, 100)
    return number(greatest * written.factor / kind.unit.factor)
