"""What of a document holds on a day: its elements, and the parts, conditions and fields inside them.

In: elements as written, each with the days of its own or those of what it stands in.
Out: the elements that are part of the policy of that day; what is left out is not there for anybody who names it.
A document is taken whole on days on which it does not hold itself: whoever decides refuses such days.
Imports model only.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any, TypeVar, cast

from engine.policy.model import (
    AnyElement,
    Cause,
    Chain,
    Collection,
    Element,
    Elements,
    Exemption,
    Origin,
    Parts,
    Term,
    brought,
    inside,
)
from engine.records import dataclass

_E = TypeVar("_E", bound=Element)

KINDS = (
    "facts",
    "collections",
    "checks",
    "lists",
    "parameters",
    "readings",
    "terms",
    "causes",
    "requirements",
    "outputs",
    "referrals",
)


def elements_on(elements: Elements, document: Origin, day: date | None, known_on: date | None) -> Elements:
    """The elements of a root policy on a day; all of them without a day."""
    if day is None or not document.holds(day, known_on):
        return elements
    kept: dict[str, Any] = {kind: _holding(getattr(elements, kind), day, known_on) for kind in KINDS}
    return replace(elements, **kept)


def element_on(element: _E, day: date | None, known_on: date | None) -> _E:
    """An element that holds on the day, without what inside it does not."""
    if day is None:
        return element
    match element:
        case Collection(facts=facts):
            held: Any = _holding(facts, day, known_on)
            return element if held is facts else cast("_E", replace(element, facts=held))
        case Cause(conditions=conditions):
            held = _holding(conditions, day, known_on)
            return element if held is conditions else cast("_E", replace(element, conditions=held))
        case Term(body=Parts(parts=parts) as body):
            kept = {name: part for name, part in parts.items() if part.origin.holds(day, known_on)}
            return element if len(kept) == len(parts) else cast("_E", replace(element, body=replace(body, parts=kept)))
        case _:
            return element


def _holding(held: Mapping[str, _E], day: date, known_on: date | None) -> Mapping[str, _E]:
    found = {
        name: element_on(element, day, known_on)
        for name, element in held.items()
        if element.origin.holds(day, known_on)
    }
    same = len(found) == len(held) and all(found[name] is element for name, element in held.items())
    return held if same else found


@dataclass(frozen=True, slots=True)
class Turns:
    """What turns a merged policy into another one, beside the changes in force.

    Attributes:
        elements: where elements, and what is inside them, hold on other days than what they stand in.
        guards: where documents with guards of their own hold.
    """

    elements: tuple[Origin, ...]
    guards: tuple[Origin, ...]

    def on(self, day: date, known_on: date | None) -> tuple[bool, ...]:
        """Which of them hold on a day: days that agree in this and in their changes make one policy."""
        return tuple(held.holds(day, known_on) for held in (*self.elements, *self.guards))


def turns(chain: Chain) -> Turns:
    own = own_days(chain)
    guards = tuple(overlay.header.origin for overlay in chain.overlays if overlay.local is not None)
    return Turns((chain.root.header.origin, *own) if own else (), guards)


def own_days(chain: Chain) -> tuple[Origin, ...]:
    """Where the chain's elements, and what is inside them, hold on other days than what they stand in."""
    document = chain.root.header.origin
    found: list[Origin] = []
    for kind in KINDS:
        for element in getattr(chain.root.elements, kind).values():
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
