"""The households in a file: one object, an array of them, or a line for each; told apart by content.

In: a binary stream.  Out: the form, and the raw text of one household after another, each with its place.
Nothing is parsed here: a household's text goes unread to the reader of households, which reads amounts exactly and
refuses what is wrong with one household without harm to the others. A line form is read line by line, never whole.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from itertools import chain
from typing import BinaryIO

_BOM = codecs.BOM_UTF8
# a whole string, or a sign that opens, closes or parts. A string ends with its line, so that one that is not closed
# spoils no more; it is possessive, so that no text takes quadratic time.
_TOKEN = re.compile(rb'"(?:[^"\\\n]|\\.)*+"|[\[\]{},]')
_GOES_ON = (b"[", b"{", b",", b":")


class Form(Enum):
    """How the households were given; the answer takes the same form."""

    EMPTY = "empty"
    OBJECT = "object"  # over several lines
    LINE = "line"  # one object on one line
    ARRAY = "array"
    LINES = "lines"


@dataclass(frozen=True, slots=True)
class Given:
    """One household as it was given: its text, and where it begins. `fault` is a code where there is no text."""

    text: bytes
    place: str
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Input:
    form: Form
    households: Iterator[Given]


def read(stream: BinaryIO, name: str) -> Input:
    """Look at the beginning of the stream to tell the form; read on only as the households are asked for."""
    lines = _without_mark(stream)
    before, first = _next_filled(lines)
    if not first:
        return Input(Form.EMPTY, iter([Given(b"", name, "empty-input")]))
    at = len(before) + 1
    if first.lstrip().startswith(b"["):
        return Input(Form.ARRAY, _elements(b"".join([first, *lines]), name, at))
    between, second = _next_filled(lines)
    if not second:
        return Input(Form.LINE, iter([Given(first, name)]))
    if _one_a_line(first, second):
        numbered = enumerate(chain([first], between, [second], lines), start=at)
        return Input(Form.LINES, (Given(line, f"{name}:{number}") for number, line in numbered if line.strip()))
    # with the lines before it, so that a place in the text is a place in the file
    return Input(Form.OBJECT, iter([Given(b"".join([*before, first, *between, second, *lines]), name)]))


def _without_mark(stream: BinaryIO) -> Iterator[bytes]:
    """The lines; a byte order mark at the start is passed over."""
    for number, line in enumerate(stream):
        yield line if number else line.removeprefix(_BOM)


def _next_filled(lines: Iterator[bytes]) -> tuple[list[bytes], bytes]:
    """The empty lines up to the next that holds something, and that line; b"" at the end."""
    empty: list[bytes] = []
    for line in lines:
        if line.strip():
            return empty, line
        empty.append(line)
    return empty, b""


def _one_a_line(first: bytes, second: bytes) -> bool:
    """Whether each line is a household. The first may be broken; then the second must be whole, and no part of it."""
    if _is_whole(first):
        return True
    return not first.rstrip().endswith(_GOES_ON) and second.lstrip().startswith(b"{") and _is_whole(second)


def _is_whole(line: bytes) -> bool:
    """Whether the brackets of a line close, and nothing follows the last."""
    text = line.strip()
    depth = 0
    for found in _TOKEN.finditer(text):
        sign = found[0]
        depth += (sign in b"[{") - (sign in b"]}") if len(sign) == 1 else 0
        if depth == 0 and sign in b"]}":
            return found.end() == len(text)
    return False


def _elements(text: bytes, name: str, first_line: int) -> Iterator[Given]:
    """The elements of an array, by its brackets and commas alone, so that one that is broken spoils no other."""
    open_brackets: list[bytes] = []
    start = counted = 0
    line = first_line
    several = False
    for found in _TOKEN.finditer(text):
        sign = found[0]
        if sign in (b"[", b"{"):
            open_brackets.append(sign)
            start = found.end() if len(open_brackets) == 1 else start
            continue
        if sign in (b"]", b"}"):
            _close(open_brackets, sign)
        elif sign != b"," or len(open_brackets) != 1:
            continue
        closed = not open_brackets
        if not closed and sign != b",":
            continue
        element = text[start : found.start()]
        begins = start + len(element) - len(element.lstrip())
        line += text.count(b"\n", counted, begins)
        counted = begins
        if element.strip():
            yield Given(element.strip(), f"{name}:{line}")
        elif several or not closed:
            yield Given(b"", f"{name}:{line}", "empty-element")
        if closed:
            if text[found.end() :].strip():
                yield Given(b"", name, "text-after-array")
            return
        several = True
        start = found.end()
    if text[start:].strip():
        line += text.count(b"\n", counted, start)
        yield Given(text[start:], f"{name}:{line}")
    yield Given(b"", name, "array-not-closed")


def _close(open_brackets: list[bytes], sign: bytes) -> None:
    """Close down to the bracket that the sign belongs to; a sign that closes nothing is its household's own fault."""
    wanted = b"[" if sign == b"]" else b"{"
    if wanted in open_brackets[1:]:
        while open_brackets.pop() != wanted:
            pass
    elif sign == b"]":
        open_brackets.clear()
