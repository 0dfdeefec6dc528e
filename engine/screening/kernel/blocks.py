"""What programs look up, laid out as whole numbers: one block for each place and stretch of days.

In: a `Program`, and the values in force (`Tables`).  Out: where everything stands in a block (`Layout`), and blocks.
A block has the options of readings first, then a head for each table and list, then what these point to. A table is
all cells in the order of its keys, each as the least and the greatest that it can be: a cell without a value has the
ends of its extent. Of a key that is a count or an amount the head has the cuts between its ranges: a pair of a number
and on which side of it the cut lies. A list is its rows. What is looked up as of other days has turns too: pairs of a
day and where the head stands of what is in force from then on. Options go by their place in the declaration, texts and
places by number (`Numbers`).
Imports program, policy, language and evaluation's `lookup`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from itertools import product
from math import prod
from threading import Lock
from typing import Final, TypeAlias, cast

from engine.evaluation.lookup import ParameterTable, Tables
from engine.language import core
from engine.language.references import core_walk
from engine.language.types import Choice, Place, Quantity, Type
from engine.language.values import UNKNOWN, Value, ends
from engine.policy.checked import CheckedPolicy
from engine.policy.model import LAST_CUT, Key, Range
from engine.policy.rows import Listed
from engine.program.granularity import edges_of, parameter_steps
from engine.program.model import Program, Table
from engine.records import dataclass

FARTHEST: Final = 10**17
"""of edges of ranges, in their steps; rules that have one beyond it are for the interpreter"""
MOST_CELLS: Final = 1_000_000
_EVER: Final = LAST_CUT[0]
_Cut: TypeAlias = tuple[int | Fraction, int]


class Numbers:
    """Numbers of texts and places; places first, and none after. Equal texts have equal numbers."""

    def __init__(self, places: Iterable[str]) -> None:
        self.places = tuple(sorted(places))
        self._numbers = {text: number for number, text in enumerate(self.places)}
        self._lock = Lock()

    def of(self, text: str) -> int:
        """The number of a text, which gets one if it has none."""
        found = self._numbers.get(text)
        if found is None:
            with self._lock:
                found = self._numbers.setdefault(text, len(self._numbers))
        return found

    def known(self, text: str) -> int | None:
        return self._numbers.get(text)

    def __len__(self) -> int:
        return len(self._numbers)


@dataclass(frozen=True, slots=True)
class TablePlan:
    """Attributes:
    head: where in the block it says where its cells begin; then, for each key of ranges, how many cuts it has and
        where they stand.
    turns: where it says how many turns it has, and where they stand; None where no other day is asked about.
    sizes: of each key how many codes it has, None where it has ranges.
    below: cells count so many parts of the parameter's unit; `edge`: cuts likewise.
    low, high: between which all cells lie that have a value; `least`, `most`: and those that have none.
    """

    head: int
    turns: int | None
    sizes: tuple[int | None, ...]
    below: int
    edge: int
    low: int
    high: int
    least: int
    most: int


@dataclass(frozen=True, slots=True)
class ListPlan:
    """Attributes:
    head: where in the block it says whether it has rows, how many, and where; `turns` as of a table.
    """

    head: int
    turns: int | None


@dataclass(frozen=True, slots=True)
class Layout:
    """Attributes:
    tables, lists: by slot.
    width: of the part that every block has alike.
    """

    tables: tuple[TablePlan, ...]
    lists: tuple[ListPlan, ...]
    width: int


@dataclass(frozen=True, slots=True)
class Spread:
    """Of a parameter in which steps its values move, and between which they lie, on whatever day: so many parts of
    its unit; for the edges of ranges likewise."""

    below: int
    edge: int
    low: int
    high: int


def spreads(policy: CheckedPolicy) -> dict[str, Spread]:
    """Of each parameter of a policy. The bounds are those of its bits, so that a new year's values rarely need new
    code."""
    steps, found = parameter_steps(policy), {}
    for id in policy.merged.elements.parameters:
        below = steps.get(id, Fraction(1)).denominator
        values = [_counted(row.value.value, below) for row in policy.dated.tables[id]]
        size = max((abs(value) for value in values), default=0)
        most = (1 << size.bit_length()) - 1
        edge = steps.get(edges_of(id), Fraction(1)).denominator
        if not policy.merged.elements.parameters[id].marginal:
            edge = _edge(policy, id)
        found[id] = Spread(below, edge, -most if min(values, default=0) < 0 else 0, most)
    return found


def _edge(policy: CheckedPolicy, id: str) -> int:
    cuts = _cuts(part for row in policy.dated.tables[id] for part in row.key if isinstance(part, Range))
    return max((Fraction(number).denominator for number, _ in cuts), default=1)


def _cuts(parts: Iterable[Range]) -> list[_Cut]:
    """Where ranges begin and end, in order; where one goes on without end there is no cut."""
    return sorted({cut for part in parts for cut in _two_ends(part) if cut is not None})


def _two_ends(part: Range) -> tuple[_Cut | None, _Cut | None]:
    """A count is cut just before it."""
    start, end = (cut if isinstance(cut, tuple) else (cut, 0) for cut in (part.start, part.end))
    return None if start[0] <= -_EVER else start, None if end[0] >= _EVER else end


def _counted(value: int | Fraction | date, below: int) -> int:
    if isinstance(value, date):
        return value.toordinal()
    exact = Fraction(value) * below
    assert exact.denominator == 1, "the steps are those of all values"
    return exact.numerator


def layout_of(program: Program, spread: Mapping[str, Spread], numbers: Numbers) -> Layout:
    at, elsewhen = len(program.outside.readings), _elsewhen(program)
    tables = []
    for table in program.outside.tables.values():
        sizes = tuple(_size(key, numbers) for key in table.keys)
        turns = at + _width(sizes) if table.id in elsewhen else None
        tables.append(_plan(table, sizes, spread[table.id], at, turns))
        at += _width(sizes) + (0 if turns is None else 2)
    lists = []
    for id in program.outside.lists:
        turns = at + _LIST if id in elsewhen else None
        lists.append(ListPlan(at, turns))
        at += _LIST + (0 if turns is None else 2)
    return Layout(tuple(tables), tuple(lists), at)


_LIST: Final = 3
"""the width of a list's head"""


def _width(sizes: Sequence[int | None]) -> int:
    """Of a table's head."""
    return 1 + 2 * sizes.count(None)


def _elsewhen(program: Program) -> set[str]:
    """What is looked up as of another day."""
    found = set()
    for step in program.every:
        for node in core_walk(step.core):
            if isinstance(node, core.Lookup) and node.on is not None:
                found.add(node.parameter)
            elif isinstance(node, core.InList | core.OverlapsList) and node.on is not None:
                found.add(node.list)
    return found


def _size(key: Type, numbers: Numbers) -> int | None:
    match key:
        case Choice(options=options):
            return len(options)
        case Place():
            return len(numbers.places) + 1
        case Quantity():
            return None
    raise AssertionError(key)


def _plan(table: Table, sizes: tuple[int | None, ...], spread: Spread, head: int, turns: int | None) -> TablePlan:
    least, most = _ends(table.extent, spread.below)
    return TablePlan(head, turns, sizes, spread.below, spread.edge, spread.low, spread.high, least, most)


def _ends(value: Value, below: int) -> tuple[int, int]:
    """INVARIANT: what a parameter can be has two ends; a truth is 0 or 1."""
    if value is UNKNOWN:
        return 0, 1
    low, high = ends(value)
    return _counted(cast("int", low), below), _counted(cast("int", high), below)


# ---- blocks


def block_of(program: Program, layout: Layout, tables: Tables, numbers: Numbers) -> list[int]:
    """The block of one place and stretch of days."""
    block = [
        _option(kind, chosen) for kind, chosen in zip(program.outside.readings.values(), tables.options, strict=True)
    ]
    block += [0] * (layout.width - len(block))
    for plan, table, held in zip(layout.tables, program.outside.tables.values(), tables.by_slot, strict=True):
        _write_table(block, plan.head, plan, table, held, numbers)
        if plan.turns is not None:
            turns = []
            for first, other in tables.elsewhen.tables(table.id):
                turns += [first.toordinal(), len(block)]
                block += [0] * _width(plan.sizes)
                _write_table(block, turns[-1], plan, table, other, numbers)
            _write_turns(block, plan.turns, turns)
    for listed, (id, columns), rows in zip(
        layout.lists, program.outside.lists.items(), tables.lists_by_slot, strict=True
    ):
        _write_list(block, listed.head, columns, rows, numbers)
        if listed.turns is not None:
            turns = []
            for first, others in tables.elsewhen.lists(id):
                turns += [first.toordinal(), len(block)]
                block += [0] * _LIST
                _write_list(block, turns[-1], columns, others, numbers)
            _write_turns(block, listed.turns, turns)
    return block


def _write_turns(block: list[int], at: int, turns: Sequence[int]) -> None:
    block[at : at + 2] = len(turns) // 2, len(block)
    block += turns


def _write_list(block: list[int], head: int, columns: Sequence[Type], rows: Listed | None, numbers: Numbers) -> None:
    if rows is not None:
        block[head : head + _LIST] = 1, len(rows), len(block)
        for row in sorted(rows):
            block += [code_of(kind, text, numbers) for kind, text in zip(columns, row, strict=True)]


def _option(kind: Choice, option: str) -> int:
    return [id for id, _ in kind.options].index(option)


def code_of(kind: Type, text: str, numbers: Numbers) -> int:
    return _option(kind, text) if isinstance(kind, Choice) else numbers.of(text)


def _write_table(
    block: list[int], head: int, plan: TablePlan, table: Table, held: ParameterTable, numbers: Numbers
) -> None:
    at, axes = head + 1, []
    for place, size in enumerate(plan.sizes):
        if size is None:
            cuts = _cuts(cast("Range", key[place]) for key in held.cells)
            block[at : at + 2] = len(cuts), len(block)
            for number, side in cuts:
                block += [_in_steps(number, plan.edge), side]
            at += 2
            axes.append(cuts)
        else:
            axes.append([])
    sizes = [len(cuts) + 1 if size is None else size for size, cuts in zip(plan.sizes, axes, strict=True)]
    if len(block) + prod(sizes) > MOST_CELLS:
        raise OverflowError
    cells = [plan.least, plan.most] * prod(sizes)
    for key, cell in held.cells.items():
        value = _counted(cell.cell.value, plan.below)
        assert plan.low <= value <= plan.high, "the code was made for all values"
        for place in _places(key, table.keys, axes, sizes, numbers):
            cells[2 * place : 2 * place + 2] = value, value
    block[head] = len(block)
    block += cells


def _in_steps(number: int | Fraction, step: int) -> int:
    exact = Fraction(number) * step
    if abs(exact) > FARTHEST:
        raise OverflowError
    assert exact.denominator == 1, "edges are whole numbers of their steps"
    return int(exact)


def _places(
    key: Key, kinds: Sequence[Type], axes: Sequence[Sequence[object]], sizes: Sequence[int], numbers: Numbers
) -> Iterable[int]:
    """Where the cells stand that a key covers."""
    spans: list[Iterable[int]] = []
    for part, kind, cuts in zip(key, kinds, axes, strict=True):
        if isinstance(part, Range):
            start, end = _two_ends(part)
            first, last = 0 if start is None else cuts.index(start) + 1, len(cuts) if end is None else cuts.index(end)
            spans.append(range(first, last + 1))
        elif isinstance(kind, Place):
            number = numbers.known(part)
            spans.append(() if number is None or number >= len(numbers.places) else (number,))
        else:
            spans.append((code_of(kind, part, numbers),))
    for place in product(*spans):
        found = 0
        for index, size in zip(place, sizes, strict=True):
            found = found * size + index
        yield found
