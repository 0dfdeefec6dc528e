"""The texts that an editor holds open, as it has changed them.

In: what the protocol tells of a document: opened, changed at a stretch or as a whole, closed.  Out: its text.
Imports positions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeAlias

from engine.lsp.positions import Lines
from engine.records import dataclass

Position: TypeAlias = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Change:
    """A text put in the place of the stretch from one position to another; of the whole text without a stretch."""

    text: str
    stretch: tuple[Position, Position] | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """`uri` is its address as the editor spells it, which is what must be answered with."""

    uri: str
    path: Path
    text: str
    version: int

    def changed(self, changes: Sequence[Change], version: int) -> Document:
        """Each change is counted in the text that the one before it left."""
        text = self.text
        for change in changes:
            if change.stretch is None:
                text = change.text
            else:
                lines = Lines(text)
                start, end = (lines.offset(*position) for position in change.stretch)
                text = text[:start] + change.text + text[max(start, end) :]
        return replace(self, text=text, version=version)
