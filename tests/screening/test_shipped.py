"""Every shipped policy and example: its own households and cases, as a table, are decided as they are one by one."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from decimal import InvalidOperation
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

import engine
from engine.api import open_policies
from engine.screening.kernel.deciding import Deciding
from engine.screening.screen import Screening
from tests.oracle.households import households
from tests.screening.arrow import batch_of, expected, filled, plain
from tests.screening.test_rows import read_back

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples"
SHIPPED = ROOT / "policies"
FOLDERS: dict[str, list[Path]] = {
    "shipped": [SHIPPED],
    "overlay": [SHIPPED, EXAMPLES / "overlay"],
    "hongkong": [EXAMPLES / "hongkong"],
    "australia_age_pension": [EXAMPLES / "australia_age_pension"],
    "national_2024": [SHIPPED, EXAMPLES / "national_2024"],
    "figures": [EXAMPLES / "figures"],
    "values": [EXAMPLES / "values"],
    "cookbook": [SHIPPED, EXAMPLES / "cookbook"],
}


@cache
def policies(folder: str) -> engine.Policies:
    return open_policies(FOLDERS[folder])


def given(folder: str) -> Iterator[Any]:
    home = EXAMPLES if folder == "shipped" else EXAMPLES / folder
    for file in (*sorted((home / "households").glob("*.json")), *home.glob("household.json")):
        yield json.loads(file.read_text(encoding="utf-8"))


def asked(folder: str) -> Iterator[str | None]:
    """No policy, and each by name that is not among those shipped."""
    yield None
    loaded, known = policies(folder), () if folder == "shipped" else policies("shipped").ids
    yield from (id for id in loaded.ids if id not in known and not loaded.library.of_values(id))


@pytest.mark.usefixtures("few")
@pytest.mark.parametrize("folder", FOLDERS)
def test_its_households_as_a_table(folder: str) -> None:
    loaded, seen = policies(folder), 0
    for policy in asked(folder):
        try:
            schema = loaded.schema_arrow(policy)
        except engine.PolicyError:
            assert policy is None  # only by name: what is for illustration takes no part
            continue
        for household in given(folder):
            try:
                batch = batch_of([household], schema)
            except (InvalidOperation, ValueError, TypeError, AttributeError):
                continue  # what is malformed has columns of its own in test_refusals
            if not {"id", "application_date", "county", "members"} & set(schema.names) <= set(batch.schema.names):
                continue
            screening = Screening(loaded, batch.schema, policy=policy, missing=True, readings=True)
            known = filled({name: value for name, value in household.items() if name in schema.names})
            (found,), told = screening.batch(batch).to_pylist(), expected(loaded, known, screening.answers, policy)
            assert found == told, household["id"]
            seen += 1
    assert seen


def test_many_households_of_all_counties_in_one_table() -> None:
    """With nulls in every field, and places and days that no policy has."""
    loaded, rng = policies("shipped"), random.Random(11)
    schema = loaded.schema_arrow()
    counties = sorted(loaded.library.territory("shanxi_2022_60"))
    rows = []
    for household in households(9, range(300)):
        made: Any = filled({**household, "county": rng.choice([*counties, "110101"])})
        made["application_date"] = rng.choice((made["application_date"], "2019-01-01", "2026-01-01"))
        for holder in (made, *made["members"]):
            for name in list(holder):
                if rng.random() < 0.03:
                    holder[name] = None
        rows.append(made)
    batch = batch_of(rows, schema)
    assert [set(one) for one in read_back(loaded, batch)] == [set(batch.schema.names)] * len(rows)
    screening = Screening(loaded, batch.schema, missing=True, readings=True)
    totals = screening.totals()
    answers = screening.batch(batch)
    totals.add(batch, answers)
    for row, answer in zip(rows, answers.to_pylist(), strict=True):
        assert answer == expected(loaded, filled(row, batch.schema), screening.answers), plain(row)
    assert set(totals.all.outcomes) == {"eligible", "ineligible", "undetermined", "refused"}
    assert set(totals.all.refusals) >= {"required-fact", "not-in-territory", "no-policy-in-force"}


def test_a_figure_stands_in_one_unit_whichever_policy_decides() -> None:
    """One policy states it by the year, another by the month."""
    loaded = policies("national_2024")
    household = json.loads((EXAMPLES / "national_2024/households/before-the-measures.json").read_text("utf-8"))
    batch = batch_of([household], loaded.schema_arrow())
    told: Any = loaded.evaluate(household).to_dict()["outputs"]
    assert (told["income_per_person"]["value"], told["income_per_person"]["unit"]) == ("2500.00", "元/人/月")
    found = loaded.screen(batch)
    assert str(found["outputs.income_per_person"][0]) == "30000.00"
    assert found.schema.field("outputs.income_per_person").metadata[b"unit"].decode() == "元/人/年"


IDS = [
    "张三",
    "李四",
    "p1",
    "P1",
    "Ｐ１",
    "p２",
    "x" * 100,
    "x" * 101,
    "",
    "\u200b",
    "a b",
    "ab",
    "a\u0000",
    "×1",
    "x1",
]
"""of which some mean the same, and some are none"""


@pytest.mark.parametrize("form", ["plain", "coded", "few among many"])
def test_ids_of_any_signs(form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """As texts and as codes, of households and of members; those that are ids native code takes."""
    monkeypatch.setattr(Deciding, "few", 0)
    loaded, rng = policies("shipped"), random.Random(5)
    rows: list[Any] = []
    for number, household in enumerate(households(3, range(400))):
        made: Any = filled(household)
        odd = rng.random() < (0.004 if form == "few among many" else 0.5)
        made["id"] = rng.choice(IDS) if odd else f"晋-{number}" if form != "few among many" else f"H-{number}"
        for place, member in enumerate(made["members"]):
            member["id"] = rng.choice(IDS) if odd else str(place)
        rows.append(made)
    batch = batch_of(rows, loaded.schema_arrow())
    if form == "coded":
        batch = _coded(batch)
    screening = Screening(loaded, batch.schema)
    found = screening.batch(batch).to_pylist()
    for row, answer in zip(rows, found, strict=True):
        assert answer == expected(loaded, filled(row, batch.schema), screening.answers), plain(row)
    refused = {one["refusal.code"] for one in found} - {None}
    assert refused if form == "few among many" else refused >= {"identity-form", "repeated-identity"}
    by = [one["by"] for one in found if one["outcome"] != "refused"]
    assert by.count("kernel") >= len(by) * 0.98


def _coded(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Its ids in dictionaries."""
    members = batch["members"]
    items = [
        one.dictionary_encode() if name == "id" else one
        for name, one in zip(members.type.value_type.names, members.values.flatten(), strict=True)
    ]
    struct = pa.StructArray.from_arrays(items, names=members.type.value_type.names)
    columns = dict(zip(batch.schema.names, batch.columns, strict=True))
    columns |= {"id": batch["id"].dictionary_encode(), "members": pa.ListArray.from_arrays(members.offsets, struct)}
    return pa.RecordBatch.from_pydict(columns)
