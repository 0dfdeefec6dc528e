"""Where the interpreter looks up names: the household, or one item of a collection, with what was worked out so far.

In: `HouseholdFacts`, the values in force, the readings in effect.  Out: `interpreter.evaluate` reads a `Frame` and
keeps the terms and findings it has worked out in it. A frame is the scratch paper of one decision; nothing of it
outlives the decision. Imports policy and language.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from engine.evaluation.facts import HouseholdFacts
from engine.evaluation.lookup import Tables
from engine.language.values import UNKNOWN, Truth3, Value
from engine.policy.checked import Rules

Findings: TypeAlias = dict[tuple[str, str], Truth3]
"""(cause, condition); ("", requirement) and (cause, "") for a requirement and for a cause as a whole"""

NO_INDEX = -1


@dataclass(frozen=True, slots=True, eq=False)
class Unseen:
    """Stands for the items of a list that was not given: one of which nothing is known, and their least number."""

    item: Frame
    least: int


class Frame:
    """Attributes:
    rules, tables, readings, findings: shared by all frames of a decision.
    collection: "" in the frame of the household; `index` the place of the item in its list.
    parent: the frame of the household, seen from an item; None in the frame of the household.
    facts, terms: of the household, or of this item; `terms` are those worked out so far.
    items: of each collection the frames of its items; in the frame of the household only.
    """

    __slots__ = (
        "collection",
        "facts",
        "findings",
        "index",
        "items",
        "parent",
        "readings",
        "rules",
        "tables",
        "terms",
    )

    def __init__(
        self,
        rules: Rules,
        tables: Tables,
        readings: dict[str, str],
        facts: dict[str, Value],
        *,
        parent: Frame | None = None,
        collection: str = "",
        index: int = NO_INDEX,
    ) -> None:
        self.rules = rules
        self.tables = tables
        self.readings = readings
        self.facts = facts
        self.parent = parent
        self.collection = collection
        self.index = index
        self.terms: dict[str, Value] = {}
        self.findings: Findings = {} if parent is None else parent.findings
        self.items: dict[str, tuple[Frame, ...] | Unseen] = {}

    def item(self, collection: str, index: int, facts: dict[str, Value]) -> Frame:
        """A frame for one item, inside this one."""
        return Frame(self.rules, self.tables, self.readings, facts, parent=self, collection=collection, index=index)

    def of(self, collection: str) -> Frame:
        """This frame, or the one around it that holds the collection's item (the household for "")."""
        frame = self
        while frame.collection != collection:
            if frame.parent is None:
                raise AssertionError(f"no item of {collection} is current")
            frame = frame.parent
        return frame

    def items_of(self, collection: str) -> tuple[Frame, ...] | Unseen:
        """The frames of a collection's items, as seen from here."""
        if self.parent is None:
            return self.items[collection]
        found = self.of("").items[collection]
        if isinstance(found, Unseen):
            return Unseen(self._within(found.item), found.least)
        return tuple(self._within(item) for item in found)

    def _within(self, item: Frame) -> Frame:
        """The same item seen from inside another item, whose facts stay visible."""
        inner = self.item(item.collection, item.index, item.facts)
        inner.terms = item.terms
        return inner


def household_frame(
    rules: Rules,
    tables: Tables,
    readings: dict[str, str],
    facts: HouseholdFacts,
    unseen: Mapping[str, tuple[Mapping[str, Value], int]],
) -> Frame:
    """The frame of a household with the frames of all its items.

    Args:
        unseen: of each collection an item of which nothing is known, and the least number of items.
    """
    frame = Frame(rules, tables, readings, dict(facts.household))
    for collection, (unknown, least) in unseen.items():
        items = facts.items.get(collection, UNKNOWN)
        if items is UNKNOWN:
            frame.items[collection] = Unseen(frame.item(collection, NO_INDEX, dict(unknown)), least)
        else:
            frame.items[collection] = tuple(
                [frame.item(collection, index, dict(item)) for index, item in enumerate(items)]
            )
    return frame
