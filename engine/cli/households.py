"""The households in a file: one object, an array of them, or a line for each; told apart by content.

In: a binary stream.  Out: the form, and the raw text of one household after another, each with its place.
Nothing is decided here: a household's text goes unread to the reader of households, which reads amounts exactly and
refuses what is wrong with one household without harm to the others. Never more than one household is held in memory,
but for the beginning of a file that begins with broken ones.
"""

from __future__ import annotations

from collections.abc import Iterator, Set
from enum import Enum
from itertools import chain
from typing import BinaryIO

from engine.cli.given import BLANKS, BOM, MOST_PASSED_OVER, Given
from engine.cli.grammar import TOKEN, Grammar, Step
from engine.evaluation.json_text import MOST_BYTES
from engine.records import dataclass

_PIECE = 1 << 20
_WIDE_MARKS = (b"\xff\xfe", b"\xfe\xff")


class Form(Enum):
    """How the households were given; the answer takes the same form."""

    EMPTY = "empty"
    OBJECT = "object"  # over several lines
    LINE = "line"  # one object on one line
    ARRAY = "array"
    LINES = "lines"


@dataclass(frozen=True, slots=True)
class Input:
    form: Form
    households: Iterator[Given]


def read(stream: BinaryIO, name: str, marks: Set[str] = frozenset()) -> Input:
    """Look at the beginning of the stream to tell the form; read on only as the households are asked for.

    Args:
        marks: fields by which a household is known from its members and other items, where some are broken.
    """
    lines = _Lines(stream)
    first = lines.filled()
    if not first:
        return Input(Form.EMPTY, iter([Given(b"", name, "empty-input")]))
    if _is_wide(first):
        return Input(Form.LINE, iter([Given(b"", name, "json-encoding")]))
    if first.lstrip(BLANKS).startswith(b"["):
        from engine.cli.elements import elements

        return Input(Form.ARRAY, elements(lines.pieces(first), name, lines.number, marks))
    begun, form = _begun(first, lines, {f'"{mark}"'.encode() for mark in marks})
    if form is Form.LINES:
        return Input(form, _each_line(begun, lines, name))
    number, text = begun[0][0], b"".join(line for _, line in begun)
    # of an object that is too long the rest is not read
    return Input(form, iter([Given(text, name, line=number)]))


def _is_wide(text: bytes) -> bool:
    """Whether the text is UTF-16 or UTF-32, or no text at all."""
    return text.startswith(_WIDE_MARKS) or text[:4].count(0) > 1


class _Lines:
    """The lines of a stream, each no longer than is held in memory; of a longer one the beginning."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.number = 0
        self.is_cut = False

    def next(self) -> bytes:
        """The next line with its end; b"" at the end of the stream. More than `MOST_BYTES` where it is cut."""
        self.number += 1
        if self.number > 1:
            line = self._stream.readline(MOST_BYTES + 1)
        else:
            line = self._stream.readline(MOST_BYTES + 1 + len(BOM)).removeprefix(BOM)
        self.is_cut = len(line) > MOST_BYTES and not line.endswith(b"\n")
        return line

    def __iter__(self) -> Iterator[tuple[int, bytes]]:
        while line := self.next():
            yield self.number, line

    def filled(self) -> bytes:
        """The next line that holds something; b"" at the end."""
        while line := self.next():
            if line.strip(BLANKS) or self.is_cut:
                return line
        return b""

    def pass_over(self) -> bool:
        """Go to the end of a line that is cut; False where it has none within reason."""
        for _ in range(MOST_PASSED_OVER // _PIECE):
            piece = self._stream.readline(_PIECE)
            if len(piece) < _PIECE or piece.endswith(b"\n"):
                return True
        return False

    def pieces(self, first: bytes) -> Iterator[bytes]:
        """What was read of the stream last, and all the rest, whatever its lines."""
        yield first
        while piece := self._stream.read(_PIECE):
            yield piece


def _begun(first: bytes, lines: _Lines, marks: Set[bytes]) -> tuple[list[tuple[int, bytes]], Form]:
    """The lines from the first on that it takes to tell the form, and the form.

    A household over several lines is one JSON text. Where the lines are none, and one of them is a household by itself,
    each line is one: the first may be broken, and go on as if it were whole.
    """
    begun = [(lines.number, first)]
    text = Grammar(marks)
    state, alone = _feed(text, first), _is_household(first, marks)
    if lines.is_cut or (state is not Step.FAULT and not text.open):
        following = b"" if lines.is_cut else lines.filled()
        if following:
            begun.append((lines.number, following))
        return begun, Form.LINES if following or lines.is_cut else Form.LINE
    size = len(first)
    while size <= MOST_BYTES and not (state is Step.FAULT and alone):
        line = lines.next()
        if not line:
            break
        begun.append((lines.number, line))
        size += len(line)
        if not line.strip(BLANKS):
            continue
        alone = alone or _is_household(line, marks)
        if state is not Step.FAULT:
            state = _feed(text, line)
        if state is Step.CLOSED and not text.open:
            begun += _rest(lines, size)
            return begun, Form.OBJECT
    if alone:
        return begun, Form.LINES
    return begun, Form.OBJECT if any(line.strip(BLANKS) for _, line in begun[1:]) else Form.LINE


def _rest(lines: _Lines, size: int) -> Iterator[tuple[int, bytes]]:
    """The lines to the end, but no more than shows that the household is too long."""
    while size <= MOST_BYTES and (line := lines.next()):
        size += len(line)
        yield lines.number, line


def _feed(text: Grammar, line: bytes) -> Step:
    """What a line does to a text: a fault, or the last step that it takes."""
    step = Step.WITHIN
    for found in TOKEN.finditer(line):
        if step is not Step.WITHIN and not text.open:
            return step  # something follows the end
        step = text.take(found, found.start())
        if step is Step.FAULT:
            break
    return step


def _is_household(line: bytes, marks: Set[bytes]) -> bool:
    """Whether a line is an object by itself, and has a mark."""
    if not line.lstrip(BLANKS).startswith(b"{"):
        return False
    text = Grammar(marks)
    for found in TOKEN.finditer(line):
        step = text.take(found, found.start())
        if step is Step.FAULT:
            return False
        if not text.open:
            closed = text.closed
            return closed is not None and (closed.marked or not marks) and not line[found.end() :].strip(BLANKS)
    return False


def _each_line(begun: list[tuple[int, bytes]], lines: _Lines, name: str) -> Iterator[Given]:
    for number, line in chain(begun, lines):
        place = f"{name}:{number}"
        if len(line) > MOST_BYTES:
            endless = lines.is_cut and number == lines.number and not lines.pass_over()
            yield Given(b"", place, "json-too-large", number, endless=endless)
            if endless:
                return
        elif line.strip(BLANKS):
            yield Given(line, place, line=number)
