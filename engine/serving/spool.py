"""Bytes between one who makes them and one who takes them more slowly: some in memory, the rest on the disk.

In: pieces.  Out: the same bytes in their order. The disk is used where memory does not do, and given back at the end.
Imports disk.
"""

from __future__ import annotations

from collections import deque
from contextlib import ExitStack
from typing import BinaryIO, Final

from engine import disk

IN_MEMORY: Final = 1 << 22
"""bytes that wait in memory"""
_PIECE: Final = 1 << 18


class Spool:
    """One side puts, the other takes; never both at once.

    Args:
        most: bytes that may wait; none are lost beyond it, but `has_room` says no.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._pieces: deque[bytes] = deque()
        self._held = self._written = self._taken = 0
        self._stack = ExitStack()
        self._file: BinaryIO | None = None

    def __enter__(self) -> Spool:
        return self

    def __exit__(self, *fault: object) -> None:
        self._stack.close()

    @property
    def size(self) -> int:
        """Bytes that wait."""
        return self._held + self._written - self._taken

    @property
    def has_room(self) -> bool:
        return self.size < self._most

    def put(self, data: bytes) -> None:
        """Raises: DiskFault."""
        if not self._written and self._held + len(data) <= IN_MEMORY:
            self._pieces.append(data)
            self._held += len(data)
            return
        if self._file is None:
            folder = self._stack.enter_context(disk.scratch())
            self._file = self._stack.enter_context(disk.working(folder / "waiting"))
        self._file.seek(self._written)
        self._file.write(data)
        self._written += len(data)

    def take(self) -> bytes:
        """The next bytes; what is in memory is older than what is on the disk."""
        if self._pieces:
            piece = self._pieces.popleft()
            self._held -= len(piece)
            return piece
        assert self._file is not None, "asked for where something waits"
        self._file.seek(self._taken)
        piece = self._file.read(_PIECE)
        self._taken += len(piece)
        if self._taken == self._written:  # the next is written over it
            self._taken = self._written = 0
        return piece
