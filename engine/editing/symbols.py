"""What a file declares, as an outline; and what all files declare, by a few letters of it.

In: an `Index`.  Out: `Symbol`s: nested as they are declared, or those that a query fits, the best first.
Imports occurrences, pinyin, things, workspace and the ground floor.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from engine.editing.occurrences import Index
from engine.editing.pinyin import initials
from engine.editing.things import Kind, Thing
from engine.editing.workspace import File
from engine.records import dataclass
from engine.source import Span

MOST_SYMBOLS = 200
"""found by one query; who types one letter more sees others"""
_SHOWN: tuple[Kind, ...] = (
    "document", "fact", "collection", "term", "parameter", "reading", "list", "cause", "condition", "requirement",
    "exemption", "check", "output", "referral", "part", "option", "assumption", "base", "case", "county",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Symbol:
    """Attributes:
    id, label: as declared; the label is "" where there is none.
    inside: those declared within it.
    holder: what it is declared within, for people.
    """

    kind: Kind
    id: str
    label: str
    path: Path
    span: Span
    whole: Span
    inside: tuple[Symbol, ...] = ()
    holder: str = ""


def outline(index: Index, file: File) -> tuple[Symbol, ...]:
    """What a file declares, what is inside of what nested; the document itself left out."""
    things = [one for one in index.declared_by(file) if one.kind in _SHOWN and one.kind != "document"]
    things.sort(key=lambda one: (one.key.start, -_whole(one).end))
    return _nested(things)


def _nested(things: list[Thing]) -> tuple[Symbol, ...]:
    found = []
    at = 0
    while at < len(things):
        first = things[at]
        end = _whole(first).end
        after = next((n for n in range(at + 1, len(things)) if things[n].key.start >= end), len(things))
        found.append(_symbol(first, _nested(things[at + 1 : after])))
        at = after
    return tuple(found)


def workspace_symbols(index: Index, query: str) -> tuple[Symbol, ...]:
    """What has an id, a name or a label that the query is part of, or whose beginning it spells in initials of pinyin:
    `jtsr` finds 家庭收入."""
    wanted = query.strip().casefold()
    ranked = []
    for order, thing in enumerate(index.things):
        if thing.kind in _SHOWN and (rank := _rank(thing, wanted)) is not None:
            ranked.append((rank, order, thing))
    ranked.sort(key=lambda one: one[:2])
    return tuple(_symbol(thing) for _, _, thing in ranked[:MOST_SYMBOLS])


def _rank(thing: Thing, wanted: str) -> int | None:
    """The lower the better; None where it does not fit."""
    texts = [text.casefold() for text in (thing.id, thing.name, thing.label) if text]
    if not wanted:
        return 0
    if any(text == wanted for text in texts):
        return 0
    if any(text.startswith(wanted) for text in texts):
        return 1
    if any(wanted in text for text in texts):
        return 2
    return 3 if wanted.isascii() and any(_spells(text, wanted) for text in texts) else None


def _spells(text: str, wanted: str) -> bool:
    """Whether the letters are the initials of characters that stand side by side."""
    letters = initials(text)
    starts = range(len(letters) - len(wanted) + 1)
    return any(all(one in letters[at + n] for n, one in enumerate(wanted)) for at in starts)


def _symbol(thing: Thing, inside: Iterable[Symbol] = ()) -> Symbol:
    label = "" if thing.label == thing.id else thing.label
    owner = "" if thing.kind in ("base", "county") else thing.owner
    holder = f"{thing.document}: {owner}" if owner and owner != thing.document else thing.document
    return Symbol(thing.kind, thing.id, label, thing.path, thing.key, _whole(thing), tuple(inside), holder)


def _whole(thing: Thing) -> Span:
    return thing.key if thing.whole is None else thing.whole
