"""`doudi mutate [PATH…]`: would the cases notice if a rule were slightly wrong?

In: policies and their cases.  Out: the survivors, each with its place and what was changed; 1 where there are more
than allowed, or where the cases do not even pass as they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import click

from engine import disk
from engine.cli.command import Command, flag, jobs_option, language_option, policies_option
from engine.cli.git import changed_since
from engine.cli.named import must_exist
from engine.cli.outputs import ReportTo, deliver, output_options
from engine.cli.progress import Progress
from engine.cli.status import ANSWERED, FINDINGS
from engine.cli.terminal import complain, tell, write
from engine.cli.test import Opener, homes_for, opener_of
from engine.cli.version import installed_version
from engine.diagnostics import Language, Reporter, Severity, render
from engine.escaping import Lines
from engine.say import Say

if TYPE_CHECKING:
    from engine.policy.loader import Library
    from engine.testing.model import CaseResult, SuiteResult
    from engine.testing.strength import Mutant, Tally


_NOTHING_THERE = ("no-case-found", "no-policy-found")
"""no file was left out: there is none"""


def command(say: Say) -> Command:
    return Command(
        "mutate",
        say,
        _mutate,
        [
            click.Argument(["paths"], nargs=-1, metavar=say("[路径…]", "[PATH…]")),
            policies_option(say),
            click.Option(
                ["--max-survivors", "most"],
                type=click.IntRange(0),
                default=0,
                metavar="N",
                help=say("允许几处改动没有用例察觉，缺省 0", "how many survivors are allowed; default: 0"),
            ),
            click.Option(
                ["--since", "since"],
                metavar=say("版本", "REF"),
                help=say("只试这个 git 版本以来改过的文件", "only files changed since this git revision"),
            ),
            flag(
                say,
                "--prove",
                "没有用例察觉的规则和取值改动，证明没有家庭能察觉，或者提出能察觉的用例（需要 doudi[proof]）",
                "of changed rules and values that no case notices, prove that no household could, or propose the case "
                "that would (needs doudi[proof])",
            ),
            jobs_option(say),
            # how many survivors are allowed is what decides here
            *(option for option in output_options(say) if option.name != "fail_on"),
            language_option(say),
        ],
        say(
            "把规则逐处略加改动，看用例是否察觉：界限上下移动一个最小单位，小于与不超过互换，且与或互换，去掉一项，"
            "取反，去掉一处补充，改动一个标准。没有用例察觉的逐处列出。",
            "Changes the rules slightly, one place at a time, and sees whether some case notices: thresholds up and "
            "down by the smallest unit, < and <=, and and or, a part dropped, a truth negated, an overlay change "
            "removed, a value changed. What no case notices is listed.",
        ),
    )


@click.pass_context
def _mutate(
    ctx: click.Context,
    paths: tuple[str, ...],
    folders: tuple[str, ...],
    most: int,
    since: str | None,
    prove: bool,
    jobs: int,
    form: str,
    reports: tuple[ReportTo, ...],
    language: Language,
) -> int:
    say = Say(language)
    must_exist((*paths, *folders), say, ctx)
    if prove:
        from engine.extras import must_be_installed

        must_be_installed("proof")
    from engine.reporting.render_mutants import mutants_json, render_mutants, results_of
    from engine.testing.mutate import mutate_in_processes

    opener = opener_of(paths, homes_for(paths, folders))
    policies, suite = opener()
    changed = None if since is None else _changed_since(since, policies.library, say, ctx)
    from engine.testing.plan import Selection
    from engine.testing.run import finish, run

    report = Reporter()
    unread = [
        found
        for found in (*suite.diagnostics, *policies.library.diagnostics())
        if found.severity is Severity.ERROR and found.span is None and found.code not in _NOTHING_THERE
    ]
    tell(unread, language)  # what was left out might have noticed, or is itself to be tried
    if unread:
        return FINDINGS
    results: list[CaseResult] = list(run(suite, policies, Selection((), ""), report))
    if not results or not all(result.passed for result in results):
        _tell_failing(finish(suite, results, policies.slices, report, whole=False), opener, form, reports, ctx, say)
        return FINDINGS
    with Progress() as progress:

        def show(tally: Tally) -> None:
            survive = len(tally.survivors)
            progress.show(
                lambda: say(f"已试 {tally.tried} 处改动，未察觉 {survive}", f"{tally.tried} mutants, {survive} survive")
            )

        tally = mutate_in_processes(results, policies.slices, partial(_wanted, changed), show, jobs=jobs, opener=opener)
    if prove:
        from engine.cli.settling import settle

        settle(tally, results, policies.slices, say)
    text, as_json = partial(render_mutants, tally, language), partial(mutants_json, tally)
    found = results_of(tally, installed_version(), language)
    deliver(found, opener.folders, form, reports, ctx, text=text, own_json=as_json)
    if form == "text":
        write(text())
    return FINDINGS if len(tally.survivors) > most else ANSWERED


def _tell_failing(
    found: SuiteResult, opener: Opener, form: str, reports: Sequence[ReportTo], ctx: click.Context, say: Say
) -> None:
    """Rules are changed only under cases that pass; that they do not, or that there are none, is the result."""
    from engine.reporting.case_results import case_results

    told = replace(case_results(found, (), installed_version(), say.language), command="mutate")
    text = Lines.of(render(one, say.language) for one in told.diagnostics)
    deliver(told, opener.folders, form, reports, ctx, text=lambda: text)
    if form == "text":
        tell(told.diagnostics, say.language)
        if failed := len(found.failed):
            complain(
                say(
                    f"用例本身有 {failed} 个没有通过（共 {len(found.results)} 个），先运行 doudi test",
                    f"{failed} of {len(found.results)} cases do not pass as they are; run doudi test first",
                )
            )


def _wanted(changed: frozenset[str] | None, mutant: Mutant) -> bool:
    """Which mutants to try: all, or those in files that changed."""
    return changed is None or mutant.span.source.name in changed


def _changed_since(since: str, library: Library, say: Say, ctx: click.Context) -> frozenset[str]:
    """The names, as diagnostics have them, of the files read that changed since a revision."""
    names: set[str] = set()
    for root in sorted({document.root for document in library.documents.values()}):
        changed, home = changed_since(since, root, say, ctx), disk.real(root)
        for name in {source.name for source in library.sources}:
            if disk.kind(home / name) == "file":
                places = (home / name, disk.real(home / name))  # a link may have changed, or what it leads to
                if any(place in changed for path in places for place in (path, *path.parents)):
                    names.add(name)
    return frozenset(names)
