"""`doudi new case NAME`: a case file, begun with a household and the answer that it gets now.

In: the name of the case and the policy it is of.  Out: a file that passes `test` as it is.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from engine.cli.command import Command, day_option, language_option, policies_option
from engine.cli.new_files import (
    free,
    library_of,
    must_be_a_file_name,
    must_be_plain,
    output_option,
    policy_folder,
    put,
    schema_address,
)
from engine.cli.status import ANSWERED
from engine.cli.texts import asking
from engine.diagnostics import Language
from engine.say import Say

if TYPE_CHECKING:
    from engine.policy.checked import CheckedPolicy
    from engine.policy.loader import Library
    from engine.writing.new_case import Decider, Setting


def command(say: Say) -> Command:
    return Command(
        "case",
        say,
        _case,
        [
            click.Argument(["name"], metavar=say("名字", "NAME")),
            policies_option(say),
            click.Option(
                ["--policy", "policy"],
                metavar="ID",
                help=say("哪份政策或补充文件的用例；只有一份政策时可以不写", "the policy or overlay it is of"),
            ),
            day_option(say, "--on", "申请日期，缺省为今天", "the application date; default: today"),
            output_option(say),
            language_option(say),
        ],
        say(
            "新建一个用例：填好必填内容的家庭和它现在的结论，改成要试的情形和应有的结论。\n\n"
            "新建的用例现在就能通过 doudi test。",
            "Starts a case: a household with all it must state and the answer it gets now, to be changed into what is "
            "to be tried and the answer that is due.\n\nThe new case passes doudi test as it is.",
        ),
    )


@click.pass_context
def _case(
    ctx: click.Context,
    name: str,
    folders: tuple[str, ...],
    policy: str | None,
    on: date | None,
    output: str | None,
    language: Language,
) -> int:
    from engine.writing.new_case import new_case, setting_for

    say = Say(language)
    must_be_plain({say("名字", "the name"): name}, ctx, say)
    must_be_a_file_name(name, ctx, say)
    folder = policy_folder(folders, ctx, say)
    library = library_of(folder, folders)

    def ask() -> int:
        setting, elements = setting_for(library, policy, on or date.today())
        header = library.documents[setting.policy].header
        inside = folder / "cases" if not header.amends else folder / "cases" / "cities"
        path = free(Path(output) if output else inside / f"{name}.yaml", folder, ctx, say)
        from engine.program.link import program_of

        checked = _policy(library, setting)
        decide, schema = _decider(checked, setting), schema_address("cases", path)
        text = new_case(name, elements, setting, program_of(checked).deciding, decide, schema)
        put(path, text, language)
        return ANSWERED

    return asking(ctx, say, ask, library.errors)


def _policy(library: Library, setting: Setting) -> CheckedPolicy:
    """The policy as the case will run on it: its own chain, with the values that the case fixes."""
    from engine.errors import PolicyError
    from engine.evaluation.routing import Router
    from engine.policy.slices import Slices
    from engine.source import Source, Span
    from engine.testing.given import FixedPolicies
    from engine.testing.model import Given

    line = library.line_to(setting.policy)
    checked, report = Router(Slices(library)).checked(line, setting.place, setting.day, None)
    if checked is None:
        raise PolicyError(report.diagnostics)
    nowhere = Span(Source("<case>", ""), 0, 0)
    given = [Given(name, value, nowhere) for name, value in setting.given.items()]
    return FixedPolicies().fix(checked, given, setting.day, None)


def _decider(policy: CheckedPolicy, setting: Setting) -> Decider:
    from engine.evaluation.decide import decide
    from engine.evaluation.household import read_household
    from engine.testing.expect import stated

    return lambda household: stated(decide(policy, read_household(household, policy), setting.day, None))
