"""The rows of a policy: its parameters, lists and readings in every place, on every day and by every publication.

In: a checked policy, which is that of one place and stretch of days.  Out: `Dated`, the same for all its places, and
the program that carries it.
Imports policy, language and the model.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TypeVar

from engine.policy.checked import CheckedPolicy
from engine.policy.model import (
    AddElement,
    Block,
    Chain,
    Division,
    Element,
    ListBlock,
    NamedList,
    Origin,
    Parameter,
    Reading,
    SetList,
    SetReading,
    SetValues,
    stands_with,
)
from engine.policy.sequence import in_turn, levels
from engine.program.link import program_of
from engine.program.model import Dated, Program
from engine.program.rows import EVERYWHERE, Places, rows_of_choices, rows_of_list, rows_of_parameter

_C = TypeVar("_C", SetValues, SetList, SetReading)
_B = TypeVar("_B", Block, ListBlock)


def dated_program(policy: CheckedPolicy) -> Program:
    """The program of the policy with the rows of its chain. Programs of chains that differ in values only share all
    but these."""
    program = program_of(policy)
    return replace(program, outside=replace(program.outside, dated=dated_of(policy)))


def dated_of(policy: CheckedPolicy) -> Dated:
    merged = policy.merged
    made = _Everywhere(merged.chain, merged.divisions)
    elements = merged.elements
    return Dated(
        {id: rows_of_parameter(made.parameter(held)) for id, held in elements.parameters.items()},
        {id: rows_of_list(made.listed(held)) for id, held in elements.lists.items()},
        {id: rows_of_choices(list(made.choices(held))) for id, held in elements.readings.items()},
    )


class _Everywhere:
    """What was set for other places too: a merged policy holds what was set for its own."""

    def __init__(self, chain: Chain, divisions: Mapping[str, Division]) -> None:
        self._chain = chain
        self._divisions = divisions
        self._changes = [
            (depth, change)
            for depth, level in enumerate(levels(chain), 1)
            for change in in_turn([one for overlay in level for one in overlay.changes])
        ]

    def parameter(self, held: Parameter) -> Parameter:
        blocks = [_at(one.block, depth) for depth, one in self._about(held, SetValues)]
        return replace(held, blocks=(*(block for block in held.blocks if block not in blocks), *blocks))

    def listed(self, held: NamedList) -> NamedList:
        blocks = [_at(one.block, depth) for depth, one in self._about(held, SetList)]
        return replace(held, blocks=(*(block for block in held.blocks if block not in blocks), *blocks))

    def choices(self, held: Reading) -> Iterator[tuple[str, Origin, Places]]:
        """What was chosen first, then what it was set to, in turn; a reading follows the county that a zone stands
        with."""
        first = self._declared(held)
        # it is there, and so chosen, on every day on which its policy has it
        yield first.chosen, replace(first.chosen_origin, start=None, until=None, published=None), EVERYWHERE
        for depth, change in self._about(held, SetReading):
            named = frozenset(code for code in self._divisions if stands_with(code, self._divisions) in change.counties)
            places = Places(named, but=False) if change.counties else EVERYWHERE
            yield change.option, replace(change.origin, depth=depth), places

    def _about(self, held: Element, kind: type[_C]) -> list[tuple[int, _C]]:
        """The changes to an element, by level; what stands below the level that declares it was never about it."""
        return [
            (depth, one)
            for depth, one in self._changes
            if isinstance(one, kind) and one.target == held.id and depth >= held.origin.depth
        ]

    def _declared(self, held: Reading) -> Reading:
        """The reading as it was declared, before anything set it."""
        added = (one.element for _, one in self._changes if isinstance(one, AddElement))
        readings = (one for one in (*self._chain.root.elements.readings.values(), *added) if isinstance(one, Reading))
        same = (one for one in readings if one.id == held.id)
        return next(one for one in same if replace(one.origin, depth=held.origin.depth) == held.origin)


def _at(block: _B, depth: int) -> _B:
    return replace(block, origin=replace(block.origin, depth=depth))
