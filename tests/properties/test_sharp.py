"""Of one operand that is not known, functions say no more and no less than what its completions come to."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.language.ast import BetweenFunction, DateFunction
from engine.language.values import Point, Value, between, date_part, ends, interval

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
@given(days=_DAYS, other=st.dates(date(1998, 1, 1), date(2006, 1, 1)))
def test_between_dates(function: BetweenFunction, days: list[date], other: date) -> None:
    unknown = interval(days[0], days[-1])
    later = between(function, unknown, other)
    assert later == _hull([between(function, day, other) for day in days])
    low, high = ends(later)
    assert between(function, other, unknown) == interval(-high, -low)  # type: ignore[operator]  # numbers
