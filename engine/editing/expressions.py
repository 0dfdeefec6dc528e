"""What the names of an expression mean, however much of it is written.

In: the text of an expression and the `Scope` of its document.  Out: each name with its place and its `Thing`s. One that
cannot be parsed is read word by word.
Imports scopes, things, language and the ground floor.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import field, replace
from functools import lru_cache
from typing import TypeAlias

from engine.diagnostics import Reporter
from engine.editing.scopes import Scope, Things, is_place
from engine.editing.things import Thing
from engine.language import ast
from engine.language.parser import parse_expression
from engine.language.references import children
from engine.language.words import HOUSEHOLD_NAMES, RESERVED, SELF_NAMES, fold
from engine.records import dataclass
from engine.source import Span
from engine.tree import Scalar

Meant: TypeAlias = tuple[Span, str, Things]
"""where a name stands, the name, and what it may mean"""

_NAME = re.compile(r"""[^\W\d]\w*|"[^"\n]*"|“[^”\n]*”|[0-9][^\s()\[\],+*<>=!]*""")
_KEPT = 20_000
"""expressions whose trees are kept: those of some twenty provinces"""


@dataclass(frozen=True, slots=True)
class Place:
    """Where an expression stands.

    Attributes:
        own: the collection whose item it is worked out for; "" for the household.
        holder: what its value is an option of; what `previous` stands for has the same options.
        standing: names that stand for what is stated later, as in `joining`.
    """

    scope: Scope
    own: str = ""
    holder: Thing | None = None
    standing: Mapping[str, Things] = field(default_factory=dict)


def names_in(scalar: Scalar, place: Place) -> Iterator[Meant]:
    tree = parsed(scalar)
    if tree is None:
        yield from _Words(place).all(scalar.span)
    else:
        yield from _Names(place).all(tree, place.own, place.holder)


def parsed(scalar: Scalar) -> ast.Expression | None:
    """The tree of an expression; None where there is none yet."""
    raw = scalar.span.text
    if scalar.style == "folded" or (scalar.style in ("double", "single") and raw != scalar.text):
        return None
    return _parsed(scalar.span)


@lru_cache(maxsize=_KEPT)
def _parsed(span: Span) -> ast.Expression | None:
    return parse_expression(span, Reporter())


@dataclass(frozen=True, slots=True)
class _Names:
    """Goes down an expression.

    Attributes:
        around: the collection around the one that is gone over.
    """

    place: Place
    around: str = ""

    def all(self, node: ast.Expression, item: str, holder: Thing | None) -> Iterator[Meant]:
        """Args:
        item: the collection whose item is current.
        holder: what the node's value is an option of.
        """
        scope = self.place.scope
        match node:
            case ast.Name(span=span, text=text):
                yield span, text, self.named(text, item, holder)
            case ast.TextLiteral(span=span, value=text):
                if found := _option_or_place(scope, holder, text):
                    yield span.at(1, len(span.text) - 1), text, found
            case ast.Dotted():
                yield from self._dotted(node, item)
            case ast.Keyed():
                yield from self._keyed(node, item)
            case ast.Comparison(left=left, right=right):
                yield from self.all(left, item, self.holder(right, item))
                yield from self.all(right, item, self.holder(left, item))
            case ast.Membership(left=left, options=options, on=on):
                yield from self._member(left, options, on, item)
            case ast.Overlap(left=tested, options=options, on=on):
                yield from self._member((tested,), options, on, item)
            case ast.If(test=test, then=then, otherwise=otherwise):
                yield from self.all(test, item, None)
                yield from self.all(then, item, holder)
                yield from self.all(otherwise, item, holder)
            case ast.Aggregate():
                yield from self._aggregate(node, item)
            case _:
                for inner in children(node):
                    yield from self.all(inner, item, None)

    def named(self, text: str, item: str, holder: Thing | None) -> Things:
        """As the language has it: an option where one is wanted, what an item has and the household; both are found
        where both are called so."""
        scope = self.place.scope
        if option := scope.option(holder, text):
            return option
        if text in self.place.standing:
            return self.place.standing[text]
        inner = scope.field(item, text) or scope.field(self.around, text)
        return tuple(dict.fromkeys((*inner, *scope.main(text))))

    def holder(self, node: ast.Expression, item: str) -> Thing | None:
        """What the options beside a node are of."""
        match node:
            case ast.Name(text=text):
                found = self.named(text, item, None)
            case ast.Dotted(owner=owner, member=member):
                found = self._member_of(owner.text, member.text, item)
            case ast.Previous():
                return self.place.holder
            case ast.If(then=then):
                return self.holder(then, item)
            case _:
                return None
        return found[0] if found else None

    def _member_of(self, owner: str, text: str, item: str) -> Things:
        scope = self.place.scope
        named = scope.main(owner, "cause", "collection")
        if not named and owner in HOUSEHOLD_NAMES:
            return scope.main(text)
        if not named and owner in SELF_NAMES.values():
            return scope.field(self.place.own, text)
        for thing in named:
            if thing.kind == "cause":
                return scope.condition(thing.id, text)
            return scope.field(thing.id, text)
        return scope.field(item, text)

    def _dotted(self, node: ast.Dotted, item: str) -> Iterator[Meant]:
        owner, member = node.owner, node.member
        if named := self.place.scope.main(owner.text, "cause", "collection"):
            yield owner.span, owner.text, named
        yield member.span, member.text, self._member_of(owner.text, member.text, item)

    def _keyed(self, node: ast.Keyed, item: str) -> Iterator[Meant]:
        scope = self.place.scope
        found = scope.main(node.parameter.text, "parameter")
        yield node.parameter.span, node.parameter.text, found
        keys = scope.keys_of(found[0]) if found else []
        if node.on is not None:
            yield from self.all(node.on, item, None)
        if node.last is not None:
            yield from self.all(node.last, item, keys[-1] if keys else None)
        for name, value in node.keys:
            held = next((key for key in keys if key is not None and name.text in (key.id, key.name)), None)
            yield name.span, name.text, () if held is None else (held,)
            yield from self.all(value, item, held)

    def _member(
        self,
        left: tuple[ast.Expression, ...],
        options: tuple[ast.Expression, ...] | ast.Name,
        on: ast.Expression | None,
        item: str,
    ) -> Iterator[Meant]:
        holder = self.holder(left[0], item) if len(left) == 1 else None
        for one in left:
            yield from self.all(one, item, None)
        if isinstance(options, ast.Name):
            listed = self.place.scope.main(options.text, "list")
            yield options.span, options.text, listed or self.named(options.text, item, holder)
        else:
            for each in options:
                yield from self.all(each, item, holder)
        if on is not None:
            yield from self.all(on, item, None)

    def _aggregate(self, node: ast.Aggregate, item: str) -> Iterator[Meant]:
        name = node.collection
        found = self.place.scope.main(name.text, "collection")
        yield name.span, name.text, found
        inner = found[0].id if found else ""
        inside = replace(self, around=item)
        for part in (node.body, node.where):
            if part is not None:
                yield from inside.all(part, inner, None)
        if node.otherwise is not None:
            yield from self.all(node.otherwise, item, None)


def _option_or_place(scope: Scope, holder: Thing | None, text: str) -> Things:
    return scope.find("county", text) if is_place(holder) else scope.option(holder, text)


@dataclass(frozen=True, slots=True)
class _Words:
    """Reads an expression that is not whole: each word by itself, those of items as its collections have them."""

    place: Place

    def all(self, span: Span) -> Iterator[Meant]:
        scope, text = self.place.scope, fold(span.text)
        found = [one for one in _NAME.finditer(text) if one[0][0] not in '"“' and not one[0][0].isdigit()]
        gone_over = [held[0].id for one in found if (held := scope.main(one[0], "collection"))]
        holder = self.place.holder
        for at, one in enumerate(found):
            word = one[0]
            if word in RESERVED:
                continue
            owner = found[at - 1][0] if at and text[found[at - 1].end() : one.start()] == "." else ""
            meant = self._meant(word, owner, gone_over, holder)
            yield span.at(one.start(), one.end()), word, meant
            if meant and meant[0].kind in ("fact", "term", "reading"):
                holder = meant[0]

    def _meant(self, word: str, owner: str, gone_over: list[str], holder: Thing | None) -> Things:
        scope = self.place.scope
        if owner:
            return _Names(self.place)._member_of(owner, word, self.place.own)
        for collection in (self.place.own, *gone_over):
            if found := scope.field(collection, word):
                return found
        return self.place.standing.get(word, ()) or scope.main(word) or scope.option(holder, word)


def holder_of(scalar: Scalar, place: Place) -> Thing | None:
    """What the value of an expression is an option of."""
    tree = parsed(scalar)
    return None if tree is None else _Names(place).holder(tree, place.own)
