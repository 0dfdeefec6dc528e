"""Batches routed to native code: each row's place and day say which program decides, and by which values.

In: a `Router`, batches, the columns of answers.  Out: `Taken`. A row that has no way, or that native code
leaves, is left.
Imports evaluation, program, policy and this floor.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field
from datetime import date
from functools import lru_cache
from threading import RLock
from typing import Any, ClassVar, Final, TypeAlias

import numpy as np
import pyarrow as pa

from engine.errors import HouseholdError
from engine.evaluation.lookup import Tables
from engine.evaluation.prepared import Prepared, prepare, tables_on
from engine.evaluation.reasons import MOST_REASONS
from engine.evaluation.routing import Route, Router
from engine.identity import Same
from engine.language.types import Choice
from engine.policy.checked import CheckedPolicy
from engine.policy.model import FactRole
from engine.program.model import HOUSEHOLD, Step
from engine.records import dataclass
from engine.screening.answers import NONE, Answers, Taken
from engine.screening.kernel.blocks import Layout, Numbers, block_of, layout_of, spreads
from engine.screening.kernel.columns import Batch, Columns
from engine.screening.kernel.lacking import Demands, Gaps
from engine.screening.kernel.program import LEFT, Figure, Kernel
from engine.screening.kernel.program import Answers as Put
from engine.screening.kernel.sheet import Sheet
from engine.screening.kernel.values import EPOCH, NO_DAY
from engine.screening.outputs import AMOUNT, OutputColumns
from engine.screening.refusals import Order

Array: TypeAlias = Any
ROLES: Final[tuple[FactRole, ...]] = ("identity", "place", "as_of")
"""of the facts that say which rules decide"""
_FOREVER: Final = 2**31 - 1
_MOST_WAYS: Final = 1 << 22
"""places times days of a batch that are laid out in full"""


@dataclass(frozen=True, slots=True, eq=False)
class _Unit:
    """What policies share that are the same program with the same columns of answers.

    Attributes:
        policy: one of them: they declare their facts alike.
        truths, figures: the columns of answers that the kernel fills, in its order; `steps` are those of the figures.
        outcome: of the outcome alone.
        demands: what refuses a household that lacks it.
        blocks: the values in force of each place and stretch of days, one behind the other; `begun`: where each begins.
    """

    policy: CheckedPolicy
    kernel: Kernel
    layout: Layout
    truths: tuple[str, ...]
    figures: tuple[OutputColumns, ...]
    steps: tuple[Step, ...]
    outcome: Kernel | None
    demands: Demands
    blocks: array[int] = field(default_factory=lambda: array("q"))
    begun: dict[Same[Tables], int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class _Reader:
    """What reads households that cannot be placed: they are refused for that and for whatever else they lack."""

    policy: CheckedPolicy
    kernel: Kernel
    demands: Demands

    def reads_as(self, unit: _Unit) -> bool:
        return self.kernel is unit.kernel and self.demands.reasons == unit.demands.reasons


@dataclass(frozen=True, slots=True)
class _Way:
    """What decides a place on a day. `policy` is its code in the answers; `unit` is None where nothing does."""

    unit: int
    block: int
    policy: int


@dataclass(frozen=True, slots=True)
class _Lasting:
    """The number of a way, and from which to which day it is that of a place."""

    first: int
    last: int
    number: int


_NO_WAY: Final = _Way(-1, 0, NONE)


@dataclass(frozen=True, slots=True, eq=False)
class _Shared:
    """What screenings under the same loaded policies share: numbers of places, and code."""

    numbers: Numbers
    kernels: dict[object, tuple[Layout, Kernel, Kernel | None]] = field(default_factory=dict)
    lock: Any = field(default_factory=RLock)


@lru_cache(maxsize=16)
def _shared(_router: Same[Router], places: tuple[str, ...]) -> _Shared:
    return _Shared(Numbers(places))


class Deciding:
    """Args:
    roles: the columns that say whose household it is, where and when.
    places: every code that is known of any territory.
    order: in which the reasons of a refusal stand.

    Attributes:
        few: so many rows of a batch the interpreter is asked about, which is sooner done than code is made. It goes by
            the batch alone: who decides a row is the same however often a run began anew.
    """

    few: ClassVar[int] = 100

    def __init__(
        self,
        router: Router,
        answers: Answers,
        roles: Mapping[FactRole, str],
        places: Iterable[str],
        order: Order,
        policy: str | None,
        as_of: date | None,
        known_on: date | None,
    ) -> None:
        self._router, self._answers, self._roles = router, answers, roles
        self._policy, self._as_of, self._known_on = policy, as_of, known_on
        self._shared = _shared(Same(router), tuple(sorted(places)))
        self._numbers, self._order = self._shared.numbers, order
        self._codes = {id: code for code, id in enumerate(answers.policies)}
        self._lock = RLock()
        self._units: list[_Unit] = []
        self._alike: dict[object, int] = {}
        self._of: dict[Same[CheckedPolicy], int | None] = {}
        self._ways: list[_Way] = [_NO_WAY]
        self._known: dict[str, list[_Lasting]] = {}
        self._reader: list[_Reader | None] = []

    def __call__(self, batch: pa.RecordBatch) -> Taken:
        """What native code says of a batch."""
        columns = Batch(batch, self._numbers)
        gaps = Gaps(columns)
        ways = self._ways_of(columns, batch.num_rows)
        with self._lock:
            table = np.array([(way.unit, way.block, way.policy) for way in self._ways], dtype=np.int64)
            units = [(unit, np.array(unit.blocks)) for unit in self._units]
        unit_of = table[:, 0]
        sheet = Sheet(self._answers, batch, ways, table[:, 2])
        present = np.flatnonzero(np.bincount(ways, minlength=len(table)))
        unplaced = (ways == 0) & (gaps.rows(self._roles["place"]) | gaps.rows(self._roles["as_of"]))
        reader = self._made_reader() if np.count_nonzero(unplaced) > self.few else None
        for number in sorted({int(unit_of[way]) for way in present} - {-1}):
            unit, blocks = units[number]
            whole = len(present) == 1 or all(unit_of[way] == number for way in present)
            asked = np.ones(len(ways), np.bool_) if whole else unit_of[ways] == number
            if np.count_nonzero(asked) > self.few:
                read = columns.columns(unit.kernel.program, unit.policy.merged.elements)
                looked_at = asked
                if reader is not None and reader.reads_as(unit):
                    looked_at, reader = asked | unplaced, None
                asked = asked & self._refuse(unit, read, gaps, looked_at, sheet)
                self._run(unit, read, asked, ways, np.ascontiguousarray(table[:, 1]), blocks, sheet)
        if reader is not None:
            read = columns.columns(reader.kernel.program, reader.policy.merged.elements)
            self._refuse(reader, read, gaps, unplaced, sheet)
        return sheet.taken()

    def _refuse(self, reader: _Unit | _Reader, columns: Columns, gaps: Gaps, asked: Array, sheet: Sheet) -> Array:
        """Refuse those of the rows asked for that are refused for what they lack and nothing else; those that lack
        nothing."""
        found = reader.demands.lacked(gaps, asked)
        if not len(found.rows):
            return asked
        lacking, _, counts = found.firsts()
        few = lacking[counts <= MOST_REASONS]  # of more the first in the order of reading are told
        sheet.refuse(found.only(reader.kernel.look(columns, few.astype(np.int32))))
        others = asked.copy()
        others[lacking] = False
        return others

    def _made_reader(self) -> _Reader | None:
        """Made when a batch first asks for it."""
        with self._lock:
            if not self._reader:
                checked = self._router.reads_unplaced(self._policy)
                self._reader.append(None if checked is None else self._reader_of(prepare(checked)))
            return self._reader[0]

    def _reader_of(self, prepared: Prepared) -> _Reader:
        program, policy, shared = prepared.program, prepared.policy, self._shared
        with shared.lock:
            kernel = next((one for _, one, _ in shared.kernels.values() if one.program is program), None)
            if kernel is None:
                layout = layout_of(program, spreads(policy), self._numbers)
                kernel = Kernel(program, prepared, layout, self._numbers, [], [])
                shared.kernels[Same(policy)] = layout, kernel, None
        return _Reader(policy, kernel, Demands(policy.merged.elements, self._order))

    def _run(
        self, unit: _Unit, columns: Columns, asked: Array, ways: Array, offsets: Array, blocks: Array, sheet: Sheet
    ) -> None:
        put = sheet.of(unit.truths, unit.figures, columns.lists)
        unit.kernel.decide(columns, asked, ways, offsets, blocks, put)
        for low, step in zip(put.low, unit.steps, strict=True):
            if isinstance(step.core.type, Choice):
                low[asked] = sheet.words([id for id, _ in step.core.type.options])[low[asked]]
        if self._answers.readings:
            self._read_otherwise(unit, columns, asked, ways, offsets, blocks, sheet)

    def _read_otherwise(
        self, unit: _Unit, columns: Columns, asked: Array, ways: Array, offsets: Array, blocks: Array, sheet: Sheet
    ) -> None:
        """Whether another option of a reading would give another outcome."""
        if unit.outcome is None:
            sheet.status[asked] = LEFT  # figures are told apart by more than what is shown of them
            return
        decided = sheet.codes("outcome")
        begun = np.array(list(unit.begun.values()))
        for name, id in self._answers.readings.items():
            reading = unit.outcome.program.outside.readings.get(id)
            if reading is None:
                continue
            slot, differs = unit.outcome.program.reading_slots[id], sheet.reading(name, asked)
            for option in range(len(reading.options)):
                otherwise = blocks.copy()
                otherwise[begun[begun < len(blocks)] + slot] = option
                put = Put(np.zeros_like(sheet.status), [np.zeros_like(decided)], [], [], [])
                unit.outcome.decide(columns, asked, ways, offsets, otherwise, put)
                sheet.status[asked] |= put.status[asked]
                differs[asked] |= put.truths[0][asked] != decided[asked]

    # ---- ways

    def _ways_of(self, batch: Batch, rows: int) -> Array:
        """Of each row the number of its way."""
        coded, counted = batch.texts(self._roles["place"]), batch.days(self._roles["as_of"])
        if coded is None or counted is None:
            return np.zeros(rows, np.int32)
        codes, texts = coded
        dayless = counted == NO_DAY
        if dayless.any():  # the day is then no matter: the last of the places is none
            codes = np.where(dayless, np.int32(len(texts) - 1), codes)
            counted = np.where(dayless, counted[np.argmin(dayless)], counted)
        first = int(counted.min(initial=_FOREVER))
        span = int(counted.max(initial=first)) - first + 1
        lasting = [self._way(text, first) for text in texts]
        if all(last >= first + span - 1 for _, last in lasting):  # as on most batches: nothing turns between their days
            return np.array([way for way, _ in lasting], np.int32)[codes]
        if len(texts) * span > _MOST_WAYS:
            pairs = codes.astype(np.int64) * span + (counted.astype(np.int64) - first)
            distinct, found = np.unique(pairs, return_inverse=True)
            return self._ways_at(distinct, texts, first, span)[found]
        found = codes * np.int32(span) + (counted - np.int32(first))
        distinct = np.flatnonzero(np.bincount(found, minlength=len(texts) * span))
        table = np.zeros(len(texts) * span, np.int32)
        table[distinct] = self._ways_at(distinct, texts, first, span)
        return table[found]

    def _ways_at(self, pairs: Array, texts: Sequence[str | None], first: int, span: int) -> Array:
        """Of each place and day, in the order of places and then of days, the number of its way."""
        ways = np.zeros(len(pairs), np.int32)
        days = (first + pairs % span).tolist()
        ends = np.searchsorted(pairs, np.arange(1, len(texts) + 1) * span)
        start = 0
        for place, end in enumerate(ends.tolist()):
            while start < end:
                way, last = self._way(texts[place], days[start])
                following = end if last >= days[end - 1] else bisect_right(days, last, start, end)
                ways[start:following] = way
                start = following
        return ways

    def _way(self, place: str | None, day: int) -> tuple[int, int]:
        """The number of the way of a place on a day, and up to which day that is so."""
        if place is None:
            return 0, _FOREVER
        if not 1 <= day + EPOCH <= date.max.toordinal():
            return 0, day
        with self._lock:
            known = self._known.setdefault(place, [])
            found = next((way for way in known if way.first <= day <= way.last), None)
            if found is None:
                found = self._make(place, date.fromordinal(day + EPOCH))
                known.append(found)
            return found.number, found.last

    def _make(self, place: str, day: date) -> _Lasting:
        roles = self._roles
        tree = {roles["identity"]: "1", roles["place"]: place, roles["as_of"]: day.isoformat()}
        try:
            route: Route | None = self._router.route(tree, self._policy, self._as_of, self._known_on)
        except HouseholdError:
            route = None
        bounds = [(date.min, date.max)]
        if route is None and self._as_of is not None:
            bounds.append((day, day))  # it may be the day that is refused
        elif self._as_of is None:
            bounds.append(self._router.lasting(route, self._policy, day, self._known_on))
            if route is not None:
                bounds.append(route.checked.dated.lasting(day))
        first, last = max(one for one, _ in bounds), min(one for _, one in bounds)
        way = 0 if route is None else self._way_by(route, place, self._as_of or day)
        return _Lasting(first.toordinal() - EPOCH, last.toordinal() - EPOCH, way)

    def _way_by(self, route: Route, place: str, day: date) -> int:
        """The number of the way of a route; 0 where there is no native code for it."""
        held = Same(route.checked)
        if held not in self._of:
            self._of[held] = self._unit(prepare(route.checked))
        number = self._of[held]
        if number is None:
            return 0
        unit, tables = self._units[number], tables_on(route.checked, place, day, self._known_on)
        if Same(tables) not in unit.begun:
            try:
                block = block_of(unit.kernel.program, unit.layout, tables, self._numbers)
            except OverflowError:
                return 0
            unit.begun[Same(tables)] = len(unit.blocks)
            unit.blocks.extend(block)
        code = self._codes[route.checked.merged.chain.own_ids[-1]]
        self._ways.append(_Way(number, unit.begun[Same(tables)], code))
        return len(self._ways) - 1

    def _unit(self, prepared: Prepared) -> int | None:
        """The unit of a policy; None where there is no native code for it."""
        program, elements = prepared.program, prepared.policy.merged.elements
        truths = {
            name: program.by_place[HOUSEHOLD, program.truths[key]]
            for name, key in self._answers.findings.items()
            if key in program.truths
        }
        if program.outcome is not None:
            truths = {"outcome": program.outcome, **truths}
        figures: list[tuple[OutputColumns, Figure]] = []
        for columns in self._answers.outputs:
            told = prepared.told_outputs.get(columns.id)
            if told is None:
                continue
            choice = isinstance(told.type, Choice) and not columns.listed
            if columns.mixed or not (choice or _is_simple(columns.type)):
                return None
            ends = any(field.name in self._answers.schema.names for field in columns.fields[1:])
            figures.append((columns, Figure(told.step, columns.measure_of(told.measure).factor, ends)))
        spread = spreads(prepared.policy)
        facts = tuple(
            (held.id, one.id, elements.fact(held.id, one.id).decimals)
            for held in program.collections.values()
            for one in held.inputs
        )
        demands = Demands(elements, self._order)
        alike = (
            Same(program),
            tuple(spread.items()),
            facts,
            tuple(truths),
            tuple((one.name, figure.factor, figure.ends) for one, figure in figures),
            demands.reasons,
        )
        if alike not in self._alike:
            with self._shared.lock:
                if alike not in self._shared.kernels:
                    layout = layout_of(program, spread, self._numbers)
                    asked = tuple(truths.values()), [figure for _, figure in figures]
                    kernel, outcome = Kernel(program, prepared, layout, self._numbers, *asked), None
                    if program.outcome is not None:
                        outcome = Kernel(program, prepared, layout, self._numbers, [program.outcome], [])
                    self._shared.kernels[alike] = layout, kernel, outcome
                layout, kernel, outcome = self._shared.kernels[alike]
            self._alike[alike] = len(self._units)
            self._units.append(
                _Unit(
                    prepared.policy,
                    kernel,
                    layout,
                    tuple(truths),
                    tuple(one for one, _ in figures),
                    tuple(one.step for _, one in figures),
                    outcome,
                    demands,
                )
            )
        return self._alike[alike]


def _is_simple(kind: pa.DataType) -> bool:
    return bool(kind == AMOUNT or pa.types.is_date32(kind) or pa.types.is_boolean(kind))
