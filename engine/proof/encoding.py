"""The core for the solver: what each step comes to in any household of a world, and in each of its items.

In: a `Program`, what is in force, a `World`.  Out: values; what they need of the household, that all values looked up
are published, stands in `published`. Truths are two-valued: everything is known. A step is worked out when it is first
asked for, each node by the cases of the interpreter.
Imports program, language, evaluation (what is in force) and this floor.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import field
from datetime import date
from fractions import Fraction
from typing import assert_never, cast

from engine.evaluation.lookup import Tables
from engine.language import core
from engine.language.core import CoreExpression
from engine.language.types import Choice, DateType, ItemOf, Place, Quantity, Several, Text, Truth, Type
from engine.language.values import ends
from engine.program.bounds import Bounds
from engine.program.model import HOUSEHOLD, Program, Step
from engine.proof import numbers, terms, values
from engine.proof.calendar import Years
from engine.proof.lookups import Free, Lookups
from engine.proof.numbers import Number
from engine.proof.outside import Unanalysed
from engine.proof.terms import Bit
from engine.proof.values import Code, Day, Value
from engine.proof.world import Spot, World
from engine.records import dataclass


@dataclass(frozen=True, slots=True, eq=False)
class Level:
    """The household, or an item; `around` is where the aggregate stands that goes over it."""

    collection: str
    index: int
    around: Level | None = None

    def of(self, collection: str) -> Level:
        level = self
        while level.collection != collection:
            assert level.around is not None, f"no item of {collection} is current"
            level = level.around
        return level


_HOME = Level(HOUSEHOLD, 0)


@dataclass(frozen=True, slots=True)
class Instead:
    """What stands in the place of a household's facts, and of the options of readings by their slots."""

    facts: Mapping[Spot, Value] = field(default_factory=dict)
    options: Mapping[int, Code] = field(default_factory=dict)


class Encoding:
    """Args:
    free: parameters whose values may be anything within their range, by id.
    numbers: of steps that other encodings of the world may have worked out already.
    """

    def __init__(
        self,
        program: Program,
        tables: Tables,
        world: World,
        free: Free | None = None,
        numbers: Mapping[tuple[str, int], int] | None = None,
        instead: Instead | None = None,
    ) -> None:
        self._program, self._tables, self._world, self._numbers = program, tables, world, numbers or {}
        self.instead = instead or Instead()
        self._bounds = Bounds(program)
        self._made: dict[tuple[str, int, int], Value] = {}
        self._under: list[Bit] = []
        self.published: list[Bit] = []
        self.lookups = Lookups(self, tables, world.codes, free)

    def step(self, step: Step, index: int = 0) -> Value:
        """What a step comes to in the household, or in an item of its collection."""
        key = step.collection, index, step.slot
        found = self._made.get(key)
        number = self._numbers.get((step.collection, step.slot))
        if found is None and number is not None:
            found = self._world.made.get((number, index))
        if found is None:
            level = _HOME if step.collection == HOUSEHOLD else Level(step.collection, index, _HOME)
            held, self._under = self._under, []  # whoever asks next may ask on another way
            try:
                found = self._made[key] = self.value(step.core, level)
            finally:
                self._under = held
            if number is not None:
                self._world.made[number, index] = found
        return found

    def accepted(self) -> Bit:
        """Whether no check of the data refuses the household."""
        found = []
        for step in self._program.refusing:
            for index, there in enumerate(self._world.present[step.collection]):
                found.append(terms.either((terms.no(there), self._bit(self.step(step, index)))))
        return terms.both(found)

    def need(self, bit: Bit) -> None:
        """What has to hold for the value that is being worked out to be known, where it counts."""
        if bit is not True:
            self.published.append(terms.either((*(terms.no(test) for test in self._under), bit)))

    @contextmanager
    def where(self, test: Bit) -> Iterator[None]:
        self._under.append(test)
        try:
            yield
        finally:
            self._under.pop()

    # ---- nodes

    def value(self, node: CoreExpression, at: Level) -> Value:
        match node:
            case core.Constant(value=value):
                return self.constant(value, node.type)
            case core.Fact():
                return self._fact(node, at.of(node.collection))
            case core.TermValue() | core.CauseMet() | core.ConditionMet():
                level = at.of(node.collection)
                return self.step(self._program.by_place[node.collection, node.slot], level.index)
            case core.Outer(operand=operand):
                assert at.around is not None, "what is outer stands in an aggregate of an item"
                return self.value(operand, at.around)
            case core.ChosenReading(slot=slot):
                return self.instead.options.get(slot) or Code(self._world.codes.of(self._tables.options[slot]))
            case core.Lookup():
                return self.lookups.lookup(node, at)
            case core.Not(operand=operand):
                return values.Truth(terms.no(self.bit(operand, at)))
            case core.And(operands=parts):
                return values.Truth(terms.both(self._until(parts, at, settling=False)))
            case core.Or(operands=parts):
                return values.Truth(terms.either(self._until(parts, at, settling=True)))
            case core.HowMany(operands=parts):
                return Number(terms.add(terms.counted(self.bit(part, at)) for part in parts))
            case core.If():
                return self._if(node, at)
            case core.Compare():
                return values.Truth(self._compare(node, at))
            case core.InSet(operands=parts, rows=rows):
                return values.Truth(self.in_rows([self.code(part, at) for part in parts], sorted(rows)))
            case core.InList():
                return values.Truth(self.lookups.in_list(node, at))
            case core.OverlapsSet(operand=operand, members=members):
                held = self.several(operand, at)
                return values.Truth(terms.either(held.holds(text) for text in sorted(members)))
            case core.OverlapsList():
                return values.Truth(self.lookups.overlaps_list(node, at))
            case core.Scale(factor=factor, operand=operand):
                return numbers.scale(factor, self.number(operand, at))
            case core.Sum(operands=parts):
                return numbers.add([self.number(part, at) for part in parts])
            case core.Product(left=left, right=right):
                return numbers.multiply(self.number(left, at), self.number(right, at))
            case core.Quotient(left=left, right=right):
                low, _ = ends(self._bounds.of(right))
                positive = isinstance(low, int | Fraction) and low > 0
                return numbers.divide(self.number(left, at), self.number(right, at), positive=positive)
            case core.Least(operands=parts):
                return values.least([self.value(part, at) for part in parts])
            case core.Greatest(operands=parts):
                return values.greatest([self.value(part, at) for part in parts])
            case core.Absolute(operand=operand):
                return numbers.unsigned(self.number(operand, at))
            case core.Rounded():
                return self._rounded(node, at)
            case core.Aggregate():
                return self._aggregate(node, at)
            case core.ShiftDate(sign=sign, part=part, date=day, amount=amount, leap_day=leap_day):
                moved = numbers.floor(numbers.scale(sign, self.number(amount, at)))
                if moved is None:
                    raise Unanalysed("rounded-quotient", node.span)
                years = self._years(day), self._years(node)
                return Day(self._world.calendar.shift(part, self.day(day, at), moved, leap_day, *years))
            case core.Between(function=function, start=start, end=end, leap_day=leap_day):
                days, years = (self.day(start, at), self.day(end, at)), (self._years(start), self._years(end))
                return Number(self._world.calendar.between(function, *days, leap_day, years))
            case core.DatePart(function=function, operand=operand):
                found = self._world.calendar.part(function, self.day(operand, at), self._years(operand))
                return Day(found) if isinstance(node.type, DateType) else Number(found)
            case core.Within(operand=operand) | core.Sharper(operand=operand):
                return self.value(operand, at)  # all is known
        assert_never(node)

    def number(self, node: CoreExpression, at: Level) -> Number:
        return cast("Number", self.value(node, at))

    def bit(self, node: CoreExpression, at: Level) -> Bit:
        return self._bit(self.value(node, at))

    def _bit(self, value: Value) -> Bit:
        return cast("values.Truth", value).bit

    def day(self, node: CoreExpression, at: Level) -> terms.Int:
        return cast("Day", self.value(node, at)).ordinal

    def _years(self, node: CoreExpression) -> Years:
        """Those in which a day lies, whatever household it is."""
        low, high = cast("tuple[date | None, date | None]", ends(self._bounds.of(node)))
        return (low or date.min).year, (high or date.max).year

    def code(self, node: CoreExpression, at: Level) -> Code:
        return cast("Code", self.value(node, at))

    def several(self, node: CoreExpression, at: Level) -> values.Several:
        return cast("values.Several", self.value(node, at))

    def constant(self, value: core.Plain, kind: Type) -> Value:
        match kind:
            case Truth():
                return values.Truth(cast("bool", value))
            case Quantity():
                return numbers.constant(cast("int | Fraction", value))
            case DateType():
                return Day(cast("date", value).toordinal())
            case Choice() | Text() | Place():
                return Code(self._world.codes.of(cast("str", value)))
            case Several():
                members = cast("frozenset[str]", value)
                return values.Several(lambda text: text in members)
            case ItemOf():
                raise AssertionError("no expression names an item")
        assert_never(kind)

    def _fact(self, node: core.Fact, level: Level) -> Value:
        one = self._program.collections[node.collection].inputs[node.slot]
        as_item = one.role == "identity" and isinstance(node.type, ItemOf)
        other = self.instead.facts.get((node.collection, level.index, node.id))
        if other is not None and not as_item:
            return other
        return self._world.fact(node.collection, level.index, node.id, as_item=as_item)

    def _until(self, parts: Sequence[CoreExpression], at: Level, *, settling: bool) -> list[Bit]:
        """As far as a part that settles it, whatever the others are."""
        found: list[Bit] = []
        for part in parts:
            found.append(self.bit(part, at))
            if found[-1] is settling:
                break
        return found

    def _if(self, node: core.If, at: Level) -> Value:
        test = self.bit(node.test, at)
        if isinstance(test, bool):
            return self.value(node.then if test else node.otherwise, at)
        with self.where(test):
            then = self.value(node.then, at)
        with self.where(terms.no(test)):
            otherwise = self.value(node.otherwise, at)
        return values.pick(test, then, otherwise)

    def _compare(self, node: core.Compare, at: Level) -> Bit:
        one, other = self.value(node.left, at), self.value(node.right, at)
        match one, other:
            case Number(), Number():
                return numbers.compare(node.operator, one, other)
            case Day(), Day():
                return terms.compare(node.operator, one.ordinal, other.ordinal)
            case _:
                found = values.differ(one, other)
                return found if node.operator == "!=" else terms.no(found)

    def in_rows(self, operands: Sequence[Code], rows: Sequence[tuple[str, ...]]) -> Bit:
        return terms.either(
            terms.both(
                terms.compare("=", one.number, self._world.codes.of(text))
                for one, text in zip(operands, row, strict=True)
            )
            for row in rows
        )

    def _rounded(self, node: core.Rounded, at: Level) -> Value:
        step = self.number(node.step, at)
        if not (isinstance(step.above, int) and isinstance(step.below, int)):
            raise Unanalysed("rounded-step", node.span)
        if step.above <= 0:
            return Number(0)  # in a branch that is never taken
        found = numbers.rounded(node.function, self.number(node.operand, at), Fraction(step.above, step.below))
        if found is None:
            raise Unanalysed("rounded-quotient", node.span)
        return found

    # ---- items

    def _aggregate(self, node: core.Aggregate, at: Level) -> Value:
        passed = list(self._passed(node, at))
        if node.body is None:
            return Number(terms.add(terms.counted(test) for test, _ in passed))
        bodies = list(self._bodies(node.body, passed))
        match node.kind:
            case "any":
                return values.Truth(terms.either(terms.both((test, self._bit(body))) for test, body in bodies))
            case "every":
                kept = (terms.either((terms.no(test), self._bit(body))) for test, body in bodies)
                return values.Truth(terms.both(kept))
            case "sum":
                nothing = Number(0)
                return numbers.add(
                    [cast("Number", values.pick(test, body, nothing)) for test, body in bodies] or [nothing]
                )
            case "max" | "min":
                return self._extreme(node, bodies, at)
            case "count":
                raise AssertionError("a count has no body")
        assert_never(node.kind)

    def _passed(self, node: core.Aggregate, at: Level) -> Iterator[tuple[Bit, Level]]:
        for index, there in enumerate(self._world.present[node.collection]):
            level = Level(node.collection, index, at)
            with self.where(there):
                test = True if node.where is None else self.bit(node.where, level)
            test = terms.both((there, test))
            if test is not False:
                yield test, level

    def _bodies(self, body: CoreExpression, passed: Sequence[tuple[Bit, Level]]) -> Iterator[tuple[Bit, Value]]:
        for test, level in passed:
            with self.where(test):
                yield test, self.value(body, level)

    def _extreme(self, node: core.Aggregate, bodies: Sequence[tuple[Bit, Value]], at: Level) -> Value:
        """The greatest or least of the items that pass; without any what stands for it."""
        over = values.greatest if node.kind == "max" else values.least
        some: Bit = False
        best: Value = Day(1) if isinstance(node.type, DateType) else Number(0)
        for test, value in bodies:
            best = values.pick(test, values.pick(some, over([best, value]), value), best)
            some = terms.either((some, test))
        if node.otherwise is None or some is True:
            return best
        with self.where(terms.no(some)):
            otherwise = self.value(node.otherwise, at)
        return values.pick(some, best, otherwise)
