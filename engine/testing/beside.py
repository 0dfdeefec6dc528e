"""Files that a case file names: read from beside it, never from outside its folder of policies or cases.

In: the name as written.  Out: the file's bytes and how diagnostics call it, or a Diagnostic.
Imports the tree and the ground floor.
"""

from __future__ import annotations

from dataclasses import field, replace
from pathlib import Path

from engine import disk
from engine.diagnostics import Reporter
from engine.policy.csv_table import MAX_TABLE_BYTES
from engine.policy.files import Contents, shown_path
from engine.records import dataclass
from engine.source import Source, Span
from engine.suggest import Near
from engine.tree import Scalar

_MOST_NEIGHBOURS = 2_000


@dataclass(frozen=True, slots=True)
class Beside:
    """`folder` is where the case file stands, `root` the folder that must not be left; `instead` what to take for the
    content of files; `looked`, by name, what was read, None where that could not be."""

    folder: Path
    root: Path
    instead: Contents = field(default_factory=dict)
    looked: dict[str, bytes | None] = field(default_factory=dict, compare=False, repr=False)

    def read(self, name: Scalar, report: Reporter, text: str | None = None) -> tuple[str, bytes] | None:
        """Args:
        text: the file's name, where it is not as written in the file.
        """
        wanted = name.text.strip() if text is None else text
        found = self._read(wanted, name, report)
        self.looked[wanted] = None if found is None else found[1]
        return found

    def content(self, wanted: str) -> bytes | None:
        """What a file of a name holds now; None where it cannot be read."""
        place = Scalar(Span(Source("", ""), 0, 0), wanted)
        found = self._read(wanted, place, Reporter())
        return None if found is None else found[1]

    def _read(self, wanted: str, name: Scalar, report: Reporter) -> tuple[str, bytes] | None:
        try:
            file, root = disk.real(self.folder / wanted), disk.real(self.root)
            if not file.is_relative_to(root):
                report.tell("path-outside", name.span, file=wanted)
                return None
            if (given := self.instead.get(file)) is not None:
                return shown_path(file, root), given
            if file in self.instead or disk.kind(file) == "absent":
                report.tell("case-no-such-file", name.span, file=wanted, suggestion=Near(wanted, self._names()))
                return None
            return shown_path(file, root), disk.read(file, MAX_TABLE_BYTES)
        except disk.DiskFault as fault:
            report.add(replace(fault.diagnostic(wanted), span=name.span, path=""))
        return None

    def _names(self) -> list[str]:
        """What stands beside the case file, to be suggested."""
        found = [file for file in disk.walk(self.folder) if isinstance(file, Path)]
        near = [file.relative_to(self.folder).as_posix() for file in found if file.suffix in (".csv", ".json")]
        return near[:_MOST_NEIGHBOURS]
