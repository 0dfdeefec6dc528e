"""The columns of a batch as native code reads them.

In: a record batch, and the inputs of a program.  Out: for each input its `Column`, for each collection where its items
stand; a mark on each row that holds something malformed, or an item that is null. What is malformed the interpreter
reads and refuses, or not: a mark is never an answer.
Imports evaluation, program, policy and this floor.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

import numpy as np
import pyarrow as pa

from engine.identity import Same
from engine.policy.model import Elements
from engine.program.model import HOUSEHOLD, Program
from engine.records import dataclass
from engine.screening.kernel.blocks import Numbers
from engine.screening.kernel.values import EMPTY, NO_DAY, Array, Column, Marks, Values, days_of, is_list, plain
from engine.screening.schema import is_text

CODES: Final = "#"
"""behind the id of a column that holds the same by number"""


@dataclass(frozen=True, slots=True, eq=False)
class Listing:
    """Where the items of each household stand, and whether it gave them."""

    offsets: int
    valid: int
    items: int

    @property
    def nullable(self) -> bool:
        return self.valid != 0


@dataclass(frozen=True, slots=True, eq=False)
class Items:
    """The items of all lists of a collection.

    Attributes:
        lists: as they stand in the batch.
        offsets: of each row where its items begin among their values, and where the last ones end.
        fields: the values, field by field.
    """

    listing: Listing
    lists: Array
    offsets: Array
    fields: pa.RecordBatch


@dataclass(frozen=True, slots=True, eq=False)
class Columns:
    """Attributes:
    rows: how many.
    held: by collection and fact; without those that the batch lacks.
    lists: by collection, likewise.
    marked: of each row whether something in it is malformed, or some item null.
    shape: equal for batches for which the same code will do.
    """

    rows: int
    held: Mapping[tuple[str, str], Column]
    lists: Mapping[str, Listing]
    marked: Array

    @property
    def shape(self) -> tuple[object, ...]:
        forms = [(*key, column.form) for key, column in self.held.items()]
        return tuple(forms), tuple([(id, listing.nullable) for id, listing in self.lists.items()])


class Batch:
    """The columns of one batch; policies that declare a fact alike share its column."""

    def __init__(self, batch: pa.RecordBatch, numbers: Numbers) -> None:
        self._batch = batch
        self._kept: list[object] = [batch]
        self._marks = Marks(batch.num_rows)
        self._lists: dict[str, Items | None] = {}
        self._made: dict[object, Column | None] = {}
        self._coded: dict[str, Array] = {}
        self._asked_for: dict[tuple[Same[Program], Same[Elements]], Columns] = {}
        self._all = 0
        self._values = Values(numbers, self._kept, self._marks)

    def columns(self, program: Program, elements: Elements) -> Columns:
        """Those that a program reads; of one that asks again the same."""
        key = Same(program), Same(elements)
        if key not in self._asked_for:
            self._asked_for[key] = self._columns(program, elements)
        return self._asked_for[key]

    def _columns(self, program: Program, elements: Elements) -> Columns:
        held: dict[tuple[str, str], Column] = {}
        lists: dict[str, Listing] = {}
        for id, collection in program.collections.items():
            source, offsets = self._batch, None
            if id != HOUSEHOLD:
                found = self.items(id)
                if found is None:
                    continue
                lists[id], source, offsets = found.listing, found.fields, found.offsets
            for one in collection.inputs:
                place = source.schema.get_field_index(one.id)
                if place < 0:
                    continue
                fact = elements.fact(id, one.id)
                key = (id, one.id, fact.type, fact.decimals, fact.role, (id, one.id) in program.used)
                if key not in self._made:
                    array = source.column(place) if id else self._own(one.id)
                    self._made[key] = self._values.column(fact, array, source.schema.field(place), offsets, key[-1])
                column = self._made[key]
                if column is not None:
                    held[id, one.id] = column
                if one.role == "identity" and any(of == id for _, of in program.referring):
                    self._add_codes(held, id, one.id, source.column(place))
        if any(column.form.nullable for column in held.values()):
            held = {key: self._asked(column) for key, column in held.items()}
        return Columns(self._batch.num_rows, held, lists, self._marks.rows)

    def _add_codes(self, held: dict[tuple[str, str], Column], collection: str, id: str, array: Array) -> None:
        """Ids that are referred to are held a second time, by number, where they are not held so already."""
        if (collection, id) in held and held[collection, id].form.kind == "code":
            return
        key = (collection, id, CODES)
        if key not in self._made:
            self._made[key] = self._values.codes(plain(array), self._values.id)
        column = self._made[key]
        if column is not None:
            held[collection, id + CODES] = column

    def _asked(self, column: Column) -> Column:
        """As one of which it has to be asked what is given: there is code for two kinds of batches, not for as many as
        there are columns with something missing."""
        if column.form.nullable:
            return column
        if not self._all:
            longest = max(
                [self._batch.num_rows, *(one.listing.items for one in self._lists.values() if one is not None)]
            )
            ones = np.full(longest // 8 + 1, 255, dtype=np.uint8)
            self._kept.append(ones)
            self._all = int(ones.ctypes.data)
        return replace(column, form=replace(column.form, nullable=True), valid=self._all)

    # ---- place and day

    def texts(self, name: str) -> tuple[Array, list[str | None]] | None:
        """Of each row the place of a text of the household in a list; what is not given has one of its own. None where
        the column holds no texts."""
        array = plain(self._own(name))
        if is_text(array.type):  # done once: its column is then read off this
            array = self._coded[name] = array.dictionary_encode()
        coded = self._values.encoded(array)
        if coded is None:
            return None
        indices, texts = coded
        codes = np.asarray(indices.fill_null(len(texts)) if indices.null_count else indices)
        return codes, [*texts, None]

    def days(self, name: str) -> Array | None:
        """Of each row a day of the household, counted from 1970 on; NO_DAY of what is none."""
        array = plain(self._own(name))
        if pa.types.is_date32(array.type):
            held = array.cast(pa.int32())
            return np.asarray(held.fill_null(NO_DAY) if held.null_count else held)
        coded = self.texts(name)
        return None if coded is None else days_of(coded[1])[coded[0]]

    def _own(self, name: str) -> Array:
        """A column of the household."""
        return self._coded[name] if name in self._coded else self._batch.column(name)

    @property
    def rows(self) -> int:
        return int(self._batch.num_rows)

    def column(self, name: str) -> Array | None:
        """As it stands in the batch; None where there is none."""
        place = self._batch.schema.get_field_index(name)
        return None if place < 0 else self._batch.column(place)

    # ---- lists

    def items(self, id: str) -> Items | None:
        """Those of a collection; None where no column holds any."""
        if id not in self._lists:
            self._lists[id] = self._items(id)
        return self._lists[id]

    def _items(self, id: str) -> Items | None:
        place = self._batch.schema.get_field_index(id)
        if place < 0:
            return None
        array = plain(self._batch.column(place))
        if not is_list(array.type) or not pa.types.is_struct(array.type.value_type):
            self._values.mark_all(array)
            return None
        if not pa.types.is_list(array.type):
            array = array.cast(pa.list_(array.type.value_field))
        items = array.values
        offsets = np.frombuffer(array.buffers()[1], dtype=np.int32)[array.offset : array.offset + len(array) + 1]
        if items.null_count:
            self._marks.add(np.flatnonzero(np.asarray(items.is_null())), offsets, EMPTY)
        self._kept += [array, offsets]
        valid = self._values.bitmap(array) if array.null_count else 0
        # what stands in an item that is null counts for nothing
        fields = items.flatten() if items.null_count else [items.field(at) for at in range(items.type.num_fields)]
        source = pa.RecordBatch.from_arrays(fields, schema=pa.schema(list(items.type)))
        return Items(Listing(offsets.ctypes.data, valid, len(items)), array, offsets, source)
