"""Conditions that say nothing: the same again, or the same whatever the household.

In: a subject.  Out: `repeated-condition`, `repeated-operand`, `always-true`, `always-false`.
A comparison is judged by declared bounds alone, and only where it comes out alike in every slice that holds it.
Imports declared, names, model, language and the ground floor.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, cast

from engine.diagnostics import Diagnostic, Reporter, Severity
from engine.language import core
from engine.language.bounds import bounds
from engine.language.core import CoreExpression
from engine.language.references import core_walk
from engine.language.scope import Scope, TermEntry
from engine.language.types import DateType, Quantity
from engine.language.values import UNKNOWN, Number, ends
from engine.policy.checked import CheckedCondition, CheckedPolicy, Rules
from engine.policy.hygiene.declared import Subject, expressions, places
from engine.policy.hygiene.figures import shown
from engine.policy.model import Condition, Exemption
from engine.policy.names import Names
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
    whole_family = list(rules.requirements.values())
    groups = [(list(cause.conditions.values()), whole_family) for cause in rules.causes.values()]
    for own, others in [*groups, (whole_family, [])]:
        for number, condition in enumerate(own):
            if not subject.holds(condition.declared.origin.span):
                continue
            said = _said(condition, rules)
            for other in (*own, *others):
                if other is condition or other.exemptions:
                    continue
                more = _said(other, rules)
                # of two that say the same the later one is told
                later = other in others or own.index(other) < number
                if said < more or (said == more and later):
                    report.warning(
                        "repeated-condition",
                        condition.declared.origin.span,
                        related=[("first-said", other.declared.origin.span)],
                        label=condition.declared.label,
                        other=other.declared.label,
                    )
                    break


def _said(condition: CheckedCondition, rules: Rules) -> frozenset[CoreExpression]:
    return frozenset(_conjuncts(condition.core, rules))


def _conjuncts(expression: CoreExpression, rules: Rules) -> Iterator[CoreExpression]:
    """What must hold for it to hold, steps written out and comparisons turned one way."""
    match expression:
        case core.And(operands=operands):
            for operand in operands:
                yield from _conjuncts(operand, rules)
        case core.TermValue(collection=collection, id=name) if (collection, name) in rules.terms:
            yield from _conjuncts(rules.terms[collection, name].core, rules)
        case core.Compare(operator=">" | ">=" as operator, left=left, right=right):
            yield replace(expression, operator="<" if operator == ">" else "<=", left=right, right=left)
        case _:
            yield expression


def _repeated_operands(subject: Subject, expression: CoreExpression, report: Reporter) -> None:
    for node in core_walk(expression):
        if not isinstance(node, core.And | core.Or | core.HowMany):
            continue
        for number, operand in enumerate(node.operands):
            if operand in node.operands[:number] and subject.holds(operand.span):
                first = node.operands[node.operands.index(operand)]
                text = _text(operand.span)
                report.warning("repeated-operand", operand.span, related=[("first-said", first.span)], text=text)


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
    params = {"text": _text(span), **outcomes[0].about}
    code = "always-true" if value else "always-false"
    return Diagnostic(code, Severity.WARNING, span, "", tuple(sorted(params.items())))


class _Scopes:
    """The scopes of a checked policy, made again from what was checked."""

    def __init__(self, checked: CheckedPolicy) -> None:
        self._names = Names(checked.merged.elements, Reporter())
        for (collection, _), term in checked.rules.terms.items():
            declared, low, high = term.declared, None, None
            if isinstance(term.core.type, Quantity | DateType):
                low, high = ends(bounds(term.core, self._names.scope(collection)))
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
