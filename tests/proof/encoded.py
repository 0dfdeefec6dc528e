"""A household fixed in the solver: what its steps come to there, beside what the interpreter makes of it.

In: a checked policy, a household as it was read.  Out: what differs, told in words; None where some fact is unknown, or
no value is published.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import date
from fractions import Fraction
from typing import Final, cast

import z3

from engine.evaluation.facts import HouseholdFacts, Item
from engine.evaluation.frame import frame_on, rows_of
from engine.evaluation.prepared import tables_on
from engine.evaluation.working import work_out, workings_of
from engine.language.types import ItemOf
from engine.language.values import UNKNOWN, Value, is_known
from engine.policy.checked import CheckedPolicy
from engine.program.link import program_of
from engine.program.model import HOUSEHOLD
from engine.proof import values
from engine.proof.encoding import Encoding
from engine.proof.numbers import Number
from engine.proof.outside import Unanalysed
from engine.proof.values import Code, Day
from engine.proof.world import Spot, Where, World, value_in

MOST_MILLISECONDS: Final = 2000


def disagreements(policy: CheckedPolicy, facts: HouseholdFacts, *, flagged: bool = False) -> list[str] | None:
    """Args:
    flagged: whether the number of items is told by which are there, in place of a number.
    """
    if UNKNOWN in facts.items.values():
        return None
    program = program_of(policy)
    tables = tables_on(policy, facts.place, facts.as_of, None)
    held = {id: cast("tuple[Item, ...]", items) for id, items in facts.items.items()}
    sizes = {id: len(items) for id, items in held.items()}
    spans = {id: (0 if flagged else size, size + flagged) for id, size in sizes.items()}
    # a place that only later documents have declared is decided by what there is before them
    places = tuple(dict.fromkeys((*policy.merged.divisions, facts.place)))
    where = Where(places, facts.as_of, facts.as_of)
    world = World([policy.merged.elements], where, spans)
    encoding = Encoding(program, tables, world)
    encoded = {}
    for step in program.every:
        with suppress(Unanalysed):
            for index in range(sizes.get(step.collection, 1)):
                encoded[step.owner.name, step.collection, step.slot, index] = encoding.step(step, index)
    solver = z3.Then("simplify", "propagate-values", "solve-eqs", "smt").solver()  # all facts are given
    solver.add(*world.holds)
    for id, bits in world.present.items():
        for at, bit in enumerate(bits):
            solver.add(bit == (at < sizes.get(id, 1)))
    for spot, value in world.spots.items():
        collection, index, id = spot
        row = facts.household if not collection else held[collection][index] if index < sizes[collection] else None
        if row is not None:
            if not is_known(row[id]):
                return None
            solver.add(*_fixed(world, spot, value, row[id], held))
    solver.set("timeout", MOST_MILLISECONDS)
    found_there = solver.check()
    if found_there == z3.unknown:
        return None
    if found_there == z3.unsat:
        return ["no such household in the world"]
    model = solver.model()
    if not all(value_in(model, values.Truth(bit)) for bit in encoding.published):
        return None
    rows = rows_of(program, facts)
    frame = frame_on(rows, program, tables)
    work_out(workings_of(program), frame)
    found = []
    for (name, collection, slot, index), value in encoded.items():
        worth = (
            rows.household
            if collection == HOUSEHOLD
            else cast("tuple[list[Value], ...]", rows.items[collection])[index]
        )
        told = _told(world, model, value)
        if told is not None and not _equal(worth[slot], told):
            found.append(f"{name}[{index}]: interpreter {worth[slot]!r}, solver {told!r}")
    return found


def _fixed(
    world: World, spot: Spot, value: values.Value, given: Value, held: Mapping[str, tuple[Item, ...]]
) -> Iterator[object]:
    match value:
        case values.Truth(bit=bit):
            yield bit == given
        case Number(above=above):
            yield above == cast("int", given)
        case Day(ordinal=ordinal):
            yield ordinal == cast("date", given).toordinal()
        case Code(number=number):
            kind = world.declared(spot).type
            if isinstance(kind, ItemOf):
                given = [item[world.identity(kind.collection)] for item in held[kind.collection]].index(given)
            else:
                given = world.codes.of(cast("str", given))
            yield number == given
        case values.Several():
            of_spot = ((text, bit) for (at, text), bit in world.sets.items() if at == spot)
            yield from (bit == (text in cast("frozenset[str]", given)) for text, bit in of_spot)


def _told(world: World, model: z3.ModelRef, value: values.Value) -> object:
    worth = value_in(model, value)
    match value:
        case Code():
            return world.codes.text(worth)
        case Day():
            return date.fromordinal(worth)
    return worth


def _equal(known: Value, told: object) -> bool:
    if isinstance(known, int | Fraction) and not isinstance(known, bool):
        return Fraction(known) == told
    return known == told
