"""Every entry of the suite on back ends that decide tables: all entries of a topic, or many expressions, at once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import pyarrow as pa
import pytest

from engine.api import open_policies
from engine.gathered import gathered
from tests.conformance.household import as_json
from tests.conformance.programs import PROGRAMS, ProgramEntry, policy_of, program_entries
from tests.conformance.suite import Faults
from tests.conformance.tables import TABLES, TableBackend, rounded, table_of, told, unit_of
from tests.conformance.world import DAY, WHO, WORLD, Spelling, spellings, world_policy, written

pytestmark = pytest.mark.xdist_group("conformance")

AT_ONCE: Final = 50
"""expressions in one policy"""
DECIDED: Final = [one for one in spellings() if not isinstance(one.entry.expected, Faults)]
PARTS: Final = [DECIDED[at : at + AT_ONCE] for at in range(0, len(DECIDED), AT_ONCE)]
_BACKENDS: Final = [pytest.param(call, id=name) for name, call in TABLES.items()]


# ---- programs


@pytest.mark.parametrize("backend", _BACKENDS)
@pytest.mark.parametrize("topic", sorted({entry.topic for entry in program_entries()}))
def test_programs(topic: str, backend: TableBackend) -> None:
    policies = open_policies(PROGRAMS / topic)
    of_topic = [entry for entry in program_entries() if entry.topic == topic]
    # one table for those of one day which state the same, so that what is absent can be
    parted = gathered(((entry.on, entry.known_on, frozenset(entry.household)), entry) for entry in of_topic)
    wrong: dict[tuple[str, str], object] = {}
    for (on, known_on, _), alike in parted.items():
        elements = policy_of(alike[0]).merged.elements
        table = table_of([as_json(entry.household, elements) for entry in alike], elements)
        answers = backend(policies, table, None, on, known_on)
        for row, entry in enumerate(alike):
            wrong |= {(entry.id, name): pair for name, pair in _both(entry, answers, row) if pair[0] != pair[1]}
    assert not wrong


def _both(entry: ProgramEntry, answers: pa.Table, row: int) -> Iterator[tuple[str, tuple[object, object]]]:
    """What is answered and what is wanted, by what it is about."""
    said = {name: answers[name][row].as_py() for name in answers.column_names}
    outcome = "figures" if said["outcome"] is None else said["outcome"]
    yield "outcome", (outcome, entry.verdict or "refused")
    if entry.refused:
        yield "refusal", (f"{said['refusal.code']} {said['refusal.path']}", entry.refused[0])
        yield "count", (said["refusal.count"], len(entry.refused))
    for id, finding in entry.findings.items():
        yield id, (said.get(_finding_column(id)), finding)
    for id in entry.absent:
        yield id, (said.get(_finding_column(id)), None)
    for id, expected in entry.outputs.items():
        output, at, place = id.partition("[")
        column = f"outputs.{output}"
        if output == id and isinstance(answers.schema.field(column).type, pa.ListType):
            yield id, (said[column], None)
        else:
            item = int(place[:-1]) if at else None
            yield id, (told(answers, row, column, item), rounded(expected, unit_of(answers, column)))


def _finding_column(id: str) -> str:
    cause, _, condition = id.partition(".")
    if cause == "requirements":
        return id
    return f"causes.{cause}.conditions.{condition}" if condition else f"causes.{cause}"


# ---- expressions


@pytest.mark.parametrize("backend", _BACKENDS)
@pytest.mark.parametrize("part", range(len(PARTS)))
def test_expressions(part: int, backend: TableBackend) -> None:
    held = PARTS[part]
    elements = world_policy().merged.elements
    with TemporaryDirectory() as folder:
        last = written(held, Path(folder))
        policies = open_policies([WORLD, Path(folder)])
        table = table_of([as_json({**WHO, **one.entry.given}, elements) for one in held], elements)
        answers = backend(policies, table, last, DAY, None)
    wrong: dict[tuple[str, str], object] = {}
    for row, one in enumerate(held):
        found, wanted = _value(one, answers, row)
        if found != wanted:
            wrong[one.entry.id, one.text] = found, wanted
    assert not wrong


_TRUTHS: Final = {"met": True, "unmet": False, "undetermined": None}


def _value(one: Spelling, answers: pa.Table, row: int) -> tuple[object, object]:
    if one.is_condition:
        finding = answers[f"requirements.{one.key}"][row].as_py()
        return _TRUTHS[finding], rounded(one.entry.expected, "")[0]
    column = f"outputs.{one.told}"
    return told(answers, row, column), rounded(one.entry.expected, unit_of(answers, column))
