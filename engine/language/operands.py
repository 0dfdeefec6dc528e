"""Operands of the kind that an operator needs: elaborated, or refused with the operator's name.

Imports context, core and types.
"""

from __future__ import annotations

from collections.abc import Sequence

from engine.language import ast
from engine.language.context import Context, Infer, text_of
from engine.language.core import CoreExpression
from engine.language.types import DateType, Quantity, Truth


def quantity_of(expression: ast.Expression, operator: str, context: Context, infer: Infer) -> CoreExpression | None:
    made = infer(expression, context)
    return made if made is not None and all_quantities([made], operator, context) else None


def truth_of(expression: ast.Expression, operator: str, context: Context, infer: Infer) -> CoreExpression | None:
    made = infer(expression, context)
    return made if made is not None and all_truths([made], operator, context) else None


def other_day(on: ast.Expression | None, context: Context, infer: Infer) -> CoreExpression | None:
    """The day as of which a parameter or list is meant, where it is not the decision's."""
    made = None if on is None else infer(on, context)
    return made if made is not None and all_dates([made], context.word("on"), context) else None


def all_quantities(operands: Sequence[CoreExpression], operator: str, context: Context) -> bool:
    return _all(Quantity, "not-a-number", operands, operator, context)


def all_truths(operands: Sequence[CoreExpression], operator: str, context: Context) -> bool:
    return _all(Truth, "not-a-truth", operands, operator, context)


def all_dates(operands: Sequence[CoreExpression], operator: str, context: Context) -> bool:
    return _all(DateType, "not-a-date", operands, operator, context)


def _all(kind: type, code: str, operands: Sequence[CoreExpression], operator: str, context: Context) -> bool:
    wrong = [each for each in operands if not isinstance(each.type, kind)]
    for each in wrong:
        context.report.tell(code, each.span, text=text_of(each.span), operator=operator)
    return not wrong
