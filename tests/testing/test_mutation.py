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
from tests.testing.trying import tried, write

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


@pytest.mark.parametrize(
    ("stated", "survivors"),
    [
        ("of_year: 700, listed: no, ill: no", []),
        ("of_year: 700", ["outputs.listed", "outputs.ill"]),
        ("listed: no", ["outputs.of_year", "outputs.ill"]),
        ("ill: no", ["outputs.of_year", "outputs.listed"]),
    ],
)
def test_what_is_of_another_day_is_tried_as_of_the_decision(tmp_path: Path, stated: str, survivors: list[str]) -> None:
    """A value, a row of a list, one of several entries."""
    files = {"places.csv": _PLACES, "page.yaml": _HEAD + _ANOTHER_DAY, "cases.yaml": _CASES.replace("STATED", stated)}
    found = tried(tmp_path, files, policies=())
    assert found.codes == [], found.told
    tally = mutate(
        found.found.results, found.policies.slices, lambda one: one.after.startswith("- on "), lambda _: None
    )
    assert tally.tried == 3
    assert [(one.rule, one.after) for one in tally.survivors] == [(rule, "- on 申请日期 - 12 月") for rule in survivors]


def test_a_date_moved_by_a_written_number_is_moved_by_one_more_and_less(tmp_path: Path) -> None:
    """Years count in months, weeks in days; a number that is a parameter is one of its values."""
    outputs = "is: 申请日期 - 6 月", "is: 申请日期 + 1 年", "is: 申请日期 + 2 周", "is: 申请日期 - 0 天"
    moved = "".join(f"  o{place}: {{label: 第{place}, {each}}}\n" for place, each in enumerate(outputs))
    write(tmp_path, {"places.csv": _PLACES, "page.yaml": f"{_HEAD}outputs:\n{moved}"})
    assert [one.after for one in rule_mutants(open_policies(tmp_path).overlay_for("page", DAY))] == [
        "申请日期 - 7 月",
        "申请日期 - 5 月",
        "申请日期 + 13 月",
        "申请日期 + 11 月",
        "申请日期 + 15 天",
        "申请日期 + 13 天",
        "申请日期 - 1 天",
        "申请日期 - -1 天",
    ]


def test_other_values_are_named_as_an_author_writes_them(tmp_path: Path) -> None:
    """Ranges, years and steps in their own words; what may be below zero is tried further below, the least is not."""
    policy = open_policies(write(tmp_path, {"places.csv": _PLACES, "page.yaml": _HEAD + _VALUES})).overlay_for(
        "page", DAY
    )
    told = [f"{one.rule} {one.kind} {one.before} {one.after}" for one in value_mutants(policy, "page")]
    since = "(2022-01-01)"
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


_PLACES = "code,name,parent\nX,x,\n"
_HEAD = """\
format: 1
policy: page
title: 例
jurisdiction: X
from: 2022-01-01
territory: places.csv
facts:
  household:
    id: {label: 编号, text: yes, required: yes, role: identity}
    filed: {label: 申请日期, date: yes, required: yes, role: as_of}
    county: {label: 县, place: yes, required: yes, role: place}
    income: {label: 收入, unit: 元}
    kind: {label: 类别, choice: {a: 甲类, b: 乙类}}
    diseases: {label: 所患疾病, several: text}
"""
_VALUES = """\
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
_ANOTHER_DAY = """\
parameters:
  standard: {label: 标准, unit: 元/月, dated: [{from: 2022-01-01, value: 700}, {from: 2024-01-01, value: 760}]}
lists:
  kinds: {label: 类别名单, of: [kind], dated: [{from: 2022-01-01, items: [乙类]}, {from: 2024-01-01, items: [甲类]}]}
  ills: {label: 病种, of: [diseases], dated: [{from: 2022-01-01, items: [丙]}, {from: 2024-01-01, items: [丁]}]}
outputs:
  of_year: {label: 上年标准, unit: 元/月, is: "标准[于 申请日期 - 12 月]"}
  listed: {label: 上年列入, is: "类别 属于 类别名单[于 申请日期 - 12 月]"}
  ill: {label: 上年病种, is: "所患疾病 含有 病种[于 申请日期 - 12 月]"}
"""
_CASES = """\
cases: page
tests:
  before:
    why: 例
    household: {id: H, filed: 2024-06-01, county: X, income: 1, kind: a, diseases: [丁]}
    expect: {outputs: {STATED}}
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
