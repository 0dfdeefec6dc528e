"""`doudi analyse [POLICY…]`: what the rules can never do, each with a proof or a household.

In: ids of policies and overlays, or all that decide.  Out: diagnostics on standard error, a summary on standard output;
1 where one is as bad as `--fail-on`, 70 where the program contradicts itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from engine.cli.command import Command, language_option, members_option, policies_option
from engine.cli.homes import homes_of
from engine.cli.outputs import LEVELS, ReportTo, deliver, fails, output_options
from engine.cli.status import ANSWERED, FAULT, FINDINGS
from engine.cli.terminal import complain, write
from engine.cli.version import installed_version
from engine.diagnostics import Language, render, shortened
from engine.escaping import Lines
from engine.reporting.results import Results
from engine.say import Say

if TYPE_CHECKING:
    from engine.proof.findings import Analysis


def command(say: Say) -> Command:
    return Command(
        "analyse",
        say,
        _analyse,
        [
            click.Argument(["ids"], nargs=-1, metavar=say("[政策…]", "[POLICY…]")),
            policies_option(say),
            members_option(say, "证明到几口之家为止，缺省 8", "prove for families of up to so many; default: 8"),
            *output_options(say),
            language_option(say),
        ],
        say(
            "分析规则：哪个致贫原因、条件永远满足不了，或者永远满足；哪个条件由其他条件推出；哪个原因被别的原因包含；"
            "补充里哪处改动不起作用；哪项数据核对谁都通不过，或者谁都不会违反；读法的哪些选项结论总相同；"
            "收入多了反而符合的家庭；多一分钱少得多少。每一条都有证明或者家庭。\n\n"
            "政策是政策或补充的编号；缺省分析全部施行的规则。需要 doudi[proof]。",
            "Analyses the rules: causes and conditions that can never be met, or always are; a condition that follows "
            "from others; a cause that another covers; a change of an overlay without effect; a check of the data that "
            "refuses everyone, or no one; options of a reading that never differ in outcome; families that more income "
            "makes eligible; what one fen more costs. Each with a proof or a household.\n\n"
            "POLICY is the id of a policy or overlay; default: all rules that decide. Needs doudi[proof].",
        ),
    )


@click.pass_context
def _analyse(
    ctx: click.Context,
    ids: tuple[str, ...],
    folders: tuple[str, ...],
    members: int,
    form: str,
    reports: tuple[ReportTo, ...],
    fail_on: str,
    language: Language,
) -> int:
    say = Say(language)
    from engine.extras import must_be_installed

    must_be_installed("proof")
    from engine.api import load
    from engine.proof.analysis import analyse
    from engine.proof.results import Contradiction
    from engine.reporting.analyse_results import finding_diagnostics, finding_households

    homes = homes_of(folders)
    policies = load(homes.paths)
    for id in ids:
        if id not in policies.library.documents:
            raise policies.router.unknown(id)
    analysis = analyse(policies.library, policies.slices, ids, members=members)
    whole = finding_diagnostics(analysis.findings, say)
    found = shortened(whole)
    results = Results("analyse", installed_version(), language, found)
    summary = Lines.of(filter(None, (_summary(results, analysis, members, say), homes.told(say))))

    def as_json() -> Lines:
        from engine.reporting.diagnostics_json import diagnostics_json

        looked = {"places": analysis.places, "rules": analysis.rules, "members": members}
        return diagnostics_json(results, {**looked, "households": finding_households(analysis.findings)})

    def as_text() -> Lines:
        return Lines.of([*(render(one, language) for one in found), summary])

    deliver(results, homes.folders, form, reports, ctx, text=as_text, own_json=as_json)
    if form == "text":
        for one in found:
            complain(render(one, language))
        write(summary)
    wrong = [one for one in analysis.findings if isinstance(one, Contradiction)]
    for contradiction in wrong:
        from engine.reporting.compare_words import contradiction_words

        complain(contradiction_words(contradiction, say))
    return FAULT if wrong else FINDINGS if fails(whole, fail_on) else ANSWERED


def _summary(results: Results, analysis: Analysis, members: int, say: Say) -> str:
    counts = results.counts()
    errors, warnings, infos = (counts[level] for level in LEVELS)
    rules, places = analysis.rules, analysis.places
    looked = say(
        f"分析了 {rules} 条规则（致贫原因、条件、要求、数据核对），{places} 个地方，{members} 口以内的家庭：",
        f"{rules} rules (causes, conditions, requirements, checks) in {places} places, families of up to {members}: ",
    )
    if not (errors or warnings or infos):
        return looked + say("没有要说的", "nothing to tell")
    return looked + say(
        f"错误 {errors}，警告 {warnings}，提示 {infos}", f"{errors} errors, {warnings} warnings, {infos} notes"
    )
