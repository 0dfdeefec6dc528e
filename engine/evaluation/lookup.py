"""Values in force, looked up by keys that may be unknown.

In: a checked policy's `ValuesInForce` for one place and day.  Out: the value a lookup can have, and the admissible
keys for which there is none. A key without a value is never zero and never a neighbour's: it is the parameter's
declared bounds. Imports program, policy and language.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import field, replace
from datetime import date, timedelta
from fractions import Fraction
from functools import partial, reduce
from itertools import pairwise, product
from math import ceil, floor
from typing import Any, Final, TypeAlias, cast

from engine.evaluation.told import ParameterUse, Share
from engine.gathered import gathered
from engine.language.core import CoreExpression, InList, Lookup, OverlapsList
from engine.language.types import Choice, Type
from engine.language.values import (
    UNKNOWN,
    Interval,
    Number,
    Rate,
    Value,
    ends,
    graded,
    hull,
    is_known,
    number,
)
from engine.policy.checked import CheckedPolicy
from engine.policy.extent import parameter_extent
from engine.policy.keys import is_amount, key_type
from engine.policy.model import (
    FIRST_CUT,
    LAST_CUT,
    AmountRange,
    Cell,
    Cut,
    Key,
    KeyPart,
    Parameter,
    Range,
    Reading,
    WholeRange,
    show_part,
)
from engine.policy.rows import Listed, Row
from engine.policy.tables import ValueInForce, cells_in_force, in_force, turning_days
from engine.program.link import program_of
from engine.records import dataclass

Keys: TypeAlias = tuple[Value, ...]
EVER: Final = Interval(date.min, date.max)
"""any day there is"""


@dataclass(frozen=True, slots=True, eq=False)
class ParameterTable:
    """One parameter's values on one day.

    Attributes:
        unknown: what it can be where it has no value.
        ranged: whether some key is a stretch of counts or amounts, so that cells must be searched.
        places: the division codes that an unknown place may be.
        amounts: which of its keys are amounts.
        rows: cells with ranges, by the parts of their keys that are none, in order; made when first searched.
        uses: what was asked before, by known keys; the same lookup comes again for every condition and household.
    """

    parameter: Parameter
    cells: Mapping[Key, ValueInForce]
    unknown: Value
    ranged: bool
    places: tuple[str, ...]
    amounts: frozenset[int] = frozenset()
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
        for _, cell in self._stretched(keys, nodes):
            value = self.unknown if cell is None else cell.cell.value
            result = value if result is None else hull(result, value)
        return self.unknown if result is None else result

    def admissible(self, keys: Keys, nodes: tuple[CoreExpression, ...]) -> Iterator[tuple[Key, ValueInForce | None]]:
        """Every key that the lookup may have, as its author has it, with its value in force or None."""
        for key, cell in self._stretched(keys, nodes):
            yield (key if cell is None else cell.cell.key or key), cell

    def _stretched(self, keys: Keys, nodes: tuple[CoreExpression, ...]) -> Iterator[tuple[Key, ValueInForce | None]]:
        """The same by counts and amounts cut wherever a range in force begins or ends."""
        parts = [self._parts(place, key, node.type) for place, (key, node) in enumerate(zip(keys, nodes, strict=True))]
        for key in product(*parts):
            written = self._written(key)
            yield key, None if written is None else self.cells[written]

    def asked(self, keys: Keys, nodes: tuple[CoreExpression, ...]) -> tuple[ParameterUse, ...]:
        """What the lookup asks for and gets, for explanations: of a count or an amount the range in which it lies."""
        found = self.uses.get(keys)
        if found is None:
            found = self._asked(keys, nodes)
            if all(is_known(key) for key in keys) and not self.amounts:  # of those there are as many as households
                self.uses[keys] = found
        return found

    def _asked(self, keys: Keys, nodes: tuple[CoreExpression, ...]) -> tuple[ParameterUse, ...]:
        return tuple([self._use(key, cell) for key, cell in self.admissible(keys, nodes)])

    def _use(self, key: Key, cell: ValueInForce | None) -> ParameterUse:
        return ParameterUse(self.parameter.id, self.named(key), cell)

    def named(self, key: Key) -> tuple[tuple[str, str], ...]:
        """The key with the names of its parts, as text: (("county", "140105"), ("household_size", "3..5"))."""
        return tuple(zip(self.parameter.by, (show_part(part) for part in key), strict=True))

    def neighbours(self, keys: Keys, place: int) -> Iterator[tuple[AmountRange, AmountRange]]:
        """In the rows of the other keys the ranges of amounts that follow on each other, in pairs."""
        rows = [
            key
            for key in self.cells
            if all(at == place or _is_of(*pair) for at, pair in enumerate(zip(key, keys, strict=True)))
        ]
        parts = [part for key in rows for part in (key[place],) if isinstance(part, AmountRange)]
        ends = {part.end: part for part in parts}
        yield from ((ends[part.start], part) for part in parts if part.start in ends)

    def _written(self, key: Key) -> Key | None:
        """The key of the cell that covers this one."""
        if not self.ranged:
            return key if key in self.cells else None
        if not self.rows:
            made = gathered((_rest(written), written) for written in sorted(self.cells, key=_firsts))
            self.rows.update(made)  # at once: decisions may run side by side
        rows = self.rows.get(_rest(key), [])
        if len(key) == len(_rest(key)) + 1:  # of ranges that do not overlap, only the last that begins before can cover
            at = bisect_right(rows, _firsts(key), key=_firsts)
            rows = rows[max(0, at - 1) : at]
        return next((one for one in rows if all(_covers(*parts) for parts in zip(one, key, strict=True))), None)

    def _parts(self, place: int, value: Value, kind: Type) -> Sequence[KeyPart]:
        if isinstance(value, str):
            return (value,)
        if value is UNKNOWN:
            return tuple(option for option, _ in kind.options) if isinstance(kind, Choice) else self.places
        low, high = cast("tuple[Number | None, Number | None]", ends(value))
        if place in self.amounts:
            begins = FIRST_CUT if low is None else (low, 0)
            return self._stretches(place, AmountRange(begins, LAST_CUT if high is None else (high, 1)))
        if isinstance(value, Interval):
            least = 0 if low is None else ceil(low)
            return self._stretches(place, WholeRange(least, None if high is None else floor(high)))
        count = floor(cast("Number", value))
        return (WholeRange(count, count),)

    def _stretches(self, place: int, whole: Range) -> Sequence[Range]:
        """Counts or amounts, cut wherever a cell's range begins or ends."""
        cuts: set[Cut] = {whole.start, whole.end}
        for key in self.cells:
            part = key[place]
            if isinstance(part, Range):
                cuts.update(cut for cut in (part.start, part.end) if whole.start < cut < whole.end)
        return [whole.between(start, end) for start, end in pairwise(sorted(cuts))]


@dataclass(frozen=True, slots=True, eq=False)
class MarginalTable(ParameterTable):
    """Of a parameter whose last key is an amount, each part of which has the rate of the range in which it lies."""

    def value(self, keys: Keys, nodes: tuple[CoreExpression, ...]) -> Value:
        others = [self._parts(place, keys[place], node.type) for place, node in enumerate(nodes[:-1])]
        return reduce(hull, [graded(self._rates(rest), keys[-1]) for rest in product(*others)])

    def _asked(self, keys: Keys, nodes: tuple[CoreExpression, ...]) -> tuple[ParameterUse, ...]:
        """Each range with what of the amount lies in it, where that is known; of a range of which another file has a
        part, in what is left of it."""
        uses = ParameterTable._asked(self, keys, nodes)
        if not all(is_known(key) for key in keys):
            return uses
        parts = gathered((use.asked, key[-1]) for use, (key, _) in zip(uses, self._stretched(keys, nodes), strict=True))
        return tuple([use if use.value is None else _with_share(use, parts[use.asked]) for use in uses])

    def _parts(self, place: int, value: Value, kind: Type) -> Sequence[KeyPart]:
        """Of the amount every range of which it may have a part."""
        if place < len(self.parameter.by) - 1:
            return ParameterTable._parts(self, place, value, kind)
        most = cast("Number | None", ends(value)[1])
        if most is not None and most <= 0:
            return ()
        if place in self.amounts:
            return self._stretches(place, AmountRange((0, 1), LAST_CUT if most is None else (most, 1)))
        return self._stretches(place, WholeRange(1, None if most is None else floor(most)))

    def _rates(self, rest: Key) -> list[Rate]:
        """From 0 on the amounts at which another rate begins, and what each can be."""
        whole = AmountRange((0, 1), LAST_CUT) if self.amounts else WholeRange(1, None)
        found = []
        for part in self._stretches(len(rest), whole):
            written = self._written((*rest, part))
            begins = part.least - 1 if isinstance(part, WholeRange) else part.start[0]
            found.append((begins, self.unknown if written is None else self.cells[written].cell.number))
        return found


def _rest(key: Key) -> Key:
    return tuple([part for part in key if isinstance(part, str)])


def _firsts(key: Key) -> tuple[Cut, ...]:
    """Where the ranges of a key begin."""
    return tuple([part.start for part in key if isinstance(part, Range)])


def _covers(written: KeyPart, asked: KeyPart) -> bool:
    """INVARIANT: a stretch asked for was cut at every end of a written range, so where it begins speaks for it."""
    if isinstance(written, Range) and isinstance(asked, Range):
        return bool(written.start <= asked.start < written.end)
    return written == asked


def _is_of(part: KeyPart, value: Value) -> bool:
    """Whether a row is that of a value, which may be a number in its range."""
    if isinstance(part, str):
        return part == value
    return isinstance(value, int | Fraction) and value in part  # type: ignore[operator]  # counts are whole


def _with_share(use: ParameterUse, parts: Sequence[KeyPart]) -> ParameterUse:
    assert use.value is not None
    part = sum(_length(one) for one in parts)
    return replace(use, shares=(Share(part, number(part * use.value.cell.number)),))


def _length(part: KeyPart) -> Number:
    """How much an amount is of that lies in just this stretch; it has an end."""
    match part:
        case WholeRange(least=least, most=int(most)):
            return most - least + 1
        case AmountRange(start=(low, _), end=(high, _)):
            return number(high - low)
    raise AssertionError(part)


@dataclass(slots=True, eq=False)
class Elsewhen:
    """What one place has on other days than that of a decision, by what was known then; made where it is asked for.

    The rules are those of the decision: only what is looked up is that of the other day.

    Attributes:
        _rows, _rows_of_lists: of parameters and of lists, by id.
        _table: makes a parameter's table of the values that are in force.
        _day: that of the decision, or one on which the same is in force.
    """

    _rows: Mapping[str, Sequence[Row[Cell]]]
    _rows_of_lists: Mapping[str, Sequence[Row[Listed]]]
    _table: Callable[[str, Mapping[Key, ValueInForce]], ParameterTable]
    _place: str
    _day: date
    _known_on: date | None
    _turns: dict[str, list[date]] = field(default_factory=dict)
    _tables: dict[tuple[str, date], ParameterTable] = field(default_factory=dict)
    _lists: dict[tuple[str, date], Listed | None] = field(default_factory=dict)

    def parameter(self, node: Lookup, day: Value) -> list[tuple[date, ParameterTable]]:
        """Its values of the day; of a day that is not known those of each it may be, from the first such day on."""
        return self.tables(node.parameter, day)

    def tables(self, id: str, day: Value = EVER) -> list[tuple[date, ParameterTable]]:
        """Likewise, by its id."""
        rows, found = self._rows[id], []
        for first, turn in self._days(id, rows, day):
            table = self._tables.get((id, turn))
            if table is None:
                cells = cells_in_force(rows, self._place, turn, self._known_on)
                table = self._tables[id, turn] = self._table(id, cells)
            found.append((first, table))
        return found

    def rows(self, node: InList | OverlapsList, day: Value) -> list[Listed | None]:
        """Its rows, likewise; None where none are in force."""
        return [listed for _, listed in self.lists(node.list, day)]

    def lists(self, id: str, day: Value = EVER) -> list[tuple[date, Listed | None]]:
        """Likewise, by its id, from which day on."""
        rows = self._rows_of_lists[id]
        days = self._days(id, rows, day)
        for _, turn in days:
            if (id, turn) not in self._lists:
                row = next(in_force(rows, self._place, turn, self._known_on), None)
                self._lists[id, turn] = None if row is None else row.value
        return [(first, self._lists[id, turn]) for first, turn in days]

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
    elements = policy.merged.elements
    parameter = elements.parameters[id]
    ranged = any(isinstance(part, Range) for key in cells for part in key)
    amounts = frozenset(place for place, key in enumerate(parameter.by) if is_amount(key_type(elements, key)))
    kind = MarginalTable if parameter.marginal else ParameterTable
    return kind(parameter, cells, parameter_extent(parameter), ranged, tuple(policy.merged.divisions), amounts)


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
