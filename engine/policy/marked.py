"""Cells of a workbook that do not plainly say what they hold: struck out, with the number of a footnote, or shown as
another number than is stored.

In: cells as they are used.  Out: whether they can be taken, or Diagnostics that name what is stored and what is shown.
A cell that nobody uses may be as it likes. Imports cells, number_formats, the tree and the ground floor.
"""

from __future__ import annotations

from dataclasses import field
from decimal import ROUND_HALF_UP, Decimal

from engine.diagnostics import Reporter
from engine.policy.cells import day_text, is_usable, number_text
from engine.policy.number_formats import NumberFormat, reads_as
from engine.records import dataclass
from engine.tree import Scalar

_FEN = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Mark:
    """Attributes:
    struck, kept: whether the cell or a part of it is struck out; what of it is not.
    raised: a footnote's number, which stands in the text like any other.
    stored, format: of a number that may be shown as another.
    """

    struck: bool = False
    kept: str = ""
    raised: str = ""
    stored: str = ""
    format: NumberFormat | None = None

    def shown(self) -> str | None:
        """What the cell shows, where that is another number; None where it is the one that it holds."""
        return None if self.format is None else self.format.other_than_stored(self.stored)


@dataclass(frozen=True, slots=True)
class Marked(Scalar):
    mark: Mark = field(default=Mark(), compare=False, repr=False)


def stands(cell: Scalar, report: Reporter) -> bool:
    """Report a cell that is struck out; a header needs no more to be taken."""
    if not isinstance(cell, Marked) or not cell.mark.struck or not cell.text:
        return True
    report.tell("cell-struck", cell.span, text=cell.text, kept=cell.mark.kept)
    return False


def is_clear(cell: Scalar, report: Reporter) -> bool:
    """Report a cell that is struck out, holds a footnote's number, or shows another number than it holds."""
    if not isinstance(cell, Marked):
        return True
    if not stands(cell, report):
        return False
    mark = cell.mark
    stored = number_text(mark.stored) or mark.stored
    if mark.raised:
        report.tell("cell-raised", cell.span, text=cell.text, raised=mark.raised)
    elif (shown := mark.shown()) is None:
        return True
    elif day := day_text(cell.text):
        report.tell("cell-day", cell.span, stored=day, shown=shown)
    elif shown:
        report.tell("cell-shown", cell.span, stored=stored, shown=shown)
    else:
        report.tell("cell-blank", cell.span, stored=stored)
    return False


def is_sure(cell: Scalar, report: Reporter) -> bool:
    """Report a cell that cannot be taken: none that holds a value, or none that says which."""
    return is_usable(cell, report) and is_clear(cell, report)


def with_its_words(cell: Scalar) -> Scalar | None:
    """A number with the words that its format adds (`7万元` for 7), as if they were typed; None for any other cell."""
    mark = cell.mark if isinstance(cell, Marked) else Mark()
    return Scalar(cell.span, shown) if not mark.struck and (shown := mark.shown()) else None


def same_fen(cell: Scalar) -> bool:
    """Whether what a cell shows is what it holds, rounded to the fen."""
    mark = cell.mark if isinstance(cell, Marked) else Mark()
    shown = mark.shown()
    number = None if mark.struck or shown is None else reads_as(shown)
    return number is not None and _to_fen(number) == _to_fen(Decimal(mark.stored))


def _to_fen(number: Decimal) -> Decimal:
    return number if abs(number) >= 10**20 else number.quantize(_FEN, ROUND_HALF_UP)
