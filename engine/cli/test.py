"""`doudi test [PATH…]`: the cases of policies run, and every one that fails explained.

In: folders or files of cases, and the policies they are of.  Out: failures and a summary on standard output, faults of
the files on standard error, progress where that is a terminal; 1 where anything failed or nothing ran.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from engine import disk
from engine.cli.command import Command, flag, jobs_option, language_option, policies_option
from engine.cli.homes import Homes, homes_of
from engine.cli.named import must_exist
from engine.cli.outputs import ReportTo, deliver, fails, output_options
from engine.cli.progress import Progress
from engine.cli.status import ANSWERED, FINDINGS
from engine.cli.terminal import page_for, tell, write
from engine.cli.version import installed_version
from engine.diagnostics import Diagnostic, Language, Reporter, render
from engine.escaping import Lines, as_json
from engine.records import dataclass
from engine.say import Say

if TYPE_CHECKING:
    from engine.api import Policies
    from engine.policy.slices import Slices
    from engine.testing.model import CaseResult, Suite, SuiteResult
    from engine.testing.strength import Proposal, Seen


@dataclass(frozen=True, slots=True)
class Opener:
    """Reads policies and their cases: what every process that helps begins with."""

    folders: tuple[str, ...]
    cases: tuple[str, ...]

    def __call__(self) -> tuple[Policies, Suite]:
        return open_suite(self.folders, self.cases)


def command(say: Say) -> Command:
    return Command(
        "test",
        say,
        _test,
        [
            click.Argument(["paths"], nargs=-1, metavar=say("[路径…]", "[PATH…]")),
            policies_option(say),
            click.Option(
                ["--policy", "policy"],
                metavar="ID",
                help=say("只运行在这份政策或补充文件上的用例", "only what runs on this policy or overlay"),
            ),
            click.Option(
                ["-k", "--select", "words"],
                multiple=True,
                metavar=say("文字", "TEXT"),
                help=say(
                    "只运行名字里有这些文字的用例，可写多次，如 -k '收入[row 3]'",
                    "only cases whose name holds the text, may be repeated, as in -k 'income[row 3]'",
                ),
            ),
            jobs_option(say),
            flag(
                say, "--details", "没有通过的，另附完整的结论和理由", "with the whole decision of each case that fails"
            ),
            flag(
                say,
                "--allow-unconfirmed",
                "结论还没有人确认的用例（confirmed: 否），也按写的核对",
                "hold cases that nobody has confirmed (confirmed: no) to what they expect, too",
            ),
            flag(say, "--coverage", "另看用例走到了规则的哪些地方", "also show what of the rules the cases have seen"),
            click.Option(
                ["--min-coverage", "least_truths"],
                type=click.IntRange(0, 100),
                metavar="N",
                help=say("条件和判断的覆盖至少百分之几", "least coverage of conditions and truths, in per cent"),
            ),
            click.Option(
                ["--min-boundary", "least_sides"],
                type=click.IntRange(0, 100),
                metavar="N",
                help=say("界限的覆盖至少百分之几", "least coverage of thresholds, in per cent"),
            ),
            flag(
                say,
                "--prove",
                "走不到的地方，证明走不到，或者提出走得到的用例（需要 doudi[proof]）",
                "of what no case has seen, prove that none can, or propose the case that does (needs doudi[proof])",
            ),
            *output_options(say, coverage=True),
            language_option(say),
        ],
        say(
            "运行政策的用例：每个家庭的结论是不是应有的结论。\n\n"
            "路径是用例文件或目录；缺省为政策目录里的全部用例。省里的用例，在各市的政策上再运行一遍。"
            "没有运行任何用例、用例里的名字不存在、有改动没有用例，都不算通过。",
            "Runs policy cases: does each household get the answer it must get?\n\n"
            "A path is a case file or a folder; default: all cases of the policy folders. The province's cases run "
            "again on every city's policy. A run without cases, a name that does not exist, and a change without a "
            "case do not pass.",
        ),
    )


@click.pass_context
def _test(
    ctx: click.Context,
    paths: tuple[str, ...],
    folders: tuple[str, ...],
    policy: str | None,
    words: tuple[str, ...],
    jobs: int,
    details: bool,
    allow_unconfirmed: bool,
    coverage: bool,
    least_truths: int | None,
    least_sides: int | None,
    prove: bool,
    form: str,
    reports: tuple[ReportTo, ...],
    fail_on: str,
    language: Language,
) -> int:
    say = Say(language)
    must_exist((*paths, *folders), say, ctx)
    if prove:
        from engine.extras import must_be_installed

        must_be_installed("proof")
    from engine.testing.plan import Selection
    from engine.testing.run import finish, run

    homes = homes_for(paths, folders)
    opener = opener_of(paths, homes)
    policies, suite = opener()
    selection, report = Selection(words, policy or "", allow_unconfirmed), Reporter()
    results: list[CaseResult] = []
    failed = 0
    looked_at = coverage or prove or least_truths is not None or least_sides is not None
    looked_at = looked_at or any(one.form in ("lcov", "cobertura") for one in reports)
    with Progress() as progress:
        # what is looked at again has to be decided in this process
        for result in run(suite, policies, selection, report, jobs=1 if looked_at else jobs, opener=opener):
            results.append(result)
            failed += not result.passed
            ran = len(results)
            progress.show(partial(say, f"已运行 {ran}，没有通过 {failed}", f"{ran} run, {failed} failed"))
    whole = selection.everything and not paths
    found = finish(suite, results, policies.slices, report, whole=whole)
    seen: tuple[Seen, ...] = ()
    more: list[Diagnostic] = []
    if looked_at:
        seen, more = _strength(found, policies.slices, least_truths, least_sides, whole=whole)
    _deliver(found, seen, more, opener, form, reports, ctx, language, details=details, prove=prove)
    if form == "text" and (told := homes.told(say)):
        write(told)
    return ANSWERED if found.passed and not fails((*found.diagnostics, *more), fail_on) else FINDINGS


def open_suite(folders: Sequence[str], cases: Sequence[str]) -> tuple[Policies, Suite]:
    """The policies, and the cases of these folders and files."""
    from engine.api import open_policies
    from engine.testing.read import read_suite

    policies = open_policies(folders)
    return policies, read_suite([Path(path) for path in cases], policies.slices)


def opener_of(paths: Sequence[str], homes: Homes) -> Opener:
    """The policies the cases are of, with them a folder of cases elsewhere, for policies may stand in it too; and the
    cases that are named, else those beside the policies."""
    return Opener((*homes.folders, *_apart(paths, homes)), tuple(paths) or homes.folders)


def homes_for(paths: Sequence[str], folders: Sequence[str]) -> Homes:
    """Policies that nobody named are left out where a folder of cases has a copy of one of them: it is that which is
    tested."""
    from engine.policy.files import holds_policies
    from engine.policy.loader import read_library

    homes = homes_of(folders)
    apart = [] if folders else _apart(paths, homes)
    if not any(holds_policies(Path(path)) for path in apart):
        return homes
    copied = read_library([Path(path) for path in apart]).documents.keys() & read_library(homes.paths).documents.keys()
    return Homes((), "named") if copied else homes


def _apart(paths: Sequence[str], homes: Homes) -> list[str]:
    others = (path for path in paths if disk.kind(path) == "folder")
    return [path for path in others if not any(disk.inside(path, home) for home in homes.folders)]


def _strength(
    found: SuiteResult, slices: Slices, least_truths: int | None, least_sides: int | None, *, whole: bool
) -> tuple[tuple[Seen, ...], list[Diagnostic]]:
    """What the cases have seen, and what is too little: coverage, and changes of overlays that change no answer."""
    from engine.testing.coverage import measure
    from engine.testing.mutate import mutate
    from engine.testing.strength import SIDES, TRUTHS

    seen = measure(found.results)
    report = Reporter()
    for one in seen:
        for least, aspects, what in ((least_truths, TRUTHS, "truths"), (least_sides, SIDES, "thresholds")):
            hit, all_ = one.counts(aspects)
            if least is not None and 100 * hit < least * all_:
                span = one.policy.merged.chain.root.header.origin.span
                report.tell("coverage-too-low", span, what=what, found=str(100 * hit // all_), wanted=str(least))
    if whole and not found.failed:
        tally = mutate(found.results, slices, lambda mutant: mutant.kind == "drop-change", lambda _: None)
        for mutant in tally.survivors:
            policy, _, change = mutant.rule.partition(": ")
            report.tell("change-not-shown", mutant.span, policy=policy, change=change)
    return seen, list(report.diagnostics)


def _proposals(found: SuiteResult, seen: Sequence[Seen], language: Language, *, prove: bool) -> list[Proposal]:
    """Cases for the first few things that no case has seen."""
    from engine.testing.propose import proposals

    if not prove:
        return proposals(seen, found.results)
    from engine.cli.settling import seek

    return proposals(seen, found.results, partial(seek, say=Say(language)))


def _write(found: SuiteResult, more: Sequence[Diagnostic], language: Language, *, details: bool) -> None:
    from engine.reporting.render_cases import render_failures, render_summary
    from engine.reporting.words import Words

    words, page = Words(language), page_for(sys.stdout)
    for text in render_failures(found, words, page, details=details):
        write(text)
        write("")
    told = dict.fromkeys((*found.diagnostics, *(fault for result in found.results for fault in result.faults), *more))
    tell(told, language)
    write(render_summary(found, words, page))


def _deliver(
    found: SuiteResult,
    seen: tuple[Seen, ...],
    more: Sequence[Diagnostic],
    opener: Opener,
    form: str,
    reports: tuple[ReportTo, ...],
    ctx: click.Context,
    language: Language,
    *,
    details: bool,
    prove: bool,
) -> None:
    """Every report asked for, and the result itself."""
    from engine.reporting.case_results import case_results
    from engine.reporting.cases_json import suite_json
    from engine.reporting.render_coverage import coverage_json, covered_lines, render_coverage

    coverage = covered_lines(seen) if seen else None
    results = case_results(found, tuple(more), installed_version(), language, coverage=coverage)

    def own_json() -> Lines:
        told = suite_json(found, language)
        if seen:
            told["coverage"] = coverage_json(seen)
        return as_json(told, indent=2)

    def as_text() -> Lines:
        return Lines.of(render(one, language) for one in results.diagnostics)

    deliver(results, opener.folders, form, reports, ctx, text=as_text, own_json=own_json)
    if form == "text":
        _write(found, more, language, details=details)
        if seen:
            write(render_coverage(seen, language, _proposals(found, seen, language, prove=prove)))
