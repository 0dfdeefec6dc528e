"""The places and days that one set of rules decides: whether some household there is so, or none.

In: a `Group` of cases whose both sides are the same.  Out: `Proved` with what it is proved for, `Some`, or `Unsettled`.
A question is asked of all cases at once, with any value; where some household is so, of each case with the values that
it has. Readings may be any of their options where a question says so. Imports program, policy and this floor.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping
from functools import cached_property, lru_cache
from typing import TypeAlias

from engine.program.link import program_of
from engine.program.model import Program, Step
from engine.proof import terms
from engine.proof.encoding import Encoding, Instead
from engine.proof.groups import Group, freed, sizes_of
from engine.proof.inquiry import Inquiry
from engine.proof.lookups import Free
from engine.proof.outside import Unanalysed
from engine.proof.results import Bound, Proved, Unsettled
from engine.proof.sides import Case, published
from engine.proof.terms import Bit
from engine.proof.values import Code, Truth
from engine.proof.world import Where, World
from engine.records import dataclass


class Told(Inquiry):
    """A world with the rules over it, once or more often."""

    def __init__(self, scope: Scope, case: Case | None, sizes: Mapping[str, tuple[int, int]], way: Way) -> None:
        group = scope.group
        at = case or group.cases[0]
        where = group.where if case is None else Where((case.place,), case.first, case.last)
        world = World([at.policies[0].merged.elements], where, sizes)
        free = Free(world, group.free, {}) if case is None and group.free else None
        self.case, self.sizes = at, sizes
        encodings = [
            Encoding(scope.program, at.tables[0], world, free, instead=instead)
            for instead in way.instead(world, scope.program)
        ]
        super().__init__(world, encodings, checked=way.checked)

    def truth(self, step: Step, index: int = 0, of: int = 0) -> Bit:
        found = self.encodings[of].step(step, index)
        assert isinstance(found, Truth), "it is a rule"
        return found.bit


@dataclass(frozen=True, slots=True)
class Way:
    """How the rules are asked about; compared by value.

    Attributes:
        checked: only of households that no check refuses.
        any_reading: whichever option of each reading is chosen.
    """

    checked: bool = True
    any_reading: bool = True

    def instead(self, world: World, program: Program) -> Iterator[Instead]:
        yield Instead(options=readings_of(world, program) if self.any_reading else {})


def readings_of(world: World, program: Program) -> dict[int, Code]:
    return {
        slot: Code(world.one_of(f"reading {id}", [option for option, _ in kind.options]))
        for slot, (id, kind) in enumerate(program.outside.readings.items())
    }


CHECKED, UNCHECKED = Way(), Way(checked=False)
Asked: TypeAlias = Callable[[Told], Bit]


@dataclass(frozen=True, slots=True, eq=False)
class Some:
    """Attributes:
    told: where it is so; None where nothing is published, and it is so for some values.
    bit: what was asked.
    """

    told: Told | None
    bit: Bit


class Scope:
    """Args:
    members, others: up to how many items a proof is about: of lists that are never empty, and of all others.
    """

    def __init__(self, group: Group, members: int, others: int) -> None:
        self.group = freed(group, local=True)
        self.program = program_of(group.cases[0].policies[0])
        self.elements = group.cases[0].policies[0].merged.elements
        self._sizes = sizes_of([self.program], members, others)
        self._told = lru_cache(256)(self._make)

    def _make(self, place: int, at: int, way: Hashable) -> Told:
        assert isinstance(way, Way)
        return Told(self, None if place < 0 else self._cases[place], self._sizes[at], way)

    def settle(self, asked: Asked, way: Way = CHECKED) -> Proved | Some | Unsettled:
        """Whether some household is so."""
        try:
            return self._settle(asked, way)
        except Unanalysed as outside:
            return Unsettled(outside.reason, outside.span)

    def _settle(self, asked: Asked, way: Way) -> Proved | Some | Unsettled:
        free, left = tuple(self.group.free), False
        for at in range(len(self._sizes)):
            told = self._told(-1, at, way)
            bit = asked(told)
            answer = told.ask(bit)
            if answer == "none":
                continue
            if not self.group.free:
                found: Some | bool = Some(told, bit) if answer == "some" else True
            elif not self._alive:
                found = Some(None, bit) if answer == "some" else True
            else:
                free = ()
                found = self._in_some_case(asked, at, way)
            if isinstance(found, Some):
                return found
            left = left or found
        most = {id: max(one[id][1] for one in self._sizes) for id in self._sizes[0]}
        return Unsettled("limit") if left else Proved(Bound(most, free))

    def _in_some_case(self, asked: Asked, at: int, way: Way) -> Some | bool:
        """The first case in which it is so; else whether one is not settled."""
        left = False
        for place in self._alive:
            told = self._told(place, at, way)
            bit = asked(told)
            answer = told.ask(bit)
            if answer == "some":
                return Some(told, bit)
            left = left or answer != "none"
        return left

    @cached_property
    def _cases(self) -> list[Case]:
        """One of each that publishes the same."""
        found: dict[object, Case] = {}
        for case in self.group.cases:
            tables = case.tables[0].parameters
            rows = (frozenset(published(case.policies[0], tables[id], case.place).items()) for id in self.group.free)
            found.setdefault(tuple(rows), case)
        return list(found.values())

    @cached_property
    def _alive(self) -> list[int]:
        """The cases in which some household is decided by published values."""
        return [place for place in range(len(self._cases)) if self._decides(place)]

    @cached_property
    def decides(self) -> bool:
        """Whether some household is decided, with any value."""
        return self._decides(-1)

    @property
    def decides_by_published(self) -> bool:
        return bool(self._alive) if self.group.free else self.decides

    @cached_property
    def lets_through(self) -> bool:
        """Whether the checks of the data let some household through that is decided."""
        return self.decides and not isinstance(self.settle(self._decided), Proved)

    def _decided(self, told: Told) -> Bit:
        for goal in self.program.goals:
            for index in range(len(told.world.present[goal.collection])):
                told.encodings[0].step(goal, index)
        return True

    def _decides(self, place: int) -> bool:
        for at in range(len(self._sizes)):
            told = self._told(place, at, UNCHECKED)
            if told.ask(self._decided(told)) == "some":
                return True
        return False


def every_item(told: Told, step: Step, of: int = 0) -> Bit:
    """Whether it holds of the household, or of each item of its list."""
    there = told.world.present[step.collection]
    return terms.both(
        terms.either((terms.no(bit), told.truth(step, index, of))) for index, bit in enumerate(there)
    )
