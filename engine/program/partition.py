"""A chain as its cells: for a place, a day and a day of knowledge the one program that decides.

In: the slices of a library, the ids of a chain.  Out: `Cell`s, each a program or what keeps it from being one.
Only other rules make another cell: values, lists and readings are rows, which a cell has for all its places and days.
A cell is made when it is first asked for; cells of the same rules share one program, also across chains.
Imports policy.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import product

from engine.diagnostics import Diagnostic
from engine.policy.checked import CheckedPolicy
from engine.policy.slices import Slices
from engine.policy.tables import Dated
from engine.program.link import program_of
from engine.program.model import Program
from engine.records import dataclass


@dataclass(frozen=True, slots=True)
class Cell:
    """What decides in one way: a program with the rows that it looks into. `policy` is what explanations name."""

    policy: CheckedPolicy

    @property
    def program(self) -> Program:
        return program_of(self.policy)

    @property
    def dated(self) -> Dated:
        return self.policy.dated


class Partition:
    """The cells of one chain."""

    def __init__(self, slices: Slices, ids: Sequence[str]) -> None:
        self._slices = slices
        self._ids = tuple(ids)

    def cell(self, place: str, day: date, known_on: date | None = None) -> Cell | tuple[Diagnostic, ...]:
        """The cell of a place and day, by all that was published until `known_on`; or what is wrong there."""
        policy, found = self._slices.checked(self._ids, place, day, known_on)
        return tuple(found) if policy is None else Cell(policy)

    def cells(self) -> Iterator[tuple[str, date, Cell | tuple[Diagnostic, ...]]]:
        """Each cell that decides by what is known now, once, with a place and the first day of it; those that are none
        wherever they are met."""
        chain = self._slices.chain(self._ids)
        cuts = None if chain is None else self._slices.cuts(chain)
        seen: set[int] = set()
        for place, day in product(cuts.places(), cuts.each_day()) if cuts is not None else ():
            cell = self.cell(place, day)
            if not isinstance(cell, Cell) or id(cell.policy) not in seen:
                seen.update((id(cell.policy),) if isinstance(cell, Cell) else ())
                yield place, day, cell


def partition(slices: Slices, ids: Sequence[str]) -> Partition:
    """The cells of the chain of some documents."""
    return Partition(slices, ids)
