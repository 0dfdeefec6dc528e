"""`show --program`: what it says of comparisons of each kind."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from engine.api import open_policies
from engine.language import core
from engine.program.granularity import parameter_steps
from engine.program.link import program_of
from engine.program.model import Program
from engine.program.narrowing import narrowed
from engine.reporting.layout import Page
from engine.reporting.render_program import program_json, render_program
from tests.evaluation.samples import sample_policy

ROOT = Path(__file__).parents[2]
POLICY = sample_policy()
STEPS = parameter_steps(POLICY)


def _steps(program: Program) -> list[dict[str, Any]]:
    steps = program_json(program, POLICY.dated, STEPS)["steps"]
    assert isinstance(steps, list)
    return steps


def _compares(program: Program) -> list[dict[str, Any]]:
    return [one for step in _steps(program) for one in step["comparisons"]]


def _with(*, rounded: bool) -> Program:
    """The sample, in which incomes for each member, or rounded ones, are compared with incomes and limits."""
    program = narrowed(program_of(POLICY))
    income = next(step for step in program.steps if step.owner.name == "poverty.income")
    node = income.core
    assert isinstance(node, core.Compare)
    size = next(step for step in program.steps if step.owner.name == "size")
    members = core.TermValue(node.span, size.core.type, "", "size", size.slot)
    left: core.CoreExpression = core.Quotient(node.span, node.left.type, node.left, members)
    if rounded:
        left = core.Rounded(node.span, node.left.type, "round", left, core.Constant(node.span, node.left.type, 1))
    else:
        left = core.Sum(node.span, node.left.type, (left, node.left))
    return program.with_core(income.owner, replace(node, left=left))


def test_a_comparison_that_is_not_cleared_says_why() -> None:
    program = _with(rounded=True)
    line = (
        "    exact: round(((12 * net@26) / size@24), 1) < limit[residence@3, size@24]  (rounded-quotient:\n"
        "      round(((12 * net@26) / size@24), 1))"
    )
    assert line in render_program(program, POLICY.dated, STEPS, Page())
    told = {
        "core": "round(((12 * net@26) / size@24), 1) < limit[residence@3, size@24]",
        "takes": "exact",
        "uncleared": "rounded-quotient",
    }
    assert told in _compares(program)


def test_a_marginal_table_is_marked() -> None:
    policy = open_policies([ROOT / "policies", ROOT / "examples" / "cookbook"]).overlay_for(
        "cookbook_brackets", date(2024, 3, 1)
    )
    program, steps = program_of(policy), parameter_steps(policy)
    text = render_program(program, policy.dated, steps, Page())
    assert "  aid_rate         number         marginal number  0..999999999999/100" in text
    assert "  heating_grant    number         number           0..999999999999" in text
    tables = program_json(program, policy.dated, steps)["tables"]
    assert isinstance(tables, list)
    assert {one["id"] for one in tables if one.get("marginal")} == {"aid_rate"}
    assert "  @47 output outputs.medical_aid_yearly : number  (0..999999999998000000000001/10, by 1/10000)" in text


def test_one_that_tells_unknowns_otherwise_is_marked() -> None:
    program = _with(rounded=False)
    text = "(12 * net@26) + ((12 * net@26) * size@24) < limit[residence@3, size@24] * size@24"
    assert f"    int128?: {text}" in render_program(program, POLICY.dated, STEPS, Page(width=200))
    assert next(one for one in _compares(program) if one["cleared"] == text)["same_on_unknowns"] is False
