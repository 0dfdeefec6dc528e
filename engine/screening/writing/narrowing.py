"""The columns that one rule set reads, out of those that two do together.

In: what both declare, and batches of a source that was opened for both.  Out: the same households without the fields
that are the other's.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pyarrow as pa

from engine.screening.declared import Declared

Narrow = Callable[[Any], Any]


def both(first: Declared, second: Declared) -> Declared:
    """The fields of two rule sets; of those that both declare each declaration is kept, the first's first."""
    facts = {owner: dict(held) for owner, held in first.facts.items()}
    for owner, held in second.facts.items():
        for id, every in held.items():
            before = facts.setdefault(owner, {}).get(id, ())
            facts[owner][id] = (*before, *(one for one in every if one not in before))
    made = Declared((), facts, {**second.collections, **first.collections})
    made.unsettled = {
        (owner, id)
        for owner, held in facts.items()
        for id, every in held.items()
        if (owner, id) in first.unsettled | second.unsettled or len({repr(one.default) for one in every}) > 1
    }
    made.others = (first.others | second.others) - frozenset(made.fields())
    return made


def narrowed(schema: Any, declared: Declared) -> tuple[Any, Narrow]:
    """The schema that a rule set reads, and how a batch becomes one of it."""
    known = {*declared.facts[""], *declared.collections, *declared.others}
    fields = [_field(field, declared) for field in schema if field.name in known]
    made = pa.schema(fields)

    def narrow(batch: Any) -> Any:
        columns = [_column(batch.column(field.name), field.type) for field in fields]
        return pa.RecordBatch.from_arrays(columns, schema=made)

    return made, narrow


def _field(field: Any, declared: Declared) -> Any:
    if field.name not in declared.collections or not pa.types.is_list(field.type):
        return field
    known = {*declared.facts[field.name], *(one.removeprefix(f"{field.name}.") for one in declared.others)}
    inner = [one for one in field.type.value_type if one.name in known]
    return field.with_type(pa.list_(field.type.value_field.with_type(pa.struct(inner))))


def _column(column: Any, kind: Any) -> Any:
    if column.type == kind:
        return column
    items = column.values
    held = [items.field(one.name) for one in kind.value_type]
    narrow = pa.StructArray.from_arrays(held, fields=list(kind.value_type), mask=items.is_null())
    offsets = pa.array(column.offsets.to_numpy())  # one that is a slice takes no mask
    return pa.ListArray.from_arrays(offsets, narrow, type=kind, mask=column.is_null())
