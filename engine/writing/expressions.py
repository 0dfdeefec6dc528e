"""An expression set as the language reference sets it, its names and its lines left as they are.

In: the stretch of a file that holds an expression, and the language of the file's word operators.
Out: edits inside that stretch: one space around operators, none inside brackets, ASCII signs for full-width ones,
a space between a number and its unit. Comparison signs stay signs and comparison words stay words; function names stay
as the author chose them, as other names do. Line breaks and the indentation after them are kept.
What cannot be parsed is left alone, and so is what would not mean the same afterwards.
Imports lexemes, language and the ground floor.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import lru_cache

from engine.diagnostics import Reporter
from engine.fixes import TextEdit, apply_edits
from engine.language.ast import Expression
from engine.language.parser import parse_expression
from engine.language.words import Language
from engine.source import Source, Span, UnitWords
from engine.writing.lexemes import Lexeme, lexemes

_SIGN_FORMS = {"≤": "<=", "≥": ">=", "≠": "!=", "<>": "!=", "==": "="}
_CONVERTED = ("binary", "prefix", "link", "compare")
"""roles of the words that follow the file's language"""


def prevailing_language(expressions: Iterable[Span]) -> Language | None:
    """The language of most word operators; None where there are none, or as many of the one as of the other."""
    counts: Counter[Language] = Counter()
    for span in expressions:
        for lexeme in lexemes(span.text, span.source.units) or ():
            if _in_both(lexeme):
                counts["en" if lexeme.text.isascii() else "zh"] += 1
    if counts["zh"] == counts["en"]:
        return None
    return "zh" if counts["zh"] > counts["en"] else "en"


def _in_both(lexeme: Lexeme) -> bool:
    """Whether it is a word operator that both languages have."""
    word = lexeme.word
    return lexeme.kind == "word" and word is not None and word.role in _CONVERTED and bool(word.zh and word.en)


def expression_edits(span: Span, language: Language | None) -> tuple[TextEdit, ...]:
    """The edits that set one expression; none where it is set already."""
    before = parsed(span.text, span.source.units)
    found = lexemes(span.text, span.source.units)
    if before is None or not found:
        return ()
    edits = tuple(_edits(span, found, language))
    own = tuple(TextEdit(Span(span.source, e.span.start - span.start, e.span.end - span.start), e.text) for e in edits)
    return edits if parsed(apply_edits(span.text, own), span.source.units) == before else ()


@lru_cache(maxsize=1024)
def parsed(text: str, units: UnitWords = ()) -> Expression | None:
    """The tree of an expression's text; None where it has faults."""
    return parse_expression(Span(Source("<expression>", text, units), 0, len(text)), Reporter())


def _edits(span: Span, found: tuple[Lexeme, ...], language: Language | None) -> Iterator[TextEdit]:
    text = span.text
    before: Lexeme | None = None
    unary = False
    for lexeme in found:
        if before is not None:
            gap = text[before.end : lexeme.start]
            wanted = _gap(gap, before, unary, lexeme)
            if wanted != gap:
                yield TextEdit(span.at(before.end, lexeme.start), wanted)
        written = _written(lexeme, language)
        if written != text[lexeme.start : lexeme.end]:
            yield TextEdit(span.at(lexeme.start, lexeme.end), written)
        unary = lexeme.text == "-" and (before is None or not _is_value_end(before))
        before = lexeme


def _written(lexeme: Lexeme, language: Language | None) -> str:
    if lexeme.kind == "number":
        return re.sub(r"(?<=[0-9]) ?(?=[^\W\d_])", " ", lexeme.text, count=1)
    if lexeme.kind == "sign":
        return _SIGN_FORMS.get(lexeme.text, lexeme.text)
    if language is not None and lexeme.word is not None and _in_both(lexeme):
        spellings = lexeme.word.zh if language == "zh" else lexeme.word.en
        own = " ".join(lexeme.text.split())
        return own if own in spellings else lexeme.word.spelled(language)
    return lexeme.text


def _is_value_end(lexeme: Lexeme) -> bool:
    """Whether a value may end here, so that a minus after it subtracts."""
    if lexeme.kind == "word":
        return lexeme.word is not None and lexeme.word.role == "value"
    return lexeme.kind in ("name", "number", "literal") or lexeme.text in (")", "]")


def _gap(gap: str, before: Lexeme, unary: bool, after: Lexeme) -> str:
    """What stands between two lexemes; `unary`: the first is a sign of what follows."""
    if "\n" in gap:
        first, *between, last = gap.split("\n")
        del first
        return "\n".join(["", *("" for _ in between), last])
    if unary or before.text in ("(", "[", ".") or after.text in (")", "]", ",", "."):
        return ""
    if (after.text == "(" and before.kind == "function") or (after.text == "[" and before.kind == "name"):
        return ""
    return " "
