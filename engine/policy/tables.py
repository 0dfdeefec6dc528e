"""What is in force for a place on a day: read off the rows of a merged policy.

In: a merged policy.  Out: `Dated`, its rows; of a place, a day, and the day up to which publications count, the
`ValuesInForce`, and between which days, publications and places they stay the same.
Imports rows, model and the ground floor.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from functools import cached_property
from typing import Any, TypeVar

from engine.beside import kept_beside
from engine.policy.model import Cell, Key, MergedPolicy, Origin, Reading
from engine.policy.rows import Listed, Row, rows_of_list, rows_of_parameter, rows_of_reading
from engine.records import dataclass

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class ValueInForce:
    """A cell and the block it comes from, by its place among those of the parameter; `stale` when it is older than the
    parameter's `review_after`."""

    cell: Cell
    block_index: int
    origin: Origin
    stale: bool


@dataclass(frozen=True, slots=True)
class ValuesInForce:
    """By id the parameters, lists and readings of one place and day: a key without a value is absent, and so is a list
    without a block in force; readings are as chosen there."""

    parameters: Mapping[str, Mapping[Key, ValueInForce]]
    lists: Mapping[str, Listed]
    readings: Mapping[str, Reading]


class Dated:
    """By id the parameters, lists and readings of a policy in rows of which no two overlap: where, when and to whose
    knowledge each is in force. A parameter's key without a row can be all that is declared of it; without a row a list
    is unknown, with one a tuple that it lacks is false; a reading always has a row."""

    def __init__(self, merged: MergedPolicy) -> None:
        self._merged = merged

    @cached_property
    def tables(self) -> Mapping[str, tuple[Row[Cell], ...]]:
        return {id: rows_of_parameter(held) for id, held in self._merged.elements.parameters.items()}

    @cached_property
    def lists(self) -> Mapping[str, tuple[Row[Listed], ...]]:
        return {id: rows_of_list(held) for id, held in self._merged.elements.lists.items()}

    @cached_property
    def readings(self) -> Mapping[str, tuple[Row[str], ...]]:
        divisions = self._merged.divisions
        return {id: rows_of_reading(held, divisions) for id, held in self._merged.elements.readings.items()}

    def on(self, place: str, as_of: date, known_on: date | None) -> ValuesInForce:
        """What is in force for a place on a day, leaving out what was published after `known_on`."""
        readings = self._merged.elements.readings

        def held(rows: Mapping[str, tuple[Row[T], ...]]) -> Iterator[tuple[str, Row[T]]]:
            return ((id, row) for id, each in rows.items() for row in in_force(each, place, as_of, known_on))

        return ValuesInForce(
            {id: cells_in_force(rows, place, as_of, known_on) for id, rows in self.tables.items()},
            {id: row.value for id, row in held(self.lists)},
            {id: replace(readings[id], chosen=row.value, chosen_origin=row.origin) for id, row in held(self.readings)},
        )

    def first(self, place: str, as_of: date, known_on: date | None) -> tuple[str, date, date | None]:
        """One place, day and day of knowledge for all that have the same in force."""
        days, publications, places = self._turns
        day = bisect_right(days, as_of)
        known = len(publications) if known_on is None else bisect_right(publications, known_on)
        return (
            place if place in places else "",
            days[day - 1] if day else date.min,
            None if known == len(publications) else publications[known - 1] if known else date.min,
        )

    def publications(self, place: str, day: date | None, but: Collection[str]) -> frozenset[date]:
        """The days from or until which some row of a place is what was known: of those for one day, or of all.

        Args:
            but: parameters that are left out.
        """
        tables = {id: rows for id, rows in self.tables.items() if id not in but}
        held: tuple[Mapping[str, tuple[Row[Any], ...]], ...] = (tables, self.lists, self.readings)
        rows = (row for kind in held for rows in kind.values() for row in rows if place in row.places)
        about = (row for row in rows if day is None or row.is_for(day))
        return frozenset(known for row in about for known in (row.known_from, row.known_until) if known is not None)

    def lasting(self, as_of: date) -> tuple[date, date]:
        """The first and the last day on which the same is in force as on this one."""
        days = self._turns[0]
        at = bisect_right(days, as_of)
        return days[at - 1] if at else date.min, days[at] - timedelta(1) if at < len(days) else date.max

    @cached_property
    def _turns(self) -> tuple[list[date], list[date], frozenset[str]]:
        """The days on which a row begins, ends, or becomes too old; from and until which one is known; what places are
        named."""
        held: tuple[Mapping[str, tuple[Row[Any], ...]], ...] = (self.tables, self.lists, self.readings)
        every = [row for kind in held for rows in kind.values() for row in rows]
        known = (day for row in every for day in (row.known_from, row.known_until) if day is not None)
        return (
            sorted(turning_days(every)),
            sorted({*known}),
            frozenset(code for row in every for code in row.places.named),
        )


@kept_beside
def dated_of(merged: MergedPolicy) -> Dated:
    """The rows of a policy."""
    return Dated(merged)


def turning_days(rows: Iterable[Row[Any]]) -> set[date]:
    """Those on which one begins, has just ended, or becomes too old."""
    return {day for row in rows for day in (row.start, row.end, row.stale_from) if day is not None}


def cells_in_force(
    rows: Iterable[Row[Cell]], place: str, as_of: date, known_on: date | None = None
) -> dict[Key, ValueInForce]:
    """The values of one parameter by key."""
    return {
        row.key: ValueInForce(row.value, row.block, row.origin, row.stale_from is not None and as_of >= row.stale_from)
        for row in in_force(rows, place, as_of, known_on)
    }


def in_force(rows: Iterable[Row[T]], place: str, as_of: date, known_on: date | None) -> Iterator[Row[T]]:
    """Those that hold; of the many of other days, or known until others were, none is asked more than its days."""
    for row in rows:
        on = (row.start is None or row.start <= as_of) and (row.end is None or as_of < row.end)
        known = row.known_until is None or known_on is not None
        if on and known and row.holds(place, as_of, known_on):
            yield row
