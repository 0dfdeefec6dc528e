"""What policies declare, and the places where they do and where they speak of it.

Out: `Thing`, one declaration of one document, and `Occurrence`, one place in one file.
Imports the tree and the ground floor.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import field
from pathlib import Path
from typing import Literal, TypeAlias

from engine.records import dataclass
from engine.source import Span
from engine.tree import Mapping, Scalar, Sequence, Tree

Kind: TypeAlias = Literal[
    "document",
    "fact",
    "collection",
    "term",
    "parameter",
    "reading",
    "list",
    "cause",
    "condition",
    "requirement",
    "exemption",
    "check",
    "output",
    "referral",
    "part",
    "option",
    "state",
    "assumption",
    "county",
    "table",
    "column",
    "base",
    "case",
]
Step: TypeAlias = str | int
Keys: TypeAlias = tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Thing:
    """Something that a document declares.

    Attributes:
        document: the id of the policy document; of a table, a column, a base or a case the file's path.
        owner: what it is inside of: the collection of a fact or term of items (as written), the cause of a condition,
            the term of a part, what an option is of (`members.stage`); "" for the household and for what stands alone.
        name: what it may be called beside its id: its `name`, its label where that is a word, the label of an option.
        path: of the file.
        id: as declared; an assumption has none and is called by its place, `assumptions[2]`.
        key: where its id stands; of an assumption its text.
        name_at: where the name is written; None where it has none.
        whole: all that is said of it there.
        value: what stands behind the key.
    """

    kind: Kind
    document: str
    owner: str
    id: str
    name: str = field(compare=False)
    path: Path = field(compare=False, repr=False)
    key: Span = field(compare=False, repr=False)
    name_at: Span | None = field(default=None, compare=False, repr=False)
    whole: Span | None = field(default=None, compare=False, repr=False)
    value: Tree | None = field(default=None, compare=False, repr=False)

    @property
    def label(self) -> str:
        """What it is called for people."""
        return self.text("text" if self.kind == "assumption" else "label") or self.name

    def says(self, key: str) -> Tree | None:
        """What the declaration states under a key."""
        return self.value.get(key) if isinstance(self.value, Mapping) else None

    def text(self, key: str) -> str:
        held = self.says(key)
        return held.text.strip() if isinstance(held, Scalar) else ""


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A place where things are declared or spoken of.

    Attributes:
        span: of the word.
        text: the word as it is read, whatever quotes hide of it.
        things: all that it may mean; `all.assets` speaks of the condition of every cause.
        declares: whether it is the declaration's own id or name.
        sure: not where it stands in an expression that cannot be parsed.
    """

    path: Path
    span: Span
    text: str
    things: tuple[Thing, ...]
    declares: bool = False
    sure: bool = True

    @property
    def is_plain(self) -> bool:
        """Whether the word stands in the file as it is read."""
        return self.span.text == self.text


def entries(tree: Tree, path: Keys = ()) -> Iterator[tuple[Keys, Scalar | None, Tree]]:
    """Every value inside a tree with its path and key, what is outside before what is inside."""
    match tree:
        case Scalar():
            return
        case Mapping(entries=held):
            for key, value in held:
                yield (*path, key.text), key, value
                yield from entries(value, (*path, key.text))
        case Sequence(items=items):
            for at, item in enumerate(items):
                yield (*path, at), None, item
                yield from entries(item, (*path, at))


def piece(scalar: Scalar, start: int, text: str) -> Span:
    """Where a part of a scalar's text stands; the whole of it where quotes hide that."""
    if scalar.span.text != scalar.text:
        return scalar.span
    return scalar.span.at(start, start + len(text))


def scalars(tree: Tree | None) -> tuple[Scalar, ...]:
    """A text, or those of a list."""
    match tree:
        case Scalar():
            return (tree,)
        case Sequence(items=items):
            return tuple(item for item in items if isinstance(item, Scalar))
    return ()
