"""What every fold over a program may rely on, said as a check.

In: a `Program`.  Out: what of it does not hold, in words; nothing for a program that `link` made of checked rules.
  places      inputs first, then steps, each at a slot of its own
  order       a step stands after every step that it reads; the outcome is the last of the decisive ones
  references  each leads to a place of its collection, of the same type, and of an item that is current there; what is
              `Outer` stands in an aggregate and is of the item whose expression it is
  outside     every table, list and reading is there, with as many keys as are asked for
  types       truths where truths are wanted, and one unit wherever two numbers meet
  divisors    none can be zero where the quotient counts, and no step of a rounding zero or less
  aggregates  none stands inside another, in an item's expression as in one of the household; `max` and `min` of what
              may be empty say what they are then
  within      limits are of the unit of what they are put to, and what stands for a reference of its type; without
              both, an expression of a step is what is written
  sharing     a step that repeats another refers to one whose expression is the same
Imports program, language.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from itertools import pairwise
from typing import TypeVar, assert_never

from engine.language import core
from engine.language.core import CoreExpression, operands, plain
from engine.language.core_text import core_text
from engine.language.guards import failing, holding, never_zero, sign
from engine.language.nesting import inward_guards
from engine.language.references import core_walk
from engine.language.types import DATE, TRUTH, DateType, ItemOf, Quantity, Several, Type
from engine.program.bounds import Bounds
from engine.program.model import HOUSEHOLD, Input, Program, Step, Table
from engine.records import dataclass

_T = TypeVar("_T")


def invariants(program: Program) -> tuple[str, ...]:
    """What does not hold; empty for every program that may be relied on."""
    broken = list(structure(program))
    if not broken:  # what follows looks steps up by their places
        expressions = [_Expression(program, step) for step in program.every]
        broken += [said for one in expressions for said in one.faults()]
        broken += _sharing(program)
        if not broken:  # and bounds are those of expressions that can be worked out
            bounds = Bounds(program)
            broken += [said for one in expressions for said in one.divisors(bounds)]
    return tuple(broken)


def structure(program: Program) -> tuple[str, ...]:
    """The first of them, places and order, which take next to no time: every program that is made is held against
    these."""
    return (*_places(program), *_order(program))


def _places(program: Program) -> Iterator[str]:
    taken = {id: [one.slot for one in held.inputs] for id, held in program.collections.items()}
    for id, slots in taken.items():
        if slots != list(range(len(slots))):
            yield f"the inputs of {id or 'the household'} are not its first values"
    for step in program.every:
        taken[step.collection].append(step.slot)
    for id, held in program.collections.items():
        if sorted(taken[id]) != list(range(held.width)):
            yield f"a row of {id or 'the household'} is not made of its inputs and steps, one each"
    if next(iter(program.collections)) != HOUSEHOLD:
        yield "the household does not come first"


def _order(program: Program) -> Iterator[str]:
    done = {(id, one.slot) for id, held in program.collections.items() for one in held.inputs}
    for step in program.every:
        for node in core_walk(step.core):
            if isinstance(node, core.Reference) and (node.collection, node.slot) not in done:
                yield f"{step.owner.name} reads {core_text(node)} before it is worked out"
        done.add((step.collection, step.slot))
    decisive = {step.owner for step in program.steps[: program.decisive]}
    has_outcome = any(step.owner.kind == "outcome" for step in program.steps)
    if (has_outcome and program.outcome is None) or not program.decisive <= program.eager <= len(program.steps):
        yield "the outcome is not the last of the decisive steps"
    elif not decisive.issuperset(step.owner for step in program.goals):
        yield "a figure that stands for the outcome is not among the decisive steps"


def _sharing(program: Program) -> Iterator[str]:
    for step in program.every:
        made = plain(step.core)
        if made == step.written:
            continue
        first = program.by_place.get((HOUSEHOLD, made.slot)) if isinstance(made, core.ConditionMet) else None
        if first is None or first.written != step.written:
            yield f"{step.owner.name} is worked out as something else than what is written"


@dataclass(frozen=True, slots=True)
class _Around:
    """The collection whose item is current, what is around the aggregate that this is in, and the comparisons that hold
    there."""

    item: str
    outer: _Around | None = None
    guards: tuple[core.Compare, ...] = ()


class _Expression:
    """One step's expression, looked at node by node."""

    def __init__(self, program: Program, step: Step) -> None:
        self._program = program
        self._step = step
        self._divided: list[tuple[core.Quotient | core.Rounded, _Around]] = []

    def faults(self) -> Iterator[str]:
        yield from self._look(self._step.core, _Around(self._step.collection))
        wanted = self._step.owner.kind not in ("term", "output")
        if wanted and self._step.core.type != TRUTH:
            yield f"{self._step.owner.name}: is no truth"

    def divisors(self, bounds: Bounds) -> Iterator[str]:
        """Those that `faults` came by."""
        for node, around in self._divided:
            if isinstance(node, core.Rounded):
                if sign(plain(node.step), around.guards, bounds.of) <= 0:
                    yield f"{self._step.owner.name}: the step may not be above zero: {core_text(node)}"
            elif not never_zero(plain(node.right), around.guards, bounds.of):
                yield f"{self._step.owner.name}: the divisor may be zero: {core_text(node)}"

    def _look(self, node: CoreExpression, around: _Around) -> Iterator[str]:
        yield from (f"{self._step.owner.name}: {said}: {core_text(node)}" for said in self._node(node, around))
        match node:
            case core.If():
                test = plain(node.test)
                yield from self._look(node.test, around)
                yield from self._look(node.then, _with(around, holding(test)))
                yield from self._look(node.otherwise, _with(around, failing(test)))
            case core.Aggregate():
                inside = _Around(node.collection, around, inward_guards(around.guards))
                for part in (node.body, node.where):
                    if part is not None:
                        yield from self._look(part, inside)
                if node.otherwise is not None:
                    yield from self._look(node.otherwise, around)
            case core.Outer():
                if around.outer is not None:
                    yield from self._look(node.operand, around.outer)
            case _:
                for part in operands(node):
                    yield from self._look(part, around)

    def _node(self, node: CoreExpression, around: _Around) -> Iterator[str]:
        day = node.on if isinstance(node, core.Lookup | core.InList | core.OverlapsList) else None
        if day is not None and day.type != DATE:
            yield "its day is no date"
        match node:
            case core.Fact() | core.TermValue() | core.CauseMet() | core.ConditionMet():
                yield from self._reference(node, around)
            case core.Outer():
                if around.outer is None:
                    yield "nothing is around it"
                if node.operand.collection == HOUSEHOLD or not _alike(node.type, node.operand.type):
                    yield "is not what it stands for"
            case core.Lookup():
                table = _at(self._program.outside.tables, node.parameter, node.slot)
                if table is None or len(table.keys) != len(node.keys) or table.marginal != node.marginal:
                    yield "there is no such table"
                elif not _alike(node.type, _looked_up(table, node)):
                    yield "is not what its table holds"
                elif not all(_is_key(key.type, kind) for key, kind in zip(node.keys, table.keys, strict=True)):
                    yield "a key is of another type"
            case core.ChosenReading():
                if _at(self._program.outside.readings, node.reading, node.slot) != node.type:
                    yield "there is no such reading"
            case core.InList():
                columns = _at(self._program.outside.lists, node.list, node.slot)
                if columns is None or len(columns) != len(node.operands):
                    yield "there is no such list"
            case core.OverlapsList():
                if len(_at(self._program.outside.lists, node.list, node.slot) or ()) != 1:
                    yield "there is no such list"
            case core.InSet():
                if any(len(row) != len(node.operands) for row in node.rows):
                    yield "a row is longer or shorter than what is looked for"
            case core.OverlapsSet():
                if not isinstance(node.operand.type, Several):
                    yield "is no set"
            case core.Not() | core.And() | core.Or() | core.HowMany():
                if any(part.type != TRUTH for part in operands(node)):
                    yield "an operand is no truth"
            case core.If():
                if node.test.type != TRUTH or not _alike(node.then.type, node.otherwise.type, node.type):
                    yield "its branches are not of one type"
            case core.Compare():
                if not _alike(node.left.type, node.right.type):
                    yield "its sides are not of one type"
            case core.Sum() | core.Least() | core.Greatest():
                if not _alike(node.type, *(part.type for part in node.operands)):
                    yield "its operands are not of one unit"
                if not node.operands and not isinstance(node, core.Sum):
                    yield "has nothing to choose from"
            case core.Scale() | core.Absolute():
                if not isinstance(node.operand.type, Quantity):
                    yield "is no number"
            case core.Rounded():
                if not isinstance(node.type, Quantity) or not _alike(node.operand.type, node.step.type):
                    yield "is rounded to what is no multiple of its unit"
                self._divided.append((node, around))
            case core.Product() | core.Quotient():
                if not (isinstance(node.left.type, Quantity) and isinstance(node.right.type, Quantity)):
                    yield "a factor is no number"
                if isinstance(node, core.Quotient):
                    self._divided.append((node, around))
            case core.Aggregate():
                yield from self._aggregate(node, around)
            case core.ShiftDate():
                if node.date.type != DATE or not isinstance(node.amount.type, Quantity):
                    yield "does not move a date"
            case core.Between() | core.DatePart():
                if any(part.type != DATE for part in operands(node)):
                    yield "is not about dates"
            case core.Within():
                if not isinstance(node.type, Quantity | DateType) or len(node.limits) != len(node.operators):
                    yield "is kept within no limits"
                elif not _alike(node.type, *(part.type for part in operands(node))):
                    yield "its limits are not of its unit"
            case core.Sharper():
                if not _alike(node.type, node.operand.type, node.told.type):
                    yield "is not what it stands for"
            case core.Constant():
                counts = isinstance(node.value, int | Fraction) and not isinstance(node.value, bool)
                if isinstance(node.type, Quantity) != counts:
                    yield "is a literal of another type"
            case _:
                assert_never(node)

    def _reference(self, node: core.Reference, around: _Around) -> Iterator[str]:
        if node.collection not in (HOUSEHOLD, around.item):
            yield "no item of its collection is current"
        inputs = self._program.collections[node.collection].inputs
        if isinstance(node, core.Fact):
            found = inputs[node.slot] if node.slot < len(inputs) else None
            if found is None or found.id != node.id or not _is_of(found, node.type):
                yield "is not the input at its place"
            return
        step = self._program.by_place.get((node.collection, node.slot))
        if step is None or not _alike(step.core.type, node.type):
            yield "is not the step at its place"

    def _aggregate(self, node: core.Aggregate, around: _Around) -> Iterator[str]:
        if around.outer is not None:
            yield "stands inside another"
        if node.collection not in self._program.collections or node.collection == HOUSEHOLD:
            yield "goes over no collection"
            return
        if (node.body is None) != (node.kind == "count"):
            yield "has a body where it only counts, or none where it does more"
        if node.where is not None and node.where.type != TRUTH:
            yield "its filter is no truth"
        never_empty = node.where is None and self._program.collections[node.collection].least > 0
        if node.kind in ("max", "min") and node.otherwise is None and not never_empty:
            yield "does not say what it is where no item passes"


def _is_of(found: Input, type_: Type) -> bool:
    """Whether an input has the type by which it is read; the id of an item also says which item it is."""
    return _alike(found.type, type_) or (found.role == "identity" and type_ == ItemOf(found.collection))


def _with(around: _Around, guards: tuple[core.Compare, ...]) -> _Around:
    return _Around(around.item, around.outer, around.guards + guards)


def _kind(type_: Type) -> object:
    """What has to be the same where two values meet: of numbers their unit, whether whole or not."""
    return type_.unit if isinstance(type_, Quantity) else type_


def _at(held: Mapping[str, _T], id: str, slot: int) -> _T | None:
    """What stands at a slot, where that is what the id says."""
    return next((one for place, (name, one) in enumerate(held.items()) if place == slot and name == id), None)


def _looked_up(table: Table, node: core.Lookup) -> Type:
    """Of a marginal table rate times amount."""
    if not table.marginal or not isinstance(table.type, Quantity):
        return table.type
    amount = node.keys[-1].type
    return Quantity(table.type.unit * amount.unit) if isinstance(amount, Quantity) else amount


def _is_key(given: Type, wanted: Type) -> bool:
    """Counts are looked up by their number, whatever they count, amounts in the unit in which they were declared."""
    if isinstance(given, Quantity) and isinstance(wanted, Quantity):
        return given.unit == wanted.unit or (wanted.whole and given.unit.factor.denominator == 1)
    return given == wanted


def _alike(*types: Type) -> bool:
    return all(_kind(one) == _kind(other) for one, other in pairwise(types))
