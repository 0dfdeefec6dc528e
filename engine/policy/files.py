"""Which files of a folder are policy files, which are something else, and what they are called.

In: folders.  Out: every file of a folder in a stable order with what it is; none is passed over in silence.
Imports marks and the ground floor.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final, Literal, TypeAlias

from engine import disk
from engine.diagnostics import Diagnostic, Reporter
from engine.policy.marks import marked_text, text_in
from engine.records import dataclass

HYGIENE_FILE: Final = "hygiene.yaml"
"""at the top of a policy folder: no policy, but what `check` thinks of untidiness there (`hygiene.settings`)"""
MAX_FILES: Final = 2_000
_SUFFIXES: Final = (".yaml", ".yml")
_PUT_ASIDE: Final = ("~", ".bak", ".orig", ".swp")
"""endings that editors give to what they put aside"""
_OTHER_KINDS: Final = frozenset({
    ".xls", ".xlsx", ".xlsm", ".et", ".ods", ".doc", ".docx", ".wps", ".odt", ".rtf", ".ppt", ".pptx", ".pdf", ".ofd",
    ".css", ".lock", ".py", ".pyc", ".sh", ".ps1", ".bat", ".cmd", ".js", ".ts", ".sql", ".png", ".jpg", ".jpeg",
    ".gif", ".bmp", ".svg", ".ico", ".webp", ".mp3", ".mp4", ".zip", ".rar", ".7z", ".gz", ".tar", ".db", ".sqlite",
    ".parquet", ".arrow", ".lnk", ".url",
})  # fmt: skip
_TEXTS: Final = frozenset({
    ".md", ".markdown", ".rst", ".htm", ".html", ".json", ".ndjson", ".jsonl", ".xml", ".toml", ".ini", ".cfg",
    ".conf", ".log", ".csv", ".tsv",
})  # fmt: skip
"""texts of other kinds, which may show or quote a policy; one that begins as one was saved under the wrong ending"""
_LOOKED_AT: Final = 1 << 20
"""bytes at the beginning of a file with an unknown ending in which the head of a policy is looked for"""
_FIRST: Final = 1 << 16
"""likewise of a text of another kind"""
_CASES: Final = re.compile(r"^cases *:", re.MULTILINE)
_RULES: Final = re.compile(
    r"^[\"']?(?:policy|values|overlay|amends|jurisdiction|confers|facts|causes|terms|parameters|requirements|set|add|exempt"
    r"|replace|repeal|local)[\"']?[ \t\u3000\u00a0]*[:：]",
    re.MULTILINE,
)

Kind: TypeAlias = Literal["yaml", "aside", "other", "fault"]
"""yaml: to be read. aside: an editor's copy, or hidden. other: a table, a text, a picture. fault: see there."""
Contents: TypeAlias = Mapping[Path, bytes | None]
"""what to take for the content of some files, by real path; None where there is to be no such file"""
_AS_THEY_ARE: Final[Contents] = {}


@dataclass(frozen=True, slots=True)
class Listed:
    """A file of a folder, and `name`, what diagnostics call it."""

    path: Path
    name: str
    kind: Kind
    fault: Diagnostic | None = None


def listing(path: Path, instead: Contents = _AS_THEY_ARE) -> Iterator[Listed]:
    """Every file of a folder and of the folders in it, in order of their names; a file alone is itself, to be read.

    Args:
        instead: files that are to stand there though they are not saved yet, and files that are to be gone.
    """
    gone = {file for file, data in instead.items() if data is None}
    if not gone:
        yield from _listing(path, instead)
        return
    for one in _listing(path, instead):
        if not _is_in(one.path, gone):
            yield one


def _is_in(file: Path, gone: set[Path]) -> bool:
    try:
        return disk.real(file) in gone
    except disk.DiskFault:
        return False


def _listing(path: Path, instead: Contents) -> Iterator[Listed]:
    unsaved = _unsaved(path, instead) if instead else []
    if path in unsaved:
        yield Listed(path, shown_path(path, path.parent), "yaml")
        return
    try:
        what = disk.kind(path)
    except disk.DiskFault as fault:
        yield _faulty(path, path, fault.diagnostic())
        return
    if what in ("file", "other"):  # of a pipe or device its reader will say that it is none
        yield Listed(path, shown_path(path, path.parent), "yaml")
        return
    if what == "absent":
        yield _faulty(path, path, Diagnostic.of("no-such-path", path=disk.shown(path)))
        return
    for found in disk.walk(path, files_end=_SUFFIXES):
        if isinstance(found, disk.DiskFault):
            yield from _before(Path(found.path), unsaved, path)
            yield _listed(Path(found.path), path, _fault_of(found, path))
        else:
            yield from _before(found, unsaved, path)
            yield _listed(found, path)
    yield from _before(None, unsaved, path)


def _unsaved(folder: Path, instead: Contents) -> list[Path]:
    """Those of some files that are in a folder and not on the disk, as called from there; the last one first."""
    try:
        real = disk.real(folder)
        inside = [folder / file.relative_to(real) for file in instead if file.is_relative_to(real)]
        return sorted(
            (file for file in inside if disk.kind(file) == "absent"), key=lambda file: file.parts, reverse=True
        )
    except disk.DiskFault:  # told when the folder is read
        return []


def _before(found: Path | None, unsaved: list[Path], folder: Path) -> Iterator[Listed]:
    """The files not on the disk whose names come before one that is, or all that are left; each is taken once."""
    while unsaved and (found is None or unsaved[-1].parts < found.parts):
        file = unsaved.pop()
        if file.suffix.lower() in (*_SUFFIXES, *_TEXTS):  # of any other its name does not say whether it is read
            yield _listed(file, folder)


def _fault_of(fault: disk.DiskFault, folder: Path) -> Diagnostic:
    name = shown_path(Path(fault.path), folder)
    if fault.reason == "outside":  # the folder may come from a stranger
        return Diagnostic.of("path-outside", path=name, file=name)
    return fault.diagnostic(name)


def _faulty(file: Path, folder: Path, fault: Diagnostic) -> Listed:
    return Listed(file, shown_path(file, folder), "fault", fault)


def _listed(file: Path, folder: Path, fault: Diagnostic | None = None) -> Listed:
    """What a file is by its name; a fault counts only where its name does not say that it is something else."""
    name, suffix = shown_path(file, folder), file.suffix.lower()
    parts = file.relative_to(folder).parts if file.is_relative_to(folder) else file.parts
    if any(part.startswith((".", "~$")) or part.endswith(_PUT_ASIDE) for part in parts):
        return Listed(file, name, "aside")
    if suffix in _OTHER_KINDS:
        return Listed(file, name, "other")
    is_text = suffix in _TEXTS
    if fault is not None:
        return Listed(file, name, "other") if is_text else _faulty(file, folder, fault)
    if suffix in _SUFFIXES:
        return Listed(file, name, "yaml")
    try:
        meant = _begins_as_text(file) if is_text else _begins_as_policy(file)
    except disk.DiskFault as unread:
        if is_text or unread.reason == "not-regular":  # nobody saves a policy as a pipe
            return Listed(file, name, "other")
        return _faulty(file, folder, unread.diagnostic(name))
    if meant:
        return _faulty(file, folder, Diagnostic.of("not-yaml-ending", path=name))
    return Listed(file, name, "other")


def _begins_as_policy(file: Path) -> bool:
    """Whether a file says that it is a policy, though its name does not: `jia.yaml.txt`, `jia`, `jia.yaml(1)`.

    Raises: DiskFault.
    """
    return marked_text(_beginning(file, _LOOKED_AT))


def _begins_as_text(file: Path) -> bool:
    """Likewise of a file whose name says that it is a text of another kind: `jia.json`, `jia.yaml.md`."""
    from engine.policy.misnamed import begins_as_policy

    return begins_as_policy(_beginning(file, _FIRST))


def _beginning(file: Path, most: int) -> str:
    """The text that a file begins with, up to the end of a line where there is more."""
    data = disk.beginning(file, most)
    return text_in(data if len(data) < most else data[: data.rfind(b"\n") + 1] or data)


def yaml_files(path: Path, report: Reporter, instead: Contents = _AS_THEY_ARE) -> Iterator[Path]:
    """The YAML files of a folder in order of their names; a file alone is itself.

    Args:
        instead: as `listing` has it.
    """
    found = list(listing(path, instead))
    for one in found:
        if one.fault is not None:
            report.add(one.fault)
    files = [one.path for one in found if one.kind == "yaml"]
    if len(files) > MAX_FILES:
        report.add(too_many(path, len(files)))
        return
    yield from files


def too_many(folder: Path, count: int) -> Diagnostic:
    return Diagnostic.of("too-many-files", path=disk.shown(folder), count=str(count), limit=str(MAX_FILES))


def holds_policies(folder: Path) -> bool:
    """Whether some file of a folder says that it is a policy, sound or not."""
    files = [one.path for one in listing(folder) if one.kind == "yaml"]
    # that of the province lies at the top; folders of cases and tables would be looked through for nothing
    return any(map(_says_policy, sorted(files, key=lambda file: len(file.parts))))


def _says_policy(file: Path) -> bool:
    try:
        return _begins_as_policy(file)
    except disk.DiskFault:
        return False


def is_case_file(text: str) -> bool:
    """Policy cases stand beside policies; seen from the text, so that nobody who decides pays for reading them.

    A file with any key of rules is none, whatever else it says: rules that were taken for cases would be left out.
    """
    return _CASES.search(text) is not None and _RULES.search(text) is None and not marked_text(text)


def shown_path(file: Path, root: Path) -> str:
    """The file as diagnostics name it: below its policy folder, with forward slashes on every system."""
    return disk.shown(file.relative_to(root).as_posix() if file.is_relative_to(root) else file.as_posix())


def report_nothing_found(folders: Iterable[Path], report: Reporter) -> None:
    """That there was nothing to look at is a finding of each folder: no run over nothing is green."""
    for folder in folders:
        report.tell("no-policy-found", None, path=disk.shown(folder))
