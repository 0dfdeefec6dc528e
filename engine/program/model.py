"""The program of a policy: what is given, what is worked out from it and in which order, and what of that decides.

A household is one item of the collection ""; every other collection has as many items as the household lists. Each item
is a row of values: its inputs first, then what the steps work out for it. A reference of an expression holds the
collection and the slot in that row; ids stay beside for reading and decide nothing.
Imports policy, language.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import cached_property

from engine.beside import Beside
from engine.language.core import Aggregate, ConditionMet, CoreExpression, Lookup, Outer
from engine.language.nesting import asked_equal
from engine.language.references import core_reads, core_walk
from engine.language.types import Choice, ItemOf, Type
from engine.language.values import Value
from engine.policy.checked import Declared, Owner
from engine.policy.model import FactRole
from engine.records import dataclass

HOUSEHOLD = ""


@dataclass(frozen=True, slots=True)
class Input:
    """A fact of the household, or of each item of a collection.

    Attributes:
        slot: its place in the row of an item.
        extent: all that it can be before it is known, counted in the type's unit.
        default: what stands for it where it is left out; None where nothing does.
        role: whether it says who, when or where, which is asked before anything is worked out.
    """

    collection: str
    id: str
    slot: int
    type: Type
    extent: Value
    default: Value | None = None
    required: bool = False
    role: FactRole = ""


@dataclass(frozen=True, slots=True)
class Collection:
    """`least` and `most` bound the number of items; the list has to be given where it is `required`. `width` is how
    long an item's row is."""

    id: str
    inputs: tuple[Input, ...]
    least: int
    most: int
    required: bool
    width: int = 0


@dataclass(frozen=True, slots=True)
class Table:
    """What is known of a parameter on every day: its type, those of its keys, and all that it can be."""

    id: str
    type: Type
    keys: tuple[Type, ...]
    extent: Value
    marginal: bool = False


@dataclass(frozen=True, slots=True)
class Outside:
    """What steps read that is no value of an item: tables by id, the columns of lists, the options of readings. Their
    slots are their places among those of their kind.

    What they have on a day stands in rows beside the program (`policy.tables`): chains of the same rules share it."""

    tables: Mapping[str, Table]
    lists: Mapping[str, tuple[Type, ...]]
    readings: Mapping[str, Choice]


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to be worked out, for the household or for each item of a collection.

    Attributes:
        owner: whose it is: its role, and the stable name by which explanations, coverage and mutation call it.
        written: the author's own expression. It is `core` itself, but where another step has worked out an equal one
            already, which `core` then refers to.
        declared: the element that an author wrote; None for what is made of several (causes, the outcome).
    """

    owner: Owner
    collection: str
    slot: int
    core: CoreExpression
    written: CoreExpression
    declared: Declared | None


@dataclasses.dataclass(frozen=True, eq=False)  # without slots: it keeps what it has worked out
class Program:
    """Attributes:
    collections: the household first.
    outside: the tables, lists and readings that steps look into.
    steps: each after those that it reads.
    authored: those that an author wrote, in the order of the policy, with those that nothing reads.
    decisive: how many of them, from the first, the goals rest on, these among them; an outcome is the last.
    eager: how many of them, from the first, say whether there is an answer at all: those, and the data checks that
        refuse a household. The rest explains.
    """

    collections: Mapping[str, Collection]
    outside: Outside
    steps: tuple[Step, ...]
    authored: tuple[Step, ...]
    decisive: int
    eager: int

    @cached_property
    def beside(self) -> Beside:
        return Beside()

    @cached_property
    def outcome(self) -> Step | None:
        """None where the policy has figures only."""
        return next(
            (step for step in self.steps[self.decisive - 1 : self.decisive] if step.owner.kind == "outcome"), None
        )

    @cached_property
    def goals(self) -> tuple[Step, ...]:
        """What is asked for: the outcome; where there is none, the figures."""
        if self.outcome is not None:
            return (self.outcome,)
        return tuple(step for step in self.authored if step.owner.kind == "output")

    @cached_property
    def unread(self) -> tuple[Step, ...]:
        """Steps that nothing reads and nobody is told of, each after those that it reads."""
        read = {step.owner for step in self.steps}
        return tuple(step for step in self.authored if step.owner not in read)

    @cached_property
    def refusing(self) -> tuple[Step, ...]:
        """The checks of the household's data that refuse it where they are false."""
        return tuple(step for step in self.steps[self.decisive : self.eager] if step.owner.kind == "check")

    @cached_property
    def checks(self) -> tuple[Step, ...]:
        """The checks of the household's data."""
        return tuple(step for step in self.authored if step.owner.kind == "check")

    @cached_property
    def every(self) -> tuple[Step, ...]:
        """All steps, each after those that it reads; last those that nothing reads."""
        return (*self.steps, *self.unread)

    @cached_property
    def slots(self) -> Mapping[Owner, int]:
        """Of each step its place in the row of its collection."""
        return {step.owner: step.slot for step in self.every}

    @cached_property
    def truths(self) -> Mapping[tuple[str, str], int]:
        """Where each (cause, condition), ("", requirement) and (cause, "") has its truth, exemptions included."""
        found: dict[tuple[str, str], int] = {}
        for kind in ("condition", "exempted"):  # what is exempted counts as a whole
            found |= {(owner.group, owner.id): slot for owner, slot in self.slots.items() if owner.kind == kind}
        return found | {(owner.id, ""): slot for owner, slot in self.slots.items() if owner.kind == "cause"}

    @cached_property
    def reading_slots(self) -> Mapping[str, int]:
        """Of each reading its place among the readings."""
        return {id: slot for slot, id in enumerate(self.outside.readings)}

    @cached_property
    def by_place(self) -> Mapping[tuple[str, int], Step]:
        """Each step by collection and slot."""
        return {(step.collection, step.slot): step for step in self.every}

    @cached_property
    def inputs(self) -> Mapping[tuple[str, str], Input]:
        """Each input by collection and id."""
        return {(held.id, one.id): one for held in self.collections.values() for one in held.inputs}

    @cached_property
    def used(self) -> frozenset[tuple[str, str]]:
        """The inputs (collection, id) that some step reads or that say who, when and where; (collection, "") for a
        collection whose items are gone over."""
        return self._inputs_of(self.steps)

    @cached_property
    def deciding(self) -> frozenset[tuple[str, str]]:
        """Likewise of those that the outcome, or figures without one, can rest on."""
        return self._inputs_of(self.steps[: self.decisive])

    def _inputs_of(self, steps: Iterable[Step]) -> frozenset[tuple[str, str]]:
        found = {("", one.id) for one in self.collections[HOUSEHOLD].inputs if one.role}
        for step in steps:
            for kind, collection, id in core_reads(step.core):
                if kind == "fact":
                    found.add((collection, id))
                elif kind == "collection":
                    found.add((id, ""))
        return frozenset(found)

    @cached_property
    def referring(self) -> tuple[tuple[Input, str], ...]:
        """The inputs that refer to an item, each with the collection whose item that is."""
        return tuple((one, one.type.collection) for one in self.inputs.values() if isinstance(one.type, ItemOf))

    @cached_property
    def joins(self) -> bool:
        """Whether what an item comes to can rest on other items: an aggregate is worked out for items."""
        return bool(self.joined)

    @cached_property
    def joined(self) -> tuple[tuple[str, Aggregate], ...]:
        """The aggregates that are worked out for each item of a collection, with that collection."""
        of_items = (step for step in self.every if step.collection != HOUSEHOLD)
        return tuple(
            (step.collection, node) for step in of_items for node in core_walk(step.core) if isinstance(node, Aggregate)
        )

    @cached_property
    def asked_equal(self) -> Mapping[int, tuple[tuple[CoreExpression, CoreExpression], ...]]:
        """Of each of these, by its identity, what has to be equal in the items that contribute. None of one that looks
        up by both items: of every pair it is told what was looked up."""
        return {id(node): () if _looks_up_by_both(node) else asked_equal(node) for _, node in self.joined}

    def with_core(self, owner: Owner, node: CoreExpression) -> Program:
        """The program with another expression at one step, which reads nothing that the step did not read before."""
        slot = self.slots[owner]

        def changed(step: Step) -> Step:
            if step.owner == owner:
                return replace(step, core=node, written=node)
            same = step.core is not step.written
            if same and isinstance(step.core, ConditionMet) and step.core.slot == slot:
                return replace(step, core=step.written)  # it is no longer like the one that changed
            return step

        return self.with_steps(changed)

    def with_steps(self, change: Callable[[Step], Step]) -> Program:
        """The program with each of its steps changed."""
        made = {step.owner: change(step) for step in self.every}
        steps, authored = (tuple(made[step.owner] for step in held) for held in (self.steps, self.authored))
        return replace(self, steps=steps, authored=authored)


def _looks_up_by_both(node: Aggregate) -> bool:
    lookups = (one for one in core_walk(node) if isinstance(one, Lookup))
    return any(isinstance(inner, Outer) for one in lookups for inner in core_walk(one))
