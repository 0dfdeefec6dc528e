"""Garbage is collected while nobody types: going over all that is known of the policies takes as long as a check.

In: word that something was checked.  Out: nothing. Imports nothing of the engine.
"""

from __future__ import annotations

import asyncio
import gc

IDLE_S = 1
MOST_CHECKS = 200
"""after which it is not waited for any longer: so much garbage is not kept"""


class Rest:
    def __init__(self) -> None:
        self._waiting: asyncio.TimerHandle | None = None
        self._checks = 0
        gc.disable()

    def after_a_check(self) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
        self._checks += 1
        if self._checks >= MOST_CHECKS:
            self._collect()
        else:
            self._waiting = asyncio.get_running_loop().call_later(IDLE_S, self._collect)

    def _collect(self) -> None:
        self._waiting, self._checks = None, 0
        gc.collect()
