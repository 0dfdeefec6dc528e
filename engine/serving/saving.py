"""Texts put into a draft by a page that makes them: the one that is worked on, or a new one.

In: a desk, a person, texts.  Out: what became of them. Imports desk, drafts, editing and the ground floor.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final, Literal, TypeAlias, assert_never

from engine import disk
from engine.editing.workspace import Snapshot
from engine.fixes import TextEdit, apply_edits
from engine.records import dataclass
from engine.say import Say
from engine.serving.desk import Desk
from engine.serving.drafts.store import Conflict, Draft, Drafts, Reason, Refused
from engine.serving.drafts.texts import sha
from engine.serving.people.person import Person

Trouble: TypeAlias = Literal["no-drafts", "elsewhere", "changed", "conflict", "no-draft"] | Reason
_WORDS: Final[Mapping[Trouble, tuple[str, str]]] = {
    "no-drafts": ("这里没有开放编辑，不能写入草稿", "nothing can be edited here"),
    "elsewhere": (
        "这个文件不在 --policies 写的第一个文件夹里，只读",
        "the file is not in the first folder of --policies, and read only",
    ),
    "changed": (
        "这个文件在您填写期间改过了，下面是按现在的内容重新算的，请再看一遍再写入",
        "the file was changed meanwhile; what is below was worked out anew: look at it again, then write",
    ),
    "conflict": (
        "另一个人刚刚改了同一个文件，没有覆盖；到“版本”里看两边的不同",
        "somebody else has just changed the same file; nothing was overwritten: see “versions”",
    ),
    "no-draft": ("这份草稿已经不在了，可能已经发布或删除", "this draft is gone; it may have been published"),
    "not-yours": ("这个文件不归您改", "this file is not yours to change"),
    "too-many-drafts": ("草稿太多了，先发布或丢弃一些", "there are too many drafts; publish or discard some first"),
    "too-many-files": ("一份草稿里的文件太多了", "a draft holds too many files"),
    "too-large": ("文件太大", "the file is too large"),
    "bad-path": ("文件名不能这样写", "a file cannot be called so"),
}


@dataclass(frozen=True, slots=True)
class Text:
    """
    Attributes:
        path: real.
        text: None to have the file go.
        before: the text that the page started from, None for no file.
    """

    path: Path
    text: str | None
    before: str | None


def texts_of(
    snapshot: Snapshot, edits: Mapping[Path, Sequence[TextEdit]], created: Mapping[Path, str]
) -> tuple[Text, ...]:
    """What an `Action` of the language service comes to."""
    held = {path: snapshot.files[path].source.text for path in edits}
    changed = (Text(path, apply_edits(held[path], these), held[path]) for path, these in edits.items())
    return (*changed, *(Text(path, text, None) for path, text in created.items()))


@dataclass(frozen=True, slots=True)
class Saved:
    """`draft` is its id; `trouble` why nothing was written, None where all was."""

    draft: str = ""
    trouble: Trouble | None = None


def save(desk: Desk, person: Person, draft: str, title: str, texts: Sequence[Text]) -> Saved:
    """The texts in a draft, where all of them are the person's; one that somebody else has changed meanwhile is not
    overwritten."""
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
            trouble = _written(desk, desk.drafts, person, held, texts)
            if trouble is None:
                return Saved(id_)
            if not draft:
                desk.drafts.discard(id_)  # it was begun for nothing else
            return Saved(draft, trouble)
    assert_never(held)


def _written(desk: Desk, drafts: Drafts, person: Person, draft: Draft, texts: Sequence[Text]) -> Trouble | None:
    """Why they were not written."""
    if not desk.may_keep(person, draft, {one.path: one.text for one in texts}):
        return "not-yours"
    return next((trouble for one in texts if (trouble := _write(drafts, person, draft.id, one))), None)


def _write(drafts: Drafts, person: Person, draft: str, one: Text) -> Trouble | None:
    path = one.path.relative_to(disk.real(drafts.home)).as_posix()
    made = drafts.write(draft, path, one.text, "" if one.before is None else sha(one.before), person)
    match made:
        case Draft():
            return None
        case Conflict():
            return "conflict"
        case Refused(reason=reason):
            return reason
        case None:
            return "no-draft"
    assert_never(made)


def status_of(trouble: Trouble) -> int:
    """Of the answer that tells of it."""
    return 403 if trouble in ("no-drafts", "not-yours") else 409


def trouble_words(trouble: Trouble, say: Say) -> str:
    """Why nothing was written."""
    return say(*_WORDS[trouble])
