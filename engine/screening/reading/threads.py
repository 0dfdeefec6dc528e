"""Tables read side by side. When one fails, or the run is ended, the others go no further than their next piece.

Imports the standard library only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import TypeVar

One = TypeVar("One")
Made = TypeVar("Made")


class Threads:
    def __init__(self) -> None:
        self._over = Event()

    def each(self, make: Callable[[One], Made], ones: Sequence[One]) -> list[Made]:
        """What is made of each, all at once. The first that fails, fails here."""
        with ThreadPoolExecutor(len(ones)) as pool:
            try:
                return list(pool.map(make, ones))
            except BaseException:
                self._over.set()  # before the pool waits for those that are still at it
                raise

    def while_going(self, pieces: Iterable[One]) -> Iterator[One]:
        """INVARIANT: what ends early is of a run that has failed, and nobody counts it."""
        for piece in pieces:
            if self._over.is_set():
                return
            yield piece


def ahead(ones: Iterator[One]) -> Iterator[One]:
    """The same, each made while the one before it is worked with."""
    with ThreadPoolExecutor(1) as pool:
        coming = pool.submit(next, ones, None)
        while (one := coming.result()) is not None:
            coming = pool.submit(next, ones, None)
            yield one
