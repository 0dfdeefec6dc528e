"""What the names of an expression may mean.

The policy floor fills a `Scope` from a merged policy; `elaborate` resolves names against it. One namespace a chain:
facts, terms, parameters, readings, causes, collections and lists share it, and an element may be named by its id or
by its Chinese name (both are keys of `names`). Facts of a collection's items are visible where an item is current.
Options resolve only against a choice operand and are no names of the scope.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import date
from fractions import Fraction
from typing import Protocol, TypeAlias

from engine.language.ast import Expression
from engine.language.types import Type
from engine.language.values import LEAP_DAY, LeapDay
from engine.records import dataclass
from engine.source import Span, UnitWords


class Called(Protocol):
    """A place of the territory, of which expressions need the name only."""

    @property
    def name(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Declared:
    """Common to all entries: id, the name shown in Chinese print, and the place of the declaration."""

    id: str
    name: str
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class FactEntry(Declared):
    """`least`/`most` are the declared bounds, counted in the type's unit (quantities) or as dates. `unit_text` is the
    unit in the author's words (`元/12 月`), for messages; "" where there is none. `identity`: the id of an item."""

    collection: str
    type: Type
    least: object = None
    most: object = None
    unit_text: str = ""
    identity: bool = False


@dataclass(frozen=True, slots=True)
class TermEntry(Declared):
    """A term whose type is already known: terms are elaborated in dependency order.

    `least`/`most` are what `bounds` found for it, so that a divisor can be shown not to be zero; `size` is what
    `sizes` found for its digits.
    """

    collection: str
    type: Type
    least: object = None
    most: object = None
    unit_text: str = ""
    size: object = None


@dataclass(frozen=True, slots=True)
class ExpectedTerm(Declared):
    """A term that is not known yet: an expression that asks for it is tried again once it is."""

    asked: dict[str, None] = field(compare=False, repr=False)

    def ask(self) -> None:
        self.asked[self.id] = None


Field: TypeAlias = FactEntry | TermEntry | ExpectedTerm


@dataclass(frozen=True, slots=True)
class ParameterEntry(Declared):
    """`by` holds the ids of what the parameter is keyed by, `key_types` their types; the last is the amount that a
    `marginal` one is taken of."""

    type: Type
    by: tuple[str, ...] = ()
    key_types: tuple[Type, ...] = ()
    least: int | Fraction | date | None = None
    most: int | Fraction | date | None = None
    unit_text: str = ""
    marginal: bool = False


@dataclass(frozen=True, slots=True)
class ReadingEntry(Declared):
    type: Type


@dataclass(frozen=True, slots=True)
class CauseEntry(Declared):
    conditions: Mapping[str, str]
    """id of each condition by every name it may be called (id, and its label or name where identifier-shaped)"""


@dataclass(frozen=True, slots=True)
class CollectionEntry(Declared):
    """`unit` is the counting word; `at_least` the least number of items; `fields` the item facts and item terms
    by every name they may be called."""

    unit: str
    at_least: int
    fields: Mapping[str, Field]


@dataclass(frozen=True, slots=True)
class ListEntry(Declared):
    """`columns` are the types of a row's places (one for a plain list)."""

    columns: tuple[Type, ...]


Entry: TypeAlias = (
    FactEntry | TermEntry | ExpectedTerm | ParameterEntry | ReadingEntry | CauseEntry | CollectionEntry | ListEntry
)


@dataclass(frozen=True, slots=True)
class Scope:
    """Attributes:
    names: every household-level entry by each name it may be called.
    item: the collection whose item is current at the outermost level (a term or check `of` a collection), or "".
    previous: what `previous` stands for in a replacement: the step that works it out, shared however often it is
        written, or an expression to be read in its place; None where it is not allowed.
    collections: those among `names`, by id, where they were picked out before.
    leap_day: when 29 February has its anniversary in a common year.
    units: the words for units that the policy declares.
    places: those of the territory by code; None where it is not known.
    """

    names: Mapping[str, Entry]
    item: str = ""
    previous: TermEntry | Expression | None = None
    collections: Mapping[str, CollectionEntry] | None = None
    leap_day: LeapDay = LEAP_DAY
    units: UnitWords = ()
    places: Mapping[str, Called] | None = None


def collections_of(scope: Scope) -> Mapping[str, CollectionEntry]:
    """The collections that have names in the scope, by id."""
    if scope.collections is not None:
        return scope.collections
    return {entry.id: entry for entry in scope.names.values() if isinstance(entry, CollectionEntry)}
