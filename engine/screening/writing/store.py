"""Parts that were finished, kept beside the output until all are: a run that was cut off goes on where it stopped.

In: what the run stands on, and `Decided` parts in their order.  Out: those that are there already, as they were.
A folder holds a journal (what it stands on) and a file for each part, which appears when it is whole. The parts are
finished in order, so that those there are the first ones.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.ipc

from engine import disk
from engine.screening.writing.decided import Decided

JOURNAL: Final = "journal.json"
LOCK: Final = ".lock"
"""what the process holds that is at it"""
_PART: Final = re.compile(r"part-(\d{6,})\.arrow")
_FORMAT: Final = 2
_MOST_BYTES: Final = 1 << 20


class NotResumed(Exception):
    """The parts there are of another run.

    Attributes:
        differs: what that run stood on and this one does not, by the key of the journal; nothing where the journal
            cannot be read.
    """

    def __init__(self, differs: Mapping[str, str]) -> None:
        self.differs = differs
        super().__init__(*differs)


class Store:
    """Attributes:
    folder: held by one process at a time.
    finished: how many parts are there.
    """

    def __init__(self, folder: Path, stands_on: Mapping[str, str]) -> None:
        """Raises: NotResumed where the parts there stand on something else."""
        self.folder = folder
        self._journal = {"format": str(_FORMAT), **stands_on}
        names = disk.names_in(folder)
        if JOURNAL in names:
            self._must_be_alike()
        kept = {int(found[1]) for name in names if (found := _PART.fullmatch(name))} if JOURNAL in names else set()
        self.finished = next(number for number in range(len(kept) + 1) if number not in kept)
        self.tidy()
        if JOURNAL not in names:
            disk.write_whole(folder / JOURNAL, json.dumps(self._journal, ensure_ascii=False, indent=2).encode())

    def tidy(self) -> None:
        """Remove what is neither journal nor finished: of a part or an output that was cut off."""
        for name in disk.names_in(self.folder):
            found = _PART.fullmatch(name)
            if name not in (JOURNAL, LOCK) and not (found and int(found[1]) < self.finished):
                disk.remove(self.folder / name)

    def _must_be_alike(self) -> None:
        try:
            before = json.loads(disk.read(self.folder / JOURNAL, _MOST_BYTES))
        except ValueError:
            before = None
        if not isinstance(before, dict):
            raise NotResumed({})
        now = self._journal
        if before != now:
            raise NotResumed(
                {key: str(before.get(key, "")) for key in {**now, **before} if now.get(key) != before.get(key)}
            )

    def keep(self, part: Decided) -> None:
        """Write a part down; it is finished when this returns."""
        told: dict[str, Any] = {
            "number": part.number,
            "unread": part.unread,
            "blanks": dict(part.blanks),
        }
        tables = [part.table, part.problems, *([] if part.changes is None else [part.changes])]
        with disk.written(self._file(part.number)) as stream:
            for table in tables:
                schema = table.schema.with_metadata({"part": json.dumps(told, ensure_ascii=False)})
                with pa.ipc.new_stream(stream, schema, options=pa.ipc.IpcWriteOptions(compression="lz4")) as writer:
                    writer.write_batch(table)
        self.finished = part.number + 1

    def kept(self) -> Iterator[Decided]:
        """The finished parts."""
        for number in range(self.finished):
            tables, told = self._read(number)
            table, problems, *changes = tables
            yield Decided(told["number"], table, problems, told["unread"], told["blanks"], *changes)

    def _read(self, number: int) -> tuple[list[Any], dict[str, Any]]:
        tables: list[Any] = []
        told: dict[str, Any] = {}
        with disk.stream(self._file(number)) as stream:
            while stream.peek(1):  # type: ignore[attr-defined] # it is buffered
                reader = pa.ipc.open_stream(stream)
                told = json.loads(reader.schema.metadata[b"part"])
                tables.append(_one_batch(reader.read_all().combine_chunks()))
        return tables, told

    def _file(self, number: int) -> Path:
        return self.folder / f"part-{number:06}.arrow"


def _one_batch(table: Any) -> Any:
    batches = table.replace_schema_metadata(None).to_batches()
    return batches[0] if batches else pa.RecordBatch.from_pylist([], schema=table.schema.remove_metadata())
