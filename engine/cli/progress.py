"""A line on standard error that counts, where that is a terminal; gone when the work is over."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Final

from engine.cli.ending import heed

_BETWEEN: Final = 100_000_000
"""nanoseconds between two signs of progress"""


class Progress:
    def __init__(self) -> None:
        self._shown = sys.stderr.isatty()
        self._last = 0

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, *_: object) -> None:
        if self._shown and self._last:
            self._put("")

    def show(self, text: Callable[[], str]) -> None:
        """Put the text on the line, unless the last one has stood too short a time.

        Raises what a signal has raised and a library has lost."""
        heed()
        now = time.monotonic_ns()
        if self._shown and now - self._last >= _BETWEEN:
            self._last = now
            self._put(text())

    def _put(self, text: str) -> None:
        sys.stderr.write(f"\r\x1b[K{text}")
        sys.stderr.flush()
