"""What depends on what: the order in which terms are worked out, and the circles that must not be.

In: elements whose expressions are surface trees, and who is called what.
Out: terms, each after the terms that it reads; or a diagnostic that shows the circle.
Imports replaced, model and language (the surface tree).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import TypeAlias

from engine.diagnostics import Reporter
from engine.language.ast import Aggregate, Dotted, Expression, Keyed, Name
from engine.policy.model import Condition, Elements, Parts, Term
from engine.policy.replaced import read_versions
from engine.records import dataclass
from engine.source import Span

Step: TypeAlias = tuple[str, str, str]
"""("term", collection, id), ("cause", "", id) or ("condition", cause, id)"""


@dataclass(frozen=True, slots=True)
class Called:
    """Who is called what: household-level elements and each collection's fields, by every name."""

    terms: Mapping[str, str]
    causes: Mapping[str, str]
    parameters: Mapping[str, str]
    fields: Mapping[str, Mapping[str, str]]
    """by collection (by any of its names): term ids by name"""

    collections: Mapping[str, str]


def called(elements: Elements) -> Called:
    collections = {name: held.id for held in elements.collections.values() for name in (held.id, held.name) if name}
    fields_: dict[str, dict[str, str]] = {id_: {} for id_ in elements.collections}
    terms: dict[str, str] = {}
    for term in elements.terms.values():
        target = fields_.setdefault(collections.get(term.collection, term.collection), {}) if term.collection else terms
        target.update({name: term.id for name in (term.id, term.name) if name})
    return Called(
        terms,
        {name: cause.id for cause in elements.causes.values() for name in (cause.id, cause.name) if name},
        {
            held_name: held.id
            for held in elements.parameters.values()
            for held_name in (held.id, held.name)
            if held_name
        },
        fields_,
        collections,
    )


def expressions_of(term: Term) -> Iterator[Expression]:
    """What a term is worked out from: its own expression or parts, and those that `previous` in it stands for."""
    for version in read_versions(term):
        if isinstance(version.body, Parts):
            yield from (part.expression for part in version.body.parts.values())
        else:
            yield version.body


def condition_expressions(condition: Condition) -> Iterator[Expression]:
    yield condition.expression
    yield from (exemption.when for exemption in condition.exemptions)


def _names(node: object, item: str, names: Called) -> Iterator[tuple[str, Name | Dotted | Keyed]]:
    """Every name that an expression reads, with the collection whose item is current there."""
    match node:
        case Dotted():
            yield item, node
        case Keyed(keys=keys):
            yield item, node
            for _, expression in keys:
                yield from _names(expression, item, names)
        case Name():
            yield item, node
        case Aggregate(collection=collection):
            inner = names.collections.get(collection.text, collection.text)
            for part in (node.body, node.where):
                yield from _names(part, inner, names)
            yield from _names(node.otherwise, item, names)
        case tuple():
            for part in node:
                yield from _names(part, item, names)
        case _ if is_dataclass(node) and not isinstance(node, Span | type):
            for field in fields(node):
                yield from _names(getattr(node, field.name), item, names)


def _reads(expression: Expression, item: str, elements: Elements, names: Called) -> Iterator[Step]:
    """The steps that an expression reads."""
    for current, name in _names(expression, item, names):
        match name:
            case Dotted(owner=owner, member=member):
                if owner.text in names.causes:
                    cause = elements.causes[names.causes[owner.text]]
                    for condition in cause.conditions.values():
                        if member.text in (condition.id, condition.name):
                            yield "condition", cause.id, condition.id
                elif owner.text in names.collections:
                    collection = names.collections[owner.text]
                    if member.text in names.fields[collection]:
                        yield "term", collection, names.fields[collection][member.text]
                elif owner.text == "household" and member.text in names.terms:
                    yield "term", "", names.terms[member.text]
            case Keyed(parameter=parameter):
                yield from _keyed_by(parameter.text, elements, names)
            case Name(text=text):
                if current and text in names.fields.get(current, {}):
                    yield "term", current, names.fields[current][text]
                elif text in names.terms:
                    yield "term", "", names.terms[text]
                elif text in names.causes:
                    yield "cause", "", names.causes[text]
                else:
                    yield from _keyed_by(text, elements, names)


def _keyed_by(name: str, elements: Elements, names: Called) -> Iterator[Step]:
    """The terms that a parameter is keyed by."""
    if name in names.parameters:
        for key in elements.parameters[names.parameters[name]].by:
            if key in elements.terms:
                yield "term", "", key


def in_order(elements: Elements, report: Reporter) -> list[Term]:
    """The terms, each after those it reads; terms on a circle are reported and left out."""
    names = called(elements)
    done: dict[Step, bool] = {}
    order: list[Term] = []

    def edges(step: Step) -> Iterator[Step]:
        kind, owner, id_ = step
        if kind == "term":
            term = elements.terms[id_]
            for expression in expressions_of(term):
                yield from _reads(expression, owner, elements, names)
        elif kind == "cause":
            yield from (("condition", id_, condition) for condition in elements.causes[id_].conditions)
        else:
            for expression in condition_expressions(elements.causes[owner].conditions[id_]):
                yield from _reads(expression, "", elements, names)

    def finish(step: Step, sound: bool) -> None:
        done[step] = sound
        if sound and step[0] == "term":
            order.append(elements.terms[step[2]])

    def visit(start: Step) -> None:
        """Depth first, without recursion: chains of terms may be long."""
        path: list[tuple[Step, Iterator[Step]]] = [(start, edges(start))]
        on_path: dict[Step, int] = {start: 0}
        broken: set[Step] = set()
        while path:
            step, rest = path[-1]
            following = next(rest, None)
            if following is None:
                path.pop()
                del on_path[step]
                finish(step, step not in broken)
            elif following in on_path:
                circle = [entry[0] for entry in path[on_path[following] :]]
                broken.update(circle)
                _report_circle(circle, elements, report)
            elif following in done:
                if not done[following]:
                    broken.add(step)
            else:
                on_path[following] = len(path)
                path.append((following, edges(following)))

    steps: list[Step] = [("term", _collection_id(term, names), term.id) for term in elements.terms.values()]
    steps += [("cause", "", cause) for cause in elements.causes]
    for step in steps:
        if step not in done:
            visit(step)
    return order


def _collection_id(term: Term, names: Called) -> str:
    return names.collections.get(term.collection, term.collection) if term.collection else ""


def _report_circle(circle: list[Step], elements: Elements, report: Reporter) -> None:
    def words(step: Step) -> str:
        kind, owner, id_ = step
        if kind == "condition":
            return f"{owner}.{id_}"
        element = elements.terms[id_] if kind == "term" else elements.causes[id_]
        return element.name or element.id

    kind, owner, id_ = circle[0]
    if kind == "term":
        span = elements.terms[id_].origin.span
    elif kind == "cause":
        span = elements.causes[id_].origin.span
    else:
        span = elements.causes[owner].conditions[id_].origin.span
    shown = [*circle, circle[0]]
    report.error("circle", span, circle=" → ".join(words(step) for step in shown))
