"""How the service was asked to run.

In: options of the command.  Out: `Settings`, handed to every process that serves.
Imports the ground floor.
"""

from __future__ import annotations

from dataclasses import field
from typing import Final

from engine.records import dataclass

LOOPBACK: Final = "127.0.0.1"
PORT: Final = 8711


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one process takes on at once.

    Attributes:
        body: bytes of a request that is read whole: a household of the largest, and room for what stands around it.
        memory: bytes of all such requests together.
        households: of one batch.
        waiting: bytes of answers of one batch that wait for a caller who does not read them.
        requests, requests_of_one: at once; of one network address.
        arriving: seconds within which a request comes, or each piece of one that is read piece by piece.
        working: seconds within which it is answered.
        sending: seconds within which a piece of the answer is taken.
    """

    body: int = 5 << 20
    memory: int = 256 << 20
    households: int = 1_000_000
    waiting: int = 1 << 30
    requests: int = 512
    requests_of_one: int = 256
    arriving: int = 30
    working: int = 60
    sending: int = 30


@dataclass(frozen=True, slots=True)
class Settings:
    """
    Attributes:
        folders: of the published policies, as `--policies` names them.
        drafts: the folder of drafts, beside the published ones; "" where nothing can be edited.
        users: the file of people and roles; "" where whoever has the one-time link is the only person.
        tokens: the file of systems that may call `/v1`; "" where only this machine, or a proxy's users, may.
        names: by which browsers reach the service, beside addresses and this machine's own.
        proxy_header, proxy_from: the header in which a reverse proxy names who signed in there, and the addresses that
            are believed.
        secret: that sessions are signed with, the same in every process; b"" draws one.
        link: the hash of the one-time link; "" where there is none.
        workers: processes that serve side by side.
        shared: a folder in which they count together, gone when they end; "" for one alone.
    """

    folders: tuple[str, ...]
    drafts: str = ""
    host: str = LOOPBACK
    port: int = PORT
    users: str = ""
    tokens: str = ""
    names: tuple[str, ...] = ()
    proxy_header: str = ""
    proxy_from: tuple[str, ...] = ()
    secret: bytes = field(default=b"", repr=False)
    link: str = ""
    workers: int = 1
    shared: str = ""
    limits: Limits = Limits()
