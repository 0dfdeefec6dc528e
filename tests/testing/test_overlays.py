"""Cases of the province on the overlays above it, and where an overlay answers otherwise."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.api import open_policies
from engine.diagnostics import Reporter
from engine.evaluation.decision import Decision
from engine.testing.plan import Selection
from engine.testing.run import Runner, run
from tests.testing.ours import ours
from tests.testing.trying import HEAD, SHIPPED, tried

GOOD = "  one: {why: x, base: ill, expect: {outcome: eligible, conditions: {illness.assets: met}}}\n"
DISTRICT = """\
format: 1
overlay: district
title: 从严
amends: taiyuan
jurisdiction: "140105"
status: official
from: 2023-01-01
set: {asset_months: 12 月}
"""
DIFFERS = """\
cases: district
differs:
  one:
    why: 本区十二个月
    expect: {outcome: ineligible, conditions: {illness.assets: unmet}}
"""
POOR = HEAD.replace("financial_assets: 10000", "financial_assets: 8400.01")


def test_a_portable_case_runs_on_every_official_overlay(tmp_path: Path) -> None:
    found = tried(tmp_path, {"cases.yaml": HEAD + GOOD})
    assert found.found.passed
    names = {result.run.name for result in found.found.results}
    assert {"one", "one@taiyuan", "one@linfen"} <= names
    assert len(names) == 12
    result = found.named("one@datong")
    assert result.chain == ("shanxi_2022_60", "datong")
    assert result.run.place.startswith("1402")
    assert result.decision is not None
    assert result.decision.place == result.run.place
    assert result.facts is not None
    assert result.facts.place == result.run.place == result.facts.household["county"]


def test_a_case_that_fixes_less_is_decided_as_the_household_would_be(tmp_path: Path) -> None:
    text = (HEAD + GOOD).replace("given: {dibao_standard: 700 元/人/月}\n", "")
    found = tried(tmp_path, {"cases.yaml": text})
    assert [result.run.name for result in found.found.results] == ["one"]
    assert found.found.results[0].chain == ("shanxi_2022_60", "taiyuan")


def test_a_stricter_county_is_noticed_and_may_say_that_it_differs(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {"cases.yaml": POOR + GOOD, "district.yaml": DISTRICT}
    found = tried(tmp_path, files)
    assert [result.run.name for result in found.found.failed] == ["one@district"]
    found = tried(tmp_path, {**files, "differs.yaml": DIFFERS})
    assert found.found.passed, found.told
    result = found.named("one@district")
    assert [check.expected.value for check in result.checks] == ["ineligible", "unmet"]


def test_a_difference_that_no_longer_differs(tmp_path: Path) -> None:
    files = {"cases.yaml": POOR + GOOD, "district.yaml": DISTRICT.replace("12 月", "24 月"), "differs.yaml": DIFFERS}
    found = tried(tmp_path, dict(files))
    assert found.codes == ["difference-gone"]
    assert not found.found.passed
    fault = found.named("one@district").faults[0]
    assert fault.span is not None
    assert (fault.span.source.name, fault.span.line) == ("differs.yaml", 3)


def test_a_difference_from_nothing_twice_or_not_looked_at(tmp_path: Path) -> None:
    files = {"cases.yaml": POOR + GOOD, "district.yaml": DISTRICT}
    found = tried(tmp_path / "a", {**files, "differs.yaml": DIFFERS.replace("one:", "oen:")})
    assert found.codes == ["difference-unknown-case"]
    found = tried(tmp_path / "b", {**files, "a.yaml": DIFFERS, "b.yaml": DIFFERS})
    assert found.codes == ["difference-twice"]
    other = DIFFERS.replace("    why", '    counties: ["140106"]\n    why')
    found = tried(tmp_path / "c", {**files, "differs.yaml": other}, whole=True)
    assert "difference-not-run" in found.codes
    assert [result.run.name for result in found.found.failed] == ["one@district"]


def test_a_draft_runs_the_cases_below_it_only_when_asked(tmp_path: Path) -> None:
    files = {"cases.yaml": POOR + GOOD, "district.yaml": DISTRICT.replace("official", "draft")}
    assert "one@district" not in {result.run.name for result in tried(tmp_path, dict(files)).found.results}
    files["again.yaml"] = DIFFERS.replace("differs:", "again: yes\ndiffers:")
    found = tried(tmp_path, dict(files))
    assert found.found.passed, found.told
    assert found.named("one@district").passed


def test_each_kind_of_county_is_tried(tmp_path: Path) -> None:
    city = DISTRICT.replace('"140105"', '"1401"').replace("taiyuan", "shanxi_2022_60").replace("district", "city")
    city = city.replace("official", "draft").replace("set: {asset_months: 12 月}", "")
    city += (
        "add:\n  requirements:\n    no_assets:\n      label: 没有金融资产\n      when: 金融资产总额 <= 0\n"
        '      counties: ["140106"]\n'
    )
    again = (
        'cases: city\nagain: yes\ndiffers:\n  one: {why: 本区, counties: ["140106"], expect: {outcome: ineligible}}\n'
    )
    found = tried(tmp_path, {"cases.yaml": HEAD + GOOD, "city.yaml": city, "again.yaml": again})
    names = [result.run.name for result in found.found.results if result.run.target == "city"]
    assert names == ["one@city", "one@city/140106"]
    assert found.found.passed, found.told


def test_what_a_case_fixes_holds_whatever_is_known(tmp_path: Path) -> None:
    body = (
        "  early: {why: x, base: ill, known_on: 2022-11-10, expect: {outcome: eligible}}\n"
        "  late: {why: x, base: ill, as_of: 2025-01-01, expect: {outcome: eligible, no_warnings: [stale-value]}}\n"
        "  before: {why: x, base: ill, known_on: 2022-11-09, expect: {refused: [no-policy-in-force]}}\n"
        "  reading: {why: x, base: ill, given: {already_below: excluded}, change: {income_12m: 8399.99}, "
        "expect: {outcome: ineligible}}\n"
    )
    found = tried(tmp_path, {"cases.yaml": HEAD + body})
    assert found.found.passed, [result.mismatches for result in found.found.failed]


# ---- answers shared and work shared out


def test_shared_answers_are_those_that_would_be_found() -> None:
    """Every run of our own suite, decided without taking any answer over."""
    for result in ours().results:
        if not result.run.place or result.decision is None:
            continue
        alone = Runner(ours().policies).run(result.run) if result.run.target in ("linfen", "taiyuan") else result
        assert alone.passed == result.passed
        assert alone.decision is not None
        assert alone.decision.outcome == result.decision.outcome
        # the values that a figure read are named by the place that was looked at first
        assert _figures(alone.decision) == _figures(result.decision)
        assert alone.decision.place == result.decision.place
        assert alone.decision.policy.merged.chain.ids == result.decision.policy.merged.chain.ids
        assert [one.code for one in alone.decision.warnings] == [one.code for one in result.decision.warnings]
        assert alone.tried == result.tried


@pytest.mark.slow
def test_several_processes_find_the_same() -> None:
    from engine.cli.test import Opener

    opener = Opener((str(SHIPPED),), (str(SHIPPED),))
    policies = open_policies(SHIPPED)
    results = list(run(ours().suite, policies, Selection(), Reporter(), jobs=2, opener=opener))
    assert [one.run.name for one in results] == [one.run.name for one in ours().results]
    assert [one.checks for one in results] == [one.checks for one in ours().results]
    assert [one.tried for one in results] == [one.tried for one in ours().results]


def _figures(decision: Decision) -> dict[str, object]:
    return {id: (one.value, one.items, one.missing) for id, one in decision.outputs.items()}
