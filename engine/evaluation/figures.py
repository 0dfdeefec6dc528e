"""In which unit a value is shown, and as what text.

In: a core expression, or a value with the unit that it counts.  Out: the unit's text, and numbers as decimal text.
Rounding here is for reading only; the exact value always stands beside it. Imports policy and language.
"""

from __future__ import annotations

from dataclasses import field
from datetime import date
from fractions import Fraction
from math import gcd
from typing import Any, Final, TypeAlias

from engine.evaluation.facts import written_steps
from engine.language import core
from engine.language.core import CoreExpression
from engine.language.types import Quantity
from engine.language.units import DAYS, NUMBER, ONE, PERCENT, TIME, Unit, declared_in, parse_unit, show_unit
from engine.language.values import Interval, Number, Value, is_known
from engine.policy.checked import Rules
from engine.policy.extent import customary_unit, written_unit
from engine.policy.model import Elements, Fact, Parameter
from engine.records import dataclass


@dataclass(frozen=True, slots=True)
class Measure:
    """How values of an expression are shown.

    Attributes:
        counted: the unit that they count; None for what is no quantity.
        text: the unit that they are shown in.
        factor: how many of that unit one count is; `ratio` is that above and below its line.
    """

    counted: Unit | None
    text: str
    factor: Fraction
    ratio: tuple[int, int] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "ratio", self.factor.as_integer_ratio())


_Written: TypeAlias = tuple[str, Unit]
NO_MEASURE = Measure(None, "", Fraction(1))


def measure_of(parameter: Parameter) -> Measure:
    """Values of a parameter count its core unit; they are shown in the unit that its author wrote."""
    if not isinstance(parameter.type, Quantity):
        return NO_MEASURE
    written = written_unit(parameter.unit_text, parameter.type.unit)
    return Measure(parameter.type.unit, parameter.unit_text, parameter.type.unit.factor / written.factor)


class Measures:
    """How values of expressions are shown: in the unit that their authors wrote for what they are made of."""

    def __init__(self, rules: Rules, elements: Elements) -> None:
        self._elements = elements
        self._terms: dict[tuple[str, str], _Written | None] = {}
        # each term stands after those that it reads, so that no chain of terms is too long
        for key, term in rules.terms.items():
            text = term.declared.unit_text
            asked = _parsed(text, term.core)
            self._terms[key] = (text, asked) if text and asked is not None else self._written(term.core)

    def measure(self, node: CoreExpression, text: str = "") -> Measure:
        """How the expression's values are shown.

        Args:
            text: the unit that was asked for, where there is one.
        """
        if not isinstance(node.type, Quantity):
            return NO_MEASURE
        unit = node.type.unit
        asked = _parsed(text, node) if text else None
        found = (text, asked) if asked is not None else self._written(node)
        if found is None or found[1].dimension != unit.dimension:
            customary = customary_unit(unit)
            found = show_unit(customary), customary
        return Measure(unit, found[0], unit.factor / found[1].factor)

    def _written(self, node: CoreExpression) -> _Written | None:
        """The unit's text as written, and the unit; None where nothing that the value is made of has one."""
        elements = self._elements
        match node:
            case core.Fact(type=Quantity(unit=unit)):
                fact = elements.fact(node.collection, node.id)
                return fact.unit_text, Unit(unit.dimension, unit.factor * written_steps(fact))
            case core.TermValue():
                return self._terms.get((node.collection, node.id))
            case core.Lookup(marginal=True):
                # a share of an amount is told as the amount is
                rate = elements.parameters[node.parameter].type
                return self._written(node.keys[-1]) if isinstance(rate, Quantity) and rate.unit == ONE else None
            case core.Lookup(type=Quantity(unit=unit)):
                text = elements.parameters[node.parameter].unit_text
                asked = written_unit(text, unit)
                return (text or show_unit(asked)), asked
            case core.Constant() if _is_number(node):
                # `0.25` counts hundredths as `25%` does: which was written, the text says
                return ("%", PERCENT) if node.span.text.rstrip().endswith(("%", "％")) else None
            case core.Constant(type=Quantity(unit=unit)):
                return (show_unit(unit), unit) if _parsed(show_unit(unit), node) == unit else None
            case core.Outer() | core.Scale() | core.Absolute() | core.Rounded():
                return self._written(node.operand)
            case core.Product(left=one, right=other):
                # a share of an amount is told as the amount is
                if _is_number(one):
                    return None if _is_number(other) else self._written(other)
                return self._written(one) if _is_number(other) else self._over(one, other)
            case core.Quotient(left=amount, right=divisor):
                return self._written(amount) if _is_number(divisor) and not _is_number(amount) else None
            case core.Sum() | core.Least() | core.Greatest():
                named = [operand for operand in node.operands if not isinstance(operand, core.Constant)]
                return self._written((named or node.operands)[0]) if node.operands else None
            case core.If():
                return self._written(node.otherwise if isinstance(node.then, core.Constant) else node.then)
            case core.Aggregate(kind="sum" | "max" | "min", body=body) if body is not None:
                return self._written(body)
            case _:
                return None

    def _over(self, amount: CoreExpression, rate: CoreExpression) -> _Written | None:
        """An amount over a time that is written out: `1000 元/12 月`, which is 1000 元 times 1 in 12 months."""
        written = self._written(amount)
        if written is None or not isinstance(rate, core.Constant) or not isinstance(rate.type, Quantity):
            return None
        (text, unit), over = written, rate.type.unit
        times = 1 / over.factor
        if over.dimension not in (NUMBER / TIME, NUMBER / DAYS) or rate.value != 1 or times.denominator != 1:
            return None
        if over.dimension == NUMBER / TIME:
            return f"{text}/{times} 月", unit * over
        return f"{text}/{times / 7} 周" if times % 7 == 0 else f"{text}/{times} 天", unit * over


def _parsed(text: str, node: CoreExpression) -> Unit | None:
    known = declared_in(node.type.unit.dimension) if isinstance(node.type, Quantity) else ()
    return parse_unit(text, known)


def _is_number(node: CoreExpression) -> bool:
    return isinstance(node.type, Quantity) and node.type.unit.dimension == NUMBER


def texts_of(value: Value, measured: Measure) -> tuple[str | None, str | None]:
    """In the unit shown: rounded half away from zero to two places, and exact, as `760` or `1100891/3000`. A date or
    option as it is, twice; nothing where it is not known."""
    kind = type(value)
    if kind is int or kind is Fraction:
        point: Any = value
        above, below = measured.ratio
        above, below = above * point.numerator, below * point.denominator
        whole, rest = divmod(above, below)
        if not rest:
            return f"{whole}.00", f"{whole}"
        common = gcd(rest, below)
        return ratio_text(above, below), f"{above // common}/{below // common}"
    if not is_known(value) or isinstance(value, Interval):
        return None, None
    text = _plain_text(value)
    return text, text


def decimal_text(value: Value, measured: Measure) -> str | None:
    """The rounded one of these alone."""
    if type(value) is int or type(value) is Fraction:
        return ratio_text(*_scaled(value, measured))
    return texts_of(value, measured)[0]


def _plain_text(value: Value) -> str:
    if isinstance(value, frozenset):
        return "、".join(sorted(value))
    return value.isoformat() if isinstance(value, date) else str(value)


def bounds_text(value: Value, measured: Measure) -> dict[str, object]:
    """`low` and `high` of what is not known, in the unit shown and rounded outwards; None for no end. Nothing of what
    is known, or has no ends."""
    if not isinstance(value, Interval):
        return {}
    return {"low": _end_text(value.low, measured, up=False), "high": _end_text(value.high, measured, up=True)}


def _end_text(end: Number | date | None, measured: Measure, *, up: bool) -> str | None:
    if end is None or isinstance(end, date):
        return None if end is None else end.isoformat()
    return _cents_text(end_cents(end, measured, up=up))


def cents(value: Number, measured: Measure) -> int:
    """In hundredths of the unit shown, rounded half away from zero: what `texts_of` writes as text."""
    return _nearest_cents(*_scaled(value, measured))


def end_cents(end: Number, measured: Measure, *, up: bool) -> int:
    """An end of what is not known, likewise, rounded outwards: what `bounds_text` writes as text."""
    above, below = _scaled(end, measured)
    return -(-100 * above // below) if up else 100 * above // below


def _nearest_cents(above: int, below: int) -> int:
    size = (200 * abs(above) + below) // (2 * below)
    return -size if above < 0 else size


def ratio_text(above: int, below: int) -> str:
    """A quotient, rounded half away from zero to two places."""
    if above < 0:
        return _cents_text(_nearest_cents(above, below))
    whole, cents = divmod((200 * above + below) // (2 * below), 100)  # at once, for it is asked of every figure
    return f"{whole}.{_CENTS[cents]}"


_CENTS: Final = tuple(f"{cents:02}" for cents in range(100))


def _cents_text(cents: int) -> str:
    if cents < 0:
        return f"-{-cents // 100}.{-cents % 100:02}"
    return f"{cents // 100}.{cents % 100:02}"


def _scaled(value: Number, measured: Measure) -> tuple[int, int]:
    """In the unit shown, above and below its line, not reduced: it is made for every figure."""
    above, below = measured.ratio
    if type(value) is int:
        return value * above, below
    return value.numerator * above, value.denominator * below


def plain_number(value: Number) -> int | str:
    """A number as the household's JSON would write it: whole, or as decimal text with two to six places."""
    exact = Fraction(value)
    if exact.denominator == 1:
        return int(exact)
    for places in range(2, 7):
        if (exact * 10**places).denominator == 1:
            count = int(abs(exact) * 10**places)
            return f"{'-' if exact < 0 else ''}{count // 10**places}.{count % 10**places:0{places}}"
    return str(exact)


def default_as_json(fact: Fact) -> object:
    """The default as the household's JSON would have it."""
    default = fact.default
    if isinstance(fact.type, Quantity) and isinstance(default, int | Fraction):
        return plain_number(Fraction(default) / written_steps(fact))
    if isinstance(default, frozenset):
        return sorted(default)
    return default if isinstance(default, bool | str) else str(default)
