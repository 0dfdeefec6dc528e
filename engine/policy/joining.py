"""How a cause that `joins` counts: a part of its own in each of some steps, made as the root policy's `joining` says.

In: the root's `joining`; the `joins` of a cause, which states once what that asks for.
Out: `Joining`, and ordinary `Part`s; or Diagnostics. What reads parts does not know which of them were made.
Imports fields, model, language and the ground floor.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields as fields_of
from dataclasses import replace
from typing import Any

from engine.diagnostics import Reporter
from engine.language import ast
from engine.language.ast import Expression
from engine.language.parser import MAX_CHAIN, MAX_CHARACTERS
from engine.language.references import children, walk
from engine.language.words import is_name, is_name_shaped
from engine.policy.fields import Fields, read_expression
from engine.policy.model import Element, Elements, Joining, Origin, Part, Parts, Term, inside
from engine.source import Span
from engine.suggest import Near
from engine.tree import Scalar


def build_joining(fields: Fields, elements: Elements, report: Reporter) -> Joining | None:
    """The root's `joining`; a part that cannot be made is told here and left out."""
    key, own = fields.key("joining"), fields.fields("joining")
    if key is None:
        return None
    stated = [(id_, name) for id_, name in own.entries("states") if isinstance(name, Scalar)]
    cause = own.scalar("cause")
    parts: dict[str, Expression | None] = {}
    for step, value in own.entries("parts"):
        term, known = elements.terms.get(step.text), elements.terms
        parts[step.text] = None
        if term is None:
            report.tell("unknown-target", step.span, name=step.text, suggestion=Near(step.text, known))
        elif not isinstance(term.body, Parts):
            report.tell("no-parts", step.span, term=step.text, related=[("declared-here", term.origin.span)])
        else:
            parts[step.text] = read_expression(value, report)
    named = [*(one for state in stated for one in state), *(() if cause is None else (cause,))]
    made = {step: part for step, part in parts.items() if part is not None}
    if _are_names(named, elements, report) and len(made) == len(parts):
        read = {node.text for part in made.values() for node in walk(part) if isinstance(node, ast.Name)}
        for id_, name in stated:
            if not read & {id_.text, name.text}:
                report.tell("state-not-counted", id_.span, name=id_.text)
    states = {id_.text: name.text for id_, name in stated}
    return Joining(key.span, "" if cause is None else cause.text, states, made)


def _are_names(names: list[Scalar], elements: Elements, report: Reporter) -> bool:
    """Whether what stands for something else in a part is called as nothing else is."""
    own = report.aside()
    taken = dict(_names(elements))
    for name in names:
        if not is_name_shaped(name.text):
            own.tell("bad-name", name.span, name=name.text)
        elif not is_name(name.text):
            own.tell("name-is-word", name.span, name=name.text)
        elif name.text in taken:
            own.tell("name-taken", name.span, name=name.text, related=[("declared-here", taken[name.text])])
        taken.setdefault(name.text, name.span)
    report.extend(own)
    return not own.has_errors


def _names(elements: Elements) -> Iterator[tuple[str, Span]]:
    for element in elements.every():
        for held in (element, *inside(element).values()):
            yield from ((held.id, held.origin.span), (held.name, held.origin.span))


def joined(cause: Element, fields: Fields, joining: Joining, origin: Origin, report: Reporter) -> dict[str, Part]:
    """By step, the parts of a cause; none after a fault in what it states. What is wrong with a part later on is shown
    where the cause states what stands in it.

    Args:
        fields: of the cause, which has `joins`. origin: of the cause, at its `joins`.
    """
    given: dict[str, Expression] = {joining.cause: ast.Name(cause.origin.span, cause.name or cause.id)}
    unknown = [key for key, _ in fields.entries("joins") if key.text not in joining.states]
    for key in unknown:
        near, allowed = Near(key.text, joining.states), " ".join(joining.states)
        report.tell("unknown-key-here", key.span, key=key.text, suggestion=near, allowed=allowed)
    for id_, name in joining.states.items():
        value = fields.fields("joins").get(id_)
        if value is None and not unknown:
            report.tell("missing-key", origin.span, key=id_, title=name)
        elif (expression := read_expression(value, report)) is not None:
            given |= {id_: expression, name: expression}
    if not given.keys() >= joining.states.keys():
        return {}
    length = sum(_length(part, given) for part in joining.parts.values())
    if length > MAX_CHARACTERS:
        report.tell("expression-too-long", origin.span, length=str(length), limit=str(MAX_CHARACTERS))
        return {}
    parts = {step: Part(_filled(part, given), origin) for step, part in joining.parts.items()}
    if any(_height(part.expression) > MAX_CHAIN for part in parts.values()):
        report.tell("chain-too-long", origin.span, limit=str(MAX_CHAIN))
        return {}
    return parts


def with_parts(terms: Mapping[str, Term], id_: str, parts: Mapping[str, Part], report: Reporter) -> dict[str, Term]:
    """The root's own terms with the parts of one of its causes."""
    found = dict(terms)
    for step, part in parts.items():
        held = found[step].body
        assert isinstance(held, Parts), "`joining` has parts for no other step"
        if id_ in held.parts:
            other = held.parts[id_].origin.span
            report.tell("already-exists", part.origin.span, name=f"{step}.{id_}", related=[("declared-here", other)])
        else:
            found[step] = replace(found[step], body=replace(held, parts={**held.parts, id_: part}))
    return found


def _length(part: Expression, given: Mapping[str, Expression]) -> int:
    """The characters of a part written out."""
    names = (node.text for node in walk(part) if isinstance(node, ast.Name))
    return len(part.span.text) + sum(len(given[name].span.text) for name in names if name in given)


def _height(expression: Expression) -> int:
    return 1 + max(map(_height, children(expression)), default=0)


def _filled(part: Expression, given: Mapping[str, Expression]) -> Expression:
    """The part with what is given in the place of its names. What holds something given has its place too, the last
    one, so that a cause's own file is where its part is shown; the rest stays where the policy has it."""
    if isinstance(part, ast.Name):
        return given.get(part.text, part)
    new = {id(inner): _filled(inner, given) for inner in children(part)}
    changed = [new[id(inner)] for inner in children(part) if new[id(inner)] is not inner]
    if not changed:
        return part

    def put(held: Any) -> Any:
        return tuple(map(put, held)) if isinstance(held, tuple) else new.get(id(held), held)

    values = {field.name: put(getattr(part, field.name)) for field in fields_of(part)}
    return replace(part, **{**values, "span": changed[-1].span})
