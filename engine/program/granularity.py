"""The smallest step by which a quantity can move: what a boundary argument rests on.

In: a core expression.  Out: a number of which every value of the expression is a multiple, or None for a quotient,
whose steps have no least. A threshold nudged by less than the common step of both sides changes nothing for any
household; nudged by that step, some household tells.
Imports program, policy and language.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from math import gcd, lcm
from typing import assert_never, cast

from engine.language import core, values
from engine.language.core import CoreExpression
from engine.language.types import Quantity
from engine.policy.checked import CheckedPolicy
from engine.policy.extent import parameter_extent
from engine.policy.model import AmountRange
from engine.program.model import Program


class Granularity:
    """The least steps of a program's expressions; those of its steps are worked out once.

    Args:
        parameters: the common step of all values of a parameter, by id; that of the amounts at which a marginal one
            changes its rate, by `edges_of` its id.
    """

    def __init__(self, program: Program, parameters: Mapping[str, Fraction]) -> None:
        self._parameters = parameters
        self._steps: dict[tuple[str, int], Fraction | None] = {}
        for step in program.every:
            self._steps[step.collection, step.slot] = self.of(step.core)

    def of(self, node: CoreExpression) -> Fraction | None:
        if isinstance(node, core.NoNumber):
            return None
        match node:
            case core.Constant(value=value):
                return Fraction(value) if isinstance(value, int | Fraction) and not isinstance(value, bool) else None
            case core.Fact() | core.HowMany() | core.Between() | core.DatePart():
                return Fraction(1)
            case core.TermValue():
                return self._steps[node.collection, node.slot]
            case core.Lookup(marginal=True):
                # the part in each range is a difference of edges and the amount
                rate, edges = (self._parameters.get(id) for id in (node.parameter, edges_of(node.parameter)))
                part = None if edges is None else common([edges, self.of(node.keys[-1])])
                return None if rate is None or part is None else rate * part
            case core.Lookup():
                return self._parameters.get(node.parameter)
            case core.Scale(factor=factor, operand=operand):
                inner = self.of(operand)
                return None if inner is None else abs(Fraction(factor) * inner)
            case core.Outer() | core.Absolute() | core.Within() | core.Sharper():
                return self.of(node.operand)
            case core.Rounded(step=step):
                return self.of(step)
            case core.Sum() | core.Least() | core.Greatest():
                return common(self.of(operand) for operand in node.operands)
            case core.If():
                return common(self.of(branch) for branch in (node.then, node.otherwise))
            case core.Product():
                left, right = self.of(node.left), self.of(node.right)
                return None if left is None or right is None else left * right
            case core.Aggregate(kind="count"):
                return Fraction(1)
            case core.Aggregate(body=body, otherwise=otherwise) if body is not None:
                return common(self.of(part) for part in (body, otherwise) if part is not None)
            case core.Quotient() | core.Aggregate():
                return None  # no common step
        assert_never(node)


def parameter_steps(policy: CheckedPolicy) -> dict[str, Fraction]:
    """Of each parameter one, or the part of it of which all that it can be worth is a multiple: every value written for
    it, on whatever day, and the ends of its extent, which stand for a value that is lacking; and of a marginal one its
    edges. Of policies that share a program, `common` of theirs."""
    found = {}
    for parameter in policy.merged.elements.parameters.values():
        if isinstance(parameter.type, Quantity):
            written = [cell.number for block in parameter.blocks for cell in block.cells.values()]
            ends = [end for end in values.ends(parameter_extent(parameter)) if end is not None]
            found[parameter.id] = common_step(cast("list[int | Fraction]", [1, *written, *ends]))
        if parameter.marginal:
            parts = [key[-1] for block in parameter.blocks for key in block.cells]
            cuts = [cut for part in parts if isinstance(part, AmountRange) for cut in (part.start, part.end)]
            found[edges_of(parameter.id)] = common_step([1, *(amount for amount, _ in cuts)])
    return found


def edges_of(parameter: str) -> str:
    """What stands for the edges of a marginal parameter where steps are told by id."""
    return f"{parameter}[]"


def common(steps: Iterable[Fraction | None]) -> Fraction | None:
    """The greatest number of which all steps are multiples (zero has every step); None where one has none."""
    found = Fraction(0)
    for step in steps:
        if step is None:
            return None
        found = _gcd(found, abs(step))
    return found


def _gcd(first: Fraction, second: Fraction) -> Fraction:
    if not first or not second:
        return first or second
    below = lcm(first.denominator, second.denominator)
    return Fraction(gcd(int(first * below), int(second * below)), below)


def common_step(values: Iterable[int | Fraction]) -> Fraction:
    """The common step of some values; 1 of none."""
    held = list(values)
    below = lcm(*(value.denominator for value in held))
    return Fraction(gcd(*(value.numerator * (below // value.denominator) for value in held)), below) or Fraction(1)
