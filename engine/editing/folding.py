"""What of a file can be folded away: maps, lists and blocks of text over several lines, and runs of comments.

In: a `File`.  Out: `Fold`s by lines, which count from 1.
Imports things, workspace and the tree.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from engine.editing.things import entries
from engine.editing.workspace import File
from engine.records import dataclass


@dataclass(frozen=True, slots=True)
class Fold:
    first: int
    last: int
    kind: Literal["region", "comment"] = "region"


def folds(file: File) -> tuple[Fold, ...]:
    found = dict.fromkeys((*_values(file), *_comments(file)))
    return tuple(sorted(found, key=lambda one: (one.first, -one.last)))


def _values(file: File) -> Iterator[Fold]:
    """From the line of the key, or of the dash, to the last line that says anything."""
    text = file.source.text
    for _, key, value in entries(file.tree):
        start = value.span.start if key is None else key.span.start
        end = max(value.span.start, value.span.end)
        said = text[start:end]
        lines = said.rstrip().split("\n")
        while len(lines) > 1 and (not lines[-1].strip() or lines[-1].lstrip().startswith("#")):
            lines.pop()
        if len(lines) > 1:
            first = file.source.position(start)[0]
            yield Fold(first, first + len(lines) - 1)


def _comments(file: File) -> Iterator[Fold]:
    if file.kind == "table":
        return
    first = 0
    lines = file.source.text.split("\n")
    for number, line in enumerate((*lines, ""), 1):
        if line.lstrip().startswith("#"):
            first = first or number
        elif first:
            if number - 1 > first:
                yield Fold(first, number - 1, "comment")
            first = 0
