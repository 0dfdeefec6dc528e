"""The answers of a batch while native code fills them.

In: which columns a unit's kernel fills.  Out: the arrays that it writes to, and at last `Taken`.
Imports this floor.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, TypeAlias

import numpy as np
import pyarrow as pa

from engine.screening.answers import NONE, REFUSALS, REFUSED, Answers, Figures, Taken
from engine.screening.kernel.program import DONE, LEFT, UNDETERMINED
from engine.screening.kernel.program import Answers as Put
from engine.screening.outputs import AMOUNT, OutputColumns
from engine.screening.refusals import RefusedRows

Array: TypeAlias = Any
_ABSENT: Final = 2
"""of a figure that the row's policy does not have"""


class Sheet:
    """The columns of a batch's answers while they are filled."""

    def __init__(self, answers: Answers, batch: pa.RecordBatch, ways: Array, policies: Array) -> None:
        self._rows = batch.num_rows
        self.status = np.full(self._rows, LEFT, np.uint8)
        self._codes: dict[str, Array] = {}
        self._figures: dict[str, tuple[OutputColumns, Array, Array, Array, Any]] = {}
        self._policy = policies.astype(np.int32)[ways]
        self._answers, self._batch = answers, batch
        self._asked = frozenset(answers.schema.names)
        self._words: list[str] = []
        self._refused: list[RefusedRows] = []
        self._refused_rows = np.zeros(self._rows, np.bool_)
        self._readings: dict[str, Array] = {}

    def of(self, truths: Sequence[str], figures: Sequence[OutputColumns], lists: Mapping[str, Any]) -> Put:
        for name in truths:
            if name not in self._codes:
                self._codes[name] = np.full(self._rows, NONE, np.int8)
        for columns in figures:
            if columns.name not in self._figures:
                listing = lists.get(columns.collection) if columns.listed else None
                size = self._rows if not columns.listed else 0 if listing is None else listing.items
                shape = (size, 2) if columns.type == AMOUNT else size
                ends = np.zeros(shape, np.int64), np.zeros(shape, np.int64)
                self._figures[columns.name] = columns, *ends, np.full(size, _ABSENT, np.uint8), listing
        held = [self._figures[columns.name] for columns in figures]
        return Put(
            self.status,
            [self._codes[name] for name in truths],
            [one[1] for one in held],
            [one[2] for one in held],
            [one[3] for one in held],
        )

    def codes(self, name: str) -> Array:
        return self._codes[name]

    def reading(self, name: str, rows: Array) -> Array:
        """Of these rows whether it makes a difference, which is not so yet."""
        found = self._readings.setdefault(name, np.full(self._rows, NONE, np.int8))
        found[rows] = 0
        return found

    def words(self, texts: Sequence[str]) -> Array:
        """Of each text its place among all that the figures of the batch may be."""
        for text in texts:
            if text not in self._words:
                self._words.append(text)
        return np.array([self._words.index(text) for text in texts], np.int64)

    def refuse(self, found: RefusedRows) -> None:
        """Rows that nothing else is said of."""
        self._refused.append(found)
        self.status[found.rows] = DONE

    def taken(self) -> Taken:
        unsettled = self._open()
        refused = RefusedRows.together(self._refused)
        columns: dict[str, Any] = {**self._codes, "policy": self._policy, **self._refusals(refused)}
        for output, low, high, known, listing in self._figures.values():
            told, between = known == 1, known == 0
            for column, values, there in zip(output.fields, (low, low, high), (told, between, between), strict=False):
                if column.name in self._asked and (there.any() or output.listed):
                    columns[column.name] = self._column(output, values, there, listing)
        for name, differs in self._readings.items():
            columns[name] = pa.array(differs == 1, mask=differs == NONE)
        left = self.status != DONE
        if self._answers.missing:
            unsettled[refused.rows] = False
            left |= unsettled
            columns["missing"] = np.zeros(self._rows, np.int32)
            columns["missing"][refused.rows] = NONE
        return Taken(left, columns, refused)

    def _refusals(self, refused: RefusedRows) -> dict[str, Any]:
        """The columns that say so, and of those that say why the ones that are asked for."""
        rows, first, count = refused.firsts()
        if not len(rows):
            return {}
        self._refused_rows[rows] = True
        outcomes = self._codes.get("outcome", np.full(self._rows, NONE, np.int8))
        outcomes[rows] = REFUSED
        columns: dict[str, Any] = {"outcome": outcomes}
        if "refusal.code" in self._asked:
            columns["refusal.code"] = codes = np.full(self._rows, NONE, np.int8)
            codes[rows] = np.array([REFUSALS.index(one.code) for one in refused.reasons], np.int8)[first]
        if "refusal.path" in self._asked:
            paths = pa.array([one.path for one in refused.reasons], pa.string()).take(pa.array(first))
            columns["refusal.path"] = _at(self._refused_rows, paths)
        if "refusal.count" in self._asked:
            columns["refusal.count"] = counts = np.full(self._rows, NONE, np.int32)
            counts[rows] = count
        return columns

    def _open(self) -> Array:
        """The rows that are not settled."""
        return self._codes["outcome"] == UNDETERMINED if "outcome" in self._codes else np.ones(self._rows, np.bool_)

    def _column(self, output: OutputColumns, values: Array, there: Array, listing: Any) -> Any:
        if output.type == AMOUNT and not output.listed:
            return Figures(values, there)
        if output.type == AMOUNT:
            made = Figures(values, there).array()
        elif pa.types.is_string(output.type):
            words = pa.array(self._words or [""], pa.string())
            made = words.take(pa.array(values, mask=~there))
        elif pa.types.is_date32(output.type):
            made = pa.array(values.astype(np.int32), mask=~there).cast(pa.date32())
        else:
            made = pa.array(values == 1, mask=~there)
        return made if not output.listed else self._listed(output, made, listing)

    def _listed(self, output: OutputColumns, items: pa.Array, listing: Any) -> pa.Array:
        if listing is None:
            return pa.nulls(self._rows, pa.list_(output.type))
        held = self._batch.column(output.collection)
        kept = held.cast(pa.list_(held.type.value_field))
        # as an array of their own: Arrow puts no mask beside a slice of them
        offsets = pa.array(np.frombuffer(kept.buffers()[1], np.int32)[kept.offset : kept.offset + len(kept) + 1])
        nothing = self._refused_rows | np.asarray(kept.is_null())
        return pa.ListArray.from_arrays(offsets, items, mask=pa.array(nothing) if nothing.any() else None)


def _at(rows: Array, texts: pa.Array) -> pa.Array:
    """A column that has texts in some rows and nothing in the others."""
    ends = np.zeros(len(rows) + 1, np.int32)
    ends[1:][rows] = np.diff(np.frombuffer(texts.buffers()[1], np.int32)[: len(texts) + 1])
    np.cumsum(ends, out=ends)
    there = np.packbits(rows, bitorder="little")
    return pa.Array.from_buffers(pa.string(), len(rows), [pa.py_buffer(there), pa.py_buffer(ends), texts.buffers()[2]])
