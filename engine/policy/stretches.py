"""A chain cut by its structure: stretches of days, of knowledge, and places alike, in which it is one policy.

In: a `Chain`.  Out: `Cuts`, in which every place, day and day of knowledge finds its `Stretch`.
What is taken from rows day by day (values, lists, options of readings) cuts nothing: only what makes other rules of a
chain does, and where a place stands for structure is where the county stands that it is counted with.
Imports model and the ground floor.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field
from datetime import date, timedelta
from functools import cached_property
from typing import Final, assert_never

from engine.gathered import gathered
from engine.policy.model import (
    AddCondition,
    AddElement,
    AddExemption,
    AddPart,
    AnyElement,
    Chain,
    Change,
    Exemption,
    Origin,
    Parts,
    Repeal,
    ReplaceTerm,
    SetList,
    SetReading,
    SetValues,
    Term,
    brought,
    dated_origin,
    inside,
)
from engine.policy.territory import Division, Jurisdiction, Territory, stands_with
from engine.records import dataclass

_DAY: Final = timedelta(1)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Places, and all the days from `first` to `last` on which the rules are the same there; by what was known on
    `known_on`, or None by all that was ever published.

    Attributes:
        place: one of them, as it stands for structure.
        places: all of them.
    """

    place: str
    first: date
    last: date
    known_on: date | None = None
    places: frozenset[str] = field(default=frozenset(), compare=False)

    def holds(self, origin: Origin) -> bool:
        """Whether what makes other rules holds in it: then it does so on all its days."""
        return origin.holds(self.first, self.known_on)

    def meets(self, change: Change) -> bool:
        """Whether what a change gives holds on some day of it, in some of the places."""
        origin = dated_origin(change)
        begins = max(self.first, origin.start or date.min)
        there = not change.counties or self.place in change.counties or bool(change.counties & self.places)
        return there and begins <= self.last and origin.holds(begins, self.known_on)

    def applies(self, change: Change) -> bool:
        """Whether a change is part of the policy. What is taken from rows always is; every other change counts in its
        counties and on its days."""
        if is_rows(change):
            return True
        return (not change.counties or self.place in change.counties) and self.holds(change.origin)


def is_rows(change: Change) -> bool:
    """Whether a change adds to what is looked up by day, and leaves the rules as they are."""
    match change:
        case SetValues() | SetList() | SetReading():
            return True
        case AddElement() | AddCondition() | AddPart() | AddExemption() | ReplaceTerm() | Repeal():
            return False
    assert_never(change)


def concerns(change: Change, place: str, divisions: Mapping[str, Division], as_of: date, known_on: date | None) -> bool:
    """Whether a change is about a place on a day. Values are those of the place itself, and keep the days of their
    blocks; everything else is that of the county that it stands with."""
    values = isinstance(change, SetValues | SetList)
    if change.counties and (place if values else stands_with(place, divisions)) not in change.counties:
        return False
    return values or change.origin.holds(as_of, known_on)


class Cuts:
    """Where the rules of a chain may turn.

    Attributes:
        days: on which something begins, or has just ended, in order.
        known: on which something became known, in order.
        turns: what makes another policy, beside the changes.
    """

    def __init__(self, chain: Chain) -> None:
        self._chain = chain
        self.days = _turning(_origins(chain))
        self.turns = turns(chain)
        self.known = tuple(sorted({day for one in _known(chain) if (day := one.published or one.start) is not None}))

    def stretch(self, place: str, day: date, known_on: date | None) -> Stretch:
        """The stretch of a place and day; of places and days alike it is equal."""
        first, last = _around(self.days, day)
        told = len(self.known) if known_on is None else bisect_right(self.known, known_on)
        until = None if told == len(self.known) else self.known[told] - _DAY
        alike = self.place(place)
        return Stretch(alike, first, last, until, self._members.get(alike, frozenset()))

    @staticmethod
    def between(origins: Iterable[Origin], day: date) -> tuple[date, date]:
        """The first and the last day on which the same of these hold as on this one."""
        return _around(_turning(origins), day)

    def place(self, place: str) -> str:
        """The first of the places that are the same for structure; "" for all those that no change is confined to."""
        return self._alike.get(stands_with(place, self.divisions), "")

    def places(self, jurisdiction: Jurisdiction | None = None) -> tuple[str, ...]:
        """One place for each way in which rules are confined to counties, within a jurisdiction or everywhere."""
        inside = self.divisions if jurisdiction is None else self.divisions.inside(jurisdiction)
        alike = gathered((self.place(code), code) for code in inside)
        return tuple(codes[0] for codes in alike.values())

    def each_day(self) -> tuple[date, ...]:
        """The first day of every stretch on which the root policy holds."""
        origin = self._chain.root.header.origin
        first, last = origin.start or date.min, origin.until or date.max
        return tuple(sorted({first, *(day for day in self.days if first <= day <= last)}))

    @cached_property
    def divisions(self) -> Territory:
        return chain_divisions(self._chain)

    @cached_property
    def _members(self) -> Mapping[str, frozenset[str]]:
        alike = gathered((self.place(code), code) for code in self.divisions)
        return {place: frozenset(codes) for place, codes in alike.items()}

    @cached_property
    def _alike(self) -> dict[str, str]:
        changes = (change for overlay in self._chain.overlays for change in overlay.changes)
        confined = [change.counties for change in changes if change.counties and not is_rows(change)]
        first: dict[tuple[bool, ...], str] = {}
        named = sorted({code for counties in confined for code in counties})
        return {code: first.setdefault(tuple(code in counties for counties in confined), code) for code in named}


@dataclass(frozen=True, slots=True)
class Turns:
    """What turns a merged policy into another one, beside the changes in force.

    Attributes:
        elements: where elements, and what is inside them, hold on other days than what they stand in.
        guards: where documents with guards of their own hold.
    """

    elements: tuple[Origin, ...]
    guards: tuple[Origin, ...]

    def within(self, stretch: Stretch) -> tuple[int, ...]:
        """The identities of those that hold: stretches that agree in this and in their changes make one policy."""
        return tuple(id(held) for held in (*self.elements, *self.guards) if stretch.holds(held))


def turns(chain: Chain) -> Turns:
    own = own_days(chain)
    guards = tuple(overlay.header.origin for overlay in chain.overlays if overlay.local is not None)
    return Turns((chain.root.header.origin, *own) if own else (), guards)


def own_days(chain: Chain) -> tuple[Origin, ...]:
    """Where the chain's elements, and what is inside them, hold on other days than what they stand in."""
    document = chain.root.header.origin
    found: list[Origin] = []
    for element in chain.root.elements.every():
        found.extend(_own(element.origin, document))
        found.extend(_inside(element))
    for overlay in chain.overlays:
        for change in overlay.changes:
            if (added := brought(change)) is not None:
                found.extend(_inside(added))
    return tuple(found)


def _inside(element: AnyElement | Exemption) -> Iterator[Origin]:
    body = element.body if isinstance(element, Term) else None
    inner = body.parts if isinstance(body, Parts) else inside(element)
    for held in inner.values():
        yield from _own(held.origin, element.origin)


def _own(origin: Origin, outer: Origin) -> Iterator[Origin]:
    if (origin.start, origin.until, origin.published) != (outer.start, outer.until, outer.published):
        yield origin


def chain_divisions(chain: Chain) -> Territory:
    """The territory of a chain: the root's divisions and the zones that overlays declare."""
    zones = {code: zone for overlay in chain.overlays for code, zone in overlay.zones.items()}
    return below_divisions(chain).joined(zones)


def below_divisions(chain: Chain) -> Territory:
    """Those of the root alone, with the zones inside it for which what it takes values from has some."""
    own, within = chain.root.divisions, chain.root.header.jurisdiction
    above = (overlay for source in chain.sources for overlay in source.chain.overlays)
    zones = (zone for overlay in above for zone in overlay.zones.values())
    return own.joined({zone.code: zone for zone in zones if own.holds_zone(within, zone)})


def representative_places(chain: Chain, jurisdiction: Jurisdiction) -> Iterator[str]:
    """One place for each way in which changes are confined to counties, values included, within a jurisdiction."""
    seen: set[tuple[bool, ...]] = set()
    changes = (change for overlay in chain.overlays for change in overlay.changes)
    confined = [(change.counties, isinstance(change, SetValues | SetList)) for change in changes if change.counties]
    divisions = chain_divisions(chain)
    for code in divisions.inside(jurisdiction):
        stands = stands_with(code, divisions)  # which it follows in all but values
        signature = tuple((code if own else stands) in counties for counties, own in confined)
        if signature not in seen:
            seen.add(signature)
            yield code
        if not confined:
            return  # rules are the same everywhere


def _around(days: Sequence[date], day: date) -> tuple[date, date]:
    """Between which of some days it lies, from the one before up to and without the one after."""
    at = bisect_right(days, day)
    return days[at - 1] if at else date.min, days[at] - _DAY if at < len(days) else date.max


def _turning(origins: Iterable[Origin]) -> tuple[date, ...]:
    days = set()
    for origin in origins:
        if origin.start is not None:
            days.add(origin.start)
        if origin.until is not None and origin.until < date.max:
            days.add(origin.until + _DAY)
    return tuple(sorted(days))


def _origins(chain: Chain) -> Iterator[Origin]:
    yield chain.root.header.origin
    yield from own_days(chain)
    for overlay in chain.overlays:
        if overlay.local is not None:
            yield overlay.header.origin
        yield from (change.origin for change in overlay.changes if not is_rows(change))


def _known(chain: Chain) -> Iterator[Origin]:
    yield from _origins(chain)
    yield from (overlay.header.origin for overlay in chain.overlays)
    for change in (change for overlay in chain.overlays for change in overlay.changes):
        if isinstance(change, AddPart):
            yield change.part.origin
        elif (added := brought(change)) is not None:
            yield added.origin
