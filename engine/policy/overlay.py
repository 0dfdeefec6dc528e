"""Overlays folded into a policy: explicit changes against ids, under the guards of the level below.

In: a `Chain`, the `Stretch` that picks the changes in force (None for every change, whatever its dates).
Out: a `MergedPolicy`, or Diagnostics that show both places.
The order of files, folders and entries makes no difference: the changes of a level are folded in by kind and by their
own days (`sequence`).
The table of operation, state of the target, guard and result is docs/merge-table.md; each line of it has a test.
Imports guards, sequence, model, language and the ground floor.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cached_property
from typing import Any, TypeVar, assert_never, cast

from engine.diagnostics import Reporter
from engine.policy.days import element_on, elements_on
from engine.policy.declarations import days, declarations
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
    Element,
    Elements,
    Fact,
    Header,
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
    Setting,
    SetValues,
    target_of,
)
from engine.policy.sequence import in_turn, levels, takes_place_of
from engine.policy.shared import bound
from engine.policy.stretches import Stretch, below_divisions, is_rows
from engine.records import dataclass
from engine.source import Span
from engine.suggest import Near

_T = TypeVar("_T")
_E = TypeVar("_E", bound=Element)
_NOTHING = Local({}, {}, {}, {})


def merge(chain: Chain, report: Reporter, within: Stretch | None = None, *, repealed_too: bool = False) -> MergedPolicy:
    """The left fold of a chain.

    Args:
        within: whose changes count, those to what is looked up by day always. None keeps every change, of all days and
            places.
        repealed_too: keep what was repealed, as a change may be about the days before.
    """
    folding = _Folding(chain, within, report)
    folding.repealed_too = repealed_too
    applied: list[Change] = []
    for depth, level in enumerate(levels(chain), 1):
        held = (change for overlay in level for change in overlay.changes if within is None or within.applies(change))
        changes = in_turn([_at_depth(change, depth) for change in held])
        folding.fold(level, changes, depth)
        applied.extend(changes)
    return MergedPolicy(chain, folding.finish(), folding.local, folding.divisions, tuple(applied))


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


@dataclass(frozen=True, slots=True)
class _Standing:
    """What a level below the root stands under: guards and elements before it; and what it states and adds itself."""

    local: Local
    elements: Elements
    stated: Local = _NOTHING
    own: frozenset[str] = frozenset()


class _Folding:
    """The elements so far. Changes to every cause (`all.x`) wait until the chain's last cause is known."""

    def __init__(self, chain: Chain, within: Stretch | None, report: Reporter) -> None:
        root = chain.root
        self.chain = chain
        self.within = within
        self.elements = elements_on(root.elements, root.header.origin, within)
        if chain.sources:
            parameters = self.elements.parameters.items()
            self._replace("parameters", {id_: bound(held, chain.sources) for id_, held in parameters})
        self.local = root.local
        self.divisions = below_divisions(chain)
        self.report = report
        self._for_all: list[AddCondition | AddExemption] = []
        self.repealed_too = False
        self._repealed: dict[str, Repeal] = {}
        self._standing: dict[str, _Standing] = {}
        self._bound: _Standing | None = None

    @cached_property
    def _declared(self) -> Mapping[str, tuple[Origin, ...]]:
        """Looked at only where something is not there."""
        return declarations(self.chain)

    def _holds(self, origin: Origin) -> bool:
        return self.within is None or self.within.holds(origin)

    def fold(self, level: Sequence[Overlay], changes: Sequence[Change], depth: int) -> None:
        """Fold one overlay in, or the amendments of one document: their changes in turn.

        An amendment of the root is its issuer's and free; one of another level is bound as that level itself is.
        """
        header = level[0].header
        amends = header.role == "amendment"
        self._bound = self._standing.get(header.amends) if amends else _Standing(self.local, self.elements)
        free = self._bound is None
        bound = self._bound or _Standing(self.local, self.elements)
        guards = Guards(bound.local, header, free, bound.elements, self.within)
        for overlay in level:
            self.divisions = self.divisions.joined(overlay.zones)
        self._lost_parts(changes)
        for change in changes:
            if self._has_target(change) and self._allowed(change, guards):
                self._apply(change, header)
        stated, own = bound.stated, bound.own
        for overlay in level:
            self._note_not_found(overlay, depth)
            own |= {name for change in overlay.changes for name in _added(change)}
            if overlay.local is not None and self._holds(overlay.header.origin):
                stated = restate(stated, overlay.local)
                tightened = None if free else tighten(bound.local, stated, overlay.header.id, own, self.report)
                self.local = tightened or restate(self.local, stated)
        if not free:
            self._standing[header.amends if amends else header.id] = _Standing(bound.local, bound.elements, stated, own)

    def _note_not_found(self, overlay: Overlay, depth: int) -> None:
        for name, (origin, text) in overlay.not_found.items():
            parameter = self.elements.parameters.get(name)
            if parameter is not None:
                noted = (*parameter.not_found, (replace(origin, depth=depth), text))
                self._put("parameters", name, replace(parameter, not_found=noted))

    def _lost_parts(self, changes: Sequence[Change]) -> None:
        """Parts added to a term that has none any more, since its level gave it another definition."""
        added = [change for change in changes if isinstance(change, AddPart)]
        defined = [change for change in changes if isinstance(change, ReplaceTerm)] if added else []
        for part in added:
            other = next((one for one in defined if takes_place_of(one, part)), None)
            if other is not None and self.within is not None:
                self._no_parts(part, part.term, other.origin.span)

    def _allowed(self, change: Change, guards: Guards) -> bool:
        """What is looked up stands in the policy of every day; guards judge it on the days on which it holds."""
        counts = self._counts(change)
        return guards.allows(change, self.report if counts else Reporter()) or not counts

    def _counts(self, change: Change) -> bool:
        return self.within is None or not is_rows(change) or self.within.meets(change)

    def _has_target(self, change: Change) -> bool:
        """Whether what the change is about is there on the day; reports it where the change itself holds.

        What an issuer's amendment repeals takes along the changes to it that counted until then.
        """
        target = target_of(change)
        if target is None or self._is_there(*target):
            return True
        kind, name = target
        owner = f"causes.{name.partition('.')[0]}"
        gone = next((self._repealed[one] for one in (name, f"{kind}.{name}", owner) if one in self._repealed), None)
        counted = gone is not None and (change.origin.start or date.min) < (gone.origin.start or date.min)
        if self._counts(change) and not counted:
            self._not_there(change, name, self._declared.get(name, ()), gone)
        return False

    def _not_there(self, change: Change, name: str, origins: tuple[Origin, ...], gone: Repeal | None = None) -> None:
        related = [("declared-here", origin.span) for origin in origins]
        related += [] if gone is None else [("repealed-here", gone.origin.span)]
        self.report.tell("target-not-in-force", change.origin.span, name=name, related=related, **days(origins))

    def _is_there(self, kind: str, name: str) -> bool:
        if kind != "conditions":
            return name in getattr(self.elements, kind)
        owner, _, id_ = name.partition(".")
        cause = self.elements.causes.get(owner)
        return cause is not None and (
            id_ in cause.conditions
            or any(isinstance(change, AddCondition) and change.condition.id == id_ for change in self._for_all)
        )

    def finish(self) -> Elements:
        """Put what is meant for every cause into every cause, later ones too."""
        for change in self._for_all:
            for cause in list(self.elements.causes.values()):
                if change.cause not in ("all", cause.id):
                    continue
                if isinstance(change, AddCondition):
                    self._put("causes", cause.id, self._with_condition(cause, change.condition))
                elif change.condition in cause.conditions:
                    self._exempt(cause, change)
        return self.elements

    def _apply(self, change: Change, header: Header) -> None:
        match change:
            case Repeal():
                self._repeal(change, header)
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
                setting = Setting(option, change.origin, change.counties)
                self._put("readings", target, replace(reading, settings=(*reading.settings, setting)))
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
            case AddExemption(cause="requirements", condition=name):
                self._put("requirements", name, self._exempted(self.elements.requirements[name], change))
            case AddExemption(cause=cause):
                owner = self.elements.causes.get(cause)
                if owner is not None and change.condition in owner.conditions:
                    self._exempt(owner, change)
                else:  # of every cause, or a condition that every cause is to have
                    self._for_all.append(change)
            case _:
                assert_never(change)

    def _put(self, kind: str, name: str, element: object) -> None:
        held = getattr(self.elements, kind)
        self._replace(kind, {**held, name: element})

    def _replace(self, kind: str, held: Mapping[str, object]) -> None:
        change: dict[str, Any] = {kind: held}
        self.elements = replace(self.elements, **change)

    def _add(self, change: AddElement) -> None:
        element = element_on(change.element, self.within)
        if isinstance(element, Parameter):
            element = bound(element, self.chain.sources)
        if isinstance(element, Fact) and element.collection:
            self._add_field(self.elements.collections[element.collection], element)
            return
        held: Mapping[str, Element] = getattr(self.elements, change.kind)
        gone = self.repealed_too and f"{change.kind}.{element.id}" in self._repealed
        if element.id in held and not gone:
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
        name = f"{cause.id}.{condition.id}"
        if condition.id in cause.conditions and not (self.repealed_too and name in self._repealed):
            self._exists(condition.origin.span, name, cause.conditions[condition.id].origin.span)
            return cause
        return replace(cause, conditions={**cause.conditions, condition.id: condition})

    def _exempt(self, cause: Cause, change: AddExemption) -> None:
        grown = self._exempted(cause.conditions[change.condition], change)
        self._put("causes", cause.id, replace(cause, conditions={**cause.conditions, grown.id: grown}))

    def _exempted(self, condition: Condition, change: AddExemption) -> Condition:
        for held in condition.exemptions:
            if held.id == change.exemption.id:
                self._exists(change.exemption.origin.span, held.id, held.origin.span)
                return condition
        return replace(condition, exemptions=(*condition.exemptions, change.exemption))

    def _add_part(self, change: AddPart) -> None:
        term = self.elements.terms[change.term]
        if not isinstance(term.body, Parts):
            self._no_parts(change, term.id, term.origin.span)
        elif change.id in term.body.parts:
            name = f"{term.id}.{change.id}"
            self._exists(change.origin.span, name, term.body.parts[change.id].origin.span)
        else:
            body = replace(term.body, parts={**term.body.parts, change.id: change.part})
            self._put("terms", term.id, replace(term, body=body))

    def _no_parts(self, change: AddPart, term: str, definition: Span) -> None:
        self.report.tell("no-parts", change.origin.span, term=term, related=[("declared-here", definition)])

    def _exists(self, span: Span, name: str, other: Span) -> None:
        self.report.tell("already-exists", span, name=name, related=[("declared-here", other)])

    def _repeal(self, change: Repeal, header: Header) -> None:
        kind, _, name = change.target.partition(".")
        if header.role != "amendment" or (self._bound is not None and _held(self._bound.elements, kind, name)):
            self.report.tell("repeal-not-allowed", change.origin.span, target=change.target)
            return
        if not _held(self.elements, kind, name):
            origins = () if change.target in self._repealed else self._declared.get(change.target, ())
            if origins:
                self._not_there(change, change.target, origins)
                return
            near = self._near(change.target)
            self.report.tell("unknown-repeal", change.origin.span, target=change.target, suggestion=near)
            return
        self._repealed[change.target] = change
        if self.repealed_too:
            return
        cause = self.elements.causes.get(kind)
        if cause is not None and name in cause.conditions:
            self._put("causes", kind, replace(cause, conditions=_without(cause.conditions, name)))
        else:
            self._replace(kind, _without(getattr(self.elements, kind), name))

    def _near(self, target: str) -> Near:
        known = [f"{kind}.{name}" for kind in _REPEALABLE for name in getattr(self.elements, kind)]
        known += [f"{cause.id}.{name}" for cause in self.elements.causes.values() for name in cause.conditions]
        return Near(target, known)


_REPEALABLE = ("terms", "checks", "lists", "parameters", "causes", "requirements", "outputs", "referrals")


def _held(elements: Elements, kind: str, name: str) -> bool:
    """Whether something that may be repealed is among the elements."""
    cause = elements.causes.get(kind)
    return (cause is not None and name in cause.conditions) or (kind in _REPEALABLE and name in getattr(elements, kind))


def _without(held: Mapping[str, _T], name: str) -> dict[str, _T]:
    return {key: value for key, value in held.items() if key != name}


def _added(change: Change) -> Iterator[str]:
    """The id of what it adds, and `cause.condition` or `requirements.x` of each condition among that."""
    match change:
        case AddElement(kind="requirements", element=element):
            yield from (element.id, f"requirements.{element.id}")
        case AddElement(element=element):
            yield element.id
            if isinstance(element, Cause):
                yield from (f"{element.id}.{name}" for name in element.conditions)
        case AddCondition(cause=cause, condition=condition):
            yield f"{cause}.{condition.id}"
        case SetValues() | SetList() | SetReading() | AddPart() | AddExemption() | ReplaceTerm() | Repeal():
            return
        case _:
            assert_never(change)
