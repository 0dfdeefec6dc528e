"""Text of LLVM's language, written one operation at a time, each with the range of what it can come to.

In: operations on `Int`s and `Bit`s.  Out: the text of functions. An integer has as many bits as its range asks for, 64
or 128, so that nothing ever wraps; what needs more is `TooWide`. An operation stands as far out as its operands allow:
what does not change in a loop stands before it.
Imports nothing of the engine but records.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Final, Literal, TypeAlias

from engine.records import dataclass

Predicate: TypeAlias = Literal["<", "<=", ">", ">=", "=", "!="]

_SIGNED: Final = {"<": "slt", "<=": "sle", ">": "sgt", ">=": "sge", "=": "eq", "!=": "ne"}
_WIDTHS: Final = (64, 128)


class TooWide(Exception):
    """A number needs more than 128 bits, or there is no native code for something: the interpreter has to say. The text
    is for whoever asks why a row was left."""


@dataclass(frozen=True, slots=True)
class Int:
    """An integer from `low` to `high`.

    Attributes:
        name: of the value, or its digits.
        depth: of the loop in which it is worked out; 0 outside of all.
    """

    name: str
    low: int
    high: int
    depth: int = 0

    @property
    def bits(self) -> int:
        return bits_of(self.low, self.high)

    @property
    def fixed(self) -> int | None:
        """The number, where there is only one that it can be."""
        return self.low if self.low == self.high else None


@dataclass(frozen=True, slots=True)
class Bit:
    """`true`, `false`, or one of them by name."""

    name: str
    depth: int = 0


@dataclass(frozen=True, slots=True)
class Pointer:
    name: str
    depth: int = 0


Operand: TypeAlias = Int | Bit | Pointer

TRUE: Final = Bit("true")
FALSE: Final = Bit("false")


def whole(value: int) -> Int:
    return Int(str(value), value, value)


ZERO: Final = whole(0)
ONE: Final = whole(1)


def bits_of(low: int, high: int) -> int:
    for bits in _WIDTHS:
        if -(1 << bits - 1) <= low and high < 1 << bits - 1:
            return bits
    raise TooWide("a number beyond 128 bits")


class Function:
    """The text of one function while it is written.

    Args:
        head: its first line, up to the brace.
    """

    def __init__(self, head: str) -> None:
        self._head = head
        self._slots: list[str] = []
        self._scopes: list[list[str]] = [[]]
        self._count = 0

    @property
    def text(self) -> str:
        lines = "\n".join([f"{self._head} {{", "entry:", *self._slots, *self._scopes[0]])
        return f"{lines}\n}}\n"

    @property
    def depth(self) -> int:
        return len(self._scopes) - 1

    def say(self, line: str, depth: int | None = None) -> None:
        self._scopes[self.depth if depth is None else depth].append(f"  {line}")

    def name(self) -> str:
        self._count += 1
        return f"%v{self._count}"

    def made(self, text: str, operands: Sequence[Operand]) -> tuple[str, int]:
        """The name of what an instruction comes to, and the depth at which it stands."""
        depth = max([one.depth for one in operands])
        assert depth <= self.depth, "what is worked out in a loop counts inside it only"
        name = self.name()
        self.say(f"{name} = {text}", depth)
        return name, depth

    # ---- memory

    def slot(self, kind: str, count: int = 1) -> Pointer:
        """Room for values of the function's own."""
        name = self.name()
        self._slots.append(f"  {name} = alloca {kind}, i64 {count}")
        return Pointer(name)

    def store(self, kind: str, value: str, pointer: Pointer, depth: int | None = None) -> None:
        align = ", align 8" if kind == "i128" else ""  # as NumPy lays two words out
        self.say(f"store {kind} {value}, ptr {pointer.name}{align}", depth)

    def load(self, kind: str, pointer: Pointer, depth: int) -> str:
        name = self.name()
        self.say(f"{name} = load {kind}, ptr {pointer.name}", depth)
        return name

    def at(self, kind: str, pointer: Pointer, index: Int) -> Pointer:
        """The place of the item at an index."""
        return Pointer(*self.made(f"getelementptr {kind}, ptr {pointer.name}, i64 {index.name}", (pointer, index)))

    def read(self, kind: str, pointer: Pointer, index: Int, low: int, high: int) -> Int:
        """A whole number of memory that does not change while the function runs."""
        place = self.at(kind, pointer, index)
        found = self.made(f"load {kind}, ptr {place.name}", (place,))
        if kind != "i64":
            found = self.made(f"sext {kind} {found[0]} to i64", (place,))
        return Int(found[0], low, high, found[1])

    def pointer_at(self, pointer: Pointer, index: int) -> Pointer:
        place = self.at("ptr", pointer, whole(index))
        return Pointer(*self.made(f"load ptr, ptr {place.name}", (place,)))

    def bit_at(self, pointer: Pointer, index: Int) -> Bit:
        """A bit of a bitmap as Arrow has it, the least of each byte first."""
        byte, _ = self.made(f"lshr i64 {index.name}, 3", (index,))
        found = self.at("i8", pointer, Int(byte, 0, 0, index.depth))
        held = self.made(f"load i8, ptr {found.name}", (found,))
        wide = self.made(f"zext i8 {held[0]} to i64", (found,))
        rest = self.made(f"and i64 {index.name}, 7", (index,))
        moved = self.made(f"lshr i64 {wide[0]}, {rest[0]}", (found, index))
        return Bit(*self.made(f"trunc i64 {moved[0]} to i1", (found, index)))

    # ---- loops and branches

    @contextmanager
    def loop(self, start: Int, end: Int) -> Iterator[Int]:
        """Over the whole numbers from `start` up to and without `end`."""
        counter, index, label = self.slot("i64"), self.name(), self._label()
        low, high = start.low, max(start.low, end.high - 1)
        self._scopes.append([])
        yield Int(index, low, high, self.depth)
        body = self._scopes.pop()
        following = self.name()
        self.say(f"store i64 {start.name}, ptr {counter.name}")
        self.say(f"br label %{label}")
        self._scopes[-1].append(f"{label}:")
        self.say(f"{index} = load i64, ptr {counter.name}")
        self.say(f"{index}c = icmp slt i64 {index}, {end.name}")
        self.say(f"br i1 {index}c, label %{label}b, label %{label}x")
        self._scopes[-1].append(f"{label}b:")
        self._scopes[-1].extend(body)
        self.say(f"{following} = add i64 {index}, 1")
        self.say(f"store i64 {following}, ptr {counter.name}")
        self.say(f"br label %{label}")
        self._scopes[-1].append(f"{label}x:")

    @contextmanager
    def when(self, test: Bit) -> Iterator[None]:
        """Where the test holds; nothing that is worked out inside may be used outside, but for what is stored."""
        label = self._label()
        self._scopes.append([])
        yield
        body = self._scopes.pop()
        self.say(f"br i1 {test.name}, label %{label}, label %{label}x")
        self._scopes[-1].append(f"{label}:")
        self._scopes[-1].extend(body)
        self.say(f"br label %{label}x")
        self._scopes[-1].append(f"{label}x:")

    @contextmanager
    def outside(self, depth: int) -> Iterator[None]:
        """Written where the loops further in have not begun yet."""
        inner = self._scopes[depth + 1 :]
        del self._scopes[depth + 1 :]
        yield
        self._scopes.extend(inner)

    def _label(self) -> str:
        self._count += 1
        return f"l{self._count}"

    # ---- truths

    def both(self, *bits: Bit) -> Bit:
        return self._joined("and", bits, TRUE, FALSE)

    def either(self, *bits: Bit) -> Bit:
        return self._joined("or", bits, FALSE, TRUE)

    def _joined(self, operation: str, bits: Sequence[Bit], neutral: Bit, settling: Bit) -> Bit:
        found = neutral
        for bit in bits:
            if settling in (found, bit):
                return settling
            if bit in (neutral, found):
                continue
            if found == neutral:
                found = bit
            else:
                found = Bit(*self.made(f"{operation} i1 {found.name}, {bit.name}", (found, bit)))
        return found

    def no(self, bit: Bit) -> Bit:
        if bit in (TRUE, FALSE):
            return FALSE if bit == TRUE else TRUE
        return Bit(*self.made(f"xor i1 {bit.name}, true", (bit,)))

    def pick_bit(self, test: Bit, one: Bit, other: Bit) -> Bit:
        if test in (TRUE, FALSE) or one == other:
            return other if test == FALSE else one
        made = self.made(f"select i1 {test.name}, i1 {one.name}, i1 {other.name}", (test, one, other))
        return Bit(*made)

    def pick_pointer(self, test: Bit, one: Pointer, other: Pointer) -> Pointer:
        if test in (TRUE, FALSE) or one == other:
            return other if test == FALSE else one
        return Pointer(*self.made(f"select i1 {test.name}, ptr {one.name}, ptr {other.name}", (test, one, other)))

    # ---- integers

    def wide(self, one: Int, bits: int) -> str:
        """Its name as an integer of so many bits."""
        if one.fixed is not None:
            return str(one.fixed)
        if one.bits == bits:
            return one.name
        change = "sext" if one.bits < bits else "trunc"
        return self.made(f"{change} i{one.bits} {one.name} to i{bits}", (one,))[0]

    def counted(self, bit: Bit) -> Int:
        if bit in (TRUE, FALSE):
            return ONE if bit == TRUE else ZERO
        name, depth = self.made(f"zext i1 {bit.name} to i64", (bit,))
        return Int(name, 0, 1, depth)

    def _done(self, operation: str, one: Int, other: Int, low: int, high: int) -> Int:
        """An operation in as many bits as any of its numbers, or its outcome, needs."""
        if low == high:
            return whole(low)
        bits, wanted = max(one.bits, other.bits, bits_of(low, high)), bits_of(low, high)
        name, depth = self.made(
            f"{operation.format(bits=bits)} {self.wide(one, bits)}, {self.wide(other, bits)}", (one, other)
        )
        if wanted < bits:
            name, depth = self.made(f"trunc i{bits} {name} to i{wanted}", (one, other))
        return Int(name, low, high, depth)

    def add(self, one: Int, other: Int) -> Int:
        if ZERO in (one, other):
            return other if one == ZERO else one
        return self._done("add nsw i{bits}", one, other, one.low + other.low, one.high + other.high)

    def subtract(self, one: Int, other: Int) -> Int:
        if other == ZERO:
            return one
        return self._done("sub nsw i{bits}", one, other, one.low - other.high, one.high - other.low)

    def negative(self, one: Int) -> Int:
        return self.subtract(ZERO, one)

    def multiply(self, one: Int, other: Int) -> Int:
        if ONE in (one, other):
            return other if one == ONE else one
        ends = [a * b for a in (one.low, one.high) for b in (other.low, other.high)]
        return self._done("mul nsw i{bits}", one, other, min(ends), max(ends))

    def least(self, one: Int, other: Int) -> Int:
        if one.high <= other.low or other.high <= one.low:
            return one if one.high <= other.low else other
        low, high = min(one.low, other.low), min(one.high, other.high)
        return self._extreme("smin", one, other, low, high)

    def greatest(self, one: Int, other: Int) -> Int:
        if one.low >= other.high or other.low >= one.high:
            return one if one.low >= other.high else other
        low, high = max(one.low, other.low), max(one.high, other.high)
        return self._extreme("smax", one, other, low, high)

    def _extreme(self, function: str, one: Int, other: Int, low: int, high: int) -> Int:
        bits, wanted = max(one.bits, other.bits), bits_of(low, high)
        call = (
            f"call i{bits} @llvm.{function}.i{bits}(i{bits} {self.wide(one, bits)}, i{bits} {self.wide(other, bits)})"
        )
        name, depth = self.made(call, (one, other))
        if wanted < bits:
            name, depth = self.made(f"trunc i{bits} {name} to i{wanted}", (one, other))
        return Int(name, low, high, depth)

    def pick(self, test: Bit, one: Int, other: Int) -> Int:
        if test in (TRUE, FALSE) or one == other:
            return other if test == FALSE else one
        low, high = min(one.low, other.low), max(one.high, other.high)
        bits = bits_of(low, high)
        text = f"select i1 {test.name}, i{bits} {self.wide(one, bits)}, i{bits} {self.wide(other, bits)}"
        name, depth = self.made(text, (test, one, other))
        return Int(name, low, high, depth)

    def compare(self, predicate: Predicate, one: Int, other: Int) -> Bit:
        decided = _decided(predicate, one, other)
        if decided is not None:
            return TRUE if decided else FALSE
        bits = max(one.bits, other.bits)
        text = f"icmp {_SIGNED[predicate]} i{bits} {self.wide(one, bits)}, {self.wide(other, bits)}"
        return Bit(*self.made(text, (one, other)))

    def divide(self, above: Int, below: Int) -> Int:
        """The whole part of a number from 0 on divided by one from 1 on."""
        if below == ONE:
            return above
        assert min(above.low, below.low - 1) >= 0, "both are positive"
        low, high = above.low // below.high, above.high // below.low
        if max(above.bits, below.bits) > 64 and low < high:
            call = f"call i128 @divided(i128 {self.wide(above, 128)}, i128 {self.wide(below, 128)})"
            name, depth = self.made(call, (above, below))
            if bits_of(low, high) == 64:
                name, depth = self.made(f"trunc i128 {name} to i64", (above, below))
            return Int(name, low, high, depth)
        return self._done("udiv i{bits}", above, below, low, high)

    def divide_down(self, above: Int, below: Int) -> Int:
        """Likewise of any number, rounded down."""
        if above.low >= 0:
            return self.divide(above, below)
        negative = self.compare("<", above, ZERO)
        turned = self.pick(negative, self.subtract(whole(-1), above), above)
        found = self.divide(Int(turned.name, 0, max(above.high, -1 - above.low), turned.depth), below)
        return self.pick(negative, self.subtract(whole(-1), found), found)

    def ranged_down(self, one: Int, below: int) -> Int:
        """What is known to lie from 0 up to and without `below`, in as few bits as that takes."""
        name, depth = self.made(f"trunc i128 {one.name} to i64", (one,))
        return Int(name, 0, below - 1, depth)

    def ranged(self, one: Int, low: int, high: int) -> Int:
        """The same, which is known to lie between these."""
        low, high = max(low, one.low), min(high, one.high)
        assert one.bits == bits_of(low, high), "it stays as wide as it is"
        return whole(low) if low == high else Int(one.name, low, high, one.depth)

    def remainder(self, above: Int, below: int) -> Int:
        """What is left of a number from 0 on."""
        if above.bits > 64:
            return self.ranged_down(
                self.subtract(above, self.multiply(self.divide(above, whole(below)), whole(below))), below
            )
        assert above.low >= 0, "it is positive"
        return self._done("urem i{bits}", above, whole(below), 0, below - 1)


def _decided(predicate: Predicate, one: Int, other: Int) -> bool | None:
    """Whether the ranges settle it."""
    match predicate:
        case "<":
            return True if one.high < other.low else False if one.low >= other.high else None
        case "<=":
            return True if one.high <= other.low else False if one.low > other.high else None
        case ">":
            return _decided("<", other, one)
        case ">=":
            return _decided("<=", other, one)
        case "=" | "!=":
            apart = one.high < other.low or other.high < one.low
            same = one.fixed is not None and one.fixed == other.fixed
            return None if not (apart or same) else (predicate == "=") == same
