"""How long an editor takes a text to be: in units of UTF-16, of which a character outside the basic plane has two.

In: a text.  Out: its length in units; offsets in characters as offsets in units, and back.
Imports nothing of the engine.
"""

from __future__ import annotations

from bisect import bisect_left

_ONE_UNIT = "\uffff"
"""the last character that is one unit"""


def units_in(text: str) -> int:
    return len(text) if text.isascii() else sum(2 if char > _ONE_UNIT else 1 for char in text)


class Units:
    """Of one text. An offset that lies nowhere is taken for the nearest one before it: behind the end for the end,
    inside a character for its start."""

    def __init__(self, text: str) -> None:
        self._length = len(text)
        self._wide = [] if text.isascii() else [at for at, char in enumerate(text) if char > _ONE_UNIT]
        self._wide_units = [at + before for before, at in enumerate(self._wide)]

    def units(self, offset: int) -> int:
        return offset + bisect_left(self._wide, offset)

    def offset(self, units: int) -> int:
        return max(0, min(units - bisect_left(self._wide_units, units), self._length))
