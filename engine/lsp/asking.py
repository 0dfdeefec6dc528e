"""How a request is answered: from the text as it is now, unless it is no longer wanted.

In: a request's document and a function of the language service.  Out: what it says, or nothing.
Before it is worked out, what the editor sent meanwhile is let in: a request that was called back, or, where only the
last counts, overtaken by one of its kind, costs nothing. Imports server and the ground floor.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

from lsprotocol import types
from pygls.exceptions import JsonRpcException, JsonRpcRequestCancelled

from engine.editing.occurrences import Index
from engine.editing.workspace import File
from engine.lsp.server import Server, path_of
from engine.lsp.service import Asked

BREATH_MS = 2
T = TypeVar("T")


class Asking:
    def __init__(self, server: Server) -> None:
        self._server = server
        self._last: dict[tuple[str, str], int] = {}

    async def answer(
        self, uri: str, work: Callable[[Asked], T], *, last: str = "", in_writing: bool = False
    ) -> T | None:
        """Args:
        last: the kind of request, where only the last one of a document counts.
        in_writing: at each key; it is answered of the text as it is now, against the files as they were last checked.
        Raises: JsonRpcRequestCancelled.
        """
        turn = self._last[uri, last] = self._last.get((uri, last), 0) + 1
        await asyncio.sleep(BREATH_MS / 1000)
        if last and self._last[uri, last] != turn:
            raise JsonRpcRequestCancelled("overtaken")
        asked = self._server.asked(uri, in_writing=in_writing)
        return None if asked is None else work(asked)

    async def find(self, uri: str, work: Callable[[Index, File], T]) -> T | None:
        """What is looked for in all files: once nothing changes, in a thread of its own.

        Raises: JsonRpcException, where the document is another by then.
        """
        service, path = self._server.service, path_of(uri)
        home = None if path is None else service.home_of(path)
        if home is None or path is None:
            return None
        file_path, version = path, service.version_of(path)

        def found(index: Index) -> T | None:
            file = index.files.get(file_path)
            return None if file is None else work(index, file)

        answer = await service.find(home, found)
        if service.version_of(path) != version:
            raise JsonRpcException("the document has changed", types.LSPErrorCodes.ContentModified)
        return answer
