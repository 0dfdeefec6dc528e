"""One program in native code: what it says of the households of a batch.

In: a `Program` with the figures that are asked for, and `Columns`.  Out: codes of truths and figures by row, and of
each row whether the interpreter has to say. Of a household of which all is known the plain program says it in plain
numbers; of others the narrowed one says it between two ends, which knows all that the plain one would.
Code is made when a batch first asks for it, once for each program and way in which columns are held.
Imports `lowering`, `columns`, `layout`, `ir` and program.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from threading import Lock
from typing import Any, Final, Literal, TypeAlias, assert_never, cast

import numpy as np

from engine.evaluation.joins import MOST_PAIRS
from engine.evaluation.prepared import Prepared
from engine.language import core
from engine.language.interpreter import MAX_ITEMS
from engine.language.references import core_walk
from engine.language.types import DateType, Quantity
from engine.program.model import HOUSEHOLD, Program, Step
from engine.records import dataclass
from engine.screening.kernel import arithmetic as native
from engine.screening.kernel.arithmetic import Code, Number
from engine.screening.kernel.blocks import Layout, Numbers
from engine.screening.kernel.columns import Columns
from engine.screening.kernel.ir import FALSE, TRUE, ZERO, Bit, Function, Int, Pointer, TooWide, whole
from engine.screening.kernel.levels import Level, Native
from engine.screening.kernel.lowering import Lowering
from engine.screening.kernel.reading import Reading
from engine.screening.kernel.values import EPOCH, MALFORMED
from engine.screening.kernel.whole import whole_rows
from engine.screening.outputs import MOST

Array: TypeAlias = Any
Way: TypeAlias = Literal["looked at", "known", "narrowed"]
WAYS: Final[tuple[Way, ...]] = ("known", "narrowed")

DONE, LEFT, UNKNOWN = 0, 1, 2
"""what is said of a row: that it is worked out, that the interpreter has to say, that something is not known"""
MET, UNMET, UNDETERMINED = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Figure:
    """A step whose value is told: `factor` times it is what is shown, to two places.

    Attributes:
        ends: whether it is told as well between which ends it lies where it is not known.
    """

    step: Step
    factor: Fraction
    ends: bool

    @property
    def most(self) -> int:
        """The largest number told of it. Amounts have the room of a column of them."""
        return MOST if isinstance(self.step.core.type, Quantity) else 2**63 - 1

    @property
    def kind(self) -> str:
        """As which its ends are put."""
        return "i128" if isinstance(self.step.core.type, Quantity) else "i64"


@dataclass(frozen=True, slots=True, eq=False)
class Answers:
    """Where answers are put, by the row of the batch, or by the place of the item among all of the batch.

    Attributes:
        status: DONE or LEFT.
        truths: of each step that is asked for MET, UNMET or UNDETERMINED.
        low, high, known: of each figure; hundredths in two words each, days or the number of an option. The ends of a
            number that is not known are rounded outwards; one that is known is the lower, rounded half away from zero.
    """

    status: Array
    truths: Sequence[Array]
    low: Sequence[Array]
    high: Sequence[Array]
    known: Sequence[Array]


class Kernel:
    """Args:
    truths: the steps of the household of which it is told whether they hold.
    figures: what is told of numbers, dates and options.
    """

    def __init__(
        self,
        program: Program,
        prepared: Prepared,
        layout: Layout,
        numbers: Numbers,
        truths: Sequence[Step],
        figures: Sequence[Figure],
    ) -> None:
        self.program, self._prepared = program, prepared
        self._layout, self._numbers = layout, numbers
        self._truths, self._figures = tuple(truths), tuple(figures)
        required = {(one.id, fact.id) for one in program.collections.values() for fact in one.inputs if fact.required}
        self._needed = program.used | required
        self._gone_over = frozenset(
            node.collection
            for step in program.steps
            for node in core_walk(step.core)
            if isinstance(node, core.Aggregate)
        )
        self._made: dict[object, _Native | TooWide] = {}
        self._lock = Lock()

    def decide(
        self, columns: Columns, asked: Array, routes: Array, offsets: Array, blocks: Array, answers: Answers
    ) -> None:
        """Args:
        asked: of each row of the batch whether the program decides it; none of them lacks what it must have.
        routes: of each row of the batch the place in `offsets` of where its block begins in `blocks`.
        """
        status, waiting = answers.status, asked.copy()
        if columns.marked.any():
            np.copyto(status, LEFT, where=waiting)
            waiting &= columns.marked == 0
        np.copyto(status, UNKNOWN, where=waiting)
        full, given = whole_rows(columns, self._needed, self._gone_over)
        for way in WAYS:
            known = way == "known"
            chosen = np.flatnonzero(waiting & full if known and full is not None else waiting).astype(np.int32)
            if len(chosen) == 0:
                continue
            asked = given if known else columns
            native = self.native(way, asked)
            if isinstance(native, TooWide):
                np.copyto(status, LEFT, where=waiting)
                break
            native.run(asked, chosen, routes, offsets, blocks, answers)
            waiting &= status == UNKNOWN

    def look(self, columns: Columns, rows: Array) -> Array:
        """The rows among these, each of which lacks something, that are refused for nothing else."""
        marks = columns.marked[rows]
        # what refers to an item is held against fewer of them where some are null
        rows = rows[marks & MALFORMED == 0 if not self.program.referring else marks == 0]
        native = self.native("looked at", columns) if len(rows) else None
        if native is None or isinstance(native, TooWide):
            return np.zeros(columns.rows, np.bool_)
        status = np.full(columns.rows, LEFT, np.uint8)
        # nothing is worked out, so no values in force are asked for
        nowhere, nothing = np.zeros(columns.rows, np.int32), np.zeros(1, np.int64)
        native.run(columns, rows, nowhere, nothing, nothing, Answers(status, [], [], [], []))
        return status == DONE

    def native(self, way: Way, columns: Columns) -> _Native | TooWide:
        """The code, or why there is none."""
        key = (way, columns.shape)
        with self._lock:
            if key not in self._made:
                try:
                    self._made[key] = _Native(self.text(way, columns))
                except TooWide as why:
                    self._made[key] = why.with_traceback(None)
            return self._made[key]

    def text(self, way: Way, columns: Columns) -> str:
        """The function as LLVM reads it."""
        program = self._prepared.sharper if way == "narrowed" else self.program
        writing = _Writing(program, self._layout, self._numbers, self._truths, self._figures, columns, way)
        return writing.text()


class _Native:
    """A compiled function."""

    def __init__(self, text: str) -> None:
        from engine.screening.kernel.machine import compiled

        self._engine, address = compiled(text)
        self._call = ctypes.CFUNCTYPE(None, ctypes.c_int64, *[ctypes.c_void_p] * 6)(address)

    def run(
        self, columns: Columns, rows: Array, routes: Array, offsets: Array, blocks: Array, answers: Answers
    ) -> None:
        """Without the lock of the interpreter: several threads may run at once."""
        inputs = np.array(list(_addresses(columns)), dtype=np.int64)
        outs = [answers.status, *answers.truths]
        for each in zip(answers.low, answers.high, answers.known, strict=True):
            outs.extend(each)
        outputs = np.array([one.ctypes.data for one in outs], dtype=np.int64)
        arrays = (rows, inputs, routes, offsets, blocks, outputs)
        self._call(len(rows), *[one.ctypes.data for one in arrays])


def _addresses(columns: Columns) -> Iterator[int]:
    for column in columns.held.values():
        yield from (column.values, column.valid, column.extra)
    for listing in columns.lists.values():
        yield from (listing.offsets, listing.valid)


class _Writing:
    """The text of one function."""

    def __init__(
        self,
        program: Program,
        layout: Layout,
        numbers: Numbers,
        truths: Sequence[Step],
        figures: Sequence[Figure],
        columns: Columns,
        way: Way,
    ) -> None:
        self._program, self._layout, self._numbers = program, layout, numbers
        self._steps = [program.by_place[step.collection, step.slot] for step in truths]
        self._figures = [replace(one, step=program.by_place[one.step.collection, one.step.slot]) for one in figures]
        self._columns, self._way = columns, way

    def text(self) -> str:
        f = Function(
            "define void @screen(i64 %n, ptr noalias %rows, ptr noalias %inputs, ptr noalias %routes, "
            "ptr noalias %offsets, ptr noalias %blocks, ptr noalias %outs)"
        )
        outs = _Outs(f, 1 + len(self._steps) + 3 * len(self._figures))
        reading = Reading(f, self._columns, self._program)
        with f.loop(ZERO, Int("%n", 0, 2**31 - 1)) as place:
            row = f.read("i32", Pointer("%rows"), place, 0, 2**31 - 1)
            route = f.read("i32", Pointer("%routes"), row, 0, 2**31 - 1)
            block = f.at("i64", Pointer("%blocks"), f.read("i64", Pointer("%offsets"), route, 0, 2**40))
            self._row(f, outs, reading, block, row)
        f.say("ret void")
        return f.text

    def _row(self, f: Function, outs: _Outs, reading: Reading, block: Pointer, row: Int) -> None:
        known, looking = self._way in ("known", "looked at"), self._way == "looked at"
        lowering = Lowering(
            self._program, self._layout, self._numbers, reading, f, block, row, known=known, looking=looking
        )
        reading.row(row)
        if looking:
            self._look(lowering, reading, f)
            outs.put("i8", 0, row, f.pick(lowering.flags()[0], whole(LEFT), whole(DONE)))
            return
        program, home = self._program, lowering.household
        figures = [one.step for one in self._figures]
        wanted = [*self._steps, *figures, *program.refusing]
        lowering.gathering.prepare(wanted)
        self._look(lowering, reading, f)
        self._refuse(lowering, reading, f)
        for place, step in enumerate(self._steps):
            found = lowering.step(HOUSEHOLD, step.slot, home)
            outs.put("i8", 1 + place, row, _code(f, cast("native.Truth", found)))
        for place, figure in enumerate(self._figures):
            with lowering.each(figure.step.collection) as level:
                found = lowering.step(figure.step.collection, figure.step.slot, level)
                self._tell(lowering, outs, place, level, found, figure)
        left, unknown = lowering.flags()
        status = f.pick(left, whole(LEFT), whole(DONE))
        outs.put("i8", 0, row, f.pick(unknown, whole(UNKNOWN), status) if known else status)

    def _look(self, lowering: Lowering, reading: Reading, f: Function) -> None:
        """Leave what cannot be read as it stands, whatever is worked out from it."""
        for id, collection in self._program.collections.items():
            if id != HOUSEHOLD:
                given, length = reading.given(id), reading.length(id)
                lowering.leave(f.both(given, f.compare(">", length, whole(MAX_ITEMS))))
                lowering.lacking(f.both(given, f.compare("<", length, whole(collection.least))))
                lowering.lacking(f.no(given) if collection.required else FALSE)
        lowering.gathering.check(list(self._columns.lists))

    def _refuse(self, lowering: Lowering, reading: Reading, f: Function) -> None:
        """Leave what is to be refused although it can be read: for its size, or what a check of the data says no to."""
        pairs = ZERO
        for id, node in self._program.joined:
            pairs = f.add(
                pairs, f.multiply(*(f.subtract(*reversed(reading.span(one))) for one in (id, node.collection)))
            )
        lowering.leave(f.compare(">", pairs, whole(MOST_PAIRS)))
        for check in self._program.refusing:
            with lowering.each(check.collection) as level:
                found = cast("native.Truth", lowering.step(check.collection, check.slot, level))
                lowering.leave(f.no(found.maybe))

    def _tell(self, lowering: Lowering, outs: _Outs, place: int, level: Level, found: Native, figure: Figure) -> None:
        f, a, index = lowering.f, lowering.a, cast("Int", level.index)
        known = lowering.is_known(found)
        first = 1 + len(self._steps) + 3 * place
        for number, end in enumerate(self._ends(a, known, found, figure)):
            inside = f.both(f.compare(">=", end, whole(-figure.most)), f.compare("<=", end, whole(figure.most)))
            lowering.leave(f.both(TRUE if figure.ends else known, f.no(inside)))
            outs.put(figure.kind, first + number, index, end)
        outs.put("i8", first + 2, index, f.counted(known))

    def _ends(self, a: native.Arithmetic, known: Bit, found: Native, figure: Figure) -> tuple[Int, ...]:
        """Its value, for which the lower stands where no ends are told; or its ends."""
        f = a.f
        match found:
            case Number() if isinstance(figure.step.core.type, DateType):
                ends = (found.low, found.high) if figure.ends else (found.low,)
                return tuple(f.subtract(end.above, whole(EPOCH)) for end in ends)
            case Number():
                shown = a.scale(100 * figure.factor, found)
                rounded = a.steps("round", shown.low)
                if found.known or not figure.ends:
                    return (rounded,)
                low, high = a.floor(shown.low), a.ceiling(shown.high)
                return f.pick(known, rounded, low), f.pick(known, rounded, high)
            case native.Truth():
                return (f.counted(found.surely),)
            case Code():
                return (found.number,)
            case native.Several():
                raise TooWide("a set that is told")
        assert_never(found)


def _code(f: Function, found: native.Truth) -> Int:
    unmet = whole(UNMET) if found.known else f.pick(found.maybe, whole(UNDETERMINED), whole(UNMET))
    return f.pick(found.surely, whole(MET), unmet)


class _Outs:
    """Where answers are put."""

    def __init__(self, function: Function, count: int) -> None:
        self._f = function
        self._pointers = [function.pointer_at(Pointer("%outs"), place) for place in range(count)]

    def put(self, kind: str, out: int, index: Int, value: Int) -> None:
        f = self._f
        f.store(kind, f.wide(value, int(kind[1:])), f.at(kind, self._pointers[out], index))
