"""What every answer tells the browser to refuse, whoever makes the answer: scripts of others, frames, guesses.

In: an ASGI scope.  Out: the same with `nonce` in `state`, and headers on the answer. Imports problems.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from engine.serving.problems import is_called


class Guarding:
    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        told = _headers(scope["path"], nonce := "" if is_called(scope["path"]) else secrets.token_urlsafe(16))
        scope.setdefault("state", {})["nonce"] = nonce

        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in told:
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, sent)


def _headers(path: str, nonce: str) -> Sequence[tuple[str, str]]:
    """
    Args:
        nonce: of the styles of a page; "" where programs ask.
    """
    styles = f"'self' 'nonce-{nonce}'" if nonce else "'self'"
    policy = (
        f"default-src 'self'; style-src {styles}; object-src 'none'; frame-ancestors 'none'; "
        "base-uri 'none'; form-action 'self'"
    )
    kept = "public, max-age=31536000, immutable" if path.startswith("/static/") else "no-store"
    return (
        ("content-security-policy", policy),
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "DENY"),
        ("referrer-policy", "same-origin"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
        *((("cache-control", kept),) if nonce else ()),
    )
