"""The core in native code: what each expression comes to in a household, and in each of its items.

In: a `Program`, how its inputs are held, how what is looked up is laid out (`blocks`).  Out: values of `arithmetic`,
whose code stands in a `Function`. Where all is `known`, so is every value; else each is what the interpreter makes of
the same unknowns. Both branches of an `if` are worked out and one is picked: nothing here can fail, and what cannot be
said in whole numbers sets a flag that leaves the household to the interpreter.
Imports program, language, `arithmetic`, `dates`, `gathering`, `lookups`, `blocks` and `ir`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from fractions import Fraction
from typing import assert_never, cast

from engine.language import core
from engine.language.core import CoreExpression
from engine.language.nesting import outward
from engine.language.types import Choice, DateType, ItemOf, Place, Quantity, Several, Text, Truth, Type
from engine.language.values import UNKNOWN, Value, ends
from engine.program.model import HOUSEHOLD, Input, Program
from engine.screening.kernel import arithmetic as native
from engine.screening.kernel.arithmetic import EITHER, NO, YES, Arithmetic, Code, End, Number, constant, point
from engine.screening.kernel.blocks import Layout, Numbers, code_of
from engine.screening.kernel.dates import Dates
from engine.screening.kernel.gathering import Gathering
from engine.screening.kernel.ir import FALSE, TRUE, ZERO, Bit, Function, Int, Pointer, TooWide, whole
from engine.screening.kernel.levels import Inputs, Level, Native, level_of
from engine.screening.kernel.lookups import Lookups
from engine.screening.kernel.totals import Flag


class Lowering:
    """Args:
    known: whether only households are asked about of which all is known: what is not known leaves them.
    looking: whether only households are asked about that lack something: that is no reason to leave them.
    block: the values in force of the row's place and day.
    """

    def __init__(
        self,
        program: Program,
        layout: Layout,
        numbers: Numbers,
        inputs: Inputs,
        function: Function,
        block: Pointer,
        row: Int,
        *,
        known: bool,
        looking: bool = False,
    ) -> None:
        self.f = function
        self.a = Arithmetic(function)
        self._dates = Dates(self.a)
        self._program, self._layout, self._numbers, self._inputs = program, layout, numbers, inputs
        self._known, self._looking = known, looking
        self.lookups = Lookups(self, program, layout, block, known=known)
        self.gathering = Gathering(self, program, inputs, known=known)
        self.household = Level(HOUSEHOLD, row, None, function.depth)
        self._left, self._unknown = Flag(function), Flag(function)

    # ---- flags

    def leave(self, bit: Bit) -> None:
        """The interpreter has to say, where the bit is set."""
        self._left.set(bit)

    def lacking(self, bit: Bit) -> None:
        """What has to be given is not, where the bit is set."""
        self.leave(FALSE if self._looking else bit)

    def missing(self, bit: Bit) -> None:
        """Something is not known, where the bit is set."""
        self._unknown.set(bit)

    def flags(self) -> tuple[Bit, Bit]:
        """Whether the household is left to the interpreter, and whether something unknown was met."""
        return self._left.found(), self._unknown.found()

    # ---- what is asked for

    @contextmanager
    def each(self, collection: str) -> Iterator[Level]:
        """The household, or one after the other the items that it gave."""
        if collection == HOUSEHOLD:
            yield self.household
            return
        with self.f.loop(*self._inputs.span(collection)) as index:
            yield Level(collection, index, self.household, self.f.depth)

    def nobody(self, collection: str) -> Level:
        """An item of which nothing is known."""
        return Level(collection, None, self.household, self.household.depth)

    def step(self, collection: str, slot: int, level: Level) -> Native:
        """What a step comes to."""
        return self.once(
            (collection, slot), level, lambda: self.value(self._program.by_place[collection, slot].core, level)
        )

    def once(self, key: object, level: Level, work: Callable[[], Native]) -> Native:
        """What is worked out once at a level, however many rest on it, and outside of the loops further in."""
        found = level.made.get(key)
        if found is None:
            with self.f.outside(level.depth):
                found = level.made[key] = work()
        return found

    # ---- nodes

    def value(self, node: CoreExpression, at: Level) -> Native:
        match node:
            case core.Constant(value=value):
                return self._constant(value, node.type)
            case core.Fact():
                return self._fact(node, level_of(node.collection, at))
            case core.TermValue() | core.CauseMet() | core.ConditionMet():
                return self.step(node.collection, node.slot, level_of(node.collection, at))
            case core.Outer(operand=operand):
                assert at.around is not None, "what is outer stands in an aggregate of an item"
                return self.value(operand, at.around)
            case core.ChosenReading(slot=slot):
                return Code(self.lookups.held(slot, 0, len(cast("Choice", node.type).options) - 1))
            case core.Lookup():
                return self.lookups.lookup(node, at)
            case core.Not(operand=operand):
                return self.a.no(self.truth(operand, at))
            case core.And(operands=parts):
                return self.a.both([self.truth(part, at) for part in parts])
            case core.Or(operands=parts):
                return self.a.either([self.truth(part, at) for part in parts])
            case core.HowMany(operands=parts):
                return self.a.how_many([self.truth(part, at) for part in parts])
            case core.If():
                return self._if(node, at)
            case core.Compare():
                return self._compare(node, at)
            case core.InSet(operands=parts, rows=rows):
                kinds = [part.type for part in parts]
                if any(isinstance(kind, ItemOf) for kind in kinds):
                    raise TooWide("an id among texts")
                return self.in_rows(
                    [self.code(part, at) for part in parts],
                    [
                        [whole(code_of(*pair, self._numbers)) for pair in zip(kinds, row, strict=True)]
                        for row in sorted(rows)
                    ],
                )
            case core.InList(operands=parts, slot=slot, on=day):
                return self.lookups.in_list([self.code(part, at) for part in parts], slot, self._day(day, at))
            case core.OverlapsSet(operand=operand, members=members):
                kind = cast("Several", operand.type).of
                codes = [whole(code_of(kind, one, self._numbers)) for one in sorted(members)]
                return self.lookups.overlaps(
                    self._several(operand, at), lambda one: self._any_of(one, codes), TRUE if codes else FALSE
                )
            case core.OverlapsList(operand=operand, slot=slot, on=day):
                return self.lookups.overlaps_list(self._several(operand, at), slot, self._day(day, at))
            case core.Scale(factor=factor, operand=operand):
                return self.a.scale(factor, self.number(operand, at))
            case core.Sum(operands=parts):
                return self.a.add([self.number(part, at) for part in parts])
            case core.Product(left=left, right=right):
                return self.a.multiply(self.number(left, at), self.number(right, at))
            case core.Quotient(left=left, right=right):
                found, beyond = self.a.divide(self.number(left, at), self.number(right, at))
                self.leave(beyond)
                return found
            case core.Least(operands=parts):
                return self.a.least([self.number(part, at) for part in parts])
            case core.Greatest(operands=parts):
                return self.a.greatest([self.number(part, at) for part in parts])
            case core.Absolute(operand=operand):
                return self.a.unsigned(self.number(operand, at))
            case core.Rounded(function=function, operand=operand, step=step):
                found, beyond = self.a.rounded(function, self.number(operand, at), self.number(step, at))
                self.leave(beyond)
                return found
            case core.Aggregate():
                return self.gathering.aggregate(node, at)
            case core.ShiftDate(sign=sign, part=part, date=day, amount=amount, leap_day=leap_day):
                moved = self.a.scale(sign, self.number(amount, at))
                return self._dates.shift(part, self.number(day, at), moved, leap_day)
            case core.Between(function=function, start=start, end=end, leap_day=leap_day):
                return self._dates.between(function, self.number(start, at), self.number(end, at), leap_day)
            case core.DatePart(function=function, operand=operand):
                return self._dates.part(function, self.number(operand, at))
            case core.Within():
                return self._within(node, at)
            case core.Sharper(operand=operand, told=told):
                return self._sharper(operand, told, at)
        assert_never(node)

    def number(self, node: CoreExpression, at: Level) -> Number:
        return cast("Number", self.value(node, at))

    def _day(self, node: CoreExpression | None, at: Level) -> Number | None:
        """As of which is looked up, where it is another than the decision's."""
        return None if node is None else self.number(node, at)

    def truth(self, node: CoreExpression, at: Level) -> native.Truth:
        return cast("native.Truth", self.value(node, at))

    def code(self, node: CoreExpression, at: Level) -> Code:
        return cast("Code", self.value(node, at))

    def _several(self, node: CoreExpression, at: Level) -> native.Several:
        found = self.value(node, at)
        if not isinstance(found, native.Several):
            raise TooWide("a set that is written out")
        return found

    def _constant(self, value: Value, kind: Type) -> Native:
        match kind:
            case Truth():
                return YES if value else NO
            case Quantity():
                return constant(cast("int | Fraction", value))
            case DateType():
                return constant(cast("date", value).toordinal())
            case Choice() | Text() | Place():
                return Code(whole(code_of(kind, cast("str", value), self._numbers)))
            case Several() | ItemOf():
                raise TooWide("a set that is written out")
        assert_never(kind)

    # ---- inputs

    def _fact(self, node: core.Fact, level: Level) -> Native:
        one = self._program.collections[node.collection].inputs[node.slot]
        if one.role == "identity" and not isinstance(node.type, ItemOf):
            raise TooWide("an id as a text")  # ids have numbers among themselves only
        return self.once((node.collection, node.slot), level, lambda: self.given(one, level))

    def given(self, one: Input, level: Level) -> Native:
        """What a household says of a fact, or what stands for it."""
        if level.index is None:
            return self._extent(one)
        if not self._inputs.column(one, level.collection):
            if one.required:
                self.leave(TRUE)
            if one.default is not None and one.default is not UNKNOWN:
                return self._constant(one.default, one.type)
            self.missing(TRUE)
            return self._extent(one)
        value, given, bad = self._inputs.read(one, level.collection, level.index)
        self.leave(bad)
        if given == TRUE:
            return value
        if one.required:
            self.leave(self.f.no(given))
            return value
        self.missing(self.f.no(given))
        return value if self._known else self.pick(given, value, self._extent(one))

    def _extent(self, one: Input) -> Native:
        match one.type:
            case Truth():
                return EITHER if not self._known else NO
            case Quantity() | DateType():
                low, high = (_count(end) for end in ends(one.extent))
                return point(End(low)) if self._known else Number(End(low), End(high))
            case Choice() | Text() | Place() | ItemOf():
                return Code(ZERO, FALSE if self._known else TRUE)
            case Several():
                return native.Several(Pointer("null"), ZERO, ZERO, FALSE if self._known else TRUE)
        assert_never(one.type)

    # ---- branches

    def _if(self, node: core.If, at: Level) -> Native:
        test = self.truth(node.test, at)
        return self._branch(test, self.value(node.then, at), self.value(node.otherwise, at))

    def _branch(self, test: native.Truth, then: Native, otherwise: Native) -> Native:
        a, unknown = self.a, self.a.unknown(test)
        picked = self.pick(test.surely, then, otherwise)
        if unknown == FALSE:
            return picked
        match then, otherwise:
            case Number(), Number():
                return self.pick(unknown, a.hull(then, otherwise), picked)
            case native.Truth(), native.Truth():
                hull = native.Truth(
                    self.f.both(then.surely, otherwise.surely), self.f.either(then.maybe, otherwise.maybe)
                )
                return self.pick(unknown, hull, picked)
            case Code(), Code():
                code = cast("Code", picked)
                same = self.f.both(
                    self.f.compare("=", then.number, otherwise.number),
                    self.f.no(self.f.either(then.unknown, otherwise.unknown)),
                )
                return Code(code.number, self.f.pick_bit(unknown, self.f.no(same), code.unknown))
        self.leave(unknown)
        return picked

    def pick(self, test: Bit, one: Native, other: Native) -> Native:
        f = self.f
        match one, other:
            case Number(), Number():
                return self.a.pick(test, one, other)
            case native.Truth(), native.Truth():
                return self.a.pick_truth(test, one, other)
            case Code(), Code():
                return Code(f.pick(test, one.number, other.number), f.pick_bit(test, one.unknown, other.unknown))
            case native.Several(), native.Several():
                return native.Several(
                    f.pick_pointer(test, one.codes, other.codes),
                    f.pick(test, one.start, other.start),
                    f.pick(test, one.end, other.end),
                    f.pick_bit(test, one.unknown, other.unknown),
                )
        raise AssertionError("both branches are of one type")

    def is_known(self, value: Native) -> Bit:
        match value:
            case Number():
                return self.f.no(self.a.is_unknown(value))
            case native.Truth():
                return self.f.no(self.a.unknown(value))
            case Code() | native.Several():
                return self.f.no(value.unknown)
        assert_never(value)

    def _within(self, node: core.Within, at: Level) -> Native:
        one = self.number(node.operand, at)
        if one.known:
            return one
        day = 1 if isinstance(node.type, DateType) else 0
        low, high = point(one.low), point(one.high)
        for operator, limit in zip(node.operators, node.limits, strict=True):
            bound = self.number(limit, at)
            if operator in ("<", "<=", "="):
                end = self.a.add([point(bound.high), constant(-day * (operator == "<"))])
                high = self.a.least([high, end])
            if operator in (">", ">=", "="):
                end = self.a.add([point(bound.low), constant(day * (operator == ">"))])
                low = self.a.greatest([low, end])
        nothing = self.a.compare_ends(">", low.low, high.low)
        kept = self.f.either(nothing, self.f.no(self.a.is_unknown(one)))
        return self.a.pick(kept, one, Number(low.low, high.low))

    def _sharper(self, operand: core.Reference, told: CoreExpression, at: Level) -> Native:
        one = self.value(operand, at)
        known = self.is_known(one)
        return one if known == TRUE else self.pick(known, one, self.value(told, at))

    # ---- comparison

    def _compare(self, node: core.Compare, at: Level) -> native.Truth:
        one, other = self.value(node.left, at), self.value(node.right, at)
        match one, other:
            case Number(), Number():
                found = self.a.compare(node.operator, one, other)
            case Code(), Code():
                if isinstance(node.left.type, ItemOf) != isinstance(node.right.type, ItemOf):
                    raise TooWide("an id as a text")
                found = self.a.same_code(one, other)
            case native.Truth(), native.Truth():
                found = self.a.same_truth(one, other)
            case _:
                raise TooWide("sets compared")
        if not isinstance(one, Number) and node.operator == "!=":
            found = self.a.no(found)
        around = at.around
        if (
            found.known
            or around is None
            or around.collection != at.collection
            or outward(node.left) != outward(node.right)
        ):
            return found
        if at.index is None or around.index is None:
            return found  # nobody is itself
        itself = self.f.both(self.f.compare("=", at.index, around.index), self.a.unknown(found))
        return self.a.pick_truth(itself, YES if node.operator in ("=", "<=", ">=") else NO, found)

    def in_rows(self, codes: Sequence[Code], rows: Sequence[Sequence[Int]]) -> native.Truth:
        return self.a.either(
            [
                self.a.both([self.a.same_code(code, Code(number)) for code, number in zip(codes, row, strict=True)])
                for row in rows
            ]
        )

    def _any_of(self, code: Int, codes: Sequence[Int]) -> Bit:
        return self.f.either(*[self.f.compare("=", code, one) for one in codes])


def _count(end: object) -> Int:
    if isinstance(end, date):
        return whole(end.toordinal())
    exact = Fraction(cast("int", end))
    assert exact.denominator == 1, "facts are counted in whole steps"
    return whole(exact.numerator)
