"""GB18030 written as UTF-8 by native code: Python's own decoder takes six times as long, and holds the interpreter.

In: bytes.  Out: the same text as UTF-8, up to the first character that is not of one byte or two.
Imports machine only.
"""

from __future__ import annotations

import ctypes
from functools import lru_cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from engine.screening.kernel.machine import compiled

_SLACK: Final = 8
"""bytes behind the last that a word may be written over"""
_NO_TRAIL: Final = 0x7F
_TEXTS: Final = """
declare i64 @llvm.cttz.i64(i64, i1)
define i64 @screen(i64 %n, ptr noalias %from, ptr noalias %pairs, ptr noalias %to, ptr noalias %written) {
entry:
  br label %next
next:
  %at = phi i64 [ 0, %entry ], [ %at_8, %plain ], [ %at_1, %single ], [ %at_2, %put ]
  %out = phi i64 [ 0, %entry ], [ %out_8, %plain ], [ %out_1, %single ], [ %out_2, %put ]
  %from_at = getelementptr i8, ptr %from, i64 %at
  %to_at = getelementptr i8, ptr %to, i64 %out
  %left = sub i64 %n, %at
  %many = icmp sge i64 %left, 8
  br i1 %many, label %word, label %few
word:
  %eight = load i64, ptr %from_at, align 1
  %high = and i64 %eight, -9187201950435737472
  store i64 %eight, ptr %to_at, align 1
  %ascii = icmp eq i64 %high, 0
  br i1 %ascii, label %plain, label %some
plain:
  %at_8 = add i64 %at, 8
  %out_8 = add i64 %out, 8
  br label %next
some:
  %zeros = call i64 @llvm.cttz.i64(i64 %high, i1 true)
  %ahead = lshr i64 %zeros, 3
  br label %pair
few:
  %some_left = icmp sge i64 %left, 1
  br i1 %some_left, label %one, label %end
one:
  %byte = load i8, ptr %from_at
  store i8 %byte, ptr %to_at
  %is_ascii = icmp sge i8 %byte, 0
  br i1 %is_ascii, label %single, label %pair
single:
  %at_1 = add i64 %at, 1
  %out_1 = add i64 %out, 1
  br label %next
pair:
  %passed = phi i64 [ %ahead, %some ], [ 0, %one ]
  %lead_place = add i64 %at, %passed
  %lead_out = add i64 %out, %passed
  %trail_place = add i64 %lead_place, 1
  %whole = icmp slt i64 %trail_place, %n
  br i1 %whole, label %look, label %end
look:
  %lead_at = getelementptr i8, ptr %from, i64 %lead_place
  %trail_at = getelementptr i8, ptr %from, i64 %trail_place
  %lead = load i8, ptr %lead_at
  %trail = load i8, ptr %trail_at
  %lead_wide = zext i8 %lead to i64
  %trail_wide = zext i8 %trail to i64
  %row = shl i64 %lead_wide, 8
  %index = or i64 %row, %trail_wide
  %pair_at = getelementptr i32, ptr %pairs, i64 %index
  %length_at = getelementptr i8, ptr %pair_at, i64 3
  %length = load i8, ptr %length_at
  %known = icmp ne i8 %length, 0
  br i1 %known, label %put, label %end
put:
  %text = load i32, ptr %pair_at
  %put_at = getelementptr i8, ptr %to, i64 %lead_out
  store i32 %text, ptr %put_at, align 1
  %length_wide = zext i8 %length to i64
  %at_2 = add i64 %lead_place, 2
  %out_2 = add i64 %lead_out, %length_wide
  br label %next
end:
  %consumed = phi i64 [ %at, %few ], [ %lead_place, %pair ], [ %lead_place, %look ]
  %made = phi i64 [ %out, %few ], [ %lead_out, %pair ], [ %lead_out, %look ]
  store i64 %made, ptr %written
  ret i64 %consumed
}
"""
"""Eight bytes at a time where all are ASCII; else up to the first that is not, and its pair by the table. What is
written beyond the end of a text is written over by the next. Counts zeros from the low end, where the first byte is on
all machines that these libraries are made for."""


def utf8(data: bytes | memoryview) -> tuple[memoryview, int]:
    """As UTF-8, as far as it is of characters of one byte or two; and how many bytes that took.

    What is left begins with a character of four bytes, with one that is cut off, or with what is none at all.
    """
    given = np.frombuffer(data, np.uint8)
    made = np.empty(len(given) * 3 // 2 + _SLACK, np.uint8)  # three bytes for two: more it never is
    written = ctypes.c_int64()
    taken = _called()(len(given), given.ctypes.data, _pairs().ctypes.data, made.ctypes.data, ctypes.addressof(written))
    return made[: written.value].data, taken


@lru_cache(maxsize=1)
def _pairs() -> NDArray[np.uint8]:
    """By the two bytes of a character its UTF-8, and in a fourth byte the length of that: 0 where there is none."""
    found = np.zeros((1 << 16, 4), np.uint8)
    pairs = [lead << 8 | trail for lead in range(0x81, 0xFF) for trail in range(0x40, 0xFF) if trail != _NO_TRAIL]
    texts = np.array(pairs, ">u2").tobytes().decode("gb18030")
    for pair, text in zip(pairs, texts, strict=True):
        made = text.encode()
        found[pair, : len(made)] = list(made)
        found[pair, 3] = len(made)
    return found


@lru_cache(maxsize=1)
def _called() -> Any:
    """The code, made once a process: `engine` lives as long as what calls it."""
    engine, address = compiled(_TEXTS)
    pointer, count = ctypes.c_void_p, ctypes.c_int64
    function: Any = ctypes.CFUNCTYPE(count, count, pointer, pointer, pointer, pointer)(address)
    function.engine = engine
    return function
