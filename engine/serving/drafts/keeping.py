"""What a repository keeps of publications, as it is asked for and told.

In: what git says.  Out: plain records; the command passes in the functions that ask it. Imports the ground floor.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeAlias

from engine.records import dataclass


@dataclass(frozen=True, slots=True)
class Author:
    name: str
    label: str


@dataclass(frozen=True, slots=True)
class Commit:
    """What git was asked to keep, and what it said: `id` of the commit, `fault` where there is none."""

    id: str = ""
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """A commit that changed something in the policy folder."""

    id: str
    at: str
    author: str
    reason: str
    paths: tuple[str, ...]


Committing: TypeAlias = Callable[[Path, Sequence[str], Author, str], Commit | None]
"""(folder, paths below it, author, reason): None where the folder is in no repository"""
Recounting: TypeAlias = Callable[[Path, int], Sequence[Entry]]
"""(folder, most): the last commits, the newest first; none where the folder is in no repository"""
Recalling: TypeAlias = Callable[[Path, str, str], tuple[str | None, str | None]]
"""(folder, id, path): what a file held before a commit and after it"""


def not_kept(folder: Path, paths: Sequence[str], author: Author, reason: str) -> Commit | None:
    """Where there is no git."""
    del folder, paths, author, reason
    return None


def no_entries(folder: Path, most: int) -> Sequence[Entry]:
    del folder, most
    return ()


def no_texts(folder: Path, id_: str, path: str) -> tuple[str | None, str | None]:
    del folder, id_, path
    return None, None
