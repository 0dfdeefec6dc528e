"""What a report says, before it is set as lines of a terminal or as a page: sections of statements, each with what
belongs below it.

In: the builders of reports (`decision_report`, `conditions`, `decision_figures`, `whatif_report`) fill these in.
Out: `report_lines` sets them for a terminal, the workbench's pages print them. The words are all here, so that both say
the same; what stands where, and how wide it is, each decides for itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, TypeAlias

from engine.records import dataclass
from engine.reporting.layout import Tone
from engine.source import Span


@dataclass(frozen=True, slots=True)
class Sign:
    """`✓`, `✗`, `？`, `＝`, in front of what it is said of."""

    text: str
    tone: Tone


NO_SIGN: Final = Sign("", "quiet")
"""among statements that have one"""


@dataclass(frozen=True, slots=True)
class Said:
    """A statement.

    Attributes:
        item: one of several that the statement above it announces.
        hangs: whether its further lines stand further in, where it has some.
        at: where it is declared; `tells_at` where that is part of what is told.
        source: the address of a publication that is named in the text.
    """

    text: str
    sign: Sign | None = None
    tone: Tone | None = None
    item: bool = False
    hangs: bool = False
    below: tuple[Block, ...] = ()
    at: Span | None = None
    tells_at: bool = False
    source: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    cells: tuple[str, ...]
    sign: Sign | None = None
    at: Span | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """`right`: the columns whose texts stand flush right; `may_pair`: two rows may stand beside each other."""

    rows: tuple[Row, ...]
    right: frozenset[int] = frozenset()
    may_pair: bool = False


Block: TypeAlias = Said | Table


@dataclass(frozen=True, slots=True)
class Section:
    """`title`: "" of remarks at the end; `in_a_row`: short statements that stand behind the title."""

    id: str
    title: str
    blocks: tuple[Block, ...]
    in_a_row: bool = False


@dataclass(frozen=True, slots=True)
class Report:
    """`verdict`, the answer in a word; `because`, in a sentence; `under`, who, where, and by which rules."""

    verdict: Said
    because: tuple[Said, ...]
    under: tuple[Said, ...]
    sections: tuple[Section, ...]


def section(id: str, title: str, blocks: Iterable[Block]) -> list[Section]:
    """No section where nothing is said."""
    said = tuple(blocks)
    return [Section(id, title, said)] if said else []
