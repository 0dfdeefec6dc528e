"""Where a policy document speaks of what it, or a document below it, declares.

In: a document's `File`, its `Scope`, and the tables beside it.  Out: `Occurrence`s, those of the declarations left out.
Imports expressions, mentions_values, scopes, structure, things, workspace and the ground floor.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.editing.declared import ELEMENTS
from engine.editing.expressions import Place, names_in, parsed
from engine.editing.mentions_values import Neighbours, Values
from engine.editing.scopes import Scope, Things
from engine.editing.structure import schema_at
from engine.editing.things import Keys, Occurrence, entries, piece, scalars
from engine.editing.workspace import File
from engine.tree import Scalar, Tree

_BLOCKS = ("parameters", "lists", "set")


def mentioned_in(file: File, scope: Scope, others: Scope, neighbours: Neighbours) -> Iterator[Occurrence]:
    """Args:
    others: what any document declares; of another one only values are taken.
    """
    yield from _Document(file, scope, others, neighbours).all()


class _Document:
    def __init__(self, file: File, scope: Scope, others: Scope, neighbours: Neighbours) -> None:
        self.file = file
        self.scope = scope
        self.others = others
        self.values = Values(file, scope, others, neighbours)
        self.here = {thing.key.start: thing for thing in scope.things if thing.path == file.path}

    def all(self) -> Iterator[Occurrence]:
        for path, key, value in entries(self.file.tree):
            added = path[0] == "add" and self.file.kind == "overlay"
            yield from self._at(path[1:] if added else path, path, key, value, added)

    def said(self, scalar: Scalar, things: Things, text: str = "", start: int = 0) -> Iterator[Occurrence]:
        """Args:
        text: a part of the scalar's text that begins at `start`; all of it where it is "".
        """
        text = text or scalar.text.strip()
        if things:
            yield Occurrence(self.file.path, piece(scalar, start or scalar.text.find(text), text), text, things)

    def _each(self, tree: Tree, *things: Things) -> Iterator[Occurrence]:
        for scalar, found in zip(scalars(tree), things, strict=False):
            yield from self.said(scalar, found)

    def _at(self, inner: Keys, path: Keys, key: Scalar | None, value: Tree, added: bool) -> Iterator[Occurrence]:
        if isinstance(value, Scalar) and schema_at(self.file.kind, path).expression:
            yield from self._expression(inner, value)
            if inner[:1] != ("joining",) and inner[2:3] != ("joins",):
                return
        scope = self.scope
        match inner:
            case ("amends",):
                yield from self._each(value, *(self.others.find("document", one.text) for one in scalars(value)))
            case ("jurisdiction",):
                yield from self._each(value, *(self.values.wide(one.text) for one in scalars(value)))
            case (*_, "counties"):
                yield from self._each(value, *(self.values.place(one.text) for one in scalars(value)))
            case ("zones", str(), "stands_with"):
                yield from self._each(value, *(scope.find("county", one.text) for one in scalars(value)))
            case ("territory",) if isinstance(value, Scalar):
                yield from self.values.file_named(value)
            case ("facts", *_):
                yield from self._fact(inner, key, value)
            case ("terms" | "checks" | "outputs", str(), "of") if isinstance(value, Scalar):
                yield from self.said(value, scope.main(value.text.strip(), "collection"))
            case ("lists", str(), "of"):
                yield from self._each(value, *(scope.any_fact(one.text) for one in scalars(value)))
            case ("parameters", str(), "by"):
                for one in scalars(value):
                    yield from self.values.key(one)
            case ("parameters", str(), "values_from") if isinstance(value, Scalar):
                yield from self._taken(value)
            case ("readings", str(id_), "chosen") if isinstance(value, Scalar):
                yield from self.said(value, scope.find("option", value.text, id_))
            case ("not_found" | "set", str(id_)) if key is not None:
                yield from self.said(key, scope.main(id_, "parameter", "list", "reading"))
                if inner[0] == "set" and isinstance(value, Scalar):
                    yield from self.said(value, scope.find("option", value.text.strip(), id_))
            case ("set", str(id_), *_, "chosen") if isinstance(value, Scalar):
                yield from self.said(value, scope.find("option", value.text.strip(), id_))
            case ("replace", "terms", str(id_)) if key is not None:
                yield from self.said(key, scope.main(id_, "term"))
            case ("causes", str(), "joins", str(state)) if key is not None:
                yield from self.said(key, scope.find("state", state))
            case ("conditions" | "parts" | "exempt", str()) if key is not None and (added or inner[0] == "exempt"):
                yield from self._target(inner[0] == "parts", key, own=added)
            case (*_, "same_as") if isinstance(value, Scalar):
                yield from self._dotted(value)
            case ("repeal",):
                for one in scalars(value):
                    yield from self._repealed(one)
            case ("joining", "parts", str(term)) if key is not None:
                yield from self.said(key, scope.main(term, "term"))
            case ("local", *rest):
                yield from self._local(tuple(rest), key, value)
        if inner[:1] and inner[0] in _BLOCKS and len(inner) == 2:
            for thing in scope.main(str(inner[1]), "parameter", "list"):
                yield from self.values.blocks(thing, value)
                break

    # ---- expressions

    def _expression(self, inner: Keys, scalar: Scalar) -> Iterator[Occurrence]:
        sure = parsed(scalar) is not None
        for span, text, things in names_in(scalar, self._place(inner)):
            if things:
                yield Occurrence(self.file.path, span, text, things, sure=sure)

    def _place(self, inner: Keys) -> Place:
        """Whose expression it is: of which items, and what its value is an option of."""
        scope = self.scope
        match inner:
            case ("terms" | "checks" | "outputs", str(id_), *_):
                held = next(
                    (one for one in self.here.values() if one.kind == ELEMENTS[str(inner[0])] and one.id == id_), None
                )
                own = "" if held is None else scope.collection(held.owner)
                return Place(scope, own, held if inner[0] == "terms" and inner[2:] == ("is",) else None)
            case ("replace", "terms", str(id_), *_):
                for term in (
                    *scope.main(id_, "term"),
                    *(one for each in scope.collections() for one in scope.field(each, id_)),
                ):
                    return Place(scope, scope.collection(term.owner), term)
            case ("parts", str(dotted), *_):
                for term in scope.main(dotted.partition(".")[0], "term"):
                    return Place(scope, scope.collection(term.owner))
            case ("joining", *_):
                states = [one for one in scope.things if one.kind == "state" and one.path == self.file.path]
                return Place(scope, standing={one.name: (one,) for one in states})
        return Place(scope)

    # ---- keys

    def _fact(self, inner: Keys, key: Scalar | None, value: Tree) -> Iterator[Occurrence]:
        scope = self.scope
        if len(inner) == 2 and key is not None and key.span.start not in self.here:
            yield from self.said(key, scope.main(key.text, "collection"))
        if inner[-1] == "refers_to" and isinstance(value, Scalar):
            yield from self.said(value, scope.main(value.text.strip(), "collection"))
        if inner[-1] == "default":
            owner, id_ = inner[1], inner[-2]
            holder = scope.main(str(id_)) if owner == "household" else scope.field(str(owner), str(id_))
            for fact in holder[:1]:
                yield from self._each(value, *(scope.option(fact, one.text.strip()) for one in scalars(value)))

    def _taken(self, scalar: Scalar) -> Iterator[Occurrence]:
        document, _, name = scalar.text.strip().partition(".")
        yield from self.said(scalar, self.others.find("document", document), document)
        given = tuple(one for one in self.others.main(name, "parameter") if one.document == document)
        yield from self.said(scalar, given, name, len(document) + 1)

    def _target(self, part: bool, key: Scalar, own: bool) -> Iterator[Occurrence]:
        """`cause.condition`, `term.part`, `all.condition`: what stands behind the dot is declared there (`own`)."""
        first, _, second = key.text.partition(".")
        yield from self.said(key, self.scope.main(first, "term" if part else "cause"), first)
        if not own:
            yield from self.said(key, self.scope.condition(first, second), second, len(first) + 1)

    def _dotted(self, scalar: Scalar) -> Iterator[Occurrence]:
        """`cause.condition`, `all.condition`, `requirements.id`."""
        first, _, second = scalar.text.strip().partition(".")
        yield from self.said(scalar, self.scope.main(first, "cause"), first)
        yield from self.said(scalar, self.scope.condition(first, second), second, len(first) + 1)

    def _repealed(self, scalar: Scalar) -> Iterator[Occurrence]:
        kind, _, id_ = scalar.text.strip().partition(".")
        if kind in ELEMENTS and kind != "requirements":
            scope = self.scope
            things = scope.main(id_) or tuple(
                one for one in scope.things if (one.kind, one.id) == (ELEMENTS[kind], id_)
            )
            yield from self.said(scalar, tuple(one for one in things if one.kind == ELEMENTS[kind]), id_, len(kind) + 1)
        else:
            yield from self._dotted(scalar)

    def _local(self, rest: Keys, key: Scalar | None, value: Tree) -> Iterator[Occurrence]:
        scope = self.scope
        match rest:
            case ("set", str(id_)) if key is not None:
                yield from self.said(key, scope.main(id_, "parameter", "list", "reading"))
            case ("set", str(id_), "options"):
                yield from self._each(value, *(scope.find("option", one.text, id_) for one in scalars(value)))
            case ("add", "parts", str(id_)) | ("replace", "terms", str(id_)) if key is not None:
                things = tuple(one for one in scope.things if (one.kind, one.id) == ("term", id_))
                yield from self.said(key, things)
            case ("add", str(), "to" | "must_use"):
                for one in scalars(value):
                    yield from self._dotted(one)
