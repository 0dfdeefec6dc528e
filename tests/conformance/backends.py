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
from engine.evaluation.frame import household_frame
from engine.evaluation.interpreter import evaluate
from engine.evaluation.lookup import ParameterTable, Tables
from engine.language import ast
from engine.language.core import CoreExpression
from engine.language.values import Value
from engine.policy.checked import CheckedCause, CheckedCondition, CheckedTerm, Rules, ValueInForce
from engine.policy.model import Cause, Cell, Condition, Origin, Parameter, Term, WholeRange
from engine.policy.model import Key as CellKey
from tests.conformance.world import NOWHERE, Given, Key, World
from tests.conformance.world import Parameter as Declared

Backend: TypeAlias = Callable[[CoreExpression, World, Given], Value]

_ORIGIN: Final = Origin("suite", NOWHERE)
_NO_EXPRESSION: Final = ast.TruthLiteral(NOWHERE, False)
"""stands where the model keeps the surface tree, which no evaluation reads"""


def interpreter(core: CoreExpression, world: World, given: Given) -> Value:
    facts = HouseholdFacts("", "", date(2022, 11, 10), given.household, given.items)
    unseen = {id: (item, world.collections[id].at_least) for id, item in given.unseen.items()}
    frame = household_frame(_rules(world), _tables(world), dict(given.readings), facts, unseen)
    return evaluate(core, frame)


BACKENDS: Final[dict[str, Backend]] = {"interpreter": interpreter}


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
        facts_used=frozenset(),
        decision_facts=frozenset(),
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
