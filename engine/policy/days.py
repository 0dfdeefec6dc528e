"""What of a document holds in a stretch of days: its elements, and the parts, conditions and fields inside them.

In: elements as written, each with the days of its own or those of what it stands in.
Out: the elements that are part of the policy of those days; what is left out is not there for anybody who names it.
A document is taken whole on days on which it does not hold itself: whoever decides refuses such days.
Imports stretches and model.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, TypeVar, cast

from engine.policy.model import KINDS, Cause, Collection, Element, Elements, Origin, Parts, Term
from engine.policy.stretches import Stretch

_E = TypeVar("_E", bound=Element)


def elements_on(elements: Elements, document: Origin, within: Stretch | None) -> Elements:
    """The elements of a root policy in a stretch; without one all of them."""
    if within is None or not within.holds(document):
        return elements
    kept: dict[str, Any] = {kind: _holding(getattr(elements, kind), within) for kind in KINDS}
    return replace(elements, **kept)


def element_on(element: _E, within: Stretch | None) -> _E:
    """An element that holds in a stretch, without what inside it does not."""
    if within is None:
        return element
    match element:
        case Collection(facts=facts):
            held: Any = _holding(facts, within)
            return element if held is facts else cast("_E", replace(element, facts=held))
        case Cause(conditions=conditions):
            held = _holding(conditions, within)
            return element if held is conditions else cast("_E", replace(element, conditions=held))
        case Term(body=Parts(parts=parts) as body):
            kept = {name: part for name, part in parts.items() if within.holds(part.origin)}
            return element if len(kept) == len(parts) else cast("_E", replace(element, body=replace(body, parts=kept)))
        case _:
            return element


def _holding(held: Mapping[str, _E], within: Stretch) -> Mapping[str, _E]:
    found = {name: element_on(element, within) for name, element in held.items() if within.holds(element.origin)}
    same = len(found) == len(held) and all(found[name] is element for name, element in held.items())
    return held if same else found
