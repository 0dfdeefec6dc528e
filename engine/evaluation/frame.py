"""The scratch paper of one decision: rows of values, for the household and for each item of its collections.

In: a `Program`, `HouseholdFacts`, the values in force, the readings in effect.  Out: `Frame`s, in which the steps are
worked out and the interpreter reads. Nothing of a frame outlives the decision but its rows.
Imports program, policy and language.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import reduce
from typing import TypeAlias

from engine.evaluation.facts import HouseholdFacts, Item
from engine.evaluation.joins import Joins, TooManyPairs
from engine.evaluation.lookup import Tables
from engine.language.core import Aggregate, ChosenReading, InList, Lookup, OverlapsList, Reference
from engine.language.interpreter import Rows as Listed
from engine.language.interpreter import Unseen
from engine.language.values import UNKNOWN, Unknown, Value, hull
from engine.program.model import HOUSEHOLD, Collection, Program
from engine.records import dataclass

NO_INDEX = -1

Row: TypeAlias = list[Value]
"""the values of an item: its inputs, then what the steps work out, each at its slot"""


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """All values of a household: its own row, and of each other collection those of its items (`UNKNOWN`: the list was
    not given), with one of an item of which nothing is known."""

    household: Row
    items: Mapping[str, tuple[Row, ...] | Unknown]
    unseen: Mapping[str, Row]


@dataclass(slots=True, eq=False)
class Frame:
    """Where an expression is worked out.

    Attributes:
        collection: "" in the frame of the household; `index` the place of the item in its list.
        row: the values of the household, or of this item.
        parent: the frame of the household, seen from an item; None in the frame of the household.
        tables, readings: shared by all frames of a decision.
        items: of each collection the frames of its items; in the frame of the household only.
        joins: likewise; what aggregates of items have to look at.
        left: likewise; how often one item may still be held against another, None for no end.
    """

    row: Row
    tables: Tables
    readings: list[str]
    parent: Frame | None
    collection: str
    index: int
    items: dict[str, tuple[Frame, ...] | Unseen[Frame]]
    joins: Joins | None
    left: int | None

    def __init__(
        self,
        row: Row,
        tables: Tables,
        readings: list[str],
        parent: Frame | None = None,
        collection: str = HOUSEHOLD,
        index: int = NO_INDEX,
    ) -> None:
        """By hand, for there is one of every item of every household."""
        self.row = row
        self.tables = tables
        self.readings = readings
        self.parent = parent
        self.collection = collection
        self.index = index
        self.items = {}
        self.joins = None
        self.left = None

    def item(self, collection: str, index: int, row: Row) -> Frame:
        """A frame for one item, inside this one."""
        return Frame(row, self.tables, self.readings, self, collection, index)

    def of(self, collection: str) -> Frame:
        """This frame, or the one around it that holds the collection's item (the household for "")."""
        frame = self
        while frame.collection != collection:
            if frame.parent is None:
                raise AssertionError(f"no item of {collection} is current")
            frame = frame.parent
        return frame

    # ---- as the interpreter reads it

    def value(self, node: Reference) -> Value:
        owner = self if self.collection == node.collection else self.of(node.collection)
        return owner.row[node.slot]

    def looked_up(self, node: Lookup, keys: tuple[Value, ...], day: Value | None) -> Value:
        if day is None:
            return self.tables.by_slot[node.slot].value(keys, node.keys)
        return reduce(hull, [table.value(keys, node.keys) for _, table in self.tables.elsewhen.parameter(node, day)])

    def rows_of(self, node: InList | OverlapsList, day: Value | None) -> Sequence[Listed | None]:
        return (self.tables.lists_by_slot[node.slot],) if day is None else self.tables.elsewhen.rows(node, day)

    def chosen(self, node: ChosenReading) -> Value:
        return self.readings[node.slot]

    def outer(self) -> Frame:
        if self.parent is None:
            raise AssertionError("nothing is around a household")
        return self.parent

    def is_itself(self) -> bool:
        around = self.parent
        return around is not None and self.index == around.index >= 0 and self.collection == around.collection

    def gone_over(self, node: Aggregate) -> Sequence[Frame] | Unseen[Frame]:
        if self.parent is None:
            return self.items[node.collection]
        home = self.of(HOUSEHOLD)
        found: Sequence[Frame] | Unseen[Frame] = home.items[node.collection]
        if isinstance(found, Unseen):
            return Unseen(self._within(found.item), found.least)
        places = None if home.joins is None else home.joins.places(node, found, self)
        if places is not None:
            found = [found[place] for place in places]
        if home.left is not None:
            home.left -= len(found)
            if home.left < 0:
                raise TooManyPairs(self.collection, node.collection)
        return [self._within(item) for item in found]

    def items_of(self, collection: str) -> tuple[Frame, ...] | Unseen[Frame]:
        """The frames of a collection's items, as seen from here."""
        if self.parent is None:
            return self.items[collection]
        found = self.of(HOUSEHOLD).items[collection]
        if isinstance(found, Unseen):
            return Unseen(self._within(found.item), found.least)
        return tuple(self._within(item) for item in found)

    def every(self, collection: str) -> tuple[Frame, ...]:
        """The frames in which a step of a collection is worked out, as seen from here."""
        if collection == HOUSEHOLD:
            return (self,)
        items = self.items_of(collection)
        return (items.item,) if isinstance(items, Unseen) else items

    def given(self, collection: str) -> tuple[Frame, ...]:
        """Of these, the ones that the household gave."""
        return () if isinstance(self.of(HOUSEHOLD).items.get(collection), Unseen) else self.every(collection)

    def let_go(self) -> None:
        """Items know their household and it knows them; they let go of each other."""
        self.items.clear()

    def _within(self, item: Frame) -> Frame:
        """The same item seen from inside another item, whose values stay visible."""
        return self.item(item.collection, item.index, item.row)


def rows_of(program: Program, facts: HouseholdFacts) -> Rows:
    """The rows of a household, in which nothing is worked out yet."""
    household = _row(program.collections[HOUSEHOLD], facts.household)
    items: dict[str, tuple[Row, ...] | Unknown] = {}
    unseen: dict[str, Row] = {}
    for id, collection in program.collections.items():
        if id == HOUSEHOLD:
            continue
        given = facts.items.get(id, UNKNOWN)
        if given is UNKNOWN:
            items[id] = UNKNOWN
            unseen[id] = unseen_row(collection)
        else:
            items[id] = tuple([_row(collection, item) for item in given])
    return Rows(household, items, unseen)


def unseen_row(collection: Collection) -> Row:
    """That of an item of which nothing is known."""
    return _padded(collection, [one.extent for one in collection.inputs])


def _row(collection: Collection, item: Item) -> Row:
    return _padded(collection, [item[one.id] for one in collection.inputs])


def _padded(collection: Collection, inputs: Sequence[Value]) -> Row:
    return [*inputs, *([UNKNOWN] * (collection.width - len(inputs)))]


def frame_on(rows: Rows, program: Program, tables: Tables) -> Frame:
    """The frame of a household with the frames of all its items, around its rows."""
    frame = Frame(rows.household, tables, list(tables.options))
    if program.joined:
        frame.joins = Joins(program.asked_equal)
    for id, items in rows.items.items():
        if items is UNKNOWN:
            frame.items[id] = Unseen(frame.item(id, NO_INDEX, rows.unseen[id]), program.collections[id].least)
        else:
            frame.items[id] = tuple([frame.item(id, index, row) for index, row in enumerate(items)])
    return frame


def pairs_at_most(program: Program, rows: Rows) -> int:
    """How often one item may be held against another, if nothing is laid out."""
    lengths = {id: 0 if items is UNKNOWN else len(items) for id, items in rows.items.items()}
    return sum(lengths[collection] * lengths[node.collection] for collection, node in program.joined)
