"""Small changes to rules and values, each of which some case must notice.

In: a `CheckedPolicy`.  Out: `Mutant`s, each with one thing that is to be changed, in the order of the policy.
A nudge moves a threshold by the smallest step that a household can tell (`granularity`); a nudge below that is
equivalent by the same argument and is not made.
Imports program, policy, language and this floor.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from typing import assert_never, cast

from engine.language import core
from engine.language.ast import CompareOperator, DateFunction, RoundFunction
from engine.language.core import CoreExpression, operands, with_operands
from engine.language.elaborate import negate
from engine.language.types import TRUTH, Quantity
from engine.language.units import Unit
from engine.language.values import number
from engine.policy.checked import CheckedPolicy, Owner
from engine.policy.extent import customary_unit, written_unit
from engine.policy.model import AmountRange, Cell, Condition, Cut, Key, KeyPart, Parameter, Range, show_part
from engine.program.granularity import Granularity, common, common_step
from engine.program.link import OUTCOME, program_of, reads
from engine.program.model import HOUSEHOLD, Program
from engine.program.sites import Site, is_threshold, rebuilt, sites
from engine.testing.strength import Mutant, MutantKind, StepChange, ValueChange

_OTHER_STRICTNESS: Mapping[CompareOperator, CompareOperator] = {
    "<": "<=",
    "<=": "<",
    ">": ">=",
    ">=": ">",
    "=": "!=",
    "!=": "=",
}
_OTHER_ROUNDING: Mapping[RoundFunction, RoundFunction] = {
    "round": "round_down",
    "round_down": "round_up",
    "round_up": "round_down",
    "round_half_even": "round",
}


def rule_mutants(policy: CheckedPolicy) -> Iterator[Mutant]:
    """Mutants of the rules that decide an outcome or give an output."""
    program = program_of(policy)
    known = Granularity(program, _steps(policy))
    yield from _conditions_dropped(program)
    for site in sites(program):
        for kind, node, after in _changes(site, known):
            change = StepChange(site.owner, rebuilt(site, node))
            yield Mutant(kind, site.owner.name, _written(site.node), after, site.node.span, change)


def _conditions_dropped(program: Program) -> Iterator[Mutant]:
    """Each condition left out of its cause, each requirement out of the outcome; a cause keeps its last one."""
    for step in program.authored:
        if not isinstance(step.declared, Condition):
            continue
        owner, declared = step.owner, step.declared
        place = (HOUSEHOLD, program.truths[owner.group, owner.id])
        of = Owner("cause", "", owner.group) if owner.group else OUTCOME
        whole = program.by_place[HOUSEHOLD, program.slots[of]].written
        rest = tuple(one for one in operands(whole) if place not in reads(one))
        if rest:
            change = StepChange(of, with_operands(whole, rest))
            yield Mutant("drop-condition", owner.name, declared.label, "", declared.origin.span, change)


def _written(node: CoreExpression) -> str:
    return " ".join(node.span.text.split())


def _steps(policy: CheckedPolicy) -> dict[str, Fraction]:
    """The common step of every value that a parameter has, or may be given: its written unit's smallest part."""
    found = {}
    for parameter in policy.merged.elements.parameters.values():
        if not isinstance(parameter.type, Quantity):
            continue
        values = [cell.number for block in parameter.blocks for cell in block.cells.values()]
        found[parameter.id] = common_step([*values, _smallest(parameter)])
    return found


def _smallest(parameter: Parameter) -> int | Fraction:
    """The smallest step in which a value is written: a fen for money, one for a count or months."""
    assert isinstance(parameter.type, Quantity)
    return _smallest_of(parameter.type, written_unit(parameter.unit_text, parameter.type.unit))


def _smallest_written(parameter: Parameter) -> str:
    whole = isinstance(parameter.type, Quantity) and parameter.type.whole
    return f"{'1' if whole else '0.01'} {parameter.unit_text}".rstrip()


def _smallest_of(kind: Quantity, written: Unit) -> int | Fraction:
    parts = 1 if kind.whole else 100
    return number(written.factor / parts / kind.unit.factor)


def _changes(site: Site, known: Granularity) -> Iterator[tuple[MutantKind, CoreExpression, str]]:
    """The nodes that may stand in this one's place, with how they would be written."""
    node = site.node
    match node:
        case core.Compare():
            yield from _compare_changes(node, known)
        case core.And() | core.Or():
            other = core.Or if isinstance(node, core.And) else core.And
            word = " or " if isinstance(node, core.And) else " and "
            texts = [_written(operand) for operand in node.operands]
            if texts:
                yield "and-or", other(node.span, node.type, node.operands), word.join(texts)
            yield from _dropped(node, node.operands)
        case core.Sum() | core.HowMany() | core.Greatest() | core.Least():
            yield from _dropped(node, node.operands)
        case core.If() if node.type != TRUTH or node.then != node.otherwise:
            swapped = core.If(node.span, node.type, node.test, node.otherwise, node.then)
            yield "swap-branches", swapped, f"{_written(node.otherwise)} / {_written(node.then)}"
        case core.Not():
            yield "negate", node.operand, _written(node.operand)
        case core.Absolute():
            yield "drop", node.operand, _written(node.operand)
        case core.Rounded():
            other_rounding = _OTHER_ROUNDING[node.function]
            yield "function", replace(node, function=other_rounding), f"{other_rounding}({_written(node.operand)}, …)"
        case core.DatePart(function="month_start" | "month_end" as edge):
            other_edge: DateFunction = "month_end" if edge == "month_start" else "month_start"
            yield "function", replace(node, function=other_edge), f"{other_edge}({_written(node.operand)})"
        case core.ShiftDate() if isinstance(node.amount, core.Constant):
            yield from _other_shifts(node, node.amount)
        case core.InSet():
            for row in sorted(node.rows):
                rest = core.InSet(node.span, node.type, node.operands, node.rows - {row})
                yield "drop", rest, f"- {' '.join(row)}"
        case core.Lookup() | core.InList() | core.OverlapsList() if node.on is not None:
            yield "drop", replace(node, on=None), f"- on {_written(node.on)}"
        case core.Aggregate() if node.where is not None:
            yield "drop", replace(node, where=None), "- " + _written(node.where)
        case (
            core.Within()
            | core.Sharper()
            | core.Constant()
            | core.Fact()
            | core.TermValue()
            | core.Lookup()
            | core.ChosenReading()
            | core.CauseMet()
            | core.ConditionMet()
            | core.Outer()
            | core.If()
            | core.InList()
            | core.OverlapsSet()
            | core.OverlapsList()
            | core.Scale()
            | core.Product()
            | core.Quotient()
            | core.Aggregate()
            | core.ShiftDate()
            | core.Between()
            | core.DatePart()
        ):
            pass
        case _:
            assert_never(node)
    named = core.Fact | core.TermValue | core.Outer | core.CauseMet
    listed = core.InSet | core.InList | core.OverlapsSet | core.OverlapsList
    if site.is_truth and isinstance(node, named | listed | core.Aggregate):
        yield "negate", negate(node), f"not {_written(node)}"


def _other_shifts(node: core.ShiftDate, amount: core.Constant) -> Iterator[tuple[MutantKind, CoreExpression, str]]:
    """A date moved by a written number of months, years or days: by a month, or day, more and less."""
    counted, sign = int(cast("int | Fraction", amount.value)), "+" if node.sign > 0 else "-"
    unit = "月" if node.part == "months" else "天"
    kinds: tuple[tuple[MutantKind, int], ...] = (("nudge-up", counted + 1), ("nudge-down", counted - 1))
    for kind, other in kinds:
        moved = replace(node, amount=replace(amount, value=other))
        yield kind, moved, f"{_written(node.date)} {sign} {other} {unit}"


def _dropped(
    node: core.And | core.Or | core.Sum | core.HowMany | core.Greatest | core.Least,
    operands: tuple[CoreExpression, ...],
) -> Iterator[tuple[MutantKind, CoreExpression, str]]:
    """The node without each of its operands in turn."""
    if len(operands) < 2:
        return
    for place, operand in enumerate(operands):
        rest = (*operands[:place], *operands[place + 1 :])
        yield "drop", replace(node, operands=rest), f"- {_written(operand)}"


def _compare_changes(node: core.Compare, known: Granularity) -> Iterator[tuple[MutantKind, CoreExpression, str]]:
    operator = _OTHER_STRICTNESS[node.operator]
    written = f"{_written(node.left)} {operator} {_written(node.right)}"
    yield "operator", replace(node, operator=operator), written
    if not is_threshold(node) or not isinstance(node.right.type, Quantity):
        return
    step = common([known.of(node.left), known.of(node.right)])
    if not step:
        # a quotient has no least step: the smallest unit in which such a limit is written
        step = Fraction(_smallest_of(node.right.type, customary_unit(node.right.type.unit)))
    signs: tuple[tuple[MutantKind, int], ...] = (("nudge-up", 1), ("nudge-down", -1))
    for kind, sign in signs:
        nudge = core.Constant(node.right.span, node.right.type, number(sign * step))
        right = core.Sum(node.right.span, node.right.type, (node.right, nudge))
        after = f"{_written(node.left)} {node.operator} {_written(node.right)} {'+' if sign > 0 else '-'} {step}"
        yield kind, replace(node, right=cast("CoreExpression", right)), after


def equivalent_nudges(policy: CheckedPolicy) -> Iterator[Mutant]:
    """Thresholds whose nudge by the smallest unit changes no household's answer: both sides move in larger steps."""
    program = program_of(policy)
    known = Granularity(program, _steps(policy))
    for site in sites(program):
        node = site.node
        if not isinstance(node, core.Compare) or not is_threshold(node) or not isinstance(node.right.type, Quantity):
            continue
        step = common([known.of(node.left), known.of(node.right)])
        unit = _smallest_of(node.right.type, customary_unit(node.right.type.unit))
        if step and step > unit:
            after = f"{_written(node.left)} {node.operator} {_written(node.right)} ± {unit}"
            yield Mutant("equivalent", site.owner.name, _written(node), after, node.span)


def value_mutants(policy: CheckedPolicy, document: str) -> Iterator[Mutant]:
    """Each value that a document states, up and down by the smallest step in which it is written."""
    for parameter in policy.merged.elements.parameters.values():
        for index, block in enumerate(parameter.blocks):
            if block.origin.policy != document:
                continue
            for key, cell in block.cells.items():
                tried = [
                    (kind, {**block.cells, key: replace(cell, value=value)}, after)
                    for kind, value, after in _other_values(parameter, cell)
                ]
                for kind, cells, after in (*tried, *_other_edges(parameter, block.cells, key)):
                    blocks = list(parameter.blocks)
                    blocks[index] = replace(block, cells=cells)
                    changed = ValueChange(replace(parameter, blocks=tuple(blocks)))
                    place = next(
                        (part for part in key if isinstance(part, str) and part in policy.merged.divisions), ""
                    )
                    keys = f"[{' '.join(map(show_part, key))}]" if key else ""
                    rule = f"{document}: {parameter.id}{keys}"
                    since = "" if block.origin.start is None else f" ({block.origin.start})"
                    yield Mutant(
                        kind,
                        rule + since,
                        cell.text,
                        after,
                        cell.span,
                        changed,
                        place,
                        parameter.id,
                    )


def _other_edges(
    parameter: Parameter, cells: Mapping[Key, Cell], key: Key
) -> Iterator[tuple[MutantKind, Mapping[Key, Cell], str]]:
    """Tables in which the range of a key begins a hundredth, or one, later or sooner, and, where whole amounts have one
    value, with its boundary on the other side; the range below it gives or takes."""
    for place, part in enumerate(key):
        below = None if isinstance(part, str) else _below(cells, key, place, part)
        if isinstance(part, str) or below is None:
            continue
        edges: list[tuple[MutantKind, Cut]] = []
        if isinstance(part, AmountRange):
            (amount, side), step = part.start, Fraction(1, 100)
            edges += [("edge-up", (amount + step, side)), ("edge-down", (amount - step, side))]
            edges += [] if parameter.marginal else [("edge-side", (amount, 1 - side))]
        else:
            edges += [("edge-up", part.start + 1), ("edge-down", part.start - 1)]
        for kind, edge in edges:
            if below.start < edge < part.end:
                made, other = part.between(edge, part.end), below.between(below.start, edge)
                moved = {
                    key: _with_part(key, place, made),
                    _with_part(key, place, below): _with_part(key, place, other),
                }
                yield kind, {moved.get(one, one): cell for one, cell in cells.items()}, show_part(made)


def _below(cells: Mapping[Key, Cell], key: Key, place: int, part: Range) -> Range | None:
    """The range that ends where this one begins, in the row of the same other keys."""
    rows = (one[place] for one in cells if _with_part(one, place, part) == key)
    return next((one for one in rows if not isinstance(one, str) and one.end == part.start), None)


def _with_part(key: Key, place: int, part: KeyPart) -> Key:
    return (*key[:place], part, *key[place + 1 :])


def _other_values(parameter: Parameter, cell: Cell) -> Iterator[tuple[MutantKind, int | Fraction | date, str]]:
    """The values beside a value: a step up and down, the day after and before; of a truth the other."""
    if isinstance(cell.value, bool):
        yield "value-up", not cell.value, "no" if cell.value else "yes"
    elif isinstance(cell.value, date):
        yield "value-up", cell.value + timedelta(days=1), "+ 1 天"
        yield "value-down", cell.value - timedelta(days=1), "- 1 天"
    else:
        step, written = _smallest(parameter), _smallest_written(parameter)
        yield "value-up", cell.value + step, f"+ {written}"
        if cell.value - step >= min(0, parameter.least or 0):
            yield "value-down", cell.value - step, f"- {written}"


def with_parameter(policy: CheckedPolicy, parameter: Parameter) -> CheckedPolicy:
    elements = policy.merged.elements
    parameters = {**elements.parameters, parameter.id: parameter}
    return replace(policy, merged=replace(policy.merged, elements=replace(elements, parameters=parameters)))
