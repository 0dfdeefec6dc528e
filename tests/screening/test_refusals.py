"""Every row of the page's table of refusals: what comes of it in typed columns, and of the same household as JSON."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
import yaml

from engine.screening.screen import Screening
from tests.evaluation.samples import SOUND, household, loaded
from tests.screening.arrow import batch_of, expected, typed

FILE = Path(__file__).parent / "refusals.yaml"
TYPES = {
    "float64": pa.float64(),
    "int8": pa.int8(),
    "int64": pa.int64(),
    "uint64": pa.uint64(),
    "string": pa.string(),
    "date32": pa.date32(),
    "list<string>": pa.list_(pa.string()),
    "dictionary": pa.dictionary(pa.int32(), pa.string()),
    "null": pa.null(),
    "decimal128(18, 2)": pa.decimal128(18, 2),
    "decimal128(18, 4)": pa.decimal128(18, 4),
    "decimal128(38, 18)": pa.decimal128(38, 18),
    "decimal128(5, 2)": pa.decimal128(5, 2),
    "decimal128(5, -2)": pa.decimal128(5, -2),
}
LISTS = ("null item", "null list", "empty list", "long list")


@dataclass(frozen=True)
class Case:
    column: str
    type: str
    value: Any
    json: Any
    code: str | None
    path: str | None
    unit: str
    raw: str
    days: int | None

    def household(self) -> dict[str, Any]:
        """As JSON has it."""
        made: Any = household()
        name, _, inner = self.column.partition(".")
        if inner:
            made["members"][0][inner] = self.json
            return dict(made)
        member = made["members"][0]
        lists: dict[str, Any] = {
            "null item": [None, member],
            "null list": None,
            "empty list": [],
            "long list": [{**member, "id": f"m{n}"} for n in range(1001)] if name == "members" else ["food"] * 1001,
        }
        return {**made, name: lists[self.type] if self.type in LISTS else self.json}

    def batch(self) -> pa.RecordBatch:
        policies = loaded(SOUND)
        schema, made = policies.schema_arrow(), self.household()
        if self.type in LISTS:
            return batch_of([made], schema)
        name, _, inner = self.column.partition(".")
        made_of = TYPES[self.type]
        metadata = {"unit": self.unit} if self.unit else None
        if inner:
            items = [
                pa.field(one.name, made_of, metadata=metadata) if one.name == inner else one
                for one in schema.field(name).type.value_type
            ]
            made[name][0][inner] = self.value
            field = pa.field(name, pa.list_(pa.struct(items)))
            return batch_of([made], schema.set(schema.get_field_index(name), field))
        field = pa.field(name, made_of, metadata=metadata)
        batch = batch_of([{**made, name: None}], schema.set(schema.get_field_index(name), field))
        return batch.set_column(batch.schema.get_field_index(name), field, self._column(made_of))

    def _column(self, made_of: pa.DataType) -> pa.Array:
        if self.raw:
            return pa.array([bytes.fromhex(self.raw)], pa.binary()).view(pa.string())
        if self.days is not None:
            return pa.array([self.days], pa.int32()).view(pa.date32())
        return pa.array([typed(self.value, made_of)], made_of)


def cases() -> list[Case]:
    found = []
    for row in yaml.safe_load(FILE.read_text(encoding="utf-8")):
        value = str(row["value"]) if isinstance(row.get("value"), date) else row.get("value")
        found.append(
            Case(
                row["column"],
                row["type"],
                value,
                row.get("json", value),
                row.get("code"),
                row.get("path"),
                row.get("unit", ""),
                row.get("bytes", ""),
                row.get("days"),
            )
        )
    return found


@pytest.mark.usefixtures("few")
@pytest.mark.parametrize("case", cases(), ids=lambda case: f"{case.column}-{case.type}-{case.value}"[:60])
def test_a_row_is_refused_as_its_json_is(case: Case) -> None:
    policies, batch = loaded(SOUND), case.batch()
    screening = Screening(policies, batch.schema, missing=True, readings=True)
    (found,) = screening.batch(batch).to_pylist()
    assert (found["refusal.code"], found["refusal.path"]) == (case.code, case.path)
    assert (found["outcome"] == "refused") == (case.code is not None)
    assert found == expected(policies, case.household(), screening.answers)
