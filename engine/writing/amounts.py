"""Units in headers and amounts in cells, as bureaus write them.

In: texts of cells.  Out: units and exact amounts, or Diagnostics at the cell.
A cell may hold a number or its text: full-width digits, thousands separators and a trailing 元 are read; what Excel's
doubles leave (1235.1000000000001) counts as the fen it is within a millionth of. Imports workbook, language, ground.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from engine.diagnostics import Reporter
from engine.language.units import COUNTING_WORDS, UNIT_WORDS, Dimension, Unit, parse_unit
from engine.language.words import fold
from engine.writing.workbook import GridCell, report_cell

_NEAR = Decimal("1e-8")
"""a millionth of a fen, in yuan"""
_FEN = Decimal("0.01")
_AMOUNT = re.compile(r"(-?[0-9]+(?:,[0-9]{3})*(?:\.[0-9]+)?)(.*)", re.DOTALL)
_NOTHING = ("", "-", "--", "—", "——", "–", "/", "无", "未公布", "暂无", "*")
_WORD = re.compile("|".join(re.escape(word) for word in UNIT_WORDS))
_BRACKETED = re.compile(r"\(([^()]*)\)")
_STATED = re.compile(r"单位\s*[::]?\s*(.+)")


def squeezed(text: str) -> str:
    """Folded to ASCII signs, all blanks taken out."""
    return re.sub(r"\s+", "", fold(text))


def unit_in(header: str) -> str:
    """The unit that a header states, as `元/人/月`; "" where it states none."""
    text = squeezed(header)
    stated = _STATED.search(text)
    tail = re.search(r"(?:万元|元)[/每].*$", text)
    candidates = [*reversed(_BRACKETED.findall(text)), *([stated[1]] if stated else []), *([tail[0]] if tail else [])]
    return next((unit for one in candidates if (unit := _unit(one))), "")


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


def is_amount(cell: GridCell) -> bool:
    """Whether a cell holds a number, with or without a unit behind it."""
    if cell.lost or cell.number is not None:
        return True
    found = _AMOUNT.fullmatch(squeezed(cell.text))
    return found is not None and (not found[2] or bool(_unit(found[2].lstrip("/"))))


def read_amount(cell: GridCell, unit: str, report: Reporter) -> str | None:
    """The amount as plain digits, "" where nothing was published, None after a fault."""
    if cell.lost:
        report_cell(report, "cell-formula", cell)
        return None
    text = squeezed(cell.text)
    if text in _NOTHING:
        return ""
    found = _AMOUNT.fullmatch(text)
    number = cell.number if cell.number is not None else None if found is None else Decimal(found[1].replace(",", ""))
    if number is None or not number.is_finite() or number < 0:
        report_cell(report, "cell-amount", cell, text=cell.text)
        return None
    own = "" if found is None or cell.number is not None else found[2].lstrip("/")
    if own and not _agrees(own, unit):
        code = "cell-unit" if _unit(own) else "cell-amount"
        report_cell(report, code, cell, text=cell.text, **({"unit": shown_unit(unit)} if code == "cell-unit" else {}))
        return None
    exact = number.quantize(_FEN) if number < 10**10 else number
    if abs(exact - number) > _NEAR or number >= 10**10:
        report_cell(report, "cell-not-cents", cell, text=cell.text)
        return None
    if exact == 0:
        report_cell(report, "cell-zero", cell, text=cell.text)
        return None
    plain = f"{exact:f}"
    return plain.removesuffix(".00")


def _agrees(own: str, unit: str) -> bool:
    """Whether the unit behind a number is the column's, or the money word alone that it begins with."""
    said = _unit(own)
    if not said:
        return False
    first, second = parse_unit(said), parse_unit(unit)
    return said == unit.partition("/")[0] or (first is not None and first == second) or _completed(said, unit)


def _completed(said: str, unit: str) -> bool:
    wanted = parse_unit(unit)
    return wanted is not None and parse_unit(fitting_unit(said, wanted)[0] or "-") == wanted
