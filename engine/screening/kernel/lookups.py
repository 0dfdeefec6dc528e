"""What programs look up, in native code: tables and lists, read from a block.

In: a lookup's keys, as values.  Out: what it is worth; of keys that are not known, from the least to the greatest of
all places along them. Imports `arithmetic`, `blocks`, `totals`, `ir`, policy, program and language.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from datetime import date
from typing import TYPE_CHECKING, Final, TypeAlias, cast

from engine.language import core
from engine.language.types import Choice, Truth, Type
from engine.policy.keys import is_amount
from engine.program.model import Program
from engine.screening.kernel import arithmetic as native
from engine.screening.kernel.arithmetic import Arithmetic, Code, End, Number, point, truth
from engine.screening.kernel.blocks import FARTHEST, Layout, TablePlan
from engine.screening.kernel.ir import FALSE, ONE, TRUE, ZERO, Bit, Int, Pointer, TooWide, whole
from engine.screening.kernel.totals import Farthest, Flag, Total

if TYPE_CHECKING:
    from engine.screening.kernel.levels import Level, Native
    from engine.screening.kernel.lowering import Lowering

_BLOCK_END: Final = 2**40
_CELLS: Final = 2**31 - 1
_LAST_DAY: Final = date.max.toordinal()
_Span: TypeAlias = tuple[Int, Int, Int]
"""the first and the last place along a key, and how many there are"""


class Lookups:
    """Args:
    of: works out keys, and is told what is not known.
    block: the values in force of the row's place and day.
    """

    def __init__(self, of: Lowering, program: Program, layout: Layout, block: Pointer, *, known: bool) -> None:
        self._of, self._program, self._layout, self._block, self._known = of, program, layout, block, known
        self.f, self.a = of.f, Arithmetic(of.f)

    # ---- lists

    def in_list(self, codes: Sequence[Code], slot: int, day: Number | None) -> native.Truth:
        """Whether they are one of its rows. While none are in force it is not known."""
        return self._on(slot, day, lambda head: self._in_rows(codes, head))

    def _in_rows(self, codes: Sequence[Code], head: Int) -> native.Truth:
        f, (there, count, start) = self.f, self._list(head)
        surely, maybe = Flag(f), Flag(f)
        with f.loop(ZERO, count) as row:
            first = f.add(start, f.multiply(row, whole(len(codes))))
            cells = [self._cell_at(f.add(first, whole(place))) for place in range(len(codes))]
            found = self._of.in_rows(codes, [cells])
            surely.set(found.surely)
            maybe.set(found.maybe)
        if self._known:
            self._of.missing(f.no(there))
            return truth(surely.found())
        return native.Truth(f.both(there, surely.found()), f.either(f.no(there), maybe.found()))

    def overlaps_list(self, several: native.Several, slot: int, day: Number | None) -> native.Truth:
        return self._on(slot, day, lambda head: self._overlaps_rows(several, head))

    def _overlaps_rows(self, several: native.Several, head: Int) -> native.Truth:
        f, (there, count, start) = self.f, self._list(head)

        def is_in(code: Int) -> Bit:
            found = Flag(f)
            with f.loop(ZERO, count) as row:
                found.set(f.compare("=", code, self._cell_at(f.add(start, row))))
            return found.found()

        found = self.overlaps(several, is_in, f.compare(">", count, ZERO))
        if self._known:
            self._of.missing(f.no(there))
            return found
        return native.Truth(f.both(there, found.surely), f.either(f.no(there), found.maybe))

    def overlaps(self, several: native.Several, held: Callable[[Int], Bit], some: Bit) -> native.Truth:
        """Args:
        held: whether a code is one of those asked for; `some`: whether there are any of these.
        """
        f, found = self.f, Flag(self.f)
        end = f.pick(several.unknown, several.start, several.end)
        with f.loop(several.start, end) as place:
            code = f.read("i32", several.codes, place, -1, 2**31 - 1)
            found.set(held(code))
        yes = found.found()
        if several.unknown == FALSE:
            return truth(yes)
        return native.Truth(f.both(f.no(several.unknown), yes), f.pick_bit(several.unknown, some, yes))

    def _list(self, head: Int) -> tuple[Bit, Int, Int]:
        there = self.f.compare("=", self._of_head(head, 0, 0, 1), ONE)
        return there, self._of_head(head, 1), self._of_head(head, 2)

    def _on(self, slot: int, day: Number | None, found: Callable[[Int], native.Truth]) -> native.Truth:
        """By the rows of a day; known only where all days agree that it may be."""
        f, plan = self.f, self._layout.lists[slot]
        if day is None:
            return found(whole(plan.head))
        first, last, _ = self._turns(plan.turns, day)
        if first == last:
            return found(self._head(plan.turns, first))
        fails, maybe = Flag(f), Flag(f)
        with f.loop(first, f.add(last, ONE)) as place:
            one = found(self._head(plan.turns, place))
            fails.set(f.no(one.surely))
            maybe.set(one.maybe)
        return native.Truth(f.no(fails.found()), maybe.found())

    # ---- other days

    def _turns(self, at: int | None, day: Number) -> _Span:
        """The turns that hold on the days that it may be."""
        assert at is not None, "other days were asked about"
        f, count, start = self.f, self.held(at, 1, _CELLS), self.held(at + 1, 0, _BLOCK_END)

        def last_by(end: End) -> Int:
            def begun(place: Int) -> Bit:
                return f.compare(
                    "<=", self._cell_at(f.add(start, f.multiply(place, whole(2))), 1, _LAST_DAY), end.above
                )

            return f.ranged(f.greatest(f.subtract(self._how_many(count, begun), ONE), ZERO), 0, _CELLS)

        first = last_by(day.low)
        return first, first if day.known else last_by(day.high), count

    def _head(self, at: int | None, place: Int) -> Int:
        """Where the head stands of what is in force at a turn."""
        assert at is not None, "other days were asked about"
        start = self.held(at + 1, 0, _BLOCK_END)
        return self._cell_at(self.f.add(self.f.add(start, self.f.multiply(place, whole(2))), ONE), 0, _BLOCK_END)

    def _of_head(self, head: Int, place: int, low: int = 0, high: int = _BLOCK_END) -> Int:
        return self._cell_at(self.f.add(head, whole(place)), low, high)

    # ---- tables

    def held(self, place: int, low: int, high: int) -> Int:
        """A number of the part that every block has alike."""
        return self.f.read("i64", self._block, whole(place), low, high)

    def _cell_at(self, place: Int, low: int = -1, high: int = _BLOCK_END) -> Int:
        return self.f.read("i64", self._block, place, low, high)

    def lookup(self, node: core.Lookup, at: Level) -> Number | native.Truth:
        """Once: what is not known is looked for in a loop, and no pass of the compiler sees that two loops come to the
        same."""
        return cast("Number | native.Truth", self._of.once(node, at, lambda: self._told(node, at)))

    def _told(self, node: core.Lookup, at: Level) -> Number | native.Truth:
        found = self._looked_up(node, at)
        if not isinstance(node.type, Truth):
            return found
        surely, maybe = (self.f.compare("=", end.above, ONE) for end in (found.low, found.high))
        return truth(surely) if found.known else native.Truth(surely, maybe)

    def _looked_up(self, node: core.Lookup, at: Level) -> Number:
        plan = self._layout.tables[node.slot]
        keys = [self._of.value(key, at) for key in node.keys]
        if node.on is None:
            return self._in_table(node, plan, whole(plan.head), keys)
        turns = self._turns(plan.turns, self._of.number(node.on, at))
        return self._hull([turns], lambda places: self._in_table(node, plan, self._head(plan.turns, places[0]), keys))

    def _in_table(self, node: core.Lookup, plan: TablePlan, head: Int, keys: Sequence[Native]) -> Number:
        kinds = list(self._program.outside.tables.values())[node.slot].keys
        spans, place = [], 1
        for key, kind, size in zip(keys[:-1] if node.marginal else keys, kinds, plan.sizes, strict=False):
            if size is None:
                count, start = self._of_head(head, place, 0, _CELLS), self._of_head(head, place + 1)
                spans.append(self._stretches(cast("Number", key), count, start, plan.edge))
                place += 2
            else:
                spans.append(self._codes(cast("Code", key), kind, size))
        cells = self._of_head(head, 0)
        if node.marginal:
            count, start = self._of_head(head, place, 0, _CELLS), self._of_head(head, place + 1)
            return self._graded(node, plan, cells, spans, (count, start), cast("Number", keys[-1]))
        return self._hull(spans, lambda places: self._cell(plan, cells, self._place(places, spans)))

    def _cell(self, plan: TablePlan, cells: Int, index: Int, counts: Bit = TRUE) -> Number:
        """Args: counts: whether anything rests on it."""
        f = self.f
        place = f.add(cells, f.multiply(f.ranged(index, 0, _CELLS), whole(2)))
        if self._known:
            low = f.read("i64", self._block, place, min(plan.low, plan.least), max(plan.high, plan.most))
            high = f.read("i64", self._block, f.add(place, ONE), low.low, low.high)
            self._of.missing(f.both(counts, f.compare("!=", low, high)))
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
        self._of.leave(code.unknown)
        inside = f.both(f.compare(">=", code.number, ZERO), f.compare("<", code.number, whole(size)))
        place = f.pick(inside, f.least(f.greatest(code.number, ZERO), whole(size - 1)), whole(size - 1))
        return place, place, whole(size)

    def _stretches(self, key: Number, count: Int, start: Int, edge: int) -> _Span:
        first = self._stretch(key.low, count, start, edge)
        last = first if key.known else self._stretch(key.high, count, start, edge)
        return first, last, self.f.add(count, ONE)

    def _stretch(self, end: End, count: Int, start: Int, edge: int) -> Int:
        """How many cuts lie before a number."""
        f = self.f
        above = f.multiply(end.above, whole(edge))

        def passed(place: Int) -> Bit:
            at = f.add(start, f.multiply(place, whole(2)))
            cut = self._cell_at(at, -FARTHEST, FARTHEST)
            side = self._cell_at(f.add(at, ONE), 0, 1)
            return f.compare("<", f.multiply(cut, end.below), f.add(above, f.subtract(ONE, side)))

        return self._how_many(count, passed)

    def _how_many(self, count: Int, test: Callable[[Int], Bit]) -> Int:
        """Of so many places those that pass a test."""
        f, found = self.f, self.f.slot("i64")
        depth = f.depth
        f.store("i64", "0", found)
        with f.loop(ZERO, count) as place:
            passed = test(place)
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
            opposite = End(f.negative(one.low.above), one.low.below)
            lowest = Farthest(f, opposite, -one.low.above.high, TRUE, depth)
            highest = Farthest(f, one.high, one.high.above.low, TRUE, depth)
        return Number(self.a.scale(-1, point(lowest.found())).low, highest.found())

    def _graded(
        self,
        node: core.Lookup,
        plan: TablePlan,
        cells: Int,
        spans: Sequence[_Span],
        cuts: tuple[Int, Int],
        amount: Number,
    ) -> Number:
        """What an amount comes to each part of which has its own rate. Its rates are not negative, so that it has its
        least where the amount and the rates have theirs."""
        if min(plan.low, plan.least) < 0:
            raise TooWide("graded rates below zero")
        f, (count, start) = self.f, cuts
        # the first of three persons is what lies between none and one
        back = 0 if is_amount(node.keys[-1].type) else plan.edge

        def found(places: Sequence[Int]) -> Number:
            first = f.multiply(f.ranged(self._place(places, spans), 0, _CELLS), f.add(count, ONE))
            low = self._worth(plan, cells, first, (count, start, back), amount.low, False)
            if self._known:
                return point(low)
            return Number(low, self._worth(plan, cells, first, (count, start, back), amount.high, True))

        return self._hull(spans, found)

    def _place(self, places: Sequence[Int], spans: Sequence[_Span]) -> Int:
        """The place of a cell among all, by its places along the keys."""
        index = ZERO
        for place, (_, _, size) in zip(places, spans, strict=True):
            index = self.f.add(self.f.multiply(index, size), place)
        return index

    def _worth(self, plan: TablePlan, cells: Int, first: Int, cuts: tuple[Int, Int, int], end: End, high: bool) -> End:
        f, (count, start, back) = self.f, cuts
        total = Total(f)
        amount = f.greatest(f.multiply(end.above, whole(plan.edge)), ZERO)
        with f.loop(ZERO, f.add(count, ONE)) as place:
            is_first, is_last = f.compare("<=", place, ZERO), f.compare(">=", place, count)
            cut = f.subtract(self._cut(f.pick(is_first, ZERO, f.subtract(place, ONE)), start), whole(back))
            before = f.pick(is_first, ZERO, f.greatest(cut, ZERO))
            behind = f.subtract(self._cut(f.pick(is_last, ZERO, place), start), whole(back))
            # the last rate goes on without end
            until = f.pick(is_last, amount, f.least(f.multiply(behind, end.below), amount))
            part = f.greatest(f.subtract(until, f.multiply(before, end.below)), ZERO)
            cell = self._cell(plan, cells, f.add(first, place), f.compare(">", part, ZERO))
            rate = cell.high if high else cell.low
            total.add(f.multiply(part, rate.above), amount.high * rate.above.high)
        return End(total.found(), f.multiply(f.multiply(end.below, whole(plan.edge)), whole(plan.below)))

    def _cut(self, place: Int, start: Int) -> Int:
        return self._cell_at(self.f.add(start, self.f.multiply(place, whole(2))), -FARTHEST, FARTHEST)
