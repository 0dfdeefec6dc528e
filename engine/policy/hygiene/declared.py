"""What hygiene looks at: one document with the policies that it makes.

In: a built document and its slices, as a `Subject`.  Out: the expressions of the rules with their elements.
Imports loader, model, checked, language and the ground floor.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeAlias

from engine.language.core import CoreExpression
from engine.language.elaborate import negate
from engine.policy.checked import CheckedPolicy, Rules
from engine.policy.document import Document
from engine.policy.model import Condition, Element, Overlay, Policy
from engine.records import dataclass
from engine.source import Source, Span
from engine.tree import Mapping as Map
from engine.tree import Scalar, Tree, nodes

Place: TypeAlias = tuple[Element, str, CoreExpression]
"""an element, the collection whose item is current in its expression, and the expression as its author wrote it"""


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


def places(rules: Rules) -> Iterator[Place]:
    """Every expression of the rules with its element. What stands under `unless` is turned back."""
    for rule in rules.every():
        turned = isinstance(rule.declared, Condition) and rule.declared.negated
        yield rule.declared, rule.owner.collection, negate(rule.core) if turned else rule.core
