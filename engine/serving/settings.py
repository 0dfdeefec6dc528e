"""How the service was asked to run.

In: options of the command.  Out: `Settings`, handed to every process that serves.
Imports the ground floor.
"""

from __future__ import annotations

from typing import Final

from engine.records import dataclass

LOOPBACK: Final = "127.0.0.1"
PORT: Final = 8711


@dataclass(frozen=True, slots=True)
class Settings:
    """
    Attributes:
        folders: of the published policies, as `--policies` names them.
        drafts: the folder of drafts, beside the published ones; "" where nothing can be edited.
        users: the file of people and roles; "" where whoever has the one-time link is the only person.
    """

    folders: tuple[str, ...]
    drafts: str = ""
    host: str = LOOPBACK
    port: int = PORT
    users: str = ""
