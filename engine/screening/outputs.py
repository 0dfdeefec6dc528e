"""The columns of figures: of which type, and what an output of a decision is in them.

In: how an output is declared by each policy that has it; an `OutputFinding`.  Out: fields, and values by column.
A figure stands in one unit in all rows: that of the policy which declares it first. Where two policies give one name to
what cannot be put into one column, the column is text with the unit behind each value.
Imports evaluation and language.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

import pyarrow as pa

from engine.evaluation.derivation import ToldOutput
from engine.evaluation.figures import Measure, cents, decimal_text, end_cents
from engine.evaluation.told import OutputFinding
from engine.language.types import DateType, Quantity, Truth
from engine.language.values import Interval, Value, is_known

PLACES: Final = 2
"""of every figure, as in the JSON of a decision"""
AMOUNT: Final = pa.decimal128(38, PLACES)
MOST: Final = 10**38 - 1
"""hundredths that a column of figures holds"""
_ENDS: Final = (".low", ".high")


class OutputColumns:
    """Attributes:
    name: of the column; those of its ends have `.low` and `.high` behind it.
    fields: of one output: its value, and between which ends it lies where it is not known.
    listed: whether it is one of each item, of those of `collection`.
    measure: how its values are shown.
    """

    def __init__(self, told: Sequence[ToldOutput]) -> None:
        first = told[0]
        self.id, self.collection = first.declared.id, first.declared.collection
        self.name = f"outputs.{self.id}"
        self.measure = first.measure
        types = {_type_of(one, first.measure) for one in told}
        listed = {bool(one.declared.collection) for one in told}
        alike = len(types) == 1 and len(listed) == 1
        self.type: pa.DataType = types.pop() if alike else pa.string()
        self.mixed = not alike
        self.listed = alike and listed.pop()
        whole = pa.list_(self.type) if self.listed else self.type
        metadata = {"label": first.declared.label, **({} if self.mixed else {"unit": first.measure.text})}
        names = ("", *_ENDS) if self.type in (AMOUNT, pa.date32()) else ("",)
        self.fields = tuple(pa.field(self.name + end, whole, metadata=metadata) for end in names)

    def values(self, found: OutputFinding) -> Mapping[str, Any]:
        """What stands in the columns of a row: hundredths of a figure that is no list."""
        if self.mixed:
            return {self.name: _in_words(found)}
        measure = self.measure_of(found.measure)
        if not self.listed:
            return dict(zip((one.name for one in self.fields), self._values(found.value, measure), strict=False))
        if found.items is None:
            return {}
        each = [self._values(item.value, measure) for item in found.items]
        columns = [[one[place] for one in each] for place in range(len(self.fields))]
        if self.type == AMOUNT:
            columns = [[None if one is None else Decimal(f"{one}E-{PLACES}") for one in column] for column in columns]
        return {one.name: column for one, column in zip(self.fields, columns, strict=True)}

    def measure_of(self, found: Measure) -> Measure:
        """As the column is shown, whichever unit the row's own policy would show it in."""
        if found.counted is None or self.measure.counted is None or found.text == self.measure.text:
            return found
        shown = self.measure.counted.factor / self.measure.factor
        return Measure(found.counted, self.measure.text, found.counted.factor / shown)

    def _values(self, value: Value, measure: Measure) -> tuple[Any, Any, Any]:
        if isinstance(value, Interval):
            return None, self._end(value.low, measure, up=False), self._end(value.high, measure, up=True)
        if not is_known(value):
            return None, None, None
        if isinstance(value, bool | date):
            return value, None, None
        if isinstance(value, int | Fraction):
            rounded = cents(value, measure)
            if abs(rounded) <= MOST:
                return rounded, None, None
            # no column holds it: it is told how far it reaches at least
            return None, (MOST if rounded > 0 else None), (-MOST if rounded < 0 else None)
        return decimal_text(value, measure), None, None

    def _end(self, end: Any, measure: Measure, *, up: bool) -> Any:
        if end is None or isinstance(end, date):
            return end
        rounded = end_cents(end, measure, up=up)
        if abs(rounded) <= MOST:
            return rounded
        return None if up == (rounded > 0) else (MOST if rounded > 0 else -MOST)


def _type_of(told: ToldOutput, like: Measure) -> pa.DataType | None:
    match told.type:
        case Quantity():
            one, other = told.measure.counted, like.counted
            return AMOUNT if one is not None and other is not None and one.dimension == other.dimension else None
        case Truth():
            return pa.bool_()
        case DateType():
            return pa.date32()
        case _:
            return pa.string()


def _in_words(found: OutputFinding) -> str | None:
    measure = found.measure
    values = [found.value] if not found.declared.collection else [item.value for item in found.items or ()]
    texts = [text for value in values if (text := decimal_text(value, measure)) is not None]
    return "、".join(f"{text} {measure.text}".strip() for text in texts) or None
