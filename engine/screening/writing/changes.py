"""Two rule sets over the same households: who gains, who loses, by which condition and by how much.

In: the tables of answers of one part under both.  Out: a table of the households whose answer changed, row by row in
the same order. Nothing is decided here: answers are held against each other column by column.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from engine.evaluation.shifts import KINDS
from engine.records import dataclass
from engine.screening.writing.decided import FILE, ROW
from engine.screening.writing.summary import Amounts, Shift

BETWEEN: Final = " "
"""columns that decided a change together"""
_ELIGIBLE: Final = "eligible"
_CONDITIONS: Final = ".conditions."
_DIFFERENCE: Final = ".difference"


@dataclass(frozen=True, slots=True)
class Comparing:
    """Attributes:
    before, after: the schemas of the two tables.
    place: the column that says where households live.
    """

    before: Any
    after: Any
    place: str

    @property
    def findings(self) -> list[str]:
        """Causes, conditions and requirements of either."""
        names = dict.fromkeys([*self.before.names, *self.after.names])
        return [name for name in names if name.startswith(("causes.", "requirements."))]

    @property
    def outputs(self) -> list[str]:
        """Figures of both that are of one kind; what one of them cannot know has no difference."""
        return [
            name
            for name in self.before.names
            if name.startswith("outputs.") and not name.endswith((".low", ".high")) and name in self.after.names
            if self.before.field(name).type == self.after.field(name).type
        ]

    @property
    def amounts(self) -> list[str]:
        return [name for name in self.outputs if pa.types.is_decimal(self.before.field(name).type)]

    @property
    def schema(self) -> Any:
        words = pa.dictionary(pa.int8(), pa.string())
        fields = [pa.field("id", pa.string())]
        if self.place in self.before.names:
            fields.append(pa.field(self.place, pa.string()))
        fields += [pa.field("change", words), pa.field("outcome.before", words), pa.field("outcome.after", words)]
        fields.append(pa.field("because", pa.dictionary(pa.int32(), pa.string())))
        for name in self.findings:
            if _is_cause(name):
                fields += [pa.field(f"{name}.before", words), pa.field(f"{name}.after", words)]
        for name in self.outputs:
            kind = self.before.field(name).type
            fields += [pa.field(f"{name}.before", kind), pa.field(f"{name}.after", kind)]
            if pa.types.is_decimal(kind):
                fields.append(pa.field(f"{name}.difference", kind))
        fields += [self.before.field(FILE), self.before.field(ROW)]
        return pa.schema(fields)

    def __call__(self, before: Any, after: Any) -> Any:
        kinds = self._kinds(before, after)
        there = np.flatnonzero(kinds >= 0)
        rows = pa.array(there)
        before, after, kinds = before.take(rows), after.take(rows), kinds[there]
        columns = [before.column("id")]
        if self.place in self.before.names:
            columns.append(before.column(self.place))
        columns.append(pa.DictionaryArray.from_arrays(pa.array(kinds.astype(np.int8)), pa.array(KINDS)))
        columns += [before.column("outcome"), after.column("outcome"), self._because(before, after)]
        for name in self.findings:
            if _is_cause(name):
                columns += [_column(before, name), _column(after, name)]
        for name in self.outputs:
            columns += [before.column(name), after.column(name)]
            if name in self.amounts:
                columns.append(_difference(before.column(name), after.column(name)))
        columns += [before.column(FILE), before.column(ROW)]
        columns = [_cast(column, field.type) for column, field in zip(columns, self.schema, strict=True)]
        return pa.RecordBatch.from_arrays(columns, schema=self.schema)

    def _kinds(self, before: Any, after: Any) -> Any:
        """Of each row the number of its kind, -1 where nothing changed."""
        was, now = (_words(table.column("outcome")) for table in (before, after))
        differs = was != now
        kinds = np.full(before.num_rows, -1)
        other = np.zeros(before.num_rows, bool)
        for name in self.outputs:
            other |= _differ(before.column(name), after.column(name))
        kinds[other] = KINDS.index("figures")
        kinds[differs] = KINDS.index("other")
        kinds[differs & (now == _ELIGIBLE)] = KINDS.index("gains")
        kinds[differs & (was == _ELIGIBLE)] = KINDS.index("loses")
        return kinds

    def _because(self, before: Any, after: Any) -> Any:
        """The conditions that changed within causes that changed, and the requirements that did; of a change of outcome
        in which no condition did, the causes; otherwise nothing."""
        outcome = _words(before.column("outcome")) != _words(after.column("outcome"))
        changed = {name: outcome & (_found(before, name) != _found(after, name)) for name in self.findings}
        told = []
        explained = np.zeros(before.num_rows, bool)
        for name, mask in changed.items():
            cause = name.partition(_CONDITIONS)[0]
            if cause != name or not _is_cause(name):
                bears = mask & changed.get(cause, mask)
                explained |= bears
                told.append(_where(bears, name))
        told += [_where(mask & ~explained, name) for name, mask in changed.items() if _is_cause(name)]
        if not told:
            return pa.nulls(before.num_rows, pa.string())
        # `null_handling="skip"` would leave out rows that have nothing but nulls
        joined = pc.utf8_rtrim(pc.binary_join_element_wise(*told, ""), BETWEEN)
        return pc.if_else(pc.equal(joined, ""), pa.scalar(None, pa.string()), joined)


def counted(changes: Any, shift: Shift) -> None:
    """Add a table of changes to what others came to."""
    names = changes.schema.names
    kinds = _words(changes.column("change"))
    placed = names[1] != "change"
    places = changes.column(1) if placed else pa.nulls(changes.num_rows, pa.string())
    for place, kind, count in _grouped(places, changes.column("change")):
        shift.places.setdefault(place, Counter())[kind] += count
    for because, kind, count in _grouped(changes.column("because"), changes.column("change")):
        if kind != "figures":
            shift.because.setdefault(because, Counter())[kind] += count
    for name in names:
        cause = name.removeprefix("causes.").removesuffix(".after")
        if name == f"causes.{cause}.after":
            for kind, column in (("gains", name), ("loses", f"causes.{cause}.before")):
                met = (kinds == kind) & (_words(changes.column(column)) == "met")
                shift.causes.setdefault(cause, Counter())[kind] += int(met.sum())
        if name.endswith(_DIFFERENCE):
            _add_amounts(changes.column(name), shift.amounts.setdefault(name.removesuffix(_DIFFERENCE), Amounts()))


def _add_amounts(difference: Any, amounts: Amounts) -> None:
    zero = pa.scalar(0, pa.int64()).cast(difference.type)
    more = difference.filter(pc.greater(difference, zero).fill_null(False))
    less = difference.filter(pc.less(difference, zero).fill_null(False))
    amounts.more += len(more)
    amounts.less += len(less)
    amounts.added += pc.sum(more).as_py() or 0
    amounts.taken -= pc.sum(less).as_py() or 0


def _grouped(first: Any, second: Any) -> Iterator[tuple[str, str, int]]:
    table = pa.table({"first": first.cast(pa.string()), "second": second.cast(pa.string())})
    for row in table.group_by(["first", "second"]).aggregate([([], "count_all")]).to_pylist():
        yield row["first"] or "", row["second"] or "", row["count_all"]


def _where(mask: Any, name: str) -> Any:
    return pc.if_else(pa.array(mask), f"{name}{BETWEEN}", "")


def _is_cause(name: str) -> bool:
    return name.startswith("causes.") and _CONDITIONS not in name


def _words(column: Any) -> Any:
    """As an array of words that can be compared; "" where there is none."""
    words = np.array([*column.dictionary.to_pylist(), ""], object)
    return words[np.asarray(column.indices.cast(pa.int64()).fill_null(len(words) - 1))]


def _found(table: Any, name: str) -> Any:
    if name not in table.schema.names:
        return np.full(table.num_rows, "", object)
    return _words(table.column(name))


def _column(table: Any, name: str) -> Any:
    if name in table.schema.names:
        return table.column(name)
    return pa.nulls(table.num_rows, pa.string())


def _differ(before: Any, after: Any) -> Any:
    """Of two columns of one type, where they hold something else; two nulls are alike."""
    if pa.types.is_list(before.type):
        pairs = zip(before.to_pylist(), after.to_pylist(), strict=True)
        return np.array([one != other for one, other in pairs], bool)
    same = pc.equal(before, after).fill_null(False)
    neither = pc.and_(before.is_null(), after.is_null())
    return ~np.asarray(pc.or_(same, neither))


def _difference(before: Any, after: Any) -> Any:
    """Hundredths have room for it: figures of 38 digits are told by the interpreter, and none is so large."""
    narrow = pa.decimal128(30, before.type.scale)
    return pc.subtract(after.cast(narrow), before.cast(narrow))


def _cast(column: Any, kind: Any) -> Any:
    if column.type == kind:
        return column
    if pa.types.is_dictionary(kind) and not pa.types.is_dictionary(column.type):
        column = column.dictionary_encode()
    return column.cast(kind)
