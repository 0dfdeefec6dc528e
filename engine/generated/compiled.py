"""A program's steps as one function of a household.

In: a `Program` and the steps wanted.  Out: `Generated`, or None for what Python would not compile. A comparison is
taken without its quotients where it is as sharp so (`clearing`); what decides is then whole numbers.
Imports program and language.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import lru_cache
from typing import Any, Final, TypeAlias, cast

from engine.generated.source import TooDeep, Writer
from engine.language import core, values
from engine.language.ast import RoundFunction
from engine.language.interpreter import Environment, Rows
from engine.language.references import core_walk
from engine.language.values import Interval, Number, Unknown, Value
from engine.program.clearing import Clearing
from engine.program.link import ordered, reads
from engine.program.model import HOUSEHOLD, Program, Step
from engine.records import dataclass

MOST_PAIRS: Final = 10_000
"""of items held against each other; the interpreter lays out what is equal instead, or refuses the household"""

Item: TypeAlias = Mapping[str, Value]
Found: TypeAlias = "Value | list[Value]"
"""of a step for items what it came to for each"""
Parameters: TypeAlias = tuple[tuple[str, Fraction], ...]


UNKNOWN: Final = frozenset((Interval, Unknown))
"""the types of what is not known"""


class Unhandled(Exception):
    """Something is unknown that counts."""


@dataclass(frozen=True, slots=True, eq=False)
class Generated:
    """Attributes:
    source: of the function, for reading.
    """

    source: str
    function: Callable[[Item, Mapping[str, Any], Environment], tuple[Found, ...]]

    def work_out(
        self, household: Item, items: Mapping[str, Sequence[Item] | Unknown], env: Environment
    ) -> tuple[Found, ...] | None:
        """What each of the wanted steps comes to; None where that is for the interpreter to say.

        Args:
            household: its facts by id; `items` likewise those of each collection.
            env: asked for what is looked up and chosen, not for values.
        """
        try:
            return self.function(household, items, env)
        except Unhandled:
            return None


@lru_cache(maxsize=128)
def outcome(program: Program, parameters: Parameters) -> Generated | None:
    """Whether a household is eligible, and after it the checks that refuse it where one is false."""
    if program.outcome is None:
        return None
    return generated(program, (program.outcome, *program.refusing), dict(parameters))


def generated(program: Program, wanted: Sequence[Step], parameters: Mapping[str, Fraction]) -> Generated | None:
    """Args:
    wanted: steps of the program.
    parameters: the common step of all values of a parameter, by id.
    """
    clearing = Clearing(program, parameters)
    read = {(step.collection, step.slot): step for step in ordered(wanted, program.by_place)}
    cleared = {place: replace(step, core=clearing.lowered(step.core, sharp=True)) for place, step in read.items()}
    steps = ordered([cleared[step.collection, step.slot] for step in wanted], cleared)
    writer = Writer(program, parameters)
    try:
        body = [writer.step(step) for step in steps]
    except TooDeep:
        return None
    answer = f"return ({''.join(f'{writer.value(step)}, ' for step in wanted)})"
    lines = [*_given(program, steps, writer), *writer.readings(), *body, answer]
    source = "\n ".join(["def work_out(household, items, env):", *lines])
    scope: dict[str, Any] = {**CALLED, **writer.constants}
    exec(source, scope)  # names of ours and numbers: what a policy wrote stands in the scope
    return Generated(source, scope["work_out"])


def _given(program: Program, steps: Sequence[Step], writer: Writer) -> Iterator[str]:
    """Statements that take from a household what the steps read, and give up where a list was not given."""
    places = {place for step in steps for place in reads(step.core)}
    nodes = (node for step in steps for node in core_walk(step.core))
    listed = {node.collection for node in nodes if isinstance(node, core.Aggregate)}
    listed.update(step.collection for step in steps)
    listed.update(id for collection, node in program.joined for id in (collection, node.collection))
    for id, collection in program.collections.items():
        inputs = [one for one in collection.inputs if (id, one.slot) in places]
        names, owner = [writer.place(id, one.slot) for one in inputs], writer.items(id)
        if id == HOUSEHOLD:
            names, owner = [f"({name},)" for name in names], "(household,)"
        elif id in listed:
            yield f"{owner} = known(items[{writer.constant(id)}])"
        if inputs:
            yield f"{', '.join(names)}, = columns({owner}, {writer.constant([one.id for one in inputs])})"
    if program.joined:
        pairs = (f"len({writer.items(one)}) * len({writer.items(node.collection)})" for one, node in program.joined)
        yield f"if {' + '.join(pairs)} > {MOST_PAIRS}: raise Unhandled"


# ---- what the source calls


def columns(items: Sequence[Item], ids: Sequence[str]) -> Iterable[Sequence[Value]]:
    """Of each fact what it is in each of the items."""
    return zip(*[[item[id] for id in ids] for item in items], strict=True) if items else [()] * len(ids)


def known(value: Value) -> Value:
    if type(value) in UNKNOWN:
        raise Unhandled
    return value


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
    one.__name__: one for one in (Fraction, Unhandled, columns, counted, known, overlap, rounded, rows, *_OF_VALUES)
}
