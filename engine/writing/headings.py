"""What the columns of a bureau's table are where rows are ranges, options or years: its keys, and its values.

In: a `Grid`, and the parameter that it gives values of.  Out: `Columns`, or Diagnostics at the headers.
A column is known by the label, name or id of its key in the heading, or by a word chosen for it. One key may lie
across: each of its options or ranges heads a column of values. Imports columns, counties, spoken, amounts,
policy, language and the ground floor.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field

from engine.diagnostics import Reporter
from engine.language.types import Choice, Place, Quantity, Type
from engine.language.units import NUMBER, Unit, is_of_amounts, parse_unit
from engine.policy.csv_table import Row
from engine.policy.keys import amount_words
from engine.policy.marked import stands
from engine.policy.model import AmountRange, KeyPart, Parameter
from engine.policy.territory import Division
from engine.records import dataclass
from engine.source import UnitWords
from engine.tree import Scalar
from engine.writing.amounts import (
    YEAR,
    bare,
    fitting_unit,
    shown_unit,
    states_unit_only,
    unit_in,
    with_period,
    without_unit,
)
from engine.writing.columns import OTHERS
from engine.writing.counties import Counties, column_of
from engine.writing.spoken import Spoken, read_spoken

_VALUE = "value"


@dataclass(frozen=True, slots=True)
class By:
    """One key of a parameter: what it is called, and its unit as declared."""

    id: str
    names: tuple[str, ...]
    type: Type
    words: str

    @property
    def label(self) -> str:
        return self.names[0]

    def spoken(self, unit: str, known: UnitWords) -> Spoken:
        assert isinstance(self.type, Quantity), "only numbers have ranges"
        return Spoken(self.id, self.type, self.words, self.names, unit, known)


@dataclass(frozen=True, slots=True)
class KeyedTarget:
    """Attributes:
    parameter: with the values that it has.
    also: further words, by what they stand for: an option, a key, or the parameter itself.
    default_unit: of columns of values that state none.
    known: the words for units that the policy declares.
    """

    parameter: Parameter
    by: tuple[By, ...]
    jurisdiction: str
    counties: Sequence[Division]
    also: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    default_unit: str = ""
    known: UnitWords = ()

    @property
    def unit(self) -> Unit | None:
        """That of the values; None where they are plain numbers, truths or days."""
        kind = self.parameter.type
        return kind.unit if isinstance(kind, Quantity) and kind.unit.dimension != NUMBER else None

    def place(self) -> By | None:
        return next((one for one in self.by if isinstance(one.type, Place)), None)

    def options(self, by: By) -> dict[str, tuple[str, ...]]:
        """What tables call the options of a key."""
        assert isinstance(by.type, Choice), "only choices have options"
        known = dict(by.type.options)
        said = {bare(word): (option,) for option, label in known.items() for word in (option, label)}
        return said | {bare(word): named for word, named in self.also.items() if set(named) <= known.keys()}

    def words(self) -> dict[str, str]:
        """What headings call the keys and the values."""
        found = {bare(word): _VALUE for word in (_VALUE, *_names(self.parameter))}
        found |= {bare(word): by.id for by in self.by for word in by.names}
        for word, named in self.also.items():
            if named == (self.parameter.id,):
                found[bare(word)] = _VALUE
            elif named[0] in {by.id for by in self.by}:
                found[bare(word)] = named[0]
        return found


def _names(parameter: Parameter) -> tuple[str, ...]:
    return tuple(one for one in (parameter.label, parameter.name, parameter.id) if one)


@dataclass(frozen=True, slots=True)
class Values:
    """A column of values: of what part of the key that lies across, and in what unit."""

    at: int
    header: Scalar
    across: KeyPart | None
    unit: str
    percent: bool


@dataclass(frozen=True, slots=True)
class Columns:
    """Attributes:
    body: the first row below the heading.
    keys: columns by key, with the unit that their header states.
    code, name: the columns of counties, -1 where there is none.
    across: the key whose parts head columns of values.
    """

    body: int
    keys: Mapping[str, tuple[int, str]]
    code: int
    name: int
    across: By | None
    values: tuple[Values, ...]


def has_heading(rows: Sequence[Row], target: KeyedTarget) -> bool:
    return HeadingReader(rows, target, Reporter()).top >= 0


class HeadingReader:
    def __init__(self, rows: Sequence[Row], target: KeyedTarget, report: Reporter) -> None:
        self.rows = rows
        self.target = target
        self.report = report
        self.known = target.words()
        self.counties = Counties(target.counties)
        self.width = range(len(rows[0]) if rows else 0)
        self.code = self.name = -1
        if target.place() is not None:
            counties = self.counties
            self.code = column_of([sum(counties.coded(row[at].text) is not None for row in rows) for at in self.width])
            self.name = column_of([sum(counties.may_name(row[at].text) for row in rows) for at in self.width])
        self.top = self._top()

    # ---- the heading

    def _top(self) -> int:
        """The row that names most; -1 where none names anything."""
        named = [0 if _is_line(row) else self._count(row) for row in self.rows]
        if any(named):
            return named.index(max(named))
        return next((at for at, row in enumerate(self.rows) if self._lies_across(row)), -1)

    def _count(self, row: Row) -> int:
        """How many keys a row names, and how many options of a key that lies across."""
        keys = sum(bool(self._named(row[at].text)) for at in self.width)
        across = (len({self._options(row[at].text, by) for at in self.width} - {()}) for by in self.target.by)
        return keys + max((count for count in across if count > 1), default=0)

    def _lies_across(self, row: Row) -> bool:
        """Whether a row that names nothing is made of ranges, beside the places."""
        cells = [cell for at, cell in enumerate(row) if cell.text and at not in (self.code, self.name)]
        ranges = [self._range(cell) for cell in cells if not cell.text.isdigit()]
        return 1 < len(cells) == len(ranges) and all(part is not None and not _is_amount(part) for part in ranges)

    def _named(self, text: str) -> str:
        """The key that a heading names, `value`, or "": by the whole of it, else by the longest word in it."""
        whole = without_unit(text)
        if whole in self.known:
            return self.known[whole]
        if re.search("[0-9]", YEAR.sub("", whole)):
            return ""  # a range with the name of its key in front
        found = sorted((word for word in self.known if len(word) > 1 and word in whole), key=len)
        return self.known[found[-1]] if found else ""

    def _options(self, text: str, by: By) -> tuple[str, ...]:
        """The options that a heading names, by the whole of it, else by a word in it."""
        if not isinstance(by.type, Choice):
            return ()
        said = self.target.options(by)
        whole = without_unit(text)
        found = (
            {said[whole]} if whole in said else {options for word, options in said.items() if word and word in whole}
        )
        return found.pop() if len(found) == 1 else ()

    def _range(self, cell: Scalar) -> KeyPart | None:
        """The range that a heading is, of the one key of ranges that could lie across."""
        kinds = [by for by in self.target.by if isinstance(by.type, Quantity)]
        text = without_unit(cell.text) if self._unit_behind(cell) else bare(cell.text)
        if len(kinds) != 1 or not re.search("[0-9一二两三四五六七八九十]", text):
            return None
        return read_spoken(Scalar(cell.span, text), kinds[0].spoken("", self.target.known), Reporter())

    def _unit_behind(self, cell: Scalar) -> str:
        """The unit in the brackets at the end of a heading that is itself a range, which may have another."""
        whole = bare(cell.text)
        return unit_in(whole.removeprefix(without_unit(whole)), self.target.known)

    # ---- its columns

    def read(self) -> Columns | None:
        """None after a fault."""
        first = self.rows[0][0]
        if self.target.place() is not None and max(self.code, self.name) < 0:
            self.report.tell("no-places-found", first.span, jurisdiction=self.target.jurisdiction)
            return None
        if self.top < 0:
            self._told_lacking([by for by in self.target.by if not isinstance(by.type, Place)], first)
            return None
        body = self._body()
        heading = self.rows[self.top : body]
        cells = {at: found for at in self.width if (found := _stacked(heading, at)) is not None}
        keys = self._keys(cells)
        lacking = [by for by in self.target.by if by.id not in keys and not isinstance(by.type, Place)]
        across = lacking[0] if len(lacking) == 1 else None
        taken = {at for at, _ in keys.values()} | {self.code, self.name}
        free = {at: cell for at, cell in cells.items() if at not in taken}
        values = list(self._across(free, across) if across is not None else self._values(free))
        if lacking and not values:
            self._told_lacking(lacking, self.rows[self.top][0])
        elif not values:
            self._told_no_values()
        for one in values:
            stands(one.header, self.report)
        made = Columns(body, keys, self.code, self.name, across, tuple(values))
        return None if self.report.has_errors else made

    def _body(self) -> int:
        """The first row behind the heading, whose further rows leave the cells of the keys empty or say them again."""
        over = self.rows[self.top]
        spots = [at for at in self.width if self._named(over[at].text) not in ("", _VALUE)] or [
            at for at in (self.code, self.name) if at >= 0
        ]
        for at in range(self.top + 1, len(self.rows)):
            if not spots or any(self.rows[at][spot].text not in ("", over[spot].text) for spot in spots):
                return at
        return len(self.rows)

    def _keys(self, cells: Mapping[int, Scalar]) -> dict[str, tuple[int, str]]:
        keys: dict[str, tuple[int, str]] = {}
        for at, cell in cells.items():
            by = next((one for one in self.target.by if one.id == self._named(cell.text)), None)
            if by is None or isinstance(by.type, Place) or at in (self.code, self.name):
                continue
            if by.id in keys:
                first = cells[keys[by.id][0]]
                self.report.tell("column-twice", cell.span, column=by.label, related=[("first-here", first.span)])
            stands(cell, self.report)
            keys.setdefault(by.id, (at, self._key_unit(cell, by)))
        return keys

    def _key_unit(self, cell: Scalar, by: By) -> str:
        """The unit of bare numbers in a column of ranges of amounts, as its header or the line over the table says."""
        if not isinstance(by.type, Quantity) or by.type.whole:
            return ""
        wanted = parse_unit(amount_words(by.words), self.target.known)
        assert wanted is not None, "it was declared"
        stated = unit_in(cell.text, self.target.known)
        if not stated and is_of_amounts(wanted.dimension):
            stated = with_period(self._line_unit(), cell.text, self.target.known)
        unit, completed = fitting_unit(stated, wanted) if stated else ("", False)
        if completed:
            self.report.tell("unit-per-one", cell.span, header=bare(cell.text), unit=shown_unit(unit))
        return unit or stated

    def _line_unit(self) -> str:
        """The unit of a line `单位：元` over the table."""
        lines = (cell for row in self.rows[: self.top] for cell in row if states_unit_only(cell.text))
        return next((unit for cell in lines if (unit := unit_in(cell.text, self.target.known))), "")

    # ---- values

    def _values(self, free: Mapping[int, Scalar]) -> Iterator[Values]:
        """The column that the parameter's label heads; else the only one whose unit it can be."""
        named = {at: cell for at, cell in free.items() if self._named(cell.text) == _VALUE}
        exact = {at: cell for at, cell in named.items() if self.known.get(without_unit(cell.text)) == _VALUE}
        fitting = {at: cell for at, cell in free.items() if not self._is_other(cell) and self._fits(cell)}
        chosen = exact or named
        if len(chosen) != 1:
            chosen = {at: cell for at, cell in chosen.items() if at in fitting} or chosen or fitting
        first = next(iter(chosen.values()), None)
        for at, cell in chosen.items():
            if cell is not first and first is not None:
                related = [("first-here", first.span)]
                self.report.tell("column-twice", cell.span, column=self.target.parameter.label, related=related)
            yield self._column(at, cell, None)

    def _across(self, free: Mapping[int, Scalar], by: By) -> Iterator[Values]:
        for at, cell in free.items():
            parts: Sequence[KeyPart] = self._options(cell.text, by)
            if not parts and isinstance(by.type, Quantity) and (part := self._range(cell)) is not None:
                parts = (part,)
            elif not parts and isinstance(by.type, Choice) and self._fits(cell):
                options = "、".join(label for _, label in by.type.options)
                both = ",".join(option for option, _ in by.type.options)
                self.report.tell("column-not-known", cell.span, header=cell.text, options=options, both=both)
            for part in parts:
                yield self._column(at, cell, part)

    def _is_other(self, cell: Scalar) -> bool:
        """Whether a heading says that its column is of something else than the parameter is called."""
        found = (one[0] for one in OTHERS.finditer(bare(cell.text)))
        return any(word not in bare(self.target.parameter.label) for word in found)

    def _fits(self, cell: Scalar) -> bool:
        stated, wanted = unit_in(cell.text, self.target.known), self.target.unit
        if wanted is None:
            return isinstance(self.target.parameter.type, Quantity) and "%" in bare(cell.text)
        return bool(stated and fitting_unit(stated, wanted)[0])

    def _column(self, at: int, cell: Scalar, part: KeyPart | None) -> Values:
        wanted, header = self.target.unit, bare(cell.text)
        if wanted is None:
            return Values(at, cell, part, "", "%" in header)
        own = (
            unit_in(cell.text, self.target.known) if part is None or isinstance(part, str) else self._unit_behind(cell)
        )
        stated = own or with_period(self.target.default_unit or self._line_unit(), header, self.target.known)
        unit, completed = fitting_unit(stated, wanted) if stated else ("", False)
        if stated and not unit:
            shown = shown_unit(self.target.parameter.unit_text)
            self.report.tell("column-unit", cell.span, header=header, unit=stated, wanted=shown)
        elif completed:
            self.report.tell("unit-per-one", cell.span, header=header, unit=shown_unit(unit))
        return Values(at, cell, part, unit, percent=False)

    # ---- faults

    def _told_lacking(self, lacking: Sequence[By], at: Scalar) -> None:
        over = self.rows[self.top] if self.top >= 0 else next((row for row in self.rows if not _is_line(row)), ())
        headers = "、".join(dict.fromkeys(cell.text for cell in over if cell.text))
        for by in lacking:
            self.report.tell("key-without-column", at.span, key=by.id, label=by.label, headers=headers)

    def _told_no_values(self) -> None:
        label = self.target.parameter.label
        example = label if self.target.unit is None else f"{label}（{shown_unit(self.target.parameter.unit_text)}）"
        self.report.tell("no-value-columns", self.rows[self.top][0].span, label=label, options=label, example=example)


def _is_amount(part: KeyPart) -> bool:
    """Whether it is one amount, which any number is."""
    return isinstance(part, AmountRange) and part.start[0] == part.end[0]


def _is_line(row: Row) -> bool:
    """Whether a row is a title or a note: one text, be it over merged cells."""
    return len({cell.text for cell in row if cell.text}) < 2


def _stacked(heading: Sequence[Row], at: int) -> Scalar | None:
    """The cells of a heading of several rows as one, at the lowest."""
    cells = [row[at] for row in heading if row[at].text and not states_unit_only(row[at].text)]
    texts = dict.fromkeys(cell.text for cell in cells)
    return Scalar(cells[-1].span, "".join(texts)) if len(texts) > 1 else cells[-1] if cells else None
