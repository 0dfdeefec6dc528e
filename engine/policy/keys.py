"""What a parameter is keyed by: a fact or a step of the household, or of each item (`members.stage`).

In: the elements of a policy, and one entry of `by`.  Out: its declaration and its type.
Imports model and language.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, TypeGuard

from engine.language.types import Choice, Quantity, Type
from engine.language.units import ONE, Unit, parse_unit
from engine.policy.fields import parameter_unit
from engine.policy.model import Elements, Fact, Key, KeyPart, Range, Term, show_part

COUNT: Final = Quantity(ONE, whole=True)
"""what a key is that is a step without options; `check` verifies it"""


_OVER_TIME = r"/[0-9]+ ?(?:学年|年|个?月|周|天|日)$"
"""behind the unit of a fact that has `over`"""


def amount_words(unit_text: str) -> str:
    """The unit in which an amount is given: of 元 over 12 months, or a school year, 元."""
    return re.sub(_OVER_TIME, "", unit_text)


def told_range(part: KeyPart, unit_text: str) -> str:
    """As a diagnostic holds it: with the unit behind the range, for people of either language."""
    return part if isinstance(part, str) else f"{show_part(part)} {amount_words(unit_text)}".strip()


def told_key(elements: Elements, by: Sequence[str], key: Key) -> str:
    """All parts of a key, as a diagnostic holds them."""
    declared = (declared_key(elements, name) for name in by)
    units = ("" if held is None else held.unit_text for held in declared)
    return "、".join(told_range(part, unit) for part, unit in zip(key, units, strict=True))


def find_key(elements: Elements, text: str) -> str:
    """The key that an author names by ids or by names: an id, or `collection.id`; "" where there is none."""
    owner, dot, name = text.rpartition(".")
    if not dot:
        facts, collection = elements.facts, ""
    else:
        held = next((one for one in elements.collections.values() if owner in (one.id, one.name)), None)
        if held is None:
            return ""
        facts, collection = held.facts, held.id
    terms = [one for one in elements.terms.values() if _collection(elements, one) == collection]
    for element in (*facts.values(), *terms):
        if name in (element.id, element.name):
            return f"{collection}{dot}{element.id}"
    return ""


def declared_key(elements: Elements, key: str) -> Fact | Term | None:
    """The declaration of a key as `by` holds it."""
    owner, _, name = key.rpartition(".")
    facts = elements.facts
    if owner:
        held = elements.collections.get(owner)
        facts = {} if held is None else held.facts
    term = elements.terms.get(name)
    return facts.get(name) or (term if term is not None and _collection(elements, term) == owner else None)


def key_type(elements: Elements, key: str) -> Type:
    """A place, a choice, a whole count, or an amount in the unit in which it was declared."""
    match declared_key(elements, key):
        case Fact(type=Quantity(unit=unit, whole=False), decimals=decimals):
            return Quantity(Unit(unit.dimension, unit.factor * 10**decimals))
        case Fact(type=type_):
            return type_
        case Term(choice=Choice() as choice):
            return choice
        case Term(unit_text=text, origin=origin) if text:
            declared = parse_unit(text, origin.span.source.units)
            if declared is not None and not parameter_unit(declared)[1]:
                return Quantity(declared)
    return COUNT


def is_amount(type_: Type) -> TypeGuard[Quantity]:
    """Whether keys of the type are ranges of amounts."""
    return isinstance(type_, Quantity) and not type_.whole


def _collection(elements: Elements, term: Term) -> str:
    """The id of the collection that a term is of, which may be written by its name."""
    if term.collection in elements.collections:
        return term.collection
    return next((one.id for one in elements.collections.values() if term.collection == one.name), term.collection)


# ---- keys as written


def keys_overlap(first: Key, second: Key) -> bool:
    """Whether two keys of one table cover something in common."""
    return all(_parts_overlap(a, b) for a, b in zip(first, second, strict=True))


def _parts_overlap(a: KeyPart, b: KeyPart) -> bool:
    if isinstance(a, Range) and isinstance(b, Range):
        return bool(a.start < b.end and b.start < a.end)
    return a == b


def fixed_parts(key: Key) -> Key:
    """The parts of a key that are no ranges."""
    return tuple(part for part in key if isinstance(part, str))
