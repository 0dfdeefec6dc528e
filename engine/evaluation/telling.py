"""The reasons of a decision as its JSON has them, read off a frame in which every step is worked out.

In: `Reasons` of a household.  Out: dicts of the contract's JSON, without the findings in between. What is the same for
every household is put together once for a policy; what a decision tells in several places it tells of once.
Imports this floor.
"""

from __future__ import annotations

from functools import cached_property

from engine.beside import kept_beside
from engine.evaluation.decision import FINDINGS, WORDS
from engine.evaluation.derivation import ToldOutput
from engine.evaluation.figures import Measure, ratio_text, texts_of
from engine.evaluation.findings import Reasons, margin_ratio
from engine.evaluation.prepared import ComparisonForm, Prepared, ToldCondition
from engine.evaluation.shared import shared
from engine.evaluation.told import ItemFigure, ParameterUse, PartOf, use_json, with_value
from engine.identity import Same

Told = dict[str, object]

_OUTCOMES: dict[object, str] = {truth: WORDS[finding] for truth, finding in FINDINGS.items()}


class Telling:
    def __init__(self, reasons: Reasons) -> None:
        self._reasons = reasons
        self._prepared, self._frame = reasons.prepared, reasons.frame
        self._compared: dict[int, Told] = {}
        self._used: dict[int, Told] = {}
        self._nothing: dict[object, list[Told]] = {}

    def causes(self) -> Told:
        row = self._frame.row
        return {
            id: {
                "label": told.declared.label,
                "cites": told.declared.cites,
                "outcome": _OUTCOMES[row[told.slot]],
                "conditions": {name: self._condition(one) for name, one in told.conditions.items()},
            }
            for id, told in self._prepared.told_causes.items()
        }

    def requirements(self) -> Told:
        told = self._prepared.told
        return {id: self._condition(told["", id]) for id in self._prepared.policy.rules.requirements}

    def outputs(self) -> Told:
        parts, places = self._parts, self._prepared.told_places
        return {
            id: self._output(told, [parts[at] for at in places[id]]) for id, told in self._prepared.told_outputs.items()
        }

    def _condition(self, told: ToldCondition) -> Told:
        """`comparison` and `exempted_by` stand only where there is one."""
        row, form = self._frame.row, told.form
        found: Told = told.told[row[told.slot]]
        if form is not None:
            found = {**found, "comparison": self._compared.get(id(form)) or self._comparison(form)}
        if told.exemptions:
            exempted = [{"id": one.id, "label": one.label} for one, slot in told.exemptions if row[slot] is True]
            if exempted:
                found = {**found, "exempted_by": exempted}
        return found

    def _comparison(self, form: ComparisonForm) -> Told:
        one, other = self._reasons.sides(form)
        measure, operator = form.measure, form.core.operator
        (left, left_exact), (right, right_exact) = texts_of(one, measure), texts_of(other, measure)
        apart = margin_ratio(operator, one, other)
        found = self._compared[id(form)] = {
            "left": {"text": form.left_text, "value": left, "exact": left_exact, "unit": measure.text},
            "operator": operator,
            "right": {"text": form.right_text, "value": right, "exact": right_exact, "unit": measure.text},
            "margin": None if apart is None else ratio_text(apart[0] * measure.ratio[0], apart[1] * measure.ratio[1]),
        }
        return found

    def _output(self, told: ToldOutput, derivation: list[Told]) -> Told:
        """`items` stands only for a figure of each item, in place of its value."""
        declared, measure, reasons = told.declared, told.measure, self._reasons
        found: Told = {"label": declared.label, "cites": declared.cites}
        if declared.collection:
            figures, missing = reasons.figures(told)
            found["of"] = declared.collection
            found["items"] = None if figures is None else [self._figure(one, measure) for one in figures]
        else:
            with_value(found, self._frame.row[told.step.slot], measure)
            missing = reasons.missing(told, self._frame)
        derivation += [self._used.get(id(use)) or self._use(use) for use in reasons.parameters(told.asked)]
        found["unit"] = measure.text
        found["missing"] = [one.to_dict() for one in missing]
        found["text"] = told.text
        found["declared"] = told.fixed
        found["derivation"] = derivation
        return found

    def _figure(self, figure: ItemFigure, measure: Measure) -> Told:
        found = with_value({"item": figure.item}, figure.value, measure)
        found["missing"] = [one.to_dict() for one in figure.missing]
        return found

    @cached_property
    def _parts(self) -> list[Told]:
        """What the outputs are made of, in the order of these."""
        found, row = [], self._frame.row
        for one in self._prepared.told_parts:
            if one.collection:
                told = one.fixed.copy()
                told["items"] = self._items(one)
            else:
                value = row[one.slot]
                told = one.told.get(value) or with_value(one.fixed.copy(), value, one.measure)
            found.append(told)
        return found

    def _items(self, part: PartOf) -> list[Told]:
        """What a part came to for each item; of most parts that is nothing for all of them."""
        slot, measure, items = part.slot, part.measure, self._reasons.items(part.collection)
        kind = part.collection, type(part.type)
        nothing = not any(of[slot] for _, of in items)
        if nothing and kind in self._nothing:
            return self._nothing[kind]
        found = [with_value({"item": item}, of[slot], measure) for item, of in items]
        if nothing:
            self._nothing[kind] = found
        return found

    def _use(self, use: ParameterUse) -> Told:
        found = self._used[id(use)] = _used(self._prepared, Same(use))
        return found


@kept_beside
def _used(prepared: Prepared, use: Same[ParameterUse]) -> Told:
    """The same value is read for household after household."""
    id = use.of.parameter
    return shared(use_json(use.of, prepared.policy.merged.elements.parameters[id], prepared.shown[id]))
