"""Households and the items of their collections, from tables of their own, put together by the household's id.

In: one `Shape` for the households and one for each collection that has tables.  Out: parts with the items nested.
An id that stands twice among the households, and an item whose household is nowhere, is refused row by row; a household
without a row in a table of items has none of them. What is larger than a budget is first cut by the ids' hash into
files on the disk, none of which is: memory stays bounded however long the tables are, and in whatever order.
Imports parts, shaping, spilled, tabular; pyarrow and numpy.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from engine.diagnostics import Diagnostic
from engine.records import dataclass
from engine.screening.reading.fields import HOUSEHOLD, Tables
from engine.screening.reading.parts import ROWS_A_PART, Part, Refused
from engine.screening.reading.shaping import BAD, COUNT, JOIN, Shape
from engine.screening.reading.tabular import Bad, in_one, one_batch

FILE, ROW = "\x00file", "\x00row"
"""columns that say where a row stands"""
_BESIDE = (JOIN, COUNT, BAD, FILE, ROW)


@dataclass(frozen=True, slots=True)
class Side:
    """The rows of one kind of table that are to be put together: fields, `JOIN`, `FILE` and `ROW`.

    Attributes:
        files: their names, by the numbers in `FILE`.
        strays: rows of these tables of which it is not known whose they are.
    """

    collection: str
    table: pa.Table
    files: Sequence[str]
    strays: tuple[Bad, ...]


class Joining:
    """Puts sides together whose ids all lie in the same slice."""

    def __init__(self, tables: Tables, shapes: Mapping[str, Shape]) -> None:
        self._tables = tables
        self._counted = next((id for id, one in tables.collections.items() if one.required), "")
        identity = tables.with_role(HOUSEHOLD, "identity")
        assert identity is not None, "every policy has one"
        self._identity = identity
        fields = list(shapes[HOUSEHOLD].schema)
        fields += [
            pa.field(id, pa.list_(pa.struct(list(shape.schema)))) for id, shape in shapes.items() if id != HOUSEHOLD
        ]
        self.schema = pa.schema(fields)

    def __call__(self, sides: Sequence[Side]) -> tuple[pa.Table, pa.Array, pa.Array, list[Refused]]:
        """The households, their files and rows, and who was refused."""
        own, *others = sides
        refused: list[Refused] = []
        whole = own.table.combine_chunks()
        keys = in_one(whole, JOIN)
        twice = self._twice(keys)
        columns = {name: in_one(whole, name) for name in whole.schema.names if name not in _BESIDE}
        self._refuse_twice(own, keys, twice, refused)
        broken = twice | self._lost(own, keys, refused) | _marked(whole)
        counts: dict[str, np.ndarray] = {}
        spoilt = np.zeros(len(keys), np.bool_)
        for side in others:
            columns[side.collection], counts[side.collection] = self._items(side, keys, twice, spoilt, refused)
        for at in np.flatnonzero(spoilt & ~broken):
            fault = Diagnostic.of("item-refused", path=self._identity.id)
            refused.append(_refused(own, int(at), keys[int(at)].as_py(), fault))
        broken = broken | spoilt
        if COUNT in whole.schema.names and self._counted in counts:
            broken = broken | self._differing(own, keys, counts[self._counted], broken, refused)
        table = pa.table([columns[name] for name in self.schema.names], schema=self.schema)
        files, rows = in_one(whole, FILE), in_one(whole, ROW)
        if broken.any():
            kept = pa.array(~broken)
            table, files, rows = table.filter(kept), files.filter(kept), rows.filter(kept)
        return table, files, rows, refused

    # ---- households

    def _twice(self, keys: pa.Array) -> np.ndarray:
        if pc.all(pc.greater(keys[1:], keys[:-1]), skip_nulls=False).as_py():
            return np.zeros(len(keys), np.bool_)
        coded = keys.dictionary_encode().indices
        known = coded.is_valid().to_numpy(zero_copy_only=False)
        at = coded.fill_null(0).to_numpy()
        counts = np.bincount(at[known], minlength=1)
        return np.asarray(known & (counts[at] > 1))

    def _lost(self, own: Side, keys: pa.Array, refused: list[Refused]) -> np.ndarray:
        """Households without an id: nothing can be joined to them."""
        lost = keys.is_null().to_numpy(zero_copy_only=False)
        for at in np.flatnonzero(lost):
            fault = Diagnostic.of("required-fact", path=self._identity.id, label=self._identity.label)
            refused.append(_refused(own, int(at), None, fault))
        return np.asarray(lost)

    def _refuse_twice(self, own: Side, keys: pa.Array, twice: np.ndarray, refused: list[Refused]) -> None:
        for at in np.flatnonzero(twice):
            id = keys[int(at)].as_py()
            fault = Diagnostic.of("household-twice", path=self._identity.id, id=id)
            refused.append(_refused(own, int(at), id, fault))

    def _differing(
        self, own: Side, keys: pa.Array, counts: np.ndarray, broken: np.ndarray, refused: list[Refused]
    ) -> np.ndarray:
        """Households that say another number of members than there are rows."""
        said = in_one(own.table, COUNT)
        texts = pa.array(counts).cast(pa.string())
        differs = pc.not_equal(said, texts).fill_null(False).to_numpy(zero_copy_only=False) & ~broken
        label = self._tables.label(self._counted)
        for at in np.flatnonzero(differs):
            fault = Diagnostic.of(
                "count-differs", path=self._counted, label=label, said=said[int(at)].as_py(), found=str(counts[at])
            )
            refused.append(_refused(own, int(at), keys[int(at)].as_py(), fault))
        return np.asarray(differs)

    # ---- items

    def _items(
        self, side: Side, keys: pa.Array, twice: np.ndarray, spoilt: np.ndarray, refused: list[Refused]
    ) -> tuple[pa.Array, np.ndarray]:
        """The items of each household in the order of their rows; and how many. Marks those that would lack one."""
        table = side.table.combine_chunks()
        joins = in_one(table, JOIN)
        owner = _owners(joins, keys)
        label = self._tables.label(side.collection)
        bad = _marked(table)
        for at in np.flatnonzero((owner < 0) & ~bad):
            id = joins[int(at)].as_py()
            code = "item-without-household" if id is not None else "item-without-id"
            params = {"label": label} if id is None else {"label": label, "id": id}
            refused.append(_refused(side, int(at), id, Diagnostic.of(code, path=side.collection, **params)))
        if len(keys):
            self._spoil(side, keys, owner[bad & (owner >= 0)], spoilt)
        for at in np.flatnonzero((owner >= 0) & twice[owner] & ~bad) if len(keys) else ():
            id = joins[int(at)].as_py()
            refused.append(_refused(side, int(at), id, Diagnostic.of("household-twice", path=side.collection, id=id)))
        counts = np.bincount(owner[owner >= 0], minlength=len(keys)).astype(np.int32)
        offsets = np.zeros(len(keys) + 1, np.int32)
        np.cumsum(counts, out=offsets[1:])
        type_ = self.schema.field(side.collection).type
        items = table.select([one.name for one in type_.value_type])
        if len(owner) and (owner[0] < 0 or (owner[1:] < owner[:-1]).any()):  # else they are in order, as most are
            order = np.argsort(owner, kind="stable")
            items = items.take(pa.array(order[np.searchsorted(owner[order], 0) :])).combine_chunks()
        struct = pa.StructArray.from_arrays(
            [in_one(items, one.name) for one in type_.value_type], fields=list(type_.value_type)
        )
        return pa.ListArray.from_arrays(pa.array(offsets), struct, type=type_), counts

    def _spoil(self, side: Side, keys: pa.Array, owners: np.ndarray, spoilt: np.ndarray) -> None:
        """A household one of whose rows cannot be read would be decided without it."""
        spoilt[owners] = True
        cells = [cell.strip() for stray in side.strays for cell in stray.cells]
        if not cells:
            return
        found = pc.index_in(pa.array(cells, pa.string()), value_set=keys).drop_null()
        spoilt[found.to_numpy()] = True


def _owners(joins: pa.Array, keys: pa.Array) -> np.ndarray:
    """The household of each row, -1 where there is none. They need not be looked for where the rows of one follow those
    of another as the households do, and none is without."""
    begins = np.flatnonzero(pc.not_equal(joins[1:], joins[:-1]).fill_null(True).to_numpy(zero_copy_only=False)) + 1
    starts = np.append([0] if len(joins) else [], begins).astype(np.int64)
    if not joins.null_count and len(starts) == len(keys) and joins.take(pa.array(starts)).equals(keys):
        return np.repeat(np.arange(len(keys)), np.diff(starts, append=len(joins)))
    # of an id that stands twice the first is found; both are refused
    return np.asarray(pc.index_in(joins, value_set=keys, skip_nulls=True).fill_null(-1))


def _marked(table: pa.Table) -> np.ndarray:
    return np.asarray(in_one(table, BAD).to_numpy(zero_copy_only=False))


@dataclass(frozen=True, slots=True)
class Beside:
    """What goes with the first part of several."""

    refused: tuple[Refused, ...]
    blanks: Mapping[str, int]


def parts_of(
    table: pa.Table, files: pa.Array, rows: pa.Array, names: Sequence[str], number: int, beside: Beside
) -> Iterator[Part]:
    """Cut into parts; those who were refused go with the first. There is at least one."""
    for start in range(0, max(1, table.num_rows), ROWS_A_PART):
        cut = table.slice(start, ROWS_A_PART).combine_chunks()
        own = files.slice(start, ROWS_A_PART)
        at = rows.slice(start, ROWS_A_PART)
        first = start == 0
        yield Part(
            number=number,
            batch=one_batch(cut),
            refused=beside.refused if first else (),
            blanks=beside.blanks if first else {},
            files=pa.DictionaryArray.from_arrays(own, pa.array(names, pa.string())),
            first_row=at[0].as_py() if len(at) else 0,
            rows=at,
        )
        number += 1


def _refused(side: Side, at: int, id: str | None, fault: Diagnostic) -> Refused:
    file = side.files[side.table.column(FILE)[at].as_py()]
    return Refused(file, side.table.column(ROW)[at].as_py(), id, fault)
