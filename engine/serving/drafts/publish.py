"""A draft published: looked at once more, then all of its files at once, and the reason kept.

In: a draft, who publishes it and why.  Out: `Published`, or what stands against it.
Published is only what is still based on what is published, what the person may write, what `check` finds nothing wrong
with and what all cases hold of. Where the folder is in a git repository, the files are committed with author and
reason; a record of every publication is kept beside the drafts. Imports journal, judge, store, people and below.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any, Final, TypeAlias

from engine import disk
from engine.diagnostics import Language
from engine.editing.workspace import Snapshot
from engine.records import dataclass
from engine.serving.drafts.journal import Room
from engine.serving.drafts.judge import Judged, judged
from engine.serving.drafts.keeping import Author, Committing
from engine.serving.drafts.paths import file_in
from engine.serving.drafts.seen import Seen, read
from engine.serving.drafts.store import Draft, Drafts
from engine.serving.drafts.texts import limit_of, sha
from engine.serving.people.person import Person
from engine.serving.people.rights import Owners, Rights
from engine.writing.text_file import TextFile, read_text_file

LONGEST_REASON: Final = 2000
_RECORD: Final = "published.ndjson"
_TURN: Final = "turn.lock"
"""one after the other"""
_MOST_RECORD: Final = 1 << 26


@dataclass(frozen=True, slots=True)
class Published:
    """
    Attributes:
        impact: what was seen of whom it touches, before it was published.
    """

    at: str
    draft: str
    title: str
    author: str
    label: str
    reason: str
    paths: tuple[str, ...]
    commit: str = ""
    fault: str = ""
    impact: Seen | None = None


@dataclass(frozen=True, slots=True)
class Behind:
    """Files that were published otherwise since the work on them began."""

    paths: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Forbidden:
    """Files that are not this person's to write."""

    paths: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Red:
    """What `check` or the cases find."""

    judged: Judged


@dataclass(frozen=True, slots=True)
class Stopped:
    """What else stands against it, as a stable word: `changed` since it was shown, `unsettled` texts put
    aside, `empty`, `no-reason`, `gone`."""

    reason: str


Outcome: TypeAlias = Published | Behind | Forbidden | Red | Stopped


class Publisher:
    def __init__(self, drafts: Drafts, now: Callable[[], datetime], commit: Committing) -> None:
        self._drafts = drafts
        self._now = now
        self._commit = commit
        self._room = Room(drafts.folder, drafts.home, self._finish)

    def settled(self) -> AbstractContextManager[None]:
        """For whoever reads the published folder whole: nobody publishes meanwhile, and nothing is half published.

        Raises: DiskFault.
        """
        return self._room.settled()

    def publish(
        self, id_: str, person: Person, reason: str, seen: str, language: Language, impact: Seen | None = None
    ) -> Outcome:
        """
        Args:
            seen: the mark of the draft as it was shown to who publishes it.
            impact: what was seen of whom it touches, for the record.
        Raises: DiskFault; then nothing was published.
        """
        reason = reason.strip()[:LONGEST_REASON]
        if not reason:
            return Stopped("no-reason")
        disk.make_folder(self._drafts.folder)
        with disk.alone(self._drafts.folder / _TURN):
            with self._room.settled():
                draft = self._drafts.get(id_)
                against = Stopped("gone") if draft is None else self.against(draft, person, seen)
            if against is not None or draft is None:
                return against or Stopped("gone")
            contents = self.contents(draft)
            found = judged(self._drafts.home, contents, language)
            if not found.is_green:
                return Red(found)
            # meanwhile others could read the folder, and change it by hand
            with self._room.settled():
                if behind := self.behind(draft):
                    return Behind(behind)
                return self._change(draft, contents, person, reason, impact)

    def against(self, draft: Draft, person: Person, seen: str) -> Behind | Forbidden | Stopped | None:
        """What stands against it before anything is run."""
        if not draft.files:
            return Stopped("empty")
        if seen != draft.mark:
            return Stopped("changed")
        if self._drafts.conflicts(draft):
            return Stopped("unsettled")
        if behind := self.behind(draft):
            return Behind(behind)
        if forbidden := self.forbidden(draft, person):
            return Forbidden(forbidden)
        return None

    def behind(self, draft: Draft) -> tuple[str, ...]:
        return tuple(path for path, one in draft.files.items() if one.base != self._published(path))

    def forbidden(self, draft: Draft, person: Person) -> tuple[str, ...]:
        published = Snapshot([self._drafts.home], {})
        texts, gone = self._drafts.texts(draft), self._drafts.gone(draft)
        drafted = Owners(Snapshot([self._drafts.home], texts, published, gone=gone))
        return forbidden(self._drafts.home, draft, person, Rights(published), drafted)

    def contents(self, draft: Draft) -> dict[str, bytes | None]:
        """The bytes that the files are to hold: encoding and line ends as they are published."""
        return {path: self._content(draft, path) for path in draft.files}

    def history(self) -> list[Published]:
        """All that was published from here, the last first."""
        file = self._drafts.folder / _RECORD
        if disk.kind(file) == "absent":
            return []
        lines = disk.read(file, _MOST_RECORD).decode("utf-8", "replace").splitlines()
        found = (_recorded(line) for line in lines)
        return [one for one in found if one is not None][::-1]

    # ---- below

    def _published(self, path: str) -> str:
        text = self._drafts.published(path)
        return "" if text is None else sha(text)

    def _content(self, draft: Draft, path: str) -> bytes | None:
        text, file = self._drafts.text(draft, path), file_in(self._drafts.home, path)
        if text is None or file is None:
            return None
        before = None if disk.kind(file) == "absent" else read_text_file(disk.read(file, limit_of(path)), path)
        kept = before or TextFile(path, "")
        return replace(kept, raw=text.replace("\n", kept.line_end)).data()

    def _change(
        self, draft: Draft, contents: Mapping[str, bytes | None], person: Person, reason: str, impact: Seen | None
    ) -> Published:
        about = {
            "at": self._now().isoformat(timespec="seconds"),
            "draft": draft.id,
            "mark": draft.mark,
            "title": draft.title,
            "author": person.name,
            "label": person.label,
            "reason": reason,
            "paths": sorted(contents),
            "impact": None if impact is None else impact.told(),
        }
        self._room.change(contents, about)
        return self._recorded(about)

    def _recorded(self, about: Mapping[str, Any]) -> Published:
        """As the record has it, with what git said."""
        with suppress(disk.DiskFault):
            return next((one for one in self.history() if one.at == about["at"]), _published(about))
        return _published(about)

    def _finish(self, about: Mapping[str, Any]) -> None:
        """What is left once the files are there: kept in git and in the record, and the draft is done with. What goes
        wrong here undoes nothing: the rules are published."""
        if not any((one.draft, one.at) == (about["draft"], about["at"]) for one in self.history()):
            self._record(about)
        self._drafts.done_with(about["draft"], about["mark"])

    def _record(self, about: Mapping[str, Any]) -> None:
        author = Author(about["author"], about["label"])
        made = self._commit(self._drafts.home, about["paths"], author, about["reason"])
        told = {**about, "commit": made.id if made else "", "fault": made.fault if made else ""}
        with suppress(disk.DiskFault), disk.appending(self._drafts.folder / _RECORD) as record:
            record.lines([json.dumps(told, ensure_ascii=False)])


def forbidden(home: Path, draft: Draft, person: Person, rights: Rights, drafted: Owners) -> tuple[str, ...]:
    """The files of a draft that are not somebody's to publish."""
    files = {path: file_in(home, path) for path in draft.files}
    return tuple(path for path, file in files.items() if file is None or not rights.may_write(person, file, drafted))


def _published(told: Mapping[str, Any]) -> Published:
    at, draft, title, author, label, reason = (
        str(told[key]) for key in ("at", "draft", "title", "author", "label", "reason")
    )
    paths, commit, fault = tuple(map(str, told["paths"])), str(told.get("commit", "")), str(told.get("fault", ""))
    return Published(at, draft, title, author, label, reason, paths, commit, fault, read(told.get("impact")))


def _recorded(line: str) -> Published | None:
    try:
        return _published(json.loads(line))
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
