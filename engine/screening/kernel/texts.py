"""Amounts written as text, counted by native code: a regular expression and a cast take twenty times as long.

In: a column of texts.  Out: of each the count of the smallest step (fen), and whether it is written as an amount in the
strict form of a household's JSON, which is the only one that is taken here. What is not is left to the reader.
Imports machine only.
"""

from __future__ import annotations

import ctypes
from functools import lru_cache
from typing import Any, Final

import numpy as np
import pyarrow as pa

from engine.screening.kernel.machine import compiled

DECIMALS: Final = 8
"""with more of them, ten digits before the point do not fit into 64 bits"""
_AMOUNTS: Final = """
define void @screen(i64 %n, ptr noalias %offsets, ptr noalias %data, i64 %steps, ptr noalias %counts,
                    ptr noalias %written) {
entry:
  %none = icmp sle i64 %n, 0
  br i1 %none, label %end, label %row
row:
  %at = phi i64 [ 0, %entry ], [ %following, %told ]
  %following = add i64 %at, 1
  %from_at = getelementptr i32, ptr %offsets, i64 %at
  %to_at = getelementptr i32, ptr %offsets, i64 %following
  %from_32 = load i32, ptr %from_at
  %to_32 = load i32, ptr %to_at
  %from = sext i32 %from_32 to i64
  %to = sext i32 %to_32 to i64
  %length = sub i64 %to, %from
  %some = icmp sge i64 %length, 1
  %few = icmp sle i64 %length, 13
  %fits = and i1 %some, %few
  br i1 %fits, label %whole, label %wrong
whole:
  %place = phi i64 [ %from, %row ], [ %next, %digit ]
  %value = phi i64 [ 0, %row ], [ %more, %digit ]
  %ended = icmp eq i64 %place, %to
  br i1 %ended, label %over, label %look
look:
  %byte_at = getelementptr i8, ptr %data, i64 %place
  %byte = load i8, ptr %byte_at
  %figure = sub i8 %byte, 48
  %is_digit = icmp ult i8 %figure, 10
  br i1 %is_digit, label %digit, label %point
digit:
  %tens = mul i64 %value, 10
  %wide = zext i8 %figure to i64
  %more = add i64 %tens, %wide
  %next = add i64 %place, 1
  br label %whole
point:
  %is_point = icmp eq i8 %byte, 46
  %may = icmp eq i64 %steps, 100
  %behind = sub i64 %to, %place
  %one_or_two = add i64 %behind, -2
  %not_more = icmp ult i64 %one_or_two, 2
  %form_1 = and i1 %is_point, %may
  %form = and i1 %form_1, %not_more
  br i1 %form, label %first, label %wrong
first:
  %first_place = add i64 %place, 1
  %first_at = getelementptr i8, ptr %data, i64 %first_place
  %first_byte = load i8, ptr %first_at
  %first_figure = sub i8 %first_byte, 48
  %first_digit = icmp ult i8 %first_figure, 10
  %first_wide = zext i8 %first_figure to i64
  %tenths = mul i64 %first_wide, 10
  %is_two = icmp eq i64 %behind, 3
  br i1 %first_digit, label %second, label %wrong
second:
  br i1 %is_two, label %last, label %over
last:
  %last_place = sub i64 %to, 1
  %last_at = getelementptr i8, ptr %data, i64 %last_place
  %last_byte = load i8, ptr %last_at
  %last_figure = sub i8 %last_byte, 48
  %last_digit = icmp ult i8 %last_figure, 10
  %last_wide = zext i8 %last_figure to i64
  %hundredths = add i64 %tenths, %last_wide
  br i1 %last_digit, label %over, label %wrong
over:
  %rest = phi i64 [ 0, %whole ], [ %tenths, %second ], [ %hundredths, %last ]
  %digits = sub i64 %place, %from
  %not_none = icmp sge i64 %digits, 1
  %not_many = icmp sle i64 %digits, 10
  %start_at = getelementptr i8, ptr %data, i64 %from
  %start = load i8, ptr %start_at
  %no_zero = icmp ne i8 %start, 48
  %alone = icmp eq i64 %digits, 1
  %led = or i1 %no_zero, %alone
  %right_1 = and i1 %not_none, %not_many
  %right = and i1 %right_1, %led
  %scaled = mul i64 %value, %steps
  %count = add i64 %scaled, %rest
  %kept = select i1 %right, i64 %count, i64 0
  br label %told
wrong:
  br label %told
told:
  %found = phi i64 [ %kept, %over ], [ 0, %wrong ]
  %is_amount = phi i1 [ %right, %over ], [ false, %wrong ]
  %count_at = getelementptr i64, ptr %counts, i64 %at
  store i64 %found, ptr %count_at
  %mark_at = getelementptr i8, ptr %written, i64 %at
  %mark = zext i1 %is_amount to i8
  store i8 %mark, ptr %mark_at
  %again = icmp slt i64 %following, %n
  br i1 %again, label %row, label %end
end:
  ret void
}
"""
"""At most ten digits, of which the first is no 0 unless alone; where there are fen, a point and one digit or two."""


def amounts(texts: pa.Array, decimals: int) -> tuple[Any, Any]:
    """Of each text its count of steps (0 where it is none), and whether it is written as an amount.

    Args:
        texts: of the type `string`; what stands under a null is of no account.
        decimals: 2, or others up to `DECIMALS`, with which only whole numbers are taken.
    """
    counts, written = np.empty(len(texts), np.int64), np.empty(len(texts), np.bool_)
    _, places, data = texts.buffers()
    if len(texts):
        address = 0 if data is None else data.address
        steps = 10**decimals
        _called()(
            len(texts), places.address + 4 * texts.offset, address, steps, counts.ctypes.data, written.ctypes.data
        )
    return counts, written


@lru_cache(maxsize=1)
def _called() -> Any:
    """The code, made once a process: `engine` lives as long as what calls it."""
    engine, address = compiled(_AMOUNTS)
    function: Any = ctypes.CFUNCTYPE(
        None, ctypes.c_int64, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int64, ctypes.c_void_p, ctypes.c_void_p
    )(address)
    function.engine = engine
    return function
