"""Results as Parquet: typed columns by their ids, LZ4."""

from __future__ import annotations

from pathlib import Path
from typing import Any, BinaryIO, Final

import pyarrow as pa
import pyarrow.parquet as pq

from engine.screening.writing.texts import written_columns
from engine.screening.writing.wording import Wording

_A_GROUP: Final = 1 << 17
"""rows that are compressed together: more would only wait in memory"""


def writer(stream: BinaryIO | Path, schema: pa.Schema) -> pq.ParquetWriter:
    """Of answers. Nearly every id and figure differs from the others: lists of them would be made in vain. And hardly a
    group lacks some answer that a reader could leave the group out for: the ends of groups are not told. Pieces of a
    thousand, as is usual, are encoded one by one, which columns with nulls notice."""
    coded = [field.name for field in schema if pa.types.is_dictionary(field.type)]
    return pq.ParquetWriter(
        stream, schema, compression="lz4", use_dictionary=coded, write_statistics=False, write_batch_size=_A_GROUP
    )


class ParquetFile:
    def __init__(self, stream: BinaryIO, schema: Any, wording: Wording) -> None:
        self._columns = written_columns(schema)
        titles = wording.header(self._columns)
        self._schema = pa.schema(
            [schema.field(name).with_name(title) for name, title in zip(self._columns, titles, strict=True)]
        )
        self._file = writer(stream, self._schema)
        self._waiting: list[Any] = []
        self._rows = 0

    def add(self, table: Any) -> None:
        columns = [table.column(name) for name in self._columns]
        self._waiting.append(pa.RecordBatch.from_arrays(columns, schema=self._schema))
        self._rows += table.num_rows
        if self._rows >= _A_GROUP:
            self._flush()

    def _flush(self) -> None:
        if self._waiting:
            table = pa.Table.from_batches(self._waiting, self._schema).unify_dictionaries()
            self._file.write_table(table, row_group_size=max(1, table.num_rows))
        self._waiting, self._rows = [], 0

    def close(self) -> None:
        self._flush()
        self._file.close()
