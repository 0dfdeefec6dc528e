"""A file named where a folder may be: it brings along what lies in its folder and belongs to the same policy.

In: folders and files.  Out: a `Library`. Whoever names the province's file alone must not decide a family without the
rules of its city that lie beside it; other policies of the folder are none of theirs.
Imports loader and the ground floor.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from engine import disk
from engine.policy.loader import Library, read_library


def read_with_beside(paths: Sequence[Path]) -> Library:
    """The files of the folders, the files named, and what stands on the same root as those or may be meant to."""
    named = read_library(paths)
    beside = list(dict.fromkeys(path.parent for path in paths if _is_file(path)))
    if not beside:
        return named
    whole = read_library([*paths, *beside])
    roots = {None, *map(whole.root_of, named.documents)}
    roots.update(whole.sources_of([id_ for id_ in whole.documents if whole.root_of(id_) in roots]))
    whole.documents = {id_: held for id_, held in whole.documents.items() if whole.root_of(id_) in roots}
    whole.unusable = [one for one in whole.unusable if not one.id or one.id in whole.documents]
    return whole if whole.unusable or len(whole.documents) > len(named.documents) else named


def _is_file(path: Path) -> bool:
    try:
        return disk.kind(path) == "file"
    except disk.DiskFault:  # told when it is read
        return False
