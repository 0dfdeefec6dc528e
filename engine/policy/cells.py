"""What the cells of tables say, however Excel, WPS and bureaus write it: numbers, days, truths, and what is none.

In: texts of cells.  Out: the same in plain form (`1235.10`, `2023-08-01`), or nothing where it is none.
`new values`, the tables of policies and the tables of cases all read their cells here. Nothing is guessed: a text that
could be two things is none. Imports language (fold) only.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from decimal import ROUND_HALF_EVEN, Context, Decimal
from typing import Final

from engine.diagnostics import Reporter
from engine.language.words import fold
from engine.tree import Scalar

NOTHING: Final = ("-", "--", "—", "——", "–", "/", "*", "无", "未公布", "暂无")
"""how bureaus fill a cell that has no value"""

_NEAR = Decimal("1e-8")
"""a millionth of a fen, in yuan"""
_FEN = Decimal("0.01")
_DOUBLE = Context(prec=15, rounding=ROUND_HALF_EVEN)
"""digits that a double surely keeps"""
_TYPED_DIGITS = 12
_NUMBER = r"[-+]?[0-9]+(?:\.[0-9]*)?|[-+]?[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]*)?"
_PLAIN = re.compile(r"-?[0-9]{1,10}(?:\.[0-9]{1,6})?")
_DAY = r"([0-9]{4})(?:-([0-9]{1,2})-([0-9]{1,2})|/([0-9]{1,2})/([0-9]{1,2})|年([0-9]{1,2})月([0-9]{1,2})日)"
_MIDNIGHT = r"[ T]+0?0:00(:00(\.0+)?)?$"
_ERROR = re.compile(r"#(?:N/A|REF!|VALUE!|DIV/0!|NAME\?|NUM!|NULL!|SPILL!|CALC!|GETTING_DATA)", re.IGNORECASE)
_APOSTROPHES = {*"'’‘＇"}
HIDDEN = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff"))


def squeezed(text: str) -> str:
    """Folded to ASCII signs, all blanks taken out."""
    return re.sub(r"\s+", "", fold(text.translate(HIDDEN)))


def tidy(text: str) -> str:
    """Without the apostrophe that keeps a number text in a spreadsheet, or the `="…"` that does in a CSV."""
    text = text.translate(HIDDEN).strip()
    kept = re.fullmatch(r'="([^"]*)"', text)
    return kept[1] if kept else text[1:] if text[:1] in _APOSTROPHES and re.match("[0-9０-９]", text[1:]) else text


def is_formula(text: str) -> bool:
    """Whether a cell holds a formula: the file did not keep what it comes to."""
    return text.startswith("=") and tidy(text) == text


def is_error(text: str) -> bool:
    """Whether a cell holds what Excel shows for a formula that failed (`#N/A`)."""
    return _ERROR.fullmatch(text.strip()) is not None


def is_usable(cell: Scalar, report: Reporter) -> bool:
    """Report a cell that holds no value though it should: a formula that failed, or whose result was not kept."""
    if is_formula(cell.text):
        report.tell("cell-formula", cell.span)
    elif is_error(cell.text):
        report.tell("cell-error", cell.span, text=cell.text)
    else:
        return True
    return False


def plain_cell(cell: Scalar) -> Scalar:
    """The cell of a policy's own table: its number in plain digits, empty where it is marked as having none."""
    text = tidy(cell.text)
    if squeezed(text) in NOTHING:
        return replace(cell, text="")
    return replace(cell, text=text if _PLAIN.fullmatch(text) else number_text(text) or text)


def number_text(text: str) -> str | None:
    """A number in plain digits; None for what is none.

    Wide digits and separators of thousands are read. What Excel's doubles leave is taken off: 1235.1000000000001 is the
    fen that it is within a millionth of, 0.12300000000000001 what its first fifteen digits are. Others stay.
    """
    plain = squeezed(tidy(text))
    if not re.fullmatch(_NUMBER, plain) or len(plain) > 40:
        return None
    number = Decimal(plain.replace(",", ""))
    if abs(number) >= 10**10:
        return f"{number:f}"
    fen = number.quantize(_FEN)
    if number != fen and abs(number - fen) <= _NEAR:
        number = fen
    elif len(number.as_tuple().digits) > _DOUBLE.prec:
        near = _DOUBLE.plus(number).normalize()
        number = near if len(near.as_tuple().digits) <= _TYPED_DIGITS else number
    digits = f"{number:f}"
    return digits.rstrip("0").rstrip(".") if number == fen and "." in digits else digits


def percent_text(text: str) -> str | None:
    """`60%` as 0.6; None for what is no percentage."""
    plain = squeezed(tidy(text))
    number = number_text(plain[:-1]) if plain.endswith("%") else None
    return None if number is None else f"{(Decimal(number) / 100).normalize():f}"


def day_text(text: str) -> str | None:
    """`2023/8/1`, `2023-8-1` and `2023年8月1日` as 2023-08-01; None for what is no day, or names no whole one."""
    found = re.fullmatch(_DAY, squeezed(re.sub(_MIDNIGHT, "", tidy(text))))
    if found is None:
        return None
    year, month, day = (int(part) for part in found.groups() if part is not None)
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None
