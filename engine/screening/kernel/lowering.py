"""The core in native code: what each expression comes to in a household, and in each of its items.

In: a `Program`, how its inputs are held, how what is looked up is laid out (`layout`).  Out: values of `arithmetic`, whose
code stands in a `Function`. Where all is `known`, so is every value; else each is what the interpreter makes of the same
unknowns. Both branches of an `if` are worked out and one is picked: nothing here can fail, and what cannot be said in
whole numbers sets a flag that leaves the household to the interpreter.
Imports program, language, `arithmetic`, `dates`, `layout` and `ir`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import field
from datetime import date
from fractions import Fraction
from typing import Final, Protocol, TypeAlias, assert_never, cast

from engine.gathered import gathered
from engine.language import core
from engine.language.core import CoreExpression, operands
from engine.language.interpreter import MAX_ITEMS
from engine.language.nesting import outward
from engine.language.types import Choice, DateType, ItemOf, Place, Quantity, Several, Text, Truth, Type
from engine.language.values import UNKNOWN, Value, ends
from engine.policy.keys import is_amount
from engine.program.model import HOUSEHOLD, Input, Program, Step
from engine.records import dataclass
from engine.screening.kernel import arithmetic as native
from engine.screening.kernel.arithmetic import EITHER, NO, YES, Arithmetic, Code, End, Number, constant, point, truth
from engine.screening.kernel.blocks import FARTHEST, Layout, Numbers, TablePlan, code_of
from engine.screening.kernel.dates import Dates
from engine.screening.kernel.ir import FALSE, ONE, TRUE, ZERO, Bit, Function, Int, Pointer, TooWide, bits_of, whole

Native: TypeAlias = "Number | native.Truth | Code | native.Several"

_BLOCK_END: Final = 2**40
_CELLS: Final = 2**31 - 1
_MOST_PARTS: Final = MAX_ITEMS
_Span: TypeAlias = tuple[Int, Int, Int]
"""the first and the last place along a key, and how many there are"""


class Inputs(Protocol):
    """Where the values of inputs are read."""

    def read(self, one: Input, collection: str, index: Int) -> tuple[Native, Bit, Bit]:
        """What stands in a column, as if it were known; whether it is given, and whether it is malformed."""

    def plain(self, one: Input, collection: str, index: Int) -> tuple[Bit, Bit]:
        """Whether a value is given, and whether it is malformed."""

    def whose(self, one: Input, collection: str, index: Int) -> Bit:
        """Whether it refers to an item that there is none of."""

    def twice(self, collection: str, index: Int) -> Bit:
        """Whether an item before this one may have the same id."""

    def given(self, collection: str) -> Bit:
        """Whether the household gave the list."""

    def span(self, collection: str) -> tuple[Int, Int]:
        """From where up to where its items stand."""

    def column(self, one: Input, collection: str) -> bool:
        """Whether there is a column at all."""


@dataclass(frozen=True, slots=True, eq=False)
class Level:
    """The household, or an item that is gone over.

    Attributes:
        index: of the row in the columns of its collection; None for an item of a list that was not given.
        around: where the aggregate stands that goes over the items; None for the household.
        depth: of the loop over the rows, or the items, in which it stands.
    """

    collection: str
    index: Int | None
    around: Level | None
    depth: int
    made: dict[object, Native] = field(default_factory=dict)


class Lowering:
    """Args:
    known: whether only households are asked about of which all is known: what is not known leaves them.
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
    ) -> None:
        self.f = function
        self.a = Arithmetic(function)
        self._dates = Dates(self.a)
        self._program, self._layout, self._numbers, self._inputs = program, layout, numbers, inputs
        self._block, self._known = block, known
        self.household = Level(HOUSEHOLD, row, None, function.depth)
        self._unchecked = set(program.collections)
        self._left = function.slot("i1")
        self._unknown = function.slot("i1")
        for slot in (self._left, self._unknown):
            function.store("i1", "false", slot)

    # ---- flags

    def leave(self, bit: Bit) -> None:
        """The interpreter has to say, where the bit is set."""
        self._raise(self._left, bit)

    def missing(self, bit: Bit) -> None:
        """Something is not known, where the bit is set."""
        self._raise(self._unknown, bit)

    def _raise(self, flag: Pointer, bit: Bit) -> None:
        if bit == FALSE:
            return
        f = self.f
        held = f.load("i1", flag, f.depth)
        name = f.name()
        f.say(f"{name} = or i1 {held}, {bit.name}")
        f.store("i1", name, flag)

    def flags(self) -> tuple[Bit, Bit]:
        """Whether the household is left to the interpreter, and whether something unknown was met."""
        depth = self.household.depth
        left, unknown = (Bit(self.f.load("i1", flag, depth), depth) for flag in (self._left, self._unknown))
        return left, unknown

    def flag(self) -> Pointer:
        """One of its own, not set."""
        slot = self.f.slot("i1")
        self.f.store("i1", "false", slot)
        return slot

    def set(self, flag: Pointer, bit: Bit) -> None:
        self._raise(flag, bit)

    def is_set(self, flag: Pointer) -> Bit:
        return Bit(self.f.load("i1", flag, self.household.depth), self.household.depth)

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

    def given_list(self, collection: str) -> Bit:
        return self._inputs.given(collection)

    def prepare(self, wanted: Sequence[Step]) -> None:
        """Work out the aggregates over a household's items that the steps rest on: those that wait for no
        others of the same list in one loop."""
        for (_, collection), nodes in sorted(gathered(self._phases(wanted)).items()):
            self.over(collection, nodes)

    def _phases(self, wanted: Sequence[Step]) -> Iterator[tuple[tuple[int, str], core.Aggregate]]:
        phases: dict[core.Aggregate, int] = {}
        places: dict[tuple[str, int], int] = {}

        def of(node: CoreExpression, collection: str) -> int:
            """How many loops have to be done before."""
            match node:
                case core.Fact():
                    return 0
                case core.TermValue() | core.CauseMet() | core.ConditionMet():
                    key = (node.collection, node.slot)
                    if key not in places:
                        step = self._program.by_place[key]
                        places[key] = of(step.core, step.collection)
                    return places[key]
                case core.Aggregate() if collection == HOUSEHOLD:
                    if node not in phases:
                        inner = [of(part, node.collection) for part in (node.body, node.where) if part is not None]
                        phases[node] = max(inner, default=0)
                    rest = 0 if node.otherwise is None else of(node.otherwise, collection)
                    return max(phases[node] + 1, rest)
                case core.Aggregate():
                    return max([of(part, node.collection) for part in operands(node)], default=0)
            return max([of(part, collection) for part in operands(node)], default=0)

        for step in wanted:
            of(step.core, step.collection)
        return (((phase, node.collection), node) for node, phase in phases.items())

    def step(self, collection: str, slot: int, level: Level) -> Native:
        """What a step comes to."""
        found = level.made.get((collection, slot))
        if found is None:
            with self.f.outside(level.depth):
                found = self.value(self._program.by_place[collection, slot].core, level)
            level.made[collection, slot] = found
        return found

    # ---- nodes

    def value(self, node: CoreExpression, at: Level) -> Native:
        match node:
            case core.Constant(value=value):
                return self._constant(value, node.type)
            case core.Fact():
                return self._fact(node, _level(node.collection, at))
            case core.TermValue() | core.CauseMet() | core.ConditionMet():
                return self.step(node.collection, node.slot, _level(node.collection, at))
            case core.Outer(operand=operand):
                assert at.around is not None, "what is outer stands in an aggregate of an item"
                return self.value(operand, at.around)
            case core.ChosenReading(slot=slot):
                return Code(self._held(slot, 0, len(cast("Choice", node.type).options) - 1))
            case core.Lookup():
                return self._lookup(node, at)
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
                return self._in_rows(
                    [self.code(part, at) for part in parts],
                    [
                        [whole(code_of(*pair, self._numbers)) for pair in zip(kinds, row, strict=True)]
                        for row in sorted(rows)
                    ],
                )
            case core.InList(operands=parts, slot=slot, on=None):
                return self._in_list([self.code(part, at) for part in parts], slot)
            case core.OverlapsSet(operand=operand, members=members):
                kind = cast("Several", operand.type).of
                codes = [whole(code_of(kind, one, self._numbers)) for one in sorted(members)]
                return self._overlaps(
                    self._several(operand, at), lambda one: self._any_of(one, codes), TRUE if codes else FALSE
                )
            case core.OverlapsList(operand=operand, slot=slot, on=None):
                return self._overlaps_list(self._several(operand, at), slot)
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
                return self.a.absolute(self.number(operand, at))
            case core.Rounded(function=function, operand=operand, step=step):
                found, beyond = self.a.rounded(function, self.number(operand, at), self.number(step, at))
                self.leave(beyond)
                return found
            case core.Aggregate():
                return self._aggregate(node, at)
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
            case core.InList() | core.OverlapsList():
                raise TooWide  # as of another day
        assert_never(node)

    def number(self, node: CoreExpression, at: Level) -> Number:
        return cast("Number", self.value(node, at))

    def truth(self, node: CoreExpression, at: Level) -> native.Truth:
        return cast("native.Truth", self.value(node, at))

    def code(self, node: CoreExpression, at: Level) -> Code:
        return cast("Code", self.value(node, at))

    def _several(self, node: CoreExpression, at: Level) -> native.Several:
        found = self.value(node, at)
        if not isinstance(found, native.Several):
            raise TooWide  # written out
        return found

    def _constant(self, value: Value, kind: Type) -> Native:
        match kind:
            case Truth():
                return YES if value else NO
            case Quantity():
                return constant(cast("int | Fraction", value))
            case DateType():
                return constant(cast("date", value).toordinal())
            case Choice() | Text() | Place() | ItemOf():
                return Code(whole(code_of(kind, cast("str", value), self._numbers)))
            case Several():
                raise TooWide
        assert_never(kind)

    # ---- inputs

    def _fact(self, node: core.Fact, level: Level) -> Native:
        found = level.made.get((node.collection, node.slot))
        if found is None:
            one = self._program.collections[node.collection].inputs[node.slot]
            with self.f.outside(level.depth):
                found = level.made[node.collection, node.slot] = self.given(one, level)
        return found

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
        return value if self._known else self._pick(given, value, self._extent(one))

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
        picked = self._pick(test.surely, then, otherwise)
        if unknown == FALSE:
            return picked
        match then, otherwise:
            case Number(), Number():
                return self._pick(unknown, a.hull(then, otherwise), picked)
            case native.Truth(), native.Truth():
                hull = native.Truth(
                    self.f.both(then.surely, otherwise.surely), self.f.either(then.maybe, otherwise.maybe)
                )
                return self._pick(unknown, hull, picked)
            case Code(), Code():
                code = cast("Code", picked)
                same = self.f.both(
                    self.f.compare("=", then.number, otherwise.number),
                    self.f.no(self.f.either(then.unknown, otherwise.unknown)),
                )
                return Code(code.number, self.f.pick_bit(unknown, self.f.no(same), code.unknown))
        self.leave(unknown)
        return picked

    def _pick(self, test: Bit, one: Native, other: Native) -> Native:
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
        return one if known == TRUE else self._pick(known, one, self.value(told, at))

    # ---- comparison

    def _compare(self, node: core.Compare, at: Level) -> native.Truth:
        one, other = self.value(node.left, at), self.value(node.right, at)
        match one, other:
            case Number(), Number():
                found = self.a.compare(node.operator, one, other)
            case Code(), Code():
                found = self.a.same_code(one, other)
            case native.Truth(), native.Truth():
                found = self.a.same_truth(one, other)
            case _:
                raise TooWide  # sets
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

    def _in_rows(self, codes: Sequence[Code], rows: Sequence[Sequence[Int]]) -> native.Truth:
        return self.a.either(
            [
                self.a.both([self.a.same_code(code, Code(number)) for code, number in zip(codes, row, strict=True)])
                for row in rows
            ]
        )

    def _any_of(self, code: Int, codes: Sequence[Int]) -> Bit:
        return self.f.either(*[self.f.compare("=", code, one) for one in codes])

    # ---- lists

    def _in_list(self, codes: Sequence[Code], slot: int) -> native.Truth:
        """While no rows are in force it is not known."""
        f, (there, count, start) = self.f, self._list(slot)
        surely, maybe = f.slot("i1"), f.slot("i1")
        depth = f.depth
        f.store("i1", "false", surely)
        f.store("i1", "false", maybe)
        with f.loop(ZERO, count) as row:
            first = f.add(start, f.multiply(row, whole(len(codes))))
            cells = [self._cell_at(f.add(first, whole(place))) for place in range(len(codes))]
            found = self._in_rows(codes, [cells])
            self._raise(surely, found.surely)
            self._raise(maybe, found.maybe)
        yes, may = (Bit(f.load("i1", one, depth), depth) for one in (surely, maybe))
        if self._known:
            self.missing(f.no(there))
            return truth(yes)
        return native.Truth(f.both(there, yes), f.either(f.no(there), may))

    def _overlaps_list(self, several: native.Several, slot: int) -> native.Truth:
        f, (there, count, start) = self.f, self._list(slot)

        def held(code: Int) -> Bit:
            found, depth = f.slot("i1"), f.depth
            f.store("i1", "false", found)
            with f.loop(ZERO, count) as row:
                self._raise(found, f.compare("=", code, self._cell_at(f.add(start, row))))
            return Bit(f.load("i1", found, depth), depth)

        found = self._overlaps(several, held, f.compare(">", count, ZERO))
        if self._known:
            self.missing(f.no(there))
            return found
        return native.Truth(f.both(there, found.surely), f.either(f.no(there), found.maybe))

    def _overlaps(self, several: native.Several, held: Callable[[Int], Bit], some: Bit) -> native.Truth:
        """Args:
        held: whether a code is one of those asked for; `some`: whether there are any of these.
        """
        f, found = self.f, self.f.slot("i1")
        depth = f.depth
        f.store("i1", "false", found)
        end = f.pick(several.unknown, several.start, several.end)
        with f.loop(several.start, end) as place:
            code = f.read("i32", several.codes, place, -1, 2**31 - 1)
            self._raise(found, held(code))
        yes = Bit(f.load("i1", found, depth), depth)
        if several.unknown == FALSE:
            return truth(yes)
        return native.Truth(f.both(f.no(several.unknown), yes), f.pick_bit(several.unknown, some, yes))

    def _list(self, slot: int) -> tuple[Bit, Int, Int]:
        head = self._layout.lists[slot]
        there = self.f.compare("=", self._held(head, 0, 1), ONE)
        return there, self._held(head + 1, 0, _BLOCK_END), self._held(head + 2, 0, _BLOCK_END)

    # ---- tables

    def _held(self, place: int, low: int, high: int) -> Int:
        """A number of the part that every block has alike."""
        return self.f.read("i64", self._block, whole(place), low, high)

    def _cell_at(self, place: Int, low: int = -1, high: int = _BLOCK_END) -> Int:
        return self.f.read("i64", self._block, place, low, high)

    def _lookup(self, node: core.Lookup, at: Level) -> Number | native.Truth:
        found = self._looked_up(node, at)
        if not isinstance(node.type, Truth):
            return found
        surely, maybe = (self.f.compare("=", end.above, ONE) for end in (found.low, found.high))
        return truth(surely) if found.known else native.Truth(surely, maybe)

    def _looked_up(self, node: core.Lookup, at: Level) -> Number:
        if node.on is not None:
            raise TooWide  # as of another day
        plan, table = self._layout.tables[node.slot], list(self._program.outside.tables.values())[node.slot]
        keys = node.keys[:-1] if node.marginal else node.keys
        spans = []
        head = plan.head + 1
        for place, (key, size) in enumerate(zip(keys, plan.sizes, strict=False)):
            if size is None:
                spans.append(self._stretches(self.number(key, at), head, plan.edge))
                head += 2
            else:
                spans.append(self._codes(self.code(key, at), table.keys[place], size))
        cells = self._held(plan.head, 0, _BLOCK_END)
        if node.marginal:
            return self._graded(node, plan, cells, spans, head, at)

        return self._hull(spans, lambda places: self._cell(plan, cells, self._place(places, spans)))

    def _cell(self, plan: TablePlan, cells: Int, index: Int, counts: Bit = TRUE) -> Number:
        """Args: counts: whether anything rests on it."""
        f = self.f
        place = f.add(cells, f.multiply(f.ranged(index, 0, _CELLS), whole(2)))
        if self._known:
            low = f.read("i64", self._block, place, min(plan.low, plan.least), max(plan.high, plan.most))
            high = f.read("i64", self._block, f.add(place, ONE), low.low, low.high)
            self.missing(f.both(counts, f.compare("!=", low, high)))
            held = f.least(f.greatest(low, whole(plan.low)), whole(plan.high))
            return point(End(held, whole(plan.below)))
        ends = (min(plan.low, plan.least), max(plan.high, plan.most))
        low = f.read("i64", self._block, place, *ends)
        high = f.read("i64", self._block, f.add(place, ONE), *ends)
        return Number(End(low, whole(plan.below)), End(high, whole(plan.below)))

    def _codes(self, code: Code, kind: Type, size: int) -> tuple[Int, Int, Int]:
        """The first and the last place along a key, and how many there are."""
        f = self.f
        if isinstance(kind, Choice):
            place = f.least(f.greatest(code.number, ZERO), whole(size - 1))
            if code.unknown == FALSE:
                return place, place, whole(size)
            return f.pick(code.unknown, ZERO, place), f.pick(code.unknown, whole(size - 1), place), whole(size)
        self.leave(code.unknown)
        inside = f.both(f.compare(">=", code.number, ZERO), f.compare("<", code.number, whole(size)))
        place = f.pick(inside, f.least(f.greatest(code.number, ZERO), whole(size - 1)), whole(size - 1))
        return place, place, whole(size)

    def _stretches(self, key: Number, head: int, edge: int) -> tuple[Int, Int, Int]:
        count, start = self._held(head, 0, _CELLS), self._held(head + 1, 0, _BLOCK_END)
        first = self._stretch(key.low, count, start, edge)
        last = first if key.known else self._stretch(key.high, count, start, edge)
        return first, last, self.f.add(count, ONE)

    def _stretch(self, end: End, count: Int, start: Int, edge: int) -> Int:
        """How many cuts lie before a number."""
        f, found = self.f, self.f.slot("i64")
        depth = f.depth
        f.store("i64", "0", found)
        above = f.multiply(end.above, whole(edge))
        with f.loop(ZERO, count) as place:
            at = f.add(start, f.multiply(place, whole(2)))
            cut = self._cell_at(at, -FARTHEST, FARTHEST)
            side = self._cell_at(f.add(at, ONE), 0, 1)
            passed = f.compare("<", f.multiply(cut, end.below), f.add(above, f.subtract(ONE, side)))
            held = f.load("i64", found, f.depth)
            more = f.wide(f.counted(passed), 64)
            name = f.name()
            f.say(f"{name} = add i64 {held}, {more}")
            f.store("i64", name, found)
        return Int(f.load("i64", found, depth), 0, _CELLS, depth)

    def _hull(self, spans: Sequence[_Span], found: Callable[[Sequence[Int]], Number]) -> Number:
        """What it is at the places along the keys; from the least to the greatest of all that they may be."""
        f, depth = self.f, self.f.depth
        if all(first == last for first, last, _ in spans):
            return found([first for first, _, _ in spans])
        with ExitStack() as loops:
            places = [
                first if first == last else loops.enter_context(f.loop(first, f.add(last, ONE)))
                for first, last, _ in spans
            ]
            one = found(places)
            for end in (one.low, one.high):
                if end.below.fixed is None and end.below.depth > depth:
                    raise TooWide
            lowest = Most(f, f.negative(one.low.above), whole(-one.low.above.high), TRUE, depth)
            highest = Most(f, one.high.above, whole(one.high.above.low), TRUE, depth)
        return Number(End(f.negative(lowest.found()), one.low.below), End(highest.found(), one.high.below))

    def _graded(
        self, node: core.Lookup, plan: TablePlan, cells: Int, spans: Sequence[_Span], head: int, at: Level
    ) -> Number:
        """What an amount comes to each part of which has its own rate. Its rates are not negative, so that it has its
        least where the amount and the rates have theirs."""
        amount = self.number(node.keys[-1], at)
        if min(plan.low, plan.least) < 0 or not is_amount(node.keys[-1].type):
            raise TooWide
        f = self.f
        count, start = self._held(head, 0, _CELLS), self._held(head + 1, 0, _BLOCK_END)

        def found(places: Sequence[Int]) -> Number:
            first = f.multiply(f.ranged(self._place(places, spans), 0, _CELLS), f.add(count, ONE))
            low = self._worth(plan, cells, first, count, start, amount.low, False)
            return (
                point(low)
                if self._known
                else Number(low, self._worth(plan, cells, first, count, start, amount.high, True))
            )

        return self._hull(spans, found)

    def _place(self, places: Sequence[Int], spans: Sequence[_Span]) -> Int:
        """The place of a cell among all, by its places along the keys."""
        index = ZERO
        for place, (_, _, size) in zip(places, spans, strict=True):
            index = self.f.add(self.f.multiply(index, size), place)
        return index

    def _worth(self, plan: TablePlan, cells: Int, first: Int, count: Int, start: Int, end: End, high: bool) -> End:
        f = self.f
        total = Total(f)
        amount = f.greatest(f.multiply(end.above, whole(plan.edge)), ZERO)
        with f.loop(ZERO, f.add(count, ONE)) as place:
            before = f.greatest(self._cut(place, count, start, -1), ZERO)
            behind = self._cut(place, count, start, 0)
            part = f.greatest(
                f.subtract(f.least(f.multiply(behind, end.below), amount), f.multiply(before, end.below)), ZERO
            )
            cell = self._cell(plan, cells, f.add(first, place), f.compare(">", part, ZERO))
            rate = cell.high if high else cell.low
            total.add(f.multiply(part, rate.above), amount.high * rate.above.high)
        return End(total.found(), f.multiply(f.multiply(end.below, whole(plan.edge)), whole(plan.below)))

    def _cut(self, place: Int, count: Int, start: Int, beyond: int) -> Int:
        """The number of a cut; what lies beyond the first or the last is as far as one likes."""
        f = self.f
        if beyond < 0:
            inside, place, far = f.compare(">", place, ZERO), f.subtract(place, ONE), -FARTHEST
        else:
            inside, far = f.compare("<", place, count), FARTHEST
        read = self._cell_at(f.add(start, f.multiply(f.pick(inside, place, ZERO), whole(2))), -FARTHEST, FARTHEST)
        return f.pick(inside, read, whole(far))

    # ---- aggregates

    def _aggregate(self, node: core.Aggregate, at: Level) -> Native:
        found = at.made.get(node)
        if found is None:
            with self.f.outside(at.depth):
                found = at.made[node] = self._gone_over(node.collection, [node], at)[0]
        return found

    def over(self, collection: str, nodes: Sequence[core.Aggregate]) -> None:
        """Aggregates over a household's items, in one loop."""
        for node, found in zip(nodes, self._gone_over(collection, nodes, self.household), strict=True):
            self.household.made[node] = found

    def _gone_over(self, collection: str, nodes: Sequence[core.Aggregate], at: Level) -> list[Native]:
        given = self._inputs.given(collection)
        if self._known:
            self.missing(self.f.no(given))
        if given == FALSE:
            return [self._unseen(node, at) for node in nodes]
        seen = self._seen(collection, nodes, at)
        if given == TRUE or self._known:
            return seen
        unseen = [self._unseen(node, at) for node in nodes]
        return [self._pick(given, *pair) for pair in zip(seen, unseen, strict=True)]

    def _seen(self, collection: str, nodes: Sequence[core.Aggregate], at: Level) -> list[Native]:
        f = self.f
        start, end = self._inputs.span(collection)
        made: dict[int, Callable[[], Native]] = {}
        if any(node.body is not None or node.where is not None for node in nodes) or collection in self._unchecked:
            with f.loop(start, end) as index:
                level = Level(collection, index, at, f.depth)
                self._check(collection, index)
                made = {place: self._gathered(node, level) for place, node in enumerate(nodes)}
        count = point(End(f.ranged(f.subtract(end, start), 0, MAX_ITEMS)))
        return [
            count if node.body is None and node.where is None else made[place]() for place, node in enumerate(nodes)
        ]

    def _check(self, collection: str, index: Int) -> None:
        """Every column is looked at once, whatever it is for."""
        if collection in self._unchecked:
            self._unchecked.remove(collection)
            for one in self._program.collections[collection].inputs:
                if self._inputs.column(one, collection):
                    given, bad = self._inputs.plain(one, collection, index)
                    self.leave(bad)
                    self.leave(self.f.no(given) if one.required else FALSE)
                    if isinstance(one.type, ItemOf) and one.role != "identity":
                        self.leave(self._inputs.whose(one, collection, index))
                elif one.required:
                    self.leave(TRUE)
            self.leave(self._inputs.twice(collection, index))

    def check(self, rest: Sequence[str]) -> None:
        """Look at what nothing was worked out from."""
        self._check(HOUSEHOLD, cast("Int", self.household.index))
        for collection in rest:
            if collection in self._unchecked:
                self._seen(collection, (), self.household)

    def _gathered(self, node: core.Aggregate, level: Level) -> Callable[[], Native]:
        """Take an item along; what all come to is to be had after the loop."""
        test = YES if node.where is None else self.truth(node.where, level)
        match node.kind:
            case "count":
                return self._counted(test)
            case "sum":
                return self._summed(test, self.number(_body(node), level))
            case "any":
                return self._any(self.a.both([test, self.truth(_body(node), level)]))
            case "every":
                failed = self._any(self.a.both([test, self.a.no(self.truth(_body(node), level))]))
                return lambda: self.a.no(cast("native.Truth", failed()))
            case "max":
                return self._extreme(node, test, self.number(_body(node), level), level, 1)
            case "min":
                return self._extreme(node, test, self.number(_body(node), level), level, -1)
        assert_never(node.kind)

    def _counted(self, test: native.Truth) -> Callable[[], Native]:
        low, high = Total(self.f, -1), Total(self.f, -1)
        low.add(self.f.counted(test.surely))
        if test.known:
            return lambda: point(End(low.found()))
        high.add(self.f.counted(test.maybe))
        return lambda: Number(End(low.found()), End(high.found()))

    def _summed(self, test: native.Truth, body: Number) -> Callable[[], Native]:
        f = self.f
        totals = []
        for end, extreme in ((body.low, f.least), (body.high, f.greatest)):
            may = ZERO if test.known else f.pick(test.maybe, extreme(end.above, ZERO), ZERO)
            total = Total(f, -1)
            total.add(f.pick(test.surely, end.above, may))
            totals.append((total, self._outer(end.below)))
            if body.known and test.known:
                break

        def found() -> Native:
            made = [End(total.found(), below) for total, below in totals]
            return point(made[0]) if len(made) == 1 else Number(*made)

        return found

    def _outer(self, below: Int) -> Int:
        """Raises: TooWide where each item has a divisor of its own."""
        if below.fixed is None and below.depth >= self.f.depth:
            raise TooWide
        return below

    def _any(self, test: native.Truth) -> Callable[[], Native]:
        surely = self._flag(test.surely)
        if test.known:
            return lambda: truth(surely())
        maybe = self._flag(test.maybe)
        return lambda: native.Truth(surely(), maybe())

    def _flag(self, bit: Bit) -> Callable[[], Bit]:
        """Whether it was set for some item."""
        f, slot, depth = self.f, self.f.slot("i1"), self.f.depth - 1
        f.store("i1", "false", slot, depth)
        self._raise(slot, bit)
        return lambda: Bit(f.load("i1", slot, depth), depth)

    def _extreme(
        self, node: core.Aggregate, test: native.Truth, body: Number, level: Level, sign: int
    ) -> Callable[[], Native]:
        """The greatest; of their opposites, where the least is asked for."""
        a, f = self.a, self.f
        one = a.scale(sign, body)
        below = self._outer(one.low.below)
        if one.high.below != below:
            raise TooWide
        some, certain = self._flag(test.maybe), self._flag(test.surely)
        far = whole(min(one.low.above.low, one.high.above.low))
        best = Most(f, one.low.above, far, test.surely, f.depth - 1)
        highest = Most(f, one.high.above, far, test.maybe, f.depth - 1)
        lowest = Most(
            f, f.negative(one.low.above), whole(-max(one.low.above.high, one.high.above.high)), test.maybe, f.depth - 1
        )

        def found() -> Native:
            high = End(highest.found(), below)
            if test.known and one.known:
                made = point(high)
            else:
                sure = certain()
                low = f.pick(sure, best.found(), f.negative(lowest.found()))
                made = Number(End(low, below), high)
            if node.otherwise is not None:
                around = cast("Level", level.around)
                rest = a.scale(sign, self.number(node.otherwise, around))
                there = some()
                mixed = made if test.known else a.pick(certain(), made, a.hull(made, rest))
                made = a.pick(there, mixed, rest)
            return a.scale(sign, made)

        return found

    def _unseen(self, node: core.Aggregate, at: Level) -> Native:
        """Over a list that was not given: an item of which nothing is known speaks for all."""
        a, f = self.a, self.f
        level = Level(node.collection, None, at, f.depth)
        least = self._program.collections[node.collection].least
        how_many = Number(End(whole(least)), End(whole(MAX_ITEMS)))
        test = YES if node.where is None else self.truth(node.where, level)
        match node.kind:
            case "count":
                counted = a.count(test)
                return Number(
                    End(f.multiply(whole(least), counted.low.above)),
                    End(f.multiply(whole(MAX_ITEMS), counted.high.above)),
                )
            case "sum":
                body, zero = self.number(_body(node), level), constant(0)
                passed = a.pick(test.surely, body, a.pick(test.maybe, a.hull(zero, body), zero))
                return a.multiply(how_many, passed)
            case "any":
                found = a.both([test, self.truth(_body(node), level)])
                return native.Truth(found.surely if least else FALSE, found.maybe)
            case "every":
                kept = a.either([a.no(test), self.truth(_body(node), level)])
                return native.Truth(kept.surely, kept.maybe if least else TRUE)
            case "max" | "min":
                body = self.number(_body(node), level)
                if node.otherwise is None:
                    return body
                rest = self.number(node.otherwise, at)
                mixed = a.pick(test.surely, body, a.hull(body, rest)) if least else a.hull(body, rest)
                return a.pick(test.maybe, mixed, rest)
        assert_never(node.kind)


class Total:
    """A sum of what at most as many items bring as a list may hold.

    Args:
        out: how much farther out the sum is had than what is added.
    """

    def __init__(self, function: Function, out: int = 0) -> None:
        self._f, self._depth = function, function.depth + out
        self._slot: Pointer | None = None
        self._low = self._high = 0

    def add(self, one: Int, most: int | None = None) -> None:
        """Once, in the loop. `most` is what all of it cannot exceed."""
        f = self._f
        self._low, self._high = min(0, one.low) * _MOST_PARTS, max(0, one.high) * _MOST_PARTS
        if most is not None:
            self._high = most
        kind = f"i{bits_of(self._low, self._high)}"
        self._slot = f.slot(kind)
        f.store(kind, "0", self._slot, self._depth)
        held, name = f.load(kind, self._slot, f.depth), f.name()
        f.say(f"{name} = add nsw {kind} {held}, {f.wide(one, int(kind[1:]))}")
        f.store(kind, name, self._slot)

    def found(self) -> Int:
        assert self._slot is not None, "something was added"
        if self._low == self._high:
            return ZERO
        kind = f"i{bits_of(self._low, self._high)}"
        return Int(self._f.load(kind, self._slot, self._depth), self._low, self._high, self._depth)


class Most:
    """The greatest of what counts; `far`, which is below all of it, where nothing does.

    Args:
        depth: of where it is had.
    """

    def __init__(self, function: Function, one: Int, far: Int, counts: Bit, depth: int) -> None:
        f, self._depth = function, depth
        self._f, self._low, self._high = f, min(far.low, one.low), max(far.low, one.high)
        self._kind = f"i{bits_of(self._low, self._high)}"
        self._slot = f.slot(self._kind)
        f.store(self._kind, str(far.low), self._slot, self._depth)
        held = Int(f.load(self._kind, self._slot, f.depth), self._low, self._high, f.depth)
        name = f.wide(f.pick(counts, f.greatest(held, one), held), int(self._kind[1:]))
        f.store(self._kind, name, self._slot)

    def found(self) -> Int:
        if self._low == self._high:
            return whole(self._low)
        return Int(self._f.load(self._kind, self._slot, self._depth), self._low, self._high, self._depth)


def _level(collection: str, at: Level) -> Level:
    while at.collection != collection:
        assert at.around is not None, "an item that is read is current"
        at = at.around
    return at


def _body(node: core.Aggregate) -> CoreExpression:
    assert node.body is not None, "a count has no body"
    return node.body


def _count(end: object) -> Int:
    if isinstance(end, date):
        return whole(end.toordinal())
    exact = Fraction(cast("int", end))
    assert exact.denominator == 1, "facts are counted in whole steps"
    return whole(exact.numerator)
