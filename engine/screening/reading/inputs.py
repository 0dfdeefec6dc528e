"""The files that an input names, and the tables in them.

In: paths: files, folders, patterns.  Out: `Tabular`s in the order of the files' names, or a fault that names the file.
Imports the table readers; policy (`workbook`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Final, Protocol

from engine import disk
from engine.diagnostics import Diagnostic, Reporter
from engine.policy.workbook import open_sheets
from engine.records import dataclass
from engine.screening.reading.tabular import Tabular, Unreadable

_ARROW: Final = (".arrow", ".feather", ".ipc", ".arrows")
_TEXT: Final = (".csv", ".txt")
_JSON: Final = (".ndjson", ".jsonl")
ENDINGS: Final = (".parquet", *_ARROW, *_TEXT, *_JSON, ".xlsx", ".xlsm")
_PATTERN: Final = re.compile(r"[*?\[]")
MAX_BOOK_BYTES: Final = 1 << 29
MAX_BOOK_UNPACKED: Final = 1 << 32


class Heads(Protocol):
    """What is known of headers."""

    def named(self, cells: Sequence[str], /) -> int:
        """How many of some cells name a field."""

    def joins(self, header: str, /) -> bool:
        """Whether a column says whose its rows are."""


@dataclass(frozen=True, slots=True)
class File:
    path: Path
    name: str
    size: int

    @property
    def is_json(self) -> bool:
        return self.name.lower().endswith(_JSON)


def files_of(paths: Iterable[disk.AnyPath]) -> list[File]:
    """Every file that is named, each once; of a folder those whose endings say that they are read.

    Raises: Unreadable where a path names nothing; DiskFault.
    """
    found: dict[Path, File] = {}
    for path in paths:
        named = list(_named(Path(path)))
        if not named:
            raise Unreadable.since("input-not-found", disk.shown(path))
        for one in named:
            found.setdefault(disk.real(one), File(one, disk.shown(one), disk.size(one)))
    return list(found.values())


def _named(path: Path) -> Iterator[Path]:
    match disk.kind(path):
        case "folder":
            yield from _below(path, ENDINGS)
        case "absent" if _PATTERN.search(path.name):
            yield from (one for one in _below(path.parent, ()) if fnmatchcase(one.name, path.name))
        case "absent":
            return
        case "file" | "other":
            yield path


def _below(folder: Path, endings: tuple[str, ...]) -> Iterator[Path]:
    """Files right in a folder; those that a program left for the time being (`~$…`, `.…`) are none."""
    for one in disk.walk(folder):
        if isinstance(one, disk.DiskFault):
            raise one
        if one.parent == folder and not one.name.startswith((".", "~$")) and one.name.lower().endswith(endings or ""):
            yield one


def tables_in(file: File, heads: Heads, notes: Reporter) -> Iterator[Tabular]:
    """The tables of a file that is no NDJSON."""
    ending = file.path.suffix.lower()
    start = disk.beginning(file.path, 8)
    if not start:
        raise Unreadable.since("input-empty", file.name)
    if ending == ".parquet" or start.startswith(b"PAR1"):
        from engine.screening.reading.arrow_file import ParquetTable

        yield ParquetTable(file.path, file.name, file.size)
    elif ending in _ARROW or start.startswith(b"ARROW1"):
        from engine.screening.reading.arrow_file import ArrowTable

        yield ArrowTable(file.path, file.name, file.size)
    elif ending in (".xlsx", ".xlsm"):
        yield from _sheets(file, heads, notes)
    elif ending in _TEXT:
        from engine.screening.reading.csv_file import CsvTable

        yield CsvTable(file.path, file.name, file.size, heads.named)
    else:
        raise Unreadable.since("input-kind", file.name)


def _sheets(file: File, heads: Heads, notes: Reporter) -> Iterator[Tabular]:
    from engine.screening.reading.workbook_file import SheetTable

    report = Reporter()
    data = disk.read(file.path, MAX_BOOK_BYTES)
    sheets, hidden = open_sheets(
        data, file.name, MAX_BOOK_UNPACKED, report, lambda sheet: SheetTable(file.name, sheet, file.size, heads)
    )
    if report.has_errors:
        raise Unreadable(report)
    if hidden:
        notes.add(Diagnostic.of("sheets-hidden", path=file.name, names="、".join(hidden)))
    filled = [one for one in sheets if not one.is_blank]
    if not filled:
        raise Unreadable.since("input-empty", file.name)
    for one in filled:
        if one.hidden:
            notes.add(Diagnostic.of("rows-hidden", path=one.name, count=str(one.hidden)))
        yield one


def fingerprint(files: Sequence[File], mapping: str) -> str:
    """Of what is read: names, sizes and the contents of small files; of large ones the beginning and the end."""
    from hashlib import sha256

    made = sha256(mapping.encode())
    for one in files:
        made.update(f"\n{one.path.name}\x00{one.size}\x00".encode("utf-8", "surrogateescape"))
        for piece in disk.ends(one.path, _SEEN):
            made.update(piece)
    return f"sha256:{made.hexdigest()}"


_SEEN: Final = 1 << 22
