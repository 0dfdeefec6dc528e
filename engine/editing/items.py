"""What is offered at a place: one record for all kinds, and the order in which what was typed finds them.

Out: `Item`, what a completion offers; `found`, those that the typed word means, the nearest first.
Imports pinyin, records and source.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, TypeAlias

from engine.editing.pinyin import begins_with, holds, spelled
from engine.records import dataclass
from engine.source import Span

ItemKind: TypeAlias = Literal[
    "key",
    "fact",
    "collection",
    "term",
    "parameter",
    "list",
    "reading",
    "cause",
    "condition",
    "option",
    "unit",
    "word",
    "function",
    "place",
    "value",
    "document",
    "file",
    "column",
]


@dataclass(frozen=True, slots=True)
class Item:
    """Something that may be written at a place.

    Attributes:
        label: what the list shows; `detail` stands beside it, `documentation` (Markdown) where it is looked at.
        insert: what takes the place of `span`.
        caret: where in `insert` the author goes on writing; None for behind it.
        over: how many characters before the caret he writes over: a name that stands for his own.
        spellings: by which it is found besides the label: id, Chinese name.
        group: the first that its place among the others goes by, then `order`: both from 0, the nearest.
    """

    label: str
    insert: str
    span: Span
    kind: ItemKind
    detail: str = ""
    documentation: str = ""
    caret: int | None = None
    spellings: tuple[str, ...] = ()
    group: int = 5
    order: int = 0
    over: int = 0

    @property
    def goes_on(self) -> bool:
        """Whether something is to be chosen right behind it: a value behind its key, an operand, a name."""
        return not self.over and self.insert[: self.caret].endswith((" ", ".", "("))

    @property
    def filter(self) -> str:
        """All that it may be found by, for an editor that goes on by itself where nothing was typed."""
        names = dict.fromkeys((self.label, *self.spellings))
        letters = (spelled(name) for name in names)
        return " ".join(dict.fromkeys((*names, *(one for one in letters if one))))


def found(items: Iterable[Item], typed: str) -> tuple[Item, ...]:
    """Those that a typed word may mean, in order; all of them where nothing is typed.

    A spelling that begins with the word comes before initials that do, and these before a spelling that holds it, by
    itself or by initials.
    """
    ranked = [(rank, item) for item in items if (rank := _rank(item, typed)) is not None]
    ranked.sort(key=lambda one: (one[0], one[1].group, one[1].order))
    return tuple(item for _, item in ranked)


def _rank(item: Item, typed: str) -> int | None:
    if not typed:
        return 0
    word = typed.casefold()
    names = [name.casefold() for name in (item.label, *item.spellings)]
    if any(name.startswith(word) for name in names):
        return 0
    if word.isascii() and any(begins_with(name, word) for name in names if not name.isascii()):
        return 1
    if len(word) == 1 and word.isascii():
        return None
    if any(word in name for name in names):
        return 2
    return 3 if word.isascii() and any(holds(name, word) for name in names if not name.isascii()) else None
