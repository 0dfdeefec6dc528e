"""The one namespace of a chain: every element by its id and by its name, as a `Scope` for expressions.

In: merged elements.  Out: `Names`, filled with everything but terms; `check` adds each term once its type is known.
Two elements may not share a name; the facts and terms of a collection's items are names inside that collection.
Imports extent, model, language and the ground floor.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import cast

from engine.diagnostics import Reporter
from engine.language.scope import (
    Called,
    CauseEntry,
    CollectionEntry,
    Entry,
    ExpectedTerm,
    FactEntry,
    Field,
    ListEntry,
    ParameterEntry,
    ReadingEntry,
    Scope,
    TermEntry,
)
from engine.language.types import DateType, Quantity, Type
from engine.language.values import LEAP_DAY, LeapDay, Number, Value, ends
from engine.language.words import is_name
from engine.policy.extent import fact_extent, parameter_extent
from engine.policy.keys import key_type
from engine.policy.model import Element, Elements, Fact, Parameter, Term, identity_of
from engine.source import Span, UnitWords


class Names:
    """Attributes:
    household: entries by every name. fields: of each collection, item facts and terms by every name.
    """

    def __init__(
        self,
        elements: Elements,
        report: Reporter,
        leap_day: LeapDay = LEAP_DAY,
        units: UnitWords = (),
        places: Mapping[str, Called] | None = None,
    ) -> None:
        self._elements = elements
        self._leap_day = leap_day
        self.units = units
        self._places = places
        self._report = report
        self.household: dict[str, Entry] = {}
        self.fields: dict[str, dict[str, Field]] = {}
        self._taken: dict[str, Span] = {}
        self._collections: dict[str, CollectionEntry] = {}
        self._fill()

    def scope(self, collection: str = "") -> Scope:
        """The scope of an expression of the household, or of each item of a collection."""
        return Scope(
            self.household,
            collection,
            collections=self._collections,
            leap_day=self._leap_day,
            units=self.units,
            places=self._places,
        )

    def expect_term(self, term: Term, collection: str, asked: dict[str, None]) -> None:
        """A term that is not known yet; whoever asks for it leaves its id in `asked`."""
        entry = ExpectedTerm(term.id, term.name, term.origin.span, asked)
        for name in (term.id, term.name):
            if name:
                self._of(collection).setdefault(name, entry)

    def forget_term(self, term: Term, collection: str) -> None:
        """It is known, or never will be."""
        names = self._of(collection)
        for name in (term.id, term.name):
            held = names.get(name)
            if isinstance(held, ExpectedTerm) and held.id == term.id:
                del names[name]

    def add_term(self, entry: TermEntry) -> None:
        for name in (entry.id, entry.name):
            if name:
                self._of(entry.collection).setdefault(name, entry)

    def _of(self, collection: str) -> dict[str, Entry]:
        return cast("dict[str, Entry]", self.fields[collection]) if collection else self.household

    def _fill(self) -> None:
        held = self._elements
        for fact in held.facts.values():
            self._put(fact, _fact_entry(fact))
        for collection in held.collections.values():
            fields: dict[str, Field] = {}
            self.fields[collection.id] = fields
            entry = CollectionEntry(
                collection.id, collection.name, collection.origin.span, collection.unit, collection.at_least, fields
            )
            self._put(collection, entry)
            if entry in (self.household.get(collection.id), self.household.get(collection.name)):
                self._collections[collection.id] = entry
        for parameter in held.parameters.values():
            self._put(parameter, self._parameter_entry(parameter))
        for reading in held.readings.values():
            self._put(reading, ReadingEntry(reading.id, reading.name, reading.origin.span, reading.type))
        for cause in held.causes.values():
            conditions: dict[str, str] = {}
            for condition in cause.conditions.values():
                conditions.setdefault(condition.id, condition.id)
                if condition.name:
                    conditions.setdefault(condition.name, condition.id)
            self._put(cause, CauseEntry(cause.id, cause.name, cause.origin.span, conditions))
        for listed in held.lists.values():
            self._put(listed, ListEntry(listed.id, listed.name, listed.origin.span, listed.columns))
        for term in held.terms.values():
            if not term.collection:
                self._take(term, self._taken, {})
        for collection in held.collections.values():
            self._fill_fields(collection.id, list(collection.facts.values()))

    def _fill_fields(self, collection: str, facts: list[Fact]) -> None:
        """Names of item facts and terms: unique in their collection, and not a name of the household.

        An identity is the exception: household and items may both have an `id`, told apart by `household.id`.
        """
        held = self._elements.collections[collection]
        terms = [term for term in self._elements.terms.values() if term.collection in (collection, held.name)]
        taken: dict[str, Span] = {}
        for element in (*facts, *terms):
            shared = isinstance(element, Fact) and element.role == "identity"
            free = self._take(element, taken, {} if shared else self._taken)
            if isinstance(element, Fact):
                entry = _fact_entry(element, identity=element is identity_of(held))
                self.fields[collection].update(dict.fromkeys(free, entry))

    def _put(self, element: Element, entry: Entry) -> None:
        self.household.update(dict.fromkeys(self._take(element, self._taken, {}), entry))

    def _take(self, element: Element, taken: dict[str, Span], around: Mapping[str, Span]) -> list[str]:
        """The names of an element that were free, there and around; they are taken there, the others reported."""
        free = []
        for name in dict.fromkeys(filter(None, (element.id, element.name))):
            other = taken.get(name) or around.get(name)
            if other is not None:
                self._report.tell("name-taken", element.origin.span, name=name, related=[("declared-here", other)])
                continue
            taken[name] = element.origin.span
            free.append(name)
            if not is_name(name):
                self._report.tell("name-is-word", element.origin.span, name=name)
        return free

    def _parameter_entry(self, parameter: Parameter) -> ParameterEntry:
        kinds = [key_type(self._elements, key) for key in parameter.by]
        extent = parameter_extent(parameter)
        least, most = ends_of(extent, parameter.type)
        return ParameterEntry(
            parameter.id,
            parameter.name,
            parameter.origin.span,
            parameter.type,
            parameter.by,
            tuple(kinds),
            least,
            most,
            parameter.unit_text,
            parameter.marginal,
        )


def _fact_entry(fact: Fact, *, identity: bool = False) -> FactEntry:
    extent = fact_extent(fact)
    least, most = ends_of(extent, fact.type)
    return FactEntry(
        fact.id, fact.name, fact.origin.span, fact.collection, fact.type, least, most, fact.unit_text, identity
    )


def ends_of(extent: Value, type_: Type) -> tuple[Number | date | None, Number | date | None]:
    """The ends of numbers and of days; nothing else has any."""
    return ends(extent) if isinstance(type_, Quantity | DateType) else (None, None)
