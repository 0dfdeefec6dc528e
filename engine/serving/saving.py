"""Texts put into a draft by a page that makes them: the one that is worked on, or a new one.

In: a request, texts by path below the policy folder.  Out: what became of them.
Imports desk, people and the ground floor.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol

from starlette.requests import Request

from engine import disk
from engine.records import dataclass
from engine.say import Say
from engine.serving.people.person import Person


class Held(Protocol):
    """A draft, as far as a page that writes into it has to know it."""

    @property
    def id(self) -> str: ...


class Store(Protocol):
    """The drafts, as far as such a page uses them. Of what `write` and `create` answer, only a draft has files."""

    home: Path

    def create(self, person: Person, title: str) -> object: ...

    def get(self, id_: str) -> object | None: ...

    def write(self, id_: str, path: str, text: str | None, expected: str, person: Person) -> object | None: ...


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
    """`draft` is its id, "" where nothing could be written, and why not in `trouble`: a stable word."""

    draft: str = ""
    trouble: str = ""


def store_of(request: Request) -> Store | None:
    """The drafts; None where nothing can be edited."""
    store: Store | None = getattr(request.app.state, "drafts", None)
    return store


def mark(text: str) -> str:
    """What a text is known by."""
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


def save(store: Store, person: Person, draft: str, title: str, texts: Sequence[Text]) -> Saved:
    """The texts in a draft; one that somebody else has changed meanwhile is not overwritten."""
    home = disk.real(store.home)
    paths = [one.path.relative_to(home).as_posix() for one in texts if one.path.is_relative_to(home)]
    if len(paths) != len(texts):
        return Saved("", "elsewhere")
    if draft and store.get(draft) is None:
        return Saved("", "no-draft")
    id_ = draft or _id(store.create(person, title))
    if not id_:
        return Saved("", "too-many-drafts")
    for path, one in zip(paths, texts, strict=True):
        expected = "" if one.before is None else mark(one.before)
        if _id(store.write(id_, path, one.text, expected, person)) != id_:
            return Saved(id_, "conflict")
    return Saved(id_)


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
        case _:
            return say("不能写入草稿", "it could not be written into a draft")


def _id(made: object) -> str:
    """The id of a draft; "" of what came instead of one."""
    files = getattr(made, "files", None)
    return str(getattr(made, "id", "")) if isinstance(files, Mapping) else ""
