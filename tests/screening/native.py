"""Native code of a few operations, run on numbers of one's own."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Sequence

import numpy as np

from engine.screening.kernel.ir import ZERO, Function, Int, Pointer
from engine.screening.kernel.machine import compiled

HEAD = (
    "define void @screen(i64 %n, ptr noalias %rows, ptr noalias %inputs, ptr noalias %routes, "
    "ptr noalias %offsets, ptr noalias %blocks, ptr noalias %outs)"
)
Range = tuple[int, int]
Made = Callable[[Function, list[Int]], Int]


def run(
    made: Callable[[Function, list[Int]], Int], ranges: Sequence[Range], rows: Sequence[Sequence[int]]
) -> list[int]:
    """What the operations come to for each row of numbers, each within its range."""
    f = Function(HEAD)
    inputs = [f.pointer_at(Pointer("%inputs"), place) for place in range(len(ranges))]
    out = f.pointer_at(Pointer("%outs"), 0)
    with f.loop(ZERO, Int("%n", 0, 2**31 - 1)) as row:
        held = [f.read("i64", one, row, *bounds) for one, bounds in zip(inputs, ranges, strict=True)]
        found = made(f, held)
        assert all(low <= value <= high for values in rows for value, (low, high) in zip(values, ranges, strict=True))
        f.store("i128", f.wide(found, 128), f.at("i128", out, row))
    f.say("ret void")
    columns = [np.array([values[place] for values in rows], np.int64) for place in range(len(ranges))]
    results = np.zeros((len(rows), 2), np.int64)
    engine, address = compiled(f.text)
    given = np.array([column.ctypes.data for column in columns], np.int64)
    outs = np.array([results.ctypes.data], np.int64)
    call = ctypes.CFUNCTYPE(None, ctypes.c_int64, *[ctypes.c_void_p] * 6)(address)
    call(len(rows), None, given.ctypes.data, None, None, None, outs.ctypes.data)
    del engine
    return [(int(high) << 64) + (int(low) & (2**64 - 1)) for low, high in results]
