"""The values of inputs, read in native code from the buffers that Arrow has them in.

In: `Columns`; at run time their addresses stand in `%inputs`, those of lists behind them.  Out: values as if all were
given, whether they are, and whether they are malformed. Whatever stands in a buffer is brought within its extent: what
is not given counts for nothing and leads nowhere.
Imports `columns`, `arithmetic`, `ir`, program and language.
"""

from __future__ import annotations

from datetime import date
from typing import assert_never, cast

from engine.language.interpreter import MAX_ITEMS
from engine.language.types import ItemOf
from engine.language.values import ends
from engine.program.model import HOUSEHOLD, Input, Program
from engine.screening.kernel import arithmetic as native
from engine.screening.kernel.arithmetic import Code, End, point, truth
from engine.screening.kernel.columns import CODES, Columns
from engine.screening.kernel.ir import FALSE, ONE, TRUE, ZERO, Bit, Function, Int, Pointer, bits_of, whole
from engine.screening.kernel.levels import Native
from engine.screening.kernel.totals import Flag
from engine.screening.kernel.values import EPOCH, Form


class Reading:
    """Where the values of inputs are read: the addresses of columns, and of lists after them, stand in `%inputs`."""

    def __init__(self, function: Function, columns: Columns, program: Program) -> None:
        self._f, self._program = function, program
        self._held: dict[tuple[str, str], tuple[Form, tuple[Pointer, Pointer, Pointer]]] = {}
        place = 0
        for key, column in columns.held.items():
            pointers = [function.pointer_at(Pointer("%inputs"), place + one) for one in range(3)]
            self._held[key] = column.form, (pointers[0], pointers[1], pointers[2])
            place += 3
        self._lists: dict[str, tuple[Pointer, Pointer, bool]] = {}
        for id, listing in columns.lists.items():
            offsets, valid = (function.pointer_at(Pointer("%inputs"), place + one) for one in range(2))
            self._lists[id] = offsets, valid, listing.nullable
            place += 2
        self._keys = {id: function.slot("i64", MAX_ITEMS) for id in columns.lists if self._identity(id) is not None}

    def _identity(self, collection: str) -> Input | None:
        inputs = self._program.collections[collection].inputs
        return next((one for one in inputs if one.role == "identity" and (collection, one.id) in self._held), None)

    def row(self, row: Int) -> None:
        """Begin with a household."""
        f = self._f
        self._row = row
        self._spans: dict[str, tuple[Int, Int]] = {}
        self._long: dict[str, Int] = {}
        for id, (offsets, _, _) in self._lists.items():
            start = f.read("i32", offsets, row, 0, 2**31 - 1)
            end = f.read("i32", offsets, f.add(row, ONE), 0, 2**31 - 1)
            count = self._long[id] = f.greatest(f.subtract(end, start), ZERO)
            self._spans[id] = start, f.add(start, f.least(count, whole(MAX_ITEMS)))

    def column(self, one: Input, collection: str) -> bool:
        return (collection, one.id) in self._held

    def given(self, collection: str) -> Bit:
        if collection not in self._lists:
            return FALSE
        _, valid, nullable = self._lists[collection]
        return self._f.bit_at(valid, self._row) if nullable else TRUE

    def span(self, collection: str) -> tuple[Int, Int]:
        return self._spans.get(collection, (ZERO, ZERO))

    def length(self, collection: str) -> Int:
        """How many items the list has, more than may be included."""
        return self._long.get(collection, ZERO)

    def read(self, one: Input, collection: str, index: Int) -> tuple[Native, Bit, Bit]:
        coded = (collection, one.id + CODES)
        return self._read(one, coded if coded in self._held else (collection, one.id), index)

    def plain(self, one: Input, collection: str, index: Int) -> tuple[Bit, Bit]:
        """Whether a value is given, and whether it is malformed."""
        return self._read(one, (collection, one.id), index)[1:]

    def _read(self, one: Input, key: tuple[str, str], index: Int) -> tuple[Native, Bit, Bit]:
        f, (form, (values, valid, extra)) = self._f, self._held[key]
        given = f.bit_at(valid, index) if form.nullable else TRUE
        value, bad = self._value(one, form, values, extra, index, given)
        return value, given, f.both(given, bad)

    def whose(self, one: Input, collection: str, index: Int) -> Bit:
        f, referred = self._f, cast("ItemOf", one.type).collection
        identity = self._identity(referred)
        if identity is None:
            return FALSE  # nobody has an id that is known
        value, given, _ = self.read(one, collection, index)
        there = Flag(f)
        with f.loop(*self.span(referred)) as place:
            id, known, _ = self.read(identity, referred, place)
            same = f.compare("=", cast("Code", value).number, cast("Code", id).number)
            there.set(f.either(f.no(known), same))
        return f.both(given, self.given(referred), f.no(there.found()))

    def _value(
        self, one: Input, form: Form, values: Pointer, extra: Pointer, index: Int, given: Bit
    ) -> tuple[Native, Bit]:
        f = self._f
        match form.kind:
            case "number" | "decimal" | "day":
                return self._number(one, form, values, index)
            case "truth":
                return truth(f.bit_at(values, index)), FALSE
            case "code":
                code = self._code(values, extra, index, given)
                return Code(f.greatest(code, ZERO)), f.compare("<", code, ZERO)
            case "id":
                return Code(ZERO), f.compare("=", self._key(form, values, extra, index, given), ZERO)
            case "several":
                start = f.read("i32", values, index, 0, 2**31 - 1)
                end = f.read("i32", values, f.add(index, ONE), 0, 2**31 - 1)
                return native.Several(extra, start, end), FALSE
        assert_never(form.kind)

    def _number(self, one: Input, form: Form, values: Pointer, index: Int) -> tuple[Native, Bit]:
        f = self._f
        low, high = (int(end.toordinal() if isinstance(end, date) else cast("int", end)) for end in ends(one.extent))
        match form.kind:
            case "day":
                held = f.read("i32", values, index, -(2**31), 2**31 - 1)
                low, high, shift = low - EPOCH, high - EPOCH, EPOCH
            case "decimal":
                place = f.at("i128", values, index)
                name, depth = f.made(f"load i128, ptr {place.name}, align 8", (place,))
                held, shift = Int(name, -(2**127), 2**127 - 1, depth), 0
            case _:
                held, shift = f.read("i64", values, index, -(2**63), 2**63 - 1), 0
        inside = f.both(f.compare(">=", held, whole(low)), f.compare("<=", held, whole(high)))
        kept = f.pick(inside, held, whole(low))
        bits = max(bits_of(low, high), 64)
        name = f.made(f"trunc i128 {kept.name} to i{bits}", (kept,))[0] if kept.bits > bits else kept.name
        value = f.add(Int(name, low, high, kept.depth), whole(shift))
        return point(End(value)), f.no(inside)

    def _code(self, values: Pointer, extra: Pointer, index: Int, given: Bit) -> Int:
        place = self._f.read("i32", values, index, 0, 2**31 - 1)
        return self._f.read("i32", extra, self._f.pick(given, place, ZERO), -1, 2**31 - 1)

    def _key(self, form: Form, values: Pointer, text: Pointer, index: Int, given: Bit) -> Int:
        """Equal for ids that mean the same."""
        f = self._f
        if form.kind == "code":
            return self._code(values, text, index, given)
        start = f.read("i32", values, index, 0, 2**31 - 1)
        end = f.read("i32", values, f.add(index, ONE), 0, 2**31 - 1)
        length = f.pick(given, f.subtract(end, start), ZERO)
        place = f.at("i8", text, start)
        name, depth = f.made(f"call i64 @id_key(ptr {place.name}, i64 {length.name})", (place, length))
        return Int(name, -(2**63), 2**63 - 1, depth)

    def twice(self, collection: str, index: Int) -> Bit:
        """Whether an item before this one may have the same id."""
        one, f = self._identity(collection), self._f
        if one is None or collection == HOUSEHOLD:
            return FALSE
        form, (values, valid, extra) = self._held[collection, one.id]
        given = f.bit_at(valid, index) if form.nullable else TRUE
        key, start = self._key(form, values, extra, index, given), self.span(collection)[0]
        keys, found = self._keys[collection], Flag(f)
        before = f.ranged(f.subtract(index, start), 0, MAX_ITEMS - 1)
        f.store("i64", key.name, f.at("i64", keys, before))
        with f.loop(ZERO, before) as place:
            at = f.at("i64", keys, place)
            other = Int(f.load("i64", at, f.depth), key.low, key.high, f.depth)
            found.set(f.compare("=", key, other))
        return f.both(given, found.found())
