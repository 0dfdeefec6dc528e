"""The words and signs of an expression, as they stand in the file.

In: the text of an expression that can be parsed.  Out: `Lexeme`s with their offsets, or None where the text holds
something that is none. Only `fmt` reads an expression so, to move its spaces; whatever it writes is parsed again and
must mean the same, so that this module may not be wrong in silence.
Imports language (the words and units).
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final, Literal, TypeAlias

from engine.language.units import all_words
from engine.language.words import WORDS, Word, fold
from engine.records import dataclass
from engine.source import UnitWords

Kind: TypeAlias = Literal["name", "word", "function", "number", "literal", "sign"]


@cache
def _token(units: UnitWords) -> re.Pattern[str]:
    unit = "(?:" + "|".join(re.escape(word) for word in all_words(units)) + ")"
    return re.compile(
        r"(?P<text>\"[^\"\n]*\"|“[^”\n]*”)"
        r"|(?P<date>[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?!\w))"
        rf"|(?P<number>(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:%| ?{unit}(?:[/·]{unit})*)?(?!\w|\.[0-9]))"
        r"|(?P<word>not\s+in(?!\w)|[^\W\d]\w*)"
        r"|(?P<sign><=|>=|==|!=|<>|[-+*/(),.\[\]<>=≤≥≠])"
    )


_BLANK: Final = re.compile(r"\s+")
_SPELLED: Final[dict[str, Word]] = {spelling: word for word in WORDS.values() for spelling in (*word.zh, *word.en)}


@dataclass(frozen=True, slots=True)
class Lexeme:
    """`text` is folded to ASCII signs, but for the inside of a text literal; `word` is set for words and functions."""

    kind: Kind
    start: int
    end: int
    text: str
    word: Word | None = None


def lexemes(text: str, units: UnitWords = ()) -> tuple[Lexeme, ...] | None:
    folded, token = fold(text), _token(units)
    found: list[Lexeme] = []
    at = 0
    while at < len(folded):
        blank = _BLANK.match(folded, at)
        if blank:
            at = blank.end()
            continue
        match = token.match(folded, at)
        if match is None:
            return None
        found.append(_lexeme(match, text, folded))
        at = match.end()
    return tuple(found)


def _lexeme(match: re.Match[str], text: str, folded: str) -> Lexeme:
    start, end = match.span()
    match match.lastgroup:
        case "text":
            return Lexeme("literal", start, end, text[start:end])
        case "date":
            return Lexeme("literal", start, end, match[0])
        case "number":
            return Lexeme("number", start, end, match[0])
        case "sign":
            return Lexeme("sign", start, end, match[0])
        case _:
            word = _SPELLED.get(" ".join(match[0].split()))
            called = folded[end:].lstrip().startswith("(")
            if word is None or (word.role == "function" and not called):
                return Lexeme("name", start, end, match[0])
            return Lexeme("function" if word.role == "function" else "word", start, end, match[0], word)
