"""What households are refused for that lack something: looked for in whole columns, not household by household.

In: some rows of a batch, and the policy that reads them.  Out: all the reasons of each, in the order of its document,
as the reader of households tells them if nothing in it is malformed. A row that lacks nothing is not among them.
Imports evaluation, program, policy and this floor.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final, TypeAlias

import numpy as np
import pyarrow as pa

from engine.diagnostics import Diagnostic
from engine.language.interpreter import MAX_ITEMS
from engine.policy.model import Elements
from engine.records import dataclass
from engine.screening.kernel.columns import Batch
from engine.screening.layout import laid_out
from engine.screening.refusals import Order, RefusedRows

Array: TypeAlias = Any
Places: TypeAlias = tuple[Array, Array]
"""rows, and in each the index of an item; -1 where none is meant"""
_INDICES: Final = MAX_ITEMS + 1


class Gaps:
    """Where the columns of a batch hold nothing. Each is gone through once, whoever asks."""

    def __init__(self, batch: Batch) -> None:
        self._batch = batch
        self._of_rows: dict[str, Array] = {}
        self._of_items: dict[tuple[str, str], Places] = {}

    def rows(self, id: str) -> Array:
        """Of each row whether the household gives no such field."""
        if id not in self._of_rows:
            column = self._batch.column(id)
            self._of_rows[id] = np.ones(self._batch.rows, np.bool_) if column is None else _nothing(column)
        return self._of_rows[id]

    def lengths(self, collection: str) -> Array:
        """Of each row how many items its list has; what stands there of a list that is not given counts for nothing."""
        held = self._batch.items(collection)
        return np.zeros(self._batch.rows, np.int32) if held is None else np.diff(held.offsets)

    def empty(self, collection: str) -> Places:
        """The items that are null."""
        held = self._batch.items(collection)
        return self._placed(collection, "", None if held is None else held.lists.values)

    def lacking(self, collection: str, id: str) -> Places:
        """The items that do not give a field; of those that are null none does."""
        held = self._batch.items(collection)
        if held is None:
            return self._placed(collection, id, None)
        place = held.fields.schema.get_field_index(id)
        items = held.lists.values
        return self._placed(collection, id, pa.nulls(len(items)) if place < 0 else held.fields.column(place), items)

    def _placed(self, collection: str, id: str, column: pa.Array | None, items: pa.Array | None = None) -> Places:
        key = (collection, id)
        if key not in self._of_items:
            self._of_items[key] = self._find(collection, column, items)
        return self._of_items[key]

    def _find(self, collection: str, column: pa.Array | None, items: pa.Array | None) -> Places:
        held = self._batch.items(collection)
        if held is None or column is None:
            return np.zeros(0, np.intp), np.zeros(0, np.intp)
        nothing = _nothing(column)
        if items is not None and items.null_count:
            nothing &= ~np.asarray(items.is_null())
        places = np.flatnonzero(nothing)
        rows = np.searchsorted(held.offsets, places, side="right") - 1
        inside = (rows >= 0) & (rows < self._batch.rows)
        rows, places = rows[inside], places[inside]
        given = ~self.rows(collection)[rows]
        return rows[given], (places - held.offsets[rows])[given]


def _nothing(column: pa.Array) -> Array:
    kind = column.type
    if pa.types.is_dictionary(kind):
        column = laid_out(column) if column.dictionary.null_count else column.indices
    elif pa.types.is_run_end_encoded(kind) or isinstance(kind, pa.BaseExtensionType):
        column = laid_out(column)
    if not column.null_count:
        return np.zeros(len(column), np.bool_)
    valid = column.buffers()[0]
    if valid is None:  # what is of no type has no bits
        return np.asarray(column.is_null())
    end = column.offset + len(column)
    bits = np.unpackbits(np.frombuffer(valid, np.uint8), count=end, bitorder="little")
    return bits[column.offset :] == 0


@dataclass(frozen=True, slots=True)
class _Demand:
    """Something that a household must have.

    Attributes:
        reason: for which it is refused where it has it not; what any item must have, of the item `[]`.
        order: where that stands in a household, whichever item it is of.
    """

    reason: Diagnostic
    order: tuple[int, int]

    def of(self, index: int) -> Diagnostic:
        """Of one item."""
        return replace(self.reason, path=self.reason.path.replace("[]", f"[{index}]"))


class Demands:
    """What the households of a policy must have."""

    def __init__(self, elements: Elements, order: Order) -> None:
        self._elements, self._order = elements, order
        self._demands = sorted(self._all(), key=lambda one: one.order)
        names = {name: place for place, name in enumerate(dict.fromkeys(one.order[0] for one in self._demands))}
        self._names = np.array([names[one.order[0]] for one in self._demands])
        self._reasons: dict[int, Diagnostic] = {}

    @property
    def reasons(self) -> tuple[Diagnostic, ...]:
        """Equal for policies that refuse households for the same, in the same words."""
        return tuple(one.reason for one in self._demands)

    def _all(self) -> Iterator[_Demand]:
        elements = self._elements
        for fact in elements.facts.values():
            if fact.required:
                yield self._demand("required-fact", fact.id, label=fact.label)
        for held in elements.collections.values():
            if held.required:
                yield self._demand("required-fact", held.id, label=held.label)
            if held.at_least:
                yield self._demand("too-few-items", held.id, label=held.label, least=str(held.at_least))
            yield self._demand("item-not-object", held.id, "[]", label=held.label)
            for fact in held.facts.values():
                if fact.required:
                    yield self._demand("required-fact", held.id, f"[].{fact.id}", label=fact.label)

    def _demand(self, code: str, name: str, inner: str = "", **params: str) -> _Demand:
        place = self._order.place(name + inner.replace("[]", "[0]"))
        reason = Diagnostic.of(code, None, path=name + inner, related=(), **params)
        return _Demand(reason, (place[0], place[2]))

    def _of_one(self, number: int, gaps: Gaps, asked: Array) -> Places:
        """Where something that households must have is lacking."""
        one = self._demands[number].reason
        name, _, inner = one.path.partition("[]")
        if inner or one.code == "item-not-object":
            rows, index = gaps.lacking(name, inner[1:]) if inner else gaps.empty(name)
            kept = asked[rows]
            return rows[kept], index[kept]
        lacking = gaps.rows(name)
        if one.code == "too-few-items":
            lacking = ~lacking & (gaps.lengths(name) < self._elements.collections[name].at_least)
        rows = np.flatnonzero(asked & lacking)
        return rows, np.full(len(rows), -1)

    def lacked(self, gaps: Gaps, asked: Array) -> RefusedRows:
        """For what those of the rows of a batch are refused that are asked for."""
        found = [self._of_one(number, gaps, asked) for number in range(len(self._demands))]
        of, index = (np.concatenate([one[part] for one in found]) for part in (0, 1))
        if not len(of):
            return RefusedRows.together([])
        numbers = np.repeat(np.arange(len(found)), [len(one) for one, _ in found])
        # by row, field, item, and what is asked of it; of each demand they stand so already, which this sorting uses
        places = (of * len(found) + self._names[numbers]) * _INDICES + index + 1
        sorting = np.argsort(places * len(found) + numbers, kind="stable")
        kinds = (numbers * _INDICES + index + 1)[sorting]
        distinct = np.flatnonzero(np.bincount(kinds))
        which = np.zeros(distinct[-1] + 1, np.intp)
        which[distinct] = np.arange(len(distinct))
        return RefusedRows(of[sorting], which[kinds], [self._reason(kind) for kind in distinct.tolist()])

    def _reason(self, kind: int) -> Diagnostic:
        if kind not in self._reasons:
            number, index = divmod(kind, _INDICES)
            self._reasons[kind] = self._demands[number].of(index - 1)
        return self._reasons[kind]
