"""When two ids mean the same person or thing, however they were typed.

In: an id.  Out: what is left of it once the ways of typing are taken out: blanks and invisible characters, full and
half width, capital and small letters, composed and decomposed forms, digits of other scripts, kinds of dashes, and
letters that only look Latin (`Х`, `×` at the end of an identity number). Two ids that leave the same are one person:
to count one person twice changes an income per head, so the household is refused and the clerk asked.
Imports policy (the table of lookalikes).
"""

from __future__ import annotations

import unicodedata
from typing import Final

from engine.policy.hygiene.lookalikes import LOOKS_LATIN

_DASHES: Final = dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-")
_CROSSES: Final = dict.fromkeys("\u00d7\u2715\u2716\u2a2f", "x")
_ALIKE: Final = {**LOOKS_LATIN, **_DASHES, **_CROSSES}
_PLAIN: Final = str.maketrans({alike.casefold(): plain.casefold() for alike, plain in _ALIKE.items()})
# what fills a place and is not seen, although Unicode calls it a letter, a mark or a symbol
_FILLERS: Final = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0") | {
    chr(code) for code in (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))
}
_UNSEEN: Final = ("Cc", "Cf", "Zs", "Zl", "Zp")


def same_id(text: str) -> str:
    """What an id is compared by; empty where nothing of it can be seen."""
    if text.isascii() and text.isprintable():
        return "".join(text.split()).casefold()
    while (plain := _once(text)) != text:  # folding can bring out what folds again: `㍲`, `ﬀ`, `İ`
        text = plain
    return plain


def _once(text: str) -> str:
    seen = "".join(char for char in unicodedata.normalize("NFKC", text) if not _is_unseen(char))
    alike = seen.casefold().translate(_PLAIN)
    digits = "".join(str(unicodedata.decimal(char, char)) for char in alike)
    return unicodedata.normalize("NFKC", digits)


def as_written(text: str) -> str:
    """The id with what cannot be seen, or not be told from something else, shown by its code."""
    return "".join(f"\\u{ord(char):04x}" if _is_deceptive(char) else char for char in text)


def _is_deceptive(char: str) -> bool:
    if char.isascii():
        return not char.isprintable()
    return not char.isprintable() or char in _ALIKE or _is_unseen(char) or unicodedata.category(char)[0] == "M"


def _is_unseen(char: str) -> bool:
    return unicodedata.category(char) in _UNSEEN or char in _FILLERS
