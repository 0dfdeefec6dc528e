"""The bytes of files.

In: paths.  Out: bytes, all at once or piece by piece.
Imports this package's `faults` and `system`.
"""

from __future__ import annotations

import io
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

from engine.disk import system
from engine.disk.faults import AnyPath, DiskFault
from engine.disk.system import BINARY, PIECE, READING, close, must_be_regular, told


def read(path: AnyPath, limit: int) -> bytes:
    """The bytes of a regular file.

    Raises: DiskFault; `too-large` before anything is read where it has more than `limit` bytes.
    """
    with told(path):
        handle = system.call(os.open, path, READING)
        try:
            state = system.call(os.fstat, handle)
            must_be_regular(path, state.st_mode)
            if state.st_size > limit:
                raise DiskFault(path, "too-large", size=state.st_size, limit=limit)
            data = _read_from(handle, limit + 1)
        finally:
            close(handle)
    if len(data) > limit:  # it grew meanwhile, or is a file whose size the system does not know
        raise DiskFault(path, "too-large", size=len(data), limit=limit)
    return data


def beginning(path: AnyPath, most: int) -> bytes:
    """The first bytes of a regular file, however large it is; for looking only.

    Raises: DiskFault.
    """
    with told(path):
        handle = system.call(os.open, path, READING)
        try:
            must_be_regular(path, system.call(os.fstat, handle).st_mode)
            return _read_from(handle, most)
        finally:
            close(handle)


def ends(path: AnyPath, most: int) -> Iterator[bytes]:
    """The first and the last bytes of a regular file, however large it is: to know it again."""
    with told(path):
        handle = system.call(os.open, path, READING)
        try:
            state = system.call(os.fstat, handle)
            must_be_regular(path, state.st_mode)
            yield _read_from(handle, most)
            if state.st_size > most:
                system.call(os.lseek, handle, max(most, state.st_size - most), os.SEEK_SET)
                yield _read_from(handle, most)
        finally:
            close(handle)


@contextmanager
def stream(path: AnyPath) -> Iterator[BinaryIO]:
    """A file of any size, or a pipe, to be read piece by piece; faults while reading are DiskFaults too."""
    with told(path):
        handle = system.call(os.open, path, os.O_RDONLY | BINARY)
    try:
        with told(path):
            mode = system.call(os.fstat, handle).st_mode
        if stat.S_ISDIR(mode):
            raise DiskFault(path, "is-folder")
        yield io.BufferedReader(_Reading(path, handle), PIECE)
    finally:
        close(handle)


class _Reading(io.RawIOBase):
    def __init__(self, path: AnyPath, handle: int) -> None:
        self._path, self._handle = path, handle

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override] # only BufferedReader calls it
        with told(self._path):
            piece = system.call(os.read, self._handle, len(buffer))
        buffer[: len(piece)] = piece
        return len(piece)


def _read_from(handle: int, most: int) -> bytes:
    pieces: list[bytes] = []
    while most > 0 and (piece := system.call(os.read, handle, min(most, PIECE))):
        pieces.append(piece)
        most -= len(piece)
    return b"".join(pieces)
