"""What every answer tells the browser to refuse, whoever makes the answer: scripts of others, frames, guesses.

In: an ASGI scope.  Out: the same with `nonce` in `state`, and headers on the answer. Imports asking.
"""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Sequence
from functools import partial
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

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        if scope["type"] == "http":
            is_page = not is_called(scope["path"])
            nonce = secrets.token_urlsafe(16) if is_page else ""
            scope.setdefault("state", {})["nonce"] = nonce
            send = partial(_of_page, send, _headers(scope["path"], nonce)) if is_page else partial(_of_call, send)
        return self._app(scope, receive, send)


def _of_page(send: Send, told: Sequence[tuple[str, str]], message: Message) -> Awaitable[None]:
    if message["type"] == "http.response.start":
        headers = MutableHeaders(scope=message)
        for name, value in told:
            headers.setdefault(name, value)
    return send(message)


def _of_call(send: Send, message: Message) -> Awaitable[None]:
    if message["type"] == "http.response.start":
        message["headers"] = [*message["headers"], *_OF_CALLS]
    return send(message)


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
