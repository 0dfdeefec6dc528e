"""Whether two programs can differ about one thing, asked of the solver over all households of a case.

In: a case (or all of a group at once), how many items there are.  Out: for each goal and direction whether some
household differs, with what is looked up to say which. Imports program and this floor.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Final

from engine.language.types import Quantity, Several
from engine.program.link import program_of
from engine.program.model import Program, Step
from engine.proof import numbers, terms, values
from engine.proof.encoding import Encoding
from engine.proof.groups import Group
from engine.proof.inquiry import Inquiry
from engine.proof.lookups import Free
from engine.proof.meanings import Meanings
from engine.proof.numbers import Number
from engine.proof.outside import Unanalysed
from engine.proof.results import Direction, Goal
from engine.proof.sides import Case
from engine.proof.terms import Bit
from engine.proof.values import Code, Day, Value
from engine.proof.world import Where, World

DIRECTIONS: Final[tuple[Direction, Direction]] = ("less", "more")


def step_of(goal: Goal, program: Program) -> Step | None:
    """What comes to it in a program."""
    return next((step for step in program.every if (step.owner.kind, step.owner.id) == (goal.kind, goal.id)), None)


def goals_of(programs: tuple[Program, Program]) -> Iterator[Goal]:
    """The outcome, causes of either, figures of both."""
    if any(program.outcome is not None for program in programs):
        yield Goal("outcome", "")
    causes = (step.owner.id for program in programs for step in program.every if step.owner.kind == "cause")
    yield from (Goal("cause", id) for id in dict.fromkeys(causes))
    figures = [{step.owner.id for step in program.every if step.owner.kind == "output"} for program in programs]
    yield from (
        Goal("output", step.owner.id)
        for step in programs[0].every
        if step.owner.kind == "output" and step.owner.id in figures[1]
    )


class Question(Inquiry):
    """Args:
    at: a case, or all of a group with its free values.
    meanings: of its steps.
    work: how much the solver may do for one question.
    """

    def __init__(self, at: Case | Group, sizes: Mapping[str, tuple[int, int]], meanings: Meanings, work: int) -> None:
        case = at.cases[0] if isinstance(at, Group) else at
        where = at.where if isinstance(at, Group) else Where((case.place,), case.first, case.last)
        self.case, self.sizes = case, sizes
        self.programs = program_of(case.policies[0]), program_of(case.policies[1])
        world = World([policy.merged.elements for policy in case.policies], where, sizes)
        self.free = free = Free(world, at.free, {}) if isinstance(at, Group) and at.free else None
        encodings = tuple(
            Encoding(program, tables, world, free, numbers)
            for program, tables, numbers in zip(self.programs, case.tables, meanings.sides, strict=True)
        )
        super().__init__(world, encodings, work)

    def pairs(self, goal: Goal) -> Iterator[tuple[Value, Value, Bit]]:
        """What both sides come to, of each item, and whether that is there."""
        steps = [step_of(goal, program) for program in self.programs]
        if goal.kind != "output":
            one, other = (
                values.Truth(False) if step is None else encoding.step(step)
                for step, encoding in zip(steps, self.encodings, strict=True)
            )
            yield one, other, True
            return
        first, second = steps
        assert first is not None
        assert second is not None
        if first.collection != second.collection or type(first.core.type) is not type(second.core.type):
            raise Unanalysed("kinds-of-two", second.core.span)
        for index, there in enumerate(self.world.present[first.collection]):
            one, other = self.encodings[0].step(first, index), self.encodings[1].step(second, index)
            yield one, in_unit_of(first, other, second), there

    def differs(self, goal: Goal, direction: Direction) -> Bit:
        return terms.either(
            terms.both((there, further(one, other, direction))) for one, other, there in self.pairs(goal)
        )

    def _sweep(self) -> None:
        """Say of each step that both sides have which of the two is never more, where that is quickly proved: what
        rests on many small steps is then proved by them."""
        with self._at_most(self._work // 20):
            self._rank_all()

    def _rank_all(self) -> None:
        others = {step.owner: step for step in self.programs[1].every}
        for step in self.programs[0].every:
            other = others.get(step.owner)
            if (
                other is not None
                and type(step.core.type) is type(other.core.type)
                and not isinstance(step.core.type, Several)
            ):
                with suppress(Unanalysed):
                    for index in range(len(self.world.present[step.collection])):
                        self._rank(self.encodings[0].step(step, index), self.encodings[1].step(other, index))

    def _rank(self, one: Value, other: Value) -> None:
        for direction in DIRECTIONS:
            bit = further(one, other, direction)
            if bit is not False:
                self._say()
                if self._checked(bit) == "none":
                    self.solver.add(terms.no(bit))


def in_unit_of(one: Step, value: Value, of: Step) -> Value:
    """What a step comes to, counted as another counts: in twelfths of a fen, say, and not in nineteenths."""
    match one.core.type, of.core.type, value:
        case Quantity(unit=wanted), Quantity(unit=unit), Number() if unit != wanted:
            if unit.dimension != wanted.dimension:
                raise Unanalysed("kinds-of-two", of.core.span)
            return numbers.scale(unit.factor / wanted.factor, value)
    return value


def further(one: Value, other: Value, direction: Direction) -> Bit:
    if direction == "less":
        one, other = other, one
    match one, other:
        case values.Truth(bit=was), values.Truth(bit=now):
            return False if terms.same(was, now) else terms.both((terms.no(was), now))
        case Number(), Number():
            return numbers.compare("<", one, other)
        case Day(), Day():
            return terms.compare("<", one.ordinal, other.ordinal)
        case Code(), Code():
            return terms.compare("!=", one.number, other.number) if direction == "more" else False
    raise AssertionError("both are of one type")
