"""Conditions that say nothing: the same again, or the same whatever the household.

In: a subject.  Out: `repeated-condition`, `repeated-operand`, `always-true`, `always-false`.
A comparison is judged by declared bounds alone, and only where it comes out alike in every slice that holds it.
Imports declared, names, model, language and the ground floor.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Literal, cast

from engine.diagnostics import Diagnostic, Reporter
from engine.gathered import gathered
from engine.language import core
from engine.language.bounds import bounds
from engine.language.core import CoreExpression
from engine.language.references import core_walk
from engine.language.scope import Scope, TermEntry
from engine.language.types import Quantity
from engine.language.values import UNKNOWN, Number, ends
from engine.policy.checked import CheckedCondition, CheckedPolicy, Rules
from engine.policy.hygiene.declared import Subject, places
from engine.policy.hygiene.figures import shown
from engine.policy.model import Condition, Exemption
from engine.policy.names import Names, ends_of
from engine.policy.written import expressions
from engine.records import dataclass
from engine.source import Span


def check_conditions(subject: Subject, report: Reporter) -> None:
    if next(expressions(subject.built), None) is None:  # a file of values says no condition
        return
    outcomes = _Outcomes(subject)
    for checked in subject.slices:
        _repeated(subject, checked.rules, report)
        for _, _, expression in places(checked.rules):
            _repeated_operands(subject, expression, report)
        outcomes.look_at(checked)
    report.extend(outcomes.settled())


# ---- the same again


def _repeated(subject: Subject, rules: Rules, report: Reporter) -> None:
    """A condition that holds anyway where another one, of its cause or of the whole family, does."""
    said = _Said(rules)
    whole_family = list(rules.requirements.values())
    for cause in rules.causes.values():
        _repeated_among(list(cause.conditions.values()), whole_family, said, subject, report)
    _repeated_among(whole_family, [], said, subject, report)


def _repeated_among(
    own: Sequence[CheckedCondition],
    others: Sequence[CheckedCondition],
    said: _Said,
    subject: Subject,
    report: Reporter,
) -> None:
    # who is exempt from the one must still meet the other
    strict = [condition for condition in (*others, *own) if not condition.exemptions]
    saying = gathered((each, condition) for condition in strict for each in said.by(condition))
    order = {id(condition): number for number, condition in enumerate((*others, *own))}
    for condition in own:
        if not subject.holds(condition.declared.origin.span):
            continue
        what = said.by(condition)
        for other in min((saying.get(each, []) for each in what), key=len, default=[]):
            more = said.by(other)
            # of two that say the same the later one is told
            if what < more or (what == more and order[id(other)] < order[id(condition)]):
                report.tell(
                    "repeated-condition",
                    condition.declared.origin.span,
                    related=[("first-said", other.declared.origin.span)],
                    label=condition.declared.label,
                    other=other.declared.label,
                )
                break


class _Said:
    """What each condition asks for: its conjuncts, steps written out and comparisons turned one way."""

    def __init__(self, rules: Rules) -> None:
        self._rules = rules
        self._known: dict[int, frozenset[CoreExpression]] = {}

    def by(self, condition: CheckedCondition) -> frozenset[CoreExpression]:
        if id(condition) not in self._known:
            self._known[id(condition)] = frozenset(self._conjuncts(condition.core))
        return self._known[id(condition)]

    def _conjuncts(self, expression: CoreExpression) -> Iterator[CoreExpression]:
        waiting, seen = [expression], set()
        while waiting:
            match waiting.pop():
                case core.And(operands=operands):
                    waiting.extend(operands)
                case core.TermValue(collection=collection, id=name) if (collection, name) in self._rules.terms:
                    if (collection, name) not in seen:
                        seen.add((collection, name))
                        waiting.append(self._rules.terms[collection, name].core)
                case core.Compare(operator=">" | ">=" as operator, left=left, right=right) as turned:
                    yield replace(turned, operator="<" if operator == ">" else "<=", left=right, right=left)
                case other:
                    yield other


def _repeated_operands(subject: Subject, expression: CoreExpression, report: Reporter) -> None:
    for node in core_walk(expression):
        if not isinstance(node, core.And | core.Or | core.HowMany):
            continue
        firsts: dict[CoreExpression, CoreExpression] = {}
        for operand in node.operands:
            first = firsts.setdefault(operand, operand)
            if first is not operand and subject.holds(operand.span):
                text = _text(operand.span)
                report.tell("repeated-operand", operand.span, related=[("first-said", first.span)], text=text)


# ---- the same whatever the household


@dataclass(frozen=True, slots=True)
class _Outcome:
    value: bool | None
    about: Mapping[str, str]


class _Outcomes:
    """What each comparison and each condition of a document can come to, over all slices."""

    def __init__(self, subject: Subject) -> None:
        self.subject = subject
        self.comparisons: dict[Span, list[_Outcome]] = {}
        self.conditions: dict[Span, list[_Outcome]] = {}
        self.inside: dict[Span, set[Span]] = {}

    def look_at(self, checked: CheckedPolicy) -> None:
        scopes = _Scopes(checked)
        for element, collection, expression in places(checked.rules):
            scope = scopes.of(collection)
            compared = []
            for node in core_walk(expression):
                if isinstance(node, core.Compare) and self.subject.holds(node.span):
                    compared.append(node.span)
                    self.comparisons.setdefault(node.span, []).append(_outcome(node, scope))
            if isinstance(element, Condition | Exemption) and self.subject.holds(expression.span):
                value = bounds(expression, scope)
                known = None if value is UNKNOWN else bool(value)
                self.conditions.setdefault(expression.span, []).append(_Outcome(known, {}))
                self.inside.setdefault(expression.span, set()).update(compared)

    def settled(self) -> Iterator[Diagnostic]:
        told = set()
        for span, outcomes in self.comparisons.items():
            if (found := _finding(span, outcomes)) is not None:
                told.add(span)
                yield found
        for span, outcomes in self.conditions.items():
            if span not in told and not self.inside[span] & told and (found := _finding(span, outcomes)) is not None:
                yield found


def _finding(span: Span, outcomes: Sequence[_Outcome]) -> Diagnostic | None:
    value = outcomes[0].value
    if value is None or any(outcome.value is not value for outcome in outcomes):
        return None
    return Diagnostic.of(
        "always-true" if value else "always-false", span, path="", related=(), text=_text(span), **outcomes[0].about
    )


class _Scopes:
    """The scopes of a checked policy, made again from what was checked."""

    def __init__(self, checked: CheckedPolicy) -> None:
        self._names = Names(checked.merged.elements, Reporter())
        for (collection, _), term in checked.rules.terms.items():
            declared = term.declared
            low, high = ends_of(bounds(term.core, self._names.scope(collection)), term.core.type)
            self._names.add_term(
                TermEntry(declared.id, declared.name, declared.origin.span, collection, term.core.type, low, high)
            )

    def of(self, collection: str) -> Scope:
        return self._names.scope(collection)


def _outcome(node: core.Compare, scope: Scope) -> _Outcome:
    if node.left == node.right:
        return _Outcome(node.operator in ("=", "<=", ">="), {})
    value = bounds(node, scope)
    if not isinstance(value, bool):
        return _Outcome(None, {})
    return _Outcome(value, _about(node, value, scope))


_Side = Literal["least", "most"]


def _about(node: core.Compare, value: bool, scope: Scope) -> dict[str, str]:
    """The ends that settle it, in words."""
    if not isinstance(node.left.type, Quantity) or node.operator in ("=", "!="):
        return {}
    sides: tuple[_Side, _Side] = ("most", "least") if (node.operator in ("<", "<=")) is value else ("least", "most")
    about = {}
    for side, name, operand in zip(sides, ("left", "right"), (node.left, node.right), strict=True):
        low, high = ends(bounds(operand, scope))
        end = low if side == "least" else high
        if not isinstance(operand, core.Constant) and end is not None:
            assert isinstance(operand.type, Quantity)
            about[f"{name}_{side}"] = shown(cast("Number", end), operand.type.unit)
    return about


def _text(span: Span) -> str:
    return " ".join(span.text.split())
