"""The back ends that the suite is run on. One more is one function and one line in `BACKENDS`.

A back end takes a core expression, the world it was elaborated in and the facts of one household, and says what the
expression is worth, counted in its type's unit.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from fractions import Fraction
from typing import Final, TypeAlias

from engine.evaluation.facts import HouseholdFacts
from engine.evaluation.frame import frame_on, rows_of
from engine.evaluation.lookup import ParameterTable, Tables
from engine.evaluation.trial import work_out
from engine.language import ast
from engine.language.core import CoreExpression
from engine.language.interpreter import MAX_ITEMS, evaluate
from engine.language.scope import ListEntry, ReadingEntry
from engine.language.types import Choice
from engine.language.values import Value
from engine.policy.checked import CheckedCause, CheckedCondition, CheckedTerm, Rules, ValueInForce
from engine.policy.model import Cause, Cell, Condition, Origin, Parameter, Term, WholeRange
from engine.policy.model import Key as CellKey
from engine.program.link import linked, make_program
from engine.program.model import Collection, Input, Outside, Table
from tests.conformance.world import NOWHERE, Given, Key, World, not_known
from tests.conformance.world import Parameter as Declared

Backend: TypeAlias = Callable[[CoreExpression, World, Given], Value]

_ORIGIN: Final = Origin("suite", NOWHERE)
_NO_EXPRESSION: Final = ast.TruthLiteral(NOWHERE, False)
"""stands where the model keeps the surface tree, which no evaluation reads"""


def interpreter(core: CoreExpression, world: World, given: Given) -> Value:
    program = make_program(_rules(world), _collections(world), _outside(world), NOWHERE)
    facts = HouseholdFacts("", "", date(2022, 11, 10), given.household, given.items)
    frame = frame_on(rows_of(program, facts), program, _tables(world), given.readings)
    work_out((*program.steps, *program.unread), frame)
    return evaluate(linked(core, program), frame)


BACKENDS: Final[dict[str, Backend]] = {"interpreter": interpreter}


def _collections(world: World) -> list[Collection]:
    groups = {"": (1, 1), **{id: (held.at_least, MAX_ITEMS) for id, held in world.collections.items()}}
    found = []
    for group, (least, most) in groups.items():
        entries = [entry for (owner, _), entry in world.facts.items() if owner == group]
        inputs = (Input(group, one.id, slot, one.type, not_known(one)) for slot, one in enumerate(entries))
        found.append(Collection(group, tuple(inputs), least, most, required=group == ""))
    return found


def _outside(world: World) -> Outside:
    named = world.scope.names.values()
    return Outside(
        {id: Table(id, held.entry.type, held.entry.key_types, held.missing) for id, held in world.parameters.items()},
        {one.id: one.columns for one in named if isinstance(one, ListEntry)},
        {one.id: one.type for one in named if isinstance(one, ReadingEntry) and isinstance(one.type, Choice)},
    )


def _rules(world: World) -> Rules:
    return Rules(
        terms={
            (collection, id): CheckedTerm(Term(id, id, "", "", _ORIGIN, collection, _NO_EXPRESSION), core)
            for (collection, id), core in world.terms.items()
        },
        causes={
            cause: CheckedCause(
                Cause(cause, cause, "", "", _ORIGIN, {}),
                {
                    id: CheckedCondition(Condition(id, id, "", "", _ORIGIN, _NO_EXPRESSION, False), core, ())
                    for id, core in conditions.items()
                },
            )
            for cause, conditions in world.causes.items()
        },
        requirements={},
        checks={},
        outputs={},
        referrals={},
    )


def _tables(world: World) -> Tables:
    return Tables({id: _table(declared, world) for id, declared in world.parameters.items()}, world.lists)


def _table(declared: Declared, world: World) -> ParameterTable:
    entry = declared.entry
    least, most = (None if end is None else Fraction(end) for end in (entry.least, entry.most))
    parameter = Parameter(entry.id, entry.id, "", "", _ORIGIN, entry.type, "", entry.by, None, least, most, ())
    cells = {
        _cell_key(key): ValueInForce(Cell(value, str(value), NOWHERE), 0, stale=False)
        for key, value in declared.values.items()
    }
    ranged = any(isinstance(part, WholeRange) for key in cells for part in key)
    return ParameterTable(parameter, cells, declared.missing, ranged, world.places)


def _cell_key(key: Key) -> CellKey:
    return tuple(part if isinstance(part, str) else WholeRange(*part) for part in key)
