"""What the server keeps: documents, policy folders, the language of its answers, and results of cases.

In: what the editor tells, without its protocol.  Out: files to ask about, and what is to be published.
Imports home, homes, documents, worker, editing and the ground floor.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import NamedTuple, Protocol, TypeAlias, TypeVar

from engine import disk
from engine.diagnostics import Diagnostic
from engine.editing.case_results import Results
from engine.editing.occurrences import Index
from engine.editing.workspace import File, Snapshot, begun
from engine.lsp.documents import Change, Document
from engine.lsp.home import Found, Home
from engine.lsp.homes import EDITED, folder_around, policy_folders
from engine.lsp.worker import in_process
from engine.policy.files import is_case_file
from engine.policy.marks import marked_text
from engine.records import dataclass
from engine.say import Language, Say

LANGUAGE_ID = "doudi-policy"
T = TypeVar("T")


class RunCases(Protocol):
    """Runs the cases of a policy folder with these texts in place of what lies on the disk; only those whose names hold
    one of `words`."""

    def __call__(
        self, folder: str, texts: Mapping[Path, str], words: tuple[str, ...], mutants: str, language: Language
    ) -> Results: ...


class Decide(Protocol):
    """Decides a household; the answer with its reasons, as `doudi evaluate` prints it."""

    def __call__(self, folder: str, texts: Mapping[Path, str], household: str, language: Language) -> str: ...


@dataclass(frozen=True, slots=True)
class Work:
    """What the floors above do for the server; the first two in processes of their own, which find them by their
    module. `today` is the day on which values are to be in force."""

    run_cases: RunCases
    decide: Decide
    today: Callable[[], date]


class Asked(NamedTuple):
    """A file that something is asked about."""

    home: Home
    snapshot: Snapshot
    file: File


@dataclass(frozen=True, slots=True)
class Options:
    """Attributes:
    policies: policy folders, as seen from the folders that are open; none to look for them.
    mutants: a file with the results of `doudi mutate --format json`, seen likewise; "" for none.
    """

    policies: tuple[str, ...] = ()
    mutants: str = ""


_Told: TypeAlias = tuple[tuple[Diagnostic, ...], int | None]
"""what was found in a text, and its version"""
_NOTHING_YET: _Told = ((), -1)


class Service:
    """Args:
    publish: called with an address, what was found there, and the version of the text it was found in.
    failed: called with a fault of the program that nobody waits for.

    Attributes:
        checked: called when something was checked.
        lenses_changed: called when what the cases were found to see has become another, or old.
    """

    checked: Callable[[], None] = staticmethod(lambda: None)
    lenses_changed: Callable[[], None] = staticmethod(lambda: None)

    def __init__(
        self,
        work: Work,
        publish: Callable[[str, Sequence[Diagnostic], Snapshot, int | None], None],
        failed: Callable[[Exception], None],
    ) -> None:
        self.say = Say("zh")
        self.options = Options()
        self.homes: list[Home] = []
        self.documents: dict[Path, Document] = {}
        self._work = work
        self._publish = publish
        self._failed = failed
        self._folders: list[Path] = []
        self._pool = ThreadPoolExecutor(1)
        self._finding = ThreadPoolExecutor(1)
        self._shown: dict[Home, dict[str, _Told]] = {}
        self._outdated: set[Home] = set()
        """those whose cases ran over other texts"""
        self._running: dict[Home, asyncio.Task[Results]] = {}

    # ---- folders

    def open_folders(self, folders: Sequence[Path]) -> None:
        self._folders.extend(folders)
        for folder in policy_folders(folders, self.options.policies):
            self._open(folder)

    def close_folders(self, folders: Sequence[Path]) -> None:
        gone = [disk.real(folder) for folder in folders]
        self._folders = [one for one in self._folders if disk.real(one) not in gone]
        for home in [one for one in self.homes if any(one.folder.is_relative_to(folder) for folder in gone)]:
            self._close(home)

    def _open(self, folder: Path) -> Home:
        known = next((home for home in self.homes if home.folder == disk.real(folder)), None)
        if known is not None:
            return known
        home = Home(folder, self._pool, self._told, self._failed)
        self.homes.append(home)
        self.homes.sort(key=lambda one: len(one.folder.parts), reverse=True)
        home.check_soon()
        return home

    def _close(self, home: Home) -> None:
        home.close()
        self.homes.remove(home)
        for uri in self._shown.pop(home, {}):
            self._publish(uri, (), home.current, None)

    def home_of(self, path: Path) -> Home | None:
        """The innermost policy folder that holds a file."""
        return next((home for home in self.homes if home.holds(path)), None)

    # ---- documents

    def opened(self, document: Document, language_id: str) -> None:
        if document.path.suffix.lower() not in EDITED:
            return
        home = self.home_of(document.path)
        if home is None:
            ours = language_id == LANGUAGE_ID or is_case_file(document.text) or marked_text(document.text)
            if not ours:
                return
            home = self._open(folder_around(document.path))
        self.documents[document.path] = document
        self._tell_anew(home, document.uri)
        home.put(document.path, document.text)

    def changed(self, path: Path, changes: Sequence[Change], version: int) -> None:
        document = self.documents.get(path)
        home = self.home_of(path)
        if document is not None and home is not None:
            self.documents[path] = document.changed(changes, version)
            home.put(path, self.documents[path].text)

    def closed(self, path: Path) -> None:
        home = self.home_of(path)
        if self.documents.pop(path, None) is not None and home is not None:
            home.put(path, None)

    def files_changed(self, paths: Sequence[Path]) -> None:
        """On the disk."""
        for home in {home for path in paths if (home := self.home_of(path)) is not None}:
            home.refresh()
        if not self.homes and any(path.suffix in EDITED for path in paths):  # the first policy may have been written
            for folder in policy_folders(self._folders, self.options.policies):
                self._open(folder)

    def asked(self, path: Path) -> Asked | None:
        """The file as it is now; None where it is none of ours."""
        home = self.home_of(path)
        file = None if home is None else home.current.files.get(path)
        return None if home is None or file is None else Asked(home, home.current, file)

    def asked_in_writing(self, path: Path) -> Asked | None:
        """The file as it is now, against what was known of all of them before the last keys: it is known already."""
        home = self.home_of(path)
        if home is None or home.checked is None or (file := home.checked.files.get(path)) is None:
            return self.asked(path)
        text = home.current.texts.get(path, file.source.text)
        return Asked(home, home.checked, file if text == file.source.text else begun(file, text))

    def uri_of(self, path: Path) -> str:
        """As the editor spells it, where it has the file open."""
        document = self.documents.get(path)
        return path.as_uri() if document is None else document.uri

    def version_of(self, path: Path) -> int | None:
        document = self.documents.get(path)
        return None if document is None else document.version

    # ---- what is wrong

    def _tell_anew(self, home: Home, uri: str) -> None:
        """An editor that opens a file knows nothing of what was told before."""
        self._shown.setdefault(home, {})[uri] = _NOTHING_YET

    def _told(self, home: Home, asked: Snapshot, found: Found, later: Collection[Path]) -> None:
        """Of each file what is new: of most nothing is.

        Args:
            later: files of which it is told another time; their texts are others by now than those of before.
        """
        told: dict[str, _Told] = {self.uri_of(path): (own, self.version_of(path)) for path, own in found.items()}
        for path in self.documents:
            if home.holds(path):
                told.setdefault(self.uri_of(path), ((), self.version_of(path)))
        before = self._shown.get(home, {})
        told |= {uri: before[uri] for uri in map(self.uri_of, later) if uri in before}
        for uri in before.keys() - told.keys():
            self._publish(uri, (), asked, None)
        for uri, (own, version) in told.items():
            if before.get(uri) != (own, version):
                self._publish(uri, own, asked, version)
        self._shown[home] = told
        self._look_at_results(home)
        self.checked()

    def _look_at_results(self, home: Home) -> None:
        if home.outdated != (home in self._outdated):
            self._outdated ^= {home}
            self.lenses_changed()

    # ---- work elsewhere

    async def run_cases(self, home: Home, words: Sequence[str] = ()) -> Results:
        """Of the texts as they are once they are checked, saved or not. A new run takes the place of one that goes
        on."""
        if (before := self._running.get(home)) is not None:
            before.cancel()
        task = self._running[home] = asyncio.ensure_future(self._run(home, tuple(words)))
        return await task

    async def _run(self, home: Home, words: tuple[str, ...]) -> Results:
        await home.settled()  # it is known by then what the cases read beside their files
        over, arguments = home.state, (str(home.folder), home.current.texts, words, self._mutants(home))
        results = await in_process(self._work.run_cases, *arguments, self.say.language)
        if not words:
            home.ran(results, over)
            self._outdated.discard(home)
            self.lenses_changed()
        return results

    async def decide(self, home: Home, household: str) -> str:
        texts = home.current.texts
        return await in_process(self._work.decide, str(home.folder), texts, household, self.say.language)

    def _mutants(self, home: Home) -> str:
        named = self.options.mutants
        holder = next((one for one in self._folders if home.folder.is_relative_to(disk.real(one))), None)
        return str(holder / named) if named and holder is not None else ""

    async def apart(self, home: Home, work: Callable[[Snapshot], T]) -> T:
        """Something that takes longer than an answer may, on a snapshot of its own."""
        return await asyncio.get_running_loop().run_in_executor(self._pool, work, home.apart())

    async def find(self, home: Home, work: Callable[[Index], T]) -> T:
        """Something that is looked for in all files."""
        return await home.find(self._finding, work)

    def today(self) -> date:
        return self._work.today()

    def close(self) -> None:
        for home in self.homes:
            home.close()
        for task in self._running.values():
            task.cancel()
        for pool in (self._pool, self._finding):
            pool.shutdown(wait=False, cancel_futures=True)
