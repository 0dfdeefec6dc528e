"""The elements of an array of households, told apart so that one that is broken spoils no other.

In: the bytes of the array, piece by piece.  Out: one `Given` for each element, each with its place.
While the text is sound, an element ends where JSON says. Where it is not, the element is given up, and the next begins
at the next object that is whole and has a field by which a household is known (`county`): a member never passes for a
household, nor does a household for a member of the broken one before it. What lies between is one element, refused by
its own text. Memory holds one element at a time; the time is proportional to the text, whatever stands in it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Set

from engine.cli.given import BLANKS, MOST_PASSED_OVER, Given
from engine.cli.grammar import SIGNS, TOKEN, Container, Expected, Grammar, Step
from engine.evaluation.json_text import MOST_BYTES, MOST_LEVELS
from engine.records import dataclass

# the bracket that opens an object, taken into a text by a quotation mark too few or too many before it
_HIDDEN = rb'\{[ \t\r]*"?$'
_CONTINUED = bytes(range(0x80, 0xC0))  # bytes of UTF-8 that begin no character
_SHORT = 1 << 13
_DECODER = json.JSONDecoder()
_COLON, _OBJECT, _LIST, _LIST_END, _COMMA, _QUOTE = b':{[],"'


def elements(pieces: Iterator[bytes], name: str, line: int, marks: Set[str]) -> Iterator[Given]:
    """The elements of an array.

    Args:
        pieces: its text, from the opening bracket on.
        line: the line on which the text begins.
        marks: fields that a household has and no item of one. Without any, no object inside another is a household.
    """
    return _Elements(pieces, name, line, marks).read()


@dataclass(frozen=True, slots=True)
class _Element:
    start: int
    end: int
    sign: int
    """what it begins with"""


class _Text:
    """The text, of which only what is still needed is held. A place is a number of bytes from the beginning."""

    def __init__(self, pieces: Iterator[bytes], line: int) -> None:
        self._pieces = pieces
        self._held = next(pieces, b"")
        self._base = 0
        self._counted = 0
        self._line, self._column = line, 1

    @property
    def end(self) -> int:
        return self._base + len(self._held)

    def more(self, keep: int) -> bool:
        """Read on, and let go of all before a place."""
        piece = next(self._pieces, b"")
        if piece:
            self.place(max(keep, self._counted))
            self._held = self._held[keep - self._base :] + piece
            self._base = keep
        return bool(piece)

    def token(self, at: int) -> re.Match[bytes] | None:
        return TOKEN.search(self._held, at - self._base)

    def at(self, found: re.Match[bytes]) -> int:
        return self._base + found.start()

    def part(self, start: int, end: int) -> bytes:
        return self._held[start - self._base : end - self._base]

    def end_of_value(self, at: int) -> int:
        """Where the JSON value ends that begins at a place; 0 where it is none, or not a short one.

        Nothing but a short cut past most elements. What it reads is thrown away; in Latin-1 every byte is a character.
        """
        try:
            return at + _DECODER.raw_decode(self.part(at, at + _SHORT).decode("latin-1"))[1]
        except (ValueError, RecursionError):
            return 0

    def place(self, at: int) -> tuple[int, int]:
        """Line and column of a place that is not before the one last asked for."""
        passed = self.part(self._counted, at)
        breaks = passed.count(b"\n")
        if breaks:
            self._line += breaks
            self._column = 1
            passed = passed[passed.rindex(b"\n") + 1 :]
        self._column += len(passed.translate(None, _CONTINUED))
        self._counted = at
        return self._line, self._column


class _Elements:
    def __init__(self, pieces: Iterator[bytes], name: str, line: int, marks: Set[str]) -> None:
        self._text = _Text(pieces, line)
        self._name = name
        self._any_object = not marks
        self._grammar = Grammar({f'"{mark}"'.encode() for mark in marks})
        self._expected = Expected.VALUE_OR_END  # where no element is open
        self._ended = False
        self._out: list[Given] = []
        # elements that are whole, but what follows may show that they are no elements
        self._finished: list[_Element] = []
        # the broken element: where it begins, and what to do with its text
        self._lost: int | None = None
        self._lost_place = (line, 1)
        self._untold = True
        self._too_large = False
        self._hidden: int | None = None
        self._last = 0

    def read(self) -> Iterator[Given]:
        text, at = self._text, 0
        opening = text.token(0)
        at = 0 if opening is None else text.at(opening) + 1
        while True:
            found = text.token(at)
            start = text.end if found is None else text.at(found)
            end = start if found is None else start + len(found[0])
            if end == text.end and self._may_go_on(found):
                self._shed(text.end - MOST_BYTES)
                if self._lost is not None and text.end - self._lost > MOST_PASSED_OVER:
                    yield Given(b"", self._place(self._lost_place), "json-too-large", *self._lost_place, endless=True)
                    return
                if text.more(self._needed(start)):
                    at = start
                    continue
            if found is None:
                break
            at = self._take(found, start)
            if self._out:
                yield from self._out
                self._out.clear()
        self._close()
        yield from self._out

    # ---- what is held

    def _may_go_on(self, found: re.Match[bytes] | None) -> bool:
        """Whether a token at the end of what was read may be longer. A long one is taken as it is: it is no JSON."""
        if found is None:
            return True
        if found[0][0] in SIGNS or len(found[0]) > MOST_BYTES:
            return False
        return found[0][0] == _QUOTE or self._lost is None or bool(self._grammar.open)

    def _needed(self, at: int) -> int:
        """From where on the text is still needed."""
        starts = [at, *(element.start for element in self._finished[:1])]
        starts += [container.start for container in self._grammar.open[:1]]
        if self._hidden is not None:
            starts.append(self._hidden)
        if self._lost is not None and not (self._untold or self._too_large):
            starts.append(self._lost)
        return min(starts)

    def _shed(self, first: int) -> None:
        """Give up what began before a place: it is longer than a household may be."""
        containers = self._grammar.open
        if self._lost is None and containers and containers[0].start < first:
            self._lose(containers[0].start)
        while containers and containers[0].start < first:
            del containers[0]
        if self._lost is not None and self._lost < first:
            self._too_large = True

    # ---- one token

    def _take(self, found: re.Match[bytes], at: int) -> int:
        """Take a token that begins at a place; returns where to read on."""
        token = found[0]
        sign, end = token[0], at + len(token)
        if sign == _QUOTE:
            hidden = re.search(_HIDDEN, token) if b"{" in token else None
            self._hidden = None if hidden is None else at + hidden.start()
        self._last = at
        if not self._grammar.open:
            if self._lost is None:
                return self._between(found, at, end)
            if sign != _OBJECT:
                self._grammar.pass_over(sign)
                return self._again(end) if sign == _QUOTE else end
        match self._grammar.take(found, at):
            case Step.CLOSED if self._grammar.closed is not None:
                self._close_container(self._grammar.closed, end)
            case Step.FAULT:
                return self._fault(sign, at, end)
            case _:
                if len(self._grammar.open) > MOST_LEVELS:
                    self._lose(self._grammar.open[0].start)
                    del self._grammar.open[0]
        return end

    def _between(self, found: re.Match[bytes], at: int, end: int) -> int:
        """A token where no element is open."""
        sign = found[0][0]
        if self._ended:
            self._tell("text-after-array", at)
            self._ended = False
            if sign == _LIST:
                self._expected = Expected.VALUE_OR_END
                return end
            self._lose(at, untold=True)
            return self._take(found, at)
        if sign in (_COMMA, _LIST_END):
            if self._expected is Expected.VALUE or (sign == _COMMA and self._expected is not Expected.NEXT):
                self._tell("empty-element", at)
            self._expected = Expected.VALUE
            self._ended = sign == _LIST_END
            self._grammar.pass_over(sign)
            return end
        if self._expected is Expected.NEXT:
            if sign != _OBJECT:
                return self._stray(sign, at, end)
            if self._finished[-1].sign in (_OBJECT, _LIST):
                self._tell("comma-missing", at)
        if sign in (_OBJECT, _LIST) and (whole := self._text.end_of_value(at)):
            self._finish(at, whole, sign)
            return whole
        step = self._grammar.take(found, at)
        if step is Step.FAULT:
            return self._stray(sign, at, end)
        if step is Step.SINGLE:
            self._finish(at, end, sign)
        else:
            self._flush()
        return end

    def _stray(self, sign: int, at: int, end: int) -> int:
        """A token that can be no element: what it follows is broken, even if it looked whole."""
        start = at
        if self._expected is Expected.NEXT and self._finished:
            *earlier, last = self._finished
            start = last.start
            if sign == _COLON and last.sign == _QUOTE and earlier and not self._repeats(earlier[-1], last):
                # `…}, "key": …`: the object ended too early, and its next field passed for a text
                start = earlier[-1].start
            self._finished = [element for element in earlier if element.start < start]
        self._lose(start)
        self._grammar.pass_over(sign)
        return self._again(end)

    def _repeats(self, element: _Element, key: _Element) -> bool:
        """Whether a stray key is a field of the element before it already: then it is what is left of another one."""
        try:
            fields = json.loads(self._text.part(element.start, element.end))
            return json.loads(self._text.part(key.start, key.end)) in fields
        except (ValueError, TypeError):
            return False

    def _fault(self, sign: int, at: int, end: int) -> int:
        """Inside an element, a token with which it can be no JSON."""
        containers = self._grammar.open
        self._lose(containers[0].start)
        for one in containers:
            if one.marked and self._may_be_household(one) and self._lost is not None and one.start > self._lost:
                # two broken households in a row, each of which shows itself as one
                self._give_broken(one.start)
                self._lose(one.start)
        containers.clear()
        if sign == _OBJECT:
            return at
        self._grammar.pass_over(sign)
        return self._again(end)

    def _again(self, end: int) -> int:
        """Where to read on after a fault: from the bracket that the text before it may have swallowed."""
        hidden, self._hidden = self._hidden, None
        return end if hidden is None or self._lost is None or hidden < self._lost else hidden

    def _close_container(self, closed: Container, end: int) -> None:
        containers = self._grammar.open
        if self._lost is None and not containers:
            self._finish(closed.start, end, _OBJECT if closed.is_object else _LIST)
        elif self._may_be_household(closed) and (closed.marked or (self._any_object and not containers)):
            if containers:
                self._lose(containers[0].start)
            self._give_broken(closed.start)
            containers.clear()
            self._finish(closed.start, end, _OBJECT)

    @staticmethod
    def _may_be_household(one: Container) -> bool:
        """Not where it is the value of a field, or the first of a list inside an element."""
        return one.is_object and one.after not in (_COLON, _LIST)

    # ---- what is given out

    def _finish(self, start: int, end: int, sign: int) -> None:
        self._flush(keep=1 if sign == _QUOTE else 0)
        self._finished.append(_Element(start, end, sign))
        self._expected = Expected.NEXT

    def _flush(self, keep: int = 0) -> None:
        while len(self._finished) > keep:
            element = self._finished.pop(0)
            self._give(self._text.part(element.start, element.end), self._text.place(element.start))

    def _lose(self, start: int, *, untold: bool = False) -> None:
        """Give up the element that begins at a place, unless one is given up already."""
        if self._lost is None:
            self._flush()
            self._lost, self._lost_place, self._untold = start, self._text.place(start), untold

    def _give_broken(self, end: int) -> None:
        """The broken element, which ends before a place."""
        if self._lost is not None and not self._untold:
            if self._too_large:
                self._give(b"", self._lost_place, "json-too-large")
            else:
                text = self._text.part(self._lost, end).strip(BLANKS)
                self._give(text.removesuffix(b",").rstrip(BLANKS) or text, self._lost_place)
        self._lost, self._untold, self._too_large = None, False, False

    def _tell(self, fault: str, at: int) -> None:
        self._flush()
        self._give(b"", self._text.place(at), fault)

    def _give(self, text: bytes, place: tuple[int, int], fault: str = "") -> None:
        self._out.append(Given(text, self._place(place), fault, *place))

    def _place(self, place: tuple[int, int]) -> str:
        return f"{self._name}:{place[0]}"

    def _close(self) -> None:
        """The end of the text."""
        self._flush()
        if self._ended or (self._lost is not None and self._untold):
            return
        closed = self._lost is not None and self._grammar.before == _LIST_END and not self._grammar.open
        self._lose(self._grammar.open[0].start if self._grammar.open else self._text.end)
        if self._lost != self._text.end:
            self._give_broken(self._last if closed else self._text.end)
        if not closed:
            self._out.append(Given(b"", self._name, "array-not-closed"))
