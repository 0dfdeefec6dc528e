"""Households drawn at random, so that a change can be looked at where nobody has a file at hand.

In: policies, how many, a seed.  Out: households as their JSON has them, the same for the same seed. They are no
population: amounts are spread over the sizes that standards have, so that some lie on either side of every threshold.
Imports api, policy and language.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from fractions import Fraction
from hashlib import sha256
from itertools import islice
from typing import Final, assert_never

from engine.api import Policies
from engine.errors import HouseholdError
from engine.evaluation.json_text import NumberText
from engine.language.types import Choice, DateType, ItemOf, Place, Quantity, Several, Text, Truth
from engine.language.values import ends
from engine.policy.extent import fact_extent
from engine.policy.model import Collection, Elements, Fact

MOST_MEMBERS: Final = 5
_YEAR: Final = 365
_YEARS: Final = 90
_DIGITS: Final = (2, 6)
"""an amount has at least so many digits before its point, and fewer than so many"""
_NOTHING: Final = 3
"""one amount in so many is zero"""
_TRIES: Final = 20
"""households drawn for one that no data check refuses"""
_LEFT_OUT: Final = 6
"""one optional fact in so many is told"""


def drawn(
    policies: Policies, count: int, seed: str, day: date, before: Policies | None = None
) -> Iterator[dict[str, object]]:
    """Households of every place that some policy decides on the day, one place after the other.

    Args:
        before: other rules; then only of places that these decide otherwise, where there are any.
    """
    worlds = [*_worlds(policies, day)]
    if before is not None:
        others = dict(_worlds(before, day))
        worlds = [one for one in worlds if others.get(one[0]) != one[1]] or worlds
    dice = _Dice(seed)
    for number in range(1, count + 1 if worlds else 1):
        place, elements = worlds[(number - 1) % len(worlds)]
        one = _Household(dice, elements, place, day)
        trees = (one.tree(f"S-{number:05}") for _ in range(_TRIES))
        yield from islice((tree for tree in trees if not _is_refused(policies, tree)), 1)


def _is_refused(policies: Policies, tree: dict[str, object]) -> bool:
    try:
        policies.evaluate(tree)
    except HouseholdError:
        return True
    return False


def _worlds(policies: Policies, day: date) -> Iterator[tuple[str, Elements]]:
    library = policies.library
    for root in policies.router.root_ids():
        jurisdiction = library.documents[root].header.jurisdiction
        for place in library.territory(root).inside(jurisdiction):
            checked, _ = policies.policy_for(root, place, day)
            if checked is not None:
                yield place, checked.merged.elements


class _Household:
    def __init__(self, dice: _Dice, elements: Elements, place: str, day: date) -> None:
        self._dice, self._elements, self._place, self._day = dice, elements, place, day

    def tree(self, name: str) -> dict[str, object]:
        tree = self._facts(self._elements.facts.values(), name)
        for collection in self._elements.collections.values():
            if not collection.optional or self._once_in(_LEFT_OUT):
                tree[collection.id] = self._items(collection)
        return tree

    def _items(self, collection: Collection) -> list[dict[str, object]]:
        most = MOST_MEMBERS if collection.at_least else 2
        count = self._dice.between(collection.at_least, most)
        return [self._facts(collection.facts.values(), f"{number}") for number in range(1, count + 1)]

    def _facts(self, facts: Iterable[Fact], name: str) -> dict[str, object]:
        told = {}
        for fact in facts:
            wanted = not fact.private and (not fact.optional or self._once_in(_LEFT_OUT))
            value = self._value(fact, name) if wanted else None
            if value is not None:
                told[fact.id] = value
        return told

    def _value(self, fact: Fact, name: str) -> object:
        """None where a household does well without."""
        match fact.role:
            case "identity":
                return name
            case "as_of":
                return self._day.isoformat()
            case "place":
                return self._place
        match fact.type:
            case Quantity():
                return NumberText(self._number(fact))
            case Truth():
                return self._once_in(2)
            case DateType():
                return self._date(fact).isoformat()
            case Choice(options=options):
                return options[self._dice.below(len(options))][0]
            case Text() | Place() | ItemOf() | Several():
                return None
        assert_never(fact.type)

    def _number(self, fact: Fact) -> str:
        """An amount of some size, as it would be written, within what is declared."""
        scale = 10**fact.decimals
        least, most = ends(fact_extent(fact))
        low, high = (int(end) if isinstance(end, int | Fraction) else 0 for end in (least, most))
        size = self._dice.between(*_DIGITS) if fact.decimals else 1
        drawn = 0 if self._once_in(_NOTHING) else self._dice.between(10 ** (size - 1), 10**size - 1) * scale
        count = min(max(drawn, low), high)
        sign, whole = "-" if count < 0 else "", abs(count)
        return f"{sign}{whole // scale}" + (f".{whole % scale:0{fact.decimals}}" if whole % scale else "")

    def _date(self, fact: Fact) -> date:
        least, most = ends(fact_extent(fact))
        first = max(least, self._day - timedelta(days=_YEARS * _YEAR)) if isinstance(least, date) else self._day
        last = min(most, self._day) if isinstance(most, date) else self._day
        return first + timedelta(days=self._dice.between(0, max((last - first).days, 0)))

    def _once_in(self, times: int) -> bool:
        return self._dice.below(times) == 0


class _Dice:
    """Numbers that look drawn, and are the same for the same seed on every machine and version."""

    def __init__(self, seed: str) -> None:
        self._seed, self._thrown = seed, 0

    def below(self, most: int) -> int:
        self._thrown += 1
        return int.from_bytes(sha256(f"{self._seed}/{self._thrown}".encode()).digest()[:8]) % most

    def between(self, least: int, most: int) -> int:
        return least + self.below(most - least + 1)
