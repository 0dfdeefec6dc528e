"""What an overlay does to a policy, change by change, as one line each.

In: the changes folded into a merged policy.  Out: operation, target and what of it, for text and JSON alike.
"""

from __future__ import annotations

from typing import assert_never

from engine.policy.model import (
    AddCondition,
    AddElement,
    AddExemption,
    AddPart,
    Change,
    Elements,
    MergedPolicy,
    Repeal,
    ReplaceTerm,
    SetList,
    SetReading,
    SetValues,
)
from engine.records import dataclass


@dataclass(frozen=True, slots=True)
class Told:
    """`operation` is set, add, exempt, replace or repeal; `target` an id path; `what` the label or new value."""

    operation: str
    target: str
    what: str
    count: int = 0


def told(change: Change, merged: MergedPolicy) -> Told:
    """The change in the words of the policy that it made."""
    elements = merged.elements
    match change:
        case SetValues(target=target, block=block):
            parameter = elements.parameters.get(target)
            single = [cell.text for key, cell in block.cells.items() if not key]
            label = target if parameter is None else parameter.name or parameter.label
            return Told("set", target, f"{label} {single[0]}" if single else label, 0 if single else len(block.cells))
        case SetList(target=target, block=listed):
            named = elements.lists.get(target)
            return Told("set", target, target if named is None else named.label, len(listed.rows))
        case SetReading(target=target, option=option):
            reading = elements.readings.get(target)
            what = option if reading is None else dict(reading.type.options).get(option, option)
            return Told("set", target, what)
        case AddElement(kind=kind, element=element):
            return Told("add", f"{kind}.{element.id}", element.label)
        case AddCondition(cause=cause, condition=condition):
            return Told("add", f"{cause}.{condition.id}", condition.label)
        case AddPart(term=term, id=id):
            return Told("add", f"{term}.{id}", _term_label(term, elements))
        case AddExemption(cause=cause, condition=condition, exemption=exemption):
            return Told("exempt", f"{cause}.{condition}", exemption.label)
        case ReplaceTerm(term=term):
            return Told("replace", f"terms.{term}", _term_label(term, elements))
        case Repeal(target=target):
            return Told("repeal", target, "")
    assert_never(change)


def _term_label(id: str, elements: Elements) -> str:
    term = elements.terms.get(id)
    return id if term is None else term.label
