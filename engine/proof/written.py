"""What differs in the text of two rule sets: elements by id, with both places.

In: `Case`s.  Out: `Written`s, each once, in the order of the policies. Where a line stands, and in which document, is
no difference. Imports policy and this floor's cases.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, Literal, TypeAlias

from engine.policy.checked import CheckedPolicy
from engine.policy.model import Block, Cause, Collection, Element, Elements, ListBlock, Origin, Setting
from engine.proof.sides import Case
from engine.records import dataclass
from engine.source import Span

How: TypeAlias = Literal["added", "removed", "changed"]
_PLACES: Final = frozenset({"origin", "chosen_origin", "effect_at", "span", "replaces", "text", "key", "not_found"})
"""fields that say where something stands, not what"""
_KINDS: Final = (
    "facts", "collections", "checks", "lists", "parameters", "readings", "terms", "causes", "requirements", "outputs",
    "referrals",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Written:
    """Attributes:
    kind: `terms`, `conditions`, … .
    id: within its kind; `cause.condition`, `collection.fact`.
    one, other: where it stands on either side.
    """

    how: How
    kind: str
    id: str
    label: str
    one: Span | None
    other: Span | None


def written(cases: Iterable[Case]) -> tuple[Written, ...]:
    pairs = {(id(one), id(other)): (one, other) for case in cases for one, other in [case.written]}
    found: dict[Written, None] = {}
    for one, other in pairs.values():
        found |= dict.fromkeys(_between(one, other))
    order = {kind: place for place, kind in enumerate((*_KINDS, "conditions"))}
    return tuple(sorted(found, key=lambda each: order.get(each.kind, 0)))


def _between(one: CheckedPolicy, other: CheckedPolicy) -> Iterator[Written]:
    if one.merged.elements is other.merged.elements:
        return
    for (kind, id), (before, after) in _paired(one.merged.elements, other.merged.elements):
        if before is None and after is not None:
            yield Written("added", kind, id, after.label, None, after.origin.span)
        elif after is None and before is not None:
            yield Written("removed", kind, id, before.label, before.origin.span, None)
        elif before is not None and after is not None and _meaning(before) != _meaning(after):
            yield Written("changed", kind, id, after.label, *_where(before, after))


def _paired(one: Elements, other: Elements) -> Iterator[tuple[tuple[str, str], tuple[Element | None, Element | None]]]:
    before, after = dict(_elements(one)), dict(_elements(other))
    for key in dict.fromkeys((*before, *after)):
        yield key, (before.get(key), after.get(key))


def _elements(elements: Elements) -> Iterator[tuple[tuple[str, str], Element]]:
    for kind in _KINDS:
        held: Mapping[str, Element] = getattr(elements, kind)
        for id, element in held.items():
            yield (kind, id), element
            if isinstance(element, Cause):
                yield from ((("conditions", f"{id}.{name}"), one) for name, one in element.conditions.items())
    for id, collection in elements.collections.items():
        yield from ((("facts", f"{id}.{name}"), fact) for name, fact in collection.facts.items())


def _meaning(value: Any) -> Any:
    """What it says, wherever it stands."""
    match value:
        case Span():
            return None
        case Cause():
            return value.label, value.cites  # its conditions are elements of their own
        case Collection():
            return value.label, value.name, value.unit, value.at_least, value.required, value.optional
        case Block(origin=origin) | ListBlock(origin=origin) | Setting(origin=origin):
            return origin.start, origin.until, *_fields(value)
    if dataclasses.is_dataclass(value):
        return (type(value).__name__, *_fields(value))
    if isinstance(value, Mapping):
        return tuple((key, _meaning(held)) for key, held in value.items())
    if isinstance(value, tuple):
        return tuple(_meaning(one) for one in value)
    return value


def _fields(value: Any) -> Iterator[Any]:
    skipped = _PLACES - {"text"} if not hasattr(value, "value") else _PLACES
    names = (field.name for field in dataclasses.fields(value) if field.name not in skipped)
    return ((name, _meaning(getattr(value, name))) for name in names)


def _where(one: Element, other: Element) -> tuple[Span, Span]:
    """Where both stand; of what something was put into, what was put there."""
    known = set(_origins(one))
    more = next((origin for origin in _origins(other) if origin not in known), other.origin)
    return one.origin.span, more.span


def _origins(value: Any) -> Iterator[Origin]:
    """Where it stands, and whatever stands in it, what was put there last first."""
    if isinstance(value, Origin):
        yield value
    elif dataclasses.is_dataclass(value):
        for field in reversed(dataclasses.fields(value)):
            yield from _origins(getattr(value, field.name))
    elif isinstance(value, Mapping | tuple):
        for held in reversed(list(value.values() if isinstance(value, Mapping) else value)):
            yield from _origins(held)
