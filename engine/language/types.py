"""The types of expressions. Frozen, compared by value.

A quantity's run-time value is an int or Fraction that counts `unit`s: a fact of 620.50 元 is 62050 with the unit
of factor 1 分, the same over 12 月 has factor 1/12 分/月. Elaboration picks units so that everything but a quotient
stays a whole number, and inserts `Scale` where two units meet.
"""

from __future__ import annotations

from typing import TypeAlias, assert_never

from engine.language.units import Unit
from engine.records import dataclass


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with a dimension. `whole` marks what is always a whole number of base units: a count of 人, 辆 …, a bare
    whole number, whole months or days."""

    unit: Unit
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Truth:
    pass


@dataclass(frozen=True, slots=True)
class DateType:
    pass


@dataclass(frozen=True, slots=True)
class Choice:
    """One of some options. Two choices are the same type when they have the same options in the same order.

    Attributes:
        options: (id, label) pairs.
    """

    options: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Text:
    pass


@dataclass(frozen=True, slots=True)
class Place:
    """A division code of the territory, of six digits unless its table declares others; compares with a quoted code."""

    any_code: bool = False


@dataclass(frozen=True, slots=True)
class ItemOf:
    """Which item of a collection is meant, said by its id; compares with the ids of that collection's items."""

    collection: str


@dataclass(frozen=True, slots=True)
class Several:
    """A set of texts or of options."""

    of: Choice | Text


Type: TypeAlias = Quantity | Truth | DateType | Choice | Text | Place | ItemOf | Several

TRUTH, DATE, TEXT, PLACE = Truth(), DateType(), Text(), Place()


def kind(type_: Type) -> str:
    """The kind of a type in one word, by which wordings keep their hints."""
    match type_:
        case Quantity():
            return "number"
        case Truth():
            return "truth"
        case DateType():
            return "date"
        case Choice():
            return "choice"
        case Text():
            return "text"
        case Place():
            return "place"
        case ItemOf():
            return "item"
        case Several():
            return "several"
    assert_never(type_)
