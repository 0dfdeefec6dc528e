"""Parquet and Arrow files as tables: a piece is a row group or a record batch, cut where it is large.

Imports tabular and parts; pyarrow.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq

from engine import disk
from engine.screening.reading.parts import ROWS_A_PART
from engine.screening.reading.tabular import Piece, Unreadable

_FEW: Final = 1 << 12
"""bytes of a list of texts that are few"""
_LARGEST: Final = 2 * ROWS_A_PART
"""rows of a group that is read in one piece"""


@contextmanager
def told(path: Path, name: str, reason: str) -> Iterator[None]:
    """What the library says of a file becomes a fault: of the disk where the system said it, else of the file."""
    try:
        yield
    except OSError as error:
        if error.errno is not None:
            raise disk.DiskFault(path, disk.reason_of(error)) from error
        raise Unreadable.since("input-damaged", name, reason=reason, row="") from error
    except pa.ArrowException as error:
        raise Unreadable.since("input-damaged", name, reason=reason, row="") from error


def units_in(schema: Iterable[pa.Field], prefix: str = "") -> dict[str, str]:
    """What columns count, as their metadata say (`unit`), those of items too."""
    found: dict[str, str] = {}
    for one in schema:
        unit = (one.metadata or {}).get(b"unit", b"").decode("utf-8", "replace")
        if unit:
            found[prefix + one.name] = unit
        items = one.type.value_type if pa.types.is_list(one.type) or pa.types.is_large_list(one.type) else None
        if items is not None and pa.types.is_struct(items):
            found |= units_in(items, f"{one.name}.")
    return found


class ParquetTable:
    sheet = ""
    typed = True

    def __init__(self, path: Path, name: str, size: int) -> None:
        self.name, self.size = name, size
        self._path = path
        with told(path, name, "parquet"):
            groups = pq.read_metadata(path)
            self._coded = _coded(groups)
            self._file = self._opened(groups)
            schema = self._file.schema_arrow
        self.headers = tuple(schema.names)
        self.types = tuple(schema.types)
        self.units: Mapping[str, str] = units_in(schema)
        counts = [groups.row_group(at).num_rows for at in range(groups.num_row_groups)]
        self.rows: int | None = sum(counts)
        self._counts = counts
        self.pieces = len(counts) if max(counts, default=0) <= _LARGEST else None

    def read(self, columns: Sequence[int]) -> Iterator[Piece]:
        names = [self.headers[at] for at in columns]
        row = 1
        for group, count in enumerate(self._counts):
            if count <= _LARGEST:
                yield self._group(group, names, row)
            else:
                yield from self._cut(group, names, row)
            row += count

    def piece(self, number: int, columns: Sequence[int]) -> Piece:
        return self._group(number, [self.headers[at] for at in columns], 1 + sum(self._counts[:number]))

    def _group(self, group: int, names: list[str], row: int) -> Piece:
        with told(self._path, self.name, "parquet"):
            # a file of its own: several threads may read
            table = (
                self._opened(self._file.metadata)
                .read_row_group(group, columns=names, use_threads=False)
                .combine_chunks()
            )
            return Piece(row, _one_batch(table.select(names)))

    def _opened(self, metadata: pq.FileMetaData) -> pq.ParquetFile:
        return pq.ParquetFile(self._path, metadata=metadata, pre_buffer=True, read_dictionary=self._coded)

    def _cut(self, group: int, names: list[str], row: int) -> Iterator[Piece]:
        batches = self._file.iter_batches(ROWS_A_PART, row_groups=[group], columns=names, use_threads=True)
        while True:
            with told(self._path, self.name, "parquet"):
                batch = next(batches, None)
            if batch is None:
                return
            yield Piece(row, batch.select(names))
            row += batch.num_rows


def _coded(groups: pq.FileMetaData) -> list[str]:
    """The columns of texts of which the first group has but a few: they are read as codes, as they stand there."""
    first = groups.row_group(0) if groups.num_row_groups else None
    columns = [] if first is None else [first.column(at) for at in range(first.num_columns)]
    return [
        one.path_in_schema
        for one in columns
        if one.physical_type == "BYTE_ARRAY"
        and one.has_dictionary_page
        and one.data_page_offset - one.dictionary_page_offset <= _FEW
    ]


def _one_batch(table: pa.Table) -> pa.RecordBatch:
    batches = table.to_batches()
    if len(batches) == 1:
        return batches[0]
    return pa.RecordBatch.from_arrays(
        [column.combine_chunks() if column.num_chunks else pa.array([], column.type) for column in table.columns],
        schema=table.schema,
    )


class ArrowTable:
    """An Arrow file (random access), or a stream of batches."""

    sheet = ""
    typed = True

    def __init__(self, path: Path, name: str, size: int) -> None:
        self.name, self.size = name, size
        self._path = path
        self._is_file = disk.beginning(path, 6) == b"ARROW1"
        with told(path, name, "arrow"), pa.OSFile(str(path)) as opened:
            reader = pa.ipc.open_file(opened) if self._is_file else pa.ipc.open_stream(opened)
            schema = reader.schema
            counts = []
            if self._is_file:
                with pa.memory_map(str(path)) as mapped:
                    counts = [one.num_rows for one in _each(pa.ipc.open_file(mapped))]
        self.headers = tuple(schema.names)
        self.types = tuple(schema.types)
        self.units: Mapping[str, str] = units_in(schema)
        self.rows: int | None = sum(counts) if self._is_file else None
        self._counts = counts
        self.pieces = len(counts) if self._is_file and max(counts, default=0) <= _LARGEST else None

    def read(self, columns: Sequence[int]) -> Iterator[Piece]:
        row = 1
        with pa.OSFile(str(self._path)) as opened:
            with told(self._path, self.name, "arrow"):
                reader = pa.ipc.open_file(opened) if self._is_file else pa.ipc.open_stream(opened)
            for batch in self._batches(_each(reader) if self._is_file else iter(reader)):
                for start in range(0, batch.num_rows, ROWS_A_PART if batch.num_rows > _LARGEST else _LARGEST):
                    cut = batch.slice(start, ROWS_A_PART) if batch.num_rows > _LARGEST else batch
                    yield Piece(row, cut.select([self.headers[at] for at in columns]))
                    row += cut.num_rows

    def _batches(self, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        while True:
            with told(self._path, self.name, "arrow"):
                batch = next(batches, None)
            if batch is None:
                return
            yield batch

    def piece(self, number: int, columns: Sequence[int]) -> Piece:
        with told(self._path, self.name, "arrow"), pa.OSFile(str(self._path)) as opened:
            batch = pa.ipc.open_file(opened).get_batch(number)
            return Piece(1 + sum(self._counts[:number]), batch.select([self.headers[at] for at in columns]))


def _each(reader: pa.ipc.RecordBatchFileReader) -> Iterator[pa.RecordBatch]:
    return (reader.get_batch(at) for at in range(reader.num_record_batches))
