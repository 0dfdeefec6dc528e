"""One policy folder while it is edited: what is asked about it now, and the check that goes on behind.

In: texts as they change.  Out: a `Snapshot` to answer from at once, and what is wrong, a short pause after the last
change: first the policies, then the cases. A check works in a thread of its own on a snapshot of its own: an answer
never waits for it. One that is overtaken by a change is given up.
Imports editing (workspace) and the ground floor.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Mapping
from concurrent.futures import Executor
from pathlib import Path
from typing import TypeAlias, TypeVar

from engine import disk
from engine.diagnostics import Diagnostic
from engine.editing.case_results import Results
from engine.editing.known import known_at
from engine.editing.occurrences import Index
from engine.editing.workspace import Snapshot

PAUSE_MS = 30
"""a check begins when nothing changed for so long"""

T = TypeVar("T")
Found: TypeAlias = Mapping[Path, tuple[Diagnostic, ...]]
Beside: TypeAlias = Mapping[tuple[Path, str], bytes | None]
State: TypeAlias = tuple[Mapping[Path, str], Beside]
"""the texts of all files, and what cases read beside them"""


class Home:
    """Args:
    pool: a single thread, in which the checks of all folders take turns.
    told: called with what a check found, and the files of which it says nothing yet.
    failed: called with a fault of the program in a check.

    Attributes:
        current: the texts as they are now.
        checked: as they were when they were last checked; all that can be asked about it is known.
    """

    def __init__(
        self,
        folder: Path,
        pool: Executor,
        told: Callable[[Home, Snapshot, Found, Collection[Path]], None],
        failed: Callable[[Exception], None],
    ) -> None:
        self.folder = disk.real(folder)
        self.current = Snapshot([self.folder], {})
        self.found: Found = {}
        self.results: Results | None = None
        self._ran_over: State = ({}, {})
        self._beside: Beside = {}
        self._pool = pool
        self._told = told
        self._failed = failed
        self.checked: Snapshot | None = None
        self._turn = 0
        """of the last change"""
        self._index: tuple[int, Index] | None = None
        self._waiting: asyncio.Task[None] | None = None

    def holds(self, path: Path) -> bool:
        return path.is_relative_to(self.folder)

    def put(self, path: Path, text: str | None) -> None:
        """A file has another text, or, without one, the one on the disk again."""
        self._turn += 1
        self.current = self.current.with_text(path, text)
        self.check_soon()

    def refresh(self) -> None:
        """Files on the disk have changed."""
        self.put(self.folder, None)

    def ran(self, results: Results, over: State) -> None:
        """All cases ran over a state of the folder."""
        self.results, self._ran_over = results, over

    @property
    def state(self) -> State:
        """All that cases rest on; what they read beside themselves as the last check found it."""
        return {path: file.source.text for path, file in self.current.files.items()}, self._beside

    @property
    def outdated(self) -> bool:
        """Whether anything is otherwise than when the cases ran."""
        return self.results is not None and self.state != self._ran_over

    def check_soon(self) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
        self._waiting = asyncio.ensure_future(self._check())
        self._waiting.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        if not task.cancelled() and isinstance(fault := task.exception(), Exception):
            self._failed(fault)

    def close(self) -> None:
        if self._waiting is not None:
            self._waiting.cancel()

    async def settled(self) -> None:
        """Waits until nothing is to be checked."""
        while self._waiting is not None and not self._waiting.done():
            await asyncio.wait([self._waiting])

    async def find(self, pool: Executor, work: Callable[[Index], T]) -> T:
        """Something that is looked for in all files, once nothing changes.

        Args:
            pool: a single thread, the same each time: what was found before is taken over.
        """
        await self.settled()
        turn, asked = self._turn, self.apart()

        def work_it_out() -> T:
            before = self._index
            if before is None or before[0] != turn:
                self._index = before = turn, Index(asked, None if before is None else before[1])
            return work(before[1])

        return await asyncio.get_running_loop().run_in_executor(pool, work_it_out)

    def apart(self) -> Snapshot:
        """The texts as they are now, in a snapshot that only one thread works with."""
        if self.checked is None:
            return Snapshot([self.folder], self.current.texts)
        return _over(self.checked, self.current.texts)

    async def _check(self) -> None:
        await asyncio.sleep(PAUSE_MS / 1000)
        asked, loop = self.apart(), asyncio.get_running_loop()
        try:
            first = await loop.run_in_executor(self._pool, asked.checked)
            self._tell(asked, {**self._of_cases(asked), **first}, cases=False)
            found = await loop.run_in_executor(self._pool, asked.diagnostics)
            self._beside = await loop.run_in_executor(self._pool, asked.beside)
            self._tell(asked, found)
            await loop.run_in_executor(self._pool, _known_in, asked)
        except asyncio.CancelledError:  # a change came in between
            asked.abandon()
            raise
        self.checked = self.current = asked

    def _tell(self, asked: Snapshot, found: Found, *, cases: bool = True) -> None:
        """Args:
        cases: whether the files of cases were read anew.
        """
        self.found = found
        later = () if cases else (path for path, file in asked.files.items() if file.kind == "cases")
        self._told(self, asked, found, frozenset(later))

    def _of_cases(self, asked: Snapshot) -> Found:
        """What case files were found to have before; what they have now takes longer to see."""
        return {
            path: own
            for path, own in self.found.items()
            if (file := asked.files.get(path)) is not None and file.kind == "cases"
        }


def _over(before: Snapshot, texts: Mapping[Path, str]) -> Snapshot:
    """The next snapshot with these texts; the disk is looked at again in any case."""
    after = before.with_text(before.folders[0], None)
    for path in {*before.texts, *texts}:
        if before.texts.get(path) != texts.get(path):
            after = after.with_text(path, texts.get(path))
    return after


def _known_in(asked: Snapshot) -> None:
    """What has a name in the files that are open, so that the next keystroke finds it."""
    for path in asked.texts:
        if (file := asked.files.get(path)) is not None and file.is_document:
            known_at(asked, file)
