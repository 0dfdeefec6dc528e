"""What handlers of drafts ask first: whether anything can be edited here, and which draft is meant.

In: a request.  Out: drafts, a draft; HTTPException where there is none. Imports desk and drafts.
"""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from engine.serving.desk import desk_of
from engine.serving.drafts.publish import Publisher
from engine.serving.drafts.store import Draft, Drafts


def editing(request: Request) -> tuple[Drafts, Publisher]:
    desk = desk_of(request)
    if desk.drafts is None or desk.publisher is None:
        raise HTTPException(404)
    return desk.drafts, desk.publisher


def draft_of(request: Request, drafts: Drafts) -> Draft:
    found = drafts.get(request.path_params["draft"])
    if found is None:
        raise HTTPException(404)
    return found


def to_draft(id_: str) -> Response:
    return RedirectResponse(f"/versions/drafts/{id_}", 303)
