"""Which rows of a batch two rule sets surely decide alike.

In: two rule sets, batches of the columns of both.  Out: the rows that are not both eligible or both ineligible; of the
others no value that only one of the two publishes could change anything.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from engine.screening.screen import Loaded, Screening, declared_in
from engine.screening.writing.narrowing import Narrow, narrowed

_SETTLED: Final = ("eligible", "ineligible")


class Alike:
    """Args:
    rules: two, each with the document that decides.
    """

    def __init__(self, schema: pa.Schema, rules: Iterable[tuple[Loaded, str]]) -> None:
        self._screenings = [_screening(schema, policies, policy) for policies, policy in rules]

    def others(self, batch: pa.RecordBatch) -> NDArray[np.intp]:
        before, after = (
            screening.batch(narrow(batch)).column("outcome").cast(pa.string()) for screening, narrow in self._screenings
        )
        settled = pc.is_in(before, pa.array(_SETTLED))
        alike = pc.and_(settled, pc.fill_null(pc.equal(before, after), fill_value=False))
        return np.flatnonzero(~alike.to_numpy(zero_copy_only=False))


def _screening(schema: pa.Schema, policies: Loaded, policy: str) -> tuple[Screening, Narrow]:
    own, narrow = narrowed(schema, declared_in(policies, policy))
    return Screening(policies, own, policy=policy, only=("outcome",)), narrow
