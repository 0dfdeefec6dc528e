"""`Policies.screen` and `schema_arrow`: whatever gives Arrow data, and what is told of a table as a whole."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

import engine
from engine.api import open_policies
from engine.errors import EngineError
from engine.screening.screen import Screening
from tests.code_runs import without
from tests.evaluation.samples import SOUND, loaded
from tests.screening.arrow import batch_of
from tests.screening.test_rows import FULL


class OnlyStream:
    """Like a table of some other library."""

    def __init__(self, table: pa.Table) -> None:
        self._table = table

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self._table.__arrow_c_stream__(requested_schema)


class OnlyArray:
    def __init__(self, batch: pa.RecordBatch) -> None:
        self._batch = batch

    def __arrow_c_array__(self, requested_schema: object = None) -> object:
        return self._batch.__arrow_c_array__(requested_schema)


def full(count: int = 3) -> pa.RecordBatch:
    rows = [{**FULL, "id": f"H-{number}"} for number in range(count)]
    return batch_of(rows, loaded(SOUND).schema_arrow())


def test_anything_with_the_arrow_interface() -> None:
    policies, batch = loaded(SOUND), full()
    table = pa.Table.from_batches([batch])
    found = policies.screen(table)
    assert found["id"].to_pylist() == ["H-0", "H-1", "H-2"]
    assert found["outcome"].to_pylist() == ["eligible"] * 3
    for other in (OnlyStream(table), OnlyArray(batch), batch, pa.concat_tables([table.slice(0, 1), table.slice(1)])):
        assert policies.screen(other).equals(found)


def test_no_rows_and_no_batches() -> None:
    policies, batch = loaded(SOUND), full(1)
    empty = policies.screen(pa.Table.from_batches([], batch.schema))
    assert empty.num_rows == 0
    assert empty.schema == Screening(policies, batch.schema).answers
    assert policies.screen(batch.slice(0, 0)).num_rows == 0


def test_the_schema_says_what_each_column_is() -> None:
    schema = engine.load().schema_arrow()
    income = schema.field("income_12m")
    assert income.type == pa.decimal128(12, 2)
    assert {key.decode(): text.decode() for key, text in income.metadata.items()} == {
        "label": "提出申请前12个月家庭收入",
        "name": "家庭收入",
        "unit": "元/12 月",
    }
    assert json.loads(schema.field("residence").metadata[b"options"]) == {"urban": "城市", "rural": "农村"}
    assert [field.name for field in schema.field("members").type.value_type][:2] == ["id", "name"]


def test_the_schema_of_one_policy_has_what_stands_above_it() -> None:
    examples = Path(__file__).parents[2] / "examples"
    policies = open_policies([examples.parent / "policies", examples / "overlay"])
    names = {None: policies.schema_arrow().names, "demo_city": policies.schema_arrow("demo_city").names}
    more = set(names["demo_city"]) - set(names[None])
    assert more
    column = min(more)
    # what only a policy has that is not asked for is left out, and said
    batch = full_of(policies, column)
    screening = Screening(policies, batch.schema)
    assert [(one.code, one.path) for one in screening.warnings] == [("table-column-ignored", column)]
    assert screening.batch(batch)["outcome"].to_pylist() != ["refused"]


def full_of(policies: engine.Policies, column: str) -> pa.RecordBatch:
    file = Path(__file__).parents[2] / "examples" / "households" / "ineligible.json"
    batch = batch_of([json.loads(file.read_text(encoding="utf-8"))], policies.schema_arrow())
    return batch.append_column(column, pa.array([None], policies.schema_arrow("demo_city").field(column).type))


# ---- told at once


def changed(name: str, field: pa.Field | None) -> pa.Schema:
    schema = full(1).schema
    place = schema.get_field_index(name)
    if place < 0:
        return schema.append(field)
    return schema.remove(place) if field is None else schema.set(place, field)


def items(name: str, field: pa.Field | None) -> pa.Field:
    held = full(1).schema.field("members")
    inner = [one for one in held.type.value_type if one.name != name]
    return pa.field("members", pa.list_(pa.struct([*inner, *([field] if field is not None else [])])))


YUAN, MOMENT = {"unit": "万元"}, pa.timestamp("ms")
FAULTS: dict[str, tuple[pa.Schema, str, str]] = {
    "unknown": (changed("incme", pa.field("incme", pa.int64())), "table-column-unknown", "incme"),
    "unknown of items": (
        changed("members", items("cost", pa.field("costs", pa.int64()))),
        "table-column-unknown",
        "members.costs",
    ),
    "twice": (full(1).schema.append(pa.field("income", pa.int64())), "table-column-twice", "income"),
    "no id": (changed("id", None), "table-column-lacking", "id"),
    "no members": (changed("members", None), "table-column-lacking", "members"),
    "no id of items": (changed("members", items("id", None)), "table-column-lacking", "members.id"),
    "moment": (changed("moved_in", pa.field("moved_in", MOMENT)), "table-column-type", "moved_in"),
    "application at a moment": (
        changed("application_date", pa.field("application_date", MOMENT)),
        "table-column-type",
        "application_date",
    ),
    "day in milliseconds": (changed("moved_in", pa.field("moved_in", pa.date64())), "table-column-type", "moved_in"),
    "narrow float": (changed("income", pa.field("income", pa.float32())), "table-column-type", "income"),
    "truth in numbers": (changed("hardship", pa.field("hardship", pa.int8())), "table-column-type", "hardship"),
    "truth in text": (changed("hardship", pa.field("hardship", pa.string())), "table-column-type", "hardship"),
    "option in numbers": (changed("residence", pa.field("residence", pa.int8())), "table-column-type", "residence"),
    "place in numbers": (changed("county", pa.field("county", pa.int32())), "table-column-type", "county"),
    "id in numbers": (changed("id", pa.field("id", pa.int64())), "table-column-type", "id"),
    "number in truths": (changed("income", pa.field("income", pa.bool_())), "table-column-type", "income"),
    "text in bytes": (changed("note", pa.field("note", pa.binary())), "table-column-type", "note"),
    "one option": (changed("needs", pa.field("needs", pa.string())), "table-column-type", "needs"),
    "one item": (
        changed("members", pa.field("members", full(1).schema.field("members").type.value_type)),
        "table-column-type",
        "members",
    ),
    "list of texts": (changed("members", pa.field("members", pa.list_(pa.string()))), "table-column-type", "members"),
    "map": (changed("members", pa.field("members", pa.map_(pa.string(), pa.int8()))), "table-column-type", "members"),
    "other unit": (
        changed("income", pa.field("income", pa.int64(), metadata=YUAN)),
        "table-column-unit",
        "income",
    ),
    "fen of no money": (
        changed("rooms", pa.field("rooms", pa.int64(), metadata={"unit": "分"})),
        "table-column-unit",
        "rooms",
    ),
    "fen in doubles": (
        changed("income", pa.field("income", pa.float64(), metadata={"unit": "分"})),
        "table-column-unit",
        "income",
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_what_keeps_the_whole_table_from_being_read(name: str) -> None:
    schema, code, path = FAULTS[name]
    with pytest.raises(engine.TableError) as raised:
        Screening(loaded(SOUND), schema)
    # a column of a wrong name is one that is lacking, too
    assert (code, path) in [(one.code, one.path) for one in raised.value.diagnostics]
    for language in ("zh", "en"):
        assert all(one.message(language) for one in raised.value.diagnostics)


def test_the_nearest_name_is_offered() -> None:
    with pytest.raises(engine.TableError) as raised:
        Screening(loaded(SOUND), FAULTS["unknown"][0])
    assert any("`income`" in line for one in raised.value.diagnostics for line in one.help_lines("en"))


def test_arguments() -> None:
    policies, batch = loaded(SOUND), full(1)
    with pytest.raises(engine.TableError, match="table-not-arrow"):
        policies.screen([FULL])
    with pytest.raises(TypeError):
        policies.screen(batch, as_of="2023-06-15")  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        policies.schema_arrow(policy=1)  # type: ignore[arg-type]
    with pytest.raises(engine.PolicyError, match="unknown-policy"):
        policies.screen(batch, policy="simple")
    with pytest.raises(engine.PolicyError, match="unknown-policy"):
        policies.schema_arrow("simple")


def test_days_and_policies_are_those_that_were_asked_for() -> None:
    policies, batch = loaded(SOUND), full(1)
    assert policies.screen(batch, policy="sample", as_of=date(2022, 1, 1))["outcome"].to_pylist() == ["refused"]
    assert policies.screen(batch, as_of=date(2022, 1, 1))["refusal.code"].to_pylist() == ["no-policy-in-force"]
    assert policies.screen(batch, known_on=date(2022, 1, 1))["refusal.code"].to_pylist() == ["no-policy-in-force"]
    assert policies.screen(batch, policy="sample", known_on=date(2024, 1, 1))["outcome"].to_pylist() == ["eligible"]


# ---- the extra


@pytest.mark.parametrize("library", ["numpy", "pyarrow"])
def test_without_the_extra_it_says_what_to_install(library: str) -> None:
    with without({library: None}), pytest.raises(EngineError, match="screen-not-installed") as raised:
        loaded(SOUND).schema_arrow()
    assert "pip install '.[screen]'" in str(raised.value)


HEAVY = ("numpy", "pyarrow", "llvmlite", "xlsxwriter", "python_calamine")


@pytest.mark.parametrize(
    "call",
    [
        "import engine; engine.load",
        "import engine; engine.load().evaluate(household)",
        "sys.argv[1:] = ['check', 'policies']; from engine.__main__ import run; run()",
        "sys.argv[1:] = ['evaluate', file]; from engine.__main__ import run; run()",
    ],
)
def test_nothing_else_imports_the_libraries_of_the_extra(call: str) -> None:
    root = Path(__file__).parents[2]
    file = root / "examples" / "households" / "ineligible.json"
    script = f"""
import sys
file = {str(file)!r}
household = open(file, "rb").read()
try:
    {call}
except SystemExit:
    pass
print("found:", [name for name in {HEAVY!r} if name in sys.modules])
"""
    found: Any = subprocess.run(
        [sys.executable, "-c", script], cwd=root, capture_output=True, text=True, encoding="utf-8", check=True
    )
    assert found.stdout.splitlines()[-1] == "found: []"


def test_what_is_only_noticed_is_no_reason() -> None:
    """A warning of the whole household stands before the error in one of its items, and refuses nobody."""
    parts = SOUND.split("severity: warning", 1)
    swapped = "severity: error".join([parts[0], parts[1].replace("severity: error", "severity: warning", 1)])
    policies = loaded(swapped)
    row = {**FULL, "savings": 1_000_001, "members": [{**FULL["members"][0], "ill": False, "cost": 250}]}
    found = policies.screen(batch_of([row], policies.schema_arrow())).to_pylist()[0]
    with pytest.raises(engine.HouseholdError) as refused:
        policies.evaluate(row)
    assert [(str(one.severity), one.path) for one in refused.value.diagnostics] == [
        ("warning", "$"),
        ("error", "members[0]"),
    ]
    assert (found["refusal.path"], found["refusal.count"]) == ("members[0]", 2)
