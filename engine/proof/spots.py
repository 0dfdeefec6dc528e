"""Where an author's expression stands, for the solver: in the household, or in which items, and when it counts there.

In: a `Site` and an `Encoding`.  Out: whether a comparison is met with, its sides a given way apart.
Imports program, language and this floor.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from engine.language import core
from engine.language.core import CoreExpression
from engine.program.model import HOUSEHOLD
from engine.program.sites import Site
from engine.proof import numbers, terms
from engine.proof.aims import Side
from engine.proof.encoding import Encoding, Level
from engine.proof.numbers import Number
from engine.proof.terms import Bit, Int
from engine.proof.values import Day
from engine.proof.world import World

_HOME: Final = Level(HOUSEHOLD, 0)


def apart_by(world: World, encoding: Encoding, site: Site, side: Side, least: int, most: int) -> Bit:
    """Whether somewhere the left of a comparison lies on that side of the right, by so much; counted over the
    denominator that both have."""
    found: list[Bit] = []
    for reached, level in _spots(world, encoding, site):
        with encoding.where(reached):
            far = _difference(encoding, site.node, level)
        if side == "above":
            far = terms.negative(far)
        found.append(terms.both((reached, terms.compare(">=", far, least), terms.compare("<=", far, most))))
    return terms.either(found)


def comes_to(world: World, encoding: Encoding, site: Site, *, truth: bool) -> Bit:
    """Whether somewhere a truth comes to this."""
    found: list[Bit] = []
    for reached, level in _spots(world, encoding, site):
        with encoding.where(reached):
            bit = encoding.bit(site.node, level)
        found.append(terms.both((reached, bit if truth else terms.no(bit))))
    return terms.either(found)


def _spots(world: World, encoding: Encoding, site: Site) -> Iterator[tuple[Bit, Level]]:
    step = site.step
    if step.collection == HOUSEHOLD:
        yield from _below(world, encoding, step.written, site.trail, (True, _HOME))
        return
    for index, there in enumerate(world.present[step.collection]):
        level = Level(step.collection, index, _HOME)
        yield from _below(world, encoding, step.written, site.trail, (there, level))


def _below(
    world: World, encoding: Encoding, node: CoreExpression, trail: tuple[int, ...], spot: tuple[Bit, Level]
) -> Iterator[tuple[Bit, Level]]:
    """Down to the end of the trail: a branch counts where it is taken, an item where it passes."""
    if not trail or spot[0] is False:
        yield spot
        return
    operand = core.operands(node)[trail[0]]
    for inner in _into(world, encoding, node, operand, spot):
        yield from _below(world, encoding, operand, trail[1:], inner)


def _into(
    world: World, encoding: Encoding, node: CoreExpression, operand: CoreExpression, spot: tuple[Bit, Level]
) -> Iterator[tuple[Bit, Level]]:
    reached, level = spot
    match node:
        case core.If() if operand is not node.test:
            with encoding.where(reached):
                test = encoding.bit(node.test, level)
            yield terms.both((reached, test if operand is node.then else terms.no(test))), level
        case core.Aggregate() if operand is not node.otherwise:
            for index, there in enumerate(world.present[node.collection]):
                item = Level(node.collection, index, level)
                passes = terms.both((reached, there))
                if node.where is not None and operand is not node.where:
                    with encoding.where(passes):
                        passes = terms.both((passes, encoding.bit(node.where, item)))
                yield passes, item
        case _:
            yield spot


def _difference(encoding: Encoding, node: CoreExpression, level: Level) -> Int:
    """By how much the left is less."""
    assert isinstance(node, core.Compare)
    one, other = encoding.value(node.left, level), encoding.value(node.right, level)
    match one, other:
        case Number(), Number():
            left, right, _ = numbers.common(one, other)
            return terms.subtract(right, left)
        case Day(), Day():
            return terms.subtract(other.ordinal, one.ordinal)
    raise AssertionError("a threshold is of numbers or days")
