"""Which field a column gives, by its header.

In: the headers of a table, and what the policies declare.  Out: for each column what it was taken for and why, or that
nothing answers to it, with the nearest name.
A header is known by the label, the name or the id of a fact, or by a documented alias of what every household has. Its
width and its blanks do not count, nor a unit in brackets behind it, which is the unit of its amounts.
Imports policy (`cells`) and the ground floor.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final, Literal, TypeAlias

from engine.language.types import Quantity
from engine.policy.cells import squeezed
from engine.policy.model import Fact
from engine.records import dataclass
from engine.screening.reading.fields import HOUSEHOLD, Tables
from engine.suggest import Near

Use: TypeAlias = Literal["field", "join", "count", "items"]
Why: TypeAlias = Literal["label", "name", "id", "alias", "mapping"]

HEAD_ALIASES: Final = ("户主身份证号", "户主身份证号码", "户主公民身份号码", "户主证件号码")
"""the identity number of a household's head: joins tables, and is the household's id where there is no other"""
OWN_ALIASES: Final = ("家庭编号", "家庭编码", "户编号")
"""the household's id, in its own table and in those of its items"""
COUNT_ALIASES: Final = ("家庭人口数", "家庭人口", "人口数")
"""how many items the collection has that every household has: counted, and compared"""
ROLE_ALIASES: Final[Mapping[str, tuple[str, ...]]] = {
    "as_of": ("申请日期", "申请时间", "提出申请日期"),
    "place": ("行政区划代码", "区划代码", "县区代码"),
}
OWN, HEAD = "own", "head"
ITEM_ALIASES: Final = ("身份证号", "身份证号码", "公民身份号码", "证件号码", "成员身份证号")
_UNIT: Final = re.compile(r"\((万元|元|分)(?:/[年月])?\)$")


@dataclass(frozen=True, slots=True)
class Taken:
    """What a column is taken for.

    Attributes:
        at: its number, from 0. header: as written.
        fact: the field, where it is one.
        unit: that its header states.
    of: of what joins `OWN` or `HEAD`, of a list of items the collection.
    """

    at: int
    header: str
    use: Use
    fact: Fact | None
    why: Why
    unit: str = ""
    of: str = ""


@dataclass(frozen=True, slots=True)
class Unplaced:
    at: int
    header: str
    near: Near


@dataclass(frozen=True, slots=True)
class Placed:
    """A table of one kind: `collection` is `HOUSEHOLD` or a collection's id."""

    collection: str
    taken: tuple[Taken, ...]
    unplaced: tuple[Unplaced, ...]

    def joins(self) -> dict[str, Taken]:
        """The columns by which tables may be joined, by what they name."""
        return {one.of: one for one in self.taken if one.use == "join"}

    def by_field(self) -> dict[str, Taken]:
        return {one.fact.id: one for one in self.taken if one.use == "field" and one.fact is not None}


class Headers:
    """Knows every way in which the columns of a kind of table may be headed."""

    def __init__(self, tables: Tables) -> None:
        self.tables = tables
        self._known = {collection: self._words(collection) for collection in tables.facts}

    def place(self, headers: Sequence[str], collection: str) -> Placed:
        """Every column of a table of one kind."""
        known = self._known[collection]
        taken: list[Taken] = []
        unplaced: list[Unplaced] = []
        for at, header in enumerate(headers):
            if not header.strip():
                continue
            found = self._find(at, header, known)
            if found is not None:
                taken.append(found)
            else:
                unplaced.append(Unplaced(at, header, Near(plain(header), self.words(collection))))
        return _with_identity(Placed(collection, tuple(taken), tuple(unplaced)), self.tables)

    def words(self, collection: str) -> list[str]:
        """What columns may be headed, the labels first."""
        facts = self.tables.facts[collection].values()
        return [*(fact.label for fact in facts), *(fact.name for fact in facts if fact.name), *(f.id for f in facts)]

    def _find(self, at: int, header: str, known: Mapping[str, tuple[Use, Fact | None, Why, str]]) -> Taken | None:
        word = plain(header)
        stated = _UNIT.search(word)
        for text, unit in ((word, ""), (word[: stated.start()], stated[1])) if stated else ((word, ""),):
            if text in known:
                use, fact, why, collection = known[text]
                is_amount = fact is not None and isinstance(fact.type, Quantity)
                return Taken(at, header, use, fact, why, unit if is_amount else "", collection)
        return None

    def _words(self, collection: str) -> dict[str, tuple[Use, Fact | None, Why, str]]:
        """What comes first counts: a policy's own words before aliases."""
        found: dict[str, tuple[Use, Fact | None, Why, str]] = {}

        def know(word: str, use: Use, fact: Fact | None, why: Why, of: str = "") -> None:
            if word:
                found.setdefault(plain(word), (use, fact, why, of))

        facts = self.tables.facts[collection]
        for fact in facts.values():
            know(fact.label, "field", fact, "label")
            know(fact.id, "field", fact, "id")
        for fact in facts.values():
            know(fact.name, "field", fact, "name")
        if collection == HOUSEHOLD:
            for one in self.tables.collections.values():
                know(one.id, "items", None, "id", one.id)
                know(one.label, "items", None, "label", one.id)
        identity = self.tables.with_role(HOUSEHOLD, "identity")
        if collection == HOUSEHOLD:
            for role, words in ROLE_ALIASES.items():
                for word in words:
                    know(word, "field", self.tables.with_role(HOUSEHOLD, role), "alias")
            for word in OWN_ALIASES:
                know(word, "field", identity, "alias")
            counted = next((one for one in self.tables.collections.values() if one.required), None)
            names = () if counted is None else (f"{word}人数" for word in (counted.label, counted.name) if word)
            for word in (*COUNT_ALIASES, *names):
                know(word, "count", None, "alias")
        else:
            item = self.tables.with_role(collection, "identity")
            for word in ITEM_ALIASES if item is not None else ():
                know(word, "field", item, "alias")
            for word in OWN_ALIASES:
                know(word, "join", None, "alias", OWN)
            if identity is not None:
                know(identity.label, "join", None, "label", OWN)
                know(f"household_{identity.id}", "join", None, "id", OWN)
        for word in HEAD_ALIASES:
            know(word, "join", None, "alias", HEAD)
        return found


def _with_identity(placed: Placed, tables: Tables) -> Placed:
    """The households' own table: its id joins, and what joins is its id where no column is headed so."""
    identity = tables.with_role(HOUSEHOLD, "identity")
    if placed.collection != HOUSEHOLD or identity is None:
        return placed
    own, head = placed.by_field().get(identity.id), placed.joins().get(HEAD)
    if own is not None:
        return replace(placed, taken=(*placed.taken, replace(own, use="join", fact=None, of=OWN)))
    if head is not None:
        return replace(placed, taken=(*placed.taken, replace(head, use="field", fact=identity, of="")))
    return placed


def plain(header: str) -> str:
    """Without blanks, in half-width signs, small letters."""
    return squeezed(header).casefold()
