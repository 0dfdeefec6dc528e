"""Values as people write them: `1234.50 元/人/月`, `0.00 至 512.30`, 是, 2023-06-15.

In: a value of the core, and the measure in which it is shown.  Out: text.
Rounded half away from zero, for reading only; nothing here is compared or added.
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import assert_never, cast

from engine.diagnostics import Language
from engine.evaluation.figures import NO_MEASURE, Measure
from engine.language.types import Choice, DateType, ItemOf, Place, Quantity, Several, Text, Truth, Type
from engine.language.units import decimals_of
from engine.language.values import UNKNOWN, Interval, Number, Value, ends
from engine.say import Say

_NO_LIMIT = 10_000_000
"""a number that no household reaches: beyond it an interval has no end, for reading"""
_NO_DAY = (date(1900, 1, 1), date(2199, 12, 31))
"""the first and the last day that can be written at all: likewise"""


def figure(value: Value, measured: Measure, language: Language) -> str:
    """The value alone, without its unit; an interval as `least 至 greatest`."""
    if value is UNKNOWN:
        return _unknown(language)
    if isinstance(value, Interval):
        return _range(value, measured, language)
    if isinstance(value, bool):
        return truth(value, language)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str):
        return value
    if isinstance(value, frozenset):
        return Say(language).names(sorted(value))
    return decimal_text(Fraction(value) * measured.factor, places_of(measured))


def quantity(value: Value, measured: Measure, language: Language) -> str:
    """The value with its unit; of an amount of which nothing is known, that alone."""
    text = figure(value, measured, language)
    return text if text == _unknown(language) or not measured.text else f"{text} {measured.text}"


def typed(value: Value, of: Type, language: Language) -> str:
    """A choice's option by its label; any other value as it is."""
    match of:
        case Choice(options=options) | Several(of=Choice(options=options)):
            labels = dict(options)
            if isinstance(value, str):
                return labels.get(value, value)
            if isinstance(value, frozenset):
                chosen = [label for option, label in options if option in value]
                return Say(language).names(chosen)
        case Quantity() | Truth() | DateType() | Text() | Place() | ItemOf() | Several():
            pass
        case _:
            assert_never(of)
    return figure(value, NO_MEASURE, language)


def truth(value: bool, language: Language) -> str:
    return Say(language)("是", "yes") if value else Say(language)("否", "no")


def places_of(measured: Measure) -> int:
    """Digits after the point: fen for money, those of a declared unit, else as many as needed (none if whole)."""
    return 0 if measured.counted is None else decimals_of(measured.counted.dimension)


def decimal_text(value: Fraction, places: int) -> str:
    """Rounded half away from zero; a number that is not money keeps up to two digits where it has them."""
    if places == 0 and value.denominator != 1:
        return decimal_text(value, 2).rstrip("0").rstrip(".")
    scale = 10**places
    size = (2 * abs(value.numerator) * scale + value.denominator) // (2 * value.denominator)
    sign = "-" if value < 0 and size else ""
    whole, rest = divmod(size, scale)
    return f"{sign}{whole}.{rest:0{places}}" if places else f"{sign}{whole}"


def _range(value: Interval, measured: Measure, language: Language) -> str:
    low, high = (
        None if _boundless(end, measured) else figure(cast("Value", end), measured, language) for end in ends(value)
    )
    say = Say(language)
    if high is None and (low is None or value.low == 0):
        return _unknown(language)
    if low is not None and high is not None:
        return say(f"{low} 至 {high}", f"{low} to {high}")
    if low is not None:
        least = say("不早于", "not before") if isinstance(value.low, date) else say("至少", "at least")
        return f"{least} {low}"
    if high is not None:
        most = say("不晚于", "not after") if isinstance(value.high, date) else say("至多", "at most")
        return f"{most} {high}"
    return _unknown(language)


def _unknown(language: Language) -> str:
    return Say(language)("不详", "unknown")


def _boundless(end: Number | date | None, measured: Measure) -> bool:
    """No end; or a number or day that only says how far one may be written at all."""
    if end is None:
        return True
    if isinstance(end, date):
        return end in _NO_DAY
    return abs(Fraction(end) * measured.factor) >= _NO_LIMIT
