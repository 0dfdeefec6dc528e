"""Commands in two languages: headings, options and complaints of the command line.

In: the language asked for.  Out: click commands whose help and usage errors speak it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import click

from engine.say import Language, Say

_DATE = r"\d{4}-\d{2}-\d{2}"


def language_of(arguments: Sequence[str]) -> Language:
    """The language of help and complaints, known before the arguments are read: `--lang` anywhere, or DOUDI_LANG.

    The last one that is a language: what is wrong with another is told in it.
    """
    named = [os.environ.get("DOUDI_LANG", "")]
    for place, argument in enumerate(arguments):
        if argument == "--":
            break
        if argument == "--lang" and place + 1 < len(arguments):
            named.append(arguments[place + 1])
        elif argument.startswith("--lang="):
            named.append(argument.removeprefix("--lang="))
    known: list[Language] = ["en" if name == "en" else "zh" for name in named if name in ("zh", "en")]
    return known[-1] if known else "zh"


class Misuse(click.UsageError):
    """A usage error whose message is already in the reader's language."""


class Placed(click.Command):
    """A command or group whose faults say of which command they are; click leaves it out of some."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        try:
            return super().parse_args(ctx, args)
        except click.UsageError as error:
            error.ctx = error.ctx or ctx
            raise


class Command(Placed):
    """A command whose help page has its headings in the reader's language."""

    allow_extra_args = True
    """of click, which would word in English that there are too many"""

    def __init__(
        self, name: str, say: Say, callback: Callable[..., int], params: list[click.Parameter], text: str
    ) -> None:
        super().__init__(name, callback=callback, params=params, help=text, add_help_option=False)
        self.say = say
        self.params.append(help_option(say))

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        extra = super().parse_args(ctx, args)
        if extra and not ctx.resilient_parsing:
            told = " ".join(extra)
            raise Misuse(self.say(f"多写了 {told}", f"too many arguments: {told}"), ctx)
        return extra

    def get_help(self, ctx: click.Context) -> str:
        from engine.cli.help import Section, help_page, options_of

        say = self.say
        pieces = " ".join(self.collect_usage_pieces(ctx)).replace("[OPTIONS]", say("[选项]", "[OPTIONS]"))
        usage = f"{say('用法：', 'Usage: ')}{ctx.command_path} {pieces}"
        return help_page(usage, self.help or "", [Section(say("选项：", "Options:"), options_of(self, ctx, say))])


class Group(Placed, click.Group):
    """A group whose help page has the form of a command's; called alone, it shows what there is to call."""

    def __init__(self, name: str, say: Say, params: list[click.Parameter], text: str) -> None:
        super().__init__(
            name,
            help=text,
            params=[*params, help_option(say)],
            add_help_option=False,
            no_args_is_help=False,
            invoke_without_command=True,
            callback=_show_help,
        )
        self.say = say


@click.pass_context
def _show_help(ctx: click.Context, language: str) -> None:
    del language  # taken from the arguments beforehand
    if ctx.invoked_subcommand is None:
        from engine.cli.terminal import write

        write(ctx.get_help())


def help_option(say: Say) -> click.Option:
    return telling_option(["-h", "--help"], click.Context.get_help, say("显示这份说明", "show this help"))


def telling_option(names: Sequence[str], told: Callable[[click.Context], str], text: str) -> click.Option:
    """An option in whose place the command tells something and ends."""

    def show(ctx: click.Context, _: click.Parameter, value: bool) -> None:
        if value and not ctx.resilient_parsing:
            from engine.cli.terminal import write

            write(told(ctx))
            ctx.exit()

    return click.Option(names, is_flag=True, is_eager=True, expose_value=False, callback=show, help=text)


class Day(click.ParamType):  # type: ignore[type-arg,unused-ignore] # generic from click 8.5 on only
    """A date written YYYY-MM-DD."""

    name = "date"

    def __init__(self, say: Say) -> None:
        self.say = say

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        if isinstance(value, date):
            return value
        try:
            if re.fullmatch(_DATE, str(value)):
                return date.fromisoformat(str(value))
        except ValueError:
            pass
        option = param.opts[0] if param is not None else ""
        raise Misuse(
            self.say(
                f"{option}：`{value}` 不是日期，应写成 2023-06-15 的样子",
                f"{option}: `{value}` is no date; write it like 2023-06-15",
            ),
            ctx,
        )


def flag(say: Say, name: str, zh: str, en: str, *, named: str = "") -> click.Option:
    """An option that takes no value; `named`: what it is called in the program, where that is another word."""
    return click.Option([name, named] if named else [name], is_flag=True, help=say(zh, en))


def language_option(say: Say) -> click.Option:
    return click.Option(
        ["--lang", "language"],
        type=click.Choice(["zh", "en"]),
        default=say.language,
        metavar="zh|en",
        help=say("说明和结果用中文（缺省）或英文", "Chinese (default) or English"),
    )


def members_option(say: Say, zh: str, en: str) -> click.Option:
    """Up to how many members of a family the solver is asked about."""
    return click.Option(["--members", "members"], type=click.IntRange(1, 20), default=8, metavar="N", help=say(zh, en))


def policies_option(say: Say) -> click.Option:
    def must_exist(ctx: click.Context, _: click.Parameter, names: tuple[str, ...]) -> tuple[str, ...]:
        """A folder that is not there is a typing mistake, and no fault of any policy or household."""
        from engine.cli.named import must_exist

        must_exist(names, say, ctx)
        return names

    return click.Option(
        ["--policies", "folders"],
        multiple=True,
        callback=must_exist,
        metavar=say("目录", "DIR"),
        help=say(
            "政策文件所在目录，可写多次；缺省用当前文件夹里的 policies，没有就用随程序附带的",
            "folder of policy files, may be repeated; default: the folder `policies` here, else those shipped",
        ),
    )


def policy_option(say: Say) -> click.Option:
    return click.Option(
        ["--policy", "policy"],
        metavar="ID",
        help=say(
            "用哪一份政策，缺省按家庭所在地找；all 为每份各给一个结论",
            "which policy; default: found from the household; all: one answer each",
        ),
    )


def format_option(say: Say, *others: str) -> click.Option:
    forms = ["text", "json", *others]
    return click.Option(
        ["--format", "form"],
        type=click.Choice(forms),
        default="text",
        metavar="|".join(forms),
        help=say("给人看的文字（缺省）或给程序用的 JSON", "text for people (default) or JSON for programs"),
    )


def day_option(say: Say, name: str, zh: str, en: str) -> click.Option:
    return click.Option([name], type=Day(say), metavar=say("日期", "DATE"), help=say(zh, en))


def known_on_option(say: Say) -> click.Option:
    return day_option(say, "--known-on", "只计这一天已经公布的规定", "leave out what was published after that day")


def explain_option(say: Say) -> click.Option:
    levels = ("none", "reasons", "full")
    return click.Option(
        ["--explain"],
        type=click.Choice(levels),
        default="full",
        metavar="|".join(levels),
        help=say(
            "只要结论；或连同各情形、条件的理由；或再加上数字、缺省和读法（缺省）",
            "the outcome alone; with the reasons of causes and conditions; or also figures, assumptions and readings, "
            "which is the default",
        ),
    )


def jobs_option(say: Say) -> click.Option:
    return click.Option(
        ["--jobs"],
        type=click.IntRange(1, 64),
        default=1,
        metavar="N",
        help=say("用几个进程，缺省 1", "number of processes; default: 1"),
    )


def did_you_mean(guess: str, say: Say) -> str:
    return say(f"，是不是想写 {guess}？", f"; did you mean {guess}?") if guess else ""
