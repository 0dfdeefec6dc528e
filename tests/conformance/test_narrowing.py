"""The entries of what tests tell say more than without it, but for those that show where nothing is told."""

from __future__ import annotations

from typing import Final

import pytest

from engine.evaluation.frame import frame_on, rows_of
from engine.evaluation.prepared import tables_on
from engine.evaluation.working import work_out, workings_of
from engine.policy.checked import Owner
from engine.program.link import program_of
from tests.conformance.comparable import Comparable, shown, wanted
from tests.conformance.suite import Entry, entries
from tests.conformance.world import DAY, decided, facts_of

pytestmark = pytest.mark.xdist_group("conformance")  # the policies of all entries are read once

TOLD: Final = [entry for entry in entries() if entry.id.startswith("narrowing/")]


@pytest.mark.parametrize("entry", [pytest.param(entry, id=entry.id) for entry in TOLD])
def test_without_what_tests_tell(entry: Entry) -> None:
    assert (_untold(entry) == wanted(entry.expected)) == entry.id.startswith("narrowing/not-")


def _untold(entry: Entry) -> Comparable:
    """What it is worth to the program as it was written."""
    asked = decided()[entry.id][0]
    program, facts = program_of(asked.policy), facts_of(entry)
    frame = frame_on(rows_of(program, facts), program, tables_on(asked.policy, facts.place, DAY, None))
    work_out(workings_of(program), frame)
    step = next(step for step in program.authored if step.owner == Owner("output", "", asked.spelling.told))
    return shown(asked.core.type, frame.row[step.slot])
