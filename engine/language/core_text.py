"""A core expression as text, for programmers: names with their slots, numbers counted in the unit of the core.

Out: `income_12m@3 < 3 * limit@20`. It is for reading, and parses back to nothing.
Imports core and types.
"""

from __future__ import annotations

from datetime import date
from typing import Final, assert_never

from engine.language import core
from engine.language.core import CoreExpression, Plain
from engine.language.values import LEAP_DAY


def core_text(node: CoreExpression) -> str:
    """Every operator in brackets but the outermost, so that nothing hangs on how tightly they bind."""
    match node:
        case core.Constant(value=value):
            return plain_text(value)
        case core.Fact() | core.TermValue():
            return _placed(f"{node.collection}.{node.id}" if node.collection else node.id, node.slot)
        case core.Outer():
            return f"outer {core_text(node.operand)}"
        case core.CauseMet():
            return _placed(node.cause, node.slot)
        case core.ConditionMet():
            return _placed(f"{node.cause or 'requirements'}.{node.condition}", node.slot)
        case core.Lookup():
            keys = [*(() if node.on is None else (f"on {core_text(node.on)}",)), *map(core_text, node.keys)]
            word = "marginal " if node.marginal else ""
            return f"{word}{node.parameter}[{', '.join(keys)}]" if keys else node.parameter
        case core.ChosenReading():
            return f"chosen({node.reading})"
        case core.Not():
            return f"not {_inside(node.operand)}"
        case core.And():
            return _joined(" and ", node.operands, "true")
        case core.Or():
            return _joined(" or ", node.operands, "false")
        case core.If():
            return f"if {_inside(node.test)} then {_inside(node.then)} else {_inside(node.otherwise)}"
        case core.Compare():
            return f"{_inside(node.left)} {node.operator} {_inside(node.right)}"
        case core.InSet():
            rows = ", ".join(" ".join(row) for row in sorted(node.rows))
            return f"({_all(node.operands)}) in {{{rows}}}"
        case core.InList():
            return f"({_all(node.operands)}) in {node.list}{_of_day(node.on)}"
        case core.OverlapsSet():
            return f"{_inside(node.operand)} overlaps {{{', '.join(sorted(node.members))}}}"
        case core.OverlapsList():
            return f"{_inside(node.operand)} overlaps {node.list}{_of_day(node.on)}"
        case core.Scale():
            return f"{node.factor} * {_inside(node.operand)}"
        case core.Sum():
            return _joined(" + ", node.operands, "0")
        case core.Product():
            return f"{_inside(node.left)} * {_inside(node.right)}"
        case core.Quotient():
            return f"{_inside(node.left)} / {_inside(node.right)}"
        case core.Least():
            return f"min({_all(node.operands)})"
        case core.Greatest():
            return f"max({_all(node.operands)})"
        case core.Absolute():
            return f"abs({_inside(node.operand)})"
        case core.Rounded():
            return f"{node.function}({_inside(node.operand)}, {_inside(node.step)})"
        case core.Aggregate():
            body = "" if node.body is None else f"{core_text(node.body)} "
            where = "" if node.where is None else f" where {core_text(node.where)}"
            otherwise = "" if node.otherwise is None else f" else {core_text(node.otherwise)}"
            return f"{node.kind}({body}for {node.collection}{where}{otherwise})"
        case core.HowMany():
            return f"how_many({_all(node.operands)})"
        case core.ShiftDate():
            sign = "+" if node.sign > 0 else "-"
            return f"{_inside(node.date)} {sign} {_inside(node.amount)} {node.part}{_leap_day(node)}"
        case core.Between():
            return f"{node.function}({_inside(node.start)}, {_inside(node.end)}{_leap_day(node)})"
        case core.DatePart():
            return f"{node.function}({_inside(node.operand)})"
        case core.Within():
            limits = zip(node.operators, node.limits, strict=True)
            told = ", ".join(f"{operator} {_inside(limit)}" for operator, limit in limits)
            return f"{_inside(node.operand)}{{{told}}}"
        case core.Sharper():
            return f"{core_text(node.operand)}{{{core_text(node.told)}}}"
    assert_never(node)


def _of_day(on: CoreExpression | None) -> str:
    return "" if on is None else f"[on {core_text(on)}]"


def _leap_day(node: core.ShiftDate | core.Between) -> str:
    return "" if node.leap_day == LEAP_DAY else f", leap day {node.leap_day}"


def plain_text(value: Plain) -> str:
    """A value of the core: exact numbers, dates as in ISO, options by id."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, frozenset):
        return "{" + ", ".join(sorted(value)) + "}"
    return value.isoformat() if isinstance(value, date) else str(value)


def _placed(name: str, slot: int) -> str:
    return name if slot == core.UNPLACED else f"{name}@{slot}"


def _all(nodes: tuple[CoreExpression, ...]) -> str:
    return ", ".join(core_text(node) for node in nodes)


def _joined(word: str, nodes: tuple[CoreExpression, ...], empty: str) -> str:
    return word.join(_inside(node) for node in nodes) or empty


_INFIX: Final = core.If | core.Compare | core.Scale | core.Product | core.Quotient | core.ShiftDate
_CHAIN: Final = core.And | core.Or | core.Sum


def _inside(node: CoreExpression) -> str:
    """As an operand of another operator."""
    open_ = isinstance(node, _INFIX) or (isinstance(node, _CHAIN) and node.operands)
    return f"({core_text(node)})" if open_ else core_text(node)
