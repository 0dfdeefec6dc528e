"""Mutants that no case notices: proved equivalent, or with the case that notices them."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from engine.api import open_policies
from engine.cli.main import main
from engine.cli.settling import seek, settle
from engine.diagnostics import Reporter
from engine.language import core
from engine.language.elaborate import negate
from engine.program.link import program_of
from engine.program.sites import is_threshold, rebuilt, sites
from engine.proof.equivalent import Apart, settle_change, settle_values
from engine.proof.reached import Met, household_for
from engine.proof.results import Proved
from engine.say import Say
from engine.testing.coverage import measure
from engine.testing.decided import decided
from engine.testing.mutants import value_mutants
from engine.testing.plan import Selection
from engine.testing.read import read_suite
from engine.testing.run import run
from engine.testing.strength import Tally, ValueChange


def test_what_says_the_same_in_other_words_is_proved_equivalent_and_its_opposite_is_told_apart() -> None:
    policies = open_policies(["policies"])
    checked, _ = policies.slices.checked(("shanxi_2022_60", "taiyuan"), "140105", date(2025, 5, 1), None)
    assert checked is not None
    for site in [one for one in sites(program_of(checked)) if is_threshold(one.node)][:6]:
        other = negate(site.node)
        same = rebuilt(site, core.Not(site.node.span, site.node.type, other))
        asked = (checked, "140105", date(2025, 5, 1), site.owner)
        proved = settle_change(*asked, same, members=3)
        assert isinstance(proved, Proved)
        assert "dibao_standard" in proved.bound.free
        assert isinstance(settle_change(*asked, rebuilt(site, other), members=3), Apart)


def test_what_only_another_reading_reads_is_not_taken_for_equivalent() -> None:
    policies = open_policies(["policies"])
    checked, _ = policies.slices.checked(("shanxi_2022_60", "taiyuan"), "140105", date(2025, 5, 1), None)
    assert checked is not None
    step = next(one for one in program_of(checked).authored if one.owner.name == "any_single")
    found = settle_change(checked, "140105", date(2025, 5, 1), step.owner, negate(step.written), members=2)
    assert isinstance(found, Apart)
    assert found.reading == "multiple_causes"


def test_the_cases_that_are_lacking_notice_what_they_are_proposed_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "hongkong"
    shutil.copytree("examples/hongkong", folder)
    assert main(("mutate", "--policies", str(folder), "--prove")) == 1
    told = capsys.readouterr().out
    cases = [line for line in told.splitlines() if line.startswith("  ") and "→  " not in line]
    confirmed = "\n".join(line for line in cases if "confirmed:" not in line)
    file = folder / "cases.yaml"
    text = file.read_text(encoding="utf-8")
    assert text.count("\ntests:\n") == 1
    file.write_text(text.replace("\ntests:\n", f"\ntests:\n{confirmed}\n"), encoding="utf-8")
    assert main(("mutate", "--policies", str(folder))) == 0


def test_what_no_case_has_seen_is_reached_or_proved_out_of_reach() -> None:
    """Under the reading that is chosen nobody fails `not_already_below`; its comparison is met with on every side."""
    day = date(2025, 5, 1)
    policies = open_policies(["policies"])
    checked, _ = policies.slices.checked(("shanxi_2022_60", "taiyuan"), "140105", day, None)
    assert checked is not None
    every = [one for one in sites(program_of(checked)) if one.owner.name == "illness.not_already_below"]
    whole, compared = every[0], next(one for one in every if is_threshold(one.node))
    assert isinstance(household_for(checked, "140105", day, whole, "false"), Proved)
    assert isinstance(household_for(checked, "140105", day, whole, "true"), Met)
    found = household_for(checked, "140105", day, compared, "below")
    assert isinstance(found, Met)
    assert found.household["income_12m"] == "9119.99"


def test_coverage_is_told_what_one_changed_fact_does_not_reach() -> None:
    policies = open_policies(["policies"])
    suite = read_suite([Path("policies/cases/shanxi_2022_60.yaml")], policies.slices)
    selection = Selection(("illness_income",), "shanxi_2022_60")
    results = list(run(suite, policies, selection, Reporter()))
    (seen,) = measure(results)
    for probe, aspect in seen.missing():
        if (probe.site.owner.name, probe.site.trail, aspect) == ("illness.not_already_below", (), "false"):
            told = seek(seen, probe, aspect, list(decided(results)), 1, Say("zh"))
            assert told is not None
            assert "证明走不到（140105 2023-06-15，就所用的数值和读法，members ≤ 8" in told.text
            return
    raise AssertionError("no case of these fixes the other reading")


def test_another_value_is_told_apart_where_it_is_in_force() -> None:
    """Of ten counties of the city one; a fen more or less of what another publishes nobody here can notice."""
    policies = open_policies(["policies"])
    suite = read_suite([Path("policies/cases/cities/taiyuan.yaml")], policies.slices)
    results = list(run(suite, policies, Selection((), "taiyuan"), Reporter()))
    taiyuan = next(one.policy for one in decided(results) if one.result.chain[-1] == "taiyuan")
    made = list(value_mutants(taiyuan, "taiyuan"))
    here, there = (next(one for one in made if one.place == place) for place in ("140105", "140106"))
    for day in (date(2023, 1, 1), date(2025, 5, 1)):
        for mutant, kind in ((here, Apart), (there, Proved)):
            assert isinstance(mutant.change, ValueChange)
            assert isinstance(settle_values(taiyuan, "140105", day, mutant.change.parameter, members=2), kind)
    tally = Tally(tried=1, survivors=[there])
    settle(tally, results, policies.slices, Say("zh"))
    (case,) = tally.lacking.values()
    assert "county: '140106'" in case.replace('"', "'"), "where the value is in force"
