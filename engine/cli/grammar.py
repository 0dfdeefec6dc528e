"""How far a text is JSON, by its brackets, commas and colons: where a value ends, and where it can be none.

In: tokens.  Out: which containers are open, and what one token did to them.
Numbers and words are not looked into, and a text only for its end: what is wrong with one of them is for the reader of
households to say, and moves no boundary. A text ends with its line, as JSON has it, so that a quotation mark too many
or too few spoils no more than its line.
"""

from __future__ import annotations

import re
from collections.abc import Set
from enum import Enum, auto

from engine.records import dataclass

# A text with what closes it (nothing where it is not closed; half an escape ends it only where the bytes end), a sign,
# or whatever else is written together. Possessive: nothing is looked at twice, whatever stands there.
TOKEN = re.compile(rb'"[^"\\\n]*+(?:\\.[^"\\\n]*+)*+(?:\\\Z)?("?)|[\[\]{},:]|[^ \t\r\n"\[\]{},:]++')
SIGNS = b"[]{},:"


class Expected(Enum):
    KEY_OR_END = auto()
    KEY = auto()
    COLON = auto()
    VALUE = auto()
    VALUE_OR_END = auto()
    NEXT = auto()  # a comma, or the end


_VALUES = (Expected.VALUE, Expected.VALUE_OR_END)
_KEYS = (Expected.KEY, Expected.KEY_OR_END)


@dataclass(slots=True)
class Container:
    """An object or a list that is open.

    Attributes:
        start: where it begins.
        after: the sign before it.
        marked: whether one of its own keys is a mark.
    """

    is_object: bool
    start: int
    after: int
    expected: Expected
    marked: bool = False


class Step(Enum):
    WITHIN = auto()
    CLOSED = auto()  # the innermost container; it is in `closed`
    SINGLE = auto()  # a text, number or word where nothing was open
    FAULT = auto()  # no JSON goes on like this; the containers are as before


class Grammar:
    """The containers that are open, innermost last.

    Args:
        marks: keys, with their quotation marks, that are looked for in every object.

    Attributes:
        before: the sign that the last token begins with.
        closed: the container that was closed last.
    """

    def __init__(self, marks: Set[bytes]) -> None:
        self.open: list[Container] = []
        self.closed: Container | None = None
        self._marks = marks
        self.before = 0

    def take(self, found: re.Match[bytes], at: int) -> Step:
        """One token that begins at a place."""
        token = found[0]
        step = self._step(token, token[0], at, found[1])
        if step is not Step.FAULT:
            self.before = token[0]
        return step

    def pass_over(self, sign: int) -> None:
        """A token that belongs to no value."""
        self.before = sign

    def _step(self, token: bytes, sign: int, at: int, quote: bytes | None) -> Step:
        top = self.open[-1] if self.open else None
        expected = top.expected if top else Expected.VALUE
        match sign:
            case 0x7B | 0x5B:  # { [
                if expected not in _VALUES:
                    return Step.FAULT
                if top:
                    top.expected = Expected.NEXT
                first = Expected.KEY_OR_END if sign == 0x7B else Expected.VALUE_OR_END
                self.open.append(Container(sign == 0x7B, at, self.before, first))
            case 0x7D | 0x5D:  # } ]
                may_end = Expected.KEY_OR_END if sign == 0x7D else Expected.VALUE_OR_END
                if not top or top.is_object != (sign == 0x7D) or expected not in (may_end, Expected.NEXT):
                    return Step.FAULT
                self.closed = self.open.pop()
                return Step.CLOSED
            case 0x2C:  # ,
                if not top or expected is not Expected.NEXT:
                    return Step.FAULT
                top.expected = Expected.KEY if top.is_object else Expected.VALUE
            case 0x3A:  # :
                if not top or expected is not Expected.COLON:
                    return Step.FAULT
                top.expected = Expected.VALUE
            case 0x22 if top and expected in _KEYS:  # "
                if not quote:
                    return Step.FAULT
                top.marked = top.marked or token in self._marks
                top.expected = Expected.COLON
            case _:
                if expected not in _VALUES or quote == b"":
                    return Step.FAULT
                if not top:
                    return Step.SINGLE
                top.expected = Expected.NEXT
        return Step.WITHIN
