"""Units that do not go together: named in the author's words, with a repair that can be copied.

In: two core quantities of different dimensions.  Out: one Diagnostic.
Imports context, units and the ground floor.
"""

from __future__ import annotations

import re
from typing import cast

from engine.diagnostics import Reporter
from engine.language import core
from engine.language.context import Context, as_factor, text_of
from engine.language.core import CoreExpression
from engine.language.scope import CollectionEntry, FactEntry, ParameterEntry, Scope, TermEntry
from engine.language.types import Quantity
from engine.language.units import (
    COUNTING_WORDS,
    DAY,
    MONTH,
    NUMBER,
    Dimension,
    Unit,
    natural_unit,
    parse_unit,
    show_unit,
)
from engine.language.words import fold
from engine.source import Span


def report_mismatch(left: CoreExpression, right: CoreExpression, span: Span, operator: str, context: Context) -> None:
    """Two quantities cannot be compared, added or be alternatives; `operator` is the author's sign, "" for none."""
    first, second = _dimension(left), _dimension(right)
    if first == NUMBER or second == NUMBER:
        bare, other = (left, right) if first == NUMBER else (right, left)
        _report_bare(bare, other, context)
        return
    params = {
        "left": text_of(left.span),
        "left_unit": unit_words(left, context),
        "right": text_of(right.span),
        "right_unit": unit_words(right, context),
    }
    params |= _repairs(left, right, first / second, operator, context)
    context.fault("unit-mismatch", span, params)


def report_unexpected(found: CoreExpression, wanted: Unit, context: Context) -> None:
    """The whole expression has not the unit that its declaration states."""
    dimension = _dimension(found)
    text = text_of(found.span)
    if dimension == NUMBER:
        unit = declared_words(wanted)
        suggestion = with_unit(text, unit) if isinstance(found, core.Constant) else ""
        context.report.error("missing-unit", found.span, number=text, unit=unit, suggestion=suggestion)
        return
    if wanted.dimension == NUMBER:
        context.report.error("unexpected-unit", found.span, text=text, unit=unit_words(found, context))
        return
    repairs: dict[str, str] = {}
    difference = dimension / wanted.dimension
    for base, power in difference.powers:
        if base in COUNTING_WORDS and power == 1:
            counter = _counter(base, context)
            repairs["divide"] = f"{as_factor(found)} / {counter}" if counter else ""
        elif base in COUNTING_WORDS and power == -1:
            repairs["multiply"] = f"{as_factor(found)} * 1 {base}"
        elif base == MONTH and power == -1:
            repairs["months"] = f"{as_factor(found)} * 12 月"
    shown = declared_words(wanted)
    if len(difference.powers) > 1:
        repairs = {}  # one step alone would leave the units apart
    context.fault(
        "expected-unit", found.span, {"text": text, "unit": unit_words(found, context), "wanted": shown} | repairs
    )


def unit_words(expression: CoreExpression, context: Context) -> str:
    """The unit of an expression as its author would name it: as declared or written, otherwise by its dimension.

    An amount over 12 months is one in 元/年, whatever is worked out of it: by the month it would be a twelfth.
    """
    dimension = _dimension(expression)
    plain = show_unit(natural_unit(dimension))
    match expression:
        case core.Constant(span=span):
            written = re.search(r"[0-9.]+ ?([^\s\d()]+)\)*$", fold(span.text))
            return written[1] if written else plain
        case core.Fact() | core.TermValue() | core.Lookup():
            return _declared(expression, context) or plain
        case core.Scale() | core.Sum() | core.Least() | core.Greatest() | core.If() | core.Aggregate() | core.Rounded():
            for child in core.operands(expression):
                alike = isinstance(child.type, Quantity) and child.type.unit.dimension == dimension
                if alike and not isinstance(child, core.Constant):
                    return unit_words(child, context)
        case core.Product() | core.Quotient() if plain.endswith(f"/{MONTH}"):
            for child in core.operands(expression):
                words = unit_words(child, context) if isinstance(child.type, Quantity) else ""
                if (over := _OVER.search(words)) is not None:
                    return plain.removesuffix(f"/{MONTH}") + over[0]
    return plain


_OVER = re.compile(r"/(年|学年|[0-9]+ ?月)$")


def declared_words(unit: Unit) -> str:
    """A unit as it was declared; by its dimension where no words say its size."""
    words = show_unit(unit).replace(f"/12{MONTH}", "/年")
    return words if parse_unit(words) == unit else show_unit(natural_unit(unit.dimension))


def _declared(expression: core.Fact | core.TermValue | core.Lookup, context: Context) -> str:
    if isinstance(expression, core.Lookup):
        entry = context.entry("", expression.parameter)
    else:
        entry = context.entry(expression.collection, expression.id)
    return entry.unit_text if isinstance(entry, (FactEntry, TermEntry, ParameterEntry)) else ""


def declared_unit(expression: CoreExpression, scope: Scope) -> str:
    """The words for the unit of a term that states none: those of what it is worked out of."""
    if not isinstance(expression.type, Quantity) or expression.type.unit.dimension == NUMBER:
        return ""
    collections = {entry.id: entry for entry in scope.names.values() if isinstance(entry, CollectionEntry)}
    return unit_words(expression, Context(scope, Reporter(), collections, "zh", item=scope.item))


def with_unit(number: str, unit: str) -> str:
    """A number in a unit, so that it can stand in an expression: an amount over 6 months is divided by them."""
    over = re.search(r"/([0-9]+)月$", unit)
    return f"{number} {unit}" if over is None else f"{number} {unit[: over.start()]} / {over[1]} 月"


def _report_bare(bare: CoreExpression, other: CoreExpression, context: Context) -> None:
    unit = unit_words(other, context)
    number = text_of(bare.span)
    suggestion = with_unit(number, unit.replace(" ", "")) if isinstance(bare, core.Constant) else ""
    context.report.error(
        "bare-number", bare.span, number=number, other=text_of(other.span), unit=unit, suggestion=suggestion
    )


def _repairs(
    left: CoreExpression, right: CoreExpression, difference: Dimension, operator: str, context: Context
) -> dict[str, str]:
    """What would bring both sides to one unit. `difference` is the left dimension over the right one."""
    powers = dict(difference.powers)
    if MONTH in powers and DAY in powers:
        return {"days": context.word("months_between")}
    found: dict[str, str] = {}
    for side, other in ((right, left), (left, right)):
        if isinstance(side, core.Constant) and (number := re.match(r"[0-9.]+", fold(span_text := text_of(side.span)))):
            unit = unit_words(other, context).replace(" ", "")
            ten_thousand = "万" if "万元" in span_text and unit.startswith("元") else ""
            found["written"] = with_unit(span_text[: number.end()], ten_thousand + unit)
            break
    per_item = [base for base, power in powers.items() if base in COUNTING_WORDS and abs(power) == 1]
    # the side with 月 below is the monthly amount
    monthly = right if powers.get(MONTH, 0) > 0 else left
    if abs(powers.get(MONTH, 0)) == 1 and len(powers) == 1:
        found["months"] = f"{as_factor(monthly)} * 12 月"
    elif len(powers) > 1:
        # one step alone would leave the units apart
        counter = _counter(per_item[0], context) if len(per_item) == 1 and len(powers) == 2 else ""
        total = left if per_item and powers[per_item[0]] > 0 else right
        if counter and operator and total is not monthly and abs(powers.get(MONTH, 0)) == 1:
            sides = [
                f"{as_factor(each)} / {counter}" if each is total else f"{as_factor(each)} * 12 月"
                for each in (left, right)
            ]
            found["both"] = f" {operator} ".join(sides)
        return found
    elif not per_item:
        return found
    if len(per_item) == 1:
        base = per_item[0]
        total, single = (left, right) if powers[base] > 0 else (right, left)
        counter = _counter(base, context)
        # the price of a thing is not divided by a count of people
        if counter and not (context.item and base == "人"):
            found["divide"] = _joined(total, left, right, f"{as_factor(total)} / {counter}", operator)
        found["multiply"] = _joined(single, left, right, f"{as_factor(single)} * 1 {base}", operator)
    return found


def _joined(changed: CoreExpression, left: CoreExpression, right: CoreExpression, text: str, operator: str) -> str:
    """The whole comparison with one side changed; the changed side alone where there is no operator."""
    if not operator:
        return text
    if changed is left:
        return f"{text} {operator} {text_of(right.span)}"
    return f"{text_of(left.span)} {operator} {text}"


def _counter(base: str, context: Context) -> str:
    """What counts the items of a unit: a declared whole term, or the count of the collection."""
    dimension = Dimension.of(base)
    for entry in context.scope.names.values():
        if isinstance(entry, TermEntry) and entry.collection == "":
            type_ = entry.type
            if isinstance(type_, Quantity) and type_.whole and type_.unit.dimension == dimension:
                return context.shown(entry)
    for entry in context.scope.names.values():
        if isinstance(entry, CollectionEntry) and entry.unit == base:
            return f"{context.word('count')}({context.shown(entry)})"
    return ""


def _dimension(expression: CoreExpression) -> Dimension:
    return cast("Quantity", expression.type).unit.dimension
