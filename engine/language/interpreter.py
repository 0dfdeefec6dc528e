"""The meaning of the core: what an expression is worth in an environment. Every other back end agrees with this one.

In: a core expression and an `Environment`, which says what its references are worth.  Out: a `Value`. Total: a checked
expression never raises, whatever is unknown. A household is one environment (`evaluation.frame`); the declarations
alone, of which nothing is known, are another (`bounds`).
Imports core and values.
Source: docs/semantics.md.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence, Set
from functools import reduce
from typing import Any, ClassVar, Final, Generic, Protocol, TypeAlias, TypeVar, assert_never, cast

from engine.language import core, values
from engine.language.core import CoreExpression
from engine.language.nesting import outward
from engine.language.values import UNKNOWN, Truth3, Value, conjunction, disjunction
from engine.records import dataclass

MAX_ITEMS: Final = 1_000
"""A collection of a household holds at most so many items; longer ones are refused before anything is decided."""

_E = TypeVar("_E", covariant=True)
Rows: TypeAlias = frozenset[tuple[str, ...]]


class Environment(Protocol):
    """What an expression reads: the household, or one item of a collection with the household around it."""

    def value(self, node: core.Reference, /) -> Value:
        """What a reference is worth; a step that it refers to was worked out before."""

    def looked_up(self, node: core.Lookup, keys: tuple[Value, ...], day: Value | None, /) -> Value:
        """What a parameter is worth for keys, known or not; on the decision's day where `day` is None."""

    def rows_of(self, node: core.InList | core.OverlapsList, day: Value | None, /) -> Sequence[Rows | None]:
        """The rows of a list, None where none is in force; of a day that is not known, those of each it may be."""

    def chosen(self, node: core.ChosenReading, /) -> Value:
        """The option in effect of a reading."""

    def outer(self) -> Environment:
        """Seen from an item that an aggregate goes over: where the aggregate stands."""

    def is_itself(self) -> bool:
        """Whether this is an item seen from itself: gone over by an aggregate of its own expression."""

    def gone_over(self, node: core.Aggregate, /) -> Sequence[Environment] | Unseen[Environment]:
        """The items that an aggregate goes over, as seen from here. Such as contribute nothing, because one of the
        equalities that it asks for (`nesting.asked_equal`) is false of them, may be left out."""


@dataclass(frozen=True, slots=True, eq=False)
class Unseen(Generic[_E]):
    """Stands for the items of a list that was not given: one of which nothing is known, and their least number."""

    item: _E
    least: int


Way: TypeAlias = "Callable[[Interpreter, Any, Environment], Value]"


class Interpreter:
    """Whoever works with what expressions are worth on the way inherits from it."""

    _WAYS: ClassVar[dict[type, Way]] = {}
    """how a kind of node is worked out, looked up once for each kind: most of the time is spent between nodes"""

    def evaluate(self, node: CoreExpression, env: Environment) -> Value:
        """What the expression is worth: a plain value where it is known, otherwise an interval or `UNKNOWN`."""
        try:
            way = self._WAYS[type(node)]
        except KeyError:
            way = self._WAYS[type(node)] = _way(node)
        return way(self, node, env)

    def day_of(self, node: core.Lookup | core.InList | core.OverlapsList, env: Environment) -> Value | None:
        """The day as of which is looked up; None for the decision's."""
        return None if node.on is None else self.evaluate(node.on, env)

    # ---- kinds of node

    def _reference(self, node: core.Reference, env: Environment) -> Value:
        return env.value(node)

    def _outer(self, node: core.Outer, env: Environment) -> Value:
        return self.evaluate(node.operand, env.outer())

    def _constant(self, node: core.Constant, _env: Environment) -> Value:
        return node.value

    def _chosen(self, node: core.ChosenReading, env: Environment) -> Value:
        return env.chosen(node)

    def _lookup(self, node: core.Lookup, env: Environment) -> Value:
        keys = tuple([self.evaluate(key, env) for key in node.keys])
        return env.looked_up(node, keys, self.day_of(node, env))

    def _not(self, node: core.Not, env: Environment) -> Value:
        return values.negation(self.evaluate(node.operand, env))

    def _logic(self, node: core.And | core.Or, env: Environment) -> Value:
        """As soon as one operand settles it, the others are of no account."""
        settling = type(node) is core.Or
        result: Truth3 = not settling
        for operand in node.operands:
            value = self.evaluate(operand, env)
            if value is settling:
                return settling
            if value is UNKNOWN:
                result = UNKNOWN
        return result

    def _how_many(self, node: core.HowMany, env: Environment) -> Value:
        return values.how_many([self.evaluate(operand, env) for operand in node.operands])

    def _if(self, node: core.If, env: Environment) -> Value:
        test = self.evaluate(node.test, env)
        if test is UNKNOWN:
            return values.hull(self.evaluate(node.then, env), self.evaluate(node.otherwise, env))
        return self.evaluate(node.then if test else node.otherwise, env)

    def _compare(self, node: core.Compare, env: Environment) -> Value:
        found = values.compare(node.operator, self.evaluate(node.left, env), self.evaluate(node.right, env))
        if found is UNKNOWN and env.is_itself() and outward(node.left) == outward(node.right):
            return node.operator in ("=", "<=", ">=")  # one value, whatever it is
        return found

    def _in_set(self, node: core.InSet, env: Environment) -> Value:
        return _is_row(tuple([self.evaluate(operand, env) for operand in node.operands]), node.rows)

    def _in_list(self, node: core.InList, env: Environment) -> Value:
        row = tuple([self.evaluate(operand, env) for operand in node.operands])
        lists = env.rows_of(node, self.day_of(node, env))
        found: list[Value] = [UNKNOWN if rows is None else _is_row(row, rows) for rows in lists]
        return reduce(values.hull, found)

    def _overlaps_set(self, node: core.OverlapsSet, env: Environment) -> Value:
        return _overlaps(self.evaluate(node.operand, env), node.members)

    def _overlaps_list(self, node: core.OverlapsList, env: Environment) -> Value:
        several, lists = self.evaluate(node.operand, env), env.rows_of(node, self.day_of(node, env))
        found: list[Value] = [
            UNKNOWN if rows is None else _overlaps(several, {row[0] for row in rows}) for rows in lists
        ]
        return reduce(values.hull, found)

    def _scale(self, node: core.Scale, env: Environment) -> Value:
        return values.scale(node.factor, self.evaluate(node.operand, env))

    def _sum(self, node: core.Sum, env: Environment) -> Value:
        return values.add([self.evaluate(operand, env) for operand in node.operands])

    def _product(self, node: core.Product, env: Environment) -> Value:
        return values.multiply(self.evaluate(node.left, env), self.evaluate(node.right, env))

    def _quotient(self, node: core.Quotient, env: Environment) -> Value:
        return values.divide(self.evaluate(node.left, env), self.evaluate(node.right, env))

    def _least(self, node: core.Least, env: Environment) -> Value:
        return values.least([self.evaluate(operand, env) for operand in node.operands])

    def _greatest(self, node: core.Greatest, env: Environment) -> Value:
        return values.greatest([self.evaluate(operand, env) for operand in node.operands])

    def _absolute(self, node: core.Absolute, env: Environment) -> Value:
        return values.unsigned(self.evaluate(node.operand, env))

    def _rounded(self, node: core.Rounded, env: Environment) -> Value:
        return values.round_to(node.function, self.evaluate(node.operand, env), self.evaluate(node.step, env))

    def _shift_date(self, node: core.ShiftDate, env: Environment) -> Value:
        amount = values.scale(node.sign, self.evaluate(node.amount, env))
        return values.shift_date(node.part, self.evaluate(node.date, env), amount, node.leap_day)

    def _between(self, node: core.Between, env: Environment) -> Value:
        start, end = self.evaluate(node.start, env), self.evaluate(node.end, env)
        return values.between(node.function, start, end, node.leap_day)

    def _date_part(self, node: core.DatePart, env: Environment) -> Value:
        return values.date_part(node.function, self.evaluate(node.operand, env))

    def _within(self, node: core.Within, env: Environment) -> Value:
        value = self.evaluate(node.operand, env)
        if type(value) is not values.Interval:
            return value
        limits = [self.evaluate(limit, env) for limit in node.limits]
        return values.within(value, zip(node.operators, limits, strict=True))

    def _sharper(self, node: core.Sharper, env: Environment) -> Value:
        value = env.value(node.operand)
        return value if values.is_known(value) else self.evaluate(node.told, env)

    # ---- rows

    def _aggregate(self, node: core.Aggregate, env: Environment) -> Value:
        items = env.gone_over(node)
        if isinstance(items, Unseen):
            return self._aggregate_unseen(node, items.item, items.least, env)
        body, where = node.body, node.where
        passed: Sequence[tuple[Environment, Value]]
        if where is None:
            passed = [(item, True) for item in items]
        else:
            passed = [(item, test) for item in items if (test := self.evaluate(where, item)) is not False]
        if body is None:
            return values.how_many([test for _, test in passed])
        match node.kind:
            case "sum":
                return values.add([_if_passed(self.evaluate(body, item), test) for item, test in passed])
            case "any":
                return disjunction(conjunction((test, self.evaluate(body, item))) for item, test in passed)
            case "every":
                return conjunction(
                    disjunction((values.negation(test), self.evaluate(body, item))) for item, test in passed
                )
            case "max" | "min":
                return self._extreme(node, [(self.evaluate(body, item), test) for item, test in passed], env)
            case "count":
                raise AssertionError("a count has no body")
        assert_never(node.kind)

    def _extreme(self, node: core.Aggregate, passed: Sequence[tuple[Value, Value]], env: Environment) -> Value:
        """The greatest or least of the items that pass; those that may pass can only push it outward."""
        if not passed:
            return self.evaluate(_otherwise(node), env)
        pick = values.greatest if node.kind == "max" else values.least
        certain = [value for value, test in passed if test is True]
        if len(certain) == len(passed):
            return pick(certain)
        possible = [value for value, _ in passed]
        if certain:
            return values.hull(pick(certain), pick(possible))
        # any one of them alone, or none
        result = self.evaluate(_otherwise(node), env)
        for value in possible:
            result = values.hull(result, value)
        return result

    def _aggregate_unseen(self, node: core.Aggregate, item: Environment, least: int, env: Environment) -> Value:
        """Over a list that was not given: between its least number of items and the most that a list may hold, all of
        them somewhere within what an item of which nothing is known can be.

        Args:
            least: how many items the list has at least.
        """
        test: Value = True if node.where is None else self.evaluate(node.where, item)
        if node.body is None:
            counts = values.how_many([test])
            low, high = values.ends(counts)
            return values.interval(least * cast("int", low), MAX_ITEMS * cast("int", high))
        if test is False:
            return self._of_nothing(node, env)
        value = self.evaluate(node.body, item)
        match node.kind:
            case "sum":
                return values.multiply(values.interval(least, MAX_ITEMS), _if_passed(value, test))
            case "any":
                found = conjunction((test, value))
                return UNKNOWN if found is True and least == 0 else found
            case "every":
                kept = disjunction((values.negation(test), value))
                return UNKNOWN if kept is False and least == 0 else kept
            case "max" | "min":
                if test is True and least > 0:
                    return value
                return values.hull(value, self.evaluate(_otherwise(node), env))
            case "count":
                raise AssertionError("a count has no body")
        assert_never(node.kind)

    def _of_nothing(self, node: core.Aggregate, env: Environment) -> Value:
        match node.kind:
            case "sum" | "count":
                return 0
            case "any":
                return False
            case "every":
                return True
            case "max" | "min":
                return self.evaluate(_otherwise(node), env)
        assert_never(node.kind)


def _way(node: CoreExpression) -> Way:
    """How a node of this kind is worked out."""
    match node:
        case core.Fact() | core.TermValue() | core.CauseMet() | core.ConditionMet():
            return Interpreter._reference
        case core.Outer():
            return Interpreter._outer
        case core.Constant():
            return Interpreter._constant
        case core.ChosenReading():
            return Interpreter._chosen
        case core.Lookup():
            return Interpreter._lookup
        case core.Not():
            return Interpreter._not
        case core.And() | core.Or():
            return Interpreter._logic
        case core.HowMany():
            return Interpreter._how_many
        case core.If():
            return Interpreter._if
        case core.Compare():
            return Interpreter._compare
        case core.InSet():
            return Interpreter._in_set
        case core.InList():
            return Interpreter._in_list
        case core.OverlapsSet():
            return Interpreter._overlaps_set
        case core.OverlapsList():
            return Interpreter._overlaps_list
        case core.Scale():
            return Interpreter._scale
        case core.Sum():
            return Interpreter._sum
        case core.Product():
            return Interpreter._product
        case core.Quotient():
            return Interpreter._quotient
        case core.Least():
            return Interpreter._least
        case core.Greatest():
            return Interpreter._greatest
        case core.Absolute():
            return Interpreter._absolute
        case core.Rounded():
            return Interpreter._rounded
        case core.Aggregate():
            return Interpreter._aggregate
        case core.ShiftDate():
            return Interpreter._shift_date
        case core.Between():
            return Interpreter._between
        case core.DatePart():
            return Interpreter._date_part
        case core.Within():
            return Interpreter._within
        case core.Sharper():
            return Interpreter._sharper
    assert_never(node)


_INTERPRETER: Final = Interpreter()
evaluate: Final = _INTERPRETER.evaluate
day_of: Final = _INTERPRETER.day_of


def _is_row(row: tuple[Value, ...], rows: Rows) -> Truth3:
    """Whether values are a row; false already where no row agrees with those that are known."""
    if UNKNOWN not in row:
        return row in rows
    for candidate in rows:
        if all(value is UNKNOWN or value == text for value, text in zip(row, candidate, strict=True)):
            return UNKNOWN
    return False


def _overlaps(value: Value, members: Set[str]) -> Truth3:
    if value is UNKNOWN:
        return UNKNOWN if members else False
    return not members.isdisjoint(cast("frozenset[str]", value))


def _if_passed(value: Value, test: Value) -> Value:
    """What an item adds to a sum: nothing, or the value, while its filter is unknown."""
    return value if test is True else values.hull(0, value)


def _otherwise(node: core.Aggregate) -> CoreExpression:
    """INVARIANT: `max` and `min` without `otherwise` have a collection that is never empty and no filter."""
    if node.otherwise is None:
        raise AssertionError("max or min of nothing")
    return node.otherwise
