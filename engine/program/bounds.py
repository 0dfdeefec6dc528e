"""What each step can be at all: the interpreter over a household of which nothing is known.

In: a `Program`, and the option of each reading, or of none.  Out: of each of its expressions a `Value` that contains
whatever the expression can be.
Imports program, language.
"""

from __future__ import annotations

from collections.abc import Sequence

from engine.language import core
from engine.language.bounds import NothingKnown
from engine.language.core import CoreExpression
from engine.language.interpreter import Unseen, evaluate
from engine.language.types import DateType, Quantity
from engine.language.values import UNKNOWN, Value, graded
from engine.program.model import Program


class Bounds:
    def __init__(self, program: Program, chosen: Sequence[str] = ()) -> None:
        self._nothing_known = _AnyHousehold(program, chosen)

    def of(self, node: CoreExpression) -> Value:
        return evaluate(node, self._nothing_known)


class _AnyHousehold(NothingKnown):
    """The environment of a household of which nothing is known, and of each of its items."""

    def __init__(self, program: Program, chosen: Sequence[str]) -> None:
        self._program = program
        self._extents = [table.extent for table in program.outside.tables.values()]
        self._chosen = chosen
        self._rows: dict[str, list[Value]] = {
            id: [*(one.extent for one in held.inputs), *([UNKNOWN] * (held.width - len(held.inputs)))]
            for id, held in program.collections.items()
        }
        for step in program.every:
            self._rows[step.collection][step.slot] = evaluate(step.core, self)

    def value(self, node: core.Reference) -> Value:
        return self._rows[node.collection][node.slot]

    def chosen(self, node: core.ChosenReading) -> Value:
        return self._chosen[node.slot] if self._chosen else UNKNOWN

    def looked_up(self, node: core.Lookup, keys: tuple[Value, ...], _day: Value | None) -> Value:
        extent = self._extents[node.slot]
        if node.marginal:
            return graded([(0, extent)], keys[-1])
        return extent if isinstance(node.type, Quantity | DateType) else UNKNOWN

    def outer(self) -> _AnyHousehold:
        return self

    def gone_over(self, node: core.Aggregate) -> Unseen[_AnyHousehold]:
        return Unseen(self, self._program.collections[node.collection].least)
