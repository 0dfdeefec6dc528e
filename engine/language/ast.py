"""The surface tree: an expression as its author wrote it, words and names unresolved.

Chinese and ASCII spellings give equal trees: operators and functions are stored by their canonical English word,
names as they were written. Spans do not take part in equality. `parser` makes these trees, `printer` prints them,
`elaborate` turns them into the typed core.
"""

from __future__ import annotations

from dataclasses import field
from datetime import date
from decimal import Decimal
from typing import Literal, TypeAlias

from engine.records import dataclass
from engine.source import Span

ArithmeticOperator: TypeAlias = Literal["+", "-", "*", "/"]
CompareOperator: TypeAlias = Literal["<", "<=", "=", "!=", ">=", ">"]
AggregateKind: TypeAlias = Literal["sum", "count", "any", "every", "max", "min"]
BetweenFunction: TypeAlias = Literal["years_between", "months_between", "days_between"]
DateFunction: TypeAlias = Literal["year", "month", "day", "month_start", "month_end"]
"""what is read off one date"""
RoundFunction: TypeAlias = Literal["round", "round_down", "round_up", "round_half_even"]
FunctionName: TypeAlias = Literal["max", "min", "how_many", "abs"] | RoundFunction | BetweenFunction | DateFunction


@dataclass(frozen=True, slots=True)
class Node:
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class NumberLiteral(Node):
    """`36 月`, `5 万元`, `60%`, `0`. `value` is the number as written; `unit` the unit's text or ""; `%` is a unit."""

    value: Decimal
    unit: str


@dataclass(frozen=True, slots=True)
class DateLiteral(Node):
    value: date


@dataclass(frozen=True, slots=True)
class TextLiteral(Node):
    value: str


@dataclass(frozen=True, slots=True)
class TruthLiteral(Node):
    value: bool


@dataclass(frozen=True, slots=True)
class Name(Node):
    """A name as written: a fact, term, parameter, reading, cause, collection, list, or an option of a choice."""

    text: str


@dataclass(frozen=True, slots=True)
class Dotted(Node):
    """`cause.condition`, `household.id`, `members.id`."""

    owner: Name
    member: Name


@dataclass(frozen=True, slots=True)
class Keyed(Node):
    """`parameter[on day, expr, name = expr, …]`: a parameter as of another day, or with keys given outright;
    `last` is that of its last key, which needs no name."""

    parameter: Name
    keys: tuple[tuple[Name, Expression], ...]
    on: Expression | None = None
    last: Expression | None = None


@dataclass(frozen=True, slots=True)
class Previous(Node):
    """`previous` 原定义: what a replacement replaces."""


@dataclass(frozen=True, slots=True)
class Negative(Node):
    operand: Expression


@dataclass(frozen=True, slots=True)
class Arithmetic(Node):
    operator: ArithmeticOperator
    left: Expression
    right: Expression
    operator_span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Comparison(Node):
    operator: CompareOperator
    left: Expression
    right: Expression
    operator_span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Membership(Node):
    """`x in (a, b)`, `x not in list`, `(x, y) in list`. `left` holds one expression, or several for a tuple.

    `on`: as the list was on another day, `x in list[on day]`."""

    left: tuple[Expression, ...]
    negated: bool
    options: tuple[Expression, ...] | Name
    on: Expression | None = None


@dataclass(frozen=True, slots=True)
class Overlap(Node):
    """`several overlaps (a, b)` or `several overlaps list`: the two sets share a member."""

    left: Expression
    options: tuple[Expression, ...] | Name
    on: Expression | None = None


@dataclass(frozen=True, slots=True)
class Not(Node):
    operand: Expression


@dataclass(frozen=True, slots=True)
class And(Node):
    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class Or(Node):
    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class If(Node):
    test: Expression
    then: Expression
    otherwise: Expression


@dataclass(frozen=True, slots=True)
class Call(Node):
    """A function of a fixed number of arguments (`round`) or of several (`max`, `how_many`)."""

    function: FunctionName
    arguments: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Aggregate(Node):
    """`sum(body for collection where filter else otherwise)`; `body` is None in `count` and in short `any`."""

    kind: AggregateKind
    body: Expression | None
    collection: Name
    where: Expression | None
    otherwise: Expression | None


Expression: TypeAlias = (
    NumberLiteral
    | DateLiteral
    | TextLiteral
    | TruthLiteral
    | Name
    | Dotted
    | Keyed
    | Previous
    | Negative
    | Arithmetic
    | Comparison
    | Membership
    | Overlap
    | Not
    | And
    | Or
    | If
    | Call
    | Aggregate
)
