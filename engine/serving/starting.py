"""The days from which what a draft writes holds, as the page of impact looks at households on one of them.

In: files as they are published and as a draft has them.  Out: days. Imports editing and the ground floor.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from datetime import date

from engine.editing.things import entries
from engine.editing.workspace import File, Snapshot
from engine.tree import Scalar


def starts(published: Snapshot, drafted: Snapshot) -> tuple[date, ...]:
    """The days that the draft begins something on and the published files do not, the first one first."""
    changed = [
        (path, file)
        for path, file in drafted.files.items()
        if file.is_document and ((held := published.files.get(path)) is None or held.source.text != file.source.text)
    ]
    before = {path: file for path, _ in changed if (file := published.files.get(path)) is not None}
    return tuple(sorted(_days(file for _, file in changed) - _days(before.values())))


def _days(files: Iterable[File]) -> set[date]:
    found = set()
    for file in files:
        for path, _, value in entries(file.tree):
            if path[-1] == "from" and isinstance(value, Scalar):
                with suppress(ValueError):  # a fault of the text, which the check tells
                    found.add(date.fromisoformat(value.text))
    return found
