"""A bound on the time of one run, so that a hang fails with the input that caused it."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class Hang(BaseException):
    """Not an `Exception`, so that no handler of the engine can swallow it."""


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Raises `Hang` in the body when it takes longer. Only in the main thread, where signals arrive."""
    if threading.current_thread() is not threading.main_thread() or not hasattr(signal, "setitimer"):
        yield
        return

    def ring(_signal: int, _frame: FrameType | None) -> None:
        raise Hang(f"still running after {seconds} s")

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def repetitions(runs: int) -> range:
    """So many seeds, or as many times more as the variable `DOUDI_FUZZ` says."""
    return range(runs * int(os.environ.get("DOUDI_FUZZ", "1")))
