"""The places of a policy and what contains what: no other module knows either.

In: the table that a root policy names, with the columns `code`, `name` and either `city_code`, `city_name` or `parent`.
Out: a `Territory`, or Diagnostics. Without `parent` the codes are China's (GB/T 2260): six digits a county, the first
four its city, the first two its province, and `CN` the nation. With it they are any codes: `parent` is the code of the
row right above, and households live in the places that contain no other.
Imports csv_table, language and the ground floor.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field
from functools import cached_property
from typing import Final

from engine.diagnostics import Reporter
from engine.gathered import gathered
from engine.language.types import Place
from engine.policy.csv_table import Table, unparted_header
from engine.records import dataclass
from engine.source import Span
from engine.suggest import Near, nearest
from engine.tree import Scalar

NATION: Final = "CN"
MOST_LEVELS: Final = 16
CODE: Final = re.compile(r"[0-9A-Za-z](?:[0-9A-Za-z._:-]{0,30}[0-9A-Za-z])?")
"""what any code looks like"""
_COLUMNS: Final = ("code", "name", "city_code", "city_name")
_NESTED: Final = ("code", "name", "parent")
_COUNTY: Final = re.compile(r"[0-9]{6}")
_CHINESE: Final = re.compile(rf"[0-9]{{2}}|[0-9]{{4}}|[0-9]{{6}}|{NATION}")
_ABOVE: Final = {6: 4, 4: 2}


@dataclass(frozen=True, slots=True)
class Division:
    """A county, or a zone that has only a statistical code. The city is what contains it: where the table says
    `parent`, the row right above. `stands_with` is the county a zone is counted with for structure; it never supplies
    a value."""

    code: str
    name: str
    city_code: str
    city_name: str
    stands_with: str = ""
    span: Span | None = field(default=None, compare=False, repr=False)


class Jurisdiction(tuple[str, ...]):
    """The codes of the places that a document is about: one for most, each with all that it contains."""

    __slots__ = ()

    def __str__(self) -> str:
        return " ".join(self)


class Territory(dict[str, Division]):
    """The counties and zones by code, in the order of the table.

    Attributes:
        above: what contains each place that contains others, "" for nothing; None where the codes are China's.
        names: of the places that contain others, as far as they are known.
    """

    def __init__(
        self,
        places: Mapping[str, Division] | Iterable[tuple[str, Division]] = (),
        above: Mapping[str, str] | None = None,
        names: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(places)
        self.above = above
        self.names = names or {}
        self._up: dict[str, tuple[str, ...]] = {}

    def joined(self, zones: Mapping[str, Division]) -> Territory:
        """With zones that overlays declare."""
        return Territory({**self, **zones}, self.above, self.names) if zones else self

    # ---- what contains what

    def up(self, code: str) -> tuple[str, ...]:
        """A code and those of the places that contain it, the nearest first."""
        if code not in self._up:
            self._up[code] = tuple(self._climbed(code))
        return self._up[code]

    def _climbed(self, code: str) -> Iterator[str]:
        while code:
            yield code
            if self.above is not None:
                code = self[code].city_code if code in self else self.above.get(code, "")
            elif code.isdigit() and code.isascii():
                code = code[: _ABOVE[len(code)]] if len(code) in _ABOVE else NATION if len(code) == 2 else ""
            else:
                code = ""

    def holds(self, outer: str | Jurisdiction, inner: str | Jurisdiction) -> bool:
        """Whether one place, or several together, contain another, or all of several."""
        wide = _codes(outer)
        return all(any(code in wide for code in self.up(one)) for one in _codes(inner))

    def may_hold(self, outer: str, place: str) -> bool:
        """Whether it cannot be ruled out that a place is contained: a code that nobody declares may be a slip."""
        return outer in self.up(place) or not (outer in self.known or (self.above is None and self.is_code(outer)))

    def inside(self, outer: str | Jurisdiction) -> tuple[str, ...]:
        """The counties and zones that a place contains, or several."""
        wide = _codes(outer)
        if len(wide) == 1:
            return tuple(self._below.get(wide[0], ()))
        held = {code for one in wide for code in self._below.get(one, ())}
        return tuple(code for code in self if code in held)

    @cached_property
    def _below(self) -> Mapping[str, Sequence[str]]:
        return gathered((above, code) for code in self for above in self.up(code))

    @cached_property
    def known(self) -> dict[str, None]:
        """Every code of the table, whether it contains others or none."""
        return dict.fromkeys(above for code in self for above in self.up(code))

    def named(self, text: str) -> list[str]:
        """The places that contain others and have this code or name."""
        if text not in self and text in self.known:
            return [text]
        return [code for code, name in self.names.items() if name == text]

    def name_of(self, code: str) -> str:
        """ "" where it is not known."""
        return self[code].name if code in self else self.names.get(code, "")

    # ---- how codes are written

    @property
    def kind(self) -> Place:
        """The type of facts that are places of it."""
        return Place(any_code=self.above is not None)

    def is_code(self, text: str) -> bool:
        """Whether a jurisdiction may be written so."""
        return (_CHINESE if self.above is None else CODE).fullmatch(text) is not None

    def is_place(self, text: str) -> bool:
        """Whether the code of a county or zone may be written so."""
        return (_COUNTY if self.above is None else CODE).fullmatch(text) is not None

    def zone(self, code: str, name: str, stands_with: str, jurisdiction: Jurisdiction, span: Span) -> Division:
        """A zone lies where the county lies that it stands with; without one, right in the jurisdiction."""
        if self.above is None:
            like = next((one for one in self.values() if one.code[:4] == code[:4]), None)
            above, above_name = ("", "") if like is None else (like.city_code, like.city_name)
        elif stands_with in self:
            above, above_name = self[stands_with].city_code, self[stands_with].city_name
        else:
            above = jurisdiction[0] if len(jurisdiction) == 1 and jurisdiction[0] not in self else ""
            above_name = self.names.get(above, "")
        return Division(code, name, above, above_name, stands_with, span)

    def holds_zone(self, outer: str | Jurisdiction, zone: Division) -> bool:
        return self.holds(outer, zone.code if self.above is None else zone.city_code)


def stands_with(code: str, divisions: Mapping[str, Division]) -> str:
    """The county by which a place goes for everything but values: its own, but for a zone."""
    division = divisions.get(code)
    return code if division is None else division.stands_with or code


def _codes(places: str | Jurisdiction) -> Jurisdiction:
    return Jurisdiction((places,)) if isinstance(places, str) else places


# ---- reading


def read_territory(table: Table, report: Reporter) -> Territory:
    header = [cell.text for cell in table.header]
    columns = _NESTED if "parent" in header else _COLUMNS
    for column in columns:
        if column not in header:
            near, whole = nearest(column, [name for name in header if name not in columns]), unparted_header(table)
            # the names of these columns are fixed: what is like one in the table is to be renamed
            here = next((cell.span for cell in table.header if cell.text == near), table.header[0].span)
            report.tell("unknown-column", here, column=column, named=near, header=whole)
            return Territory()
    places = [header.index(column) for column in columns]
    rows: dict[str, tuple[Scalar, ...]] = {}
    nested = columns == _NESTED
    for row in table.rows:
        cells = tuple(row[place] for place in places)
        code = cells[0]
        if not (CODE if nested else _COUNTY).fullmatch(code.text):
            report.tell("bad-place-row" if nested else "bad-division-code", code.span, text=code.text)
        elif code.text in rows:
            report.tell("key-twice", code.span, key=code.text, related=[("first-here", rows[code.text][0].span)])
        else:
            rows[code.text] = cells
    return _nested(rows, report) if nested else _by_form(rows)


def _by_form(rows: Mapping[str, tuple[Scalar, ...]]) -> Territory:
    divisions = [
        Division(code.text, name.text, city.text, city_name.text, span=code.span)
        for code, name, city, city_name in rows.values()
    ]
    names: dict[str, str] = {}
    for one in divisions:
        if one.city_code:
            names.setdefault(one.city_code[:4], one.city_name)
    return Territory({one.code: one for one in divisions}, None, names)


def _nested(rows: Mapping[str, tuple[Scalar, ...]], report: Reporter) -> Territory:
    above = {code: parent.text for code, (_, _, parent) in rows.items()}
    for code, (_, _, parent) in rows.items():
        if parent.text and parent.text not in rows:
            report.tell("unknown-parent", parent.span, name=parent.text, suggestion=Near(parent.text, rows))
            return Territory({}, {})
        way = [code]
        while (following := above.get(way[-1], "")) and following not in way and len(way) <= MOST_LEVELS:
            way.append(following)
        if following == code:
            report.tell("parent-circle", parent.span, circle=" → ".join((*way, code)))
            return Territory({}, {})
        if len(way) > MOST_LEVELS:
            report.tell("too-many-levels", parent.span, name=code, limit=str(MOST_LEVELS))
            return Territory({}, {})
    outer = frozenset(above.values())
    names = {code: name.text for code, (_, name, _) in rows.items() if code in outer}
    divisions = {
        code: Division(code, name.text, parent.text, names.get(parent.text, ""), span=key.span)
        for code, (key, name, parent) in rows.items()
        if code not in outer
    }
    return Territory(divisions, {code: above[code] for code in names}, names)
