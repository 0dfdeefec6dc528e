"""Working out the steps of a program for one household.

In: a `Program` and a `Frame`.  Out: the frame's rows, filled. A step is interpreted the first times; one that is worked
out often gets code of its own, which comes to the same.
Imports program, `frame`, the interpreter and generated code.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Final

from engine.evaluation.frame import Frame
from engine.language.interpreter import evaluate
from engine.language.values import UNKNOWN, Value, is_known
from engine.program.model import HOUSEHOLD, Program, Step

OFTEN: Final = 40
"""about so many times a step has to be interpreted until its code, made instead, would have paid"""


class Working:
    """A step as it is worked out.

    Attributes:
        run: what it comes to in the frame of an item of its collection.
        is_term: whether it is a term, of which nobody is told whether it changed.
    """

    __slots__ = ("_step", "_times", "collection", "is_term", "run", "slot")

    def __init__(self, step: Step) -> None:
        self._step, self._times = step, 0
        self.collection, self.slot, self.is_term = step.collection, step.slot, step.owner.kind == "term"
        self.run: Callable[[Frame], Value] = self._interpret

    def compile(self) -> None:
        from engine.generated.steps import function_of

        self.run = function_of(self._step.core, self.collection)

    def _interpret(self, frame: Frame) -> Value:
        self._times += 1
        if self._times == OFTEN:
            self.compile()
        return evaluate(self._step.core, frame)


@lru_cache(maxsize=128)
def workings_of(program: Program) -> tuple[Working, ...]:
    """In the order of `program.every`."""
    return tuple(map(Working, program.every))


def work_out(workings: Iterable[Working], frame: Frame) -> bool:
    """Fill the rows of a household, and of its items, with what the steps come to; what is known there stays.

    Returns: whether all of it is known now.
    """
    known = True
    for one in workings:
        slot = one.slot
        for owner in (frame,) if one.collection == HOUSEHOLD else frame.every(one.collection):
            row = owner.row
            if row[slot] is UNKNOWN or not is_known(row[slot]):
                value = row[slot] = one.run(owner)
                known = known and is_known(value)
    return known
