"""Days, months and years for the solver, as `language.values` counts them.

In: days as `date.toordinal` counts them, each with the years in which it lies.  Out: likewise. Of a day that is not
known its year, month and place in it are variables, told by the day: there is always just one of each. Imports `terms`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Final, TypeAlias, assert_never

from engine.language.ast import BetweenFunction, DateFunction
from engine.language.values import LeapDay
from engine.proof import terms
from engine.proof.terms import Bit, Int
from engine.records import dataclass

Years: TypeAlias = tuple[int, int]
"""the first and the last in which a day can lie"""
EVER: Final[Years] = (date.min.year, date.max.year)
LAST: Final = date.max.toordinal()
_FEW: Final = 400
"""years in which every century is asked about by itself"""
_BEFORE: Final = tuple((date(2001, month, 1) - date(2001, 1, 1)).days for month in range(1, 13))
"""the days of a year before each month, where there is no leap day"""


@dataclass(frozen=True, slots=True)
class _Civil:
    """`month` counts from 0, `day` from 1."""

    years: Years
    year: Int
    month: Int
    day: Int


class Calendar:
    """Args:
    fresh: makes a variable, by a name that others may have, too.
    say: takes what holds of the variables that were made.
    """

    def __init__(self, fresh: Callable[[str], Int], say: Callable[[Bit], None]) -> None:
        self._fresh, self._say = fresh, say
        self._known: dict[int, tuple[Int, _Civil]] = {}

    def part(self, function: DateFunction, day: Int, years: Years) -> Int:
        civil = self._civil(day, years)
        match function:
            case "year":
                return civil.year
            case "month":
                return terms.add((civil.month, 1))
            case "day":
                return civil.day
            case "month_start":
                return terms.add((day, terms.negative(civil.day), 1))
            case "month_end":
                return terms.add((day, terms.negative(civil.day), _length(civil.years, civil.year, civil.month)))
        assert_never(function)

    def shift(self, part: str, day: Int, amount: Int, leap_day: LeapDay, years: Years, found_in: Years) -> Int:
        """Args: found_in: the years in which the result can lie; at the ends of all it may have been stopped there."""
        if part == "days":
            return terms.least((terms.greatest((terms.add((day, amount)), 1)), LAST))
        civil = self._civil(day, years)
        total = terms.add((civil.month, amount))
        year, month = terms.add((civil.year, terms.divide(total, 12))), terms.remainder(total, 12)
        early, late = terms.compare("<", year, EVER[0]), terms.compare(">", year, EVER[1])
        bounded = EVER[0] < found_in[0] and found_in[1] < EVER[1]
        if not bounded:
            year = terms.least((terms.greatest((year, EVER[0])), EVER[1]))
        length = _length(found_in, year, month)
        last = terms.least((civil.day, length))
        if leap_day == "03-01":
            tests = (
                terms.compare("<", length, civil.day),
                *(terms.compare("=", one, 1) for one in (civil.month, month)),
            )
            passed = terms.both(tests)
            month, last = terms.pick(passed, 2, month), terms.pick(passed, 1, last)
        found = terms.add((_first(found_in, year, month), last, -1))
        if bounded:
            self._keep(found, _Civil(found_in, year, month, last))
            return found
        return terms.pick(early, 1, terms.pick(late, LAST, found))

    def between(
        self, function: BetweenFunction, start: Int, end: Int, leap_day: LeapDay, years: tuple[Years, Years]
    ) -> Int:
        """Args: years: of the start and of the end."""
        if function == "days_between":
            return terms.subtract(end, start)
        turned = terms.compare("<", end, start)
        one, other = self._civil(start, years[0]), self._civil(end, years[1])
        forth, back = _completed(function, one, other, leap_day), _completed(function, other, one, leap_day)
        return terms.pick(turned, terms.negative(back), forth)

    def _civil(self, day: Int, years: Years) -> _Civil:
        if isinstance(day, int):
            known = date.fromordinal(day)
            return _Civil((known.year, known.year), known.year, known.month - 1, known.day)
        found = self._known.get(day.get_id())
        if found is None:
            civil = _Civil(years, self._fresh("year"), self._fresh("month"), self._fresh("day"))
            for number, low, high in ((civil.year, *years), (civil.month, 0, 11), (civil.day, 1, 31)):
                self._say(terms.both((terms.compare(">=", number, low), terms.compare("<=", number, high))))
            self._say(terms.compare("<=", civil.day, _length(years, civil.year, civil.month)))
            self._say(terms.compare("=", day, terms.add((_first(years, civil.year, civil.month), civil.day, -1))))
            return self._keep(day, civil)
        return found[1]

    def _keep(self, day: Int, civil: _Civil) -> _Civil:
        if not isinstance(day, int):
            self._known[day.get_id()] = (day, civil)  # the term is kept, or its number would be another's
        return civil


def _completed(function: BetweenFunction, start: _Civil, end: _Civil, leap_day: LeapDay) -> Int:
    """Where the start is not after the end; else nothing rests on it."""
    length = _length(end.years, end.year, end.month)
    clamped = terms.compare(">", length, end.day)  # the day is not the last of its month
    if leap_day == "03-01":
        months = (terms.compare("=", one.month, 1) for one in (start, end))
        clamped = terms.either((clamped, terms.both((*months, terms.compare("<", length, start.day)))))
    early = terms.both((terms.compare(">", start.day, end.day), clamped))
    months_more = terms.add((end.month, terms.negative(start.month), terms.negative(terms.counted(early))))
    years = terms.add((end.year, terms.negative(start.year)))
    if function == "months_between":
        return terms.add((terms.multiply(12, years), months_more))
    return terms.add((years, terms.negative(terms.counted(terms.compare("<", months_more, 0)))))


def _first(years: Years, year: Int, month: Int) -> Int:
    """The first day of a month."""
    before: Int = _BEFORE[11]
    for at in range(10, -1, -1):
        before = terms.pick(terms.compare("=", month, at), _BEFORE[at], before)
    leap = terms.both((_is_leap(years, year), terms.compare(">=", month, 2)))
    past = terms.add((year, -1))
    return terms.add((terms.multiply(365, past), _leaps(years, past), before, terms.counted(leap), 1))


def _leaps(years: Years, past: Int) -> Int:
    """How many leap years there were up to a year, from year 1 on."""
    low, high = years
    if high - low > _FEW:
        parts = terms.negative(terms.divide(past, 100)), terms.divide(past, 400)
        return terms.add((terms.divide(past, 4), *parts))
    passed = low // 100 - low // 400
    centuries = [one for one in _centuries(years) if one > low]
    later = (terms.negative(terms.counted(terms.compare(">=", past, one))) for one in centuries)
    first = 1 if low % 100 == 0 and low % 400 else 0  # that of the first year itself is not past yet
    at_first = terms.counted(terms.compare("<", past, low)) if first else 0
    return terms.add((terms.divide(past, 4), -passed, *later, at_first))


def _centuries(years: Years) -> list[int]:
    """The years of a hundred without a leap day, from the first year to the last."""
    return [year for year in range(years[0] // 100 * 100, years[1] + 1, 100) if year >= years[0] and year % 400]


def _is_leap(years: Years, year: Int) -> Bit:
    fourth = terms.compare("=", terms.remainder(year, 4), 0)
    if years[1] - years[0] <= _FEW:
        return terms.both((fourth, *(terms.compare("!=", year, one) for one in _centuries(years))))
    in_hundred, in_all = (terms.compare("=", terms.remainder(year, by), 0) for by in (100, 400))
    return terms.both((fourth, terms.either((terms.no(in_hundred), in_all))))


def _length(years: Years, year: Int, month: Int) -> Int:
    short = terms.either(terms.compare("=", month, at) for at in (3, 5, 8, 10))
    february = terms.pick(_is_leap(years, year), 29, 28)
    return terms.pick(terms.compare("=", month, 1), february, terms.pick(short, 30, 31))
