"""What the columns of a bureau's table are: the place, the kind, and the values by kind and unit.

In: a `Grid`, and the parameter that it gives values of.  Out: a `Layout`, or Diagnostics at the headers.
Columns are known by the option and the unit that their header states, in one row or several. Where a column of its own
says which option a row is of, headers need state none.
Imports amounts, policy, language and the ground floor.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field
from datetime import date

from engine.diagnostics import Reporter
from engine.language.units import Unit, declared_in
from engine.policy.csv_table import Row
from engine.policy.marked import stands
from engine.policy.model import Cell, Parameter
from engine.policy.rows import Row as InForce
from engine.policy.tables import cells_in_force
from engine.policy.territory import Division
from engine.records import dataclass
from engine.source import UnitWords
from engine.tree import Scalar
from engine.writing.amounts import bare, fitting_unit, shown_unit, states_unit_only, unit_in, with_period, without_unit

OTHERS = re.compile(
    "特困|供养|五保|孤儿|困境|低收入|边缘|照料|护理|临时救助|最低工资"
    "|(?:提高|提标|调整|增加|增长|上调)(?!后|到|至)|涨幅|增幅|幅度|比例|补差|差额|补助|补贴"
    "|户数|人数|人口数|人次|资金|支出|金额|收入|合计"
    "|原标准|原有|原执行|调整前|上年|上一年|去年"
)
"""words of headers whose columns are not the standard itself, but that of others, what it was, what it rose by, what is
paid on it, how many are paid"""


@dataclass(frozen=True, slots=True)
class Target:
    """Attributes:
    parameter: with the values that it has; its unit in `unit`. place_key: the key that is the place.
    option_key, options: its other key, and the labels of its options by id; empty where the place is the only key.
    also: further words of headers for options (`城镇`), by word; a word for several options gives the values of each.
    default_unit: for columns that state none.
    """

    parameter: Parameter
    unit: Unit
    jurisdiction: str
    counties: Sequence[Division]
    place_key: str
    option_key: str = ""
    options: Mapping[str, str] = field(default_factory=dict)
    also: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    default_unit: str = ""

    @property
    def label(self) -> str:
        return self.parameter.label

    @property
    def units(self) -> UnitWords:
        """The words for units that the policy declares, as far as the parameter needs them."""
        return declared_in(self.unit.dimension)

    @property
    def unit_text(self) -> str:
        return self.parameter.unit_text

    def last(self, rows: Sequence[InForce[Cell]], place: str, option: str, day: date) -> Cell | None:
        """The value of a county that is in force until a new one begins, by the rows of the parameter."""
        key = tuple(place if name == self.place_key else option for name in self.parameter.by)
        found = cells_in_force(rows, place, day).get(key)
        return None if found is None else found.cell

    def example(self) -> str:
        """A header as it should be."""
        option = next(iter(self.options.values()), self.label)
        return f"{option}（{shown_unit(self.unit_text)}）"

    def shown(self, option: str) -> str:
        return self.options.get(option, self.label)

    def kinds(self) -> str:
        """What a column may be of."""
        return "、".join(self.options.values()) or self.label

    def words(self) -> dict[str, tuple[str, ...]]:
        """What tables call the options."""
        return {
            **{bare(label): (option,) for option, label in self.options.items()},
            **{bare(word): options for word, options in self.also.items()},
        }

    def other_in(self, header: str) -> str:
        """The word of a header that says its column is of something else; "" where there is none, or where it belongs
        to a name of the policy's own or to a word that was chosen for this header."""
        chosen = (word for word in map(bare, self.also) if word in header)
        known = (bare(self.label), *map(bare, self.options.values()), *chosen)
        found = (one[0] for one in OTHERS.finditer(header))
        return next((one for one in found if not any(one in word for word in known)), "")

    def named(self, text: str) -> tuple[str, ...] | None:
        """The options that a header names; () for a parameter without options, None for something else."""
        if not self.options:
            words = (bare(self.label), *(bare(word) for word in self.also))
            return () if any(word in text for word in words) or unit_in(text, self.units) else None
        known = self.words()
        found = {options for word, options in known.items() if word and word in text}
        return found.pop() if len(found) == 1 else None


@dataclass(frozen=True, slots=True)
class ValueColumn:
    """`options` that its values are of: ("",) where the place is the only key, () where the row says it."""

    at: int
    options: tuple[str, ...]
    unit: str
    header: Scalar


class ColumnReader:
    """Args:
    above: the rows over the first county. keys: the columns of codes and names.
    by_row: whether a column of its own says which option a row is of.
    """

    def __init__(
        self, above: Sequence[Row], keys: Sequence[int], target: Target, report: Reporter, *, by_row: bool
    ) -> None:
        self.target = target
        self.report = report
        self.by_row = by_row
        self.keys = keys
        self.above = above
        self.others: list[tuple[Scalar, str]] = []
        self.over = [row for row in above if len({cell.text for cell in row if cell.text}) > 1]
        self.default = target.default_unit or self._stated_unit()

    def _stated_unit(self) -> str:
        """The unit of a line `单位：元/人·月`."""
        for cell in (cell for row in self.above for cell in row if states_unit_only(cell.text)):
            if unit := unit_in(cell.text, self.target.units):
                stands(cell, self.report)
                return unit
        return ""

    def read(self, width: int, top: Scalar) -> list[ValueColumn]:
        """The columns of values, none after a fault."""
        found = list(self._columns(width))
        self._told_others({option for column in found for option in column.options}, alone=not found)
        taken: dict[tuple[str, str], ValueColumn] = {}
        for column in found:
            for option in column.options or ("",):
                first = taken.setdefault((option, column.unit), column)
                if first is not column:
                    related = [("first-here", first.header.span)]
                    shown = self.target.shown(option)
                    self.report.tell("column-twice", column.header.span, column=shown, related=related)
        top = self.above[-1][0] if self.above else top
        if not found and not self.report.has_errors:
            self.report.tell(
                "no-value-columns",
                top.span,
                label=self.target.label,
                options=self.target.kinds(),
                example=self.target.example(),
            )
        given = {option for column in found for option in column.options}
        lacking = [] if self.by_row else [label for option, label in self.target.options.items() if option not in given]
        if found and lacking and not self.report.has_errors:
            self.report.tell("options-without-column", top.span, options="、".join(lacking))
        return [] if self.report.has_errors else found

    def _columns(self, width: int) -> Iterator[ValueColumn]:
        for at in range(width):
            cells = [row[at] for row in self.over if row[at].text and not states_unit_only(row[at].text)]
            if at in self.keys or not cells:
                continue
            header = bare("".join(dict.fromkeys(cell.text for cell in cells)))
            if self.target.other_in(header):
                self.others.append((cells[-1], header))
                continue
            options = self._options(header)
            if options is None:
                self._told_unknown(cells[-1], header)
                continue
            unit = self._unit(cells[-1], header)
            for cell in cells:
                stands(cell, self.report)
            if unit:
                yield ValueColumn(at, options, unit, cells[-1])

    def _options(self, header: str) -> tuple[str, ...] | None:
        if self.by_row:
            stated = unit_in(header, self.target.units) or bare(self.target.label) in header
            return () if stated and self._fits(header) else None
        named = self.target.named(header)
        return ("",) if named == () else named

    def _fits(self, header: str) -> bool:
        stated = unit_in(header, self.target.units) or with_period(self.default, header, self.target.units)
        return not stated or bool(fitting_unit(stated, self.target.unit)[0])

    def _told_unknown(self, cell: Scalar, header: str) -> None:
        """A column of amounts that is none of the options: left out in silence, its values would be lost."""
        if unit_in(header, self.target.units) and self._fits(header) and not self.by_row:
            both = ",".join(self.target.options)
            self.report.tell("column-not-known", cell.span, header=header, options=self.target.kinds(), both=both)

    def _told_others(self, given: set[str], *, alone: bool) -> None:
        """Columns of something else are left out, unless the values of a kind can be nowhere else."""
        for cell, header in self.others:
            named = () if self.by_row else self.target.named(header)
            options = named or tuple(self.target.options) or (self.target.parameter.id,)
            if alone:
                asked = bool(unit_in(header, self.target.units) or self.default or named) and self._fits(header)
            else:
                lacking = not self.by_row and not given.issuperset(options) and "" not in given
                asked = lacking and bool(unit_in(header, self.target.units)) and self._fits(header)
            if asked:
                word = without_unit(header)
                other = self.target.other_in(header)
                choice = f"{word if other in word else header}={','.join(options)}"
                self.report.tell(
                    "column-not-known",
                    cell.span,
                    header=header,
                    options=self.target.kinds(),
                    other=other,
                    choice=choice,
                )

    def _unit(self, cell: Scalar, header: str) -> str:
        stated = unit_in(header, self.target.units) or with_period(self.default, header, self.target.units)
        if not stated:
            self.report.tell("column-lacks-unit", cell.span, header=header, example=self.target.example())
            return ""
        unit, completed = fitting_unit(stated, self.target.unit)
        if not unit:
            wanted = shown_unit(self.target.unit_text)
            self.report.tell("column-unit", cell.span, header=header, unit=stated, wanted=wanted)
        elif completed:
            self.report.tell("unit-per-one", cell.span, header=header, unit=shown_unit(unit))
        return unit
