"""A bureau's table whose rows are ranges of amounts or counts, options, or years: which key has which value.

In: a `Grid`, and the parameter that it gives values of.  Out: a `Keyed`, or Diagnostics at the cells.
Ranges are read as bureaus write them (`spoken`) and written as policies have them; what they leave out or have twice
the policy's own check tells. Titles, totals and notes are passed over. Imports headings, counties, sides, spoken,
amounts, yaml_text, policy, language and the ground floor.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import product

from engine.diagnostics import Reporter
from engine.gathered import gathered
from engine.language.types import DATE, Choice, Place, Quantity
from engine.language.units import parse_unit
from engine.messages.ranges import range_text
from engine.policy.build import no_such_option
from engine.policy.cells import day_text, number_text, percent_text, squeezed
from engine.policy.csv_table import Row
from engine.policy.keys import amount_words
from engine.policy.marked import is_clear, is_sure, with_its_words
from engine.policy.model import Key, KeyPart, show_part
from engine.policy.rows import rows_of_parameter
from engine.policy.table_file import Grid
from engine.policy.tables import ValueInForce, cells_in_force
from engine.records import dataclass
from engine.source import Span
from engine.tree import Scalar
from engine.writing.amounts import TOTALS, bare, is_amount, is_nothing, shown_unit, value_text
from engine.writing.counties import Counties
from engine.writing.headings import By, Columns, HeadingReader, KeyedTarget, Values
from engine.writing.sides import is_far
from engine.writing.spoken import policy_form, read_spoken
from engine.writing.yaml_text import yaml_text

CODE, NAME = "区划代码", "区县"


@dataclass(frozen=True, slots=True)
class Keyed:
    """Attributes:
    columns: headers with what a policy says of each, "" of the name of a county.
    rows: of each cell the text to be written, and the place where the bureau wrote it.
    top: where the bureau's table is headed.
    """

    columns: tuple[tuple[str, str], ...]
    rows: tuple[Row, ...]
    top: Span

    @property
    def values(self) -> int:
        at = [at for at, (_, said) in enumerate(self.columns) if said.startswith(("{", "value"))]
        return sum(bool(row[one].text) for row in self.rows for one in at)


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of a key, as it will be written, and where it was read."""

    part: KeyPart
    cell: Scalar


def read_keyed(
    grid: Grid, target: KeyedTarget, report: Reporter, start: date, *, confirmed: bool = False
) -> Keyed | None:
    """The table's values; None after a fault.

    Args:
        start: the day from which they hold.
        confirmed: a value far off the one before was checked, and is so.
    """
    report.extend(grid.hidden)
    heading = HeadingReader(grid.rows, target, report)
    columns = heading.read()
    if columns is None:
        return None
    reader = _Reader(grid.rows, heading.counties, columns, target, report)
    rows = [row for at in range(columns.body, len(grid.rows)) for row in reader.read(grid.rows[at])]
    reader.check_percents()
    if not confirmed and not report.has_errors:
        reader.check_last(start)
    if not rows and not report.has_errors:
        report.tell("empty-table", grid.rows[0][0].span)
    top = grid.rows[columns.body - 1][0].span
    return None if report.has_errors else Keyed(reader.headers(), tuple(rows), top)


class _Reader:
    def __init__(
        self, rows: Sequence[Row], counties: Counties, columns: Columns, target: KeyedTarget, report: Reporter
    ) -> None:
        self.rows = rows
        self.counties = counties
        self.columns = columns
        self.target = target
        self.report = report
        self.place = target.place()
        self.down = [by for by in target.by if by.id in columns.keys]
        self.above: dict[int, Scalar] = {}
        self.given: list[tuple[Key, Values, Scalar]] = []

    # ---- what will be written

    def headers(self) -> tuple[tuple[str, str], ...]:
        found: list[tuple[str, str]] = []
        if self.place is not None:
            found += [(CODE, self.place.id), (NAME, "")]
        for by in self.down:
            unit = amount_words(by.words) if isinstance(by.type, Quantity) and not by.type.whole else ""
            found.append((f"{by.label}（{shown_unit(unit)}）" if unit else by.label, by.id))
        found += [self._value_header(one) for one in self.columns.values]
        names = [header for header, _ in found]
        return tuple((header if names.count(header) == 1 else f"{header} {said}", said) for header, said in found)

    def _value_header(self, column: Values) -> tuple[str, str]:
        across, parameter = self.columns.across, self.target.parameter
        own = f"unit: {column.unit}" if column.unit and column.unit != parameter.unit_text else ""
        unit = column.unit or (parameter.unit_text if self.target.unit is not None else "")
        behind = f"（{shown_unit(unit)}）" if unit else ""
        if across is None or column.across is None:
            return f"{parameter.label}{behind}", f"{{{own}}}" if own else "value"
        key = f"{across.id}: {yaml_text(self._written(column.across, across, column.header))}"
        said = across_words(column.across, across)
        return f"{said}{behind}", f"{{{', '.join([key, *([own] if own else [])])}}}"

    def _written(self, part: KeyPart, by: By, cell: Scalar) -> str:
        """A range as policies have it; one that is no decimal in the unit of its key as the bureau counted it."""
        shown = show_part(part)
        if isinstance(by.type, Choice):
            labels = [label for _, label in by.type.options]
            label = dict(by.type.options)[shown]
            return label if labels.count(label) == 1 and label not in dict(by.type.options) else shown
        if "/" not in shown or not isinstance(by.type, Quantity):
            return shown
        unit = self.columns.keys[by.id][1] if by.id in self.columns.keys else ""
        return policy_form(cell.text, by.spoken(unit, self.target.known))

    # ---- rows

    def read(self, row: Row) -> Iterator[Row]:
        """The rows to be written for one of the bureau's: several where it names several counties."""
        spots = self._spots()
        if self._is_note(row, spots) or any(TOTALS.search(bare(row[at].text)) for at in spots):
            return
        cells = {at: self._carried(row, at, spots) for at in spots}
        if all(is_nothing(row[one.at]) for one in self.columns.values):
            return
        parts = [self._parts(cells[self.columns.keys[by.id][0]], by, row) for by in self.down]
        places = self._places(cells, row)
        values = [Scalar(row[one.at].span, self._value(row[one.at], one)) for one in self.columns.values]
        for place, *others in product(places, *parts):
            self._keep(place, others, values)
            keys = [] if place is None else _code_and_name(place, self.target)
            for by, one in zip(self.down, others, strict=True):
                if one is not None:
                    keys.append(Scalar(one.cell.span, self._written(one.part, by, one.cell)))
            yield (*keys, *values)

    def _is_note(self, row: Row, spots: Sequence[int]) -> bool:
        """Whether a row holds one text only, be it over merged cells; a number is the value of some key, or of none."""
        alone = len({cell.text for cell in row if cell.text}) < 2 and not any(is_amount(cell) for cell in row)
        return alone and (not spots or any(row[at].text for at in spots))

    def _spots(self) -> list[int]:
        places = [at for at in (self.columns.code, self.columns.name) if at >= 0]
        return sorted({*places, *(at for at, _ in self.columns.keys.values())})

    def _carried(self, row: Row, at: int, spots: Sequence[int]) -> Scalar:
        """A cell of a key; where it is empty and one to its right is not, that above, as merged cells are saved."""
        if row[at].text:
            self.above = {spot: cell for spot, cell in self.above.items() if spot < at} | {at: row[at]}
        elif any(row[spot].text for spot in spots if spot > at):
            return self.above.get(at, row[at])
        return row[at]

    def _places(self, cells: Mapping[int, Scalar], row: Row) -> Sequence[_Part | None]:
        if self.place is None:
            return [None]
        code, name = self.columns.code, self.columns.name
        cell = next((cells[at] for at in (code, name) if at >= 0 and cells[at].text), None)
        if cell is None:
            self._told_lacking(self.place, row)
            return []
        is_clear(cell, self.report)
        coded = self.counties.coded(cell.text)
        named = [coded] if coded is not None else self.counties.named(cell.text)
        if not named:
            others = (bare(other[at].text) for other in self.rows for at in (code, name) if at >= 0)
            self.counties.told_unknown(cell, others, self.report)
        by_name = self.counties.named(cells[name].text) if code >= 0 and name >= 0 else []
        if coded is not None and by_name and by_name != [coded]:
            self.report.tell(
                "row-places-differ", cells[name].span, stated=coded.code, named=coded.name, name=cells[name].text
            )
        return [_Part(one.code, cell) for one in named]

    def _parts(self, cell: Scalar, by: By, row: Row) -> Sequence[_Part]:
        if not cell.text:
            self._told_lacking(by, row)
            return []
        match by.type:
            case Choice() as choice:
                is_clear(cell, self.report)
                found = self.target.options(by).get(bare(cell.text), ())
                if not found:
                    no_such_option(cell.text, cell.span, choice, self.report, labels=True)
                return [_Part(option, cell) for option in found]
            case Quantity():
                unit = self.columns.keys[by.id][1]
                part = read_spoken(cell, by.spoken(unit, self.target.known), self.report)
                return [] if part is None else [_Part(part, cell)]
            case kind:
                raise AssertionError(f"{kind} is no key of a column")

    def _told_lacking(self, by: By, row: Row) -> None:
        cell = next(row[one.at] for one in self.columns.values if not is_nothing(row[one.at]))
        self.report.tell("row-lacks-key", cell.span, label=by.label)

    # ---- values

    def _value(self, cell: Scalar, column: Values) -> str:
        if is_nothing(cell):
            return ""
        kind = self.target.parameter.type
        shown = with_its_words(cell)
        typed = cell if shown is None or not self._is_same(shown, cell, column) else Scalar(cell.span, shown.text)
        if not is_sure(typed, self.report):
            return ""
        if not isinstance(kind, Quantity):
            return (day_text(typed.text) if kind == DATE else None) or squeezed(typed.text)
        text = value_text(typed, column.unit, self.target.known)
        if column.percent and number_text(text) is not None:
            return f"{text}%"
        if self.target.unit is not None and not column.unit and number_text(text) not in (None, "0"):
            label = self.target.parameter.label
            example = f"{label}（{shown_unit(self.target.parameter.unit_text)}）"
            self.report.tell("column-lacks-unit", column.header.span, header=bare(column.header.text), example=example)
        return text

    def _is_same(self, shown: Scalar, cell: Scalar, column: Values) -> bool:
        """Whether the words that a number's format adds (`3%`, `200元`) leave the number what it is."""
        text = value_text(shown, column.unit, self.target.known)
        return (percent_text(text) or text) == number_text(cell.text)

    def _keep(self, place: _Part | None, others: Sequence[_Part | None], values: Sequence[Scalar]) -> None:
        held = {by.id: one.part for by, one in zip(self.down, others, strict=True) if one is not None}
        for column, value in zip(self.columns.values, values, strict=True):
            known = dict(held)
            if place is not None and self.place is not None:
                known[self.place.id] = place.part
            if column.across is not None and self.columns.across is not None:
                known[self.columns.across.id] = column.across
            if value.text:
                self.given.append((tuple(known[by.id] for by in self.target.by), column, value))

    def check_percents(self) -> None:
        """A number without % in a column whose others have it is likely meant with it."""
        for cells in gathered((column.at, cell) for _, column, cell in self.given).values():
            if any(cell.text.endswith("%") for cell in cells):
                for cell in cells:
                    if number_text(cell.text) not in (None, "0"):
                        self.report.tell("values-mixed", cell.span, text=cell.text)

    def check_last(self, start: date) -> None:
        """A value of another unit, or a percentage without its sign, is far off the one before it."""
        rows = rows_of_parameter(self.target.parameter) if isinstance(self.target.parameter.type, Quantity) else ()
        held: dict[str, Mapping[Key, ValueInForce]] = {}
        for key, column, cell in self.given if rows else ():
            value = self._counted(cell.text, column)
            places = (part for part, by in zip(key, self.target.by, strict=True) if isinstance(by.type, Place))
            place = str(next(places, ""))
            if place not in held:
                held[place] = cells_in_force(rows, place, start)
            last = held[place].get(key)
            if value and last is not None and last.cell.value and is_far(value, Fraction(last.cell.number)):
                related = [("value-before", last.cell.span)]
                self.report.tell("cell-far-before", cell.span, text=cell.text, last=last.cell.text, related=related)

    def _counted(self, text: str, column: Values) -> Fraction | None:
        """A value in the unit of the parameter; None for what the policy's check will tell."""
        kind = self.target.parameter.type
        number, _, own = text.partition(" ")
        digits = percent_text(number) or number_text(number)
        unit = parse_unit(own or column.unit, self.target.known)
        if digits is None or unit is None or not isinstance(kind, Quantity) or unit.dimension != kind.unit.dimension:
            return None
        return Fraction(Decimal(digits)) * unit.factor / kind.unit.factor


def across_words(part: KeyPart, by: By) -> str:
    """What heads a column of values."""
    if isinstance(part, str):
        return dict(by.type.options)[part] if isinstance(by.type, Choice) else part
    return range_text(show_part(part), amount_words(by.words), "zh")


def _code_and_name(place: _Part, target: KeyedTarget) -> list[Scalar]:
    found = next(one for one in target.counties if one.code == place.part)
    return [Scalar(place.cell.span, text) for text in (found.code, found.name)]
