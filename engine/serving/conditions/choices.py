"""What a guided form can say: comparisons, options and truths, joined by all or any, also over items of a collection.

In: an expression, or choices.  Out: the other. Whatever is read back makes an equal expression again, and what is made
of choices is read back as they were; an expression that the form cannot say is read as None.
Imports language.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import reduce
from typing import Final, Literal, TypeAlias, assert_never

from engine.language import ast
from engine.language.ast import CompareOperator, Expression
from engine.records import dataclass
from engine.source import Source, Span

How: TypeAlias = Literal["all", "any"]
TotalKind: TypeAlias = Literal["sum", "count", "max", "min"]

_NOWHERE: Final = Span(Source("", ""), 0, 0)


@dataclass(frozen=True, slots=True)
class Amount:
    """`unit` as written, "" for none; `%` is one."""

    number: Decimal
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Day:
    value: date


@dataclass(frozen=True, slots=True)
class Word:
    """A fact, step, parameter or option, as it is called; `owner.name` of what belongs to something."""

    name: str


@dataclass(frozen=True, slots=True)
class Total:
    """A figure over the items of a collection for which `where` holds, all of them without it.

    Attributes:
        of: what is summed or compared; "" of a count.
        otherwise: of a largest or smallest, where there are no items.
    """

    kind: TotalKind
    of: str
    collection: str
    where: Joined | None = None
    otherwise: Amount | None = None


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a comparison: `[times *] base [- minus] [/ per]`."""

    base: Word | Amount | Day | Total
    times: Decimal | None = None
    minus: str = ""
    per: str = ""


@dataclass(frozen=True, slots=True)
class Holds:
    """A truth: a fact of yes or no, a step, a cause."""

    name: str
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Compares:
    left: Side
    operator: CompareOperator
    right: Side
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Among:
    """A choice that is one of some options, or a text that is in a named list (`listed`)."""

    name: str
    options: tuple[str, ...] = ()
    listed: str = ""
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Shares:
    """A fact of several values that has one of a list's."""

    name: str
    listed: str
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Over:
    """Any, or every, item of a collection for which `where` holds."""

    kind: Literal["any", "every"]
    collection: str
    where: Joined
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Joined:
    """Several tests, of which all or any must hold; one alone counts as all."""

    how: How
    tests: tuple[Test, ...]
    negated: bool = False


Test: TypeAlias = Holds | Compares | Among | Shares | Over | Joined


# ---- choices to expression


def expression_of(rule: Joined) -> Expression:
    """The expression that a rule is, without places."""
    made = [_test(one) for one in rule.tests]
    joiner = ast.And if rule.how == "all" else ast.Or
    return _negated(reduce(lambda left, right: joiner(_NOWHERE, left, right), made), rule.negated)


def _test(test: Test) -> Expression:
    match test:
        case Holds(name=name, negated=negated):
            return _negated(_name(name), negated)
        case Compares(left=left, operator=operator, right=right, negated=negated):
            return _negated(ast.Comparison(_NOWHERE, operator, _side(left), _side(right), _NOWHERE), negated)
        case Among(name=name, options=options, listed=listed, negated=negated):
            chosen = ast.Name(_NOWHERE, listed) if listed else tuple(_name(one) for one in options)
            return ast.Membership(_NOWHERE, (_name(name),), negated, chosen)
        case Shares(name=name, listed=listed, negated=negated):
            return _negated(ast.Overlap(_NOWHERE, _name(name), ast.Name(_NOWHERE, listed)), negated)
        case Over(kind=kind, collection=collection, where=where, negated=negated):
            held, inside = ast.Name(_NOWHERE, collection), expression_of(where)
            body, filtered = (None, inside) if kind == "any" else (inside, None)
            return _negated(ast.Aggregate(_NOWHERE, kind, body, held, filtered, None), negated)
        case Joined():
            return expression_of(test)
    assert_never(test)


def _negated(made: Expression, negated: bool) -> Expression:
    return ast.Not(_NOWHERE, made) if negated else made


def _name(text: str) -> ast.Name | ast.Dotted:
    owner, dot, member = text.partition(".")
    return (
        ast.Dotted(_NOWHERE, ast.Name(_NOWHERE, owner), ast.Name(_NOWHERE, member)) if dot else ast.Name(_NOWHERE, text)
    )


def _side(side: Side) -> Expression:
    made = _base(side.base)
    if side.times is not None:
        made = ast.Arithmetic(_NOWHERE, "*", ast.NumberLiteral(_NOWHERE, side.times, ""), made, _NOWHERE)
    if side.minus:
        made = ast.Arithmetic(_NOWHERE, "-", made, _name(side.minus), _NOWHERE)
    return ast.Arithmetic(_NOWHERE, "/", made, _name(side.per), _NOWHERE) if side.per else made


def _base(base: Word | Amount | Day | Total) -> Expression:
    match base:
        case Word(name=name):
            return _name(name)
        case Amount():
            return _amount(base)
        case Day(value=value):
            return ast.DateLiteral(_NOWHERE, value)
        case Total():
            return _total(base)
    assert_never(base)


def _amount(amount: Amount) -> Expression:
    return ast.NumberLiteral(_NOWHERE, amount.number, amount.unit)


def _total(total: Total) -> Expression:
    body = _name(total.of) if total.of else None
    where = None if total.where is None else expression_of(total.where)
    otherwise = None if total.otherwise is None else _amount(total.otherwise)
    return ast.Aggregate(_NOWHERE, total.kind, body, ast.Name(_NOWHERE, total.collection), where, otherwise)


# ---- expression to choices


def rule_of(expression: Expression) -> Joined | None:
    """The choices that an expression is, None where the form cannot say it."""
    found = _read(expression)
    match found:
        case None:
            return None
        case Joined(negated=False):
            return found
        case _:
            return Joined("all", (found,))


def _read(expression: Expression) -> Test | None:
    match expression:
        case ast.Not(operand=operand):
            held = None if isinstance(operand, ast.Not) else _read(operand)
            return None if held is None or isinstance(held, Among) else replace(held, negated=True)
        case ast.And() | ast.Or():
            return _joined(expression)
        case ast.Name() | ast.Dotted():
            return Holds(_written(expression))
        case ast.Comparison(operator=operator, left=left, right=right):
            sides = _read_side(left), _read_side(right)
            return None if sides[0] is None or sides[1] is None else Compares(sides[0], operator, sides[1])
        case ast.Membership(left=(ast.Name() | ast.Dotted() as tested,), negated=negated, on=None):
            return _among(tested, negated, expression.options)
        case ast.Overlap(left=ast.Name() | ast.Dotted() as tested, options=ast.Name(text=listed), on=None):
            return Shares(_written(tested), listed)
        case ast.Aggregate(kind="any", body=None, where=where, otherwise=None) if where is not None:
            return _over("any", expression.collection.text, where)
        case ast.Aggregate(kind="every", body=body, where=None, otherwise=None) if body is not None:
            return _over("every", expression.collection.text, body)
        case _:
            return None


def _joined(expression: ast.And | ast.Or) -> Joined | None:
    """A chain that leans to the left, taken apart in a loop: it may be longer than nesting may be deep."""
    kind = type(expression)
    tail: list[Expression] = []
    node: Expression = expression
    while isinstance(node, kind):
        tail.append(node.right)
        node = node.left
    tests = [_read(one) for one in (node, *reversed(tail))]
    found = tuple(one for one in tests if one is not None)
    return Joined("all" if kind is ast.And else "any", found) if len(found) == len(tests) else None


def _over(kind: Literal["any", "every"], collection: str, where: Expression) -> Over | None:
    inside = rule_of(where)
    return None if inside is None else Over(kind, collection, inside)


def _among(tested: ast.Name | ast.Dotted, negated: bool, options: Sequence[Expression] | ast.Name) -> Among | None:
    if isinstance(options, ast.Name):
        return Among(_written(tested), (), options.text, negated)
    names = tuple(one.text for one in options if isinstance(one, ast.Name))
    return Among(_written(tested), names, "", negated) if len(names) == len(options) else None


def _written(name: ast.Name | ast.Dotted) -> str:
    return name.text if isinstance(name, ast.Name) else f"{name.owner.text}.{name.member.text}"


def _read_side(expression: Expression) -> Side | None:
    match expression:
        case ast.Arithmetic(operator="/", left=left, right=ast.Name() | ast.Dotted() as per):
            held = _read_difference(left)
            return None if held is None else replace(held, per=_written(per))
        case _:
            return _read_difference(expression)


def _read_difference(expression: Expression) -> Side | None:
    match expression:
        case ast.Arithmetic(operator="-", left=left, right=ast.Name() | ast.Dotted() as less):
            held = _read_product(left)
            return None if held is None else replace(held, minus=_written(less))
        case _:
            return _read_product(expression)


def _read_product(expression: Expression) -> Side | None:
    match expression:
        case ast.Arithmetic(operator="*", left=ast.NumberLiteral(value=times, unit=""), right=right):
            base = _read_base(right)
            return None if base is None else Side(base, times)
        case _:
            base = _read_base(expression)
            return None if base is None else Side(base)


def _read_base(expression: Expression) -> Word | Amount | Day | Total | None:
    match expression:
        case ast.Name() | ast.Dotted():
            return Word(_written(expression))
        case ast.NumberLiteral(value=value, unit=unit):
            return Amount(value, unit)
        case ast.DateLiteral(value=day):
            return Day(day)
        case ast.Aggregate(kind="sum" | "count" | "max" | "min" as kind):
            return _read_total(kind, expression)
        case _:
            return None


def _read_total(kind: TotalKind, expression: ast.Aggregate) -> Total | None:
    body, otherwise = expression.body, expression.otherwise
    if not isinstance(body, ast.Name | ast.Dotted | None) or not isinstance(otherwise, ast.NumberLiteral | None):
        return None
    where = None if expression.where is None else rule_of(expression.where)
    if expression.where is not None and where is None:
        return None
    last = None if otherwise is None else Amount(otherwise.value, otherwise.unit)
    return Total(kind, "" if body is None else _written(body), expression.collection.text, where, last)
