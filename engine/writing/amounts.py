"""Units in headers and amounts in cells, as bureaus write them.

In: texts of cells.  Out: units and exact amounts, or Diagnostics at the cell.
A cell may hold a number with its unit behind it, or with the mark of a footnote; the number itself is read as in every
table (`policy.cells`). Imports policy (cells, marked), language and the ground floor.
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache

from engine.diagnostics import Reporter
from engine.language.units import (
    Dimension,
    Unit,
    all_words,
    declared_in,
    is_counted,
    is_of_amounts,
    parse_unit,
    word_unit,
)
from engine.policy.cells import NOTHING, is_error, is_formula, number_text, squeezed
from engine.policy.marked import is_sure, with_its_words
from engine.source import UnitWords
from engine.tree import Scalar

_FEN = Decimal("0.01")
_AMOUNT = re.compile(r"([-+]?[0-9][0-9,]*(?:\.[0-9]+)?)(.*)", re.DOTALL)
_RANGE = re.compile(r"[0-9.,]+(?:元)?(?:[-~—–至到]+)[0-9.,]+.*")
_MARKS = re.compile(r"[*※†‡①-⑳⑴-⒇❶-❿¹²³⁰-⁹▲△★☆]+")
_NOTES = re.compile(r"\[[0-9]{1,2}\]|\(注[0-9]{0,2}\)|\([0-9]{1,2}\)")
_BRACKETED = re.compile(r"\(([^()]*)\)")
TOTALS = re.compile(r"合计|总计|小计|平均|全市|备注|说明|注[:：]?")
"""words of rows that sum up or explain"""
_BRACKET_AT_END = re.compile(r"\([^()]*\)$")
_STATED = re.compile(r"单位\s*[::]?\s*(.+)")
YEAR = re.compile(r"[0-9]{2,4}年(?:度|[0-9]{1,2}月)?")


@cache
def _word(units: UnitWords) -> re.Pattern[str]:
    return re.compile("|".join(re.escape(word) for word in all_words(units)))


def _is_money(word: str, units: UnitWords) -> bool:
    unit = word_unit(word, units)
    return unit is not None and word != "分" and is_of_amounts(unit.dimension)


def bare(text: str) -> str:
    """A name or header without blanks and the marks of footnotes."""
    return _NOTES.sub("", squeezed(_MARKS.sub("", text)))


def unit_in(header: str, units: UnitWords = ()) -> str:
    """The unit that a header states, as `元/人/月`; "" where it states none.

    `月标准（元）` is 元/月: a bare money word goes with the only period that the header names.
    """
    text = bare(header)
    stated = _STATED.search(text)
    money = (one for one in _word(units).finditer(text) if _is_money(one[0], units))
    tails = [text[one.start() :] for one in money if text[one.end() :].startswith(("/", "每"))][:1]
    candidates = [*reversed(_BRACKETED.findall(text)), *([stated[1]] if stated else []), *tails]
    unit = next((unit for one in candidates if (unit := _unit(one, units))), "")
    return with_period(unit, text, units) if unit else ""


def with_period(unit: str, header: str, units: UnitWords = ()) -> str:
    """A bare money word with the period that a header names beside it: 元 of `年标准` is 元/年."""
    periods = set(re.findall("[年月]", YEAR.sub("", _BRACKETED.sub("", squeezed(header)))))
    return f"{unit}/{periods.pop()}" if _is_money(unit, units) and len(periods) == 1 else unit


def without_unit(header: str) -> str:
    """A header without what stands in brackets at its end."""
    return _BRACKET_AT_END.sub("", bare(header))


def is_nothing(cell: Scalar) -> bool:
    """Whether a cell is empty or marked as having no value."""
    return squeezed(cell.text) in ("", *NOTHING)


def states_unit_only(text: str) -> bool:
    """Whether a cell is the line `单位：元/人·月` over a table."""
    return _STATED.search(squeezed(text)) is not None


def _unit(text: str, units: UnitWords) -> str:
    """`元/人·月`, `元/人月`, `元每人每月` and the like with a stroke before each lower word; "" where it is no unit."""
    text = squeezed(text).removeprefix("单位").lstrip(":")
    pattern = _word(units)
    if pattern.sub("", text).strip("/·.,、每") or not pattern.search(text):
        return ""
    words = pattern.findall(text)
    above = words[0] if _is_money(words[0], units) or len(words) == 1 else ""
    return "/".join([above, *words[1:]]) if above else ""


def fitting_unit(text: str, wanted: Unit) -> tuple[str, bool]:
    """The unit in the dimension wanted, and whether it was completed: 元/月 of a standard per person is 元/人/月.

    "" where it does not fit. Only a single counting word below may be left out, for no other reading is left then.
    """
    unit = parse_unit(text, declared_in(wanted.dimension))
    if unit is None:
        return "", False
    if unit.dimension == wanted.dimension:
        return text, False
    for word in (base for base, power in wanted.dimension.powers if is_counted(base) and power == -1):
        if unit.dimension / Dimension.of(word) == wanted.dimension:
            above, stroke, rest = text.partition("/")
            return f"{above}/{word}{stroke}{rest}", True
    return "", False


def shown_unit(unit: str) -> str:
    """As notices print it: `元/人·月`."""
    above, _, below = unit.partition("/")
    return f"{above}/{below.replace('/', '·')}" if below else above


def is_amount(cell: Scalar, units: UnitWords = ()) -> bool:
    """Whether a cell holds a number, with or without a unit behind it, or would if its formula held."""
    if is_formula(cell.text) or is_error(cell.text):
        return True
    found = _AMOUNT.fullmatch(squeezed(_MARKS.sub("", cell.text)))
    return found is not None and (not found[2] or bool(_unit(found[2].lstrip("/"), units)))


def read_amount(cell: Scalar, unit: str, report: Reporter, units: UnitWords = ()) -> str | None:
    """The amount as plain digits, "" where nothing was published, None after a fault.

    A number format may add the unit that the header states, as if it were typed; nothing else that changes the number.
    """
    worded = with_its_words(cell)
    if worded is not None:
        amount = read_amount(worded, unit, Reporter(), units)
        if amount and Decimal(amount) == Decimal(number_text(cell.text) or 0):
            return amount
    text = squeezed(cell.text)
    if text in ("", *NOTHING):
        return ""
    found = _AMOUNT.fullmatch(squeezed(_MARKS.sub("", cell.text)))
    digits = None if found is None else number_text(found[1])
    own = "" if found is None else found[2].lstrip("/")
    if not is_sure(cell, report):
        return None
    if own and _unit(own, units) and not _agrees(own, unit, units):
        report.tell("cell-unit", cell.span, text=cell.text, unit=shown_unit(unit))
        return None
    if _RANGE.fullmatch(text):
        code = "cell-range"
    elif digits is None or digits.startswith("-") or (own and not _unit(own, units)):
        code = "cell-amount"
    elif Decimal(digits) >= 10**10 or Decimal(digits) != Decimal(digits).quantize(_FEN):
        code = "cell-not-cents"
    elif Decimal(digits) == 0:
        code = "cell-zero"
    else:
        return f"{Decimal(digits).quantize(_FEN):f}".removesuffix(".00")
    report.tell(code, cell.span, text=cell.text)
    return None


def value_text(cell: Scalar, unit: str, units: UnitWords = ()) -> str:
    """A value as the tables of policies have it: plain digits, behind them a unit that is not the column's `unit`.

    What is no number stays as it is; the policy's own check says what is wrong with it.
    """
    found = _AMOUNT.fullmatch(squeezed(_MARKS.sub("", cell.text)))
    digits = None if found is None else number_text(found[1])
    if found is None or digits is None:
        return cell.text
    own = found[2].lstrip("/")
    if not own or own == "%":
        return digits + own
    said = _unit(own, units)
    if not said:
        return cell.text
    return digits if unit and _agrees(own, unit, units) else f"{digits} {said}"


def _agrees(own: str, unit: str, units: UnitWords) -> bool:
    """Whether the unit behind a number is the column's, or the money word alone that it begins with."""
    said = _unit(own, units)
    first, second = parse_unit(said, units), parse_unit(unit, units)
    return said == unit.partition("/")[0] or (first is not None and first == second) or _completed(said, unit, units)


def _completed(said: str, unit: str, units: UnitWords) -> bool:
    wanted = parse_unit(unit, units)
    return wanted is not None and parse_unit(fitting_unit(said, wanted)[0] or "-", units) == wanted
