"""What comes from outside, as a line of text, a report or a record can hold it.

In: texts of policies, households, arguments, file names and exceptions.  Out: the same texts with every character that
would end a line, steer a terminal, turn the direction of writing or hide itself shown by its code: `⟨U+000A⟩`.
Imports nothing of the engine.

A line is made of pieces, and a line end inside a piece is never one of ours: `shown` makes a piece visible, `joined`
a line out of pieces, `Lines.of` a text out of lines. What prints takes `Lines` as they are and everything else for one
line, so that a text nobody has looked at cannot bring a second line. XML, LCOV and workflow commands hold the same
shown texts, each with the escapes of its own; JSON holds every text exactly, by escapes (`as_json`).
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable

# letters and marks that leave no trace on paper; what is hidden by its kind alone needs no list
_TRACELESS = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u3164\uffa0]")
# `##[error]`, `##vso[…]`, `##teamcity[…]`: logs of build servers obey these wherever they stand in a line
_ORDER = re.compile(r"#(?=#(?:vso|teamcity)?\[)", re.IGNORECASE)
# `::error::`: obeyed by GitHub's where a line begins with it
_COMMAND = re.compile(r"\A(\s*):(?=:)")
_ON_ONE_LINE = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


class Shown(str):
    """A piece of a line in which everything from outside is shown; tones may stand around it."""

    __slots__ = ()


class Lines(str):
    """A text whose line ends are its own: no value has brought one."""

    __slots__ = ()

    @classmethod
    def of(cls, lines: Iterable[str]) -> Lines:
        """Lines one below the other; of a line that is not yet shown, a line end is a value's."""
        return cls("\n".join(line if isinstance(line, Lines) else _line(line) for line in lines))

    def each(self) -> list[Shown]:
        return [Shown(line) for line in self.split("\n")]


def shown(text: str) -> Shown:
    """The text for one line of any output. What was shown already stays as it is."""
    if isinstance(text, Shown):
        return text
    if not (text.isprintable() and not _TRACELESS.search(text)):
        text = "".join(_code(char) if _hides(char) else char for char in text)
    return Shown(_ORDER.sub(_code("#"), text) if "##" in text else text)


def joined(*pieces: str) -> Shown:
    """A line out of pieces, those with a tone among them."""
    return Shown("".join(shown(piece) for piece in pieces))


def as_json(value: object, *, indent: int | None = None) -> Lines:
    """A value as JSON that means the same and can be printed: on one line, unless an indent is given."""
    if indent is None:
        return Lines(_json_line(_ON_ONE_LINE.encode(value)))
    text = json.dumps(value, ensure_ascii=False, indent=indent)
    return Lines("\n".join(_json_line(line) for line in text.split("\n")))


def _line(text: str) -> str:
    line = _COMMAND.sub(rf"\1{_code(':')}", shown(text), count=1)
    return _ORDER.sub(_code("#"), line) if "##" in line else line


def _hides(char: str) -> bool:
    if char.isprintable():
        return _TRACELESS.match(char) is not None
    match unicodedata.category(char):
        case "Zs" | "Co":  # blanks of any width; signs that a bureau has made for rare names
            return False
        case "Cn":  # rare Chinese characters younger than this Python
            return not (0x20000 <= ord(char) <= 0x3FFFF and ord(char) & 0xFFFF < 0xFFFE)
        case _:
            return True


def _code(char: str) -> str:
    return f"⟨U+{ord(char):04X}⟩"


def _json_line(line: str) -> str:
    if not (line.isprintable() and not _TRACELESS.search(line)):
        line = "".join(_json_code(char) if _hides(char) else char for char in line)
    return _ORDER.sub(r"\\u0023", line) if "##" in line else line


def _json_code(char: str) -> str:
    """The escape of JSON; half a character, which no JSON can hold, is shown."""
    if unicodedata.category(char) == "Cs":
        return _code(char)
    units = char.encode("utf-16-be")
    return "".join(f"\\u{units[place : place + 2].hex()}" for place in range(0, len(units), 2))
