"""What is known of one household: its facts as typed values, exact and with units counted.

In: `household` fills `HouseholdFacts` from JSON.  Out: `frame` lays them out for the interpreter.
A fact that is not known has the extent of its declaration (`policy.extent`). Imports policy and language.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TypeAlias

from engine.diagnostics import Diagnostic
from engine.language.values import Unknown, Value
from engine.policy.model import Fact
from engine.records import dataclass

FactPlace: TypeAlias = tuple[str, int, str]
"""(collection, index of the item, fact); ("", -1, fact) for a fact of the household"""
Item: TypeAlias = Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class HouseholdFacts:
    """Attributes:
    id, place, as_of: the facts in the roles `identity`, `place` and `as_of`.
    household: every declared fact of the household, by id.
    items: of each collection its items, each with every declared fact; `UNKNOWN` where the list was not given.
    defaulted: the facts left out for which the declared default stands, in document order.
    warnings: what the reader noticed but let pass.
    """

    id: str
    place: str
    as_of: date
    household: Mapping[str, Value]
    items: Mapping[str, tuple[Item, ...] | Unknown]
    defaulted: tuple[FactPlace, ...] = ()
    warnings: tuple[Diagnostic, ...] = ()


def path_of(place: FactPlace) -> str:
    """The JSON path: `residence`, `members[0].medical_gross`."""
    collection, index, fact = place
    return f"{collection}[{index}].{fact}" if collection else fact


def written_steps(fact: Fact) -> int:
    """How many counts of the fact's unit one of the written unit is: 100 for 元, which is counted in 分.

    INVARIANT: a declared fact's unit is its written unit divided by ten to the power of `decimals`.
    """
    return int(10**fact.decimals)
