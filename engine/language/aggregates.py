"""Elaboration of what goes over the items of a collection, and of the functions.

In: surface nodes and `infer`, which elaborates what is inside.  Out: core nodes, or None after a reported fault.
Imports context, core, names and quantities.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import cast, get_args

from engine.language import ast, core
from engine.language.context import Context, Infer, text_of
from engine.language.core import CoreExpression
from engine.language.names import collection_of
from engine.language.operands import all_dates, all_quantities, all_truths
from engine.language.quantities import BARE, is_date, joined_type, rounded, unify
from engine.language.scope import CollectionEntry
from engine.language.types import DATE, TRUTH, Quantity
from engine.language.units import DAYS, TIME, Dimension, Unit, word_unit
from engine.language.values import LEAP_DAY
from engine.source import Span

_ARGUMENTS: Mapping[ast.FunctionName, str] = {
    "abs": "1",
    **dict.fromkeys(get_args(ast.RoundFunction), "2"),
    **dict.fromkeys(get_args(ast.BetweenFunction), "2"),
    **dict.fromkeys(get_args(ast.DateFunction), "1"),
}
_BETWEEN: Mapping[ast.BetweenFunction, Quantity] = {
    "years_between": Quantity(Unit(TIME, Fraction(12)), whole=True),
    "months_between": Quantity(Unit(TIME), whole=True),
    "days_between": Quantity(Unit(DAYS), whole=True),
}


def aggregate(expression: ast.Aggregate, context: Context, infer: Infer) -> CoreExpression | None:
    """`sum(E for C where F)` and its kin."""
    collection = collection_of(expression.collection, context)
    if context.aggregated:
        context.report.tell("nested-aggregate", expression.span, text=text_of(expression.span))
        return None
    if collection is None:
        return None
    inside = context.inside(collection.id)
    where = None if expression.where is None else infer(expression.where, inside)
    body = None if expression.body is None else infer(expression.body, inside)
    otherwise = None if expression.otherwise is None else infer(expression.otherwise, context)
    for surface, made in (
        (expression.where, where),
        (expression.body, body),
        (expression.otherwise, otherwise),
    ):
        if surface is not None and made is None:
            return None
    if where is not None and not all_truths([where], "where", context):
        return None
    return _over_items(expression, collection, body, where, otherwise, context)


def _over_items(
    expression: ast.Aggregate,
    collection: CollectionEntry,
    body: CoreExpression | None,
    where: CoreExpression | None,
    otherwise: CoreExpression | None,
    context: Context,
) -> CoreExpression | None:
    span, kind = expression.span, expression.kind
    function = context.word(kind)
    if otherwise is not None and kind not in ("max", "min"):
        context.report.tell("else-not-allowed", otherwise.span, function=function, word=context.word("else"))
        return None
    match kind:
        case "count":
            unit = word_unit(collection.unit) or Unit(Dimension.of(collection.unit))
            return core.Aggregate(span, Quantity(unit, whole=True), kind, collection.id, None, where, None)
        case "any" | "every":
            if body is None:
                # `any(C where F)` asks F of each item
                body, where = where or core.Constant(span, TRUTH, True), None
            if not all_truths([body], kind, context):
                return None
            return core.Aggregate(span, TRUTH, kind, collection.id, body, where, None)
        case "sum":
            summed = cast("CoreExpression", body)
            if not all_quantities([summed], function, context):
                return None
            return core.Aggregate(span, summed.type, kind, collection.id, summed, where, None)
        case "max" | "min":
            extreme = cast("CoreExpression", body)
            return _extreme(expression, collection, extreme, where, otherwise, context)


def _extreme(
    expression: ast.Aggregate,
    collection: CollectionEntry,
    body: CoreExpression,
    where: CoreExpression | None,
    otherwise: CoreExpression | None,
    context: Context,
) -> CoreExpression | None:
    """The largest or smallest over items; without any item it is what `else` says."""
    span, kind = expression.span, expression.kind
    function = context.word(kind)
    never_empty = where is None and collection.at_least >= 1
    if otherwise is None and not never_empty:
        name = expression.collection.text
        context.report.tell("needs-else", span, collection=name, function=function, word=context.word("else"))
        return None
    values = [body] if otherwise is None else [body, otherwise]
    if not (all(is_date(value) for value in values) or all_quantities(values, function, context)):
        return None
    if isinstance(body.type, Quantity):
        unified = unify(values, span, "", context)
        if unified is None:
            return None
        values = list(unified)
    type_ = joined_type(values) if isinstance(body.type, Quantity) else DATE
    last = None if never_empty or otherwise is None else values[1]
    return core.Aggregate(span, type_, kind, collection.id, values[0], where, last)


def call(expression: ast.Call, context: Context, infer: Infer) -> CoreExpression | None:
    """A function of arguments."""
    function = context.word(expression.function)
    wanted = _ARGUMENTS.get(expression.function, "")
    given = len(expression.arguments)
    if (wanted and str(given) != wanted) or (expression.function in ("max", "min") and given < 2):
        shown = wanted or "≥ 2"
        context.report.tell("wrong-argument-count", expression.span, function=function, wanted=shown, given=str(given))
        return None
    made = [infer(argument, context) for argument in expression.arguments]
    arguments = [each for each in made if each is not None]
    if len(arguments) < len(made):
        return None
    span = expression.span
    match expression.function:
        case "max" | "min":
            return _greatest(expression.function, arguments, span, function, context)
        case "how_many":
            return core.HowMany(span, BARE, tuple(arguments)) if all_truths(arguments, "how_many", context) else None
        case "abs":
            (operand,) = arguments
            if not all_quantities(arguments, function, context):
                return None
            return core.Absolute(span, operand.type, operand)
        case "round" | "round_down" | "round_up" | "round_half_even" as rounding:
            if not all_quantities(arguments, function, context):
                return None
            operand, step = arguments
            return rounded(rounding, operand, step, span, function, context)
        case "years_between" | "months_between" | "days_between" as between:
            if not all_dates(arguments, function, context):
                return None
            leap_day = context.scope.leap_day if between != "days_between" else LEAP_DAY
            start, end = arguments
            return core.Between(span, _BETWEEN[between], between, start, end, leap_day)
        case "year" | "month" | "day" | "month_start" | "month_end" as part:
            kind = DATE if part in ("month_start", "month_end") else BARE
            return core.DatePart(span, kind, part, arguments[0]) if all_dates(arguments, function, context) else None


def _greatest(
    function: str, arguments: Sequence[CoreExpression], span: Span, word: str, context: Context
) -> CoreExpression | None:
    node = core.Greatest if function == "max" else core.Least
    if all(is_date(each) for each in arguments):
        return node(span, DATE, tuple(arguments))
    if not all_quantities(arguments, word, context):
        return None
    unified = unify(arguments, span, "", context)
    return None if unified is None else node(span, joined_type(unified), unified)
