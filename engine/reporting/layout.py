"""Setting text for a terminal: marks, colours, widths and line breaks that know Chinese.

In: text and a width.  Out: lines. Whether there is colour, and how wide the page is, the caller says.
Whatever is set here is shown first (`escaping`): a line is broken where this module breaks it, and nowhere else.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Literal, TypeAlias

from engine.escaping import Shown, joined, shown
from engine.records import dataclass
from engine.source import display_width

Tone: TypeAlias = Literal["good", "bad", "open", "strong", "quiet"]

_CODES: dict[Tone, str] = {"good": "32", "bad": "31", "open": "33", "strong": "1", "quiet": "2"}
_NARROWEST = 48

# a line does not begin with these, nor end with those
_NO_START = frozenset("，。、；：？！）〕》”’】›%,.;:?!)]}…")
_NO_END = frozenset("（〔《“‘【‹([{")
# what stays together: the code of a character; a run of letters, digits and the signs of addresses, paths, citations;
# a number with its unit
_WORD = re.compile(r"⟨U\+[0-9A-F]+⟩|[0-9A-Za-z_.,:/?&=%#~@+\-\[\]<>'\"]+(?:(?<=[0-9]) [^\x00-\x7f])?|\s+|.", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Page:
    """How to set a text: the columns at hand, and whether tones are shown as colours."""

    width: int = 100
    colour: bool = False

    def tone(self, tone: Tone, text: str) -> Shown:
        """A piece of a line; with others it makes one by `escaping.joined`."""
        piece = shown(text)
        return Shown(f"\x1b[{_CODES[tone]}m{piece}\x1b[0m") if self.colour and piece else piece

    def paragraph(
        self, text: str, *, indent: int = 0, hanging: int | None = None, tone: Tone | None = None
    ) -> list[str]:
        """The text broken into lines; lines after the first stand at `hanging` (default: at `indent`).

        A text that already begins with its mark counts it, so `hanging` is where the words after the mark begin.
        """
        rest = indent if hanging is None else hanging
        own = len(text) - len(text.lstrip(" "))  # of a text that stands flush right in a column
        lines = wrap(text, max(self.width, _NARROWEST), indent + own, rest)
        return lines if tone is None else [_indented(line, self, tone) for line in lines]

    def section(self, title: str, body: Iterable[str]) -> list[str]:
        """The lines below their title; nothing where there is none."""
        lines = list(body)
        return ["", self.tone("strong", title), *lines] if lines else []


def _indented(line: str, page: Page, tone: Tone) -> str:
    words = line.lstrip(" ")
    return joined(line[: len(line) - len(words)], page.tone(tone, words))


def pad(text: str, width: int) -> str:
    """The text followed by the spaces that bring it to the width."""
    return text + " " * max(0, width - display_width(text))


def pad_left(text: str, width: int) -> str:
    return " " * max(0, width - display_width(text)) + text


def columns(rows: Iterable[Sequence[str]], *, right: frozenset[int] = frozenset(), gap: int = 2) -> list[str]:
    """Rows set in columns no wider than their widest entry; the columns in `right` stand flush right."""
    table: list[list[str]] = [[shown(cell) for cell in row] for row in rows]
    if not table:
        return []
    count = max(len(row) for row in table)
    for row in table:
        row.extend([""] * (count - len(row)))
    widths = [max(display_width(row[place]) for row in table) for place in range(count)]
    lines = []
    for row in table:
        cells = [
            pad_left(cell, widths[place]) if place in right else pad(cell, widths[place])
            for place, cell in enumerate(row)
        ]
        lines.append((" " * gap).join(cells).rstrip())
    return lines


def wrap(text: str, width: int, first: int = 0, rest: int = 0) -> list[str]:
    """Break between Chinese characters and at spaces, never before a closing mark or after an opening one."""
    lines: list[str] = []
    line, used = " " * first, first
    begun = False
    for piece in _pieces(text):
        size = display_width(piece)
        if begun and used + size > width and not piece.isspace():
            lines.append(line.rstrip())
            line, used, begun = " " * rest, rest, False
        if piece.isspace() and not begun:
            continue
        line += piece
        used += size
        begun = True
    lines.append(line.rstrip())
    return lines


def _pieces(text: str) -> list[str]:
    """What must stay on one line, in order."""
    pieces: list[str] = []
    for piece in _WORD.findall(shown(text)):
        joined = pieces and not pieces[-1].isspace() and (piece[0] in _NO_START or pieces[-1][-1] in _NO_END)
        if joined:
            pieces[-1] += piece
        else:
            pieces.append(piece)
    return pieces
