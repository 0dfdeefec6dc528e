"""What one document itself declares: its elements and its expressions, whoever they are merged with.

In: a built document and its slices, as a `Subject`.  Out: elements and expressions with the section they stand in.
Imports loader, model, checked, language and the ground floor.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal, TypeAlias, assert_never

from engine.language.ast import Expression
from engine.language.core import CoreExpression
from engine.language.elaborate import negate
from engine.policy.checked import CheckedPolicy, Rules
from engine.policy.loader import Document
from engine.policy.model import (
    AddCondition,
    AddElement,
    AddExemption,
    AddPart,
    AnyElement,
    Cause,
    Check,
    Collection,
    Condition,
    Element,
    Exemption,
    Fact,
    NamedList,
    Output,
    Overlay,
    Parameter,
    Parts,
    Policy,
    Reading,
    Referral,
    Repeal,
    ReplaceTerm,
    SetList,
    SetReading,
    SetValues,
    Term,
    added,
    inside,
)
from engine.records import dataclass
from engine.source import Source, Span
from engine.tree import Mapping as Map
from engine.tree import Scalar, Tree, nodes

Place: TypeAlias = tuple[Element, str, CoreExpression]
"""an element, the collection whose item is current in its expression, and the expression as its author wrote it"""
Outlet: TypeAlias = Literal["rule", "check"]


@dataclass(frozen=True, slots=True)
class Subject:
    """A document without errors; `slices` are the policies that its own chain makes, at least one."""

    document: Document
    built: Policy | Overlay
    slices: tuple[CheckedPolicy, ...]
    labels: Mapping[int, Span]
    """the place of each label, by the offset of its element's key"""

    @property
    def id(self) -> str:
        return self.document.header.id

    @property
    def source(self) -> Source:
        return self.document.tree.span.source

    def holds(self, span: Span) -> bool:
        """Whether it is this document that says so, and none below it."""
        return span.source is self.source


def make_subject(document: Document, built: Policy | Overlay, slices: tuple[CheckedPolicy, ...]) -> Subject:
    return Subject(document, built, slices, dict(_labels(document.tree)))


def _labels(tree: Tree) -> Iterator[tuple[int, Span]]:
    for node in nodes(tree):
        for key, value in node.entries if isinstance(node, Map) else ():
            label = value.get("label") if isinstance(value, Map) else None
            if isinstance(label, Scalar):
                yield key.span.start, label.span


def declared(built: Policy | Overlay) -> Iterator[AnyElement | Exemption]:
    """Every element that a document declares, those inside others included."""
    for element in added(built):
        yield element
        yield from inside(element).values()


def expressions(built: Policy | Overlay) -> Iterator[tuple[Outlet, Expression]]:
    """Every expression that a document writes, and whether it rules or only checks data."""
    for element in declared(built):
        match element:
            case Term(body=Parts(parts=parts)):
                yield from (("rule", part.expression) for part in parts.values())
            case Term(body=body) if not isinstance(body, Parts):
                yield "rule", body
            case Condition(expression=expression) | Output(expression=expression):
                yield "rule", expression
            case Exemption(when=when) | Referral(when=when):
                yield "rule", when
            case Check(require=require):
                yield "check", require
            case Fact() | Collection() | Parameter() | NamedList() | Reading() | Term() | Cause():
                pass
            case _:
                assert_never(element)
    if isinstance(built, Policy) and built.joining is not None:
        yield from (("rule", part) for part in built.joining.parts.values())
    for change in built.changes if isinstance(built, Overlay) else ():
        match change:
            case AddPart(part=part):
                yield "rule", part.expression
            case ReplaceTerm(body=body):
                yield "rule", body
            case SetValues() | SetList() | SetReading() | AddElement() | AddCondition() | AddExemption() | Repeal():
                pass  # the elements were looked at above
            case _:
                assert_never(change)


def places(rules: Rules) -> Iterator[Place]:
    """Every expression of the rules with its element. What stands under `unless` is turned back."""
    for rule in rules.every():
        turned = isinstance(rule.declared, Condition) and rule.declared.negated
        yield rule.declared, rule.owner.collection, negate(rule.core) if turned else rule.core
