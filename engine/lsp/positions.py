"""Positions as editors count them, and offsets as the engine does: the only place where one becomes the other.

In: a text, and a line and a character (both from 0; a character of an editor is a unit of UTF-16, of which one outside
the basic plane has two).  Out: an offset in characters, and back. A position that is nowhere is taken for the nearest
one before it: behind the end of a line for its end, inside a character for its start.
Lines end as the protocol says: with \\n, \\r\\n or \\r, and with nothing else. Imports the ground floor.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import lru_cache

from engine.source import Source
from engine.utf16 import units_in

_LINE_END = re.compile(r"\r\n|\n|\r")


class Lines:
    """Where the lines of a text begin and end."""

    def __init__(self, text: str) -> None:
        self.text = text
        found = list(_LINE_END.finditer(text))
        self._starts = [0, *(end.end() for end in found)]
        self._ends = [*(end.start() for end in found), len(text)]

    def offset(self, line: int, character: int) -> int:
        if line < 0:
            return 0
        if line >= len(self._starts):
            return len(self.text)
        start, end = self._starts[line], self._ends[line]
        stretch = self.text[start : min(end, start + max(0, character))]
        if stretch.isascii():
            return start + len(stretch)
        units = 0
        for at, char in enumerate(stretch):
            units += units_in(char)
            if units > character:
                return start + at
        return start + len(stretch)

    def position(self, offset: int) -> tuple[int, int]:
        """Line and character."""
        offset = max(0, min(offset, len(self.text)))
        line = bisect_right(self._starts, offset) - 1
        start = self._starts[line]
        return line, units_in(self.text[start : min(offset, self._ends[line])])


@lru_cache(maxsize=256)
def lines_of(source: Source) -> Lines:
    return Lines(source.text)
