"""How far a long run is: a line that is written over on a terminal, plain lines from time to time elsewhere.

In: how many rows are done.  Out: the number, the rate and the time left, on standard error.
"""

from __future__ import annotations

import sys
import time
from typing import Final

from engine.cli.ending import heed
from engine.cli.progress import Progress
from engine.cli.terminal import complain
from engine.say import Say

_SECOND: Final = 1_000_000_000
_BETWEEN: Final = 10 * _SECOND
"""between two plain lines"""


class Watching:
    """Attributes:
    whole: the rows there are, where that is known.
    done_before: rows that an earlier run had done; they count for nothing in the rate.
    """

    def __init__(self, say: Say, whole: int | None) -> None:
        self._say, self._whole = say, whole
        self._progress = Progress()
        self._start = self._last = time.monotonic_ns()
        self._terminal = sys.stderr.isatty()
        self.done_before = 0

    def __enter__(self) -> Watching:
        self._progress.__enter__()
        return self

    def __exit__(self, *fault: object) -> None:
        self._progress.__exit__(*fault)

    @property
    def seconds(self) -> int:
        """Whole seconds so far, one at least."""
        return max(1, round((time.monotonic_ns() - self._start) / _SECOND))

    def rate(self, rows: int) -> int:
        """Rows a second."""
        return (rows - self.done_before) * _SECOND // max(1, time.monotonic_ns() - self._start)

    def show(self, rows: int) -> None:
        heed()
        if self._terminal:
            self._progress.show(lambda: self._told(rows))
        elif (now := time.monotonic_ns()) - self._last >= _BETWEEN:
            self._last = now
            complain(self._told(rows))

    def _told(self, rows: int) -> str:
        rate = self.rate(rows)
        told = self._say(f"已筛查 {rows:,} 户，每秒 {rate:,} 户", f"{rows:,} households, {rate:,} a second")
        if self._whole is None or not rate or rows > self._whole:
            return told
        left = _clock((self._whole - rows) // rate)
        percent = rows * 100 // max(1, self._whole)
        return told + self._say(f"，{percent}%，还要 {left}", f", {percent}%, {left} left")


def _clock(seconds: int) -> str:
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"
