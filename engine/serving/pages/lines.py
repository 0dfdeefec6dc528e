"""A file's text line by line, each with an anchor, as pages show it beside what they tell.

In: a file.  Out: `Line`s. Imports editing and the ground floor.
"""

from __future__ import annotations

from collections.abc import Iterable

from engine.editing.workspace import File
from engine.records import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """`quiet`: a comment. `marks`: what is wrong there, by severity."""

    number: int
    text: str
    quiet: bool
    mark: str = ""


def lines_of(file: File, marked: Iterable[tuple[int, str]] = ()) -> list[Line]:
    """Args:
    marked: lines with what is wrong in them, the worst last.
    """
    marks = dict(marked)
    is_yaml = file.kind != "table"
    texts = file.source.text.split("\n")
    if texts and not texts[-1]:
        texts.pop()
    return [
        Line(number, text, is_yaml and text.lstrip().startswith("#"), marks.get(number, ""))
        for number, text in enumerate(texts, 1)
    ]
