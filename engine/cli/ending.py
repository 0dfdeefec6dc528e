"""A command that is told to end: once by the exception that its signal raises, and again where that one was lost.

In: signals of the system.  Out: `KeyboardInterrupt` or `SystemExit`, wherever the main thread is.

Python drops what is raised while a library in C, or a finaliser, asks it for something that it can do without; a run of
hours would then go on as if nobody had said anything.  So whoever works step by step calls `heed` at each.  That a
signal came is kept where the process keeps its handlers: its handler is another one from then on.
Imports the standard library only.
"""

from __future__ import annotations

import signal
from types import FrameType
from typing import Final

_ENDING: Final = tuple(
    getattr(signal, name)
    for name in ("SIGTERM", "SIGHUP")
    if hasattr(signal, name)  # Windows has not both
)


def ends_when_told() -> None:
    """From now on a process that is told to end puts away first what it was writing; where whoever started it has a
    signal ignored, it stays so."""
    for number in _ENDING:
        if signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, _end)


def interrupts() -> None:
    """The same for Ctrl-C."""
    signal.signal(signal.SIGINT, _end)


def heed() -> None:
    """Raises what a signal has raised already, where the work goes on all the same."""
    for number in (signal.SIGINT, *_ENDING):
        if signal.getsignal(number) is _end_again:
            raise _ending(number)


def _end(number: int, frame: FrameType | None) -> None:
    signal.signal(number, _end_again)
    _end_again(number, frame)


def _end_again(number: int, frame: FrameType | None) -> None:
    del frame
    raise _ending(number)


def _ending(number: int) -> BaseException:
    return KeyboardInterrupt() if number == signal.SIGINT else SystemExit(128 + number)
