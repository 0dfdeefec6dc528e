"""条件: what a place may change, by a form that shows the lines it writes.

In: requests.  Out: pages. What they show is worked out in `engine.serving.conditions`.
Imports posted, saving, view and those modules.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Final

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from engine import disk
from engine.editing.workspace import File, Snapshot
from engine.records import dataclass
from engine.say import Say
from engine.serving.conditions.form import Sheet, answered, begun, found_present, of_present
from engine.serving.conditions.making import FACT_KINDS
from engine.serving.conditions.opened import KINDS, Kind, Opened, Present, opened, present
from engine.serving.conditions.rows import OPERATORS
from engine.serving.desk import desk_of
from engine.serving.difference import hunks
from engine.serving.drafts.texts import sha
from engine.serving.people.person import Person
from engine.serving.posted import TooLarge, posted
from engine.serving.saving import Text, save, status_of, trouble_words
from engine.serving.view import in_thread, page, url

KIND_WORDS: Final = {
    "condition": ("认定情形的条件", "A condition of a cause"),
    "requirement": ("对全家的要求", "A requirement of the household"),
    "exemption": ("免除某个条件", "An exemption from a condition"),
    "threshold": ("限额、月数等数值", "A limit"),
    "fact": ("增加填报事项", "A fact to be asked for"),
}
OPERATOR_WORDS: Final = {
    "<": ("低于", "below"),
    "<=": ("不超过", "at most"),
    "=": ("等于", "equal to"),
    "!=": ("不等于", "other than"),
    ">=": ("不低于", "at least"),
    ">": ("高于", "above"),
}


@dataclass(frozen=True, slots=True)
class Shown:
    """`files` are the overlays that the person may write; the rest is of the one chosen."""

    files: tuple[tuple[str, str], ...]
    file: File | None
    opened: Opened | None
    present: tuple[Present, ...]


async def _index(request: Request) -> Response:
    snapshot, person = desk_of(request).rules(request).snapshot, request.state.person
    place, say, may_edit = request.query_params.get("place", ""), request.state.say, desk_of(request).may_edit
    shown = await in_thread(_shown, snapshot, person, place, say, may_edit)
    saved = "saved" in request.query_params
    return page(request, "conditions/index.html", shown=shown, kinds=KIND_WORDS, saved=saved)


def _shown(snapshot: Snapshot, person: Person, chosen: str, say: Say, may_edit: Callable[[Path], bool]) -> Shown:
    documents = snapshot.library.documents
    files = [
        file
        for file in snapshot.files.values()
        if file.kind == "overlay"
        and file.id in documents
        and may_edit(file.path)
        and _may_write(person, snapshot, file.id)
    ]
    named = tuple((file.id, documents[file.id].header.title) for file in files)
    file = next((file for file in files if file.id == chosen), files[0] if files else None)
    if file is None:
        return Shown(named, None, None, ())
    return Shown(named, file, opened(snapshot, file, say), present(file))


def _may_write(person: Person, snapshot: Snapshot, document: str) -> bool:
    library = snapshot.library
    return person.may_write(library.documents[document].header.jurisdiction, library.territory(document))


async def _form(request: Request) -> Response:
    file = await _file(request)
    if file is None:
        return _refusal(request)
    asked, snapshot = request.query_params, desk_of(request).rules(request).snapshot
    say: Say = request.state.say

    def make() -> Sheet:
        held = found_present(file, asked.get("kind", ""), asked.get("key", ""))
        if held is not None:
            return of_present(snapshot, file, held, say)
        kind: Kind = next((one for one in KINDS if one == asked.get("kind")), "condition")
        return begun(snapshot, file, kind, asked.get("target", ""), say)

    return _page(request, await in_thread(make), asked=False)


async def _posted(request: Request) -> Response:
    file = await _file(request)
    if file is None:
        return _refusal(request)
    say: Say = request.state.say
    try:
        given = await posted(request)
    except TooLarge:
        return page(request, "conditions/refused.html", 413, text=say("提交的内容太大", "too much was posted"))
    sheet = await in_thread(answered, desk_of(request).rules(request).snapshot, file, given.fields, say)
    if given.one("do") == "write" and sheet.may_be_written:
        if given.one("mark") == sha(file.source.text):
            return await _write(request, sheet)
        return _page(request, replace(sheet, trouble=_changed_by(request, file) + trouble_words("changed", say)), 409)
    asked = given.one("do") in ("preview", "write")
    wrong = sheet.faults or sheet.trouble or any(one.is_error for one in sheet.told)
    return _page(request, sheet, 422 if asked and wrong else 200, asked=asked)


def _changed_by(request: Request, file: File) -> str:
    """Who changed it in the draft, and when; "" where it is as it was published."""
    desk = desk_of(request)
    draft = desk.rules(request).draft
    if desk.drafts is None or draft is None or not file.path.is_relative_to(disk.real(desk.drafts.home)):
        return ""
    own = draft.files.get(file.path.relative_to(disk.real(desk.drafts.home)).as_posix())
    say: Say = request.state.say
    return "" if own is None else f"{own.by} {own.at[:16].replace('T', ' ')}{say('：', ': ')}"


async def _file(request: Request) -> File | None:
    """The overlay that is to be changed; None where there is none such, or the person may not write it."""
    snapshot, person = desk_of(request).rules(request).snapshot, request.state.person
    place = request.query_params.get("place", "")

    def find() -> File | None:
        held = snapshot.library.documents.get(place)
        if held is None or not _may_write(person, snapshot, place):
            return None
        return next((one for one in snapshot.files.values() if one.kind == "overlay" and one.id == place), None)

    return await in_thread(find)


async def _write(request: Request, sheet: Sheet) -> Response:
    desk, made = desk_of(request), sheet.made
    say: Say = request.state.say
    if made is None:
        return _page(request, replace(sheet, trouble=trouble_words("no-drafts", say)), 403)
    texts = (Text(sheet.file.path, made.after, made.before),)
    title = f"{say(*KIND_WORDS[sheet.kind])}：{sheet['label'] or sheet.target_label}"
    draft = request.query_params.get("draft", "")
    saved = await in_thread(save, desk, request.state.person, draft, title, texts)
    if saved.trouble:
        return _page(request, replace(sheet, trouble=trouble_words(saved.trouble, say)), status_of(saved.trouble))
    return RedirectResponse(url(request, "/conditions", place=sheet.file.id, draft=saved.draft, saved="1"), 303)


def _refusal(request: Request) -> Response:
    text = request.state.say("没有这个文件，或者您不能改它", "there is no such file, or you may not change it")
    return page(request, "conditions/refused.html", 403, text=text)


def _faults(sheet: Sheet, say: Say) -> dict[str, str]:
    """What is wrong, by field, in the order of the page."""
    return {**{one.field: say(one.zh, one.en) for one in sheet.faults}, **_found(sheet)}


def _found(sheet: Sheet) -> dict[str, str]:
    """What the check finds, by field."""
    found: dict[str, list[str]] = {}
    for one in sheet.told:
        if one.field:
            found.setdefault(one.field, []).append(one.fault)
    return {name: "。".join(texts) for name, texts in found.items()}


def _where(say: Say, field: str) -> str:
    """Which of the tests a field belongs to, as the form numbers them; "" for what stands above them."""
    steps = field.split(".")
    numbers = (say(f"第 {int(step) + 1} 项", f"test {int(step) + 1}") for step in steps if step.isdecimal())
    sides = {"left": say("左边", "left"), "right": say("右边", "right")}
    side = next((sides[step] for step in reversed(steps) if step in sides), "")
    return say("，", ", ").join(one for one in (*numbers, side) if one)


def _page(request: Request, sheet: Sheet, status: int = 200, *, asked: bool = True) -> Response:
    """
    Args:
        asked: to see the result: while the form is still filled in, what lacks is no fault yet.
    """
    say: Say = request.state.say
    return page(
        request,
        "conditions/form.html",
        status,
        sheet=sheet,
        words=sheet.words,
        kinds=KIND_WORDS,
        fact_pairs=[(one, say(*told)) for one, told in FACT_KINDS.items()],
        operator_pairs=[(one, say(*OPERATOR_WORDS[one])) for one in OPERATORS],
        faults=_faults(sheet, say) if asked else _found(sheet),
        where=partial(_where, say),
        asked=asked,
        hunks=hunks,
        mark=sha(sheet.file.source.text),
        may_write=desk_of(request).drafts is not None,
    )


ROUTES: Final = [
    Route("/conditions", _index),
    Route("/conditions/form", _form),
    Route("/conditions/form", _posted, methods=["POST"]),
]
