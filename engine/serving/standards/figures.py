"""The published figures of a parameter: counties by city down, its further keys by year across.

In: a snapshot, a parameter, the places that a person is shown, years.  Out: `Figures`.
A cell holds all that is in force at any time of its year, each with the day from which it is, its document and trust:
nothing is picked for the reader. Imports editing, policy, language and the ground floor.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date

from engine.editing.workspace import File, Snapshot
from engine.gathered import gathered
from engine.language.types import Choice, Place
from engine.policy.keys import declared_key, key_type
from engine.policy.model import Cell, Key, MergedPolicy, Origin, Parameter, show_part
from engine.policy.rows import Row
from engine.policy.tables import dated_of
from engine.policy.territory import Division
from engine.records import dataclass

YEARS_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Held:
    """A figure that is in force in a year.

    Attributes:
        text: as it was published, `5832 元/人/年`.
        carried: whether it began in an earlier year.
        stale: whether it is older than the parameter is to become, at the end of the year.
        source: its place among the sources of the page, from 1.
    """

    text: str
    start: date | None
    end: date | None
    carried: bool
    stale: bool
    source: int


@dataclass(frozen=True, slots=True)
class Column:
    """`key` are the parts of the key besides the place, `labels` what each is called."""

    year: int
    key: Key
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Line:
    division: Division
    cells: tuple[tuple[Held, ...], ...]
    """by column"""


@dataclass(frozen=True, slots=True)
class City:
    code: str
    name: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Figures:
    """
    Attributes:
        years: all that have figures of their own; `shown` those of the columns.
        sources: where the figures come from, in the order of the page.
    """

    parameter: Parameter
    years: tuple[int, ...]
    shown: tuple[int, ...]
    columns: tuple[Column, ...]
    cities: tuple[City, ...]
    sources: tuple[Origin, ...]

    @property
    def keys(self) -> tuple[tuple[str, ...], ...]:
        """What the columns of one year are called."""
        return tuple(one.labels for one in self.columns if one.year == self.shown[-1]) if self.shown else ()


def tabled(merged: MergedPolicy) -> Mapping[str, Parameter]:
    """The parameters that have values by place."""
    return {
        id_: one for id_, one in merged.elements.parameters.items() if any(is_place(merged, name) for name in one.by)
    }


def is_place(merged: MergedPolicy, name: str) -> bool:
    fact = merged.elements.facts.get(name)
    return fact is not None and (fact.role == "place" or isinstance(fact.type, Place))


def figures(
    snapshot: Snapshot, root: str, parameter: str, places: Collection[str], years: Sequence[int], today: date
) -> Figures | None:
    """None where the policies cannot be put together.

    Args:
        root: the id of the policy. places: codes of counties.
        years: those to be shown, in any order; without any, the last few up to today's, and those to come.
    """
    by_chain = gathered((tuple(snapshot.library.chain_ids(root, code)), code) for code in places)
    found: dict[str, list[Row[Cell]]] = {}
    divisions: dict[str, Division] = {}
    declared: tuple[MergedPolicy, Parameter] | None = None
    for ids, codes in by_chain.items():
        merged = merged_of(snapshot, ids)
        held = None if merged is None else merged.elements.parameters.get(parameter)
        if merged is None or held is None:
            continue
        declared = declared or (merged, held)
        rows = [row for row in dated_of(merged).tables[parameter] if row.known_until is None]
        for code in codes:
            if code in merged.divisions:
                divisions[code] = merged.divisions[code]
                found[code] = [row for row in rows if _is_of(row, code, held, merged)]
    if declared is None:
        return None
    return _Page(*declared, found, divisions, today).figures(years)


def merged_of(snapshot: Snapshot, ids: Sequence[str]) -> MergedPolicy | None:
    """A chain by the ids of its documents, which stand up to the last of its own."""
    own = [id_ for id_ in ids if snapshot.library.line_to(id_)[0] == ids[0]]
    file = next((file for file in snapshot.files.values() if file.is_document and file.id == own[-1]), None)
    return None if file is None else snapshot.merged(file)


def file_of(snapshot: Snapshot, document: str) -> File | None:
    return next((file for file in snapshot.files.values() if file.is_document and file.id == document), None)


def _is_of(row: Row[Cell], code: str, parameter: Parameter, merged: MergedPolicy) -> bool:
    at = _spot(parameter, merged)
    return code in row.places and (at is None or row.key[at] == code)


def _spot(parameter: Parameter, merged: MergedPolicy) -> int | None:
    return next((at for at, name in enumerate(parameter.by) if is_place(merged, name)), None)


class _Page:
    def __init__(
        self,
        merged: MergedPolicy,
        parameter: Parameter,
        found: Mapping[str, Sequence[Row[Cell]]],
        divisions: Mapping[str, Division],
        today: date,
    ) -> None:
        self.merged = merged
        self.parameter = parameter
        self.found = found
        self.divisions = divisions
        self.today = today
        self.spot = _spot(parameter, merged)
        self.sources: dict[Origin, int] = {}

    def figures(self, years: Iterable[int]) -> Figures:
        every = tuple(sorted({row.start.year for row in self._rows() if row.start is not None}))
        chosen = tuple(sorted(set(years))) or self._last(every)
        keys = self._keys()
        columns = tuple(Column(year, key, self._labels(key)) for year in chosen for key in keys)
        cities = tuple(self._cities(columns))
        return Figures(self.parameter, every, chosen, columns, cities, tuple(self.sources))

    def _rows(self) -> Iterator[Row[Cell]]:
        return (row for rows in self.found.values() for row in rows)

    def _last(self, every: Sequence[int]) -> tuple[int, ...]:
        past = [year for year in every if year <= self.today.year]
        return tuple(dict.fromkeys((*past[-YEARS_SHOWN:], self.today.year, *every[len(past) :])))

    def _keys(self) -> list[Key]:
        """The further keys of the columns: options in the order declared, whatever else as it comes."""
        names = [name for at, name in enumerate(self.parameter.by) if at != self.spot]
        kinds = [key_type(self.merged.elements, name) for name in names]
        if all(isinstance(kind, Choice) for kind in kinds):
            keys: list[Key] = [()]
            for kind in kinds:
                assert isinstance(kind, Choice)
                keys = [(*key, option) for key in keys for option, _ in kind.options]
            return keys
        return list(dict.fromkeys(self._rest(row.key) for row in self._rows()))

    def _rest(self, key: Key) -> Key:
        return tuple(part for at, part in enumerate(key) if at != self.spot)

    def _labels(self, key: Key) -> tuple[str, ...]:
        names = [name for at, name in enumerate(self.parameter.by) if at != self.spot]
        return tuple(self._label(name, show_part(part)) for name, part in zip(names, key, strict=True))

    def _label(self, name: str, part: str) -> str:
        kind = key_type(self.merged.elements, name)
        if isinstance(kind, Choice):
            return dict(kind.options).get(part, part)
        held = declared_key(self.merged.elements, name)
        return part if held is None else f"{held.label} {part}"

    def _cities(self, columns: Sequence[Column]) -> Iterator[City]:
        territory = self.merged.divisions
        order = {code: at for at, code in enumerate(territory)}
        by_city = gathered(
            ((one.city_code, one.city_name), one)
            for one in sorted(self.divisions.values(), key=lambda one: order.get(one.code, len(order)))
        )
        for (code, name), divisions in by_city.items():
            yield City(code, name, tuple(self._line(one, columns) for one in divisions))

    def _line(self, division: Division, columns: Sequence[Column]) -> Line:
        by_key = gathered((self._rest(row.key), row) for row in self.found[division.code])
        return Line(division, tuple(tuple(self._held(by_key.get(one.key, ()), one.year)) for one in columns))

    def _held(self, rows: Iterable[Row[Cell]], year: int) -> Iterator[Held]:
        first, last = date(year, 1, 1), date(year, 12, 31)
        for row in sorted(rows, key=lambda row: row.start or date.min):
            if (row.start or date.min) <= last and (row.end is None or row.end > first):
                source = self.sources.setdefault(row.origin, len(self.sources) + 1)
                stale = row.stale_from is not None and row.stale_from <= min(last, self.today)
                carried = row.start is None or row.start < first
                yield Held(row.value.text, row.start, row.end, carried, stale, source)
