"""A document as a tree of texts with places: what a YAML file says, before anyone says what it means.

In: `policy.yaml_nodes` makes it.  Out: `schema` checks its structure, `policy.build` reads it.
Ground floor; imports `source` only. Every scalar is text; `plain` gives the JSON-like value that a JSON Schema sees.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import field
from decimal import Decimal
from typing import Literal, TypeAlias

from engine.records import dataclass
from engine.source import Span

Style: TypeAlias = Literal["plain", "single", "double", "literal", "folded"]


@dataclass(frozen=True, slots=True)
class Scalar:
    """`span` covers the text itself, without quotes and without a block's indicator line."""

    span: Span = field(compare=False, repr=False)
    text: str
    style: Style = "plain"


@dataclass(frozen=True, slots=True)
class Sequence:
    span: Span = field(compare=False, repr=False)
    items: tuple[Tree, ...]
    flow: bool = False


@dataclass(frozen=True, slots=True)
class Mapping:
    """Entries in the order of writing; keys are unique."""

    span: Span = field(compare=False, repr=False)
    entries: tuple[tuple[Scalar, Tree], ...]
    flow: bool = False
    _places: dict[str, int] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_places", {key.text: at for at, (key, _) in enumerate(self.entries)})

    def get(self, key: str) -> Tree | None:
        at = self._places.get(key)
        return None if at is None else self.entries[at][1]

    def key(self, key: str) -> Scalar | None:
        at = self._places.get(key)
        return None if at is None else self.entries[at][0]


Tree: TypeAlias = Scalar | Sequence | Mapping


def nodes(tree: Tree) -> Iterator[Tree]:
    """The tree and every value in it."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        yield node
        if isinstance(node, Mapping):
            waiting.extend(value for _, value in node.entries)
        elif isinstance(node, Sequence):
            waiting.extend(node.items)


_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?")


def plain(tree: Tree) -> object:
    """The value a JSON Schema sees: `true`, `false`, empty and numbers are read from plain scalars only.

    `yes`, `no`, dates, `0620` and `12:30` stay text. Mapping keys are always text.
    """
    match tree:
        case Scalar(text=text, style="plain"):
            if text in ("", "~", "null"):
                return None
            if text in ("true", "false"):
                return text == "true"
            if _NUMBER.fullmatch(text) and len(text) <= 40:
                return int(text) if text.lstrip("-").isdigit() else Decimal(text)
            return text
        case Scalar(text=text):
            return text
        case Sequence(items=items):
            return [plain(item) for item in items]
        case Mapping(entries=entries):
            return {key.text: plain(value) for key, value in entries}
