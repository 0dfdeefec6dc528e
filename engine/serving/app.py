"""The application: routes of every room, and what stands before them.

In: settings, work.  Out: an ASGI application. Imports every room of serving.
"""

from __future__ import annotations

import asyncio
import ctypes
import gc
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Final

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware.exceptions import ExceptionMiddleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from engine.disk import DiskFault
from engine.serving.asking import Asking
from engine.serving.desk import Desk, alone
from engine.serving.limits import Bounded, Traffic
from engine.serving.live import Live
from engine.serving.logbook import Logbook
from engine.serving.metrics import Metrics
from engine.serving.pages import beginning, cases, conditions, editor, impact, login, rules, standards, trial, versions
from engine.serving.people.forwarded import Forwarded
from engine.serving.people.gate import Gate
from engine.serving.people.guarding import Guarding
from engine.serving.problems import Problem, answer_problem
from engine.serving.settings import Settings
from engine.serving.v1 import endpoints
from engine.serving.v1.endpoint import Straight
from engine.serving.view import STATIC, in_thread, templates, url
from engine.serving.work import Work

ROOMS: Final[Sequence[Sequence[BaseRoute]]] = (
    endpoints.ROUTES,
    login.ROUTES,
    rules.ROUTES,
    editor.ROUTES,
    beginning.ROUTES,
    versions.ROUTES,
    impact.ROUTES,
    cases.ROUTES,
    standards.ROUTES,
    conditions.ROUTES,
    trial.ROUTES,
)
EVERY: Final = 500
"""milliseconds between two looks at the files of policies"""


async def _front(request: Request) -> Response:
    return RedirectResponse(url(request, "/rules"), 303)


def application(settings: Settings, work: Work) -> Starlette:
    routes: list[BaseRoute] = [
        *(route for room in ROOMS for route in room),
        Route("/", _front),
        Mount("/static", StaticFiles(directory=STATIC)),
    ]
    metrics, logbook = Metrics(), Logbook(work.log, work.now)
    desk = Desk(settings, work, Live(settings.folders, work.now, alone(settings, work)), templates(), metrics, logbook)
    traffic = Traffic(
        settings.limits, {one.endpoint: one.path for one in routes if isinstance(one, Route)}, endpoints.STREAMED,
        metrics, logbook,
    )  # fmt: skip
    return Service(desk, traffic, routes)


class Service(Starlette):
    def __init__(self, desk: Desk, traffic: Traffic, routes: Sequence[BaseRoute]) -> None:
        super().__init__(
            routes=routes,
            exception_handlers={Problem: answer_problem, HTTPException: answer_problem, DiskFault: answer_problem},
            lifespan=lambda _: _watching(desk, traffic),
        )
        self.state.desk, self.state.traffic = desk, traffic

    def build_middleware_stack(self) -> ASGIApp:
        """What a request goes through, from the outside inwards. Starlette would put one more layer around it, which
        tells of faults of the program; `Bounded` does that."""
        desk, traffic = self.state.desk, self.state.traffic
        app: ASGIApp = ExceptionMiddleware(self.router, self.exception_handlers)
        app = Gate(Straight(app, endpoints.STRAIGHT), desk.door)
        app = Bounded(Asking(app), traffic)
        return Forwarded(Guarding(app), desk.settings.proxy_from)


@asynccontextmanager
async def _watching(desk: Desk, traffic: Traffic) -> AsyncIterator[None]:
    """As long as requests come: files are looked at, and what takes too long is ended."""
    traffic.loop = asyncio.get_running_loop()
    tasks = [asyncio.create_task(_look_at_files(desk)), asyncio.create_task(_look_at_traffic(traffic))]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        traffic.logbook.flush()
        traffic.loop = None


async def _look_at_files(desk: Desk) -> None:
    live, metrics = desk.live, desk.metrics
    metrics.loaded("taken")
    while True:
        taken, passed_over = live.taken, live.passed_over
        metrics.policies(sound=live.now.is_sound, refused=live.refused is not None, since=live.now.since.timestamp())
        await asyncio.sleep(EVERY / 1000)
        try:
            await in_thread(live.look)
        except Exception as fault:  # whatever it is, what serves goes on
            desk.logbook.fault(fault)
        if live.taken > taken:
            metrics.loaded("taken")
            desk.logbook.event("policies taken", fingerprint=live.now.fingerprint)
        if live.passed_over > passed_over and live.refused is not None:
            metrics.loaded("refused")
            places = [one.place() for one in live.refused.faults[:10]]
            desk.logbook.event("policies refused", fingerprint=live.refused.fingerprint, at=places)
        if (live.taken, live.passed_over) != (taken, passed_over):  # a set was let go of, large and full of circles
            await in_thread(_given_back)


def _given_back() -> None:
    """What a set held, and the memory that is free now: the C library keeps pieces of it for each thread otherwise."""
    gc.collect()
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None) if sys.platform == "linux" else None  # glibc has it
    if trim is not None:
        trim(0)


async def _look_at_traffic(traffic: Traffic) -> None:
    while True:
        await asyncio.sleep(1)
        traffic.look()
