"""Households of any size: whether two programs can differ, with whatever goes over items left open as far as the items
leave it.

In: a group of cases.  Out: whether it is proved that no household differs, however many items it has. What both sides
say alike may come to anything within its bounds, and so may an aggregate. Of two aggregates over the same items, one on
either side, that holds which holds of the shares of any single item: where one's is never more than the other's, the
whole is not either. All this leaves out some of what is so: it proves, and what it does not prove is said of nobody.
Imports program, language and this floor.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field
from datetime import date
from fractions import Fraction
from typing import Final, TypeAlias, assert_never

from engine.language import core
from engine.language.core import CoreExpression
from engine.language.types import Choice, DateType, ItemOf, Place, Quantity, Several, Text, Truth
from engine.language.values import ends
from engine.program.bounds import Bounds
from engine.program.granularity import Granularity, common, parameter_steps
from engine.program.model import HOUSEHOLD, Step
from engine.proof import numbers, terms, values
from engine.proof.encoding import Encoding, Level
from engine.proof.groups import Group
from engine.proof.inquiry import Inquiry
from engine.proof.lookups import Free, Range
from engine.proof.meanings import Meanings
from engine.proof.numbers import Number
from engine.proof.outside import Unanalysed
from engine.proof.question import DIRECTIONS, further, in_unit_of, step_of
from engine.proof.results import Direction, Goal
from engine.proof.terms import Bit
from engine.proof.values import Code, Day, Value
from engine.proof.world import World
from engine.records import dataclass

WORK: Final = 300_000
"""of the solver for one question: what is proved this way is proved by little"""
MOST_PAIRS: Final = 60
"""of aggregates that are held against each other"""
_Where: TypeAlias = tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True, eq=False)
class Whole:
    """An aggregate of the household, with the share that any one item has in it.

    Attributes:
        kept: whether the item is in it.
        otherwise: what stands for it where no item is.
    """

    kind: str
    collection: str
    value: Value
    kept: Bit
    share: Value
    otherwise: CoreExpression | None

    @property
    def sort(self) -> object:
        """Only those of one sort can be held against each other."""
        return self.kind, self.collection, type(self.value)


@dataclass(frozen=True, slots=True, eq=False)
class _Open:
    """What may be anything, by what it stands for: the same on both sides."""

    alike: dict[int, Value] = field(default_factory=dict)
    wholes: dict[tuple[CoreExpression, _Where], Value] = field(default_factory=dict)


class _OfAny(Encoding):
    """A program of a household of any size, and of any one item of each of its lists."""

    def __init__(
        self, group: Group, side: int, world: World, free: Free | None, meanings: Meanings, open_: _Open
    ) -> None:
        program = group.programs[side]
        super().__init__(program, group.cases[0].tables[side], world, free, meanings.sides[side])
        self._side, self._meanings, self._open = side, meanings, open_
        self._alike = frozenset(meanings.sides[0].values()) & frozenset(meanings.sides[1].values())
        self._extents = Bounds(program)
        self._parts = Granularity(program, _steps(group))
        self.wholes: dict[tuple[CoreExpression, _Where], Whole] = {}

    def step(self, step: Step, index: int = 0) -> Value:
        number = self._numbers[step.collection, step.slot]
        if step.collection != HOUSEHOLD or number not in self._alike or not _is_openable(step.core):
            return super().step(step, index)
        found = self._open.alike.get(number)
        if found is None:
            found = self._open.alike[number] = self._anything(step.core)
        return found

    def _fact(self, node: core.Fact, level: Level) -> Value:
        if isinstance(node.type, ItemOf):  # whose item it names would be one of those that stand for all
            raise Unanalysed("too-many-terms", node.span)
        return super()._fact(node, level)

    def _aggregate(self, node: core.Aggregate, at: Level) -> Value:
        key = self._meanings.told(self._side, node), tuple(_levels(at))
        found = self._open.wholes.get(key)
        if found is None:
            if not _is_openable(node):
                raise Unanalysed("too-many-terms", node.span)
            found = self._open.wholes[key] = self._anything(node)
        if at.collection == HOUSEHOLD and key not in self.wholes:
            self.wholes[key] = self._whole(node, at, found)
        return found

    def _whole(self, node: core.Aggregate, at: Level, value: Value) -> Whole:
        item = Level(node.collection, 0, at)
        kept = True if node.where is None else self.bit(node.where, item)
        share: Value = values.Truth(True)
        if node.body is not None:
            with self.where(kept):
                share = self.value(node.body, item)
        otherwise = None if node.otherwise is None else self._meanings.told(self._side, node.otherwise)
        return Whole(node.kind, node.collection, value, kept, share, otherwise)

    def _anything(self, node: CoreExpression) -> Value:
        """Whatever it may come to, by its bounds."""
        low, high = ends(self._extents.of(node))
        match node.type:
            case Truth():
                return values.Truth(self._world.fresh_bit("any"))
            case Quantity():
                return self._any_number(node, low, high)
            case DateType():
                day = self._world.fresh("any")
                if isinstance(low, date) and isinstance(high, date):
                    self._world.say(terms.compare(">=", day, low.toordinal()))
                    self._world.say(terms.compare("<=", day, high.toordinal()))
                return Day(day)
            case Choice(options=options):
                number = self._world.fresh("any")
                codes = (self._world.codes.of(option) for option, _ in options)
                self._world.say(terms.either(terms.compare("=", number, code) for code in codes))
                return Code(number)
            case Text() | Place() | ItemOf() | Several():
                raise AssertionError("it is encoded as it stands")
        assert_never(node.type)

    def _any_number(self, node: CoreExpression, low: object, high: object) -> Number:
        """A multiple of the least step of which all that it comes to are; a quotient has none."""
        step, found = self._parts.of(node), Number(self._world.fresh("any"))
        if step is None:
            below = self._world.fresh("any")
            self._world.say(terms.compare(">=", below, 1))
            found = Number(found.above, below)
        else:
            found = numbers.scale(step or 1, found)
        if isinstance(low, int | Fraction):
            self._world.say(numbers.compare(">=", found, numbers.constant(low)))
        if isinstance(high, int | Fraction):
            self._world.say(numbers.compare("<=", found, numbers.constant(high)))
        return found


class AnySize:
    """Two programs over a household of any size.

    Args:
        moved: parameters of the second side that may be anything within a range, whatever the first has.
    """

    def __init__(self, group: Group, moved: Mapping[str, Range] | None = None) -> None:
        moved = moved or {}
        self._group = group
        one = group.cases[0]
        ids = dict.fromkeys(id for program in group.programs for id in program.collections if id != HOUSEHOLD)
        world = World([policy.merged.elements for policy in one.policies], group.where, dict.fromkeys(ids, (1, 1)))
        meanings, open_ = Meanings(one, group.free, apart=moved), _Open()
        shared = Free(world, group.free, {})
        steps = {**group.free, **{id: self._moves(id) for id in moved}}
        frees = shared, Free(world, steps, shared.made, moved) if moved else shared
        self._encodings = tuple(_OfAny(group, side, world, frees[side], meanings, open_) for side in (0, 1))
        self._inquiry = Inquiry(world, self._encodings, WORK)

    def never(self, goal: Goal, direction: Direction) -> bool:
        """Whether it is proved that nobody differs that way."""
        try:
            return self._never(goal, direction)
        except Unanalysed:
            return False

    def _never(self, goal: Goal, direction: Direction) -> bool:
        steps = [step_of(goal, program) for program in self._group.programs]
        one, other = (
            values.Truth(False) if step is None else encoding.step(step)
            for step, encoding in zip(steps, self._encodings, strict=True)
        )
        if steps[0] is not None and steps[1] is not None:
            other = in_unit_of(steps[0], other, steps[1])
        bit = further(one, other, direction)
        if self._inquiry.ask(bit) == "none":
            return True
        return self._compared() and self._inquiry.ask(bit) == "none"

    def _compared(self) -> bool:
        """Hold the aggregates of either side against each other; whether anything was learned."""
        learned = False
        pairs = [
            (one, other)
            for key, one in self._encodings[0].wholes.items()
            for other_key, other in self._encodings[1].wholes.items()
            if key != other_key and one.sort == other.sort
        ]
        for one, other in pairs[:MOST_PAIRS]:
            for way in DIRECTIONS:
                share = _further_share(one, other, way)
                if share is not None and self._inquiry.ask(share) == "none":
                    self._inquiry.learn(terms.no(further(one.value, other.value, way)))
                    learned = True
        return learned

    def _moves(self, id: str) -> Fraction:
        return _steps(self._group)[id]


def _further_share(one: Whole, other: Whole, way: Direction) -> Bit | None:
    """Whether the shares of an item differ that way; None where nothing follows from it."""
    match one.kind:
        case "any" | "every" | "count" | "sum":
            shares = [_share(each) for each in (one, other)]
            return further(shares[0], shares[1], way)
        case _:  # the greatest or least of the same items
            same = terms.same(one.kept, other.kept) and one.otherwise == other.otherwise
            return terms.both((one.kept, further(one.share, other.share, way))) if same else None


def _share(whole: Whole) -> Value:
    match whole.kind, whole.share:
        case "every", values.Truth(bit=bit):
            return values.Truth(terms.either((terms.no(whole.kept), bit)))
        case _, values.Truth(bit=bit):
            return values.Truth(terms.both((whole.kept, bit)))
        case _:
            return values.pick(whole.kept, whole.share, Number(0))


def _levels(level: Level) -> Iterator[tuple[str, int]]:
    at: Level | None = level
    while at is not None:
        yield at.collection, at.index
        at = at.around


def _is_openable(node: CoreExpression) -> bool:
    return isinstance(node.type, Truth | Quantity | DateType | Choice)


def _steps(group: Group) -> dict[str, Fraction]:
    """The part of one in which each parameter moves, on either side and in any case."""
    policies = {id(one): one for case in group.cases for one in case.policies}
    each = [parameter_steps(policy) for policy in policies.values()]
    ids = dict.fromkeys(id for steps in each for id in steps)
    return {id: common(steps[id] for steps in each if id in steps) or Fraction(1) for id in ids}
