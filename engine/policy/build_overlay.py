"""An overlay as a list of explicit changes.

In: a tree whose structure was checked, and the `Context` of what lies below it.
Out: `Overlay`, or Diagnostics; whatever can be read is read, so that one run reports every fault.
Imports the other build modules, model, language and the ground floor.
"""

from __future__ import annotations

from dataclasses import replace
from typing import cast

from engine.diagnostics import Diagnostic, Reporter
from engine.language.types import Choice
from engine.language.units import ONE, parse_unit
from engine.policy.build import (
    RESERVED,
    Maker,
    build_checks,
    build_outputs,
    build_part,
    build_referrals,
    build_terms,
    no_such_option,
)
from engine.policy.build_causes import Conditions
from engine.policy.build_facts import build_fact_group, build_facts
from engine.policy.build_lists import build_list_blocks, build_lists
from engine.policy.build_policy import build_header, build_local, condition_targets
from engine.policy.build_values import as_items, build_blocks, build_parameters
from engine.policy.context import Context, read_counties
from engine.policy.fields import Fields
from engine.policy.joining import joined
from engine.policy.model import (
    AddCondition,
    AddElement,
    AddExemption,
    AddPart,
    AnyElement,
    Change,
    Collection,
    Condition,
    Effect,
    ElementKind,
    Exemption,
    Origin,
    Overlay,
    Reading,
    Repeal,
    ReplaceTerm,
    SetList,
    SetReading,
    SetValues,
    dated_origin,
)
from engine.policy.territory import Division
from engine.source import Span
from engine.suggest import Near
from engine.tree import Mapping, Scalar, Sequence, Tree


def build_overlay(tree: Tree, report: Reporter, context: Context) -> Overlay:
    """The overlay of a tree. `context` holds the elements of everything below it, whatever its dates."""
    fields = Fields(tree, report)
    header = build_header(tree, report)
    zones = _zones(fields, replace(context, jurisdiction=header.jurisdiction), report)
    context = replace(context, divisions=context.divisions.joined(zones), jurisdiction=header.jurisdiction)
    maker = Maker(report, header.origin, header.role == "amendment", context.divisions.kind)
    builder = _OverlayBuilder(fields, maker, context)
    changes = builder.build()
    not_found = {}
    for key, value in fields.entries("not_found"):
        if key.text not in builder.elements.parameters:
            report.tell(
                "unknown-target", key.span, name=key.text, suggestion=Near(key.text, builder.elements.parameters)
            )
        elif (taken := builder.elements.parameters[key.text].values_from) is not None:
            report.tell("values-set-there", key.span, name=key.text, document=taken.document)
        elif isinstance(value, Scalar):
            not_found[key.text] = (replace(header.origin, span=key.span), value.text.strip())
    stated = fields.get("local")
    local = None if stated is None else build_local(stated, header.id, builder.elements, report)
    return Overlay(header, changes, local, zones, not_found)


def _zones(fields: Fields, context: Context, report: Reporter) -> dict[str, Division]:
    zones = {}
    territory, jurisdiction = context.divisions, context.jurisdiction
    for key, value in fields.entries("zones"):
        given = Fields(value, report)
        code, near = key.text, given.scalar("stands_with")
        zone = territory.zone(code, given.text("name", code), given.text("stands_with"), jurisdiction, key.span)
        if territory.name_of(code):
            report.tell("zone-exists", key.span, zone=code, name=territory.name_of(code))
            continue
        if not territory.is_place(code):
            report.tell("bad-key", key.span, key=code, form=next(iter(territory), ""), label="")
            continue
        if not territory.holds_zone(jurisdiction, zone):
            report.tell("place-outside", key.span, place=code, jurisdiction=str(jurisdiction))
            continue
        if near is not None and near.text not in context.divisions:
            report.tell("unknown-place", near.span, name=near.text, suggestion=Near(near.text, context.divisions))
        zones[code] = zone
    return zones


class _OverlayBuilder:
    """Reads the changes of one overlay; `elements` grows with what it adds, so that later parts may name it."""

    def __init__(self, fields: Fields, maker: Maker, context: Context) -> None:
        self.fields = fields
        self.maker = maker
        self.context = context
        self.report = maker.report
        self.elements = context.elements
        self.changes: list[Change] = []

    def build(self) -> tuple[Change, ...]:
        self._add_elements()
        self._set()
        self._add_conditions()
        self._add_parts()
        self._exempt()
        self._replace()
        self._repeal()
        self._check_starts()
        self._join()
        return tuple(self.changes)

    def _check_starts(self) -> None:
        """Every change holds from some day. Where several lack it, the file as a whole does, which is told once."""
        changes = self.changes if "from" not in self.fields else ()
        places = dict.fromkeys(change.origin.span for change in changes if dated_origin(change).start is None)
        if any(_is_unread_day(found) for found in self.report):
            return  # told already; it may be the very day that is missed
        if len(places) == 1:
            self.report.tell("no-start", next(iter(places)))
        elif places:
            self.report.tell("no-start", self.maker.origin.span)

    def _here(self) -> Context:
        return replace(self.context, elements=self.elements)

    def _about(self, key: Scalar, value: Tree | None) -> tuple[Effect | None, Origin, frozenset[str], Span | None]:
        """Effect, origin and counties of one change, and where the effect is stated."""
        fields = Fields(value, self.report)
        origin = self.maker.origin_of(fields, key.span)
        effect, place = _promise(fields)
        return effect, origin, read_counties(fields, self.maker, self._here()), place

    def _add_elements(self) -> None:
        add = self.fields.fields("add")
        self._add_facts(add)
        maker = self.maker
        terms = build_terms(add.get("terms"), maker)
        # a parameter may be keyed by a term of this overlay
        self.elements = replace(self.elements, terms={**self.elements.terms, **terms})
        parameters = build_parameters(add.get("parameters"), maker, self._here())
        self.elements = replace(self.elements, parameters={**self.elements.parameters, **parameters})
        lists = build_lists(add.get("lists"), maker, self._here())
        self.elements = replace(self.elements, lists={**self.elements.lists, **lists})
        self.conditions = Conditions(maker, self.elements)
        self.conditions.declare_causes(add.get("causes"))
        self.conditions.declare_requirements(add.get("requirements"))
        self.conditions.declare_added(add.get("conditions"))
        causes = self.conditions.causes(add.get("causes"))
        self.elements = replace(self.elements, causes={**self.elements.causes, **causes})
        requirements = self.conditions.requirements(add.get("requirements"))
        self.elements = replace(self.elements, requirements={**self.elements.requirements, **requirements})
        groups: list[tuple[ElementKind, dict[str, AnyElement]]] = [
            ("terms", {**terms}),
            ("parameters", {**parameters}),
            ("lists", {**lists}),
            ("checks", {**build_checks(add.get("checks"), maker)}),
            ("causes", {**causes}),
            ("requirements", {**requirements}),
            ("outputs", {**build_outputs(add.get("outputs"), maker)}),
            ("referrals", {**build_referrals(add.get("referrals"), maker)}),
        ]
        for kind, found in groups:
            for key, value in add.entries(kind):
                element = found.get(key.text)
                if element is not None and self._free_id(key):
                    self.changes.append(AddElement(*self._about(key, value), kind, element))

    def _free_id(self, key: Scalar) -> bool:
        if key.text in RESERVED:
            self.report.tell("reserved-id", key.span, id=key.text)
            return False
        return True

    def _add_facts(self, add: Fields) -> None:
        facts, collections = dict(self.elements.facts), dict(self.elements.collections)
        for key, value in add.entries("facts"):
            if key.text != "household" and key.text not in collections:
                _, new = build_facts(Mapping(value.span, ((key, value),)), self.maker)
                if key.text in new and self._free_id(key):
                    collections[key.text] = new[key.text]
                    self.changes.append(AddElement(*self._about(key, value), "collections", new[key.text]))
                continue
            group = "" if key.text == "household" else key.text
            added = build_fact_group(value, group, self.maker)
            for name, field in value.entries if isinstance(value, Mapping) else ():
                if name.text in added:
                    self.changes.append(AddElement(*self._about(name, field), "facts", added[name.text]))
            if group:
                held: Collection = collections[group]
                collections[group] = replace(held, facts={**held.facts, **added})
            else:
                facts.update(added)
        self.elements = replace(self.elements, facts=facts, collections=collections)

    def _set(self) -> None:
        for key, value in self.fields.entries("set"):
            name = key.text
            if name in self.elements.parameters and self._states(key, value, ("value", "values", "table")):
                parameter = self.elements.parameters[name]
                if (taken := parameter.values_from) is not None:
                    self.report.tell("values-set-there", key.span, name=name, document=taken.document)
                    continue
                unit = parse_unit(parameter.unit_text, key.span.source.units) or ONE
                for item in as_items(value):
                    effect, stated = _promise(Fields(item, self.report))
                    for block in build_blocks(item, parameter, unit, self.maker, self._here()):
                        origin = replace(block.origin, span=key.span)
                        self.changes.append(SetValues(effect, origin, block.counties, stated, name, block))
            elif name in self.elements.lists and self._states(key, value, ("items", "table")):
                for item in as_items(value):
                    effect, stated = _promise(Fields(item, self.report))
                    for list_block in build_list_blocks(item, self.elements.lists[name], self.maker, self._here()):
                        origin = replace(list_block.origin, span=key.span)
                        self.changes.append(SetList(effect, origin, list_block.counties, stated, name, list_block))
            elif name in self.elements.readings and self._states(key, value, ("chosen",)):
                self._set_reading(key, value, self.elements.readings[name])
            elif name not in (known := [*self.elements.parameters, *self.elements.lists, *self.elements.readings]):
                self.report.tell("unknown-target", key.span, name=name, suggestion=Near(name, known))

    def _states(self, key: Scalar, value: Tree, wanted: tuple[str, ...]) -> bool:
        """Whether every block holds what its target takes: a parameter values, a list items, a reading an option."""
        sound = True
        for item in as_items(value):
            fields = Fields(item, self.report)
            if (isinstance(item, Scalar) and "items" not in wanted) or any(name in fields for name in wanted):
                continue
            place = item.entries[0][0].span if isinstance(item, Mapping) and isinstance(value, Sequence) else key.span
            if len(wanted) == 1:
                self.report.tell("missing-key", place, key=wanted[0], title="选定")
            else:
                self.report.tell("missing-one-of", place, keys=" ".join(wanted))
            sound = False
        return sound

    def _set_reading(self, key: Scalar, value: Tree, reading: Reading) -> None:
        assert isinstance(reading.type, Choice)
        for item in as_items(value):
            scalar = item if isinstance(item, Scalar) else Fields(item, self.report).scalar("chosen")
            if scalar is None:
                continue
            if scalar.text not in dict(reading.type.options):
                no_such_option(scalar.text, scalar.span, reading.type, self.report)
                continue
            place = key if isinstance(item, Scalar) else Scalar(item.span, key.text)
            self.changes.append(SetReading(*self._about(place, item), reading.id, scalar.text))

    def _target(self, key: Scalar) -> tuple[str, str] | None:
        """A condition that exists, as cause (or `all`, or `requirements`) and id."""
        known = dict.fromkeys(condition_targets(self.elements))
        if key.text in known:
            cause, _, condition = key.text.partition(".")
            return cause, condition
        near = Near(key.text, known)
        self.report.tell("unknown-target", key.span, name=key.text, suggestion=near)
        return None

    def _add_conditions(self) -> None:
        add = self.fields.fields("add")
        for key, value in add.entries("conditions"):
            cause, _, name = key.text.partition(".")
            if cause != "all" and cause not in self.elements.causes:
                self.report.tell("unknown-cause", key.span, name=cause, suggestion=Near(cause, self.elements.causes))
                continue
            condition = self.conditions.condition(cause, name)
            if condition is not None:
                self.changes.append(AddCondition(*self._about(key, value), cause, condition))
                self._grow(cause, condition)

    def _grow(self, cause: str, condition: Condition) -> None:
        """What was added to a cause may be exempted from, and opened to the levels above."""
        causes = self.elements.causes
        grown = causes if cause == "all" else [cause]
        more = {id: replace(causes[id], conditions={**causes[id].conditions, condition.id: condition}) for id in grown}
        self.elements = replace(self.elements, causes={**causes, **more})

    def _add_parts(self) -> None:
        for key, value in self.fields.fields("add").entries("parts"):
            term, _, name = key.text.partition(".")
            if term not in self.elements.terms:
                self.report.tell("unknown-target", key.span, name=term, suggestion=Near(term, self.elements.terms))
                continue
            part = build_part(Scalar(key.span, name), value, self.maker)
            if part is not None:
                self.changes.append(AddPart(*self._about(key, value), term, name, part))

    def _join(self) -> None:
        """The parts of the causes that join; each as far, as long and with the promise that its cause has."""
        joining = self.context.joining
        for change in [change for change in self.changes if isinstance(change, AddElement)]:
            fields = self.fields.fields("add").fields("causes").fields(change.element.id)
            key = fields.key("joins") if change.kind == "causes" else None
            if key is not None and joining is None:
                self.report.tell("not-open", key.span, name="joins", amends=self.fields.text("amends"))
            elif key is not None and joining is not None:
                origin = replace(change.origin, span=key.span)
                effect: Effect = change.effect or "wider"  # as one cause more is
                for term, part in joined(change.element, fields, joining, origin, self.report).items():
                    added = AddPart(effect, origin, change.counties, change.effect_at, term, change.element.id, part)
                    self.changes.append(added)

    def _exempt(self) -> None:
        for key, value in self.fields.entries("exempt"):
            target = self._target(key)
            if target is None:
                continue
            fields = Fields(value, self.report)
            several = list(fields.entries("exemptions")) or [
                (Scalar(key.span, f"{self.maker.origin.policy}_{key.text.replace('.', '_')}"), value)
            ]
            for name, body in several:
                inner = Fields(body, self.report)
                when = inner.expression("when")
                if when is None:
                    continue
                exemption = Exemption(**self.maker.named(name, inner), when=when)
                self.changes.append(AddExemption(*self._about(name, body), *target, exemption))

    def _replace(self) -> None:
        for key, value in self.fields.fields("replace").entries("terms"):
            if key.text not in self.elements.terms:
                self.report.tell(
                    "unknown-target", key.span, name=key.text, suggestion=Near(key.text, self.elements.terms)
                )
                continue
            body = Fields(value, self.report).expression("is")
            if body is not None:
                self.changes.append(ReplaceTerm(*self._about(key, value), key.text, body))

    def _repeal(self) -> None:
        for item in self.fields.items("repeal"):
            if isinstance(item, Scalar):
                origin = replace(self.maker.origin, span=item.span)
                self.changes.append(Repeal(item.text, origin, frozenset()))


def _promise(fields: Fields) -> tuple[Effect | None, Span | None]:
    """What a change promises about who is eligible, and where it says so."""
    stated = fields.scalar("effect")
    return (None, None) if stated is None else (cast("Effect", stated.text.strip()), stated.span)


def _is_unread_day(found: Diagnostic) -> bool:
    """Whether a day from which something holds was written in a way that cannot be read."""
    return found.code == "bad-day" or (found.code == "bad-form" and ("key", "from") in found.params)
