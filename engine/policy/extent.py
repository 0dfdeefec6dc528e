"""How far a fact or a parameter can reach before it is known: its declared bounds, and what can be written at all.

In: a declaration.  Out: an interval, or unknown. The static checks and every decision start from the same extents.
Imports model and language.
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Final, assert_never

from engine.language.types import Choice, DateType, ItemOf, Place, Quantity, Several, Text, Truth
from engine.language.units import Unit, declared_in, natural_unit, parse_unit
from engine.language.values import UNKNOWN, Number, Value, interval, number
from engine.policy.model import Fact, Parameter

MOST_DIGITS: Final = 10
"""digits before the point of a number in a household or a policy"""
WIDEST_DIGITS: Final = 15
"""digits before the point of a fact whose bounds declare more than `MOST_DIGITS`; a double holds every such number"""
FIRST_DAY: Final = date(1900, 1, 1)
LAST_DAY: Final = date(2199, 12, 31)


def fact_extent(fact: Fact) -> Value:
    """INVARIANT: a quantity's unit is its written unit divided by ten to the power of `decimals`."""
    match fact.type:
        case Quantity():
            most: Number = int(10 ** (fact_digits(fact) + fact.decimals)) - 1
            least = fact.least if isinstance(fact.least, int | Fraction) else 0
            return interval(least, fact.most if isinstance(fact.most, int | Fraction) else most)
        case DateType():
            first = fact.least if isinstance(fact.least, date) else FIRST_DAY
            return interval(first, fact.most if isinstance(fact.most, date) else LAST_DAY)
        case Truth() | Choice() | Text() | Place() | ItemOf() | Several():
            return UNKNOWN
    assert_never(fact.type)


def is_signed(fact: Fact) -> bool:
    """Whether a quantity may be below zero: where its declared least is."""
    return isinstance(fact.least, int | Fraction) and fact.least < 0


def fact_digits(fact: Fact) -> int:
    """The digits that a quantity may have before the point: `MOST_DIGITS`, or as many as its wider bound has."""
    bounds = [abs(int(end)) for end in (fact.least, fact.most) if isinstance(end, int | Fraction)]
    steps = int(10**fact.decimals)
    return max(MOST_DIGITS, len(str(max(bounds, default=0) // steps)))


def parameter_extent(parameter: Parameter) -> Value:
    """From 0, or the declared least, to the declared most or the greatest number that can be written; any day."""
    if isinstance(parameter.type, DateType):
        return interval(FIRST_DAY, LAST_DAY)
    if not isinstance(parameter.type, Quantity):
        return UNKNOWN
    written = written_unit(parameter.unit_text, parameter.type.unit)
    greatest = Fraction(10**MOST_DIGITS - 1) if parameter.type.whole else Fraction(10 ** (MOST_DIGITS + 2) - 1, 100)
    most = number(greatest * written.factor / parameter.type.unit.factor)
    return interval(
        0 if parameter.least is None else parameter.least, most if parameter.most is None else parameter.most
    )


def written_unit(text: str, counted: Unit) -> Unit:
    """The unit that an author wrote for values counted in `counted`; the customary one where the text has none."""
    unit = parse_unit(text, declared_in(counted.dimension)) if text else None
    return unit if unit is not None and unit.dimension == counted.dimension else customary_unit(counted)


def customary_unit(unit: Unit) -> Unit:
    """The unit of the same dimension in which people write: 元 for money, 月, 人, 平方米 for the rest."""
    return natural_unit(unit.dimension)
