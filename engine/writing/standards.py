"""What a bureau's table says: which rows are which counties, which columns are which values.

In: a `Grid`, and the parameter that it gives values of.  Out: a `Standards`, or Diagnostics at the cells.
Nothing is guessed: counties are known by code or by their whole name, columns by the option and the unit that their
header states. Titles, totals and notes are passed over.
Imports amounts, workbook, policy, language and the ground floor.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from engine.diagnostics import Reporter
from engine.language.units import Unit
from engine.policy.model import Division
from engine.suggest import nearest
from engine.writing.amounts import (
    fitting_unit,
    is_amount,
    read_amount,
    shown_unit,
    squeezed,
    states_unit_only,
    unit_in,
)
from engine.writing.workbook import Grid, GridCell, report_cell

_TOTALS = re.compile(r"合计|总计|小计|平均|全市|备注|说明|注[:：]?")
_SEPARATORS = re.compile(r"[、,;/]")


@dataclass(frozen=True, slots=True)
class Target:
    """Attributes:
    label: of the parameter. place_key: the key that is the place. option_key, options: its other key, and the labels of
        its options by id; empty where the place is the only key.
    also: further words that a header may use for an option (`城镇`), by word.
    unit: of the parameter, and `unit_text` its words; `default_unit`: for columns that state none.
    """

    label: str
    unit: Unit
    unit_text: str
    jurisdiction: str
    counties: Sequence[Division]
    place_key: str
    option_key: str = ""
    options: Mapping[str, str] = field(default_factory=dict)
    also: Mapping[str, str] = field(default_factory=dict)
    default_unit: str = ""

    def example(self) -> str:
        """A header as it should be."""
        option = next(iter(self.options.values()), self.label)
        return f"{option}（{shown_unit(self.unit_text)}）"


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


def read_standards(grid: Grid, target: Target, report: Reporter) -> Standards | None:
    """The table's values; None after a fault."""
    found = _Reader(grid, target, report).read()
    return None if report.has_errors else found


class _Reader:
    def __init__(self, grid: Grid, target: Target, report: Reporter) -> None:
        self.rows = grid.rows
        self.target = target
        self.report = report
        self.by_code = {one.code: one for one in target.counties}
        self.by_name = {squeezed(one.name): one for one in target.counties}
        self.code_column = self.name_column = -1
        self.city = next((squeezed(one.city_name) for one in target.counties if one.city_name), "")

    def read(self) -> Standards | None:
        if not self.find_places():
            self.report.error(
                "no-places-found", self._top().span, path=self._top().place, jurisdiction=self.target.jurisdiction
            )
            return None
        body = [row for row in self.rows if self._places(row) or self._has_amount(row)]
        above = self.rows[: self.rows.index(body[0])]
        columns = self._columns(above)
        if not columns:
            return None
        found: dict[str, tuple[Division, tuple[str, ...]]] = {}
        for row in body:
            self._take(row, columns, found)
        return Standards(tuple(column for _, column in columns), tuple(found.values()))

    def _top(self) -> GridCell:
        return self.rows[0][0]

    # ---- counties

    def find_places(self) -> bool:
        """Which columns hold codes and names: those with most of either."""
        width = range(len(self.rows[0]) if self.rows else 0)
        codes = [sum(self._code(row[column]) in self.by_code for row in self.rows) for column in width]
        names = [sum(bool(self._named(row[column].text)) for row in self.rows) for column in width]
        if any(codes):
            self.code_column = codes.index(max(codes))
        if any(names):
            self.name_column = names.index(max(names))
        return self.code_column >= 0 or self.name_column >= 0

    @staticmethod
    def _code(cell: GridCell) -> str:
        return squeezed(cell.text)

    def _named(self, text: str) -> list[Division]:
        """The counties that a cell names: one, or several with signs between them, all of them known."""
        whole = squeezed(text)
        parts = [whole] if whole in self.by_name else [part for part in _SEPARATORS.split(whole) if part]
        found = [self.by_name.get(part) or self.by_name.get(part.removeprefix(self.city)) for part in parts]
        return [one for one in found if one is not None] if all(found) else []

    def _places(self, row: Sequence[GridCell]) -> list[Division]:
        if self.code_column >= 0 and (one := self.by_code.get(self._code(row[self.code_column]))) is not None:
            return [one]
        return self._named(row[self.name_column].text) if self.name_column >= 0 else []

    def _has_amount(self, row: Sequence[GridCell]) -> bool:
        """Whether a row gives values to something: a county that is not known, unless it is a total."""
        keys = (self.code_column, self.name_column)
        name = "".join(squeezed(row[column].text) for column in keys if column >= 0)
        others = [cell for column, cell in enumerate(row) if column not in keys]
        distinct = {cell.text for cell in row if cell.text}
        return bool(name) and len(distinct) > 1 and any(is_amount(one) for one in others) and not _TOTALS.search(name)

    # ---- columns

    def _columns(self, above: Sequence[Sequence[GridCell]]) -> list[tuple[int, Column]]:
        over = [row for row in above if len({cell.text for cell in row if cell.text}) > 1]
        stated = next(
            (unit for row in above for cell in row if states_unit_only(cell.text) and (unit := unit_in(cell.text))), ""
        )
        default = self.target.default_unit or stated
        found: dict[str, tuple[int, Column]] = {}
        for column in range(len(self.rows[0])):
            if column in (self.code_column, self.name_column):
                continue
            cells = [row[column] for row in over if row[column].text and not states_unit_only(row[column].text)]
            header = "".join(dict.fromkeys(cell.text for cell in cells))
            option = self._option(header) if cells else None
            if option is None:
                self._told_unknown(cells, header)
                continue
            if option in found:
                shown = self.target.options.get(option, self.target.label)
                report_cell(self.report, "column-twice", cells[-1], column=shown)
                continue
            unit = self._unit(cells[-1], header, default)
            if unit:
                found[option] = (column, Column(option, unit))
        if not found and not self.report.has_errors:
            top = above[-1][0] if above else self._top()
            options = "、".join(self.target.options.values()) or self.target.label
            report_cell(
                self.report,
                "no-value-columns",
                top,
                label=self.target.label,
                options=options,
                example=self.target.example(),
            )
        lacking = [label for option, label in self.target.options.items() if option not in found]
        if found and lacking and not self.report.has_errors:
            top = above[-1][0] if above else self._top()
            path = "" if top.span is not None else top.place
            self.report.warning("options-without-column", top.span, path=path, options="、".join(lacking))
        return list(found.values())

    def _told_unknown(self, cells: Sequence[GridCell], header: str) -> None:
        """A column of amounts that is none of the options: left out in silence, its values would be lost."""
        stated = unit_in(header)
        if stated and fitting_unit(stated, self.target.unit)[0]:
            options = "、".join(self.target.options.values()) or self.target.label
            report_cell(self.report, "column-not-known", cells[-1], header=header, options=options)

    def _option(self, header: str) -> str | None:
        """The option that a header names, "" for a parameter without options; None for a column of something else."""
        text = squeezed(header)
        if not self.target.options:
            words = (squeezed(self.target.label), *(squeezed(word) for word in self.target.also))
            return "" if any(word in text for word in words) or unit_in(header) else None
        words_of = {squeezed(label): option for option, label in self.target.options.items()}
        words_of |= {squeezed(word): option for word, option in self.target.also.items()}
        named = {option for word, option in words_of.items() if word and word in text}
        return named.pop() if len(named) == 1 else None

    def _unit(self, cell: GridCell, header: str, default: str) -> str:
        stated = unit_in(header) or default
        if not stated:
            report_cell(self.report, "column-lacks-unit", cell, header=header, example=self.target.example())
            return ""
        unit, completed = fitting_unit(stated, self.target.unit)
        if not unit:
            wanted = shown_unit(self.target.unit_text)
            report_cell(self.report, "column-unit", cell, header=header, unit=stated, wanted=wanted)
        elif completed:
            self.report.info(
                "unit-per-one", cell.span, path="" if cell.span else cell.place, header=header, unit=shown_unit(unit)
            )
        return unit

    # ---- rows

    def _take(
        self,
        row: Sequence[GridCell],
        columns: Sequence[tuple[int, Column]],
        found: dict[str, tuple[Division, tuple[str, ...]]],
    ) -> None:
        places = self._places(row)
        amounts = tuple(read_amount(row[place], column.unit, self.report) for place, column in columns)
        if not places:
            self._unknown_place(row)
            return
        self._check_name(row, places)
        for one in places:
            if one.code in found:
                report_cell(self.report, "row-twice", row[max(self.name_column, self.code_column)], place=one.name)
            found[one.code] = (one, tuple(amount or "" for amount in amounts))

    def _unknown_place(self, row: Sequence[GridCell]) -> None:
        cells = [row[column] for column in (self.name_column, self.code_column) if column >= 0]
        cell = next((one for one in cells if one.text), cells[0])
        near = nearest(squeezed(cell.text), [*self.by_name, *self.by_code])
        report_cell(self.report, "row-place", cell, name=cell.text, suggestion=near)

    def _check_name(self, row: Sequence[GridCell], places: Sequence[Division]) -> None:
        """A code and a name of two counties; a name that is nobody's else is the bureau's own spelling."""
        if self.code_column < 0 or self.name_column < 0 or not self._code(row[self.code_column]):
            return
        named = self._named(row[self.name_column].text)
        if named and named != list(places):
            cell = row[self.name_column]
            report_cell(
                self.report, "row-places-differ", cell, stated=places[0].code, named=places[0].name, name=cell.text
            )
