"""Drafts on the disk.

In: persons, paths, texts.  Out: `Draft`s, or a `Conflict` where somebody else was faster.

    <drafts>/<id>/draft.json     title, author, files: of each the text it began from, and whether it is to go
    <drafts>/<id>/files/<path>   the texts that differ from the published folder
    <drafts>/<id>/base/<path>    what was published when work on each began
    <drafts>/<id>/aside/<id>     a text that came too late, until somebody has looked at it
    <drafts>/<id>/impact.json    what was seen of whom it touches

Ids are drawn, never taken from a name. Whoever writes says what he started from; where that is no longer what stands
there, his text is put aside and nothing is overwritten. Imports paths, texts, people and the ground floor.
"""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import field, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Final, Literal, TypeAlias

from engine import disk
from engine.policy.csv_table import MAX_TABLE_BYTES
from engine.records import dataclass
from engine.serving.drafts.paths import file_in
from engine.serving.drafts.texts import limit_of, lines, one_line, sha, text_in
from engine.serving.people.person import Person

MOST_DRAFTS: Final = 500
MOST_FILES: Final = 200
"""of one draft"""
ID: Final = re.compile(r"[0-9a-f]{12}")
_STATE: Final = "draft.json"
_SEEN: Final = "impact.json"
_MOST_STATE: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Changed:
    """What a draft has of one file.

    Attributes:
        base: of the published text that the work began from; "" where there was no file.
        text: of the text of the draft; "" where the file is to go.
        by, at: who wrote it last, and when.
    """

    base: str
    text: str
    by: str
    at: str

    @property
    def goes(self) -> bool:
        return not self.text


@dataclass(frozen=True, slots=True)
class Draft:
    """
    Attributes:
        files: by path below the policy folder.
        author: the name of who began it, and `label`, what people call them.
    """

    id: str
    title: str
    author: str
    label: str
    created: str
    files: Mapping[str, Changed] = field(default_factory=dict)

    @property
    def mark(self) -> str:
        """Another one as soon as any of its texts changes: who publishes says what he has seen."""
        told = sorted((path, one.base, one.text) for path, one in self.files.items())
        return sha(json.dumps(told))


@dataclass(frozen=True, slots=True)
class Conflict:
    """A text that was not written, since another one stands there by now.

    Attributes:
        id: under which it is kept aside.
        expected: of the text that its author started from.
    """

    draft: str
    id: str
    path: str
    text: str
    by: str
    at: str
    expected: str


Reason: TypeAlias = Literal["bad-path", "not-yours", "too-large", "too-many-drafts", "too-many-files"]


@dataclass(frozen=True, slots=True)
class Refused:
    """What cannot be written, and why."""

    reason: Reason


class Drafts:
    """
    Args:
        folder: of the drafts, outside the policy folder.
        home: the policy folder.
    """

    def __init__(self, folder: Path, home: Path, now: Callable[[], datetime]) -> None:
        self.folder = folder
        self.home = home
        self._now = now

    # ---- reading

    def all(self) -> list[Draft]:
        """All that can be read, the newest first."""
        found = [self.get(name) for name in self.ids()]
        return sorted((one for one in found if one is not None), key=lambda one: (one.created, one.id), reverse=True)

    def ids(self) -> list[str]:
        return [name for name in disk.names_in(self.folder) if ID.fullmatch(name)]

    def get(self, id_: str) -> Draft | None:
        """None where there is no such draft, or its record cannot be understood."""
        if not ID.fullmatch(id_) or disk.kind(self.folder / id_ / _STATE) != "file":
            return None
        return _read(disk.read(self.folder / id_ / _STATE, _MOST_STATE))

    def text(self, draft: Draft, path: str) -> str | None:
        """What a file says in a draft: its own text, else the published one; None where there is none."""
        own = draft.files.get(path)
        if own is None:
            return self.published(path)
        return None if own.goes else self._stored(draft.id, "files", path)

    def base(self, draft: Draft, path: str) -> str | None:
        """The published text that the work on a file began from."""
        own = draft.files.get(path)
        if own is None:
            return self.published(path)
        return self._stored(draft.id, "base", path) if own.base else None

    def published(self, path: str) -> str | None:
        file = file_in(self.home, path)
        if file is None or disk.kind(file) == "absent":
            return None
        return text_in(disk.read(file, limit_of(path)), path)

    def texts(self, draft: Draft) -> dict[Path, str]:
        """What lies over the published folder, by real path."""
        found = {}
        for path in draft.files:
            file, text = file_in(self.home, path), self.text(draft, path)
            if file is not None and text is not None:
                found[file] = text
        return found

    def gone(self, draft: Draft) -> frozenset[Path]:
        """The files that are to go, by real path."""
        files = (file_in(self.home, path) for path, one in draft.files.items() if one.goes)
        return frozenset(file for file in files if file is not None)

    def conflict(self, draft: Draft, id_: str) -> Conflict | None:
        file = self.folder / draft.id / "aside" / id_
        if not ID.fullmatch(id_) or disk.kind(file) != "file":
            return None
        told = json.loads(disk.read(file, 4 * MAX_TABLE_BYTES))
        path, text, by, at, expected = (str(told[key]) for key in ("path", "text", "by", "at", "expected"))
        return Conflict(draft.id, id_, path, text, by, at, expected)

    def conflicts(self, draft: Draft) -> list[Conflict]:
        """The texts that were put aside, the oldest first."""
        names = disk.names_in(self.folder / draft.id / "aside")
        found = (self.conflict(draft, name) for name in names)
        return sorted((one for one in found if one is not None), key=lambda one: (one.at, one.id))

    def seen(self, draft: Draft) -> object:
        """What was last kept of whom it touches, as JSON; None where nothing was."""
        file = self.folder / draft.id / _SEEN
        if disk.kind(file) != "file":
            return None
        with suppress(ValueError):
            return json.loads(disk.read(file, _MOST_STATE))
        return None

    def expected(self, draft: Draft, path: str) -> str:
        """What an editor that shows a file now has to say when it saves: the mark of what stands there."""
        text = self.text(draft, path)
        return "" if text is None else sha(text)

    # ---- writing

    def create(self, person: Person, title: str) -> Draft | Refused:
        disk.make_folder(self.folder)
        with disk.alone(self.folder / "lock"):
            if len(self.ids()) >= MOST_DRAFTS:
                return Refused("too-many-drafts")
            id_ = secrets.token_hex(6)
            draft = Draft(id_, one_line(title), person.name, person.label, self._time())
            disk.make_folder(self.folder / id_)
            self._keep(draft)
        return draft

    def rename(self, id_: str, title: str) -> Draft | None:
        with self._held(id_) as draft:
            return None if draft is None else self._keep(replace(draft, title=one_line(title)))

    def keep_seen(self, id_: str, told: Mapping[str, Any]) -> None:
        with self._held(id_) as draft:
            if draft is not None:
                disk.write_whole(self.folder / id_ / _SEEN, _bytes(told), lasting=False)

    def discard(self, id_: str) -> bool:
        """Whether there was one."""
        with self._held(id_) as draft:
            if draft is not None:
                self._clear(id_)
            return draft is not None

    def done_with(self, id_: str, mark: str) -> None:
        """It was published as it was then. What somebody wrote since stays, and nothing else."""
        with self._held(id_) as draft:
            if draft is None:
                return
            if draft.mark == mark and not self.conflicts(draft):
                self._clear(id_)
                return
            for path, one in draft.files.items():
                published = self.published(path)
                if one.text == ("" if published is None else sha(published)):
                    draft = self._without(draft, path)

    def write(
        self, id_: str, path: str, text: str | None, expected: str, person: Person
    ) -> Draft | Conflict | Refused | None:
        """Keep a text in a draft; None to have the file go.

        Args:
            expected: the mark of the text that its author started from, "" for no file.
        Returns: None where there is no such draft.
        """
        if file_in(self.home, path) is None:
            return Refused("bad-path")
        text = None if text is None else lines(text)
        if text is not None and len(text.encode()) > limit_of(path):
            return Refused("too-large")
        with self._held(id_) as draft:
            if draft is None:
                return None
            if path not in draft.files and len(draft.files) >= MOST_FILES:
                return Refused("too-many-files")
            there = self.text(draft, path)
            if expected != ("" if there is None else sha(there)) and text != there:
                return self._aside(draft, path, text or "", expected, person)
            return self._put(draft, path, text, person)

    def drop(self, id_: str, path: str) -> Draft | None:
        """Let a file be again as it is published."""
        with self._held(id_) as draft:
            if draft is None:
                return None
            files = {name: one for name, one in draft.files.items() if name != path}
            kept = self._keep(replace(draft, files=files))
            if path in draft.files:
                self._forget(draft.id, path)
            return kept

    def stand_on(self, id_: str, path: str, seen: str, person: Person) -> Draft | None:
        """Keep the draft's text, on what is published by now: whoever says so has seen the two.

        Args:
            seen: the mark of the published text that was shown, "" for none.
        Returns: None where that is not what is published.
        """
        with self._held(id_) as draft:
            if draft is None or path not in draft.files:
                return None
            published = self.published(path)
            if seen != ("" if published is None else sha(published)):
                return None
            own = replace(draft.files[path], base=seen, by=person.label, at=self._time())
            if published is not None:
                self._store(id_, "base", path, published)
            if own.text == own.base:
                return self._without(draft, path)
            return self._keep(replace(draft, files={**draft.files, path: own}))

    def settle(self, id_: str, conflict: str) -> None:
        """A text that was put aside was looked at and is not wanted any more."""
        file = self.folder / id_ / "aside" / conflict
        if ID.fullmatch(id_) and ID.fullmatch(conflict) and disk.kind(file) == "file":
            disk.remove(file)

    # ---- below

    def _put(self, draft: Draft, path: str, text: str | None, person: Person) -> Draft:
        published = self.published(path)
        before = draft.files.get(path)
        base = before.base if before is not None else "" if published is None else sha(published)
        if (text is None and not base) or (text is not None and sha(text) == base):
            return self._without(draft, path)
        if before is None and published is not None:
            self._store(draft.id, "base", path, published)
        if text is not None:
            self._store(draft.id, "files", path, text)
        one = Changed(base, "" if text is None else sha(text), person.label, self._time())
        return self._keep(replace(draft, files={**draft.files, path: one}))

    def _without(self, draft: Draft, path: str) -> Draft:
        """As it is published: nothing of the draft."""
        kept = self._keep(replace(draft, files={name: one for name, one in draft.files.items() if name != path}))
        self._forget(draft.id, path)
        return kept

    def _aside(self, draft: Draft, path: str, text: str, expected: str, person: Person) -> Conflict:
        made = Conflict(draft.id, secrets.token_hex(6), path, text, person.label, self._time(), expected)
        told = {"path": path, "text": text, "by": made.by, "at": made.at, "expected": expected}
        disk.write_whole(self.folder / draft.id / "aside" / made.id, _bytes(told))
        return made

    def _clear(self, id_: str) -> None:
        """The record goes first: half a draft is none."""
        disk.remove(self.folder / id_ / _STATE)
        disk.clear(self.folder / id_)
        with suppress(disk.DiskFault):  # whoever waits for it finds no draft
            disk.remove(self.folder / f"{id_}.lock")

    @contextmanager
    def _held(self, id_: str) -> Iterator[Draft | None]:
        """A draft, while nobody else changes it."""
        if self.get(id_) is None:
            yield None
            return
        with disk.alone(self.folder / f"{id_}.lock"):
            yield self.get(id_)

    def _keep(self, draft: Draft) -> Draft:
        told = {
            "format": 1,
            "id": draft.id,
            "title": draft.title,
            "author": draft.author,
            "label": draft.label,
            "created": draft.created,
            "files": {
                path: {"base": one.base, "text": one.text, "by": one.by, "at": one.at}
                for path, one in sorted(draft.files.items())
            },
        }
        disk.write_whole(self.folder / draft.id / _STATE, _bytes(told))
        return draft

    def _store(self, id_: str, kind: str, path: str, text: str) -> None:
        disk.write_whole(self.folder / id_ / kind / path, text.encode("utf-8", "replace"))

    def _stored(self, id_: str, kind: str, path: str) -> str | None:
        file = file_in(self.folder / id_ / kind, path)
        if file is None or disk.kind(file) == "absent":
            return None
        return disk.read(file, limit_of(path)).decode("utf-8")

    def _forget(self, id_: str, path: str) -> None:
        for kind in ("files", "base"):
            file = file_in(self.folder / id_ / kind, path)
            if file is not None and disk.kind(file) == "file":
                disk.remove(file)

    def _time(self) -> str:
        return self._now().isoformat(timespec="seconds")


def _bytes(told: Mapping[str, Any]) -> bytes:
    return json.dumps(told, ensure_ascii=False, indent=1).encode("utf-8", "replace")


def _read(data: bytes) -> Draft | None:
    try:
        told = json.loads(data)
        files = {
            str(path): Changed(str(one["base"]), str(one["text"]), str(one["by"]), str(one["at"]))
            for path, one in told["files"].items()
        }
        id_, title, author, label, created = (str(told[key]) for key in ("id", "title", "author", "label", "created"))
        return Draft(id_, title, author, label, created, files)
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
