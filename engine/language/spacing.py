"""Words run together: a name that nobody declared, taken apart into declared names and word operators.

`家庭收入低于标准` is one unknown name; the author is offered `家庭收入 低于 标准`. Only an offer: the lexer itself
never splits, or a city could change how the province parses.
Imports words and units.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

from engine.language.units import all_words
from engine.language.words import WORDS
from engine.source import UnitWords

_INFIX = {
    spelling
    for word in WORDS.values()
    if word.role in ("compare", "binary", "link")
    for spelling in word.zh + word.en
    if " " not in spelling
}
_PREFIX = {spelling for word in WORDS.values() if word.role == "prefix" for spelling in word.zh + word.en}
_VALUES = {spelling for word in WORDS.values() if word.role == "value" for spelling in word.zh + word.en}
_LONGEST = 64


@cache
def _number(units: UnitWords) -> re.Pattern[str]:
    return re.compile(r"(?:0|[1-9][0-9]*)(" + "|".join(all_words(units)) + r")?")


def spaced(text: str, is_name: Callable[[str], bool] | None, units: UnitWords = ()) -> str:
    """The text with spaces put in, or "" where it does not split into names, numbers and at least one operator.

    Where no name is known it is split at a word it begins with (`或有负债` gives `或 有负债`).
    """
    if len(text) > 256:
        return ""
    if is_name is None:
        return _leading_word(text)
    # best[i, operand]: fewest pieces for text[:i], `operand` telling whether the last piece is a value
    best: dict[tuple[int, bool], tuple[str, ...]] = {(0, False): ()}
    for start in range(len(text)):
        for after_operand in (False, True):
            pieces = best.get((start, after_operand))
            if pieces is None:
                continue
            for end, piece, is_operand in _pieces(text, start, after_operand, is_name, units):
                state = (end, is_operand)
                if state not in best or len(best[state]) > len(pieces) + 1:
                    best[state] = (*pieces, piece)
    found = best.get((len(text), True), ())
    return " ".join(found) if len(found) > 1 else ""


def _pieces(
    text: str, start: int, after_operand: bool, is_name: Callable[[str], bool], units: UnitWords
) -> list[tuple[int, str, bool]]:
    """What may come next: (its end, how it is written, whether it is a value)."""
    found: list[tuple[int, str, bool]] = []
    words = _INFIX if after_operand else _PREFIX
    for end in range(start + 1, min(len(text), start + _LONGEST) + 1):
        piece = text[start:end]
        if _splits_ascii(text, start, end):
            continue
        if piece in words:
            found.append((end, piece, False))
        elif not after_operand and (piece in _VALUES or is_name(piece)):
            found.append((end, piece, True))
    number = None if after_operand else _number(units).match(text, start)
    if number and not _splits_ascii(text, start, number.end()):
        unit = number[1] or ""
        digits = number[0][: len(number[0]) - len(unit)]
        found.append((number.end(), f"{digits} {unit}".rstrip(), True))
    return found


def _splits_ascii(text: str, start: int, end: int) -> bool:
    """Whether the cut goes through an ASCII word, which is never several."""
    return (start > 0 and _ascii(text[start - 1]) and _ascii(text[start])) or (
        end < len(text) and _ascii(text[end - 1]) and _ascii(text[end])
    )


def _ascii(char: str) -> bool:
    return char.isascii() and (char.isalnum() or char == "_")


def _leading_word(text: str) -> str:
    words = sorted(_INFIX | _PREFIX, key=lambda word: (-len(word), word))
    for word in words:
        if text.startswith(word) and len(text) > len(word) and not _splits_ascii(text, 0, len(word)):
            return f"{word} {text[len(word) :]}"
    return ""
