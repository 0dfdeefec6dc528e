"""What the system did not let be done.

In: what the system said.  Out: a `DiskFault`, worded for people in `engine.messages.disk`.
Imports errors and diagnostics.
"""

from __future__ import annotations

import errno
import os
from typing import Final, TypeAlias

from engine.diagnostics import Diagnostic, Language
from engine.errors import EngineError

AnyPath: TypeAlias = str | os.PathLike[str]

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
