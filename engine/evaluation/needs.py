"""What would have to be found out to settle an expression that is not known.

In: an expression of a program and the `Frame` in which it was worked out.  Out: the leaves it waits for.
A node whose value is known needs nothing; any other needs what its operands need, leaving out branches that are
excluded already and items whose contribution is known. Imports program, language, `frame` and `interpreter`.
"""

from __future__ import annotations

from collections.abc import Container
from datetime import date
from typing import TypeAlias, assert_never

from engine.evaluation.frame import Frame
from engine.language import core
from engine.language.core import CoreExpression
from engine.language.interpreter import Unseen, day_of, evaluate
from engine.language.values import Value, is_known
from engine.policy.model import Key
from engine.program.model import Program
from engine.records import dataclass


@dataclass(frozen=True, slots=True)
class NeededFact:
    """`collection` is empty and `index` -1 for a fact of the household."""

    collection: str
    index: int
    id: str


@dataclass(frozen=True, slots=True)
class NeededItems:
    """The list of a collection that was not given."""

    collection: str


@dataclass(frozen=True, slots=True)
class NeededValue:
    """A value of a parameter, for a key that has none in force; or a list without rows in force (key empty)."""

    id: str
    key: Key
    on: date | None = None
    """the day, where it is not the decision's"""


Needed: TypeAlias = NeededFact | NeededItems | NeededValue


def need(
    program: Program, node: CoreExpression, frame: Frame, items: Container[tuple[str, int]] | None = None
) -> frozenset[Needed]:
    """What the expression waits for; empty when, and only when, its value is known.

    Args:
        items: look only at these items (collection, index), where only what they lack is asked for.
    """
    search = _Search(program, items)
    search.visit(node, frame)
    while search.pending:
        search.enter(*search.pending.pop())
    return frozenset(search.found)


def needed(program: Program, frame: Frame, items: Container[tuple[str, int]] | None = None) -> frozenset[Needed]:
    """What the answer waits for: the outcome, or the figures where there is none."""
    found: frozenset[Needed] = frozenset()
    for step in program.goals:
        if isinstance(frame.items.get(step.collection), Unseen):
            found |= {NeededItems(step.collection)}
            continue
        for owner in frame.every(step.collection):
            found |= need(program, step.core, owner, items)
    return found


def is_settled(program: Program, frame: Frame) -> bool:
    """Whether the answer waits for nothing."""
    return all(
        not isinstance(frame.items.get(step.collection), Unseen)
        and all(is_known(owner.row[step.slot]) for owner in frame.every(step.collection))
        for step in program.goals
    )


class _Search:
    """`pending` are the rules still to be searched: chains of terms may be longer than recursion can go."""

    def __init__(self, program: Program, items: Container[tuple[str, int]] | None) -> None:
        self._program = program
        self._items = items
        self.found: set[Needed] = set()
        self.pending: list[tuple[CoreExpression, Frame]] = []
        self._seen: set[tuple[str, int, int]] = set()

    def visit(self, node: CoreExpression, frame: Frame) -> None:
        if not is_known(evaluate(node, frame)):
            self.enter(node, frame)

    def enter(self, node: CoreExpression, frame: Frame) -> None:
        """Go on from a node whose value is known not to be known."""
        if isinstance(node, core.Operator):
            self._all(core.operands(node), frame)
            return
        match node:
            case core.Fact():
                owner = frame.of(node.collection)
                if owner.collection and owner.index < 0:
                    self.found.add(NeededItems(owner.collection))
                else:
                    self.found.add(NeededFact(owner.collection, owner.index, node.id))
            case core.TermValue() | core.CauseMet() | core.ConditionMet():
                self._step(node.collection, node.slot, frame.of(node.collection))
            case core.Outer():
                self.enter(node.operand, frame.outer())
            case core.Lookup():
                self._lookup(node, frame)
            case core.If():
                test = evaluate(node.test, frame)
                self.visit(node.test, frame)
                if test is not False:
                    self.visit(node.then, frame)
                if test is not True:
                    self.visit(node.otherwise, frame)
            case core.Aggregate():
                self._aggregate(node, frame)
            case core.InList() | core.OverlapsList():
                if None in frame.rows_of(node, day_of(node, frame)):
                    self.found.add(NeededValue(node.list, ()))
                self._all(core.operands(node), frame)
            case core.Within():
                self.visit(node.operand, frame)  # what the limits wait for, the test around it waits for
            case core.Sharper():
                self.visit(node.told, frame)
            case core.Constant() | core.ChosenReading():
                pass  # always known
            case _:
                assert_never(node)

    def _all(self, nodes: tuple[CoreExpression, ...], frame: Frame) -> None:
        for node in nodes:
            self.visit(node, frame)

    def _step(self, collection: str, slot: int, owner: Frame) -> None:
        """What a step waits for, looked for once of each item."""
        before = len(self._seen)
        self._seen.add((collection, slot, owner.index))
        if len(self._seen) > before:
            self.pending.append((self._program.by_place[collection, slot].core, owner))

    def _lookup(self, node: core.Lookup, frame: Frame) -> None:
        self._all(core.operands(node), frame)
        keys = tuple([evaluate(key, frame) for key in node.keys])
        for day, table in frame.tables.of(node, day_of(node, frame)):
            for key, cell in table.admissible(keys, node.keys):
                if cell is None:
                    self.found.add(NeededValue(node.parameter, key, day))

    def _aggregate(self, node: core.Aggregate, frame: Frame) -> None:
        items = frame.gone_over(node)
        unseen = isinstance(items, Unseen)
        certain = False
        for item in (items.item,) if isinstance(items, Unseen) else items:
            passed_over = self._items is not None and not unseen and (node.collection, item.index) not in self._items
            if passed_over and node.otherwise is None:
                continue
            test: Value = True if node.where is None else evaluate(node.where, item)
            certain = certain or (test is True and not unseen)
            if unseen and test is not False:
                self.found.add(NeededItems(node.collection))
            if passed_over or test is False or (node.body is not None and self._settled(node, node.body, test, item)):
                continue
            for part in (node.where, node.body):
                if part is not None:
                    self.visit(part, item)
        if node.otherwise is not None and not certain:
            self.visit(node.otherwise, frame)

    def _settled(self, node: core.Aggregate, body: CoreExpression, test: Value, item: Frame) -> bool:
        """Whether what the item contributes is known although its filter or its value may not be."""
        value = evaluate(body, item)
        if test is True:
            return is_known(value)
        match node.kind:
            case "sum":
                return value == 0
            case "any":
                return value is False
            case "every":
                return value is True
            case "count" | "max" | "min":
                return False
        assert_never(node.kind)
