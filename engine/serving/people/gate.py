"""What stands before every handler: who asks, and whether they may.

In: an ASGI scope.  Out: the same with `state` filled (`person`, `session`, `csrf`, `caller`), or a refusal.
A request is refused that was sent to a name that is not ours, that changes something and comes from a page of another
site or without the mark of its session, or that wants a page and is nobody's. Below `/v1` cookies count for nothing.
Imports door, checks, refusals, problems and the ground floor.
"""

from __future__ import annotations

import re
from http.cookies import SimpleCookie
from typing import Any, Final
from urllib.parse import parse_qsl, quote

from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from engine.serving.asking import is_called
from engine.serving.people.checks import is_host, is_own
from engine.serving.people.door import Door, RawHeaders
from engine.serving.people.person import NOBODY, Person
from engine.serving.people.refusals import Refusal, refused
from engine.serving.people.sessions import LASTS, Session
from engine.serving.problems import WATCHED

_ANYBODY: Final = ("/login", "/enter", "/static/")
_READING: Final = ("GET", "HEAD", "OPTIONS")
_WHENCE: Final = frozenset((b"host", b"origin", b"sec-fetch-site"))
_LOOKED_AT: Final = 1 << 16
"""bytes at the beginning of a form in which the mark of the session stands: it is its first field"""
_PART: Final = re.compile(rb'name="csrf"\r\n\r\n([0-9a-f]{64})\r\n')
_MARK: Final = "csrf"
_FORM: Final = "application/x-www-form-urlencoded"
_PARTS: Final = "multipart/form-data"


class Gate:
    def __init__(self, app: ASGIApp, door: Door) -> None:
        self._app = app
        self._door = door

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self._app(scope, receive, send)
            return
        if is_called(scope["path"]):
            await self._called(scope)(scope, receive, send)
        else:
            await self._visited(scope, receive, send)

    def _called(self, scope: Scope) -> ASGIApp:
        """Who answers a program: cookies count for nothing."""
        headers, door = scope["headers"], self._door
        refusal = _astray(headers, door.settings.names, is_changing=scope["method"] not in _READING)
        caller = None if refusal is not None else door.calls(headers, by_proxy=scope["state"]["by_proxy"])
        if refusal is None and caller is None:
            refusal = Refusal("no-token", 401)
        scope["state"]["caller"] = caller or ""
        return self._app if refusal is None else refused(HTTPConnection(scope), refusal)

    async def _visited(self, scope: Scope, receive: Receive, send: Send) -> None:
        visit = _Visit(HTTPConnection(scope), self._door)
        scope.setdefault("state", {}).update(visit.state())
        refusal = visit.refusal()
        if refusal is None and visit.is_changing:
            given, receive = await _mark(visit.asked, receive)
            if visit.session is None or not self._door.sessions.is_mark(visit.session, given):
                refusal = Refusal("not-from-form", 403)
        answer = visit.elsewhere() if refusal is None else refused(HTTPConnection(scope), refusal)
        await (answer or self._app)(scope, receive, visit.sending(send, scope["state"]))


def _astray(headers: RawHeaders, names: tuple[str, ...], *, is_changing: bool) -> Refusal | None:
    """Of a request that was sent to a name that is not ours, or that changes something and comes from another site."""
    told = [one for one in headers if one[0] in _WHENCE]
    host = _values(told, b"host")
    if len(host) != 1 or not is_host(host[0], names):
        return Refusal("wrong-host", 421)
    if is_changing and not is_own(_values(told, b"origin"), _values(told, b"sec-fetch-site"), host[0]):
        return Refusal("wrong-origin", 403)
    return None


def _values(headers: RawHeaders, name: bytes) -> list[str]:
    return [value.decode("latin-1") for key, value in headers if key == name]


class _Visit:
    """One request for a page, and who it is of."""

    def __init__(self, asked: HTTPConnection, door: Door) -> None:
        self.asked = asked
        self._door = door
        self._settings = door.settings
        self._path = asked.scope["path"]
        self._by_proxy = bool(self._settings.proxy_header) and asked.scope["state"]["by_proxy"]
        self.is_changing = asked.scope["method"] not in _READING
        self.cookie = ("__Host-" if self._is_secure else "") + f"doudi-{self._settings.port}"
        self._came = asked.cookies.get(self.cookie, "")
        self.person, self.session = self._who()

    @property
    def _is_secure(self) -> bool:
        return bool(self.asked.scope.get("scheme") == "https")

    def _who(self) -> tuple[Person | None, Session | None]:
        person, session = self._door.session(self._came)
        if self._by_proxy:
            user = self._door.brought(self.asked.headers.getlist(self._settings.proxy_header))
            if user is None:
                return None, None
            same = session is not None and person == user.person
            return user.person, session if same else self._door.begin(user.person.name)
        if session is None and self._path == "/login":
            session = self._door.begin()
        return person, session

    def state(self) -> dict[str, Any]:
        return {
            "person": self.person or NOBODY,
            "session": self.session,
            "csrf": "" if self.session is None else self._door.sessions.mark(self.session),
        }

    def refusal(self) -> Refusal | None:
        if self._path in WATCHED:
            return None
        refusal = _astray(self.asked.headers.raw, self._settings.names, is_changing=self.is_changing)
        if refusal is None and self.is_changing and self.person is None and not self._path.startswith(_ANYBODY):
            return Refusal("signed-out", 401)
        return refusal

    def elsewhere(self) -> Response | None:
        """Where somebody has to go first who wants to see a page and has not signed in."""
        if self.person is not None or self._path.startswith(_ANYBODY) or self._path in WATCHED:
            return None
        if self._by_proxy:
            return refused(self.asked, Refusal("no-account", 403))
        if not self._settings.users:
            return refused(self.asked, Refusal("no-link", 401))
        asked = self.asked.url.query
        target = f"/login?next={quote(self._path + ('?' + asked if asked else ''), safe='')}"
        if "hx-request" in self.asked.headers:
            return Response(status_code=401, headers={"HX-Redirect": target})
        return RedirectResponse(target, 303)

    def sending(self, send: Send, state: dict[str, Any]) -> Send:
        """With the session, where it is another one now."""
        if self._path.startswith("/static/"):
            return send

        async def sent(message: Message) -> None:
            session = state["session"]
            if message["type"] == "http.response.start" and self._sealed(session) != self._came:
                MutableHeaders(scope=message).append("set-cookie", self._set(session))
            await send(message)

        return sent

    def _sealed(self, session: Session | None) -> str:
        return "" if session is None else self._door.sessions.sealed(session)

    def _set(self, session: Session | None) -> str:
        cookie: SimpleCookie = SimpleCookie()
        cookie[self.cookie] = self._sealed(session)
        held = cookie[self.cookie]
        held["path"] = "/"
        held["httponly"] = True
        held["samesite"] = "Lax"
        held["max-age"] = LASTS if session is not None else 0
        if self._is_secure:
            held["secure"] = True
        return cookie.output(header="").strip()


async def _mark(asked: HTTPConnection, receive: Receive) -> tuple[str, Receive]:
    """The mark that a request carries, in its header or as the first field of its form; and the form, still whole."""
    given = asked.headers.get("x-csrf")
    kind = asked.headers.get("content-type", "").partition(";")[0].strip().lower()
    if given is not None or kind not in (_FORM, _PARTS):
        return given or "", receive
    messages: list[Message] = []
    head = b""
    while len(head) < _LOOKED_AT:
        message = await receive()
        messages.append(message)
        if message["type"] != "http.request":
            break
        head += message.get("body", b"")
        if (kind == _PARTS and _PART.search(head)) or not message.get("more_body", False):
            break
    return _mark_in(head, kind), _again(messages, receive)


def _mark_in(head: bytes, kind: str) -> str:
    if kind == _PARTS:
        found = _PART.search(head)
        return "" if found is None else found[1].decode("ascii")
    first = head[:_LOOKED_AT].decode("latin-1").split("&", 1)[0]
    return dict(parse_qsl(first)).get(_MARK, "")


def _again(messages: list[Message], receive: Receive) -> Receive:
    """What was read already, and then the rest."""
    waiting = iter(messages)

    async def received() -> Message:
        held = next(waiting, None)
        return await receive() if held is None else held

    return received
