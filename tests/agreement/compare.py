"""An answer's table against what each of its rows must hold."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pyarrow as pa

from engine.api import Policies
from tests.agreement.expected import Row, expected
from tests.agreement.households import Batch, Tree

OWN = frozenset({"by"})
"""columns that say how an answer came about, not what it is"""


@dataclass(frozen=True)
class Difference:
    """Where two answers differ, with the household that shows it."""

    column: str
    wanted: object
    found: object
    household: Tree
    batch: Batch

    def __str__(self) -> str:
        return (
            f"{self.column}: wanted {self.wanted!r}, found {self.found!r}\n  {self.batch.asked}\n  {self.household!r}"
        )


def differences(policies: Policies, batch: Batch, answers: pa.Table, *, more: bool = False) -> Iterator[Difference]:
    """Row by row and column by column."""
    metadata = {one.name: one.metadata or {} for one in answers.schema}
    units = {name: held[b"unit"].decode() for name, held in metadata.items() if b"unit" in held}
    rows = [expected(policies, tree, batch.asked, units, more=more) for tree in batch.households]
    yield from _differing(batch, rows, answers)


def _differing(batch: Batch, rows: Sequence[Row], answers: pa.Table) -> Iterator[Difference]:
    assert answers.num_rows == len(rows), "one answer a row"
    columns = {name: answers[name].to_pylist() for name in answers.column_names if name not in OWN}
    for place, (wanted, tree) in enumerate(zip(rows, batch.households, strict=True)):
        for column in dict.fromkeys((*columns, *wanted)):
            values = columns.get(column)
            found = None if values is None else values[place]
            if _plain(found) != _plain(wanted.get(column)):
                yield Difference(column, wanted.get(column), found, tree, batch)


def _plain(value: object) -> object:
    """A list of nothings says as much as no list: ends that no item has."""
    return None if isinstance(value, list) and all(one is None for one in value) else value
