"""The examples give what their `expected.csv` says, and use every operation that an overlay has."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest
import yaml

import engine

EXAMPLES = Path(__file__).parents[2] / "examples"
FOLDERS = {
    "overlay": [EXAMPLES.parent / "policies", EXAMPLES / "overlay"],
    "hongkong": [EXAMPLES / "hongkong"],
    "australia_age_pension": [EXAMPLES / "australia_age_pension"],
    "national_2024": [EXAMPLES.parent / "policies", EXAMPLES / "national_2024"],
}


def expectations() -> list[tuple[str, dict[str, str]]]:
    found = []
    for folder in FOLDERS:
        with (EXAMPLES / folder / "expected.csv").open(encoding="utf-8", newline="") as file:
            found += [(folder, row) for row in csv.DictReader(file)]
    return found


@pytest.fixture(scope="module")
def loaded() -> dict[str, engine.Policies]:
    return {folder: engine.load(paths) for folder, paths in FOLDERS.items()}


@pytest.mark.parametrize(
    ("folder", "row"), expectations(), ids=[f"{row['household']}-{row['policy']}" for _, row in expectations()]
)
def test_expected_outcome(folder: str, row: dict[str, str], loaded: dict[str, engine.Policies]) -> None:
    household = (EXAMPLES / folder / "households" / f"{row['household']}.json").read_bytes()
    try:
        outcome = str(loaded[folder].evaluate(household, policy=row["policy"]).outcome)
    except engine.HouseholdError:
        outcome = "refused"
    assert outcome == row["outcome"], row["why"]


def decided(loaded: dict[str, engine.Policies], folder: str, household: str, policy: str) -> dict[str, Any]:
    data = (EXAMPLES / folder / "households" / f"{household}.json").read_bytes()
    return loaded[folder].evaluate(data, policy=policy).to_dict()


def test_every_household_is_expected_something() -> None:
    for folder in FOLDERS:
        files = {file.stem for file in (EXAMPLES / folder / "households").glob("*.json")}
        assert files == {row["household"] for held, row in expectations() if held == folder}


def test_undetermined_names_what_is_wanted(loaded: dict[str, engine.Policies]) -> None:
    wanted = {
        ("overlay", "vehicles-not-stated", "demo_city"): [{"kind": "fact", "path": "vehicles", "label": "机动车"}],
        ("overlay", "zone-without-rural-standard", "demo_city"): [
            {
                "kind": "parameter",
                "parameter": "dibao_standard",
                "key": {"county": "140171", "residence": "rural"},
            }
        ],
        ("hongkong", "limit-not-published", "hk_oala"): [
            {"kind": "parameter", "parameter": "income_limit", "key": {"persons": "1"}},
            {"kind": "parameter", "parameter": "asset_limit", "key": {"persons": "1"}},
        ],
    }
    for (folder, household, policy), missing in wanted.items():
        assert decided(loaded, folder, household, policy)["missing"] == missing
    judged = decided(loaded, "hongkong", "absence-to-be-judged", "hk_oala")["missing"]
    assert [(entry["kind"], entry["path"]) for entry in judged] == [("judgement", "absences[1].disregarded")]


def test_hong_kong_amount_and_referral(loaded: dict[str, engine.Policies]) -> None:
    eligible = decided(loaded, "hongkong", "single-at-limit", "hk_oala")
    assert (eligible["outputs"]["allowance"]["value"], eligible["outputs"]["allowance"]["unit"]) == (
        "4195.00",
        "港元/月",
    )
    over = decided(loaded, "hongkong", "single-over-limit", "hk_oala")
    assert [referral["id"] for referral in over["referrals"]] == ["old_age_allowance"]


def test_the_age_pension_is_told_for_each_person_by_the_fortnight(loaded: dict[str, engine.Policies]) -> None:
    outputs = decided(loaded, "australia_age_pension", "couple-by-assets", "au_age_pension")["outputs"]
    assert outputs["pension"]["unit"] == outputs["together"]["unit"] == "澳元/2 周"
    assert {one["item"]: one["value"] for one in outputs["pension"]["items"]} == {"a": "411.10", "b": "0.00"}
    assert outputs["deciding"]["value"] == "assets"
    unknown = decided(loaded, "australia_age_pension", "assets-not-stated", "au_age_pension")["outputs"]["together"]
    assert (unknown["low"], unknown["high"]) == ("0.00", "1142.00")


def test_another_reading_of_the_demo_household_is_told(loaded: dict[str, engine.Policies]) -> None:
    reading = decided(loaded, "overlay", "disaster-and-illness", "demo_city")["readings"]["multiple_causes"]
    assert reading["chosen"] == "combined"
    assert reading["options"]["anchor"]["outcome"] == "ineligible"
    assert reading["differs"] is True


def test_illustrative_files_take_no_part_unless_named(loaded: dict[str, engine.Policies]) -> None:
    household = json.loads((EXAMPLES / "overlay" / "households" / "unlisted-disease.json").read_bytes())
    decision: Any = loaded["overlay"].evaluate(household).to_dict()
    assert decision["policy"]["chain"] == ["shanxi_2022_60", "taiyuan"]


def test_the_overlay_examples_use_every_operation() -> None:
    files = [
        yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
        for file in sorted((EXAMPLES / "overlay").glob("demo_*.yaml"))
    ]
    assert {file["status"] for file in files} == {"illustrative"}
    assert all("示例，非真实政策" in file["title"] for file in files)
    used = {key for file in files for key in file}
    assert {"set", "add", "exempt", "replace", "repeal", "local", "zones", "role"} <= used
    added = {kind for file in files for kind in file.get("add", {})}
    assert added == {
        "facts",
        "lists",
        "parameters",
        "terms",
        "requirements",
        "causes",
        "parts",
        "conditions",
        "checks",
        "outputs",
        "referrals",
    }
