"""The places of a policy's rules: every node of every core expression, and rules with one node put in another's place.

In: `Rules`.  Out: `Site`s in the order of the policy; coverage looks at them, mutation changes one at a time.
Imports policy, language.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, cast

from engine.language import core
from engine.language.core import CoreExpression
from engine.language.types import TRUTH
from engine.policy.checked import CheckedCondition, CheckedTerm, Owner, Rules


@dataclass(frozen=True, slots=True)
class Site:
    """One node: the rule it stands in, and the way down to it by the places of operands.

    `collections` are those whose items are current there, from the outside in.
    """

    owner: Owner
    trail: tuple[int, ...]
    node: CoreExpression
    collections: tuple[str, ...]

    @property
    def is_truth(self) -> bool:
        return self.node.type == TRUTH


def sites(rules: Rules) -> Iterator[Site]:
    """Every node of the rules, each before what it is made of."""
    for rule in rules.every():
        around = (rule.owner.collection,) if rule.owner.collection else ()
        yield from _below(rule.owner, (), rule.core, around)


def _below(owner: Owner, trail: tuple[int, ...], node: CoreExpression, around: tuple[str, ...]) -> Iterator[Site]:
    yield Site(owner, trail, node, around)
    inside = (*around, node.collection) if isinstance(node, core.Aggregate) else around
    for place, operand in enumerate(core.operands(node)):
        outer = isinstance(node, core.Aggregate) and operand is node.otherwise
        yield from _below(owner, (*trail, place), operand, around if outer else inside)


def replaced(rules: Rules, site: Site, node: CoreExpression) -> Rules:
    """The rules with another node at the site; everything else is shared."""
    owner = site.owner

    def change(whole: CoreExpression) -> CoreExpression:
        return _rebuilt(whole, site.trail, node)

    match owner.kind:
        case "condition" | "exemption":
            return _with_condition(rules, owner, change)
        case "term":
            key = (owner.group, owner.id)
            term = rules.terms[key]
            return replace(rules, terms={**rules.terms, key: CheckedTerm(term.declared, change(term.core))})
        case "check":
            check, whole = rules.checks[owner.id]
            return replace(rules, checks={**rules.checks, owner.id: (check, change(whole))})
        case "output":
            output, whole = rules.outputs[owner.id]
            return replace(rules, outputs={**rules.outputs, owner.id: (output, change(whole))})
        case "referral":
            referral, whole = rules.referrals[owner.id]
            return replace(rules, referrals={**rules.referrals, owner.id: (referral, change(whole))})


def _with_condition(rules: Rules, owner: Owner, change: Any) -> Rules:
    held: Mapping[str, CheckedCondition] = rules.causes[owner.group].conditions if owner.group else rules.requirements
    condition = held[owner.id]
    if owner.kind == "condition":
        changed = replace(condition, core=change(condition.core))
    else:
        exemptions = tuple((e, change(when) if e.id == owner.part else when) for e, when in condition.exemptions)
        changed = replace(condition, exemptions=exemptions)
    conditions = {**held, owner.id: changed}
    if not owner.group:
        return replace(rules, requirements=conditions)
    cause = replace(rules.causes[owner.group], conditions=conditions)
    return replace(rules, causes={**rules.causes, owner.group: cause})


def without_condition(rules: Rules, cause: str, id_: str) -> Rules:
    """The rules without a condition, or without a requirement where `cause` is ""."""
    if not cause:
        return replace(rules, requirements={key: held for key, held in rules.requirements.items() if key != id_})
    held = rules.causes[cause]
    conditions = {key: condition for key, condition in held.conditions.items() if key != id_}
    return replace(rules, causes={**rules.causes, cause: replace(held, conditions=conditions)})


def _rebuilt(node: CoreExpression, trail: tuple[int, ...], new: CoreExpression) -> CoreExpression:
    if not trail:
        return new
    place, *rest = trail
    operand = core.operands(node)[place]
    inner = _rebuilt(operand, tuple(rest), new)
    changes: dict[str, Any] = {}
    for field in fields(node):
        value = getattr(node, field.name)
        if value is operand:
            changes[field.name] = inner
            break
        if isinstance(value, tuple) and any(item is operand for item in value):
            changes[field.name] = _tuple_with(value, place, inner)
            break
    return cast("CoreExpression", replace(cast("Any", node), **changes))


def _tuple_with(values: tuple[Any, ...], place: int, inner: CoreExpression) -> tuple[Any, ...]:
    return (*values[:place], inner, *values[place + 1 :])
