"""What an expression can be worth: a plain value, an interval, or unknown; and the arithmetic on them.

A number or date that is not known is an `Interval`; a truth, choice, text or set that is not known is `UNKNOWN`.
An interval whose ends meet is always the plain value, so `is_known` is a type test. Quantities are ints or
Fractions; a Fraction that is whole is always an int.
Source: docs/semantics.md. Imports the names of functions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from enum import Enum
from fractions import Fraction
from operator import eq, ge, gt, le, lt, ne
from typing import Any, Final, Literal, TypeAlias, cast

from engine.language.ast import BetweenFunction, CompareOperator, DateFunction, RoundFunction
from engine.records import dataclass


class Unknown(Enum):
    UNKNOWN = "unknown"

    def __repr__(self) -> str:
        return "UNKNOWN"


UNKNOWN: Final = Unknown.UNKNOWN

Number: TypeAlias = int | Fraction
Point: TypeAlias = bool | int | Fraction | date | str | frozenset[str]
Truth3: TypeAlias = bool | Literal[Unknown.UNKNOWN]


@dataclass(frozen=True, slots=True)
class Interval:
    """All numbers (or all dates) from `low` to `high`, both ends included; None for no end on that side.

    INVARIANT: `low` and `high` differ; `interval` is the maker that keeps it so.
    """

    low: Number | date | None
    high: Number | date | None


Value: TypeAlias = Point | Interval | Unknown


def is_known(value: Value) -> bool:
    """Whether there is just one thing that it can be."""
    return value is not UNKNOWN and type(value) is not Interval


def number(value: Number) -> Number:
    """The same number, as an int where it is whole."""
    if type(value) is Fraction and value.denominator == 1:
        return value.numerator
    return value


def interval(low: Number | date | None, high: Number | date | None) -> Value:
    """The interval, or the plain value where the ends meet."""
    if low == high and low is not None:
        return low
    return Interval(low, high)


def ends(value: Value) -> tuple[Number | date | None, Number | date | None]:
    """Least and greatest of a number or date."""
    if type(value) is Interval:
        return value.low, value.high
    return cast("tuple[Number, Number]", (value, value))


def farthest(value: Value) -> Number | None:
    """The greatest distance from zero; None where an end is open, or is no number."""
    low, high = ends(value)
    if not isinstance(low, int | Fraction) or not isinstance(high, int | Fraction):
        return None
    return max(-low, high)


# ---- truth (Kleene)


def negation(value: Value) -> Truth3:
    return UNKNOWN if value is UNKNOWN else not value


def conjunction(values: Iterable[Value]) -> Truth3:
    """False if any is false, else unknown if any is unknown; true of none."""
    result: Truth3 = True
    for value in values:
        if value is False:
            return False
        if value is UNKNOWN:
            result = UNKNOWN
    return result


def disjunction(values: Iterable[Value]) -> Truth3:
    """True if any is true, else unknown if any is unknown; false of none."""
    result: Truth3 = False
    for value in values:
        if value is True:
            return True
        if value is UNKNOWN:
            result = UNKNOWN
    return result


def how_many(values: Iterable[Value]) -> Value:
    """From the number that are true to the number that are not false."""
    low = high = 0
    for value in values:
        if value is True:
            low += 1
            high += 1
        elif value is UNKNOWN:
            high += 1
    return interval(low, high)


def hull(first: Value, second: Value) -> Value:
    """What it can be when it is one of two: the smallest interval around both, or the common value, or unknown."""
    if first is UNKNOWN or second is UNKNOWN:
        return UNKNOWN
    if type(first) is Interval or type(second) is Interval or _is_ordered(first):
        a_low, a_high = ends(first)
        b_low, b_high = ends(second)
        low = None if a_low is None or b_low is None else min(cast("Number", a_low), cast("Number", b_low))
        high = None if a_high is None or b_high is None else max(cast("Number", a_high), cast("Number", b_high))
        return interval(low, high)
    return first if first == second else UNKNOWN


def _is_ordered(value: Value) -> bool:
    return type(value) in (int, Fraction, date)


# ---- comparison


HOLDS: Final[Mapping[str, Callable[[Any, Any], Any]]] = {"<": lt, "<=": le, ">": gt, ">=": ge, "=": eq, "!=": ne}


def compare(operator: str, left: Value, right: Value) -> Truth3:
    """Decided when the ends decide it."""
    if left is UNKNOWN or right is UNKNOWN:
        return UNKNOWN
    holds = HOLDS[operator]
    if type(left) is not Interval and type(right) is not Interval:
        if type(left) is Fraction or type(right) is Fraction:
            # the fractions library looks for many kinds of number first
            a, b = cast("Number", left), cast("Number", right)
            return bool(holds(a.numerator * b.denominator, b.numerator * a.denominator))
        return bool(holds(left, right))
    if operator in ("=", "!="):
        apart = compare("<", left, right) is True or compare(">", left, right) is True
        return operator == "!=" if apart else UNKNOWN
    (low, high), (least, most) = ends(left), ends(right)
    hardest, easiest = (high, least), (low, most)
    if operator in (">", ">="):
        hardest, easiest = easiest, hardest
    if None not in hardest and holds(*hardest):
        return True
    return UNKNOWN if None in easiest or holds(*easiest) else False


# ---- numbers


def add(values: Sequence[Value]) -> Value:
    """The sum; 0 of none."""
    total: Any = 0
    for value in values:
        if type(value) is Interval:
            return _add_intervals(values)
        total += value
    return number(total)


def _add_intervals(values: Sequence[Value]) -> Value:
    low: Any = 0
    high: Any = 0
    for value in values:
        a: Any
        b: Any
        a, b = (value.low, value.high) if type(value) is Interval else (value, value)
        low = None if low is None or a is None else low + a
        high = None if high is None or b is None else high + b
    return interval(None if low is None else number(low), None if high is None else number(high))


def scale(factor: Number, value: Value) -> Value:
    if type(value) is not Interval:
        point: Any = value
        return number(factor * point)
    if factor == 0:
        return 0
    least: Any = value.low
    most: Any = value.high
    low = None if least is None else number(factor * least)
    high = None if most is None else number(factor * most)
    return Interval(low, high) if factor > 0 else Interval(high, low)


def multiply(left: Value, right: Value) -> Value:
    """Least and greatest of the four products of the ends."""
    if type(left) is not Interval and type(right) is not Interval:
        a: Any = left
        b: Any = right
        return number(a * b)
    if type(left) is not Interval:
        return scale(cast("Number", left), right)
    if type(right) is not Interval:
        return scale(cast("Number", right), left)
    if None in (left.low, left.high, right.low, right.high):
        return _multiply_open(left, right)
    products = [cast("Number", one) * cast("Number", other) for one in ends(left) for other in ends(right)]
    return interval(number(min(products)), number(max(products)))


def _multiply_open(left: Interval, right: Interval) -> Value:
    """With an open end: the four products where an open end is infinite, and 0 times infinite is 0.

    An end is (0, number), or (-1, 0) and (1, 0) for the infinite ones, so that ends compare as tuples.
    """
    products = [_end_product(a, b) for a in _infinite_ends(left) for b in _infinite_ends(right)]
    (below, low), (above, high) = min(products), max(products)
    return interval(None if below else number(low), None if above else number(high))


def _infinite_ends(value: Interval) -> tuple[tuple[int, Number], tuple[int, Number]]:
    low, high = cast("Number | None", value.low), cast("Number | None", value.high)
    return (-1, 0) if low is None else (0, low), (1, 0) if high is None else (0, high)


def _end_product(a: tuple[int, Number], b: tuple[int, Number]) -> tuple[int, Number]:
    if not a[0] and not b[0]:
        return 0, a[1] * b[1]
    return _sign(a) * _sign(b), 0


def _sign(end: tuple[int, Number]) -> int:
    return end[0] or (end[1] > 0) - (end[1] < 0)


def divide(left: Value, right: Value) -> Value:
    """The quotient. The checker has shown that the divisor is not zero where the quotient counts.

    A divisor interval that touches zero (its zero is excluded by an enclosing `if`) opens the result on that side.
    """
    if type(right) is not Interval:
        if right == 0:
            return Interval(None, None)
        if type(left) is not Interval:
            above: Any = left
            below: Any = right
            # one Fraction at most is made, and reduced once
            above, below = above.numerator * below.denominator, above.denominator * below.numerator
            whole, rest = divmod(above, below)
            return Fraction(above, below) if rest else cast("int", whole)
        return scale(1 / Fraction(cast("Number", right)), left)
    low, high = cast("Number | None", right.low), cast("Number | None", right.high)
    if high is not None and high <= 0:
        return divide(scale(-1, left), scale(-1, right))
    if low is None or low < 0:
        return Interval(None, None)
    # the reciprocal runs from 1/high (0 without an end) to 1/low (without an end when low is 0)
    reciprocal = Interval(
        0 if high is None else number(1 / Fraction(high)), None if low == 0 else number(1 / Fraction(low))
    )
    return multiply(left, reciprocal)


def least(values: Sequence[Value]) -> Value:
    """The smallest of one or more."""
    for value in values:
        if type(value) is Interval:
            break
    else:
        points: Any = values
        return number(min(points))
    lows, highs = zip(*(ends(value) for value in values), strict=True)
    closed = [high for high in highs if high is not None]
    low = None if None in lows else min(lows)
    return interval(low, min(closed) if closed else None)


def greatest(values: Sequence[Value]) -> Value:
    """The largest of one or more."""
    for value in values:
        if type(value) is Interval:
            break
    else:
        points: Any = values
        return number(max(points))
    lows, highs = zip(*(ends(value) for value in values), strict=True)
    closed = [low for low in lows if low is not None]
    high = None if None in highs else max(highs)
    return interval(max(closed) if closed else None, high)


Rate: TypeAlias = tuple[Number, Value]
"""an amount, and what the rate can be of what lies above it, up to the next such amount"""


def graded(rates: Sequence[Rate], amount: Value) -> Value:
    """What an amount comes to when each part of it has its own rate: the sum of rate times part, of what lies above 0.

    Between two amounts at which the rate changes the sum runs in a straight line, so that its least and its greatest
    lie at an end of the amount or where the rate changes; parts are never negative, so that the least has the least of
    each rate, and the greatest the greatest.

    Args:
        rates: from 0 on, in order.
    """
    if type(amount) is not Interval:
        return _graded(rates, cast("Number", amount))
    low, high = cast("tuple[Number | None, Number | None]", ends(amount))
    turns = {start for start, _ in rates if (low is None or start > low) and (high is None or start < high)}
    points = [end for end in (low, *turns, high) if end is not None]
    sums = [_graded(rates, point) for point in points]
    lows, highs = zip(*(ends(value) for value in sums), strict=True)
    least, most = (None if None in lows else min(lows)), (None if None in highs else max(highs))
    if high is None:  # on without end by the last rate
        last_low, last_high = cast("tuple[Number | None, Number | None]", ends(rates[-1][1]))
        least = least if last_low is not None and last_low >= 0 else None
        most = most if last_high is not None and last_high <= 0 else None
    return interval(least, most)


def _graded(rates: Sequence[Rate], amount: Number) -> Value:
    parts: list[Value] = []
    for place, (start, rate) in enumerate(rates):
        if start >= amount:
            break
        following = rates[place + 1][0] if place + 1 < len(rates) else amount
        parts.append(multiply(number(min(following, amount) - start), rate))
    return add(parts)


def unsigned(value: Value) -> Value:
    """The number without its sign: of an interval around zero from zero on."""
    return greatest([value, scale(-1, value), 0])


def round_to(function: RoundFunction, value: Value, step: Value) -> Value:
    """To a multiple of the step. None of the functions turns the order of two numbers round. The checker has shown that
    the step is above zero where the number counts."""
    if type(step) is Interval:
        return _round_to_unknown(function, value, step)
    size = cast("Number", step)
    if size <= 0:
        return Interval(None, None)
    if type(value) is not Interval:
        return _round_point(function, size, cast("Number", value))
    low = None if value.low is None else _round_point(function, size, cast("Number", value.low))
    high = None if value.high is None else _round_point(function, size, cast("Number", value.high))
    return interval(low, high)


def _round_to_unknown(function: RoundFunction, value: Value, step: Interval) -> Value:
    """What so many steps come to, and no farther away than rounding goes."""
    counted = multiply(round_to(function, divide(value, step), 1), step)
    far = cast("Number | None", step.high)
    if far is None or far <= 0:
        return counted
    low, high = cast("tuple[Number | None, Number | None]", ends(value))
    if function in ("round", "round_half_even"):
        down = up = number(Fraction(far) / 2)
    else:
        towards = function == "round_down"
        down = far if low is None or (low >= 0) == towards else 0
        up = far if high is None or (high <= 0) == towards else 0
    near = interval(None if low is None else low - down, None if high is None else high + up)
    return _both(counted, near)


def _both(first: Value, second: Value) -> Value:
    """What lies within two intervals that have something in common."""
    (low, high), (least, most) = ends(first), ends(second)
    lows = [cast("Number", end) for end in (low, least) if end is not None]
    highs = [cast("Number", end) for end in (high, most) if end is not None]
    return interval(max(lows) if lows else None, min(highs) if highs else None)


def _round_point(function: RoundFunction, step: Number, value: Number) -> Number:
    steps = Fraction(value) / step
    above, below = abs(steps.numerator), steps.denominator
    match function:
        case "round":
            size = (2 * above + below) // (2 * below)
        case "round_down":
            size = above // below
        case "round_up":
            size = -(-above // below)
        case "round_half_even":
            size = (2 * above + below) // (2 * below)
            if size % 2 and 2 * above + below == 2 * below * size:
                size -= 1  # just half way, and up to an odd one
    return number(step * (size if steps >= 0 else -size))


def within(value: Interval, limits: Iterable[tuple[CompareOperator, Value]]) -> Value:
    """What of an interval agrees with all of `it operator limit`; the whole of it where nothing does. The end of a
    number counts as below (and above) itself, for it may move in steps as small as one likes; a date moves by days."""
    low: Any = value.low
    high: Any = value.high
    for operator, limit in limits:
        least, most = ends(limit)
        if operator in ("<", "<=", "=") and most is not None:
            end: Any = shift_days(most, -1) if operator == "<" and isinstance(most, date) else most
            high = end if high is None else min(high, end)
        if operator in (">", ">=", "=") and least is not None:
            end = shift_days(least, 1) if operator == ">" and isinstance(least, date) else least
            low = end if low is None else max(low, end)
    return value if low is not None and high is not None and low > high else interval(low, high)


# ---- dates


LeapDay: TypeAlias = Literal["02-28", "03-01"]
"""on which day of a common year 29 February has its anniversary"""
LEAP_DAY: Final[LeapDay] = "02-28"


def shift_months(day: date, months: int, leap_day: LeapDay = LEAP_DAY) -> date:
    """The date so many months on; a day that the month lacks becomes its last, but an anniversary of 29 February what
    `leap_day` says. Kept within year 1 to 9999."""
    index = day.year * 12 + day.month - 1 + months
    if index < 12:
        return date.min
    if index >= 120_000:
        return date.max
    year, month = divmod(index, 12)
    last = month_end(date(year, month + 1, 1)).day
    if leap_day == "03-01" and last < day.day and (day.month, month + 1) == (2, 2):
        return date(year, 3, 1)
    return date(year, month + 1, min(day.day, last))


def shift_days(day: date, days: int) -> date:
    ordinal = day.toordinal() + days
    if ordinal < 1:
        return date.min
    return date.max if ordinal > date.max.toordinal() else day + timedelta(days)


def shift_date(part: Literal["months", "days"], day: Value, amount: Value, leap_day: LeapDay = LEAP_DAY) -> Value:
    """A date plus a whole number of `months` or `days`; both ends move alike, since shifting keeps the order."""
    if day is UNKNOWN:
        return UNKNOWN
    if type(day) is not Interval and type(amount) is not Interval:
        return _moved(part, cast("date", day), int(cast("Number", amount)), leap_day)
    (first, last), (low, high) = ends(day), ends(amount)
    earliest = None if first is None or low is None else _moved(part, cast("date", first), _whole_down(low), leap_day)
    latest = None if last is None or high is None else _moved(part, cast("date", last), _whole_up(high), leap_day)
    return interval(earliest, latest)


def _moved(part: str, day: date, whole: int, leap_day: LeapDay) -> date:
    return shift_months(day, whole, leap_day) if part == "months" else shift_days(day, whole)


def _whole_down(value: Number | date) -> int:
    return cast("Number", value).__floor__()


def _whole_up(value: Number | date) -> int:
    return cast("Number", value).__ceil__()


def completed_months(start: date, end: date, leap_day: LeapDay = LEAP_DAY) -> int:
    """The greatest k for which start plus k months is not after end; of an end before the start the negative of what
    it is the other way round."""
    if end < start:
        return -completed_months(end, start, leap_day)
    months = (end.year - start.year) * 12 + end.month - start.month
    return months if shift_months(start, months, leap_day) <= end else months - 1


def between(function: BetweenFunction, start: Value, end: Value, leap_day: LeapDay = LEAP_DAY) -> Value:
    """Days, or completed months or years; more when the end is later, fewer when the start is."""
    if type(start) is not Interval and type(end) is not Interval:
        return _count(function, cast("date", start), cast("date", end), leap_day)
    (first, last), (low, high) = ends(start), ends(end)
    fewest = None if last is None or low is None else _count(function, cast("date", last), cast("date", low), leap_day)
    most = (
        None if first is None or high is None else _count(function, cast("date", first), cast("date", high), leap_day)
    )
    return interval(fewest, most)


def _count(function: BetweenFunction, start: date, end: date, leap_day: LeapDay) -> int:
    if function == "days_between":
        return (end - start).days
    months = completed_months(start, end, leap_day)
    return months if function == "months_between" else months // 12 if months >= 0 else -(-months // 12)


def month_start(day: date) -> date:
    return day.replace(day=1)


def month_end(day: date) -> date:
    if day.month == 12:
        return day.replace(day=31)
    return day.replace(month=day.month + 1, day=1) - timedelta(days=1)


_PARTS: Final[Mapping[DateFunction, Callable[[date], int | date]]] = {
    "year": lambda day: day.year,
    "month": lambda day: day.month,
    "day": lambda day: day.day,
    "month_start": month_start,
    "month_end": month_end,
}


def date_part(function: DateFunction, day: Value) -> Value:
    """What is read off a date. Of an interval: of both its ends, but where months or days begin anew between them."""
    part = _PARTS[function]
    if type(day) is not Interval:
        return part(cast("date", day))
    first, last = cast("tuple[date | None, date | None]", ends(day))
    if function == "month" and not (first and last and first.year == last.year):
        return Interval(1, 12)
    if function == "day" and not (first and last and month_start(first) == month_start(last)):
        return Interval(1, _latest_day(first, last))
    return interval(None if first is None else part(first), None if last is None else part(last))


def _latest_day(first: date | None, last: date | None) -> int:
    """The greatest day of the month among days of more than one month: of any two whole months in a row one has 31."""
    if first and last and month_end(first) + timedelta(1) == month_start(last):
        return max(month_end(first).day, last.day)
    return 31
