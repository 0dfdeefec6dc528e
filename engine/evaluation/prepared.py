"""What can be said of a checked policy before any household: worked out once, used for every decision.

In: a `CheckedPolicy`.  Out: `Prepared`, and `Tables` for each place and stretch of days.
Imports program, policy, language and this floor's `lookup`, `figures`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field
from datetime import date
from functools import cached_property
from typing import cast

from engine.beside import Beside, kept_beside
from engine.diagnostics import Diagnostic, Reporter
from engine.evaluation.assumable import AssumableFacts
from engine.evaluation.decision import FINDINGS, WORDS
from engine.evaluation.derivation import Told, ToldOutput
from engine.evaluation.figures import Measure, Measures
from engine.evaluation.lookup import Tables, tables_of
from engine.evaluation.shared import shared
from engine.evaluation.told import PartOf, declared_json
from engine.evaluation.working import Often
from engine.gathered import gathered
from engine.language import ast, core
from engine.language.core import CoreExpression, operands
from engine.language.nesting import free_items, outward
from engine.language.printer import print_expression
from engine.language.references import core_walk
from engine.language.types import Choice, DateType, Quantity
from engine.policy.checked import CheckedPolicy, Owner
from engine.policy.model import Cause, Condition, Elements, Exemption, Referral
from engine.program.bounds import Bounds
from engine.program.link import program_of, reads
from engine.program.model import HOUSEHOLD, Program, Step
from engine.records import dataclass

ConditionKey = tuple[str, str]
"""(cause, condition); ("", id) for a requirement"""


@dataclass(frozen=True, slots=True)
class NamedOperand:
    """A name of the household that a side of a comparison is made of."""

    text: str
    core: CoreExpression
    measure: Measure


@dataclass(frozen=True, slots=True)
class ComparisonForm:
    """A condition that is one comparison; `left_text` and `right_text` as written, both shown by `measure`."""

    core: core.Compare
    left_text: str
    right_text: str
    measure: Measure
    left_operands: tuple[NamedOperand, ...]
    right_operands: tuple[NamedOperand, ...]


@dataclass(frozen=True, slots=True)
class AskedValue:
    """A lookup that rules make, in the frame of the household or of each item of `collection`; where it also reads the
    item around the aggregate in which it stands, in these as seen from each item of `around`."""

    collection: str
    lookup: core.Lookup
    around: str = HOUSEHOLD


@dataclass(frozen=True, slots=True)
class ToldCondition:
    """A condition as it is explained: its truth stands at `slot`, that of each exemption beside it."""

    declared: Condition
    slot: int
    exemptions: tuple[tuple[Exemption, int], ...]
    form: ComparisonForm | None
    asked: tuple[AskedValue, ...]
    told: Mapping[object, dict[str, object]] = field(compare=False, repr=False)
    """what JSON says of it as it came out, but for the comparison and what exempts"""


@dataclass(frozen=True, slots=True)
class ToldCause:
    """A cause as it is explained: its truth stands at `slot`."""

    declared: Cause
    slot: int
    conditions: Mapping[str, ToldCondition]


class Prepared:
    """A policy with its program, and what explanations need, which is worked out when one is first asked for.

    Attributes:
        measures: in which unit expressions are shown.
        comparisons: of each condition that is one comparison, its form; equal conditions share one.
        asked: of each condition the lookups that it makes, directly and through the terms that it reads;
            equal ones are one and the same tuple.
        told_outputs: what is told of each output.
        fact_order, collection_order, parameter_order: places in the order of the document.
    """

    def __init__(self, policy: CheckedPolicy, program: Program | None = None) -> None:
        self.beside = Beside()
        self.policy = policy
        self.program = program or program_of(policy)
        self._waived: dict[tuple[str, ...], frozenset[ConditionKey]] = {}
        self._each_asked: dict[AskedValue, AskedValue] = {}

    @cached_property
    def sharper(self) -> Program:
        """The program as tests narrow it, for whom something is unknown; its slots are those of the other."""
        return _sharper(self.program)

    def programs(self) -> Iterator[Program]:
        """By which steps are worked out: by the second, too, where the first leaves something unknown."""
        yield self.program
        yield self.sharper

    @cached_property
    def told(self) -> Mapping[ConditionKey, ToldCondition]:
        """What is told of each condition."""
        return {
            (cause, id): ToldCondition(
                held.declared,
                self.program.truths[cause, id],
                tuple((one, self.program.slots[Owner("exemption", cause, id, one.id)]) for one, _ in held.exemptions),
                self.comparisons.get((cause, id)),
                self.asked[cause, id],
                {truth: _told(held.declared, WORDS[finding]) for truth, finding in FINDINGS.items()},
            )
            for cause, id, held in self.policy.rules.conditions()
        }

    @cached_property
    def told_causes(self) -> Mapping[str, ToldCause]:
        """What is told of each cause."""
        truths = self.program.truths
        return {
            id: ToldCause(checked.declared, truths[id, ""], {name: self.told[id, name] for name in checked.conditions})
            for id, checked in self.policy.rules.causes.items()
        }

    @cached_property
    def comparisons(self) -> Mapping[ConditionKey, ComparisonForm]:
        return _Comparisons(self.policy.merged.elements, self.measures).of(self.program)

    @cached_property
    def sides(self) -> Mapping[int, tuple[Often, Often]]:
        """Of each of these forms, by its identity, how its sides are worked out."""
        forms = self.comparisons.values()
        return {id(one): (Often(one.core.left, HOUSEHOLD), Often(one.core.right, HOUSEHOLD)) for one in forms}

    @cached_property
    def told_values(self) -> tuple[CoreExpression, ...]:
        """The sides of comparisons and their operands, each once by its identity."""
        found: dict[int, CoreExpression] = {}
        for form in self.comparisons.values():
            named = (*form.left_operands, *form.right_operands)
            for node in (form.core.left, form.core.right, *(one.core for one in named)):
                found[id(node)] = node
        return tuple(found.values())

    def waived(self, options: tuple[str, ...]) -> frozenset[ConditionKey]:
        """The conditions that hold of every household as readings are chosen, and not as they could be.

        Args:
            options: the option of each reading.
        """
        if options not in self._waived:
            self._waived[options] = self._waived_by(options)
        return self._waived[options]

    def _waived_by(self, options: tuple[str, ...]) -> frozenset[ConditionKey]:
        chosen, unread = Bounds(self.program, options), Bounds(self.program)
        return frozenset(
            (step.owner.group, step.owner.id)
            for step in self.program.authored
            if isinstance(step.declared, Condition)
            if chosen.of(step.written) is True and unread.of(step.written) is not True
        )

    @cached_property
    def warnings(self) -> tuple[Diagnostic, ...]:
        """What is told beside every decision under the policy."""
        report, chain = Reporter(), self.policy.merged.chain
        for header in (chain.root.header, *(overlay.header for overlay in chain.overlays)):
            if header.origin.status != "official":
                draft = header.origin.status == "draft"
                report.tell("draft-policy" if draft else "illustrative-policy", None, policy=header.id)
        if self.policy.rules.causes and not self.policy.rules.requirements:
            report.tell("no-local-requirements", None)
        return report.diagnostics

    @cached_property
    def referrals(self) -> tuple[tuple[Referral, int], ...]:
        """Each with the slot of its truth."""
        authored = self.program.authored
        return tuple((step.declared, step.slot) for step in authored if isinstance(step.declared, Referral))

    @cached_property
    def asked(self) -> Mapping[ConditionKey, tuple[AskedValue, ...]]:
        return _asked(self.program, self._each_asked)

    @cached_property
    def told_outputs(self) -> Mapping[str, ToldOutput]:
        elements = self.policy.merged.elements

        def asked(step: Step) -> tuple[AskedValue, ...]:
            found = _asked_by([(step.written, step.collection)], self.program)
            return tuple(self._each_asked.setdefault(one, one) for one in found)

        return Told(self.program, self.measures, asked, elements, _display_names(elements)).outputs()

    @cached_property
    def told_parts(self) -> tuple[PartOf, ...]:
        """What the outputs are made of, each once."""
        return tuple(dict.fromkeys(one for told in self.told_outputs.values() for one in told.parts))

    @cached_property
    def told_places(self) -> Mapping[str, tuple[int, ...]]:
        """Of each output what it is made of, by the places among these."""
        places = {one: at for at, one in enumerate(self.told_parts)}
        return {id: tuple(places[one] for one in told.parts) for id, told in self.told_outputs.items()}

    @cached_property
    def shown(self) -> Mapping[str, Measure]:
        """How values of the parameters that outputs read are shown."""
        return {id: measure for told in self.told_outputs.values() for id, measure in told.shown.items()}

    @cached_property
    def all_asked(self) -> tuple[tuple[AskedValue, ...], ...]:
        """What conditions and outputs ask for, in order of these, each once."""
        asked = [one.asked for held in self.told_causes.values() for one in held.conditions.values()]
        asked += [self.told["", id].asked for id in self.policy.rules.requirements]
        asked += [one.asked for one in self.told_outputs.values()]
        return tuple({id(one): one for one in asked}.values())

    @cached_property
    def item_ids(self) -> Mapping[str, int]:
        """Of each collection the slot of its items' identity, where it has one that may be told."""
        return {
            held.id: self.program.inputs[held.id, fact.id].slot
            for held in self.policy.merged.elements.collections.values()
            for fact in held.facts.values()
            if fact.role == "identity" and not fact.private
        }

    @cached_property
    def assumable(self) -> AssumableFacts:
        return AssumableFacts(self.policy.merged.elements, self.program)

    @cached_property
    def fact_order(self) -> Mapping[tuple[str, str], int]:
        return {key: place for place, key in enumerate(self.program.inputs)}

    @cached_property
    def collection_order(self) -> Mapping[str, int]:
        return {id: place for place, id in enumerate(self.program.collections)}

    @cached_property
    def parameter_order(self) -> Mapping[str, int]:
        elements = self.policy.merged.elements
        return {id: place for place, id in enumerate((*elements.parameters, *elements.lists))}

    @cached_property
    def measures(self) -> Measures:
        return Measures(self.policy.rules, self.policy.merged.elements)


@kept_beside
def prepare(policy: CheckedPolicy) -> Prepared:
    """The prepared policy."""
    return Prepared(policy)


@kept_beside
def _sharper(program: Program) -> Program:
    from engine.program.narrowing import narrowed

    return narrowed(program)


def tables_on(policy: CheckedPolicy, place: str, as_of: date, known_on: date | None) -> Tables:
    """The values in force for a place on a day: one object for all days between two on which a value turns."""
    return _tables_from(policy, *policy.dated.first(place, as_of, known_on))


@kept_beside
def _tables_from(policy: CheckedPolicy, place: str, as_of: date, known_on: date | None) -> Tables:
    return tables_of(policy, place, as_of, known_on)


def _told(declared: Condition, outcome: str) -> dict[str, object]:
    return shared(
        {
            "label": declared.label,
            "cites": declared.cites,
            "outcome": outcome,
            "declared": declared_json(declared.origin),
        }
    )


# ---- comparisons


class _Comparisons:
    def __init__(self, elements: Elements, measures: Measures) -> None:
        self._elements = elements
        self._measures = measures
        self._names = _display_names(elements)

    def of(self, program: Program) -> dict[ConditionKey, ComparisonForm]:
        forms: dict[ConditionKey, ComparisonForm] = {}
        equal: dict[ComparisonForm, ComparisonForm] = {}
        for step in program.authored:
            if isinstance(step.declared, Condition):
                form = self._form(step.declared, step.written)
                if form is not None:
                    forms[step.owner.group, step.owner.id] = equal.setdefault(form, form)
        return forms

    def _form(self, declared: Condition, node: CoreExpression) -> ComparisonForm | None:
        written = declared.expression
        if not (isinstance(written, ast.Comparison) and isinstance(node, core.Compare)):
            return None
        if not isinstance(node.left.type, Quantity | DateType | Choice):
            return None
        right_text = print_expression(written.right, "zh", self._names)
        measure = self._measures.measure(node.right)
        if isinstance(written.right, ast.NumberLiteral):
            # both sides in the unit that the author wrote; 元 for 万元, two places of which would hide the fen.
            # A bare number has no unit of its own: it is shown in that of what it is compared with
            unit = right_text.partition(" ")[2].replace("万元", "元")
            measure = (
                self._measures.measure(node.right, unit) if written.right.unit else self._measures.measure(node.left)
            )
        return ComparisonForm(
            node,
            print_expression(written.left, "zh", self._names),
            right_text,
            measure,
            self._operands(node.left),
            self._operands(node.right),
        )

    def _operands(self, side: CoreExpression) -> tuple[NamedOperand, ...]:
        """The household's facts, terms and parameters in the expression, each once, in order of writing."""
        found: dict[str, NamedOperand] = {}
        waiting = [side]
        while waiting:
            node = waiting.pop()
            name = self._name(node)
            if name and isinstance(node.type, Quantity | DateType):
                found.setdefault(name, NamedOperand(name, node, self._measures.measure(node)))
            if not isinstance(node, core.Lookup | core.Aggregate):
                waiting.extend(reversed(operands(node)))
        return tuple(found.values())

    def _name(self, node: CoreExpression) -> str:
        elements = self._elements
        match node:
            case core.Fact(collection="", id=id):
                return elements.facts[id].name or id
            case core.TermValue(collection="", id=id):
                return elements.terms[id].name or id
            case core.Lookup(parameter=id, on=None) if not any(isinstance(key, core.Constant) for key in node.keys):
                return elements.parameters[id].name or id
            case _:
                # among them lookups with keys or a day given outright, which stand in the text after the name
                return ""


def _display_names(elements: Elements) -> dict[str, str]:
    groups = (
        *(collection.facts for collection in elements.collections.values()),
        elements.facts,
        elements.collections,
        elements.lists,
        elements.parameters,
        elements.readings,
        elements.terms,
        elements.causes,
    )
    return {id: element.name for group in groups for id, element in group.items() if element.name}


# ---- lookups


def _asked(program: Program, each: dict[AskedValue, AskedValue]) -> dict[ConditionKey, tuple[AskedValue, ...]]:
    """Of a condition its own lookups and those of its exemptions, then those of the terms that these read; of `each`
    equal ones are one and the same.
    """
    steps = (step for step in program.authored if step.owner.kind in ("condition", "exemption"))
    parts = gathered(((step.owner.group, step.owner.id), step.written) for step in steps)
    asked: dict[ConditionKey, tuple[AskedValue, ...]] = {}
    equal: dict[tuple[AskedValue, ...], tuple[AskedValue, ...]] = {}
    for key, nodes in parts.items():
        found = tuple(each.setdefault(one, one) for one in _asked_by([(node, HOUSEHOLD) for node in nodes], program))
        asked[key] = equal.setdefault(found, found)
    return asked


def _asked_by(pending: list[tuple[CoreExpression, str]], program: Program) -> dict[AskedValue, None]:
    found: dict[AskedValue, None] = {}
    seen: set[tuple[str, int]] = set()
    while pending:
        node, collection = pending.pop(0)
        for asked in _lookups(node, collection, HOUSEHOLD):
            found.setdefault(asked)
        for place in reads(node):
            step = program.by_place.get(place)
            if place not in seen and step is not None and step.owner.kind == "term":
                seen.add(place)
                pending.append((step.written, step.collection))
    return found


def _lookups(node: CoreExpression, collection: str, around: str) -> Iterator[AskedValue]:
    if isinstance(node, core.Lookup):
        by_item = free_items(node)
        alone = outward(node) if not by_item else node
        if alone is not node:  # it reads nothing but the item around
            yield AskedValue(around, cast("core.Lookup", alone))
        else:
            outer = any(isinstance(inner, core.Outer) for part in operands(node) for inner in core_walk(part))
            yield AskedValue(collection if by_item else HOUSEHOLD, node, around if outer else HOUSEHOLD)
    for operand in operands(node):
        if isinstance(node, core.Aggregate) and operand is not node.otherwise:
            yield from _lookups(operand, node.collection, collection)
        else:
            yield from _lookups(operand, collection, around)
