"""A system that refuses: every call of it that `engine.disk` makes goes through here while a test wants it to."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

Act = Callable[..., object]
Deciding = Callable[[Act, tuple[object, ...]], OSError | None]


def system(decide: Deciding) -> Callable[..., object]:
    """What to put in place of `system.call`: `decide` sees each call first, and gives the error that it ends in."""

    def call(act: Act, *arguments: object, **named: object) -> object:
        error = decide(act, arguments)
        if error is not None:
            raise error
        return act(*arguments, **named)

    return call


def denying(name: str) -> Callable[..., object]:
    """Files of this name may not be opened (tests may run as root, whom no mode stops)."""

    def decide(act: Act, arguments: tuple[object, ...]) -> OSError | None:
        if act is os.open and name and Path(str(arguments[0])).name == name:
            return PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(arguments[0]))
        return None

    return system(decide)


@contextmanager
def refusing(decide: Deciding) -> Iterator[None]:
    with patch("engine.disk.system.call", system(decide)):
        yield


@contextmanager
def denied(name: str) -> Iterator[None]:
    with patch("engine.disk.system.call", denying(name)):
        yield
