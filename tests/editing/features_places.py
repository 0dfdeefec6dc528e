"""Where things are declared and spoken of, as functions to text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache

from engine.editing.definition import define
from engine.editing.folding import folds
from engine.editing.hints import hints
from engine.editing.occurrences import Index
from engine.editing.references import references
from engine.editing.refused import Refused
from engine.editing.rename import Renaming, rename
from engine.editing.symbols import Symbol, outline, workspace_symbols
from engine.editing.tokens import tokens
from engine.editing.workspace import File, Snapshot
from engine.source import Span
from tests.editing.golden_texts import Asked, Feature

DAY = date(2024, 9, 1)
"""on which values are in force"""


@lru_cache(maxsize=4)
def index_of(snapshot: Snapshot) -> Index:
    return Index(snapshot)


def _index(asked: Asked) -> Index:
    return index_of(asked.snapshot)


def _line(span: Span) -> str:
    return f"{span.line_place}:{span.column}: {span.source.line_text(span.line).strip()}"


def _shown(lines: Iterable[str], most: int = 40) -> str:
    held = list(lines)
    more = [f"… {len(held) - most} more"] if len(held) > most else []
    return "\n".join([*held[:most], *more]) or "nothing"


def _definition(asked: Asked) -> str:
    found = define(_index(asked), asked.file, asked.offset, DAY)
    return _shown(f"{one.what} {_line(one.span)}" for one in found)


def _references(asked: Asked) -> str:
    found = references(_index(asked), asked.file, asked.offset)
    return _shown(f"{'declared ' if one.declares else ''}{_line(one.span)}" for one in found)


@lru_cache(maxsize=4)
def _renamed(snapshot: Snapshot, file: File, offset: int, new: str) -> Renaming | Refused:
    """Once for both languages."""
    return rename(index_of(snapshot), file, offset, new)


def _rename(asked: Asked) -> str:
    found = _renamed(asked.snapshot, asked.file, asked.offset, asked.given["to"])
    if isinstance(found, Refused):
        return f"refused: {found.said(asked.language)}"
    return _shown(f"{one.span.line_place}:{one.span.column}: `{one.span.text}` → `{one.text}`" for one in found.edits)


def _symbols(asked: Asked) -> str:
    index = _index(asked)
    if "query" in asked.given:
        found = workspace_symbols(index, asked.given["query"])
        return _shown((f"{one.kind} {one.id} {one.label} ({one.holder})" for one in found), 12)
    return _shown(_nested(outline(index, asked.file), 0))


def _nested(symbols: Iterable[Symbol], deep: int) -> Iterable[str]:
    for one in symbols:
        yield f"{'  ' * deep}{one.kind} {one.id} {one.label} {one.whole.line}-{_last(one.whole)}".rstrip()
        yield from _nested(one.inside, deep + 1)


def _last(span: Span) -> int:
    return span.source.position(span.start + len(span.text.rstrip()))[0]


def _folding(asked: Asked) -> str:
    return _shown(f"{one.first}-{one.last}{' comment' * (one.kind == 'comment')}" for one in folds(asked.file))


def _hints(asked: Asked) -> str:
    """The lines that have hints, with them in ⟨⟩."""
    text = asked.file.source.text
    marked, last = [], 0
    for one in hints(_index(asked), asked.file, DAY, asked.language):
        marked += [text[last : one.offset], f"⟨{one.text}⟩"]
        last = one.offset
    lines = "".join([*marked, text[last:]]).split("\n")
    return _shown(line.strip() for line in lines if "⟨" in line)


def _tokens(asked: Asked) -> str:
    """Those of the line of the cursor."""
    source = asked.file.source
    line = source.position(asked.offset)[0]
    found = (one for one in tokens(_index(asked), asked.file) if one.span.line == line)
    return _shown(f"{one.span.text} {one.look}{' declared' * one.declares}" for one in found)


PLACES: Mapping[str, Feature] = {
    "definition": _definition,
    "references": _references,
    "rename": _rename,
    "symbols": _symbols,
    "folding": _folding,
    "hints": _hints,
    "tokens": _tokens,
}
