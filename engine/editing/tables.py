"""Tables beside a policy: which files there are, what stands in the head of one, and who reads it how.

In: a `Snapshot` and a file of it.  Out: paths as a file writes them, column heads, `Use`s.
Imports workspace, the tree and the ground floor.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from engine import disk
from engine.editing.workspace import File, Snapshot
from engine.records import dataclass
from engine.tree import Mapping, Scalar, nodes


@dataclass(frozen=True, slots=True)
class Use:
    """A document or a file of cases that reads a table.

    Attributes:
        table: the file that it names.
        columns: what it takes a column for, by its head; "" where it says so in more than one word.
    """

    file: File
    table: Path
    columns: dict[str, str]


def table_paths(snapshot: Snapshot, of: File) -> Iterator[tuple[str, Path]]:
    """The tables, as the file may name them: from the policy folder, of cases from the file's own folder."""
    base = _base(snapshot, of)
    if base is None:
        return
    for path, file in snapshot.files.items():
        if file.kind == "table" and path.is_relative_to(base):
            yield path.relative_to(base).as_posix(), path


def header_of(snapshot: Snapshot, of: File, named: str) -> tuple[str, ...]:
    """The column heads of a table that a file names."""
    base = _base(snapshot, of)
    file = snapshot.files.get(base / named) if named and base is not None else None
    return () if file is None or file.kind != "table" else heads(file)


def heads(table: File) -> tuple[str, ...]:
    first = table.source.text.partition("\n")[0]
    return tuple(cell.strip() for row in csv.reader([first]) for cell in row if cell.strip())


def uses(snapshot: Snapshot) -> Iterator[Use]:
    """Every place where a table is read by its columns."""
    for file in snapshot.files.values():
        if not file.is_document and file.kind != "cases":
            continue
        base = _base(snapshot, file)
        for node in nodes(file.tree):
            columns = node.get("columns") if isinstance(node, Mapping) else None
            if base is None or not isinstance(node, Mapping) or not isinstance(columns, Mapping):
                continue
            named = node.get("file" if file.kind == "cases" else "table")
            if isinstance(named, Scalar) and named.text:
                meant = {key.text: held.text if isinstance(held, Scalar) else "" for key, held in columns.entries}
                yield Use(file, base / named.text, meant)


def _base(snapshot: Snapshot, of: File) -> Path | None:
    if of.kind == "cases":
        return of.path.parent
    for folder in snapshot.folders:
        real = disk.real(folder)
        if of.path.is_relative_to(real):
            return real if real != of.path else real.parent
    return None
