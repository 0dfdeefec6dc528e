"""Reasons of a decision, read off a frame in which every step is worked out.

In: `Prepared` and a `Frame`.  Out: findings of causes, conditions and requirements, and outputs.
Imports program, policy, language and this floor.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from typing import cast

from engine.evaluation.decision import (
    FINDINGS,
    CauseFinding,
    ComparisonFinding,
    ConditionFinding,
    Operand,
    Outcome,
    Side,
)
from engine.evaluation.derivation import ToldOutput
from engine.evaluation.frame import Frame, Row
from engine.evaluation.missing import missing_of
from engine.evaluation.needs import NeededItems, need
from engine.evaluation.prepared import AskedValue, ComparisonForm, NamedOperand, Prepared, ToldCondition
from engine.evaluation.told import (
    ItemFigure,
    Missing,
    OutputFinding,
    ParameterUse,
    Part,
    each_once,
)
from engine.language import core
from engine.language.interpreter import Unseen, day_of, evaluate
from engine.language.references import core_walk
from engine.language.values import UNKNOWN, Truth3, Value, divide, is_known
from engine.program.model import Program

OUTCOMES: dict[Truth3, Outcome] = {
    True: Outcome.ELIGIBLE,
    False: Outcome.INELIGIBLE,
    UNKNOWN: Outcome.UNDETERMINED,
}


class Reasons:
    """Conditions repeat each other; what was read once for a household is kept."""

    def __init__(self, prepared: Prepared, frame: Frame, worth: Mapping[int, Value] | None = None) -> None:
        """Args:
        worth: what sides of comparisons and their operands come to, as far as it is known, by their identity.
        """
        self.prepared = prepared
        self.frame = frame
        self._worth = worth or {}
        self._compared: dict[int, ComparisonFinding] = {}
        self._operands: dict[str, Operand] = {}
        self._asked: dict[int, tuple[ParameterUse, ...]] = {}
        self._looked_up: dict[int, list[ParameterUse]] = {}
        self._items: dict[str, list[tuple[str, Row]]] = {}

    def causes(self) -> dict[str, CauseFinding]:
        return {
            id: CauseFinding(
                told.declared,
                FINDINGS[truth_at(self.frame, told.slot)],
                {name: self._condition(one) for name, one in told.conditions.items()},
            )
            for id, told in self.prepared.told_causes.items()
        }

    def requirements(self) -> dict[str, ConditionFinding]:
        told = self.prepared.told
        return {id: self._condition(told["", id]) for id in self.prepared.policy.rules.requirements}

    def outputs(self) -> dict[str, OutputFinding]:
        return {id: self._output(told) for id, told in self.prepared.told_outputs.items()}

    def derivations(self) -> dict[str, tuple[Part, ...]]:
        """What outputs are made of; they are made of much the same parts."""
        own = [("", self.frame.row)]
        parts = [
            Part(one, tuple([(item, row[one.slot]) for item, row in self.items(one.collection)]))
            if one.collection
            else Part(one, (("", own[0][1][one.slot]),))
            for one in self.prepared.told_parts
        ]
        return {id: tuple([parts[at] for at in places]) for id, places in self.prepared.told_places.items()}

    def items(self, collection: str) -> list[tuple[str, Row]]:
        """What each item that was given is called, and its row."""
        found = self._items.get(collection)
        if found is None:
            given = self.frame.given(collection)
            found = self._items[collection] = [(self._item_id(one), one.row) for one in given]
        return found

    def uses(self) -> tuple[ParameterUse, ...]:
        """Every parameter value that a condition or an output read, each once, in order of these."""
        return each_once(use for asked in self.prepared.all_asked for use in self.parameters(asked))

    def _condition(self, told: ToldCondition) -> ConditionFinding:
        form, row = told.form, self.frame.row
        return ConditionFinding(
            told.declared,
            FINDINGS[cast("Truth3", row[told.slot])],
            None if form is None else self._compared.get(id(form)) or self._comparison(form),
            tuple([one for one, slot in told.exemptions if row[slot] is True]) if told.exemptions else (),
            self.parameters(told.asked) if told.asked else (),
        )

    def _output(self, told: ToldOutput) -> OutputFinding:
        items: tuple[ItemFigure, ...] | None = None
        value: Value = UNKNOWN
        if told.declared.collection:
            items, missing = self.figures(told)
        else:
            value, missing = self.frame.row[told.step.slot], self.missing(told, self.frame)
        parameters = self.parameters(told.asked)
        return OutputFinding(told.declared, value, told.measure, missing, told.text, parameters, items)

    def figures(self, told: ToldOutput) -> tuple[tuple[ItemFigure, ...] | None, tuple[Missing, ...]]:
        """What an output came to for each item, None where the list was not given; and what would settle all of it."""
        collection, slot = told.declared.collection, told.step.slot
        if isinstance(self.frame.items[collection], Unseen):
            return None, missing_of(self.prepared, {NeededItems(collection)})
        given = self.frame.given(collection)
        items = [ItemFigure(self._item_id(one), one.row[slot], self.missing(told, one)) for one in given]
        return tuple(items), tuple(dict.fromkeys(one for figure in items for one in figure.missing))

    def missing(self, told: ToldOutput, frame: Frame) -> tuple[Missing, ...]:
        """What would settle an output of the household, or of an item."""
        if is_known(frame.row[told.step.slot]):
            return ()
        program = self.prepared.sharper
        step = program.by_place[told.step.collection, told.step.slot]
        return missing_of(self.prepared, need(program, step.core, frame))

    def _item_id(self, item: Frame) -> str:
        """By what the household calls it; by its place where its items have no identity that may be told."""
        slot = self.prepared.item_ids.get(item.collection)
        held = None if slot is None else item.row[slot]
        return held if isinstance(held, str) else f"{item.collection}[{item.index}]"

    def _comparison(self, form: ComparisonForm) -> ComparisonFinding:
        one, other = self.sides(form)
        left = Side(form.left_text, one, form.measure, self._named(form.left_operands))
        right = Side(form.right_text, other, form.measure, self._named(form.right_operands))
        operator = form.core.operator
        found = self._compared[id(form)] = ComparisonFinding(left, operator, right, margin(operator, one, other))
        return found

    def sides(self, form: ComparisonForm) -> tuple[Value, Value]:
        return self._side(form.core.left, form, 0), self._side(form.core.right, form, 1)

    def _side(self, side: core.CoreExpression, form: ComparisonForm, place: int) -> Value:
        found = self._worth.get(id(side))
        return self.prepared.sides[id(form)][place].run(self.frame) if found is None else found

    def _named(self, operands: tuple[NamedOperand, ...]) -> tuple[Operand, ...]:
        known = self._operands
        return tuple([known.get(one.text) or self._operand(one) for one in operands]) if operands else ()

    def _operand(self, named: NamedOperand) -> Operand:
        value = self._worth.get(id(named.core))
        if value is None:
            value = evaluate(named.core, self.frame)
        found = self._operands[named.text] = Operand(named.text, value, named.measure)
        return found

    def parameters(self, asked: tuple[AskedValue, ...]) -> tuple[ParameterUse, ...]:
        found = self._asked.get(id(asked))
        if found is None:
            found = self._asked[id(asked)] = each_once(use for one in asked for use in self._all_uses(one))
        return found

    def _all_uses(self, asked: AskedValue) -> list[ParameterUse]:
        """Other conditions make the same lookup."""
        found = self._looked_up.get(id(asked))
        if found is None:
            found = self._looked_up[id(asked)] = [
                use
                for around in self.frame.given(asked.around)
                for frame in around.given(asked.collection)
                for use in self._uses(asked.lookup, frame)
            ]
        return found

    def _uses(self, lookup: core.Lookup, frame: Frame) -> Iterator[ParameterUse]:
        keys = tuple([evaluate(key, frame) for key in lookup.keys])
        for day, table in frame.tables.of(lookup, day_of(lookup, frame)):
            for use in table.asked(keys, lookup.keys):
                dated = use if day is None else replace(use, on=day)
                yield self._measured(dated, lookup) if use.shares else dated

    def _measured(self, use: ParameterUse, lookup: core.Lookup) -> ParameterUse:
        """With how the amount is shown of which the shares are, and how what these come to; without them where the
        amount is not to be told."""
        facts = (node for node in core_walk(lookup.keys[-1]) if isinstance(node, core.Fact))
        if any(self.prepared.policy.merged.elements.fact(fact.collection, fact.id).private for fact in facts):
            return replace(use, shares=())
        shown = self.prepared.measures.measure(lookup.keys[-1]), self.prepared.measures.measure(lookup)
        return replace(use, shares=tuple([replace(share, shown=shown) for share in use.shares]))


def truth_at(frame: Frame, slot: int) -> Truth3:
    """What a condition, a cause or the outcome came to."""
    return cast("Truth3", frame.row[slot])


def outcome_of(program: Program, frame: Frame) -> Outcome | None:
    """None where the policy has figures only."""
    return None if program.outcome is None else OUTCOMES[truth_at(frame, program.outcome.slot)]


def margin(operator: str, left: Value, right: Value) -> Value | None:
    """By how much the comparison holds, negative where it fails; None unless both are known quantities."""
    apart = margin_ratio(operator, left, right)
    return None if apart is None else divide(*apart)


def margin_ratio(operator: str, left: Value, right: Value) -> tuple[int, int] | None:
    """The same above and below its line, not reduced."""
    if not isinstance(left, int | Fraction) or not isinstance(right, int | Fraction):
        return None
    above = right.numerator * left.denominator - left.numerator * right.denominator
    match operator:
        case ">" | ">=":
            above = -above
        case "=":
            above = -abs(above)
        case "!=":
            above = abs(above)
    return above, left.denominator * right.denominator
