"""What every request is given before anything else sees it: the reader's language. Who asks is for `people.gate`.

In: an ASGI scope.  Out: the same with `state` filled. Imports the ground floor.
"""

from __future__ import annotations

from collections.abc import Mapping

from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Receive, Scope, Send

from engine.say import Language, Say


class Asking:
    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            state = scope.setdefault("state", {})
            state["say"] = Say(language_in(scope))
        await self.app(scope, receive, send)


def language_in(scope: Scope) -> Language:
    """Of a request; one that says nothing of languages, as most programs, is not looked at more closely."""
    said = scope["query_string"]
    if b"lang" in said or any(name in (b"cookie", b"accept-language") for name, _ in scope["headers"]):
        asked = HTTPConnection(scope)
        return language_of(asked.query_params, asked.cookies, asked.headers)
    return language_of({}, {}, {})


def language_of(query: Mapping[str, str], cookies: Mapping[str, str], headers: Mapping[str, str]) -> Language:
    """What was chosen, then what the browser asks for; Chinese where nobody says."""
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
    return "zh"
