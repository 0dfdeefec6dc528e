"""Which values of a parameter hold on a day for the places that a document is about, and where each is written.

In: a snapshot, a file and a day.  Out: the rows in force, by key.
Imports things, workspace, policy (tables) and the ground floor.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from engine.editing.workspace import File, Snapshot
from engine.policy.model import Cell
from engine.policy.rows import Row
from engine.policy.tables import dated_of
from engine.source import Span


def rows_in_force(snapshot: Snapshot, file: File, parameter: str, day: date) -> Sequence[Row[Cell]]:
    """By the policies of the document, or those that the cases are of; none where they cannot be put together."""
    merged = snapshot.merged(file)
    if merged is None or parameter not in merged.elements.parameters:
        return ()
    rows = (row for row in dated_of(merged).tables[parameter] if row.known_until is None)
    return [row for row in rows if (row.start is None or row.start <= day) and (row.end is None or day < row.end)]


def path_of(snapshot: Snapshot, span: Span) -> Path | None:
    """The file in which a place of a merged policy lies, while it says there what it said."""
    for path, file in snapshot.files.items():
        if file.name == span.source.name and file.source.text == span.source.text:
            return path
    return None
