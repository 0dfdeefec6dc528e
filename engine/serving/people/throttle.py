"""How often somebody may try to sign in.

In: who tries from where, and when.  Out: how long to wait. Imports nothing of the engine.
Each process counts for itself: several let through as many times as much, which is still nothing to a password that
takes a tenth of a second to try.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import Final

WITHIN: Final = 300
"""seconds"""
TRIES: Final = 8
"""of one name from one address"""
TRIES_OF_ADDRESS: Final = 60
"""of all names: a whole bureau may come from one"""
REMEMBERED: Final = 10_000


class Throttle:
    def __init__(self) -> None:
        self._failed: OrderedDict[tuple[str, str], list[int]] = OrderedDict()

    def wait(self, name: str, address: str, now: int) -> int:
        """Seconds until the next try; 0 for at once."""
        return max(self._wait((name, address), TRIES, now), self._wait(("", address), TRIES_OF_ADDRESS, now))

    def failed(self, name: str, address: str, now: int) -> None:
        for key in ((name, address), ("", address)):
            recent = [*self._recent(key, now), now][-TRIES_OF_ADDRESS:]
            self._failed[key] = recent
            self._failed.move_to_end(key)
        while len(self._failed) > REMEMBERED:
            self._failed.popitem(last=False)

    def succeeded(self, name: str, address: str) -> None:
        self._failed.pop((name, address), None)

    def _wait(self, key: tuple[str, str], tries: int, now: int) -> int:
        recent = self._recent(key, now)
        return 0 if len(recent) < tries else recent[-tries] + WITHIN - now

    def _recent(self, key: tuple[str, str], now: int) -> list[int]:
        return [at for at in self._failed.get(key, ()) if at > now - WITHIN]
