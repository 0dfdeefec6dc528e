"""A household of which some facts are taken to be otherwise: what the answer is then.

In: a prepared policy, the facts of a household, what is in force.  Out: of a set of changes, a `Verdict`. A fact is
changed to a value or to a range of values; of a range the verdict holds of whatever lies in it.
Imports evaluation, program, language.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, cast

from engine.evaluation.facts import FactPlace, HouseholdFacts
from engine.evaluation.frame import Frame, Row, frame_on, pairs_at_most, rows_of
from engine.evaluation.lookup import Tables
from engine.evaluation.needs import Needed, needed
from engine.evaluation.prepared import Prepared
from engine.evaluation.working import Working, workings_of
from engine.language import core
from engine.language.references import core_walk
from engine.language.values import Truth3, Unknown, Value, conjunction
from engine.program.model import HOUSEHOLD, Program
from engine.records import dataclass

MOST_WORK: Final = 800_000
"""steps that are worked out for one household, well below a second"""
MOST_PAIRS_LOOKED_AT: Final = 10_000
"""of items that rest on each other; more take too long to be judged again and again"""

Changes = Mapping[FactPlace, "Value | tuple[()]"]
"""of facts; that of a list that was not given, (collection, -1, ""), is the list without items"""


class OutOfWork(Exception):
    """More would have to be tried than is tried for one household."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """The outcome, and of each data check that may refuse the household, in each item, whether it holds; each as far as
    it is known."""

    outcome: Truth3
    checks: tuple[Value, ...]

    @property
    def sound(self) -> Truth3:
        """Whether no check refuses it."""
        return conjunction(self.checks)

    def is_as_sound_as(self, other: Verdict) -> bool:
        """Whether what holds of the other holds here."""
        return all(mine is True or theirs is not True for mine, theirs in zip(self.checks, other.checks, strict=True))


class Ground:
    """Attributes:
    is_workable: False of a household too large to be judged again and again.
    left: how much may still be worked out.
    """

    def __init__(self, prepared: Prepared, facts: HouseholdFacts, tables: Tables) -> None:
        self.prepared, self.facts = prepared, facts
        self.program = prepared.sharper
        self._rows = rows_of(self.program, facts)
        self._frame = frame_on(self._rows, self.program, tables)
        self._every = workings_of(self.program)[: self.program.eager]
        self._reached = _reached(self.program)
        self._affected: dict[frozenset[tuple[str, str]], tuple[Working, ...]] = {}
        self._given = dict(self._frame.items)
        self.left = MOST_WORK
        self.is_workable = self._is_worked_out()
        self._base = [(row, list(row)) for row in self._all_rows()]

    def _is_worked_out(self) -> bool:
        """Whether the household as it is can be, and be again for every question."""
        if self.program.joined and pairs_at_most(self.program, self._rows) > MOST_PAIRS_LOOKED_AT:
            return False
        try:
            self._work(self._every)
        except OutOfWork:
            return False
        return True

    def let_go(self) -> None:
        self._frame.let_go()

    def judge(self, changes: Changes) -> Verdict:
        """
        Raises: OutOfWork.
        """
        self._change(changes)
        outcome = self.program.outcome
        assert outcome is not None, "a policy with figures only has no answer to be turned"
        frame, refusing = self._frame, self.program.refusing
        checks = tuple([item.row[step.slot] for step in refusing for item in frame.given(step.collection)])
        return Verdict(cast("Truth3", frame.row[outcome.slot]), checks)

    def needed(self, changes: Changes) -> frozenset[Needed]:
        """What the answer waits for then."""
        self._change(changes)
        self.left -= 6 * len(self._every)  # about as long as to work everything out so often
        return needed(self.program, self._frame)

    def _change(self, changes: Changes) -> None:
        frame = self._frame
        for row, values in self._base:
            row[:] = values
        frame.items.update(self._given)
        if frame.joins is not None:
            frame.joins.forget()
        for (collection, index, id), value in changes.items():
            if isinstance(value, tuple):
                frame.items[collection] = ()
                continue
            owner = frame if not collection else cast("tuple[Frame, ...]", frame.items[collection])[index]
            owner.row[self.program.inputs[collection, id].slot] = value
        self._work(self._of(frozenset((collection, id) for collection, _, id in changes)))

    def _of(self, ids: frozenset[tuple[str, str]]) -> tuple[Working, ...]:
        """The steps that changes of these facts reach."""
        found = self._affected.get(ids)
        if found is None:
            places = {place for one in ids for place in self._reached.get(one, ())}
            found = self._affected[ids] = tuple(self._every[place] for place in sorted(places))
        return found

    def _work(self, workings: tuple[Working, ...]) -> None:
        for one in workings:
            owners = (self._frame,) if one.collection == HOUSEHOLD else self._frame.every(one.collection)
            self.left -= 1 + len(owners)
            for owner in owners:
                owner.row[one.slot] = one.run(owner)
        if self.left < 0:
            raise OutOfWork

    def _all_rows(self) -> Iterator[Row]:
        yield self._rows.household
        for items in self._rows.items.values():
            if not isinstance(items, Unknown):
                yield from items
        yield from self._rows.unseen.values()


def _reached(program: Program) -> dict[tuple[str, str], frozenset[int]]:
    """Of each fact the places of the steps that it can change; of (collection, "") those that go over its items."""
    readers: dict[tuple[str, int], set[int]] = {}
    over: dict[str, set[int]] = {}
    steps = program.steps[: program.eager]
    for place, step in enumerate(steps):
        for node in core_walk(step.core):
            match node:
                case core.Fact() | core.TermValue() | core.CauseMet() | core.ConditionMet():
                    readers.setdefault((node.collection, node.slot), set()).add(place)
                case core.Aggregate():
                    over.setdefault(node.collection, set()).add(place)
                case _:
                    pass
    onward: list[set[int]] = [set()] * len(steps)
    for place in reversed(range(len(steps))):  # whoever reads a step stands after it
        direct = readers.get((steps[place].collection, steps[place].slot), set())
        onward[place] = {place}.union(*(onward[one] for one in direct))
    found = {
        (one.collection, one.id): readers.get((one.collection, one.slot), set()) for one in program.inputs.values()
    }
    found |= {(collection, ""): places for collection, places in over.items()}
    return {key: frozenset().union(*(onward[one] for one in places)) for key, places in found.items()}
