"""Every published dibao standard is in force on its day, in its own unit, with its source; and nothing else is.

`published-standards.csv` are the facts as they were published, each row with its source and its grade (A government
site, B named news outlet, C mirror). They are read here as plain text and compared with what the engine answers.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import engine
from engine.policy.model import Block
from engine.policy.tables import ValueInForce

ROOT = Path(__file__).parents[2]
PROVINCE, PROVINCE_FROM = "shanxi_2022_60", date(2022, 11, 10)
ZONES = {"大同市开发区": "140271"}
"""published by name; the code is the statistical one"""


@dataclass(frozen=True)
class Standard:
    county: str
    residence: str
    amount: str
    unit: str
    start: date
    source: str
    grade: str
    document: str

    @property
    def day(self) -> date:
        """A day on which it is in force and the notice is too."""
        return max(self.start, PROVINCE_FROM)

    @property
    def per_month(self) -> Fraction:
        return Fraction(self.amount) / (12 if self.unit == "元/人/年" else 1)


def rows() -> list[dict[str, str]]:
    with (Path(__file__).parent / "published-standards.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def published() -> list[Standard]:
    found = []
    for row in rows():
        if not row["in_force_from"]:
            continue
        for residence, amount, unit in (
            ("urban", row["urban_yuan_per_month"], "元/月"),
            ("rural", row["rural_value"], row["rural_unit"]),
        ):
            if amount:
                found.append(
                    Standard(
                        row["code"] or ZONES[row["name"]],
                        residence,
                        amount,
                        unit.replace("元/", "元/人/"),
                        date.fromisoformat(row["in_force_from"]),
                        row["source_address"],
                        row["source_grade"],
                        row["document"],
                    )
                )
    return found


@pytest.fixture(scope="module")
def policies() -> engine.Policies:
    return engine.load(ROOT / "policies")


@cache
def in_force(policies: engine.Policies, county: str, day: date) -> dict[str, tuple[ValueInForce, Block]]:
    """Value and block by residence."""
    checked, report = policies.policy_for(PROVINCE, county, day)
    assert checked is not None, report.diagnostics
    held = checked.values(county, day, None).parameters["dibao_standard"]
    blocks = checked.merged.elements.parameters["dibao_standard"].blocks
    return {str(key[1]): (value, blocks[value.block_index]) for key, value in held.items() if key[0] == county}


@pytest.mark.parametrize("row", published(), ids=lambda row: f"{row.county}-{row.residence}-{row.start}")
def test_published_standard_is_in_force(row: Standard, policies: engine.Policies) -> None:
    value, block = in_force(policies, row.county, row.day)[row.residence]
    assert value.cell.text == f"{row.amount} {row.unit}"
    origin = block.origin
    assert (origin.start, origin.source, origin.grade, origin.document) == (
        row.start,
        row.source,
        row.grade,
        row.document,
    )


@pytest.mark.parametrize("row", published(), ids=lambda row: f"{row.county}-{row.residence}-{row.start}")
def test_decision_compares_with_it_exactly(row: Standard, policies: engine.Policies) -> None:
    household = {
        "id": "H",
        "application_date": str(row.day),
        "county": row.county,
        "residence": row.residence,
        "income_12m": 0,
        "financial_assets": 0,
        "members": [{"id": "m"}],
    }
    decision: Any = policies.evaluate(household).to_dict()
    right = decision["causes"]["illness"]["conditions"]["income"]["comparison"]["right"]
    assert right["unit"] == "元/人/月"
    assert Fraction(right["exact"]) == row.per_month


def test_nothing_else_is_loaded(policies: engine.Policies) -> None:
    """A value that no row states would be copied or invented."""
    stated = {(row.county, row.residence, row.start, f"{row.amount} {row.unit}") for row in published()}
    loaded = set()
    for county in {row.county for row in published()} | all_counties():
        checked, _ = policies.policy_for(PROVINCE, county, date(2026, 1, 1))
        assert checked is not None
        for block in checked.merged.elements.parameters["dibao_standard"].blocks:
            for key, cell in block.cells.items():
                assert block.origin.start is not None
                loaded.add((*key, block.origin.start, cell.text))
    assert loaded == stated


def test_a_standard_without_a_day_is_not_loaded(policies: engine.Policies) -> None:
    undated = [row for row in rows() if not row["in_force_from"]]
    assert {row["city"] for row in undated} == {"太原市"}
    for row in undated:
        assert in_force(policies, row["code"], date(2022, 12, 31)) == {}


def test_what_was_not_published_has_no_value(policies: engine.Policies) -> None:
    """Never zero, never a neighbour's, never the old value once the table was replaced."""
    for row in rows():
        if row["in_force_from"]:
            day = max(date.fromisoformat(row["in_force_from"]), PROVINCE_FROM)
            held = in_force(policies, row["code"] or ZONES[row["name"]], day)
            assert ("urban" in held) == bool(row["urban_yuan_per_month"])
            assert ("rural" in held) == bool(row["rural_value"])


@pytest.mark.parametrize("city", ["1403", "1406", "1410"])
def test_cities_where_nothing_was_found_say_so(city: str, policies: engine.Policies) -> None:
    counties = {code for code in all_counties() if code.startswith(city)}
    assert counties
    for county in counties:
        checked, _ = policies.policy_for(PROVINCE, county, date(2024, 1, 1))
        assert checked is not None
        parameter = checked.merged.elements.parameters["dibao_standard"]
        assert parameter.blocks == ()
        assert any("未查到" in text for _, text in parameter.not_found)


def test_every_county_stands_under_a_city_file(policies: engine.Policies) -> None:
    for county in all_counties():
        assert len(policies.library.chain_ids(PROVINCE, county)) == 2


def all_counties() -> set[str]:
    with (ROOT / "policies" / "divisions.csv").open(encoding="utf-8", newline="") as file:
        return {row["code"] for row in csv.DictReader(file)}
