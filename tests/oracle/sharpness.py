"""How sharp answers are, against what completions of the same household come to.

In: a policy and a household whose facts are known, as a case of the policy gives it.  Out: the same with facts made
unknown, what the program, and the program without what narrows it, then say, and whether two completions differ.
A completion puts the old value, an end of what the fact can be, or a value of another household in the place of each
unknown; of one number then the value at which some comparison turns, or one to either side of it. Completions are
worked out by the interpreter, which on known facts the oracle of this folder holds to account.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Any, Final, cast

from engine.api import open_policies
from engine.diagnostics import Reporter
from engine.evaluation.facts import FactPlace, HouseholdFacts
from engine.evaluation.frame import Frame, frame_on, rows_of
from engine.evaluation.lookup import Tables
from engine.evaluation.prepared import tables_on
from engine.evaluation.working import work_out, workings_of
from engine.language import core
from engine.language.core import CoreExpression, operands
from engine.language.interpreter import Unseen, evaluate
from engine.language.types import Choice, Quantity, Truth
from engine.language.values import UNKNOWN, Interval, Value, ends, is_known
from engine.program.link import program_of
from engine.program.model import Input, Program
from engine.program.narrowing import narrowed
from engine.testing.decided import Decided, decided
from engine.testing.plan import Selection
from engine.testing.read import read_suite
from engine.testing.run import run

TRIES: Final = 40


@dataclass(frozen=True)
class World:
    """A program with the values in force, and a household that it decides; `chain`: the ids of what it was made of."""

    program: Program
    before: Program
    tables: Tables
    facts: HouseholdFacts
    chain: tuple[str, ...]


def worlds(folders: Sequence[Path], cases: Sequence[Path]) -> list[World]:
    """The households of cases that are decided, or whose figures are known."""
    policies = open_policies(list(folders))
    suite = read_suite(list(cases), policies.slices)
    found: list[World] = []
    told: dict[int, tuple[Program, Program]] = {}  # with the program that has the id, so that no other gets it
    for one in decided(run(suite, policies, Selection((), ""), Reporter())):
        before = program_of(one.policy)
        _, program = told.get(id(before)) or told.setdefault(id(before), (before, narrowed(before)))
        world = World(program, before, _tables(one), one.facts, one.policy.merged.chain.ids)
        if all(map(is_known, answer(world, world.facts))):
            found.append(world)
    return found


def _tables(one: Decided) -> Tables:
    return tables_on(one.policy, one.place, one.day, one.case.known_on)


def read_otherwise(every: Sequence[World], reading: str, option: str) -> list[World]:
    """The households that are decided under another option of a reading, by that."""
    found: list[World] = []
    for world in every:
        place = list(world.before.outside.readings).index(reading)
        options = tuple(option if at == place else one for at, one in enumerate(world.tables.options))
        other = replace(world, tables=replace(world.tables, options=options))
        if all(map(is_known, answer(other, other.facts))):
            found.append(other)
    return found


def worked_out(world: World, program: Program, facts: HouseholdFacts) -> Frame:
    frame = frame_on(rows_of(program, facts), program, world.tables)
    work_out(workings_of(program)[: program.decisive], frame)
    return frame


def answer(world: World, facts: HouseholdFacts, program: Program | None = None) -> tuple[Value, ...]:
    """The outcome, or each figure that stands for it."""
    chosen = program or world.program
    frame = worked_out(world, chosen, facts)
    found: list[Value] = []
    for step in chosen.goals:
        if isinstance(frame.items.get(step.collection), Unseen):
            found.append(UNKNOWN)
        else:
            found.extend(owner.row[step.slot] for owner in frame.every(step.collection))
    return tuple(found)


# ---- unknown facts


def places(world: World) -> Iterator[tuple[FactPlace, Input]]:
    """The facts that may be left unknown and that something rests on."""
    for (collection, id), one in world.program.inputs.items():
        if one.role or one.required or (collection, id) not in world.program.deciding:
            continue
        if not collection:
            yield ("", -1, id), one
        else:
            items = world.facts.items.get(collection, UNKNOWN)
            for index in range(0 if items is UNKNOWN else len(items)):
                yield (collection, index, id), one


def blanked(rng: random.Random, world: World, share: float) -> tuple[HouseholdFacts, dict[FactPlace, Input]]:
    """The household with each fact unknown with this chance, and which are."""
    gone = {place: one for place, one in places(world) if rng.random() < share}
    gone = {place: one for place, one in gone.items() if is_known(value_at(world.facts, place))}
    return filled(world.facts, {place: one.extent for place, one in gone.items()}), gone


def value_at(facts: HouseholdFacts, place: FactPlace) -> Value:
    collection, index, id = place
    return cast("Any", facts.items[collection])[index][id] if collection else facts.household[id]


def filled(facts: HouseholdFacts, values: Mapping[FactPlace, Value]) -> HouseholdFacts:
    household = dict(facts.household)
    items: dict[str, Any] = {
        id: held if held is UNKNOWN else [dict(item) for item in held] for id, held in facts.items.items()
    }
    for (collection, index, id), value in values.items():
        (items[collection][index] if collection else household)[id] = value
    return replace(
        facts, household=household, items={id: held if held is UNKNOWN else tuple(held) for id, held in items.items()}
    )


# ---- completions


Pool = Mapping[tuple[str, str], Sequence[Value]]
"""of each fact the values that households have"""


def pool_of(every: Sequence[World]) -> Pool:
    found: dict[tuple[str, str], dict[Value, None]] = {}
    for world in every:
        for place, _ in places(world):
            if is_known(value := value_at(world.facts, place)):
                found.setdefault((place[0], place[2]), {})[value] = None
    return {key: tuple(values) for key, values in found.items()}


def completions(
    rng: random.Random, world: World, gone: Mapping[FactPlace, Input], pool: Pool
) -> Iterator[HouseholdFacts]:
    for turn in range(TRIES):
        chosen = {place: _drawn(rng, one, value_at(world.facts, place), pool) for place, one in gone.items()}
        whole = filled(world.facts, chosen)
        yield whole
        numbers = [place for place, one in gone.items() if isinstance(one.type, Quantity)]
        if numbers and turn % 2:
            place = rng.choice(numbers)
            turns = sorted(_turns(world, whole, place, gone[place]))
            for value in rng.sample(turns, min(6, len(turns))):
                yield filled(whole, {place: value})


def _drawn(rng: random.Random, one: Input, own: Value, pool: Pool) -> Value:
    match one.type:
        case Truth():
            return rng.random() < 0.5
        case Choice(options=options):
            return rng.choice([option for option, _ in options])
    others = pool.get((one.collection, one.id), (own,))
    if not isinstance(one.extent, Interval):
        return rng.choice((own, rng.choice(others)))
    return cast("Value", rng.choice((*ends(one.extent), own, rng.choice(others))))


def _turns(world: World, whole: HouseholdFacts, place: FactPlace, one: Input) -> set[int]:
    """The whole numbers next to where a comparison turns, as if all went in straight lines."""
    now = value_at(whole, place)
    low, high = cast("tuple[int, int]", ends(one.extent))
    other = low if now != low else high
    near = now + 1 if now != high else now - 1  # type: ignore[operator]  # numbers
    found: set[int] = set()
    apart = {at: list(_apart(world, filled(whole, {place: at}))) for at in {now, other, near}}
    for second in (other, near):
        for here, there in zip(apart[now], apart[second], strict=False):
            if here != there and isinstance(here, int | Fraction) and isinstance(there, int | Fraction):
                root = now - here * Fraction(second - now) / (there - here)  # type: ignore[operator]  # numbers
                found.update(range(root.__floor__() - 1, root.__floor__() + 3))
    return {value for value in found if low <= value <= high}


def _apart(world: World, facts: HouseholdFacts) -> Iterator[Value]:
    """By how much the sides of each comparison of numbers differ."""
    frame = worked_out(world, world.before, facts)
    for step in world.before.steps[: world.before.decisive]:
        for owner in frame.every(step.collection):
            yield from _apart_in(step.core, owner)


def _apart_in(node: CoreExpression, frame: Frame) -> Iterator[Value]:
    if isinstance(node, core.Compare) and isinstance(node.left.type, Quantity):
        left, right = evaluate(node.left, frame), evaluate(node.right, frame)
        yield left - right if is_known(left) and is_known(right) else UNKNOWN  # type: ignore[operator, misc]  # numbers
    for part in operands(node):
        if isinstance(node, core.Aggregate) and part is not node.otherwise:
            for item in frame.every(node.collection):
                yield from _apart_in(part, item)
        else:
            yield from _apart_in(part, frame.outer() if isinstance(node, core.Outer) else frame)


# ---- counting


@dataclass
class Counts:
    """Of answers, one of each household or one for each of its figures: how many are not known to the program without
    what narrows it, how many to the program, and of how many completions differ."""

    before: int = 0
    after: int = 0
    differ: int = 0

    def __iter__(self) -> Iterator[int]:
        return iter((self.before, self.after, self.differ))


def survey(every: Sequence[World], share: float, draws: int) -> tuple[Counts, list[str]]:
    """The counts of so many households drawn from all over the worlds; what completions contradict, in words."""
    pool, counts, wrong = pool_of(every), Counts(), []
    for number in range(draws):
        rng = random.Random(f"{share}/{number}")
        world = every[number * len(every) // draws % len(every)]
        facts, gone = blanked(rng, world, share)
        before, after = answer(world, facts, world.before), answer(world, facts)
        if not gone or all(map(is_known, before)):
            continue
        seen: list[set[Value]] = [set() for _ in after]
        for whole in completions(rng, world, gone, pool):
            for place, value in enumerate(answer(world, whole, world.before)):
                seen[place].add(value)
                if not (_contains(after[place], value) and _contains(before[place], after[place])):
                    wrong.append(f"{number}: {before[place]} {after[place]} {value} {whole}")
        for one, other, values in zip(before, after, seen, strict=True):
            counts.before += not is_known(one)
            counts.after += not is_known(other)
            counts.differ += len(values) > 1
    return counts, wrong


def _contains(outer: Value, inner: Value) -> bool:
    if outer is UNKNOWN or outer == inner:
        return True
    if not isinstance(outer, Interval):
        return False
    (low, high), (a, b) = cast("Any", (ends(outer), ends(inner)))
    return (low is None or (a is not None and low <= a)) and (high is None or (b is not None and b <= high))
