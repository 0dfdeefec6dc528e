"""How far from zero the numbers of an expression get: what integers a back end has to count in.

In: expressions of whole numbers, as clearing makes them, and what each can be.  Out: the greatest distance from zero of
every number on the way, and the narrowest integers that hold it. A back end that works out both branches of an `if`, or
adds in another order, comes by no greater one. Tests and filters are expressions of their own.
Imports program and language.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from math import ceil
from typing import Final, Literal, TypeAlias

from engine.language import core
from engine.language.core import CoreExpression
from engine.language.values import Number, Value, farthest

Width: TypeAlias = Literal["int64", "int128", "exact"]
"""the narrowest integers in which a comparison can be worked out; `exact`: integers or fractions of any length"""

_WIDTHS: Final[tuple[tuple[Width, int], ...]] = (("int64", 2**63), ("int128", 2**127))


def width(magnitude: int | None) -> Width:
    for name, limit in _WIDTHS:
        if magnitude is not None and magnitude < limit:
            return name
    return "exact"


def magnitude(nodes: Iterable[CoreExpression], bounds_of: Callable[[CoreExpression], Value]) -> int | None:
    """The greatest distance from zero of all numbers on the way to the nodes; None where one has no bound."""
    farthest = 0
    waiting = list(nodes)
    while waiting:
        node = waiting.pop()
        for far in _distances(node, bounds_of):
            if far is None:
                return None
            farthest = max(farthest, ceil(far))
        waiting.extend(_numbers(node))
    return farthest


def _numbers(node: CoreExpression) -> tuple[CoreExpression, ...]:
    """The numbers that a number is made of."""
    match node:
        case core.Sum() | core.Least() | core.Greatest():
            return node.operands
        case core.Scale() | core.Absolute() | core.Rounded():
            return (node.operand,)
        case core.Product() | core.Quotient():
            return (node.left, node.right)
        case core.If():
            return (node.then, node.otherwise)
        case core.Aggregate(body=body, otherwise=otherwise):
            return tuple(part for part in (body, otherwise) if part is not None)
    return ()


def _distances(node: CoreExpression, bounds_of: Callable[[CoreExpression], Value]) -> Iterable[Number | None]:
    """Of the node, and of what is met while it is worked out; the parts of a sum over items, of which there are as many
    as a list may hold, lie within its own bounds."""
    yield farthest(bounds_of(node))
    match node:
        case core.Scale(factor=factor):
            yield max(-factor, factor)
        case core.Sum(operands=operands):
            parts = [farthest(bounds_of(part)) for part in operands]
            yield None if None in parts else sum(part for part in parts if part is not None)
        case core.Rounded(operand=operand, step=step):
            part, most = farthest(bounds_of(operand)), farthest(bounds_of(step))
            yield None if part is None or most is None else 2 * part + most
