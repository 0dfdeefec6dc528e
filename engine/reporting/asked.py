"""Which conditions the chosen readings ask for at all.

In: an elaborated condition and the chosen options.  Out: the truth that the readings alone settle, if they do.
A report leaves out a condition that the chosen reading waives; saying `✓` to it would claim what nobody checked.
This is for reading only: no outcome hangs on it.
"""

from __future__ import annotations

from collections.abc import Mapping

from engine.language.core import And, ChosenReading, Compare, Constant, CoreExpression, If, InSet, Not, Or


def settled_by_readings(core: CoreExpression, chosen: Mapping[str, str]) -> bool | None:
    """The value that the condition has whatever the facts are; None where it hangs on them."""
    match core:
        case Constant(value=bool() as value):
            return value
        case Compare(
            operator="=" | "!=" as operator, left=ChosenReading(reading=reading), right=Constant(value=option)
        ):
            return (chosen.get(reading) == option) == (operator == "=")
        case Compare(
            operator="=" | "!=" as operator, left=Constant(value=option), right=ChosenReading(reading=reading)
        ):
            return (chosen.get(reading) == option) == (operator == "=")
        case InSet(operands=(ChosenReading(reading=reading),), rows=rows):
            return (chosen.get(reading, ""),) in rows
        case Not(operand=operand):
            settled = settled_by_readings(operand, chosen)
            return None if settled is None else not settled
        case And(operands=operands):
            return _joined([settled_by_readings(one, chosen) for one in operands], decisive=False)
        case Or(operands=operands):
            return _joined([settled_by_readings(one, chosen) for one in operands], decisive=True)
        case If(test=test, then=then, otherwise=otherwise):
            settled = settled_by_readings(test, chosen)
            return None if settled is None else settled_by_readings(then if settled else otherwise, chosen)
        case _:
            return None


def _joined(values: list[bool | None], *, decisive: bool) -> bool | None:
    if decisive in values:
        return decisive
    return None if None in values else not decisive
