"""Which policy folders the folders of an editor hold.

In: the folders it has open, and those named by its user.  Out: policy folders; of a file outside them all, the folder
that it is to be read with.
Imports policy (files) and the ground floor.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from engine import disk
from engine.policy.files import holds_policies

NAMED = "policies"
EDITED = (".yaml", ".yml", ".csv")
"""endings of the files that are looked at"""
BESIDE = (".json", ".xlsx", ".xlsm")
"""endings of further files that cases read"""


def policy_folders(opened: Sequence[Path], named: Sequence[str]) -> list[Path]:
    """Of each folder the ones named; else the folder `policies` in it, or itself, where these hold a policy."""
    found: dict[Path, None] = {}
    for folder in opened:
        tried = [folder / name for name in named] or [folder / NAMED, folder]
        for one in tried:
            try:
                if disk.kind(one) == "folder" and (named or holds_policies(one)):
                    found[disk.real(one)] = None
                    if not named:
                        break
            except disk.DiskFault:  # whoever names it is told when it is checked
                continue
    return list(found)


def folder_around(file: Path) -> Path:
    """The nearest folder above that is called `policies`, else the one it stands in."""
    return next((folder for folder in file.parents if folder.name == NAMED), file.parent)
