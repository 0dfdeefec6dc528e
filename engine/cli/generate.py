"""`doudi generate [POLICY]`: cases that a policy should have, each to be confirmed by a person.

In: the policies.  Out: a case file, on standard output or written; 1 where the policy cannot be used, 70 where the
solver and the interpreter disagree.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import click

from engine import disk
from engine.cli.command import Command, Misuse, day_option, language_option, members_option, policies_option
from engine.cli.homes import homes_of
from engine.cli.named import must_name_a_file
from engine.cli.new_files import schema_address
from engine.cli.status import ANSWERED
from engine.cli.terminal import complain, write
from engine.cli.texts import asking
from engine.diagnostics import Language
from engine.escaping import Lines
from engine.say import Say

if TYPE_CHECKING:
    from engine.api import Policies
    from engine.diagnostics import Reporter
    from engine.policy.checked import CheckedPolicy
    from engine.policy.model import Change, Elements
    from engine.policy.slices import Slices
    from engine.proof.aims import Proposals, Proposed
    from engine.proof.proposing import Without
    from engine.writing.new_case import Setting
    from engine.writing.proposed_cases import Case

_FORMS = ("yaml", "json")


def command(say: Say) -> Command:
    return Command(
        "generate",
        say,
        _generate,
        [
            click.Argument(["policy"], required=False, metavar=say("[政策]", "[POLICY]")),
            policies_option(say),
            day_option(say, "--on", "申请日期，缺省为今天", "the application date; default: today"),
            members_option(say, "找到几口之家为止，缺省 8", "look at families of up to so many; default: 8"),
            click.Option(
                ["-o", "--output", "output"],
                metavar=say("文件", "FILE"),
                help=say("写到这个文件，缺省写到屏幕", "the file to write; default: standard output"),
            ),
            click.Option(
                ["--format", "form"],
                type=click.Choice(_FORMS),
                default="yaml",
                metavar="|".join(_FORMS),
                help=say("结果的格式，缺省是用例文件", "form of the result; default: a case file"),
            ),
            language_option(say),
        ],
        say(
            "提出一份政策应有的用例：每个界限的下面、正好和上面，每个条件单独起作用，每种读法使结论不同，"
            "市县的每处改动起作用。家庭是最简单的，结论由程序给出，逐个标明待确认；遇不到的给出证明。\n\n"
            "政策写编号，只有一份政策时可以不写。待确认的用例 doudi test 不算通过。需要 doudi[proof]。",
            "Proposes the cases that a policy should have: below, at and above each threshold, each condition deciding "
            "alone, each reading that makes a difference, each change of an overlay that matters. The households are "
            "the plainest, the answers are the program's, each marked as to be confirmed; what is never met is "
            "proved.\n\nPOLICY is an id, and may be left out where there is one only. Cases that nobody has confirmed "
            "do not pass doudi test. Needs doudi[proof].",
        ),
    )


@click.pass_context
def _generate(
    ctx: click.Context,
    policy: str | None,
    folders: tuple[str, ...],
    on: date | None,
    members: int,
    output: str | None,
    form: str,
    language: Language,
) -> int:
    say = Say(language)
    _must_be_free(output, ctx, say)
    from engine.extras import must_be_installed

    must_be_installed("proof")
    from engine.api import load
    from engine.writing.new_case import setting_for

    policies = load(homes_of(folders).paths)
    library = policies.library

    def ask() -> int:
        setting, elements = setting_for(library, policy, on or date.today(), fixed=False)
        found = _proposed(policies, setting, members)
        if form == "json":
            from engine.reporting.proposals_json import proposals_json

            lines = proposals_json(found, setting.policy, setting.place, setting.day, setting.given, say)
            text = f"{lines}\n"
        else:
            text = _text(found, setting, elements, output, say)
            lines = Lines.of(text.splitlines())
        if output is None:
            write(lines)
        else:
            disk.write_whole(Path(output), text.encode())
        cases, never, left = len(found.cases), len(found.never), len(found.open)
        complain(
            say(
                f"提出 {cases} 个用例，待确认；证明遇不到的 {never} 处，没有分析的 {left} 处",
                f"{cases} cases proposed, to be confirmed; {never} things proved never to be met, {left} not analysed",
            )
        )
        return ANSWERED

    return asking(ctx, say, ask, library.errors)


def _must_be_free(output: str | None, ctx: click.Context, say: Say) -> None:
    if output is None:
        return
    must_name_a_file(output, "--output", "proposed.yaml", say, ctx)
    if disk.taken(Path(output)):
        shown = disk.shown(output)
        raise Misuse(say(f"已经有 {shown}，没有覆盖", f"{shown} exists and was not overwritten"), ctx)


def _proposed(policies: Policies, setting: Setting, members: int) -> Proposals:
    from engine.proof.proposing import propose

    whole, named, without = _sides(policies, setting)
    return propose(whole, setting.place, setting.day, named, without, members=members)


def _text(found: Proposals, setting: Setting, elements: Elements, output: str | None, say: Say) -> str:
    from engine.reporting.proposal_words import summary
    from engine.writing.proposed_cases import case_file

    cases = [_case(one, say) for one in found.cases]
    schema = schema_address("cases", Path(output)) if output else ""
    below = summary(found, elements, say)
    return case_file(setting.policy, setting.given, cases, below, elements, schema, say)


def _sides(policies: Policies, setting: Setting) -> tuple[CheckedPolicy, list[tuple[str, Change]], Without]:
    """The policy as the cases will run on it; the changes of its own overlay; and it without one of them."""
    from engine.errors import PolicyError
    from engine.source import Source, Span
    from engine.testing.given import FixedPolicies
    from engine.testing.model import Given
    from engine.testing.mutate import without_change
    from engine.testing.tried import change_name

    ids = tuple(policies.library.whole_line(setting.policy, setting.place))
    nowhere = Span(Source("<case>", ""), 0, 0)
    given = [Given(name, value, nowhere) for name, value in setting.given.items()]
    fixed = FixedPolicies()

    def at(slices: Slices) -> tuple[CheckedPolicy | None, Reporter]:
        checked, report = slices.checked(ids, setting.place, setting.day, None)
        return (None if checked is None else fixed.fix(checked, given, setting.day, None)), report

    whole, report = at(policies.slices)
    if whole is None:
        raise PolicyError(report.diagnostics)
    own = next((one for one in whole.merged.chain.overlays if one.header.id == setting.policy), None)
    named = [] if own is None else [(change_name(one), one) for one in own.changes]

    @cache
    def without(place: int) -> CheckedPolicy | None:
        return at(without_change(policies.library, setting.policy, place))[0]

    return whole, named, without


def _case(one: Proposed, say: Say) -> Case:
    from engine.reporting.proposal_words import shown_text
    from engine.writing.proposed_cases import Case

    first = one.shows[0].aim.name
    shows = tuple(dict.fromkeys(shown_text(shown, say) for shown in one.shows))
    return Case(first, shows, one.household, tuple(_expected(one)))


def _expected(one: Proposed) -> Iterator[str]:
    """The outcome with each cause, the figures of a policy of figures, and of readings what the options give."""
    from engine.proof.aims import Read
    from engine.testing.expect import stated

    decision = one.decision
    yield stated(decision)
    if decision.outcome is not None and decision.causes:
        yield f"causes: {{{', '.join(f'{id}: {cause.finding}' for id, cause in decision.causes.items())}}}"
    read = dict.fromkeys(shown.aim.showing.reading for shown in one.shows if isinstance(shown.aim.showing, Read))
    if read:
        told = []
        for id in read:
            options = decision.readings[id].options
            told.append(f"{id}: {{{', '.join(f'{option}: {held.outcome}' for option, held in options.items())}}}")
        yield f"readings: {{{', '.join(told)}}}"
