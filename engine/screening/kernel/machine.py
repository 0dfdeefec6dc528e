"""Text of LLVM's language to machine code of this machine.

In: the text of a function `screen`.  Out: its address, and what has to live as long as it is called.
The only holder of llvmlite.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final

import llvmlite.binding as llvm

_DIVIDED: Final = """
define internal i128 @divided(i128 %above, i128 %below) {
entry:
  %either = or i128 %above, %below
  %rest = lshr i128 %either, 64
  %small = icmp eq i128 %rest, 0
  br i1 %small, label %short, label %long
short:
  %a = trunc i128 %above to i64
  %b = trunc i128 %below to i64
  %q = udiv i64 %a, %b
  %wide = zext i64 %q to i128
  ret i128 %wide
long:
  %place = phi i128 [ 127, %entry ], [ %next, %long ]
  %left = phi i128 [ 0, %entry ], [ %kept, %long ]
  %found = phi i128 [ 0, %entry ], [ %more, %long ]
  %moved = lshr i128 %above, %place
  %bit = and i128 %moved, 1
  %twice = shl i128 %left, 1
  %held = or i128 %twice, %bit
  %fits = icmp uge i128 %held, %below
  %less = sub i128 %held, %below
  %kept = select i1 %fits, i128 %less, i128 %held
  %one = zext i1 %fits to i128
  %shifted = shl i128 %found, 1
  %more = or i128 %shifted, %one
  %next = sub i128 %place, 1
  %done = icmp eq i128 %place, 0
  br i1 %done, label %end, label %long
end:
  ret i128 %more
}
"""
"""The whole part of a quotient in 128 bits, for which there is no instruction: bit by bit, where 64 do not hold it."""

_KEY: Final = """
define internal i64 @id_key(ptr %text, i64 %length) alwaysinline {
entry:
  %some = icmp sge i64 %length, 1
  %few = icmp sle i64 %length, 100
  %fits = and i1 %some, %few
  br i1 %fits, label %begin, label %none
begin:
  %long = icmp sge i64 %length, 8
  br i1 %long, label %words, label %short
words:
  %at = phi i64 [ 0, %begin ], [ %next, %words ]
  %hash = phi i64 [ %length, %begin ], [ %mixed, %words ]
  %wrong = phi i64 [ 0, %begin ], [ %worse, %words ]
  %last = sub i64 %length, 8
  %from = call i64 @llvm.smin.i64(i64 %at, i64 %last)
  %place = getelementptr i8, ptr %text, i64 %from
  %word = load i64, ptr %place, align 1
  %mixed = call i64 @mix(i64 %hash, i64 %word)
  %odd = call i64 @odd(i64 %word)
  %worse = or i64 %wrong, %odd
  %next = add i64 %at, 8
  %more = icmp slt i64 %next, %length
  br i1 %more, label %words, label %done
short:
  %index = phi i64 [ 0, %begin ], [ %following, %short ]
  %held = phi i64 [ 0, %begin ], [ %longer, %short ]
  %byte_at = getelementptr i8, ptr %text, i64 %index
  %byte = load i8, ptr %byte_at
  %wide = zext i8 %byte to i64
  %moved = shl i64 %held, 8
  %longer = or i64 %moved, %wide
  %following = add i64 %index, 1
  %again = icmp slt i64 %following, %length
  br i1 %again, label %short, label %filled
filled:
  %bits = mul i64 %length, 8
  %filler = shl i64 3472328296227680304, %bits
  %full = or i64 %longer, %filler
  %mixed_short = call i64 @mix(i64 %length, i64 %full)
  %odd_short = call i64 @odd(i64 %full)
  br label %done
done:
  %key = phi i64 [ %mixed, %words ], [ %mixed_short, %filled ]
  %bad = phi i64 [ %worse, %words ], [ %odd_short, %filled ]
  %plain = icmp eq i64 %bad, 0
  %set = or i64 %key, 1
  %found = select i1 %plain, i64 %set, i64 0
  ret i64 %found
none:
  ret i64 0
}
define internal i64 @mix(i64 %hash, i64 %word) alwaysinline {
  %small = or i64 %word, 2314885530818453536
  %one = xor i64 %hash, %small
  %two = mul i64 %one, -7046029254386353131
  %three = lshr i64 %two, 32
  %four = xor i64 %two, %three
  ret i64 %four
}
define internal i64 @odd(i64 %word) alwaysinline {
  %above = and i64 %word, -9187201950435737472
  %raised = add i64 %word, 6872316419617283935
  %kept = xor i64 %raised, -1
  %below = and i64 %kept, -9187201950435737472
  %next = add i64 %word, 72340172838076673
  %delete = and i64 %next, -9187201950435737472
  %one = or i64 %above, %below
  %two = or i64 %one, %delete
  ret i64 %two
}
"""
"""What an id is held against others by: 0 of one that is empty, long, or not all visible ASCII; those that `same_id`
takes for one have one key. Eight bytes at a time: those above 0x7e or below 0x21 set a high bit, and capitals are
written small."""


_DECLARED: Final = "".join(
    f"declare i{bits} @llvm.{name}.i{bits}(i{bits}, i{bits})\n" for bits in (64, 128) for name in ("smin", "smax")
)


@lru_cache(maxsize=1)
def _target() -> Any:
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    return llvm.Target.from_default_triple()


def _machine(level: int) -> Any:
    """A machine of its own for each engine, which frees it."""
    features = llvm.get_host_cpu_features().flatten()
    return _target().create_target_machine(cpu=llvm.get_host_cpu_name(), features=features, opt=level, jit=True)


def compiled(text: str, level: int = 2) -> tuple[object, int]:
    """The engine that holds the code of `screen`, and its address.

    Of all that LLVM can do, a few passes give nearly all of the speed (within 3 % on flat policies, 15 % on the shipped
    ones) in a quarter of the time: under fifty overlays it is the making that counts.

    Args:
        level: how much is done to make the code fast; 0 for nothing, where it decides a few rows.
    """
    machine = _machine(level)
    module = llvm.parse_assembly(_DECLARED + _DIVIDED + _KEY + text)
    module.verify()
    if level:
        passes = llvm.create_new_module_pass_manager()
        passes.add_always_inliner_pass()
        passes.add_sroa_pass()
        passes.add_instruction_combine_pass()
        passes.add_simplify_cfg_pass()
        passes.add_new_gvn_pass()
        passes.run(module, llvm.create_pass_builder(machine, llvm.create_pipeline_tuning_options()))
    engine = llvm.create_mcjit_compiler(module, machine)
    engine.finalize_object()
    return engine, engine.get_function_address("screen")
