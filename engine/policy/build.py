"""A root policy's tree to the model; and the elements that policies and overlays share.

In: a tree whose structure was checked.  Out: `Policy`, or Diagnostics; whatever can be read is read, so that one
run reports every fault.
Imports fields, build_values, model, language and the ground floor.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Literal, TypedDict, cast

from engine.diagnostics import Reporter
from engine.language.ast import Expression
from engine.language.types import PLACE, Choice, Place
from engine.policy.fields import (
    Fields,
    identifier,
    read_expression,
)
from engine.policy.model import (
    Assumption,
    Check,
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
from engine.records import dataclass
from engine.source import Span
from engine.suggest import Near
from engine.tree import Mapping, Scalar, Tree

RESERVED = ("all", "household", "requirements")
"""ids that stand for something else where a target is named: every cause, the household, the requirements"""
PARTS_KINDS: tuple[PartsKind, ...] = ("sum", "how_many", "any", "every", "max", "min")


@dataclass(frozen=True, slots=True)
class Maker:
    """What every element needs: whom to tell of faults, and what its origin is unless it says otherwise.

    `published_at_once`: an amendment is one notice, so that what it says of other days was published with it; other
    files collect what was published over the years. `place`: the type of places, as the territory has them.
    """

    report: Reporter
    origin: Origin
    published_at_once: bool = False
    place: Place = PLACE

    def within(self, origin: Origin) -> Maker:
        """The maker of what stands inside an element: what that does not state it takes from the element."""
        return replace(self, origin=origin)

    def origin_of(self, fields: Fields, span: Span) -> Origin:
        """The origin of an element or change: the file's, with what the entry itself states."""
        base = self.origin
        inherited = self.published_at_once or "from" not in fields
        own = replace(
            base,
            span=span,
            document=fields.text("document", base.document),
            start=fields.day("from") or base.start,
            until=fields.day("until") or base.until,
            published=fields.day("published") or (base.published if inherited else None),
            source=fields.text("source", base.source),
            grade=fields.text("grade", base.grade),
        )
        if ("from" in fields or "until" in fields) and ends_before_start(own) and not ends_before_start(base):
            self.report.tell("ends-before-start", span, start=str(own.start), until=str(own.until))
        return own

    def named(self, key: Scalar, fields: Fields) -> ElementFields:
        """What every element says of itself."""
        label = fields.text("label", key.text)
        name = fields.text("name")
        if name and not identifier(name):
            scalar = fields.scalar("name")
            self.report.tell("bad-name", (scalar or key).span, name=name)
            name = ""
        return {
            "id": key.text,
            "label": label,
            "name": name or identifier(label),
            "cites": fields.text("cites"),
            "origin": self.origin_of(fields, key.span),
        }


class ElementFields(TypedDict):
    id: str
    label: str
    name: str
    cites: str
    origin: Origin


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


def ends_before_start(origin: Origin) -> bool:
    """Whether it never holds."""
    return origin.start is not None and origin.until is not None and origin.until < origin.start


# ---- rules


def build_checks(tree: Tree | None, maker: Maker) -> dict[str, Check]:
    checks = {}
    for key, fields in each_entry(tree, maker):
        require = fields.expression("require")
        if require is not None:
            named: ElementFields = {**maker.named(key, fields), "label": fields.text("message"), "name": ""}
            checks[key.text] = Check(
                **named,
                collection=fields.text("of"),
                severity=cast("Literal['error', 'warning']", fields.text("severity", "error")),
                require=require,
            )
    return checks


def build_readings(tree: Tree | None, maker: Maker) -> dict[str, Reading]:
    readings = {}
    for key, fields in each_entry(tree, maker):
        element = maker.named(key, fields)
        choice = build_choice(fields, "options")
        chosen = fields.text("chosen")
        scalar = fields.scalar("chosen")
        if scalar is not None and chosen not in dict(choice.options):
            no_such_option(chosen, scalar.span, choice, maker.report)
            continue
        question = fields.text("question")
        readings[key.text] = Reading(
            **element, question=question, type=choice, chosen=chosen, chosen_origin=element["origin"]
        )
    return readings


def no_such_option(text: str, span: Span, choice: Choice, report: Reporter, *, labels: bool = False) -> None:
    """Args:
    labels: an option may be called by its label too.
    """
    ids = [option for option, _ in choice.options]
    near = Near(text, [word for option in choice.options for word in option] if labels else ids)
    report.tell("no-such-option", span, option=text, options=" ".join(ids), suggestion=near)


def build_assumptions(tree: Tree | None, maker: Maker) -> tuple[Assumption, ...]:
    assumptions = []
    for item in tree.items if tree is not None and not isinstance(tree, Scalar | Mapping) else ():
        fields = Fields(item, maker.report)
        assumptions.append(Assumption(fields.text("text"), fields.text("cites"), maker.origin_of(fields, item.span)))
    return tuple(assumptions)


def build_terms(tree: Tree | None, maker: Maker) -> dict[str, Term]:
    terms = {}
    for key, fields in each_entry(tree, maker):
        element = maker.named(key, fields)
        choice = build_choice(fields, "choice") if "choice" in fields else None
        for other in ("unit", *PARTS_KINDS) if choice is not None else ():
            if (tree := fields.get(other)) is not None:
                maker.report.tell("only-one-of", tree.span, key=other, other="choice")
        body = _term_body(fields, maker.within(element["origin"]))
        if "unit" in fields:
            fields.unit("unit")
        if body is not None:
            terms[key.text] = Term(
                **element,
                collection=fields.text("of"),
                body=body,
                unit_text=fields.text("unit"),
                choice=choice,
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


def build_outputs(tree: Tree | None, maker: Maker) -> dict[str, Output]:
    outputs = {}
    for key, fields in each_entry(tree, maker):
        expression = fields.expression("is")
        if "unit" in fields:
            fields.unit("unit")
        if expression is not None:
            outputs[key.text] = Output(
                **maker.named(key, fields),
                expression=expression,
                unit_text=fields.text("unit"),
                collection=fields.text("of"),
            )
    return outputs


def build_referrals(tree: Tree | None, maker: Maker) -> dict[str, Referral]:
    referrals = {}
    for key, fields in each_entry(tree, maker):
        when = fields.expression("when")
        if when is not None:
            referrals[key.text] = Referral(**maker.named(key, fields), when=when)
    return referrals


def each_entry(tree: Tree | None, maker: Maker) -> list[tuple[Scalar, Fields]]:
    return [(key, Fields(value, maker.report)) for key, value in tree.entries] if isinstance(tree, Mapping) else []


def build_choice(fields: Fields, key: str) -> Choice:
    options = []
    for name, value in fields.entries(key):
        label = value.text if isinstance(value, Scalar) else Fields(value, fields.report).text("label", name.text)
        options.append((name.text, label.strip() or name.text))
    return Choice(tuple(options))
