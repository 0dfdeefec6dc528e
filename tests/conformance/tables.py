"""The suite on back ends that decide whole tables.

A back end is one function: loaded policies, a table of households, the policy that is named, the day whose rules and
values hold and the day to which publications are known, to a table of answers. To put another under the whole suite,
add it to `TABLES`. What an answer's column tells is rounded to two places, so what entries say is rounded likewise.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import partial
from math import ceil, floor
from typing import Any, Final, TypeAlias, cast
from unittest.mock import patch

import pyarrow as pa

from engine.api import Policies
from engine.evaluation.figures import default_as_json
from engine.language.types import Choice, DateType, ItemOf, Place, Quantity, Several, Text, Truth
from engine.language.units import parse_unit
from engine.policy.model import Elements, Fact
from engine.screening.kernel import machine
from engine.screening.kernel.deciding import Deciding
from tests.conformance.comparable import DECLARED_UNITS, wanted
from tests.conformance.suite import Expected

Tree: TypeAlias = Mapping[str, Any]
TableBackend: TypeAlias = Callable[[Policies, pa.Table, str | None, date | None, date | None], pa.Table]


def screened(
    policies: Policies, table: pa.Table, policy: str | None, as_of: date | None, known_on: date | None
) -> pa.Table:
    return policies.screen(table, policy, as_of, known_on)


def native(
    policies: Policies, table: pa.Table, policy: str | None, as_of: date | None, known_on: date | None
) -> pa.Table:
    with natively():
        return policies.screen(table, policy, as_of, known_on)


@contextmanager
def natively(level: int = 0) -> Iterator[None]:
    """Native code from the first row on, wherever there is any: otherwise the interpreter decides small tables.

    Args:
        level: how much is done to make it fast: nothing, where few rows are decided by it.
    """
    code = partial(machine.compiled, level=level)
    with patch.object(Deciding, "few", 0), patch.object(machine, "compiled", code):
        yield


TABLES: Final[Mapping[str, TableBackend]] = {"screen": screened, "native": native}


# ---- households as a table


def table_of(households: Sequence[Tree], elements: Elements) -> pa.Table:
    """One row for each. What a household leaves out while others state it stands as its default, or as not known; what
    all of them leave out is no column."""
    facts = [fact for fact in elements.facts.values() if any(fact.id in one for one in households)]
    lists = [held for held in elements.collections.values() if any(held.id in one for one in households)]
    columns = {fact.id: _array([_stated(one, fact) for one in households], fact) for fact in facts}
    for held in lists:
        items = [item for one in households for item in one.get(held.id) or ()]
        inner = [fact for fact in held.facts.values() if any(fact.id in item for item in items)] or [
            *held.facts.values()
        ]
        kind = pa.struct([pa.field(fact.id, _type(fact)) for fact in inner])
        rows = []
        for one in households:
            there = one.get(held.id)
            rows.append(None if there is None else [_item(item, inner) for item in there])
        columns[held.id] = pa.array(rows, pa.list_(kind))
    return pa.table(columns)


def _stated(household: Tree, fact: Fact) -> object:
    if fact.id in household:
        return _raw(household[fact.id])
    return None if fact.default is None else _raw(default_as_json(fact))


def _item(item: Tree, facts: Sequence[Fact]) -> dict[str, object]:
    return {fact.id: _stated(item, fact) for fact in facts}


def _raw(value: object) -> object:
    """Amounts as they are written."""
    if isinstance(value, bool | list) or value is None:
        return value
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def _array(values: Sequence[object], fact: Fact) -> pa.Array:
    return pa.array(values, _type(fact))


def _type(fact: Fact) -> pa.DataType:
    match fact.type:
        case Truth():
            return pa.bool_()
        case Several():
            return pa.list_(pa.string())
        case Quantity() | Choice() | DateType() | Place() | Text() | ItemOf():
            return pa.string()


# ---- answers


def told(answers: pa.Table, row: int, column: str, item: int | None = None) -> tuple[object, object, object]:
    """The value, and between which ends it lies where it is not known; of a figure of each item that of one."""

    def held(name: str) -> object:
        found = answers[name][row].as_py() if name in answers.column_names else None
        return found if item is None or found is None else found[item]

    return held(column), held(f"{column}.low"), held(f"{column}.high")


def rounded(expected: Expected, unit: str) -> tuple[object, object, object]:
    """What an entry says, as a column in that unit tells it."""
    kind, *ends = wanted(expected)
    if kind == "unknown":
        return None, None, None
    if kind == "date" or isinstance(kind, type):
        return (ends[0], None, None) if len(ends) == 1 else (None, ends[0], ends[1])
    counted = parse_unit(unit, DECLARED_UNITS) if unit else None
    factor = Fraction(1) if counted is None else counted.factor
    cents = [None if end is None else Fraction(cast("int", end)) / factor * 100 for end in ends]
    low, high = cents[0], cents[-1]
    if len(cents) == 1 and low is not None:
        half = floor(abs(low) + Fraction(1, 2))
        return _amount(half if low >= 0 else -half), None, None
    return None, None if low is None else _amount(floor(low)), None if high is None else _amount(ceil(high))


def _amount(cents: int) -> Decimal:
    return Decimal(f"{cents}E-2")


def unit_of(answers: pa.Table, column: str) -> str:
    metadata = answers.schema.field(column).metadata or {}
    return str(metadata.get(b"unit", b"").decode())
