"""What is said of a number that may become too long, and what helps.

Imports sizes, core, context, units and the ground floor.
"""

from __future__ import annotations

from engine.diagnostics import Reporter
from engine.language import core
from engine.language.context import text_of
from engine.language.sizes import MOST_DIGITS, TooLong
from engine.language.types import Quantity
from engine.language.units import natural_unit, show_unit
from engine.language.words import BY_CANONICAL, language_of


def report_too_long(found: TooLong, step: str, report: Reporter) -> None:
    """Say which step, how long its numbers can become, and what helps."""
    node = found.node
    text = text_of(node.span)
    helps = {"rounded": "", "early": "", "bounded": ""}
    body = node.body if isinstance(node, core.Aggregate) else None
    if not found.below:
        helps["bounded"] = text
    elif body is not None and isinstance(body.type, Quantity):
        word = BY_CANONICAL["round"].spelled(language_of(node.span.text))
        unit = f"0.01 {show_unit(natural_unit(body.type.unit.dimension))}".rstrip()
        helps["rounded"] = f"{word}({text_of(body.span)}, {unit})"
    else:
        helps["early"] = text
    report.tell(
        "number-may-grow",
        node.span,
        text=text,
        step=step,
        digits=found.digits,
        limit=str(MOST_DIGITS),
        rounded=helps["rounded"],
        early=helps["early"],
        bounded=helps["bounded"],
    )
