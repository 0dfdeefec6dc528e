"""Amounts that are written into an expression, where nobody finds them again: they belong into `parameters`.

In: a subject.  Out: `constant-in-expression`.
Small whole counts, `12 月`, one of anything, all and nothing are the words of a rule and stay; so do the step of a
rounding and the plausibility limits of data checks. Imports declared, language and the ground floor.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import get_args

from engine.diagnostics import Reporter
from engine.language import ast
from engine.language.references import children
from engine.language.units import AREA, DAYS, HOURS, NUMBER, ONE, TIME, is_of_amounts, parse_unit
from engine.policy.hygiene.declared import Subject
from engine.policy.written import expressions

_SMALL = 12
"""whole numbers up to here are counts that a rule may name"""


def check_constants(subject: Subject, report: Reporter) -> None:
    for outlet, expression in expressions(subject.built):
        if outlet == "check" or not subject.holds(expression.span):
            continue
        for literal in _literals(expression):
            if _is_figure(literal):
                report.tell("constant-in-expression", literal.span, text=literal.span.text)


def _literals(expression: ast.Expression) -> Iterator[ast.NumberLiteral]:
    waiting = [expression]
    while waiting:
        match waiting.pop():
            case ast.NumberLiteral() as literal:
                yield literal
            case ast.Call(function=function, arguments=(rounded, *_)) if function in get_args(ast.RoundFunction):
                waiting.append(rounded)
            case node:
                waiting.extend(reversed(children(node)))


def _is_figure(literal: ast.NumberLiteral) -> bool:
    """Whether it is a figure that another city, or another year, may want otherwise."""
    unit = parse_unit(literal.unit, literal.span.source.units) or ONE
    value = Fraction(literal.value) * unit.factor
    if value in (0, 1) or literal.value == 1:
        return False
    dimension = unit.dimension
    if dimension == NUMBER:
        return literal.unit == "%" or value.denominator != 1 or value > _SMALL
    if dimension == TIME:
        return value != 12
    if dimension in (DAYS, HOURS) or is_of_amounts(dimension) or dimension.power(AREA):
        return True
    return value > _SMALL
