"""Where something is spoken of, in all files.

In: an `Index`, a file and an offset.  Out: `Occurrence`s, in order of files and places.
Imports occurrences, things and workspace.
"""

from __future__ import annotations

from collections.abc import Sequence

from engine.editing.occurrences import Index
from engine.editing.things import Occurrence
from engine.editing.workspace import File


def references(index: Index, file: File, offset: int, *, declared: bool = True) -> Sequence[Occurrence]:
    """Args:
    declared: the declaration too.
    """
    spoken = index.at(file, offset)
    if spoken is None:
        return ()
    found = dict.fromkeys(one for thing in spoken.things for one in index.every(thing) if declared or not one.declares)
    return sorted(found, key=lambda one: (str(one.path), one.span.start, one.span.end))


def here(index: Index, file: File, offset: int) -> Sequence[Occurrence]:
    """Those in the same file, to be highlighted."""
    return [one for one in references(index, file, offset) if one.path == file.path]
