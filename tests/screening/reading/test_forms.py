"""The same households in every form are the same households."""

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
from engine.screening.reading.fields import Tables, tables_of
from engine.screening.reading.source import open_source
from engine.screening.screen import declared_in
from tests.properties.strategies import households
from tests.screening.reading.forms import FORMS, households_of, nested, parts_of, plain, write

POLICIES = engine.load()


@pytest.fixture(scope="module")
def tables() -> Tables:
    return tables_of(declared_in(POLICIES, None))


@st.composite
def _lists(draw: st.DrawFn) -> list[dict[str, Any]]:
    drawn: list[dict[str, Any]] = draw(st.lists(households(), min_size=1, max_size=8))
    return [
        {**one, "id": f"户{number}", "application_date": one["application_date"]} for number, one in enumerate(drawn)
    ]


@pytest.mark.parametrize("form", FORMS)
@given(data=st.data())
@settings(max_examples=25)
def test_a_household_means_the_same_in_every_form(form: str, tables: Tables, data: st.DataObject) -> None:
    drawn = data.draw(_lists())
    with TemporaryDirectory() as name:
        files = write(form, drawn, tables, Path(name))
        source = open_source(files, POLICIES, budget=400 if form == "csv spilled" else 1 << 30)
        assert not [one for part in source.batches() for one in part.refused]
        found = sorted(plain(households_of(source), tables), key=lambda one: str(one["id"]))
        assert found == plain(drawn, tables)
        assert all(part.batch.schema == source.schema for part in source.batches())


def test_parts_are_numbered_and_can_be_taken_up_again(
    tables: Tables, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("parts", "arrow_file", "csv_file", "workbook_file", "ndjson_file", "joined"):
        monkeypatch.setattr(f"engine.screening.reading.{module}.ROWS_A_PART", 4)
    made = [
        {
            "id": f"H{at:03}",
            "application_date": "2023-06-15",
            "county": "140105",
            "residence": ("urban", None, "rural")[at % 3 * (at > 4)],
            "members": [{"id": "1", "education_stage": ("primary", "none", "nursery")[at % 3]}],
        }
        for at in range(23)
    ]
    for form in FORMS:
        files = write(form, made, tables, tmp_path)
        source = open_source(files, POLICIES, budget=400 if form == "csv spilled" else 1 << 30)
        every = parts_of(source)
        assert [part.number for part in every] == list(range(len(every)))
        assert len(every) > 3, form
        found = sorted(plain(households_of(source), tables), key=lambda one: str(one["id"]))
        assert found == plain(made, tables), form
        for start in (1, 3, len(every)):
            later = list(source.batches(start))
            assert [part.number for part in later] == list(range(start, len(every)))
            assert [part.batch for part in later] == [part.batch for part in every[start:]]
        if source.parts is not None:
            assert source.parts == len(every)
            assert [source.part(part.number) for part in every] == every
        assert source.fingerprint == open_source(files, POLICIES).fingerprint


def test_a_large_row_group_is_cut(tables: Tables, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.screening.reading.arrow_file.ROWS_A_PART", 4)
    monkeypatch.setattr("engine.screening.reading.arrow_file._LARGEST", 8)
    made = [
        {"id": f"H{at:03}", "application_date": "2023-06-15", "county": "140105", "members": [{"id": "1"}]}
        for at in range(23)
    ]
    table = nested(made, tables, texts=False)
    pq.write_table(table, tmp_path / "a.parquet", row_group_size=11)
    with pa.ipc.new_file(str(tmp_path / "a.arrow"), table.schema) as writer:
        writer.write_table(table, 11)
    for file in ("a.parquet", "a.arrow"):
        source = open_source([tmp_path / file], POLICIES)
        every = parts_of(source)
        assert [part.batch.num_rows for part in every] == [4, 4, 3, 4, 4, 3, 1]
        assert [row for part in every for row in part.rows.to_pylist()] == list(range(1, 24))
        assert source.part(0) is None
