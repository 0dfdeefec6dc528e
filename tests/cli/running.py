"""Commands run inside the tests' own process."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from engine.cli.main import main


class Ran(NamedTuple):
    status: int
    out: str
    err: str


Run = Callable[..., Ran]


def call(arguments: tuple[str, ...]) -> int:
    """A command as the installed `doudi` would run it, without ending the process."""
    return main(arguments)
