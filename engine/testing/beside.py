"""Files that a case file names: read from beside it, never from outside its folder of policies or cases.

In: the name as written.  Out: the file's bytes and how diagnostics call it, or a Diagnostic.
Imports the tree and the ground floor.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from engine.diagnostics import Reporter
from engine.policy.csv_table import MAX_TABLE_BYTES
from engine.policy.files import shown_path
from engine.suggest import nearest
from engine.tree import Scalar

_MOST_NEIGHBOURS = 2_000


@dataclass(frozen=True, slots=True)
class Beside:
    """`folder` is where the case file stands, `root` the folder that must not be left."""

    folder: Path
    root: Path

    def read(self, name: Scalar, report: Reporter, text: str | None = None) -> tuple[str, bytes] | None:
        """Args:
        text: the file's name, where it is not as written in the file.
        """
        wanted = name.text.strip() if text is None else text
        try:
            file = (self.folder / wanted).resolve()
            if not file.is_relative_to(self.root.resolve()):
                report.error("path-outside", name.span, file=wanted)
                return None
            if not file.is_file():
                report.error("case-no-such-file", name.span, file=wanted, suggestion=nearest(wanted, self._names()))
                return None
            if file.stat().st_size > MAX_TABLE_BYTES:
                limit = str(MAX_TABLE_BYTES)
                report.error("file-too-large", None, path=wanted, size=str(file.stat().st_size), limit=limit)
                return None
            return shown_path(file, self.root.resolve()), file.read_bytes()
        except OSError as error:
            reason = error.strerror or type(error).__name__
            report.error("file-not-readable", None, path=wanted, reason=reason)
        except ValueError:  # a name that the system cannot even ask for
            report.error("case-no-such-file", name.span, file=wanted, suggestion="")
        return None

    def _names(self) -> list[str]:
        found = [file for suffix in ("*.csv", "*.json") for file in sorted(self.folder.rglob(suffix))]
        return [file.relative_to(self.folder).as_posix() for file in found[:_MOST_NEIGHBOURS]]
