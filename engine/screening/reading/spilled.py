"""Tables too large for memory, parted by their households' ids into slices that are not.

In: the rows of each kind of table, as they are read.  Out: for each slice its rows of every kind. All rows of one
household lie in one slice, whatever table they are of and in whatever order they came; within a slice they keep it.
The slices lie in a folder that is gone afterwards. Imports joined; pyarrow and numpy.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final, Protocol

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from engine import disk
from engine.screening.reading.joined import Side
from engine.screening.reading.shaping import JOIN
from engine.screening.reading.tabular import Bad
from engine.screening.reading.threads import Threads
from engine.screening.repeats import hashes

_MOST: Final = 128
"""slices: so many files are open at once"""


class Kind(Protocol):
    """A kind of table: what it is called, and what was noticed while it was read."""

    files: list[str]
    strays: list[Bad]

    @property
    def collection(self) -> str: ...


class Spilled:
    def __init__(self, folder: Path, slices: int, threads: Threads) -> None:
        self._folder = folder
        self._threads = threads
        self._slices = min(_MOST, max(2, slices))

    def __call__(self, kinds: Sequence[tuple[Kind, Iterable[pa.RecordBatch]]]) -> Iterator[Sequence[Side]]:
        self._threads.each(self._part, [(at, batches) for at, (_, batches) in enumerate(kinds)])
        for slice_ in range(self._slices):
            yield [
                Side(kind.collection, self._read(at, slice_), kind.files, tuple(kind.strays))
                for at, (kind, _) in enumerate(kinds)
            ]

    def _path(self, kind: int, slice_: int) -> Path:
        return self._folder / f"{kind}-{slice_}.arrow"

    def _part(self, numbered: tuple[int, Iterable[pa.RecordBatch]]) -> None:
        kind, batches = numbered
        writers: list[pa.ipc.RecordBatchStreamWriter] = []
        # a stream: each batch has codes of its own for the options of a choice, which a file does not allow. As they
        # stand: to make them smaller takes longer than to keep them
        try:
            for batch in batches:
                if not writers:
                    for slice_ in range(self._slices):
                        writers.append(pa.ipc.new_stream(str(self._path(kind, slice_)), batch.schema))
                of = slices_of(batch.column(JOIN), self._slices)
                order = np.argsort(of, kind="stable")
                ends = np.cumsum([0, *np.bincount(of, minlength=self._slices)])
                sorted_ = pc.take(batch, pa.array(order), boundscheck=False)
                for slice_, writer in enumerate(writers):
                    start, end = int(ends[slice_]), int(ends[slice_ + 1])
                    if end > start:
                        writer.write_batch(sorted_.slice(start, end - start))
            for writer in writers:
                writer.close()
        except OSError as error:
            raise disk.DiskFault(self._folder, disk.reason_of(error), writing=True) from error

    def _read(self, kind: int, slice_: int) -> pa.Table:
        path = self._path(kind, slice_)
        with pa.OSFile(str(path)) as opened:
            table = pa.ipc.open_stream(opened).read_all()
        disk.remove(path)
        return table


def slices_of(ids: pa.Array, count: int) -> np.ndarray:
    """A slice for each id, the same for the same text; those without an id share one."""
    found, there = hashes(ids)
    # in a byte: those are put in order without being compared
    return np.asarray(np.where(there, (found >> np.uint64(33)) % np.uint64(count), 0)).astype(np.uint8)
