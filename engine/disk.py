"""The disk: the one place where the engine opens, reads, lists and writes files.

In: paths, as people wrote them or as folders hold them.  Out: bytes and paths, or a `DiskFault`: whatever the system
or the path itself does not let be done ends in one, worded for people in `engine.messages.disk`.
Ground floor; imports errors and diagnostics. Every call of the system goes through `_system`, so that a test can let
each of them fail in turn (`tests/faults`).

How to use it:

- `read(path, limit)`: the bytes of a regular file; its size is looked at before it is read. Give the limit that the
  kind of file has; `file-too-large` then names both.
- `beginning(path, most)`: the first bytes only, to see what a file is; nothing may rest on it.
- `walk(folder)`: every file below a folder by name, *and* a `DiskFault` for everything that could not be looked at. A
  fault left out of account is a file left out of account: report it (`fault.diagnostic(name)`), or refuse.
- `kind(path)` and `real(path)` in place of `is_file`, `is_dir`, `exists` and `resolve`, which answer "no" or raise
  something else where the system refuses.
- A `DiskFault` that nobody catches ends the command with a clear line that names the file: 2 where something was to be
  written, else 1. Catch it where one file must not stop the others, and pass it on as a diagnostic:

      try:
          data = disk.read(file, MAX_BYTES)
      except disk.DiskFault as fault:
          report.add(fault.diagnostic(name))
"""

from __future__ import annotations

import errno
import io
import os
import shutil
import stat
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from itertools import takewhile
from pathlib import Path
from typing import Any, BinaryIO, Final, Literal, ParamSpec, TypeAlias, TypeVar
from uuid import uuid4

from engine.diagnostics import Diagnostic, Language
from engine.errors import EngineError

Kind: TypeAlias = Literal["file", "folder", "other", "absent"]
AnyPath: TypeAlias = str | os.PathLike[str]

MAX_WALKED: Final = 100_000
"""files and folders below one folder that are looked at"""
_LEFTOVER: Final = ".doudi-"
_PIECE: Final = 1 << 20

_READING = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOCTTY", 0)
"""without waiting: opening a pipe that nobody writes to would never end"""
_WRITING = os.O_WRONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOCTTY", 0)

_REASONS: Final[dict[str, tuple[str, ...]]] = {
    "denied": ("EACCES", "EPERM"),
    "gone": ("ENOENT", "ESTALE"),
    "loop": ("ELOOP",),
    "name-too-long": ("ENAMETOOLONG",),
    "bad-name": ("EILSEQ",),
    "is-folder": ("EISDIR",),
    "not-folder": ("ENOTDIR",),
    "not-regular": ("ENXIO", "ENODEV", "ESPIPE"),
    "exists": ("EEXIST", "ENOTEMPTY"),
    "full": ("ENOSPC", "EDQUOT", "EFBIG"),
    "read-only": ("EROFS",),
    "busy": ("EBUSY", "ETXTBSY", "EAGAIN", "EDEADLK"),
    "too-many-open": ("EMFILE", "ENFILE", "ENOMEM", "ENOBUFS"),
    "not-supported": ("ENOSYS", "ENOTSUP", "EOPNOTSUPP", "EINVAL", "ENOLCK", "EXDEV", "EMLINK"),
    "closed": ("EBADF", "EPIPE"),
}
"""what is none of these is an `input-output` error"""
_BY_NUMBER: Final = {
    getattr(errno, name): reason for reason, names in _REASONS.items() for name in names if hasattr(errno, name)
}


def reason_of(error: OSError | ValueError) -> str:
    """The stable word for what the system said; a path that no system takes (NUL, a stray surrogate) is `bad-name`."""
    if isinstance(error, OSError):
        return _BY_NUMBER.get(error.errno or 0, "input-output")
    return "bad-name"


class DiskFault(EngineError):
    """What the system did not let be done.

    Attributes:
        path: as it was given, safe to be shown.
        reason: a stable word, a key of `engine.messages.disk.REASONS`, or `too-large`.
        writing: whether something was to be written there.
        size, limit: where the reason is `too-large`: bytes; where it is `too-many`: how many are looked at.
    """

    def __init__(
        self, path: AnyPath, reason: str, *, writing: bool = False, size: int | None = None, limit: int | None = None
    ) -> None:
        self.path = shown(path)
        self.reason = reason
        self.writing = writing
        self.size = size
        self.limit = limit
        super().__init__([self.diagnostic()])

    def __reduce__(self) -> tuple[object, ...]:
        return _again, (self.path, self.reason, self.writing, self.size, self.limit)

    def diagnostic(self, name: str | None = None) -> Diagnostic:
        """The fault for a report; `name` is what the file is called there."""
        path = self.path if name is None else shown(name)
        if self.reason == "too-large":
            return Diagnostic.of("file-too-large", path=path, limit=str(self.limit), size=str(self.size))
        code = "file-not-writable" if self.writing else "file-not-readable"
        return Diagnostic.of(code, path=path, reason=self.reason)

    def told(self, language: Language) -> str:
        """The file and what is wrong with it, in one line."""
        return f"{self.path}: {self.diagnostic().message(language)}"


def _again(path: str, reason: str, writing: bool, size: int | None, limit: int | None) -> DiskFault:
    return DiskFault(path, reason, writing=writing, size=size, limit=limit)


def shown(path: AnyPath) -> str:
    """A path as text that can be written anywhere: bytes of a name that are no UTF-8 stand as `\\xff`.

    A lone surrogate that stands for no byte is in no name of a file, but may be in one that a program asks for.
    """
    name = os.fspath(path)
    try:
        return name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    except UnicodeEncodeError:
        return name.encode("utf-8", "backslashreplace").decode("utf-8")


# ---- asking the system

P = ParamSpec("P")
T = TypeVar("T")


def _system(act: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> T:
    """Every call of the system is made here."""
    return act(*arguments, **named)


@contextmanager
def _told(path: AnyPath, *, writing: bool = False) -> Iterator[None]:
    """What the system says about a path becomes a fault."""
    try:
        yield
    except (OSError, ValueError) as error:
        raise DiskFault(path, reason_of(error), writing=writing) from error


def _close(handle: int) -> None:
    """After reading, or after a fault: nothing that was asked for depends on it."""
    with suppress(OSError):
        _system(os.close, handle)


# ---- where things are


def kind(path: AnyPath) -> Kind:
    """What stands at a path, links followed. A dangling link is `absent`.

    Raises: DiskFault where that cannot be known: a folder that may not be entered, links in a circle, no possible name.
    """
    with _told(path):
        try:
            mode = _system(os.stat, path).st_mode
        except (FileNotFoundError, NotADirectoryError):
            return "absent"
    return "file" if stat.S_ISREG(mode) else "folder" if stat.S_ISDIR(mode) else "other"


def taken(path: AnyPath) -> bool:
    """Whether anything stands at a path, a dangling link included."""
    with _told(path):
        try:
            _system(os.lstat, path)
        except (FileNotFoundError, NotADirectoryError):
            return False
    return True


def here() -> Path:
    """The working folder."""
    try:
        return Path(_system(os.getcwd))
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
    with _told(path):
        return _real(path)


def _real(path: AnyPath) -> Path:
    name = os.fspath(path)
    if not os.path.isabs(name):
        name = os.path.join(here(), name)
    try:
        return Path(_system(os.path.realpath, name, strict=True))
    except (FileNotFoundError, NotADirectoryError):
        return Path(_system(os.path.realpath, name, strict=False))


def inside(path: AnyPath, folder: AnyPath) -> bool:
    """Whether a path lies in a folder once all links are followed."""
    return real(path).is_relative_to(real(folder))


# ---- reading


def read(path: AnyPath, limit: int) -> bytes:
    """The bytes of a regular file.

    Raises: DiskFault; `too-large` before anything is read where it has more than `limit` bytes.
    """
    with _told(path):
        handle = _system(os.open, path, _READING)
        try:
            state = _system(os.fstat, handle)
            _must_be_regular(path, state.st_mode)
            if state.st_size > limit:
                raise DiskFault(path, "too-large", size=state.st_size, limit=limit)
            data = _read_from(handle, limit + 1)
        finally:
            _close(handle)
    if len(data) > limit:  # it grew meanwhile, or is a file whose size the system does not know
        raise DiskFault(path, "too-large", size=len(data), limit=limit)
    return data


def beginning(path: AnyPath, most: int) -> bytes:
    """The first bytes of a regular file, however large it is; for looking only.

    Raises: DiskFault.
    """
    with _told(path):
        handle = _system(os.open, path, _READING)
        try:
            _must_be_regular(path, _system(os.fstat, handle).st_mode)
            return _read_from(handle, most)
        finally:
            _close(handle)


def size(path: AnyPath) -> int:
    """Bytes of a regular file, links followed."""
    with _told(path):
        state = _system(os.stat, path)
        _must_be_regular(path, state.st_mode)
        return state.st_size


def stamp(path: AnyPath) -> tuple[int, int, int]:
    """What tells a file from the one that stood there before: its size, when it was written, its place on the disk."""
    with _told(path):
        state = _system(os.stat, path)
    return state.st_size, state.st_mtime_ns, state.st_ino


def ends(path: AnyPath, most: int) -> Iterator[bytes]:
    """The first and the last bytes of a regular file, however large it is: to know it again."""
    with _told(path):
        handle = _system(os.open, path, _READING)
        try:
            state = _system(os.fstat, handle)
            _must_be_regular(path, state.st_mode)
            yield _read_from(handle, most)
            if state.st_size > most:
                _system(os.lseek, handle, max(most, state.st_size - most), os.SEEK_SET)
                yield _read_from(handle, most)
        finally:
            _close(handle)


@contextmanager
def scratch() -> Iterator[Path]:
    """A folder of its own for what does not fit into memory, gone with all that is in it afterwards."""
    with _told("scratch", writing=True):
        folder = Path(_system(tempfile.mkdtemp, prefix=_LEFTOVER))
    try:
        yield folder
    finally:
        _system(shutil.rmtree, folder, ignore_errors=True)


def _read_from(handle: int, most: int) -> bytes:
    pieces: list[bytes] = []
    while most > 0 and (piece := _system(os.read, handle, min(most, _PIECE))):
        pieces.append(piece)
        most -= len(piece)
    return b"".join(pieces)


def _must_be_regular(path: AnyPath, mode: int) -> None:
    if not stat.S_ISREG(mode):
        raise DiskFault(path, "is-folder" if stat.S_ISDIR(mode) else "not-regular")


@contextmanager
def stream(path: AnyPath) -> Iterator[BinaryIO]:
    """A file of any size, or a pipe, to be read piece by piece; faults while reading are DiskFaults too."""
    with _told(path):
        handle = _system(os.open, path, os.O_RDONLY | getattr(os, "O_BINARY", 0))
    try:
        with _told(path):
            mode = _system(os.fstat, handle).st_mode
        if stat.S_ISDIR(mode):
            raise DiskFault(path, "is-folder")
        yield io.BufferedReader(_Reading(path, handle), _PIECE)
    finally:
        _close(handle)


class _Reading(io.RawIOBase):
    def __init__(self, path: AnyPath, handle: int) -> None:
        self._path, self._handle = path, handle

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override] # only BufferedReader calls it
        with _told(self._path):
            piece = _system(os.read, self._handle, len(buffer))
        buffer[: len(piece)] = piece
        return len(piece)


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
        waiting = _entries(folder)
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
            waiting.extend(_entries(path))
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


def _entries(folder: AnyPath) -> list[tuple[Path, str]]:
    """What stands in a folder, the last name first."""
    with _told(folder):
        named = sorted(_system(_list, folder), reverse=True)
    return [(Path(folder) / name, what) for name, what in named]


def _list(folder: AnyPath) -> list[tuple[str, str]]:
    with os.scandir(folder) as entries:
        return [(entry.name, _what(entry)) for entry in entries]


def _what(entry: os.DirEntry[str]) -> str:
    if entry.is_symlink():
        return "link"
    if entry.is_dir(follow_symlinks=False):
        return "folder"
    return "file" if entry.is_file(follow_symlinks=False) else "other"


# ---- writing


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
    with _told(path, writing=True):
        mode = _mode(path)
        if mode is not None and stat.S_ISDIR(mode):
            raise DiskFault(path, "is-folder", writing=True)
        through = _is_stream(path, mode)
    if through:
        with _told(path, writing=True):
            handle = _system(os.open, path, _WRITING | os.O_APPEND)
        with _filling(path, handle) as stream:
            yield stream
        return
    with _told(path, writing=True):
        target = _real(path)
        _make_folders(target.parent, lasting=lasting)
        old = None if mode is None else _system(os.stat, target)
        if old is not None and not _system(os.access, target, os.W_OK):
            raise DiskFault(path, "denied", writing=True)  # a file made read-only is meant to stay as it is
    new = spare_name(target) if beside is None else Path(beside)
    try:
        with _told(path, writing=True):
            handle = _system(os.open, new, _WRITING | os.O_CREAT | os.O_EXCL, 0o666 if old is None else 0o600)
        with _filling(path, handle) as stream:
            yield stream
            stream.flush()
            with _told(path, writing=True):
                if old is not None:
                    _make_alike(new, old)
                if lasting:
                    _system(os.fsync, handle)
        with _told(path, writing=True):
            _system(os.replace, new, target)
    except BaseException:  # also when somebody presses Ctrl-C
        with suppress(OSError):
            _system(os.unlink, new)
        raise
    if lasting:
        keep_names([target.parent])


def keep_names(folders: Iterable[AnyPath]) -> None:
    """Bring to the disk which names stand in folders: a file that was made, renamed or removed is so after a loss of
    power only then. Where a system knows no such thing, or refuses it, all is as it was asked for until the power goes,
    and there is nothing to be told."""
    if sys.platform == "win32":
        return
    for folder in dict.fromkeys(folders):
        with suppress(OSError):
            handle = _system(os.open, folder, os.O_RDONLY)
            try:
                _system(os.fsync, handle)
            finally:
                _close(handle)


def _make_folders(folder: AnyPath, *, lasting: bool = True) -> None:
    """A folder with those above it that lack."""
    made = list(takewhile(lambda one: _mode(one) is None, (Path(folder), *Path(folder).parents)))
    _system(os.makedirs, folder, exist_ok=True)
    if lasting:
        keep_names(one.parent for one in made)


def settle(stream: BinaryIO) -> None:
    """Bring all that was written so far to the disk: of several files none appears before there is room for each."""
    stream.flush()
    raw = getattr(stream, "raw", None)
    if isinstance(raw, _Writing):
        raw.sync()


def _make_alike(path: Path, like: os.stat_result) -> None:
    if hasattr(os, "chown"):
        with suppress(PermissionError):  # only the administrator writes files of others
            _system(os.chown, path, like.st_uid, like.st_gid)
    _system(os.chmod, path, stat.S_IMODE(like.st_mode))


@contextmanager
def _filling(path: AnyPath, handle: int) -> Iterator[BinaryIO]:
    """An open file as a stream; closed at the end, which may tell that the last of it could not be written."""
    raw = _Writing(path, handle)
    stream = io.BufferedWriter(raw, _PIECE)
    try:
        yield stream
        stream.flush()
    except BaseException:
        _close(handle)
        raise
    finally:
        raw.is_over = True
    with _told(path, writing=True):
        _system(os.close, handle)


class _Writing(io.RawIOBase):
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
        with _told(self._path, writing=True):
            return _system(os.write, self._handle, data)

    def sync(self) -> None:
        with _told(self._path, writing=True):
            if stat.S_ISREG(_system(os.fstat, self._handle).st_mode):
                _system(os.fsync, self._handle)

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        if self.is_over:
            return 0
        with _told(self._path, writing=True):
            return _system(os.lseek, self._handle, offset, whence)

    def tell(self) -> int:
        return self.seek(0, os.SEEK_CUR)


def _write_to(handle: int, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[_system(os.write, handle, rest) :]


def _mode(path: AnyPath) -> int | None:
    try:
        return _system(os.stat, path).st_mode
    except FileNotFoundError:
        return None


def _is_stream(path: AnyPath, mode: int | None) -> bool:
    """`/dev/stdout`, `/dev/fd/3`: what they lead to is somebody's open file, whatever it is, and is not replaced."""
    if mode is None:
        return False
    name = os.fspath(path)
    return not stat.S_ISREG(mode) or name.startswith(("/dev/", "/proc/"))


def remove(path: AnyPath) -> None:
    with _told(path, writing=True):
        _system(os.unlink, path)


class _Scratch(_Writing):
    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override] # only BufferedRandom calls it
        with _told(self._path):
            piece = _system(os.read, self._handle, len(buffer))
        buffer[: len(piece)] = piece
        return len(piece)


def make_folder(path: AnyPath) -> None:
    """With those above it; there may be one already."""
    with _told(path, writing=True):
        _make_folders(path)


def names_in(folder: AnyPath) -> list[str]:
    """What stands in a folder, in order; nothing where there is none."""
    if kind(folder) == "absent":
        return []
    with _told(folder):
        return sorted(name for name, _ in _system(_list, folder))


def clear(folder: AnyPath) -> None:
    """Remove a folder with all that is in it, where there is one; what a link leads to stays."""
    if kind(folder) == "absent":
        return
    for path, what in _entries(folder):
        if what == "folder":
            clear(path)
        else:
            remove(path)
    with _told(folder, writing=True):
        _system(os.rmdir, folder)


def write_new(path: AnyPath, data: bytes, mode: int = 0o666) -> None:
    """Write a file that is not there yet; of several programs that try, one does.

    Raises: DiskFault (`exists`) where there is one.
    """
    with _told(path, writing=True):
        handle = _system(os.open, path, _WRITING | os.O_CREAT | os.O_EXCL, mode)
    _fill_new(path, handle, data)
    keep_names([Path(path).parent])


def lay_beside(path: AnyPath, beside: AnyPath, data: bytes) -> None:
    """Write what is to take the place of a file, into another of the same folder: with its mode and owner, and brought
    to the disk, so that `move` needs no more room; `keep_names` when all are laid."""
    with _told(path, writing=True):
        mode = _mode(path)
        old = None if mode is None else _system(os.stat, path)
        _make_folders(Path(beside).parent)
        handle = _system(os.open, beside, _WRITING | os.O_CREAT | os.O_EXCL, 0o666 if old is None else 0o600)
    _fill_new(beside, handle, data, old)


def _fill_new(path: AnyPath, handle: int, data: bytes, like: os.stat_result | None = None) -> None:
    """All of it, or no file."""
    try:
        with _filling(path, handle) as stream:
            stream.write(data)
            stream.flush()
            with _told(path, writing=True):
                if like is not None:
                    _make_alike(Path(path), like)
                _system(os.fsync, handle)
    except BaseException:
        with suppress(OSError):
            _system(os.unlink, path)
        raise


def move(path: AnyPath, target: AnyPath) -> None:
    """Let a file take the place of another on the same disk, at once; `keep_names` when all are moved."""
    with _told(target, writing=True):
        _system(os.replace, path, target)


def spare_name(path: AnyPath) -> Path:
    """A name beside a file that nobody has and no reader of policies looks at."""
    return Path(path).with_name(f"{_LEFTOVER}{uuid4().hex}")


@contextmanager
def claimed(path: AnyPath) -> Iterator[None]:
    """A file that one process holds at a time; made where there is none.

    Raises: DiskFault (`busy`) where another holds it.
    """
    with _told(path, writing=True):
        handle = _system(os.open, path, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o666)
    try:
        with _told(path, writing=True):
            _claim(handle)
        yield
    finally:
        _close(handle)


@contextmanager
def alone(path: AnyPath) -> Iterator[None]:
    """Nobody else is in a block of this file meanwhile, in this process or another; waits until nobody is."""
    with _told(path, writing=True):
        handle = _system(os.open, path, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o666)
    try:
        with ExitStack() as held:
            with _told(path, writing=True):
                held.enter_context(_locked(handle))
            yield
    finally:
        _close(handle)


def _claim(handle: int) -> None:
    if sys.platform == "win32":
        import msvcrt

        _system(msvcrt.locking, handle, msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        _system(fcntl.flock, handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


@contextmanager
def working(path: AnyPath) -> Iterator[BinaryIO]:
    """A file that is written and read again, and is gone when the block ends."""
    with _told(path, writing=True):
        handle = _system(os.open, path, os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
    raw = _Scratch(path, handle)
    try:
        yield io.BufferedRandom(raw, _PIECE)
    finally:
        raw.is_over = True
        _close(handle)
        with suppress(OSError):
            _system(os.unlink, path)


class Appending:
    """Whole lines put at the end of a file; other programs may do the same at the same time."""

    def __init__(self, path: AnyPath, handle: int, regular: bool) -> None:
        self._path, self._handle, self._regular = path, handle, regular

    def lines(self, lines: Iterable[str]) -> None:
        """Raises: DiskFault; the file is then as long as it was before."""
        data = "".join(f"{line}\n" for line in lines).encode("utf-8", "backslashreplace")
        with _told(self._path, writing=True):
            if not self._regular:
                _write_to(self._handle, data)
                return
            with _locked(self._handle):
                self._append(data)

    def _append(self, data: bytes) -> None:
        end = _system(os.lseek, self._handle, 0, os.SEEK_END)
        if end:
            _system(os.lseek, self._handle, end - 1, os.SEEK_SET)
            if _system(os.read, self._handle, 1) != b"\n":
                data = b"\n" + data  # a last line that was left open is a line of its own
        try:
            _write_to(self._handle, data)
        except BaseException:
            with suppress(OSError):
                _system(os.ftruncate, self._handle, end)
            raise


@contextmanager
def appending(path: AnyPath, mode: int = 0o666) -> Iterator[Appending]:
    """A file that lines are added to; made where there is none, with that mode."""
    with _told(path, writing=True):
        reading = os.O_RDWR if _regular_or_new(path) else os.O_WRONLY
        handle = _system(os.open, path, reading | os.O_APPEND | os.O_CREAT | getattr(os, "O_BINARY", 0), mode)
        try:
            state = _system(os.fstat, handle)
        except BaseException:
            _close(handle)
            raise
    regular = stat.S_ISREG(state.st_mode)
    try:
        yield Appending(path, handle, regular)
        if regular:
            with _told(path, writing=True):
                _system(os.fsync, handle)
            if not state.st_size:  # it may not have been there
                keep_names([Path(path).parent])
    except BaseException:
        _close(handle)
        raise
    with _told(path, writing=True):
        _system(os.close, handle)


def _regular_or_new(path: AnyPath) -> bool:
    mode = _mode(path)
    return mode is None or stat.S_ISREG(mode)


@contextmanager
def _locked(handle: int) -> Iterator[None]:
    """Nobody else appends meanwhile; waits until nobody does."""
    if sys.platform == "win32":
        import msvcrt

        far = 1 << 30  # a lock keeps others from reading too: not where anything stands
        os.lseek(handle, far, os.SEEK_SET)
        _system(msvcrt.locking, handle, msvcrt.LK_LOCK, 1)
        try:
            yield
        finally:
            os.lseek(handle, far, os.SEEK_SET)
            with suppress(OSError):
                _system(msvcrt.locking, handle, msvcrt.LK_UNLCK, 1)
    else:
        import fcntl

        _system(fcntl.flock, handle, fcntl.LOCK_EX)
        try:
            yield
        finally:
            with suppress(OSError):
                _system(fcntl.flock, handle, fcntl.LOCK_UN)
