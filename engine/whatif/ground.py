"""A household of which some facts are taken to be otherwise: what the answer is then.

In: a prepared policy, the facts of a household, what is in force.  Out: of a set of changes, a `Verdict`. A fact is
changed to a value or to a range of values; of a range the verdict holds of whatever lies in it.
Imports evaluation, program, language.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
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

MOST_WORK: Final = 600_000
"""steps that are worked out for one household, below a second"""
MOST_PAIRS_LOOKED_AT: Final = 10_000
"""of items that rest on each other; more take too long to be judged again and again"""

Changes = Mapping[FactPlace, "Value | tuple[()]"]
"""of facts; that of a list that was not given, (collection, -1, ""), is the list without items"""


_Run = tuple[Working, "tuple[int, ...] | None"]
"""a step, and the items in which it is worked out anew; None for all, and for the household"""


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
        self._reach = _reach_of(self.program)
        self._affected: dict[frozenset[FactPlace], tuple[_Run, ...]] = {}
        self._given = dict(self._frame.items)
        self.left = MOST_WORK
        self.is_workable = self._is_worked_out()
        self._base = [(row, list(row)) for row in self._all_rows()]

    def _is_worked_out(self) -> bool:
        """Whether the household as it is can be, and be again for every question."""
        if self.program.joined and pairs_at_most(self.program, self._rows) > MOST_PAIRS_LOOKED_AT:
            return False
        try:
            self._work(tuple((one, None) for one in self._every))
        except OutOfWork:
            return False
        return True

    def let_go(self) -> None:
        self._frame.let_go()

    def judge(self, changes: Changes) -> Verdict:
        """
        Raises: OutOfWork.
        """
        self.left -= len(self._base) // 4  # as long as it takes to put everything back
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
        self._work(self._of(frozenset(changes)))

    def _of(self, changed: frozenset[FactPlace]) -> tuple[_Run, ...]:
        """The steps that changes of these facts reach; of items only those that are changed, where the others are as
        they were."""
        found = self._affected.get(changed)
        if found is None:
            whole: set[int] = set()
            of_items: dict[int, set[int]] = {}
            for collection, index, id in changed:
                reach = self._reach.get((collection, id), _NOTHING)
                whole |= reach.all_items
                for place in reach.one_item:
                    of_items.setdefault(place, set()).add(index)
            found = self._affected[changed] = tuple(
                (self._every[place], None if place in whole else tuple(of_items[place]))
                for place in sorted(whole | of_items.keys())
            )
        return found

    def _work(self, runs: tuple[_Run, ...]) -> None:
        frame = self._frame
        for one, items in runs:
            owners = (frame,) if one.collection == HOUSEHOLD else frame.every(one.collection)
            if items is not None:
                owners = tuple([owners[at] for at in items])
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


@dataclass(frozen=True, slots=True)
class _Reach:
    """The places of the steps that a fact can change: in the household or in all items; in its own item alone."""

    all_items: frozenset[int]
    one_item: frozenset[int]


_NOTHING: Final = _Reach(frozenset(), frozenset())


def _reach_of(program: Program) -> dict[tuple[str, str], _Reach]:
    """Of each fact; of (collection, "") those that go over its items."""
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
    looks_around = frozenset().union(*over.values())
    onward: list[_Reach] = [_NOTHING] * len(steps)

    def from_(collection: str, places: Iterable[int]) -> _Reach:
        whole, one = set[int](), set[int]()
        for place in places:
            step, further = steps[place], onward[place]
            if collection != HOUSEHOLD and step.collection == collection and place not in looks_around:
                one |= {place} | further.one_item
                whole |= further.all_items
            else:
                whole |= {place} | further.all_items | further.one_item
        return _Reach(frozenset(whole), frozenset(one - whole))

    for place in reversed(range(len(steps))):  # whoever reads a step stands after it
        step = steps[place]
        onward[place] = from_(step.collection, readers.get((step.collection, step.slot), ()))
    found = {
        (one.collection, one.id): from_(one.collection, readers.get((one.collection, one.slot), ()))
        for one in program.inputs.values()
    }
    return found | {(collection, ""): from_(HOUSEHOLD, places) for collection, places in over.items()}
