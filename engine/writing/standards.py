"""What a bureau's table says: which county has which value.

In: a `Grid`, and the parameter that it gives values of.  Out: a `Standards`, or Diagnostics at the cells.
Nothing is guessed: counties are known by code or by name (区, 县, 市 may be left out where that leaves one county),
columns by their headers (`columns`). Titles, totals and notes are passed over.
Imports columns, counties, sides, amounts, policy, language and the ground floor.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction

from engine.diagnostics import Reporter
from engine.language.units import parse_unit
from engine.policy.csv_table import Row
from engine.policy.marked import is_clear
from engine.policy.rows import rows_of_parameter
from engine.policy.table_file import Grid
from engine.policy.territory import Division
from engine.records import dataclass
from engine.tree import Scalar
from engine.writing.amounts import TOTALS, bare, is_amount, read_amount
from engine.writing.columns import ColumnReader, Target, ValueColumn
from engine.writing.counties import Counties, column_of
from engine.writing.sides import ByPlace, Given, Values, is_far, settle


@dataclass(frozen=True, slots=True)
class Column:
    """`option` is "" where the place is the only key."""

    option: str
    unit: str


@dataclass(frozen=True, slots=True)
class Standards:
    """`rows` are amounts by column ("" for none), of counties in the order of the table."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Division, tuple[str, ...]], ...]

    @property
    def values(self) -> int:
        return sum(bool(amount) for _, amounts in self.rows for amount in amounts)


def holds_places(grid: Grid, target: Target) -> bool:
    return _Reader(grid, target, Reporter()).find_places()


def read_standards(
    grid: Grid, target: Target, report: Reporter, start: date, *, confirmed: bool = False
) -> Standards | None:
    """The table's values; None after a fault.

    Args:
        start: the day from which they hold.
        confirmed: a value far off those beside it, or the one before, was checked, and is so.
    """
    found = _Reader(grid, target, report).read(start, confirmed)
    return None if report.has_errors else found


class _Reader:
    def __init__(self, grid: Grid, target: Target, report: Reporter) -> None:
        self.rows = grid.rows
        self.hidden = grid.hidden
        self.target = target
        self.report = report
        self.counties = Counties(target.counties)
        self.code_column = self.name_column = self.kind_column = -1

    def read(self, start: date, confirmed: bool) -> Standards | None:
        top = self.rows[0][0]
        self.report.extend(self.hidden)
        if not self.find_places():
            self.report.tell("no-places-found", top.span, jurisdiction=self.target.jurisdiction)
            return None
        body = [at for at, row in enumerate(self.rows) if self._places(row) or self._has_amount(row)]
        self.kind_column = self._find_kinds([self.rows[at] for at in body])
        keys = [one for one in (self.code_column, self.name_column, self.kind_column) if one >= 0]
        reader = ColumnReader(self.rows[: body[0]], keys, self.target, self.report, by_row=self.kind_column >= 0)
        columns = reader.read(len(self.rows[0]), top)
        if not columns:
            return None
        values: Values = {}
        places: dict[str, Division] = {}
        above: list[Division] = []
        for at in body:
            above = self._take(self.rows[at], columns, values, above)
            places.update((one.code, one) for one in above)
        chosen = settle(values, places, self.report, self.target.units, confirmed=confirmed)
        if not confirmed and not self.report.has_errors:
            self._check_last(chosen, start)
        listed = tuple(Column(option, unit) for option, (unit, _) in chosen.items())
        rows = (
            (one, tuple(given[code].amount if code in given else "" for _, given in chosen.values()))
            for code, one in places.items()
        )
        return Standards(listed, tuple(rows))

    def _check_last(self, chosen: Mapping[str, tuple[str, ByPlace]], start: date) -> None:
        """A unit of another period is in all the values alike: only those before them show it."""
        rows = rows_of_parameter(self.target.parameter)
        for option, (unit, given) in chosen.items():
            stated = parse_unit(unit, self.target.units)
            assert stated is not None, "the headers were read"
            times = stated.factor / self.target.unit.factor
            for code, one in given.items():
                last = self.target.last(rows, code, option, start) if one.amount else None
                if last is not None and last.value and is_far(Fraction(one.amount) * times, Fraction(last.number)):
                    text = one.cell.text
                    related = [("value-before", last.span)]
                    self.report.tell("cell-far-before", one.cell.span, text=text, last=last.text, related=related)

    # ---- counties

    def find_places(self) -> bool:
        """Which columns hold codes and names: those with most of either."""
        width = range(len(self.rows[0]) if self.rows else 0)
        known = self.counties
        codes = [sum(known.coded(row[column].text) is not None for row in self.rows) for column in width]
        names = [sum(known.may_name(row[column].text) for row in self.rows) for column in width]
        self.code_column, self.name_column = column_of(codes), column_of(names)
        return self.code_column >= 0 or self.name_column >= 0

    def _places(self, row: Row) -> list[Division]:
        if self.code_column >= 0 and (one := self.counties.coded(row[self.code_column].text)) is not None:
            return [one]
        return self.counties.named(row[self.name_column].text) if self.name_column >= 0 else []

    def _has_amount(self, row: Row) -> bool:
        """Whether a row gives values to something: a county that is not known, unless it is a total."""
        keys = (self.code_column, self.name_column)
        name = "".join(bare(row[column].text) for column in keys if column >= 0)
        others = [cell for column, cell in enumerate(row) if column not in keys]
        distinct = {cell.text for cell in row if cell.text}
        kind = any(bare(cell.text) in self.target.words() for cell in others)
        return (
            bool(name or kind)
            and len(distinct) > 1
            and any(is_amount(one, self.target.units) for one in others)
            and not TOTALS.search(name)
        )

    def _find_kinds(self, body: Sequence[Row]) -> int:
        """The column in which every row says which option it is of; -1 where there is none."""
        words = self.target.words()
        for at in range(len(self.rows[0])) if self.target.options else ():
            if at not in (self.code_column, self.name_column) and all(bare(row[at].text) in words for row in body):
                return at
        return -1

    # ---- rows

    def _take(self, row: Row, columns: Sequence[ValueColumn], values: Values, above: list[Division]) -> list[Division]:
        """Take in the values of a row. Its counties; those above where the kinds of one county stand below each other,
        as a merged cell is saved in CSV."""
        places = self._places(row)
        kinds = self.target.words()[bare(row[self.kind_column].text)] if self.kind_column >= 0 else ()
        if not places and kinds and above and not any(row[one].text for one in self._keys()):
            places = above
        for at in (*self._keys(), self.kind_column):
            if at >= 0:
                is_clear(row[at], self.report)
        amounts = [
            (column, read_amount(row[column.at], column.unit, self.report, self.target.units)) for column in columns
        ]
        if not places:
            self._unknown_place(row)
            return []
        self._check_name(row, places)
        for column, amount in amounts:
            for option in column.options or kinds:
                held = values.setdefault(option, {}).setdefault(column.unit, {})
                for one in places:
                    if one.code in held:
                        self.report.tell("row-twice", row[self._keys()[-1]].span, place=one.name)
                    held[one.code] = Given(amount or "", row[column.at])
        return places

    def _keys(self) -> list[int]:
        return [column for column in (self.code_column, self.name_column) if column >= 0]

    def _unknown_place(self, row: Row) -> None:
        cells = [row[column] for column in reversed(self._keys())]
        cell = next((one for one in cells if one.text), cells[0])
        stated = (bare(other[column].text) for other in self.rows for column in self._keys())
        self.counties.told_unknown(cell, stated, self.report)

    def _check_name(self, row: Row, places: Sequence[Division]) -> None:
        """A code and a name of two counties; a name that is nobody's else is the bureau's own spelling."""
        if self.code_column < 0 or self.name_column < 0 or not bare(row[self.code_column].text):
            return
        cell: Scalar = row[self.name_column]
        named = self.counties.named(cell.text)
        if named and named != list(places):
            self.report.tell(
                "row-places-differ", cell.span, stated=places[0].code, named=places[0].name, name=cell.text
            )
