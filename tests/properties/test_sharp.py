"""Of one operand that is not known, functions say no more and no less than what its completions come to."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from typing import Final, cast, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.language.ast import BetweenFunction, DateFunction, RoundFunction
from engine.language.values import (
    LeapDay,
    Number,
    Point,
    Value,
    between,
    date_part,
    ends,
    interval,
    number,
    round_to,
    scale,
    shift_date,
    shift_months,
    unsigned,
)

_DAYS: Final = st.builds(
    lambda first, more: [first + timedelta(each) for each in range(more + 1)],
    st.one_of(st.dates(date(1999, 11, 1), date(2005, 3, 1)), st.sampled_from((date.min, date(9996, 2, 28)))),
    st.one_of(st.integers(0, 65), st.integers(0, 800)),
)


def _hull(values: list[Value]) -> Value:
    points: list[Point] = [value for value in values if not isinstance(value, str)]  # type: ignore[misc]  # numbers or dates
    return interval(min(points), max(points))  # type: ignore[arg-type]  # all numbers, or all dates


@pytest.mark.parametrize("function", get_args(DateFunction))
@given(days=_DAYS)
def test_parts_of_dates(function: DateFunction, days: list[date]) -> None:
    assert date_part(function, interval(days[0], days[-1])) == _hull([date_part(function, day) for day in days])


@pytest.mark.parametrize("function", get_args(BetweenFunction))
@given(days=_DAYS, other=st.dates(date(1998, 1, 1), date(2006, 1, 1)), leap_day=st.sampled_from(get_args(LeapDay)))
def test_between_dates(function: BetweenFunction, days: list[date], other: date, leap_day: LeapDay) -> None:
    unknown = interval(days[0], days[-1])
    later = between(function, unknown, other, leap_day)
    assert later == _hull([between(function, day, other, leap_day) for day in days])
    low, high = ends(later)
    assert between(function, other, unknown, leap_day) == interval(-high, -low)  # type: ignore[operator]  # numbers


@given(low=st.integers(-30, 30), more=st.integers(0, 30))
def test_absolute_numbers(low: int, more: int) -> None:
    found = [unsigned(low + each) for each in range(more + 1)]
    assert found == [abs(low + each) for each in range(more + 1)]
    assert unsigned(interval(low, low + more)) == _hull(found)


@pytest.mark.parametrize("function", get_args(RoundFunction))
@given(low=st.integers(-60, 60), more=st.integers(0, 60), step=st.sampled_from((1, 2, 5, Fraction(3, 2))))
def test_rounded_numbers(function: RoundFunction, low: int, more: int, step: Number) -> None:
    quarters = [number(Fraction(low + each, 4)) for each in range(more + 1)]
    rounded = [cast("Number", round_to(function, each, step)) for each in quarters]
    assert round_to(function, interval(quarters[0], quarters[-1]), step) == _hull([*rounded])
    assert [round_to(function, -each, step) for each in quarters] == [scale(-1, each) for each in rounded]
    for exact, found in zip(map(Fraction, quarters), map(Fraction, rounded), strict=True):
        assert (found / step).denominator == 1
        assert abs(found - exact) < step
        match function:
            case "round_down":
                assert abs(found) <= abs(exact)
            case "round_up":
                assert abs(found) >= abs(exact)
            case "round" | "round_half_even":
                assert 2 * abs(found - exact) <= step


@pytest.mark.parametrize("function", get_args(RoundFunction))
@given(
    value=st.fractions(-20, 20, max_denominator=4).map(number),
    low=st.fractions(Fraction(1, 4), 9, max_denominator=4),
    more=st.fractions(0, 9, max_denominator=4),
)
def test_rounded_to_an_unknown_step(function: RoundFunction, value: Number, low: Fraction, more: Fraction) -> None:
    """All that it may come to, and less than one step more."""
    unknown = round_to(function, value, interval(number(low), number(low + more)))
    found = [round_to(function, value, number(low + more * Fraction(part, 60))) for part in range(61)]
    (least, most), (inner_least, inner_most) = (
        cast("tuple[Number, Number]", ends(each)) for each in (unknown, _hull(found))
    )
    assert least <= inner_least <= inner_most <= most
    assert inner_least - least <= low + more
    assert most - inner_most <= low + more


@given(days=_DAYS, months=st.integers(-60, 60), leap_day=st.sampled_from(get_args(LeapDay)))
def test_moved_dates(days: list[date], months: int, leap_day: LeapDay) -> None:
    moved = shift_date("months", interval(days[0], days[-1]), months, leap_day)
    assert moved == _hull([shift_date("months", day, months, leap_day) for day in days])


@given(
    start=st.one_of(st.dates(date(1999, 1, 1), date(2005, 12, 31)), st.just(date(2004, 2, 29))),
    end=st.dates(date(1999, 1, 1), date(2009, 3, 1)),
    leap_day=st.sampled_from(get_args(LeapDay)),
)
def test_completed_months_and_years_are_the_most_that_end_by_the_day(start: date, end: date, leap_day: LeapDay) -> None:
    if end < start:
        start, end = end, start
    months, years = (between(each, start, end, leap_day) for each in ("months_between", "years_between"))
    for count in (months, 12 * years):  # type: ignore[operator]  # numbers
        assert isinstance(count, int)
        assert shift_months(start, count, leap_day) <= end
    assert end < shift_months(start, months + 1, leap_day)  # type: ignore[operator, arg-type]  # numbers
    assert end < shift_months(start, 12 * years + 12, leap_day)  # type: ignore[operator, arg-type]  # numbers
