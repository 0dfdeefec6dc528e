"""A core expression as text, for programmers: names with their slots, numbers counted in the unit of the core.

Out: `income_12m@3 < 3 * limit@20`. It is for reading, and parses back to nothing.
Imports core and types.
"""

from __future__ import annotations

from datetime import date
from typing import assert_never

from engine.language import core
from engine.language.core import CoreExpression, Plain


def core_text(node: CoreExpression) -> str:
    """Every operator in brackets but the outermost, so that nothing hangs on how tightly they bind."""
    text = _text(node)
    return text[1:-1] if text.startswith("(") and _closes_at_end(text) else text


def _closes_at_end(text: str) -> bool:
    depth = 0
    for place, char in enumerate(text):
        depth += (char == "(") - (char == ")")
        if depth == 0:
            return place == len(text) - 1
    return False


def _text(node: CoreExpression) -> str:
    match node:
        case core.Constant(value=value):
            return plain_text(value)
        case core.Fact() | core.TermValue():
            return _placed(f"{node.collection}.{node.id}" if node.collection else node.id, node.slot)
        case core.CauseMet():
            return _placed(node.cause, node.slot)
        case core.ConditionMet():
            return _placed(f"{node.cause or 'requirements'}.{node.condition}", node.slot)
        case core.Lookup():
            return f"{node.parameter}[{_all(node.keys)}]" if node.keys else node.parameter
        case core.ChosenReading():
            return f"chosen({node.reading})"
        case core.Not():
            return f"not {_text(node.operand)}"
        case core.And():
            return _joined(" and ", node.operands, "true")
        case core.Or():
            return _joined(" or ", node.operands, "false")
        case core.If():
            return f"(if {_text(node.test)} then {_text(node.then)} else {_text(node.otherwise)})"
        case core.Compare():
            return f"({_text(node.left)} {node.operator} {_text(node.right)})"
        case core.InSet():
            rows = ", ".join(" ".join(row) for row in sorted(node.rows))
            return f"({_all(node.operands)}) in {{{rows}}}"
        case core.InList():
            return f"({_all(node.operands)}) in {node.list}"
        case core.OverlapsSet():
            return f"{_text(node.operand)} overlaps {{{', '.join(sorted(node.members))}}}"
        case core.OverlapsList():
            return f"{_text(node.operand)} overlaps {node.list}"
        case core.Scale():
            return f"({node.factor} * {_text(node.operand)})"
        case core.Sum():
            return _joined(" + ", node.operands, "0")
        case core.Product():
            return f"({_text(node.left)} * {_text(node.right)})"
        case core.Quotient():
            return f"({_text(node.left)} / {_text(node.right)})"
        case core.Least():
            return f"min({_all(node.operands)})"
        case core.Greatest():
            return f"max({_all(node.operands)})"
        case core.Rounded():
            return f"round({_text(node.operand)}, {node.step})"
        case core.Aggregate():
            body = "" if node.body is None else f"{core_text(node.body)} "
            where = "" if node.where is None else f" where {core_text(node.where)}"
            otherwise = "" if node.otherwise is None else f" else {core_text(node.otherwise)}"
            return f"{node.kind}({body}for {node.collection}{where}{otherwise})"
        case core.HowMany():
            return f"how_many({_all(node.operands)})"
        case core.ShiftDate():
            sign = "+" if node.sign > 0 else "-"
            return f"({_text(node.date)} {sign} {_text(node.amount)} {node.part})"
        case core.MonthsBetween():
            return f"months_between({_text(node.start)}, {_text(node.end)})"
        case core.YearsBetween():
            return f"years_between({_text(node.start)}, {_text(node.end)})"
        case core.YearOf():
            return f"year({_text(node.operand)})"
    assert_never(node)


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
    return f"({word.join(_text(node) for node in nodes)})" if nodes else empty
