"""A table of a file before it is known what its columns mean: headers, and rows in pieces.

Every kind of file becomes one of these. Imports the ground floor; pyarrow for types only.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field
from typing import TYPE_CHECKING, Final, Protocol

from engine.diagnostics import Diagnostic
from engine.errors import EngineError
from engine.records import dataclass

if TYPE_CHECKING:
    import pyarrow as pa


class Unreadable(EngineError):
    """The input as a whole cannot be read."""

    @staticmethod
    def since(code: str, path: str, **params: str) -> Unreadable:
        return Unreadable([Diagnostic.of(code, None, path=path, related=(), **params)])


@dataclass(frozen=True, slots=True)
class Bad:
    """A row that is none of its table; `cells` as far as it has any."""

    row: int
    fault: Diagnostic
    cells: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Piece:
    """Some rows of a table.

    Attributes:
        first_row: as a spreadsheet counts, or from 1.
        batch: the columns that were asked for, in that order.
        bad: rows that are none, which the batch does not hold.
        rows: the row of each of the batch's, where they do not simply follow each other.
    """

    first_row: int
    batch: pa.RecordBatch
    bad: tuple[Bad, ...] = ()
    rows: pa.Array | None = field(default=None)


_TOTALS: Final = [f"{one[0]}{gap}{one[1]}" for one in ("合计", "总计", "小计") for gap in ("", " ", "  ", "　", "　　")]


def of_text(first_row: int, batch: pa.RecordBatch, rows: pa.Array, bad: tuple[Bad, ...] = ()) -> Piece:
    """A piece of a table of texts: without rows that hold nothing, and with rows of totals among the bad ones."""
    import pyarrow as pa
    import pyarrow.compute as pc

    kept = _filled(batch)
    if batch.num_columns:
        totals = pc.is_in(batch.column(0), value_set=pa.array(_TOTALS))
        if totals.true_count:
            fault = Diagnostic.of("row-of-totals")
            bad = (*bad, *(Bad(row, fault) for row in rows.filter(totals).to_pylist()))
            kept = pc.invert(totals) if kept is None else pc.and_(kept, pc.invert(totals))
    if kept is not None:
        batch, rows = batch.filter(kept), rows.filter(kept)
    return Piece(first_row, batch, bad, rows)


def _filled(batch: pa.RecordBatch) -> pa.Array | None:
    """Which rows hold anything; None where all do."""
    import pyarrow.compute as pc

    counts = [column.null_count for column in batch.columns]
    if not counts or min(counts) == 0:
        return None
    empty = batch.column(counts.index(min(counts))).is_null()
    for column in batch.columns:
        empty = pc.and_(empty, column.is_null())
    return pc.invert(empty) if empty.true_count else None


def one_batch(table: pa.Table) -> pa.RecordBatch:
    import pyarrow as pa

    return pa.RecordBatch.from_arrays([in_one(table, name) for name in table.schema.names], schema=table.schema)


def in_one(table: pa.Table, name: str) -> pa.Array:
    """A column in one piece."""
    import pyarrow as pa

    column = table.column(name)
    if column.num_chunks == 1:
        return column.chunk(0)
    found = column.combine_chunks()
    return found if isinstance(found, pa.Array) else pa.array([], column.type)


class Tabular(Protocol):
    """Attributes:
    name: the file as it was named, with its sheet.
    sheet: its title, "" where there is none.
    typed: the file itself has types: texts are taken as they stand.
    units: what columns count, by header (of items `members.tuition`), where the file says so.
    rows: how many, where that is known. pieces: how many, where each can be read by itself.
    size: bytes of the file, as far as this table takes them.
    """

    name: str
    sheet: str
    headers: tuple[str, ...]
    types: tuple[pa.DataType, ...]
    units: Mapping[str, str]
    typed: bool
    rows: int | None
    pieces: int | None
    size: int

    def read(self, columns: Sequence[int]) -> Iterator[Piece]:
        """All rows, in order."""

    def piece(self, number: int, columns: Sequence[int]) -> Piece:
        """One of `pieces`."""
