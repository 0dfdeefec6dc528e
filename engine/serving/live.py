"""The set of policies that serves now: watched, checked aside, and swapped as a whole.

In: folders.  Out: `Held`, which never changes; a new one takes its place. A set with errors never takes the place of a
sound one: it is told as `refused`, and the old one goes on. Only where no sound set was there yet the newest one serves
as it is: a household whose own rules are sound is decided, any other refused.
Imports api, editing and below.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence, Set
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from threading import Lock
from typing import Final, TypeAlias

from engine import disk
from engine.api import Policies
from engine.diagnostics import Diagnostic, errors_in
from engine.editing.workspace import Snapshot
from engine.policy.csv_table import MAX_TABLE_BYTES
from engine.records import dataclass
from engine.serving.work import Clock

READ: Final = (".yaml", ".yml", ".csv", ".json")
"""endings of the files that are read of a policy folder; others are looked at where they stand"""
MOST_WAITING: Final = 4
"""looks after which a folder that changes all the time is read all the same"""

Stamps: TypeAlias = tuple[tuple[str, object], ...]
Alone: TypeAlias = Callable[[], AbstractContextManager[None]]


class Held:
    """Policies as they were read at one moment, all files of that moment, for deciding and for editing."""

    def __init__(
        self, folders: tuple[Path, ...], contents: Mapping[Path, bytes], since: datetime, before: Held | None = None
    ) -> None:
        self.folders, self.since, self._contents = folders, since, contents
        self.fingerprint = fingerprint_of(folders, contents)
        self.snapshot: Snapshot = Snapshot(folders, {}, None if before is None else before.snapshot, contents)
        self.policies = Policies(self.snapshot.library, self.snapshot.slices)
        self.faults: tuple[Diagnostic, ...] = tuple(errors_in(self.snapshot.slices.check_all(None)))

    @property
    def is_sound(self) -> bool:
        return not self.faults

    def over(self, texts: Mapping[Path, str], gone: Set[Path]) -> Snapshot:
        """The same files with other texts of some, and without others."""
        with self.policies.router.lock:  # others may be asking
            return Snapshot(self.folders, texts, self.snapshot, self._contents, gone)


@dataclass(frozen=True, slots=True, eq=False)
class Refused:
    """A set that does not serve since it has errors."""

    fingerprint: str
    since: datetime
    faults: tuple[Diagnostic, ...]


class Live:
    """
    Args:
        alone: keeps the folders still while they are read, where somebody may publish into them.

    Attributes:
        now: what serves.
        refused: the newest set, where it has errors and an older one serves.
        taken, passed_over: how many sets came to serve, and how many had errors.
    """

    def __init__(self, folders: tuple[str, ...], clock: Clock, alone: Alone = nullcontext) -> None:
        self._folders, self._clock, self._alone = tuple(Path(folder) for folder in folders), clock, alone
        self._lock = Lock()
        self._stamps, self._waited, self._again = self._stamped(), 0, True
        with alone():
            contents = self._contents()
        self.now = Held(self._folders, contents, clock())
        self.refused: Refused | None = None
        self.taken, self.passed_over = 1, 0

    @property
    def is_ready(self) -> bool:
        return self.now.is_sound

    def look(self) -> bool:
        """See whether files changed, and take over what they say now; whether there is another set.

        Files are read once they have kept still from one look to the next, and between two looks at all of them. After
        a change they are read once more: two changes may carry the same stamp.
        """
        with self._lock:
            stamps = self._stamped()
            if stamps != self._stamps:
                self._stamps, self._again = stamps, True
                self._waited += 1
                if self._waited < MOST_WAITING:
                    return False
            elif not self._again:
                return False
            with self._alone():
                contents = self._contents()
                if self._stamped() != stamps:
                    return False
            self._again, self._waited = self._waited > 0, 0
            return self._take(contents)

    def _take(self, contents: Mapping[Path, bytes]) -> bool:
        fingerprint = fingerprint_of(self._folders, contents)
        if fingerprint == self.now.fingerprint:
            self.refused = None
            return False
        if self.refused is not None and fingerprint == self.refused.fingerprint:
            return False
        held = Held(self._folders, contents, self._clock(), self.now)
        if self.now.is_sound and not held.is_sound:
            self.refused = Refused(fingerprint, held.since, held.faults)
            self.passed_over += 1
            return False
        self.now, self.refused = held, None
        self.taken += 1
        return True

    def _stamped(self) -> Stamps:
        """What is there and when it was last changed; a file that cannot be looked at is there, too."""
        stamps: list[tuple[str, object]] = []
        for folder in self._folders:
            for found in disk.walk(folder):
                if isinstance(found, disk.DiskFault):
                    stamps.append((found.path, found.reason))
                elif not found.name.startswith("."):
                    stamps.append((str(found), _stamp(found)))
        return tuple(stamps)

    def _contents(self) -> dict[Path, bytes]:
        """The bytes of the files that are read; of one that cannot be, its reader tells."""
        contents: dict[Path, bytes] = {}
        for folder in self._folders:
            for found in disk.walk(folder):
                if isinstance(found, disk.DiskFault) or found.suffix.lower() not in READ:
                    continue
                try:
                    contents[disk.real(found)] = disk.read(found, MAX_TABLE_BYTES)
                except disk.DiskFault:
                    continue
        return contents


def _stamp(file: Path) -> object:
    try:
        return disk.stamp(file)
    except disk.DiskFault as fault:
        return fault.reason


def fingerprint_of(folders: Sequence[Path], contents: Mapping[Path, bytes]) -> str:
    """The same for the same files with the same bytes, wherever the folders stand."""
    made, roots = sha256(), [disk.real(folder) for folder in folders]
    for path, data in sorted(contents.items()):
        within = next((path.relative_to(root) for root in roots if path.is_relative_to(root)), path)
        made.update(f"{within.as_posix()}\0{len(data)}\0".encode("utf-8", "surrogateescape"))
        made.update(data)
    return made.hexdigest()
