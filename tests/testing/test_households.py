"""How the household of a case is put together."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from engine.evaluation.json_text import NumberText
from engine.testing.model import Case
from tests.testing.trying import HEAD, tried


def the_case(folder: Path, body: str, **files: str) -> Case:
    found = tried(folder, {"cases.yaml": HEAD + body, **{name.replace("_", "."): text for name, text in files.items()}})
    assert not found.suite.diagnostics, found.told
    return found.suite.cases[0]


def changed(folder: Path, *changes: str) -> Any:
    lines = "".join(f"      {change}\n" for change in changes)
    body = f"  one:\n    why: x\n    base: ill\n    change:\n{lines}    expect: {{no_warnings: [stale-value]}}\n"
    return the_case(folder, body).household


@pytest.mark.parametrize(
    ("change", "key", "value"),
    [
        ("income_12m: 8399.99", "income_12m", NumberText("8399.99")),
        ("income_12m: '8399.99'", "income_12m", "8399.99"),
        ("income_12m: unknown", "income_12m", None),
        ("income_12m: 未知", "income_12m", None),
        ("income_12m: ~", "income_12m", None),
        ("income_12m: 一万", "income_12m", "一万"),
        ("residence: 农村", "residence", "rural"),
        ("residence: rural", "residence", "rural"),
        ("residence: '农村'", "residence", "农村"),
        ("county: 140106", "county", "140106"),
        ("id: 12", "id", "12"),
    ],
)
def test_a_value_means_what_its_fact_makes_of_it(change: str, key: str, value: object, tmp_path: Path) -> None:
    assert changed(tmp_path, change)[key] == value


@pytest.mark.parametrize(("word", "value"), [("yes", True), ("是", True), ("true", True), ("no", False), ("否", False)])
def test_a_truth(word: str, value: bool, tmp_path: Path) -> None:
    assert changed(tmp_path, f"members[0].treatment_ongoing: {word}")["members"][0]["treatment_ongoing"] is value


def test_a_path_changes_one_field_and_leaves_the_base_alone(tmp_path: Path) -> None:
    body = (
        "  one: {why: x, base: ill, change: {members.0.medical_gross: 1}, expect: {outcome: ineligible}}\n"
        "  two: {why: x, base: ill, expect: {outcome: eligible}}\n"
    )
    found = tried(tmp_path, {"cases.yaml": HEAD + body})
    assert found.found.passed


def test_items_are_added_replaced_and_removed(tmp_path: Path) -> None:
    members = changed(tmp_path, "members.1: {id: m2}", "members.1.tuition: 5", "members.0: {id: m0}")["members"]
    assert members == [{"id": "m0"}, {"id": "m2", "tuition": NumberText("5")}]
    assert changed(tmp_path, "members.0: absent")["members"] == []
    assert "treatment_ongoing" not in changed(tmp_path, "members.0.treatment_ongoing: 不填")["members"][0]
    assert "income_12m" not in changed(tmp_path, "income_12m: absent")


def test_a_base_stands_on_another(tmp_path: Path) -> None:
    text = HEAD.replace("bases:\n", "bases:\n  poor: {base: ill, change: {income_12m: 5}}\n")
    body = "  one: {why: x, base: poor, expect: {outcome: eligible}}\n"
    found = tried(tmp_path, {"cases.yaml": text + body})
    assert found.suite.cases[0].household["income_12m"] == NumberText("5")


def test_a_household_of_a_json_file(tmp_path: Path) -> None:
    household = '{"id": "J", "application_date": "2023-06-15", "county": "140105", "members": [{"id": "m"}]}'
    body = "  one: {why: x, file: households/j.json, expect: {outcome: ineligible}}\n"
    found = tried(tmp_path, {"cases.yaml": HEAD + body, "households/j.json": household})
    assert found.found.passed, found.told
    assert found.suite.cases[0].household["id"] == "J"
