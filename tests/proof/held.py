"""Many households at little cost: a few are drawn, their facts are dealt out anew column by column, and native code,
which is held against the interpreter elsewhere, decides them by both policies.

In: two policies, households as their JSON, what was proved.  Out: which of the many speak against it. A figure is seen
to the hundredth of its unit.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final, TypeAlias, cast

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from engine.api import Policies
from engine.evaluation.decision import Finding, Outcome
from engine.language.types import ItemOf
from engine.policy.model import Elements, Fact
from engine.proof.results import Direction, Goal
from engine.screening.screen import Screening, schema_arrow

Tree: TypeAlias = Mapping[str, Any]
Claim: TypeAlias = tuple[Goal, Direction]
Marks: TypeAlias = NDArray[np.bool_]

_YES: Final = pa.array([str(Outcome.ELIGIBLE), str(Finding.MET)])
_KNOWN: Final = pa.array([*_YES.to_pylist(), str(Outcome.INELIGIBLE), str(Finding.UNMET)])


class Dealer:
    """Deals the facts of a few households out among many: each fact from any of them; who somebody is, and whom they
    refer to, stays, and so does how many items there are.

    Args:
        policies: of which the households are; `elements` what they declare.
    """

    def __init__(self, policies: Policies, elements: Elements, trees: Sequence[Tree]) -> None:
        schema = schema_arrow(policies, None)
        rows = [{one.name: _stored(tree.get(one.name), one.type) for one in schema} for tree in trees]
        self._pool = pa.Table.from_pylist(rows, schema=schema).combine_chunks().to_batches()[0]
        self._elements = elements

    def dealt(self, rng: np.random.Generator, count: int) -> pa.RecordBatch:
        base = rng.integers(0, self._pool.num_rows, count)
        columns = [self._column(field, rng, base) for field in self._pool.schema]
        return pa.record_batch(columns, schema=self._pool.schema)

    def _column(self, field: pa.Field, rng: np.random.Generator, base: NDArray[np.int64]) -> pa.Array:
        pool = self._pool[field.name]
        held = self._elements.collections.get(field.name)
        if held is None:
            stays = _stays(self._elements.facts[field.name])
            return pool.take(pa.array(base if stays else rng.integers(0, len(pool), len(base))))
        own, every = pool.take(pa.array(base)), pool.flatten()
        items = own.flatten()
        inner = [
            items.field(one.name)
            if _stays(held.facts[one.name])
            else every.field(one.name).take(pa.array(rng.integers(0, len(every), len(items))))
            for one in field.type.value_type
        ]
        struct = pa.StructArray.from_arrays(inner, fields=list(field.type.value_type))
        return pa.ListArray.from_arrays(own.offsets, struct, type=field.type)


def _stays(fact: Fact) -> bool:
    return bool(fact.role) or isinstance(fact.type, ItemOf)


def _stored(value: Any, type_: pa.DataType) -> Any:
    """What JSON holds, as a column of the type does."""
    if value is None:
        return None
    if pa.types.is_decimal(type_):
        return Decimal(str(value))
    if pa.types.is_integer(type_):
        return int(value)
    if pa.types.is_date(type_):
        return date.fromisoformat(str(value))
    if pa.types.is_list(type_):
        return [_stored(item, type_.value_type) for item in value]
    if pa.types.is_struct(type_):
        return {one.name: _stored(value.get(one.name), one.type) for one in type_}
    return value


def tree_of(batch: pa.RecordBatch, row: int) -> dict[str, Any]:
    """A household of many, as its JSON."""
    return cast("dict[str, Any]", _told(batch.slice(row, 1).to_pylist()[0]))


def _told(value: Any) -> Any:
    match value:
        case dict():
            return {id: _told(inner) for id, inner in value.items()}
        case list():
            return [_told(inner) for inner in value]
        case Decimal() | date():
            return str(value)
    return value


class Many:
    """Many households decided by two policies.

    Attributes:
        answered: which of them neither refuses.
    """

    def __init__(self, sides: Sequence[Policies], batch: pa.RecordBatch) -> None:
        self._answers = [Screening(policies, batch.schema).batch(batch) for policies in sides]
        refused = [_marks(pc.equal(answers["outcome"], "refused")) for answers in self._answers]
        self.answered: Marks = ~(refused[0] | refused[1])

    def against(self, claim: Claim, among: Marks) -> Iterator[int]:
        """The rows in which something differs that was proved not to."""
        goal, direction = claim
        name = "outcome" if goal.kind == "outcome" else f"{goal.kind}s.{goal.id}"
        one, other = (_worth(answers, name) for answers in self._answers)
        yield from np.flatnonzero(_is_so(direction, one, other) & self.answered & among).tolist()


def _worth(answers: pa.RecordBatch, name: str) -> pa.Array:
    """What a goal comes to; null where it is not known."""
    if name not in answers.schema.names:
        return pa.array(np.zeros(answers.num_rows, np.int8))  # a cause that only the other has
    found = answers[name]
    if not pa.types.is_dictionary(found.type):
        return found
    words = found.cast(pa.string())
    known = pc.is_in(words, _KNOWN)
    return pc.if_else(known, pc.is_in(words, _YES).cast(pa.int8()), None)


def _is_so(direction: Direction, one: pa.Array, other: pa.Array) -> Marks:
    """Whether the second comes to less in the household or in some item, or to more; of what is known."""
    if pa.types.is_list(one.type):
        both = np.flatnonzero(_marks(one.is_valid()) & _marks(other.is_valid()))
        ones, others = (side.take(pa.array(both)) for side in (one, other))
        found = np.zeros(len(one), np.bool_)
        found[both[ones.value_parent_indices().to_numpy()[_is_so(direction, ones.flatten(), others.flatten())]]] = True
        return found
    if pa.types.is_string(one.type):  # of options there is no order
        return _marks(pc.not_equal(one, other)) & (direction == "more")
    if pa.types.is_boolean(one.type):
        one, other = one.cast(pa.int8()), other.cast(pa.int8())
    return _marks(pc.less(other, one) if direction == "less" else pc.less(one, other))


def _marks(found: pa.Array) -> Marks:
    return np.asarray(pc.fill_null(found, False))
