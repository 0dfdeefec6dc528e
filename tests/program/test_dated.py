"""The rows of a chain say, for every place, day and publication, what the policy of that place and day has in force."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from itertools import product
from pathlib import Path
from shutil import copytree
from typing import Any, TypeVar

import pytest

from engine.api import Policies, open_policies
from engine.language.types import Choice
from engine.policy.checked import CheckedPolicy
from engine.policy.overlay import breakpoints, publications
from engine.policy.slices import chain_divisions
from engine.program.dated import dated_of, dated_program
from engine.program.invariants import invariants
from engine.program.model import Dated
from engine.program.rows import Row
from engine.reporting.layout import Page
from engine.reporting.render_program import program_json, render_program

ROOT = Path(__file__).parents[2]
V = TypeVar("V")


BASE = ROOT / "tests" / "cases" / "base"

EDITS = {
    "  asset_months: 24 月\n": """\
    - {from: 2023-03-01, published: 2023-05-01, partial: yes, counties: [东城区], values: {东城区: {城市: 801}}}
    - {from: 2023-04-01, until: 2023-12-31, counties: ["900102"], values: {西城区: {城市: 802}}}
    - from: 2023-05-01
      partial: yes
      counties: ["900171", 东城区]
      values: {东城区: {城市: 803}, "900171": {城市: 804}}
    - {from: 2023-08-01, partial: yes, counties: ["900171"], values: {"900171": {城市: 805}}}
  asset_months:
    - {from: 2023-01-01, value: 24 月}
    - {from: 2023-06-01, until: 2024-05-31, published: 2023-09-01, value: 20 月, counties: [东城区], partial: yes}
""",
    "  counting: own_bills\n": """\
  counting:
    - {chosen: own_bills, from: 2023-02-01}
    - {chosen: all_bills, from: 2023-06-01, until: 2023-12-31, counties: [东城区]}
    - {chosen: own_bills, from: 2023-09-01, published: 2023-11-01, counties: [东城区, 西城区]}
""",
    "items: [尿毒症, 白血病, 血友病]}\n": """items: [尿毒症, 白血病, 血友病]}
    - {from: 2023-07-01, until: 2023-10-31, counties: [西城区], items: [血友病]}
""",
}
"""values, a list and a reading set for some counties only, for a time, and published late"""


@pytest.fixture(scope="module")
def edited(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("edited") / "base"
    copytree(BASE, folder)
    text = (folder / "cities" / "jia.yaml").read_text(encoding="utf-8")
    for old, new in EDITS.items():
        assert text.count(old) == 1
        text = text.replace(old, new)
    (folder / "cities" / "jia.yaml").write_text(text, encoding="utf-8")
    return folder


def _policies(folder: str, edited: Path) -> Policies:
    if folder in ("base", "edited"):
        return open_policies(BASE if folder == "base" else edited)
    return open_policies([ROOT / "policies", *([ROOT / "examples" / folder] if folder else [])])


def _chains(policies: Policies) -> Iterator[tuple[str, ...]]:
    yield from dict.fromkeys(tuple(policies.library.line_to(id)) for id in policies.ids)


def _asked(policies: Policies, ids: Sequence[str]) -> Iterator[tuple[str, date, date | None]]:
    chain = policies.slices.chain(ids)
    assert chain is not None
    held = chain.overlays[-1].header.jurisdiction if chain.overlays else chain.root.header.jurisdiction
    codes = [code for code in chain_divisions(chain) if code.startswith(held)]
    turning = {*breakpoints(chain), *publications(chain), date(2026, 1, 1)}
    near = sorted({day + timedelta(by) for day in turning for by in (-1, 0)})
    yield from product([*codes[:4], *codes[-2:]], near[:: 1 + len(near) // 12], (None, *near[:: 1 + len(near) // 6]))


def _holding(rows: Iterable[Row[V]], place: str, day: date, known_on: date | None) -> list[Row[V]]:
    return [row for row in rows if row.holds(place, day, known_on)]


@pytest.mark.parametrize("folder", ["base", "edited", "", "overlay", "cookbook"])
def test_rows_are_what_the_policy_of_each_place_and_day_has(folder: str, edited: Path) -> None:
    policies = _policies(folder, edited)
    compared = 0
    for ids in _chains(policies):
        made: dict[int, tuple[CheckedPolicy, Dated]] = {}
        for place, day, known_on in _asked(policies, ids):
            policy, _ = policies.slices.checked(ids, place, day, known_on)
            if policy is None:
                continue
            # the rows are taken from the first policy of other places and days with the same rules
            if id(policy.rules) not in made:
                made[id(policy.rules)] = policy, dated_of(policy)
            _, dated = made[id(policy.rules)]
            picked = policy.values(place, day, known_on)
            for id_, rows in dated.tables.items():
                found = {
                    row.key: (row.value, row.stale_from is not None and day >= row.stale_from)
                    for row in _holding(rows, place, day, known_on)
                }
                assert found == {key: (one.cell, one.stale) for key, one in picked.parameters[id_].items()}
                compared += len(found)
            for id_, listed in dated.lists.items():
                sets = [row.value for row in _holding(listed, place, day, known_on)]
                assert sets == ([picked.lists[id_]] if id_ in picked.lists else [])
            for id_, chosen in dated.readings.items():
                options = [row.value for row in _holding(chosen, place, day, known_on)]
                assert options == [policy.merged.elements.readings[id_].chosen]
    assert compared > 100


def test_a_program_carries_the_rows_of_its_chain() -> None:
    policy = open_policies(BASE).overlay_for("jia", date(2024, 6, 1))
    program = dated_program(policy)
    assert invariants(program) == ()
    dated = program.outside.dated
    assert {*dated.tables} == {*program.outside.tables}
    assert {*dated.lists} == {*program.outside.lists}
    assert {*dated.readings} == {*program.outside.readings}
    standard = dated.tables["standard"]
    assert {row.origin.policy for row in standard} == {"jia"}
    assert all(row.stale_from is not None for row in standard)
    chosen = dated.readings["counting"]
    assert isinstance(program.outside.readings["counting"], Choice)
    assert [(row.value, row.origin.policy) for row in chosen if row.known_until is None and row.end is None] == [
        ("own_bills", "jia")
    ]


# ---- shown


def test_rows_are_shown() -> None:
    program = dated_program(open_policies(BASE).overlay_for("jia", date(2024, 6, 1)))
    text = [" ".join(line.split()) for line in render_program(program, {}, Page(200)).splitlines()]
    at = text.index("floor_area 8")
    assert text[at + 1 : at + 4] == [
        "1..2 2025-01-01.. known 2024-12-01.. 95 平方米 amendment.yaml:13",
        "3.. 2025-01-01.. known 2024-12-01.. 125 平方米 amendment.yaml:13",
        "1..2 2022-01-01..2024-12-31 known 2022-01-01.. 90 平方米 province.yaml:75",
    ]
    at = text.index("severe 3")
    assert text[at + 1].endswith("{mental,grade_1 mental,grade_2 visual,grade_1} province.yaml:61")
    assert "..2022-12-31 all_bills province.yaml:78" in text


def test_rows_as_json() -> None:
    program = dated_program(open_policies(BASE).overlay_for("jia", date(2024, 6, 1)))
    rows: Any = program_json(program, {})["rows"]
    assert rows["tables"]["car_limit"][1] == {
        "key": [],
        "places": [],
        "but": True,
        "from": "2023-01-01",
        "to": "2023-12-31",
        "known_from": "2023-01-01",
        "known_to": None,
        "stale_from": None,
        "value": "5 万元",
        "number": "5000000",
        "declared": "cities/jia.yaml:54",
    }
    assert [row["value"] for row in rows["lists"]["rare"]] == [[("戈谢病",)]]
    assert [row["value"] for row in rows["readings"]["counting"]] == ["own_bills", "all_bills", "all_bills"]


def test_places_of_rows_are_shown(edited: Path) -> None:
    program = dated_program(open_policies(edited).overlay_for("jia", date(2024, 6, 1)))
    text = [" ".join(line.split()) for line in render_program(program, {}, Page(200)).splitlines()]
    at = next(number for number, line in enumerate(text) if re.fullmatch("asset_months [0-9]+", line))
    assert text[at + 1].startswith("900101 2023-06-01..2024-05-31 known 2023-09-01.. 20 月")
    assert any(line.startswith("but 900101 2023-06-01..2024-05-31 known 2023-09-01.. 24 月") for line in text[at:])


def test_a_zone_has_the_values_that_are_set_for_it_alone(edited: Path) -> None:
    """Its rules are those of the county it stands with, its values its own: also where `counties` names it alone."""
    policies, day = open_policies(edited), date(2023, 9, 1)
    for place, value in ("900171", "805 元/人/月"), ("900101", "804 元/人/月"):
        policy, _ = policies.policy_for("province", place, day)
        assert policy is not None
        assert policy.values(place, day, None).parameters["standard"]["900171", "urban"].cell.text == value
