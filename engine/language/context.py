"""What elaboration knows at a place in an expression, and how it speaks of parts of it.

Imports the scope, types and the ground floor; the passes of elaboration (`names`, `quantities`, `sets`,
`comparisons`) take a `Context` and report into it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import islice
from typing import Literal, Protocol

from engine.diagnostics import Reporter
from engine.language import ast, core
from engine.language.core import CoreExpression
from engine.language.nesting import inward_guards
from engine.language.parser import parse_expression
from engine.language.references import references
from engine.language.scope import CollectionEntry, FactEntry, ParameterEntry, Scope, TermEntry, collections_of
from engine.language.types import Type
from engine.language.words import BY_CANONICAL, language_of
from engine.records import dataclass
from engine.source import Span

_MOST_NAMES = 64


@dataclass(frozen=True, slots=True)
class Context:
    """Attributes:
    item: the collection whose item is current, or "".
    aggregated: inside an aggregate.
    around: inside an aggregate of an item's expression the collection of that item, else "".
    guards: comparisons that hold here, because an enclosing `if` asked for them.
    helpful: look for what an unknown name may have meant; not in an expression of so many names that the search
        itself would take long.
    """

    scope: Scope
    report: Reporter
    collections: Mapping[str, CollectionEntry]
    language: Literal["zh", "en"]
    helpful: bool = True
    item: str = ""
    aggregated: bool = False
    around: str = ""
    guards: tuple[core.Compare, ...] = ()

    def with_guards(self, guards: tuple[core.Compare, ...]) -> Context:
        return replace(self, guards=self.guards + guards) if guards else self

    def inside(self, collection: str) -> Context:
        """Of an item that an aggregate goes over."""
        return replace(self, item=collection, aggregated=True, around=self.item, guards=inward_guards(self.guards))

    @property
    def own(self) -> str:
        """The collection of the item whose expression it is, or ""."""
        return self.around if self.aggregated else self.item

    def word(self, canonical: str) -> str:
        """A word of the language as this author would write it."""
        entry = BY_CANONICAL[canonical]
        return entry.signs[0] if entry.signs else entry.spelled(self.language)

    @property
    def comma(self) -> str:
        """Between arguments, as this author would write it: a Chinese one ends no entry in the braces of YAML."""
        return "，" if self.language == "zh" else ", "

    def shown(self, declared: FactEntry | TermEntry | CollectionEntry | ParameterEntry) -> str:
        """What the author would call an element."""
        return declared.name if declared.name and self.language == "zh" else declared.id

    def entry(self, collection: str, identifier: str) -> object:
        """The declaration of a fact, term or parameter, by id."""
        if collection == "":
            return self.scope.names.get(identifier)
        owner = self.collections.get(collection)
        return None if owner is None else owner.fields.get(identifier)


class Infer(Protocol):
    """Elaboration of what is inside, handed to the passes that go over one construct."""

    def __call__(
        self, expression: ast.Expression, context: Context, want: Type | None = None, /
    ) -> CoreExpression | None: ...


def make_context(scope: Scope, report: Reporter, expression: ast.Expression) -> Context:
    """The context at the outermost level of an expression."""
    collections = collections_of(scope)
    few = sum(1 for _ in islice(references(expression), _MOST_NAMES + 1)) <= _MOST_NAMES
    return Context(scope, report, collections, language_of(expression.span.text), few, scope.item)


def text_of(span: Span) -> str:
    """The author's text on one line."""
    return " ".join(span.text.split())


def as_factor(expression: CoreExpression) -> str:
    """The author's text as the left operand of `*` or `/`, in brackets where it would fall apart."""
    return _bracketed(expression.span, ("+", "-"))


def as_divisor(expression: CoreExpression) -> str:
    """The author's text as the right operand of `*` or `/`."""
    return _bracketed(expression.span, ("+", "-", "*", "/"))


_LOOSE = (ast.If, ast.Or, ast.And, ast.Not, ast.Comparison, ast.Membership, ast.Overlap)


def _bracketed(span: Span, loose: tuple[str, ...]) -> str:
    """Decided by what is written there: of a joined part it is what the cause states, not what was made of it."""
    text, written = text_of(span), parse_expression(span, Reporter())
    falls_apart = isinstance(written, _LOOSE) or (isinstance(written, ast.Arithmetic) and written.operator in loose)
    return f"({text})" if falls_apart and not _in_brackets(text) else text


def _in_brackets(text: str) -> bool:
    """Whether one pair of brackets encloses the whole text."""
    if not text or text[0] not in "(（":
        return False
    depth = 0
    for place, char in enumerate(text):
        depth += (char in "(（") - (char in ")）")
        if depth == 0:
            return place == len(text) - 1
    return False
