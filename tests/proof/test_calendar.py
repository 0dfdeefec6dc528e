"""The solver's calendar against that of the interpreter; of days that are known, and of such as are variables."""

from __future__ import annotations

import random
from datetime import date
from typing import Final

import pytest
import z3

from engine.language import values
from engine.language.values import LeapDay
from engine.proof.calendar import EVER, Calendar, Years
from engine.proof.terms import Bit, Int

WAYS: Final[tuple[LeapDay, ...]] = ("02-28", "03-01")
SPANS: Final[tuple[Years, ...]] = ((1900, 2199), (1899, 2101), (1600, 1999))


class _Made:
    def __init__(self) -> None:
        self.holds: list[Bit] = []
        self.calendar = Calendar(self._fresh, self.holds.append)
        self._count = 0

    def _fresh(self, name: str) -> Int:
        self._count += 1
        return z3.Int(f"{name}{self._count}")

    def worth(self, term: Int, *given: tuple[Int, int]) -> int:
        solver = z3.Solver()
        solver.add(*self.holds, *(one == number for one, number in given))
        assert solver.check() == z3.sat
        return term if isinstance(term, int) else int(solver.model().eval(term, True).as_long())


def _days(rng: random.Random, years: Years) -> tuple[date, date]:
    low, high = max(years[0], 2), min(years[1], 9998)
    found = []
    for _ in range(2):
        year = rng.choice((rng.randrange(low, high), 1700, 1900, 2000, 2100, 2024, 2023))
        found.append(date(min(max(year, low), high), rng.choice((1, 2, 2, 3, 12)), rng.choice((1, 15, 28))))
    one, other = found
    return values.month_end(one) if rng.random() < 0.5 else one, values.month_end(
        other
    ) if rng.random() < 0.5 else other


@pytest.mark.parametrize("years", SPANS)
@pytest.mark.parametrize("seed", range(12))
def test_days_agree(seed: int, years: Years) -> None:
    rng = random.Random(seed)
    made = _Made()
    one, other = z3.Int("one"), z3.Int("other")
    first, second = _days(rng, years)
    given = ((one, first.toordinal()), (other, second.toordinal()))
    for way in WAYS:
        for between in ("years_between", "months_between", "days_between"):
            found = made.calendar.between(between, one, other, way, (years, years))
            assert made.worth(found, *given) == values.between(between, first, second, way)
        months = rng.randrange(-60, 60)
        if years[0] + 5 < first.year < years[1] - 5:
            moved = made.calendar.shift("months", one, months, way, years, years)
            wanted = values.shift_months(first, months, way)
            assert made.worth(moved, *given) == wanted.toordinal()
            again = made.calendar.between("months_between", moved, other, way, (years, years))
            assert made.worth(again, *given) == values.completed_months(wanted, second, way)
    for part in ("year", "month", "day", "month_start", "month_end"):
        told = values.date_part(part, first)
        known = told.toordinal() if isinstance(told, date) else told
        assert made.worth(made.calendar.part(part, one, years), *given) == known


def test_days_beyond_the_calendar_stop_at_its_ends() -> None:
    made = _Made()
    day, months = date(2000, 1, 31).toordinal(), z3.Int("months")
    moved = made.calendar.shift("months", day, months, "02-28", (2000, 2000), EVER)
    assert made.worth(moved, (months, 10**7)) == date.max.toordinal()
    assert made.worth(moved, (months, -(10**7))) == date.min.toordinal()
    assert made.worth(moved, (months, 1)) == date(2000, 2, 29).toordinal()
