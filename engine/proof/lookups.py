"""What is looked up, for the solver: values in force by their keys, lists by their rows.

In: the tables of a place and day; of parameters that are free their ranges.  Out: values. A key without a value
excludes the household: what is said is said of those for whom all that is looked up is published.
Imports policy, evaluation (what is in force), language and this floor's values.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import field
from datetime import date
from fractions import Fraction
from itertools import product
from math import ceil, floor
from typing import TYPE_CHECKING, Final, TypeAlias, TypeVar, assert_never, cast

from engine.evaluation.lookup import ParameterTable, Tables
from engine.gathered import gathered
from engine.language import core
from engine.language.types import Choice, DateType, ItemOf, Place, Quantity, Several, Text, Truth, Type
from engine.language.values import Interval, ends
from engine.policy.model import AmountRange, KeyPart, WholeRange
from engine.proof import numbers, terms, values
from engine.proof.numbers import Number
from engine.proof.outside import Unanalysed
from engine.proof.terms import Bit
from engine.proof.values import Code, Day, Value
from engine.proof.world import Codes, World
from engine.records import dataclass

if TYPE_CHECKING:
    from engine.proof.encoding import Encoding, Level

_EVER: Final = Interval(date.min, date.max)
_BEYOND: Final = 10**39
"""cuts beyond are no limits"""
_T = TypeVar("_T")
Range: TypeAlias = "tuple[int | Fraction, int | Fraction]"


@dataclass(frozen=True, slots=True, eq=False)
class Free:
    """Parameters that may be anything within their range, the same wherever it is looked up by other keys than places.

    Attributes:
        steps: of each of them the part of one in which its values move.
        within: the ranges of those that may not be all that is declared.
    """

    world: World
    steps: Mapping[str, Fraction]
    made: dict[tuple[str, ...], Number]
    within: Mapping[str, Range] = field(default_factory=dict)

    def value(self, node: core.Lookup, keys: Sequence[Value], table: ParameterTable, on: str) -> Number:
        """What the parameter is worth; of an option of its key by itself.

        Args:
            on: the day as of which it is looked up, where it is another: it may then have been anything else.
        """
        choices = []
        for key, part in zip(node.keys, keys, strict=True):
            if isinstance(key.type, Choice):
                choices.append([(option, part) for option, _ in key.type.options])
            elif not isinstance(key.type, Place):
                raise Unanalysed("free-key", node.span)
        found: Number | None = None
        for row in product(*choices):
            tests = (terms.compare("=", cast("Code", part).number, self.world.codes.of(option)) for option, part in row)
            one = self._variable(node.parameter, (*(option for option, _ in row), on), table)
            found = one if found is None else numbers.pick(terms.both(tests), one, found)
        assert found is not None
        return found

    def _variable(self, id: str, options: tuple[str, ...], table: ParameterTable) -> Number:
        found = self.made.get((id, *options))
        if found is None:
            below = self.steps[id].denominator
            name = self.world.fresh(f"{id}({','.join(options)})")
            low, high = self.within.get(id) or cast("Range", ends(table.unknown))
            self.world.say(terms.both((name >= ceil(low * below), name <= floor(high * below))))
            found = self.made[id, *options] = Number(name, below)
        return found


class Lookups:
    def __init__(self, encoding: Encoding, tables: Tables, codes: Codes, free: Free | None) -> None:
        self._of, self._tables, self._codes, self._free = encoding, tables, codes, free

    # ---- parameters

    def lookup(self, node: core.Lookup, at: Level) -> Value:
        keys = [self._of.value(key, at) for key in node.keys]
        if self._free is not None and node.parameter in self._free.steps:
            on = "" if node.on is None else str(self._of.day(node.on, at))
            return self._free.value(node, keys, self._tables.by_slot[node.slot], on)
        if node.on is None:
            return self._in(self._tables.by_slot[node.slot], node, keys)
        day = self._of.day(node.on, at)
        dated = self._tables.elsewhen.parameter(node, _EVER)
        return self._on(day, dated, lambda table: self._in(table, node, keys))

    def _on(self, day: terms.Int, dated: Sequence[tuple[date, _T]], found: Callable[[_T], Value]) -> Value:
        """What is found of the last that begins no later than a day."""
        (_, first), *rest = dated
        result = self._within(terms.compare("<", day, rest[0][0].toordinal()) if rest else True, found, first)
        for at, (start, one) in enumerate(rest):
            begun = terms.compare(">=", day, start.toordinal())
            ended = terms.compare("<", day, rest[at + 1][0].toordinal()) if at + 1 < len(rest) else True
            result = values.pick(begun, self._within(terms.both((begun, ended)), found, one), result)
        return result

    def _within(self, test: Bit, found: Callable[[_T], Value], one: _T) -> Value:
        with self._of.where(test):
            return found(one)

    def _in(self, table: ParameterTable, node: core.Lookup, keys: Sequence[Value]) -> Value:
        return self._graded(table, keys) if node.marginal else self._cell(table, node, keys)

    def _cell(self, table: ParameterTable, node: core.Lookup, keys: Sequence[Value]) -> Value:
        by_value = gathered((held.cell.value, self._is_key(key, keys)) for key, held in table.cells.items())
        tests = {value: terms.either(bits) for value, bits in by_value.items()}
        self._of.need(terms.either(tests.values()))
        made = [(self._of.constant(value, node.type), test) for value, test in tests.items()]
        found: Value = made[0][0] if made else _nothing(node.type)
        for one, test in made[1:]:
            found = values.pick(test, one, found)
        return found

    def _is_key(self, key: Sequence[KeyPart], given: Sequence[Value]) -> Bit:
        return terms.both(self._is_part(part, value) for part, value in zip(key, given, strict=True))

    def _is_part(self, part: KeyPart, value: Value) -> Bit:
        match part:
            case str():
                return terms.compare("=", cast("Code", value).number, self._codes.of(part))
            case WholeRange(least=least, most=most):
                count = cast("Number", value)
                below = True if most is None else numbers.compare("<", count, Number(most + 1))
                return terms.both((numbers.compare(">=", count, Number(least)), below))
            case AmountRange(start=(low, above), end=(high, through)):
                amount = cast("Number", value)
                over: Bit = True
                if low > -_BEYOND:
                    over = numbers.compare(">" if above else ">=", amount, numbers.constant(low))
                if high >= _BEYOND:
                    return over
                under = numbers.compare("<=" if through else "<", amount, numbers.constant(high))
                return terms.both((over, under))
        assert_never(part)

    def _graded(self, table: ParameterTable, keys: Sequence[Value]) -> Value:
        """What an amount comes to each part of which has its own rate; nothing of what is not above zero."""
        amount = numbers.greatest([cast("Number", keys[-1]), Number(0)])
        by_rest = gathered((key[:-1], (key[-1], held.cell.number)) for key, held in table.cells.items())
        tests = [(self._is_key(rest, keys[:-1]), parts) for rest, parts in by_rest.items()]
        self._of.need(
            terms.either(
                (
                    *(terms.both((test, self._covered(amount, parts))) for test, parts in tests),
                    numbers.compare("<=", amount, Number(0)),
                )
            )
        )
        found: Value = Number(0)
        for test, parts in tests:
            shares = (numbers.scale(rate, _share(amount, *_limits(part))) for part, rate in parts)
            found = values.pick(test, numbers.add(list(shares)), found)
        return found

    def _covered(self, amount: Number, parts: Iterable[tuple[KeyPart, int | Fraction]]) -> Bit:
        """Whether every part of the amount lies in some range."""
        reached: int | Fraction = 0
        for start, end in sorted(_limits(part) for part, _ in parts):
            if start > reached:
                break
            reached = max(reached, end)
        return True if reached >= _BEYOND else numbers.compare("<=", amount, numbers.constant(reached))

    # ---- lists

    def in_list(self, node: core.InList, at: Level) -> Bit:
        operands = [self._of.code(part, at) for part in node.operands]
        return self._listed(node, at, lambda rows: self._of.in_rows(operands, rows))

    def overlaps_list(self, node: core.OverlapsList, at: Level) -> Bit:
        held = self._of.several(node.operand, at)
        return self._listed(node, at, lambda rows: terms.either(held.holds(row[0]) for row in rows))

    def _listed(
        self, node: core.InList | core.OverlapsList, at: Level, found: Callable[[list[tuple[str, ...]]], Bit]
    ) -> Bit:
        def of(rows: Iterable[tuple[str, ...]] | None) -> Value:
            self._of.need(rows is not None)
            return values.Truth(found(sorted(rows or ())))

        if node.on is None:
            value = of(self._tables.lists_by_slot[node.slot])
        else:
            day = self._of.day(node.on, at)
            value = self._on(day, self._tables.elsewhen.lists(node.list, _EVER), of)
        return cast("values.Truth", value).bit


def _nothing(kind: Type) -> Value:
    """What stands where no value is published: nobody whom that reaches is asked about."""
    match kind:
        case Quantity():
            return Number(0)
        case Truth():
            return values.Truth(False)
        case DateType():
            return Day(1)
        case Choice() | Text() | Place() | ItemOf():
            return Code(-1)
        case Several():
            return values.Several(lambda _: False)
    assert_never(kind)


def _limits(part: KeyPart) -> tuple[int | Fraction, int | Fraction]:
    """From above which amount to which; of counts from the one before the first."""
    match part:
        case WholeRange(least=least, most=most):
            return max(least - 1, 0), _BEYOND if most is None else most
        case AmountRange(start=(low, _), end=(high, _)):
            return max(low, 0), high
        case str():
            raise AssertionError("the last key of a marginal parameter is a range")
    assert_never(part)


def _share(amount: Number, start: int | Fraction, end: int | Fraction) -> Number:
    """What of an amount lies between two."""
    upper = amount if end >= _BEYOND else numbers.least([amount, numbers.constant(end)])
    return numbers.greatest([numbers.add([upper, numbers.constant(-start)]), Number(0)])
