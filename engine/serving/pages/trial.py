"""试算: a household tried by a form, and the answer beside it.

In: requests at `/trial`.  Out: pages, the household as JSON, a case in a draft. A post is answered by the page itself:
what was filled in is in the form and nowhere else. Households are kept only where they are saved as a case.
Imports trying, saving, view, desk and below.
"""

from __future__ import annotations

from functools import partial
from typing import Any, Final
from urllib.parse import quote

from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from engine.escaping import as_json
from engine.evaluation.json_text import MOST_BYTES
from engine.reporting.words import Words
from engine.serving.desk import desk_of
from engine.serving.filled import Posted
from engine.serving.forms import MOST_UNFOLDED
from engine.serving.pages.saving import Saved, save
from engine.serving.trying import Tried, Wanted, acted, begun, loaded, tried
from engine.serving.view import in_thread, page, url
from engine.source import Span

ACT: Final = "act"


async def show(request: Request) -> Response:
    if request.method == "GET":
        wanted = Wanted(request.query_params.get("policy", ""))
        desk = desk_of(request)
        rules = desk.rules(request)
        return _page(request, await in_thread(begun, rules.policies, _words(request), desk.work.today(), wanted))
    async with request.form(max_fields=100_000, max_part_size=MOST_BYTES) as form:
        posted = Posted((name, value) for name, value in form.multi_items() if isinstance(value, str))
        data = await _given(form)
    return await in_thread(_acted, request, posted, data)


async def _given(form: FormData) -> bytes:
    """A household that was chosen as a file, or pasted."""
    file, pasted = form.get("file"), form.get("json")
    if isinstance(file, UploadFile) and (data := await file.read(MOST_BYTES + 1)):
        return data
    return pasted.encode("utf-8", "replace") if isinstance(pasted, str) else b""


def _acted(request: Request, posted: Posted, data: bytes) -> Response:
    act, words, policies = posted.one(ACT), _words(request), desk_of(request).rules(request).policies
    if act == "load":
        return _page(request, loaded(policies, words, data, Wanted.of(posted)), given=data.decode("utf-8", "replace"))
    posted = acted(policies, posted, act)
    found = tried(policies, words, posted, Wanted.of(posted, what_if=act == "what_if"))
    if act == "download" and found.form is not None:
        headers = {"Content-Disposition": 'attachment; filename="household.json"', "Cache-Control": "no-store"}
        return Response(as_json(found.household, indent=2).encode(), 200, headers, "application/json")
    if act == "save":
        saved = save(request, found, posted.one("name").strip(), posted.one("why").strip())
        return _page(request, found, saved=saved, name=posted.one("name"), why=posted.one("why"))
    return _page(request, found, act=act)


def _words(request: Request) -> Words:
    return Words(request.state.say.language)


def _page(
    request: Request,
    found: Tried,
    *,
    act: str = "",
    given: str = "",
    saved: Saved | None = None,
    name: str = "",
    why: str = "",
) -> Response:
    beside: dict[str, Any] = {"saved": saved, "name": name, "why": why, "given": given, "act": act}
    answered = page(
        request,
        "trial/index.html",
        tried=found,
        line_url=partial(_line_url, request),
        unfolded=MOST_UNFOLDED,
        may_save=desk_of(request).drafts is not None and request.state.person.writes,
        today=desk_of(request).work.today(),
        **beside,
    )
    answered.headers["Cache-Control"] = "no-store"
    return answered


def _line_url(request: Request, at: Span) -> str:
    return url(request, f"/rules/file/{quote(at.source.name)}") + f"#L{at.line}"


ROUTES = [Route("/trial", show, methods=["GET", "POST"])]
