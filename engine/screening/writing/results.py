"""The files of one run: the results, and beside them what was refused and which ids stand twice.

In: `Decided` parts in their order.  Out: files that appear together when all is written. A workbook holds all of it in
sheets; the other forms have it in files of their own, which are there only where they have something to say.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Final, Protocol

from engine import disk
from engine.records import dataclass
from engine.screening.writing.csv_text import CsvFile, Rows
from engine.screening.writing.decided import Decided
from engine.screening.writing.ndjson import NdjsonFile
from engine.screening.writing.parquet import ParquetFile
from engine.screening.writing.summary import Repeated
from engine.screening.writing.wording import Wording
from engine.screening.writing.workbook import Workbook

REPEATED: Final = ["id", "file", "row"]
Cells = Sequence[object]


class Form(Protocol):
    """A file of answers being written."""

    def add(self, table: Any) -> None: ...
    def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Target:
    """Attributes:
    suffix: of the form, lower case.
    folder: for what is written meanwhile.
    """

    path: Path
    suffix: str
    folder: Path
    wording: Wording

    @property
    def changed(self) -> Path:
        """Of the households whose answer another rule set changes; a sheet of a workbook."""
        return self.path.with_name(f"{self.path.stem}.changed{self.path.suffix}")

    @property
    def refused(self) -> Path:
        return self.path.with_name(f"{self.path.name}.refused.csv")

    @property
    def repeated(self) -> Path:
        return self.path.with_name(f"{self.path.name}.repeated.csv")


class Results:
    """To be used as a context: what is left by a fault leaves no file behind."""

    def __init__(self, target: Target, schema: Any, changes: Any = None) -> None:
        """Args:
        schema: of the answers. changes: of the table of changes, where another rule set is compared.
        """
        self.target = target
        self._files = ExitStack()
        self._schema, self._changes_schema = schema, changes
        self._tables: dict[Path, Rows] = {}
        self._streams: list[BinaryIO] = []

    def __enter__(self) -> Results:
        # closed in the opposite order: the results appear last
        with ExitStack() as files:
            stream = self._written(files, self.target.path, "output")
            self._form = self._opened(stream, self._schema)
            self._changes = None if self._changes_schema is None else self._opened_changes(files)
            self._files = files.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._files.__exit__(kind, fault, trace)
        if kind is None:
            for path in (self.target.refused, self.target.repeated):
                if path not in self._tables and disk.taken(path):
                    disk.remove(path)  # of a run before this one: there is nothing of the kind now

    def _opened_changes(self, files: ExitStack) -> Form | None:
        if isinstance(self._form, Workbook):
            self._form.begin("changed", self._changes_schema)
            return None
        return self._opened(self._written(files, self.target.changed, "output-changed"), self._changes_schema)

    def _written(self, files: ExitStack, path: Path, beside: str) -> BinaryIO:
        stream = files.enter_context(disk.written(path, self.target.folder / beside))
        self._streams.append(stream)
        return stream

    def _opened(self, stream: BinaryIO, schema: Any) -> Form:
        target = self.target
        match target.suffix:
            case ".parquet":
                return ParquetFile(stream, schema, target.wording)
            case ".csv":
                return CsvFile(stream, schema, target.wording)
            case ".xlsx":
                name = disk.shown(target.path)
                return Workbook(stream, name, str(target.folder), schema, target.wording)
            case _:
                return NdjsonFile(stream, schema, target.wording)

    def add(self, part: Decided) -> None:
        self._form.add(part.table)
        if self._changes is not None:
            self._changes.add(part.changes)
        elif isinstance(self._form, Workbook) and part.changes is not None:
            self._form.add(part.changes, "changed")
        if part.problems.num_rows:
            self._refused(part.problems)

    def finish(self, repeated: Repeated, totals: Callable[[], Sequence[Cells]]) -> None:
        """Args:
        totals: the rows of the sheet of totals.
        """
        if repeated.places:
            self._repeated([(id, place.file, place.row) for id, place in repeated.rows])
        if isinstance(self._form, Workbook):
            self._form.rows("totals", [], totals())
        if self._changes is not None:
            self._changes.close()
        self._form.close()
        for stream in self._streams:
            disk.settle(stream)

    def _refused(self, problems: Any) -> None:
        header = self.target.wording.header(problems.schema.names)
        if isinstance(self._form, Workbook):
            self._form.rows("refused", header, zip(*(column.to_pylist() for column in problems.columns), strict=True))
        else:
            self._beside(self.target.refused, "refused", header).add_columns(problems.columns)

    def _repeated(self, rows: Sequence[Cells]) -> None:
        header = self.target.wording.header(REPEATED)
        if isinstance(self._form, Workbook):
            self._form.rows("repeated", header, rows)
        else:
            self._beside(self.target.repeated, "repeated", header).add(rows)

    def _beside(self, path: Path, name: str, header: Sequence[str]) -> Rows:
        """A file beside the results, begun where it is not yet."""
        if path not in self._tables:
            self._tables[path] = Rows(self._written(self._files, path, f"output-{name}"), header)
        return self._tables[path]
