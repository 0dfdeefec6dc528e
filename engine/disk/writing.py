"""Files written whole, or not at all.

In: paths and bytes.  Out: files that appear when all of them is there, and last where that is asked for.
Imports this package's `faults`, `system` and `places`.
"""

from __future__ import annotations

import io
import os
import stat
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from itertools import takewhile
from pathlib import Path
from typing import Any, BinaryIO
from uuid import uuid4

from engine.disk import system
from engine.disk.faults import AnyPath, DiskFault
from engine.disk.places import followed
from engine.disk.system import LEFTOVER, PIECE, WRITING, close, mode_of, told


def write_whole(path: AnyPath, data: bytes, *, lasting: bool = True) -> None:
    """Write a file whole: who reads it meanwhile, or after a failure, sees the old one or the new one.

    It is written beside its place and renamed. Its mode and owner stay, a link stays a link, folders that lack are
    made. A terminal, a pipe or a device is written to as it is.

    Args:
        lasting: it is there also after a loss of power. What nobody needs then is written sooner without.
    """
    with written(path, lasting=lasting) as stream:
        stream.write(data)


@contextmanager
def written(path: AnyPath, beside: AnyPath | None = None, *, lasting: bool = True) -> Iterator[BinaryIO]:
    """A file of any size, to be written piece by piece; as `write_whole`, it appears when the block ends well.

    Args:
        beside: where it is written meanwhile, on the same disk; a name of its own in its folder without it.
    """
    with told(path, writing=True):
        mode = mode_of(path)
        if mode is not None and stat.S_ISDIR(mode):
            raise DiskFault(path, "is-folder", writing=True)
        through = _is_stream(path, mode)
    if through:
        with told(path, writing=True):
            handle = system.call(os.open, path, WRITING | os.O_APPEND)
        with filling(path, handle) as stream:
            yield stream
        return
    with told(path, writing=True):
        target = followed(path)
        make_folders(target.parent, lasting=lasting)
        old = None if mode is None else system.call(os.stat, target)
        if old is not None and not system.call(os.access, target, os.W_OK):
            raise DiskFault(path, "denied", writing=True)  # a file made read-only is meant to stay as it is
    new = spare_name(target) if beside is None else Path(beside)
    try:
        with told(path, writing=True):
            handle = system.call(os.open, new, WRITING | os.O_CREAT | os.O_EXCL, 0o666 if old is None else 0o600)
        with filling(path, handle) as stream:
            yield stream
            stream.flush()
            with told(path, writing=True):
                if old is not None:
                    _make_alike(new, old)
                if lasting:
                    system.call(os.fsync, handle)
        with told(path, writing=True):
            system.call(os.replace, new, target)
    except BaseException:  # also when somebody presses Ctrl-C
        with suppress(OSError):
            system.call(os.unlink, new)
        raise
    if lasting:
        keep_names([target.parent])


def write_new(path: AnyPath, data: bytes, mode: int = 0o666) -> None:
    """Write a file that is not there yet; of several programs that try, one does.

    Raises: DiskFault (`exists`) where there is one.
    """
    with told(path, writing=True):
        handle = system.call(os.open, path, WRITING | os.O_CREAT | os.O_EXCL, mode)
    _fill_new(path, handle, data)
    keep_names([Path(path).parent])


def lay_beside(path: AnyPath, beside: AnyPath, data: bytes) -> None:
    """Write what is to take the place of a file, into another of the same folder: with its mode and owner, and brought
    to the disk, so that `move` needs no more room; `keep_names` when all are laid."""
    with told(path, writing=True):
        mode = mode_of(path)
        old = None if mode is None else system.call(os.stat, path)
        make_folders(Path(beside).parent)
        handle = system.call(os.open, beside, WRITING | os.O_CREAT | os.O_EXCL, 0o666 if old is None else 0o600)
    _fill_new(beside, handle, data, old)


def move(path: AnyPath, target: AnyPath) -> None:
    """Let a file take the place of another on the same disk, at once; `keep_names` when all are moved."""
    with told(target, writing=True):
        system.call(os.replace, path, target)


def remove(path: AnyPath) -> None:
    with told(path, writing=True):
        system.call(os.unlink, path)


def spare_name(path: AnyPath) -> Path:
    """A name beside a file that nobody has and no reader of policies looks at."""
    return Path(path).with_name(f"{LEFTOVER}{uuid4().hex}")


def keep_names(folders: Iterable[AnyPath]) -> None:
    """Bring to the disk which names stand in folders: a file that was made, renamed or removed is so after a loss of
    power only then. Where a system knows no such thing, or refuses it, all is as it was asked for until the power goes,
    and there is nothing to be told."""
    if sys.platform == "win32":
        return
    for folder in dict.fromkeys(folders):
        with suppress(OSError):
            handle = system.call(os.open, folder, os.O_RDONLY)
            try:
                system.call(os.fsync, handle)
            finally:
                close(handle)


def settle(stream: BinaryIO) -> None:
    """Bring all that was written so far to the disk: of several files none appears before there is room for each."""
    stream.flush()
    raw = getattr(stream, "raw", None)
    if isinstance(raw, Writing):
        raw.sync()


def make_folders(folder: AnyPath, *, lasting: bool = True) -> None:
    """A folder with those above it that lack."""
    made = list(takewhile(lambda one: mode_of(one) is None, (Path(folder), *Path(folder).parents)))
    system.call(os.makedirs, folder, exist_ok=True)
    if lasting:
        keep_names(one.parent for one in made)


def _make_alike(path: Path, like: os.stat_result) -> None:
    if hasattr(os, "chown"):
        with suppress(PermissionError):  # only the administrator writes files of others
            system.call(os.chown, path, like.st_uid, like.st_gid)
    system.call(os.chmod, path, stat.S_IMODE(like.st_mode))


def _is_stream(path: AnyPath, mode: int | None) -> bool:
    """`/dev/stdout`, `/dev/fd/3`: what they lead to is somebody's open file, whatever it is, and is not replaced."""
    if mode is None:
        return False
    name = os.fspath(path)
    return not stat.S_ISREG(mode) or name.startswith(("/dev/", "/proc/"))


def _fill_new(path: AnyPath, handle: int, data: bytes, like: os.stat_result | None = None) -> None:
    """All of it, or no file."""
    try:
        with filling(path, handle) as stream:
            stream.write(data)
            stream.flush()
            with told(path, writing=True):
                if like is not None:
                    _make_alike(Path(path), like)
                system.call(os.fsync, handle)
    except BaseException:
        with suppress(OSError):
            system.call(os.unlink, path)
        raise


@contextmanager
def filling(path: AnyPath, handle: int) -> Iterator[BinaryIO]:
    """An open file as a stream; closed at the end, which may tell that the last of it could not be written."""
    raw = Writing(path, handle)
    stream = io.BufferedWriter(raw, PIECE)
    try:
        yield stream
        stream.flush()
    except BaseException:
        close(handle)
        raise
    finally:
        raw.is_over = True
    with told(path, writing=True):
        system.call(os.close, handle)


class Writing(io.RawIOBase):
    """`is_over`: the file is closed, and its number may be another's. What a stream still holds then is of a file that
    did not appear, and goes nowhere."""

    def __init__(self, path: AnyPath, handle: int) -> None:
        self._path, self._handle, self.is_over = path, handle, False

    def writable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def write(self, data: Any, /) -> int:
        if self.is_over:
            return len(memoryview(data))
        with told(self._path, writing=True):
            return system.call(os.write, self._handle, data)

    def sync(self) -> None:
        with told(self._path, writing=True):
            if stat.S_ISREG(system.call(os.fstat, self._handle).st_mode):
                system.call(os.fsync, self._handle)

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        if self.is_over:
            return 0
        with told(self._path, writing=True):
            return system.call(os.lseek, self._handle, offset, whence)

    def tell(self) -> int:
        return self.seek(0, os.SEEK_CUR)
