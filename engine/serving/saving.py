"""Texts put into a draft by a page that makes them: the one that is worked on, or a new one.

In: a desk, a person, texts.  Out: what became of them. Imports desk, drafts and the ground floor.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import assert_never

from engine import disk
from engine.records import dataclass
from engine.say import Say
from engine.serving.desk import Desk
from engine.serving.drafts.store import Conflict, Draft, Refused, sha
from engine.serving.people.person import Person


@dataclass(frozen=True, slots=True)
class Text:
    """
    Attributes:
        path: real.
        before: the text that the page started from, None for no file.
    """

    path: Path
    text: str
    before: str | None


@dataclass(frozen=True, slots=True)
class Saved:
    """`draft` is its id; `trouble` why nothing was written, a stable word, "" where all was."""

    draft: str = ""
    trouble: str = ""


def save(desk: Desk, person: Person, draft: str, title: str, texts: Sequence[Text]) -> Saved:
    """The texts in a draft; one that somebody else has changed meanwhile is not overwritten."""
    if desk.drafts is None:
        return Saved("", "no-drafts")
    home = disk.real(desk.drafts.home)
    if not all(one.path.is_relative_to(home) for one in texts):
        return Saved("", "elsewhere")
    held = desk.drafts.get(draft) if draft else desk.drafts.create(person, title)
    match held:
        case None:
            return Saved("", "no-draft")
        case Refused(reason=reason):
            return Saved("", reason)
        case Draft(id=id_):
            for one in texts:
                path = one.path.relative_to(home).as_posix()
                trouble = _write(desk, person, id_, path, one)
                if trouble:
                    if not draft:
                        desk.drafts.discard(id_)  # it was begun for nothing else
                    return Saved(draft, trouble)
            return Saved(id_)
    assert_never(held)


def _write(desk: Desk, person: Person, draft: str, path: str, one: Text) -> str:
    """Why it was not written, "" where it was."""
    made = desk.save(person, draft, path, one.text, "" if one.before is None else sha(one.before))
    match made:
        case Draft():
            return ""
        case Conflict():
            return "conflict"
        case Refused(reason=reason):
            return reason
        case None:
            return "no-draft"
    assert_never(made)


def trouble_words(trouble: str, say: Say) -> str:
    """Why nothing was written."""
    match trouble:
        case "no-drafts":
            return say("这里没有开放编辑，不能写入草稿", "nothing can be edited here")
        case "changed":
            return say(
                "这个文件在你填写期间改过了，下面是按现在的内容重新算的，请再看一遍再写入",
                "the file was changed meanwhile; what is below was worked out anew: look at it again, then write",
            )
        case "conflict":
            return say(
                "另一个人刚刚改了同一个文件，没有覆盖；到“版本”里看两边的不同",
                "somebody else has just changed the same file; nothing was overwritten: see “versions”",
            )
        case "no-draft":
            return say("这份草稿已经不在了，可能已经发布或删除", "this draft is gone; it may have been published")
        case "not-yours":
            return say("这个文件不归你改", "this file is not yours to change")
        case "too-many-drafts" | "too-many-files":
            return say("草稿太多了，先发布或丢弃一些", "there are too many drafts; publish or discard some first")
        case _:
            return say("不能写入草稿", "it could not be written into a draft")
