"""A program's steps as one function of a household.

In: a `Program` and the steps wanted.  Out: `Generated`, or None for what Python would not compile. A comparison is
taken without its quotients where it is as sharp so (`clearing`); what decides is then whole numbers.
Imports program and language.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any, Final, TypeAlias, cast

from engine.generated.loops import Layout, laid_out
from engine.generated.source import TooDeep, Writer
from engine.language import core, values
from engine.language.ast import RoundFunction
from engine.language.interpreter import Environment, Rows
from engine.language.references import core_walk
from engine.language.values import Interval, Number, Unknown, Value
from engine.program.clearing import Clearing
from engine.program.link import ordered
from engine.program.model import HOUSEHOLD, Program, Step
from engine.records import dataclass

MOST_PAIRS: Final = 10_000
"""of items held against each other; the interpreter lays out what is equal instead, or refuses the household"""

Item: TypeAlias = Mapping[str, Value]
Found: TypeAlias = "Value | list[Value]"
"""of a step for items what it came to for each"""
Parameters: TypeAlias = tuple[tuple[str, Fraction], ...]
Counted: TypeAlias = tuple[core.Lookup, int]
"""a lookup, and how many counts of its values make one"""


UNKNOWN: Final = frozenset((Interval, Unknown))
"""the types of what is not known"""


class Unhandled(Exception):
    """Something is unknown that counts."""


class Asked(dict[tuple[Value, ...], Value]):
    """The values of a parameter by its keys, as whole numbers of 1/per; asked for when first needed.

    Args:
        env: asked for what is looked up.
    """

    __slots__ = ("_env", "_node", "_per")

    def __init__(self, counted: Counted, env: Environment) -> None:
        super().__init__()
        self._node, self._per = counted
        self._env = env

    def __missing__(self, keys: tuple[Value, ...]) -> Value:
        found = known(self._env.looked_up(self._node, keys, None))
        found = found if self._per == 1 else counted(found, self._per)
        if all(type(key) is str for key in keys):  # of counts and amounts there are as many as households
            self[keys] = found
        return found


@dataclass(frozen=True, slots=True, eq=False)
class Generated:
    """Attributes:
    source: of the function, for reading.
    tables: the parameters that it looks into.
    """

    source: str
    function: Callable[[Item, Mapping[str, Any], Environment, Sequence[Asked]], tuple[Found, ...]]
    tables: tuple[Counted, ...]

    def work_out(
        self, household: Item, items: Mapping[str, Sequence[Item] | Unknown], env: Environment
    ) -> tuple[Found, ...] | None:
        """What each of the wanted steps comes to; None where that is for the interpreter to say.

        Args:
            household: its facts by id; `items` likewise those of each collection.
            env: asked for what is looked up and chosen, not for values.
        """
        try:
            return self.function(household, items, env, [Asked(one, env) for one in self.tables])
        except Unhandled:
            return None


def generated(program: Program, wanted: Sequence[Step], parameters: Mapping[str, Fraction]) -> Generated | None:
    """Args:
    wanted: steps of the program.
    parameters: the common step of all values of a parameter, by id.
    """
    writer = Writer(program, parameters)
    steps = cleared(program, wanted, parameters)
    try:
        layout = laid_out(program, steps, wanted, writer)
    except (TooDeep, RecursionError):
        return None
    answer = "".join(f"{writer.value(step)}, " for step in steps_of(wanted, steps))
    lines = [*_lines(program, steps, layout, writer), f"return ({answer})"]
    source = "\n ".join(["def work_out(household, items, env, tables):", *lines])
    return Generated(source, compiled(source, "work_out", writer.constants), tuple(writer.tables.values()))


def cleared(program: Program, wanted: Sequence[Step], parameters: Mapping[str, Fraction]) -> list[Step]:
    """The wanted steps and all that they read, in order, as they are written."""
    clearing = Clearing(program, parameters)
    read = {(step.collection, step.slot): step for step in ordered(wanted, program.by_place)}
    made = {place: replace(step, core=clearing.lowered(step.core, sharp=True)) for place, step in read.items()}
    return ordered([made[step.collection, step.slot] for step in wanted], made)


def steps_of(wanted: Sequence[Step], steps: Sequence[Step]) -> list[Step]:
    """The wanted ones as they are written."""
    by_place = {(step.collection, step.slot): step for step in steps}
    return [by_place[step.collection, step.slot] for step in wanted]


def compiled(source: str, name: str, constants: Mapping[str, object]) -> Callable[..., Any]:
    """The function of a source, in which names of ours and numbers stand: what a policy wrote is in the scope."""
    scope: dict[str, Any] = {**CALLED, **constants}
    exec(source, scope)
    function: Callable[..., Any] = scope[name]
    return function


def asked(writer: Writer) -> Iterator[str]:
    """Statements that take the tables and the options in effect."""
    if writer.tables:
        yield f"{', '.join(f't{slot}' for slot in writer.tables)}, = tables"
    yield from writer.readings()


def listed(program: Program, steps: Sequence[Step]) -> set[str]:
    """The collections whose items steps go over, or are worked out for."""
    nodes = (node for step in steps for node in core_walk(step.core))
    found = {node.collection for node in nodes if isinstance(node, core.Aggregate)}
    found.update(step.collection for step in steps)
    found.update(id for collection, node in program.joined for id in (collection, node.collection))
    return found - {HOUSEHOLD}


def paired(program: Program, writer: Writer) -> Iterator[str]:
    """The statement that leaves too many items held against each other to the interpreter."""
    if program.joined:
        pairs = (f"len({writer.items(one)}) * len({writer.items(node.collection)})" for one, node in program.joined)
        yield f"if {' + '.join(pairs)} > {MOST_PAIRS}: raise Unhandled"


def columns_of(layout: Layout, writer: Writer, collection: str) -> tuple[list[str], list[str]]:
    """Statements that begin the columns of a loop, and those that go on with them."""
    steps = {line.partition(" ")[0] for line in layout.loops[collection].steps}
    kept = [
        (f"i0_{slot}", writer.place(owner, slot))
        for owner, slot in writer.columns
        if owner == collection and (writer.is_input(owner, slot) or f"i0_{slot}" in steps)
    ]
    return [f"{column} = []" for _, column in kept], [f"{column}.append({one})" for one, column in kept]


def _lines(program: Program, steps: Sequence[Step], layout: Layout, writer: Writer) -> Iterator[str]:
    """Statements that take from a household what the steps read, and work them out."""
    yield from asked(writer)
    read = {
        (part.collection, part.slot)
        for step in steps
        for part in core_walk(step.core)
        if isinstance(part, core.Reference)
    }
    for one in program.collections[HOUSEHOLD].inputs:
        if (HOUSEHOLD, one.slot) in read:
            sure = "known" if writer.is_sure(HOUSEHOLD, one.slot) else "given"
            yield f"{writer.place(HOUSEHOLD, one.slot)} = {sure}(household[{writer.constant(one.id)}])"
    yield from layout.before
    touched = listed(program, steps)
    for id, loop in layout.loops.items():
        if id not in touched:
            continue
        yield f"{writer.items(id)} = known(items[{writer.constant(id)}])"
        starts, appends = columns_of(layout, writer, id)
        inputs = [one for one in program.collections[id].inputs if (id, one.slot) in read]
        body = [
            f"i0_{one.slot} = {'known' if writer.is_sure(id, one.slot) else 'given'}(x[{writer.constant(one.id)}])"
            for one in inputs
        ]
        body += [*loop.body(), *appends]
        yield from (*loop.starts, *starts)
        if body:
            yield f"for x in {writer.items(id)}:"
            yield from (f" {line}" for line in body)
    yield from paired(program, writer)
    yield from layout.after


# ---- what the source calls


def known(value: Value) -> Value:
    if type(value) in UNKNOWN:
        raise Unhandled
    return value


def given(value: Value) -> Value | None:
    return None if type(value) in UNKNOWN else value


def unknown() -> Value:
    raise Unhandled


def counted(value: Value, per: int) -> int:
    """A number as whole numbers of 1/per."""
    if type(value) is int:
        return value * per
    if type(value) is Fraction and per % value.denominator == 0:
        return value.numerator * (per // value.denominator)
    raise Unhandled


def rows(found: Sequence[Rows | None]) -> Rows:
    if len(found) != 1 or found[0] is None:
        raise Unhandled
    return found[0]


def overlap(several: frozenset[str], rows: Rows) -> bool:
    return any((one,) in rows for one in several)


def rounded(function: RoundFunction, above: Number, step: Number, below: int) -> Number:
    """`above / below` to a multiple of `step`, counted as both are."""
    steps = values.round_to(function, values.divide(above, step * below), 1)
    return step * cast("Number", steps)


_OF_VALUES: Final = (values.between, values.date_part, values.divide, values.number, values.shift_date)
CALLED: Final[Mapping[str, Any]] = {
    one.__name__: one
    for one in (Fraction, Unhandled, counted, given, known, overlap, rounded, rows, unknown, *_OF_VALUES)
}
