"""What stands in folders.

In: folders.  Out: the paths below them, with a fault for each that cannot be looked at.
Imports this package's `faults`, `system`, `places` and `writing`.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from engine.disk import system
from engine.disk.faults import AnyPath, DiskFault
from engine.disk.places import kind, real
from engine.disk.system import LEFTOVER, told
from engine.disk.writing import make_folders, remove

MAX_WALKED: Final = 100_000
"""files and folders below one folder that are looked at"""


def walk(folder: AnyPath, most: int = MAX_WALKED, files_end: tuple[str, ...] = ()) -> Iterator[Path | DiskFault]:
    """All files below a folder in order of their names, and a fault for all that cannot be looked at.

    - A folder or link whose name begins with `.` is given itself and not followed.
    - A link to a file inside is given as it stands. A link to a folder inside is not entered, as its files have a place
      of their own, unless that lies below a folder beginning with `.`, as in mounted configuration.
    - A link that leads outside, nowhere or in a circle, a pipe, a device, a folder that cannot be listed, a folder with
      an ending that only files have (`files_end`), and more things than `most` are faults.
    """
    try:
        root = real(folder)
        waiting = entries_of(folder)
    except DiskFault as fault:
        yield fault
        return
    entered, seen = {root}, 0
    while waiting:
        path, what = waiting.pop()
        seen += 1
        if seen + len(waiting) > most:
            yield DiskFault(folder, "too-many", limit=most)
            return
        if what == "file" or (path.name.startswith(".") and what in ("folder", "link")):
            yield path
            continue
        try:
            if what == "link":
                target = _target(path, root)
                if target is None:
                    yield path
                    continue
                hidden = any(part.startswith(".") for part in target.relative_to(root).parts)
                if not hidden or target in entered:
                    continue
                entered.add(target)
            elif what == "other":
                raise DiskFault(path, "not-regular")
            elif files_end and path.name.lower().endswith(files_end):
                yield DiskFault(path, "is-folder")
            waiting.extend(entries_of(path))
        except DiskFault as fault:
            yield fault


def _target(link: Path, root: Path) -> Path | None:
    """The folder that a link inside the root leads to; None where it is a file."""
    target = real(link)
    if not target.is_relative_to(root):
        raise DiskFault(link, "outside")
    match kind(target):
        case "file":
            return None
        case "folder":
            return target
        case "absent":
            raise DiskFault(link, "gone")
        case "other":
            raise DiskFault(link, "not-regular")


def names_in(folder: AnyPath) -> list[str]:
    """What stands in a folder, in order; nothing where there is none."""
    if kind(folder) == "absent":
        return []
    with told(folder):
        return sorted(name for name, _ in system.call(listed, folder))


def entries_of(folder: AnyPath) -> list[tuple[Path, str]]:
    """What stands in a folder, the last name first."""
    with told(folder):
        named = sorted(system.call(listed, folder), reverse=True)
    return [(Path(folder) / name, what) for name, what in named]


def listed(folder: AnyPath) -> list[tuple[str, str]]:
    with os.scandir(folder) as entries:
        return [(entry.name, _what(entry)) for entry in entries]


def _what(entry: os.DirEntry[str]) -> str:
    if entry.is_symlink():
        return "link"
    if entry.is_dir(follow_symlinks=False):
        return "folder"
    return "file" if entry.is_file(follow_symlinks=False) else "other"


def make_folder(path: AnyPath) -> None:
    """With those above it; there may be one already."""
    with told(path, writing=True):
        make_folders(path)


def clear(folder: AnyPath) -> None:
    """Remove a folder with all that is in it, where there is one; what a link leads to stays."""
    if kind(folder) == "absent":
        return
    for path, what in entries_of(folder):
        if what == "folder":
            clear(path)
        else:
            remove(path)
    with told(folder, writing=True):
        system.call(os.rmdir, folder)


@contextmanager
def scratch() -> Iterator[Path]:
    """A folder of its own for what does not fit into memory, gone with all that is in it afterwards."""
    with told("scratch", writing=True):
        folder = Path(system.call(tempfile.mkdtemp, prefix=LEFTOVER))
    try:
        yield folder
    finally:
        system.call(shutil.rmtree, folder, ignore_errors=True)
