"""Values in force, looked up by keys that may be unknown.

In: a checked policy's `ValuesInForce` for one place and day.  Out: the value a lookup can have, and the admissible
keys for which there is none. A key without a value is never zero and never a neighbour's: it is the parameter's
declared bounds. Imports program, policy and language.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import field
from datetime import date, timedelta
from functools import partial
from itertools import product
from math import ceil, floor
from typing import Any, TypeAlias, cast

from engine.evaluation.told import ParameterUse
from engine.language.core import CoreExpression, InList, Lookup, OverlapsList
from engine.language.types import Choice, Type
from engine.language.values import UNKNOWN, Interval, Number, Value, ends, hull, is_known
from engine.policy.checked import CheckedPolicy
from engine.policy.extent import parameter_extent
from engine.policy.model import Cell, Key, KeyPart, Parameter, Reading, WholeRange, show_part
from engine.policy.rows import Listed, Row
from engine.policy.tables import ValueInForce, cells_in_force, in_force, turning_days
from engine.program.link import program_of
from engine.records import dataclass

Keys: TypeAlias = tuple[Value, ...]


@dataclass(frozen=True, slots=True, eq=False)
class ParameterTable:
    """One parameter's values on one day.

    Attributes:
        unknown: what it can be where it has no value.
        ranged: whether some key is a stretch of whole counts, so that cells must be searched.
        places: the division codes that an unknown place may be.
        rows: cells with ranges, by the parts of their keys that are none, in order of counts; made when first searched.
        uses: what was asked before, by known keys; the same lookup comes again for every condition and household.
    """

    parameter: Parameter
    cells: Mapping[Key, ValueInForce]
    unknown: Value
    ranged: bool
    places: tuple[str, ...]
    rows: dict[Key, list[Key]] = field(default_factory=dict)
    uses: dict[Keys, tuple[ParameterUse, ...]] = field(default_factory=dict)

    def value(self, keys: Keys, nodes: tuple[CoreExpression, ...]) -> Value:
        """The value, or the hull of what it can be over the admissible keys.

        Args:
            nodes: the expressions of the keys, whose types say what an unknown key may be.
        """
        found = self.cells.get(cast("Key", keys))
        if found is not None:
            return found.cell.value
        result: Value | None = None
        for _, cell in self.admissible(keys, nodes):
            value = self.unknown if cell is None else cell.cell.value
            result = value if result is None else hull(result, value)
        return self.unknown if result is None else result

    def admissible(self, keys: Keys, nodes: tuple[CoreExpression, ...]) -> Iterator[tuple[Key, ValueInForce | None]]:
        """Every key that the lookup may have, with its value in force or None."""
        parts = [self._parts(place, key, node.type) for place, (key, node) in enumerate(zip(keys, nodes, strict=True))]
        for key in product(*parts):
            yield key, self._cell(key)

    def asked(self, keys: Keys, nodes: tuple[CoreExpression, ...]) -> tuple[ParameterUse, ...]:
        """What the lookup asks for and gets, for explanations."""
        found = self.uses.get(keys)
        if found is None:
            found = tuple(
                [ParameterUse(self.parameter.id, self.named(key), cell) for key, cell in self.admissible(keys, nodes)]
            )
            if all(is_known(key) for key in keys):
                self.uses[keys] = found
        return found

    def named(self, key: Key) -> tuple[tuple[str, str], ...]:
        """The key with the names of its parts, as text: (("county", "140105"), ("household_size", "3..5"))."""
        return tuple(zip(self.parameter.by, (show_part(part) for part in key), strict=True))

    def _cell(self, key: Key) -> ValueInForce | None:
        if not self.ranged:
            return self.cells.get(key)
        if not self.rows:
            made: dict[Key, list[Key]] = {}
            for written in sorted(self.cells, key=_firsts):
                made.setdefault(_rest(written), []).append(written)
            self.rows.update(made)  # at once: decisions may run side by side
        rows = self.rows.get(_rest(key), [])
        if len(key) == len(_rest(key)) + 1:  # of ranges that do not overlap, only the last that begins before can cover
            at = bisect_right(rows, _firsts(key), key=_firsts)
            rows = rows[max(0, at - 1) : at]
        for written in rows:
            if all(_covers(*parts) for parts in zip(written, key, strict=True)):
                return self.cells[written]
        return None

    def _parts(self, place: int, value: Value, kind: Type) -> Sequence[KeyPart]:
        if isinstance(value, str):
            return (value,)
        if value is UNKNOWN:
            return tuple(option for option, _ in kind.options) if isinstance(kind, Choice) else self.places
        if isinstance(value, Interval):
            return self._stretches(place, value)
        count = floor(cast("Number", value))
        return (WholeRange(count, count),)

    def _stretches(self, place: int, value: Interval) -> Sequence[KeyPart]:
        """The counts of an interval, cut wherever a cell's range begins or ends."""
        low = 0 if value.low is None else ceil(cast("Number", value.low))
        high = None if value.high is None else floor(cast("Number", value.high))
        cuts = {low}
        for key in self.cells:
            part = key[place]
            if isinstance(part, WholeRange):
                cuts.add(part.least)
                cuts.update(() if part.most is None else (part.most + 1,))
        starts = sorted(cut for cut in cuts if cut >= low and (high is None or cut <= high))
        ends: list[int | None] = [start - 1 for start in starts[1:]]
        return [WholeRange(start, end) for start, end in zip(starts, [*ends, high], strict=True)]


def _rest(key: Key) -> Key:
    return tuple(part for part in key if not isinstance(part, WholeRange))


def _firsts(key: Key) -> tuple[int, ...]:
    """Where the ranges of a key begin."""
    return tuple(part.least for part in key if isinstance(part, WholeRange))


def _covers(written: KeyPart, asked: KeyPart) -> bool:
    """INVARIANT: a stretch asked for was cut at every end of a written range, so its first count speaks for it."""
    if isinstance(written, WholeRange) and isinstance(asked, WholeRange):
        return asked.least in written
    return written == asked


class Elsewhen:
    """What one place has on other days than that of a decision, by what was known then; made where it is asked for.

    The rules are those of the decision: only what is looked up is that of the other day.

    Args:
        tables, lists: their rows, by id.
        table: makes a parameter's table of the values that are in force.
        day: that of the decision, or one on which the same is in force.
    """

    def __init__(
        self,
        tables: Mapping[str, Sequence[Row[Cell]]],
        lists: Mapping[str, Sequence[Row[Listed]]],
        table: Callable[[str, Mapping[Key, ValueInForce]], ParameterTable],
        place: str,
        day: date,
        known_on: date | None,
    ) -> None:
        self._rows = tables
        self._rows_of_lists = lists
        self._table = table
        self._place = place
        self._day = day
        self._known_on = known_on
        self._turns: dict[str, list[date]] = {}
        self._tables: dict[tuple[str, date], ParameterTable] = {}
        self._lists: dict[tuple[str, date], Listed | None] = {}

    def parameter(self, node: Lookup, day: Value) -> list[tuple[date, ParameterTable]]:
        """Its values of the day; of a day that is not known those of each it may be, from the first such day on."""
        id, rows = node.parameter, self._rows[node.parameter]
        found = []
        for first, turn in self._days(id, rows, day):
            table = self._tables.get((id, turn))
            if table is None:
                cells = cells_in_force(rows, self._place, turn, self._known_on)
                table = self._tables[id, turn] = self._table(id, cells)
            found.append((first, table))
        return found

    def rows(self, node: InList | OverlapsList, day: Value) -> list[Listed | None]:
        """Its rows, likewise; None where none are in force."""
        id, rows = node.list, self._rows_of_lists[node.list]
        turns = [turn for _, turn in self._days(id, rows, day)]
        for turn in turns:
            if (id, turn) not in self._lists:
                row = next(in_force(rows, self._place, turn, self._known_on), None)
                self._lists[id, turn] = None if row is None else row.value
        return [self._lists[id, turn] for turn in turns]

    def ended(self, id: str, key: Key, on: date | None) -> Row[Cell] | Row[Listed] | None:
        """What was the last to be in force for a key and is no longer on the day, None for that of the decision; of a
        list for the empty key."""
        day = on or self._day
        last: Row[Cell] | Row[Listed] | None = None
        rows: Sequence[Row[Cell] | Row[Listed]] = self._rows.get(id) or self._rows_of_lists.get(id) or ()
        for row in rows:
            later = row.end is not None and row.end <= day and (last is None or last.end is None or row.end > last.end)
            if later and all(_covers(*parts) for parts in zip(row.key, key, strict=True)) and self._held(row):
                last = row
        return last

    def _held(self, row: Row[Any]) -> bool:
        """Whether it was in force here on its last day."""
        return row.end is not None and row.holds(self._place, row.end - timedelta(1), self._known_on)

    def _days(self, id: str, rows: Sequence[Row[Any]], day: Value) -> list[tuple[date, date]]:
        """The day; of one that is not known the first it may be, and each on which a row begins or has ended by then.
        With each the first of all days on which the same is in force."""
        turns = self._turns.get(id)
        if turns is None:
            turns = self._turns[id] = [date.min, *sorted(turning_days(rows) - {date.min})]
        low, high = cast("tuple[date | None, date | None]", ends(day))
        first = low or date.min
        at, end = bisect_right(turns, first), bisect_right(turns, high or date.max)
        return [(first, turns[at - 1]), *((turn, turn) for turn in turns[at:end])]


@dataclass(frozen=True, slots=True, eq=False)
class Tables:
    """All parameters, lists and readings of one place and day.

    Attributes:
        elsewhen: what is looked up as of another day.
        parameters, lists, readings: by id; a list without rows in force is absent.
        by_slot, lists_by_slot, options: likewise, as the program of the policy counts them; a list may be None.
    """

    parameters: Mapping[str, ParameterTable]
    lists: Mapping[str, Listed]
    readings: Mapping[str, Reading]
    by_slot: tuple[ParameterTable, ...]
    lists_by_slot: tuple[Listed | None, ...]
    options: tuple[str, ...]
    elsewhen: Elsewhen

    def of(self, node: Lookup, day: Value | None) -> Sequence[tuple[date | None, ParameterTable]]:
        """Those that a lookup reads, with their days: that of the decision (None), or each that `day` may be."""
        return [(None, self.by_slot[node.slot])] if day is None else self.elsewhen.parameter(node, day)


def table_of(policy: CheckedPolicy, id: str, cells: Mapping[Key, ValueInForce]) -> ParameterTable:
    parameter = policy.merged.elements.parameters[id]
    ranged = any(isinstance(part, WholeRange) for key in cells for part in key)
    return ParameterTable(parameter, cells, parameter_extent(parameter), ranged, tuple(policy.merged.divisions))


def tables_of(policy: CheckedPolicy, place: str, as_of: date, known_on: date | None) -> Tables:
    values = policy.values(place, as_of, known_on)
    parameters = {id: table_of(policy, id, values.parameters.get(id, {})) for id in policy.merged.elements.parameters}
    outside = program_of(policy).outside
    return Tables(
        parameters,
        values.lists,
        values.readings,
        tuple(parameters[id] for id in outside.tables),
        tuple(values.lists.get(id) for id in outside.lists),
        tuple(values.readings[id].chosen for id in outside.readings),
        Elsewhen(policy.dated.tables, policy.dated.lists, partial(table_of, policy), place, as_of, known_on),
    )
