"""The columns that one rule set reads, out of those that two do together.

In: batches of a source that was opened for both.  Out: the same households without the fields that are the other's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pyarrow as pa

from engine.policy.loader import Document, Library
from engine.policy.model import Overlay, Policy
from engine.records import dataclass
from engine.screening.reading.fields import HOUSEHOLD, Tables, tables_of


@dataclass(frozen=True, slots=True)
class Both:
    """Two libraries as one, for whoever asks what their documents declare."""

    first: Library
    second: Library

    @property
    def library(self) -> Both:
        return self

    @property
    def documents(self) -> Mapping[str, Document]:
        """No document has an id with a line end."""
        return {**self.first.documents, **{f"{id}\n": one for id, one in self.second.documents.items()}}

    def build(self, id: str) -> Policy | Overlay | None:
        return self.second.build(id[:-1]) if id.endswith("\n") else self.first.build(id)


Narrow = Callable[[Any], Any]


def narrowed(schema: Any, library: Library) -> tuple[Any, Narrow]:
    """The schema that a rule set reads, and how a batch becomes one of it."""
    tables = tables_of(library)
    kept = [field for field in schema if field.name in tables.facts[HOUSEHOLD] or field.name in tables.collections]
    fields = [_field(field, tables) for field in kept]
    made = pa.schema(fields)

    def narrow(batch: Any) -> Any:
        columns = [_column(batch.column(field.name), field.type) for field in fields]
        return pa.RecordBatch.from_arrays(columns, schema=made)

    return made, narrow


def _field(field: Any, tables: Tables) -> Any:
    if field.name not in tables.collections or not pa.types.is_list(field.type):
        return field
    inner = [one for one in field.type.value_type if one.name in tables.facts[field.name]]
    return field.with_type(pa.list_(field.type.value_field.with_type(pa.struct(inner))))


def _column(column: Any, kind: Any) -> Any:
    if column.type == kind:
        return column
    items = column.values
    held = [items.field(one.name) for one in kind.value_type]
    narrow = pa.StructArray.from_arrays(held, fields=list(kind.value_type), mask=items.is_null())
    offsets = pa.array(column.offsets.to_numpy())  # one that is a slice takes no mask
    return pa.ListArray.from_arrays(offsets, narrow, type=kind, mask=column.is_null())
