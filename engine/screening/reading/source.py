"""Open what a bureau has as a source of households.

In: paths, policies, a mapping file or none.  Out: a `Source`; or `EngineError` with every fault of the input as a
whole, each at its file, column or line. Which kind of source it is shows in the input: households whose items stand in
their own rows (or that have none), tables of households and of items, or JSON lines.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa

from engine import disk
from engine.diagnostics import Diagnostic
from engine.errors import EngineError
from engine.screening.declared import Declared
from engine.screening.reading.fields import HOUSEHOLD, Tables, tables_of
from engine.screening.reading.inputs import File, files_of, fingerprint, tables_in
from engine.screening.reading.joined import FILE, ROW, Beside, Joining, Side, parts_of
from engine.screening.reading.mapping import Mapping as Map
from engine.screening.reading.mapping import read_mapping
from engine.screening.reading.ndjson_file import JsonRows
from engine.screening.reading.parts import Part, Refused, Source
from engine.screening.reading.placing import Placing
from engine.screening.reading.shaping import Given, Shape, Shaped
from engine.screening.reading.spilled import Spilled
from engine.screening.reading.tabular import Bad, Unreadable
from engine.screening.reading.threads import Threads, ahead
from engine.screening.screen import Loaded, declared_in

BUDGET: Final = 96 << 20
"""bytes of tables that are joined in memory; more are first parted on the disk"""


def open_source(
    paths: Iterable[disk.AnyPath],
    policies: Loaded,
    mapping: disk.AnyPath | None = None,
    policy: str | None = None,
    budget: int = BUDGET,
) -> Source:
    """Args:
        paths: files, folders or patterns.
        policy: the id of a root policy or overlay, as `Screening` takes it.
        mapping: the path of a mapping file.
    Raises: EngineError with every fault of the input as a whole; DiskFault.
    """
    return source_for(declared_in(policies, policy), paths, mapping, budget)


def source_for(
    declared: Declared,
    paths: Iterable[disk.AnyPath],
    mapping: disk.AnyPath | None = None,
    budget: int = BUDGET,
    *,
    passing: bool = False,
) -> Source:
    """As `open_source`, for what one rule set declares, or several do together.

    Args:
        passing: columns that nothing answers to are passed over, and noted.
    """
    tables = tables_of(declared)
    known = Map(passing=passing) if mapping is None else read_mapping(mapping, tables)
    files = files_of(paths)
    print_ = fingerprint(files, known.text)
    if all(one.is_json for one in files):
        return JsonSource(files, tables, print_)
    if mixed := next((one for one in files if one.is_json), None):
        raise Unreadable.since("input-mixed", mixed.name)
    placing = Placing(tables, known)
    found = [table for file in files for table in tables_in(file, placing, placing.notes)]
    given = placing.given(found)
    shapes = {id: Shape(id, held, tables, joining=len(given) > 1) for id, held in given.items()}
    faults = [*placing.report, *(fault for shape in shapes.values() for fault in shape.faults)]
    if faults:
        raise EngineError(faults)
    notes = tuple(placing.notes)
    if len(shapes) > 1:
        return JoinedSource(tables, shapes, print_, notes, budget)
    return RowSource(shapes[HOUSEHOLD], print_, notes)


def _absent(shapes: Mapping[str, Shape]) -> tuple[str, ...]:
    return tuple(field for shape in shapes.values() for field in shape.absent())


class RowSource:
    """Households whose items stand in their own rows."""

    def __init__(self, shape: Shape, print_: str, notes: tuple[Diagnostic, ...]) -> None:
        self.schema = shape.schema
        self.fingerprint = print_
        self.notes = notes
        self.absent = _absent({HOUSEHOLD: shape})
        self._shape = shape
        counts = [one.table.rows for one in shape.given]
        pieces = [one.table.pieces for one in shape.given]
        self.rows = None if None in counts else sum(one for one in counts if one is not None)
        self._pieces = None if None in pieces else [one for one in pieces if one is not None]
        self.parts = None if self._pieces is None else sum(self._pieces)

    def batches(self, start: int = 0) -> Iterator[Part]:
        number = 0
        for given in self._shape.given:
            pieces = given.table.pieces
            if pieces is not None and number + pieces <= start:
                number += pieces
                continue
            reader = self._shape.reader(given)
            for piece in given.table.read(reader.columns):
                if number >= start:
                    yield _part(number, given, reader(piece))
                number += 1

    def part(self, number: int, /) -> Part | None:
        if self._pieces is None:
            return None
        before = 0
        for given, count in zip(self._shape.given, self._pieces, strict=True):
            if number < before + count:
                reader = self._shape.reader(given)
                return _part(number, given, reader(given.table.piece(number - before, reader.columns)))
            before += count
        return None


def _part(number: int, given: Given, shaped: Shaped) -> Part:
    batch = shaped.batch
    return Part(number, batch, shaped.refused, shaped.first_row, _same(given.table.name, batch.num_rows), shaped.rows,
                shaped.blanks)  # fmt: skip


def _same(file: str, count: int) -> pa.Array:
    return pa.DictionaryArray.from_arrays(pa.array(np.zeros(count, np.int32)), pa.array([file], pa.string()))


class JoinedSource:
    """Households and the items of their collections in tables of their own."""

    rows: int | None = None
    parts: int | None = None

    def __init__(
        self, tables: Tables, shapes: Mapping[str, Shape], print_: str, notes: tuple[Diagnostic, ...], budget: int
    ) -> None:
        self._joining = Joining(tables, shapes)
        self.schema = self._joining.schema
        self.fingerprint = print_
        self.notes = notes
        self.absent = _absent(shapes)
        self._shapes = shapes
        self._budget = budget
        self._size = sum(one.table.size for shape in shapes.values() for one in shape.given)

    def batches(self, start: int = 0) -> Iterator[Part]:
        number = 0
        with ExitStack() as held:
            threads = Threads()
            sides = [_Reading(shape, threads) for shape in self._shapes.values()]
            slices: Iterator[Sequence[Side]]
            if self._size <= self._budget:
                slices = iter([threads.each(_Reading.side, sides)])
            else:
                folder = held.enter_context(disk.scratch())
                spilled = Spilled(folder, 2 * self._size // self._budget + 1, threads)
                slices = spilled([(one, one.tables()) for one in sides])
            for first, (table, files, rows, refused) in enumerate(ahead(map(self._joining, slices))):
                early = [fault for one in sides for fault in one.refused] if first == 0 else []
                blanks = {field: count for one in sides for field, count in one.blanks.items()} if first == 0 else {}
                beside = Beside((*early, *refused), blanks)
                names = sides[0].files
                for part in parts_of(table, files, rows, names, number, beside):
                    if part.number >= start:
                        yield part
                    number = part.number + 1

    def part(self, _: int, /) -> Part | None:
        """They can only be read in order."""
        return None


class _Reading:
    """All tables of one kind as they are read, and what was noticed on the way."""

    def __init__(self, shape: Shape, threads: Threads) -> None:
        self.shape = shape
        self._threads = threads
        self.files = [one.table.name for one in shape.given]
        self.refused: list[Refused] = []
        self.strays: list[Bad] = []
        self.blanks: dict[str, int] = {}

    @property
    def collection(self) -> str:
        return self.shape.collection

    def tables(self) -> Iterator[pa.RecordBatch]:
        """Their rows, each with its file and row."""
        for at, given in enumerate(self.shape.given):
            reader = self.shape.reader(given)
            for piece in self._threads.while_going(given.table.read(reader.columns)):
                shaped = reader(piece)
                self.refused += shaped.refused
                self.strays += shaped.strays
                for field, count in shaped.blanks.items():
                    self.blanks[field] = self.blanks.get(field, 0) + count
                file = pa.array(np.full(shaped.batch.num_rows, at, np.int32))
                yield shaped.batch.append_column(FILE, file).append_column(ROW, shaped.rows)

    def side(self) -> Side:
        """All of them at once."""
        return Side(self.collection, pa.Table.from_batches(self.tables()), self.files, tuple(self.strays))


class JsonSource:
    """Households as JSON, one a line."""

    rows: int | None = None
    parts: int | None = None
    notes: tuple[Diagnostic, ...] = ()
    absent: tuple[str, ...] = ()

    def __init__(self, files: Sequence[File], tables: Tables, print_: str) -> None:
        self._rows = JsonRows(tables)
        self._files = files
        self.schema = self._rows.schema
        self.fingerprint = print_

    def batches(self, start: int = 0) -> Iterator[Part]:
        number = 0
        for file in self._files:
            for first, batch, rows, refused in self._rows.read(file.path):
                if number >= start:
                    told = tuple(Refused(file.name, row, id, fault) for row, id, fault in refused)
                    at = pa.array(rows, pa.int64())
                    yield Part(number, batch, told, first, _same(file.name, len(rows)), at)
                number += 1

    def part(self, _: int, /) -> Part | None:
        """Lines can only be read in order."""
        return None


if TYPE_CHECKING:

    def _are_sources(one: RowSource, two: JoinedSource, three: JsonSource) -> Sequence[Source]:
        return (one, two, three)
