"""版本: drafts, what differs in them, and their publication; what was published before.

In: requests.  Out: pages. What differs, and what stands against publishing, is worked out in `drafts`.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from engine.disk import DiskFault
from engine.evaluation.shifts import KINDS, WORDS
from engine.say import Say
from engine.serving.desk import Desk, desk_of
from engine.serving.drafts.paths import file_in
from engine.serving.drafts.publish import Behind, Forbidden, Outcome, Published, Publisher, Red, Stopped
from engine.serving.drafts.seen import Seen, read, rules_mark
from engine.serving.drafts.store import Draft, Drafts, Refused
from engine.serving.drafts.texts import sha
from engine.serving.drafts.words import titles
from engine.serving.pages import late
from engine.serving.pages.drafts_asked import draft_of, editing, to_draft
from engine.serving.pages.files_shown import FileShown, Naming, naming, shown
from engine.serving.pages.places import place_name
from engine.serving.people.refusals import Refusal, refused
from engine.serving.saving import Text, save, trouble_words
from engine.serving.view import in_thread, page

_MOST_ENTRIES: Final = 50
_MOST_RECORDED: Final = 20


# ---- what there is


async def overview(request: Request) -> Response:
    return await in_thread(_overview, request, "", 200)


def _overview(request: Request, error: str, status: int, undone_not: str = "") -> Response:
    desk = desk_of(request)
    drafts = desk.drafts.all() if desk.drafts else []
    known = {one.id for one in drafts}
    broken = [id_ for id_ in desk.drafts.ids() if id_ not in known] if desk.drafts else []
    history = desk.publisher.history() if desk.publisher else []
    asked = request.query_params.get("published", "")
    receipt = next((one for one in history if one.draft == asked), None)
    recorded = history[:_MOST_RECORDED]
    entries = desk.work.entries(desk.drafts.home, _MOST_ENTRIES) if desk.drafts else ()
    say: Say = request.state.say
    held = desk.live.now
    paths = {path for one in recorded for path in one.paths} | {path for one in drafts for path in one.files}
    called = titles(held.snapshot, sorted(paths), say)
    values: dict[str, object] = {
        "drafts": drafts,
        "called": lambda path: called.get(path) or path,
        "can_tell": receipt is not None and bool(receipt.commit),
        **_impact_words(desk, say),
        "broken": broken,
        "recorded": recorded,
        "entries": entries,
        "error": error,
    }
    home, *others = (Path(one).name for one in desk.settings.folders)
    values |= {"receipt": receipt, "undone_not": undone_not, "home": home, "read_only": others}
    return page(request, "versions/index.html", status, **values, can_edit=desk.drafts is not None)


async def begin(request: Request) -> Response:
    drafts, _ = editing(request)
    if not request.state.person.writes:
        return refused(request, Refusal("not-yours", 403))
    title = str((await request.form()).get("title", "")).strip()
    if not title:
        told = request.state.say("给草稿起个名字", "give the draft a name")
        return await in_thread(_overview, request, told, 422)
    made = await in_thread(drafts.create, request.state.person, title)
    if isinstance(made, Refused):
        return await in_thread(_overview, request, trouble_words(made.reason, request.state.say), 409)
    return to_draft(made.id)


# ---- one draft


async def draft_page(request: Request) -> Response:
    return await in_thread(_draft_page, request, None, 200)


def _draft_page(request: Request, outcome: Outcome | str | None, status: int) -> Response:
    drafts, publisher = editing(request)
    draft = draft_of(request, drafts)
    person, desk = request.state.person, desk_of(request)
    behind = set(publisher.behind(draft))
    rules = desk.rules_of(draft)
    words = naming(rules.snapshot, tuple(draft.files), request.state.say)
    files = [_file_of(words, drafts, draft, path, path in behind) for path in draft.files]
    seen = _seen(desk, draft)
    return page(
        request,
        "versions/draft.html",
        status,
        one=draft,
        files=files,
        side=request.query_params.get("view") == "side",
        conflicts=drafts.conflicts(draft),
        forbidden=desk.forbidden(person, draft),
        may_change=desk.may_change(person, draft),
        outcome=outcome,
        told=_told(request, outcome),
        judged=outcome.judged if isinstance(outcome, Red) else None,
        in_git=bool(desk.work.entries(drafts.home, 1)),
        seen=seen,
        published_by=_published_by(publisher) if behind else {},
        **_impact_words(desk, request.state.say),
    )


def _seen(desk: Desk, draft: Draft) -> Seen | None:
    """What was seen of whom the draft touches, as it is now."""
    assert desk.drafts is not None
    seen = read(desk.drafts.seen(draft))
    if seen is None or seen.mark != rules_mark(desk.drafts, draft, desk.rules_of(draft).snapshot):
        return None
    return seen


def _impact_words(desk: Desk, say: Say) -> dict[str, object]:
    return {
        "kinds": KINDS,
        "kind_words": lambda kind: say(*WORDS[kind]),
        "place_name": partial(place_name, desk.live.now.policies),
    }


def _file_of(words: Naming, drafts: Drafts, draft: Draft, path: str, is_behind: bool) -> FileShown:
    """Against what is published now: where that is not what the work began from, it is what would be overwritten."""
    now, own = drafts.published(path), draft.files[path]
    found = shown(words, path, now, drafts.text(draft, path), own.by, own.at)
    return replace(found, is_behind=is_behind, published="" if now is None else sha(now))


def _published_by(publisher: Publisher) -> dict[str, str]:
    """Who published each file last, and when."""
    told: dict[str, str] = {}
    for one in publisher.history():
        for path in one.paths:
            told.setdefault(path, f"{one.label} · {one.at[:16].replace('T', ' ')}")
    return told


def _told(request: Request, outcome: Outcome | str | None) -> str:
    """Why a draft was not published, in a sentence."""
    say: Say = request.state.say
    match outcome:
        case None | Published():
            return ""
        case str():
            return outcome
        case Behind(paths=paths):
            publisher = desk_of(request).publisher
            whom = {} if publisher is None else _published_by(publisher)
            names = say.names([f"{path}（{whom[path]}）" if path in whom else path for path in paths])
            return say(
                f"没有发布：{names} 在您开始以后有人发布过别的内容。看过下面的差异，再选择怎么办",
                f"not published: {names} was published otherwise since you began; see the differences below and choose",
            )
        case Forbidden(paths=paths):
            names = say.names(paths)
            return say(f"没有发布：{names} 不归您改", f"not published: {names} is not yours to change")
        case Red():
            return say("没有发布：检查或用例没有通过", "not published: the check or the cases do not pass")
        case Stopped(reason=reason):
            return say(*_STOPPED[reason])


_STOPPED: Final = {
    "changed": (
        "没有发布：您看过以后，草稿又有人改了。再看一遍再发布",
        "not published: the draft was changed since you looked at it; look once more, then publish",
    ),
    "unsettled": (
        "没有发布：有两个人改了同一个文件，先选一份",
        "not published: two people wrote one file; choose one of the texts first",
    ),
    "empty": ("没有发布：草稿里没有改动", "not published: the draft changes nothing"),
    "no-reason": ("没有发布：写明理由", "not published: state the reason"),
    "gone": ("没有发布：草稿已经没有了", "not published: the draft is gone"),
}


async def publish(request: Request) -> Response:
    drafts, publisher = editing(request)
    draft = draft_of(request, drafts)
    asked = await request.form()
    reason, seen = str(asked.get("reason", "")), str(asked.get("seen", ""))
    say = request.state.say
    impact = await in_thread(_seen, desk_of(request), draft)
    try:
        outcome = await in_thread(publisher.publish, draft.id, request.state.person, reason, seen, say.language, impact)
    except DiskFault as fault:
        told = say("没有发布，什么都没有改：", "not published, nothing was changed: ") + fault.told(say.language)
        return await in_thread(_draft_page, request, told, 507)
    match outcome:
        case Published():
            return RedirectResponse("/versions?published=" + outcome.draft, 303)
        case Forbidden():
            return await in_thread(_draft_page, request, outcome, 403)
        case Stopped(reason="gone"):
            raise HTTPException(404)
        case Stopped(reason="no-reason"):
            return await in_thread(_draft_page, request, outcome, 422)
        case Behind() | Red() | Stopped():
            return await in_thread(_draft_page, request, outcome, 409)


async def rename(request: Request) -> Response:
    drafts, _ = editing(request)
    draft, title = draft_of(request, drafts), str((await request.form()).get("title", "")).strip()
    if not await in_thread(desk_of(request).may_change, request.state.person, draft):
        return refused(request, Refusal("not-yours", 403))
    if title:
        await in_thread(drafts.rename, draft.id, title)
    return to_draft(draft.id)


async def discard(request: Request) -> Response:
    drafts, _ = editing(request)
    draft = draft_of(request, drafts)
    if not await in_thread(desk_of(request).may_change, request.state.person, draft):
        return refused(request, Refusal("not-yours", 403))
    seen = str((await request.form()).get("seen", ""))
    if seen != draft.mark:
        return await in_thread(_draft_page, request, Stopped("changed"), 409)
    await in_thread(drafts.discard, draft.id)
    return RedirectResponse("/versions", 303)


async def drop(request: Request) -> Response:
    """One file as it is published again."""
    drafts, _ = editing(request)
    draft, path = draft_of(request, drafts), str((await request.form()).get("path", ""))
    if path not in draft.files:
        raise HTTPException(404)
    if not await in_thread(_may_write, desk_of(request), request, draft, path):
        return refused(request, Refusal("not-yours", 403))
    await in_thread(drafts.drop, draft.id, path)
    return to_draft(draft.id)


async def stand(request: Request) -> Response:
    """A file stays as the draft has it, on what was published meanwhile."""
    drafts, _ = editing(request)
    draft, asked = draft_of(request, drafts), await request.form()
    path, seen = str(asked.get("path", "")), str(asked.get("seen", ""))
    if path not in draft.files:
        raise HTTPException(404)
    if not await in_thread(_may_write, desk_of(request), request, draft, path):
        return refused(request, Refusal("not-yours", 403))
    if await in_thread(drafts.stand_on, draft.id, path, seen, request.state.person) is None:
        return await in_thread(_draft_page, request, Stopped("changed"), 409)
    return to_draft(draft.id)


def _may_write(desk: Desk, request: Request, draft: Draft, path: str) -> bool:
    return bool(request.state.person.writes) and path not in desk.forbidden(request.state.person, draft)


# ---- what was published


async def commit_page(request: Request) -> Response:
    drafts, _ = editing(request)
    id_ = request.path_params["id"]

    def told() -> Response:
        desk = desk_of(request)
        entry = next((one for one in desk.work.entries(drafts.home, _MOST_ENTRIES) if one.id == id_), None)
        if entry is None:
            raise HTTPException(404)
        words = naming(desk.live.now.snapshot, entry.paths, request.state.say)
        files = [shown(words, path, *desk.work.texts(drafts.home, id_, path)) for path in entry.paths]
        side = request.query_params.get("view") == "side"
        return page(request, "versions/commit.html", entry=entry, files=files, side=side)

    return await in_thread(told)


async def undo(request: Request) -> Response:
    """What a publication changed, as it was before, in a draft; nothing that was changed since is touched."""
    editing(request)
    if not request.state.person.writes:
        return refused(request, Refusal("not-yours", 403))
    commit = str((await request.form()).get("commit", ""))
    return await in_thread(_undone, request, commit)


def _undone(request: Request, commit: str) -> Response:
    drafts, publisher = editing(request)
    desk, say = desk_of(request), request.state.say
    one = next((one for one in publisher.history() if one.commit and one.commit == commit), None)
    if one is None:
        raise HTTPException(404)
    texts, since = [], []
    for path in one.paths:
        old, new = (_plain(text) for text in desk.work.texts(drafts.home, commit, path))
        file, now = file_in(drafts.home, path), drafts.published(path)
        if file is None or now != new or "\ufffd" in (old or ""):
            since.append(path)
        else:
            texts.append(Text(file, old, now))
    if since:
        names = say.names(since)
        told = say(
            f"没有撤回：{names} 在那以后又改过，或者不是 UTF-8。打开“差异”，把要恢复的改回去",
            f"not taken back: {names} was changed since, or is not UTF-8; see the differences and change it back",
        )
        return _overview(request, "", 409, told)
    saved = save(desk, request.state.person, "", say(f"撤回：{one.title}", f"Taken back: {one.title}"), texts)
    if saved.trouble:
        return _overview(request, "", 409, trouble_words(saved.trouble, say))
    return to_draft(saved.draft)


def _plain(text: str | None) -> str | None:
    return None if text is None else text.removeprefix("\ufeff").replace("\r\n", "\n")


_ONE: Final = "/versions/drafts/{draft:str}"
ROUTES: Final = (
    Route("/versions", overview, methods=["GET"]),
    Route("/versions/drafts", begin, methods=["POST"]),
    Route("/versions/undo", undo, methods=["POST"]),
    Route(_ONE, draft_page, methods=["GET"]),
    Route(_ONE + "/rename", rename, methods=["POST"]),
    Route(_ONE + "/discard", discard, methods=["POST"]),
    Route(_ONE + "/drop", drop, methods=["POST"]),
    Route(_ONE + "/stand", stand, methods=["POST"]),
    Route(_ONE + "/publish", publish, methods=["POST"]),
    *late.ROUTES,
    Route("/versions/commits/{id:str}", commit_page, methods=["GET"]),
)
