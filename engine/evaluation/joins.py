"""Which items of a list an aggregate of another item has to look at.

Where a filter asks that something of the items gone over equals something of the item around, the items are laid out
once by what is theirs; then only those that have what the item around has are looked at, and those of which it is not
known. The others contribute nothing. Only time is saved: what each item that is looked at contributes, the interpreter
says (tests/properties/test_joins.py holds this against going over all of them).
Imports program, language.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, TypeAlias

from engine.language import core
from engine.language.core import CoreExpression
from engine.language.interpreter import Environment, evaluate
from engine.language.values import Value, is_known

MOST_PAIRS: Final = 250_000
"""so often one item of a household may be held against another; what is laid out by equal values is not counted"""
FEW: Final = 8
"""a list up to this is gone over sooner than laid out"""

Equal: TypeAlias = tuple[tuple[CoreExpression, CoreExpression], ...]


class TooManyPairs(Exception):
    def __init__(self, collection: str, other: str) -> None:
        self.collection = collection
        self.other = other


class Joins:
    """INVARIANT: whoever writes in a row what an aggregate reads lets go (`forget`) of what is laid out.

    Args:
        asked_equal: of each aggregate, by its identity, what has to be equal.
    """

    def __init__(self, asked_equal: Mapping[int, Equal]) -> None:
        self._asked_equal = asked_equal
        self._laid_out: dict[int, list[_Laid]] = {}

    def forget(self) -> None:
        self._laid_out.clear()

    def places(self, node: core.Aggregate, items: Sequence[Environment], around: Environment) -> Sequence[int] | None:
        """Of the items those that may contribute; None where all may.

        Args:
            items: seen from the household.
        """
        equal = self._asked_equal.get(id(node))
        if not equal or len(items) <= FEW:
            return None
        laid = self._laid_out.get(id(node))
        if laid is None:
            laid = self._laid_out[id(node)] = [_Laid(mine, items) for mine, _ in equal]
        best: Sequence[int] | None = None
        for one, (_, other) in zip(laid, equal, strict=True):
            value = evaluate(other, around)
            if is_known(value):
                found = one.places(value)
                if best is None or len(found) < len(best):
                    best = found
        return best


class _Laid:
    """The places of items by what something of theirs is worth."""

    def __init__(self, mine: CoreExpression, items: Sequence[Environment]) -> None:
        self._by_value: dict[Value, list[int]] = {}
        self._unknown: list[int] = []
        for place, item in enumerate(items):
            value = evaluate(mine, item)
            (self._by_value.setdefault(value, []) if is_known(value) else self._unknown).append(place)

    def places(self, value: Value) -> Sequence[int]:
        """In the order of the list."""
        known = self._by_value.get(value, ())
        if not self._unknown:
            return known
        return sorted((*known, *self._unknown)) if known else self._unknown
