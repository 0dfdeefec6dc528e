"""Sums, products and dates with durations, as surface chains.

A left-leaning chain (`a + b + c`) is walked in a loop: it may be longer than nesting may be deep.
In: surface arithmetic and `infer`.  Out: core nodes, or None after a reported fault.
Imports context, core, operands and quantities.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from engine.diagnostics import Reporter
from engine.language import ast
from engine.language.context import Context, Infer, as_divisor, text_of
from engine.language.core import CoreExpression
from engine.language.operands import all_quantities, quantity_of
from engine.language.quantities import add, divide, is_date, multiply, quantity, shift
from engine.language.types import Quantity


def sum_of(expression: ast.Arithmetic, context: Context, infer: Infer) -> CoreExpression | None:
    links: list[ast.Arithmetic] = []
    node: ast.Expression = expression
    while isinstance(node, ast.Arithmetic) and node.operator in ("+", "-"):
        links.append(node)
        node = node.left
    first = infer(node, context)
    rest = [(link, infer(link.right, context)) for link in reversed(links)]
    if first is None or any(made is None for _, made in rest):
        return None
    pairs = [(link, made) for link, made in rest if made is not None]
    if is_date(first) or any(is_date(made) for _, made in pairs):
        return _dates(first, pairs, context)
    operator = pairs[0][0].operator
    if not all_quantities([first, *(made for _, made in pairs)], operator, context):
        return None
    terms = [(_sign(link), made) for link, made in pairs]
    return add([(1, first), *terms], expression.span, context)


def _sign(link: ast.Arithmetic) -> Literal[1, -1]:
    return 1 if link.operator == "+" else -1


def _dates(
    first: CoreExpression, pairs: Sequence[tuple[ast.Arithmetic, CoreExpression]], context: Context
) -> CoreExpression | None:
    """A sum with a date in it: durations move the date, one after the other."""
    total: CoreExpression | None = first
    for link, made in pairs:
        if total is None:
            return None
        if is_date(total) and is_date(made) and link.operator == "+":
            context.report.tell("date-shift", made.span, text=text_of(made.span))
            return None
        if is_date(total) and is_date(made):
            asked = f"({text_of(made.span)}{context.comma}{text_of(total.span)})"
            months, days = (f"{context.word(word)}{asked}" for word in ("months_between", "days_between"))
            context.report.tell("date-difference", link.span, suggestion=months, days=days)
            return None
        if is_date(made) and link.operator == "+":
            total, made = made, total
        if not is_date(total):
            wrong = made if is_date(made) else total
            context.report.tell("not-a-number", wrong.span, text=text_of(wrong.span), operator=link.operator)
            return None
        if not all_quantities([made], link.operator, context):
            return None
        total = shift(total, _sign(link), made, link.span, context)
    return total


def _fits_across(
    total: CoreExpression, divisor: CoreExpression, right: ast.Expression, context: Context, infer: Infer
) -> bool:
    """Whether a comparison multiplied across would have one unit: a bare number only measures a ratio of two alike."""
    other = infer(right, replace(context, report=Reporter()))
    if other is None or not isinstance(other.type, Quantity):
        return False
    return other.type.unit.dimension * quantity(divisor).unit.dimension == quantity(total).unit.dimension


def product_of(
    expression: ast.Arithmetic, context: Context, infer: Infer, around: ast.Comparison | None = None
) -> CoreExpression | None:
    """`around` is the comparison whose left side this is, for the offer to multiply across instead of dividing."""
    links: list[ast.Arithmetic] = []
    node: ast.Expression = expression
    while isinstance(node, ast.Arithmetic) and node.operator in ("*", "/"):
        links.append(node)
        node = node.left
    total = quantity_of(node, links[-1].operator, context, infer)
    for link in reversed(links):
        factor = quantity_of(link.right, link.operator, context, infer)
        if total is None or factor is None:
            total = None
        elif link.operator == "*":
            total = multiply(total, factor, link.span)
        else:
            across = ""
            if around is not None and link is expression and _fits_across(total, factor, around.right, context, infer):
                other = " ".join(around.right.span.text.split())
                loose = isinstance(around.right, ast.Arithmetic) and around.right.operator in ("+", "-")
                scaled = f"({other})" if loose and not other.startswith(("(", "（")) else other
                across = f"{text_of(total.span)} {around.operator_span.text} {scaled} * {as_divisor(factor)}"
            total = divide(total, factor, link.span, context, across)
    return total
