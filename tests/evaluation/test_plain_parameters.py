"""Parameters that are truths or days: dated, by place, lacking for some; in conditions, figures, cases and mutation."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import engine
from engine import resources
from engine.evaluation.decide import decide
from engine.evaluation.household import read_household
from engine.language.values import UNKNOWN, Interval
from engine.policy.checked import CheckedPolicy
from engine.program.invariants import invariants
from engine.program.link import program_of
from engine.testing.mutants import value_mutants
from tests.evaluation.samples import DAY, PLACE, SOUND, household, sample_policy

PLAIN = SOUND.replace(
    "parameters:\n",
    """parameters:
  pilot: {label: 试点, yes_no: yes, by: [county], values: {"140105": yes, "140106": 否}}
  since:
    label: 起算日
    date: yes
    dated: [{from: 2023-01-01, value: 2020-01-01}, {from: 2024-01-01, value: 2021-01-01}]
""",
).replace(
    "outputs:\n",
    """outputs:
  early: {label: 起算日前迁入, is: 迁入日期 < 起算日}
  day: {label: 起算日, is: 起算日}
  grade: {label: 档, is: if 试点 then 2 else 1}
""",
)


def policy(place: str = PLACE, day: date = DAY) -> CheckedPolicy:
    return sample_policy(PLAIN, place, day)


def values(place: str = PLACE, day: date = DAY, **facts: object) -> dict[str, Any]:
    held = policy(place, day)
    found = decide(held, read_household(household(county=place, **facts), held), day)
    return {id: found.outputs[id].value for id in ("early", "day", "grade")}


def test_a_day_is_that_of_the_rules_in_force() -> None:
    assert values(moved_in="2020-06-01") == {"early": False, "day": date(2020, 1, 1), "grade": 2}
    later = values(day=date(2024, 6, 1), moved_in="2020-06-01")
    assert (later["early"], later["day"]) == (True, date(2021, 1, 1))


def test_a_truth_is_that_of_the_place_and_never_a_neighbours() -> None:
    assert values("140106")["grade"] == 1
    assert values("140107")["grade"] == Interval(1, 2)


def test_before_the_first_day_any_day_may_be_meant() -> None:
    before = values(day=date(2022, 6, 1), moved_in="2020-06-01")
    assert before["early"] is UNKNOWN
    assert before["day"] == Interval(date(1900, 1, 1), date(2199, 12, 31))


def test_the_program_holds() -> None:
    assert not invariants(program_of(policy()))


def test_values_of_each_are_changed_when_the_cases_are_tried() -> None:
    told = {(one.parameter, one.before, one.after) for one in value_mutants(policy(), "sample")}
    assert {("pilot", "yes", "no"), ("pilot", "否", "yes")} <= told
    assert {("since", "2020-01-01", "+ 1 天"), ("since", "2020-01-01", "- 1 天")} <= told


def test_a_table_gives_truths_and_days_as_spreadsheets_write_them(tmp_path: Path) -> None:
    declared = (
        "parameters:\n"
        "  pilot: {label: 试点, yes_no: yes, by: [county], table: t.csv, columns: {区县: county, 是否: value}}\n"
        "  since: {label: 起算日, date: yes, by: [county], table: t.csv, columns: {区县: county, 起算: value}}\n"
    )
    text = SOUND.replace("parameters:\n", declared).replace(
        "outputs:\n", "outputs:\n  day: {label: 起算日, is: 起算日}\n  tried: {label: 试点, is: 试点}\n"
    )
    (tmp_path / "divisions.csv").write_bytes((resources.policies_root() / "divisions.csv").read_bytes())
    (tmp_path / "sample.yaml").write_text(text, encoding="utf-8")
    (tmp_path / "t.csv").write_text("区县,是否,起算\n140105,是,2020/1/1\n140106,否,2020-01-02\n", encoding="utf-8")
    found = engine.load(tmp_path).evaluate(household(), policy="sample").outputs
    assert (found["day"].value, found["tried"].value) == (date(2020, 1, 1), True)
