"""What an expression can be worth by the declared bounds alone: the meaning of docs/semantics.md, every fact unknown.

Out: a `Value` that contains every value the expression can take. It proves divisors not to be zero, and gives terms
the bounds that later expressions are judged by. Imports core, the interpreter, scope and values.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import cast

from engine.language import core, values
from engine.language.core import CoreExpression
from engine.language.interpreter import Environment, Interpreter, Rows, Unseen
from engine.language.scope import FactEntry, ParameterEntry, Scope, TermEntry, collections_of
from engine.language.types import DateType, Quantity, Type
from engine.language.values import UNKNOWN, Interval, Number, Value

_FAR = 10**120
"""a bound farther from zero than any number that `sizes` lets pass is no longer followed exactly"""


def bounds(expression: CoreExpression, scope: Scope) -> Value:
    """The interval, or the plain value, of all that the expression can be; UNKNOWN for a truth, choice or text that
    the declarations leave open."""
    return Bounds(scope).value(expression)


def excludes_zero(value: Value) -> bool:
    """Whether a quantity's bounds keep it away from zero."""
    return values.compare("=", 0, value) is False


def _nearby(value: Value) -> Value:
    """The value, or an interval around it with short ends: otherwise numbers of any length are worked out."""
    low, high = cast("tuple[Number | None, Number | None]", values.ends(value))
    if _is_short(low) and _is_short(high):
        return value
    return values.interval(None if low is None else _lower(low), None if high is None else _upper(high))


def _is_short(end: Number | None) -> bool:
    return end is None or (-_FAR <= end.numerator <= _FAR and end.denominator <= _FAR)


def _lower(end: Number) -> Number | None:
    whole = end // 1
    return whole if _is_short(whole) else None if whole < 0 else _FAR


def _upper(end: Number) -> Number | None:
    whole = -(-end // 1)
    return whole if _is_short(whole) else None if whole > 0 else -_FAR


class Bounds(Interpreter):
    """What each node of an expression can be; worked out once for each."""

    def __init__(self, scope: Scope) -> None:
        self._nothing_known = _Declared(scope)
        self._known: dict[int, tuple[CoreExpression, Value]] = {}

    def value(self, node: CoreExpression) -> Value:
        return self.evaluate(node, self._nothing_known)

    def entry(self, collection: str, identifier: str) -> object:
        """The declaration of a fact, term or parameter."""
        return self._nothing_known.entry(collection, identifier)

    def evaluate(self, node: CoreExpression, env: Environment) -> Value:
        known = self._known.get(id(node))
        if known is not None:
            return known[1]
        value = super().evaluate(node, env)
        if isinstance(node.type, Quantity):
            value = _nearby(value)
        self._known[id(node)] = node, value  # kept with its node, so that no other takes over the identity
        return value


class NothingKnown:
    """What is common to environments in which no household, no list and no reading is known."""

    def rows_of(self, _node: core.InList | core.OverlapsList, _day: Value | None) -> Sequence[Rows | None]:
        return (None,)

    def chosen(self, _node: core.ChosenReading) -> Value:
        return UNKNOWN

    def is_itself(self) -> bool:
        return False


class _Declared(NothingKnown):
    """The environment in which nothing is known but what is declared; every item of a collection is like it."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._collections = collections_of(scope)

    def entry(self, collection: str, identifier: str) -> object:
        if collection == "":
            return self._scope.names.get(identifier)
        owner = self._collections.get(collection)
        return None if owner is None else owner.fields.get(identifier)

    def value(self, node: core.Reference) -> Value:
        if isinstance(node, core.Fact | core.TermValue):
            return _extent(node.type, self.entry(node.collection, node.id))
        return UNKNOWN

    def looked_up(self, node: core.Lookup, keys: tuple[Value, ...], _day: Value | None) -> Value:
        extent = _extent(node.type, self._scope.names.get(node.parameter))
        return values.graded([(0, extent)], keys[-1]) if node.marginal else extent

    def outer(self) -> _Declared:
        return self

    def gone_over(self, node: core.Aggregate) -> Unseen[_Declared]:
        owner = self._collections.get(node.collection)
        return Unseen(self, 0 if owner is None else owner.at_least)


def _extent(type_: Type, entry: object) -> Value:
    if isinstance(type_, (Quantity, DateType)):
        if isinstance(entry, (FactEntry, TermEntry, ParameterEntry)):
            ends = cast("tuple[Number | date | None, Number | date | None]", (entry.least, entry.most))
            return values.interval(*ends)
        return Interval(None, None)
    return UNKNOWN
