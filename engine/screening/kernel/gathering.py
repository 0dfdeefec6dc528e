"""Aggregates in native code: loops over the items of a household.

In: aggregates.  Out: what they come to. Those over a household's items which wait for no others of the same list share
one loop; those of an item have a loop of their own where they stand.
Imports `arithmetic`, `totals`, `ir`, program and language.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, assert_never, cast

from engine.gathered import gathered
from engine.language import core
from engine.language.core import CoreExpression, operands
from engine.language.interpreter import MAX_ITEMS
from engine.language.types import ItemOf
from engine.program.model import HOUSEHOLD, Program, Step
from engine.screening.kernel import arithmetic as native
from engine.screening.kernel.arithmetic import YES, Arithmetic, End, Number, constant, point, truth
from engine.screening.kernel.ir import FALSE, TRUE, ZERO, Bit, Int, TooWide, whole
from engine.screening.kernel.levels import Inputs, Level, Native
from engine.screening.kernel.totals import Farthest, Flag, Total

if TYPE_CHECKING:
    from engine.screening.kernel.lowering import Lowering


class Gathering:
    """Args:
    of: works out what is gathered of each item, and is told what is not known.
    """

    def __init__(self, of: Lowering, program: Program, inputs: Inputs, *, known: bool) -> None:
        self._of, self._program, self._inputs, self._known = of, program, inputs, known
        self.f, self.a = of.f, Arithmetic(of.f)
        self._unchecked = set(program.collections)

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

    # ---- aggregates

    def aggregate(self, node: core.Aggregate, at: Level) -> Native:
        return self._of.once(node, at, lambda: self._gone_over(node.collection, [node], at)[0])

    def over(self, collection: str, nodes: Sequence[core.Aggregate]) -> None:
        """Aggregates over a household's items, in one loop."""
        for node, found in zip(nodes, self._gone_over(collection, nodes, self._of.household), strict=True):
            self._of.household.made[node] = found

    def _gone_over(self, collection: str, nodes: Sequence[core.Aggregate], at: Level) -> list[Native]:
        given = self._inputs.given(collection)
        if self._known:
            self._of.missing(self.f.no(given))
        if given == FALSE:
            return [self._unseen(node, at) for node in nodes]
        seen = self._seen(collection, nodes, at)
        if given == TRUE or self._known:
            return seen
        unseen = [self._unseen(node, at) for node in nodes]
        return [self._of.pick(given, *pair) for pair in zip(seen, unseen, strict=True)]

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
                    self._of.leave(bad)
                    self._of.lacking(self.f.no(given) if one.required else FALSE)
                    if isinstance(one.type, ItemOf) and one.role != "identity":
                        self._of.leave(self._inputs.whose(one, collection, index))
                elif one.required:
                    self._of.lacking(TRUE)
            self._of.leave(self._inputs.twice(collection, index))

    def check(self, rest: Sequence[str]) -> None:
        """Look at what nothing was worked out from."""
        self._check(HOUSEHOLD, cast("Int", self._of.household.index))
        for collection in rest:
            if collection in self._unchecked:
                self._seen(collection, (), self._of.household)

    def _gathered(self, node: core.Aggregate, level: Level) -> Callable[[], Native]:
        """Take an item along; what all come to is to be had after the loop."""
        test = YES if node.where is None else self._of.truth(node.where, level)
        match node.kind:
            case "count":
                return self._counted(test)
            case "sum":
                return self._summed(test, self._of.number(_body(node), level))
            case "any":
                return self._any(self.a.both([test, self._of.truth(_body(node), level)]))
            case "every":
                failed = self._any(self.a.both([test, self.a.no(self._of.truth(_body(node), level))]))
                return lambda: self.a.no(cast("native.Truth", failed()))
            case "max":
                return self._extreme(node, test, self._of.number(_body(node), level), level, 1)
            case "min":
                return self._extreme(node, test, self._of.number(_body(node), level), level, -1)
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
            raise TooWide("a divisor of each item's own")
        return below

    def _any(self, test: native.Truth) -> Callable[[], Native]:
        surely = self._some(test.surely)
        if test.known:
            return lambda: truth(surely.found())
        maybe = self._some(test.maybe)
        return lambda: native.Truth(surely.found(), maybe.found())

    def _some(self, bit: Bit) -> Flag:
        """Whether it is set of some item."""
        flag = Flag(self.f, -1)
        flag.set(bit)
        return flag

    def _extreme(
        self, node: core.Aggregate, test: native.Truth, body: Number, level: Level, sign: int
    ) -> Callable[[], Native]:
        """The greatest; of their opposites, where the least is asked for."""
        a, f = self.a, self.f
        one = a.scale(sign, body)
        some, certain = self._some(test.maybe), self._some(test.surely)
        far = min(one.low.above.low, one.high.above.low)
        best = Farthest(f, one.low, far, test.surely, f.depth - 1)
        highest = Farthest(f, one.high, far, test.maybe, f.depth - 1)
        opposite = End(f.negative(one.low.above), one.low.below)
        lowest = Farthest(f, opposite, -max(one.low.above.high, one.high.above.high), test.maybe, f.depth - 1)

        def found() -> Native:
            high = point(highest.found())
            if test.known and one.known:
                made = high
            else:
                low = a.pick(certain.found(), point(best.found()), a.scale(-1, point(lowest.found())))
                made = Number(low.low, high.high)
            if node.otherwise is not None:
                around = cast("Level", level.around)
                rest = a.scale(sign, self._of.number(node.otherwise, around))
                there = some.found()
                mixed = made if test.known else a.pick(certain.found(), made, a.hull(made, rest))
                made = a.pick(there, mixed, rest)
            return a.scale(sign, made)

        return found

    def _unseen(self, node: core.Aggregate, at: Level) -> Native:
        """Over a list that was not given: an item of which nothing is known speaks for all."""
        a, f = self.a, self.f
        level = Level(node.collection, None, at, f.depth)
        least = self._program.collections[node.collection].least
        how_many = Number(End(whole(least)), End(whole(MAX_ITEMS)))
        test = YES if node.where is None else self._of.truth(node.where, level)
        match node.kind:
            case "count":
                counted = a.count(test)
                return Number(
                    End(f.multiply(whole(least), counted.low.above)),
                    End(f.multiply(whole(MAX_ITEMS), counted.high.above)),
                )
            case "sum":
                body, zero = self._of.number(_body(node), level), constant(0)
                passed = a.pick(test.surely, body, a.pick(test.maybe, a.hull(zero, body), zero))
                return a.multiply(how_many, passed)
            case "any":
                found = a.both([test, self._of.truth(_body(node), level)])
                return native.Truth(found.surely if least else FALSE, found.maybe)
            case "every":
                kept = a.either([a.no(test), self._of.truth(_body(node), level)])
                return native.Truth(kept.surely, kept.maybe if least else TRUE)
            case "max" | "min":
                body = self._of.number(_body(node), level)
                if node.otherwise is None:
                    return body
                rest = self._of.number(node.otherwise, at)
                mixed = a.pick(test.surely, body, a.hull(body, rest)) if least else a.hull(body, rest)
                return a.pick(test.maybe, mixed, rest)
        assert_never(node.kind)


def _body(node: core.Aggregate) -> CoreExpression:
    assert node.body is not None, "a count has no body"
    return node.body
