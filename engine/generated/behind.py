"""Which facts are behind an expression as readings are chosen: those that it reads, and the steps that it reads.

In: a `Program`, the option of each reading, and the facts asked about.  Out: of an expression those of them that it can
rest on. Imports program and language.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, TypeAlias

from engine.language import core
from engine.language.core import CoreExpression, operands
from engine.program.link import reads
from engine.program.model import Program

Place: TypeAlias = tuple[str, int]
"""collection and slot"""

NOTHING: Final[frozenset[Place]] = frozenset()


class Behind:
    """Attributes:
    deepest: how many steps stand behind each other.
    """

    def __init__(self, program: Program, options: Sequence[str], asked: Iterable[Place]) -> None:
        self._options = options
        self._behind = {place: frozenset({place}) for place in asked}
        depths: dict[Place, int] = {}
        for step in program.steps[: program.decisive]:
            place = step.collection, step.slot
            if found := self.of(step.core):
                self._behind[place] = found
                depths[place] = 1 + max((depths.get(one, 0) for one in reads(step.core)), default=0)
        self.deepest = max(depths.values(), default=0)

    def of(self, node: CoreExpression) -> frozenset[Place]:
        if self.decided(node) is not None:
            return NOTHING
        match node:
            case core.Fact() | core.TermValue() | core.CauseMet() | core.ConditionMet():
                return self._behind.get((node.collection, node.slot), NOTHING)
            case core.If(test=test, then=then, otherwise=otherwise) if (way := self.decided(test)) is not None:
                return self.of(then if way else otherwise)
        return NOTHING.union(*map(self.of, operands(node)))

    def decided(self, node: CoreExpression) -> bool | None:
        """What a test comes to by the readings alone; None where it does not."""
        match node:
            case core.Constant(value=bool(value)):
                return value
            case core.Compare(
                operator="=" | "!=" as operator, left=core.ChosenReading(slot=slot), right=core.Constant(value=option)
            ):
                return (self._options[slot] == option) == (operator == "=")
            case core.Not(operand=operand):
                found = self.decided(operand)
                return None if found is None else not found
            case core.And(operands=parts) | core.Or(operands=parts):
                settling = isinstance(node, core.Or)
                each = [self.decided(part) for part in parts]
                return settling if settling in each else None if None in each else not settling
        return None
