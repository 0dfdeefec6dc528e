"""Everything that a chain declares, whatever its days; and faults of naming what is not there on a day.

In: a `Chain`, or what it makes for one day.  Out: elements with what they are called; diagnostics that show a name and
where it is declared, with its days, in place of those that only miss it.
Imports model and the ground floor.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import product

from engine.diagnostics import Diagnostic
from engine.policy.model import (
    KINDS,
    AddCondition,
    AddElement,
    AnyElement,
    Chain,
    Collection,
    Elements,
    Exemption,
    MergedPolicy,
    Origin,
    Repeal,
    brought,
    inside,
)
from engine.source import Span

_MISSED = {
    "unknown-name": ("", "name"),
    "unknown-field": ("collection", "name"),
    "unknown-collection": ("", "name"),
    "unknown-key-kind": ("", "name"),
    "not-a-collection": ("", "name"),
    "not-a-list": ("", "name"),
    "not-a-parameter": ("", "name"),
    "unknown-condition": ("cause", "condition"),
}
"""codes that say that nothing has a name, with the parameters that hold its owner and itself"""


def named(chain: Chain) -> Iterator[AnyElement]:
    """Everything in a chain that an expression can name."""
    for element in _tops(chain):
        yield element
        yield from inside(element).values()


def declarations(chain: Chain) -> Mapping[str, tuple[Origin, ...]]:
    """Where each id, name, `cause.condition` and `requirements.x` of a chain is declared."""
    found: dict[str, dict[Span, Origin]] = {}
    for name, origin in _called(chain):
        found.setdefault(name, {})[origin.span] = origin
    return {name: tuple(origins.values()) for name, origins in found.items()}


def with_days(found: Iterable[Diagnostic], merged: MergedPolicy) -> Iterator[Diagnostic]:
    """What was found; where a name is declared for other days or counties, that is said instead."""
    found = tuple(found)
    if not any(diagnostic.code in _MISSED for diagnostic in found):
        yield from found
        return
    there = {called for element in _elements(merged.elements) for called, _ in _names(element)}
    repealed = [change.target for change in merged.applied if isinstance(change, Repeal)]
    declared = declarations(merged.chain)
    gone = {origin.span for target in repealed for origin in declared.get(target, ())}
    for diagnostic in found:
        owner, key = _MISSED.get(diagnostic.code, ("", ""))
        params = dict(diagnostic.params)
        name = ".".join(params[part] for part in (owner, key) if part)
        origins = () if not name or name in there else declared.get(name, ())
        if not origins or any(origin.span in gone for origin in origins):
            yield diagnostic
            continue
        related = tuple(("declared-here", origin.span) for origin in origins)
        told = {"name": name, **days(origins)}
        yield Diagnostic.of("not-in-force", diagnostic.span, path=diagnostic.path, related=related, **told)


def days(origins: tuple[Origin, ...]) -> dict[str, str]:
    """From when and until when the first of some places holds, as words; empty where it says neither."""
    if not origins:
        return {"start": "", "until": ""}
    return {"start": str(origins[0].start or ""), "until": str(origins[0].until or "")}


def _elements(elements: Elements) -> Iterator[AnyElement]:
    held = elements
    for group in (held.facts, held.collections, held.terms, held.parameters, held.readings, held.causes, held.lists):
        yield from group.values()


def _tops(chain: Chain) -> Iterator[AnyElement]:
    yield from _elements(chain.root.elements)
    for overlay in chain.overlays:
        added = (brought(change) for change in overlay.changes)
        yield from (element for element in added if element is not None and not isinstance(element, Exemption))


def _called(chain: Chain) -> Iterator[tuple[str, Origin]]:
    """Every name in a chain, conditions with their cause, and where it is declared."""
    held = chain.root.elements
    for kind in KINDS:
        for element in getattr(held, kind).values():
            yield f"{kind}.{element.id}", element.origin
    for element in _elements(held):
        yield from _names(element)
    for overlay in chain.overlays:
        for change in overlay.changes:
            if isinstance(change, AddElement):
                yield from _names(change.element)
                yield f"{change.kind}.{change.element.id}", change.origin
            elif isinstance(change, AddCondition):
                owners = held.causes if change.cause == "all" else (change.cause,)
                yield from ((f"{owner}.{change.condition.id}", change.origin) for owner in owners)


def _names(element: AnyElement) -> Iterator[tuple[str, Origin]]:
    own = {name for name in (element.id, element.name) if name}
    yield from ((name, element.origin) for name in own)
    for inner in inside(element).values():
        names = {name for name in (inner.id, inner.name) if name}
        yield from ((f"{owner}.{name}", inner.origin) for owner, name in product(sorted(own), sorted(names)))
        if isinstance(element, Collection):
            yield from ((name, inner.origin) for name in sorted(names))
