"""A root policy's tree to the model; and the elements that policies and overlays share.

In: a tree whose structure was checked.  Out: `Policy`, or Diagnostics; whatever can be read is read, so that one
run reports every fault.
Imports fields, build_values, model, language and the ground floor.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal, TypedDict, cast

from engine.diagnostics import Reporter
from engine.language.ast import Expression
from engine.language.types import Choice
from engine.policy.fields import (
    Fields,
    identifier,
    read_expression,
)
from engine.policy.model import (
    Assumption,
    Cause,
    Check,
    Condition,
    Element,
    Origin,
    Output,
    Part,
    Parts,
    PartsKind,
    Reading,
    Referral,
    Status,
    Term,
)
from engine.source import Span
from engine.suggest import nearest
from engine.tree import Mapping, Scalar, Tree

PARTS_KINDS: tuple[PartsKind, ...] = ("sum", "how_many", "any", "every", "max", "min")


@dataclass(frozen=True, slots=True)
class Maker:
    """What every element needs: whom to tell of faults, and what its origin is unless it says otherwise."""

    report: Reporter
    origin: Origin

    def origin_of(self, fields: Fields, span: Span) -> Origin:
        """The origin of an element or change: the file's, with what the entry itself states."""
        base = self.origin
        return replace(
            base,
            span=span,
            document=fields.text("document", base.document),
            start=fields.day("from") or base.start,
            until=fields.day("until") or base.until,
            published=fields.day("published") or (None if "from" in fields else base.published),
            source=fields.text("source", base.source),
            grade=fields.text("grade", base.grade),
        )

    def named(self, key: Scalar, fields: Fields) -> Element:
        label = fields.text("label", key.text)
        name = fields.text("name")
        if name and not identifier(name):
            scalar = fields.scalar("name")
            self.report.error("bad-name", (scalar or key).span, name=name)
            name = ""
        return Element(
            key.text, label, name or identifier(label), fields.text("cites"), self.origin_of(fields, key.span)
        )


class ElementFields(TypedDict):
    id: str
    label: str
    name: str
    cites: str
    origin: Origin


def element_fields(element: Element) -> ElementFields:
    return {
        "id": element.id,
        "label": element.label,
        "name": element.name,
        "cites": element.cites,
        "origin": element.origin,
    }


def build_origin(fields: Fields, policy: str) -> Origin:
    tree = fields.tree
    assert tree is not None, "a document is a mapping once its structure was checked"
    span = tree.entries[0][0].span if tree.entries else tree.span
    status = cast("Status", fields.text("status", "official"))
    return Origin(
        policy,
        span,
        fields.text("document"),
        fields.day("from"),
        fields.day("until"),
        fields.day("published"),
        fields.text("source"),
        fields.text("grade"),
        status,
    )


# ---- rules


def build_checks(tree: Tree | None, maker: Maker) -> dict[str, Check]:
    checks = {}
    for key, fields in _each(tree, maker):
        require = fields.expression("require")
        if require is not None:
            named = replace(maker.named(key, fields), label=fields.text("message"), name="")
            checks[key.text] = Check(
                **element_fields(named),
                collection=fields.text("of"),
                severity=cast("Literal['error', 'warning']", fields.text("severity", "error")),
                require=require,
            )
    return checks


def build_readings(tree: Tree | None, maker: Maker) -> dict[str, Reading]:
    readings = {}
    for key, fields in _each(tree, maker):
        element = maker.named(key, fields)
        choice = build_choice(fields, "options")
        chosen = fields.text("chosen")
        ids = [option for option, _ in choice.options]
        scalar = fields.scalar("chosen")
        if scalar is not None and chosen not in ids:
            maker.report.error(
                "no-such-option", scalar.span, option=chosen, options=" ".join(ids), suggestion=nearest(chosen, ids)
            )
            continue
        question = fields.text("question")
        readings[key.text] = Reading(
            **element_fields(element), question=question, type=choice, chosen=chosen, chosen_origin=element.origin
        )
    return readings


def build_assumptions(tree: Tree | None, maker: Maker) -> tuple[Assumption, ...]:
    assumptions = []
    for item in tree.items if tree is not None and not isinstance(tree, Scalar | Mapping) else ():
        fields = Fields(item, maker.report)
        assumptions.append(Assumption(fields.text("text"), fields.text("cites"), maker.origin_of(fields, item.span)))
    return tuple(assumptions)


def build_terms(tree: Tree | None, maker: Maker) -> dict[str, Term]:
    terms = {}
    for key, fields in _each(tree, maker):
        element = maker.named(key, fields)
        body = _term_body(fields, maker)
        if "unit" in fields:
            fields.unit("unit")
        if body is not None:
            terms[key.text] = Term(
                **element_fields(element), collection=fields.text("of"), body=body, unit_text=fields.text("unit")
            )
    return terms


def _term_body(fields: Fields, maker: Maker) -> Expression | Parts | None:
    if "is" in fields:
        return fields.expression("is")
    for kind in PARTS_KINDS:
        if kind in fields:
            parts = {}
            for key, value in fields.entries(kind):
                part = build_part(key, value, maker)
                if part is not None:
                    parts[key.text] = part
            return Parts(kind, parts)
    return None


def build_part(key: Scalar, value: Tree, maker: Maker) -> Part | None:
    """An addend: an expression, or a mapping with `is` and dates of its own."""
    if isinstance(value, Mapping):
        fields = Fields(value, maker.report)
        expression, origin = fields.expression("is"), maker.origin_of(fields, key.span)
    else:
        expression, origin = read_expression(value, maker.report), replace(maker.origin, span=key.span)
    return None if expression is None else Part(expression, origin)


def build_condition(
    key: Scalar, value: Tree, maker: Maker, find: Callable[[str, str, Span], Condition | None]
) -> Condition | None:
    """A condition or requirement. `find` gives the condition that `same_as` names, or reports that there is none."""
    fields = Fields(value, maker.report)
    element = maker.named(key, fields)
    same = fields.scalar("same_as")
    if same is not None:
        owner, _, name = same.text.partition(".")
        other = find(owner, name, same.span)
        if other is None:
            return None
        cites = element.cites or other.cites
        label = fields.text("label", other.label)
        taken = replace(element, label=label, name=fields.text("name") or identifier(label), cites=cites)
        return Condition(**element_fields(taken), expression=other.expression, negated=other.negated)
    negated = "unless" in fields
    expression = fields.expression("unless" if negated else "when")
    if expression is None:
        return None
    return Condition(**element_fields(element), expression=expression, negated=negated)


def build_causes(
    tree: Tree | None, maker: Maker, inherited: Callable[[str, str, Span], Condition | None]
) -> dict[str, Cause]:
    """Causes with their conditions; `same_as` looks among these causes first, then among the inherited ones."""
    causes: dict[str, Cause] = {}
    for key, fields in _each(tree, maker):
        conditions: dict[str, Condition] = {}

        def find(
            owner: str, name: str, span: Span, here: dict[str, Condition] = conditions, cause: str = key.text
        ) -> Condition | None:
            if owner == cause and name in here:
                return here[name]
            if owner in causes and name in causes[owner].conditions:
                return causes[owner].conditions[name]
            return inherited(owner, name, span)

        for name, value in fields.entries("conditions"):
            condition = build_condition(name, value, maker, find)
            if condition is not None:
                conditions[name.text] = condition
        causes[key.text] = Cause(**element_fields(maker.named(key, fields)), conditions=conditions)
    return causes


def build_requirements(
    tree: Tree | None, maker: Maker, find: Callable[[str, str, Span], Condition | None]
) -> dict[str, Condition]:
    requirements = {}
    for key, value in tree.entries if isinstance(tree, Mapping) else ():
        condition = build_condition(key, value, maker, find)
        if condition is not None:
            requirements[key.text] = condition
    return requirements


def build_outputs(tree: Tree | None, maker: Maker) -> dict[str, Output]:
    outputs = {}
    for key, fields in _each(tree, maker):
        expression = fields.expression("is")
        if "unit" in fields:
            fields.unit("unit")
        if expression is not None:
            outputs[key.text] = Output(
                **element_fields(maker.named(key, fields)), expression=expression, unit_text=fields.text("unit")
            )
    return outputs


def build_referrals(tree: Tree | None, maker: Maker) -> dict[str, Referral]:
    referrals = {}
    for key, fields in _each(tree, maker):
        when = fields.expression("when")
        if when is not None:
            referrals[key.text] = Referral(**element_fields(maker.named(key, fields)), when=when)
    return referrals


def _each(tree: Tree | None, maker: Maker) -> list[tuple[Scalar, Fields]]:
    return [(key, Fields(value, maker.report)) for key, value in tree.entries] if isinstance(tree, Mapping) else []


def build_choice(fields: Fields, key: str) -> Choice:
    options = []
    for name, value in fields.entries(key):
        label = value.text if isinstance(value, Scalar) else Fields(value, fields.report).text("label", name.text)
        options.append((name.text, label.strip() or name.text))
    return Choice(tuple(options))
