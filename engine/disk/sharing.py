"""Files that several programs use at once, or one for a while.

In: paths.  Out: files that one holds at a time, that lines are added to, or that are gone when a block ends.
Imports this package's `faults`, `system` and `writing`.
"""

from __future__ import annotations

import io
import os
import stat
import sys
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from engine.disk import system
from engine.disk.faults import AnyPath
from engine.disk.system import BINARY, PIECE, close, mode_of, told
from engine.disk.writing import Writing, keep_names


@contextmanager
def claimed(path: AnyPath) -> Iterator[None]:
    """A file that one process holds at a time; made where there is none.

    Raises: DiskFault (`busy`) where another holds it.
    """
    with told(path, writing=True):
        handle = system.call(os.open, path, os.O_RDWR | os.O_CREAT | BINARY, 0o666)
    try:
        with told(path, writing=True):
            _claim(handle)
        yield
    finally:
        close(handle)


@contextmanager
def alone(path: AnyPath) -> Iterator[None]:
    """Nobody else is in a block of this file meanwhile, in this process or another; waits until nobody is."""
    with told(path, writing=True):
        handle = system.call(os.open, path, os.O_RDWR | os.O_CREAT | BINARY, 0o666)
    try:
        with ExitStack() as held:
            with told(path, writing=True):
                held.enter_context(_locked(handle))
            yield
    finally:
        close(handle)


def _claim(handle: int) -> None:
    if sys.platform == "win32":
        import msvcrt

        system.call(msvcrt.locking, handle, msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        system.call(fcntl.flock, handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


@contextmanager
def working(path: AnyPath) -> Iterator[BinaryIO]:
    """A file that is written and read again, and is gone when the block ends."""
    with told(path, writing=True):
        handle = system.call(os.open, path, os.O_RDWR | os.O_CREAT | os.O_EXCL | BINARY, 0o600)
    raw = _Scratch(path, handle)
    try:
        yield io.BufferedRandom(raw, PIECE)
    finally:
        raw.is_over = True
        close(handle)
        with suppress(OSError):
            system.call(os.unlink, path)


class _Scratch(Writing):
    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override] # only BufferedRandom calls it
        with told(self._path):
            piece = system.call(os.read, self._handle, len(buffer))
        buffer[: len(piece)] = piece
        return len(piece)


class Appending:
    """Whole lines put at the end of a file; other programs may do the same at the same time."""

    def __init__(self, path: AnyPath, handle: int, regular: bool) -> None:
        self._path, self._handle, self._regular = path, handle, regular

    def lines(self, lines: Iterable[str]) -> None:
        """Raises: DiskFault; the file is then as long as it was before."""
        data = "".join(f"{line}\n" for line in lines).encode("utf-8", "backslashreplace")
        with told(self._path, writing=True):
            if not self._regular:
                _write_to(self._handle, data)
                return
            with _locked(self._handle):
                self._append(data)

    def _append(self, data: bytes) -> None:
        end = system.call(os.lseek, self._handle, 0, os.SEEK_END)
        if end:
            system.call(os.lseek, self._handle, end - 1, os.SEEK_SET)
            if system.call(os.read, self._handle, 1) != b"\n":
                data = b"\n" + data  # a last line that was left open is a line of its own
        try:
            _write_to(self._handle, data)
        except BaseException:
            with suppress(OSError):
                system.call(os.ftruncate, self._handle, end)
            raise


@contextmanager
def appending(path: AnyPath, mode: int = 0o666) -> Iterator[Appending]:
    """A file that lines are added to; made where there is none, with that mode."""
    with told(path, writing=True):
        reading = os.O_RDWR if _regular_or_new(path) else os.O_WRONLY
        handle = system.call(os.open, path, reading | os.O_APPEND | os.O_CREAT | BINARY, mode)
        try:
            state = system.call(os.fstat, handle)
        except BaseException:
            close(handle)
            raise
    regular = stat.S_ISREG(state.st_mode)
    try:
        yield Appending(path, handle, regular)
        if regular:
            with told(path, writing=True):
                system.call(os.fsync, handle)
            if not state.st_size:  # it may not have been there
                keep_names([Path(path).parent])
    except BaseException:
        close(handle)
        raise
    with told(path, writing=True):
        system.call(os.close, handle)


def _write_to(handle: int, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[system.call(os.write, handle, rest) :]


def _regular_or_new(path: AnyPath) -> bool:
    mode = mode_of(path)
    return mode is None or stat.S_ISREG(mode)


@contextmanager
def _locked(handle: int) -> Iterator[None]:
    """Nobody else appends meanwhile; waits until nobody does."""
    if sys.platform == "win32":
        import msvcrt

        far = 1 << 30  # a lock keeps others from reading too: not where anything stands
        os.lseek(handle, far, os.SEEK_SET)
        system.call(msvcrt.locking, handle, msvcrt.LK_LOCK, 1)
        try:
            yield
        finally:
            os.lseek(handle, far, os.SEEK_SET)
            with suppress(OSError):
                system.call(msvcrt.locking, handle, msvcrt.LK_UNLCK, 1)
    else:
        import fcntl

        system.call(fcntl.flock, handle, fcntl.LOCK_EX)
        try:
            yield
        finally:
            with suppress(OSError):
                system.call(fcntl.flock, handle, fcntl.LOCK_UN)
