"""A whole table in memory screened at once: what Python programs call.

In: loaded policies, and whatever gives Arrow data (pyarrow, pandas, Polars, DuckDB).  Out: an Arrow table of answers.
Imports this floor.
"""

from __future__ import annotations

from datetime import date
from typing import Final

import pyarrow as pa

from engine.diagnostics import Diagnostic
from engine.errors import TableError
from engine.screening.screen import Loaded, Screening

MOST_ROWS: Final = 65_536
"""of a batch: what it needs stays in the cache of a processor"""


def screen_table(
    policies: Loaded,
    table: object,
    policy: str | None,
    as_of: date | None,
    known_on: date | None,
    *,
    missing: bool,
    readings: bool,
) -> pa.Table:
    """One answer a row, in the order of the table.

    Raises: TableError where it is none, or cannot be read as a whole; PolicyError.
    """
    given = table_of(table)
    screening = Screening(
        policies, given.schema, policy=policy, as_of=as_of, known_on=known_on, missing=missing, readings=readings
    )
    batches = [screening.batch(batch) for batch in given.to_batches(max_chunksize=MOST_ROWS)]
    return pa.Table.from_batches(batches, screening.answers)


def table_of(table: object) -> pa.Table:
    """The table behind an Arrow interface; nothing is copied."""
    if isinstance(table, pa.Table):
        return table
    if not (hasattr(table, "__arrow_c_stream__") or hasattr(table, "__arrow_c_array__")):
        raise TableError([Diagnostic.of("table-not-arrow", path="$", found=type(table).__name__)])
    return pa.table(table)
