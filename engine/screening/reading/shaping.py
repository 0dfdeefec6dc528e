"""The tables of one kind (households, or the items of a collection) in the columns of their fields.

In: tables whose columns have been placed.  Out: a `Shape`, the columns that they have together, and for each piece of
a table its rows in these columns: cells read, rows apart that cannot be. A table that lacks a column which another one
has gives the field's default there, or null: what an absent field is.
Imports cells, fields, headers, parts, tabular; pyarrow.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field, replace
from operator import is_

import numpy as np
import pyarrow as pa

from engine.diagnostics import Diagnostic
from engine.language.types import Quantity
from engine.policy.model import Fact
from engine.records import dataclass
from engine.screening.reading.cells import Cells, Rule, column_type, is_text, plain_default
from engine.screening.reading.fields import HOUSEHOLD, Tables
from engine.screening.reading.headers import Placed, Taken
from engine.screening.reading.parts import Refused
from engine.screening.reading.tabular import Bad, Piece, Tabular

JOIN = "\x00join"
COUNT = "\x00count"
BAD = "\x00bad"
"""columns that are for the joining of tables, beside the fields; no fact can be called so"""


@dataclass(frozen=True, slots=True)
class Given:
    """A table whose columns are known.

    Attributes:
        rules: by column.
        items: of its columns that hold lists, how the fields of the items are placed.
    """

    table: Tabular
    placed: Placed
    rules: Mapping[int, Rule] = field(default_factory=dict)
    items: Mapping[int, Placed] = field(default_factory=dict)

    def unit(self, taken: Taken) -> str:
        """What a column counts: by the mapping, its header, or what the file says of it."""
        rule = self.rules.get(taken.at)
        return (rule.unit if rule is not None else "") or taken.unit or self.table.units.get(taken.header, "")


@dataclass(frozen=True, slots=True)
class Shaped:
    """Attributes:
    rows: of the batch, in the file. refused: rows that are none. strays: of these those whose household is not known.
    blanks: by field.
    """

    first_row: int
    batch: pa.RecordBatch
    rows: pa.Array
    refused: tuple[Refused, ...]
    strays: tuple[Bad, ...]
    blanks: Mapping[str, int]


class Shape:
    """The columns of all tables of one kind.

    Attributes:
        joining: they will be joined: rows with a fault stay, marked, so that what belongs to them is refused too.
        faults: of columns that cannot be read.
    """

    def __init__(self, collection: str, given: Sequence[Given], tables: Tables, *, joining: bool) -> None:
        self.collection = collection
        self.given = tuple(given)
        self.tables = tables
        self.faults: list[Diagnostic] = []
        self._prefix = f"{collection}." if collection else ""
        facts = tables.facts[collection]
        fields = [made for fact in facts.values() if (made := self._field(fact)) is not None]
        if collection == HOUSEHOLD:
            fields += [made for id in tables.collections if (made := self._list(id)) is not None]
        self.schema = pa.schema(fields)
        self.joining = joining
        uses = {one.use for held in given for one in held.placed.taken}
        self.beside = [JOIN, *([COUNT] if "count" in uses else [])] if joining else []

    def absent(self) -> list[str]:
        """Fields that no table has."""
        held = set(self.schema.names)
        return [self._prefix + id for id in self.tables.facts[self.collection] if id not in held]

    def reader(self, given: Given) -> Reader:
        return Reader(self, given)

    # ---- types

    def _field(self, fact: Fact) -> pa.Field | None:
        found = [
            self._typed(fact, one, taken, one.table.types[taken.at])
            for one in self.given
            if (taken := one.placed.by_field().get(fact.id)) is not None
        ]
        return _common(fact.id, [one for one in found if one is not None])

    def _typed(self, fact: Fact, one: Given, taken: Taken, type_: pa.DataType) -> pa.Field | None:
        """The column as it is made of one file's; what it counts is told where it does not count yuan."""
        unit = one.unit(taken)
        made = column_type(fact, type_, unit)
        if made is None:
            self._told_type(one, taken, str(type_))
            return None
        kept = unit if not is_text(made) and isinstance(fact.type, Quantity) and unit != "元" else ""
        return pa.field(fact.id, made, metadata={"unit": kept} if kept else None)

    def _told_type(self, one: Given, taken: Taken, found: str) -> None:
        self.faults.append(Diagnostic.of("column-type", path=one.table.name, column=taken.header, found=found))

    def _list(self, collection: str) -> pa.Field | None:
        """A collection that stands in the households' own rows; all files have its items in the same columns."""
        found = [
            (one, taken)
            for one in self.given
            for taken in one.placed.taken
            if taken.use == "items" and taken.of == collection
        ]
        if not found:
            return None
        fields: dict[str, list[pa.Field]] = {}
        for one, taken in found:
            inner = one.items.get(taken.at)
            items = struct_of(one.table.types[taken.at])
            if inner is None or items is None:
                self._told_type(one, taken, str(one.table.types[taken.at]))
                continue
            for id, held in inner.by_field().items():
                assert held.fact is not None, "placed"
                made = self._typed(held.fact, one, _renamed(taken, held), items.field(held.at).type)
                if made is not None:
                    fields.setdefault(id, []).append(made)
        ordered = [_common(id, fields[id]) for id in self.tables.facts[collection] if id in fields]
        return pa.field(collection, pa.list_(pa.struct(ordered)))


def _renamed(outer: Taken, inner: Taken) -> Taken:
    return Taken(outer.at, f"{outer.header}.{inner.header}", inner.use, inner.fact, inner.why, inner.unit)


def _common(id: str, found: Sequence[pa.Field]) -> pa.Field | None:
    """Of several files the one type that holds all: text in yuan, where they differ."""
    if not found:
        return None
    first = found[0]
    alike = all(one.equals(first, check_metadata=True) for one in found)
    return first if alike else pa.field(id, pa.string())


def struct_of(type_: pa.DataType) -> pa.DataType | None:
    """Of a list of structs the struct."""
    listed = pa.types.is_list(type_) or pa.types.is_large_list(type_)
    return type_.value_type if listed and pa.types.is_struct(type_.value_type) else None


class Reader:
    """Reads the pieces of one table into the columns of its kind."""

    def __init__(self, shape: Shape, given: Given) -> None:
        self.shape = shape
        self.given = given
        placed = given.placed
        taken = {one.at for one in placed.taken}
        self.columns = sorted(taken)
        self._at = {column: at for at, column in enumerate(self.columns)}
        self._cells: dict[str, tuple[int, Cells]] = {}
        self._lists: dict[str, tuple[int, Items]] = {}
        prefix = f"{shape.collection}." if shape.collection else ""
        for id, one in placed.by_field().items():
            assert one.fact is not None, "placed"
            made = self._made(one, one.fact, prefix + id)
            self._cells[id] = (self._at[one.at], made)
        for one in placed.taken:
            inner = given.items.get(one.at)
            if one.use == "items" and inner is not None:
                self._lists[one.of] = (self._at[one.at], Items(self, one, inner))
        self._beside: dict[str, tuple[int, Cells]] = {}
        self._above: str | None = None
        identity = shape.tables.with_role(HOUSEHOLD, "identity")
        for one in placed.taken if shape.joining else ():
            if one.use in ("join", "count") and identity is not None:
                cells = Cells(identity, identity.id, Rule(), pa.string(), typed=given.table.typed)
                self._beside[f"\x00{one.use}"] = (self._at[one.at], cells)

    def _made(self, taken: Taken, fact: Fact, path: str) -> Cells:
        rule = self.given.rules.get(taken.at, Rule())
        wanted = self.shape.schema.field(fact.id).type
        return Cells(fact, path, replace(rule, unit=self.given.unit(taken)), wanted, typed=self.given.table.typed)

    def item_cells(self, fact: Fact, wanted: pa.DataType, taken: Taken) -> Cells:
        return Cells(fact, fact.id, Rule(self.given.unit(taken)), wanted, typed=self.given.table.typed)

    def __call__(self, piece: Piece) -> Shaped:
        count = piece.batch.num_rows
        faults: dict[int, Diagnostic] = {}
        blanks: dict[str, int] = {}
        columns = [self._column(one, piece.batch, faults, blanks) for one in self.shape.schema]
        columns += [self._joining(name, piece.batch, faults) for name in self.shape.beside]
        rows = piece.rows
        if rows is None:
            rows = pa.array(np.arange(piece.first_row, piece.first_row + count, dtype=np.int64))
        beside = [pa.field(name, pa.string()) for name in self.shape.beside]
        batch = pa.RecordBatch.from_arrays(columns, schema=pa.schema([*self.shape.schema, *beside]))
        file, ids = self.given.table.name, self._ids(batch)
        refused = [Refused(file, bad.row, None, bad.fault) for bad in piece.bad]
        refused += [Refused(file, rows[at].as_py(), ids(at), fault) for at, fault in faults.items()]
        marks = np.zeros(count, np.bool_)
        marks[list(faults)] = True
        if self.shape.joining:
            batch = batch.append_column(BAD, pa.array(marks))
        elif faults:
            batch, rows = batch.filter(pa.array(~marks)), rows.filter(pa.array(~marks))
        in_order = tuple(sorted(refused, key=lambda one: one.row))
        strays = (*piece.bad, *self._below(batch, rows)) if self.shape.joining else piece.bad
        return Shaped(piece.first_row, batch, rows, in_order, strays, blanks)

    def _below(self, batch: pa.RecordBatch, rows: pa.Array) -> list[Bad]:
        """Rows that do not say whose they are. They may be of the household above them, whose id was written once for
        all its rows: it must not be decided without them."""
        joins = batch.column(JOIN)
        if self.shape.collection == HOUSEHOLD:
            return []
        found = []
        if joins.null_count:
            absent = np.asarray(joins.is_null())
            for at in np.flatnonzero(absent & ~np.concatenate([[False], absent[:-1]])).tolist():
                above = joins[at - 1].as_py() if at else self._above
                if above is not None:
                    found.append(Bad(rows[at].as_py(), Diagnostic.of("item-refused"), (above,)))
        given = joins.drop_null()
        self._above = given[-1].as_py() if len(given) else self._above
        return found

    def _joining(self, name: str, batch: pa.RecordBatch, faults: dict[int, Diagnostic]) -> pa.Array:
        if name not in self._beside:
            return pa.nulls(batch.num_rows, pa.string())
        at, cells = self._beside[name]
        found = cells(batch.column(at))
        for row, fault in found.faults.items():
            faults.setdefault(row, fault)
        return found.array

    def _column(
        self, one: pa.Field, batch: pa.RecordBatch, faults: dict[int, Diagnostic], blanks: dict[str, int]
    ) -> pa.Array:
        if one.name in self._lists:
            at, items = self._lists[one.name]
            return items(batch.column(at), one.type, faults, blanks)
        if one.name not in self._cells:
            fact = self.shape.tables.facts[self.shape.collection].get(one.name)
            return _absent(fact, one, batch.num_rows)
        at, cells = self._cells[one.name]
        found = cells(batch.column(at))
        for row, fault in found.faults.items():
            faults.setdefault(row, fault)
        blanks[cells.path] = found.blanks
        return found.array

    def _ids(self, batch: pa.RecordBatch) -> IdOf:
        identity = self.shape.tables.with_role(HOUSEHOLD, "identity")
        name = identity.id if identity is not None and self.shape.collection == HOUSEHOLD else JOIN
        return IdOf(batch.column(name) if name in batch.schema.names else None)


class IdOf:
    """The household's id of a row."""

    def __init__(self, column: pa.Array | None) -> None:
        self._column = column

    def __call__(self, at: int) -> str | None:
        found = None if self._column is None else self._column[at].as_py()
        return found if isinstance(found, str) else None


def _absent(fact: Fact | None, one: pa.Field, count: int) -> pa.Array:
    """The field of a table that has no column for it."""
    unit = (one.metadata or {}).get(b"unit", b"").decode()
    default = None if fact is None else plain_default(fact, one.type, unit)
    if default is None:
        return pa.nulls(count, one.type)
    column = pa.repeat(default, count)
    return column.dictionary_encode() if pa.types.is_dictionary(one.type) else column


class Items:
    """The items of a collection that stand in the rows of their households."""

    def __init__(self, reader: Reader, outer: Taken, placed: Placed) -> None:
        self._collection = outer.of
        self._facts = reader.shape.tables.facts[outer.of]
        wanted = {one.name: one.type for one in reader.shape.schema.field(outer.of).type.value_type}
        self._cells = {
            id: (one.at, reader.item_cells(one.fact, wanted[id], _renamed(outer, one)))
            for id, one in placed.by_field().items()
            if one.fact is not None
        }

    def __call__(
        self, column: pa.Array, type_: pa.DataType, faults: dict[int, Diagnostic], blanks: dict[str, int]
    ) -> pa.Array:
        if pa.types.is_large_list(column.type):
            column = column.cast(pa.list_(column.type.value_type))
        if column.offset or (len(column) and column.offsets[0].as_py()):
            column = pa.concat_arrays([column.slice(0, 0), column])  # offsets from 0 again
        items, offsets = column.values, column.offsets
        given, columns = [], []
        for one in type_.value_type:
            if one.name not in self._cells:
                columns.append(_absent(self._facts[one.name], one, len(items)))
                continue
            at, cells = self._cells[one.name]
            given.append(items.field(at))
            found = cells(given[-1])
            blanks[f"{self._collection}.{one.name}"] = found.blanks
            self._take(found.faults, offsets, faults)
            columns.append(found.array)
        if column.type == type_ and len(given) == len(columns) and all(map(is_, given, columns)):
            return column
        mask = items.is_null() if items.null_count else None
        struct = pa.StructArray.from_arrays(columns, fields=list(type_.value_type), mask=mask)
        empty = column.is_null() if column.null_count else None
        return pa.ListArray.from_arrays(offsets, struct, type=type_, mask=empty)

    def _take(self, found: Mapping[int, Diagnostic], offsets: pa.Array, faults: dict[int, Diagnostic]) -> None:
        """Faults of items, as those of their households, with the place in the list."""
        starts = offsets.to_numpy()
        for item, fault in found.items():
            row = int(np.searchsorted(starts, item, side="right")) - 1
            path = f"{self._collection}[{item - int(starts[row])}].{fault.path}"
            faults.setdefault(row, replace(fault, path=path))
