"""The cells of one block of values, by key: written out, nested, or read from a table beside the file.

In: a block, and the declaration that says what its values are and what they are keyed by.
Out: `Cell`s, or Diagnostics at the cell.
Imports build, context, fields, csv_table, keys, model, language and the ground floor.
"""

from __future__ import annotations

import re
from bisect import bisect_left, insort
from dataclasses import replace
from datetime import date
from fractions import Fraction
from itertools import product
from typing import TypeAlias, cast

from engine.diagnostics import Reporter
from engine.language import values
from engine.language.types import DATE, Choice, DateType, Place, Quantity, Truth, Type
from engine.language.units import Unit
from engine.policy.build import Maker, no_such_option
from engine.policy.cells import day_text, is_usable, plain_cell, tidy
from engine.policy.context import Context, read_places
from engine.policy.csv_table import Table, unparted_header
from engine.policy.extent import parameter_extent
from engine.policy.fields import Fields, read_amount, read_day, read_flag, report_value_unit
from engine.policy.keys import declared_key, fixed_parts, is_amount, key_type, keys_overlap, told_key, told_range
from engine.policy.model import AmountRange, Cell, Cut, Key, KeyPart, Parameter, Range, WholeRange, show_part
from engine.policy.ranges import read_amounts
from engine.records import dataclass
from engine.source import Span
from engine.suggest import Near
from engine.tree import Mapping, Scalar, Tree

_RANGE = r"(0|[1-9][0-9]{0,5})(?:(\.\.)(0|[1-9][0-9]{0,5})?)?"
_SAID = (
    r"第?(0|[1-9][0-9]{0,5})(?:\s*[-–—~～至到]\s*([1-9][0-9]{0,5}))?"
    r"\s*(?:年度?|人|口人|级|档|岁|个?月|户)?((?:及)?以上|\+)?"
)
"""numbers as people write them in tables"""

KeyKind: TypeAlias = tuple[str, Type]
"""id of what a parameter is keyed by, and its type"""
_Parts: TypeAlias = tuple[KeyPart, ...]
"""what is written as one part of a key: the part, or each place that a wide one contains"""


def read_value(
    scalar: Scalar, parameter: Parameter, unit: Unit | None, report: Reporter
) -> int | Fraction | date | None:
    """A value as the parameter has it; None after a fault.

    Args:
        unit: that of a bare number.
    """
    match parameter.type:
        case Quantity(unit=counted, whole=whole):
            value = read_amount(scalar, counted, report, own=unit, words=parameter.unit_text)
            if whole and isinstance(value, Fraction):
                report.tell("value-not-whole", scalar.span, text=scalar.text)
                return None
            return value
        case Truth():
            flag = read_flag(scalar.text.strip())
            if flag is None:
                report.tell("bad-truth", scalar.span, text=scalar.text)
            return flag
        case DateType():
            return read_day(scalar, report)
        case kind:
            raise AssertionError(f"no parameter is {kind}")


def own_unit(fields: Fields, parameter: Parameter, maker: Maker) -> Unit | None:
    """The unit that a block or column gives its bare numbers, if it fits the parameter."""
    scalar = fields.scalar("unit")
    if not isinstance(parameter.type, Quantity):
        if scalar is not None:
            other = "date" if parameter.type == DATE else "yes_no"
            fields.report.tell("only-one-of", scalar.span, key="unit", other=other)
        return None
    own = fields.unit("unit")
    if own is not None and scalar is not None and own.dimension != parameter.type.unit.dimension:
        report_value_unit(scalar, scalar.text.strip(), parameter.type.unit, parameter.unit_text, maker.report)
        return None
    return own


class Cells:
    """Collects the cells of one block by key."""

    def __init__(self, parameter: Parameter, unit: Unit, maker: Maker, context: Context) -> None:
        self.parameter = parameter
        self.unit = unit
        self.maker = maker
        self.context = context
        self.kinds = [(name, key_type(context.elements, name)) for name in parameter.by]
        self.found: dict[Key, Cell] = {}
        self._alike: dict[Key, list[Key]] = {}
        self._options = {name: _by_words(type_) for name, type_ in self.kinds if isinstance(type_, Choice)}
        declared = ((name, declared_key(context.elements, name)) for name, _ in self.kinds)
        self._words = {name: "" if held is None else held.unit_text for name, held in declared}

    def read(self, fields: Fields) -> None:
        if (value := fields.scalar("value")) is not None:
            if self.kinds:
                self._needs_keys(value)
                return
            self.put((), value)
        if (values := fields.get("values")) is not None:
            self._nested(values, ())
        if (path := fields.scalar("table")) is not None:
            table = self.context.read_table(path.text, path.span)
            if table is not None:
                self._table(table, fields, path)

    def _needs_keys(self, tree: Tree) -> None:
        by = " ".join(self.parameter.by)
        self.maker.report.tell("value-needs-keys", tree.span, parameter=self.parameter.id, by=by)

    def put(self, key: tuple[_Parts, ...], scalar: Scalar, unit: Unit | None = None, own: str = "") -> None:
        """Take a value in for all that the key stands for; `unit` and its words `own` are a column's."""
        if len(key) != len(self.kinds):
            self._needs_keys(scalar)
            return
        parameter, report = self.parameter, self.maker.report
        value = read_value(scalar, parameter, unit or self.unit, report)
        if value is None:
            return
        # as declared, or as far as a number can be written in the parameter's own unit
        if values.compare("=", parameter_extent(parameter), value) is False:
            self.maker.report.tell("value-out-of-bounds", scalar.span, text=scalar.text, parameter=self.parameter.id)
            return
        words = scalar.text.strip()
        bare = re.fullmatch(r"-?[0-9.]+", words) is not None
        text = f"{words} {own or self.parameter.unit_text}".strip() if bare else words
        keys = list(product(*key))
        if all(self._is_free(one, scalar) for one in keys):
            for one in keys:
                insort(self._alike.setdefault(fixed_parts(one), []), one, key=_low)
                self.found[one] = Cell(value, text, scalar.span, one)

    def _is_free(self, key: Key, scalar: Scalar) -> bool:
        other = self._overlapping(key)
        if other is not None and not self._told_overlap(key, other):
            related = [("first-here", self.found[other].span)]
            self.maker.report.tell("key-twice", scalar.span, key=self._told(key), related=related)
        return other is None

    def _told_overlap(self, key: Key, other: Key) -> bool:
        """Ranges of amounts that share something; where it is the boundary only, the upper one is to leave it out."""
        pairs = zip(self.parameter.by, key, other, strict=True)
        found = next(((name, pair) for name, *pair in pairs if isinstance(pair[0], AmountRange)), None)
        if found is None or key == other:
            return False
        unit = self._words[found[0]]
        first, second = sorted(cast("list[AmountRange]", found[1]), key=lambda part: (part.start, part.end))
        shared = AmountRange(second.start, min(first.end, second.end))
        touching = shared.start[0] == shared.end[0] and first.start < second.start and first.end < second.end
        meant = told_range(second.between(first.end, second.end), unit) if touching else ""
        span, at = (part.span for part in (second, first))
        assert span is not None
        assert at is not None
        self.maker.report.tell(
            "amounts-overlap",
            span,
            key=told_range(second, unit),
            other=told_range(first, unit),
            shared=told_range(shared, unit),
            suggestion=meant,
            related=[("first-here", at)],
        )
        return True

    def _told(self, key: Key) -> str:
        return told_key(self.context.elements, self.parameter.by, key) or "-"

    def _overlapping(self, key: Key) -> Key | None:
        """A key in hand that covers something of this one. Only keys alike in all but their ranges can."""
        if key in self.found:
            return key
        alike = self._alike.get(fixed_parts(key), [])
        if len(key) == len(fixed_parts(key)) + 1:  # one range: of keys that do not overlap, only a neighbour can
            at = bisect_left(alike, _low(key), key=_low)
            alike = alike[max(at - 1, 0) : at + 1]
        return next((other for other in alike if keys_overlap(key, other)), None)

    def _nested(self, tree: Tree, before: tuple[_Parts, ...]) -> None:
        """Values nested by key, in the order of `by`."""
        place = len(before)
        if isinstance(tree, Scalar):
            self.put(before, tree)
            return
        if not isinstance(tree, Mapping) or place >= len(self.kinds):
            self._needs_keys(tree)
            return
        for key, value in tree.entries:
            if parts := self.parts(key, self.kinds[place]):
                self._nested(value, (*before, parts))

    def parts(self, scalar: Scalar, kind: KeyKind) -> _Parts:
        """One part of a key, as written: an option, a whole count or range, or a place, which stands for all that it
        contains; none after a fault."""
        if isinstance(kind[1], Place):
            return read_places(scalar, self.maker, self.context)
        part = self._part(scalar, kind)
        return () if part is None else (part,)

    def _part(self, scalar: Scalar, kind: KeyKind) -> KeyPart | None:
        name, type_ = kind
        if isinstance(type_, Choice):
            found = self._options[name].get(scalar.text)
            if found is not None:
                return found
            no_such_option(scalar.text, scalar.span, type_, self.maker.report, labels=True)
            return None
        if is_amount(type_):
            return read_amounts(scalar, type_.unit, self._words[name], name, self.maker.report)
        match = re.fullmatch(_RANGE, scalar.text.strip())
        if match is None:
            suggestion = _meant_range(scalar.text.strip())
            self.maker.report.tell("bad-range", scalar.span, text=scalar.text, key=name, suggestion=suggestion)
            return None
        low = int(match.group(1))
        high = low if match.group(2) is None else None if match.group(3) is None else int(match.group(3))
        if high is not None and high < low:
            self.maker.report.tell("bad-range", scalar.span, text=scalar.text, key=name, suggestion="")
            return None
        return WholeRange(low, high)

    def _table(self, table: Table, fields: Fields, path: Scalar) -> None:
        columns = self._columns(table, fields, path)
        if columns is None:
            return
        report = self.maker.report
        self._names(table, columns)
        kinds = dict(self.kinds)
        for row in table.rows:
            cells = {name: replace(row[place], text=tidy(row[place].text)) for place, name in columns.keys}
            given = {name: self.parts(cell, (name, kinds[name])) for name, cell in cells.items()}
            if not all(given.values()):
                continue
            for place, fixed, unit, own in columns.values:
                cell = plain_cell(row[place])
                if self.parameter.type == DATE:  # as spreadsheets write days
                    cell = replace(cell, text=day_text(cell.text) or cell.text)
                if cell.text and is_usable(cell, report):
                    whole = {**given, **fixed}
                    key = tuple(whole[name] for name in self.parameter.by if name in whole)
                    self.put(key, cell, unit, own)

    def _names(self, table: Table, columns: _Columns) -> None:
        """In a column that means nothing else and holds names of counties, none is that of another county's code.

        A name that no county has is left alone: papers call a zone what they like.
        """
        codes = next((place for place, name in columns.keys if isinstance(dict(self.kinds)[name], Place)), None)
        if codes is None:
            return
        divisions = self.context.divisions
        names = {division.name for division in divisions.values()}
        meant = {codes, *(place for place, _ in columns.keys), *(place for place, *_ in columns.values)}
        for place in set(range(len(table.header))) - meant:
            if 2 * sum(row[place].text.strip() in names for row in table.rows) < len(table.rows):
                continue
            for row in table.rows:
                text, division = row[place].text.strip(), divisions.get(row[codes].text.strip())
                if division is not None and text in names and text != division.name:
                    self.maker.report.tell("row-name-differs", row[place].span, text=text, name=division.name)

    def _columns(self, table: Table, fields: Fields, path: Scalar) -> _Columns | None:
        """Which column of the table is which key, and which hold values under which fixed keys and unit."""
        names = [cell.text for cell in table.header]
        found = _Columns([], [])
        declared = list(fields.entries("columns"))
        if not declared:
            declared = [(cell, cell) for cell in table.header if cell.text in (*self.parameter.by, "value")]
        ok = True
        seen: dict[str, Span] = {}
        for header, target in declared:
            if header.text not in names:
                whole = unparted_header(table)
                # a column that has its meaning already is not the one that is meant
                free = [name for name in names if all(name != column.text for column, _ in declared)]
                self.maker.report.tell(
                    "unknown-column", header.span, column=header.text, suggestion=Near(header.text, free), header=whole
                )
                if whole:
                    return None  # the others lack for the same reason
                ok = False
                continue
            place = names.index(header.text)
            known = len(found.keys) + len(found.values)
            if isinstance(target, Scalar) and target.text == "value":
                found.values.append((place, {}, None, ""))
            elif isinstance(target, Scalar):
                if target.text not in self.parameter.by:
                    self._unknown_key(target)
                    ok = False
                    continue
                found.keys.append((place, target.text))
            else:
                ok = self._wide_column(place, Fields(target, self.maker.report), found) and ok
            if len(found.keys) + len(found.values) > known:
                ok = self._is_first(found, target, seen) and ok
        given = {name for _, name in found.keys}
        for _, fixed, _, _ in found.values:
            lacking = [name for name in self.parameter.by if name not in given and name not in fixed]
            if lacking and ok:
                self.maker.report.tell("column-missing", path.span, keys=" ".join(lacking))
                return None
        if not found.values and ok:
            self.maker.report.tell("column-missing", path.span, keys="value")
            return None
        return found if ok else None

    def _is_first(self, found: _Columns, target: Tree, seen: dict[str, Span]) -> bool:
        """Whether no column before the last one gives the same key, or the values of the same keys."""
        if isinstance(target, Scalar) and target.text != "value":
            name = target.text
        else:
            fixed = found.values[-1][1]
            parts = [show_part(part) for key in self.parameter.by for part in fixed.get(key, ())]
            name = " ".join(parts) or "value"
        first = seen.setdefault(name, target.span)
        if first is not target.span:
            related = [("first-here", first)]
            self.maker.report.tell("column-twice", target.span, column=f"`{name}`", related=related)
        return first is target.span

    def _wide_column(self, place: int, fields: Fields, found: _Columns) -> bool:
        fixed: dict[str, _Parts] = {}
        for key, value in fields.tree.entries if fields.tree is not None else ():
            if key.text == "unit" or not isinstance(value, Scalar):
                continue
            kind = next((kind for kind in self.kinds if kind[0] == key.text), None)
            if kind is None:
                self._unknown_key(key)
                return False
            parts = self.parts(value, kind)
            if not parts:
                return False
            fixed[key.text] = parts
        own = own_unit(fields, self.parameter, self.maker)
        if own is None and "unit" in fields:
            return False
        found.values.append((place, fixed, own, fields.text("unit")))
        return True

    def _unknown_key(self, scalar: Scalar) -> None:
        self.maker.report.tell(
            "unknown-table-key",
            scalar.span,
            key=scalar.text,
            parameter=self.parameter.id,
            keys=" ".join(self.parameter.by),
            suggestion=Near(scalar.text, self.parameter.by),
        )


@dataclass(frozen=True, slots=True)
class _Columns:
    """`keys`: (column, key id); `values`: (column, fixed keys, its unit, the unit's words)."""

    keys: list[tuple[int, str]]
    values: list[tuple[int, dict[str, _Parts], Unit | None, str]]


def _by_words(choice: Choice) -> dict[str, str]:
    """The options by id and by label; of two that share a word, the first."""
    found: dict[str, str] = {}
    for option, label in choice.options:
        found.setdefault(option, option)
        found.setdefault(label, option)
    return found


def _meant_range(text: str) -> str:
    """How a range or a number is written here that tables write as `1-2人`, `3人以上` or `2023年`."""
    match = re.fullmatch(_SAID, text)
    if match is None:
        return ""
    low, high, above = match.groups()
    if high is not None:
        return f"{low}..{high}" if not above and int(low) <= int(high) else ""
    return f"{low}.." if above else low


def _low(key: Key) -> Cut:
    """Where the first range of a key begins."""
    return next((part.start for part in key if isinstance(part, Range)), 0)
