"""Would the cases notice? Each condition, each change of an overlay and each case file taken away in turn turns the
suite red; boundary cases are what kills a nudged threshold; steps that no household can tell are not made."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from engine.api import open_policies
from engine.diagnostics import Reporter
from engine.program.granularity import common, common_step
from engine.testing.model import CaseFile
from engine.testing.mutants import equivalent_nudges, rule_mutants, value_mutants
from engine.testing.mutate import mutate
from engine.testing.run import finish
from tests.testing.ours import ours, read

DAY = date(2024, 6, 1)
ROOT = Path(__file__).parents[2]


def test_every_condition_and_every_change_is_missed_when_it_is_gone() -> None:
    here = ours()
    gone = ("drop-condition", "drop-change")
    tally = mutate(here.results, here.policies.slices, lambda mutant: mutant.kind in gone, lambda _: None)
    assert [mutant.name for mutant in tally.survivors] == []
    rules = here.policies.overlay_for("shanxi_2022_60", DAY).rules
    conditions = sum(len(cause.conditions) for cause in rules.causes.values())
    changes = sum(len(_changes(name)) for name in here.policies.ids)
    assert tally.tried == conditions + changes


@pytest.mark.parametrize("file", [pytest.param(file, id=file.source.name) for file in read()[1].files])
def test_every_case_file_is_missed_when_it_is_gone(file: CaseFile) -> None:
    here = ours()
    left = replace(here.suite, files=tuple(one for one in here.suite.files if one is not file))
    gone = {(case.policy, case.id) for case in file.cases}
    results = [result for result in here.results if (result.case.policy, result.case.id) not in gone]
    found = finish(left, results, here.policies.slices, Reporter(), whole=True)
    if not _changes(file.policy) and file.policy != "shanxi_2022_60":
        # a city without any change of its own has nothing that could go wrong unseen
        return
    passed = found.passed
    assert not passed


def _changes(policy: str) -> tuple[object, ...]:
    built = ours().policies.library.build(policy)
    return tuple(getattr(built, "changes", ()))


def test_without_boundary_cases_nudged_thresholds_survive() -> None:
    here = ours()
    ordinary = []
    for result in here.results:
        if result.run.place or result.decision is None:
            continue
        comparison = result.decision.causes["illness"].conditions["income"].comparison
        margin = None if comparison is None else comparison.margin
        if isinstance(margin, int | Fraction) and not -10_000 < Fraction(margin) < 10_000:
            ordinary.append(result)
    tally = mutate(
        ordinary,
        here.policies.slices,
        lambda mutant: mutant.rule == "illness.income" and mutant.kind in ("nudge-up", "nudge-down", "operator"),
        lambda _: None,
    )
    assert {mutant.kind for mutant in tally.survivors} == {"nudge-up", "nudge-down", "operator"}


def test_each_kind_of_mutant_is_made_and_named_apart() -> None:
    mutants = list(rule_mutants(ours().policies.overlay_for("shanxi_2022_60", DAY)))
    assert {mutant.kind for mutant in mutants} == {
        "nudge-up",
        "nudge-down",
        "operator",
        "and-or",
        "drop",
        "negate",
        "swap-branches",
        "drop-condition",
    }
    places = [(mutant.name, mutant.span.start) for mutant in mutants]
    assert len(set(places)) == len(places)


def test_other_roundings_and_the_other_end_of_a_month_are_mutants() -> None:
    policies = open_policies([ROOT / "policies", ROOT / "examples" / "cookbook"])
    mutants = rule_mutants(policies.overlay_for("cookbook_whole_months", DAY))
    found = {mutant.after for mutant in mutants if mutant.kind == "function"}
    rounded = "收入标准 - (核算收入 - 医疗费用刚性支出) / 家庭人口"
    assert found == {f"round_up({rounded}, …)", "month_end(申请日期)"}


def test_other_values_are_named_as_an_author_writes_them(tmp_path: Path) -> None:
    """Ranges, years and steps in their own words; what may be below zero is tried further below, the least is not."""
    (tmp_path / "places.csv").write_text("code,name,parent\nX,x,\n", encoding="utf-8")
    (tmp_path / "page.yaml").write_text(_VALUES, encoding="utf-8")
    policy = open_policies(tmp_path).overlay_for("page", DAY)
    told = [f"{one.rule} {one.kind} {one.before} {one.after}" for one in value_mutants(policy, "page")]
    since = "(2024-01-01)"
    assert told == [
        f"page: rate[<=1000] {since} value-up 10% + 0.01",
        f"page: rate[<=1000] {since} value-down 10% - 0.01",
        f"page: rate[>1000] {since} value-up -5% + 0.01",
        f"page: rate[>1000] {since} value-down -5% - 0.01",
        f"page: rate[>1000] {since} edge-up -5% >1000.01",
        f"page: rate[>1000] {since} edge-down -5% >999.99",
        f"page: yearly[2023] {since} value-up 700 元/月 + 0.01 元/月",
        f"page: yearly[2023] {since} value-down 700 元/月 - 0.01 元/月",
        f"page: months {since} value-up 6 月 + 1 月",
        f"page: months {since} value-down 6 月 - 1 月",
        f"page: floor {since} value-up -5 元 + 0.01 元",
    ]


_VALUES = """\
format: 1
policy: page
title: 例
jurisdiction: X
from: 2024-01-01
territory: places.csv
facts:
  household:
    id: {label: 编号, text: yes, required: yes, role: identity}
    filed: {label: 申请日期, date: yes, required: yes, role: as_of}
    county: {label: 县, place: yes, required: yes, role: place}
    income: {label: 收入, unit: 元}
terms:
  last: {label: 上年, is: 年份(申请日期) - 1}
parameters:
  rate: {label: 率, number: yes, at_least: -1, marginal: yes, by: [income], values: {不超过1000: 10%, 超过1000: -5%}}
  yearly: {label: 年标, unit: 元/月, by: [last], values: {2023: 700}}
  months: {label: 月数, unit: 月, value: 6}
  floor: {label: 底, unit: 元, at_least: -5, value: -5}
outputs:
  all: {label: 数, unit: 元, is: 率 + 年标 * 月数 + 底}
"""


def test_nudges_that_no_household_can_tell_are_said_to_be_so() -> None:
    """Completed years move in twelves of months: a limit of age nudged by a month is the same limit."""
    policies = open_policies(ROOT / "examples" / "hongkong")
    checked = policies.overlay_for("hk_oala", DAY)
    assert "elder_in_need.age" in {mutant.rule for mutant in equivalent_nudges(checked)}
    ours_told = list(equivalent_nudges(ours().policies.overlay_for("shanxi_2022_60", DAY)))
    assert "multiple.several" not in {mutant.rule for mutant in ours_told}


def test_steps_that_no_household_can_tell() -> None:
    assert common([Fraction(12), Fraction(18)]) == 6
    assert common([Fraction(1, 2), Fraction(1, 3)]) == Fraction(1, 6)
    assert common([Fraction(720), None]) is None
    assert common([Fraction(0), Fraction(12)]) == 12
    assert common_step([]) == 1
