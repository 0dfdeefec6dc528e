"""A household that was tried, kept as a case in a draft.

In: what was tried, a name, what the case shows.  Out: where it is kept, or why it is not.
Imports saving, drafts, desk, trying, testing, writing and below.
"""

from __future__ import annotations

import re
from typing import Final

from starlette.requests import Request

from engine.evaluation.decision import Decision
from engine.records import dataclass
from engine.serving.desk import Desk, desk_of
from engine.serving.drafts.paths import file_in
from engine.serving.drafts.store import Drafts
from engine.serving.saving import Text, trouble_words
from engine.serving.saving import save as into_draft
from engine.serving.trying import Tried
from engine.testing.expect import stated
from engine.writing.refused import Refused as NotWritten
from engine.writing.saved_case import saved_case

FOLDER: Final = "cases"
_NOT_IN_NAMES: Final = re.compile(r"[^\w-]+")


@dataclass(frozen=True, slots=True)
class Saved:
    """`path` in the draft; "" where it was not saved, and `why` says the reason."""

    draft: str = ""
    path: str = ""
    why: str = ""


def save(request: Request, found: Tried, name: str, why: str) -> Saved:
    say, desk, person = request.state.say, desk_of(request), request.state.person
    if found.decision is None:
        return Saved(why=say("没有结论，不能存为用例", "there is no answer, and so no case"))
    if desk.drafts is None or not person.writes:
        return Saved(why=say("您的账号不能写草稿", "your account may not write drafts"))
    if not why:
        return Saved(why=say("写明这个用例说明什么，依据哪一条", "say what the case shows, and by which article"))
    days = {"as_of": found.wanted.as_of, "known_on": found.wanted.known_on}
    try:
        text = saved_case(
            name,
            why,
            policy_of(found.decision),
            found.household,
            found.decision.policy.merged.elements,
            stated(found.decision),
            {key: day for key, day in days.items() if day},
            say,
        )
    except NotWritten as refused:
        return Saved(why=say(refused.zh, refused.en))
    path = f"{FOLDER}/{_NOT_IN_NAMES.sub('_', name).strip('_') or 'case'}.yaml"
    return _kept(request, desk, desk.drafts, path, text)


def policy_of(decision: Decision) -> str:
    """The document that a case of this household is about: the lowest of its chain that is no amendment."""
    chain = decision.policy.merged.chain
    local = [one.header.id for one in chain.overlays if one.header.role == "local"]
    return local[-1] if local else chain.root.header.id


def _kept(request: Request, desk: Desk, drafts: Drafts, path: str, text: str) -> Saved:
    say, person = request.state.say, request.state.person
    file = file_in(drafts.home, path)
    if file is None:
        return Saved(why=say("这个名字不能作文件名", "this is no name for a file"))
    held = drafts.get(request.query_params.get("draft", ""))
    if (drafts.published(path) if held is None else drafts.text(held, path)) is not None:
        return Saved(why=say(f"已经有 {path}，换一个名字", f"{path} is there already; choose another name"))
    title = say("试算保存的用例", "Cases saved from trials")
    made = into_draft(desk, person, "" if held is None else held.id, title, [Text(file, text, None)])
    match made.trouble:
        case None:
            return Saved(made.draft, path)
        case "conflict":
            return Saved(
                why=say(f"{path} 刚刚有人写过，换一个名字", f"somebody has just written {path}; choose another name")
            )
        case trouble:
            return Saved(why=trouble_words(trouble, say))
