"""What the form can name: facts, steps and parameters by whose they are, options, lists, and units.

In: a snapshot and a file.  Out: `Vocabulary`. Imports editing, language and the ground floor.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, Literal, TypeAlias

from engine.editing.known import Known, Named, known_at
from engine.editing.telling import type_text
from engine.editing.value_offers import UNITS
from engine.editing.workspace import File, Snapshot
from engine.language.types import Choice, DateType, Quantity, Several, Text, Truth
from engine.language.units import parse_unit
from engine.policy.model import Parameter
from engine.records import dataclass
from engine.say import Say
from engine.source import UnitWords

Sort: TypeAlias = Literal["quantity", "day", "truth", "choice", "text", "several"]
_GROUPS: Final = {
    "fact": ("填报事项", "facts"),
    "term": ("计算步骤", "steps"),
    "parameter": ("标准和限额", "limits"),
    "cause": ("认定情形", "causes"),
    "reading": ("条文读法", "readings"),
}


@dataclass(frozen=True, slots=True)
class Item:
    """
    Attributes:
        word: as the expression names it; `shown` as the form does, with its unit.
        group: what kind of thing it is, as the form heads it.
        collection: the id of the collection whose items have it, "" for the household.
    """

    word: str
    shown: str
    group: str
    sort: Sort
    collection: str
    unit: str = ""
    options: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """A collection: its id, and how expressions and the form name it."""

    id: str
    word: str
    shown: str


@dataclass(frozen=True, slots=True)
class Vocabulary:
    items: tuple[Item, ...]
    collections: tuple[Group, ...]
    lists: tuple[tuple[str, str], ...]
    units: UnitWords = ()

    def named(self, word: str) -> Item | None:
        return next((one for one in self.items if one.word == word), None)

    def collection(self, word: str) -> str:
        """The id of a collection by what an expression calls it."""
        return next((one.id for one in self.collections if word in (one.word, one.id)), "")

    def within(self, collection: str, *sorts: Sort) -> dict[str, list[Item]]:
        """By heading, what can be named of the items of a collection, and of the household around them."""
        found: dict[str, list[Item]] = {}
        for one in sorted(self.items, key=lambda one: one.collection != collection):
            if one.collection in ("", collection) and (not sorts or one.sort in sorts):
                found.setdefault(one.group, []).append(one)
        return found

    def units_for(self, word: str) -> tuple[str, ...]:
        """Units in which an amount may be written beside something; all where that is not known."""
        item = self.named(word)
        own = "" if item is None else item.unit.replace("/12 月", "/年").replace("/1 ", "/")
        wanted = parse_unit(own, self.units) if own else None
        if item is not None and item.sort == "quantity" and not item.unit:
            return ("", "%")
        if wanted is None:
            return ("", *UNITS)
        return tuple(
            text
            for text in dict.fromkeys((own, *UNITS))
            if text and (unit := parse_unit(text, self.units)) is not None and unit.dimension == wanted.dimension
        )


def vocabulary(snapshot: Snapshot, file: File, say: Say) -> Vocabulary:
    known = known_at(snapshot, file)
    collections = tuple(Group(one.id, one.chinese, one.label or one.id) for one in known.of_kind("collection"))
    labels = {one.id: one.shown for one in collections}
    lists = tuple((one.chinese, one.label or one.id) for one in known.of_kind("list"))
    return Vocabulary(tuple(_items(known, labels, say)), collections, lists, known.units)


def _items(known: Known, labels: Mapping[str, str], say: Say) -> Iterator[Item]:
    for one in known.of_kind("fact", "term", "parameter", "cause", "reading"):
        sort = _sort(one)
        if sort is None:
            continue
        heading = say(*_GROUPS[one.kind])
        group = f"{labels.get(one.collection, one.collection)} · {heading}" if one.collection else heading
        label = one.label or one.id
        unit = one.unit if sort == "quantity" else ""
        behind = type_text(one, say) if sort in ("quantity", "day") else ""
        shown = f"{label}（{behind}）" if behind else label
        options = one.type.options if isinstance(one.type, Choice) else ()
        yield Item(one.chinese, shown, group, sort, one.collection, unit, tuple(options))


def _sort(named: Named) -> Sort | None:
    """What can be asked of it; None for what no condition is about."""
    if isinstance(named.element, Parameter) and named.element.marginal:
        return None
    match named.type:
        case Quantity():
            return "quantity"
        case DateType():
            return "day"
        case Truth():
            return "truth"
        case Choice():
            return "choice"
        case Text():
            return "text"
        case Several():
            return "several"
        case _:
            return None
