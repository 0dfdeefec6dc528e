"""What an expression can be worth by the declared bounds alone: the meaning of docs/semantics.md, every fact unknown.

Out: a `Value` that contains every value the expression can take. It proves divisors not to be zero, and gives terms
the bounds that later expressions are judged by. Imports core, scope and values.
"""

from __future__ import annotations

from datetime import date
from typing import assert_never, cast

from engine.language import core, values
from engine.language.core import CoreExpression
from engine.language.scope import FactEntry, ParameterEntry, Scope, TermEntry, collections_of
from engine.language.types import DateType, Quantity, Type
from engine.language.values import UNKNOWN, Interval, Number, Value

MAX_ITEMS = 1_000
"""A collection of a household holds at most so many items; longer ones are refused before anything is decided."""


_FAR = 10**120
"""a bound farther from zero than any number that `sizes` lets pass is no longer followed exactly"""


def bounds(expression: CoreExpression, scope: Scope) -> Value:
    """The interval, or the plain value, of all that the expression can be; UNKNOWN for a truth, choice or text that
    the declarations leave open."""
    return Bounds(scope).value(expression)


def excludes_zero(value: Value) -> bool:
    """Whether a quantity's bounds keep it away from zero."""
    if value is UNKNOWN:
        return False
    low, high = values.ends(value)
    return (low is not None and cast("Number", low) > 0) or (high is not None and cast("Number", high) < 0)


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


class Bounds:
    """What each node of an expression can be; worked out once for each."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._collections = collections_of(scope)
        self._known: dict[int, tuple[CoreExpression, Value]] = {}

    def value(self, node: CoreExpression) -> Value:
        known = self._known.get(id(node))
        if known is not None:
            return known[1]
        value = self._value(node)
        if isinstance(node.type, Quantity):
            value = _nearby(value)
        self._known[id(node)] = node, value  # kept with its node, so that no other takes over the identity
        return value

    def _value(self, node: CoreExpression) -> Value:
        match node:
            case core.Constant(value=value):
                return value
            case core.Fact() | core.TermValue():
                return self._declared(node.type, self.entry(node.collection, node.id))
            case core.Lookup(parameter=parameter):
                return self._declared(node.type, self._scope.names.get(parameter))
            case core.ChosenReading() | core.CauseMet() | core.ConditionMet():
                return UNKNOWN
            case core.InSet() | core.InList() | core.OverlapsSet() | core.OverlapsList():
                return UNKNOWN
            case core.Not(operand=operand):
                return values.negation(self.value(operand))
            case core.And(operands=operands):
                return values.conjunction(self._all(operands))
            case core.Or(operands=operands):
                return values.disjunction(self._all(operands))
            case core.HowMany(operands=operands):
                return values.how_many(self._all(operands))
            case core.Compare(operator=operator, left=left, right=right):
                return values.compare(operator, self.value(left), self.value(right))
            case core.If(test=test, then=then, otherwise=otherwise):
                return self._if(self.value(test), then, otherwise)
            case core.Scale(factor=factor, operand=operand):
                return values.scale(factor, self.value(operand))
            case core.Sum(operands=operands):
                return values.add(self._all(operands))
            case core.Product(left=left, right=right):
                return values.multiply(self.value(left), self.value(right))
            case core.Quotient(left=left, right=right):
                return values.divide(self.value(left), self.value(right))
            case core.Least(operands=operands):
                return values.least(self._all(operands))
            case core.Greatest(operands=operands):
                return values.greatest(self._all(operands))
            case core.Rounded(step=step, operand=operand):
                return values.round_to(step, self.value(operand))
            case core.Aggregate():
                return self._aggregate(node)
            case core.ShiftDate(sign=sign, part=part, date=day, amount=amount):
                return values.shift_date(part, self.value(day), values.scale(sign, self.value(amount)))
            case core.MonthsBetween(start=start, end=end):
                return values.between("months", self.value(start), self.value(end))
            case core.YearsBetween(start=start, end=end):
                return values.between("years", self.value(start), self.value(end))
            case core.YearOf(operand=operand):
                return values.year_of(self.value(operand))
        assert_never(node)

    def _all(self, operands: tuple[CoreExpression, ...]) -> list[Value]:
        return [self.value(operand) for operand in operands]

    def entry(self, collection: str, identifier: str) -> object:
        """The declaration of a fact, term or parameter."""
        if collection == "":
            return self._scope.names.get(identifier)
        owner = self._collections.get(collection)
        return None if owner is None else owner.fields.get(identifier)

    def _declared(self, type_: Type, entry: object) -> Value:
        if isinstance(type_, (Quantity, DateType)):
            if isinstance(entry, (FactEntry, TermEntry, ParameterEntry)):
                ends = cast("tuple[Number | date | None, Number | date | None]", (entry.least, entry.most))
                return values.interval(*ends)
            return Interval(None, None)
        return UNKNOWN

    def _if(self, test: Value, then: CoreExpression, otherwise: CoreExpression) -> Value:
        if test is UNKNOWN:
            return values.hull(self.value(then), self.value(otherwise))
        return self.value(then if test else otherwise)

    def _aggregate(self, node: core.Aggregate) -> Value:
        where = True if node.where is None else self.value(node.where)
        owner = self._collections.get(node.collection)
        fewest = owner.at_least if owner is not None and where is True else 0
        most = 0 if where is False else MAX_ITEMS
        if node.body is None:
            return values.interval(fewest, most)
        body = self.value(node.body)
        match node.kind:
            case "count":
                return values.interval(fewest, most)
            case "sum":
                low, high = cast("tuple[Number | None, Number | None]", values.ends(body))
                return values.interval(
                    None if low is None else min(fewest * low, most * low),
                    None if high is None else max(fewest * high, most * high),
                )
            case "any" | "every":
                # the value that a first item would settle; without items `any` is false and `every` true
                settles = node.kind == "any"
                if most == 0 or body is (not settles):
                    return not settles
                return settles if body is settles and fewest > 0 else UNKNOWN
            case "max" | "min":
                if most == 0 and node.otherwise is not None:
                    return self.value(node.otherwise)
                if node.otherwise is None or fewest > 0:
                    return body
                return values.hull(body, self.value(node.otherwise))
        assert_never(node.kind)
