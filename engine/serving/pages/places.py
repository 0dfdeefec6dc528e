"""Where something is written, as a page links to it.

In: spans, origins.  Out: `Place`, a file of the policy folder and a line of it.
Imports policy and the ground floor.
"""

from __future__ import annotations

from engine.records import dataclass
from engine.source import Span


@dataclass(frozen=True, slots=True)
class Place:
    file: str
    line: int

    @staticmethod
    def of(span: Span) -> Place:
        return Place(span.source.name, span.line)

    @property
    def text(self) -> str:
        return f"{self.file}:{self.line}"
