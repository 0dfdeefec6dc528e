"""What the cases have seen of the rules: our own see everything, and a weaker suite is told what it lacks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from functools import cache

from engine.diagnostics import Reporter
from engine.evaluation.decision import Outcome
from engine.policy.yaml_nodes import read_tree
from engine.program.link import program_of
from engine.reporting.render_coverage import coverage_json, covered_lines, render_coverage
from engine.source import Source
from engine.testing.coverage import measure, probes
from engine.testing.decided import decided, once
from engine.testing.model import CaseResult
from engine.testing.propose import propose
from engine.testing.strength import SIDES, TRUTHS, Seen
from engine.tree import Mapping, plain
from tests.testing.ours import ours


def _measured(keep: Callable[[CaseResult], bool]) -> Seen:
    seen = measure([result for result in ours().results if not result.run.place and keep(result)])
    return seen[0]


@cache
def _whole() -> tuple[Seen, ...]:
    return measure(ours().results)


def test_our_cases_see_everything() -> None:
    for seen in _whole():
        # names only: the nodes themselves would make a failure's message endless
        assert [f"{probe.site.owner.name} {aspect}" for probe, aspect in seen.missing()] == []
        assert seen.counts(TRUTHS)[1] > 150
        assert seen.counts(SIDES)[1] > 40


def test_an_answer_of_several_runs_is_looked_at_once_and_counts_as_often() -> None:
    ran = [one for one in ours().results if one.run.target in ("linfen", "taiyuan")]
    alone = [replace(one, shared=None) for one in ran]
    assert len(list(once(decided(ran)))) < len(list(once(decided(alone))))
    [together], [one_by_one] = measure(ran), measure(alone)
    assert together.hits == one_by_one.hits
    assert list(together.edges) == list(one_by_one.edges)
    assert together.chains == one_by_one.chains


def test_every_condition_and_comparison_is_looked_at() -> None:
    """None could be left out without notice: the probes hold each condition, and three sides of each threshold."""
    policy = _measured(lambda _: True).policy
    rules, program = policy.rules, program_of(policy)
    wanted = {f"{cause}.{id_}" for cause, checked in rules.causes.items() for id_ in checked.conditions}
    found = {probe.site.owner.name for probe in probes(program) if probe.site.owner.kind == "condition"}
    assert found == wanted
    thresholds = {probe.site.owner.name for probe in probes(program) if probe.aspects == SIDES}
    assert {"illness.income", "illness.assets", "multiple.several"} <= thresholds


def test_decided_households_never_show_an_unknown_outcome() -> None:
    seen = _measured(lambda result: result.decision is not None and result.decision.outcome is Outcome.ELIGIBLE)
    lacking = {(probe.site.owner.name, aspect) for probe, aspect in seen.missing()}
    assert ("multiple.several", "unknown") in lacking or ("illness.income", "unknown") in lacking
    assert seen.counts(TRUTHS)[0] < seen.counts(TRUTHS)[1]


def test_without_the_boundary_the_threshold_is_lacking() -> None:
    """Take away every case that lies exactly on a limit of income: `exactly at` is told, with its place."""

    def off_limit(result: CaseResult) -> bool:
        if result.decision is None:
            return True
        comparison = result.decision.causes["illness"].conditions["income"].comparison
        return comparison is None or comparison.margin != 0

    seen = _measured(off_limit)
    assert ("illness.income", "at") in {(probe.site.owner.name, aspect) for probe, aspect in seen.missing()}
    assert "illness.income: 没有用例使它恰好相等" in render_coverage([seen], "zh")
    missing = coverage_json([seen])[0]["missing"]
    assert isinstance(missing, list)
    assert any(entry["aspect"] == "at" for entry in missing)


def test_a_case_is_proposed_that_meets_the_limit_exactly() -> None:
    """The case to paste is read as YAML, and its household lies on the limit that no case had reached."""

    def off_limit(result: CaseResult) -> bool:
        if result.decision is None or result.run.place:
            return False
        comparison = result.decision.causes["illness"].conditions["income"].comparison
        return comparison is not None and isinstance(comparison.margin, int | Fraction) and comparison.margin != 0

    kept = [result for result in ours().results if off_limit(result)]
    seen = measure(kept)[0]
    probe = next(p for p, aspect in seen.missing() if (p.site.owner.name, aspect) == ("illness.income", "at"))
    proposal = propose(seen, probe, "at", list(decided(kept)), 1)
    assert proposal is not None
    report = Reporter()
    tree = read_tree(Source("proposed", f"tests:\n{proposal.text}\n"), report)
    assert not report.diagnostics
    assert isinstance(tree, Mapping)
    case = plain(tree)["tests"]["proposed_1"]  # type: ignore[index]  # a mapping of mappings, as written above
    assert case["household"]["members"]
    assert case["expect"]["outcome"] in ("eligible", "ineligible", "undetermined")


def test_lines_for_coverage_services() -> None:
    """Every line that holds a probe is told once, with all its branches taken by our cases."""
    lines = covered_lines(_whole())
    province = next(file for file in lines.files if file.source.name == "shanxi_2022_60.yaml")
    assert province.lines_hit == len(province.lines) > 20
    assert province.branches_taken == province.branches > 100
    text = province.source.text.split("\n")
    assert any("医疗费用刚性支出) / 家庭人口" in text[line.line - 1] for line in province.lines)
