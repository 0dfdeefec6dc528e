"""Reasons of a decision, read off a frame in which every step is worked out.

In: `Prepared` and a `Frame`.  Out: findings of causes, conditions and requirements, and outputs.
Imports program, policy, language and this floor.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any, cast

from engine.evaluation.decision import (
    CauseFinding,
    ComparisonFinding,
    ConditionFinding,
    Finding,
    Operand,
    Outcome,
    OutputFinding,
    ParameterUse,
    Side,
)
from engine.evaluation.frame import Frame
from engine.evaluation.missing import missing_of
from engine.evaluation.needs import need
from engine.evaluation.prepared import AskedValue, ComparisonForm, NamedOperand, Prepared
from engine.language import core
from engine.language.core import CoreExpression
from engine.language.interpreter import evaluate
from engine.language.values import UNKNOWN, Truth3, Value, is_known, number
from engine.policy.checked import Owner
from engine.program.model import HOUSEHOLD

FINDINGS: dict[Truth3, Finding] = {True: Finding.MET, False: Finding.UNMET, UNKNOWN: Finding.UNDETERMINED}
OUTCOMES: dict[Truth3, Outcome] = {
    True: Outcome.ELIGIBLE,
    False: Outcome.INELIGIBLE,
    UNKNOWN: Outcome.UNDETERMINED,
}


class Reasons:
    """Conditions repeat each other; what was read once for a household is kept."""

    def __init__(self, prepared: Prepared, frame: Frame) -> None:
        self._prepared = prepared
        self._frame = frame
        self._compared: dict[int, ComparisonFinding] = {}
        self._operands: dict[str, Operand] = {}
        self._asked: dict[int, tuple[ParameterUse, ...]] = {}

    def causes(self) -> dict[str, CauseFinding]:
        truths = self._prepared.program.truths
        return {
            id: CauseFinding(
                checked.declared,
                FINDINGS[truth_at(self._frame, truths[id, ""])],
                {name: self._condition(id, name) for name in checked.conditions},
            )
            for id, checked in self._prepared.policy.rules.causes.items()
        }

    def requirements(self) -> dict[str, ConditionFinding]:
        return {id: self._condition("", id) for id in self._prepared.policy.rules.requirements}

    def outputs(self) -> dict[str, OutputFinding]:
        found, program = {}, self._prepared.program
        for id, (output, _) in self._prepared.policy.rules.outputs.items():
            measure = self._prepared.output_measures[id]
            step = program.by_place[HOUSEHOLD, program.slots[Owner("output", "", id)]]
            value = self._frame.row[step.slot]
            missing = () if is_known(value) else missing_of(self._prepared, need(program, step.core, self._frame))
            found[id] = OutputFinding(output, value, measure.counted, measure.text, measure.factor, missing)
        return found

    def uses(self) -> list[ParameterUse]:
        """Every parameter value that a condition read, each once, in order of the conditions."""
        return list({(use.parameter, use.key): use for uses in self._asked.values() for use in uses}.values())

    def _condition(self, cause: str, id: str) -> ConditionFinding:
        told, row = self._prepared.told[cause, id], self._frame.row
        return ConditionFinding(
            told.declared,
            FINDINGS[truth_at(self._frame, told.slot)],
            None if told.form is None else self._comparison(told.form),
            tuple([one for one, slot in told.exemptions if row[slot] is True]),
            self._parameters(told.asked),
        )

    def _comparison(self, form: ComparisonForm) -> ComparisonFinding:
        found = self._compared.get(id(form))
        if found is None:
            left = self._side(form.core.left, form.left_text, form.left_operands, form)
            right = self._side(form.core.right, form.right_text, form.right_operands, form)
            margin = _margin(form.core.operator, left.value, right.value)
            found = self._compared[id(form)] = ComparisonFinding(left, form.core.operator, right, margin)
        return found

    def _side(self, node: CoreExpression, text: str, operands: tuple[NamedOperand, ...], form: ComparisonForm) -> Side:
        measure = form.measure
        value = evaluate(node, self._frame)
        return Side(
            text, value, measure.counted, measure.text, tuple([self._operand(one) for one in operands]), measure.factor
        )

    def _operand(self, named: NamedOperand) -> Operand:
        found = self._operands.get(named.text)
        if found is None:
            measure = named.measure
            value = evaluate(named.core, self._frame)
            found = self._operands[named.text] = Operand(
                named.text, value, measure.counted, measure.text, measure.factor
            )
        return found

    def _parameters(self, asked: tuple[AskedValue, ...]) -> tuple[ParameterUse, ...]:
        found = self._asked.get(id(asked))
        if found is None:
            uses = {
                (use.parameter, use.key): use
                for one in asked
                for frame in self._frame.given(one.collection)
                for use in _uses(one.lookup, frame)
            }
            found = self._asked[id(asked)] = tuple(uses.values())
        return found


def truth_at(frame: Frame, slot: int) -> Truth3:
    """What a condition, a cause or the outcome came to."""
    return cast("Truth3", frame.row[slot])


def _uses(lookup: core.Lookup, frame: Frame) -> tuple[ParameterUse, ...]:
    keys = tuple([evaluate(key, frame) for key in lookup.keys])
    return frame.tables.parameters[lookup.parameter].asked(keys, lookup.keys)


def _margin(operator: str, left: Value, right: Value) -> Value | None:
    """By how much the comparison holds, negative where it fails; None unless both are known quantities."""
    if not isinstance(left, int | Fraction) or not isinstance(right, int | Fraction):
        return None
    apart: Any = right - left
    match operator:
        case "<" | "<=":
            return number(apart)
        case ">" | ">=":
            return number(-apart)
        case "=":
            return number(-abs(apart))
        case _:
            return number(abs(apart))
