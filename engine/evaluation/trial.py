"""Working out the steps of a program for one household, and what changes when a few facts or readings do.

In: a `Program` and a `Frame`.  Out: a frame in which the steps are worked out; for a trial, the same frame with just
the steps worked again that the change reaches, taken back when the trial ends.
Imports program, `frame` and `interpreter`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from typing import Any, cast

from engine.evaluation.facts import FactPlace
from engine.evaluation.frame import Frame
from engine.language import core
from engine.language.core import CoreExpression, operands
from engine.language.interpreter import evaluate
from engine.language.values import Value
from engine.program.model import HOUSEHOLD, Program, Step
from engine.records import dataclass


def work_out(steps: Iterable[Step], frame: Frame) -> None:
    """Fill the rows of a household, and of its items, with what the steps come to."""
    for step in steps:
        slot, node = step.slot, step.core
        if step.collection == HOUSEHOLD:
            frame.row[slot] = evaluate(node, frame)
        else:
            for item in frame.every(step.collection):
                item.row[slot] = evaluate(node, item)


# ---- who reads what


@dataclass(frozen=True, slots=True)
class Reader:
    """The place in the order of a step that reads something; `same_item` when it reads that of its own item only."""

    place: int
    same_item: bool


Readers = Mapping[tuple[str, object], tuple[Reader, ...]]
"""The decisive steps that read a place (collection, slot), or a reading ("reading", id)."""


@lru_cache(maxsize=128)
def readers_of(program: Program) -> Readers:
    """Who is worked again when a value changes."""
    found: dict[tuple[str, object], dict[int, bool]] = {}
    for place, step in enumerate(program.steps[: program.decisive]):
        for read, inside in _reads(step.core, ()):
            same = read[0] != HOUSEHOLD and read[0] == step.collection and step.collection not in inside
            mine = found.setdefault(read, {})
            mine[place] = same and mine.get(place, True)
    return {key: tuple(Reader(place, same) for place, same in mine.items()) for key, mine in found.items()}


def _reads(node: CoreExpression, inside: tuple[str, ...]) -> Iterator[tuple[tuple[str, object], tuple[str, ...]]]:
    """What an expression reads, with the collections of the aggregates around each reading."""
    match node:
        case core.Fact() | core.TermValue():
            yield (node.collection, node.slot), inside
        case core.CauseMet() | core.ConditionMet():
            yield (HOUSEHOLD, node.slot), inside
        case core.ChosenReading():
            yield (_READING, node.reading), inside
    if isinstance(node, core.Aggregate):
        inside = (*inside, node.collection)
    for part in operands(node):
        yield from _reads(part, inside)


_READING = "reading:"


# ---- trials


@contextmanager
def trial(
    program: Program,
    frame: Frame,
    *,
    readings: Mapping[str, str] | None = None,
    facts: Mapping[FactPlace, Value] | None = None,
) -> Iterator[bool]:
    """The frame as if these readings were chosen and these facts were so; only the decisive steps follow.

    Yields: whether any cause, condition or the outcome changed.
    """
    attempt = _Trial(program, frame)
    try:
        attempt.change(readings or {}, facts or {})
        attempt.follow()
        yield attempt.changed
    finally:
        attempt.take_back()


class _Trial:
    """INVARIANT: a step is worked again after every step that it reads, for steps stand in that order."""

    def __init__(self, program: Program, frame: Frame) -> None:
        self._program = program
        self._readers = readers_of(program)
        self._frame = frame
        self._written: list[tuple[Any, object, object]] = []
        # the places of steps to be worked again, as a bit each; of item steps the items, None for all
        self._due = 0
        self._due_items: dict[int, set[int] | None] = {}
        self.changed = False

    def change(self, readings: Mapping[str, str], facts: Mapping[FactPlace, Value]) -> None:
        for reading, option in readings.items():
            if self._write(self._frame.readings, reading, option):
                self._mark(self._readers.get((_READING, reading), ()), None)
        for (collection, index, fact), value in facts.items():
            owner, slot = self._frame, self._program.inputs[collection, fact].slot
            if collection:
                owner = cast("tuple[Frame, ...]", self._frame.items[collection])[index]
            if self._write(owner.row, slot, value):
                self._mark(self._readers.get((collection, slot), ()), index if collection else None)

    def follow(self) -> None:
        while self._due:
            place = (self._due & -self._due).bit_length() - 1
            self._due &= self._due - 1
            self._work(self._program.steps[place], place)

    def take_back(self) -> None:
        for target, key, value in reversed(self._written):
            target[key] = value

    def _work(self, step: Step, place: int) -> None:
        frame, readers = self._frame, self._readers.get((step.collection, step.slot), ())
        if step.collection == HOUSEHOLD:
            if self._write(frame.row, step.slot, evaluate(step.core, frame)):
                self.changed = self.changed or step.owner.kind != "term"
                self._mark(readers, None)
            return
        due = self._due_items.pop(place)
        for item in frame.every(step.collection):
            if (due is None or item.index in due) and self._write(item.row, step.slot, evaluate(step.core, item)):
                self._mark(readers, item.index)

    def _write(self, target: Any, key: object, value: object) -> bool:
        """Whether it changed."""
        before = target[key]
        if before == value:
            return False
        self._written.append((target, key, before))
        target[key] = value
        return True

    def _mark(self, readers: Iterable[Reader], index: int | None) -> None:
        for reader in readers:
            self._due |= 1 << reader.place
            if self._program.steps[reader.place].collection == HOUSEHOLD:
                continue
            if index is None or not reader.same_item:
                self._due_items[reader.place] = None
            else:
                due = self._due_items.setdefault(reader.place, set())
                if due is not None:
                    due.add(index)
