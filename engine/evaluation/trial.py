"""Working out all steps of a policy for one household, and what changes when a few facts or readings do.

In: `Steps` and a `Frame`.  Out: a frame in which every term and finding is worked out; for a trial, the same frame
with just the steps worked again that the change reaches, taken back when the trial ends.
Imports `frame`, `steps` and `interpreter`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, cast

from engine.evaluation.facts import FactPlace
from engine.evaluation.frame import Frame, Unseen
from engine.evaluation.interpreter import evaluate
from engine.evaluation.steps import Reader, Step, Steps
from engine.language.values import Truth3, Value


def work_out(steps: Steps, frame: Frame) -> None:
    """Fill the frame of a household, and those of its items, with every term and finding."""
    for step in steps.order:
        kind, owner, id = step.key
        if kind == "met":
            frame.findings[owner, id] = cast("Truth3", evaluate(step.core, frame))
        elif not owner:
            frame.terms[id] = evaluate(step.core, frame)
        else:
            for item in _items(frame, owner):
                item.terms[id] = evaluate(step.core, item)


@contextmanager
def trial(
    steps: Steps,
    frame: Frame,
    *,
    readings: Mapping[str, str] | None = None,
    facts: Mapping[FactPlace, Value] | None = None,
) -> Iterator[bool]:
    """The frame as if these readings were chosen and these facts were so; only the decisive steps follow.

    Yields: whether any cause, condition or the outcome changed.
    """
    attempt = _Trial(steps, frame)
    try:
        attempt.change(readings or {}, facts or {})
        attempt.follow()
        yield attempt.changed
    finally:
        attempt.take_back()


class _Trial:
    """INVARIANT: a step is worked again after every step that it reads, for steps stand in that order."""

    def __init__(self, steps: Steps, frame: Frame) -> None:
        self._steps = steps
        self._frame = frame
        self._written: list[tuple[dict[Any, Any], object, object]] = []
        # the places of steps to be worked again, as a bit each; of item steps the items, None for all
        self._due = 0
        self._due_items: dict[int, set[int] | None] = {}
        self.changed = False

    def change(self, readings: Mapping[str, str], facts: Mapping[FactPlace, Value]) -> None:
        readers = self._steps.readers
        for reading, option in readings.items():
            if self._write(self._frame.readings, reading, option):
                self._mark(readers.get(("reading", "", reading), ()), None)
        for (collection, index, fact), value in facts.items():
            owner = self._frame
            if collection:
                owner = cast("tuple[Frame, ...]", self._frame.items[collection])[index]
            if self._write(owner.facts, fact, value):
                self._mark(readers.get(("fact", collection, fact), ()), index if collection else None)

    def follow(self) -> None:
        order = self._steps.order
        while self._due:
            place = (self._due & -self._due).bit_length() - 1
            self._due &= self._due - 1
            self._work(order[place], place)

    def take_back(self) -> None:
        for target, key, value in reversed(self._written):
            target[key] = value

    def _work(self, step: Step, place: int) -> None:
        kind, owner, id = step.key
        frame = self._frame
        if kind == "met":
            if self._write(frame.findings, (owner, id), evaluate(step.core, frame)):
                self.changed = True
                self._mark(step.readers, None)
        elif not owner:
            if self._write(frame.terms, id, evaluate(step.core, frame)):
                self._mark(step.readers, None)
        else:
            due = self._due_items.pop(place)
            for item in _items(frame, owner):
                if (due is None or item.index in due) and self._write(item.terms, id, evaluate(step.core, item)):
                    self._mark(step.readers, item.index)

    def _write(self, target: dict[Any, Any], key: object, value: object) -> bool:
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
            if not self._steps.order[reader.place].collection:
                continue
            if index is None or not reader.same_item:
                self._due_items[reader.place] = None
            else:
                due = self._due_items.setdefault(reader.place, set())
                if due is not None:
                    due.add(index)


def _items(frame: Frame, collection: str) -> tuple[Frame, ...]:
    items = frame.items[collection]
    return (items.item,) if isinstance(items, Unseen) else items
