"""Values as they can be compared: counted in base units, with the dimension.

In: a back end's value with its type; an entry's expectation.  Out: the same form of both.
"""

from __future__ import annotations

import re
from datetime import date
from fractions import Fraction
from typing import Final, TypeAlias, cast

from engine.language.types import Choice, DateType, ItemOf, Place, Quantity, Several, Text, Truth, Type
from engine.language.units import ONE, Unit, parse_unit
from engine.language.values import UNKNOWN, Interval, Value
from engine.source import UnitWords
from tests.conformance.suite import Between, Expected, Known, NotKnown

Comparable: TypeAlias = tuple[object, ...]

_TYPES: Final[dict[str, type]] = {
    "truth": Truth,
    "choice": Choice,
    "text": Text,
    "place": Place,
    "item": ItemOf,
    "several": Several,
    "list": list,
}

DECLARED_UNITS: UnitWords = (("澳元", 2), ("日元", 0), ("课时", None), ("kWh", 1))
"""what the policy of the world declares"""


def shown(kind: Type, value: Value) -> Comparable:
    """What a back end answered."""
    if value is UNKNOWN:
        assert not isinstance(kind, (Quantity, DateType)), "a quantity or date is an interval, never unknown"
        return ("unknown", type(kind))
    if isinstance(kind, Quantity):
        ends = (value.low, value.high) if isinstance(value, Interval) else (value,)
        counted = [None if end is None else Fraction(cast("int", end)) * kind.unit.factor for end in ends]
        assert all(type(end) in (int, Fraction, type(None)) for end in ends)
        return (kind.unit.dimension, *counted)
    if isinstance(kind, DateType):
        return ("date", value.low, value.high) if isinstance(value, Interval) else ("date", value)
    return (type(value), value)


def wanted(expected: Expected) -> Comparable:
    """What the entry says, in the same form."""
    match expected:
        case NotKnown(type=name):
            return ("unknown", _TYPES[name])
        case Between(low=low, high=high, unit=unit):
            ends = low, high
            if unit == "date" or any(end is not None and _is_date(end) for end in ends):
                return ("date", *(None if end is None else date.fromisoformat(end) for end in ends))
            counted = _unit(unit)
            return (counted.dimension, *(None if end is None else Fraction(end) * counted.factor for end in ends))
        case Known(text=text, unit=unit):
            return _known(text, unit)
    raise AssertionError("a fault has no value")


def _known(text: str, unit: str | None) -> Comparable:
    if text in ("yes", "no"):
        return (bool, text == "yes")
    if _is_date(text):
        return ("date", date.fromisoformat(text))
    if unit is None and not re.fullmatch(r"-?[0-9]+(\.[0-9]+)?(/[0-9]+)?", text):
        return (str, text)
    counted = _unit(unit)
    return (counted.dimension, Fraction(text) * counted.factor)


def _unit(text: str | None) -> Unit:
    """A unit, where `1/人` says per person."""
    if text is None:
        return ONE
    unit = parse_unit(text.removeprefix("1/"), DECLARED_UNITS)
    assert unit is not None, text
    return ONE / unit if text.startswith("1/") else unit


def _is_date(text: str) -> bool:
    return re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text) is not None
