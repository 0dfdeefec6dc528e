"""The text of a table that is not in UTF-8: GB18030, as Excel and WPS save it, or nothing that is certain.

In: bytes that are no UTF-8.  Out: the text, or why it is not read.
Nearly every Big5 file decodes as GB18030 too, into other characters; nothing in it would say so. Which of the two it
is shows in the characters: an ordinary text keeps to the common ones of its own encoding.
Imports the standard library only.
"""

from __future__ import annotations

from engine.records import dataclass

_SHOWN = 8
"""characters of either reading that are shown"""


@dataclass(frozen=True, slots=True)
class Doubt:
    """Two readings of the same bytes, each its first few Chinese characters; no other where GB18030 alone reads them,
    into characters that no font has."""

    read: str
    other: str


def legacy_text(data: bytes) -> str | Doubt | None:
    """The text; None where it is no text in any encoding that Chinese tables are saved in."""
    text, other = _decoded(data, "gb18030"), _decoded(data, "big5")
    if text is None:
        return None if other is None else Doubt("", _sample(other))
    if other is not None and _usual(data, _GB2312) < _usual(data, _BIG5):
        return Doubt(_sample(text), _sample(other))
    private = next((at for at, char in enumerate(text) if "\ue000" <= char <= "\uf8ff"), None)
    return text if private is None else Doubt(_sample(text[max(0, private - 1) :]), "")


def _decoded(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def _sample(text: str) -> str:
    return "".join(char for char in text if not char.isascii())[:_SHOWN]


_Common = tuple[tuple[int, int], ...]
_GB2312: _Common = ((0xA1A1, 0xA3FE), (0xB0A1, 0xF7FE))
"""signs and wide letters, and the 6,763 characters of GB 2312; the second byte is never below A1"""
_BIG5: _Common = ((0xA140, 0xA3BF), (0xA440, 0xC67E))
"""signs, and the 5,401 common characters of Big5"""


def _usual(data: bytes, common: _Common) -> float:
    """Which part of the pairs of bytes are common characters of an encoding."""
    pairs = usual = at = 0
    while at < len(data) - 1:
        if data[at] < 0x80:
            at += 1
            continue
        pair = data[at] << 8 | data[at + 1]
        pairs += 1
        usual += any(low <= pair <= high for low, high in common) and (common is not _GB2312 or data[at + 1] >= 0xA1)
        at += 2
    return usual / pairs if pairs else 1
