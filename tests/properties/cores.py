"""Random core trees over a small world, and households that know more or less of it.

Trees are made directly, not parsed, so that every kind of node meets every other. Units are all plain: they were
settled before the core. A divisor is kept off zero as the checker would demand it, by its bounds or by an `If`.
A strategy is made once: hypothesis looks into each new one, which would take longer than all that is drawn from it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from functools import cache, lru_cache
from itertools import pairwise
from typing import Final, Literal, TypeAlias, TypeVar, cast, get_args

from hypothesis import strategies as st

from engine.evaluation.facts import HouseholdFacts
from engine.evaluation.frame import Frame, frame_on, rows_of
from engine.evaluation.lookup import Elsewhen, MarginalTable, ParameterTable, Tables
from engine.evaluation.working import work_out, workings_of
from engine.language import ast, core
from engine.language.ast import BetweenFunction, RoundFunction
from engine.language.core import CoreExpression, plain
from engine.language.interpreter import MAX_ITEMS
from engine.language.types import DATE, TRUTH, Choice, ItemOf, Quantity, Text, Type
from engine.language.units import ONE
from engine.language.values import UNKNOWN, Interval, LeapDay, Unknown, Value, ends, interval
from engine.policy.checked import CheckedTerm, Rules
from engine.policy.model import FIRST_CUT, LAST_CUT, AmountRange, Cell, Key, Origin, Parameter, Term, WholeRange
from engine.policy.rows import EVERYWHERE, Listed, Row
from engine.policy.tables import ValueInForce
from engine.program import link
from engine.program.link import make_program
from engine.program.model import Collection, Input, Outside, Program, Table
from engine.program.narrowing import narrowed, told
from engine.source import Source, Span

SPAN: Final = Span(Source("<core>", ""), 0, 0)
NUMBER: Final = Quantity(ONE)
WHOLE: Final = Quantity(ONE, whole=True)
OPTIONS: Final = ("a", "b", "c")
CHOICE: Final = Choice(tuple((option, option) for option in OPTIONS))
ITEM: Final = ItemOf("items")
"""which item it is: what refers to one, and the id of each beside that"""
ROWS: Final = frozenset({("a", "b"), ("c", "c")})
OTHER_ROWS: Final = frozenset({("a", "b"), ("b", "a")})
TURN: Final = date(2020, 7, 1)
"""from here on other values and rows are in force"""
V = TypeVar("V")
LEAST_ITEMS: Final = 1
RANGES: Final = tuple(
    AmountRange(*ends)  # type: ignore[arg-type]  # an amount and its side
    for ends in pairwise((FIRST_CUT, (-1, 1), (0, 0), (1, 0), (Fraction(5, 2), 1), LAST_CUT))
)
WHOLES: Final = (WholeRange(0, 1), WholeRange(2, 2020), WholeRange(2021, None))
"""of counts, and of years"""
RATES: Final = interval(-9, 9)
"""what a value by ranges of amounts can be"""

NUMBERS: Final[Mapping[str, Value]] = {"n": Interval(0, 5), "m": Interval(-3, 3), "w": Interval(0, 4)}
TRUTHS: Final = ("p", "q")
CHOICES: Final = ("c", "d")
DATES: Final[Mapping[str, Value]] = {"t": Interval(date(2020, 1, 29), date(2021, 3, 1))}
UNKNOWN_FACTS: Final[Mapping[str, Value]] = {
    **NUMBERS,
    **dict.fromkeys(TRUTHS, UNKNOWN),
    **dict.fromkeys(CHOICES, UNKNOWN),
    **DATES,
    "who": UNKNOWN,
}
UNKNOWN_ITEM: Final[Mapping[str, Value]] = {
    "in": Interval(0, 4),
    "ip": UNKNOWN,
    "ic": UNKNOWN,
    "id": UNKNOWN,
    "iw": UNKNOWN,
}
REFERENCES: Final = ("who", "iw")
IDS: Final = ("i0", "i1", "i2", "i3")
"""of the items of a list, by their places"""
ORIGIN: Final = Origin("core", SPAN)
LEAP_DAYS: Final = st.sampled_from(get_args(LeapDay))
_EXPRESSION: Final = ast.TruthLiteral(SPAN, False)

Facts: TypeAlias = Mapping[str, Value]
Place: TypeAlias = Literal["alone", "inside", "joining"]


# ---- trees


def constant(value: int | Fraction) -> core.Constant:
    return core.Constant(SPAN, NUMBER, value)


@dataclass(frozen=True, slots=True)
class Kinds:
    """Strategies for expressions of each type, with the names that are visible."""

    number: st.SearchStrategy[CoreExpression]
    truth: st.SearchStrategy[CoreExpression]
    choice: st.SearchStrategy[CoreExpression]
    day: st.SearchStrategy[CoreExpression]
    which: st.SearchStrategy[CoreExpression]


@cache
def expressions(depth: int = 3, *, item: bool = False, terms: bool = True, place: Place = "alone") -> Kinds:
    """Expressions of the household, or of an item of `items` (which also sees the household's facts).

    Args:
        place: of an item's expression whether it is inside an aggregate, or may hold one that sees the item.
    """
    leaves = _leaves(item=item, terms=terms, joined=place == "inside")
    if depth == 0:
        return leaves
    inner = expressions(depth - 1, item=item, terms=terms, place=place)
    aggregates = []
    if not item:
        aggregates = [_aggregates(expressions(max(0, depth - 2), item=True, terms=terms), inner)]
    elif place == "joining":
        aggregates = [_aggregates(expressions(max(0, depth - 1), item=True, terms=terms, place="inside"), inner)]
    pairs = st.lists(inner.number, min_size=1, max_size=3).map(tuple)
    truths = st.lists(inner.truth, min_size=0, max_size=3).map(tuple)
    number: st.SearchStrategy[CoreExpression] = st.one_of(
        leaves.number,
        st.builds(core.Sum, st.just(SPAN), st.just(NUMBER), pairs),
        st.builds(
            core.Scale, st.just(SPAN), st.just(NUMBER), st.sampled_from((-1, 2, Fraction(1, 3), 0)), inner.number
        ),
        st.builds(core.Product, st.just(SPAN), st.just(NUMBER), inner.number, inner.number),
        st.builds(core.Least, st.just(SPAN), st.just(NUMBER), pairs),
        st.builds(core.Greatest, st.just(SPAN), st.just(NUMBER), pairs),
        st.builds(core.Absolute, st.just(SPAN), st.just(NUMBER), inner.number),
        st.builds(_rounded, st.sampled_from(get_args(RoundFunction)), inner.number, _steps(inner.number)),
        st.builds(core.If, st.just(SPAN), st.just(NUMBER), inner.truth, inner.number, inner.number),
        st.builds(core.HowMany, st.just(SPAN), st.just(WHOLE), truths),
        st.builds(_quotient, inner.number, _positive(inner.number)),
        st.builds(_guarded, inner.number, inner.number),
        st.builds(
            core.Between,
            st.just(SPAN),
            st.just(WHOLE),
            st.sampled_from(get_args(BetweenFunction)),
            inner.day,
            inner.day,
            LEAP_DAYS,
        ),
        st.builds(core.DatePart, st.just(SPAN), st.just(WHOLE), st.sampled_from(("year", "month", "day")), inner.day),
        st.builds(_lookup, inner.choice),
        st.builds(_on, st.builds(_lookup, inner.choice), inner.day),
        _by_amount("sg", inner),
        st.builds(_on, _by_amount("sg", inner), inner.day),
        _by_two_ranges(inner, truths),
        st.builds(_on, _by_two_ranges(inner, truths), inner.day),
        *(each.number for each in aggregates),
    )
    in_list = st.builds(_in_list, inner.choice, inner.choice, st.sampled_from(("rows", "absent")))
    truth: st.SearchStrategy[CoreExpression] = st.one_of(
        leaves.truth,
        st.builds(core.Not, st.just(SPAN), st.just(TRUTH), inner.truth),
        st.builds(core.And, st.just(SPAN), st.just(TRUTH), truths),
        st.builds(core.Or, st.just(SPAN), st.just(TRUTH), truths),
        st.builds(core.If, st.just(SPAN), st.just(TRUTH), inner.truth, inner.truth, inner.truth),
        st.builds(_compare, st.sampled_from(("<", "<=", "=", "!=", ">=", ">")), inner.number, inner.number),
        st.builds(_compare, st.sampled_from(("<", "<=", "=", "!=", ">=", ">")), inner.day, inner.day),
        st.builds(_compare, st.sampled_from(("=", "!=")), inner.choice, inner.choice),
        st.builds(_compare, st.sampled_from(("=", "!=")), inner.truth, inner.truth),
        st.builds(_compare, st.sampled_from(("=", "!=")), inner.which, inner.which),
        st.builds(_in_set, inner.choice, st.frozensets(st.sampled_from(OPTIONS))),
        in_list,
        st.builds(_on, in_list, inner.day),
        *(each.truth for each in aggregates),
    )
    choice = st.one_of(
        leaves.choice, st.builds(core.If, st.just(SPAN), st.just(CHOICE), inner.truth, inner.choice, inner.choice)
    )
    day = st.one_of(
        leaves.day,
        st.builds(core.If, st.just(SPAN), st.just(DATE), inner.truth, inner.day, inner.day),
        st.builds(_shift, st.sampled_from((1, -1)), st.sampled_from(("months", "days")), inner.day, LEAP_DAYS),
        st.builds(
            core.DatePart, st.just(SPAN), st.just(DATE), st.sampled_from(("month_start", "month_end")), inner.day
        ),
    )
    which = st.one_of(
        leaves.which, st.builds(core.If, st.just(SPAN), st.just(ITEM), inner.truth, inner.which, inner.which)
    )
    return Kinds(number, truth, choice, day, which)


def _leaves(*, item: bool, terms: bool, joined: bool) -> Kinds:
    def facts(kind: object, collection: str, ids: object) -> list[CoreExpression]:
        return [core.Fact(SPAN, kind, collection, id) for id in ids]  # type: ignore[arg-type, attr-defined]

    def named(kind: object, collection: str, ids: tuple[str, ...]) -> list[CoreExpression]:
        return [core.TermValue(SPAN, kind, collection, id) for id in ids] if terms else []  # type: ignore[arg-type]

    constants: list[CoreExpression] = [constant(value) for value in (0, 1, 2, -1, Fraction(3, 2))]
    number = [*facts(NUMBER, "", NUMBERS), *constants, *named(NUMBER, "", ("number",))]
    truth = [
        *facts(TRUTH, "", TRUTHS),
        core.Constant(SPAN, TRUTH, True),
        *named(TRUTH, "", ("truth",)),
    ]
    choice = [*facts(CHOICE, "", CHOICES), core.Constant(SPAN, CHOICE, "a"), core.ChosenReading(SPAN, CHOICE, "r")]
    which = facts(ITEM, "", ("who",))
    if item:
        which += facts(ITEM, "items", ("id", "iw"))
        number += [*facts(NUMBER, "items", ("in",)), *named(NUMBER, "items", ("inumber",))] * 2
        truth += [*facts(TRUTH, "items", ("ip",)), *named(TRUTH, "items", ("itruth",))] * 2
        choice += facts(CHOICE, "items", ("ic",)) * 2
    if joined:
        number += [_outer(node) for node in number if isinstance(node, core.Fact | core.TermValue) and node.collection]
        truth += [_outer(node) for node in truth if isinstance(node, core.Fact | core.TermValue) and node.collection]
        choice += [_outer(node) for node in choice if isinstance(node, core.Fact) and node.collection]
        which += [_outer(node) for node in which if isinstance(node, core.Fact) and node.collection]
    day = [*facts(DATE, "", DATES), core.Constant(SPAN, DATE, date(2020, 6, 30))]
    return Kinds(*(st.sampled_from(leaves) for leaves in (number, truth, choice, day, which)))


def _outer(read: core.Fact | core.TermValue) -> core.Outer:
    return core.Outer(SPAN, read.type, read)


def _aggregates(of: Kinds, outer: Kinds) -> Kinds:
    def made(kind: str, body: CoreExpression | None, where: CoreExpression | None, otherwise: CoreExpression | None):  # type: ignore[no-untyped-def]
        result = TRUTH if kind in ("any", "every") else NUMBER
        return core.Aggregate(SPAN, result, kind, "items", body, where, otherwise)  # type: ignore[arg-type]

    where = st.one_of(st.none(), of.truth)
    nothing = st.none()
    return Kinds(
        st.one_of(
            st.builds(made, st.just("sum"), of.number, where, nothing),
            st.builds(made, st.just("count"), nothing, where, nothing),
            st.builds(made, st.sampled_from(("max", "min")), of.number, where, outer.number),
        ),
        st.builds(made, st.sampled_from(("any", "every")), of.truth, where, nothing),
        st.nothing(),
        st.nothing(),
        st.nothing(),
    )


def _rounded(function: RoundFunction, operand: CoreExpression, step: CoreExpression) -> CoreExpression:
    return core.Rounded(SPAN, NUMBER, function, operand, step)


def _steps(number: st.SearchStrategy[CoreExpression]) -> st.SearchStrategy[CoreExpression]:
    return st.one_of(st.sampled_from((constant(1), constant(Fraction(1, 2)))), _positive(number))


def _positive(number: st.SearchStrategy[CoreExpression]) -> st.SearchStrategy[CoreExpression]:
    return number.map(lambda one: core.Greatest(SPAN, NUMBER, (constant(1), one)))


def _quotient(left: CoreExpression, right: CoreExpression) -> CoreExpression:
    return core.Quotient(SPAN, NUMBER, left, right)


def _guarded(left: CoreExpression, right: CoreExpression) -> CoreExpression:
    if isinstance(right, core.Scale | core.Product | core.Quotient):
        # of these the checker wants each factor proved; a sum it takes as a whole
        right = core.Sum(SPAN, NUMBER, (right,))
    test = core.Compare(SPAN, TRUTH, ">", right, constant(0))
    return core.If(SPAN, NUMBER, test, core.Quotient(SPAN, NUMBER, left, right), constant(7))


def _compare(operator: ast.CompareOperator, left: CoreExpression, right: CoreExpression) -> CoreExpression:
    return core.Compare(SPAN, TRUTH, operator, left, right)


def _in_set(operand: CoreExpression, options: frozenset[str]) -> CoreExpression:
    return core.InSet(SPAN, TRUTH, (operand,), frozenset((option,) for option in options))


def _on(node: core.Lookup | core.InList, day: CoreExpression) -> CoreExpression:
    """The same as of another day."""
    return replace(node, on=day)


def _in_list(first: CoreExpression, second: CoreExpression, name: str) -> CoreExpression:
    return core.InList(SPAN, TRUTH, (first, second), name)


def _lookup(choice: CoreExpression) -> CoreExpression:
    return core.Lookup(SPAN, NUMBER, "v", (choice, core.Fact(SPAN, WHOLE, "", "w")))


def _by_amount(tables: str, inner: Kinds) -> st.SearchStrategy[CoreExpression]:
    def made(table: str, choice: CoreExpression, amount: CoreExpression) -> CoreExpression:
        return core.Lookup(SPAN, NUMBER, table, (choice, amount), marginal=table == "g")

    return st.builds(made, st.sampled_from(tables), inner.choice, inner.number)


def _by_two_ranges(
    inner: Kinds, truths: st.SearchStrategy[tuple[CoreExpression, ...]]
) -> st.SearchStrategy[CoreExpression]:
    whole: st.SearchStrategy[CoreExpression] = st.one_of(
        st.just(core.Fact(SPAN, WHOLE, "", "w")),
        st.builds(core.HowMany, st.just(SPAN), st.just(WHOLE), truths),
        st.builds(core.DatePart, st.just(SPAN), st.just(WHOLE), st.just("year"), inner.day),
    )
    keys = st.tuples(whole, inner.number)
    return st.builds(core.Lookup, st.just(SPAN), st.just(NUMBER), st.just("u"), keys)


def _shift(sign: int, part: str, day: CoreExpression, leap_day: LeapDay) -> CoreExpression:
    amount = core.Fact(SPAN, WHOLE, "", "w")
    return core.ShiftDate(SPAN, DATE, sign, part, day, amount, leap_day)  # type: ignore[arg-type]  # 1 or -1, months or days


def trees() -> st.SearchStrategy[CoreExpression]:
    """Trees of all types; half of them go over items, where most of the cases are."""
    plain, of_item = expressions(3), expressions(1, item=True)
    over_items = _aggregates(of_item, expressions(1))
    return st.one_of(
        plain.number, plain.truth, plain.choice, plain.day, over_items.number, over_items.number, over_items.truth
    )


def _ranks() -> st.SearchStrategy[CoreExpression]:
    """How many items come before this one by what they come to: a term of an item over a term of all."""
    mine = core.TermValue(SPAN, NUMBER, "items", "inumber")
    before = st.builds(_compare, st.sampled_from(("<", "<=", "=", ">")), st.just(mine), st.just(_outer(mine)))

    def ranked(where: CoreExpression, most: int) -> CoreExpression:
        return _compare("<=", core.Aggregate(SPAN, WHOLE, "count", "items", None, where, None), constant(most))

    return st.builds(ranked, before, st.integers(0, 2))


# ---- worlds


@st.composite
def rules(draw: st.DrawFn) -> Rules:
    """Terms of each kind, of the household and of an item, which the trees may name."""
    plain, of_item = expressions(2, terms=False), expressions(2, item=True, terms=False, place="joining")
    cores = {
        ("", "number"): draw(plain.number),
        ("", "truth"): draw(plain.truth),
        ("items", "inumber"): draw(of_item.number),
        ("items", "itruth"): draw(st.one_of(of_item.truth, _ranks())),
    }
    terms = {
        key: CheckedTerm(Term(key[1], "", "", "", ORIGIN, key[0], _EXPRESSION), made) for key, made in cores.items()
    }
    return Rules(terms, {}, {}, {}, {}, {})


def program_of(rules: Rules) -> Program:
    """The program of such terms, over the facts of this small world."""
    kinds: dict[str, Type] = {
        **dict.fromkeys(NUMBERS, NUMBER),
        "w": WHOLE,
        **dict.fromkeys(TRUTHS, TRUTH),
        **dict.fromkeys(DATES, DATE),
        **dict.fromkeys(REFERENCES, ITEM),
        "id": Text(),
    }

    def inputs(collection: str, facts: Facts) -> tuple[Input, ...]:
        return tuple(
            Input(collection, id, slot, kinds.get(id, CHOICE), value, role="identity" if id == "id" else "")
            for slot, (id, value) in enumerate(facts.items())
        )

    kinds |= {"in": NUMBER, "ip": TRUTH}
    household = Collection("", inputs("", UNKNOWN_FACTS), 1, 1, required=True)
    items = Collection("items", inputs("items", UNKNOWN_ITEM), LEAST_ITEMS, MAX_ITEMS, required=False)
    tables = {
        "v": Table("v", NUMBER, (CHOICE, WHOLE), interval(0, 9)),
        "s": Table("s", NUMBER, (CHOICE, NUMBER), RATES),
        "g": Table("g", NUMBER, (CHOICE, NUMBER), RATES, marginal=True),
        "u": Table("u", NUMBER, (WHOLE, NUMBER), RATES),
    }
    lists: dict[str, tuple[Type, ...]] = {"rows": (CHOICE, CHOICE), "absent": (CHOICE, CHOICE)}
    return narrowed(make_program(rules, [household, items], Outside(tables, lists, {"r": CHOICE}), SPAN))


def plainly(program: Program) -> Program:
    """The program before its tests were told where they hold."""
    steps = {step.owner: replace(step, core=plain(step.core)) for step in program.every}
    return replace(
        program,
        steps=tuple(steps[step.owner] for step in program.steps),
        authored=tuple(steps[step.owner] for step in program.authored),
    )


def linked(node: CoreExpression, program: Program) -> CoreExpression:
    """An expression as it would stand in one of the program's steps."""
    return told(link.linked(node, program), plainly(program))


def household(unknown: Facts, draw: st.DrawFn, *, share: int) -> dict[str, Value]:
    """Each fact known, or left unknown once in `share` times (0: never)."""
    return {
        id: value if share and draw(st.integers(0, share)) == 0 else draw(completion(value, id))
        for id, value in unknown.items()
    }


@lru_cache(maxsize=None, typed=True)
def completion(value: Value, id: str) -> st.SearchStrategy[Value]:
    """What an unknown may turn out to be."""
    if isinstance(value, Interval):
        low, high = ends(value)
        if isinstance(low, date):
            return st.dates(low, high)  # type: ignore[arg-type]  # both ends are dates
        if id == "w":
            return st.integers(0, 4)
        return st.fractions(low, high, max_denominator=3).map(lambda each: int(each) if each.denominator == 1 else each)  # type: ignore[arg-type]
    if value is UNKNOWN:
        if id in (*REFERENCES, "id"):
            return st.sampled_from(IDS)
        return st.sampled_from(OPTIONS) if id in (*CHOICES, "ic") else st.booleans()
    return st.just(value)


def settled(facts: Facts, count: int, place: int = 0) -> dict[str, Value]:
    """Ids are those of their places, and nobody is referred to who is not in the list of so many items."""
    placed = dict(facts)
    for id, value in facts.items():
        if isinstance(value, str) and id in (*REFERENCES, "id"):
            placed[id] = IDS[place] if id == "id" else min(value, IDS[count - 1])
    return placed


@dataclass(frozen=True, slots=True)
class Known:
    """How much is known of one household; `values` are the parameter's cells, by (option, count), `rates` those of the
    parameters by ranges of amounts, by (option, place of the range)."""

    facts: Mapping[str, Value]
    items: tuple[Facts, ...] | Unknown
    values: Mapping[tuple[str, int], int]
    listed: bool
    rates: Mapping[tuple[str, int], int] = field(default_factory=dict)

    def frame(self, program: Program) -> Frame:
        household = HouseholdFacts("h", "", date(2022, 1, 1), self.facts, {"items": self.items})
        frame = frame_on(rows_of(program, household), program, self._tables())
        work_out(workings_of(program), frame)
        return frame

    def _tables(self) -> Tables:
        cells: dict[Key, ValueInForce] = {
            (option, WholeRange(count, count)): ValueInForce(Cell(value, "", SPAN), 0, ORIGIN, False)
            for (option, count), value in self.values.items()
        }
        parameter = Parameter("v", "", "", "", ORIGIN, NUMBER, "", ("c", "w"), None, 0, 9, ())
        amounts: dict[Key, ValueInForce] = {
            (option, RANGES[place]): ValueInForce(Cell(value, "", SPAN), 0, ORIGIN, False)
            for (option, place), value in self.rates.items()
        }
        stepped = Parameter("s", "", "", "", ORIGIN, NUMBER, "", ("c", "n"), None, -9, 9, ())
        marginal = replace(stepped, id="g", marginal=True)
        ranged: dict[Key, ValueInForce] = {
            (WHOLES[OPTIONS.index(str(option))], part): held for (option, part), held in amounts.items()
        }
        two = replace(stepped, id="u", by=("w", "n"))
        tables = {
            "v": ParameterTable(parameter, cells, interval(0, 9), True, ()),
            "s": ParameterTable(stepped, amounts, RATES, True, (), frozenset((1,))),
            "g": MarginalTable(marginal, amounts, RATES, True, (), frozenset((1,))),
            "u": ParameterTable(two, ranged, RATES, True, (), frozenset((1,))),
        }
        lists = {"rows": ROWS, **({"absent": ROWS} if self.listed else {})}
        by_slot = tuple(tables.values())
        return Tables(tables, lists, {}, by_slot, (ROWS, lists.get("absent")), ("b",), self._elsewhen(tables))

    def _elsewhen(self, held_now: Mapping[str, ParameterTable]) -> Elsewhen:
        """Up to the day `TURN` all is as on the day of the decision; then values and lists are others."""

        def row(key: Key, value: V, *, then: bool) -> Row[V]:
            start, end = (TURN, None) if then else (None, TURN)
            return Row(key, EVERYWHERE, start, end, None, None, value, 0, ORIGIN)

        tables: dict[str, list[Row[Cell]]] = {}
        for id, table in held_now.items():
            tables[id] = [row(key, held.cell, then=False) for key, held in table.cells.items()]
            for key, held in table.cells.items():
                later = replace(held.cell, value=9 - abs(cast("int", held.cell.value)))
                tables[id].append(row(key, later, then=True))
        rows: dict[str, list[Row[Listed]]] = {"rows": [row((), ROWS, then=False), row((), OTHER_ROWS, then=True)]}
        rows["absent"] = rows["rows"] if self.listed else rows["rows"][1:]

        def made(id: str, cells: Mapping[Key, ValueInForce]) -> ParameterTable:
            return replace(held_now[id], cells=cells, rows={}, uses={})

        return Elsewhen(tables, rows, made, "", date.max, None)


@st.composite
def known(draw: st.DrawFn, share: int = 2) -> Known:
    """A household of which about one fact in `share` is unknown (0: none)."""
    items: tuple[Facts, ...] | Unknown = UNKNOWN
    facts = household(UNKNOWN_FACTS, draw, share=share)
    if not share or draw(st.integers(0, share)) > 0:
        count = draw(st.integers(1, 3))
        facts = settled(facts, count)
        items = tuple(settled(household(UNKNOWN_ITEM, draw, share=share), count, place) for place in range(count))
    values = {
        (option, count): draw(st.integers(0, 9))
        for option in OPTIONS
        for count in range(5)
        if not share or draw(st.integers(0, share)) > 0
    }
    rates = {
        (option, place): draw(st.integers(-9, 9))
        for option in OPTIONS
        for place in range(len(RANGES))
        if not share or draw(st.integers(0, share)) > 0
    }
    return Known(facts, items, values, not share or draw(st.booleans()), rates)


@st.composite
def completed(draw: st.DrawFn, before: Known) -> Known:
    """The household with every unknown told."""

    items = before.items
    if items is UNKNOWN:
        who = before.facts["who"]
        least = LEAST_ITEMS if who is UNKNOWN else 1 + IDS.index(cast("str", who))
        items = tuple(UNKNOWN_ITEM for _ in range(draw(st.integers(least, len(IDS)))))
    count = len(items)

    def told(facts: Facts, place: int = 0) -> dict[str, Value]:
        return settled({id: draw(completion(value, id)) for id, value in facts.items()}, count, place)

    values = {(option, count): draw(st.integers(0, 9)) for option in OPTIONS for count in range(5)} | dict(
        before.values
    )
    every = [(option, place) for option in OPTIONS for place in range(len(RANGES))]
    rates = {key: draw(st.integers(-9, 9)) for key in every} | dict(before.rates)
    told_items = tuple(told(item, place) for place, item in enumerate(items))
    return Known(told(before.facts), told_items, values, True, rates)
