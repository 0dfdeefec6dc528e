"""The application: routes of every room, and what stands before them.

In: settings, work.  Out: an ASGI application. Imports every room of serving.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from engine.serving.asking import Asking
from engine.serving.desk import Desk, settle
from engine.serving.live import Live
from engine.serving.pages import cases, conditions, editor, impact, login, rules, standards, trial, versions
from engine.serving.people.forwarded import Forwarded
from engine.serving.people.gate import Gate
from engine.serving.settings import Settings
from engine.serving.view import STATIC, templates, url
from engine.serving.work import Work

ROOMS: Final[Sequence[Sequence[BaseRoute]]] = (
    login.ROUTES,
    rules.ROUTES,
    editor.ROUTES,
    versions.ROUTES,
    impact.ROUTES,
    cases.ROUTES,
    standards.ROUTES,
    conditions.ROUTES,
    trial.ROUTES,
)


async def _front(request: Request) -> Response:
    return RedirectResponse(url(request, "/rules"), 303)


def application(settings: Settings, work: Work) -> Starlette:
    routes: list[BaseRoute] = [
        Route("/", _front),
        Mount("/static", StaticFiles(directory=STATIC)),
        *(route for room in ROOMS for route in room),
    ]
    settle(settings, work)
    desk = Desk(settings, work, Live(settings.folders), templates())
    app = Starlette(
        routes=routes,
        middleware=[Middleware(Forwarded, settings.proxy_from), Middleware(Asking), Middleware(Gate, desk.door)],
    )
    app.state.desk = desk
    return app
