"""What the columns of an answer must hold for one household, from the interpreter's own decision.

In: a policy set, a household, who is asked.  Out: a value for each column that is not null in the household's row.
Written from the contract of the columns alone; shares no code with `engine.screening`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from engine.api import Policies
from engine.errors import HouseholdError
from engine.evaluation.decision import ConditionFinding, Decision
from engine.evaluation.told import OutputFinding
from tests.agreement.households import Asked, Tree, decided

Row = dict[str, Any]


def expected(policies: Policies, tree: Tree, asked: Asked, *, more: bool = False) -> Row:
    """Columns by name; those that hold nothing are left out.

    Args:
        more: with what is missing, and whether readings differ.
    """
    decision = decided(policies, tree, asked)
    if isinstance(decision, HouseholdError):
        found = _refused(decision)
        found["policy"] = _routed(policies, tree, asked)
    else:
        found = _answered(decision, more=more)
    return {column: value for column, value in found.items() if value is not None}


def _refused(refusal: HouseholdError) -> Row:
    first = refusal.diagnostics[0]
    return {
        "id": refusal.household,
        "outcome": "refused",
        "refusal.code": first.code,
        "refusal.path": first.path,
        "refusal.count": len(refusal.diagnostics),
    }


def _routed(policies: Policies, tree: Tree, asked: Asked) -> str | None:
    """Who would have decided a household that is refused, where that was found."""
    try:
        routes = policies.router.routes(tree, asked.policy, asked.as_of, asked.known_on)
    except HouseholdError:
        return None
    return routes[0].ids[-1] if len(routes) == 1 else None


def _answered(decision: Decision, *, more: bool) -> Row:
    found: Row = {
        "id": decision.household,
        "outcome": None if decision.outcome is None else str(decision.outcome),
        "policy": decision.policy.merged.chain.ids[-1],
    }
    for cause, held in decision.causes.items():
        found[f"causes.{cause}"] = str(held.finding)
        found |= _findings(f"causes.{cause}.conditions", held.conditions)
    found |= _findings("requirements", decision.requirements)
    for id, output in decision.outputs.items():
        found |= _output(f"outputs.{id}", output)
    if more:
        found["missing"] = len(decision.missing)
        found |= {f"readings.{id}": held.differs for id, held in decision.readings.items()}
    return found


def _findings(group: str, conditions: Mapping[str, ConditionFinding]) -> Row:
    return {f"{group}.{id}": str(held.finding) for id, held in conditions.items()}


def _output(column: str, output: OutputFinding) -> Row:
    told = output.bare()
    if "of" not in told:
        return {column + end: _typed(told.get(key)) for end, key in _ENDS.items()}
    items = told["items"]
    if items is None:
        return {}
    assert isinstance(items, list)
    return {column + end: [_typed(one.get(key)) for one in items] for end, key in _ENDS.items()}


_ENDS = {"": "value", ".low": "low", ".high": "high"}


def _typed(value: object) -> object:
    """The value that a text of the decision stands for."""
    if not isinstance(value, str):
        return value
    try:
        return Decimal(value)
    except ArithmeticError:
        pass
    try:
        return date.fromisoformat(value)
    except ValueError:
        return value
