"""Text as outlines, for pictures that must be legible where no font is installed.

In: a text.  Out: SVG: each character is a path once, and used wherever it stands. The outlines are those of Droid Sans
Fallback and Open Sans (Apache-2.0, see NOTICE), the characters of GB/T 2312; `tests/glyphs.py` makes the file. What is
not among them stands as text, which whoever shows the picture needs a font for.
"""

from __future__ import annotations

import lzma
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from engine import disk
from engine.escaping import shown
from engine.source import display_width

EM: Final = 256
"""units of the outlines in the height of a line"""
_FILE: Final = Path(__file__).with_name("glyphs.xz")
_MOST_BYTES: Final = 1 << 20


class Glyphs:
    """The outlines of one picture: those that it uses."""

    def __init__(self) -> None:
        self._used: dict[str, str] = {}

    def width(self, text: str) -> int:
        """In units."""
        return sum(self._advance(char) for char in shown(text))

    def text(self, text: str, x: int, y: int, size: int, fill: str, anchor: str = "start") -> str:
        """A line of text with its foot at a point.

        Args:
            size: the height of a line, in the picture's units. anchor: which end of the text stands at the point.
        """
        text = shown(text)
        across = 0 if anchor == "start" else self.width(text)
        uses = []
        for char in text:
            uses.append(self._placed(char, -across))
            across -= self._advance(char)
        scale = _decimal(size, EM)
        return (
            f'<g transform="translate({x} {y}) scale({scale})" fill="{fill}" role="img" aria-label={quoteattr(text)}>'
            f"{''.join(uses)}</g>"
        )

    def definitions(self) -> str:
        """Of every character that was used."""
        paths = (f'<path id="{_name(char)}" d="{path}"/>' for char, path in self._used.items())
        return f"<defs>{''.join(paths)}</defs>"

    def _placed(self, char: str, x: int) -> str:
        if char not in self._held:
            return "" if char.isspace() else f'<text x="{x}" y="0" font-size="{EM}">{escape(char)}</text>'
        if char not in self._used:
            self._used[char] = _path(self._held[char])
        return f'<use href="#{_name(char)}" x="{x}"/>' if self._used[char] else ""

    def _advance(self, char: str) -> int:
        if char in self._held:
            return next(_numbers(self._held[char]))
        return display_width(char) * EM // 2

    @cached_property
    def _held(self) -> dict[str, memoryview]:
        data = memoryview(lzma.decompress(disk.read(_FILE, _MOST_BYTES)))
        end = bytes(data).index(b"\n")
        chars = bytes(data[:end]).decode()
        lengths, start = data[end + 1 :], end + 1 + 2 * len(chars)
        held = {}
        for place, char in enumerate(chars):
            length = int.from_bytes(lengths[2 * place : 2 * place + 2], "little")
            held[char] = data[start : start + length]
            start += length
        return held


def _name(char: str) -> str:
    return f"u{ord(char):x}"


def _numbers(data: memoryview) -> Iterator[int]:
    value = shift = 0
    for byte in data:
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            yield value
            value = shift = 0


def _signed(value: int) -> int:
    return -(value >> 1) if value & 1 else value >> 1


Point = tuple[int, int]
"""of doubled units, so that the middle of two points is whole"""


def _path(data: memoryview) -> str:
    """SVG counts downwards, fonts upwards."""
    numbers = _numbers(data)
    next(numbers)
    x = y = 0
    pieces: list[str] = []
    for _ in range(next(numbers)):
        points: list[tuple[Point, bool]] = []
        for _ in range(next(numbers)):
            across = next(numbers)
            x, y = x + _signed(across >> 1), y - _signed(next(numbers))
            points.append(((2 * x, 2 * y), bool(across & 1)))
        pieces.append(_contour(points))
    return "".join(pieces)


def _contour(points: list[tuple[Point, bool]]) -> str:
    """Lines between points on the outline, curves about points beside it; between two of these lies their middle."""
    whole: list[tuple[Point, bool]] = []
    for place, (point, is_on) in enumerate(points):
        before, before_is_on = points[place - 1]
        if not is_on and not before_is_on:
            whole.append((((before[0] + point[0]) // 2, (before[1] + point[1]) // 2), True))
        whole.append((point, is_on))
    first = next(place for place, (_, is_on) in enumerate(whole) if is_on)
    turned = whole[first:] + whole[: first + 1]
    path = [f"M{_at(turned[0][0])}"]
    about: Point | None = None
    for point, is_on in turned[1:]:
        if not is_on:
            about = point
        elif about is None:
            path.append(f"L{_at(point)}")
        else:
            path.append(f"Q{_at(about)} {_at(point)}")
            about = None
    return "".join(path) + "Z"


def _at(point: Point) -> str:
    return f"{_half(point[0])} {_half(point[1])}"


def _half(doubled: int) -> str:
    sign, doubled = ("-", -doubled) if doubled < 0 else ("", doubled)
    return f"{sign}{doubled // 2}{'.5' if doubled % 2 else ''}"


def _decimal(number: int, by: int) -> str:
    """A quotient below 10 with five digits behind the point."""
    digits = f"{number * 100_000 // by:06}"
    return f"{digits[:-5]}.{digits[-5:]}"
