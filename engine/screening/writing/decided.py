"""One part decided: the answers, where the households live, and in words what is wrong with those refused.

In: a `Part` of a source.  Out: `Decided`. Several threads may ask at once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, Protocol

import numpy as np
import pyarrow as pa

from engine.diagnostics import Language
from engine.records import dataclass
from engine.screening.reading.parts import Part, Refused
from engine.screening.refusals import RefusedRows
from engine.screening.writing.texts import whole_texts

FILE: Final = "file"
ROW: Final = "row"
_CODED: Final = pa.dictionary(pa.int32(), pa.string())
PROBLEMS: Final = pa.schema(
    [
        *((FILE, pa.string()), (ROW, pa.int64()), ("id", pa.string())),
        *((name, pa.string()) for name in ("field", "code", "reason")),
    ]
)
"""Why rows were refused, each of their reasons: where the household stands, as the source counts; its id, where that
can be read; the field, as a path in its JSON, or the column's name."""


class Screens(Protocol):
    """`Screening`: a batch of households to one answer a row, and why rows are refused."""

    answers: Any

    def told(self, batch: Any) -> tuple[Any, RefusedRows]: ...


class Compares(Protocol):
    """`Comparing`: the answers of two rule sets to a table of what changed."""

    @property
    def schema(self) -> Any: ...

    def __call__(self, before: Any, after: Any) -> Any: ...


@dataclass(frozen=True, slots=True)
class Decided:
    """Attributes:
    table: the answers, where each household lives, and last its file and the row there.
    problems: of the schema `PROBLEMS`, in the order of the rows.
    unread: how many rows were refused before they were households.
    blanks: how many cells were blank, by field.
    """

    number: int
    table: Any
    problems: Any
    unread: int
    blanks: Mapping[str, int]
    changes: Any = None


@dataclass(frozen=True, slots=True)
class Against:
    """Another rule set.

    Attributes:
        narrow: a batch of both without what only the other reads.
        compare: the answers of both to a table of what changed.
    """

    screens: Screens
    narrow: Callable[[Any], Any]
    compare: Compares


@dataclass(frozen=True, slots=True)
class Decider:
    """Attributes:
    place: the column that says where a household lives.
    narrow: as of `Against`.
    """

    screens: Screens
    place: str
    language: Language
    narrow: Callable[[Any], Any]
    against: Against | None = None

    def schema(self, households: Any) -> Any:
        return table_schema(self.screens, self.place, households)

    def __call__(self, part: Part) -> Decided:
        batch = self.narrow(part.batch)
        table, refused = self._table(self.screens, batch, part)
        changes = None
        if self.against is not None:
            other, _ = self._table(self.against.screens, self.against.narrow(part.batch), part)
            changes = self.against.compare(table, other)
        problems = [self._unread(part.refused)] if part.refused else []
        problems.append(self._refusals(table, refused))
        return Decided(part.number, table, _by_place(problems), len(part.refused), part.blanks, changes)

    def _table(self, screens: Screens, batch: Any, part: Part) -> tuple[Any, RefusedRows]:
        answers, refused = screens.told(batch)
        columns = list(answers.columns)
        if self.place in batch.schema.names:
            columns.insert(1, _coded(batch.column(self.place)))
        columns += [part.files, part.rows.cast(pa.int64())]
        return pa.RecordBatch.from_arrays(columns, schema=table_schema(screens, self.place, batch.schema)), refused

    def _unread(self, refused: Sequence[Refused]) -> Any:
        """Of what were no households."""
        rows = [(one.file, one.row, one.id, one.field, one.code, one.fault.message(self.language)) for one in refused]
        file, numbers, *others = zip(*rows, strict=True)
        return _problems([whole_texts(file), pa.array(numbers, pa.int64()), *map(whole_texts, others)])

    def _refusals(self, table: Any, refused: RefusedRows) -> Any:
        """Of households; each reason is worded once, however many are refused for it."""
        rows, which = pa.array(refused.rows), pa.array(refused.which)
        reasons = refused.reasons
        told = [[one.path for one in reasons], [one.code for one in reasons]]
        told.append([one.message(self.language) for one in reasons])
        columns = [table.column(name).take(rows) for name in (FILE, ROW, "id")]
        return _problems([*columns, *(whole_texts(one).take(which) for one in told)])


def _problems(columns: Sequence[Any]) -> Any:
    typed = [column.cast(kind) for column, kind in zip(columns, PROBLEMS.types, strict=True)]
    return pa.RecordBatch.from_arrays(typed, schema=PROBLEMS)


def _by_place(parts: Sequence[Any]) -> Any:
    """In one, by file and row; the reasons of a row stay in their order."""
    whole = pa.concat_batches(parts) if len(parts) > 1 else parts[0]
    files = whole.column(FILE).dictionary_encode()
    ranks = np.argsort(np.argsort(files.dictionary.to_pylist()))
    order = np.lexsort((whole.column(ROW), ranks[files.indices]))
    return whole if (np.diff(order) == 1).all() else whole.take(pa.array(order))


def table_schema(screens: Screens, place: str, households: Any) -> Any:
    """Of a table of answers: with three columns more, or two where no column says a place."""
    fields = list(screens.answers)
    if place in households.names:
        fields.insert(1, pa.field(place, _CODED))
    fields += [pa.field(FILE, _CODED), pa.field(ROW, pa.int64())]
    return pa.schema(fields)


def _coded(texts: Any) -> Any:
    return (texts if pa.types.is_dictionary(texts.type) else texts.cast(pa.string()).dictionary_encode()).cast(_CODED)
