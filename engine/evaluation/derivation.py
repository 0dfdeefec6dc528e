"""What figures are made of: the facts and steps behind an expression, and how each is written and shown.

In: a checked policy and its `Program`.  Out: of each output a `ToldOutput`, worked out once for all decisions.
Imports program, policy and language.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import field
from functools import reduce
from typing import TYPE_CHECKING, cast

from engine.evaluation.figures import Measure, Measures, measure_of
from engine.evaluation.told import PartOf, declared_json
from engine.language import ast, core
from engine.language.core import CoreExpression, operands
from engine.language.printer import print_expression
from engine.language.types import ItemOf, Type
from engine.policy.model import Elements, Fact, Output, Parts, Term, identity_of
from engine.program.model import Program, Step
from engine.records import dataclass

if TYPE_CHECKING:
    from engine.evaluation.prepared import AskedValue


@dataclass(frozen=True, slots=True)
class ToldOutput:
    """An output as it is explained; its value stands where `step` says.

    Attributes:
        asked: the lookups that it makes, directly and through the terms that it reads.
        shown: how values of the parameters that these read are shown.
        parts: what it is made of, each before what that is made of.
    """

    declared: Output
    step: Step
    type: Type
    text: str
    measure: Measure
    asked: tuple[AskedValue, ...]
    shown: Mapping[str, Measure]
    parts: tuple[PartOf, ...]
    fixed: dict[str, object] = field(compare=False, repr=False)
    """where it is declared, as JSON says it"""


@dataclass(slots=True, eq=False)
class Told:
    """Parts are shared by the outputs that are made of them.

    Attributes:
        _names: how names are shown, by id.
    """

    _program: Program
    _measures: Measures
    _asked: Callable[[Step], tuple[AskedValue, ...]]
    _elements: Elements
    _names: Mapping[str, str]
    _parts: dict[tuple[str, int], PartOf | None] = field(default_factory=dict, init=False)
    _equal: dict[tuple[AskedValue, ...], tuple[AskedValue, ...]] = field(default_factory=dict, init=False)

    def outputs(self) -> dict[str, ToldOutput]:
        return {
            step.owner.id: self._output(step.declared, step)
            for step in self._program.authored
            if isinstance(step.declared, Output)
        }

    def _output(self, declared: Output, step: Step) -> ToldOutput:
        asked = self._asked(step)
        asked = self._equal.setdefault(asked, asked)
        return ToldOutput(
            declared,
            step,
            step.written.type,
            self._print(declared.expression),
            self._measures.measure(step.written, declared.unit_text),
            asked,
            {one.lookup.parameter: self._shown(one.lookup) for one in asked},
            tuple(self._behind(step.written)),
            declared_json(declared.origin),
        )

    def _shown(self, lookup: core.Lookup) -> Measure:
        """How values of the parameter are shown, which of a marginal one are rates."""
        if lookup.marginal:
            return measure_of(self._elements.parameters[lookup.parameter])
        return self._measures.measure(lookup)

    def _behind(self, node: CoreExpression) -> Iterator[PartOf]:
        """Without recursion over steps: chains of terms may be long."""
        seen: set[tuple[str, int]] = set()
        waiting = [node]
        while waiting:
            read = waiting.pop()
            if not isinstance(read, core.Fact | core.TermValue):
                waiting.extend(reversed(operands(read)))
                continue
            place = (read.collection, read.slot)
            if place in seen:
                continue
            seen.add(place)
            if place not in self._parts:
                self._parts[place] = self._part(read)
            part = self._parts[place]
            if part is not None:
                yield part
            if isinstance(read, core.TermValue):
                waiting.append(self._program.by_place[place].written)

    def _part(self, read: core.Fact | core.TermValue) -> PartOf | None:
        """None for what is not told: private facts, and those of items, which the household's own data tells, but for
        which item they refer to."""
        if isinstance(read, core.Fact):
            fact = self._told_fact(read)
            if fact is None:
                return None
            return PartOf(fact, read.collection, read.slot, "", read.type, self._measures.measure(read))
        term = cast("Term", self._program.by_place[read.collection, read.slot].declared)
        nothing = isinstance(term.body, Parts) and not term.body.parts
        text = "" if nothing else self._print(written_of(term))
        return PartOf(term, read.collection, read.slot, text, read.type, self._measures.measure(read))

    def _told_fact(self, read: core.Fact) -> Fact | None:
        fact = self._elements.fact(read.collection, read.id)
        if isinstance(fact.type, ItemOf):
            referred = identity_of(self._elements.collections[fact.type.collection])
            return None if fact.private or referred is None or referred.private else fact
        return None if fact.private or read.collection else fact

    def _print(self, expression: ast.Expression) -> str:
        return print_expression(expression, "zh", self._names)


def written_of(term: Term) -> ast.Expression:
    """The term as one expression: parts put together as they would be written."""
    body = term.body
    if not isinstance(body, Parts):
        return body
    span = term.origin.span
    parts = [part.expression for part in body.parts.values()]
    match body.kind:
        case "sum":
            return reduce(lambda one, other: ast.Arithmetic(span, "+", one, other, span), parts)
        case "any":
            return reduce(lambda one, other: ast.Or(span, one, other), parts)
        case "every":
            return reduce(lambda one, other: ast.And(span, one, other), parts)
        case "how_many" | "max" | "min":
            return ast.Call(span, body.kind, tuple(parts))
