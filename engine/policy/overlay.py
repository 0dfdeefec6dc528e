"""Overlays folded into a policy: explicit changes against ids, under the guards of the level below.

In: a `Chain`, the place and the day that pick the changes in force (None for every change, whatever its dates).
Out: a `MergedPolicy`, or Diagnostics that show both places.
The order of files, folders and entries makes no difference: within an overlay, changes are folded in by kind.
The table of operation, state of the target, guard and result is docs/merge-table.md; each line of it has a test.
Imports guards, model, language and the ground floor.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any, TypeVar, assert_never, cast

from engine.diagnostics import Reporter
from engine.language.types import Choice
from engine.policy.guards import Guards, restate, tighten
from engine.policy.model import (
    AddCondition,
    AddElement,
    AddExemption,
    AddPart,
    Cause,
    Chain,
    Change,
    Collection,
    Condition,
    Division,
    Element,
    Elements,
    Fact,
    Local,
    MergedPolicy,
    NamedList,
    Origin,
    Overlay,
    Parameter,
    Parts,
    Repeal,
    ReplaceTerm,
    SetList,
    SetReading,
    SetValues,
)
from engine.source import Span
from engine.suggest import nearest

_T = TypeVar("_T")
_E = TypeVar("_E", bound=Element)


def merge(chain: Chain, place: str | None, as_of: date | None, known_on: date | None, report: Reporter) -> MergedPolicy:
    """The left fold of a chain, for one place and day.

    Args:
        place: division code; changes confined to other counties are left out. None keeps every change.
        as_of: day whose changes count. None keeps every change, whatever its dates.
    """
    folding = _Folding(chain.root.elements, chain.root.local, chain.root.divisions, report)
    applied: list[Change] = []
    for depth, overlay in enumerate(chain.overlays, 1):
        changes = [_at_depth(change, depth) for change in in_force(overlay, place, as_of, known_on)]
        folding.fold(overlay, changes, depth)
        applied.extend(changes)
    return MergedPolicy(chain, folding.finish(), folding.local, folding.divisions, tuple(applied))


def in_force(overlay: Overlay, place: str | None, as_of: date | None, known_on: date | None) -> tuple[Change, ...]:
    """The changes of an overlay that count for a place and day."""
    return tuple(change for change in overlay.changes if _in_force(change, place, as_of, known_on))


def _in_force(change: Change, place: str | None, as_of: date | None, known_on: date | None) -> bool:
    """Values are dated by their blocks, which keep their own days; every other change counts on its days only."""
    if place is not None and change.counties and place not in change.counties:
        return False
    if isinstance(change, SetValues | SetList) or as_of is None:
        return True
    return change.origin.holds(as_of, known_on)


def _at_depth(change: Change, depth: int) -> Change:
    """The change with its depth in every origin that it brings along."""
    origin = replace(change.origin, depth=depth)
    match change:
        case SetValues(block=block):
            return replace(change, origin=origin, block=replace(block, origin=replace(block.origin, depth=depth)))
        case SetList(block=listed):
            return replace(change, origin=origin, block=replace(listed, origin=replace(listed.origin, depth=depth)))
        case AddElement():
            return replace(change, origin=origin, element=_element_at_depth(change.element, depth))
        case SetReading() | AddCondition() | AddPart() | AddExemption() | ReplaceTerm() | Repeal():
            return replace(change, origin=origin)
    assert_never(change)


def _element_at_depth(element: _E, depth: int) -> _E:
    moved: Any = replace(element, origin=replace(element.origin, depth=depth))
    if isinstance(moved, Parameter | NamedList):
        blocks: Any = tuple(replace(block, origin=replace(block.origin, depth=depth)) for block in moved.blocks)
        moved = replace(moved, blocks=blocks)
    return cast("_E", moved)


class _Folding:
    """The elements so far. Changes to every cause (`all.x`) wait until the chain's last cause is known."""

    def __init__(self, elements: Elements, local: Local, divisions: Mapping[str, Division], report: Reporter) -> None:
        self.elements = elements
        self.local = local
        self.divisions = dict(divisions)
        self.report = report
        self._for_all: list[AddCondition | AddExemption] = []

    def fold(self, overlay: Overlay, changes: list[Change], depth: int) -> None:
        """Fold one overlay in: removals, new elements, then what refers to them."""
        free = overlay.header.role == "amendment"
        guards = Guards(self.local, overlay.header, free, self.elements, self.report)
        self.divisions.update(overlay.zones)
        for kind in (
            Repeal,
            AddElement,
            SetValues,
            SetList,
            SetReading,
            AddCondition,
            AddPart,
            ReplaceTerm,
            AddExemption,
        ):
            for change in sorted(changes, key=_from) if kind is SetReading else changes:
                if isinstance(change, kind) and guards.allows(change, self.elements):
                    self._apply(change, overlay)
        for name, (origin, text) in overlay.not_found.items():
            parameter = self.elements.parameters.get(name)
            if parameter is not None:
                noted = (*parameter.not_found, (replace(origin, depth=depth), text))
                self._put("parameters", name, replace(parameter, not_found=noted))
        if overlay.local is not None:
            self.local = (
                restate(self.local, overlay.local)
                if free
                else tighten(self.local, overlay.local, overlay.header.id, _added_ids(overlay), self.report)
            )

    def finish(self) -> Elements:
        """Put what is meant for every cause into every cause, later ones too."""
        for change in self._for_all:
            for cause in list(self.elements.causes.values()):
                if isinstance(change, AddCondition):
                    self._put("causes", cause.id, self._with_condition(cause, change.condition))
                elif change.condition in cause.conditions:
                    self._put("causes", cause.id, self._exempted(cause, change))
        return self.elements

    def _apply(self, change: Change, overlay: Overlay) -> None:
        match change:
            case Repeal():
                self._repeal(change, overlay)
            case AddElement():
                self._add(change)
            case SetValues(target=target, block=block):
                parameter = self.elements.parameters[target]
                self._put("parameters", target, replace(parameter, blocks=(*parameter.blocks, block)))
            case SetList(target=target, block=listed):
                named = self.elements.lists[target]
                self._put("lists", target, replace(named, blocks=(*named.blocks, listed)))
            case SetReading(target=target, option=option):
                reading = self.elements.readings[target]
                assert isinstance(reading.type, Choice)
                self._put("readings", target, replace(reading, chosen=option, chosen_origin=change.origin))
            case AddCondition(cause="all"):
                self._for_all.append(change)
            case AddCondition(cause=cause):
                held = self.elements.causes[cause]
                self._put("causes", cause, self._with_condition(held, change.condition))
            case AddPart():
                self._add_part(change)
            case ReplaceTerm(term=name, body=body):
                old = self.elements.terms[name]
                self._put("terms", name, replace(old, body=body, origin=change.origin, replaces=old))
            case AddExemption(cause="all"):
                self._for_all.append(change)
            case AddExemption(cause=cause):
                if change.condition in self.elements.causes[cause].conditions:
                    self._put("causes", cause, self._exempted(self.elements.causes[cause], change))
            case _:
                assert_never(change)

    def _put(self, kind: str, name: str, element: object) -> None:
        held = getattr(self.elements, kind)
        self._replace(kind, {**held, name: element})

    def _replace(self, kind: str, held: Mapping[str, object]) -> None:
        change: dict[str, Any] = {kind: held}
        self.elements = replace(self.elements, **change)

    def _add(self, change: AddElement) -> None:
        element = change.element
        if isinstance(element, Fact) and element.collection:
            collection = self.elements.collections.get(element.collection)
            if collection is not None:
                self._add_field(collection, element)
            return
        held: Mapping[str, Element] = getattr(self.elements, change.kind)
        if element.id in held:
            self._exists(element.origin.span, element.id, held[element.id].origin.span)
            return
        self._put(change.kind, element.id, element)

    def _add_field(self, collection: Collection, fact: Fact) -> None:
        if fact.id in collection.facts:
            self._exists(fact.origin.span, fact.id, collection.facts[fact.id].origin.span)
            return
        grown = replace(collection, facts={**collection.facts, fact.id: fact})
        self._put("collections", collection.id, grown)

    def _with_condition(self, cause: Cause, condition: Condition) -> Cause:
        if condition.id in cause.conditions:
            name = f"{cause.id}.{condition.id}"
            self._exists(condition.origin.span, name, cause.conditions[condition.id].origin.span)
            return cause
        return replace(cause, conditions={**cause.conditions, condition.id: condition})

    def _exempted(self, cause: Cause, change: AddExemption) -> Cause:
        condition = cause.conditions[change.condition]
        for held in condition.exemptions:
            if held.id == change.exemption.id:
                self._exists(change.exemption.origin.span, held.id, held.origin.span)
                return cause
        grown = replace(condition, exemptions=(*condition.exemptions, change.exemption))
        return replace(cause, conditions={**cause.conditions, condition.id: grown})

    def _add_part(self, change: AddPart) -> None:
        term = self.elements.terms[change.term]
        if not isinstance(term.body, Parts):
            self.report.error(
                "no-parts", change.origin.span, term=term.id, related=[("declared-here", term.origin.span)]
            )
        elif change.id in term.body.parts:
            name = f"{term.id}.{change.id}"
            self._exists(change.origin.span, name, term.body.parts[change.id].origin.span)
        else:
            body = replace(term.body, parts={**term.body.parts, change.id: change.part})
            self._put("terms", term.id, replace(term, body=body))

    def _exists(self, span: Span, name: str, other: Span) -> None:
        self.report.error("already-exists", span, name=name, related=[("declared-here", other)])

    def _repeal(self, change: Repeal, overlay: Overlay) -> None:
        if overlay.header.role != "amendment":
            self.report.error("repeal-not-allowed", change.origin.span, target=change.target)
            return
        kind, _, name = change.target.partition(".")
        cause = self.elements.causes.get(kind)
        if cause is not None and name in cause.conditions:
            self._put("causes", kind, replace(cause, conditions=_without(cause.conditions, name)))
        elif kind in _REPEALABLE and name in getattr(self.elements, kind):
            held: Mapping[str, Element] = getattr(self.elements, kind)
            self._replace(kind, _without(held, name))
        else:
            self.report.error(
                "unknown-repeal", change.origin.span, target=change.target, suggestion=self._near(change.target)
            )

    def _near(self, target: str) -> str:
        known = [f"{kind}.{name}" for kind in _REPEALABLE for name in getattr(self.elements, kind)]
        known += [f"{cause.id}.{name}" for cause in self.elements.causes.values() for name in cause.conditions]
        return nearest(target, known)


_REPEALABLE = ("terms", "checks", "lists", "parameters", "causes", "requirements", "outputs", "referrals")


def _without(held: Mapping[str, _T], name: str) -> dict[str, _T]:
    return {key: value for key, value in held.items() if key != name}


def _from(change: Change) -> tuple[date, date]:
    """Of two choices of one overlay that are both in force, the later one holds."""
    start = change.origin.start or date.min
    return start, change.origin.published or start


def _added_ids(overlay: Overlay) -> frozenset[str]:
    return frozenset(change.element.id for change in overlay.changes if isinstance(change, AddElement))


def breakpoints(chain: Chain) -> tuple[date, ...]:
    """The days on which something in the chain begins, or has just ended, in order; the root's first day first."""
    first = chain.root.header.origin.start
    days = {first} if first is not None else set()
    for origin in _origins(chain):
        if origin.start is not None:
            days.add(origin.start)
        if origin.until is not None and origin.until < date.max:
            days.add(date.fromordinal(origin.until.toordinal() + 1))
    last = chain.root.header.origin.until
    return tuple(sorted(day for day in days if (first is None or day >= first) and (last is None or day <= last)))


def _origins(chain: Chain) -> Iterable[Origin]:
    for parameter in chain.root.elements.parameters.values():
        yield from (block.origin for block in parameter.blocks)
    for overlay in chain.overlays:
        for change in overlay.changes:
            yield change.origin
            if isinstance(change, SetValues | SetList):
                yield change.block.origin
