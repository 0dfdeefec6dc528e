"""An answer's table against what each of its rows must hold."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pyarrow as pa

from engine.api import Policies
from engine.diagnostics import Diagnostic
from engine.errors import HouseholdError
from engine.screening.screen import Screening
from tests.agreement.expected import Row, expected
from tests.agreement.households import Batch, Tree, decided

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


def other_reasons(policies: Policies, batch: Batch) -> Iterator[Difference]:
    """Rows that are refused for other reasons than the interpreter has, or for the same in another order."""
    asked = batch.asked
    screening = Screening(policies, batch.table.schema, policy=asked.policy, as_of=asked.as_of, known_on=asked.known_on)
    rows = batch.table.combine_chunks().to_batches()
    found: dict[int, list[Diagnostic]] = {}
    for refused in (screening.told(one)[1] for one in rows):
        for row, which in zip(refused.rows.tolist(), refused.which.tolist(), strict=True):
            found.setdefault(row, []).append(refused.reasons[which])
    for row, tree in enumerate(batch.households):
        decision = decided(policies, tree, asked)
        wanted = decision.diagnostics if isinstance(decision, HouseholdError) else ()
        if _worded(found.get(row, ())) != _worded(wanted):
            yield Difference("reasons", wanted, found.get(row, ()), tree, batch)


def _worded(reasons: Sequence[Diagnostic]) -> list[object]:
    """What is told, but for what was found: a column writes an amount with all of its places."""
    return [(one.code, one.path, [pair for pair in one.params if pair[0] != "found"]) for one in reasons]


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
