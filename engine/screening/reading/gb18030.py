"""A file in GB18030 as one in UTF-8, as the library that reads CSV asks for it.

In: a stream of bytes.  Out: an object with `read`. Imports kernel (`encoding`).
"""

from __future__ import annotations

from codecs import getincrementaldecoder
from threading import Lock
from typing import BinaryIO, Final

from engine.screening.kernel.encoding import utf8

_PIECE: Final = 1 << 20
_SOME: Final = 256
"""bytes that Python decodes at once where native code does not go on"""


class AsUtf8:
    """Read on a thread of that library's own, which may still be at it when nobody wants what it reads."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._cut = b""
        self._ready = memoryview(b"")
        self._lock = Lock()
        self.closed = False

    def close(self) -> None:
        """Nothing is read of the stream any more when this returns."""
        with self._lock:
            self.closed = True

    def readable(self) -> bool:
        return True

    def read(self, most: int) -> memoryview:
        """Raises: UnicodeDecodeError where something is of no such encoding."""
        with self._lock:
            while not self._ready and not self.closed:
                piece = self._stream.read(_PIECE)
                self._ready = self._decoded(self._cut + piece, final=not piece)
                if not piece:
                    break
            made, self._ready = self._ready[:most], self._ready[most:]
            return made

    def _decoded(self, data: bytes, *, final: bool) -> memoryview:
        """All but a character that is cut off, which is kept for the next piece."""
        made: list[memoryview] = []
        at = 0
        self._cut = b""
        while at < len(data):
            text, taken = utf8(memoryview(data)[at:])
            at += taken
            end = min(at + _SOME, len(data))
            decoder = getincrementaldecoder("gb18030")()
            odd = decoder.decode(data[at:end], final and end == len(data))
            cut, _ = decoder.getstate()
            made += [text, memoryview(odd.encode())] if odd else [text]
            at = end - len(cut)
            if end == len(data):
                self._cut = cut
                break
        return made[0] if len(made) == 1 else memoryview(b"".join(made))
