"""The days from which what a draft writes or takes away makes a difference: the page of impact looks at one of them.

In: files as they are published and as a draft has them.  Out: days. Imports editing and the ground floor.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import date
from pathlib import Path

from engine.editing.things import entries
from engine.editing.workspace import File, Snapshot
from engine.tree import Scalar


def starts(published: Snapshot, drafted: Snapshot) -> tuple[date, ...]:
    """The days on which only one of the two begins something, the first one first: what is taken back makes a
    difference from the day on which it would have begun."""
    before, after = (_documents(one) for one in (published, drafted))
    changed = {path for path in before.keys() | after.keys() if _text(before.get(path)) != _text(after.get(path))}
    return tuple(sorted(_days(before, changed) ^ _days(after, changed)))


def _documents(snapshot: Snapshot) -> dict[Path, File]:
    return {path: file for path, file in snapshot.files.items() if file.is_document}


def _text(file: File | None) -> str | None:
    return None if file is None else file.source.text


def _days(files: Mapping[Path, File], changed: Iterable[Path]) -> set[date]:
    found = set()
    for file in (files[path] for path in changed if path in files):
        for path, _, value in entries(file.tree):
            if path[-1] == "from" and isinstance(value, Scalar):
                with suppress(ValueError):  # a fault of the text, which the check tells
                    found.add(date.fromisoformat(value.text))
    return found
