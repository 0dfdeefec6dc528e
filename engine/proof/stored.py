"""Stored households under both sides of a comparison: whose answer changes.

In: two sides, households as their JSON.  Out: a `Changed` for each whose answer is not the same, and how many there
were. Each is decided by the interpreter, under what its own place and day have on either side.
Imports evaluation, policy and this floor.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from engine.errors import HouseholdError
from engine.evaluation.decide import decide
from engine.evaluation.household import household_id, read_household, read_routing
from engine.evaluation.json_text import read_json
from engine.policy.checked import CheckedPolicy
from engine.policy.model import Policy
from engine.proof.results import Changed, Stored
from engine.proof.sides import Pairing, Side, fields_of


def stored(one: Side, other: Side, root: Policy, households: Iterable[bytes]) -> Stored:
    """Args: root: whose facts say where and when a household applies."""
    holding, count, found = Holding(one, other, root), 0, []
    for text in households:
        count += 1
        try:
            changed = holding.changed(read_json(text), count)
        except HouseholdError as refused:
            changed = Changed(refused.household or f"#{count}", "refused", "refused")
        if changed is not None:
            found.append(changed)
    return Stored(count, tuple(found))


class Holding:
    """Holds one household after another against both sides."""

    def __init__(self, one: Side, other: Side, root: Policy) -> None:
        self._pairing, self._facts = Pairing(one, other), root.elements.facts

    def changed(self, tree: object, number: int) -> Changed | None:
        """Args: number: by which a household without an id is called."""
        try:
            routing = read_routing(tree, self._facts)
        except HouseholdError as refused:
            return Changed(refused.household or f"#{number}", "refused", "refused")
        case = self._pairing.at(routing.place, routing.as_of)
        if case is None or not isinstance(tree, Mapping):
            return Changed(routing.id or f"#{number}", "outside", "outside")
        fields = frozenset(field for policy in case.policies for field in fields_of(policy.merged.elements))
        before, after = (_answer(policy, tree, fields) for policy in case.policies)
        return None if before == after else Changed(household_id(tree, self._facts) or f"#{number}", before, after)


def _answer(policy: CheckedPolicy, tree: object, fields: frozenset[str]) -> str:
    try:
        outcome = decide(policy, read_household(tree, policy, asked_fields=fields)).outcome
    except HouseholdError:
        return "refused"
    return "figures" if outcome is None else str(outcome)
