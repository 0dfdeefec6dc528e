"""Households of a policy set, as dicts and as one table.

In: a policy set, who is asked to decide, a seed.  Out: a `Batch`: the same households both ways. Some lie on a
limit, to the fen or a fen beside it; some know little, some are refused, a few have as many items as can be.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Any, Final

import pyarrow as pa

from engine.api import Policies
from engine.errors import HouseholdError
from engine.evaluation.decision import Decision
from engine.language import core
from engine.language.interpreter import MAX_ITEMS
from engine.language.references import core_walk
from engine.language.types import ItemOf, Quantity
from engine.language.values import ends
from engine.policy.extent import fact_extent
from engine.policy.model import Collection, Elements
from engine.program.link import program_of
from tests.agreement.columns import Column, Drawn, Layout, layout_of
from tests.agreement.deciders import Asked, Tree, decided, interpreting

ON_A_LIMIT: Final = 0.25
"""how many households are moved to where a comparison turns, or a count beside it"""
AT_THE_ENDS: Final = 0.1
ODD_SHARE: Final = 0.3
"""how many have values that are refused"""
LACKING_SHARE: Final = 0.6
"""of a table in which some lack what they must have, how many do"""
SAME_IDS: Final = ("m{}", " m{}", "M{}", "\uff4d{}", "m\u200b{}")
"""ways of typing one id"""


@dataclass(frozen=True)
class Batch:
    """Some households, in the order of the table's rows."""

    asked: Asked
    households: Sequence[Tree]
    table: pa.Table
    lacking: bool = False
    """whether some of them may lack what they must have"""


class Population:
    """What households of a policy set are drawn from.

    Args:
        policies: of which households are asked.
        reference: the same, of which only the interpreter is.
    """

    def __init__(self, policies: Policies, reference: Policies, asked: Sequence[Asked]) -> None:
        self.policies, self.reference = policies, reference
        self._asked = asked
        library = reference.library
        self._days = sorted({day for one in library.documents.values() for day in _days_in(policies, one.header.id)})
        roots = {root for id in library.documents if (root := library.root_of(id)) is not None}
        self._places = [place for root in sorted(roots) for place in library.territory(root)]
        self._elements: dict[str | None, list[Elements]] = {}
        self._counts: dict[str | None, list[int]] = {}

    def batch(self, seed: object, size: int) -> Batch:
        """So many households in one table. Some have all amounts and days at one end of what they can be, and lists as
        long as can be."""
        rng = random.Random(f"{seed}")
        asked = rng.choice(self._asked)
        if asked.as_of is None and rng.random() < 0.2:
            asked = replace(asked, as_of=rng.choice(self._days))
        if rng.random() < 0.1:
            asked = replace(asked, known_on=rng.choice(self._days))
        layout = layout_of(self.elements(asked.policy), rng, absent=rng.choice((0, 0, 0.08, 0.3)))
        null = rng.choice((0, 0.03, 0.03, 0.15, 0.6))
        lack = rng.choice((0, 0, 0.03, 0.2))
        with interpreting():
            households = [self._household(rng, layout, asked, null, lack, place) for place in range(size)]
        if size and rng.random() < 0.3:
            _set_same_id(households, layout)
        return Batch(asked, households, table_of(households, layout, rng), lack > 0)

    def complete(self, seed: object, size: int, asked: Asked | None = None) -> list[Tree]:
        """Households of which all is given, and nothing is to be refused but by a data check."""
        rng = random.Random(f"{seed}")
        asked = asked or self._asked[0]
        layout = layout_of(self.elements(asked.policy), rng, absent=0)
        return [self._household(rng, layout, asked, 0, 0, place, sound=True) for place in range(size)]

    def places(self, policy: str | None) -> Sequence[str]:
        """Where the policy holds, now and then elsewhere, or nowhere."""
        if policy is None:
            return [*self._places * (1 + 30 // len(self._places)), "999999"]
        library = self.reference.library
        inside = library.territory(policy).inside(library.documents[policy].header.jurisdiction)
        return [*inside * (1 + 60 // len(inside)), *self._places[:2], "999999"] if inside else self._places

    def elements(self, policy: str | None) -> list[Elements]:
        """What the chains declare that may decide: on each day, in each place that differs."""
        if policy not in self._elements:
            self._elements[policy] = list(self._declared(policy))
        return self._elements[policy]

    def _declared(self, policy: str | None) -> Iterator[Elements]:
        router, library = self.reference.router, self.reference.library
        for root in [policy] if policy else router.root_ids():
            for place in _some(library.territory(root), 40):
                chain = library.chain_ids(root, place)
                for day in _some(self._days, 12):
                    checked, _ = router.checked(chain, place, day, None)
                    if checked is not None:
                        yield checked.merged.elements

    def counts(self, policy: str | None) -> list[int]:
        """Numbers that expressions and tables hold, and a few times these."""
        if policy not in self._counts:
            self._counts[policy] = sorted(set(self._turning(policy)))
        return self._counts[policy]

    def _turning(self, policy: str | None) -> Iterator[int]:
        router, library = self.reference.router, self.reference.library
        for root in [policy] if policy else router.root_ids():
            for place in _some(library.territory(root), 5):
                for day in _some(self._days, 4):
                    checked, _ = router.checked(library.chain_ids(root, place), place, day, None)
                    if checked is None:
                        continue
                    for step in program_of(checked).every:
                        for node in core_walk(step.core):
                            if isinstance(node, core.Constant) and isinstance(node.type, Quantity):
                                yield from _times(node.value)
                    for parameter in checked.merged.elements.parameters.values():
                        for block in parameter.blocks:
                            for cell in list(block.cells.values())[:20]:
                                yield from _times(cell.value)

    # ---- one household

    def _household(
        self,
        rng: random.Random,
        layout: Layout,
        asked: Asked,
        null: float,
        lack: float,
        place: int,
        *,
        sound: bool = False,
    ) -> Tree:
        ends = rng.random() < AT_THE_ENDS and not sound
        null = min(null, 0.02) if ends else null
        bad = rng.choice((0.02, 0.1)) if rng.random() < ODD_SHARE and not ends and not sound else 0
        lack = lack if rng.random() < LACKING_SHARE else 0
        of = Drawn(self.places(asked.policy), self._days, self.counts(asked.policy), bad, null, lack, ends)
        tree = self._drawn(rng, layout, of, place)
        for _ in range(0 if bad or lack else 4):
            # what is drawn at random fails many a data check
            if isinstance(decided(self.reference, tree, asked), Decision):
                break
            tree = self._drawn(rng, layout, of, place)
        if rng.random() < ON_A_LIMIT and not (bad or lack or ends):
            self._move(rng, tree, layout, asked)
        return tree

    def _drawn(self, rng: random.Random, layout: Layout, of: Drawn, place: int) -> Tree:
        tree: Tree = {}
        sizes = {held.id: _size(rng, held, of) for held, _ in layout.lists}
        ids = {id: [f"m{number + 1}" for number in range(size or 0)] for id, size in sizes.items()}
        for held, columns in layout.lists:
            size = sizes[held.id]
            tree[held.id] = None if size is None else [self._item(rng, columns, of, ids, at) for at in range(size)]
            if size and rng.random() < max(of.bad, of.lack):
                tree[held.id][rng.randrange(size)] = None
            if size and size > 1 and of.bad and rng.random() < of.bad:
                _repeat(rng, tree[held.id], columns)
        for column in layout.household:
            kind = column.fact.type
            tree[column.fact.id] = column.drawn(
                rng, of, ids.get(kind.collection, ()) if isinstance(kind, ItemOf) else ()
            )
            if column.fact.role == "identity" and tree[column.fact.id] is not None and rng.random() >= of.bad:
                tree[column.fact.id] = f"H-{place:05}"
        return tree

    def _item(
        self, rng: random.Random, columns: Sequence[Column], of: Drawn, ids: Mapping[str, Sequence[str]], at: int
    ) -> Tree:
        item: Tree = {}
        for column in columns:
            fact, kind = column.fact, column.fact.type
            if fact.role == "identity" and rng.random() >= max(of.bad, of.lack, of.null / 20):
                item[fact.id] = f"m{at + 1}"
            else:
                item[fact.id] = column.drawn(rng, of, ids.get(kind.collection, ()) if isinstance(kind, ItemOf) else ())
        return item

    # ---- limits

    def _move(self, rng: random.Random, tree: Tree, layout: Layout, asked: Asked) -> None:
        """Set one amount so that both sides of some comparison meet, or nearly."""
        spots = [(tree, column) for column in layout.household]
        spots += [
            (item, one) for held, inner in layout.lists for item in (tree[held.id] or ())[:2] if item for one in inner
        ]
        spots = [
            (at, one) for at, one in spots if isinstance(one.fact.type, Quantity) and at.get(one.fact.id) is not None
        ]
        if not spots:
            return
        at, column = rng.choice(spots)
        before, written = at[column.fact.id], column.written
        low, high = ends(fact_extent(column.fact))
        base = rng.choice((0, int(low), 1_200_000))  # type: ignore[arg-type]  # a quantity's ends are numbers
        stride = 12 * 10**column.fact.decimals * 10**column.fact.decimals
        sides = []
        for count in (base, base + stride):
            at[column.fact.id] = written(count)
            sides.append(self._differences(tree, asked))
        turns = [
            base - sides[0][key] * stride / (sides[1][key] - sides[0][key])
            for key in sides[0].keys() & sides[1].keys()
            if sides[0][key] != sides[1][key]
        ]
        at[column.fact.id] = before
        turns = [turn for turn in turns if low <= turn <= high]
        if turns:
            count = int(rng.choice(sorted(turns))) + rng.choice((-1, 0, 0, 1))
            at[column.fact.id] = written(min(max(count, int(low)), int(high)))  # type: ignore[arg-type]

    def _differences(self, tree: Tree, asked: Asked) -> dict[str, Fraction]:
        """Of each comparison that is known its left side less its right."""
        decision = decided(self.reference, tree, asked)
        if isinstance(decision, HouseholdError):
            return {}
        causes = {id: held.conditions for id, held in decision.causes.items()} | {"": decision.requirements}
        found = {}
        for cause, conditions in causes.items():
            for id, held in conditions.items():
                if held.comparison is not None:
                    left, right = held.comparison.left.value, held.comparison.right.value
                    if isinstance(left, int | Fraction) and isinstance(right, int | Fraction):
                        found[f"{cause}.{id}"] = Fraction(left) - Fraction(right)
        return found


def table_of(households: Sequence[Tree], layout: Layout, rng: random.Random) -> pa.Table:
    """The table whose rows mean these households."""

    def stored(tree: Tree, columns: Sequence[Column]) -> Tree:
        return {one.fact.id: one.stored(tree[one.fact.id], rng) for one in columns}

    rows = []
    for tree in households:
        row = stored(tree, layout.household)
        for held, columns in layout.lists:
            items = tree[held.id]
            row[held.id] = None if items is None else [None if one is None else stored(one, columns) for one in items]
        rows.append(row)
    schema = layout.schema
    arrays = [pa.array([row[field.name] for row in rows], field.type) for field in schema]
    return pa.table(arrays, schema=schema)


def _size(rng: random.Random, held: Collection, of: Drawn) -> int | None:
    kind = rng.random()
    if kind < (max(of.null / 20, of.lack) if held.required else of.null):
        return None
    if kind > 1 - max(of.bad, of.lack) / 2:
        return 0
    if of.ends and kind > 0.99:
        return MAX_ITEMS
    if kind > 0.9995:
        return rng.choice((MAX_ITEMS, MAX_ITEMS, MAX_ITEMS + 1)) if rng.random() < 0.2 else 60
    return max(held.at_least, rng.choices((0, 1, 2, 3, 4, 8), (3, 4, 4, 2, 1, 1))[0])


def _repeat(rng: random.Random, items: list[Tree | None], columns: Sequence[Column]) -> None:
    """Give two items one id, perhaps typed otherwise."""
    one, other = rng.sample(range(len(items)), 2)
    told = items[one]
    if told is None or items[other] is None:
        return
    for column in columns:
        if column.fact.role == "identity":
            told[column.fact.id] = rng.choice(SAME_IDS).format(other + 1)


def _set_same_id(households: Sequence[Tree], layout: Layout) -> None:
    for column in layout.household:
        if column.fact.role == "identity":
            households[-1][column.fact.id] = households[0][column.fact.id]


def _days_in(policies: Policies, id: str) -> Iterator[date]:
    library = policies.library
    ids = library.whole_line(id)
    chain = library.chain(ids)
    if chain is None:
        return
    for day in policies.slices.cuts(chain).days:
        if date(1950, 1, 1) < day < date(2150, 1, 1):
            yield day


def _times(value: object) -> Iterator[int]:
    if isinstance(value, int | Fraction):
        for times in (1, 2, 12, 36):
            count = Fraction(value) * times
            if abs(count) < 10**12:
                yield int(count)


def _some(found: Any, most: int) -> list[Any]:
    """At most so many, spread over all."""
    every = list(found)
    return every if len(every) <= most else every[:: len(every) // most + 1]
