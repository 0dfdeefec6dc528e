"""The same expression seen from inside an aggregate and from where the aggregate stands.

In: core expressions.  Out: whose items they read, and how they are written one step further in or out.
A reference to an item is to the one that is current: inside an aggregate one of the items gone over. What stands there
for the item whose expression it all is, is an `Outer`. Imports core.
"""

from __future__ import annotations

from dataclasses import replace
from typing import cast

from engine.language import core
from engine.language.core import CoreExpression
from engine.language.references import core_walk


def free_items(expression: CoreExpression) -> frozenset[str]:
    """The collections whose current item an expression reads: the items that aggregates inside it go over do not
    count, nor does what is `Outer` already."""
    found: set[str] = set()
    waiting: list[tuple[CoreExpression, int]] = [(expression, 0)]
    while waiting:
        node, depth = waiting.pop()
        match node:
            case core.Fact() | core.TermValue():
                if node.collection and depth == 0:
                    found.add(node.collection)
            case core.Outer():
                if depth:
                    waiting.append((node.operand, depth - 1))
            case core.Aggregate():
                waiting.extend((part, depth + 1) for part in (node.body, node.where) if part is not None)
                if node.otherwise is not None:
                    waiting.append((node.otherwise, depth))
            case _:
                waiting.extend((operand, depth) for operand in core.operands(node))
    return frozenset(found)


def inward(expression: CoreExpression) -> CoreExpression | None:
    """The same value said inside an aggregate; None for what cannot be said there, an aggregate of the item's."""
    if not free_items(expression):
        return expression
    match expression:
        case core.Fact() | core.TermValue():
            return core.Outer(expression.span, expression.type, expression)
        case core.Aggregate():
            return None
    parts = [inward(operand) for operand in core.operands(expression)]
    if None in parts:
        return None
    return core.with_operands(expression, tuple(cast("list[CoreExpression]", parts)))


def outward(expression: CoreExpression) -> CoreExpression:
    """What is said inside an aggregate and reads none of the items gone over, said where the aggregate stands."""
    match expression:
        case core.Outer():
            return expression.operand
        case core.Aggregate():
            return expression  # it was there before
    return core.changed(expression, outward)


def inward_guards(guards: tuple[core.Compare, ...]) -> tuple[core.Compare, ...]:
    """The comparisons that hold around an aggregate, said inside it: of the item around, not of those gone over."""
    said = ((guard, inward(guard.left), inward(guard.right)) for guard in guards)
    return tuple(
        replace(guard, left=one, right=other) for guard, one, other in said if one is not None and other is not None
    )


def asked_equal(node: core.Aggregate) -> tuple[tuple[CoreExpression, CoreExpression], ...]:
    """The equalities without which an item contributes nothing to an aggregate: of each the side that is of the items
    gone over, and the other, said where the aggregate stands."""
    found: list[tuple[CoreExpression, CoreExpression]] = []
    waiting = [part for part in (node.where, node.body if node.kind == "any" else None) if part is not None]
    while waiting:
        part = waiting.pop(0)
        match part:
            case core.And():
                waiting.extend(part.operands)
            case core.Compare(operator="="):
                for mine, other in ((part.left, part.right), (part.right, part.left)):
                    outer = any(isinstance(inner, core.Outer) for inner in core_walk(mine))
                    if free_items(mine) and not outer and not free_items(other):
                        found.append((mine, outward(other)))
                        break
    return tuple(found)
