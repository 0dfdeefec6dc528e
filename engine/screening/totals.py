"""Sums over all answers: by place, cause, outcome and refusal.

In: batches of households with their answers.  Out: `Totals`, as numbers by place. What is kept does not grow with the
table: places are those of the policies' territories, any other is counted as one.
Imports policy, and this floor.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field
from threading import Lock
from typing import Any, Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from engine.gathered import gathered
from engine.policy.territory import Division
from engine.records import dataclass
from engine.screening.answers import FINDINGS, MAKERS, OUTCOMES, REFUSALS

Counts = Mapping[str, int]
FIGURES: Final = "figures"
"""what a household counts as whose policy has no outcome"""
_CAUSE: Final = "causes."
_OUTCOMES: Final = (*OUTCOMES, FIGURES)


@dataclass(frozen=True, slots=True)
class Sums:
    """Of one place, or all of them.

    Attributes:
        outcomes: households by outcome, those included whose policy has figures only.
        causes: of each cause the households by what it came to.
        refusals: refused households by the code of the first reason.
    """

    outcomes: Counts
    causes: Mapping[str, Counts] = field(default_factory=dict)
    refusals: Counts = field(default_factory=dict)

    @property
    def rows(self) -> int:
        return sum(self.outcomes.values())

    def to_dict(self) -> dict[str, Any]:
        return {
            "households": self.rows,
            "outcomes": dict(self.outcomes),
            "causes": {cause: dict(counts) for cause, counts in self.causes.items()},
            "refusals": dict(self.refusals),
        }


class Totals:
    """Counts what is added, batch by batch; several threads may add at once."""

    def __init__(self, places: Mapping[str, Division], place_column: str, answers: pa.Schema) -> None:
        self._places = places
        self._column = place_column
        self._codes = {code: number for number, code in enumerate(places)}
        size = len(places) + 1  # and all that is no place
        self._outcomes = np.zeros((size, len(_OUTCOMES)), np.int64)
        self._refusals = np.zeros((size, len(REFUSALS)), np.int64)
        self._causes = {
            name: np.zeros((size, len(FINDINGS)), np.int64)
            for name in answers.names
            if name.startswith(_CAUSE) and "." not in name.removeprefix(_CAUSE)
        }
        self._makers = np.zeros((1, len(MAKERS)), np.int64)
        self._lock = Lock()

    def add(self, batch: pa.RecordBatch, answers: pa.RecordBatch) -> None:
        places = self._places_of(batch)
        outcomes = _codes(answers["outcome"])
        counted = [
            (self._outcomes, places, np.where(outcomes < 0, _OUTCOMES.index(FIGURES), outcomes)),
            (self._refusals, places, _codes(answers["refusal.code"])),
            (self._makers, np.zeros_like(places), _codes(answers["by"])),
            *((sums, places, _codes(answers[name])) for name, sums in self._causes.items()),
        ]
        found = [(sums, _counted(rows, codes, sums.shape)) for sums, rows, codes in counted]
        with self._lock:
            for sums, more in found:
                sums += more

    def _places_of(self, batch: pa.RecordBatch) -> NDArray[np.int64]:
        nowhere = len(self._places)
        if self._column not in batch.schema.names:
            return np.full(batch.num_rows, nowhere, np.int64)
        found = batch[self._column]
        if not pa.types.is_dictionary(found.type):
            found = found.cast(pa.string()).dictionary_encode()
        codes = [self._codes.get(code, nowhere) for code in found.dictionary.to_pylist()]
        return np.array([*codes, nowhere], np.int64)[_indices(found.indices)]

    # ---- what came of it

    @property
    def makers(self) -> Counts:
        """Rows by who decided them."""
        return _named(self._makers[0], MAKERS)

    @property
    def all(self) -> Sums:
        return self._sums(range(len(self._places) + 1))

    @property
    def elsewhere(self) -> Sums:
        """Of the rows that are of no known place."""
        return self._sums([len(self._places)])

    @property
    def counties(self) -> dict[str, Sums]:
        """By code, those with any household."""
        sums = {code: self._sums([number]) for code, number in self._codes.items()}
        return {code: one for code, one in sums.items() if one.rows}

    @property
    def cities(self) -> dict[str, Sums]:
        """By code of what contains the counties, those with any household."""
        within = gathered((one.city_code, self._codes[code]) for code, one in self._places.items())
        sums = {code: self._sums(numbers) for code, numbers in within.items()}
        return {code: one for code, one in sums.items() if one.rows}

    def _sums(self, rows: Sequence[int]) -> Sums:
        numbers = np.array(rows, np.int64)
        return Sums(
            _named(self._outcomes[numbers].sum(axis=0), _OUTCOMES),
            {
                name.removeprefix(_CAUSE): _named(sums[numbers].sum(axis=0), FINDINGS)
                for name, sums in self._causes.items()
            },
            _named(self._refusals[numbers].sum(axis=0), REFUSALS),
        )


def _codes(column: pa.Array) -> NDArray[np.int64]:
    return _indices(column.indices)


def _indices(indices: pa.Array) -> NDArray[np.int64]:
    """-1 where there is none."""
    return np.asarray(indices.cast(pa.int64()).fill_null(-1))


def _counted(rows: NDArray[np.int64], codes: NDArray[np.int64], shape: tuple[int, ...]) -> NDArray[np.int64]:
    there = codes >= 0
    found = np.bincount(rows[there] * shape[1] + codes[there], minlength=shape[0] * shape[1])
    return found.reshape(shape)


def _named(counts: NDArray[np.int64], names: Sequence[str]) -> Counts:
    return {name: count for name, count in zip(names, counts.tolist(), strict=True) if count}
