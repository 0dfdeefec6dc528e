"""The program of a checked policy: every reference placed, every step in its order.

In: the elaborated rules and the declared facts.  Out: a `Program`, made once for each set of rules.
Imports policy, language and the model.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import assert_never, cast

from engine.language import core
from engine.language.core import CoreExpression
from engine.language.interpreter import MAX_ITEMS
from engine.language.references import core_walk
from engine.language.types import TRUTH
from engine.language.values import Value
from engine.policy.checked import CheckedPolicy, Declared, Owner, Rules
from engine.policy.extent import fact_extent, parameter_extent
from engine.policy.keys import key_type
from engine.policy.model import Check, Elements, Fact
from engine.program.invariants import structure
from engine.program.model import HOUSEHOLD, Collection, Input, Outside, Program, Step, Table
from engine.source import Span

OUTCOME = Owner("outcome", "", "")


def program_of(policy: CheckedPolicy) -> Program:
    """The program of a policy; policies that share their rules share it.

    INVARIANT: rules are elaborated anew wherever the facts that they read are declared otherwise.
    """
    held = policy.rules.beside.setdefault(program_of, {})
    if not held:
        held[()] = _made(policy)
    return cast("Program", held[()])


def _made(policy: CheckedPolicy) -> Program:
    elements = policy.merged.elements
    head = policy.merged.chain.root.header.origin.span
    program = make_program(policy.rules, collections_of(elements), outside_of(elements), head)
    if broken := structure(program):
        raise AssertionError(f"no program: {broken[0]}")
    return program


def collections_of(elements: Elements) -> list[Collection]:
    """The household and its collections, with what is declared of their items."""
    found = [Collection(HOUSEHOLD, _inputs(HOUSEHOLD, elements.facts.values()), 1, 1, required=True)]
    for id, held in elements.collections.items():
        found.append(Collection(id, _inputs(id, held.facts.values()), held.at_least, MAX_ITEMS, held.required))
    return found


def outside_of(elements: Elements) -> Outside:
    return Outside(
        {
            id: Table(
                id, held.type, tuple(key_type(elements, key) for key in held.by), parameter_extent(held), held.marginal
            )
            for id, held in elements.parameters.items()
        },
        {id: held.columns for id, held in elements.lists.items()},
        {id: held.type for id, held in elements.readings.items()},
    )


def _inputs(collection: str, facts: Iterable[Fact]) -> tuple[Input, ...]:
    return tuple(
        Input(
            collection,
            fact.id,
            slot,
            fact.type,
            fact_extent(fact),
            cast("Value | None", fact.default),
            fact.required,
            fact.role,
        )
        for slot, fact in enumerate(facts)
    )


def make_program(rules: Rules, collections: Sequence[Collection], outside: Outside, span: Span) -> Program:
    """The program of some rules.

    Args:
        span: where the outcome as such is declared, the head of the policy.
    """
    return _Linker(rules, collections, outside, span).program()


def linked(node: CoreExpression, program: Program) -> CoreExpression:
    """An expression of the policy that stands in none of the program's steps, as it would stand in one."""
    inputs = {key: held.slot for key, held in program.inputs.items()}
    return _Places(inputs, program.slots, program.outside).placed(node)


class _Linker:
    def __init__(self, rules: Rules, collections: Sequence[Collection], outside: Outside, span: Span) -> None:
        self._rules = rules
        self._outside = outside
        self._collections = collections
        self._span = span
        self._inputs = {(held.id, one.id): one.slot for held in collections for one in held.inputs}
        self._widths = {held.id: len(held.inputs) for held in collections}
        self._slots: dict[Owner, int] = {}
        self._places = _Places(self._inputs, self._slots, outside)

    def program(self) -> Program:
        for owner in self._owners():
            self._slots[owner] = self._widths[owner.collection]
            self._widths[owner.collection] += 1
        steps = {step.owner: step for step in self._gather()}
        by_place = {(step.collection, step.slot): step for step in steps.values()}
        figures = [step for step in steps.values() if step.owner.kind == "output"]
        decisive = ordered([steps[OUTCOME]] if OUTCOME in steps else figures, by_place)
        eager = ordered([*decisive, *filter(_refuses, steps.values())], by_place)
        explaining = [step for step in steps.values() if step.owner.kind in ("check", "output", "referral")]
        order = ordered([*eager, *explaining], by_place)
        return Program(
            {held.id: replace(held, width=self._widths[held.id]) for held in self._collections},
            self._outside,
            tuple(order),
            tuple(step for step in steps.values() if step.declared is not None),
            len(decisive),
            len(eager),
        )

    def _owners(self) -> Iterator[Owner]:
        yield from (rule.owner for rule in self._rules.every())
        yield from (Owner("exempted", cause, id) for cause, id, held in self._rules.conditions() if held.exemptions)
        yield from (Owner("cause", "", cause) for cause in self._rules.causes)
        if self._rules.causes:
            yield OUTCOME

    def _gather(self) -> Iterator[Step]:
        """Every rule: those of the authors in the order of the policy, then what is made of them."""
        rules, span = self._rules, self._span
        known: dict[CoreExpression, Step] = {}
        for rule in rules.every():
            written = self._places.placed(rule.core)
            found = self._step(rule.owner, written, rule.declared)
            # `same_as` makes equal conditions; one that is worked out already is read from there
            first = known.setdefault(written, found) if rule.owner.kind == "condition" else found
            yield found if first is found else replace(found, core=self._met(first.owner, written.span))
        for cause, id, condition in rules.conditions():
            if condition.exemptions:
                exempt = [Owner("exemption", cause, id, one.id) for one, _ in condition.exemptions]
                either = (self._met(one, condition.core.span) for one in (Owner("condition", cause, id), *exempt))
                yield self._made(Owner("exempted", cause, id), core.Or(condition.core.span, TRUTH, tuple(either)))
        for cause, checked in rules.causes.items():
            every = (core.ConditionMet(span, TRUTH, cause, id) for id in checked.conditions)
            yield self._made(Owner("cause", "", cause), core.And(span, TRUTH, tuple(every)))
        if not rules.causes:
            return  # figures only
        causes = core.Or(span, TRUTH, tuple(core.CauseMet(span, TRUTH, cause) for cause in rules.causes))
        requirements = (core.ConditionMet(span, TRUTH, "", id) for id in rules.requirements)
        yield self._made(OUTCOME, core.And(span, TRUTH, (causes, *requirements)))

    def _made(self, owner: Owner, node: CoreExpression) -> Step:
        return self._step(owner, self._places.placed(node), None)

    def _met(self, owner: Owner, span: Span) -> CoreExpression:
        """A reference to a condition by itself, without its exemptions, or to one of these."""
        id = f"{owner.id}:{owner.part}" if owner.part else owner.id
        return core.ConditionMet(span, TRUTH, owner.group, id, self._slots[owner])

    def _step(self, owner: Owner, node: CoreExpression, declared: Declared | None) -> Step:
        return Step(owner, owner.collection, self._slots[owner], node, node, declared)


def _refuses(step: Step) -> bool:
    return isinstance(step.declared, Check) and step.declared.severity == "error"


class _Places:
    """Where everything is that an expression can refer to."""

    def __init__(self, inputs: Mapping[tuple[str, str], int], steps: Mapping[Owner, int], outside: Outside) -> None:
        self._inputs = inputs
        self._steps = steps
        self._tables, self._lists, self._readings = (
            {id: slot for slot, id in enumerate(held)} for held in (outside.tables, outside.lists, outside.readings)
        )

    def placed(self, node: CoreExpression) -> CoreExpression:
        """The expression with a slot at each reference in it; one that is placed stays where it is."""
        node = core.changed(node, self.placed)
        if isinstance(node, core.Placed) and node.slot == core.UNPLACED:
            return replace(node, slot=self._slot(node))
        return node

    def _slot(self, node: core.Placed) -> int:
        match node:
            case core.Fact():
                return self._inputs[node.collection, node.id]
            case core.TermValue():
                return self._steps[Owner("term", node.collection, node.id)]
            case core.CauseMet():
                return self._steps[Owner("cause", "", node.cause)]
            case core.ConditionMet():
                whole = self._steps.get(Owner("exempted", node.cause, node.condition))
                return self._steps[Owner("condition", node.cause, node.condition)] if whole is None else whole
            case core.Lookup():
                return self._tables[node.parameter]
            case core.InList() | core.OverlapsList():
                return self._lists[node.list]
            case core.ChosenReading():
                return self._readings[node.reading]
        assert_never(node)


def ordered(wanted: Iterable[Step], by_place: Mapping[tuple[str, int], Step]) -> list[Step]:
    """The wanted steps and all that they read, each after what it reads; without recursion, chains may be long."""
    done: dict[tuple[str, int], Step] = {}
    for first in wanted:
        stack = [(first, False)]
        while stack:
            step, entered = stack.pop()
            place = (step.collection, step.slot)
            if entered:
                done.setdefault(place, step)
            elif place not in done:
                stack.append((step, True))
                read = (by_place.get(place) for place in reads(step.core))
                stack.extend((inner, False) for inner in read if inner is not None)
    return list(done.values())


def reads(node: CoreExpression) -> Iterator[tuple[str, int]]:
    """The places, by collection and slot, that an expression refers to."""
    return ((inner.collection, inner.slot) for inner in core_walk(node) if isinstance(inner, core.Reference))
