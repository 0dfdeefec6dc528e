"""What an entry says of a household, as the JSON that a county would send."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from engine.language.types import Choice, DateType, ItemOf, Place, Quantity, Several, Text, Truth
from engine.policy.model import Elements, Fact
from tests.conformance.suite import Data


def as_json(said: Data, elements: Elements) -> dict[str, object]:
    """The household that an entry describes by texts, with numbers and truths where its policy declares them."""
    collections = elements.collections
    found = {id: text for id, text in said.items() if id not in collections}
    items = {
        id: None if said[id] == "null" else [_fields(item, collections[id].facts) for item in said[id]]
        for id in collections
        if id in said
    }
    return {**_fields(found, elements.facts), **items}


def _fields(said: Data, declared: Mapping[str, Fact]) -> dict[str, object]:
    strange = set(said) - set(declared)
    if strange:
        raise ValueError(f"given but not declared: {sorted(strange)}")
    return {id: None if text == "null" else _raw(text, declared[id]) for id, text in said.items()}


def _raw(text: Any, fact: Fact) -> object:
    match fact.type:
        case Quantity():
            return Decimal(text)
        case Truth():
            return {"yes": True, "no": False}[text]
        case Choice() | DateType() | Place() | Text() | ItemOf():
            return str(text)
        case Several():
            return [str(one) for one in _sequence(text)]


def _sequence(said: Any) -> Sequence[Any]:
    if not isinstance(said, list):
        raise ValueError(f"not a list: {said}")
    return said
