"""What every request is given before anything else sees it: the reader's language. Who asks is for `people.gate`.

In: an ASGI scope.  Out: the same with `state` filled; a language that is chosen on a page is kept by the browser.
Imports the ground floor.
"""

from __future__ import annotations

from collections.abc import Awaitable, Mapping
from functools import partial
from typing import Final, get_args

from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from engine.say import Language, Say

API: Final = "/v1"
_YEAR: Final = 365 * 24 * 3600
USUAL: Final[Language] = "zh"
_SAY: Final[Mapping[Language, Say]] = {language: Say(language) for language in get_args(Language)}
_TELLING: Final = frozenset((b"cookie", b"accept-language"))


class Asking:
    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        if scope["type"] == "http":
            state = scope.setdefault("state", {})
            state["say"] = _SAY[language_in(scope)]
            if chosen := _chosen(scope):
                send = partial(_keeping, send, scope, chosen)
        return self.app(scope, receive, send)


def _chosen(scope: Scope) -> str:
    """The language that a page is asked for in; "" where it goes on as before. What programs ask chooses nothing."""
    if b"lang=" not in scope["query_string"] or is_called(scope["path"]):
        return ""
    wanted = HTTPConnection(scope).query_params.get("lang", "")
    return wanted if wanted in ("zh", "en") else ""


def _keeping(send: Send, scope: Scope, language: str, message: Message) -> Awaitable[None]:
    if message["type"] == "http.response.start":
        # as it is by now: a proxy that is believed may have said that it came by https
        secure = "; Secure" if scope.get("scheme") == "https" else ""
        kept = f"lang={language}; Max-Age={_YEAR}; Path=/; SameSite=Lax; HttpOnly{secure}"
        message = {**message, "headers": [*message.get("headers", ()), (b"set-cookie", kept.encode())]}
    return send(message)


def is_called(path: str) -> bool:
    """Whether it is of the service that other systems call."""
    return path == API or path.startswith(f"{API}/")


def language_in(scope: Scope) -> Language:
    """Of a request; one that says nothing of languages, as most programs, is not looked at more closely."""
    if b"lang" not in scope["query_string"] and _TELLING.isdisjoint(dict(scope["headers"])):
        return USUAL
    asked = HTTPConnection(scope)
    return language_of(asked.query_params, asked.cookies, asked.headers)


def language_of(query: Mapping[str, str], cookies: Mapping[str, str], headers: Mapping[str, str]) -> Language:
    """What was chosen, then what the browser asks for, or what is usual."""
    for chosen in (query.get("lang"), cookies.get("lang")):
        match chosen:
            case "zh" | "en":
                return chosen
    for part in headers.get("accept-language", "").split(","):
        wanted = part.split(";")[0].strip().lower()
        if wanted.startswith("zh"):
            return "zh"
        if wanted.startswith("en"):
            return "en"
    return USUAL
