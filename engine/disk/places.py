"""What stands at a path, and where that is.

In: paths, as people wrote them or as folders hold them.  Out: what stands there, and paths with links followed.
Imports this package's `faults` and `system`.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Literal, TypeAlias

from engine.disk import system
from engine.disk.faults import AnyPath, DiskFault, reason_of
from engine.disk.system import must_be_regular, told

Kind: TypeAlias = Literal["file", "folder", "other", "absent"]


def kind(path: AnyPath) -> Kind:
    """What stands at a path, links followed. A dangling link is `absent`.

    Raises: DiskFault where that cannot be known: a folder that may not be entered, links in a circle, no possible name.
    """
    with told(path):
        try:
            mode = system.call(os.stat, path).st_mode
        except (FileNotFoundError, NotADirectoryError):
            return "absent"
    return "file" if stat.S_ISREG(mode) else "folder" if stat.S_ISDIR(mode) else "other"


def taken(path: AnyPath) -> bool:
    """Whether anything stands at a path, a dangling link included."""
    with told(path):
        try:
            system.call(os.lstat, path)
        except (FileNotFoundError, NotADirectoryError):
            return False
    return True


def here() -> Path:
    """The working folder."""
    try:
        return Path(system.call(os.getcwd))
    except OSError as error:
        gone = isinstance(error, FileNotFoundError)
        raise DiskFault(".", "no-working-folder" if gone else reason_of(error)) from error


def absolute(path: AnyPath) -> Path:
    """The path from the root of the disk, links not followed."""
    name = os.fspath(path)
    return Path(os.path.normpath(name if os.path.isabs(name) else here() / name))


def real(path: AnyPath) -> Path:
    """The path with all links followed; what does not stand there yet keeps its name.

    Raises: DiskFault where links run in a circle, a folder on the way may not be entered, no such name is possible.
    """
    with told(path):
        return followed(path)


def followed(path: AnyPath) -> Path:
    name = os.fspath(path)
    if not os.path.isabs(name):
        name = os.path.join(here(), name)
    try:
        return Path(system.call(os.path.realpath, name, strict=True))
    except (FileNotFoundError, NotADirectoryError):
        return Path(system.call(os.path.realpath, name, strict=False))


def inside(path: AnyPath, folder: AnyPath) -> bool:
    """Whether a path lies in a folder once all links are followed."""
    return real(path).is_relative_to(real(folder))


def size(path: AnyPath) -> int:
    """Bytes of a regular file, links followed."""
    with told(path):
        state = system.call(os.stat, path)
        must_be_regular(path, state.st_mode)
        return state.st_size


def stamp(path: AnyPath) -> tuple[int, int, int]:
    """What tells a file from the one that stood there before: its size, when it was written, its place on the disk."""
    with told(path):
        state = system.call(os.stat, path)
    return state.st_size, state.st_mtime_ns, state.st_ino
