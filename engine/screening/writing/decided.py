"""One part decided: the answers, where the households live, and in words what is wrong with those refused.

In: a `Part` of a source.  Out: `Decided`. Several threads may ask at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final, Protocol

import pyarrow as pa

from engine.diagnostics import Diagnostic, Language
from engine.records import dataclass
from engine.screening.reading.parts import Part

FILE: Final = "file"
ROW: Final = "row"
_CODED: Final = pa.dictionary(pa.int32(), pa.string())


class Screens(Protocol):
    """`Screening`: a batch of households to one answer a row, and why rows are refused."""

    answers: Any

    def told(self, batch: Any) -> tuple[Any, Mapping[int, Sequence[Diagnostic]]]: ...


class Compares(Protocol):
    """`Comparing`: the answers of two rule sets to a table of what changed."""

    @property
    def schema(self) -> Any: ...

    def __call__(self, before: Any, after: Any) -> Any: ...


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a row was refused, one of its reasons.

    Attributes:
        file, row: where the household stands, as the source counts.
        id: of the household, where it can be read.
        field: as a path in its JSON, or the column's name.
    """

    file: str
    row: int
    id: str | None
    field: str
    code: str
    reason: str


@dataclass(frozen=True, slots=True)
class Decided:
    """Attributes:
    table: the answers, where each household lives, and last its file and the row there.
    unread: how many rows were refused before they were households.
    blanks: how many cells were blank, by field.
    """

    number: int
    table: Any
    problems: tuple[Problem, ...]
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
        problems = [
            Problem(one.file, one.row, one.id, one.field, one.code, one.fault.message(self.language))
            for one in part.refused
        ]
        problems += self._refusals(table, refused)
        problems.sort(key=lambda one: (one.file, one.row))
        return Decided(part.number, table, tuple(problems), len(part.refused), part.blanks, changes)

    def _table(self, screens: Screens, batch: Any, part: Part) -> tuple[Any, Mapping[int, Sequence[Diagnostic]]]:
        answers, refused = screens.told(batch)
        columns = list(answers.columns)
        if self.place in batch.schema.names:
            columns.insert(1, _coded(batch.column(self.place)))
        columns += [part.files, part.rows.cast(pa.int64())]
        return pa.RecordBatch.from_arrays(columns, schema=table_schema(screens, self.place, batch.schema)), refused

    def _refusals(self, table: Any, refused: Mapping[int, Sequence[Diagnostic]]) -> Iterator[Problem]:
        for place, reasons in refused.items():
            file, row, id = (table.column(name)[place].as_py() for name in (FILE, ROW, "id"))
            for one in reasons:
                yield Problem(file, row, id, one.path, one.code, one.message(self.language))


def table_schema(screens: Screens, place: str, households: Any) -> Any:
    """Of a table of answers: with three columns more, or two where no column says a place."""
    fields = list(screens.answers)
    if place in households.names:
        fields.insert(1, pa.field(place, _CODED))
    fields += [pa.field(FILE, _CODED), pa.field(ROW, pa.int64())]
    return pa.schema(fields)


def _coded(texts: Any) -> Any:
    return (texts if pa.types.is_dictionary(texts.type) else texts.cast(pa.string()).dictionary_encode()).cast(_CODED)
