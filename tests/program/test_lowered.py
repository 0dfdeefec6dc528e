"""The shipped rules with their comparisons cleared come to what they came to, for households complete and sparse."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date
from typing import Final

import pytest

from engine.api import open_policies
from engine.evaluation.frame import frame_on, rows_of
from engine.evaluation.household import read_household
from engine.evaluation.prepared import prepare, tables_on
from engine.evaluation.working import Working, work_out
from engine.language.core import Quotient
from engine.language.references import core_walk
from engine.language.values import UNKNOWN
from engine.program.clearing import Clearing
from engine.program.granularity import parameter_steps
from tests.oracle.completions import sprinkle
from tests.oracle.households import households
from tests.oracle.territories import COUNTIES
from tests.program.policies import ROOT

DAY: Final = date(2024, 6, 1)


@pytest.mark.parametrize("share", [0, 0.05, 0.2])
def test_every_step_is_worth_what_it_was(share: float) -> None:
    prepared = prepare(open_policies([ROOT / "policies"]).overlay_for("taiyuan", DAY))
    policy, program = prepared.policy, prepared.sharper
    clearing = Clearing(program, parameter_steps(policy))
    lowered = tuple(replace(step, core=clearing.lowered(step.core)) for step in program.steps)
    decisive = [node for step in lowered[: program.decisive] for node in core_walk(step.core)]
    assert not any(isinstance(node, Quotient) for node in decisive)
    outcomes = set()
    for household in households(11, range(150), counties=[one for one in COUNTIES if one.startswith("1401")]):
        given = sprinkle(random.Random(household["id"]), household, share)
        facts = read_household(given, policy)
        tables = tables_on(policy, facts.place, DAY, None)
        rows = []
        for steps in (program.steps, lowered):
            made = rows_of(program, facts)
            work_out(map(Working, steps), frame_on(made, program, tables))
            rows.append(made)
        assert rows[0].household == rows[1].household
        assert rows[0].items == rows[1].items
        outcomes.add(rows[0].household[program.goals[0].slot])
    assert outcomes >= ({True, False, UNKNOWN} if share else {True, False})
