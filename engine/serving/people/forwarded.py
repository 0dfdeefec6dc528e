"""What a reverse proxy says of a request that it hands on, where it is one that is believed.

In: an ASGI scope.  Out: the same with the address and the scheme of whoever asked the proxy, and `by_proxy` in `state`.
It stands in front of all else, and the server itself believes nobody: else what a caller claims would look like the
address of the proxy, or the other way round. Imports checks.
"""

from __future__ import annotations

from collections.abc import Awaitable, Sequence

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from engine.serving.people.checks import is_address, is_from


class Forwarded:
    def __init__(self, app: ASGIApp, believed: Sequence[str]) -> None:
        self._app = app
        self._believed = believed

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        if scope["type"] == "http":
            peer = scope["client"][0] if scope.get("client") else ""
            by_proxy = bool(self._believed) and is_from(peer, self._believed)
            scope.setdefault("state", {})["by_proxy"] = by_proxy
            if by_proxy:
                headers = Headers(scope=scope)
                scope["client"] = (self._first(headers.getlist("x-forwarded-for"), peer), 0)
                if _last(headers.getlist("x-forwarded-proto")).lower() == "https":
                    scope["scheme"] = "https"
        return self._app(scope, receive, send)

    def _first(self, told: Sequence[str], peer: str) -> str:
        """Whom the outermost proxy that is believed heard: what stands before that anybody may have written."""
        named = [one.strip() for one in ",".join(told).split(",") if one.strip()]
        heard = next((one for one in reversed(named) if not is_from(one, self._believed)), peer)
        return heard if is_address(heard) else peer


def _last(values: Sequence[str]) -> str:
    return ",".join(values).rpartition(",")[2].strip()
