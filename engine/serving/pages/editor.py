"""The editor of a file: a page that works by a plain form, and answers in JSON for the script laid over it.

In: requests below `/rules/edit` and `/rules/editor`.  Out: pages and JSON. What is answered is worked out by
`editor_told`; texts are kept by the drafts' store.
Imports those, bench, editing_rights, rules, view, desk and below.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, Final

import anyio
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from engine.diagnostics import shortened
from engine.editing.actions import suppressions
from engine.editing.workspace import Abandoned, File, Snapshot
from engine.fixes import TextEdit, apply_edits
from engine.records import dataclass
from engine.say import Say
from engine.serving.desk import Desk, Rules, desk_of
from engine.serving.drafts.paths import file_in
from engine.serving.drafts.store import Conflict, Draft, Drafts, Reason, Refused
from engine.serving.drafts.texts import sha
from engine.serving.pages.bench import Bench
from engine.serving.pages.editing_rights import why_not_write
from engine.serving.pages.editor_told import (
    Value,
    completion_json,
    edits_json,
    elsewhere,
    formatting,
    hover_json,
    looks_json,
    problems_json,
    problems_of,
    repairs,
    signature_json,
    summary_of,
)
from engine.serving.pages.lines import lines_of
from engine.serving.pages.rules import document_url, file_named, file_url
from engine.serving.people.person import Person
from engine.serving.posted import TooLarge, posted
from engine.serving.saving import save as into_draft
from engine.serving.saving import status_of, texts_of, trouble_words
from engine.serving.view import in_thread, page, url

_NOBODY_WAITS: Final = 499
_HALF: Final = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class _Edited:
    """A file of a draft that somebody edits.

    Attributes:
        path: below the policy folder, as drafts name it; `real` with all links followed.
        saved: everything as it is kept; nothing of it is worked out yet.
    """

    drafts: Drafts
    draft: Draft
    path: str
    real: Path
    saved: Snapshot

    @property
    def key(self) -> str:
        """Whose work may be taken over."""
        return f"{self.draft.id}/{self.path}"


def _edited(desk: Desk, draft_id: str, path: str, say: Say) -> _Edited:
    """Raises: HTTPException."""
    drafts = desk.drafts
    draft = None if drafts is None else drafts.get(draft_id)
    if drafts is None or draft is None:
        raise HTTPException(404, say("没有这份草稿", "there is no such draft"))
    real = file_in(drafts.home, path)
    if real is None:
        raise HTTPException(404, say("没有这个文件", "there is no such file"))
    return _Edited(drafts, draft, path, real, desk.rules_of(draft).snapshot)


# ---- the page


@dataclass(frozen=True, slots=True)
class _Typed:
    """What stands in the field, and what is to be said of it.

    Attributes:
        expected: the mark of the text that it was made from.
        unsaved: whether it is not what is kept.
        beside: another file that was written, where one goes on.
    """

    text: str
    expected: str
    told: str = ""
    refused: str = ""
    status: int = 200
    unsaved: bool = True
    beside: str = ""


async def start(request: Request) -> Response:
    """A draft to edit a file in: the one that is worked on, else a new one."""
    desk, say, person = desk_of(request), request.state.say, request.state.person
    form = await request.form()
    path = str(form.get("file", ""))

    def draft_of() -> str:
        file = file_named(desk.rules(request).snapshot, path)
        if file is None:
            raise HTTPException(404, say("没有这个文件", "there is no such file"))
        _must_write(desk, desk.rules(request), person, file, say)
        drafts = desk.drafts
        assert drafts is not None, "whoever may write has drafts"
        held = drafts.get(request.query_params.get("draft", ""))
        made = held or drafts.create(person, say(f"修改 {path}", f"changes of {path}"))
        if isinstance(made, Refused):
            raise HTTPException(409, say("草稿太多，请先清理不用的", "too many drafts; discard some first"))
        return made.id

    return RedirectResponse(edit_url(request, await in_thread(draft_of), path), 303)


def edit_url(request: Request, draft: str, path: str, **query: str) -> str:
    return url(request, "/rules/edit", draft=draft, file=path, **query)


def draft_url(draft: Draft) -> str:
    return f"/versions/drafts/{draft.id}"


async def edit(request: Request) -> Response:
    if request.method == "GET":
        return await in_thread(_edit, request, {})
    try:
        typed = (await posted(request)).first
    except TooLarge:
        raise HTTPException(413) from None
    return await in_thread(_edit, request, typed)


def _edit(request: Request, form: Mapping[str, str]) -> Response:
    desk, say, person, query = desk_of(request), request.state.say, request.state.person, request.query_params
    edited = _edited(desk, query.get("draft", ""), query.get("file", ""), say)
    rules = desk.rules(request)
    file = rules.snapshot.files.get(edited.real)
    if file is None:
        raise HTTPException(404, say("没有这个文件", "there is no such file"))
    _must_write(desk, rules, person, file, say)
    if not form:
        told = say("已保存到草稿", "saved in the draft") if "saved" in query else ""
        typed = _Typed(file.source.text, edited.drafts.expected(edited.draft, edited.path), told, unsaved=False)
        return _page(request, edited, file, typed)
    text, expected = _lines(form.get("text", "")), form.get("expected", "")
    do = form.get("do", "check")
    if do == "save":
        return _save(request, edited, file, _Typed(text, expected))
    if do.startswith("leave-"):
        return _page(request, edited, file, _left_out(desk, person, edited, do, _Typed(text, expected), say))
    return _page(request, edited, file, _done(desk.bench, edited, do, _Typed(text, expected), say))


def _save(request: Request, edited: _Edited, file: File, typed: _Typed) -> Response:
    say = request.state.say
    desk, person = desk_of(request), request.state.person
    match desk.save(person, edited.draft.id, edited.path, typed.text, typed.expected):
        case Draft():
            return RedirectResponse(edit_url(request, edited.draft.id, edited.path, saved="1"), 303)
        case Conflict(id=aside):  # both texts are kept, and shown there
            return RedirectResponse(f"{draft_url(edited.draft)}/aside/{aside}", 303)
        case Refused(reason=reason):
            return _page(request, edited, file, replace(typed, refused=_why_refused(reason, say), status=422))
        case None:
            raise HTTPException(404, say("没有这份草稿", "there is no such draft"))


def _why_refused(reason: Reason, say: Say) -> str:
    return say("没有保存：", "not saved: ") + trouble_words(reason, say)


def _done(bench: Bench, edited: _Edited, do: str, typed: _Typed, say: Say) -> _Typed:
    """The text after what a button does with it, not kept yet."""
    asked = bench.next(edited.key, edited.saved, edited.real, typed.text)
    file = asked.files[edited.real]
    edits: tuple[TextEdit, ...]
    if do == "format":
        edits, told = formatting(asked, file, say)
    elif do == "repair":
        edits, told = repairs(asked, file, say)
    elif do.startswith("fix-"):
        here = problems_of(file, asked.diagnostics().get(file.path, ()), say)
        edits = tuple(one.fix for number, one in enumerate(here) if one.fix is not None and do == f"fix-{number}")
        told = say("改好了，还没有保存", "repaired, not saved yet") if edits else ""
    else:
        edits, told = (), ""
    return replace(typed, text=apply_edits(file.source.text, edits), told=told)


def _left_out(desk: Desk, person: Person, edited: _Edited, do: str, typed: _Typed, say: Say) -> _Typed:
    """A finding that stays as it is: the draft says so where findings are left out. Why, its author writes there."""
    asked = desk.bench.next(edited.key, edited.saved, edited.real, typed.text)
    file, found = asked.files[edited.real], asked.diagnostics().get(edited.real, ())
    chosen = [one for number, one in enumerate(shortened(found)) if do == f"leave-{number}"]
    offered = (one for each in chosen for one in suppressions(asked, file, (each,), say))
    action = next(offered, None)
    if action is None:
        return typed
    made = into_draft(desk, person, edited.draft.id, "", texts_of(asked, action.edits, action.created))
    if made.trouble:
        return replace(typed, refused=trouble_words(made.trouble, say), status=status_of(made.trouble))
    [path] = {*action.edits, *action.created}
    told = say(
        "已经写进草稿，理由还空着，请在那里写明：", "written into the draft; the reason is still empty: give it in "
    )
    return replace(typed, told=told, beside=path.name)


def _page(request: Request, edited: _Edited, file: File, typed: _Typed) -> Response:
    desk, say = desk_of(request), request.state.say
    asked = desk.bench.next(edited.key, edited.saved, edited.real, typed.text)
    found, now = asked.diagnostics(), asked.files[edited.real]
    desk.bench.keep(edited.key, asked)
    here = problems_of(now, found.get(edited.real, ()), say, may_leave=_may_leave(request))
    others = elsewhere(now, found, say)
    return page(
        request,
        "rules/edit.html",
        typed.status,
        file=edited.path,
        kind=file.kind,
        document=file.id if file.is_document else "",
        document_title=_title(asked, file),
        typed=typed,
        problems=here,
        elsewhere=others,
        summary=summary_of(here, others, say),
        lines=lines_of(now, [(one.line, one.severity) for one in here]),
        to_line=partial(file_url, request),
        document_url=partial(document_url, request),
        again=edit_url(request, edited.draft.id, edited.path),
        other=lambda path: edit_url(request, edited.draft.id, path),
    )


def _may_leave(request: Request) -> bool:
    return desk_of(request).rules(request).rights.may_leave_out(request.state.person)


def _title(asked: Snapshot, file: File) -> str:
    held = asked.library.documents.get(file.id) if file.is_document else None
    return (held.header.title if held is not None else "") or file.id


def _must_write(desk: Desk, rules: Rules, person: Person, file: File, say: Say) -> None:
    """Raises: HTTPException."""
    if why := why_not_write(desk, rules, person, file, say):
        raise HTTPException(403, why)


def _lines(text: str) -> str:
    """As a file has them. A browser may send half a character; it stands for none."""
    return _HALF.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))


# ---- answers for the script


async def answer(request: Request) -> Response:
    """What is refused is told in JSON as well: the script shows it."""
    try:
        return await _answer(request)
    except HTTPException as refused:
        return _json({"detail": refused.detail}, refused.status_code)


async def _answer(request: Request) -> Response:
    desk, say, what = desk_of(request), request.state.say, request.path_params["what"]
    told = await _question(request, say)
    path, text, at = str(told.get("path", "")), _lines(str(told.get("text", ""))), told.get("at", 0)
    edited = await in_thread(_edited, desk, request.query_params.get("draft", ""), path, say)
    if what in _AT_ONCE and type(at) is int:
        work = _AT_ONCE[what]
        found = await in_thread(
            desk.bench.ask, edited.key, edited.saved, edited.real, text, lambda asked, file: work(asked, file, at, say)
        )
        return _json(found or {})
    if what == "looks":
        found = await in_thread(
            desk.bench.ask, edited.key, edited.saved, edited.real, text, lambda asked, file: looks_json(asked, file)
        )
        return _json(found or {})
    if what == "problems" or what in _CHANGES:
        asked = await in_thread(desk.bench.next, edited.key, edited.saved, edited.real, text)
        return await _unless_gone(request, asked, partial(_of_whole, request, edited, asked, what))
    if what == "save":
        return await in_thread(_save_here, request, edited, text, str(told.get("expected", "")))
    raise HTTPException(404, say("没有这样的问题", "there is no such question"))


async def _question(request: Request, say: Say) -> Mapping[str, Any]:
    """Raises: HTTPException."""
    try:
        told = json.loads(await request.body())
    except (ValueError, RecursionError):
        told = None
    if not isinstance(told, dict):
        raise HTTPException(400, say("不是 JSON 对象", "no JSON object"))
    return told


_At = Callable[[Snapshot, File, int, Say], Value]
_AT_ONCE: Final[Mapping[str, _At]] = {
    "completion": completion_json,
    "hover": hover_json,
    "signature": signature_json,
}


_Change = Callable[[Snapshot, File, Say], tuple[tuple[TextEdit, ...], str]]
_CHANGES: Final[Mapping[str, _Change]] = {"format": formatting, "repair": repairs}


def _of_whole(request: Request, edited: _Edited, asked: Snapshot, what: str) -> Value:
    """What is told of a text as a whole; nothing of a file that is not read, as an editor's copy."""
    say, file = request.state.say, asked.files.get(edited.real)
    if file is None:
        return {}
    if what in _CHANGES:
        return edits_json(file, *_CHANGES[what](asked, file, say))
    found = asked.diagnostics()
    desk_of(request).bench.keep(edited.key, asked)
    here = problems_of(file, found.get(edited.real, ()), say, may_leave=_may_leave(request))
    others = elsewhere(file, found, say)
    return problems_json(file, here, others, say, partial(file_url, request))


async def _unless_gone(request: Request, asked: Snapshot, work: Callable[[], Value]) -> Response:
    """The answer; the work is given up where nobody waits for it any more, as when more was typed."""
    found: Value | None = None

    async def watch() -> None:
        while (await request.receive())["type"] != "http.disconnect":
            pass
        asked.abandon()

    async with anyio.create_task_group() as group:
        group.start_soon(watch)
        with suppress(Abandoned):
            found = await in_thread(work)
        group.cancel_scope.cancel()
    return Response(status_code=_NOBODY_WAITS) if found is None else _json(found)


def _save_here(request: Request, edited: _Edited, text: str, expected: str) -> Response:
    """Kept in the draft, where nobody else was faster; else the page itself shows both texts."""
    desk, say, drafts = desk_of(request), request.state.say, edited.drafts
    rules = desk.rules(request)
    file = rules.snapshot.files.get(edited.real)
    if file is None:
        raise HTTPException(404, say("没有这个文件", "there is no such file"))
    _must_write(desk, rules, request.state.person, file, say)
    if expected != drafts.expected(edited.draft, edited.path):
        return _json({"detail": say("别人先改了这份文件", "somebody else changed this file first")}, 409)
    match desk.save(request.state.person, edited.draft.id, edited.path, text, expected):
        case Draft():
            return _json({"expected": sha(text), "told": say("已保存到草稿", "saved in the draft")})
        case Conflict():
            return _json({"detail": say("别人先改了这份文件", "somebody else changed this file first")}, 409)
        case Refused(reason=reason):
            return _json({"detail": _why_refused(reason, say)}, 422)
        case None:
            raise HTTPException(404, say("没有这份草稿", "there is no such draft"))


def _json(told: Value, status: int = 200) -> Response:
    return JSONResponse(told, status, headers={"Cache-Control": "no-store"})


ROUTES: Final[list[BaseRoute]] = [
    Route("/rules/edit/start", start, methods=["POST"]),
    Route("/rules/edit", edit, methods=["GET", "POST"]),
    Route("/rules/editor/{what}", answer, methods=["POST"]),
]
