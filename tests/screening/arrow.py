"""Households of JSON as Arrow tables, and answers as the decisions that they must equal.

In: households as JSON has them, a schema.  Out: a batch with the columns that some of them has; what the reference
decides, laid out as a row of answers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any
from unittest.mock import ANY

import pyarrow as pa

import engine
from engine.evaluation.fields import number_text
from engine.evaluation.json_text import NumberText
from engine.language.units import parse_unit
from engine.screening.refusals import Order
from engine.screening.screen import declared_in

Household = Mapping[str, Any]


def batch_of(households: Sequence[Household], schema: pa.Schema) -> pa.RecordBatch:
    """Only columns, and fields of items, that some household has: what one of the others lacks is null in it."""
    fields, columns = [], []
    for field in schema:
        held = [one for one in households if field.name in one]
        if not held:
            continue
        made = _narrowed(field, [one[field.name] for one in held])
        fields.append(made)
        columns.append(pa.array([typed(one.get(field.name), made.type) for one in households], made.type))
    return pa.RecordBatch.from_arrays(columns, schema=pa.schema(fields))


def _narrowed(field: pa.Field, lists: Sequence[Any]) -> pa.Field:
    if not (pa.types.is_list(field.type) and pa.types.is_struct(field.type.value_type)):
        return field
    names = {name for items in lists if items is not None for item in items if item is not None for name in item}
    inner = [one for one in field.type.value_type if not names or one.name in names]
    return pa.field(field.name, pa.list_(pa.struct(inner)))


def typed(value: Any, type: pa.DataType) -> Any:
    """What a JSON value is in a column of a type."""
    if value is None:
        return None
    if pa.types.is_decimal(type):
        return Decimal(value if isinstance(value, str) else number_text(value) or "")
    if pa.types.is_integer(type):
        return int(value)
    if pa.types.is_date(type):
        return date.fromisoformat(value)
    if pa.types.is_struct(type):
        return {field.name: typed(value.get(field.name), field.type) for field in type}
    if pa.types.is_list(type):
        return [typed(one, type.value_type) for one in value]
    return value


def plain(value: Any) -> Any:
    """A household with numbers by their worth and dates as texts, so that two can be compared."""
    match value:
        case None | bool():
            return value
        case Mapping():
            return {name: plain(one) for name, one in value.items()}
        case list() | tuple():
            return [plain(one) for one in value]
        case date():
            return value.isoformat()
        case NumberText(text=text):
            return Decimal(text)
        case int() | float() | Decimal():
            return Decimal(str(value))
        case _:
            return value


def filled(household: Household, schema: pa.Schema | None = None) -> dict[str, Any]:
    """With null in each item for what another item of its list has, or the table: a column is there for all of them."""
    made = dict.fromkeys(schema.names) | dict(household) if schema is not None else dict(household)
    for name, items in household.items():
        if isinstance(items, list) and any(isinstance(item, dict) for item in items):
            names = dict.fromkeys(key for item in items if item is not None for key in item)
            if schema is not None:
                names = dict.fromkeys(field.name for field in schema.field(name).type.value_type)
            made[name] = [None if item is None else {key: item.get(key) for key in names} for item in items]
    return made


# ---- what the reference says


def expected(
    policies: engine.Policies, household: object, answers: pa.Schema, policy: str | None = None, **asked: Any
) -> dict[str, Any]:
    """The answer of one household, by column, read off the JSON of its decision."""
    found: dict[str, Any] = dict.fromkeys(answers.names)
    found["by"] = ANY  # whoever decides says the same
    try:
        decision = policies.evaluate(household, policy, **asked)
    except engine.HouseholdError as refusal:
        order = Order(declared_in(policies, policy))
        first = order.first(refusal.diagnostics)
        found |= {"id": refusal.household, "outcome": "refused", "refusal.code": first.code}
        found |= {"refusal.path": first.path or None, "refusal.count": order.count(refusal.diagnostics)}
        with suppress(engine.HouseholdError):
            route = policies.router.route(household, policy, asked.get("as_of"), asked.get("known_on"))
            found["policy"] = route.checked.merged.chain.own_ids[-1]
        return found
    told: Any = decision.to_dict()
    found |= {"id": told["household"], "outcome": told["outcome"]}
    found["policy"] = decision.policy.merged.chain.own_ids[-1]
    for id, cause in told["causes"].items():
        found[f"causes.{id}"] = cause["outcome"]
        for name, condition in cause["conditions"].items():
            found[f"causes.{id}.conditions.{name}"] = condition["outcome"]
    for id, requirement in told["requirements"].items():
        found[f"requirements.{id}"] = requirement["outcome"]
    for id, output in told["outputs"].items():
        found |= _output(answers, f"outputs.{id}", output)
    if "missing" in answers.names:
        found["missing"] = len(told["missing"])
    for id, reading in told["readings"].items():
        if f"readings.{id}" in answers.names:
            found[f"readings.{id}"] = reading["differs"]
    return found


def _output(answers: pa.Schema, name: str, told: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for column, key in {name: "value", f"{name}.low": "low", f"{name}.high": "high"}.items():
        if column in answers.names:
            type = answers.field(column).type
            unit = (answers.field(column).metadata or {}).get(b"unit", b"").decode()
            if "items" in told:
                items = told["items"]
                found[column] = None if items is None else [typed(one.get(key), type.value_type) for one in items]
            elif key == "value" and unit != told["unit"] and pa.types.is_decimal(type) and told["exact"]:
                found[column] = _in_unit(Fraction(told["exact"]), told["unit"], unit)
            else:
                found[column] = typed(told.get(key), type)
    return found


def _in_unit(exact: Fraction, found: str, shown: str) -> Decimal:
    one, other = parse_unit(found), parse_unit(shown)
    assert one is not None
    assert other is not None
    hundredths = exact * one.factor / other.factor * 100
    return Decimal(int(abs(hundredths) + Fraction(1, 2)) * (-1 if hundredths < 0 else 1)).scaleb(-2)
