"""Arithmetic of elaboration: one unit for what is added or compared, chosen so that values stay whole.

In: core quantities already elaborated.  Out: core nodes with `Scale`s put in, or None after a reported fault.
Numbers written out become ints by choice of unit (`60%` is 60 of a hundredth); only a quotient is a fraction.
Imports core, units, guards and faults; never the surface tree's names.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import count
from typing import Literal, cast

from engine.language import core
from engine.language.ast import NumberLiteral, RoundFunction
from engine.language.bounds import Bounds
from engine.language.context import Context, as_divisor, as_factor, text_of
from engine.language.core import CoreExpression, Number
from engine.language.guards import never_zero, sign
from engine.language.types import DATE, DateType, Quantity
from engine.language.unit_faults import report_mismatch
from engine.language.units import (
    DAYS,
    HOURS,
    NUMBER,
    ONE,
    TIME,
    Dimension,
    Unit,
    common_unit,
    is_count,
    parse_unit,
)
from engine.language.values import LEAP_DAY, number
from engine.source import Span

BARE = Quantity(ONE, whole=True)
_PERSONS = Unit(Dimension.of("人"))


def _is_whole(dimension: Dimension) -> bool:
    """Whether there are whole numbers of it: plain numbers, times, counts."""
    return dimension in (NUMBER, TIME, DAYS, HOURS) or is_count(dimension)


def literal(expression: NumberLiteral) -> core.Constant:
    """A number written out. Its unit is made as fine as its decimals, so that the value is an int."""
    unit = parse_unit(expression.unit, expression.span.source.units)
    if unit is None:
        raise AssertionError(f"the grammar let the unit {expression.unit} pass")
    exact = Fraction(expression.value)
    places = next(places for places in count() if (exact * 10**places).denominator == 1)
    value = int(exact * 10**places)
    unit = Unit(unit.dimension, unit.factor / 10**places)
    whole = (value * unit.factor).denominator == 1 and _is_whole(unit.dimension) and expression.unit != "%"
    return core.Constant(expression.span, Quantity(unit, whole), value)


def quantity(expression: CoreExpression) -> Quantity:
    return cast("Quantity", expression.type)


def convert(expression: CoreExpression, unit: Unit, *, keep_literal: bool = False) -> CoreExpression:
    """The same quantity counted in another unit of its dimension.

    `keep_literal` leaves a number as its author wrote it below the `Scale`, as the sides of a comparison need it:
    there an outermost `Scale` with a positive factor is always a change of unit, and below it is the author's side.
    """
    own = quantity(expression)
    if own.unit == unit:
        return expression
    factor = number(own.unit.factor / unit.factor)
    if isinstance(expression, core.Constant) and not keep_literal:
        value = number(cast("Number", expression.value) * factor)
        return core.Constant(expression.span, Quantity(unit, own.whole), value)
    return core.Scale(expression.span, Quantity(unit, own.whole), factor, expression)


def adapted(expression: CoreExpression, unit: Unit) -> CoreExpression | None:
    """A bare number written out, as a quantity of the unit: 0 fits every unit, a whole number a counting unit.

    None for anything else. An `if` whose branches are all such numbers counts as one.
    """
    if not isinstance(expression.type, Quantity) or expression.type.unit.dimension != NUMBER:
        return None
    match expression:
        case core.Constant(value=value):
            counted = expression.type == BARE and is_count(unit.dimension)
            if value != 0 and not counted:
                return None
            if value == 0:
                return replace(expression, type=Quantity(unit, whole=_is_whole(unit.dimension)), value=0)
            return convert(replace(expression, type=Quantity(Unit(unit.dimension), whole=True)), unit)
        case core.If(then=then, otherwise=otherwise):
            branches = adapted(then, unit), adapted(otherwise, unit)
            if branches[0] is None or branches[1] is None:
                return None
            return replace(expression, type=branches[0].type, then=branches[0], otherwise=branches[1])
    return None


def _is_bare(expression: CoreExpression) -> bool:
    """Whether it is a bare number written out, which takes its unit from its neighbours."""
    return adapted(expression, _PERSONS) is not None


def unify(
    operands: Sequence[CoreExpression],
    span: Span | None,
    operator: str,
    context: Context,
    *,
    keep_literals: bool = False,
) -> tuple[CoreExpression, ...] | None:
    """All quantities in one unit, of which each one's own is a whole multiple; None after a unit fault.

    The fault is placed at `span`, or at the operand that does not fit where there is none.
    """
    leader = next((each for each in operands if not _is_bare(each)), operands[0])
    dimension = quantity(leader).unit.dimension
    fitting: list[CoreExpression] = []
    faulty = False
    for each in operands:
        if quantity(each).unit.dimension == dimension:
            fitting.append(each)
            continue
        changed = adapted(each, quantity(leader).unit)
        if changed is None:
            faulty = True
            pair = (leader, each) if operands.index(leader) < operands.index(each) else (each, leader)
            report_mismatch(*pair, span or each.span, operator, context)
        else:
            fitting.append(changed)
    if faulty:
        return None
    unit = quantity(fitting[0]).unit
    for each in fitting[1:]:
        unit = common_unit(unit, quantity(each).unit)
    return tuple(convert(each, unit, keep_literal=keep_literals) for each in fitting)


def joined_type(operands: Sequence[CoreExpression]) -> Quantity:
    """The type of what is one of, or the sum of, operands of one unit."""
    return Quantity(quantity(operands[0]).unit, all(quantity(each).whole for each in operands))


def negative(expression: CoreExpression, span: Span) -> CoreExpression:
    if isinstance(expression, core.Constant):
        return core.Constant(span, expression.type, -cast("Number", expression.value))
    return core.Scale(span, expression.type, -1, expression)


def add(terms: Sequence[tuple[Literal[1, -1], CoreExpression]], span: Span, context: Context) -> CoreExpression | None:
    """The sum of quantities with signs."""
    unified = unify([term for _, term in terms], span, "+" if terms[1][0] == 1 else "-", context)
    if unified is None:
        return None
    signed = tuple(each if sign == 1 else _minus(each) for (sign, _), each in zip(terms, unified, strict=True))
    return core.Sum(span, joined_type(signed), signed)


def _minus(expression: CoreExpression) -> CoreExpression:
    """The negative of an operand of a sum; one `Scale` serves sign and unit."""
    if isinstance(expression, core.Scale):
        return replace(expression, factor=-expression.factor)
    return negative(expression, expression.span)


def multiply(left: CoreExpression, right: CoreExpression, span: Span) -> CoreExpression:
    a, b = quantity(left), quantity(right)
    return core.Product(span, Quantity(a.unit * b.unit, a.whole and b.whole), left, right)


def divide(
    left: CoreExpression, right: CoreExpression, span: Span, context: Context, across: str = ""
) -> CoreExpression | None:
    """The quotient, with the divisor proved not to be zero; by a number written out it is a matter of units.

    Args:
        across: the comparison around it written as a multiplication, for the help; it only holds for divisors that
            are not negative, so it is shown for those alone.
    """
    a, b = quantity(left), quantity(right)
    if isinstance(right, core.Constant) and right.value != 0:
        value = cast("Number", right.value)
        unit = Unit(NUMBER / b.unit.dimension, 1 / (b.unit.factor * abs(Fraction(value))))
        one = core.Constant(right.span, Quantity(unit), 1 if value > 0 else -1)
        whole = a.whole and unit.factor == 1  # a count by one of what it counts
        return core.Product(span, Quantity(a.unit * unit, whole), left, one)
    if not never_zero(right, context.guards, Bounds(context.scope).value):
        text = text_of(right.span)
        guarded = "" if isinstance(right, core.Constant) else _guarded(left, right, context)
        context.report.tell("possible-zero-divisor", right.span, divisor=text, guarded=guarded, across=across)
        return None
    return core.Quotient(span, Quantity(a.unit / b.unit), left, right)


def _guarded(left: CoreExpression, right: CoreExpression, context: Context) -> str:
    divisor = as_divisor(right)
    words = [context.word(each) for each in ("if", "then", "else")]
    return f"({words[0]} {divisor} > 0 {words[1]} {as_factor(left)} / {divisor} {words[2]} 0)"


def shift(
    day: CoreExpression, sign: Literal[1, -1], amount: CoreExpression, span: Span, context: Context
) -> CoreExpression | None:
    """A date plus or minus a whole number of months or days."""
    given = quantity(amount)
    text = text_of(amount.span)
    if isinstance(amount, core.Constant) and amount.value == 0 and given.unit.dimension == NUMBER:
        amount = replace(amount, type=Quantity(Unit(DAYS), whole=True))
        given = quantity(amount)
    if given.unit.dimension not in (TIME, DAYS):
        context.report.tell("date-shift", amount.span, text=text)
        return None
    if not given.whole:
        one = "1 月" if given.unit.dimension == TIME else "1 天"
        suggestion = f"{context.word('round')}({text}{context.comma}{one})"
        context.report.tell("expected-whole", amount.span, text=text, suggestion=suggestion)
        return None
    part: Literal["months", "days"] = "months" if given.unit.dimension == TIME else "days"
    counted = convert(amount, Unit(given.unit.dimension))
    leap_day = context.scope.leap_day if part == "months" else LEAP_DAY
    return core.ShiftDate(span, DATE, sign, part, day, counted, leap_day)


def rounded(
    function: RoundFunction, operand: CoreExpression, step: CoreExpression, span: Span, word: str, context: Context
) -> CoreExpression | None:
    """To a multiple of a step, which is proved to be above zero."""
    unified = unify([operand, step], span, "", context)
    if unified is None:
        return None
    inner, size = unified
    if sign(size, context.guards, Bounds(context.scope).value) <= 0:
        context.report.tell("zero-step", step.span, text=text_of(step.span), function=word)
        return None
    unit = quantity(inner).unit
    made = core.Rounded(span, Quantity(unit, quantity(size).whole), function, inner, size)
    if not isinstance(size, core.Constant) or not _is_whole(unit.dimension):
        return made
    base = Unit(unit.dimension)
    if (Fraction(cast("Number", size.value)) * unit.factor).denominator != 1:
        return replace(made, type=Quantity(unit))
    if unit == base:
        return replace(made, type=Quantity(base, whole=True))
    return core.Scale(span, Quantity(base, whole=True), number(unit.factor), made)


def is_date(expression: CoreExpression) -> bool:
    return isinstance(expression.type, DateType)
