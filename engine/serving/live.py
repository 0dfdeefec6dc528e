"""The set of policies that serves now.

In: folders.  Out: `Held`, which never changes; a new one takes its place.
Imports api, editing and below.
"""

from __future__ import annotations

from functools import cached_property
from pathlib import Path

from engine.api import Policies, open_policies
from engine.editing.workspace import Snapshot


class Held:
    """Policies as they were read at one moment, for deciding and for editing."""

    def __init__(self, folders: tuple[str, ...]) -> None:
        self.folders = tuple(Path(folder) for folder in folders)
        self.policies: Policies = open_policies(self.folders)

    @cached_property
    def snapshot(self) -> Snapshot:
        return Snapshot(self.folders, {})


class Live:
    def __init__(self, folders: tuple[str, ...]) -> None:
        self._folders = folders
        self.now = Held(folders)
