"""The cells of a chain decide as every place and day by itself would, and their rows are shown."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import product
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest

from engine.api import Policies, open_policies
from engine.diagnostics import Reporter
from engine.language.types import Choice
from engine.policy.check import check_rules
from engine.policy.loader import read_library
from engine.policy.model import Chain, Reading, SetReading
from engine.policy.overlay import merge
from engine.policy.sequence import in_turn, levels
from engine.policy.slices import Slices
from engine.policy.stretches import Stretch, chain_divisions
from engine.policy.territory import stands_with
from engine.program.invariants import invariants
from engine.program.link import program_of
from engine.program.partition import Cell, partition
from engine.reporting.layout import Page
from engine.reporting.render_program import program_json, render_program
from tests.policy.picked import list_in_force, parameter_in_force
from tests.program.policies import turning_days

ROOT = Path(__file__).parents[2]


BASE = ROOT / "tests" / "cases" / "base"
ASKED = 40
"""places, days and days of knowledge of each chain"""

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
    codes = [code for code in chain_divisions(chain) if code.startswith(chain.jurisdiction)]
    turning = {*turning_days(chain), date(2026, 1, 1)}
    near = sorted({day + timedelta(by) for day in turning for by in (-1, 0)})
    every = list(product([*codes[:4], *codes[-2:]], near, (None, None, *near)))
    turns = len(policies.slices.cuts(chain).days) > 1
    yield from random.Random(" ".join(ids)).sample(every, ASKED if turns else ASKED // 8)


def _chosen(chain: Chain, reading: Reading, place: str, day: date, known_on: date | None) -> str:
    """The option of a reading as the levels set it, one after the other."""
    chosen, stands = reading.chosen, stands_with(place, chain_divisions(chain))
    for level in levels(chain):
        for change in in_turn([change for overlay in level for change in overlay.changes]):
            if isinstance(change, SetReading) and change.target == reading.id:
                there = not change.counties or stands in change.counties
                chosen = change.option if there and change.origin.holds(day, known_on) else chosen
    return chosen


@pytest.mark.parametrize("folder", ["base", "edited", "", "overlay", "cookbook"])
def test_a_cell_decides_as_its_place_and_day_by_itself(folder: str, edited: Path) -> None:
    """The rules are those of the changes that hold on the very day, and rows say what is picked one by one."""
    policies = _policies(folder, edited)
    compared = 0
    for ids in _chains(policies):
        chain = policies.slices.chain(ids)
        assert chain is not None
        for place, day, known_on in _asked(policies, ids):
            policy, _ = policies.slices.checked(ids, place, day, known_on)
            report = Reporter()
            alone = merge(chain, report, Stretch(stands_with(place, chain_divisions(chain)), day, day, known_on))
            rules = check_rules(alone, report)
            assert (policy is None) == (rules is None or report.has_errors)
            if policy is None:
                continue
            assert policy.rules == rules
            elements, values = policy.merged.elements, policy.values(place, day, known_on)
            for id_, parameter in elements.parameters.items():
                assert values.parameters[id_] == parameter_in_force(parameter, place, day, known_on)
                compared += len(values.parameters[id_])
            for id_, listed in elements.lists.items():
                assert values.lists.get(id_) == list_in_force(listed.blocks, place, day, known_on)
            for id_, reading in elements.readings.items():
                assert values.readings[id_].chosen == _chosen(chain, reading, place, day, known_on)
    assert compared > 100


def test_only_other_rules_make_another_cell(edited: Path) -> None:
    """Values, a list and a reading that are set for some counties and days are rows of one cell."""
    for folder in (BASE, edited):
        policies = open_policies(folder)
        parts = partition(policies.slices, policies.library.line_to("jia"))
        cells = [cell for _, _, cell in parts.cells()]
        programs = {id(cell.program) for cell in cells if isinstance(cell, Cell)}
        assert len(programs) == len(cells) == CELLS
        one, other = parts.cell("900101", date(2023, 3, 15)), parts.cell("900102", date(2023, 9, 15))
        assert isinstance(one, Cell)
        assert isinstance(other, Cell)
        assert one.program is other.program


CELLS = 5
"""from 2022, 2023, 2025, and 2026, when what one county had for a time is gone; the others without it in 2023"""


def test_the_shipped_chains_have_one_cell_each() -> None:
    policies = open_policies(ROOT / "policies")
    shared = set()
    for ids in _chains(policies):
        cells = [cell for _, _, cell in partition(policies.slices, ids).cells()]
        assert len(cells) == 1
        assert isinstance(cells[0], Cell)
        shared.add(id(cells[0].program))
        assert invariants(cells[0].program) == ()
    assert len(shared) < len(list(_chains(policies))), "chains that differ in values only share their program"


def test_a_cell_that_is_none_says_why(edited: Path, tmp_path: Path) -> None:
    copytree(edited, tmp_path / "broken")
    path = tmp_path / "broken" / "province.yaml"
    text = path.read_text(encoding="utf-8")
    assert "扣除后人均收入 < 保" in text
    path.write_text(text.replace("扣除后人均收入 < 保", "扣除后人均收人 < 保", 1), encoding="utf-8")
    policies = open_policies(tmp_path / "broken")
    found = partition(policies.slices, policies.library.line_to("jia")).cell("900101", date(2024, 6, 1))
    assert not isinstance(found, Cell)
    assert "unknown-name" in {one.code for one in found}


def test_rows_of_a_chain() -> None:
    policies = open_policies(BASE)
    cell = partition(policies.slices, policies.library.line_to("jia")).cell("900101", date(2024, 6, 1))
    assert isinstance(cell, Cell)
    program, dated = cell.program, cell.dated
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


def _shown(folder: Path) -> list[str]:
    policy = open_policies(folder).overlay_for("jia", date(2024, 6, 1))
    text = render_program(program_of(policy), policy.dated, {}, Page(200))
    return [" ".join(line.split()) for line in text.splitlines()]


def test_rows_are_shown() -> None:
    text = _shown(BASE)
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
    policy = open_policies(BASE).overlay_for("jia", date(2024, 6, 1))
    rows: Any = program_json(program_of(policy), policy.dated, {})["rows"]
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
    text = _shown(edited)
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


def test_rules_within_bounds_taken_from_elsewhere_are_no_others() -> None:
    """The same rules without the document that declares the bounds of a value are asked for first, as a router does
    that looks for a root: what stands on that document is bound by it all the same."""
    asked = [("notice_2022",), ("notice_2022", "standards"), ("notice_2022", "standards", "jia_standards")]
    day = date(2022, 6, 1)

    def extents(order: list[tuple[str, ...]]) -> dict[tuple[str, ...], object]:
        slices = Slices(read_library([ROOT / "examples" / "values"]))
        found: dict[tuple[str, ...], object] = {}
        for ids in order:
            checked, _ = slices.checked(ids, "900101", day, None)
            assert checked is not None
            found[ids] = program_of(checked).outside.tables["dibao_standard"].extent
        return found

    assert extents(asked) == extents(asked[::-1])
    assert len(set(map(str, extents(asked).values()))) == 2
