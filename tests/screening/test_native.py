"""Numbers in native code: none ever wraps, however far the ranges go, and each is what Python makes of it."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.language import values
from engine.screening.kernel.arithmetic import Arithmetic, End, Number, point
from engine.screening.kernel.dates import Dates
from engine.screening.kernel.ir import ONE, Function, Int, TooWide, whole
from tests.screening.native import Range, run

FAR = 2**62
CALENDAR = (date(1900, 1, 1).toordinal(), date(2199, 12, 31).toordinal())
LEAP_DAYS: tuple[values.LeapDay, ...] = ("02-28", "03-01")

Operation = tuple[Any, ...]
"""`("input", 0)`, or the name of an operation and the operations that it is made of"""

EXACT: dict[str, Callable[..., int]] = {
    "add": lambda a, b: a + b,
    "subtract": lambda a, b: a - b,
    "multiply": lambda a, b: a * b,
    "least": min,
    "greatest": max,
    "divide_down": lambda a, b: a // (abs(b) + 1),
    "pick": lambda a, b: a if a < b else b - a,
}


def operations() -> st.SearchStrategy[Operation]:
    leaves = st.tuples(st.just("input"), st.integers(0, 2))
    return st.recursive(leaves, lambda inner: st.tuples(st.sampled_from(sorted(EXACT)), inner, inner), max_leaves=6)


def worth(operation: Operation, row: list[int]) -> int:
    if operation[0] == "input":
        return row[operation[1]]
    return EXACT[operation[0]](*(worth(one, row) for one in operation[1:]))


def written(operation: Operation, f: Function, held: list[Int]) -> Int:
    if operation[0] == "input":
        return held[operation[1]]
    one, other = (written(inner, f, held) for inner in operation[1:])
    match operation[0]:
        case "divide_down":
            size = f.greatest(other, f.negative(other))
            return f.divide_down(one, f.add(size, ONE) if size.low >= 0 else f.add(f.greatest(size, whole(0)), ONE))
        case "pick":
            return f.pick(f.compare("<", one, other), one, f.subtract(other, one))
        case name:
            found: Int = getattr(f, name)(one, other)
            return found


@st.composite
def ranges(draw: st.DrawFn) -> Range:
    ends = st.integers(-FAR, FAR) | st.sampled_from([0, 1, -1, FAR, -FAR, 10**12 - 1])
    low, high = sorted((draw(ends), draw(ends)))
    return low, high


@settings(max_examples=60)
@given(operations(), st.lists(ranges(), min_size=3, max_size=3), st.randoms(use_true_random=False))
def test_no_number_wraps_at_the_ends_of_its_range(
    operation: Operation, bounds: list[Range], rng: random.Random
) -> None:
    """At all ends, next to them, and between; and what comes out lies within the range that was worked out."""
    some = [[low, high, rng.randint(low, high), min(low + 1, high)] for low, high in bounds]
    rows = [[a, b, c] for a in some[0] for b in some[1] for c in some[2]]
    found: list[Int] = []

    def made(f: Function, held: list[Int]) -> Int:
        found.append(written(operation, f, held))
        return found[0]

    try:
        results = run(made, bounds, rows)
    except TooWide:
        return  # said beforehand, for whoever decides in its place
    assert results == [worth(operation, row) for row in rows]
    assert all(found[0].low <= result <= found[0].high for result in results)


def days(rng: random.Random, count: int) -> list[int]:
    edges = [
        date(2024, 2, 29),
        date(1900, 2, 28),
        date(2000, 2, 29),
        date(2199, 12, 31),
        date(1900, 1, 1),
        date(2023, 3, 1),
    ]
    first, last = date(1900, 1, 1).toordinal(), date(2199, 12, 31).toordinal()
    return [one.toordinal() for one in edges] + [rng.randint(first, last) for _ in range(count)]


@pytest.mark.parametrize("function", ["year", "month", "day", "month_start", "month_end"])
def test_parts_of_dates(function: Any) -> None:
    rows = [[day] for day in days(random.Random(1), 2_000)]

    def made(f: Function, held: list[Int]) -> Int:
        return Dates(Arithmetic(f)).part(function, point(End(held[0]))).low.above

    wanted = [values.date_part(function, date.fromordinal(day)) for (day,) in rows]
    assert run(made, [CALENDAR], rows) == [one.toordinal() if isinstance(one, date) else one for one in wanted]


@pytest.mark.parametrize("function", ["year", "month", "day", "month_start", "month_end"])
def test_parts_of_dates_that_are_not_known(function: Any) -> None:
    rng = random.Random(2)
    pairs = [
        sorted((day, min(max(day + rng.choice([0, 1, 27, 30, 31, 59, 365]), CALENDAR[0]), CALENDAR[1])))
        for day in days(rng, 1_000)
    ]
    for end in ("low", "high"):

        def made(f: Function, held: list[Int], end: str = end) -> Int:
            found = Dates(Arithmetic(f)).part(function, Number(End(held[0]), End(held[1])))
            above: Int = getattr(found, end).above
            return above

        wanted = [
            values.ends(values.date_part(function, values.interval(*map(date.fromordinal, pair))))[end == "high"]
            for pair in pairs
        ]
        assert run(made, [CALENDAR] * 2, pairs) == [one.toordinal() if isinstance(one, date) else one for one in wanted]


@pytest.mark.parametrize("leap_day", LEAP_DAYS)
@pytest.mark.parametrize("part", ["months", "days"])
def test_dates_moved(part: Any, leap_day: values.LeapDay) -> None:
    rng = random.Random(3)
    rows = [[day, rng.choice([0, 1, -1, 12, -12, 48, rng.randint(-120_000, 120_000)])] for day in days(rng, 2_000)]

    def made(f: Function, held: list[Int]) -> Int:
        return Dates(Arithmetic(f)).shift(part, point(End(held[0])), point(End(held[1])), leap_day).low.above

    wanted = [values.shift_date(part, date.fromordinal(day), by, leap_day) for day, by in rows]
    assert run(made, [CALENDAR, (-120_000, 120_000)], rows) == [
        one.toordinal() for one in wanted if isinstance(one, date)
    ]


@pytest.mark.parametrize("leap_day", LEAP_DAYS)
@pytest.mark.parametrize("function", ["days_between", "months_between", "years_between"])
def test_between_dates(function: Any, leap_day: values.LeapDay) -> None:
    rng = random.Random(4)
    some = days(rng, 1_000)
    rows = [[one, rng.choice([one, rng.choice(some), min(one + 365, CALENDAR[1])])] for one in some]

    def made(f: Function, held: list[Int]) -> Int:
        one, other = (point(End(one)) for one in held)
        return Dates(Arithmetic(f)).between(function, one, other, leap_day).low.above

    pairs = [(date.fromordinal(one), date.fromordinal(other)) for one, other in rows]
    wanted = [values.between(function, one, other, leap_day) for one, other in pairs]
    assert run(made, [CALENDAR] * 2, rows) == wanted


@pytest.mark.parametrize("function", ["round", "round_down", "round_up", "round_half_even"])
def test_rounding(function: Any) -> None:
    rng = random.Random(5)
    rows = [[rng.randint(-50, 50), rng.randint(1, 9)] for _ in range(500)] + [[FAR, 7], [-FAR, 2], [FAR - 1, 2]]

    def made(f: Function, held: list[Int]) -> Int:
        return Arithmetic(f).steps(function, End(held[0], held[1]))

    wanted = [values.round_to(function, values.divide(above, below), 1) for above, below in rows]
    assert run(made, [(-FAR, FAR), (1, 9)], rows) == wanted
