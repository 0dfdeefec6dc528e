"""Places of diagnostics as other tools count them, and fingerprints that outlive a line moved.

In: spans and diagnostics.  Out: lines and columns from 1, in UTF-16 code units as SARIF and editors count; hashes.
Imports the ground floor.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from hashlib import sha256

from engine.diagnostics import Diagnostic
from engine.records import dataclass
from engine.source import Source, Span


@dataclass(frozen=True, slots=True)
class Region:
    """From the first character to the one after the last."""

    line: int
    column: int
    end_line: int
    end_column: int


def region_of(span: Span) -> Region:
    """Where the text of the span stands; a block ends behind its last word, not in front of what follows it."""
    return exact_region(Span(span.source, span.start, span.start + len(span.text.rstrip())))


def exact_region(span: Span) -> Region:
    line, column = _position(span.source, span.start)
    end_line, end_column = _position(span.source, max(span.start, span.end))
    return Region(line, column, end_line, end_column)


def _position(source: Source, offset: int) -> tuple[int, int]:
    line, column = source.position(offset)
    before = source.text[offset - column + 1 : offset]
    return line, len(before.encode("utf-16-le", "surrogatepass")) // 2 + 1


def fingerprints(diagnostics: Sequence[Diagnostic]) -> list[str]:
    """One for each, all different: the same for the same fault after lines were added above it.

    Made of the code, the file, the text pointed at and its line without its spaces, and of how many the same there are
    before it. Neither line numbers nor the wording take part, nor what a message says of a day.
    """
    seen: Counter[tuple[str, ...]] = Counter()
    made = []
    for found in diagnostics:
        key = _key(found)
        made.append(sha256("\0".join((*key, str(seen[key]))).encode("utf-8", "surrogatepass")).hexdigest()[:32])
        seen[key] += 1
    return made


def _key(found: Diagnostic) -> tuple[str, ...]:
    span = found.span
    if span is None:
        return found.code, found.path
    stretch, line = span.text.partition("\n")[0], span.source.line_text(span.line)
    return found.code, span.source.name, *("".join(text.split()) for text in (stretch, line))
