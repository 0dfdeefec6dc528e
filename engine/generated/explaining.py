"""What a household kept (`reading`) to all values that its reasons rest on, in one function of Python.

In: a `Program`, how its fields are written, and expressions that are told of beside its steps.  Out: `Spreader`, whose
function fills the rows of the household and of its items, and works out the expressions. Where any of that is not known
it gives up (`Unhandled`), and the interpreter goes on.
Imports program and language.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

from engine.generated.compiled import Asked, Counted, asked, cleared, columns_of, compiled, listed
from engine.generated.loops import Layout, laid_out
from engine.generated.reading import CALLED, Kept, Shape, converted
from engine.generated.source import TooDeep, Writer
from engine.language.core import CoreExpression
from engine.language.interpreter import Environment
from engine.language.values import UNKNOWN
from engine.program.model import HOUSEHOLD, Collection, Program, Step
from engine.records import dataclass


@dataclass(frozen=True, slots=True, eq=False)
class Spreader:
    """Attributes:
    function: of what was kept of the household, and of the items of each collection (None: not given), the tables, and
        the household's own day; the household's row, those of the items of each collection, and what the expressions
        come to.
    """

    source: str
    function: Callable[[Kept, Sequence[Sequence[Kept] | None], Sequence[Asked], date, Environment], tuple[Any, ...]]
    tables: tuple[Counted, ...]


def spreader(
    program: Program,
    shapes: Sequence[Shape],
    parameters: Mapping[str, Fraction],
    options: Sequence[str],
    told: Sequence[CoreExpression],
) -> Spreader | None:
    """Args:
    told: expressions of the household.
    Returns: None where items rest on each other or on sums over all, or Python would not compile it.
    """
    if program.joins or program.outcome is None:
        return None
    width = program.collections[HOUSEHOLD].width
    same = {step.core: step for step in program.steps if step.collection == HOUSEHOLD}
    answers = [
        same.get(node) or replace(program.outcome, slot=width + at, core=node, written=node, declared=None)
        for at, node in enumerate(told)
    ]
    more = [one for one in answers if one.slot >= width]
    wanted = [*program.steps, *more]
    steps = [*cleared(program, program.steps, parameters), *more]
    writer = Writer(program, parameters, options)
    try:
        layout = laid_out(program, steps, wanted, writer)
    except (TooDeep, RecursionError):
        return None
    if any(step.collection != HOUSEHOLD and not layout.is_in_loop(step) for step in steps):
        return None
    lines = list(_lines(program, steps, answers, layout, writer, shapes))
    source = "\n ".join(["def spread(kept, items, tables, day, env):", *lines])
    return Spreader(source, compiled(source, "spread", {**writer.constants, **CALLED}), tuple(writer.tables.values()))


def _lines(
    program: Program,
    steps: Sequence[Step],
    told: Sequence[Step],
    layout: Layout,
    writer: Writer,
    shapes: Sequence[Shape],
) -> Iterator[str]:
    household, *others = shapes
    by_collection: dict[str, list[Step]] = {shape.collection: [] for shape in shapes}
    for step in steps:
        by_collection[step.collection].append(step)
    touched = listed(program, steps)
    yield from asked(writer)
    yield "if type(kept[-1]) is tuple: kept = kept[0]"
    yield f"{''.join(f'v{field.slot}, ' for field in household.fields)}= kept"
    yield from converted(household, "v", writer)
    if others:
        yield f"{''.join(f'{writer.items(shape.collection)}, ' for shape in others)}= items"
    yield from layout.before
    for shape in others:
        items, loop = writer.items(shape.collection), layout.loops[shape.collection]
        if shape.collection in touched:
            yield f"if {items} is None: raise Unhandled"
        starts, appends = columns_of(layout, writer, shape.collection)
        yield from (*loop.starts, *starts)
        row = _row(program.collections[shape.collection], "i0_", by_collection[shape.collection], writer)
        yield f"rows{items} = None if {items} is None else []"
        yield f"for x in {items} or ():"
        if shape.fields:
            yield " if type(x[-1]) is tuple: x = x[0]"
            yield f" {''.join(f'i0_{field.slot}, ' for field in shape.fields)}= x"
        yield from (f" {line}" for line in converted(shape, "i0_", writer))
        yield from (f" {line}" for line in (*loop.body(), *appends))
        yield f" rows{items}.append({row})"
    yield from layout.after
    own = [step for step in by_collection[HOUSEHOLD] if step.slot < program.collections[HOUSEHOLD].width]
    row = _row(program.collections[HOUSEHOLD], "v", own, writer)
    rows = "".join(f"rows{writer.items(shape.collection)}, " for shape in others)
    yield f"return {row}, ({rows}), ({''.join(f'{writer.value(step)}, ' for step in told)})"


def _row(collection: Collection, prefix: str, steps: Sequence[Step], writer: Writer) -> str:
    """All values of the household or of an item, in their places."""
    values = [writer.constant(UNKNOWN)] * collection.width
    for one in collection.inputs:
        name = f"{prefix}{one.slot}"
        if writer.is_sure(collection.id, one.slot):
            values[one.slot] = name
        else:
            values[one.slot] = f"{name} if {name} is not None else {writer.constant(one.extent)}"
    for step in steps:
        values[step.slot] = writer.value_of_item(step) if collection.id != HOUSEHOLD else writer.value(step)
    return f"[{', '.join(values)}]"
