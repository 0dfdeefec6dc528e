"""What can be said of a checked policy before any household: worked out once, used for every decision.

In: a `CheckedPolicy`.  Out: `Prepared`, and `Day` for each place and day.
Imports policy, language and this floor's `steps`, `lookup`, `figures`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from engine.evaluation.figures import Measure, Measures
from engine.evaluation.lookup import Tables, tables_of
from engine.evaluation.steps import Steps, arrange, collection_of, reads
from engine.language import ast, core
from engine.language.core import CoreExpression, operands
from engine.language.printer import print_expression
from engine.language.types import Choice, DateType, Quantity
from engine.language.values import Value
from engine.policy.checked import CheckedCondition, CheckedPolicy
from engine.policy.extent import fact_extent
from engine.policy.model import Condition, Elements

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
    """A lookup that rules make, in the frame of the household or of each item of `collection`."""

    collection: str
    lookup: core.Lookup


@dataclass(frozen=True, slots=True, eq=False)
class Prepared:
    """Attributes:
    unknown: what each fact can be before it is known, by collection ("" for the household) and id.
    unseen: of each collection an item of which nothing is known, and the least number of items.
    chosen: the option in effect of each reading.
    comparisons: of each condition that is one comparison, its form; equal conditions share one.
    asked: of each condition the lookups that it makes, directly and through the terms that it reads;
        equal ones are one and the same tuple.
    fact_order, collection_order, parameter_order: places in the order of the document.
    """

    policy: CheckedPolicy
    steps: Steps
    unknown: Mapping[str, Mapping[str, Value]]
    unseen: Mapping[str, tuple[Mapping[str, Value], int]]
    chosen: Mapping[str, str]
    comparisons: Mapping[ConditionKey, ComparisonForm]
    asked: Mapping[ConditionKey, tuple[AskedValue, ...]]
    output_measures: Mapping[str, Measure]
    fact_order: Mapping[tuple[str, str], int]
    collection_order: Mapping[str, int]
    parameter_order: Mapping[str, int]


class _Identity:
    """Stands for a policy by its identity: two policies are never compared by content here."""

    __slots__ = ("policy",)

    def __init__(self, policy: CheckedPolicy) -> None:
        self.policy = policy

    def __hash__(self) -> int:
        return id(self.policy)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Identity) and other.policy is self.policy


def prepare(policy: CheckedPolicy) -> Prepared:
    """The prepared policy; the last few are kept."""
    return _prepare(_Identity(policy))


@lru_cache(maxsize=128)
def _prepare(identity: _Identity) -> Prepared:
    policy = identity.policy
    elements, rules = policy.merged.elements, policy.rules
    groups = {"": elements.facts, **{id: collection.facts for id, collection in elements.collections.items()}}
    unknown = {owner: {id: fact_extent(fact) for id, fact in group.items()} for owner, group in groups.items()}
    conditions = {(cause, id): condition for cause, id, condition in rules.conditions()}
    measures = Measures(rules, elements)
    return Prepared(
        policy,
        arrange(rules, policy.merged.chain.root.header.origin.span),
        unknown,
        {id: (unknown[id], collection.at_least) for id, collection in elements.collections.items()},
        {id: reading.chosen for id, reading in elements.readings.items()},
        _Comparisons(elements, measures).of(conditions),
        _asked(conditions, policy),
        {id: measures.measure(node, output.unit_text) for id, (output, node) in rules.outputs.items()},
        {key: place for place, key in enumerate((owner, id) for owner, group in groups.items() for id in group)},
        {id: place for place, id in enumerate(elements.collections)},
        {id: place for place, id in enumerate((*elements.parameters, *elements.lists))},
    )


@lru_cache(maxsize=1024)
def tables_on(prepared: Prepared, place: str, as_of: date, known_on: date | None) -> Tables:
    """The values in force for a place on a day."""
    return tables_of(prepared.policy, prepared.policy.values(place, as_of, known_on))


# ---- comparisons


class _Comparisons:
    def __init__(self, elements: Elements, measures: Measures) -> None:
        self._elements = elements
        self._measures = measures
        self._names = _display_names(elements)

    def of(self, conditions: Mapping[ConditionKey, CheckedCondition]) -> dict[ConditionKey, ComparisonForm]:
        forms: dict[ConditionKey, ComparisonForm] = {}
        equal: dict[ComparisonForm, ComparisonForm] = {}
        for key, condition in conditions.items():
            form = self._form(condition.declared, condition.core)
            if form is not None:
                forms[key] = equal.setdefault(form, form)
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
            case core.Lookup(parameter=id) if not any(isinstance(key, core.Constant) for key in node.keys):
                return elements.parameters[id].name or id
            case _:
                # among them lookups with keys given outright, which stand in the text after the name
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


def _asked(
    conditions: Mapping[ConditionKey, CheckedCondition], policy: CheckedPolicy
) -> dict[ConditionKey, tuple[AskedValue, ...]]:
    rules = policy.rules
    asked = {}
    equal: dict[tuple[AskedValue, ...], tuple[AskedValue, ...]] = {}
    for key, condition in conditions.items():
        found: dict[AskedValue, None] = {}
        seen: set[tuple[str, str, str]] = set()
        pending = [(alternative, "") for alternative in condition.alternatives]
        while pending:
            node, collection = pending.pop(0)
            for lookup, owner in _lookups(node, collection):
                found.setdefault(AskedValue(owner, lookup))
            for read, _ in reads(node):
                if read not in seen and read[0] == "term":
                    seen.add(read)
                    pending.append((rules.terms[read[1], read[2]].core, read[1]))
        asked[key] = equal.setdefault(tuple(found), tuple(found))
    return asked


def _lookups(node: CoreExpression, collection: str) -> Iterator[tuple[core.Lookup, str]]:
    if isinstance(node, core.Lookup):
        by_item = any(collection_of(read) for key in node.keys for read, _ in reads(key))
        yield node, collection if by_item else ""
    inner = node.collection if isinstance(node, core.Aggregate) else collection
    for operand in operands(node):
        yield from _lookups(operand, inner)
