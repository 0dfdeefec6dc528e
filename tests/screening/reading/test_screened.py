"""What is read from files is decided as the same households are as JSON."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import engine
from engine import resources
from engine.screening.reading.fields import tables_of
from engine.screening.reading.source import open_source
from engine.screening.screen import Screening, declared_in
from tests.properties.strategies import households
from tests.screening.reading.forms import FORMS, write

POLICIES = engine.load()
TABLES = tables_of(declared_in(POLICIES, None))


def _answers(
    files: list[Path], *columns: str, mapping: Path | None = None, policies: engine.Policies = POLICIES
) -> dict[str, tuple[object, ...]]:
    source = open_source(files, policies, mapping)
    screening = Screening(policies, source.schema, missing=True)
    found: dict[str, tuple[object, ...]] = {}
    for part in source.batches():
        answers = screening.batch(part.batch)
        ids = part.batch.column("id").to_pylist()
        found.update(zip(ids, zip(*(answers.column(one).to_pylist() for one in columns), strict=True), strict=True))
    return found


def _outcomes(files: list[Path], mapping: Path | None = None) -> dict[str, str]:
    return {id: str(outcome) for id, (outcome,) in _answers(files, "outcome", mapping=mapping).items()}


@pytest.mark.parametrize("form", FORMS)
@given(drawn=st.lists(households(), min_size=1, max_size=4))
@settings(max_examples=8)
def test_a_file_is_decided_as_its_households(form: str, drawn: list[dict[str, Any]]) -> None:
    every = [{**one, "id": f"H{number}"} for number, one in enumerate(drawn)]
    with TemporaryDirectory() as name:
        found = _answers(write(form, every, TABLES, Path(name)), "outcome", "missing")
    decided = {str(one["id"]): POLICIES.evaluate(one) for one in every}
    assert found == {id: (str(one.outcome), len(one.missing)) for id, one in decided.items()}


@given(household=households(), data=st.data())
@settings(max_examples=25)
def test_a_key_that_a_line_leaves_out_is_an_absent_field(household: dict[str, Any], data: st.DataObject) -> None:
    """Whichever lines leave it out: with a default or without, of the household or of one of its members."""
    owners = [household, *household["members"]]
    for owner in owners:
        kept = ("id", "application_date", "county", "members")
        for key in data.draw(st.lists(st.sampled_from(sorted(owner)))):
            if key not in kept:
                owner.pop(key, None)
    decided = POLICIES.evaluate(household)
    with TemporaryDirectory() as name:
        file = Path(name) / "a.ndjson"
        file.write_text(json.dumps(household, default=str) + "\n", "utf-8")
        [found] = _answers([file], "outcome", "missing").values()
    assert found == (str(decided.outcome), len(decided.missing))


ASKING = (
    "\nfrom: 2023-01-01\nadd:\n  facts:\n    household:\n      guests: {label: 客人数, name: 客人数, unit: 人%s}\n%s"
)
REQUIRED = "  requirements:\n    alone: {label: 没有客人, when: 客人数 = 0}\n"


def test_a_field_of_two_defaults_that_is_left_out_is_unknown(tmp_path: Path) -> None:
    """One city takes a household that says nothing for one without guests, the other asks: nobody is taken for the
    former's who is the latter's."""
    shutil.copytree(resources.policies_root(), tmp_path / "policies")
    for name, default in (("datong", ", default: 0"), ("taiyuan", "")):
        city = tmp_path / "policies" / "cities" / f"{name}.yaml"
        text = city.read_text("utf-8")
        assert "\nadd:" not in text
        city.write_text(text + ASKING % (default, REQUIRED), "utf-8")
    policies = engine.load(tmp_path / "policies")
    lacking = {
        "id": "H1", "application_date": "2023-06-15", "county": "140105", "residence": "urban", "income_12m": "20000",
        "financial_assets": "1", "members": [{"id": "1", "treatment_ongoing": True, "medical_gross": "12000"}],
    }  # fmt: skip
    assert str(policies.evaluate(lacking).outcome) == "undetermined"
    lines = [json.dumps({**lacking, "id": "H1"}), json.dumps({**lacking, "id": "H2", "guests": 0})]
    (tmp_path / "a.ndjson").write_text("\n".join(lines), "utf-8")
    assert _answers([tmp_path / "a.ndjson"], "outcome", "missing", policies=policies) == {
        "H1": ("undetermined", 1),
        "H2": ("eligible", 0),
    }


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
