"""Households of which all is known that counts, decided from their dict by code of their own.

In: the route of a household, that is its place, its day and its policy.  Out: the `Way` of it and of those like it; of
a household its `Decision`, or None where the reader and the interpreter have to say: they refuse, and they explain what
is not known. Reasons are derived when they are asked for, from what was kept.
Imports generated code, program, policy and this floor.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import cached_property, partial
from threading import RLock
from typing import Any, Final

from engine.beside import kept_beside
from engine.evaluation.assumable import Assumable
from engine.evaluation.decide import decide_under
from engine.evaluation.decision import Decision, Outcome
from engine.evaluation.explained import Explained
from engine.evaluation.frame import NO_INDEX, Frame, Row, Rows, unseen_row
from engine.evaluation.household import read_household
from engine.evaluation.lookup import Tables
from engine.evaluation.plain import plain_ids, shapes_of
from engine.evaluation.prepared import Prepared, prepare, tables_on
from engine.evaluation.routing import Route
from engine.generated.compiled import Asked, Unhandled
from engine.generated.explaining import Spreader, spreader
from engine.generated.reading import Decider, Kept, Shape, decider
from engine.identity import Same
from engine.language.values import UNKNOWN, Unknown
from engine.policy.checked import CheckedPolicy
from engine.program.granularity import parameter_steps
from engine.program.link import program_of


class Taken:
    """The code of a policy under the readings chosen somewhere, with the values in force there."""

    def __init__(self, prepared: Prepared, shapes: tuple[Shape, ...], code: Decider, tables: Tables) -> None:
        self.env = env = Frame([], tables, list(tables.options))
        self.prepared, self.shapes = prepared, shapes
        self.run = code.function
        self.tables = [Asked(one, env) for one in code.tables]
        self.identity = next(at for at, field in enumerate(shapes[0].fields) if field.kind == "identity")
        self.lock = RLock()
        self._household_tables = tables
        self._told = [id(node) for node in self.prepared.told_values]

    @cached_property
    def _spreader(self) -> Spreader | None:
        return _spreader(self.prepared.policy, self._household_tables.options)

    @cached_property
    def _spreader_tables(self) -> list[Asked]:
        assert self._spreader is not None
        return [Asked(one, self.env) for one in self._spreader.tables]

    def spread(self, way: Way, own: Kept, items: Sequence[Sequence[Kept] | None]) -> Explained | None:
        """All that is told of a household, worked out; None where some of that is not known."""
        if self._spreader is None:
            return None
        try:
            household, rows, worth = self._spreader.function(own, items, self._spreader_tables, way.own, self.env)
        except Unhandled:
            return None
        program, others = self.prepared.program, self.shapes[1:]
        given, unseen = dict[str, tuple[Row, ...] | Unknown](), dict[str, Row]()
        for shape, found in zip(others, rows, strict=True):
            if found is None:
                given[shape.collection] = UNKNOWN
                unseen[shape.collection] = unseen_row(program.collections[shape.collection])
            else:
                given[shape.collection] = tuple(found)
        held = Rows(household, given, unseen)
        values = dict(zip(self._told, worth, strict=True))
        left_out = partial(self._left_out, own, items)
        return Explained(self.prepared, program, self._household_tables, left_out, way.known_on, held, values)

    def _left_out(self, own: Kept, items: Sequence[Sequence[Kept] | None]) -> list[Assumable]:
        """The facts left out for which a default stands, in document order."""
        household, *others = self.shapes
        given = [(household.collection, NO_INDEX, own)]
        for shape, kept in zip(others, items, strict=True):
            given += [(shape.collection, index, one) for index, one in enumerate(kept or ())]
        found: list[Assumable] = []
        for collection, index, one in given:
            names = _names_of(one)
            if names is not None:
                facts = self.prepared.assumable.of(collection, index)
                found += [told for id, told in facts.items() if id not in names]
        return found


@kept_beside
def taken_on(policy: CheckedPolicy, tables: Same[Tables]) -> Taken | None:
    code = _decider(policy, tables.of.options)
    return None if code is None else Taken(prepare(policy), _shapes(policy), code, tables.of)


@kept_beside
def _decider(policy: CheckedPolicy, options: tuple[str, ...]) -> Decider | None:
    return decider(program_of(policy), _shapes(policy), parameter_steps(policy), options, plain_ids)


@kept_beside
def _shapes(policy: CheckedPolicy) -> tuple[Shape, ...]:
    return shapes_of(policy)


@kept_beside
def _spreader(policy: CheckedPolicy, options: tuple[str, ...]) -> Spreader | None:
    prepared = prepare(policy)
    steps = parameter_steps(policy)
    return spreader(prepared.program, _shapes(policy), steps, options, prepared.told_values)


def _row_of(kept: Kept) -> tuple[Any, ...]:
    """What stands in each field."""
    return kept[0] if type(kept[-1]) is tuple else kept  # type: ignore[return-value]  # no field holds a tuple


def _names_of(kept: Kept) -> frozenset[object] | None:
    """The fields that were given; None where all were."""
    return frozenset(kept[-1]) if kept and type(kept[-1]) is tuple else None


def way_of(route: Route, as_of: date | None, known_on: date | None) -> Way | None:
    """None where all households of the policy are for others."""
    place, own = route.routing.place, route.routing.as_of
    taken = taken_on(route.checked, Same(tables_on(route.checked, place, as_of or own, known_on)))
    return None if taken is None else Way(taken, place, own, as_of, known_on)


class Way:
    """How the households of a place and a day are decided.

    Args:
        own: their own day; `as_of` that on which the rules were asked for, if another.
    """

    __slots__ = ("_env", "_identity", "_run", "_tables", "as_of", "day", "known_on", "own", "place", "policy", "taken")

    def __init__(self, taken: Taken, place: str, own: date, as_of: date | None, known_on: date | None) -> None:
        self._run, self._tables, self._env, self._identity = taken.run, taken.tables, taken.env, taken.identity
        self.taken, self.policy = taken, taken.prepared.policy
        self.place, self.own, self.as_of, self.known_on = place, own, as_of, known_on
        self.day = as_of or own

    def decide(self, tree: dict[object, Any]) -> Decision | None:
        try:
            found = self._run(tree, self._tables, self.own, self._env)
        except (Unhandled, KeyError, ValueError, OverflowError):
            # a field is lacking and another stands in its place; no number, or one without end
            return None
        return Decision(
            _row_of(found[1])[self._identity],
            ELIGIBLE if found[0] else INELIGIBLE,
            self.policy,
            self.place,
            self.day,
            self.known_on,
            Snapshot(self, found),
        )


ELIGIBLE: Final = Outcome.ELIGIBLE
INELIGIBLE: Final = Outcome.INELIGIBLE


class Snapshot:
    """What was kept of a household until its reasons are asked for."""

    __slots__ = ("_explained", "_found", "_way")

    def __init__(self, way: Way, found: tuple[Any, ...]) -> None:
        self._way, self._found = way, found
        self._explained: Explained | None = None

    def explained(self) -> Explained:
        if self._explained is None:
            with self._way.taken.lock:
                if self._explained is None:
                    self._explained = self._explain()
        return self._explained

    def _explain(self) -> Explained:
        way, prepared = self._way, self._way.taken.prepared
        _, own, *items = self._found
        explained = way.taken.spread(way, own, items)
        if explained is None:
            facts = read_household(self._tree(), way.policy)
            explained = decide_under(prepared, facts, way.as_of, way.known_on).explained
        self._found = ()
        return explained

    def _tree(self) -> dict[str, object]:
        """The household as it was given."""
        own, *items = self._found[1:]
        household, *collections = self._way.taken.shapes
        tree, names = _object(household, own), _names_of(own)
        for shape, kept in zip(collections, items, strict=True):
            if kept is not None:
                tree[shape.collection] = [_object(shape, one) for one in kept]
            elif names is None or shape.collection in names:
                tree[shape.collection] = None
        return tree


def _object(shape: Shape, kept: Kept) -> dict[str, object]:
    names = _names_of(kept)
    written = zip(shape.fields, _row_of(kept), strict=True)
    return {field.id: value for field, value in written if names is None or field.id in names}
