"""Which expressions may be unknown at all: a fold in two values over what a household may leave out.

In: a `Program`.  Out: for each expression whether some household leaves it unknown. An input that is required is known
in every item that is there; a value looked up may be lacking for its key; a reading has always an option, and a list
that is required always a length.
Imports program and language.
"""

from __future__ import annotations

from typing import assert_never

from engine.language import core
from engine.language.core import CoreExpression, operands
from engine.program.model import Program


class Unknowns:
    def __init__(self, program: Program) -> None:
        self._given = {id: held.required for id, held in program.collections.items()}
        self._places: dict[tuple[str, int], bool] = {}
        for collection in program.collections.values():
            for one in collection.inputs:
                self._places[collection.id, one.slot] = not (one.required and collection.required)
        for step in program.every:
            self._places[step.collection, step.slot] = self.possible(step.core)

    def possible(self, node: CoreExpression) -> bool:
        """Whether the expression may be unknown."""
        if isinstance(node, core.Operator):
            return any(self.possible(operand) for operand in operands(node))
        match node:
            case core.Fact() | core.TermValue() | core.CauseMet() | core.ConditionMet():
                return self._places[node.collection, node.slot]
            case core.Lookup() | core.InList() | core.OverlapsList():
                return True
            case core.Within(operand=operand) | core.Sharper(operand=operand):
                return self.possible(operand)
            case core.Aggregate() if not self._given[node.collection]:
                return True
            case core.Constant() | core.ChosenReading() | core.Outer() | core.If() | core.Aggregate():
                return any(self.possible(operand) for operand in operands(node))
        assert_never(node)
