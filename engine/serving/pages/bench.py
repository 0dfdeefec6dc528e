"""Texts that somebody is working on, kept warm: a keystroke is answered from what was worked out before it.

In: a snapshot of the saved texts, and one text that is not saved yet.  Out: a snapshot with both, which takes over from
the one before whatever the edit does not touch.
Nothing rests on what is kept: a process that has nothing answers the same, only later. So several may serve.
Imports editing and the ground floor.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping, Set
from pathlib import Path
from threading import Lock
from typing import Final, TypeVar

from engine.diagnostics import Diagnostic
from engine.editing.known import known_at
from engine.editing.workspace import File, Snapshot, begun
from engine.records import dataclass

MOST_KEPT: Final = 6
"""drafts whose last check is kept in one process"""

T = TypeVar("T")
Found = Mapping[Path, tuple[Diagnostic, ...]]


@dataclass(slots=True, eq=False)
class _Place:
    """`lock`: only one asks of what is kept at a time; a check works on a snapshot of its own."""

    lock: Lock
    warm: Snapshot | None = None


class Bench:
    def __init__(self, most: int = MOST_KEPT) -> None:
        self._places: OrderedDict[str, _Place] = OrderedDict()
        self._lock = Lock()
        self._most = most

    def __len__(self) -> int:
        return len(self._places)

    def _place(self, key: str) -> _Place:
        with self._lock:
            place = self._places.setdefault(key, _Place(Lock()))
            self._places.move_to_end(key)
            while len(self._places) > self._most:
                self._places.popitem(last=False)
            return place

    def next(self, key: str, saved: Snapshot, path: Path, text: str) -> Snapshot:
        """Everything as it would be if the text were saved now; nobody else works with this snapshot.

        Args:
            key: whose work is taken over, where some is kept.
        """
        place = self._place(key)
        with place.lock:
            return _with(saved, path, text, place.warm or saved)

    def keep(self, key: str, checked: Snapshot) -> None:
        """What comes next goes on from here; what has a name in the texts is known as well."""
        for path in checked.texts:
            if (file := checked.files.get(path)) is not None and file.is_document:
                known_at(checked, file)
        place = self._place(key)
        with place.lock:
            place.warm = checked

    def ask(self, key: str, saved: Snapshot, path: Path, text: str, work: Callable[[Snapshot, File], T]) -> T | None:
        """What can be told at once: of the text as it is now, against all files as they were last checked.

        Returns: None where there is no such file.
        """
        place = self._place(key)
        with place.lock:
            warm = place.warm
            # what another file says there must be what is kept of it, not what somebody has not saved yet
            if warm is None or path not in warm.files or _others(warm, path) != _others(saved, path):
                warm = place.warm = _with(saved, path, text, warm or saved)
            file = warm.files.get(path)
            if file is None:
                return None
            return work(warm, file if text == file.source.text else begun(file, text))


def _with(saved: Snapshot, path: Path, text: str, before: Snapshot) -> Snapshot:
    return Snapshot(saved.folders, {**saved.texts, path: text}, before, gone=saved.gone - {path})


def _others(held: Snapshot, path: Path) -> tuple[dict[Path, str], Set[Path]]:
    return {other: text for other, text in held.texts.items() if other != path}, held.gone - {path}
