"""Comparisons and memberships, as written: which side tells what the other means.

In: surface nodes and `infer`.  Out: what `comparisons` makes of both sides, or None after a reported fault.
Imports context, core, names, arithmetic and comparisons.
"""

from __future__ import annotations

from collections.abc import Sequence

from engine.language import ast, comparisons, core
from engine.language.arithmetic import product_of
from engine.language.context import Context, Infer
from engine.language.core import CoreExpression
from engine.language.names import peek
from engine.language.operands import other_day
from engine.language.texts import option_of
from engine.language.types import TRUTH, Choice, Place, Several, Text, Type


def comparison(expression: ast.Comparison, context: Context, infer: Infer) -> CoreExpression | None:
    sides = _sides(expression, context, infer)
    if sides is None:
        return None
    return comparisons.compare(
        expression.operator, sides[0], sides[1], expression.span, expression.operator_span, context
    )


def _sides(expression: ast.Comparison, context: Context, infer: Infer) -> tuple[CoreExpression, CoreExpression] | None:
    """Both sides; the one that says what type the other has comes first, so that options are found."""
    right_first = takes_type_from_right(expression.left, expression.right, context)
    lead, follow = (expression.right, expression.left) if right_first else (expression.left, expression.right)
    if lead is expression.left and isinstance(lead, ast.Arithmetic) and lead.operator in ("*", "/"):
        first = product_of(lead, context, infer, expression)
    else:
        first = infer(lead, context)
    if first is None and isinstance(follow, ast.Name) and peek(follow, context) is None:
        return None  # perhaps an option of the side that was not understood: one mistake is told once
    second = infer(follow, context, None if first is None else first.type)
    if first is None or second is None:
        return None
    return (second, first) if right_first else (first, second)


def takes_type_from_right(left: ast.Expression, right: ast.Expression, context: Context) -> bool:
    """Whether the left side is an option or a text whose meaning the right side tells."""
    # beside a choice its option is meant; what else is called so is not asked for
    left_type, right_type = peek(left, context, ask=False), peek(right, context, ask=False)
    if isinstance(left_type, Choice) and isinstance(right, ast.Name) and option_of(right.text, left_type):
        return False
    if isinstance(left, ast.Name) and isinstance(right_type, Choice) and option_of(left.text, right_type):
        return True
    left_type, right_type = peek(left, context), peek(right, context)
    if isinstance(left, ast.TextLiteral):
        return not isinstance(right, ast.TextLiteral)
    return isinstance(left, ast.Name) and left_type is None and isinstance(right_type, (Choice, Text, Place))


def membership(expression: ast.Membership, context: Context, infer: Infer) -> CoreExpression | None:
    tested = [infer(each, context) for each in expression.left]
    options, day = expression.options, other_day(expression.on, context, infer)
    if isinstance(options, ast.Name):
        known = [each for each in tested if each is not None]
        if len(known) < len(tested) or (day is None and expression.on is not None):
            return None
        made = comparisons.in_list(known, options, day, expression.span, context)
    elif len(tested) > 1:
        context.report.tell("tuple-needs-list", expression.span)
        return None
    else:
        left = tested[0]
        if left is None:
            return None
        listed = _options(options, left.type, context, infer)
        made = comparisons.in_options(left, listed, expression.span, context)
        if len(listed) < len(options):
            return None
    if made is None:
        return None
    return core.Not(expression.span, TRUTH, made) if expression.negated else made


def overlap(expression: ast.Overlap, context: Context, infer: Infer) -> CoreExpression | None:
    left, day = infer(expression.left, context), other_day(expression.on, context, infer)
    if left is None or (day is None and expression.on is not None):
        return None
    if isinstance(expression.options, ast.Name):
        return comparisons.overlaps_list(left, expression.options, day, expression.span, context)
    listed = _options(expression.options, left.type, context, infer)
    made = comparisons.overlaps_options(left, listed, expression.span, context)
    return made if len(listed) == len(expression.options) else None


def _options(options: Sequence[ast.Expression], left: Type, context: Context, infer: Infer) -> list[CoreExpression]:
    """The members of a bracketed list beside a value of a type, without those that are faulty."""
    want = left.of if isinstance(left, Several) else left
    made = [infer(option, context, want) for option in options]
    return [each for each in made if each is not None]
