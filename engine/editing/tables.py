"""Tables beside a policy: which files there are, and what stands in the head of one.

In: a `Scene`.  Out: paths as a policy writes them, and column heads.
Imports scene, spot and workspace.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from engine import disk
from engine.editing.scene import Scene
from engine.editing.spot import Path as TreePath


def table_paths(scene: Scene) -> Iterator[tuple[str, Path]]:
    """The tables, as the file may name them: from the policy folder, of cases from the file's own folder."""
    base = _base(scene)
    if base is None:
        return
    for path, file in scene.snapshot.files.items():
        if file.kind == "table" and path.is_relative_to(base):
            yield path.relative_to(base).as_posix(), path


def header_of(scene: Scene, path: TreePath) -> tuple[str, ...]:
    """The column heads of the table whose name stands at a path."""
    named, base = scene.text(path), _base(scene)
    if not named or base is None:
        return ()
    file = scene.snapshot.files.get(base / named)
    if file is None or file.kind != "table":
        return ()
    first = file.source.text.partition("\n")[0]
    return tuple(cell.strip() for row in csv.reader([first]) for cell in row if cell.strip())


def _base(scene: Scene) -> Path | None:
    if scene.file.kind == "cases":
        return scene.file.path.parent
    for folder in scene.snapshot.folders:
        real = disk.real(folder)
        if scene.file.path.is_relative_to(real):
            return real if real != scene.file.path else real.parent
    return None
