"""Typed fields of a policy file: flags, dates, ids, units, amounts, expressions.

In: trees whose structure the JSON Schema describes (a misshapen field was reported there and reads as absent here).
Out: values with their places, or Diagnostics for what a schema cannot say.
Imports language (parser, units, types), the tree and the ground floor.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction

from engine.diagnostics import Reporter
from engine.fixes import PLAIN_FORMS
from engine.language.ast import Expression
from engine.language.parser import parse_expression
from engine.language.unit_faults import months_and_days, reworded
from engine.language.units import (
    AREA,
    DAY,
    MONTH,
    NUMBER,
    Unit,
    core_unit,
    decimals_of,
    declared_in,
    is_counted,
    listed,
    meant_unit,
    parse_unit,
    show_unit,
)
from engine.language.values import number
from engine.policy.extent import MOST_DIGITS, customary_unit
from engine.source import Span
from engine.tree import Mapping, Scalar, Sequence, Tree

_TRUE, _FALSE = ("yes", "true", "是"), ("no", "false", "否")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_AMOUNT = re.compile(r"(-?(?:0|[1-9][0-9]{0,14})(?:\.[0-9]{1,6})?)(?: ?(?![eE][-+0-9])((?:[^\W\d_]|%).*))?", re.DOTALL)
_NAME = re.compile(r"[^\W\d]\w*")


class Fields:
    """The entries of one mapping, read by key; a key that is absent or misshapen reads as nothing."""

    def __init__(self, tree: Tree | None, report: Reporter) -> None:
        self.tree = tree if isinstance(tree, Mapping) else None
        self.report = report

    def __contains__(self, key: str) -> bool:
        return self.tree is not None and self.tree.get(key) is not None

    def get(self, key: str) -> Tree | None:
        return None if self.tree is None else self.tree.get(key)

    def scalar(self, key: str) -> Scalar | None:
        value = self.get(key)
        return value if isinstance(value, Scalar) else None

    def key(self, key: str) -> Scalar | None:
        """The key itself, as it stands in the file."""
        return None if self.tree is None else self.tree.key(key)

    def text(self, key: str, default: str = "") -> str:
        value = self.scalar(key)
        return default if value is None else value.text.strip()

    def flag(self, key: str) -> bool:
        return self.text(key) in _TRUE

    def fields(self, key: str) -> Fields:
        return Fields(self.get(key), self.report)

    def entries(self, key: str) -> Iterator[tuple[Scalar, Tree]]:
        """The entries of the mapping under a key."""
        value = self.get(key)
        if isinstance(value, Mapping):
            yield from value.entries

    def items(self, key: str) -> tuple[Tree, ...]:
        """The items of the sequence under a key; a single thing counts as a sequence of one."""
        value = self.get(key)
        if value is None:
            return ()
        return value.items if isinstance(value, Sequence) else (value,)

    def day(self, key: str) -> date | None:
        value = self.scalar(key)
        return None if value is None else read_day(value, self.report)

    def expression(self, key: str) -> Expression | None:
        value = self.get(key)
        return read_expression(value, self.report)

    def unit(self, key: str) -> Unit | None:
        value = self.scalar(key)
        return None if value is None else read_unit(value, self.report)


def read_flag(text: str) -> bool | None:
    """A truth as a file writes it, or None."""
    return True if text in _TRUE else False if text in _FALSE else None


def read_day(value: Scalar, report: Reporter) -> date | None:
    try:
        if _DATE.fullmatch(value.text):
            return date.fromisoformat(value.text)
    except ValueError:
        pass
    report.tell("bad-day", value.span, text=value.text)
    return None


def read_unit(value: Scalar, report: Reporter) -> Unit | None:
    unit = parse_unit(value.text.strip(), value.span.source.units)
    if unit is None:
        _report_unit(value, value.text.strip(), report)
    return unit


def _report_unit(value: Scalar, unit: str, report: Reporter) -> None:
    parts, known = re.split(r"([/·])", unit.replace("/每", "/")), value.span.source.units
    meant = [word if word in "/·" or parse_unit(word, known) else meant_unit(word.strip(), known) for word in parts]
    whole = value.text.strip().removesuffix(unit) + "".join(meant) if all(meant) else ""
    report.tell("bad-unit", value.span, unit=unit, suggestion=whole, units="" if whole else listed(known))


def read_expression(value: Tree | None, report: Reporter) -> Expression | None:
    """Parse a scalar as an expression, straight from the file's text, so that places are exact."""
    if not isinstance(value, Scalar):
        return None
    if value.style == "folded":
        source = value.span.source
        sign = source.text.rindex(">", 0, source.offset(value.span.line, 1))
        report.tell("folded-expression", Span(source, sign, sign + 1))
        return None
    raw = value.span.text
    if (value.style == "double" and "\\" in raw) or (value.style == "single" and "''" in raw):
        report.tell("escaped-expression", value.span)
        return None
    return parse_expression(value.span, report)


def read_amount(
    value: Scalar, unit: Unit, report: Reporter, *, own: Unit | None = None, words: str = "", digits: int = MOST_DIGITS
) -> int | Fraction | None:
    """A value such as `36`, `36 月` or `5678 元/人/年`, as an exact number of `unit`.

    Args:
        own: the unit of a bare number, where it is not `unit`'s dimension in its plain words.
        words: the unit that is wanted, as it was declared.
        digits: the most before the point.
    """
    text = value.text.strip()
    match = _amount(text, digits)
    if match is None:
        plain = " ".join(text.translate(PLAIN_FORMS).split())
        plain = "" if plain == text or not _amount(plain, digits) else plain
        report.tell("bad-amount", value.span, text=text, plain=plain)
        return None
    given = own or customary_unit(unit)
    if match.group(2):
        words_known = value.span.source.units or declared_in(unit.dimension)
        parsed = parse_unit(match.group(2).strip(), words_known)
        if parsed is None:
            _report_unit(value, match.group(2).strip(), report)
            return None
        given = parsed
    if given.dimension != unit.dimension:
        report_value_unit(value, match.group(2).strip() if match.group(2) else "", unit, words, report)
        return None
    return number(Fraction(Decimal(match.group(1))) * given.factor / unit.factor)


def _amount(text: str, digits: int) -> re.Match[str] | None:
    match = _AMOUNT.fullmatch(text)
    return match if match is not None and len(match[1].lstrip("-").partition(".")[0]) <= digits else None


def report_value_unit(value: Scalar, given: str, unit: Unit, words: str, report: Reporter) -> None:
    """A value, or a unit alone, of another dimension than `unit`.

    Args:
        given: the unit as it stands there. words: the unit that is wanted, as it was declared.
    """
    text = value.text.strip()
    if unit.dimension == NUMBER:
        report.tell("unexpected-unit", value.span, text=text, unit=given)
        return
    wanted = words or unit_words(unit)
    meant = reworded(unit.dimension, wanted, given)
    known = (*value.span.source.units, *declared_in(unit.dimension))
    own = parse_unit(given, known)
    fits = parse_unit(meant, known) is not None and not (own and months_and_days(own.dimension / unit.dimension))
    written = f"{text.removesuffix(given)}{meant}" if fits else ""
    report.tell("value-unit", value.span, text=text, wanted=wanted, written=written)


def says_amount(text: str, unit: Unit) -> bool:
    """Whether a text is an amount in this dimension: a number alone, or with a unit of it."""
    match = _amount(text.strip(), MOST_DIGITS)
    if match is None:
        return False
    given = parse_unit(match[2].strip(), declared_in(unit.dimension)) if match[2] else unit
    return given is not None and given.dimension == unit.dimension


def unit_words(unit: Unit) -> str:
    return show_unit(customary_unit(unit)) or "1"


def customary_decimals(unit: Unit) -> int:
    """The digits after the point of a fact that declares none: 2 of money and areas, as many as a declared unit has, 4
    of a plain number."""
    if unit.dimension == NUMBER:
        return 4
    return 2 if unit.dimension.power(AREA) else decimals_of(unit.dimension)


def fact_unit(unit: Unit, over: Unit | None, decimals: int) -> Unit:
    """The unit that a fact's whole number counts.

    Args:
        unit: as declared. over: the time that the amount covers, if any. decimals: the digits after the point.
    """
    counted = Unit(unit.dimension, unit.factor / 10**decimals)
    return counted if over is None else counted / over


def parameter_unit(unit: Unit) -> tuple[Unit, bool]:
    """The unit that a parameter's values count, and whether they are whole counts."""
    dimension = unit.dimension
    powers = dimension.powers
    whole = len(powers) == 1 and powers[0][1] == 1 and (is_counted(powers[0][0]) or powers[0][0] in (MONTH, DAY))
    return core_unit(dimension), whole


def identifier(text: str) -> str:
    """The text where it can stand as a name in an expression, else ""."""
    return text if _NAME.fullmatch(text) else ""
