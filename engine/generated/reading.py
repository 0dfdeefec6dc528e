"""A household's dict to its outcome, in one function of Python.

In: a `Program`, how each of its fields is written (`Field`), and the options of the readings.  Out: `Decider`, whose
function reads, checks and decides a household of which all is known that counts. Straight code: one look at the type of
a field, one at its bounds. Whatever is out of the ordinary (a fault, a strange type, something unknown that counts, a
data check that is false) it gives up (`Unhandled`, `KeyError`): the reader that refuses and explains is another.
What it read it hands back, in values that nobody can change, so that reasons can be derived from them later.
Imports program and language.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from operator import itemgetter
from typing import Any, Final, Literal, TypeAlias, assert_never

from engine.generated.compiled import (
    Asked,
    Counted,
    asked,
    cleared,
    columns_of,
    compiled,
    listed,
    paired,
)
from engine.generated.loops import Layout, laid_out
from engine.generated.source import TooDeep, Writer
from engine.language.interpreter import MAX_ITEMS, Environment
from engine.language.values import Value
from engine.program.model import HOUSEHOLD, Program, Step
from engine.records import dataclass

PLAIN_BELOW: Final = 10**10
"""a number that is written without a text is below it"""
FINEST: Final = 10_000
"""a float that is a multiple of 1/10000 is written without an exponent"""
LONGEST_ID: Final = 100
"""so long an identity may be"""

Kind: TypeAlias = Literal["truth", "amount", "option", "identity", "text", "place", "day", "other"]
"""`identity` is a text that names the household, or an item; of `place` and `day`, by which the rules were found, the
caller knows that they are as they should be"""


@dataclass(frozen=True, slots=True, eq=False)
class Field:
    """How a fact is written.

    Attributes:
        per: how many counts of its unit one of the written unit is.
        bounds: the least and the most, counted so, where they were declared.
        options: of a choice.
        absent: what would have to be written where it is left out; None for what is not known then.
        sure: whether it is known, or the household is for others.
        read: the value of what is written in another way, and may be written so; raises `Unhandled`.
    """

    id: str
    slot: int
    kind: Kind
    absent: object
    sure: bool
    read: Callable[[Any], Value]
    per: int = 1
    bounds: tuple[Value, Value] | None = None
    options: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, eq=False)
class Shape:
    """The fields of a household, or of the items of a collection, and how many there are at least."""

    collection: str
    fields: tuple[Field, ...]
    least: int
    required: bool


Row: TypeAlias = tuple[object, ...]
Kept: TypeAlias = Row | tuple[Row, tuple[str, ...]]
"""what stands in each field; where not all of them were given, beside that those that were, in any order"""


@dataclass(frozen=True, slots=True, eq=False)
class Decider:
    """Attributes:
    function: of a household's dict, the tables and its own day; whether it is eligible, what it has in its own fields,
        and of each collection the items' (None: not given).
    """

    source: str
    function: Callable[[dict[object, Any], Sequence[Asked], date, Environment], tuple[Any, ...]]
    tables: tuple[Counted, ...]


def decider(
    program: Program,
    shapes: Sequence[Shape],
    parameters: Mapping[str, Fraction],
    options: Sequence[str],
    plain_ids: Callable[[list[str]], bool],
) -> Decider | None:
    """Args:
    shapes: in the order of the program's collections.
    plain_ids: whether texts may be identities, and no two of them are alike.
    Returns: None where the program says of nobody whether it is eligible, or Python would not compile it.
    """
    if program.outcome is None or program.referring:
        return None
    wanted = (program.outcome, *program.refusing)
    steps = cleared(program, wanted, parameters)
    writer = Writer(program, parameters, options)
    try:
        layout = laid_out(program, steps, wanted, writer)
    except (TooDeep, RecursionError):
        return None
    lines = list(_Reading(program, steps, layout, writer, shapes).lines())
    source = "\n ".join(["def decide(tree, tables, day, env):", *lines])
    constants = {**writer.constants, **CALLED, "plain_ids": plain_ids}
    return Decider(source, compiled(source, "decide", constants), tuple(writer.tables.values()))


class _Reading:
    def __init__(
        self, program: Program, steps: Sequence[Step], layout: Layout, writer: Writer, shapes: Sequence[Shape]
    ) -> None:
        self._program = program
        self._layout, self._writer = layout, writer
        self._touched = listed(program, steps)
        self._places = {(step.collection, step.slot) for step in steps}
        self._household, *self._shapes = shapes

    def lines(self) -> Iterator[str]:
        writer, program = self._writer, self._program
        others = [shape.collection for shape in self._shapes]
        yield from asked(writer)
        yield from self._fields(self._household, "tree", others)
        for shape in self._shapes:
            yield f"{writer.items(shape.collection)} = tree[{writer.constant(shape.collection)}]"
        yield from _read(self._household, "v", writer)
        yield "kept = row if names is None else (row, names)"
        yield from self._layout.before
        for shape in self._shapes:
            yield from self._items(shape)
        yield from paired(program, writer)
        yield from self._layout.after
        for step in program.refusing:
            if step.collection == HOUSEHOLD:
                yield f"if not {writer.place(HOUSEHOLD, step.slot)}: raise Unhandled"
            elif not self._layout.is_in_loop(step):
                yield f"if not all({writer.place(step.collection, step.slot)}): raise Unhandled"
        kept = (f"kept{writer.items(shape.collection)}" for shape in self._shapes)
        assert program.outcome is not None, "others are not read so"
        outcome = writer.place(HOUSEHOLD, program.outcome.slot)
        yield f"return {outcome}, kept, {''.join(f'{one}, ' for one in kept)}"

    def _items(self, shape: Shape) -> Iterator[str]:
        writer, loop = self._writer, self._layout.loops[shape.collection]
        items = writer.items(shape.collection)
        starts, appends = columns_of(self._layout, writer, shape.collection)
        identity = any(field.kind == "identity" for field in shape.fields)
        reading = [
            f"if type({items}) is not list or not {shape.least} <= len({items}) <= {MAX_ITEMS}: raise Unhandled",
            f"kept{items} = []",
            *(["ids = []"] if identity else ()),
            *loop.starts,
            *starts,
            f"for x in {items}:",
            " if type(x) is not dict: raise Unhandled",
            *(f" {line}" for line in self._fields(shape, "x", ())),
            *(f" {line}" for line in _read(shape, "i0_", writer)),
            f" kept{items}.append(row if names is None else (row, names))",
            *(f" {line}" for line in loop.body()),
            *(f" {line}" for line in appends),
            *(
                f" if not i0_{step.slot}: raise Unhandled"
                for step in self._program.refusing
                if step.collection == shape.collection and self._layout.is_in_loop(step)
            ),
            *(["if not plain_ids(ids): raise Unhandled"] if identity else ()),
        ]
        if shape.required or shape.collection in self._touched:
            yield from reading
        else:
            yield f"kept{items} = None"
            yield f"if {items} is not None:"
            yield from (f" {line}" for line in reading)

    def _fields(self, shape: Shape, tree: str, others: Sequence[str]) -> Iterator[str]:
        """What stands in each field, and which were given."""
        writer, ids = self._writer, tuple(field.id for field in shape.fields)
        prefix = "v" if tree == "tree" else "i0_"
        absent = {field.id: field.absent for field in shape.fields} | dict.fromkeys(others)
        yield f"if len({tree}) == {len(absent)}: names = None"
        yield "else:"
        yield f" names = tuple({tree})"
        yield f" {tree} = {{**{writer.constant(absent)}, **{tree}}}"
        yield f" if len({tree}) != {len(absent)}: raise Unhandled"
        yield f"row = {writer.constant(picker(ids))}({tree})"
        if ids:
            yield f"{''.join(f'{prefix}{field.slot}, ' for field in shape.fields)}= row"


def _read(shape: Shape, prefix: str, writer: Writer) -> Iterator[str]:
    changed = False
    for field in shape.fields:
        name = f"{prefix}{field.slot}"
        match field.kind:
            case "place":
                pass
            case "day":
                yield f"{name} = day"
            case "truth":
                test = f"{name} is not False and {name} is not True"
                yield f"if {test}{_or_unknown(field, name)}: raise Unhandled"
            case "option":
                test = f"(type({name}) is not str or {name} not in {writer.constant(field.options)})"
                yield f"if {test}{_or_unknown(field, name)}: raise Unhandled"
            case "amount":
                yield from _amount(field, name, writer)
            case "identity" if shape.collection != HOUSEHOLD:
                yield f"if type({name}) is not str: raise Unhandled"
                yield f"ids.append({name})"
            case "identity":
                yield f"if type({name}) is not str: raise Unhandled"
                yield f"if not ({name}.isascii() and {name}.isalnum() and len({name}) <= {LONGEST_ID}):"
                yield f" if not plain_ids([{name}]): raise Unhandled"
            case "text":
                test = f"type({name}) is not str or not {name}.isascii()"
                test = test if field.sure else f"{name} is not None and ({test})"
                yield f"if {test}: {writer.constant(field.read)}({name})"
            case "other":
                changed = True
                yield f"if {name} is not None: {name} = {writer.constant(field.read)}({name})"
                if field.sure:
                    yield "else: raise Unhandled"
            case _:
                assert_never(field.kind)
    if changed:  # what a caller could still change is kept as it was read
        yield f"row = ({', '.join(_kept(shape.fields, prefix))}, )"


def converted(shape: Shape, prefix: str, writer: Writer) -> Iterator[str]:
    """The values of what was kept, which was read before."""
    for field in shape.fields:
        name = f"{prefix}{field.slot}"
        if field.kind == "amount":
            yield from _amount(field, name, writer)
        elif field.kind == "day":
            yield f"{name} = day"


def _kept(fields: Iterable[Field], prefix: str) -> Iterator[str]:
    for at, field in enumerate(fields):
        yield f"{prefix}{field.slot}" if field.kind == "other" else f"row[{at}]"


def _or_unknown(field: Field, name: str) -> str:
    return "" if field.sure else f" and {name} is not None"


def _amount(field: Field, name: str, writer: Writer) -> Iterator[str]:
    """Whole numbers and floats of two places where they stand, all else by a call."""
    whole, other = f"0 <= {name} < {PLAIN_BELOW}", f"{name} = {writer.constant(field.read)}({name})"
    yield f"if {name} is not zero{_or_unknown(field, name)}:"
    yield f" if type({name}) is int and {whole}:" + ("" if field.per != 1 else " pass")
    if field.per != 1:
        yield f"  {name} *= {field.per}"
    if field.per <= FINEST:
        yield f" elif type({name}) is float and {name}:"
        yield f"  x{field.slot} = {name}"
        yield f"  {name} = round({name} * {field.per})"
        # the shortest text of a float has no more digits than asked for where they give the float
        beyond = PLAIN_BELOW * field.per
        yield f"  if not 0 < {name} < {beyond} or {name} / {field.per} != x{field.slot}: raise Unhandled"
    yield f" else: {other}"
    if field.bounds is not None:
        least, most = (writer.constant(end) for end in field.bounds)
        if field.sure:
            yield f"if not {least} <= {name} <= {most}: raise Unhandled"
        else:
            yield f"if {name} is not None and not {least} <= {name} <= {most}: raise Unhandled"


def picker(ids: Sequence[str]) -> Callable[[Mapping[str, Any]], Row]:
    """What stands under these keys; KeyError where one is lacking."""
    if len(ids) > 1:
        return itemgetter(*ids)
    return lambda tree: tuple([tree[id] for id in ids])


CALLED: Final[Mapping[str, Any]] = {"zero": 0}
