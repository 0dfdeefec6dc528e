"""What every answer tells the browser to refuse, whoever makes the answer: scripts of others, frames, guesses.

In: an ASGI scope.  Out: the same with `nonce` in `state`, and headers on the answer. Imports asking.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from engine.serving.asking import is_called

_ALWAYS: Final = (
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
)
_OF_CALLS: Final = (
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"),
    *_ALWAYS,
)
"""an answer to a program is no page, should a browser show it after all"""


class Guarding:
    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        is_page = not is_called(scope["path"])
        nonce = secrets.token_urlsafe(16) if is_page else ""
        told = _headers(scope["path"], nonce) if is_page else ()
        scope.setdefault("state", {})["nonce"] = nonce

        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                if is_page:
                    headers = MutableHeaders(scope=message)
                    for name, value in told:
                        headers.setdefault(name, value)
                else:
                    message["headers"] = [*message["headers"], *_OF_CALLS]
            await send(message)

        await self._app(scope, receive, sent)


def _headers(path: str, nonce: str) -> Sequence[tuple[str, str]]:
    """
    Args:
        nonce: of the styles of a page.
    """
    policy = (
        f"default-src 'self'; style-src 'self' 'nonce-{nonce}'; object-src 'none'; frame-ancestors 'none'; "
        "base-uri 'none'; form-action 'self'"
    )
    kept = "public, max-age=31536000, immutable" if path.startswith("/static/") else "no-store"
    always = ((name.decode(), value.decode()) for name, value in _ALWAYS)
    return (("content-security-policy", policy), *always, ("cache-control", kept))
