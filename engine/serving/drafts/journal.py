"""Several files changed at once: all of them, or none, whatever happens meanwhile.

In: a folder, and what its files are to hold.  Out: the files, or a DiskFault with all as it was.

Everything that takes room is written first, beside the files. Then the journal says that it is ready, and from there on
there are only renames. Whoever comes after a process that was killed finds the journal: not ready, and what was laid
beside is put away; ready, and the renames that lack are made. Between the first and the last of them the folder is
neither old nor new: who reads it whole does so in `settled`. Imports disk.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final

from engine import disk
from engine.records import dataclass
from engine.serving.drafts.paths import file_in

_LOCK: Final = "publish.lock"
_JOURNAL: Final = "publishing.json"
_MOST: Final = 1 << 24
_READ: Final = 1 << 30


@dataclass(frozen=True, slots=True)
class Move:
    """One file. `new` and `old` are the names beside it of what it is to hold and what it held; "" for no file."""

    path: str
    new: str
    old: str
    was: str
    becomes: str


@dataclass(frozen=True, slots=True)
class Journal:
    """`about` is what else there is to do once the files are there."""

    ready: bool
    about: Mapping[str, Any]
    moves: tuple[Move, ...]


class Room:
    """The folder of drafts, as the place where it is written down what is being published.

    Args:
        finish: does what is left once the files of a journal are there; may be called twice for one.
    """

    def __init__(self, drafts: Path, home: Path, finish: Callable[[Mapping[str, Any]], None]) -> None:
        self._drafts = drafts
        self._home = home
        self._finish = finish

    @contextmanager
    def settled(self) -> Iterator[None]:
        """Nobody publishes meanwhile, and what somebody was killed at is done or undone.

        Raises: DiskFault.
        """
        disk.make_folder(self._drafts)
        with disk.alone(self._drafts / _LOCK):
            self._recover()
            yield

    def change(self, contents: Mapping[str, bytes | None], about: Mapping[str, Any]) -> None:
        """Let files hold something else, None to have one go; inside `settled`.

        Raises: DiskFault; then all is as it was.
        """
        moves = tuple(self._planned(path, data) for path, data in sorted(contents.items()))
        self._write(Journal(False, about, moves))
        try:
            for move in moves:
                self._lay(move, contents[move.path])
            self._keep(moves)
            self._write(Journal(True, about, moves))
        except BaseException:
            with suppress(disk.DiskFault):  # else whoever comes next does so
                self._put_away(moves)
            raise
        done: list[Move] = []
        try:
            for move in moves:
                self._make(move)
                done.append(move)
        except disk.DiskFault:
            for move in done:
                self._undo(move)
            self._keep(moves)
            self._put_away(moves)
            raise
        with suppress(disk.DiskFault):  # it is done; what is left whoever comes next does
            self._end(Journal(True, about, moves))

    # ---- one file

    def _planned(self, path: str, data: bytes | None) -> Move:
        file = self._file(path)
        there = disk.kind(file) != "absent"
        was = _sha(disk.read(file, _READ)) if there else ""
        new = "" if data is None else disk.spare_name(file).name
        old = disk.spare_name(file).name if there else ""
        return Move(path, new, old, was, "" if data is None else _sha(data))

    def _lay(self, move: Move, data: bytes | None) -> None:
        file = self._file(move.path)
        if data is not None:
            disk.lay_beside(file, file.with_name(move.new), data)
        if move.old:
            disk.lay_beside(file, file.with_name(move.old), disk.read(file, _READ))

    def _make(self, move: Move) -> None:
        file = self._file(move.path)
        if move.new:
            disk.move(file.with_name(move.new), file)
        else:
            disk.remove(file)

    def _undo(self, move: Move) -> None:
        file = self._file(move.path)
        if move.old:
            disk.move(file.with_name(move.old), file)
        else:
            disk.remove(file)

    def _keep(self, moves: tuple[Move, ...]) -> None:
        """What was laid beside, or renamed, lasts before the journal says, or forgets, that it is."""
        disk.keep_names(self._file(move.path).parent for move in moves)

    def _put_away(self, moves: tuple[Move, ...]) -> None:
        """What was laid beside, and the journal last."""
        for move in moves:
            file = self._file(move.path)
            for name in (move.new, move.old):
                if name and disk.kind(file.with_name(name)) != "absent":
                    disk.remove(file.with_name(name))
        disk.remove(self._drafts / _JOURNAL)
        disk.keep_names([self._drafts])  # a journal that comes back would be followed once more

    def _file(self, path: str) -> Path:
        file = file_in(self._home, path)
        if file is None:
            raise disk.DiskFault(path, "outside", writing=True)
        return file

    # ---- the journal

    def _recover(self) -> None:
        journal = self._read()
        if journal is None:
            return
        if not journal.ready:
            self._put_away(journal.moves)
            return
        for move in journal.moves:
            file = self._file(move.path)
            now = _sha(disk.read(file, _READ)) if disk.kind(file) != "absent" else ""
            # where somebody has written by hand meanwhile, his text stands
            if now == move.was and now != move.becomes:
                self._make(move)
        self._end(journal)

    def _end(self, journal: Journal) -> None:
        self._keep(journal.moves)
        self._finish(journal.about)
        self._put_away(journal.moves)

    def _write(self, journal: Journal) -> None:
        moves = [[one.path, one.new, one.old, one.was, one.becomes] for one in journal.moves]
        told = {"format": 1, "ready": journal.ready, "about": journal.about, "moves": moves}
        disk.write_whole(self._drafts / _JOURNAL, json.dumps(told, ensure_ascii=False).encode("utf-8", "replace"))

    def _read(self) -> Journal | None:
        file = self._drafts / _JOURNAL
        if disk.kind(file) == "absent":
            return None
        told = json.loads(disk.read(file, _MOST))
        return Journal(bool(told["ready"]), told["about"], tuple(Move(*one) for one in told["moves"]))


def _sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
