"""One address of the service: who answers there, and what OpenAPI tells of it.

In: nothing.  Out: `Endpoint`. Imports v1.asked.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Final, Literal, TypeAlias

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from engine.records import dataclass
from engine.serving.v1.asked import JSON, Arguments

Handler: TypeAlias = Callable[[Request], Awaitable[Response]]


class Answering:
    """A handler as a route takes it. One that is a function Starlette would put behind another layer that looks out for
    exceptions, beside that which stands before all routes."""

    def __init__(self, handler: Handler) -> None:
        self._handler = handler

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        answer = await self._handler(Request(scope, receive, send))
        await answer(scope, receive, send)


class Straight:
    """The addresses that are asked over and over, straight to who answers there; all else to the table of routes."""

    def __init__(self, app: ASGIApp, at: Mapping[tuple[str, str], ASGIApp]) -> None:
        """
        Args:
            at: by method and path. What is raised there is told by `limits`, as all that comes before the routes.
        """
        self._app, self._at = app, at

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        app = self._at.get((scope.get("method", ""), scope.get("path", "")))  # of the lifespan neither
        if app is not None:
            scope["endpoint"] = app
        return (app or self._app)(scope, receive, send)


Method: TypeAlias = Literal["GET", "POST"]
TEXT: Final = "text/plain"


@dataclass(frozen=True, slots=True, eq=False)
class Endpoint:
    """
    Attributes:
        id: of the operation.
        takes, gives: the schemas of the body and of the answer, by the names that `openapi` gives them; "" for no body.
        refuses: statuses of problems beside those that every address may answer.
        places: the values of a part of the path, where only some are known; else None.
    """

    method: Method
    path: str
    handler: Handler
    id: str
    zh: str
    en: str
    gives: str
    media: str = JSON
    takes: str = ""
    sends: str = JSON
    needs_body: bool = True
    arguments: Arguments = ()
    refuses: tuple[int, ...] = ()
    places: tuple[str, ...] | None = None
