"""What handlers work with.

In: settings and what is passed in.  Out: `Desk`, one a process; `Rules`, those that a request is about.
Imports live, drafts, people, settings, work and below.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from contextlib import nullcontext
from functools import cached_property
from pathlib import Path
from typing import TypeAlias

from jinja2 import Environment
from starlette.exceptions import HTTPException
from starlette.requests import Request

from engine import disk
from engine.api import Policies
from engine.editing.workspace import Snapshot
from engine.serving.drafts.paths import file_in
from engine.serving.drafts.publish import Publisher, forbidden
from engine.serving.drafts.store import Conflict, Draft, Drafts, Refused
from engine.serving.live import Alone, Held, Live
from engine.serving.logbook import Logbook
from engine.serving.metrics import Metrics
from engine.serving.pages.bench import Bench
from engine.serving.people.door import Door
from engine.serving.people.person import Person
from engine.serving.people.rights import Owners, Rights
from engine.serving.settings import Settings
from engine.serving.work import Work

Saved: TypeAlias = Draft | Conflict | Refused | None


class Rules:
    """The rules that a page is about: the published ones, or a draft over them, or what was published before.

    Attributes:
        texts, gone: of the draft, by real path.
    """

    def __init__(
        self,
        held: Held,
        draft: Draft | None = None,
        texts: Mapping[Path, str] | None = None,
        gone: Set[Path] = frozenset(),
    ) -> None:
        self._held = held
        self.draft = draft
        self.texts, self.gone = texts or {}, gone

    @property
    def _is_published(self) -> bool:
        return self.draft is None and not self.texts and not self.gone

    @cached_property
    def policies(self) -> Policies:
        if self._is_published:
            return self._held.policies
        return Policies(self.snapshot.library, self.snapshot.slices)

    @cached_property
    def snapshot(self) -> Snapshot:
        return self._held.snapshot if self._is_published else self._held.over(self.texts, self.gone)

    @property
    def mark(self) -> str:
        """Another one as soon as any text of them changes."""
        return f"{self._held.fingerprint}{'' if self.draft is None else self.draft.mark}"

    @cached_property
    def rights(self) -> Rights:
        return Rights(self._held.snapshot)

    @cached_property
    def owners(self) -> Owners:
        return Owners(self.snapshot)


class Desk:
    """
    Attributes:
        bench: texts that are edited, kept warm.
        drafts, publisher: None where nothing can be edited.
    """

    def __init__(
        self, settings: Settings, work: Work, live: Live, templates: Environment, metrics: Metrics, logbook: Logbook
    ) -> None:
        self.settings = settings
        self.work = work
        self.live = live
        self.templates = templates
        self.metrics = metrics
        self.logbook = logbook
        self.bench = Bench()
        self.door = Door(settings, work.now)
        self.drafts: Drafts | None = None
        self.publisher: Publisher | None = None
        if settings.drafts:
            self.drafts = Drafts(Path(settings.drafts), Path(settings.folders[0]), work.now)
            self.publisher = Publisher(self.drafts, work.now, work.commit)

    def rules(self, request: Request) -> Rules:
        """
        Raises: HTTPException where the draft that is asked for is not there.
        """
        id_ = request.query_params.get("draft", "")
        if not id_:
            return Rules(self.live.now)
        draft = None if self.drafts is None else self.drafts.get(id_)
        if draft is None:
            raise HTTPException(404, "no such draft")
        return self.rules_of(draft)

    def save(self, person: Person, id_: str, path: str, text: str | None, expected: str) -> Saved:
        """A text kept in a draft by somebody who may write that file; None to have the file go.

        Args:
            expected: the mark of the text that it was made from (`Drafts.expected`).
        Returns: None where there is no such draft.
        """
        assert self.drafts is not None
        draft, file = self.drafts.get(id_), file_in(self.drafts.home, path)
        if file is None:
            return Refused("bad-path")
        if draft is not None and not self.may_keep(person, draft, {file: text}):
            return Refused("not-yours")
        return self.drafts.write(id_, path, text, expected, person)

    def may_keep(self, person: Person, draft: Draft, texts: Mapping[Path, str | None]) -> bool:
        """Whether somebody may put all these texts, by real path, into a draft; None to have a file go."""
        rules = self.rules_of(draft)
        snapshot = rules.snapshot
        for file, text in texts.items():
            snapshot = snapshot if text is None else snapshot.with_text(file, text)
        drafted = Owners(snapshot)
        return all(rules.rights.may_keep(person, file, drafted) for file in texts)

    def may_edit(self, file: Path) -> bool:
        """Whether a file lies where drafts are of: of several folders, in the first. Where nothing can be edited all is
        shown as it would be."""
        return self.drafts is None or file.is_relative_to(disk.real(self.drafts.home))

    def may_change(self, person: Person, draft: Draft) -> bool:
        """Whether somebody may rename a draft, or throw it away: who began it, and who could publish it."""
        if not person.writes:
            return False
        return person.name == draft.author or (bool(draft.files) and not self.forbidden(person, draft))

    def forbidden(self, person: Person, draft: Draft) -> tuple[str, ...]:
        """The files of a draft that are not somebody's; asked again of the folder itself before it is published."""
        assert self.drafts is not None
        rules = self.rules_of(draft)
        return forbidden(self.drafts.home, draft, person, rules.rights, rules.owners)

    def rules_of(self, draft: Draft) -> Rules:
        assert self.drafts is not None
        return Rules(self.live.now, draft, self.drafts.texts(draft), self.drafts.gone(draft))


def alone(settings: Settings, work: Work) -> Alone:
    """For whoever reads the published folder whole: nobody publishes meanwhile, and what a process was killed at while
    it published is finished, or taken back, before."""
    if not settings.drafts:
        return nullcontext
    drafts = Drafts(Path(settings.drafts), Path(settings.folders[0]), work.now)
    return Publisher(drafts, work.now, work.commit).settled


def desk_of(request: Request) -> Desk:
    desk = request.app.state.desk
    assert isinstance(desk, Desk)
    return desk
