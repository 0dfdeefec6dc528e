"""Cases that the program proposes come into a draft: confirmed on the page itself, or to be confirmed in the editor.

In: what was posted, the rules it is about.  Out: texts in a draft, or why they are not.
Imports saving, offered, desk and below.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count, zip_longest
from typing import Final

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from engine import disk
from engine.editing.actions import case_added
from engine.gathered import gathered
from engine.say import Say
from engine.serving.desk import Desk, Rules, desk_of
from engine.serving.drafts.paths import file_in
from engine.serving.offered import MOST_OFFERED_TEXT, Offer, kept
from engine.serving.pages.editor import edit_url
from engine.serving.pages.rules import file_named
from engine.serving.pages.saving import FOLDER
from engine.serving.saving import Saved, Text, save, status_of, texts_of, trouble_words
from engine.serving.view import in_thread
from engine.testing.untried import MOST_DRAFTED

NOT_KEPT: Final = 422
"""of the answer where what was ticked cannot be written as it was shown"""


async def take(request: Request) -> Response:
    """A case that was proposed goes into the draft, where its author says why, and confirms it."""
    desk, say, person = desk_of(request), request.state.say, request.state.person
    form = await request.form()
    name, policy, typed = (str(form.get(field, "")) for field in ("file", "policy", "proposal"))
    proposal = typed.replace("\r\n", "\n")
    rules = desk.rules(request)

    def work() -> tuple[Saved, str, int]:
        snapshot = rules.snapshot
        file = file_named(snapshot, name)
        if file is None or policy not in snapshot.library.documents or not proposal:
            raise HTTPException(404, say("没有这个文件", "there is no such file"))
        texts = texts_of(snapshot, *case_added(snapshot, file, policy, proposal))
        [text] = texts
        draft = "" if rules.draft is None else rules.draft.id
        made = save(desk, person, draft, say(f"补用例：{name}", f"cases for {name}"), texts)
        home = disk.real(snapshot.folders[0])
        return made, text.path.relative_to(home).as_posix(), _differs_at(text.before or "", text.text or "")

    made, path, line = await in_thread(work)
    if made.trouble:
        raise HTTPException(status_of(made.trouble), trouble_words(made.trouble, say))
    return RedirectResponse(f"{edit_url(request, made.draft, path)}#L{line}", 303)


def _differs_at(before: str, after: str) -> int:
    """The first line with something on it that is new."""
    lines = zip_longest(before.splitlines(), after.splitlines())
    return next((at for at, (one, other) in enumerate(lines, 1) if one != other and (other or "").strip()), 1)


# ---- offered cases that were confirmed


def keep(request: Request, rules: Rules, form: FormData) -> Saved | tuple[str, int]:
    """The cases that were ticked, in the draft; or why they are not, and the status that says so."""
    desk = desk_of(request)
    say: Say = request.state.say
    confirmed = list(_confirmed(form))
    if not confirmed:
        return say("勾选核对过的家庭，再写入", "tick the households that you have checked"), NOT_KEPT
    texts = []
    for (policy, start), held in gathered(((one.policy, one.start), one) for one in confirmed).items():
        stem = f"{policy}_{start}" if start else policy
        number = next(at for at in count(1) if not _is_there(desk, rules, _path(stem, at)))
        path, name = _path(stem, number), stem if number == 1 else f"{stem}_{number}"
        text = kept(rules.policies, held, name, say)
        file = None if desk.drafts is None else file_in(desk.drafts.home, path)
        if text is None or file is None:
            told = say(
                "规则在您核对期间改过了，结论不再是您看到的；再看一遍",
                "the rules were changed meanwhile, and the answers are not those that you saw; look again",
            )
            return told, NOT_KEPT
        texts.append(Text(file, text, None))
    title = say("改动的用例", "Cases of a change")
    saved = save(desk, request.state.person, request.query_params.get("draft", ""), title, texts)
    return saved if saved.trouble is None else (trouble_words(saved.trouble, say), status_of(saved.trouble))


def _path(stem: str, number: int) -> str:
    return f"{FOLDER}/{stem}.yaml" if number == 1 else f"{FOLDER}/{stem}_{number}.yaml"


def _is_there(desk: Desk, rules: Rules, path: str) -> bool:
    """Whether the draft, or what is published, has a file of that name."""
    drafts = desk.drafts
    if drafts is None:
        return False
    return (drafts.published(path) if rules.draft is None else drafts.text(rules.draft, path)) is not None


def _confirmed(form: FormData) -> Iterator[Offer]:
    """The offers whose box is ticked, as they were shown."""
    for number in range(MOST_DRAFTED):
        names = ("policy", "start", "why", "household", "expected")
        policy, start, why, household, expected = (str(form.get(f"{name}.{number}", "")) for name in names)
        if f"confirmed.{number}" in form and max(len(why), len(household)) <= MOST_OFFERED_TEXT:
            yield Offer(policy, start, why, household, expected)
