"""What watches over every request: how large, how many at once, how slow; counted, timed and written down.

In: an ASGI application, limits.  Out: the same application, behind one plain ASGI layer. A request that goes over a
limit is told so (413, 408, 429, 503, 504) before it costs more; one whose answer has begun already is cut off.
Time is looked at once a second for all requests together, so that a quick one costs no timer.
Imports problems, metrics, logbook, settings and the ground floor.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from time import monotonic
from typing import Final, Literal

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from engine.diagnostics import Diagnostic
from engine.disk import DiskFault
from engine.serving.logbook import Logbook
from engine.serving.metrics import Metrics
from engine.serving.problems import WATCHED, Problem, failed, problem_of, told_early
from engine.serving.settings import Limits

METHODS: Final = frozenset(("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"))
GONE: Final = 499
"""the status in the log of a request whose caller did not wait"""
ELSEWHERE: Final = "(none)"
"""the address in the log of a request for one that is not there"""
_DRAINED: Final = 1 << 23
"""bytes of a body that is too large that are read on, so that its sender comes to read the answer"""
_A_MOMENT: Final = 2

Late = Literal["", "arriving", "working", "sending", "large", "full"]


class Traffic:
    """What is on its way through one process.

    Args:
        routes: the address as the table has it, by the endpoint that answers there.
        streamed: addresses whose bodies may be of any length.
    """

    def __init__(
        self,
        limits: Limits,
        routes: Mapping[object, str],
        streamed: frozenset[str],
        metrics: Metrics,
        logbook: Logbook,
    ) -> None:
        self.limits, self.streamed, self.logbook = limits, streamed, logbook
        self._routes, self._metrics = routes, metrics
        self.held = 0
        """bytes of bodies that are in memory"""
        self.loop: asyncio.AbstractEventLoop | None = None
        """in which all requests are, where that is known: to find it out takes a call of the system"""
        self._running: dict[Passing, None] = {}
        self._from: dict[str, int] = {}

    def begin(self, scope: Scope, one: Passing) -> None:
        """
        Raises: Problem.
        """
        one.must_be_small(scope)
        if scope["path"] not in WATCHED:
            self._must_have_room(one)
        self._running[one] = None
        self._from[one.place] = self._from.get(one.place, 0) + 1

    def _must_have_room(self, one: Passing) -> None:
        """Requests that arrive slowly make room for others, the oldest first: nobody is kept out by who sends nothing.

        Raises: Problem.
        """
        limits = self.limits
        from_here = self._from.get(one.place, 0) >= limits.requests_of_one
        if not from_here and len(self._running) < limits.requests:
            return
        slow = (held for held in self._running if held.is_slow and (not from_here or held.place == one.place))
        if (oldest := next(slow, None)) is not None:
            oldest.give_way()
        elif from_here:
            told = Diagnostic.of("too-many-at-once", limit=str(limits.requests_of_one))
            raise Problem(429, [told], headers=_SOON)
        else:
            raise _busy(limits)

    def end(self, scope: Scope, one: Passing) -> None:
        if one in self._running:
            del self._running[one]
            self.held -= one.got
            left = self._from.pop(one.place) - 1
            if left:
                self._from[one.place] = left
        route = self._routes.get(scope.get("endpoint"), ELSEWHERE)
        method = scope["method"] if scope["method"] in METHODS else "OTHER"
        ended = monotonic()
        self._metrics.answered(route, method, one.status, ended - one.begun)
        self.logbook.request(one.begun, ended, method, route, one.status)

    def look(self) -> None:
        """End what takes too long; to be called from time to time."""
        for one in list(self._running):
            one.look()
        self._metrics.running(len(self._running))
        self.logbook.flush()


class Bounded:
    def __init__(self, app: ASGIApp, traffic: Traffic) -> None:
        self._app, self._traffic = app, traffic

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        traffic = self._traffic
        one = Passing(traffic, scope, receive, send)
        try:
            traffic.begin(scope, one)
            await self._app(scope, one.receive, one.send)
        except (Problem, DiskFault) as fault:
            await one.refuse(scope, problem_of(Request(scope), fault))
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if not one.late or task is None:
                raise
            task.uncancel()
            await one.refuse(scope, one.problem())
        except ClientDisconnect:
            one.status = one.status or GONE
        except Exception as fault:  # told to nobody but the log: its words may quote a household
            traffic.logbook.fault(fault)
            await one.refuse(scope, failed())
        finally:
            traffic.end(scope, one)


class Passing:
    """One request on its way.

    Attributes:
        begun, moved: when it came, and when a piece of it or of its answer last went through.
        got: bytes of its body so far, where it is not streamed.
        place: the network address that it comes from.
        status: of the answer, once that has begun.
        late: why it was ended.
    """

    __slots__ = (
        "_expects", "_is_arriving", "_is_receiving", "_is_sending", "_receive", "_send", "_task", "_traffic", "begun",
        "got", "is_streamed", "late", "moved", "place", "status",
    )  # fmt: skip

    def __init__(self, traffic: Traffic, scope: Scope, receive: Receive, send: Send) -> None:
        self._traffic, self._receive, self._send = traffic, receive, send
        self._task = asyncio.current_task(traffic.loop)
        self.begun = self.moved = monotonic()
        self.is_streamed, self.place = scope["path"] in traffic.streamed, (scope.get("client") or ("",))[0]
        self._is_arriving = self._is_receiving = self._is_sending = self._expects = False
        self.late: Late = ""
        self.status = self.got = 0

    def must_be_small(self, scope: Scope) -> None:
        """
        Raises: Problem.
        """
        limits = self._traffic.limits
        for name, value in scope["headers"]:
            if name == b"content-length" or name == b"transfer-encoding":
                self._is_arriving = value != b"0"
                if value.isdigit() and int(value) > limits.body and not self.is_streamed:
                    raise _too_large(limits)
            elif name == b"expect":
                self._expects = True

    @property
    def is_slow(self) -> bool:
        """Whether nothing is done but to wait for what does not come."""
        since = self.moved if self.is_streamed else self.begun
        return self._is_arriving and self._is_receiving and not self.late and monotonic() - since > _A_MOMENT

    def give_way(self) -> None:
        if self._task is not None:
            self.late = "full"
            self._task.cancel()

    async def receive(self) -> Message:
        self._is_receiving = True
        message = await self._receive()
        self._is_receiving, self.moved = False, monotonic()
        if message["type"] == "http.request":
            if not message.get("more_body", False):
                self._is_arriving = False
            if not self.is_streamed:
                self._must_fit(len(message.get("body", b"")))
        return message

    def _must_fit(self, size: int) -> None:
        """
        Raises: CancelledError, which no handler of exceptions takes for its own; the gate tells the problem.
        """
        traffic = self._traffic
        self.got += size
        traffic.held += size
        if self.got > traffic.limits.body:
            self.late = "large"
        elif traffic.held > traffic.limits.memory:
            self.late = "full"
        if self.late:
            raise asyncio.CancelledError

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            if self._is_arriving and not await self._has_come():
                # what comes of it after the answer would be read for nothing, and as long as it comes
                headers = [one for one in message.get("headers", ()) if one[0] != b"connection"]
                message = {**message, "headers": [*headers, (b"connection", b"close")]}
        is_whole = not self._is_arriving or message["type"] == "http.response.start" or message.get("more_body", False)
        self._is_sending = True
        await self._send(message if is_whole else {**message, "more_body": True})
        self._is_sending, self.moved = False, monotonic()
        if not is_whole:
            await self._drain()
            await self._send({"type": "http.response.body", "body": b""})

    async def _has_come(self) -> bool:
        """Whether a body that was not looked at is there already, to its end."""
        if not self.is_streamed and not self._expects and not self._is_receiving:
            with suppress(TimeoutError):
                async with asyncio.timeout(0):
                    message = await self._receive()
                    self._is_arriving = bool(message.get("more_body", False))
        return not self._is_arriving

    def look(self) -> None:
        """See whether it is late: with its body, all of it, or a piece of one that is streamed; with being answered; or
        with taking its answer."""
        limits, now = self._traffic.limits, monotonic()
        if self.late or self._task is None:
            return
        if self._is_sending:
            if now - self.moved > limits.sending:
                self.late = "sending"
        elif self._is_arriving and (self._is_receiving or not self.is_streamed):
            if now - (self.moved if self.is_streamed else self.begun) > limits.arriving:
                self.late = "arriving"
        elif not self.status and now - self.moved > limits.working:
            self.late = "working"
        if self.late:
            self._task.cancel()

    def problem(self) -> Problem:
        """Why it was ended."""
        limits = self._traffic.limits
        match self.late:
            case "arriving":
                told = Diagnostic.of("body-too-slow", seconds=str(limits.arriving))
                return Problem(408, [told], headers=_CLOSE)
            case "working" | "sending" | "":
                return Problem(504, [Diagnostic.of("service-slow", seconds=str(limits.working))])
            case "large":
                return _too_large(limits)
            case "full":
                return _busy(limits)

    async def refuse(self, scope: Scope, problem: Problem) -> None:
        """Tell a problem, unless an answer has begun: that one ends where it is, and the connection with it."""
        if self.status:
            return
        response = told_early(scope, problem)
        self._is_receiving = False
        await self.send({"type": "http.response.start", "status": problem.status, "headers": response.raw_headers})
        await self.send({"type": "http.response.body", "body": bytes(response.body)})

    async def _drain(self) -> None:
        """Read on a little, so that a sender who reads nothing until it has sent all is not cut off before it reads."""
        left = _DRAINED
        try:
            async with asyncio.timeout(_A_MOMENT):
                while left > 0:
                    message = await self._receive()
                    if message["type"] != "http.request" or not message.get("more_body", False):
                        return
                    left -= len(message.get("body", b""))
        except TimeoutError:
            return


_CLOSE: Final = {"Connection": "close"}
_SOON: Final = {"Retry-After": "1"}


def _busy(limits: Limits) -> Problem:
    return Problem(503, [Diagnostic.of("service-busy", limit=str(limits.requests))], headers=_SOON)


def _too_large(limits: Limits) -> Problem:
    return Problem(413, [Diagnostic.of("body-too-large", limit=str(limits.body))], headers=_CLOSE)


def addresses(app: Starlette) -> Mapping[object, str]:
    """Those of an application, by what answers there."""
    return {route.endpoint: route.path for route in app.routes if isinstance(route, Route)}
