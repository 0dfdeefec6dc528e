"""What is written into a table and read back is the household that was written, and is decided as it is."""

from __future__ import annotations

import copy
import random
from datetime import date
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings

import engine
from engine.evaluation.json_text import NumberText
from engine.screening.rows import Rows
from engine.screening.screen import Screening, declared_in
from tests.evaluation.samples import SOUND, household, loaded
from tests.oracle.households import AMOUNTS
from tests.properties.strategies import households
from tests.properties.test_households import policies
from tests.screening.arrow import batch_of, expected, filled, plain


def read_back(policies: engine.Policies, batch: pa.RecordBatch) -> list[Any]:
    return [plain(one) for one in Rows(batch.schema, declared_in(policies, None)).households(batch)]


def screened(policies: engine.Policies, batch: pa.RecordBatch) -> tuple[pa.Schema, list[dict[str, Any]]]:
    screening = Screening(policies, batch.schema, missing=True, readings=True)
    return screening.answers, screening.batch(batch).to_pylist()


@settings(max_examples=60)
@given(drawn=households())
def test_a_household_is_read_back_and_decided_as_it_was(drawn: dict[str, Any]) -> None:
    loaded, given = policies(), filled(drawn)
    batch = batch_of([given], loaded.schema_arrow())
    typed: Any = _numbers(given)
    assert read_back(loaded, batch) == [plain(typed)]
    answers, (found,) = screened(loaded, batch)
    assert found == expected(loaded, given, answers)


def _numbers(value: Any, name: str = "") -> Any:
    """Amounts given as text are numbers in a column of numbers."""
    if isinstance(value, dict):
        return {key: _numbers(one, key) for key, one in value.items()}
    if isinstance(value, list):
        return [_numbers(one) for one in value]
    return (
        NumberText(value) if isinstance(value, str) and name in (*AMOUNTS, "income_12m", "financial_assets") else value
    )


FULL: dict[str, Any] = household(
    moved_in="2010-05-01",
    note="x",
    area="60.5",
    profit="-12.34",
    shops=-3,
    rate="7.123456",
    width="12.3456",
    turnover="400000000000.01",
    applicant="a",
    needs=["food", "heat"],
    vehicles=[{"price": 1000, "working": True}, {"price": "49999.99", "working": False}],
)


def places(tree: dict[str, Any]) -> list[tuple[Any, ...]]:
    found: list[tuple[Any, ...]] = []
    for name, value in tree.items():
        found.append((name,))
        if isinstance(value, list):
            for index, item in enumerate(value):
                found.append((name, index))
                found.extend((name, index, key) for key in (item if isinstance(item, dict) else ()))
    return found


def test_null_in_any_place_is_a_null_of_json() -> None:
    """One row for each; all in one table, and each alone in a table without the column."""
    policies, rows = loaded(SOUND), []
    for place in places(FULL):
        made: Any = copy.deepcopy(FULL)
        holder = made
        for step in place[:-1]:
            holder = holder[step]
        holder[place[-1]] = None
        rows.append(made)
    rng = random.Random(5)
    for _ in range(100):
        made = copy.deepcopy(FULL)
        for name in rng.sample([name for name in made if name not in ("id", "application_date", "county")], 4):
            made[name] = None
        rows.append(made)
    batch = batch_of(rows, policies.schema_arrow())
    answers, found = screened(policies, batch)
    for row, answer in zip(rows, found, strict=True):
        assert answer == expected(policies, filled(row), answers)


@pytest.mark.parametrize("name", [name for name in FULL if name not in ("id", "application_date", "county", "members")])
def test_a_column_that_is_not_there_is_an_absent_field(name: str) -> None:
    policies = loaded(SOUND)
    given = {key: value for key, value in FULL.items() if key != name}
    batch = batch_of([given], policies.schema_arrow())
    assert name not in batch.schema.names
    answers, (found,) = screened(policies, batch)
    assert found == expected(policies, given, answers)
    assert name not in read_back(policies, batch)[0]


LAYOUTS = {
    "large": lambda type: {pa.string(): pa.large_string()}.get(type, type),
    "view": lambda type: {pa.string(): pa.string_view()}.get(type, type),
    "dictionary": lambda type: {pa.string(): pa.dictionary(pa.int8(), pa.large_string())}.get(type, type),
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_how_texts_are_laid_out_does_not_matter(layout: str) -> None:
    policies = loaded(SOUND)
    batch = batch_of([FULL, filled(household())], policies.schema_arrow())
    fields = [
        pa.field(one.name, LAYOUTS[layout](one.type)) if pa.types.is_string(one.type) else one for one in batch.schema
    ]
    again = pa.RecordBatch.from_arrays(
        [pa.array(column.to_pylist(), field.type) for column, field in zip(batch.columns, fields, strict=True)],
        schema=pa.schema(fields),
    )
    assert screened(policies, again)[1] == screened(policies, batch)[1]


@pytest.mark.parametrize("made", [pa.large_list, pa.list_view, pa.large_list_view, lambda of: pa.list_(of, 2)])
def test_how_lists_are_laid_out_does_not_matter(made: Any) -> None:
    policies = loaded(SOUND)
    batch = batch_of([FULL, FULL], policies.schema_arrow())
    place = batch.schema.get_field_index("members")
    column = batch["members"]
    again = batch.set_column(place, "members", pa.array(column.to_pylist(), made(column.type.value_type)))
    assert screened(policies, again)[1] == screened(policies, batch)[1]


def test_a_slice_is_read_where_it_stands() -> None:
    policies = loaded(SOUND)
    rows = [{**FULL, "id": f"H-{n}", "members": FULL["members"] * (n % 3)} for n in range(12)]
    batch = batch_of(rows, policies.schema_arrow())
    whole = screened(policies, batch)[1]
    for start, length in ((0, 0), (0, 5), (3, 4), (7, 5), (11, 1)):
        assert screened(policies, batch.slice(start, length))[1] == whole[start : start + length]


@pytest.mark.usefixtures("few")
@pytest.mark.parametrize(
    ("type", "beyond"), [(pa.uint64(), 2**63), (pa.int64(), 2**62), (pa.decimal128(38, 0), 10**37)]
)
def test_null_beside_what_no_amount_can_be_is_unknown(type: pa.DataType, beyond: int) -> None:
    """Of a fact with a default: a column that native code does not read is there all the same."""
    policies = engine.load()
    home = {"id": "H", "application_date": date(2023, 6, 15), "county": "140105", "residence": "urban"}
    ill = {"id": "m", "treatment_ongoing": True}
    rows = [
        {**home, "income_12m": 2_000_000, "financial_assets": 0, "members": [{**ill, "medical_gross": amount}]}
        for amount in (None, 1_995_000, beyond)
    ]
    member = pa.struct([("id", pa.string()), ("treatment_ongoing", pa.bool_()), ("medical_gross", type)])
    schema = pa.schema(
        [
            *[(name, pa.string()) for name in ("id", "county", "residence")],
            ("application_date", pa.date32()),
            *[(name, pa.int64()) for name in ("income_12m", "financial_assets")],
            ("members", pa.list_(member)),
        ]
    )
    (batch,) = pa.Table.from_pylist(rows, schema).combine_chunks().to_batches()
    answers, found = screened(policies, batch)
    told = [plain(one) for one in Rows(schema, declared_in(policies, None)).households(batch)]
    assert found == [expected(policies, one, answers) for one in told]
    assert [one["outcome"] for one in found] == ["undetermined", "eligible", "refused"]
