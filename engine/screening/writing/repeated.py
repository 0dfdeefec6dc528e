"""Which ids stand more than once, with the places where they do.

In: the ids of one part after another.  Out: `Repeated`. The ids lie in a file of the run's own until all are there, and
their hashes in another; only those whose hashes meet are compared by their text.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO, Final

import numpy as np
import pyarrow as pa
import pyarrow.ipc

from engine.evaluation.identity import same_id
from engine.screening.repeats import MOST_NAMED, Repeats, hashes
from engine.screening.writing.decided import FILE, ROW, Decided
from engine.screening.writing.summary import Place, Repeated

_SCHEMA: Final = pa.schema([("id", pa.string()), (FILE, pa.string()), (ROW, pa.int64())])


class Ids:
    """
    Args:
        file, hashed: to be written and read again.
    """

    def __init__(self, file: BinaryIO, hashed: BinaryIO) -> None:
        self._file, self._repeats = file, Repeats(hashed)
        self._stream = pa.ipc.new_stream(file, _SCHEMA)

    def add(self, part: Decided) -> None:
        self._repeats.add(part.table.column("id"))
        table = part.table.select(["id", FILE, ROW])
        table = table.set_column(1, FILE, table.column(FILE).cast(pa.string()))
        self._stream.write_batch(table.cast(_SCHEMA))

    def repeated(self) -> Repeated:
        """When all are there."""
        self._stream.close()
        suspects = self._repeats.suspects()
        found: dict[str, list[tuple[str, Place]]] = {}
        more = 0
        for batch in self._batches() if len(suspects) else ():
            numbers, there = hashes(batch["id"])
            for place in np.flatnonzero(there & np.isin(numbers, suspects)).tolist():
                id = batch["id"][place].as_py()
                if same_id(id) not in found and len(found) >= MOST_NAMED:
                    more += 1
                    continue
                at = Place(batch[FILE][place].as_py(), batch[ROW][place].as_py())
                found.setdefault(same_id(id), []).append((id, at))
        twice = [held for held in found.values() if len(held) > 1]
        return Repeated({held[0][0]: tuple(place for _, place in held) for held in twice}, more)

    def _batches(self) -> Iterator[Any]:
        self._file.seek(0)
        yield from pa.ipc.open_stream(self._file)
