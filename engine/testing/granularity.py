"""The smallest step by which a quantity can move: what a boundary argument rests on.

In: a core expression.  Out: a number of which every value of the expression is a multiple, or None for a quotient,
whose steps have no least. A threshold nudged by less than the common step of both sides changes nothing for any
household; nudged by that step, some household tells.
Imports language.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from functools import reduce
from math import gcd, lcm

from engine.language import core
from engine.language.core import CoreExpression
from engine.policy.checked import Rules


def step_of(node: CoreExpression, rules: Rules, known: Mapping[str, Fraction]) -> Fraction | None:
    """Args:
    known: the common step of all values of a parameter, by id.
    """
    match node:
        case core.Constant(value=value):
            return Fraction(value) if isinstance(value, int | Fraction) and not isinstance(value, bool) else None
        case core.Fact() | core.HowMany() | core.MonthsBetween() | core.YearsBetween() | core.YearOf():
            return Fraction(1)
        case core.TermValue():
            term = rules.terms.get((node.collection, node.id))
            return None if term is None else step_of(term.core, rules, known)
        case core.Lookup():
            return known.get(node.parameter)
        case core.Scale(factor=factor, operand=operand):
            inner = step_of(operand, rules, known)
            return None if inner is None else abs(Fraction(factor) * inner)
        case core.Rounded(step=step):
            return abs(Fraction(step))
        case core.Sum() | core.Least() | core.Greatest():
            return common(step_of(operand, rules, known) for operand in node.operands)
        case core.If():
            return common(step_of(branch, rules, known) for branch in (node.then, node.otherwise))
        case core.Product():
            left, right = step_of(node.left, rules, known), step_of(node.right, rules, known)
            return None if left is None or right is None else left * right
        case core.Aggregate(kind="count"):
            return Fraction(1)
        case core.Aggregate(body=body, otherwise=otherwise) if body is not None:
            parts = [step_of(body, rules, known)]
            if otherwise is not None:
                parts.append(step_of(otherwise, rules, known))
            return common(parts)
        case _:
            return None


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
    return reduce(_gcd, (abs(Fraction(value)) for value in values), Fraction(0)) or Fraction(1)
