"""Which steps of two programs say the same: they are encoded once, and cannot differ.

In: a case, and which parameters are free.  Out: of each step of either side a number; equal numbers are equal steps,
down to the facts and values that they rest on. Imports program, language and this floor's cases.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import partial

from engine.language import core
from engine.language.core import CoreExpression
from engine.program.link import program_of
from engine.program.model import Step
from engine.proof.sides import Case, published

Place = tuple[str, int]
Numbers = Mapping[Place, int]


class Meanings:
    """Attributes:
    sides: of each side the number of each step, by collection and slot.
    """

    def __init__(self, case: Case, free: Iterable[str], apart: Iterable[str] = ()) -> None:
        """Args: apart: parameters that may come to something else on either side, whatever is published."""
        self._case = case
        self._alike = {*free, *self._with_equal_values()} - {*apart}
        self._known: dict[tuple[str, CoreExpression], int] = {}
        self.sides: tuple[Numbers, Numbers] = (self._numbered(0), self._numbered(1))

    def same(self, one: Step | None, other: Step | None) -> bool:
        """Whether a step of the first side and one of the second say the same."""
        if one is None or other is None:
            return one is other
        places = [(step.collection, step.slot) for step in (one, other)]
        return self.sides[0][places[0]] == self.sides[1][places[1]]

    def told(self, side: int, node: CoreExpression) -> CoreExpression:
        """An expression of a side; equal ones say the same, on whichever side."""
        return self._told(side, self.sides[side], node)

    def _with_equal_values(self) -> Iterable[str]:
        case = self._case
        one, other = case.tables
        for id in one.parameters.keys() & other.parameters.keys():
            held = [
                published(policy, tables.parameters[id], case.place)
                for policy, tables in zip(case.policies, case.tables, strict=True)
            ]
            if held[0] == held[1] and one.parameters[id].unknown == other.parameters[id].unknown:
                yield id

    def _numbered(self, side: int) -> dict[Place, int]:
        found: dict[Place, int] = {}
        for step in program_of(self._case.policies[side]).every:
            key = step.collection, self._told(side, found, step.core)
            found[step.collection, step.slot] = self._known.setdefault(key, len(self._known))
        return found

    def _told(self, side: int, found: Numbers, node: CoreExpression) -> CoreExpression:
        """The expression with what it refers to in place of where that stands."""
        node = core.changed(node, partial(self._told, side, found))
        if not isinstance(node, core.Placed):
            return node
        return replace(node, slot=self._token(side, found, node))

    def _token(self, side: int, found: Numbers, node: core.Placed) -> int:
        one, other = self._case.tables
        match node:
            case core.Fact():
                return 0
            case core.TermValue() | core.CauseMet() | core.ConditionMet():
                return found[node.collection, node.slot]
            case core.Lookup(parameter=id, on=on):
                same = id in self._alike and (on is None or self._on_all_days(id))
            case core.InList(list=id, on=on) | core.OverlapsList(list=id, on=on):
                same = on is None and id in one.lists and one.lists.get(id) == other.lists.get(id)
            case core.ChosenReading(reading=id):
                chosen = [tables.readings[id].chosen if id in tables.readings else "" for tables in (one, other)]
                same = chosen[0] == chosen[1]
        return 0 if same else side + 1

    def _on_all_days(self, id: str) -> bool:
        one, other = (policy.dated.tables.get(id) for policy in self._case.policies)
        told = [
            [(row.key, row.start, row.end, row.known_from, row.known_until, row.value.value) for row in rows or ()]
            for rows in (one, other)
        ]
        return told[0] == told[1]
