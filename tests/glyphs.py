"""Makes `engine/reporting/glyphs.xz`, the outlines that charts are written with: `python -m tests.glyphs HANZI LATIN`.

In: two TrueType fonts: Droid Sans Fallback for the characters of GB/T 2312, Open Sans for all else (both Apache-2.0; in
Debian the packages `fonts-droid-fallback` and `fonts-open-sans`). Needs fontTools, which nothing else does.
Out: the file, whose form `engine/reporting/glyphs.py` reads.
"""

from __future__ import annotations

import lzma
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

EM = 256
FILE = Path(__file__).parent.parent / "engine" / "reporting" / "glyphs.xz"


def characters() -> list[str]:
    """All of GB/T 2312, printing ASCII, and what Chinese text is set with beside them."""
    found = [chr(code) for code in range(0x20, 0x7F)]
    for high in range(0xA1, 0xF8):
        for low in range(0xA1, 0xFF):
            try:
                found.append(bytes([high, low]).decode("gb2312"))
            except UnicodeDecodeError:
                continue
    return list(dict.fromkeys([*found, *"·—–−≤≥"]))


def numbers(values: Iterable[int]) -> bytes:
    """Whole numbers, seven bits a byte, the lowest first; the eighth says that more follows."""
    made = bytearray()
    for value in values:
        while value > 0x7F:
            made.append(value & 0x7F | 0x80)
            value >>= 7
        made.append(value)
    return bytes(made)


def _signed(value: int) -> int:
    return value << 1 if value >= 0 else -value << 1 | 1


def glyph(font: dict[str, object], name: str) -> bytes:
    """Advance, contours, of each its points: x and y from the point before, and whether the outline runs through it."""
    scale = font["head"].unitsPerEm  # type: ignore[attr-defined]
    outlines = font["glyf"]
    points, ends, through = outlines[name].getCoordinates(outlines)  # type: ignore[index]
    values = [round(font["hmtx"][name][0] * EM / scale), len(ends)]  # type: ignore[index]
    x = y = start = 0
    for end in ends:
        values.append(end - start + 1)
        for place in range(start, end + 1):
            at = (round(points[place][0] * EM / scale), round(points[place][1] * EM / scale))
            values += [_signed(at[0] - x) << 1 | through[place] & 1, _signed(at[1] - y)]
            x, y = at
        start = end + 1
    return numbers(values)


def made(hanzi: str, latin: str) -> Iterator[tuple[str, bytes]]:
    from fontTools.ttLib import TTFont

    fonts = [(font, font.getBestCmap()) for font in (TTFont(hanzi), TTFont(latin))]
    for char in characters():
        order = fonts if ord(char) > 0x2E7F else fonts[::-1]
        for font, names in order:
            if ord(char) in names:
                yield char, glyph(font, names[ord(char)])
                break


def main(hanzi: str, latin: str) -> None:
    glyphs = dict(made(hanzi, latin))
    lengths = b"".join(len(one).to_bytes(2, "little") for one in glyphs.values())
    data = "".join(glyphs).encode() + b"\n" + lengths + b"".join(glyphs.values())
    FILE.write_bytes(lzma.compress(data, preset=9 | lzma.PRESET_EXTREME))
    print(len(glyphs), FILE.stat().st_size)


if __name__ == "__main__":
    main(*sys.argv[1:3])
