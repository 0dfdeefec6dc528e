"""Faults of a table told at its cells, in the words of a page.

In: diagnostics, and the table that they are about.  Out: `Told`, each with row, column and what the cell holds.
What a command line would advise is said as the page has it. Imports policy and the ground floor.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

from engine.diagnostics import Diagnostic, Severity
from engine.policy.table_file import Grid
from engine.policy.workbook_sheet import letters
from engine.records import dataclass
from engine.say import Say

_OPTION: Final = re.compile(r"--[a-z]+|doudi ")
_ADVICE: Final[Mapping[str, tuple[str, str]]] = {
    "cell-far": (
        "核对小数点、单位和上标的注号；核对过确实如此的，勾选“相差好几倍的数值已经核对过”",
        "check the point, the unit and a raised footnote mark; where it is so indeed, tick “checked”",
    ),
    "cell-far-before": (
        "核对小数点和单位，是不是年和月弄混了；核对过确实如此的，勾选“相差好几倍的数值已经核对过”",
        "check the point and the unit, and whether a year was taken for a month; where it is so indeed, tick “checked”",
    ),
    "places-without-row": (
        "它们从施行之日起没有标准；只调整部分县（市、区）的，勾选“只调整表里的县（市、区）”",
        "they have no value from that day on; where only some counties change, tick “only these counties change”",
    ),
    "column-lacks-unit": (
        "在表头的括号里写明；或在上面选“没有写单位的列的单位”",
        "say it in brackets in the header; or choose the unit of columns that state none above",
    ),
    "column-not-known": (
        "在“表头里的词”里写明哪一列是哪一类，再读一次",
        "say under “words of the headers” which column is of which kind, and read it again",
    ),
}
"""what to do on a page, for faults whose help names options of the command"""


@dataclass(frozen=True, slots=True)
class Told:
    """
    Attributes:
        row: from 1, as the table numbers its rows; 0 for a fault of the table as a whole.
        column: its letters, "" likewise.
        held: what the cell holds.
    """

    code: str
    is_error: bool
    row: int
    column: str
    held: str
    message: str
    help: tuple[str, ...]

    @property
    def place(self) -> str:
        return f"{self.column}{self.row}" if self.row else ""


def told(found: Iterable[Diagnostic], grid: Grid | None, say: Say) -> tuple[Told, ...]:
    known = {
        (id(cell.span.source), cell.span.start): (cell.span.line, letters(at), cell.text)
        for row in (() if grid is None else grid.rows)
        for at, cell in enumerate(row)
    }
    return tuple(_told(one, known, say) for one in found)


def _told(one: Diagnostic, known: Mapping[tuple[int, int], tuple[int, str, str]], say: Say) -> Told:
    at = None if one.span is None else known.get((id(one.span.source), one.span.start))
    row, column, held = at or (0, "", "")
    advice = _ADVICE.get(one.code)
    lines = (say(*advice),) if advice else tuple(_without_options(one.help_lines(say.language)))
    return Told(one.code, one.severity is Severity.ERROR, row, column, held, one.message(say.language), lines)


def _without_options(lines: Iterable[str]) -> Iterable[str]:
    """Help as far as it does not speak of the command."""
    for line in lines:
        parts = re.split("(?<=[；;])", line)
        kept = "".join(part for part in parts if not _OPTION.search(part)).rstrip("；; ")
        if kept:
            yield kept
