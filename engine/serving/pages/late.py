"""A text that came too late: two people wrote one file of a draft; one of the texts is chosen, or both put together.

In: requests.  Out: pages. Nothing is overwritten: what was put aside stays until it is settled.
"""

from __future__ import annotations

from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from engine.serving.desk import Desk, desk_of
from engine.serving.drafts.store import Conflict, Draft, Drafts, Refused
from engine.serving.pages.drafts_asked import draft_of, editing, to_draft
from engine.serving.pages.files_shown import naming, shown
from engine.serving.people.refusals import Refusal, refused
from engine.serving.posted import TooLarge, posted
from engine.serving.saving import trouble_words
from engine.serving.view import in_thread, page


async def conflict_page(request: Request) -> Response:
    return await in_thread(_conflict_page, request, "", 200)


def _conflict_page(request: Request, error: str, status: int) -> Response:
    drafts, _ = editing(request)
    draft = draft_of(request, drafts)
    aside = _aside(request, drafts, draft)
    there = drafts.text(draft, aside.path)
    own = draft.files.get(aside.path)
    words = naming(desk_of(request).rules_of(draft).snapshot, (aside.path,), request.state.say)
    found = shown(words, aside.path, there, aside.text, own.by if own else "", own.at if own else "")
    expected = drafts.expected(draft, aside.path)
    values = {"one": draft, "aside": aside, "file": found, "expected": expected, "error": error}
    return page(request, "versions/conflict.html", status, **values, side=request.query_params.get("view") == "side")


async def settle(request: Request) -> Response:
    """Of two texts the one that stands there, or the one that was put together of both."""
    drafts, _ = editing(request)
    draft = draft_of(request, drafts)
    aside = _aside(request, drafts, draft)
    try:
        asked = (await posted(request)).first
    except TooLarge:
        raise HTTPException(413) from None
    if not await in_thread(_may_settle, desk_of(request), request, draft, aside):
        return refused(request, Refusal("not-yours", 403))
    if asked.get("keep") != "mine":
        await in_thread(drafts.settle, draft.id, aside.id)
        return to_draft(draft.id)
    text, expected = asked.get("text", ""), asked.get("expected", "")
    made = await in_thread(desk_of(request).save, request.state.person, draft.id, aside.path, text, expected)
    match made:
        case Draft():
            await in_thread(drafts.settle, draft.id, aside.id)
            return to_draft(draft.id)
        case Conflict():
            await in_thread(drafts.settle, draft.id, aside.id)  # the newer text that was put aside has all of this
            return RedirectResponse(f"/versions/drafts/{draft.id}/aside/{made.id}", 303)
        case Refused(reason=reason):
            return await in_thread(_conflict_page, request, trouble_words(reason, request.state.say), 422)
        case None:
            raise HTTPException(404)


def _may_settle(desk: Desk, request: Request, draft: Draft, aside: Conflict) -> bool:
    assert desk.drafts is not None
    rules, file = desk.rules_of(draft), desk.drafts.home / aside.path
    return rules.rights.may_keep(request.state.person, file, rules.owners)


def _aside(request: Request, drafts: Drafts, draft: Draft) -> Conflict:
    found = drafts.conflict(draft, request.path_params["aside"])
    if found is None:
        raise HTTPException(404)
    return found


_ASIDE: Final = "/versions/drafts/{draft:str}/aside/{aside:str}"
ROUTES: Final = (
    Route(_ASIDE, conflict_page, methods=["GET"]),
    Route(_ASIDE, settle, methods=["POST"]),
)
