"""Which steps of two programs say the same: they are encoded once, and cannot differ.

In: a case, and which parameters are free.  Out: of each step of either side a number; equal numbers are equal steps,
down to the facts and values that they rest on. Cases that share what they say have numbers in common, too: what is
proved of a step in one of them is proved in all that have it. Imports program, language and this floor's cases.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import partial

from engine.language import core
from engine.language.core import CoreExpression
from engine.language.types import Place
from engine.policy.checked import CheckedPolicy
from engine.policy.model import Fact
from engine.program.link import program_of
from engine.program.model import HOUSEHOLD, Step
from engine.proof.groups import asks_where
from engine.proof.sides import Case, published

StepPlace = tuple[str, int]
Numbers = Mapping[StepPlace, int]


class Said:
    """What is said so far, numbered: by as many cases as share it."""

    def __init__(self) -> None:
        self._numbers: dict[object, int] = {}

    def number(self, what: object) -> int:
        return self._numbers.setdefault(what, len(self._numbers))


class Meanings:
    """Attributes:
    sides: of each side the number of each step, by collection and slot.
    """

    def __init__(self, case: Case, free: Iterable[str], said: Said | None = None, *, apart: Iterable[str] = ()) -> None:
        """Args: apart: parameters that may come to something else on either side, whatever is published."""
        self._case, self._free, self._apart = case, frozenset(free), frozenset(apart)
        self._said = said or Said()
        self._looked_up: dict[tuple[int, str, str, bool], int] = {}
        self._facts: dict[tuple[str, str], int] = {}
        self.sides: tuple[Numbers, Numbers] = (self._numbered(0), self._numbered(1))

    def same(self, one: Step | None, other: Step | None) -> bool:
        """Whether a step of the first side and one of the second say the same."""
        if one is None or other is None:
            return one is other
        return self.number(0, one) == self.number(1, other)

    def told(self, side: int, node: CoreExpression) -> CoreExpression:
        """An expression of a side; equal ones say the same, on whichever side."""
        return self._told(side, self.sides[side], node)

    def number(self, side: int, step: Step | None) -> int:
        """-1 for a step that a side does not have."""
        return -1 if step is None else self.sides[side][step.collection, step.slot]

    def _numbered(self, side: int) -> dict[StepPlace, int]:
        found: dict[StepPlace, int] = {}
        for step in program_of(self._case.policies[side]).every:
            said = step.collection, self._told(side, found, step.core)
            found[step.collection, step.slot] = self._said.number(said)
        return found

    def _told(self, side: int, found: Numbers, node: CoreExpression) -> CoreExpression:
        """The expression with what it refers to in place of where that stands."""
        node = core.changed(node, partial(self._told, side, found))
        if not isinstance(node, core.Placed):
            return node
        return replace(node, slot=self._token(side, found, node))

    def _token(self, side: int, found: Numbers, node: core.Placed) -> int:
        tables = self._case.tables[side]
        match node:
            case core.Fact(collection=collection, id=id):
                return self._fact(collection, id)
            case core.TermValue() | core.CauseMet() | core.ConditionMet():
                return found[node.collection, node.slot]
            case core.Lookup(parameter=id, on=on):
                return self._kept(side, "parameter", id, dated=on is not None)
            case core.InList(list=id, on=on) | core.OverlapsList(list=id, on=on):
                return self._kept(side, "list", id, dated=on is not None)
            case core.ChosenReading(reading=id):
                return self._said.number(("reading", tables.readings[id].chosen if id in tables.readings else ""))

    def _fact(self, collection: str, id: str) -> int:
        """As either side declares it: what it may be is within both."""
        found = self._facts.get((collection, id))
        if found is None:
            declared = tuple(_declared(policy, collection, id) for policy in self._case.policies)
            is_place = any(one is not None and isinstance(one.type, Place) for one in declared)
            asked = any(asks_where(program_of(policy)) for policy in self._case.policies)
            place = self._case.place if is_place and asked else ""
            found = self._facts[collection, id] = self._said.number((declared, place))
        return found

    def _kept(self, side: int, kind: str, id: str, *, dated: bool) -> int:
        key = side, kind, id, dated
        found = self._looked_up.get(key)
        if found is None:
            told = self._parameter(side, id, dated) if kind == "parameter" else self._list(side, id, dated)
            found = self._looked_up[key] = self._said.number(told)
        return found

    def _parameter(self, side: int, id: str, dated: bool) -> object:
        """All that it may be worth, on the days that are asked for."""
        policy, table = self._case.policies[side], self._case.tables[side].parameters.get(id)
        if table is None or id in self._apart:
            return object()
        told = id if id in self._free else frozenset(published(policy, table, self._case.place).items())
        rows = policy.dated.tables.get(id) or () if dated else ()
        dates = ((row.key, row.start, row.end, row.known_from, row.known_until, row.value.value) for row in rows)
        return told, table.unknown, tuple(dates)

    def _list(self, side: int, id: str, dated: bool) -> object:
        """One that is asked for as of some day is like no other."""
        listed = self._case.tables[side].lists.get(id)
        return object() if dated or listed is None else listed


def _declared(policy: CheckedPolicy, collection: str, id: str) -> Fact | None:
    elements = policy.merged.elements
    if collection == HOUSEHOLD:
        return elements.facts.get(id)
    held = elements.collections.get(collection)
    return None if held is None else held.facts.get(id)
