"""The plainest household of which something is so: fewest items, fewest facts that are not at their default, round
amounts.

In: an `Inquiry` whose answer is that there is some.  Out: its model, narrowed one fact after the other, each as plain
as those before it leave it. Imports this floor.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from typing import Final, cast

import z3

from engine.language.types import Choice, DateType, ItemOf, Place, Quantity, Several, Text, Truth
from engine.language.values import ends
from engine.policy.extent import fact_extent
from engine.policy.model import Fact
from engine.proof import numbers, terms, values
from engine.proof.inquiry import Inquiry
from engine.proof.numbers import Number
from engine.proof.terms import Bit
from engine.proof.values import Code, Day, Value
from engine.proof.world import Spot, whole_in

_ROUND: Final = (10_000, 1_000, 100, 10, 1)
"""amounts are round that are multiples of as many of their unit; the roundest that will do is taken"""
_SMALL: Final = (1, 2, 5, 10, 20, 50)
"""times of which it is at most, if it can be"""


def plainest(question: Inquiry, wanted: Bit) -> z3.ModelRef | None:
    """The model of the plainest household of which it holds; None where none was found within the limit."""
    with question.narrowing():
        if not question.narrow(wanted):
            return None
        for bits in question.world.present.values():
            for bit in reversed(bits):
                question.narrow(terms.no(bit))
        open_: list[tuple[Spot, Number]] = []
        for spot, value in question.world.spots.items():
            fact = question.world.declared(spot)
            settled = any(question.narrow(bit) for bit in _plain(question, spot, fact, value))
            if not settled and isinstance(value, Number):
                open_.append((spot, value))
        for _, bit in sorted(question.world.sets.items(), key=lambda one: one[0]):
            question.narrow(terms.no(bit))
        for spot, value in open_:
            _round(question, question.world.declared(spot), value)
        return question.model() if question.ask(True) == "some" else None


def _plain(question: Inquiry, spot: Spot, fact: Fact, value: Value) -> Iterator[Bit]:
    """What is plain for a fact, the plainest first."""
    codes = question.world.codes
    match fact.type, value:
        case Truth(), values.Truth(bit=bit):
            yield terms.alike(bit, bool(fact.default))
        case Quantity(), Number():
            low, _ = ends(fact_extent(fact))
            plain = fact.default if isinstance(fact.default, int | Fraction) else low
            yield numbers.compare("=", value, numbers.constant(cast("int | Fraction", plain)))
        case DateType(), Day(ordinal=ordinal):
            if fact.role == "as_of":
                yield terms.compare("=", ordinal, _day_of(question))
            elif isinstance(fact.default, date):
                yield terms.compare("=", ordinal, fact.default.toordinal())
            else:
                for year in (1980, 2015, 1950, 2005):
                    yield terms.compare("=", ordinal, date(year, 1, 1).toordinal())
        case Choice(options=options), Code(number=number):
            first = [fact.default] if isinstance(fact.default, str) else []
            for option in [*first, *(id for id, _ in options)]:
                yield terms.compare("=", number, codes.of(option))
        case (Text() | Place() | ItemOf() | Several(), _):
            return
        case _:
            raise AssertionError(spot)


def _day_of(question: Inquiry) -> int:
    """The first day of a case that has one; of one without beginning its last."""
    where = question.world.where
    return (where.last if where.first == date.min else where.first).toordinal()


def _round(question: Inquiry, fact: Fact, value: Number) -> None:
    """Set an amount to a round one."""
    whole = 10**fact.decimals
    for step in (whole * times for times in _ROUND):
        if step > 1 and question.narrow(terms.compare("=", terms.remainder(value.above, step), 0)):
            break
    else:
        step = 1
    if not any(question.narrow(terms.compare("<=", value.above, step * times)) for times in _SMALL):
        for times in (100, 1_000, 10_000):
            if question.narrow(terms.compare("<=", value.above, step * times)):
                break
    if question.ask(True) == "some":
        question.narrow(terms.compare("=", value.above, whole_in(question.model(), value.above)))
