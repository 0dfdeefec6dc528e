"""A policy beside itself with one thing otherwise, both encoded over one world: what turns on that thing.

In: a policy at a place and day, how many items there are.  Out: for each variant whether outcome or cause is otherwise
by it, one way or the other, and the plainest household, as the interpreter decides it. All that the rules read is made
at once, so that a model says of any variant whether its household shows that, too.
Imports evaluation, policy, program and this floor.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import date
from typing import Any

import z3

from engine.errors import HouseholdError
from engine.evaluation.decide import decide_under
from engine.evaluation.decision import Decision, Outcome
from engine.evaluation.household import read_household
from engine.evaluation.lookup import Tables
from engine.evaluation.prepared import Prepared, prepare, tables_on
from engine.language import core
from engine.language.references import core_walk
from engine.policy.checked import CheckedPolicy, Owner
from engine.policy.model import Change, Parameter, SetList, SetValues
from engine.program.link import program_of, reads
from engine.program.model import Program, Step
from engine.proof import terms, values
from engine.proof.encoding import Encoding
from engine.proof.groups import Group, all_free
from engine.proof.inquiry import WORK
from engine.proof.meanings import Meanings, Numbers
from engine.proof.outside import Unanalysed
from engine.proof.question import DIRECTIONS, Question, further, in_unit_of
from engine.proof.results import Direction
from engine.proof.sides import Case, published
from engine.proof.terms import Bit
from engine.proof.witness import plainest
from engine.proof.world import value_in
from engine.records import dataclass

Household = Mapping[str, Any]


@dataclass(frozen=True, slots=True, eq=False)
class Variant:
    """The rules with another expression at a step, or with other options of readings; as they stand by default."""

    program: Program
    tables: Tables
    prepared: Prepared


class Beside:
    """A policy at a place and day, with its variants.

    Attributes:
        policy: with all values that are taken for granted in force.
    """

    def __init__(self, policy: CheckedPolicy, place: str, day: date) -> None:
        self.policy, self.place, self.day = policy, place, day
        self.program = program_of(policy)
        self.tables = tables_on(policy, place, day, None)
        self.case = Case(place, day, day, (policy, policy), (policy, policy), (self.tables, self.tables))
        self.numbers: Numbers = Meanings(self.case, ()).sides[0]
        self.itself = Variant(self.program, self.tables, prepare(policy))

    def with_core(self, owner: Owner, node: core.CoreExpression) -> Variant:
        program = self.program.with_core(owner, node)
        return Variant(program, self.tables, Prepared(self.policy, program))

    def with_option(self, reading: str, option: str) -> Variant:
        elements = self.policy.merged.elements
        chosen = replace(elements.readings[reading], chosen=option, settings=())
        merged = replace(
            self.policy.merged, elements=replace(elements, readings={**elements.readings, reading: chosen})
        )
        policy = replace(self.policy, merged=merged)
        return Variant(self.program, tables_on(policy, self.place, self.day, None), prepare(policy))

    def with_parameter(self, parameter: Parameter) -> Variant:
        elements = self.policy.merged.elements
        parameters = {**elements.parameters, parameter.id: parameter}
        merged = replace(self.policy.merged, elements=replace(elements, parameters=parameters))
        policy = replace(self.policy, merged=merged)
        return Variant(self.program, tables_on(policy, self.place, self.day, None), prepare(policy))

    def looks_alike(self, change: Change, other: CheckedPolicy) -> bool:
        """Whether a change sets a value or list that is not the one in force at this place and day."""
        tables = tables_on(other, self.place, self.day, None)
        match change:
            case SetValues(target=id):
                held = [one.parameters.get(id) for one in (self.tables, tables)]
                told = [None if one is None else published(self.policy, one, self.place) for one in held]
                return told[0] == told[1]
            case SetList(target=id):
                return self.tables.lists.get(id) == tables.lists.get(id)
            case _:
                return False

    def numbered(self, variant: Variant) -> Numbers:
        """The numbers of the steps that mean the same in a variant."""
        other: set[tuple[str, int]] = set()
        options = {id for id, slot in self.program.reading_slots.items() if self._differ(variant, slot)}
        other_values = self._with_other_values(variant)
        for step in variant.program.every:
            place = step.collection, step.slot
            if (
                step.core is not self.program.by_place[place].core
                or any(read in other for read in reads(step.core))
                or any(
                    (isinstance(node, core.ChosenReading) and node.reading in options)
                    or (isinstance(node, core.Lookup) and node.parameter in other_values)
                    for node in core_walk(step.core)
                )
            ):
                other.add(place)
        return {place: number for place, number in self.numbers.items() if place not in other}

    def _with_other_values(self, variant: Variant) -> set[str]:
        """As of whatever day they are looked up."""
        policies = self.policy, variant.prepared.policy
        declared = [policy.merged.elements.parameters for policy in policies]
        return {id for id, one in declared[0].items() if one is not declared[1][id]}

    def _differ(self, variant: Variant, slot: int) -> bool:
        return self.tables.options[slot] != variant.tables.options[slot]


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    model: z3.ModelRef
    household: Household


class Sized:
    """What is asked of households of one size."""

    def __init__(
        self,
        beside: Beside,
        sizes: Mapping[str, tuple[int, int]],
        work: int = WORK,
        *,
        free: bool = False,
        fixed: str = "",
    ) -> None:
        """Args:
        free: whether published amounts may be anything within their range; not those of the parameter `fixed`.
        """
        self.beside = beside
        at = all_free(beside.case, fixed) if free else beside.case
        meanings = Meanings(beside.case, at.free if isinstance(at, Group) else ())
        self.question = Question(at, sizes, meanings, work)
        self.world = self.question.world
        self._encodings: dict[int, tuple[Variant, Encoding]] = {}
        self.base = self.question.encodings[0]
        for step in beside.program.every:
            for index in range(len(self.world.present[step.collection])):
                with suppress(Unanalysed):
                    self.base.step(step, index)

    def encoding(self, variant: Variant) -> Encoding:
        if variant is self.beside.itself:
            return self.base
        found = self._encodings.get(id(variant))
        if found is None:
            numbers = self.beside.numbered(variant)
            made = Encoding(variant.program, variant.tables, self.world, self.question.free, numbers)
            found = self._encodings[id(variant)] = variant, made
        return found[1]

    def turns(self, owner: Owner, one: Variant, other: Variant, direction: Direction) -> Bit:
        """Whether it is met by the one and not by the other: `less`; or the other way round."""
        bits: list[Bit] = []
        published: list[Bit] = []
        for variant in (one, other):
            encoding, step = self.encoding(variant), _step(variant.program, owner)
            value = encoding.step(step)
            assert isinstance(value, values.Truth)
            bits.append(value.bit)
            published.extend(encoding.published if variant is not self.beside.itself else ())
        was, now = bits if direction == "less" else bits[::-1]
        return terms.both((was, terms.no(now), *published))

    def differs(self, owner: Owner, variant: Variant) -> Bit:
        """Whether a step comes to something else under the variant, in the household or in some item."""
        step, other = _step(self.beside.program, owner), _step(variant.program, owner)
        encoding = self.encoding(variant)
        found = []
        for index, there in enumerate(self.world.present[step.collection]):
            one, two = self.base.step(step, index), in_unit_of(step, encoding.step(other, index), other)
            found.append(terms.both((there, terms.either(further(one, two, way) for way in DIRECTIONS))))
        return terms.both((terms.either(found), *encoding.published))

    def find(self, wanted: Bit) -> Found | None:
        """The plainest; None where the solver gave up on the way."""
        model = plainest(self.question, wanted)
        return None if model is None else Found(model, self._household(model))

    def _household(self, model: z3.ModelRef) -> Household:
        """Without lists that no rule goes over."""
        elements, used = self.beside.policy.merged.elements, self.beside.program.used
        idle = {id for id, held in elements.collections.items() if not held.required and (id, "") not in used}
        return {key: value for key, value in self.world.household(model).items() if key not in idle}

    def agrees(self, found: Found, variant: Variant, decision: Decision) -> bool:
        """Whether the interpreter comes to what the solver says."""
        for step in variant.program.every:
            if step.owner.kind in ("cause", "outcome"):
                with suppress(Unanalysed):
                    said = value_in(found.model, self.encoding(variant).step(step))
                    if said is not _is_met(step, decision):
                        return False
        return True


def holds(found: Found, wanted: Bit) -> bool:
    """Whether a household that was found for something else shows it as well."""
    return wanted if isinstance(wanted, bool) else z3.is_true(found.model.eval(wanted, True))


def decided(variant: Variant, household: Household) -> Decision | None:
    """None where the household is refused."""
    try:
        return decide_under(variant.prepared, read_household(dict(household), variant.prepared.policy))
    except HouseholdError:
        return None


def owners(program: Program, kind: str) -> Iterator[Owner]:
    return (step.owner for step in program.every if step.owner.kind == kind)


def _step(program: Program, owner: Owner) -> Step:
    return next(step for step in program.every if step.owner == owner)


def _is_met(step: Step, decision: Decision) -> bool:
    if step.owner.kind == "outcome":
        return decision.outcome is Outcome.ELIGIBLE
    return str(decision.causes[step.owner.id].finding) == "met"
