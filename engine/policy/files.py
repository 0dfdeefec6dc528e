"""Which files of a folder are policy files, and what they are called.

In: folders.  Out: paths in a stable order, and their names in diagnostics.
Imports the ground floor.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from engine.diagnostics import Reporter

HYGIENE_FILE: Final = "hygiene.yaml"
"""at the top of a policy folder: no policy, but what `check` thinks of untidiness there (`hygiene.settings`)"""
MAX_FILES: Final = 2_000
_SUFFIXES = (".yaml", ".yml")
_CASES = re.compile(r"^cases *:", re.MULTILINE)
_RULES = re.compile(r"^(?:policy|overlay) *:", re.MULTILINE)


def yaml_files(path: Path, report: Reporter) -> Iterator[Path]:
    """The YAML files of a folder in order of their names; a file alone is itself."""
    if path.is_file():
        yield path
        return
    if not path.is_dir():
        report.error("no-such-path", None, path=str(path))
        return
    found = [
        file
        for file in sorted(path.rglob("*"))
        if file.suffix in _SUFFIXES
        and not any(part.startswith(".") for part in file.relative_to(path).parts)
        and file.is_file()
        and _stays_inside(file, path, report)
    ]
    if len(found) > MAX_FILES:
        report.error("too-many-files", None, path=str(path), count=str(len(found)), limit=str(MAX_FILES))
        return
    yield from found


def _stays_inside(file: Path, folder: Path, report: Reporter) -> bool:
    """A link that leads out of the folder is not followed: the folder may come from a stranger."""
    if file.resolve().is_relative_to(folder.resolve()):
        return True
    report.error("path-outside", None, path=shown_path(file, folder), file=shown_path(file, folder))
    return False


def is_case_file(text: str) -> bool:
    """Policy cases stand beside policies; seen from the text, so that nobody who decides pays for reading them."""
    return _CASES.search(text) is not None and _RULES.search(text) is None


def shown_path(file: Path, root: Path) -> str:
    """The file as diagnostics name it: below its policy folder, with forward slashes on every system."""
    return file.relative_to(root).as_posix() if file.is_relative_to(root) else file.as_posix()


def report_nothing_found(folders: Iterable[Path], report: Reporter) -> None:
    """That there was nothing to look at is a finding of each folder: no run over nothing is green."""
    for folder in folders:
        report.error("no-policy-found", None, path=str(folder))
