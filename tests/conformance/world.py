"""The names an entry speaks of, and what is given of one household.

In: declarations (world.yaml, a topic's and an entry's own).  Out: a `World` (scope, terms, causes, values in force) and
a `Given` (typed facts), which with a core expression are all that a back end gets.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from functools import cache
from typing import Any, Final, TypeAlias, cast

from engine.diagnostics import Reporter, render
from engine.language import ast
from engine.language.bounds import bounds
from engine.language.core import CoreExpression
from engine.language.elaborate import PartsKind, elaborate, elaborate_parts, negate
from engine.language.parser import parse_expression
from engine.language.scope import (
    CauseEntry,
    CollectionEntry,
    FactEntry,
    ListEntry,
    ParameterEntry,
    ReadingEntry,
    Scope,
    TermEntry,
)
from engine.language.scope import Entry as Named
from engine.language.types import DATE, PLACE, TEXT, TRUTH, Choice, DateType, Quantity, Several, Type
from engine.language.units import ONE, Unit, parse_unit
from engine.language.values import UNKNOWN, Number, Unknown, Value, ends, interval, number
from engine.source import Source, Span
from tests.conformance.suite import WORLD, Data, Entry, read

Range: TypeAlias = tuple[int, int | None]
"""a stretch of whole counts, both ends included; None for no end"""
Key: TypeAlias = tuple[str | Range, ...]

NOWHERE: Final = Span(Source("<world>", ""), 0, 0)


@dataclass(frozen=True, slots=True, eq=False)
class Parameter:
    """The values in force by key, and what it can be where there is none, all counted in the entry's type's unit."""

    entry: ParameterEntry
    values: Mapping[Key, Number]
    missing: Value


@dataclass(frozen=True, slots=True, eq=False)
class World:
    """Attributes:
    terms: by (collection, id), each after those that it reads.
    causes: the conditions of each cause.
    lists: the rows in force; a list that is not in force is absent.
    places: what a place that is not known may be.
    defaults: of facts by (collection, id).
    """

    scope: Scope
    terms: Mapping[tuple[str, str], CoreExpression]
    causes: Mapping[str, Mapping[str, CoreExpression]]
    parameters: Mapping[str, Parameter]
    lists: Mapping[str, frozenset[tuple[str, ...]]]
    readings: Mapping[str, str]
    places: tuple[str, ...]
    facts: Mapping[tuple[str, str], FactEntry]
    defaults: Mapping[tuple[str, str], Value]
    collections: Mapping[str, CollectionEntry]


@dataclass(frozen=True, slots=True, eq=False)
class Given:
    """Attributes:
    household: every declared fact of the household.
    items: the items of each collection, each with every declared fact; UNKNOWN where the collection is not known.
    unseen: of each collection an item of which nothing is known.
    """

    household: Mapping[str, Value]
    items: Mapping[str, tuple[Mapping[str, Value], ...] | Unknown]
    unseen: Mapping[str, Mapping[str, Value]]
    readings: Mapping[str, str]


# ---- expressions


def parsed(text: str, name: str, report: Reporter) -> ast.Expression | None:
    source = Source(name, text)
    return parse_expression(Span(source, 0, len(text)), report)


def sound(text: str, name: str) -> ast.Expression:
    """An expression of the suite's own declarations, which must parse."""
    report = Reporter()
    expression = parsed(text, name, report)
    if expression is None:
        raise ValueError("\n".join(render(found) for found in report))
    return expression


# ---- the world


def make_world(declares: Sequence[Data]) -> World:
    return _make_world(tuple(_Same(each) for each in declares))


class _Same:
    """A declaration as a cache key, by identity."""

    def __init__(self, data: Data) -> None:
        self.data = data

    def __hash__(self) -> int:
        return id(self.data)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.data is other.data


@cache
def _make_world(declares: tuple[_Same, ...]) -> World:
    return _Maker([read(WORLD), *(each.data for each in declares)]).make()


class _Maker:
    def __init__(self, declares: Sequence[Data]) -> None:
        self._declares = declares
        self.names: dict[str, Named] = {}
        self.facts: dict[tuple[str, str], FactEntry] = {}
        self.defaults: dict[tuple[str, str], Value] = {}
        self.fields: dict[str, dict[str, FactEntry | TermEntry]] = {}

    def make(self) -> World:
        self._make_facts()
        parameters = self._merged("parameters")
        for id, said in self._merged("readings").items():
            self._name(ReadingEntry(id, said["name"], NOWHERE, _choice(said["choice"])))
        for id, said in self._merged("lists").items():
            self._name(ListEntry(id, said["name"], NOWHERE, tuple(self._column(each) for each in said["columns"])))
        for id, said in self._merged("causes").items():
            called = {each: each for each in said["conditions"]} | dict(said.get("names", {}))
            self._name(CauseEntry(id, said["name"], NOWHERE, called))
        terms: dict[tuple[str, str], CoreExpression] = {}
        tables: dict[str, Parameter] = {}
        for id, said in self._merged("terms").items():
            collection = said.get("of", "")
            core = _elaborated(said["is"], f"<term {id}>", Scope(self.names, item=collection))
            terms[collection, id] = core
            least, most = ends(bounds(core, Scope(self.names))) if isinstance(core.type, Quantity) else (None, None)
            self._name(TermEntry(id, said["name"], NOWHERE, collection, core.type, least, most))
        for id, said in parameters.items():
            tables[id] = self._parameter(id, said)
            self._name(tables[id].entry)
        scope = Scope(self.names)
        return World(
            scope=scope,
            terms=terms,
            causes={
                id: {each: _elaborated(text, f"<{id}.{each}>", scope) for each, text in said["conditions"].items()}
                for id, said in self._merged("causes").items()
            },
            parameters=tables,
            lists={
                id: frozenset(tuple(row) for row in said["rows"])
                for id, said in self._merged("lists").items()
                if "rows" in said
            },
            readings={id: said["chosen"] for id, said in self._merged("readings").items()},
            places=tuple(read(WORLD)["places"]),
            facts=self.facts,
            defaults=self.defaults,
            collections={entry.id: entry for entry in self.names.values() if isinstance(entry, CollectionEntry)},
        )

    def _merged(self, kind: str) -> dict[str, Any]:
        return {id: said for each in self._declares for id, said in each.get(kind, {}).items()}

    def _name(self, entry: Named) -> None:
        owner = entry.collection if isinstance(entry, (FactEntry, TermEntry)) else ""
        names = cast("dict[str, Named]", self.fields[owner] if owner else self.names)
        for name in (entry.id, entry.name):
            if names.get(name, entry) is not entry:
                raise ValueError(f"the suite's world has two of `{name}`")
            names[name] = entry

    def _make_facts(self) -> None:
        for declared in self._declares:
            for group, said in declared.get("facts", {}).items():
                if group == "household":
                    self._facts_of("", said)
                    continue
                self.fields[group] = {}
                at_least = int(said.get("at_least", "0"))
                fields = self.fields[group]
                self._name(CollectionEntry(group, said["name"], NOWHERE, said["counted_in"], at_least, fields))
                self._facts_of(group, said["items"])

    def _facts_of(self, collection: str, declared: Data) -> None:
        for id, said in declared.items():
            kind = fact_type(said)
            least, most = _bounds(said, kind)
            entry = FactEntry(id, said["name"], NOWHERE, collection, kind, least, most)
            self.facts[collection, id] = entry
            self._name(entry)
            if "default" in said:
                self.defaults[collection, id] = fact_value(said["default"], entry)

    def _column(self, name: str) -> Type:
        if name == "text":
            return TEXT
        found = next(entry.type for (_, id), entry in self.facts.items() if id == name)
        return found.of if isinstance(found, Several) else found

    def _parameter(self, id: str, said: Data) -> Parameter:
        kind = fact_type(said)
        by = tuple(said.get("by", ()))
        least, most = _bounds(said, kind)
        key_types = tuple(cast("FactEntry | TermEntry", self.names[key]).type for key in by)
        entry = ParameterEntry(
            id, said["name"], NOWHERE, kind, by, key_types, cast("int", least), cast("int | None", most)
        )
        # a parameter with neither has no value in force
        cells = dict(_cells((), said["values"], len(by))) if "values" in said else {}
        if "value" in said:
            cells[()] = said["value"]
        values = {key: _quantity(text, cast("Quantity", kind)) for key, text in cells.items()}
        return Parameter(entry, values, interval(cast("Number", least), cast("Number | None", most)))


def _elaborated(text: str, name: str, scope: Scope) -> CoreExpression:
    report = Reporter()
    core = elaborate(sound(text, name), scope, report)
    if core is None:
        raise ValueError("\n".join(render(found) for found in report))
    return core


def _cells(key: Key, said: Any, depth: int) -> list[tuple[Key, str]]:
    if depth == 0:
        return [(key, said)]
    return [cell for part, inner in said.items() for cell in _cells((*key, _key_part(part)), inner, depth - 1)]


def _key_part(text: str) -> str | Range:
    low, dots, high = text.partition("..")
    if dots:
        return int(low), int(high) if high else None
    # a division code has six digits; a single whole count fewer
    return (int(low), int(low)) if low.isdigit() and len(low) < 6 else low


# ---- facts


def fact_type(said: Data) -> Type:
    """The type of a declared fact or parameter. Amounts and measures are counted in hundredths of the written unit."""
    if "yes_no" in said:
        return TRUTH
    if "date" in said:
        return DATE
    if "place" in said:
        return PLACE
    if "text" in said:
        return TEXT
    if "choice" in said:
        return _choice(said["choice"])
    if "several" in said:
        return Several(TEXT if said["several"] == "text" else _choice(said["several"]))
    if "whole" in said:
        return Quantity(ONE if said["whole"] == "yes" else _unit(said["whole"]), whole=True)
    written = _written_unit(said)
    return Quantity(Unit(written.dimension, written.factor / 100))


def _choice(options: Data) -> Choice:
    return Choice(tuple(options.items()))


def _unit(text: str) -> Unit:
    unit = parse_unit(text)
    if unit is None:
        raise ValueError(f"no unit `{text}`")
    return unit


def _written_unit(said: Data) -> Unit:
    unit = _unit(said.get("unit", ""))
    if "over" in said:
        span, _, word = said["over"].partition(" ")
        unit = unit / Unit(_unit(word).dimension, _unit(word).factor * int(span))
    return unit


def _quantity(text: str, kind: Quantity) -> Number:
    """Read in the unit as written, counted in the type's."""
    return number(Fraction(text) * (1 if kind.whole else 100))


def _bounds(said: Data, kind: Type) -> tuple[Number | date | None, Number | date | None]:
    ends = said.get("at_least", "0" if isinstance(kind, Quantity) else "open"), said.get("at_most", "open")
    low, high = (None if end == "open" else _end(end, kind) for end in ends)
    return low, high


def _end(text: str, kind: Type) -> Number | date:
    return date.fromisoformat(text) if isinstance(kind, DateType) else _quantity(text, cast("Quantity", kind))


def not_known(entry: FactEntry) -> Value:
    if isinstance(entry.type, (Quantity, DateType)):
        return interval(cast("Number | date | None", entry.least), cast("Number | date | None", entry.most))
    return UNKNOWN


def fact_value(said: Any, entry: FactEntry) -> Value:
    kind = entry.type
    if said == "null":
        return not_known(entry)
    if isinstance(kind, Quantity):
        return _quantity(said, kind)
    if isinstance(kind, Several):
        return frozenset(said)
    if isinstance(kind, DateType):
        return date.fromisoformat(said)
    if kind == TRUTH:
        return {"yes": True, "no": False}[said]
    return str(said)


def make_given(world: World, given: Data, chosen: Mapping[str, str]) -> Given:
    """The facts of one entry; an absent one has its default or is not known."""
    household = _facts_given(world, "", {id: said for id, said in given.items() if id not in world.collections})
    items: dict[str, tuple[Mapping[str, Value], ...] | Unknown] = {}
    for collection in world.collections:
        said = given.get(collection, "null")
        items[collection] = UNKNOWN if said == "null" else tuple(_facts_given(world, collection, item) for item in said)
    unseen = {
        collection: {id: not_known(entry) for (owner, id), entry in world.facts.items() if owner == collection}
        for collection in world.collections
    }
    return Given(household, items, unseen, {**world.readings, **chosen})


def _facts_given(world: World, collection: str, said: Data) -> Mapping[str, Value]:
    declared = {id: entry for (owner, id), entry in world.facts.items() if owner == collection}
    strange = set(said) - set(declared)
    if strange:
        raise ValueError(f"given but not declared: {sorted(strange)}")
    values: dict[str, Value] = {}
    for id, entry in declared.items():
        if id in said:
            values[id] = fact_value(said[id], entry)
        else:
            values[id] = world.defaults.get((collection, id), not_known(entry))
    return values


# ---- the core of an entry


def core_of(entry: Entry, text: str, report: Reporter) -> CoreExpression | None:
    """One spelling of an entry, elaborated; None after a reported fault."""
    scope = make_world(entry.declares).scope
    if entry.term is not None:
        ((kind, parts),) = entry.term.items()
        trees = [(id, sound(part, f"{entry.id}.{id}")) for id, part in parts.items()]
        return elaborate_parts(cast("PartsKind", kind), trees, scope, report, NOWHERE)
    expression = parsed(text, entry.id, report)
    if expression is None:
        return None
    if entry.previous:
        scope = replace(scope, previous=sound(entry.previous, f"{entry.id}.previous"))
    core = elaborate(expression, scope, report, asked_type(entry.asked))
    return negate(core) if core is not None and entry.unless else core


def asked_type(asked: str) -> Type | None:
    if not asked:
        return None
    return TRUTH if asked == "truth" else Quantity(_unit(asked))
