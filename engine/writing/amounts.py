"""Units in headers and amounts in cells, as bureaus write them.

In: texts of cells.  Out: units and exact amounts, or Diagnostics at the cell.
A cell may hold a number with its unit behind it, or with the mark of a footnote; the number itself is read as in every
table (`policy.cells`). Imports policy (cells, marked), language and the ground floor.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from engine.diagnostics import Reporter
from engine.language.units import COUNTING_WORDS, UNIT_WORDS, Dimension, Unit, parse_unit
from engine.policy.cells import NOTHING, is_error, is_formula, number_text, squeezed
from engine.policy.marked import is_sure, with_its_words
from engine.tree import Scalar

_FEN = Decimal("0.01")
_AMOUNT = re.compile(r"([-+]?[0-9][0-9,]*(?:\.[0-9]+)?)(.*)", re.DOTALL)
_RANGE = re.compile(r"[0-9.,]+(?:元)?(?:[-~—–至到]+)[0-9.,]+.*")
_MARKS = re.compile(r"[*※†‡①-⑳⑴-⒇❶-❿¹²³⁰-⁹▲△★☆]+")
_NOTES = re.compile(r"\[[0-9]{1,2}\]|\(注[0-9]{0,2}\)|\([0-9]{1,2}\)")
_WORD = re.compile("|".join(re.escape(word) for word in UNIT_WORDS))
_BRACKETED = re.compile(r"\(([^()]*)\)")
_STATED = re.compile(r"单位\s*[::]?\s*(.+)")
_YEAR = re.compile(r"[0-9]{2,4}年(?:度|[0-9]{1,2}月)?")


def bare(text: str) -> str:
    """A name or header without blanks and the marks of footnotes."""
    return _NOTES.sub("", squeezed(_MARKS.sub("", text)))


def unit_in(header: str) -> str:
    """The unit that a header states, as `元/人/月`; "" where it states none.

    `月标准（元）` is 元/月: a bare money word goes with the only period that the header names.
    """
    text = bare(header)
    stated = _STATED.search(text)
    tail = re.search(r"(?:万元|元)[/每].*$", text)
    candidates = [*reversed(_BRACKETED.findall(text)), *([stated[1]] if stated else []), *([tail[0]] if tail else [])]
    unit = next((unit for one in candidates if (unit := _unit(one))), "")
    return with_period(unit, text) if unit else ""


def with_period(unit: str, header: str) -> str:
    """A bare money word with the period that a header names beside it: 元 of `年标准` is 元/年."""
    periods = set(re.findall("[年月]", _YEAR.sub("", _BRACKETED.sub("", squeezed(header)))))
    return f"{unit}/{periods.pop()}" if unit in ("元", "万元") and len(periods) == 1 else unit


def states_unit_only(text: str) -> bool:
    """Whether a cell is the line `单位：元/人·月` over a table."""
    return _STATED.search(squeezed(text)) is not None


def _unit(text: str) -> str:
    """`元/人·月`, `元/人月`, `元每人每月` and the like with a stroke before each lower word; "" where it is no unit."""
    text = squeezed(text).removeprefix("单位").lstrip(":")
    if _WORD.sub("", text).strip("/·.,、每") or not _WORD.search(text):
        return ""
    words = _WORD.findall(text)
    above = words[0] if words[0] in ("元", "万元") or len(words) == 1 else ""
    return "/".join([above, *words[1:]]) if above else ""


def fitting_unit(text: str, wanted: Unit) -> tuple[str, bool]:
    """The unit in the dimension wanted, and whether it was completed: 元/月 of a standard per person is 元/人/月.

    "" where it does not fit. Only a single counting word below may be left out, for no other reading is left then.
    """
    unit = parse_unit(text)
    if unit is None:
        return "", False
    if unit.dimension == wanted.dimension:
        return text, False
    for word in _counted_below(wanted.dimension):
        if unit.dimension / Dimension.of(word) == wanted.dimension:
            above, stroke, rest = text.partition("/")
            return f"{above}/{word}{stroke}{rest}", True
    return "", False


def _counted_below(dimension: Dimension) -> Iterator[str]:
    return (base for base, power in dimension.powers if base in COUNTING_WORDS and power == -1)


def shown_unit(unit: str) -> str:
    """As notices print it: `元/人·月`."""
    above, _, below = unit.partition("/")
    return f"{above}/{below.replace('/', '·')}" if below else above


def is_amount(cell: Scalar) -> bool:
    """Whether a cell holds a number, with or without a unit behind it, or would if its formula held."""
    if is_formula(cell.text) or is_error(cell.text):
        return True
    found = _AMOUNT.fullmatch(squeezed(_MARKS.sub("", cell.text)))
    return found is not None and (not found[2] or bool(_unit(found[2].lstrip("/"))))


def read_amount(cell: Scalar, unit: str, report: Reporter) -> str | None:
    """The amount as plain digits, "" where nothing was published, None after a fault.

    A number format may add the unit that the header states, as if it were typed; nothing else that changes the number.
    """
    worded = with_its_words(cell)
    if worded is not None:
        amount = read_amount(worded, unit, Reporter())
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
    if own and _unit(own) and not _agrees(own, unit):
        report.tell("cell-unit", cell.span, text=cell.text, unit=shown_unit(unit))
        return None
    if _RANGE.fullmatch(text):
        code = "cell-range"
    elif digits is None or digits.startswith("-") or (own and not _unit(own)):
        code = "cell-amount"
    elif Decimal(digits) >= 10**10 or Decimal(digits) != Decimal(digits).quantize(_FEN):
        code = "cell-not-cents"
    elif Decimal(digits) == 0:
        code = "cell-zero"
    else:
        return f"{Decimal(digits).quantize(_FEN):f}".removesuffix(".00")
    report.tell(code, cell.span, text=cell.text)
    return None


def _agrees(own: str, unit: str) -> bool:
    """Whether the unit behind a number is the column's, or the money word alone that it begins with."""
    said = _unit(own)
    first, second = parse_unit(said), parse_unit(unit)
    return said == unit.partition("/")[0] or (first is not None and first == second) or _completed(said, unit)


def _completed(said: str, unit: str) -> bool:
    wanted = parse_unit(unit)
    return wanted is not None and parse_unit(fitting_unit(said, wanted)[0] or "-") == wanted
