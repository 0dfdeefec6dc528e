"""Files to be changed: found, and read as they lie. `disk.write_whole` writes them.

In: paths.  Out: `TextFile`s, or Diagnostics.
Imports text_file, policy (where policy files are) and the ground floor.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from engine import disk
from engine.diagnostics import Reporter
from engine.policy.files import yaml_files
from engine.policy.yaml_nodes import MAX_BYTES
from engine.writing.text_file import TextFile, read_text_file


def files_of(paths: Sequence[Path], report: Reporter) -> Iterator[Path]:
    """The YAML files of folders, and files that are named; each once."""
    seen: set[Path] = set()
    for path in paths:
        for file in yaml_files(path, report):
            place = disk.real(file)
            if place not in seen:
                seen.add(place)
                yield file


def load_text(path: Path, name: str, report: Reporter, *, limit: int = MAX_BYTES) -> TextFile | None:
    """A file as it lies; None where it cannot be read, is too large, or is no text."""
    try:
        data = disk.read(path, limit)
    except disk.DiskFault as fault:
        report.add(fault.diagnostic(name))
        return None
    file = read_text_file(data, name)
    if file is None or file.data() != data:
        report.tell("not-text", None, path=name)
        return None
    return file
