"""What one document itself declares: its elements and its expressions, whoever they are merged with.

In: a built document.  Out: elements, and expressions with what they are for.
Imports model and language.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, TypeAlias, assert_never

from engine.language.ast import Expression
from engine.policy.model import (
    AddCondition,
    AddElement,
    AddExemption,
    AddPart,
    AnyElement,
    Cause,
    Check,
    Collection,
    Condition,
    Exemption,
    Fact,
    NamedList,
    Output,
    Overlay,
    Parameter,
    Parts,
    Policy,
    Reading,
    Referral,
    Repeal,
    ReplaceTerm,
    SetList,
    SetReading,
    SetValues,
    Term,
    added,
    inside,
)

Outlet: TypeAlias = Literal["rule", "check"]


def declared(built: Policy | Overlay) -> Iterator[AnyElement | Exemption]:
    """Every element that a document declares, those inside others included."""
    for element in added(built):
        yield element
        yield from inside(element).values()


def expressions(built: Policy | Overlay) -> Iterator[tuple[Outlet, Expression]]:
    """Every expression that a document writes, and whether it rules or only checks data."""
    for element in declared(built):
        match element:
            case Term(body=Parts(parts=parts)):
                yield from (("rule", part.expression) for part in parts.values())
            case Term(body=body) if not isinstance(body, Parts):
                yield "rule", body
            case Condition(expression=expression) | Output(expression=expression):
                yield "rule", expression
            case Exemption(when=when) | Referral(when=when):
                yield "rule", when
            case Check(require=require):
                yield "check", require
            case Fact() | Collection() | Parameter() | NamedList() | Reading() | Term() | Cause():
                pass
            case _:
                assert_never(element)
    if isinstance(built, Policy) and built.joining is not None:
        yield from (("rule", part) for part in built.joining.parts.values())
    for change in built.changes if isinstance(built, Overlay) else ():
        match change:
            case AddPart(part=part):
                yield "rule", part.expression
            case ReplaceTerm(body=body):
                yield "rule", body
            case SetValues() | SetList() | SetReading() | AddElement() | AddCondition() | AddExemption() | Repeal():
                pass  # the elements were looked at above
            case _:
                assert_never(change)
