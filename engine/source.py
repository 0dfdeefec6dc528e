"""Where a piece of text comes from: a file's text and a stretch of it.

In: the text of a policy file as it was read.  Out: `Source` and `Span`, which every node carries.
Imports nothing of the engine.

Lines and columns count from 1; a column counts characters, not bytes and not display cells
(the renderer widens Chinese characters itself, with `display_width`).
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from functools import cached_property
from typing import Final, TypeAlias

from engine.records import dataclass

UnitWords: TypeAlias = tuple[tuple[str, int | None], ...]
"""units that a policy declares beside those of the language: each word with the digits after its point (澳元, 2), or
None where it is counted in whole numbers (课时)"""


class Source:
    """One text, named as a reader would name it (a path below the policy folder, or `<expression>`).

    Attributes:
        units: what the policy declares that the text belongs to. Where it comes to belong to one that declares others
            it is read anew, into another source: nodes are shared between threads, and keep their meaning.
    """

    def __init__(self, name: str, text: str, units: UnitWords = ()) -> None:
        self.name: Final = name
        self.text: Final = text
        self.units: Final = units

    def __repr__(self) -> str:
        return f"Source({self.name!r})"

    @cached_property
    def _starts(self) -> list[int]:
        starts = [0]
        starts.extend(i + 1 for i, char in enumerate(self.text) if char == "\n")
        return starts

    def position(self, offset: int) -> tuple[int, int]:
        """Line and column (both from 1) of a character offset."""
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1

    def place(self, offset: int) -> str:
        """A character offset as diagnostics name it: `file:line:column`."""
        line, column = self.position(offset)
        return f"{self.name}:{line}:{column}"

    def offset(self, line: int, column: int) -> int:
        """The offset of a line and column (both from 1)."""
        return self._starts[line - 1] + column - 1

    def line_text(self, line: int) -> str:
        """The text of one line, without its line end."""
        start = self._starts[line - 1]
        end = self._starts[line] if line < len(self._starts) else len(self.text)
        return self.text[start:end].rstrip("\r\n")


@dataclass(frozen=True, slots=True)
class Span:
    """The characters `start` up to (not including) `end` of a source."""

    source: Source
    start: int
    end: int

    @property
    def line(self) -> int:
        return self.source.position(self.start)[0]

    @property
    def column(self) -> int:
        return self.source.position(self.start)[1]

    @property
    def line_place(self) -> str:
        """`file:line`"""
        return f"{self.source.name}:{self.line}"

    @property
    def text(self) -> str:
        return self.source.text[self.start : self.end]

    def to(self, other: Span) -> Span:
        """From the start of this span to the end of the other."""
        return Span(self.source, self.start, max(self.end, other.end))

    def holds(self, other: Span) -> bool:
        """Whether the other span lies inside this one."""
        return self.source is other.source and self.start <= other.start and other.end <= self.end

    def at(self, start: int, end: int) -> Span:
        """A stretch inside this span, by offsets counted from its start."""
        return Span(self.source, self.start + start, self.start + end)

    def __repr__(self) -> str:
        return self.source.place(self.start)


def display_width(text: str) -> int:
    """Columns a terminal needs for the text: a wide or full-width character takes two, a combining one none."""
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text
    )
