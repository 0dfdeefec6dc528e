"""The rows of the form: what was posted, as rows that are shown again as they were, and as choices.

In: posted fields, or choices.  Out: `Row`s; `Joined`, or faults at the fields. A field is named by the way to it:
`r.0.left.word`, `r.0.left.r.1.kind`. Imports choices, policy (cells), language and the ground floor.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field
from datetime import date
from decimal import Decimal
from typing import Final, Literal, TypeAlias, assert_never, cast, get_args

from engine.language.ast import CompareOperator
from engine.policy.cells import day_text, number_text
from engine.records import dataclass
from engine.serving.conditions.choices import (
    Among,
    Amount,
    Compares,
    Day,
    Holds,
    How,
    Joined,
    Over,
    Shares,
    Side,
    Test,
    Total,
    TotalKind,
    Word,
)

RowKind: TypeAlias = Literal["compare", "holds", "among", "shares", "any", "every", "group"]
SideKind: TypeAlias = Literal["word", "amount", "day", "sum", "count", "max", "min"]
OPERATORS: Final[tuple[CompareOperator, ...]] = get_args(CompareOperator)
ROW_KINDS: Final[tuple[RowKind, ...]] = get_args(RowKind)
SIDE_KINDS: Final[tuple[SideKind, ...]] = get_args(SideKind)
MOST_ROWS: Final = 20
"""in one group"""
MOST_DEPTH: Final = 3
MOST_TEXT: Final = 200
_NUMBER: Final = re.compile(r"(?:0|[1-9][0-9]*)(?:\.[0-9]+)?")
_WORD: Final = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)?")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a field, by its name."""

    field: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class SideRow:
    """One side of a comparison as typed; `rows` say which items of a total count."""

    at: str
    kind: SideKind = "word"
    values: Mapping[str, str] = field(default_factory=dict)
    how: How = "all"
    rows: tuple[Row, ...] = ()

    def __getitem__(self, name: str) -> str:
        return self.values.get(name, "")

    @property
    def is_total(self) -> bool:
        return self.kind in get_args(TotalKind)


@dataclass(frozen=True, slots=True)
class Row:
    """One test as typed."""

    at: str
    kind: RowKind = "compare"
    negated: bool = False
    values: Mapping[str, str] = field(default_factory=dict)
    left: SideRow = SideRow("")
    right: SideRow = SideRow("")
    how: How = "all"
    rows: tuple[Row, ...] = ()
    options: tuple[str, ...] = ()

    def __getitem__(self, name: str) -> str:
        return self.values.get(name, "")


# ---- posted


def posted(fields: Mapping[str, Sequence[str]], do: str = "") -> tuple[How, tuple[Row, ...]]:
    """The rows that were posted, after the button that was pressed: `add:` behind a way, `drop:` of a row."""
    read = _Posted(fields, do)
    return read.how(""), read.rows("", 0)


class _Posted:
    def __init__(self, fields: Mapping[str, Sequence[str]], do: str) -> None:
        self.fields = fields
        self.act, _, self.target = do.partition(":")

    def one(self, name: str) -> str:
        return next(iter(self.fields.get(name, ())), "").strip()[:MOST_TEXT]

    def how(self, at: str) -> How:
        return "any" if self.one(f"{at}how") == "any" else "all"

    def rows(self, at: str, depth: int, least: int = 0) -> tuple[Row, ...]:
        """Those below a way, `at` being empty or ending in a dot."""
        if depth > MOST_DEPTH:
            return ()
        found = [self._row(f"{at}r.{number}.", depth) for number in self._numbers(at)]
        added = self.act == "add" and self.target == at
        if (added and len(found) < MOST_ROWS) or len(found) < least:
            found.append(new_row(f"{at}r.{self._next(at)}."))
        return tuple(found)

    def _numbers(self, at: str) -> list[int]:
        """The rows that were posted and were not taken away, in their order."""
        form = re.compile(re.escape(at) + r"r\.([0-9]{1,3})\.kind")
        numbers = sorted({int(found[1]) for name in self.fields if (found := form.fullmatch(name))})
        return [one for one in numbers if not (self.act == "drop" and self.target == f"{at}r.{one}.")][:MOST_ROWS]

    def _next(self, at: str) -> int:
        return max(self._numbers(at), default=-1) + 1

    def _row(self, at: str, depth: int) -> Row:
        kind = self.one(f"{at}kind")
        chosen: RowKind = kind if kind in ROW_KINDS else "compare"
        values = {name: self.one(f"{at}{name}") for name in ("operator", "word", "listed", "collection")}
        below = 1 if chosen in ("any", "every", "group") else 0
        return Row(
            at,
            chosen,
            bool(self.one(f"{at}negated")),
            values,
            self._side(f"{at}left.", depth),
            self._side(f"{at}right.", depth),
            self.how(at),
            self.rows(at, depth + 1, below) if below else (),
            tuple(one[:MOST_TEXT] for one in self.fields.get(f"{at}options", ())),
        )

    def _side(self, at: str, depth: int) -> SideRow:
        kind = self.one(f"{at}kind")
        chosen: SideKind = kind if kind in SIDE_KINDS else "word"
        values = {name: self.one(f"{at}{name}") for name in _SIDE_FIELDS}
        return SideRow(at, chosen, values, self.how(at), self.rows(at, depth + 1))


_SIDE_FIELDS: Final = (
    "word", "number", "unit", "day", "of", "collection", "otherwise", "otherwise_unit", "times", "minus", "per",
)  # fmt: skip


def new_row(at: str) -> Row:
    return Row(at, values={"operator": "<="}, left=SideRow(f"{at}left."), right=SideRow(f"{at}right.", "amount"))


# ---- rows to choices


def chosen(how: How, rows: Sequence[Row]) -> tuple[Joined | None, tuple[Fault, ...]]:
    """What the rows say; None with what is wrong of them."""
    reader = _Reader()
    made = reader.joined("", how, rows)
    return (None if reader.faults else made), tuple(reader.faults)


class _Reader:
    def __init__(self) -> None:
        self.faults: list[Fault] = []

    def lacks(self, name: str, zh: str, en: str) -> None:
        self.faults.append(Fault(name, zh, en))

    def joined(self, at: str, how: How, rows: Sequence[Row], *, negated: bool = False) -> Joined:
        if not rows:
            self.lacks(f"{at}how", "一项也没有，先加一项", "there is nothing here; add a test")
        return Joined(how, tuple(self._test(row) for row in rows), negated)

    def _test(self, row: Row) -> Test:
        match row.kind:
            case "compare":
                operator = row["operator"]
                if operator not in OPERATORS:
                    self.lacks(f"{row.at}operator", "选一个比较", "choose a comparison")
                return Compares(
                    self._side(row.left), cast("CompareOperator", operator), self._side(row.right), row.negated
                )
            case "holds":
                return Holds(self._word(row.at, row["word"]), row.negated)
            case "among":
                return self._among(row)
            case "shares":
                listed = self._word(row.at, row["listed"], "listed")
                return Shares(self._word(row.at, row["word"]), listed, row.negated)
            case "any" | "every":
                collection = self._word(row.at, row["collection"], "collection")
                return Over(row.kind, collection, self.joined(row.at, row.how, row.rows), row.negated)
            case "group":
                if len(row.rows) == 1:
                    self.lacks(f"{row.at}how", "一组里至少两项", "a group has two tests or more")
                return self.joined(row.at, row.how, row.rows, negated=row.negated)
        assert_never(row.kind)

    def _among(self, row: Row) -> Among:
        name = self._word(row.at, row["word"])
        if row["listed"]:
            return Among(name, (), self._word(row.at, row["listed"], "listed"), row.negated)
        options = tuple(one for one in row.options if _WORD.fullmatch(one))
        if not options:
            self.lacks(f"{row.at}options", "至少选一个选项", "choose an option at least")
        return Among(name, options, "", row.negated)

    def _word(self, at: str, text: str, name: str = "word") -> str:
        if not _WORD.fullmatch(text):
            self.lacks(f"{at}{name}", "选一项", "choose one")
        return text

    def _side(self, side: SideRow) -> Side:
        times = self._number(f"{side.at}times", side["times"]) if side["times"] else None
        others = (self._word(side.at, side[name], name) if side[name] else "" for name in ("minus", "per"))
        return Side(self._base(side), times, *others)

    def _base(self, side: SideRow) -> Word | Amount | Day | Total:
        match side.kind:
            case "word":
                return Word(self._word(side.at, side["word"]))
            case "amount":
                return Amount(self._number(f"{side.at}number", side["number"]), self._unit(side.at, side["unit"]))
            case "day":
                return Day(self._day(side))
            case "sum" | "count" | "max" | "min":
                return self._total(side, side.kind)
        assert_never(side.kind)

    def _total(self, side: SideRow, kind: TotalKind) -> Total:
        collection = self._word(side.at, side["collection"], "collection")
        of = "" if kind == "count" else self._word(side.at, side["of"], "of")
        where = self.joined(side.at, side.how, side.rows) if side.rows else None
        otherwise = None
        if kind in ("max", "min") and side["otherwise"]:
            number = self._number(f"{side.at}otherwise", side["otherwise"])
            otherwise = Amount(number, self._unit(side.at, side["otherwise_unit"], "otherwise_unit"))
        return Total(kind, of, collection, where, otherwise)

    def _number(self, name: str, text: str) -> Decimal:
        plain = number_text(text) or ""
        if not _NUMBER.fullmatch(plain):
            self.lacks(
                name, f"“{text}”不是数" if text else "填一个数", f"“{text}” is no number" if text else "give a number"
            )
            return Decimal(0)
        return Decimal(plain)

    def _unit(self, at: str, text: str, name: str = "unit") -> str:
        if text and not re.fullmatch(r"%|[^\W\d_]+(?:[/·][^\W\d_]+)*", text):
            self.lacks(f"{at}{name}", f"不认识单位“{text}”", f"unknown unit “{text}”")
            return ""
        return text

    def _day(self, side: SideRow) -> date:
        found = day_text(side["day"])
        if found is None:
            self.lacks(f"{side.at}day", "写一个日期，如 2026-01-01", "give a day, as 2026-01-01")
            return date.min
        return date.fromisoformat(found)


# ---- choices to rows


def fits(rule: Joined, depth: int = 0) -> bool:
    """Whether the form has room for all of a rule: what it has no room for would be lost when it is posted."""
    if depth > MOST_DEPTH or len(rule.tests) > MOST_ROWS:
        return False
    return all(fits(inner, depth + 1) for test in rule.tests for inner in _inside(test))


def _inside(test: Test) -> Iterator[Joined]:
    match test:
        case Joined():
            yield test
        case Over(where=where):
            yield where
        case Compares(left=left, right=right):
            totals = (side.base for side in (left, right) if isinstance(side.base, Total))
            yield from (total.where for total in totals if total.where is not None)
        case Holds() | Among() | Shares():
            return
        case _:
            assert_never(test)


def rows_of(rule: Joined, at: str = "") -> tuple[Row, ...]:
    """A rule as the form shows it."""
    return tuple(_row(test, f"{at}r.{number}.") for number, test in enumerate(rule.tests))


def _row(test: Test, at: str) -> Row:
    match test:
        case Compares(left=left, operator=operator, right=right, negated=negated):
            values = {"operator": operator}
            return Row(at, "compare", negated, values, _side_row(left, f"{at}left."), _side_row(right, f"{at}right."))
        case Holds(name=name, negated=negated):
            return _bare(at, "holds", negated, {"word": name})
        case Among(name=name, options=options, listed=listed, negated=negated):
            return _bare(at, "among", negated, {"word": name, "listed": listed}, options)
        case Shares(name=name, listed=listed, negated=negated):
            return _bare(at, "shares", negated, {"word": name, "listed": listed})
        case Over(kind=kind, collection=collection, where=where, negated=negated):
            return _around(at, kind, negated, {"collection": collection}, where)
        case Joined(negated=negated):
            return _around(at, "group", negated, {}, test)
    assert_never(test)


def _bare(at: str, kind: RowKind, negated: bool, values: Mapping[str, str], options: tuple[str, ...] = ()) -> Row:
    return Row(at, kind, negated, values, SideRow(f"{at}left."), SideRow(f"{at}right."), options=options)


def _around(at: str, kind: RowKind, negated: bool, values: Mapping[str, str], inner: Joined) -> Row:
    sides = SideRow(f"{at}left."), SideRow(f"{at}right.")
    return Row(at, kind, negated, values, *sides, inner.how, rows_of(inner, at))


def _side_row(side: Side, at: str) -> SideRow:
    values = {"times": "" if side.times is None else f"{side.times:f}", "minus": side.minus, "per": side.per}
    match side.base:
        case Word(name=name):
            return SideRow(at, "word", {**values, "word": name})
        case Amount(number=number, unit=unit):
            return SideRow(at, "amount", {**values, "number": f"{number:f}", "unit": unit})
        case Day(value=day):
            return SideRow(at, "day", {**values, "day": day.isoformat()})
        case Total(kind=kind, of=of, collection=collection, where=where, otherwise=otherwise):
            values |= {"of": of, "collection": collection}
            if otherwise is not None:
                values |= {"otherwise": f"{otherwise.number:f}", "otherwise_unit": otherwise.unit}
            if where is None:
                return SideRow(at, kind, values)
            return SideRow(at, kind, values, where.how, rows_of(where, at))
    assert_never(side.base)


def fields_of(how: How, rows: Sequence[Row]) -> dict[str, list[str]]:
    """The fields that a form of these rows posts."""
    return {"how": [how], **{name: values for row in rows for name, values in _fields(row)}}


def _fields(row: Row) -> Iterator[tuple[str, list[str]]]:
    yield f"{row.at}kind", [row.kind]
    yield f"{row.at}how", [row.how]
    if row.negated:
        yield f"{row.at}negated", ["yes"]
    yield from ((f"{row.at}{name}", [text]) for name, text in row.values.items())
    yield f"{row.at}options", list(row.options)
    for side in (row.left, row.right):
        yield f"{side.at}kind", [side.kind]
        yield f"{side.at}how", [side.how]
        yield from ((f"{side.at}{name}", [text]) for name, text in side.values.items())
    for inner in (*row.rows, *row.left.rows, *row.right.rows):
        yield from _fields(inner)
