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
    pairing, count, found = Pairing(one, other), 0, []
    for text in households:
        count += 1
        try:
            tree = read_json(text)
            routing = read_routing(tree, root.elements.facts)
        except HouseholdError as refused:
            found.append(Changed(refused.household or f"#{count}", "refused", "refused"))
            continue
        case = pairing.at(routing.place, routing.as_of)
        if case is None or not isinstance(tree, Mapping):
            found.append(Changed(routing.id or f"#{count}", "outside", "outside"))
            continue
        fields = frozenset(field for policy in case.policies for field in fields_of(policy.merged.elements))
        before, after = (_answer(policy, tree, fields) for policy in case.policies)
        if before != after:
            id = household_id(tree, root.elements.facts)
            found.append(Changed(id or f"#{count}", before, after))
    return Stored(count, tuple(found))


def _answer(policy: CheckedPolicy, tree: object, fields: frozenset[str]) -> str:
    try:
        outcome = decide(policy, read_household(tree, policy, asked_fields=fields)).outcome
    except HouseholdError:
        return "refused"
    return "figures" if outcome is None else str(outcome)
