"""Figures in words and in rules: `36个月`, `十万元`, `七十周岁` beside the constants and parameters that a rule reads.

In: a label, or a core expression and the rules it stands in.  Out: `Figure`s that can be compared.
Imports checked, model, language and the ground floor.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import field
from decimal import Decimal
from fractions import Fraction
from typing import Literal, TypeAlias

from engine.language import core
from engine.language.core import CoreExpression
from engine.language.references import core_walk
from engine.language.types import Quantity
from engine.language.units import AREA, DAY, MONEY, MONTH, NUMBER, Unit, natural_unit, parse_unit, show_unit
from engine.policy.checked import Rules
from engine.policy.model import Fact, Parameter
from engine.records import dataclass

Kind: TypeAlias = Literal["money", "area", "time", "days", "ratio"]


@dataclass(frozen=True, slots=True)
class Figure:
    """`value` counts 分, 平方米, 月, 天 or ones; `text` is what was written."""

    kind: Kind
    value: Fraction
    text: str = field(compare=False)


@dataclass(slots=True)
class Read:
    """What a rule reads, through its steps: written figures, parameters, and the times that facts cover."""

    constants: set[Figure] = field(default_factory=set)
    parameters: dict[str, None] = field(default_factory=dict)
    facts: dict[tuple[str, str], None] = field(default_factory=dict)

    def take(self, other: Read) -> None:
        self.constants |= other.constants
        self.parameters |= other.parameters
        self.facts |= other.facts


class Reads:
    """What the expressions of some rules read, each step looked into once."""

    def __init__(self, rules: Rules) -> None:
        self._terms: dict[tuple[str, str], Read] = {}
        for key, term in rules.terms.items():  # each after those that it reads
            self._terms[key] = self.of(term.core)

    def of(self, expression: CoreExpression) -> Read:
        found = Read()
        for node in core_walk(expression):
            match node:
                case core.Constant(type=Quantity(unit=unit), value=int() | Fraction() as value):
                    kind = kind_of(unit)
                    if kind is not None and value != 0:
                        found.constants.add(Figure(kind, Fraction(value) * unit.factor, shown(value, unit)))
                case core.Lookup(parameter=parameter):
                    found.parameters[parameter] = None
                case core.Fact(collection=collection, id=fact):
                    found.facts[collection, fact] = None
                case core.TermValue(collection=collection, id=name):
                    found.take(self._terms.get((collection, name), Read()))
                case _:
                    pass
        return found


def kind_of(unit: Unit) -> Kind | None:
    """What a figure of the unit speaks of, leaving out per whom and per when."""
    dimension = unit.dimension
    if dimension == NUMBER:
        return "ratio"
    kinds: tuple[tuple[str, Kind], ...] = ((MONEY, "money"), (AREA, "area"), (MONTH, "time"), (DAY, "days"))
    return next((kind for base, kind in kinds if dimension.power(base) > 0), None)


def figures_of(parameter: Parameter) -> set[Figure]:
    """Every value that a parameter has anywhere, at any time."""
    if not isinstance(parameter.type, Quantity):
        return set()
    unit, kind = parameter.type.unit, kind_of(parameter.type.unit)
    cells = [cell for block in parameter.blocks for cell in block.cells.values()]
    return {Figure(kind, Fraction(cell.number) * unit.factor, cell.text) for cell in cells} if kind else set()


def time_covered(fact: Fact) -> Figure | None:
    """The time that a fact is over: of `元/12 月`, 12 months."""
    over = fact.unit_text.rpartition("/")[2]
    return next((figure for figure in figures_in(over) if figure.kind in ("time", "days")), None)


# ---- in words

_DIGITS = {
    char: value
    for value, chars in enumerate(("零〇", "一壹", "二两兩", "三", "四", "五", "六", "七", "八", "九"))
    for char in chars
}
_TENS = {"十": 10, "百": 100, "千": 1000}
_MYRIADS = {"万": 10_000, "萬": 10_000, "亿": 100_000_000, "億": 100_000_000}
_NUMERALS = "".join((*_DIGITS, *_TENS, *_MYRIADS))
_UNITS: dict[str, str] = {
    **dict.fromkeys(("万元", "萬元"), "万元"),
    "元": "元",
    **dict.fromkeys(("个月", "個月", "月"), "月"),
    **dict.fromkeys(("周岁", "週歲", "周歲", "岁", "歲"), "岁"),
    "学年": "学年",
    "學年": "学年",
    "年": "年",
    **dict.fromkeys(("天", "日"), "天"),
    **dict.fromkeys(("周年", "週年"), "年"),
    **dict.fromkeys(("周", "週", "个星期", "個星期"), "周"),
    "平方米": "平方米",
    "平米": "平方米",
    "%": "%",
    "倍": "",
}
_UNIT_WORDS = "|".join(sorted(_UNITS, key=len, reverse=True))
_FIGURE = re.compile(
    # INVARIANT: every run is bounded, so that a text of numerals alone is read in one go
    rf"(?<![0-9.{_NUMERALS}])(?:百分之(?P<percent>[{_NUMERALS}]{{1,9}})"
    rf"|(?P<number>[0-9]{{1,12}}(?:\.[0-9]{{1,6}})?|[{_NUMERALS}]{{1,12}})\s?(?P<unit>{_UNIT_WORDS}))"
)
_DATED = re.compile(r"\s*[0-9]|[份底初号]")


def figures_in(text: str) -> Iterator[Figure]:
    """The amounts that a text states; years and days of the calendar, and ordinals, are none."""
    # full-width digits count; every character stays one
    plain = "".join(char if len(folded := unicodedata.normalize("NFKC", char)) != 1 else folded for char in text)
    for found in _FIGURE.finditer(plain):
        unit = parse_unit("%" if found["percent"] else _UNITS[found["unit"]])
        number = _number(found["percent"] or found["number"])
        assert unit is not None
        kind = kind_of(unit)
        if kind is not None and number is not None and not _of_calendar(found):
            yield Figure(kind, number * unit.factor, found[0])


def _of_calendar(found: re.Match[str]) -> bool:
    """`2022年`, `二〇二二年`, `12月31日`, `1月份`, `第3年`."""
    unit, number = found["unit"], found["number"] or ""
    before = found.string[max(0, found.start() - 2) : found.start()].rstrip()[-1:]
    if before and before in "第年月":
        return True
    return unit in ("月", "年") and (_DATED.match(found.string, found.end()) is not None or len(number) == 4)


def _number(text: str) -> Fraction | None:
    """The value of an Arabic or a Chinese number; None for a row of signs that is none."""
    if text[0].isascii():
        return Fraction(Decimal(text))
    if len(text) > 1 and all(char in _DIGITS for char in text):
        return Fraction(int("".join(str(_DIGITS[char]) for char in text)))
    total, section, digit = 0, 0, -1
    for char in text:
        if char in _DIGITS:
            digit = _DIGITS[char]
        elif char in _TENS:
            section += (1 if digit < 0 else digit) * _TENS[char]
            digit = -1
        else:
            section += max(digit, 0)
            if total + section == 0:
                return None
            total, section, digit = (total + section) * _MYRIADS[char], 0, -1
    return Fraction(total + section + max(digit, 0))


def shown(value: int | Fraction, unit: Unit) -> str:
    """A number in the unit that people name it by: `10 万元` as `100000 元`, `840 月` as `70 年`."""
    named = natural_unit(unit.dimension)
    exact = Fraction(value) * unit.factor / named.factor
    if unit.dimension.powers == ((MONTH, 1),) and exact and exact % 12 == 0:
        return f"{exact / 12} 年"
    digits = str(Decimal(exact.numerator) / exact.denominator) if _ends(exact) else str(exact)
    return f"{digits} {show_unit(named)}".strip()


def _ends(value: Fraction) -> bool:
    """Whether it can be written out with a few decimals."""
    return (value * 10_000).denominator == 1
