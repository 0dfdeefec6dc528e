"""What is kept from item to item in a loop: sums, the greatest of something, and whether anything was set.

In: an `Int` or a `Bit` of each item.  Out: one after the loop, with its range. Imports `ir`.
"""

from __future__ import annotations

from engine.language.interpreter import MAX_ITEMS
from engine.screening.kernel.ir import FALSE, ZERO, Bit, Function, Int, Pointer, bits_of, whole


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
