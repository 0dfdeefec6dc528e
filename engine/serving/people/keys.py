"""The secret that sessions are signed with, and the links that were used up.

In: the folder of drafts.  Out: bytes; whether a link is used for the first time. Imports disk.
Both stand on the disk, for several processes serve side by side, and sessions outlive a restart.
"""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Final

from engine import disk

_KEY: Final = "session.key"
_LINKS: Final = "links"
_NOT_KEPT: Final = ".gitignore"
_BYTES: Final = 32


def secret_in(drafts: Path) -> bytes:
    """The secret of a folder of drafts; made where there is none.

    Raises: DiskFault.
    """
    disk.make_folder(drafts)
    if disk.kind(drafts / _NOT_KEPT) == "absent":  # a folder beside that of policies is likely kept in git, too
        disk.write_whole(drafts / _NOT_KEPT, b"*\n")
    file = drafts / _KEY
    if disk.kind(file) == "absent":
        disk.write_new(file, secrets.token_bytes(_BYTES), 0o600)
    found = disk.read(file, _BYTES)
    if len(found) < _BYTES:  # cut off while it was written: no session rests on it
        disk.write_whole(file, secrets.token_bytes(_BYTES))
        found = disk.read(file, _BYTES)
    return found


def used_first(drafts: Path, link: str) -> bool:
    """Whether nobody has followed a link before, in whatever process.

    Args:
        link: its hash.
    Raises: DiskFault.
    """
    disk.make_folder(drafts / _LINKS)
    try:
        disk.write_new(drafts / _LINKS / link, b"", 0o600)
    except disk.DiskFault as fault:
        if fault.reason != "exists":
            raise
        return False
    return True


def forget_links(drafts: Path) -> None:
    """Those of an earlier start lead nowhere any more."""
    disk.clear(drafts / _LINKS)
