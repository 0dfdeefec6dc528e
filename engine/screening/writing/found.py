"""The households of one id, wherever in the input they stand.

In: a source.  Out: batches of one row, each with its place.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pyarrow as pa

from engine.evaluation.identity import same_id
from engine.records import dataclass
from engine.screening.reading.parts import Source
from engine.screening.repeats import hashes


@dataclass(frozen=True, slots=True)
class Found:
    batch: Any
    file: str
    row: int


def found(source: Source, column: str, id: str) -> Iterator[Found]:
    """Args:
    column: where the ids stand.
    """
    asked = hashes(pa.array([id]))[0][0]
    for part in source.batches():
        ids = part.batch.column(column).cast(pa.string())
        numbers, there = hashes(ids)
        for place in np.flatnonzero(there & (numbers == asked)).tolist():
            if same_id(ids[place].as_py()) == same_id(id):
                yield Found(part.batch.slice(place, 1), part.files[place].as_py(), part.rows[place].as_py())
