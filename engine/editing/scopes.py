"""What a word may mean in a document: all that the documents of its line declare, by id and by name.

In: the `Thing`s of a line.  Out: a `Scope` that finds them. Two that share a name are both found: whoever must know
which one is meant sees that nobody can tell.
Imports things and policy (cells).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeAlias

from engine.editing.things import Kind, Thing, scalars
from engine.policy.cells import squeezed

Things: TypeAlias = tuple[Thing, ...]

MAIN: tuple[Kind, ...] = ("fact", "term", "collection", "parameter", "reading", "cause", "list")
"""kinds that share one namespace: those of the household by themselves, those of items in their collection"""


class Scope:
    """Attributes:
    things: all of them, in the order of the line.
    """

    def __init__(self, things: Iterable[Thing]) -> None:
        self.things = tuple(things)
        self._collections: dict[str, str] = {}
        for thing in self.things:
            if thing.kind == "collection":
                self._collections.update(dict.fromkeys(words(thing), thing.id))
        self._found: dict[tuple[str, str, str], dict[Thing, None]] = {}
        for thing in self.things:
            group, owner = self.space(thing)
            said = words(thing)
            for word in (*said, *map(squeezed, said)) if thing.kind == "option" else said:
                self._found.setdefault((group, owner, word), {})[thing] = None

    def space(self, thing: Thing) -> tuple[str, str]:
        """The namespace in which its words stand."""
        if thing.kind in MAIN:
            return "main", self.collection(thing.owner)
        if thing.kind == "option":
            owner, dot, id_ = thing.owner.rpartition(".")
            return "option", f"{self.collection(owner)}{dot}{id_}"
        return thing.kind, thing.owner

    def collection(self, text: str) -> str:
        """The id of a collection that is named by id or by name; the text itself where there is none."""
        return self._collections.get(text, text)

    def path(self, thing: Thing) -> str:
        """`residence`, `members.stage`."""
        owner = self.collection(thing.owner)
        return f"{owner}.{thing.id}" if owner else thing.id

    # ---- finding

    def find(self, kind: Kind, text: str, owner: str = "") -> Things:
        return tuple(self._found.get((kind, owner, text), ()))

    def in_space(self, group: str, owner: str, text: str) -> Things:
        return tuple(self._found.get((group, owner, text), ()))

    def main(self, text: str, *kinds: Kind) -> Things:
        """What stands in the household's namespace."""
        return tuple(one for one in self._found.get(("main", "", text), ()) if not kinds or one.kind in kinds)

    def field(self, collection: str, text: str) -> Things:
        """A fact or term of the items of a collection."""
        return tuple(self._found.get(("main", collection, text), ())) if collection else ()

    def option(self, holder: Thing | None, text: str) -> Things:
        return () if holder is None else self.find("option", text, self.path(holder))

    def condition(self, cause: str, text: str) -> Things:
        """A condition of a cause, what is added to every cause included; of `all`, in every cause."""
        if cause == "requirements":
            return self.find("requirement", text)
        if cause == "all":
            return tuple(one for one in self.things if one.kind == "condition" and text in words(one))
        return self.find("condition", text, cause) or self.find("condition", text, "all")

    def key(self, text: str) -> tuple[Things, Things]:
        """What a parameter is keyed by, and the collection where it is of items: `county`, `members.stage`."""
        owner, dot, name = text.rpartition(".")
        if not dot:
            return self.main(text, "fact", "term"), ()
        return self.field(self.collection(owner), name), self.main(owner, "collection")

    def keys_of(self, parameter: Thing) -> list[Thing | None]:
        """What the keys of a parameter are, in their order."""
        return [next(iter(self.key(item.text)[0]), None) for item in scalars(parameter.says("by"))]

    def columns_of(self, listed: Thing) -> list[Thing | None]:
        """The facts whose values the places of a list's rows hold."""
        return [next(iter(self.any_fact(item.text)), None) for item in scalars(listed.says("of"))]

    def any_fact(self, text: str) -> Things:
        """A fact of the household or of any items."""
        facts = (*self.main(text, "fact"), *(one for each in self.collections() for one in self.field(each, text)))
        return tuple(one for one in facts if one.kind == "fact")

    def all_words(self, kinds: Iterable[str]) -> Iterator[tuple[str, str, str]]:
        """The words of things of some kinds, each with its namespace."""
        wanted = frozenset(kinds)
        return (key for key, things in self._found.items() if any(one.kind in wanted for one in things))

    def collections(self) -> Iterator[str]:
        yield from dict.fromkeys(self._collections.values())


def words(thing: Thing) -> tuple[str, ...]:
    """What a thing may be called."""
    return tuple(dict.fromkeys(filter(None, (thing.id, thing.name))))


def is_place(thing: Thing | None) -> bool:
    """Whether its values are places."""
    return thing is not None and thing.says("place") is not None
