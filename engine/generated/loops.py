"""Steps in an order in which the items of a collection are gone over once.

In: the steps of a program, each after those that it reads.  Out: `Layout`, the statements that work them out: what
rests on no item; for each collection a loop, in which the steps of its items are worked out and what is counted and
added up of them; last what rests on that, steps of items that look at other items among it, which go over columns.
Imports program and language.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence, Set
from dataclasses import field
from typing import TypeAlias

from engine.generated.source import Gone, Writer
from engine.generated.text import Code
from engine.language import core
from engine.language.core import CoreExpression, operands
from engine.language.references import core_walk
from engine.program.link import reads
from engine.program.model import HOUSEHOLD, Program, Step
from engine.records import dataclass

Place: TypeAlias = tuple[str, int]


@dataclass(frozen=True, slots=True, eq=False)
class Loop:
    """What is done with each item of a collection.

    Attributes:
        gone: which slots of the item are read.
        starts: statements before it; `steps` those that work out the steps of the item; `sums` what is made of them, by
            the test that an item has to pass.
    """

    gone: Gone
    starts: list[str] = field(default_factory=list)
    steps: list[str] = field(default_factory=list)
    sums: dict[str, list[str]] = field(default_factory=dict)

    def body(self) -> Iterator[str]:
        yield from self.steps
        for test, sums in self.sums.items():
            if test == "True":
                yield from sums
            elif test != "False":
                yield f"if {test}:"
                yield from (f" {one}" for one in sums)


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """Attributes:
    before, after: the statements around the loops; `loops` by collection.
    """

    before: Sequence[str]
    loops: dict[str, Loop]
    after: Sequence[str]

    def is_in_loop(self, step: Step) -> bool:
        """Whether a step of items is worked out while they are gone over."""
        return any(line.startswith(f"i0_{step.slot} = ") for line in self.loops[step.collection].steps)


def laid_out(program: Program, steps: Sequence[Step], wanted: Sequence[Step], writer: Writer) -> Layout:
    """Writes all of the steps."""
    done = {(one.collection, one.slot) for held in program.collections.values() for one in held.inputs}
    loops = {id: Loop(Gone(id)) for id in program.collections if id != HOUSEHOLD}
    later = []
    for step in steps:
        if not _rests_on(step.core, step.collection, done):
            later.append(step)
            continue
        done.add((step.collection, step.slot))
        if step.collection == HOUSEHOLD:
            writer.before.extend(writer.step(step))
        else:
            loop = loops[step.collection]
            loop.steps.append(writer.step_of_item(step, loop.gone))
    for step in later:
        if step.collection == HOUSEHOLD:
            for node in _aggregates(step.core):
                if all(_rests_on(part, node.collection, done) for part in _inner(node)):
                    _add_up(node, loops[node.collection], writer)
    once = _read_once(later, wanted)
    after = []
    for step in later:
        if (step.collection, step.slot) in once:
            writer.where_read(step)
        else:
            after += writer.step(step)
    return Layout(writer.before, loops, after)


def _read_once(steps: Sequence[Step], wanted: Sequence[Step]) -> set[Place]:
    """The steps of the household that a single expression reads, and nobody asks for."""
    times = Counter(place for step in steps for place in reads(step.core))
    times.update((step.collection, step.slot) for step in wanted for _ in range(2))
    return {place for place, count in times.items() if count == 1 and place[0] == HOUSEHOLD}


def _rests_on(node: CoreExpression, collection: str, done: Set[Place]) -> bool:
    """Whether an expression of an item, or of the household, reads only what is worked out of this very item or of the
    household."""
    for part in core_walk(node):
        if isinstance(part, core.Aggregate | core.Outer):
            return False
        if isinstance(part, core.Reference) and not (
            (part.collection, part.slot) in done and part.collection in (HOUSEHOLD, collection)
        ):
            return False
    return True


def _aggregates(node: CoreExpression) -> Iterator[core.Aggregate]:
    """Those of an expression of the household that stand in no other."""
    if isinstance(node, core.Aggregate):
        yield node
        return
    for part in operands(node):
        yield from _aggregates(part)


def _inner(node: core.Aggregate) -> list[CoreExpression]:
    return [part for part in (node.body, node.where) if part is not None]


def _add_up(node: core.Aggregate, loop: Loop, writer: Writer) -> None:
    """Note what an item brings to the whole; one that looks for the greatest or least goes over a column."""
    if not _inner(node) or node.kind in ("max", "min") or writer.is_summed(node):
        return
    test = "True" if node.where is None else writer.code_of_item(node.where, loop.gone).text
    body = Code("1") if node.body is None else writer.code_of_item(node.body, loop.gone)
    name = writer.sum()
    if node.kind in ("any", "every"):
        found = body.text if node.kind == "any" else f"(not {body.text})"
        tests = [one for one in (test, found) if one != "True"]
        test = " and ".join(tests) or "True"
        loop.starts.append(f"{name} = {node.kind == 'every'}")
        line = f"{name} = {node.kind == 'any'}"
    else:
        loop.starts.append(f"{name} = 0")
        line = f"{name} += {body.text}"
    loop.sums.setdefault(test, []).append(line)
    writer.summed(node, Code(name, body.per))
