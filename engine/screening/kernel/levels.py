"""Where native code stands while it is written: the household, or an item that is gone over; and where inputs are read.

Imports `arithmetic`, `ir` and program.
"""

from __future__ import annotations

from dataclasses import field
from typing import Protocol, TypeAlias

from engine.program.model import Input
from engine.records import dataclass
from engine.screening.kernel import arithmetic as native
from engine.screening.kernel.arithmetic import Code, Number
from engine.screening.kernel.ir import Bit, Int

Native: TypeAlias = "Number | native.Truth | Code | native.Several"


class Inputs(Protocol):
    """Where the values of inputs are read."""

    def read(self, one: Input, collection: str, index: Int) -> tuple[Native, Bit, Bit]:
        """What stands in a column, as if it were known; whether it is given, and whether it is malformed."""

    def plain(self, one: Input, collection: str, index: Int) -> tuple[Bit, Bit]:
        """Whether a value is given, and whether it is malformed."""

    def whose(self, one: Input, collection: str, index: Int) -> Bit:
        """Whether it refers to an item that there is none of."""

    def twice(self, collection: str, index: Int) -> Bit:
        """Whether an item before this one may have the same id."""

    def given(self, collection: str) -> Bit:
        """Whether the household gave the list."""

    def span(self, collection: str) -> tuple[Int, Int]:
        """From where up to where its items stand."""

    def column(self, one: Input, collection: str) -> bool:
        """Whether there is a column at all."""


@dataclass(frozen=True, slots=True, eq=False)
class Level:
    """The household, or an item that is gone over.

    Attributes:
        index: of the row in the columns of its collection; None for an item of a list that was not given.
        around: where the aggregate stands that goes over the items; None for the household.
        depth: of the loop over the rows, or the items, in which it stands.
    """

    collection: str
    index: Int | None
    around: Level | None
    depth: int
    made: dict[object, Native] = field(default_factory=dict)


def level_of(collection: str, at: Level) -> Level:
    while at.collection != collection:
        assert at.around is not None, "an item that is read is current"
        at = at.around
    return at
