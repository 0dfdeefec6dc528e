"""Signing in and out.

In: requests.  Out: pages, and sessions; `people.gate` puts the session into its cookie.
"""

from __future__ import annotations

from typing import Final

from anyio import CapacityLimiter, to_thread
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from engine.serving.desk import desk_of
from engine.serving.people.checks import after
from engine.serving.people.refusals import Refusal, refused
from engine.serving.view import in_thread, page

_AT_ONCE: Final = 2
"""passwords tried at the same time: each takes a core and 32 MiB"""


async def form(request: Request) -> Response:
    return _form(request, after(request.query_params.get("next", "/")))


async def sign_in(request: Request) -> Response:
    asked = await request.form()
    name, password, target = (str(asked.get(key, "")) for key in ("name", "password", "next"))
    door, address = desk_of(request).door, request.client.host if request.client else ""
    if wait := await in_thread(door.throttle.begin, name, address, door.now):
        minutes = -(-wait // 60)
        told = request.state.say(f"试错太多次，{minutes} 分钟后再试", f"too many tries; try again in {minutes} minutes")
        answer = _form(request, after(target), name, told, 429)
        answer.headers["retry-after"] = str(wait)
        return answer
    person = await to_thread.run_sync(door.check, name, password, limiter=_limiter(request))
    if person is None:
        told = request.state.say("登录名或密码不对", "the name or the password is wrong")
        return _form(request, after(target), name, told, 401)
    await in_thread(door.throttle.succeeded, name, address)
    request.state.session = door.begin(person.name)
    return RedirectResponse(after(target), 303)


async def sign_out(request: Request) -> Response:
    request.state.session = None
    return RedirectResponse("/login", 303)


async def enter(request: Request) -> Response:
    """The link that the service shows when it is started."""
    door = desk_of(request).door
    person = await to_thread.run_sync(door.follow, request.query_params.get("token", ""))
    if person is None:
        return refused(request, Refusal("no-link", 401))
    request.state.session = door.begin(person.name)
    return RedirectResponse(after(request.query_params.get("next", "/")), 303)


def _limiter(request: Request) -> CapacityLimiter:
    state = request.app.state
    if not hasattr(state, "trying"):
        state.trying = CapacityLimiter(_AT_ONCE)
    limiter = state.trying
    assert isinstance(limiter, CapacityLimiter)
    return limiter


def _form(request: Request, target: str, name: str = "", error: str = "", status: int = 200) -> Response:
    return page(request, "people/login.html", status, next=target, name=name, error=error)


ROUTES: Final = (
    Route("/login", form, methods=["GET"]),
    Route("/login", sign_in, methods=["POST"]),
    Route("/logout", sign_out, methods=["POST"]),
    Route("/enter", enter, methods=["GET"]),
)
