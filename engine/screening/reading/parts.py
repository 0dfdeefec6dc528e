"""What a source of households gives: parts of some ten thousand rows, and what was refused beside them.

Imports the ground floor; pyarrow for types only.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field
from typing import TYPE_CHECKING, Final, Protocol

from engine.diagnostics import Diagnostic
from engine.records import dataclass

if TYPE_CHECKING:
    import pyarrow as pa

ROWS_A_PART: Final = 1 << 16


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that cannot become a household, or a part of one.

    Attributes:
        file: as it was named, with its sheet (`家庭.xlsx:成员`).
        row: in that file, as a spreadsheet counts (the header's row counts too); from 1 in Parquet, Arrow and NDJSON.
        id: of the household, where it can be read.
        fault: why, with the field in its path.
    """

    file: str
    row: int
    id: str | None
    fault: Diagnostic

    @property
    def field(self) -> str:
        return self.fault.path

    @property
    def code(self) -> str:
        return self.fault.code


@dataclass(frozen=True, slots=True)
class Part:
    """Attributes:
    number: from 0, the same whenever the same input is read.
    batch: the households, in the columns of the source's schema.
    first_row: the first row that was looked at, in its file.
    files, rows: the file of each household of the batch (a dictionary array), and its row there.
    blanks: how many cells were blank, by field.
    """

    number: int
    batch: pa.RecordBatch
    refused: tuple[Refused, ...]
    first_row: int
    files: pa.Array
    rows: pa.Array
    blanks: Mapping[str, int] = field(default_factory=dict)


class Source(Protocol):
    """Households to be screened.

    Attributes:
        schema: of every batch.
        rows: how many rows there are, where that is known before they are read.
        parts: how many parts, likewise.
        fingerprint: of the input and its mapping: another one means other households.
        notes: what columns were taken for, and which ones are passed over.
        absent: the fields that no column gives.
    """

    schema: pa.Schema
    rows: int | None
    parts: int | None
    fingerprint: str
    notes: tuple[Diagnostic, ...]
    absent: tuple[str, ...]

    def batches(self, start: int = 0) -> Iterator[Part]:
        """The parts in order, from one on."""

    def part(self, number: int, /) -> Part | None:
        """One part, on any thread; None where parts can only be read in order."""
