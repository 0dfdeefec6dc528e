"""The system itself: every call of it is made by `call`, and what it refuses becomes a fault.

In: functions of `os` with what they take.  Out: what they give, or a `DiskFault`.
Imports `faults`.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Final, ParamSpec, TypeVar

from engine.disk.faults import AnyPath, DiskFault, reason_of

LEFTOVER: Final = ".doudi-"
"""how the names of files begin that are not meant to stay: no reader of policies looks at them"""
PIECE: Final = 1 << 20
BINARY: Final = getattr(os, "O_BINARY", 0)
_NO_TERMINAL: Final = getattr(os, "O_NOCTTY", 0)
READING: Final = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | BINARY | _NO_TERMINAL
"""without waiting: opening a pipe that nobody writes to would never end"""
WRITING: Final = os.O_WRONLY | BINARY | _NO_TERMINAL

P = ParamSpec("P")
T = TypeVar("T")


def call(act: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> T:
    """Every call of the system is made here."""
    return act(*arguments, **named)


@contextmanager
def told(path: AnyPath, *, writing: bool = False) -> Iterator[None]:
    """What the system says about a path becomes a fault."""
    try:
        yield
    except (OSError, ValueError) as error:
        raise DiskFault(path, reason_of(error), writing=writing) from error


def close(handle: int) -> None:
    """After reading, or after a fault: nothing that was asked for depends on it."""
    with suppress(OSError):
        call(os.close, handle)


def must_be_regular(path: AnyPath, mode: int) -> None:
    if not stat.S_ISREG(mode):
        raise DiskFault(path, "is-folder" if stat.S_ISDIR(mode) else "not-regular")


def mode_of(path: AnyPath) -> int | None:
    try:
        return call(os.stat, path).st_mode
    except FileNotFoundError:
        return None
