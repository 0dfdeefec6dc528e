"""What the words of expressions are: names by kind, words of the language, numbers, units, days, texts.

In: an `Index` and a file.  Out: `Token`s in order, none of which meets another. Names outside of expressions that speak
of something declared are among them.
Imports occurrences, structure, things, workspace, language (words, units) and the ground floor.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Literal, TypeAlias

from engine.editing.occurrences import Index
from engine.editing.structure import schema_at
from engine.editing.things import Kind, entries
from engine.editing.workspace import File
from engine.language.units import all_words
from engine.language.words import WORDS, fold
from engine.records import dataclass
from engine.source import Span, UnitWords
from engine.tree import Scalar

Look: TypeAlias = Literal[
    "fact", "collection", "term", "parameter", "reading", "list", "cause", "condition", "option", "other",
    "word", "function", "operator", "number", "unit", "date", "text", "unknown",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Token:
    """`unknown` is a name that nothing declares; `declares` marks a declaration's own word."""

    span: Span
    look: Look
    declares: bool = False


_OF: dict[Kind, Look] = {
    "fact": "fact", "collection": "collection", "term": "term", "parameter": "parameter", "reading": "reading",
    "list": "list", "cause": "cause", "condition": "condition", "requirement": "condition", "option": "option",
    "county": "option",
}  # fmt: skip


def tokens(index: Index, file: File) -> tuple[Token, ...]:
    named = {
        one.span: Token(one.span, _OF.get(one.things[0].kind, "other"), one.declares)
        for one in index.of(file)
        if one.things[0].kind != "assumption"  # a sentence is no name
    }
    by_start = {span.start: token for span, token in named.items()}
    found = list(named.values())
    if file.kind != "table":
        for path, _, value in entries(file.tree):
            if isinstance(value, Scalar) and value.span.text and schema_at(file.kind, path).expression:
                found.extend(one for one in _lexed(value.span) if one.span.start not in by_start)
    return tuple(_apart(sorted(found, key=lambda one: (one.span.start, one.span.end))))


def _apart(found: list[Token]) -> Iterator[Token]:
    """Each as it stands; one that begins inside the one before is left out."""
    end = -1
    for one in found:
        if one.span.start >= end and one.span.end > one.span.start:
            yield one
            end = one.span.end


# ---- expressions


def _lexed(span: Span) -> Iterator[Token]:
    text = fold(span.text)
    for found in _pattern(span.source.units).finditer(text):
        look = found.lastgroup
        start, end = found.span()
        match look:
            case "number":
                digits = re.match(r"[0-9.]+%?", found[0])
                middle = start + len(digits[0]) if digits is not None else end
                yield Token(span.at(start, middle), "number")
                unit = found[0][middle - start :].lstrip()
                if unit:
                    yield Token(span.at(end - len(unit), end), "unit")
            case "date" | "text" | "word" | "function" | "operator":
                yield Token(span.at(start, end), look)
            case _:
                yield Token(span.at(start, end), "unknown")


@cache
def _pattern(units: UnitWords) -> re.Pattern[str]:
    words = [each for one in WORDS.values() for each in (*one.zh, *one.en) if one.role not in ("function", "key")]
    functions = [each for one in WORDS.values() for each in (*one.zh, *one.en) if one.role == "function"]
    unit = "|".join(map(re.escape, all_words(units)))
    return re.compile(
        r"(?P<date>[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?!\w))"
        rf"|(?P<number>[0-9]+(?:\.[0-9]+)?(?:%| ?(?:{unit})(?:[/·](?:{unit}))*)?(?!\w))"
        r'|(?P<text>"[^"\n]*"|“[^”\n]*”)'
        rf"|(?P<function>(?:{_any(functions)})(?=\s*\())"
        rf"|(?P<word>(?:{_any(words)})(?!\w)|(?<=\[)(?:于|on)(?=\s))"
        r"|(?P<operator>[<>=!≤≥≠]+|[-+*/])"
        r"|(?P<name>[^\W\d]\w*)"
    )


def _any(words: list[str]) -> str:
    return "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in sorted(words, key=len, reverse=True))
