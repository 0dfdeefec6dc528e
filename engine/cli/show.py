"""`doudi show [POLICY]`: the merged policy, each value with where it comes from; without one, what was loaded.

In: the name of a policy or overlay, and a day (today, unless given).  Out: text or JSON.
"""

from __future__ import annotations

import sys
from datetime import date
from typing import TYPE_CHECKING

import click

from engine.cli.command import (
    Command,
    day_option,
    flag,
    format_option,
    known_on_option,
    language_option,
    policies_option,
)
from engine.cli.homes import homes_of
from engine.cli.status import ANSWERED, FINDINGS
from engine.cli.terminal import page_for, tell, write
from engine.diagnostics import Language, errors_in
from engine.escaping import as_json
from engine.say import Say

if TYPE_CHECKING:
    from engine.api import Policies
    from engine.policy.checked import CheckedPolicy


def command(say: Say) -> Command:
    return Command(
        "show",
        say,
        _show,
        [
            click.Argument(["policy"], required=False, metavar=say("[政策]", "[POLICY]")),
            policies_option(say),
            day_option(say, "--as-of", "哪一天的规定，缺省为今天", "rules of which day; default: today"),
            known_on_option(say),
            flag(say, "--open", "各地可以改什么", "what a city may change", named="opened"),
            flag(
                say, "--details", "连同计算步骤、填报内容、核对、附带数字", "with the steps, facts, checks and outputs"
            ),
            flag(
                say,
                "--program",
                "规则编译成的计算步骤，供开发人员查看",
                "the steps that the rules are worked out in, for programmers",
            ),
            format_option(say),
            language_option(say),
        ],
        say(
            "看一份政策合并后的样子：本地改了什么，每个数值和条件从哪个文件哪一行来。\n\n"
            "不写政策时，列出读到的全部政策。",
            "Shows a policy as merged: what a city changed, and the file and line of each value and condition.\n\n"
            "Without a policy, lists all that were loaded.",
        ),
    )


def _show(
    policy: str | None,
    folders: tuple[str, ...],
    as_of: date | None,
    known_on: date | None,
    opened: bool,
    details: bool,
    program: bool,
    form: str,
    language: Language,
) -> int:
    from engine.api import open_policies

    homes = homes_of(folders)
    policies = open_policies(homes.folders)
    if form == "text" and (said := homes.told(Say(language))):
        write(page_for(sys.stdout).tone("quiet", said))
        write("")
    if policy is None:
        return _list(policies, form, language)
    # the clock is read here, in the command, and nowhere below it
    day = as_of or date.today()
    shown = policies.overlay_for(policy, day, known_on)
    if program:
        return _program(shown, form)
    divisions, whole = shown.merged.divisions, not shown.merged.chain.overlays
    places = sorted(divisions if whole else divisions.inside(shown.merged.chain.jurisdiction))
    if form == "json":
        from engine.reporting.policy_json import open_json, policy_json

        told = open_json(shown) if opened else policy_json(shown, places, day, known_on)
        write(as_json(told, indent=2))
        return ANSWERED
    from engine.reporting.words import Words

    words, page = Words(language), page_for(sys.stdout)
    if opened:
        from engine.reporting.render_open import render_open

        write(render_open(shown, words, page))
    else:
        from engine.reporting.render_policy import render_policy

        write(render_policy(shown, places, day, known_on, words, page, details=details))
    return ANSWERED


def _program(shown: CheckedPolicy, form: str) -> int:
    from engine.program.granularity import parameter_steps
    from engine.program.link import program_of
    from engine.program.narrowing import narrowed
    from engine.reporting.render_program import program_json, render_program

    made, dated, steps = narrowed(program_of(shown)), shown.dated, parameter_steps(shown)
    if form == "json":
        write(as_json(program_json(made, dated, steps), indent=2))
    else:
        write(render_program(made, dated, steps, page_for(sys.stdout)))
    return ANSWERED


def _list(policies: Policies, form: str, language: Language) -> int:
    """What was loaded, and on standard error what could not be read."""
    from engine.policy.files import report_nothing_found

    library = policies.library
    headers = [library.documents[name].header for name in policies.ids]
    if form == "json":
        from engine.reporting.policy_json import header_json

        write(as_json([header_json(one) for one in headers], indent=2))
    else:
        from engine.reporting.render_tree import render_tree
        from engine.reporting.words import Words

        write(render_tree(headers, _names(policies), Words(language), page_for(sys.stdout)))
    report = library.diagnostics()
    if not headers and not report.has_errors:
        report_nothing_found(library.folders, report)
    faults = errors_in(report)
    tell(faults, language)
    return FINDINGS if faults else ANSWERED


def _names(policies: Policies) -> dict[str, str]:
    """The names of places, by code."""
    library = policies.library
    territories = (library.territory(document.header.id) for document in library.roots())
    return {code: territory.name_of(code) for territory in territories for code in territory.known}
