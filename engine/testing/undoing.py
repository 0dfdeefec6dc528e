"""A policy with one change of rule undone: what the answer would be if that alone were as it was.

In: the policies of then and now, and the paths of what one edit changed.  Out: the decision under now's policy
with the rules of then put back; None where the rest of the policy cannot do with them.
Imports evaluation, policy and the ground floor.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any, TypeVar

from engine.diagnostics import Reporter
from engine.errors import HouseholdError
from engine.evaluation.decide import decide
from engine.evaluation.decision import Decision
from engine.evaluation.household import read_household
from engine.identity import Same
from engine.policy.check import check_rules
from engine.policy.checked import CheckedPolicy, Fingerprint
from engine.policy.model import Element, Elements

_E = TypeVar("_E", bound=Element)


def undone_by(household: object, then: Decision, now: Decision, paths: Iterable[str]) -> Decision | None:
    """The decision with the rules at some paths as they were then."""
    policy = _with_rules_of(
        Same(then.policy), Same(now.policy), tuple(dict.fromkeys(_element_of(path) for path in paths))
    )
    if policy is None:
        return None
    try:
        return decide(policy, read_household(household, policy), now.as_of, now.known_on)
    except HouseholdError:
        return None


@lru_cache(maxsize=1024)
def _with_rules_of(then: Same[CheckedPolicy], now: Same[CheckedPolicy], paths: tuple[str, ...]) -> CheckedPolicy | None:
    """The policy `now` with some elements of `then`, or without those that `then` has not."""
    elements: Elements | None = now.of.merged.elements
    for path in paths:
        elements = None if elements is None else _put_back(path.split("."), then.of.merged.elements, elements)
    if elements is None:
        return None
    merged = replace(now.of.merged, elements=elements)
    rules = check_rules(merged, Reporter())
    return None if rules is None else CheckedPolicy(merged, rules, Fingerprint(merged.chain))


def _element_of(path: str) -> str:
    """The element a rule belongs to: the parameter of a value, the term of a part, the condition of an exemption."""
    return path.partition("[")[0].partition(":")[0]


_WHOLE = ("parameters", "lists", "readings", "requirements", "outputs", "referrals", "checks", "causes")
"""kinds of elements whose paths name nothing inside them"""


def _put_back(path: list[str], then: Elements, now: Elements) -> Elements | None:
    match path:
        case ["terms", *_, id]:
            return _element_put_back("terms", id, then, now)
        case ["facts", id, "default"]:
            return _element_put_back("facts", id, then, now)
        case ["facts", owner, id, "default"]:
            return _in_collection(then, now, owner, id)
        case [kind, id] if kind in _WHOLE:
            return _element_put_back(kind, id, then, now)
        case [cause, id]:
            return _in_cause(then, now, cause, id)
        case _:
            return None


def _element_put_back(kind: str, id: str, then: Elements, now: Elements) -> Elements:
    held: dict[str, Any] = {kind: _swapped(getattr(then, kind), getattr(now, kind), id)}
    return replace(now, **held)


def _swapped(then: Mapping[str, _E], now: Mapping[str, _E], id: str) -> dict[str, _E]:
    """`now` with the element of `then`, at its own place where it has one."""
    if id not in then:
        return {name: element for name, element in now.items() if name != id}
    return {**now, id: then[id]}


def _in_cause(then: Elements, now: Elements, cause: str, id: str) -> Elements | None:
    if cause not in then.causes or cause not in now.causes:
        return None
    held = now.causes[cause]
    conditions = _swapped(then.causes[cause].conditions, held.conditions, id)
    return replace(now, causes={**now.causes, cause: replace(held, conditions=conditions)}) if conditions else None


def _in_collection(then: Elements, now: Elements, owner: str, id: str) -> Elements | None:
    if owner not in then.collections or owner not in now.collections:
        return None
    held = now.collections[owner]
    facts = _swapped(then.collections[owner].facts, held.facts, id)
    return replace(now, collections={**now.collections, owner: replace(held, facts=facts)})
