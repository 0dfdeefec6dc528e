"""What a new year's figures change: old, new, difference and percent of every cell, and what looks wrong.

In: the policies of a place without and with the new block, and its first day.  Out: `Change`s.
Read off what is in force by the engine, not off the table: a county that loses its figure is seen too. Numbers are
exact; a percent is rounded to one decimal. Imports figures, policy, language and the ground floor.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction
from typing import Final, Literal, TypeAlias

from engine.editing.telling import amount
from engine.language.types import Quantity
from engine.language.units import Unit, parse_unit
from engine.policy.model import Cell, Key, MergedPolicy, Parameter, show_decimal
from engine.policy.tables import ValueInForce, cells_in_force, dated_of
from engine.policy.territory import Division
from engine.records import dataclass
from engine.say import Say
from engine.writing.sides import is_far

Kind: TypeAlias = Literal["new", "changed", "same", "lost"]
Doubt: TypeAlias = Literal["fall", "rise", "far", "year-for-month", "month-for-year", "apart", "period"]

_MUCH: Final = Fraction(3, 10)
"""a rise beyond this part of the old figure is named"""
_YEARLY: Final = (10, 15)
"""how many times the figure before, where a year may have been taken for a month"""
_UNIT_BEHIND: Final = re.compile(r"-?[0-9.]+ ?(.*)")


@dataclass(frozen=True, slots=True)
class Change:
    """
    Attributes:
        key: without the place.
        old, new: as published, "" for none.
        difference: in the unit of the new figure, or, where the two have different ones, in the parameter's.
        percent: with its sign, "" where there is nothing to compare.
    """

    division: Division
    key: Key
    kind: Kind
    old: str
    new: str
    difference: str
    percent: str
    doubts: tuple[Doubt, ...]


@dataclass(frozen=True, slots=True)
class Changes:
    """`until` is the day before which a later block that stands already takes over, None where there is none."""

    changes: tuple[Change, ...]
    until: date | None = None

    def of(self, *kinds: Kind) -> tuple[Change, ...]:
        return tuple(one for one in self.changes if one.kind in kinds)

    @property
    def doubtful(self) -> tuple[Change, ...]:
        return tuple(one for one in self.changes if one.doubts)


def doubt_words(doubt: Doubt, say: Say) -> str:
    match doubt:
        case "fall":
            return say("比原来低", "lower than before")
        case "rise":
            return say("涨幅超过 30%", "a rise of more than 30%")
        case "far":
            return say("与原来差好几倍", "several times off what it was")
        case "year-for-month":
            return say("约为原来的 12 倍，像是把年标准当成了月标准", "about 12 times: a year taken for a month?")
        case "month-for-year":
            return say("约为原来的十二分之一，像是把月标准当成了年标准", "about a twelfth: a month taken for a year?")
        case "apart":
            return say("与别的县（市、区）差好几倍", "several times off the other counties")
        case "period":
            return say("单位与上一次不同", "another unit than last time")


def changes(
    before: MergedPolicy, after: MergedPolicy, parameter: str, divisions: Sequence[Division], start: date
) -> Changes:
    """Of every county given: what was in force the day before the start, and what is on it."""
    held, made = (one.elements.parameters[parameter] for one in (before, after))
    spot = _spot(made, divisions)
    old_rows, new_rows = dated_of(before).tables[parameter], dated_of(after).tables[parameter]
    day_before = start - timedelta(1) if start > date.min else start
    olds = {one.code: _keyed(cells_in_force(old_rows, one.code, day_before), spot, one.code) for one in divisions}
    news = {one.code: _keyed(cells_in_force(new_rows, one.code, start), spot, one.code) for one in divisions}
    keys = list(dict.fromkeys(key for cells in (*news.values(), *olds.values()) for key in cells))
    middles = {key: _middle([cells[key] for cells in news.values() if key in cells]) for key in keys}
    told = _Told(held)
    found = [
        told.change(one, key, olds[one.code].get(key), news[one.code].get(key), middles[key])
        for one in divisions
        for key in keys
        if key in olds[one.code] or key in news[one.code]
    ]
    codes = {one.code for one in divisions}
    ends = (
        row.end
        for row in new_rows
        if row.start == start
        and row.end is not None
        and row.known_until is None
        and any(code in row.places for code in codes)
    )
    return Changes(tuple(found), min(ends, default=None))


def _spot(parameter: Parameter, divisions: Sequence[Division]) -> int:
    codes = {one.code for one in divisions}
    keys = (key for block in parameter.blocks for key in block.cells)
    return next((at for key in keys for at, part in enumerate(key) if part in codes), 0)


def _keyed(cells: Mapping[Key, ValueInForce], spot: int, code: str) -> dict[Key, Cell]:
    return {(*key[:spot], *key[spot + 1 :]): one.cell for key, one in cells.items() if key[spot] == code}


def _middle(cells: Sequence[Cell]) -> Fraction | None:
    numbers = sorted(Fraction(cell.number) for cell in cells)
    return numbers[len(numbers) // 2] if len(numbers) > 2 else None


class _Told:
    def __init__(self, parameter: Parameter) -> None:
        self.parameter = parameter
        self.counted: Unit | None = parameter.type.unit if isinstance(parameter.type, Quantity) else None

    def change(
        self, division: Division, key: Key, old: Cell | None, new: Cell | None, middle: Fraction | None
    ) -> Change:
        kind: Kind = "new" if old is None else "lost" if new is None else "changed"
        if old is not None and new is not None and old.number == new.number:
            kind = "same"
        difference, percent = ("", "") if old is None or new is None else self._compared(old, new)
        doubts = () if new is None else tuple(self._doubts(old, new, middle))
        was, becomes = ("" if cell is None else cell.text for cell in (old, new))
        return Change(division, key, kind, was, becomes, difference, percent, doubts)

    def _compared(self, old: Cell, new: Cell) -> tuple[str, str]:
        by = Fraction(new.number) - Fraction(old.number)
        unit = _unit(new) if _unit(new) == _unit(old) else self.parameter.unit_text
        sign = "+" if by > 0 else "-" if by < 0 else ""
        percent = f"{sign}{_tenths(abs(by) / Fraction(old.number) * 100)}%" if old.number else ""
        return f"{sign}{self._amount(abs(by), unit)}", percent

    def _amount(self, number: Fraction, unit_text: str) -> str:
        """To the fen, where it has no end."""
        unit = None if self.counted is None else parse_unit(unit_text)
        if unit is None or self.counted is None:
            return amount(number, unit_text, self.counted)
        exact = number * self.counted.factor / unit.factor
        rounded = Fraction(round(exact * 100), 100)
        about = "" if rounded == exact else "≈"
        return f"{about}{show_decimal(rounded)} {unit_text}".strip()

    def _doubts(self, old: Cell | None, new: Cell, middle: Fraction | None) -> Iterator[Doubt]:
        number = Fraction(new.number)
        if middle is not None and middle and is_far(number, middle):
            yield "apart"
        if old is None or not old.number:
            return
        last = Fraction(old.number)
        low, high = _YEARLY
        if low * last <= number <= high * last:
            yield "year-for-month"
        elif low * number <= last <= high * number:
            yield "month-for-year"
        elif is_far(number, last):
            yield "far"
        elif number < last:
            yield "fall"
        elif number > last * (1 + _MUCH):
            yield "rise"
        if _unit(old) != _unit(new):
            yield "period"


def _unit(cell: Cell) -> str:
    found = _UNIT_BEHIND.fullmatch(cell.text)
    return "" if found is None else found[1]


def _tenths(number: Fraction) -> str:
    return show_decimal(Fraction(round(number * 10), 10))
