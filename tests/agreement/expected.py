"""What the columns of an answer hold for one household.

In: a decision or a refusal, with the policy set, the household and who is asked.  Out: a value for each column that is
not null in the household's row.
Written from the contract of the columns alone; shares no code with `engine.screening`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor
from typing import Any, Final, TypeAlias

from engine.api import Policies
from engine.diagnostics import errors_in
from engine.errors import HouseholdError
from engine.evaluation.decision import ConditionFinding, Decision
from engine.evaluation.routing import Route
from engine.evaluation.told import OutputFinding
from engine.language.units import declared_in, parse_unit
from engine.language.values import UNKNOWN, Interval, Value
from engine.policy.model import Elements, Policy
from tests.agreement.deciders import Asked, Decided, Tree

Row: TypeAlias = dict[str, Any]
_PATH: Final = re.compile(r"([^.\[]+)(?:\[([0-9]+)\])?(?:\.([^.\[]+)(?:\[([0-9]+)\])?)?")


def expected(
    decision: Decided,
    policies: Policies,
    tree: Tree,
    asked: Asked,
    units: Mapping[str, str] | None = None,
    *,
    more: bool = False,
) -> Row:
    """Columns by name; those that hold nothing are left out.

    Args:
        units: in which columns of figures are said to be; without one a figure is in its own policy's.
        more: with what is missing, and whether readings differ.
    """
    if isinstance(decision, HouseholdError):
        found = _refused(policies, decision, tree, asked)
    else:
        found = _answered(decision, units or {}, more=more)
    return {column: value for column, value in found.items() if value is not None}


def _refused(policies: Policies, refusal: HouseholdError, tree: Tree, asked: Asked) -> Row:
    route = _routed(policies, tree, asked)
    declared = [one.elements for one in _roots(policies, asked)]
    if route is not None:
        declared.append(route.checked.merged.elements)
    reasons = [one for one in refusal.diagnostics if one.code != "more-reasons"]
    first = min(errors_in(reasons), key=lambda one: _place(one.path, declared))
    more = sum(int(dict(one.params)["count"]) for one in refusal.diagnostics if one.code == "more-reasons")
    return {
        "id": refusal.household,
        "outcome": "refused",
        "policy": None if route is None else route.checked.merged.chain.own_ids[-1],
        "refusal.code": first.code,
        "refusal.path": first.path,
        "refusal.count": len(reasons) + more,
    }


def _routed(policies: Policies, tree: Tree, asked: Asked) -> Route | None:
    """Who would have decided a household that is refused, where that was found."""
    try:
        routes = policies.router.routes(tree, asked.policy, asked.as_of, asked.known_on)
    except HouseholdError:
        return None
    return routes[0] if len(routes) == 1 else None


def _roots(policies: Policies, asked: Asked) -> Iterator[Policy]:
    """The documents that may decide, in their order."""
    root = policies.library.root_of(asked.policy) if asked.policy else None
    for id in policies.router.root_ids() if root is None else [root]:
        built = policies.library.build(id)
        assert isinstance(built, Policy)
        yield built


def _place(path: str, declared: Sequence[Elements]) -> tuple[int, ...]:
    """Where a field stands in a household written in the order of declaration, the documents one after the other; the
    whole comes first."""
    found = _PATH.fullmatch(path)
    if found is None or path == "$":
        return ()
    name, index, inner, part = found.groups()
    facts, collections = (tuple(one.facts for one in declared), tuple(one.collections for one in declared))
    names = list(dict.fromkeys(id for held in (*facts, *collections) for id in held))
    items = list(dict.fromkeys(id for held in collections if name in held for id in held[name].facts))
    place = [names.index(name) if name in names else len(names)]
    if index is not None:
        place.append(int(index))
    if inner is not None:
        place.append(items.index(inner) if inner in items else len(items))
    return (*place, *(() if part is None else (int(part),)))


def _answered(decision: Decision, units: Mapping[str, str], *, more: bool) -> Row:
    found: Row = {
        "id": decision.household,
        "outcome": None if decision.outcome is None else str(decision.outcome),
        "policy": decision.policy.merged.chain.own_ids[-1],
    }
    for cause, held in decision.causes.items():
        found[f"causes.{cause}"] = str(held.finding)
        found |= _findings(f"causes.{cause}.conditions", held.conditions)
    found |= _findings("requirements", decision.requirements)
    for id, output in decision.outputs.items():
        found |= _output(f"outputs.{id}", output, units.get(f"outputs.{id}", output.measure.text))
    if more:
        found["missing"] = len(decision.missing)
        found |= {f"readings.{id}": held.differs for id, held in decision.readings.items()}
    return found


def _findings(group: str, conditions: Mapping[str, ConditionFinding]) -> Row:
    return {f"{group}.{id}": str(held.finding) for id, held in conditions.items()}


def _output(column: str, output: OutputFinding, unit: str) -> Row:
    measure = output.measure
    factor = measure.factor
    if unit != measure.text and measure.counted is not None:
        shown = parse_unit(unit, declared_in(measure.counted.dimension))
        assert shown is not None, unit
        factor = measure.counted.factor / shown.factor
    if not output.declared.collection:
        return {column + end: value for end, value in _figure(output.value, factor).items()}
    if output.items is None:
        return {}
    each = [_figure(one.value, factor) for one in output.items]
    return {column + end: [one[end] for one in each] for end in ("", ".low", ".high")}


def _figure(value: Value, factor: Fraction) -> Row:
    """A value, and between which ends it lies: two places, rounded half away from zero, ends outwards."""
    if isinstance(value, Interval):
        return {"": None, ".low": _end(value.low, factor, floor), ".high": _end(value.high, factor, ceil)}
    if value is UNKNOWN:
        return {"": None, ".low": None, ".high": None}
    known: object = value
    if isinstance(value, int | Fraction) and not isinstance(value, bool):
        cents = value * factor * 100
        half = floor(abs(cents) + Fraction(1, 2))
        known = Decimal(f"{half if cents >= 0 else -half}E-2")
    return {"": known, ".low": None, ".high": None}


def _end(end: int | Fraction | date | None, factor: Fraction, outwards: Callable[[Fraction], int]) -> object:
    if end is None or isinstance(end, date):
        return end
    return Decimal(f"{outwards(end * factor * 100)}E-2")
