"""A root policy as a whole, and the guards by which a document says what may be changed.

In: a tree whose structure was checked.
Out: `Policy`, `Header`, `Local`, or Diagnostics; whatever can be read is read, so that one run reports every fault.
Imports the other build modules, model, language and the ground floor.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import cast

from engine.diagnostics import Reporter
from engine.language.types import Quantity, kind
from engine.language.units import alike_word, parse_unit
from engine.language.values import LEAP_DAY, LeapDay
from engine.language.words import fold, is_name, is_name_shaped
from engine.policy.build import (
    Maker,
    build_assumptions,
    build_checks,
    build_origin,
    build_outputs,
    build_readings,
    build_referrals,
    build_terms,
    each_entry,
    ends_before_start,
    no_such_option,
)
from engine.policy.build_causes import Conditions
from engine.policy.build_facts import build_fact_group, build_facts
from engine.policy.build_lists import build_lists
from engine.policy.build_values import build_parameters
from engine.policy.context import Context
from engine.policy.csv_table import Table
from engine.policy.fields import Fields, read_amount
from engine.policy.joining import build_joining, joined, with_parts
from engine.policy.model import (
    Elements,
    Fact,
    Guard,
    Header,
    Local,
    Opening,
    Parts,
    Policy,
    Role,
)
from engine.policy.territory import Jurisdiction, Territory
from engine.source import Span, UnitWords
from engine.suggest import Near
from engine.tree import Mapping, Scalar, Tree

NO_ELEMENTS = Elements({}, {}, {}, {}, {}, {}, (), {}, {}, {}, {}, {})


def build_header(tree: Tree, report: Reporter) -> Header:
    fields = Fields(tree, report)
    name = fields.text("policy") or fields.text("values") or fields.text("overlay")
    confers = fields.fields("confers")
    origin = build_origin(fields, name)
    until = fields.scalar("until")
    if until is not None and ends_before_start(origin):
        report.tell("ends-before-start", until.span, start=str(origin.start), until=str(origin.until))
    return Header(
        name,
        fields.text("title"),
        origin,
        fields.text("issuer"),
        Jurisdiction(item.text for item in fields.items("jurisdiction") if isinstance(item, Scalar)),
        cast("Role", fields.text("role", "local")),
        fields.text("amends"),
        (confers.text("id"), confers.text("label")),
        cast("LeapDay", fields.text("leap_day", LEAP_DAY)),
        units=build_units(fields.get("units"), report),
        is_values="values" in fields,
    )


def build_units(tree: Tree | None, report: Reporter) -> UnitWords:
    """The words for units that a root policy declares; one that cannot be such a word is left out and told."""
    found: dict[str, int | None] = {}
    for key, value in tree.entries if isinstance(tree, Mapping) else ():
        word, known = fold(key.text), tuple(found.items())
        decimals = Fields(value, report).text("decimals")
        if not is_name_shaped(word):
            report.tell("bad-name", key.span, name=word)
        elif not is_name(word):
            report.tell("name-is-word", key.span, name=word)
        elif other := alike_word(word, known) or alike_word(f"万{word}", known):
            report.tell("name-taken", key.span, name=key.text, other="" if other == key.text else other)
        else:
            found[word] = int(decimals) if re.fullmatch("[0-6]", decimals) else None
    return tuple(found.items())


def build_policy(
    tree: Tree,
    report: Reporter,
    divisions: Territory,
    read_table: Callable[[str, Span], Table | None],
) -> Policy:
    """The root policy of a tree. `divisions` were read from the table that `territory` names."""
    fields = Fields(tree, report)
    header = build_header(tree, report)
    maker = Maker(report, header.origin, place=divisions.kind)
    facts, collections = build_facts(fields.get("facts"), maker)
    terms = build_terms(fields.get("terms"), maker)
    partial = replace(NO_ELEMENTS, facts=facts, collections=collections, terms=terms)
    context = Context(partial, divisions, header.jurisdiction, read_table)
    parameters = build_parameters(fields.get("parameters"), maker, context)
    conditions = Conditions(maker, NO_ELEMENTS)
    conditions.declare_causes(fields.get("causes"))
    conditions.declare_requirements(fields.get("requirements"))
    elements = Elements(
        facts=facts,
        collections=collections,
        checks=build_checks(fields.get("checks"), maker),
        lists=build_lists(fields.get("lists"), maker, context),
        parameters=parameters,
        readings=build_readings(fields.get("readings"), maker),
        assumptions=build_assumptions(fields.get("assumptions"), maker),
        terms=terms,
        causes=conditions.causes(fields.get("causes")),
        requirements=conditions.requirements(fields.get("requirements")),
        outputs=build_outputs(fields.get("outputs"), maker),
        referrals=build_referrals(fields.get("referrals"), maker),
    )
    joining = build_joining(fields, elements, report)
    for cause, own in each_entry(fields.get("causes"), maker):
        key, built = own.key("joins"), elements.causes.get(cause.text)
        if key is not None and built is not None:
            if joining is None:
                report.tell("missing-companion", key.span, key="joins", needs="joining")
                continue
            parts = joined(built, own, joining, replace(built.origin, span=key.span), report)
            elements = replace(elements, terms=with_parts(elements.terms, cause.text, parts, report))
    local = build_local(fields.get("local"), header.id, elements, report)
    return Policy(header, elements, local, divisions, joining)


def build_values_document(
    tree: Tree,
    report: Reporter,
    divisions: Territory,
    read_table: Callable[[str, Span], Table | None],
) -> Policy:
    """A values document: parameters, and as facts what they are keyed by. It decides nobody."""
    fields = Fields(tree, report)
    header = build_header(tree, report)
    maker = Maker(report, header.origin, place=divisions.kind)
    keys = build_fact_group(fields.get("keys"), "", maker)
    places: dict[str, Fact] = {
        id_: replace(key, role="place") for id_, key in keys.items() if kind(key.type) == "place"
    }
    keyed = replace(NO_ELEMENTS, facts={**keys, **places})
    context = Context(keyed, divisions, header.jurisdiction, read_table)
    elements = replace(keyed, parameters=build_parameters(fields.get("parameters"), maker, context))
    return Policy(header, elements, build_local(fields.get("local"), header.id, elements, report), divisions)


# ---- guards


def build_local(tree: Tree | None, policy: str, elements: Elements, report: Reporter) -> Local:
    """The `local` section. A guard on something that does not exist is reported here."""
    fields = Fields(tree, report)
    adds, replaces = fields.fields("add"), fields.fields("replace")
    settable = [*elements.parameters, *elements.lists, *elements.readings]

    def guards(entries: Iterator[tuple[Scalar, Tree]], known: list[str] | None) -> dict[str, Guard]:
        found = {}
        for key, value in entries:
            if known is not None and key.text not in known:
                report.tell("unknown-target", key.span, name=key.text, suggestion=Near(key.text, known))
                continue
            if (held := elements.parameters.get(key.text)) is not None and held.values_from is not None and known:
                report.tell("values-set-there", key.span, name=key.text, document=held.values_from.document)
                continue
            found[key.text] = _guard(key, value, policy, elements, report)
        return found

    return Local(
        set=guards(fields.entries("set"), settable),
        add=guards((entry for entry in fields.entries("add") if entry[0].text != "parts"), None),
        add_parts=guards(_with_parts(adds, elements, report), list(elements.terms)),
        replace_terms=guards(replaces.entries("terms"), list(elements.terms)),
    )


_INHERITED = ("effect", "options", "to", "must_use")
"""what a guard that does not state it takes over from the level below; bounds are taken over one by one"""


def _with_parts(adds: Fields, elements: Elements, report: Reporter) -> Iterator[tuple[Scalar, Tree]]:
    """The guards on parts, less those on terms that have none."""
    for key, value in adds.entries("parts"):
        term = elements.terms.get(key.text)
        if term is not None and not isinstance(term.body, Parts):
            report.tell("no-parts", key.span, term=key.text, related=[("declared-here", term.origin.span)])
        else:
            yield key, value


def _guard(key: Scalar, value: Tree, policy: str, elements: Elements, report: Reporter) -> Guard:
    if isinstance(value, Scalar):
        word = value.text
        if word == "expected":
            return Guard(key.span, policy, expected=True)
        opened = word if word in ("narrower", "wider", "sealed") else "any"
        return Guard(key.span, policy, effect=cast("Opening", opened))
    fields = Fields(value, report)
    parameter = elements.parameters.get(key.text)
    bounds = []
    for name in ("at_least", "at_most"):
        scalar = fields.scalar(name)
        bound = None
        if scalar is not None and parameter is not None and not isinstance(parameter.type, Quantity):
            report.tell("only-one-of", scalar.span, key=name, other=f"{kind(parameter.type)} {parameter.id}")
        if scalar is not None and parameter is not None and isinstance(parameter.type, Quantity):
            words = parameter.unit_text
            own = parse_unit(words, scalar.span.source.units)
            bound = read_amount(scalar, parameter.type.unit, report, own=own, words=words)
        bounds.append(bound)
    reading = elements.readings.get(key.text)
    options = _texts(fields, "options")
    if reading is not None:
        for item in fields.items("options"):
            if isinstance(item, Scalar) and item.text not in dict(reading.type.options):
                no_such_option(item.text, item.span, reading.type, report)
    for name in ("to", "must_use"):
        _check_targets(fields, name, elements, report)
    return Guard(
        key.span,
        policy,
        effect=cast("Opening", fields.text("effect", "any")),
        expected=fields.flag("expected"),
        least=bounds[0],
        most=bounds[1],
        options=options,
        to=_texts(fields, "to"),
        must_use=_texts(fields, "must_use"),
        unstated=frozenset(name for name in _INHERITED if name not in fields),
    )


def _texts(fields: Fields, key: str) -> tuple[str, ...]:
    return tuple(item.text for item in fields.items(key) if isinstance(item, Scalar))


def _check_targets(fields: Fields, key: str, elements: Elements, report: Reporter) -> None:
    """Conditions named by a guard (`all.assets`, `illness.assets`) must exist."""
    known = dict.fromkeys(condition_targets(elements))
    if key == "must_use":  # a cause has no requirements
        known = dict.fromkeys(name for name in known if not name.startswith("requirements."))
    for item in fields.items(key):
        if isinstance(item, Scalar) and item.text not in known:
            report.tell("unknown-target", item.span, name=item.text, suggestion=Near(item.text, known))


def condition_targets(elements: Elements) -> Iterator[str]:
    """Every `cause.condition`, `all.condition` for each condition of some cause, and every `requirements.x`."""
    causes = elements.causes.values()
    yield from (f"{cause.id}.{name}" for cause in causes for name in cause.conditions)
    yield from dict.fromkeys(f"all.{name}" for cause in causes for name in cause.conditions)
    yield from (f"requirements.{name}" for name in elements.requirements)
