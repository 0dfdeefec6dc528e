"""Characters that are not what they look like: in ids, names, labels, expressions, comments, and in tables.

In: a file's text.  Out: `bidi-character`, `invisible-character`, `confusable-character`, each at its first place.
Full-width digits and signs, and Greek letters as in names of diseases, are ordinary here.
Imports the ground floor.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from itertools import chain

from engine.diagnostics import Diagnostic, Reporter
from engine.gathered import gathered
from engine.policy.hygiene.lookalikes import LOOKS_LATIN
from engine.source import Source, Span

_BIDI = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_INVISIBLE = (
    "\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200d\u2028\u2029\u2060-\u2065\u206a-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e0fff"
)
_ODD_SPACES = "\u00a0\u1680\u2000-\u200a\u202f\u205f"
_RADICALS = "\u2e80-\u2fdf\uf900-\ufaff\U0002f800-\U0002fa1f"
_HIDDEN = re.compile(f"[{_BIDI}]|[{_INVISIBLE}]|[{_ODD_SPACES}]|[{_RADICALS}]")
_BIDI_ONLY = re.compile(f"[{_BIDI}]")
_RADICAL_ONLY = re.compile(f"[{_RADICALS}]")

_FOREIGN = re.compile("[\u0370-\u052f]")
_WORD = re.compile("[A-Za-z0-9_\u0370-\u052f]+")


def check_characters(source: Source, report: Reporter, known: Iterable[Diagnostic] = ()) -> None:
    """Every such character of a file once, with the number of times it stands there.

    Args:
        known: what was found before: a character that makes a fault is not told a second time.
    """
    text = source.text
    if text.isascii():
        return
    places = chain((found.start() for found in _HIDDEN.finditer(text)), _lookalikes(text))
    for char, offsets in gathered((text[place], place) for place in places).items():
        code, more = f"U+{ord(char):04X}", str(len(offsets)) if len(offsets) > 1 else ""
        spans = [each.span for each in known if each.span is not None and each.span.source is source]
        if any(span.start <= offsets[0] < span.end and span.text.strip(char) == "" for span in spans):
            continue
        span = Span(source, offsets[0], offsets[0] + 1)
        if _BIDI_ONLY.match(char):
            report.tell("bidi-character", span, character=code, more=more)
        elif char in LOOKS_LATIN or _RADICAL_ONLY.match(char):
            report.tell("confusable-character", span, written=char, meant=_meant(char), character=code, more=more)
        else:
            report.tell("invisible-character", span, character=code, more=more)


def _lookalikes(text: str) -> Iterator[int]:
    """Cyrillic and Greek letters that look Latin, in a word with Latin ones or in a word of nothing else."""
    for found in _WORD.finditer(text) if _FOREIGN.search(text) else ():
        word = found[0]
        alike = [number for number, char in enumerate(word) if char in LOOKS_LATIN]
        letters = [char for char in word if char.isalpha()]
        mixed = any(char.isascii() for char in letters)
        if mixed or (len(letters) > 1 and all(char in LOOKS_LATIN for char in letters)):
            yield from (found.start() + number for number in alike)


def _meant(char: str) -> str:
    """The ordinary character that it looks like, where that is known."""
    plain = LOOKS_LATIN.get(char) or unicodedata.normalize("NFKC", char)
    return "" if plain == char else plain
