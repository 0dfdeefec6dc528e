"""Many households at little cost: a few are drawn and read, and their facts are dealt out anew, column by column.

In: a case, households as their JSON.  Out: what the steps of either side come to for each of the many. Nothing is
drawn, read or explained again: what is held against a proof is what the interpreter works out in its frames.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, cast

from engine.errors import HouseholdError
from engine.evaluation.facts import HouseholdFacts, Item
from engine.evaluation.frame import frame_on, rows_of
from engine.evaluation.household import read_household
from engine.evaluation.lookup import Tables
from engine.evaluation.working import work_out, workings_of
from engine.language.types import ItemOf
from engine.language.values import UNKNOWN, Value, is_known
from engine.policy.checked import CheckedPolicy
from engine.policy.model import Fact
from engine.program.link import program_of
from engine.program.model import HOUSEHOLD, Step
from engine.proof.question import step_of
from engine.proof.results import Direction, Goal
from engine.proof.sides import Case, fields_of

Tree = Mapping[str, Any]
Worth = Mapping[Goal, Sequence[Value]]
"""of each goal what it comes to, in the household or in each item"""


def dealt(case: Case, trees: Sequence[Tree], rng: random.Random, count: int) -> Iterator[HouseholdFacts]:
    """Args: trees: of the case, as far as they are read there."""
    held = [facts for tree in trees if (facts := _read(case, tree)) is not None]
    elements = case.policies[0].merged.elements
    pools = {
        id: [item for one in held for item in cast("tuple[Item, ...]", one.items[id])] for id in elements.collections
    }
    for _ in range(count if held else 0):
        base = rng.choice(held)
        items = {
            id: tuple(_mixed(item, one.facts, pools[id], rng) for item in cast("tuple[Item, ...]", base.items[id]))
            for id, one in elements.collections.items()
        }
        household = _mixed(base.household, elements.facts, [one.household for one in held], rng)
        yield replace(base, household=household, items=items)


def _mixed(
    item: Mapping[str, Value], facts: Mapping[str, Fact], pool: Sequence[Mapping[str, Value]], rng: random.Random
) -> dict[str, Value]:
    """Each fact from any of them; who it is, and whom it refers to, stays."""
    return {
        id: value if facts[id].role or isinstance(facts[id].type, ItemOf) else pool[int(rng.random() * len(pool))][id]
        for id, value in item.items()
    }


def _read(case: Case, tree: Tree) -> HouseholdFacts | None:
    """None of one that is refused as it is read, or in which something is unknown."""
    fields = frozenset(field for policy in case.policies for field in fields_of(policy.merged.elements))
    try:
        facts = read_household(dict(tree), case.policies[0], asked_fields=fields)
    except HouseholdError:
        return None
    return None if UNKNOWN in facts.items.values() else facts


class Side:
    """One side of a case, which works out goals; its edit may not be of what is declared."""

    def __init__(self, policy: CheckedPolicy, tables: Tables, goals: Sequence[Goal]) -> None:
        self.policy, self._tables = policy, tables
        self._program = program_of(policy)
        self._goals = [(goal, step_of(goal, self._program)) for goal in goals]

    def worth(self, facts: HouseholdFacts) -> Worth | None:
        """None where a check of the data refuses it."""
        rows = rows_of(self._program, facts)
        frame = frame_on(rows, self._program, self._tables)
        work_out(workings_of(self._program), frame)

        def values(step: Step) -> Sequence[Value]:
            if step.collection == HOUSEHOLD:
                return (rows.household[step.slot],)
            return [row[step.slot] for row in cast("Sequence[list[Value]]", rows.items[step.collection])]

        try:
            if any(value is False for step in self._program.refusing for value in values(step)):
                return None
            return {goal: (False,) if step is None else values(step) for goal, step in self._goals}
        finally:
            frame.let_go()


def is_so(direction: Direction, one: Sequence[Value], other: Sequence[Value]) -> bool:
    """Whether the second comes to less in the household or in some item, or to more; of what is known."""
    return any(_is_further(was, now, direction) for was, now in zip(one, other, strict=True))


def _is_further(one: Value, other: Value, direction: Direction) -> bool:
    if not (is_known(one) and is_known(other)):
        return False
    if isinstance(one, str):
        return direction == "more" and one != other  # options have no order
    low, high = (other, one) if direction == "less" else (one, other)
    return bool(low < high)  # type: ignore[operator]  # of one kind
