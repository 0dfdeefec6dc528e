"""What is kept from item to item in a loop: sums, the greatest of something, and whether anything was set.

In: an `Int`, a `Bit` or an `End` of each item.  Out: one after the loop, with its range. Imports `arithmetic` and `ir`.
"""

from __future__ import annotations

from engine.language.interpreter import MAX_ITEMS
from engine.screening.kernel.arithmetic import End
from engine.screening.kernel.ir import FALSE, ONE, ZERO, Bit, Function, Int, Pointer, bits_of, whole


class Flag:
    """Whether a bit was set anywhere on the way.

    Args:
        out: how much farther out it is had than what sets it.
    """

    def __init__(self, function: Function, out: int = 0) -> None:
        self._f, self._depth, self._slot = function, function.depth + out, function.slot("i1")
        function.store("i1", "false", self._slot, self._depth)

    def set(self, bit: Bit) -> None:
        if bit == FALSE:
            return
        f = self._f
        held, name = f.load("i1", self._slot, f.depth), f.name()
        f.say(f"{name} = or i1 {held}, {bit.name}")
        f.store("i1", name, self._slot)

    def found(self) -> Bit:
        return Bit(self._f.load("i1", self._slot, self._depth), self._depth)


class Total:
    """A sum of what at most as many items bring as a list may hold.

    Args:
        out: how much farther out the sum is had than what is added.
    """

    def __init__(self, function: Function, out: int = 0) -> None:
        self._f, self._depth = function, function.depth + out
        self._slot: Pointer | None = None
        self._low = self._high = 0

    def add(self, one: Int, most: int | None = None) -> None:
        """Once, in the loop. `most` is what all of it cannot exceed."""
        f = self._f
        self._low, self._high = min(0, one.low) * MAX_ITEMS, max(0, one.high) * MAX_ITEMS
        if most is not None:
            self._high = most
        kind = f"i{bits_of(self._low, self._high)}"
        self._slot = f.slot(kind)
        f.store(kind, "0", self._slot, self._depth)
        held, name = f.load(kind, self._slot, f.depth), f.name()
        f.say(f"{name} = add nsw {kind} {held}, {f.wide(one, int(kind[1:]))}")
        f.store(kind, name, self._slot)

    def found(self) -> Int:
        assert self._slot is not None, "something was added"
        if self._low == self._high:
            return ZERO
        kind = f"i{bits_of(self._low, self._high)}"
        return Int(self._f.load(kind, self._slot, self._depth), self._low, self._high, self._depth)


class Most:
    """The greatest of what counts; `far`, which is below all of it, where nothing does.

    Args:
        depth: of where it is had.
    """

    def __init__(self, function: Function, one: Int, far: Int, counts: Bit, depth: int) -> None:
        f, self._depth = function, depth
        self._f, self._low, self._high = f, min(far.low, one.low), max(far.low, one.high)
        self._kind = f"i{bits_of(self._low, self._high)}"
        self._slot = f.slot(self._kind)
        f.store(self._kind, str(far.low), self._slot, self._depth)
        held = Int(f.load(self._kind, self._slot, f.depth), self._low, self._high, f.depth)
        name = f.wide(f.pick(counts, f.greatest(held, one), held), int(self._kind[1:]))
        f.store(self._kind, name, self._slot)

    def found(self) -> Int:
        if self._low == self._high:
            return whole(self._low)
        return Int(self._f.load(self._kind, self._slot, self._depth), self._low, self._high, self._depth)


class Farthest:
    """The greatest of the ends that count; some number that is not above any of them, where none does.

    Args:
        depth: of where it is had. Ends that have one divisor there are told apart by what is above it, others across.
    """

    def __init__(self, function: Function, one: End, far: int, counts: Bit, depth: int) -> None:
        f, self._f, self._depth = function, function, depth
        shared = one.below.fixed is not None or one.below.depth <= depth
        self._below = one.below if shared else Int("", 1, one.below.high)
        if shared:
            self._most: Most | None = Most(f, one.above, whole(far), counts, depth)
            return
        self._most, far = None, min(far, 0)
        self._above = Int("", min(one.above.low, far), max(one.above.high, far))
        self._slots = [f.slot(f"i{kept.bits}") for kept in (self._above, self._below)]
        self._store((whole(far), ONE), depth)
        above, below = self._held(f.depth)
        better = f.compare(">", f.multiply(one.above, below), f.multiply(above, one.below))
        better = f.both(counts, better)
        self._store((f.pick(better, one.above, above), f.pick(better, one.below, below)), f.depth)

    def _store(self, values: tuple[Int, Int], depth: int) -> None:
        for slot, kept, value in zip(self._slots, (self._above, self._below), values, strict=True):
            self._f.store(f"i{kept.bits}", self._f.wide(value, kept.bits), slot, depth)

    def _held(self, depth: int) -> tuple[Int, Int]:
        above, below = (
            Int(self._f.load(f"i{kept.bits}", slot, depth), kept.low, kept.high, depth)
            for slot, kept in zip(self._slots, (self._above, self._below), strict=True)
        )
        return above, below

    def found(self) -> End:
        return End(*self._held(self._depth)) if self._most is None else End(self._most.found(), self._below)
