"""What a test says of unknown facts, told where it holds: a program rewritten so that branches know of their tests.

In: a `Program`.  Out: one that is worth the same on every household whose facts are known, and tells more of the
others. In `if x < c then A else B` an unknown `x` of A is no more than `c` can be; so are the parts of an `and` after
one that says so, of an `or` after one that denies it, and what an aggregate goes over behind its filter. `x` is freed
from sums, factors and divisors whose sign is proved (`x / n < c` is `x < c * n`). What a reference leads to is
rewritten in its place, where it reads `x`: a condition after another one of its cause, a term in a branch.
Two nodes say so, `Within` and `Sharper`; without them (`plain`) every expression is what it was. Both are worth their
operand where that is known: a back end of known facts takes the program as it was, and one that finds something
unknown takes the rewritten one.

INVARIANT: where the limits of an `x` leave nothing of it, the test that they come from is already decided against this
place, so that no value there counts. For that each limit says no more than its own test does, with the limits of the
tests before it; a test that is not rewritten where it is read gives none.
Imports program and language.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import field, replace
from fractions import Fraction
from typing import Final, TypeAlias

from engine.language import core
from engine.language.ast import CompareOperator
from engine.language.core import CoreExpression, operands, remade
from engine.language.guards import COMPLEMENT, MIRROR, sign
from engine.language.nesting import inward
from engine.language.references import core_walk
from engine.language.types import DateType, Quantity
from engine.program.bounds import Bounds
from engine.program.model import Program, Step
from engine.records import dataclass

DEEPEST: Final = 8
"""how many references one behind the other are rewritten in the place of the first"""
MOST_NODES: Final = 200
"""how many nodes may stand in the place of a reference"""
MOST_LIMITS: Final = 64
"""how many limits are kept in mind in one place"""

_CLOSED: Final[tuple[CompareOperator, ...]] = ("<=", ">=", "=")

Slot: TypeAlias = core.Fact | core.TermValue | core.Lookup | core.Outer | core.Aggregate
"""what a test can say something of"""
Place: TypeAlias = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Limit:
    """That `slot operator bound` holds; equal slots have one `number`, and so have equal bounds."""

    number: int
    operator: CompareOperator
    bound_number: int
    slot: CoreExpression = field(compare=False)
    bound: CoreExpression = field(compare=False)


Held: TypeAlias = tuple[Limit, ...]


@dataclass(frozen=True, slots=True)
class _Made:
    """Of a step: how many nodes it has, the numbers of the slots in it, the steps that it reads, each time it does."""

    nodes: int
    slots: frozenset[int]
    reads: tuple[Place, ...]


def narrowed(program: Program) -> Program:
    """The program with all that its tests say told where they hold."""
    narrowing = _Narrowing(program)
    return program.with_steps(lambda step: replace(step, core=narrowing.told(step.core, (), 0)))


def told(node: CoreExpression, program: Program) -> CoreExpression:
    """An expression that stands in none of the program's steps, rewritten like these."""
    return _Narrowing(program).told(node, (), 0)


class _Narrowing:
    def __init__(self, program: Program) -> None:
        self._program = program
        self._known: Bounds | None = None
        self._numbers: dict[CoreExpression, int] = {}
        self._numbered: dict[int, tuple[CoreExpression, int]] = {}
        self._made: dict[Place, _Made] = {}
        self._slots: dict[Place, frozenset[int]] = {}
        self._by_itself: dict[tuple[str, int, int, bool], CoreExpression] = {}
        self._read: dict[tuple[Place, Held, int, bool], tuple[CoreExpression | None]] = {}

    def told(self, node: CoreExpression, held: Held, depth: int, *, inside: bool = False) -> CoreExpression:
        """The expression where the limits hold.

        Args:
            depth: how many references were followed to it.
            inside: it is worked out inside an aggregate, where no other may stand.
        """

        def of(part: CoreExpression, more: Iterable[Limit] = ()) -> CoreExpression:
            return self.told(part, _with(held, more), depth, inside=inside)

        if held and isinstance(node, Slot):
            number = self._number(self._named(node))
            if mine := [limit for limit in held if limit.number == number]:
                operators, bounds = tuple(one.operator for one in mine), tuple(one.bound for one in mine)
                return core.Within(node.span, node.type, node, operators, bounds)
        match node:
            case core.TermValue() | core.CauseMet() | core.ConditionMet():
                found = self._in_place(node, held, depth, inside=inside)
                return node if found is None else found
            case core.Outer():
                return node
            case core.If(test=test):
                then, otherwise = (self._limits(test, held, depth, inside=inside, holds=way) for way in (True, False))
                return remade(node, (of(test), of(node.then, then), of(node.otherwise, otherwise)))
            case core.And() | core.Or():
                return remade(node, self._joined(node, held, depth, inside=inside))
            case core.Aggregate():
                return self._gone_over(node, held, depth, inside=inside)
        return remade(node, tuple([of(part) for part in operands(node)]))

    def _joined(self, node: core.And | core.Or, held: Held, depth: int, *, inside: bool) -> tuple[CoreExpression, ...]:
        """Each operand after those that say something of a slot, those first that leave out no end: of a number that is
        at least `c`, `x < c` is false, of one below `c` it is not known whether `x >= c`. None by what itself says."""
        parts = list(node.operands)

        def said(part: CoreExpression, held: Held) -> tuple[Limit, ...]:
            return tuple(self._limits(part, held, depth, inside=inside, holds=isinstance(node, core.And)))

        def late(place: int) -> int:
            operators = {limit.operator for limit in first[place]}
            return 2 if not operators else int(operators.isdisjoint(_CLOSED))

        around, first = held, [said(part, held) for part in parts]
        for place in sorted(range(len(parts)), key=late):
            more = first[place] if held is around else said(parts[place], held)
            parts[place] = self.told(parts[place], held, depth, inside=inside)
            if more:
                held = _with(held, more)
        return tuple(parts)

    def _gone_over(self, node: core.Aggregate, held: Held, depth: int, *, inside: bool) -> CoreExpression:
        of_items = tuple(self._inward(held))
        where = None if node.where is None else self.told(node.where, of_items, depth, inside=True)
        passed = () if node.where is None else self._limits(node.where, of_items, depth, inside=True, holds=True)
        body = None if node.body is None else self.told(node.body, _with(of_items, passed), depth, inside=True)
        otherwise = None if node.otherwise is None else self.told(node.otherwise, held, depth, inside=inside)
        return remade(node, tuple(part for part in (body, where, otherwise) if part is not None))

    def _in_place(self, node: core.Reference, held: Held, depth: int, *, inside: bool) -> CoreExpression | None:
        """What stands for a reference: itself, where the limits say nothing of what it reads; None where they do and it
        is not rewritten all the same."""
        place = node.collection, node.slot
        step = self._program.by_place.get(place)
        relevant = tuple(limit for limit in held if limit.number in self._slots_of(place)) if held else ()
        if step is None or not relevant:
            return node
        key = place, relevant, depth, inside
        found = self._read.get(key)
        if found is None:
            found = self._read[key] = (self._rewritten(node, step, relevant, depth, inside=inside),)
        return found[0]

    def _rewritten(
        self, node: core.Reference, step: Step, held: Held, depth: int, *, inside: bool
    ) -> CoreExpression | None:
        if depth == DEEPEST or (inside and _goes_over(step.core)) or self._size(step, held) > MOST_NODES:
            return None
        found = self.told(step.core, held, depth + 1, inside=inside)
        if found == self._alone(step, depth + 1, inside=inside):
            return node
        if sum(1 for _ in core_walk(found)) > MOST_NODES:
            return None
        return core.Sharper(node.span, node.type, node, found)

    def _size(self, step: Step, held: Held) -> int:
        """How many nodes stand in the place of a step at least, where it is rewritten by these limits; of a chain no
        more than is needed to say that these are too many."""
        numbers = frozenset(limit.number for limit in held)
        found, waiting = 0, [(step.collection, step.slot)]
        while waiting and found <= MOST_NODES:
            made = self._made_of(waiting.pop())
            found += made.nodes
            waiting.extend(place for place in made.reads if not numbers.isdisjoint(self._slots_of(place)))
        return found

    def _alone(self, step: Step, depth: int, *, inside: bool) -> CoreExpression:
        """What is told of a step where no limits hold."""
        key = step.collection, step.slot, depth, inside
        if key not in self._by_itself:
            self._by_itself[key] = self.told(step.core, (), depth, inside=inside)
        return self._by_itself[key]

    def _limit(self, slot: CoreExpression, operator: CompareOperator, bound: CoreExpression) -> Limit:
        return Limit(self._number(slot), operator, self._number(bound), slot, bound)

    def _number(self, slot: CoreExpression) -> int:
        """One for all expressions that are equal. A tree is compared by all that is in it: once for each is enough."""
        kept = self._numbered.get(id(slot))  # which keeps the slot, too, so that no other gets its id
        if kept is None:
            kept = self._numbered[id(slot)] = slot, self._numbers.setdefault(slot, len(self._numbers))
        return kept[1]

    def _slots_of(self, place: Place) -> frozenset[int]:
        """What a step reads, and the steps that it reads."""
        if place not in self._slots:
            found: set[int] = set()
            waiting, seen = [(place, 0)], {place}
            while waiting:
                one, depth = waiting.pop()
                made = self._made_of(one)
                found |= made.slots
                for read in made.reads if depth < DEEPEST else ():
                    if read not in seen:
                        seen.add(read)
                        waiting.append((read, depth + 1))
            self._slots[place] = frozenset(found)
        return self._slots[place]

    def _made_of(self, place: Place) -> _Made:
        """What is seen of a step when it is gone through once."""
        if place not in self._made:
            step = self._program.by_place.get(place)
            nodes = [] if step is None else list(core_walk(step.core))
            reads = [(node.collection, node.slot) for node in nodes if isinstance(node, core.Reference)]
            self._made[place] = _Made(
                len(nodes),
                frozenset(self._number(node) for node in nodes if isinstance(node, Slot)),
                tuple(read for read in reads if read in self._program.by_place),
            )
        return self._made[place]

    def _named(self, slot: Slot) -> Slot:
        """What a term that is another name for something stands for."""
        while isinstance(slot, core.TermValue):
            step = self._program.by_place.get((slot.collection, slot.slot))
            if step is None or not isinstance(step.core, core.Fact | core.TermValue | core.Lookup):
                break
            slot = step.core
        return slot

    def _inward(self, held: Held) -> Iterator[Limit]:
        """What holds around an aggregate, said inside it."""
        for limit in held:
            slot, bound = inward(limit.slot), inward(limit.bound)
            if slot is not None and bound is not None and not _goes_over(bound) and not _goes_over(slot):
                yield self._limit(slot, limit.operator, bound)

    # ---- what a test says

    def _limits(self, test: CoreExpression, held: Held, depth: int, *, inside: bool, holds: bool) -> Iterator[Limit]:
        """What holds where a test does, or where it does not."""
        match test:
            case core.Compare(left=left, right=right) if isinstance(left.type, Quantity | DateType):
                operator = test.operator if holds else COMPLEMENT[test.operator]
                if operator != "!=":
                    found = (*self._freed(left, operator, right), *self._freed(right, MIRROR[operator], left))
                    yield from (one for one in found if not (inside and _goes_over(one.bound)))
            case core.And() if holds:
                yield from self._one_by_one(test.operands, held, depth, inside=inside, holds=True)
            case core.Or() if not holds:
                yield from self._one_by_one(test.operands, held, depth, inside=inside, holds=False)
            case core.Not(operand=operand):
                yield from self._limits(operand, held, depth, inside=inside, holds=not holds)
            case core.TermValue() | core.CauseMet() | core.ConditionMet():
                step = self._program.by_place.get((test.collection, test.slot))
                if step is None or depth == DEEPEST or self._in_place(test, held, depth, inside=inside) is None:
                    return
                yield from self._limits(step.core, held, depth + 1, inside=inside, holds=holds)

    def _one_by_one(
        self, tests: tuple[CoreExpression, ...], held: Held, depth: int, *, inside: bool, holds: bool
    ) -> Iterator[Limit]:
        for test in tests:
            found = tuple(self._limits(test, held, depth, inside=inside, holds=holds))
            yield from found
            held = _with(held, found)

    def _freed(self, side: CoreExpression, operator: CompareOperator, other: CoreExpression) -> Iterator[Limit]:
        """What `side operator other` says of each slot in the side."""
        match side:
            case core.Fact() | core.TermValue() | core.Lookup() | core.Outer() | core.Aggregate():
                slot = self._named(side)
                number = self._number(slot)
                if all(self._number(self._named(one)) != number for one in core_walk(other) if isinstance(one, Slot)):
                    yield self._limit(slot, operator, other)
            case core.Scale(factor=factor, operand=operand) if factor:
                turned = operator if factor > 0 else MIRROR[operator]
                yield from self._freed(operand, turned, _times(1 / Fraction(factor), other, operand))
            case core.Sum(operands=parts):
                for place, part in enumerate(parts):
                    rest = [_times(Fraction(-1), one, one) for one in (*parts[:place], *parts[place + 1 :])]
                    alone = core.Sum(other.span, other.type, (other, *rest)) if rest else other
                    yield from self._freed(part, operator, alone)
            case core.Quotient(left=left, right=right):
                yield from self._without(left, right, operator, core.Product(other.span, left.type, other, right))
            case core.Product(left=left, right=right):
                for one, by in ((left, right), (right, left)):
                    alone = core.Quotient(other.span, one.type, other, by)
                    yield from self._without(one, by, operator, alone)
            case core.Greatest(operands=parts) if operator in ("<", "<="):
                for part in parts:
                    yield from self._freed(part, operator, other)
            case core.Least(operands=parts) if operator in (">", ">="):
                for part in parts:
                    yield from self._freed(part, operator, other)

    def _without(
        self, side: CoreExpression, factor: CoreExpression, operator: CompareOperator, other: CoreExpression
    ) -> Iterator[Limit]:
        """Of a side that was multiplied or divided by a factor, which is not zero whatever is known."""
        if not any(isinstance(inner, Slot) for inner in core_walk(side)):
            return
        if self._known is None:
            self._known = Bounds(self._program)
        turn = sign(factor, (), self._known.of)
        if turn:
            yield from self._freed(side, operator if turn > 0 else MIRROR[operator], other)


def _with(held: Held, more: Iterable[Limit]) -> Held:
    return tuple(dict.fromkeys((*held, *more)))[:MOST_LIMITS]


def _goes_over(node: CoreExpression) -> bool:
    return any(isinstance(inner, core.Aggregate) for inner in core_walk(node))


def _times(factor: Fraction, node: CoreExpression, like: CoreExpression) -> CoreExpression:
    """The node times a factor, in the unit of another."""
    while isinstance(node, core.Scale):
        factor, node = factor * node.factor, node.operand
    if factor == 1 and node.type == like.type:
        return node
    return core.Scale(node.span, like.type, factor.numerator if factor.denominator == 1 else factor, node)
