"""What a run came to, in plain numbers, for reports and for programs.

In: `Totals`, and what was refused before it was a household.  Out: a `Summary`; `reporting` tells it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import field
from decimal import Decimal
from typing import Any, Protocol

from engine.policy.territory import Division
from engine.records import dataclass

Numbers = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Place:
    """Of a row: the file, and the row in it."""

    file: str
    row: int


@dataclass(frozen=True, slots=True)
class Repeated:
    """Attributes:
    places: of every id that stands more than once, in the order in which they were first seen.
    more: rows of further such ids, which are not told one by one.
    """

    places: Mapping[str, tuple[Place, ...]]
    more: int = 0

    @property
    def rows(self) -> Iterator[tuple[str, Place]]:
        yield from ((id, place) for id, places in self.places.items() for place in places)


@dataclass(slots=True)
class Amounts:
    """Of one figure: households with more of it or less, and by how much together."""

    more: int = 0
    less: int = 0
    added: Decimal = Decimal(0)
    taken: Decimal = Decimal(0)


@dataclass(slots=True)
class Shift:
    """What another rule set changes: households by kind of change (`gains`, `loses`, `other`, `figures`).

    Attributes:
        places: by code, "" for what is of no known place.
        causes: that gainers meet then, and losers met before.
        because: by what decided, columns of findings with blanks between them.
        amounts: of households whose figures differ, by output.
    """

    places: dict[str, Counter[str]] = field(default_factory=dict)
    causes: dict[str, Counter[str]] = field(default_factory=dict)
    because: dict[str, Counter[str]] = field(default_factory=dict)
    amounts: dict[str, Amounts] = field(default_factory=dict)

    @property
    def whole(self) -> Counter[str]:
        return sum(self.places.values(), Counter())


@dataclass(frozen=True, slots=True)
class Region:
    """A city with its counties, or a county.

    Attributes:
        code, name: "" for what is of no known place.
        outcomes: households by outcome.
        causes: of each cause the households that meet it.
    """

    code: str
    name: str
    outcomes: Numbers
    causes: Numbers
    counties: tuple[Region, ...] = ()

    @property
    def rows(self) -> int:
        return sum(self.outcomes.values())


@dataclass(frozen=True, slots=True)
class Summary:
    """Attributes:
    whole: all households.
    cities: those with any, in the order of the territory.
    labels: of the causes.
    unread: rows of the input that did not become households, nor parts of one.
    refusals: reasons of refusal by code, each as often as it was given.
    blanks: blank cells by field.
    makers: households by who decided them.
    """

    whole: Region
    cities: tuple[Region, ...]
    labels: Mapping[str, str]
    unread: int
    refusals: Numbers
    blanks: Numbers
    makers: Numbers
    repeated: Repeated
    shift: Shift | None = None

    @property
    def households(self) -> int:
        return self.whole.rows

    @property
    def refused(self) -> int:
        return self.whole.outcomes.get("refused", 0) + self.unread


class Sums(Protocol):
    @property
    def outcomes(self) -> Numbers: ...
    @property
    def causes(self) -> Mapping[str, Numbers]: ...
    @property
    def rows(self) -> int: ...


def summary_of(
    totals: Any, places: Mapping[str, Division], titles: Mapping[str, str], unread: int, refusals: Numbers,
    blanks: Numbers, repeated: Repeated, shift: Shift | None = None,
) -> Summary:  # fmt: skip
    """Args:
    titles: of columns.
    """
    counties: dict[str, list[Region]] = {}
    names: dict[str, str] = {}
    for code, sums in totals.counties.items():
        place = places[code]
        counties.setdefault(place.city_code, []).append(_region(code, place.name, sums))
        names[place.city_code] = place.city_name
    cities = [
        _region(code, names[code], sums, tuple(counties[code])) for code, sums in totals.cities.items() if sums.rows
    ]
    if totals.elsewhere.rows:
        cities.append(_region("", "", totals.elsewhere))
    whole = _region("", "", totals.all)
    labels = {cause: titles.get(f"causes.{cause}", cause) for cause in totals.all.causes}
    return Summary(whole, tuple(cities), labels, unread, refusals, blanks, totals.makers, repeated, shift)


def _region(code: str, name: str, sums: Sums, counties: tuple[Region, ...] = ()) -> Region:
    causes = {cause: found["met"] for cause, found in sums.causes.items() if found.get("met")}
    return Region(code, name, sums.outcomes, causes, counties)
