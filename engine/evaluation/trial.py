"""What changes for one household when a few facts or readings do.

In: a `Program` and a `Frame` in which its steps are worked out.  Out: for a trial, the same frame with just the steps
worked again that the change reaches, taken back when the trial ends.
Imports program, `frame` and `working`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, cast

from engine.beside import kept_beside
from engine.evaluation.facts import FactPlace
from engine.evaluation.frame import Frame
from engine.evaluation.working import Working, workings_of
from engine.language import core
from engine.language.core import CoreExpression, operands
from engine.language.values import Value
from engine.program.model import HOUSEHOLD, Program
from engine.records import dataclass

# ---- who reads what


@dataclass(frozen=True, slots=True)
class Readers:
    """The decisive steps that read a value.

    Attributes:
        places: their places in the order of steps, as a bit each.
        by_item: of those that are worked out for items the place, and whether it reads that of its own item only.
    """

    places: int
    by_item: tuple[tuple[int, bool], ...]


_NONE = Readers(0, ())


@dataclass(frozen=True, slots=True)
class Reading:
    """Who reads what: each place (collection, slot), each reading of the law, and the value of each decisive step."""

    places: Mapping[tuple[str, int], Readers]
    chosen: Mapping[str, Readers]
    steps: tuple[Readers, ...]


@kept_beside
def reading_of(program: Program) -> Reading:
    """Who is worked again when a value changes."""
    found: dict[object, dict[int, bool]] = {}
    decisive = program.steps[: program.decisive]
    for place, step in enumerate(decisive):
        for read, collection, inside in _reads(step.core, ()):
            same = collection not in ("", *inside) and collection == step.collection
            mine = found.setdefault(read, {})
            mine[place] = same and mine.get(place, True)
    made = {
        key: Readers(
            sum(1 << place for place in mine),
            tuple((place, same) for place, same in mine.items() if decisive[place].collection != HOUSEHOLD),
        )
        for key, mine in found.items()
    }
    return Reading(
        {key: readers for key, readers in made.items() if isinstance(key, tuple)},
        {key: readers for key, readers in made.items() if isinstance(key, str)},
        tuple(made.get((step.collection, step.slot), _NONE) for step in decisive),
    )


def _reads(node: CoreExpression, inside: tuple[str, ...]) -> Iterator[tuple[object, str, tuple[str, ...]]]:
    """What an expression reads, the collection whose item that is, and those of the aggregates around it."""
    match node:
        case core.Fact() | core.TermValue() | core.CauseMet() | core.ConditionMet():
            yield (node.collection, node.slot), node.collection, inside
        case core.ChosenReading():
            yield node.reading, HOUSEHOLD, inside
        case core.Outer():
            inside = inside[:-1]
    if isinstance(node, core.Aggregate):
        inside = (*inside, node.collection)
    for part in operands(node):
        yield from _reads(part, inside)


# ---- trials


@kept_beside
def _narrowed(program: Program, sharper: Program) -> tuple[int, ...]:
    """The places of decisive steps that are not the same in both."""
    pairs = zip(program.steps[: program.decisive], sharper.steps, strict=False)
    return tuple(place for place, (one, other) in enumerate(pairs) if one.core is not other.core)


def reaches(program: Program, frame: Frame, reading: str, option: str) -> bool:
    """Whether any step would come to something else by itself if this option were chosen: of most households none."""
    if frame.joins is not None:  # what is laid out may be otherwise then
        return True
    slot, row, readings = program.reading_slots[reading], frame.row, frame.readings
    chosen, readings[slot] = readings[slot], option
    try:
        for one in _first_readers(program, reading):
            if one.collection == HOUSEHOLD:
                if one.run(frame) != row[one.slot]:
                    return True
            elif any(one.run(item) != item.row[one.slot] for item in frame.every(one.collection)):
                return True
        return False
    finally:
        readings[slot] = chosen


@kept_beside
def _first_readers(program: Program, reading: str) -> tuple[Working, ...]:
    """The decisive steps that ask which option is chosen."""
    places = reading_of(program).chosen.get(reading, _NONE).places
    return tuple(one for at, one in enumerate(workings_of(program)) if places >> at & 1)


class Trial:
    """The frame as if these readings were chosen and these facts were so; only the decisive steps follow.

    Attributes:
        changed: whether any cause, condition, decisive figure or the outcome did.

    INVARIANT: a step is worked again after every step that it reads, for steps stand in that order.
    """

    __slots__ = (
        "_due",
        "_due_items",
        "_facts",
        "_frame",
        "_program",
        "_reading",
        "_readings",
        "_workings",
        "_written",
        "changed",
    )

    def __init__(
        self,
        program: Program,
        frame: Frame,
        *,
        readings: Mapping[str, str] | None = None,
        facts: Mapping[FactPlace, Value] | None = None,
    ) -> None:
        self._program = program
        self._readings, self._facts = readings or {}, facts or {}
        self._reading = reading_of(program)
        self._workings = workings_of(program)
        self._frame = frame
        self._written: list[tuple[Any, object, object]] = []
        # the places of steps to be worked again, as a bit each; of item steps the items, None for all
        self._due = 0
        self._due_items: dict[int, set[int] | None] = {}
        self.changed = False

    def __enter__(self) -> Trial:
        try:
            self._change()
            self._follow()
        except BaseException:
            self._take_back()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._take_back()

    def narrow(self, program: Program) -> None:
        """The same as tests narrow it: what `program` has otherwise is worked again, and what follows from it."""
        narrowed = _narrowed(self._program, program)
        self._program, self._reading, self._workings = program, reading_of(program), workings_of(program)
        for place in narrowed:
            self._due |= 1 << place
            self._due_items[place] = None
        self._follow()

    def _change(self) -> None:
        for reading, option in self._readings.items():
            if self._write(self._frame.readings, self._program.reading_slots[reading], option):
                self._mark(self._reading.chosen.get(reading, _NONE), None)
        for (collection, index, fact), value in self._facts.items():
            owner, slot = self._frame, self._program.inputs[collection, fact].slot
            if collection:
                owner = cast("tuple[Frame, ...]", self._frame.items[collection])[index]
            if self._write(owner.row, slot, value):
                self._mark(self._reading.places.get((collection, slot), _NONE), index if collection else None)
        self._forget()

    def _follow(self) -> None:
        frame, row, workings, steps = self._frame, self._frame.row, self._workings, self._reading.steps
        while self._due:
            place = (self._due & -self._due).bit_length() - 1
            self._due &= self._due - 1
            one = workings[place]
            self._forget()
            if one.collection != HOUSEHOLD:
                self._work_items(one, place)
            elif self._write(row, one.slot, one.run(frame)):
                self.changed = self.changed or not one.is_term
                self._mark(steps[place], None)

    def _take_back(self) -> None:
        for target, key, value in reversed(self._written):
            target[key] = value
        self._forget()

    def _forget(self) -> None:
        """What is laid out may be otherwise now."""
        if self._frame.joins is not None:
            self._frame.joins.forget()

    def _work_items(self, one: Working, place: int) -> None:
        readers, due = self._reading.steps[place], self._due_items.pop(place, None)
        for item in self._frame.every(one.collection):
            if (due is None or item.index in due) and self._write(item.row, one.slot, one.run(item)):
                self.changed = self.changed or not one.is_term
                self._mark(readers, item.index)

    def _write(self, target: Any, key: object, value: object) -> bool:
        """Whether it changed."""
        before = target[key]
        if before == value:
            return False
        self._written.append((target, key, before))
        target[key] = value
        return True

    def _mark(self, readers: Readers, index: int | None) -> None:
        self._due |= readers.places
        for place, same_item in readers.by_item:
            if index is None or not same_item:
                self._due_items[place] = None
            else:
                due = self._due_items.setdefault(place, set())
                if due is not None:
                    due.add(index)
