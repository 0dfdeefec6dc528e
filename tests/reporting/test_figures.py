"""Values as text: exact halves, tiny negatives, ranges, and what has no end."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from engine.evaluation.figures import NO_MEASURE, Measure, plain_number
from engine.language.types import Choice
from engine.language.units import ONE, parse_unit
from engine.language.values import UNKNOWN, Interval, Number
from engine.reporting.figures import decimal_text, figure, quantity, typed

FEN = Measure(parse_unit("分"), "元", Fraction(1, 100))
COUNT = Measure(parse_unit("人"), "人", Fraction(1))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (76000, "760.00"),
        (Fraction(1, 2), "0.01"),
        (Fraction(-1, 2), "-0.01"),
        (Fraction(49, 100), "0.00"),
        (Fraction(-49, 100), "0.00"),
        (123450, "1234.50"),
    ],
)
def test_money_is_rounded_half_away_from_zero(value: Number, text: str) -> None:
    assert figure(value, FEN, "zh") == text


def test_numbers_that_are_no_money_show_the_digits_they_have() -> None:
    assert figure(3, COUNT, "zh") == "3"
    assert figure(Fraction(5, 2), COUNT, "zh") == "2.5"
    assert decimal_text(Fraction(10, 3), 0) == "3.33"
    assert decimal_text(Fraction(20), 0) == "20"


def test_ranges() -> None:
    assert quantity(Interval(0, 51230), FEN, "zh") == "0.00 至 512.30 元"
    assert quantity(Interval(0, 51230), FEN, "en") == "0.00 to 512.30 元"
    assert quantity(Interval(100, None), FEN, "zh") == "至少 1.00 元"
    assert quantity(Interval(None, 100), FEN, "zh") == "至多 1.00 元"


def test_what_nothing_is_known_of_is_said_so() -> None:
    assert quantity(UNKNOWN, FEN, "zh") == "不详"
    assert quantity(Interval(0, None), FEN, "zh") == "不详"
    assert quantity(Interval(None, None), FEN, "en") == "unknown"
    # as much as can be written is no end that anyone declared
    assert quantity(Interval(0, 10**12 - 1), FEN, "zh") == "不详"
    assert figure(Interval(-(10**12), 50), FEN, "zh") == "至多 0.50"


def test_other_kinds() -> None:
    assert figure(True, NO_MEASURE, "zh") == "是"
    assert figure(False, NO_MEASURE, "en") == "no"
    assert figure(date(2023, 6, 15), NO_MEASURE, "zh") == "2023-06-15"
    assert figure(7, Measure(ONE, "", Fraction(1)), "zh") == "7"
    assert typed("urban", Choice((("urban", "城市"), ("rural", "农村"))), "zh") == "城市"


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (3, 3),
        (Fraction(1, 2), "0.50"),
        (Fraction(-1, 8), "-0.125"),
        (Fraction(12, 10**6), "0.000012"),
        (Fraction(6, 2), 3),
    ],
)
def test_a_number_as_a_household_writes_it(value: Fraction, written: int | str) -> None:
    assert plain_number(value) == written
