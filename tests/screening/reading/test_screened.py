"""What is read from files is decided as the same households are as JSON."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import engine
from engine.screening.reading.fields import tables_of
from engine.screening.reading.source import open_source
from engine.screening.screen import Screening, declared_in
from tests.properties.strategies import households
from tests.screening.reading.forms import FORMS, write

POLICIES = engine.load()
TABLES = tables_of(declared_in(POLICIES, None))


def _outcomes(files: list[Path], mapping: Path | None = None) -> dict[str, str]:
    source = open_source(files, POLICIES, mapping)
    screening = Screening(POLICIES, source.schema)
    found: dict[str, str] = {}
    for part in source.batches():
        answers = screening.batch(part.batch)
        ids = part.batch.column("id").to_pylist()
        found.update(zip(ids, answers.column("outcome").to_pylist(), strict=True))
    return found


@pytest.mark.parametrize("form", FORMS)
@given(drawn=st.lists(households(), min_size=1, max_size=4))
@settings(max_examples=8, deadline=None)
def test_a_file_is_decided_as_its_households(form: str, drawn: list[dict[str, Any]]) -> None:
    every = [{**one, "id": f"H{number}"} for number, one in enumerate(drawn)]
    with TemporaryDirectory() as name:
        found = _outcomes(write(form, every, TABLES, Path(name)))
    assert found == {one["id"]: str(POLICIES.evaluate(one).to_dict()["outcome"]) for one in every}


def test_whole_numbers_of_fen_in_a_file_that_says_so(tmp_path: Path) -> None:
    """As the file's own metadata say it, or a mapping; never a hundred times as much."""
    items = pa.list_(
        pa.struct(
            [
                pa.field("id", pa.string()),
                pa.field("treatment_ongoing", pa.bool_()),
                pa.field("medical_gross", pa.int64(), metadata={"unit": "分"}),
            ]
        )
    )
    fields = [
        pa.field("id", pa.string()),
        pa.field("application_date", pa.string()),
        pa.field("county", pa.string()),
        pa.field("residence", pa.string()),
        pa.field("income_12m", pa.int64(), metadata={"unit": "分"}),
        pa.field("financial_assets", pa.int64()),
        pa.field("members", items),
    ]
    row = {
        "id": "H1", "application_date": "2023-06-15", "county": "140105", "residence": "urban", "income_12m": 2_000_000,
        "financial_assets": 1, "members": [{"id": "1", "treatment_ongoing": True, "medical_gross": 1_200_000}],
    }  # fmt: skip
    pq.write_table(pa.Table.from_pylist([row], pa.schema(fields)), tmp_path / "a.parquet")
    assert _outcomes([tmp_path / "a.parquet"]) == {"H1": "eligible"}
    mapping = tmp_path / "mapping.yaml"
    mapping.write_text(
        "format: 1\ntables:\n  - of: household\n    columns:\n      income_12m: {field: income_12m, unit: 万元}\n",
        encoding="utf-8",
    )
    source = open_source([tmp_path / "a.parquet"], POLICIES, mapping)
    [part] = source.batches()
    assert part.batch.column("income_12m").to_pylist() == ["20000000000"]
