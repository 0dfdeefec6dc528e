"""The places of a program's rules: every node of every author's expression, and programs with one node changed.

In: a `Program`.  Out: `Site`s in the order of the policy; coverage looks at them, mutation changes one at a time.
Imports the model, policy, language.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.language import core
from engine.language.core import CoreExpression
from engine.language.types import TRUTH, DateType, Quantity
from engine.policy.checked import Owner
from engine.program.model import Program, Step
from engine.records import dataclass


@dataclass(frozen=True, slots=True)
class Site:
    """One node: the step whose it is, and the way down to it by the places of operands.

    `collections` are those whose items are current there, from the outside in.
    """

    step: Step
    trail: tuple[int, ...]
    node: CoreExpression
    collections: tuple[str, ...]

    @property
    def owner(self) -> Owner:
        return self.step.owner

    @property
    def is_truth(self) -> bool:
        return self.node.type == TRUTH


def sites(program: Program) -> Iterator[Site]:
    """Every node of the rules, each before what it is made of."""
    for step in program.authored:
        yield from _below(step, (), step.written, (step.collection,) if step.collection else ())


def _below(step: Step, trail: tuple[int, ...], node: CoreExpression, around: tuple[str, ...]) -> Iterator[Site]:
    yield Site(step, trail, node, around)
    if isinstance(node, core.Outer):
        return  # it is read as one name
    inside = (*around, node.collection) if isinstance(node, core.Aggregate) else around
    for place, operand in enumerate(core.operands(node)):
        outer = isinstance(node, core.Aggregate) and operand is node.otherwise
        yield from _below(step, (*trail, place), operand, around if outer else inside)


def rebuilt(site: Site, node: CoreExpression) -> CoreExpression:
    """The whole expression of the site's step with another node there; everything else is shared."""
    return _rebuilt(site.step.written, site.trail, node)


def _rebuilt(node: CoreExpression, trail: tuple[int, ...], new: CoreExpression) -> CoreExpression:
    if not trail:
        return new
    place, *rest = trail
    operands = core.operands(node)
    inner = _rebuilt(operands[place], tuple(rest), new)
    return core.with_operands(node, (*operands[:place], inner, *operands[place + 1 :]))


def is_threshold(node: CoreExpression) -> bool:
    """Whether it compares amounts, counts or days in order."""
    return (
        isinstance(node, core.Compare)
        and node.operator in ("<", "<=", ">", ">=")
        and isinstance(node.left.type, Quantity | DateType)
    )
