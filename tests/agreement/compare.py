"""What is answered of a batch against what the interpreter says: as a table, and household by household from dicts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pyarrow as pa

from engine.diagnostics import Diagnostic
from engine.errors import HouseholdError
from engine.screening.screen import Screening
from tests.agreement.deciders import Decided, Tree, as_json, decided, generating, interpreting, is_by_code
from tests.agreement.expected import Row, expected
from tests.agreement.households import Batch, Population

OWN = frozenset({"by"})
"""columns that say how an answer came about, not what it is"""
AROUND: Final = 300
"""characters that are shown before and after where two answers begin to differ"""


@dataclass(frozen=True)
class Difference:
    """Where two answers differ, with the household that shows it."""

    who: str
    column: str
    wanted: object
    found: object
    household: Tree
    batch: Batch

    def __str__(self) -> str:
        wanted, found = (repr(one) for one in (self.wanted, self.found))
        alike = next((at for at, (one, other) in enumerate(zip(wanted, found, strict=False)) if one != other), 0)
        start = max(0, alike - AROUND)
        wanted, found = (one[start : alike + AROUND] for one in (wanted, found))
        told = f"{self.who}, {self.column}: wanted {wanted}, found {found}"
        return f"{told}\n  {self.batch.asked}\n  {self.household!r}"


@dataclass(frozen=True)
class Said:
    """One household's answer.

    Attributes:
        row: what an answer's columns hold.
        told: of a refusal every reason; of a decision all that is written of it, where that is asked for.
        by_code: whether it was decided from the dict by code.
    """

    row: Row
    told: object
    by_code: bool


def said(
    population: Population, batch: Batch, units: Mapping[str, str], *, more: bool
) -> tuple[list[Said], list[Said]]:
    """What the interpreter says of each household, and what code made for such does."""

    def one(decision: Decided, tree: Tree) -> Said:
        row = expected(decision, population.reference, tree, batch.asked, units, more=more)
        return Said(row, _told(decision, more=more), is_by_code(decision))

    given = [as_json(tree) for tree in batch.households]
    with interpreting():
        wanted = [one(decided(population.reference, tree, batch.asked), tree) for tree in given]
    with generating():
        found = [one(decided(population.policies, tree, batch.asked), tree) for tree in given]
    return wanted, found


def _told(decision: Decided, *, more: bool) -> object:
    if isinstance(decision, HouseholdError):
        return type(decision).__name__, decision.household, decision.to_dict()
    return decision.to_dict() if more else None


def differences(
    population: Population, batch: Batch, answers: pa.Table, by: Counter[str], *, more: bool = False
) -> Iterator[Difference]:
    """Household by household, what differs from what the interpreter says.

    Args:
        by: is told how many are decided by code from their dicts.
    """
    metadata = {one.name: one.metadata or {} for one in answers.schema}
    units = {name: held[b"unit"].decode() for name, held in metadata.items() if b"unit" in held}
    wanted, found = said(population, batch, units, more=more)
    by["by code"] += sum(one.by_code for one in found)
    yield from _of_table(batch, [one.row for one in wanted], answers)
    for tree, one, other in zip(batch.households, wanted, found, strict=True):
        for column in dict.fromkeys((*one.row, *other.row)):
            if one.row.get(column) != other.row.get(column):
                yield Difference("by code", column, one.row.get(column), other.row.get(column), tree, batch)
        if one.told != other.told:
            yield Difference("by code", "all that is told", one.told, other.told, tree, batch)


def other_reasons(population: Population, batch: Batch) -> Iterator[Difference]:
    """Rows of a table that are refused for other reasons than the interpreter has, or for the same in another order."""
    asked = batch.asked
    screening = Screening(
        population.policies, batch.table.schema, policy=asked.policy, as_of=asked.as_of, known_on=asked.known_on
    )
    found: dict[int, list[Diagnostic]] = {}
    for refused in (screening.told(one)[1] for one in batch.table.combine_chunks().to_batches()):
        for row, which in zip(refused.rows.tolist(), refused.which.tolist(), strict=True):
            found.setdefault(row, []).append(refused.reasons[which])
    for row, tree in enumerate(batch.households):
        with interpreting():
            decision = decided(population.reference, as_json(tree), asked)
        wanted = decision.diagnostics if isinstance(decision, HouseholdError) else ()
        if _worded(found.get(row, ())) != _worded(wanted):
            yield Difference("table", "reasons", wanted, found.get(row, ()), tree, batch)


def _worded(reasons: Sequence[Diagnostic]) -> list[object]:
    """What is told, but for what was found: a column writes an amount with all of its places."""
    return [(one.code, one.path, [pair for pair in one.params if pair[0] != "found"]) for one in reasons]


def _of_table(batch: Batch, rows: list[Row], answers: pa.Table) -> Iterator[Difference]:
    assert answers.num_rows == len(rows), "one answer a row"
    columns = {name: answers[name].to_pylist() for name in answers.column_names if name not in OWN}
    for place, (wanted, tree) in enumerate(zip(rows, batch.households, strict=True)):
        for column in dict.fromkeys((*columns, *wanted)):
            values = columns.get(column)
            found = None if values is None else values[place]
            if _plain(found) != _plain(wanted.get(column)):
                yield Difference(answers["by"][place].as_py(), column, wanted.get(column), found, tree, batch)


def _plain(value: object) -> object:
    """A list of nothings says as much as no list: ends that no item has."""
    return None if isinstance(value, list) and all(one is None for one in value) else value
