"""The small typed core that every back end folds over.

Names are resolved to ids, synonyms and units are gone: both sides of a `Compare`, all items of a `Sum`, `Least`,
`Greatest` and all branches of an `If` have the same unit (elaboration inserted `Scale`s). `elaborate` makes these
nodes from the surface tree; the interpreter, generated code, the columnar kernel, the solver and SQL fold over them.
Spans point at the author's text and do not take part in equality.
A reference (`Fact`, `TermValue`, `CauseMet`, `ConditionMet`) gets its slot when a program is made: the place of what it
reads in the row of values of its collection's item. The ids then stay for reading only.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import field, replace
from datetime import date
from fractions import Fraction
from typing import ClassVar, Final, Literal, TypeAlias, assert_never, cast

from engine.language.ast import AggregateKind, BetweenFunction, CompareOperator, DateFunction, RoundFunction
from engine.language.types import Type
from engine.language.values import LEAP_DAY, LeapDay
from engine.records import dataclass
from engine.source import Span

Number: TypeAlias = int | Fraction
UNPLACED: Final = -1
"""the slot of a reference before it stands in a program"""

Plain: TypeAlias = bool | int | Fraction | date | str | frozenset[str]


@dataclass(frozen=True, slots=True)
class Core:
    span: Span = field(compare=False, repr=False)
    type: Type


@dataclass(frozen=True, slots=True)
class Operator(Core):
    """What looks at nothing but what all its operands are worth."""


@dataclass(frozen=True, slots=True)
class NoNumber(Core):
    """What never comes to a number."""


@dataclass(frozen=True, slots=True)
class Constant(Core):
    """A literal. Quantities are ints or Fractions that count `type.unit`; an option is its id."""

    value: Plain


@dataclass(frozen=True, slots=True)
class Fact(Core):
    """A fact of the household (`collection` empty), or of the current item of a collection."""

    collection: str
    id: str
    slot: int = UNPLACED


@dataclass(frozen=True, slots=True)
class TermValue(Core):
    """A term of the household (`collection` empty), or of the current item of a collection."""

    collection: str
    id: str
    slot: int = UNPLACED


@dataclass(frozen=True, slots=True)
class Lookup(Core):
    """A parameter's value in force, by its keys in the order of the parameter's `by` (none for a single value); on the
    decision's day, or on the date that `on` comes to. A `marginal` one is an amount, the last key, each part of which
    counts at the rate of the range in which it lies."""

    parameter: str
    keys: tuple[CoreExpression, ...]
    on: CoreExpression | None = None
    slot: int = UNPLACED
    marginal: bool = False


@dataclass(frozen=True, slots=True)
class ChosenReading(NoNumber):
    """The option of a reading that is in effect; a choice."""

    reading: str
    slot: int = UNPLACED


@dataclass(frozen=True, slots=True)
class CauseMet(NoNumber):
    cause: str
    slot: int = UNPLACED
    collection: ClassVar[str] = ""


@dataclass(frozen=True, slots=True)
class ConditionMet(NoNumber):
    """A requirement where `cause` is empty."""

    cause: str
    condition: str
    slot: int = UNPLACED
    collection: ClassVar[str] = ""


Reference: TypeAlias = Fact | TermValue | CauseMet | ConditionMet


@dataclass(frozen=True, slots=True)
class Outer(Core):
    """In an aggregate of an item's expression: a value of the item whose expression it is, not of the items gone over.

    INVARIANT: `operand` is of an item, not of the household.
    """

    operand: Fact | TermValue


@dataclass(frozen=True, slots=True)
class Not(Operator, NoNumber):
    operand: CoreExpression


@dataclass(frozen=True, slots=True)
class And(Operator, NoNumber):
    operands: tuple[CoreExpression, ...]


@dataclass(frozen=True, slots=True)
class Or(Operator, NoNumber):
    operands: tuple[CoreExpression, ...]


@dataclass(frozen=True, slots=True)
class If(Core):
    test: CoreExpression
    then: CoreExpression
    otherwise: CoreExpression


@dataclass(frozen=True, slots=True)
class Compare(Operator, NoNumber):
    """Of two quantities of one unit, or two dates; `=` and `!=` also of two truths, choices, texts or places."""

    operator: CompareOperator
    left: CoreExpression
    right: CoreExpression


@dataclass(frozen=True, slots=True)
class InSet(Operator, NoNumber):
    """The operands, as a tuple, are one of the rows written out. A single operand has rows of one."""

    operands: tuple[CoreExpression, ...]
    rows: frozenset[tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class InList(NoNumber):
    """The operands, as a tuple, are a row of a dated list in force; `on` as for a `Lookup`."""

    operands: tuple[CoreExpression, ...]
    list: str
    on: CoreExpression | None = None
    slot: int = UNPLACED


@dataclass(frozen=True, slots=True)
class OverlapsSet(Operator, NoNumber):
    operand: CoreExpression
    members: frozenset[str]


@dataclass(frozen=True, slots=True)
class OverlapsList(NoNumber):
    operand: CoreExpression
    list: str
    on: CoreExpression | None = None
    slot: int = UNPLACED


@dataclass(frozen=True, slots=True)
class Scale(Operator):
    """The operand times a constant: an exact change of unit, or a sign."""

    factor: Number
    operand: CoreExpression


@dataclass(frozen=True, slots=True)
class Sum(Operator):
    operands: tuple[CoreExpression, ...]


@dataclass(frozen=True, slots=True)
class Product(Operator):
    left: CoreExpression
    right: CoreExpression


@dataclass(frozen=True, slots=True)
class Quotient(Operator):
    """INVARIANT: the divisor was proved not to be zero from declared bounds or an enclosing `If`."""

    left: CoreExpression
    right: CoreExpression


@dataclass(frozen=True, slots=True)
class Least(Operator):
    operands: tuple[CoreExpression, ...]


@dataclass(frozen=True, slots=True)
class Greatest(Operator):
    operands: tuple[CoreExpression, ...]


@dataclass(frozen=True, slots=True)
class Absolute(Operator):
    """A number without its sign."""

    operand: CoreExpression


@dataclass(frozen=True, slots=True)
class Rounded(Operator):
    """To a multiple of `step`, a negative number as its opposite: to the nearest, half away from zero (`round`) or to
    the even multiple; towards zero (`round_down`) or away from it.

    INVARIANT: the step was proved to be above zero from declared bounds or an enclosing `If`.
    """

    function: RoundFunction
    operand: CoreExpression
    step: CoreExpression


@dataclass(frozen=True, slots=True)
class Aggregate(Core):
    """Over the items of a collection that pass `where`. `body` is None for `count` only.

    `otherwise` is the value of `max` and `min` where no item passes; it is None for the others, and for a
    collection that is never empty and has no `where`.
    """

    kind: AggregateKind
    collection: str
    body: CoreExpression | None
    where: CoreExpression | None
    otherwise: CoreExpression | None


@dataclass(frozen=True, slots=True)
class HowMany(Operator):
    operands: tuple[CoreExpression, ...]


@dataclass(frozen=True, slots=True)
class ShiftDate(Operator, NoNumber):
    """A date plus (`sign` 1) or minus (-1) a whole number of months or days; the month's end clamps."""

    sign: Literal[1, -1]
    part: Literal["months", "days"]
    date: CoreExpression
    amount: CoreExpression
    leap_day: LeapDay = LEAP_DAY


@dataclass(frozen=True, slots=True)
class Between(Operator):
    """Days, or completed months or years, from one date to another; the other way round it is the negative."""

    function: BetweenFunction
    start: CoreExpression
    end: CoreExpression
    leap_day: LeapDay = LEAP_DAY


@dataclass(frozen=True, slots=True)
class DatePart(Operator):
    """What is read off a date: its calendar year, month or day, whole numbers; the first or last day of its month."""

    function: DateFunction
    operand: CoreExpression


@dataclass(frozen=True, slots=True)
class Within(Core):
    """A number or date where it is known that `operand operators[i] limits[i]`, for each i: the operand itself, but
    while that is not known no farther than the limits. A test around it has asked; no author wrote it.

    INVARIANT: wherever its value counts the comparisons hold. As many operators as limits, of the operand's unit.
    """

    operand: CoreExpression
    operators: tuple[CompareOperator, ...]
    limits: tuple[CoreExpression, ...]


@dataclass(frozen=True, slots=True)
class Sharper(Core):
    """What a reference is worth; while that is not known, what its expression comes to where the tests around the
    reference hold.

    INVARIANT: wherever its value counts, and the facts are known, both are equal.
    """

    operand: Reference
    told: CoreExpression


Placed: TypeAlias = Reference | Lookup | ChosenReading | InList | OverlapsList
"""what has a slot in a program"""

CoreExpression: TypeAlias = (
    Constant
    | Fact
    | TermValue
    | Lookup
    | ChosenReading
    | CauseMet
    | ConditionMet
    | Outer
    | Not
    | And
    | Or
    | If
    | Compare
    | InSet
    | InList
    | OverlapsSet
    | OverlapsList
    | Scale
    | Sum
    | Product
    | Quotient
    | Least
    | Greatest
    | Absolute
    | Rounded
    | Aggregate
    | HowMany
    | ShiftDate
    | Between
    | DatePart
    | Within
    | Sharper
)


def operands(node: CoreExpression) -> tuple[CoreExpression, ...]:
    """The expressions that a node is directly made of, in order of writing; an aggregate's include its filter."""
    match node:
        case Constant() | Fact() | TermValue() | ChosenReading() | CauseMet() | ConditionMet():
            return ()
        case And() | Or() | InSet() | Sum() | Least() | Greatest() | HowMany():
            return node.operands
        case Outer() | Not() | OverlapsSet() | Scale() | Absolute() | DatePart():
            return (node.operand,)
        case InList():
            return _and_day(node.operands, node.on)
        case OverlapsList():
            return _and_day((node.operand,), node.on)
        case Compare() | Product() | Quotient():
            return (node.left, node.right)
        case Rounded():
            return (node.operand, node.step)
        case Lookup():
            return _and_day(node.keys, node.on)
        case If():
            return (node.test, node.then, node.otherwise)
        case Aggregate():
            return tuple(part for part in (node.body, node.where, node.otherwise) if part is not None)
        case ShiftDate():
            return (node.date, node.amount)
        case Between():
            return (node.start, node.end)
        case Within():
            return (node.operand, *node.limits)
        case Sharper():
            return (node.operand, node.told)
    assert_never(node)


def _and_day(operands: tuple[CoreExpression, ...], on: CoreExpression | None) -> tuple[CoreExpression, ...]:
    return operands if on is None else (*operands, on)


def _day_of(on: CoreExpression | None, new: tuple[CoreExpression, ...]) -> CoreExpression | None:
    return None if on is None else new[-1]


def with_operands(node: CoreExpression, new: tuple[CoreExpression, ...]) -> CoreExpression:
    """The node made of other expressions, which stand in the order of `operands`."""
    match node:
        case Constant() | Fact() | TermValue() | ChosenReading() | CauseMet() | ConditionMet():
            return node
        case And() | Or() | InSet() | Sum() | Least() | Greatest() | HowMany():
            return replace(node, operands=new)
        case Outer():
            return replace(node, operand=cast("Fact | TermValue", new[0]))
        case Not() | OverlapsSet() | Scale() | Absolute() | DatePart():
            return replace(node, operand=new[0])
        case InList():
            return replace(node, operands=new[: len(node.operands)], on=_day_of(node.on, new))
        case OverlapsList():
            return replace(node, operand=new[0], on=_day_of(node.on, new))
        case Compare() | Product() | Quotient():
            return replace(node, left=new[0], right=new[1])
        case Rounded():
            return replace(node, operand=new[0], step=new[1])
        case Lookup():
            return replace(node, keys=new[: len(node.keys)], on=_day_of(node.on, new))
        case If():
            return replace(node, test=new[0], then=new[1], otherwise=new[2])
        case Aggregate():
            rest = iter(new)
            body, where, otherwise = (
                None if p is None else next(rest) for p in (node.body, node.where, node.otherwise)
            )
            return replace(node, body=body, where=where, otherwise=otherwise)
        case ShiftDate():
            return replace(node, date=new[0], amount=new[1])
        case Between():
            return replace(node, start=new[0], end=new[1])
        case Within():
            return replace(node, operand=new[0], limits=new[1:])
        case Sharper():
            return replace(node, operand=cast("Reference", new[0]), told=new[1])
    assert_never(node)


def plain(node: CoreExpression) -> CoreExpression:
    """The expression without what only tells more of unknown facts: what it is worth where all are known."""
    while isinstance(node, Within | Sharper):
        node = node.operand
    return changed(node, plain)


def changed(node: CoreExpression, change: Callable[[CoreExpression], CoreExpression]) -> CoreExpression:
    """The node with its operands changed; itself, where that leaves each of them as it is."""
    return remade(node, tuple([change(operand) for operand in operands(node)]))


def remade(node: CoreExpression, new: tuple[CoreExpression, ...]) -> CoreExpression:
    """As `with_operands`; the node itself, where they are its own."""
    same = all(one is other for one, other in zip(operands(node), new, strict=True))
    return node if same else with_operands(node, new)
