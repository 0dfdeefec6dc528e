"""How a request is answered: from the text as it is now, unless it is no longer wanted.

In: a request's document and a function of the language service.  Out: what it says, or nothing.
Before it is worked out, what the editor sent meanwhile is let in: a request that was called back, or, where only the
last counts, overtaken by one of its kind, costs nothing. Imports server and the ground floor.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

from pygls.exceptions import JsonRpcRequestCancelled

from engine.lsp.server import Server
from engine.lsp.service import Asked

BREATH_MS = 2
T = TypeVar("T")


class Asking:
    def __init__(self, server: Server) -> None:
        self._server = server
        self._last: dict[tuple[str, str], int] = {}

    async def answer(self, uri: str, work: Callable[[Asked], T], *, last: str = "") -> T | None:
        """Args:
        last: the kind of request, where only the last one of a document counts.
        Raises: JsonRpcRequestCancelled.
        """
        turn = self._last[uri, last] = self._last.get((uri, last), 0) + 1
        await asyncio.sleep(BREATH_MS / 1000)
        if last and self._last[uri, last] != turn:
            raise JsonRpcRequestCancelled("overtaken")
        asked = self._server.asked(uri)
        return None if asked is None else work(asked)
