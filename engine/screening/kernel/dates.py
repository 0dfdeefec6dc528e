"""Days, months and years in native code, as `language.values` counts them.

In: days as `date.toordinal` counts them.  Out: likewise. Imports `arithmetic`, `ir`, and the names of functions.
"""

from __future__ import annotations

from datetime import date
from typing import Final, assert_never

from engine.language.ast import BetweenFunction, DateFunction
from engine.language.values import LeapDay
from engine.records import dataclass
from engine.screening.kernel.arithmetic import Arithmetic, End, Number, constant, point
from engine.screening.kernel.ir import ONE, ZERO, Function, Int, whole

_LAST: Final = date.max.toordinal()
_MONTHS: Final = 120_000
"""the first month that is no more: January of year 10000"""


@dataclass(frozen=True, slots=True)
class _Civil:
    """`month` counts from January of year 0, `day` from 1."""

    month: Int
    day: Int


class Dates:
    def __init__(self, arithmetic: Arithmetic) -> None:
        self._a = arithmetic
        self._f: Function = arithmetic.f

    def between(self, function: BetweenFunction, start: Number, end: Number, leap_day: LeapDay) -> Number:
        if start.known and end.known:
            return point(End(self._count(function, start.low.above, end.low.above, leap_day)))
        fewest = self._count(function, start.high.above, end.low.above, leap_day)
        most = self._count(function, start.low.above, end.high.above, leap_day)
        return Number(End(fewest), End(most))

    def shift(self, part: str, day: Number, amount: Number, leap_day: LeapDay) -> Number:
        low = self._moved(part, day.low.above, self._a.floor(amount.low), leap_day)
        if day.known and amount.known:
            return point(End(low))
        return Number(End(low), End(self._moved(part, day.high.above, self._a.ceiling(amount.high), leap_day)))

    def part(self, function: DateFunction, day: Number) -> Number:
        low = point(End(self._part(function, day.low.above)))
        if day.known:
            return low
        high = point(End(self._part(function, day.high.above)))
        both = Number(low.low, high.low)
        match function:
            case "year" | "month_start" | "month_end":
                return both
            case "month":
                years = [self._part("year", end.above) for end in (day.low, day.high)]
                return self._a.pick(self._f.compare("=", *years), both, Number(constant(1).low, constant(12).low))
            case "day":
                months = [self._civil(end.above).month for end in (day.low, day.high)]
                latest = self._latest(day.high.above, *months)
                return self._a.pick(self._f.compare("=", *months), both, Number(constant(1).low, End(latest)))
        assert_never(function)

    def _latest(self, last: Int, month: Int, other: Int) -> Int:
        """The greatest day of the month among days of more than one month."""
        f = self._f
        following = f.compare("=", f.add(month, ONE), other)
        ends = f.greatest(self._length(month), self._civil(last).day)
        return f.pick(following, ends, whole(31))

    def _part(self, function: DateFunction, day: Int) -> Int:
        f, civil = self._f, self._civil(day)
        match function:
            case "year":
                return f.divide(civil.month, whole(12))
            case "month":
                return f.add(f.remainder(civil.month, 12), ONE)
            case "day":
                return civil.day
            case "month_start":
                return self._first(civil.month)
            case "month_end":
                return f.add(self._first(civil.month), f.subtract(self._length(civil.month), ONE))
        assert_never(function)

    def _moved(self, part: str, day: Int, amount: Int, leap_day: LeapDay) -> Int:
        f = self._f
        if part == "days":
            return f.least(f.greatest(f.add(day, amount), ONE), whole(_LAST))
        return self._shifted(day, amount, leap_day)

    def _shifted(self, day: Int, months: Int, leap_day: LeapDay) -> Int:
        f, civil = self._f, self._civil(day)
        index = f.add(civil.month, months)
        month = f.least(f.greatest(index, whole(12)), whole(_MONTHS - 1))
        first, length = self._first(month), self._length(month)
        found = f.add(first, f.subtract(f.least(civil.day, length), ONE))
        if leap_day == "03-01":
            february = [f.compare("=", f.remainder(one, 12), ONE) for one in (civil.month, month)]
            passed = f.both(f.compare("<", length, civil.day), *february)
            found = f.pick(passed, f.add(first, length), found)
        found = f.pick(f.compare("<", index, whole(12)), ONE, found)
        found = f.pick(f.compare(">=", index, whole(_MONTHS)), whole(_LAST), found)
        return f.least(f.greatest(found, ONE), whole(_LAST))

    def _count(self, function: BetweenFunction, start: Int, end: Int, leap_day: LeapDay) -> Int:
        f = self._f
        if function == "days_between":
            return f.subtract(end, start)
        turned = f.compare("<", end, start)
        one, other = f.pick(turned, end, start), f.pick(turned, start, end)
        months = f.greatest(f.subtract(self._civil(other).month, self._civil(one).month), ZERO)
        early = f.compare(">", self._shifted(one, months, leap_day), other)
        size = f.greatest(f.subtract(months, f.counted(early)), ZERO)
        if function == "years_between":
            size = f.divide(size, whole(12))
        return size if turned.name == "false" else f.pick(turned, f.negative(size), size)

    def _civil(self, day: Int) -> _Civil:
        f = self._f
        z = f.add(day, whole(305))  # since 1 March of year 0
        era = f.divide(z, whole(146_097))
        of_era = f.remainder(z, 146_097)
        less = f.add(f.divide(of_era, whole(1_460)), f.divide(of_era, whole(146_096)))
        years = f.add(f.subtract(of_era, less), f.divide(of_era, whole(36_524)))
        year = f.divide(f.ranged(years, 0, 146_097), whole(365))
        before = f.subtract(f.add(f.multiply(year, whole(365)), f.divide(year, whole(4))), f.divide(year, whole(100)))
        of_year = f.ranged(f.subtract(of_era, before), 0, 365)
        march = f.ranged(f.divide(f.add(f.multiply(of_year, whole(5)), whole(2)), whole(153)), 0, 11)
        begins = f.divide(f.add(f.multiply(march, whole(153)), whole(2)), whole(5))
        date_ = f.ranged(f.add(f.subtract(of_year, begins), ONE), 1, 31)
        # March of a year is its third month; January and February are those of the next
        month = f.add(f.multiply(f.add(f.multiply(era, whole(400)), year), whole(12)), f.add(march, whole(2)))
        return _Civil(f.ranged(month, 12, _MONTHS - 1), date_)

    def _first(self, month: Int) -> Int:
        """The first day of a month."""
        f = self._f
        since = f.subtract(month, whole(2))  # months since March of year 0
        year, march = f.divide(since, whole(12)), f.remainder(since, 12)
        leaps = f.add(f.subtract(f.divide(year, whole(4)), f.divide(year, whole(100))), f.divide(year, whole(400)))
        of_year = f.divide(f.add(f.multiply(march, whole(153)), whole(2)), whole(5))
        day = f.add(f.add(f.multiply(year, whole(365)), leaps), of_year)
        return f.ranged(f.subtract(day, whole(305)), 1, _LAST + 1)

    def _length(self, month: Int) -> Int:
        f = self._f
        return f.ranged(f.subtract(self._first(f.add(month, ONE)), self._first(month)), 28, 31)
