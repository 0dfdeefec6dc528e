"""What a draft, or a publication, changes in one file, as pages of versions show it.

In: texts before and after.  Out: `FileShown`. Imports difference, drafts and below.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from engine.editing.workspace import Snapshot
from engine.records import dataclass
from engine.say import Say
from engine.serving.difference import Hunk, counted, hunks
from engine.serving.drafts.meaning import Said, said
from engine.serving.drafts.words import names, titles, worded


@dataclass(frozen=True, slots=True)
class FileShown:
    """
    Attributes:
        title: what it is in words, "" where nothing better than the path is known.
    """

    path: str
    title: str
    is_new: bool
    goes: bool
    by: str
    at: str
    added: int
    removed: int
    hunks: tuple[Hunk, ...]
    said: tuple[Said, ...] | None
    is_behind: bool = False
    published: str = ""


@dataclass(frozen=True, slots=True)
class Naming:
    """The words for some files and for what stands in them."""

    titles: Mapping[str, str]
    known: Mapping[str, str]
    say: Say


def naming(snapshot: Snapshot, paths: Sequence[str], say: Say) -> Naming:
    return Naming(titles(snapshot, paths, say), names(snapshot), say)


def shown(words: Naming, path: str, old: str | None, new: str | None, by: str = "", at: str = "") -> FileShown:
    mine, his = old or "", new or ""
    told = said(mine, his, path)
    meant = None if told is None else tuple(worded(told, words.known, words.say))
    added, removed = counted(mine, his)
    title = words.titles.get(path, "")
    return FileShown(path, title, old is None, new is None, by, at, added, removed, tuple(hunks(mine, his)), meant)
