"""Tables of answers: their columns, and how they are filled.

In: of the rows that the kernel took the codes and figures in arrays, of the others what the interpreter said.
Out: one record batch in the order of the rows. Whoever decided, the same columns hold the same.
Imports evaluation, policy and this floor.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import field
from functools import lru_cache
from typing import Any, Final, TypeAlias

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from engine.evaluation.decision import Finding, Outcome
from engine.messages import FLOORS
from engine.records import dataclass
from engine.screening.declared import Declared, FindingKey
from engine.screening.outputs import AMOUNT, OutputColumns
from engine.screening.refusals import RefusedRows

OUTCOMES: Final = (*(str(one) for one in Outcome), "refused")
"""by the code of an answer's outcome"""
REFUSED: Final = OUTCOMES.index("refused")
FINDINGS: Final = tuple(str(one) for one in Finding)
"""by the code of a cause, condition or requirement"""
MAKERS: Final = ("kernel", "interpreter")
NONE: Final = -1
"""the code of what is not there"""
REFUSALS: Final = tuple(code for floor in ("household", "input", "decision") for code in FLOORS[floor])
"""by the code of a refusal"""


@dataclass(frozen=True, slots=True, eq=False)
class Figures:
    """A column of figures: hundredths of the unit shown, as 128-bit numbers of two words, the lower first.

    Attributes:
        words: of shape (rows, 2).
        there: which of them there are.
    """

    words: NDArray[np.int64]
    there: NDArray[np.bool_]

    def array(self) -> pa.Array:
        return pa.Array.from_buffers(AMOUNT, len(self.there), [_bitmap(self.there), pa.py_buffer(self.words)])


Column: TypeAlias = NDArray[np.int8] | NDArray[np.int32] | Figures | pa.Array
"""codes where the answers have a dictionary, and of `missing`; figures; any other as an array of the column's type"""


@dataclass(frozen=True, slots=True, eq=False)
class Taken:
    """What the kernel says of a batch, in as many entries as the batch has rows.

    Attributes:
        left: the rows that it leaves to the interpreter; what stands in their places counts for nothing.
        columns: by name; a column that is not there is null. Neither `id` nor `by` is among them.
        refused: why rows are refused that are not left, in the order of their documents.
    """

    left: NDArray[np.bool_]
    columns: Mapping[str, Column] = field(default_factory=dict)
    refused: RefusedRows = field(default_factory=lambda: RefusedRows.together([]))


Answer: TypeAlias = Mapping[str, Any]
"""of one row, by column: a code, hundredths as a number, or a value of the column's type; null where it is not there"""


class Answers:
    """Attributes:
    schema: of the answers.
    policies: the ids that the codes of the column `policy` stand for.
    findings: what the columns of causes, conditions and requirements are of.

    Args:
        only: the columns that are asked for; all of them without it.
    """

    def __init__(
        self, declared: Declared, *, missing: bool, readings: bool, only: Collection[str] | None = None
    ) -> None:
        self.policies = declared.documents
        findings = {finding_column(*key): key for key in declared.findings}
        outputs = [OutputColumns(told) for told in declared.outputs.values()]
        self.findings: Mapping[str, FindingKey] = {
            name: key for name, key in findings.items() if only is None or name in only
        }
        self.outputs = tuple(one for one in outputs if only is None or any(field.name in only for field in one.fields))
        self.readings: Mapping[str, str] = {f"readings.{id}": id for id in declared.readings} if readings else {}
        self.missing = missing
        self._words: dict[str, pa.Array] = {}
        self.schema = pa.schema([field for field in self._fields() if only is None or field.name in only])

    def _fields(self) -> Iterator[pa.Field]:
        yield pa.field("id", pa.string())
        yield self._coded("outcome", pa.int8(), OUTCOMES)
        yield self._coded("policy", pa.int32(), self.policies)
        for name in self.findings:
            yield self._coded(name, pa.int8(), FINDINGS)
        for output in self.outputs:
            yield from output.fields
        yield self._coded("refusal.code", pa.int32(), REFUSALS)
        yield pa.field("refusal.path", pa.string())
        yield pa.field("refusal.count", pa.int32())
        if self.missing:
            yield pa.field("missing", pa.int32())
        yield from (pa.field(name, pa.bool_()) for name in self.readings)
        yield self._coded("by", pa.int8(), MAKERS)

    def _coded(self, name: str, code: pa.DataType, words: Sequence[str]) -> pa.Field:
        self._words[name] = pa.array(words, pa.string())
        return pa.field(name, pa.dictionary(code, pa.string()))

    def batch(self, ids: pa.Array, taken: Taken, answers: Sequence[Answer]) -> pa.RecordBatch:
        """The answers of a batch of rows.

        Args:
            ids: of all rows, as texts.
            answers: of the rows that were left, in their order.
        """
        left = np.flatnonzero(taken.left)
        by = np.zeros(len(taken.left), np.int8)
        columns: dict[str, Column] = {**taken.columns, "id": ids, "by": by}
        filled = [self._filled(one, columns.get(one.name), left, answers, len(taken.left)) for one in self.schema]
        return pa.record_batch(filled, schema=self.schema)

    def _filled(
        self, field: pa.Field, column: Column | None, left: NDArray[np.intp], answers: Sequence[Answer], size: int
    ) -> pa.Array:
        values = [answer.get(field.name) for answer in answers]
        if field.name in self._words:
            codes = _put(column, field.type.index_type.to_pandas_dtype(), left, values, size)
            # codes are the engine's own: Arrow need not look whether there is a word for each
            coded = _nullable(codes, field.type.index_type)
            return pa.DictionaryArray.from_arrays(coded, self._words[field.name], safe=False)
        if pa.types.is_int32(field.type):
            return _nullable(_put(column, np.int32, left, values, size), field.type)
        if field.type == AMOUNT:
            return _amounts(column, left, values, size)
        return _merged(column, left, pa.array(values, field.type), size)


def finding_column(cause: str, condition: str) -> str:
    if not cause:
        return f"requirements.{condition}"
    return f"causes.{cause}.conditions.{condition}" if condition else f"causes.{cause}"


# ---- what the kernel and the interpreter said, put together by row


def _put(
    column: Column | None, type: type[np.int8] | type[np.int32], left: NDArray[np.intp], values: list[Any], size: int
) -> NDArray[Any]:
    if not len(left) and column is not None:
        return np.asarray(column, type)
    codes = np.full(size, NONE, type) if column is None else np.array(column, type)
    codes[left] = [NONE if value is None else value for value in values]
    return codes


def _nullable(codes: NDArray[Any], type: pa.DataType) -> pa.Array:
    return pa.Array.from_buffers(type, len(codes), [_bitmap(codes >= 0), pa.py_buffer(codes)])


def _bitmap(there: NDArray[np.bool_]) -> pa.Buffer | None:
    """None where all of them are there."""
    return None if there.all() else pa.py_buffer(np.packbits(there, bitorder="little"))


def _amounts(column: Column | None, left: NDArray[np.intp], values: list[int | None], size: int) -> pa.Array:
    if not len(left):
        return column.array() if isinstance(column, Figures) else _nulls(size, AMOUNT)
    if isinstance(column, Figures):
        figures = Figures(column.words.copy(), column.there.copy())
    else:
        figures = Figures(np.zeros((size, 2), np.int64), np.zeros(size, np.bool_))
    figures.words[left] = [(0, 0) if value is None else _two_words(value) for value in values]
    figures.there[left] = [value is not None for value in values]
    return figures.array()


@lru_cache(maxsize=16)
def _nulls(size: int, type: pa.DataType) -> pa.Array:
    """Made once for batches of one size."""
    return pa.nulls(size, type)


def _two_words(value: int) -> tuple[int, int]:
    low = value & (2**64 - 1)
    return low - 2**64 if low >= 2**63 else low, value >> 64


def _merged(column: Column | None, left: NDArray[np.intp], told: pa.Array, size: int) -> pa.Array:
    if len(left) == size:
        return told
    kept = _nulls(size, told.type) if column is None else column
    if not len(left):
        return kept
    order = np.arange(size)
    order[left] = size + np.arange(len(left))
    return pa.concat_arrays([kept, told]).take(pa.array(order))
