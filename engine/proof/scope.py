"""The places and days that one set of rules decides: whether some household there is so, or none.

In: a `Group` of cases whose both sides are the same.  Out: `Proved` with what it is proved for, `Some`, or `Unsettled`.
A question is asked of all cases at once, with any value; where some household is so, of each case with the values that
it has. Readings may be any of their options where a question says so. Imports program, policy and this floor.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping
from contextlib import suppress
from functools import cached_property, lru_cache
from typing import Final, Literal, TypeAlias

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
        yield self.options(world, program)

    def options(self, world: World, program: Program) -> Instead:
        return Instead(options=readings_of(world, program) if self.any_reading else {})


def readings_of(world: World, program: Program) -> dict[int, Code]:
    return {
        slot: Code(world.one_of(f"reading {id}", [option for option, _ in kind.options]))
        for slot, (id, kind) in enumerate(program.outside.readings.items())
    }


BEYOND: Final = 2
"""times as many members: what is not so there any more is not told of fewer either"""
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
        self._within = sizes_of([self.program], members, others)
        self._sizes = [*self._within, sizes_of([self.program], BEYOND * members, others)[-1]]
        self._told = lru_cache(256)(self._make)

    def _make(self, place: int, at: int, way: Hashable) -> Told:
        assert isinstance(way, Way)
        return Told(self, None if place < 0 else self._cases[place], self._sizes[at], way)

    def settle(self, asked: Asked, way: Way = CHECKED) -> Proved | Some | Unsettled | None:
        """Whether some household is so; None where there is none at all for which it can be said: a value that is
        looked up is not published, or checks of the data refuse everyone."""
        try:
            return self._settle(asked, way)
        except Unanalysed as outside:
            return Unsettled(outside.reason, outside.span)

    def _settle(self, asked: Asked, way: Way) -> Proved | Some | Unsettled | None:
        free, left, there = tuple(self.group.free), False, False
        for at in range(len(self._within)):
            told = self._told(-1, at, way)
            bit = asked(told)
            answer = told.ask(bit)
            if answer == "none":
                there = there or (not left and told.ask(True) == "some")
                continue
            if not self.group.free:
                if answer == "some":
                    return Some(told, bit)
                left = True
                continue
            free = ()
            found = self._in_some_case(asked, at, way)
            if isinstance(found, Some):
                return found
            if found is None and answer == "some":
                return Some(None, bit)
            there, left = True, left or found is False
        most = {id: max(one[id][1] for one in self._within) for id in self._within[0]}
        return Unsettled("limit") if left else Proved(Bound(most, free)) if there else None

    def is_so_beyond(self, asked: Asked, way: Way = CHECKED) -> bool:
        """Whether some larger household is so."""
        at = len(self._within)
        told = self._told(-1, at, way)
        if told.ask(asked(told)) != "some":
            return False
        return not self.group.free or not isinstance(self._in_some_case(asked, at, way), bool)

    def _in_some_case(self, asked: Asked, at: int, way: Way) -> Some | bool | None:
        """The first case in which it is so; else whether that is settled of all. None where there is no household."""
        settled, there = True, False
        for place in range(len(self._cases)):
            told = self._told(place, at, way)
            bit = asked(told)
            answer = told.ask(bit)
            if answer == "some":
                return Some(told, bit)
            settled = settled and answer == "none"
            there = there or answer != "none" or told.ask(True) == "some"
        return settled if there else None

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
    def decides(self) -> Literal["published", "some values", ""]:
        """Whether some household that no check refuses is decided: by what is published, by some values, or none."""
        match self.settle(self.decided):
            case Some(told=None):
                return "some values"
            case Some() | Unsettled():
                return "published"
            case Proved() | None:
                return ""

    def decided(self, told: Told) -> Bit:
        """Everything that is decided can be, as far as it is analysed."""
        for goal in self.program.goals:
            for index in range(len(told.world.present[goal.collection])):
                with suppress(Unanalysed):
                    told.encodings[0].step(goal, index)
        return True


def every_item(told: Told, step: Step, of: int = 0) -> Bit:
    """Whether it holds of the household, or of each item of its list."""
    there = told.world.present[step.collection]
    return terms.both(terms.either((terms.no(bit), told.truth(step, index, of))) for index, bit in enumerate(there))
