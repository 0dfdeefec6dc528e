"""`show --program`: what a policy means, as every back end finds it.

In: a `Program`, the rows of its tables, and in which steps the values of its parameters move.
Out: text and JSON: inputs, tables with their rows, and the steps in the order of working, each with its place, what it
can be, in which steps it moves and whether it may be unknown; and of each comparison of quantities what it is without
quotients, and which integers take it. For programmers; the words are those of the core. Source: docs/program.md.
Imports program and the printer of the core.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from fractions import Fraction
from typing import TypeAlias

from engine.escaping import Lines
from engine.language.core_text import core_text, plain_text
from engine.language.types import Quantity, Type, kind
from engine.language.values import Interval, Unknown, Value
from engine.policy.tables import Dated
from engine.program.bounds import Bounds
from engine.program.clearing import Cleared, Clearing, Comparison
from engine.program.granularity import Granularity
from engine.program.model import Input, Program, Step
from engine.program.unknowns import Unknowns
from engine.reporting.layout import Page, columns
from engine.reporting.program_rows import dated_json, dated_lines

FORMAT = 1
Steps: TypeAlias = Mapping[str, Fraction]
"""the common step of all values of a parameter, by id"""


def program_json(program: Program, dated: Dated, parameters: Steps) -> dict[str, object]:
    notes = _Notes(program, parameters)
    outside = program.outside
    return {
        "format": FORMAT,
        "collections": [
            {
                "id": held.id,
                "least": held.least,
                "most": held.most,
                "required": held.required,
                "width": held.width,
                "inputs": [_input_json(one) for one in held.inputs],
            }
            for held in program.collections.values()
        ],
        "tables": [
            {
                "id": id,
                "type": _type(held.type),
                "keys": [_type(key) for key in held.keys],
                "extent": _value(held.extent),
                **({"marginal": True} if held.marginal else {}),
            }
            for id, held in outside.tables.items()
        ],
        "lists": [{"id": id, "columns": [_type(one) for one in kinds]} for id, kinds in outside.lists.items()],
        "readings": [
            {"id": id, "options": [option for option, _ in held.options]} for id, held in outside.readings.items()
        ],
        "rows": dated_json(dated),
        "steps": [
            {
                "role": step.owner.kind,
                "name": _name(step),
                "collection": step.collection,
                "slot": step.slot,
                "type": _type(step.core.type),
                "core": core_text(step.core),
                "bounds": notes.bounds(step),
                "step": notes.moves(step),
                "may_be_unknown": notes.unknowns.possible(step.core),
                "comparisons": [_comparison_json(one) for one in notes.comparisons(step)],
            }
            for step in program.steps
        ],
        "decisive": program.decisive,
        "eager": program.eager,
    }


def _input_json(one: Input) -> dict[str, object]:
    return {
        "id": one.id,
        "slot": one.slot,
        "type": _type(one.type),
        "extent": _value(one.extent),
        "default": None if one.default is None else _value(one.default),
        "required": one.required,
        "role": one.role,
    }


def _comparison_json(one: Comparison) -> dict[str, object]:
    found = one.found
    if not isinstance(found, Cleared):
        return {"core": core_text(one.node), "takes": found.width, "uncleared": found.reason}
    return {
        "core": core_text(one.node),
        "takes": found.width,
        "cleared": cleared_text(found),
        "magnitude": None if found.magnitude is None else str(found.magnitude),
        "same_on_unknowns": found.sharp,
    }


def render_program(program: Program, dated: Dated, parameters: Steps, page: Page) -> Lines:
    return Lines.of(_lines(program, dated, parameters, page))


def _lines(program: Program, dated: Dated, parameters: Steps, page: Page) -> Iterator[str]:
    notes = _Notes(program, parameters)
    for held in program.collections.values():
        many = "1" if held.least == held.most == 1 else f"{held.least}..{held.most}"
        yield page.tone("strong", f"{held.id or 'household'}  {many}")
        yield from columns([_input_row(one) for one in held.inputs])
        yield ""
    outside = program.outside
    tables = [
        [id, ", ".join(map(_type, one.keys)), f"{'marginal ' * one.marginal}{_type(one.type)}", _value(one.extent)]
        for id, one in outside.tables.items()
    ]
    lists = [[id, ", ".join(map(_type, kinds)), "list", ""] for id, kinds in outside.lists.items()]
    readings = [[id, "", "reading", " ".join(o for o, _ in one.options)] for id, one in outside.readings.items()]
    if rows := [*tables, *lists, *readings]:
        yield page.tone("strong", "tables, lists, readings")
        yield from columns([["", *row] for row in rows])
        yield ""
    yield from dated_lines(dated, page)
    for title, steps in _parts(program):
        if steps:
            yield page.tone("strong", title)
            for step in steps:
                yield from _step_lines(step, notes, page)
            yield ""


def _parts(program: Program) -> Iterator[tuple[str, tuple[Step, ...]]]:
    yield "decides", program.steps[: program.decisive]
    yield "refuses", program.steps[program.decisive : program.eager]
    yield "explains", program.steps[program.eager :]


def _input_row(one: Input) -> list[str]:
    default = "" if one.default is None else f"default {_value(one.default)}"
    marks = " ".join(mark for mark in (one.role, "required" if one.required else default) if mark)
    return ["", f"@{one.slot}", one.id, _type(one.type), _value(one.extent), marks]


def _step_lines(step: Step, notes: _Notes, page: Page) -> Iterator[str]:
    place = f"{step.collection}@{step.slot}"
    yield f"  {place} {step.owner.kind} {page.tone('strong', _name(step))} : {_type(step.core.type)}{notes.text(step)}"
    yield from page.paragraph(f"= {core_text(step.core)}", indent=4, hanging=6)
    for one in notes.comparisons(step):
        yield from page.paragraph(_compared(one), indent=4, hanging=6)


def _compared(one: Comparison) -> str:
    """`int64: 12 * a <= b * c`; what is told apart on unknown facts has a `?`."""
    found = one.found
    if not isinstance(found, Cleared):
        return f"{found.width}: {core_text(one.node)}  ({found.reason}: {core_text(found.node)})"
    return f"{found.width}{'' if found.sharp else '?'}: {cleared_text(found)}"


def cleared_text(found: Cleared) -> str:
    return f"{core_text(found.left)} {found.operator} {core_text(found.right)}"


def _name(step: Step) -> str:
    return f"{step.owner.name}^" if step.owner.kind == "exempted" else step.owner.name


class _Notes:
    """What is known of every step before any household."""

    def __init__(self, program: Program, parameters: Steps) -> None:
        self._bounds = Bounds(program)
        self._granularity = Granularity(program, parameters)
        self._clearing = Clearing(program, parameters)
        self.unknowns = Unknowns(program)

    def bounds(self, step: Step) -> str:
        return _value(self._bounds.of(step.core))

    def comparisons(self, step: Step) -> tuple[Comparison, ...]:
        return tuple(self._clearing.comparisons(step.core))

    def moves(self, step: Step) -> str:
        """The step by which it moves; "" where it is no number, or has none."""
        least = self._granularity.of(step.core) if isinstance(step.core.type, Quantity) else None
        return "" if least is None else str(least)

    def text(self, step: Step) -> str:
        bounds, moves = self.bounds(step), self.moves(step)
        said = [bounds] if bounds not in ("", "?") else []
        said += [f"by {moves}"] if moves else []
        said += ["known"] if not self.unknowns.possible(step.core) else []
        return f"  ({', '.join(said)})" if said else ""


def _type(type_: Type) -> str:
    return "whole" if isinstance(type_, Quantity) and type_.whole else kind(type_)


def _value(value: Value) -> str:
    """`0..99`, with nothing on a side that is open; `?` for what can be anything of its type."""
    if isinstance(value, Unknown):
        return "?"
    if isinstance(value, Interval):
        return f"{_end(value.low)}..{_end(value.high)}"
    return plain_text(value)


def _end(end: int | Fraction | date | None) -> str:
    return "" if end is None else plain_text(end)
