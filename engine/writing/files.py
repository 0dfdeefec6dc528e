"""Files to be changed: found, read as they lie, written whole.

In: paths.  Out: `TextFile`s, or Diagnostics. A file is written beside its old self first and takes its place at once:
a machine that stops halfway leaves one of the two.
Imports refused, text_file, policy (where policy files are) and the ground floor.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from engine.diagnostics import Reporter
from engine.policy.files import yaml_files
from engine.policy.yaml_nodes import MAX_BYTES
from engine.writing.refused import Refused
from engine.writing.text_file import TextFile, read_text_file


def files_of(paths: Sequence[Path], report: Reporter) -> Iterator[Path]:
    """The YAML files of folders, and files that are named; each once."""
    seen: set[Path] = set()
    for path in paths:
        for file in yaml_files(path, report):
            if file.resolve() not in seen:
                seen.add(file.resolve())
                yield file


def load_text(path: Path, name: str, report: Reporter, *, limit: int = MAX_BYTES) -> TextFile | None:
    """A file as it lies; None where it cannot be read, is too large, or is no text."""
    try:
        data = path.read_bytes()
    except OSError as error:
        report.error("file-not-readable", None, path=name, reason=error.strerror or type(error).__name__)
        return None
    if len(data) > limit:
        report.error("file-too-large", None, path=name, size=str(len(data)), limit=str(limit))
        return None
    file = read_text_file(data, name)
    if file is None or file.data() != data:
        report.error("not-text", None, path=name)
        return None
    return file


def save(path: Path, data: bytes) -> None:
    """Write a file whole; whoever reads it meanwhile sees the old one or the new one.

    Raises: Refused where the system does not let it.
    """
    target = path.resolve()  # a link stays a link
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, beside = tempfile.mkstemp(dir=target.parent, prefix=".doudi-")
        try:
            with os.fdopen(handle, "wb") as out:
                out.write(data)
            os.chmod(beside, target.stat().st_mode & 0o7777 if target.exists() else 0o644)
            os.replace(beside, target)
        except OSError:
            os.unlink(beside)
            raise
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise Refused(f"写不了 {path}：{reason}", f"cannot write {path}: {reason}") from error
