"""What would settle a decision, in the order of the document.

In: the leaves that `needs` found.  Out: `Missing` entries for people. Imports this floor.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from fractions import Fraction
from typing import Literal, TypeAlias, assert_never

from engine.evaluation.facts import path_of
from engine.evaluation.needs import Needed, NeededFact, NeededItems, NeededValue
from engine.evaluation.prepared import Prepared
from engine.evaluation.told import Ended, Missing
from engine.policy.model import AmountRange, Elements, Key, KeyPart, WholeRange, show_part

_Place: TypeAlias = tuple[int, int, int, int, tuple[tuple[int | Fraction, str], ...]]
_EndedBy: TypeAlias = Callable[[str, Key, date | None], Ended | None]


def missing_of(prepared: Prepared, needed: Iterable[Needed], ended: _EndedBy | None = None) -> tuple[Missing, ...]:
    """Household facts as declared, collections item by item, then parameters by declaration and key.

    Args:
        ended: what a parameter or list had for a key before the day, None for that of the decision.
    """
    elements = prepared.policy.merged.elements
    in_order = sorted(needed, key=lambda one: _place(prepared, one))
    return tuple([_shown(elements, one, ended) for one in in_order])


def _place(prepared: Prepared, needed: Needed) -> _Place:
    match needed:
        case NeededFact(collection="", id=id):
            return 0, 0, 0, prepared.fact_order["", id], ()
        case NeededFact(collection=collection, index=index, id=id):
            return 1, prepared.collection_order[collection], index, prepared.fact_order[collection, id], ()
        case NeededItems(collection=collection):
            return 1, prepared.collection_order[collection], -1, 0, ()
        case NeededValue(id=id, key=key, on=on):
            parts = tuple(_key_place(part) for part in key)
            return 2, prepared.parameter_order[id], 0 if on is None else on.toordinal(), 0, parts
    assert_never(needed)


def _key_place(part: KeyPart) -> tuple[int | Fraction, str]:
    match part:
        case WholeRange(least=least):
            return least, ""
        case AmountRange(start=(amount, side)):
            return amount, str(side)
        case str():
            return 0, part
    assert_never(part)


def _shown(elements: Elements, needed: Needed, ended: _EndedBy | None) -> Missing:
    match needed:
        case NeededFact(collection=collection, index=index, id=id):
            fact = elements.fact(collection, id)
            kind: Literal["judgement", "fact"] = "judgement" if fact.judgement else "fact"
            return Missing(kind, fact.label, path_of((collection, index, id)))
        case NeededItems(collection=collection):
            return Missing("fact", elements.collections[collection].label, collection)
        case NeededValue(id=id, key=key, on=on):
            before = None if ended is None else ended(id, key, on)
            if id in elements.lists:
                return Missing("parameter", elements.lists[id].label, parameter=id, ended=before)
            parameter = elements.parameters[id]
            named = tuple(zip(parameter.by, (show_part(part) for part in key), strict=True))
            return Missing("parameter", parameter.label, parameter=id, key=named, on=on, ended=before)
    assert_never(needed)
