"""Values held against each other: one standard given by month and by year, and a value far off those beside it.

In: the values of a table by option, unit and county.  Out: for each option one unit with its values, or Diagnostics at
the cells that do not agree. Imports language and the ground floor.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import TypeAlias

from engine.diagnostics import Reporter
from engine.language.units import parse_unit
from engine.policy.territory import Division
from engine.records import dataclass
from engine.source import UnitWords
from engine.tree import Scalar

_FAR = 5
"""how many times the middle of the others, or the value before, or how small a part of it, is in doubt"""


@dataclass(frozen=True, slots=True)
class Given:
    """`amount` is "" where the cell has none."""

    amount: str
    cell: Scalar


ByPlace: TypeAlias = Mapping[str, Given]
Values: TypeAlias = dict[str, dict[str, dict[str, Given]]]
"""by option, unit and the county's code"""


def settle(
    values: Values, places: Mapping[str, Division], report: Reporter, units: UnitWords, *, confirmed: bool
) -> dict[str, tuple[str, ByPlace]]:
    """One unit and its values for each option."""
    chosen: dict[str, tuple[str, ByPlace]] = {}
    for option, by_unit in values.items():
        unit, *others = sorted(by_unit, key=lambda unit: _factor(unit, units), reverse=True)
        for other in others:
            if not _agree(_factor(unit, units) / _factor(other, units), by_unit[unit], by_unit[other], places, report):
                unit = other  # by the month it is rounded: what was published is the sum for the year
        chosen[option] = unit, by_unit[unit]
        if not confirmed and not report.has_errors:
            _check_far(by_unit[unit], report)
    return chosen


def _factor(unit: str, units: UnitWords) -> Fraction:
    parsed = parse_unit(unit, units)
    assert parsed is not None, "the headers were read"
    return Fraction(parsed.factor)


def _agree(times: Fraction, values: ByPlace, sums: ByPlace, places: Mapping[str, Division], report: Reporter) -> bool:
    """Whether values and their sums over a time `times` as long are the same exactly; an error where they differ by
    more than the rounding of the values."""
    exact = True
    for code in dict.fromkeys((*values, *sums)):
        first, second = values.get(code), sums.get(code)
        if first is not None and second is not None and not first.amount and not second.amount:
            continue
        if first is None or second is None or not first.amount or not second.amount:
            cell = next(one.cell for one in (first, second) if one is not None and one.amount)
            texts = [one.cell.text if one is not None and one.amount else "—" for one in (first, second)]
            report.tell("columns-disagree", cell.span, place=places[code].name, first=texts[0], second=texts[1])
            continue
        amount, total = Fraction(first.amount), Fraction(second.amount)
        exact = exact and amount * times == total
        decimals = len(first.amount.partition(".")[2])
        if abs(amount - total / times) * 10**decimals > Fraction(1, 2):
            report.tell(
                "columns-disagree",
                second.cell.span,
                place=places[code].name,
                first=first.cell.text,
                second=second.cell.text,
                related=[("first-here", first.cell.span)],
            )
    return exact


def is_far(amount: Fraction, other: Fraction) -> bool:
    return amount >= other * _FAR or amount * _FAR <= other


def _check_far(values: ByPlace, report: Reporter) -> None:
    amounts = {code: Fraction(one.amount) for code, one in values.items() if one.amount}
    for code, amount in amounts.items():
        others = sorted(other for one, other in amounts.items() if one != code)
        middle = others[len(others) // 2] if others else amount
        if is_far(amount, middle):
            middle_text = next(
                one.cell.text for one in values.values() if one.amount and Fraction(one.amount) == middle
            )
            report.tell("cell-far", values[code].cell.span, text=values[code].cell.text, middle=middle_text)
