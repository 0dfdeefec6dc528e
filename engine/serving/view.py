"""Pages: templates filled in, and slow work kept off the loop that answers.

In: a request, the name of a template, values.  Out: responses. Nothing a user wrote is ever markup.
Imports desk and the ground floor.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial
from hashlib import sha256
from pathlib import Path
from typing import Any, Final, ParamSpec, TypeVar
from urllib.parse import urlencode

from anyio import to_thread
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from engine import disk
from engine.serving.desk import desk_of
from engine.serving.drafts.store import Draft

P = ParamSpec("P")
T = TypeVar("T")

HERE: Final = Path(__file__).parent
STATIC: Final = HERE / "static"
NAVIGATION: Final = (
    ("/rules", "规则", "Rules"),
    ("/standards", "标准", "Standards"),
    ("/conditions", "条件", "Conditions"),
    ("/trial", "试算", "Try"),
    ("/impact", "影响", "Impact"),
    ("/cases", "用例", "Cases"),
    ("/versions", "版本", "Versions"),
)
_DRAFT: Final = "draft"
"""what a link takes along"""
_MOST: Final = 1 << 24


def templates() -> Environment:
    return Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def page(request: Request, template: str, status: int = 200, **values: Any) -> Response:
    """A page of the workbench. What every page needs is there: `say`, `person`, `csrf`, `url`, `static`, `nonce`."""
    state = request.state
    always = {
        "say": state.say,
        "person": state.person,
        "csrf": partial(_csrf, state.csrf),
        "csrf_token": state.csrf,
        "nonce": state.nonce,
        "url": partial(url, request),
        "static": static,
        "navigation": NAVIGATION,
        "path": request.url.path,
        "here": partial(_here, request),
        "draft": request.query_params.get("draft", ""),
        "working_on": _working_on(request),
        "published": next((to for to, _, _ in NAVIGATION if request.url.path.startswith(to)), NAVIGATION[0][0]),
        "version": desk_of(request).work.version,
        "signs_in": bool(desk_of(request).settings.users) and not desk_of(request).settings.proxy_header,
    }
    text = desk_of(request).templates.get_template(template).render({**always, **values})
    return HTMLResponse(text, status)


def _working_on(request: Request) -> Draft | None:
    """The draft whose rules a page shows; told on each, so that nobody takes them for those in force."""
    drafts, id_ = desk_of(request).drafts, request.query_params.get("draft", "")
    return drafts.get(id_) if drafts is not None and id_ else None


async def in_thread(act: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> T:
    """What takes longer than a moment, while others are answered."""
    return await to_thread.run_sync(partial(act, *arguments, **named), abandon_on_cancel=False)


def url(request: Request, path: str, **query: str) -> str:
    """A link within the workbench; the draft that is worked on, or that a page is about, goes along."""
    draft = request.query_params.get(_DRAFT) or request.path_params.get(_DRAFT, "")
    asked = {name: value for name, value in {_DRAFT: draft, **query}.items() if value}
    return f"{path}?{urlencode(asked)}" if asked else path


def _here(request: Request, **query: str) -> str:
    """This page, with other choices."""
    asked = {**request.query_params, **query}
    return f"{request.url.path}?{urlencode(asked)}"


@cache
def static(name: str) -> str:
    """The address of a file of `static/`, which changes with its content."""
    return f"/static/{name}?{sha256(disk.read(STATIC / name, _MOST)).hexdigest()[:12]}"


def _csrf(token: str) -> Markup:
    return Markup('<input type="hidden" name="csrf" value="{}">').format(token)
