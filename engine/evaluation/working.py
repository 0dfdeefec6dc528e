"""Working out the steps of a program for one household.

In: a `Program` and a `Frame`.  Out: the frame's rows, filled. An expression is interpreted the first times; one that is
worked out often gets code of its own, which comes to the same.
Imports program, `frame`, the interpreter and generated code.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from engine.beside import kept_beside
from engine.evaluation.frame import Frame
from engine.language.core import CoreExpression
from engine.language.interpreter import evaluate
from engine.language.values import UNKNOWN, Value, is_known
from engine.program.model import HOUSEHOLD, Program, Step

OFTEN: Final = 40
"""about so many times it has to be interpreted until its code, made instead, would have paid"""


class Often:
    """An expression of the household, or of each item of a collection.

    Attributes:
        run: what it comes to in the frame of an item of the collection.
    """

    __slots__ = ("_node", "_times", "collection", "run")

    def __init__(self, node: CoreExpression, collection: str) -> None:
        self._node, self._times = node, 0
        self.collection = collection
        self.run: Callable[[Frame], Value] = self._interpret

    def compile(self) -> None:
        from engine.generated.steps import function_of

        self.run = function_of(self._node, self.collection)

    def _interpret(self, frame: Frame) -> Value:
        self._times += 1
        if self._times == OFTEN:
            self.compile()
        return evaluate(self._node, frame)


class Working(Often):
    """A step.

    Attributes:
        is_term: whether it is a term, of which nobody is told whether it changed.
    """

    __slots__ = ("is_term", "slot")

    def __init__(self, step: Step) -> None:
        super().__init__(step.core, step.collection)
        self.slot, self.is_term = step.slot, step.owner.kind == "term"


@kept_beside
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


def work_out_rest(program: Program, frame: Frame) -> bool:
    """Likewise the steps that only explain, the eager ones being worked out."""
    return work_out(workings_of(program)[program.eager : len(program.steps)], frame)
