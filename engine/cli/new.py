"""`doudi new city|case|values`: files begun, so that nobody starts from an empty page.

In: the kind of file and what it is about.  Out: a new file, its name on standard output; nothing is overwritten.
"""

from __future__ import annotations

from importlib import import_module

import click

from engine.cli.command import Command, Group, Misuse, language_option
from engine.cli.help import Section, help_page, options_of
from engine.say import Say

_KINDS = {"city": "new_city", "case": "new_case", "values": "new_values"}
"""the modules that hold `command(say)` for each kind"""


def command(say: Say) -> click.Group:
    text = say(
        "新建文件：市县的补充文件（city）、用例（case）、一个年度的标准（values）。不覆盖已有的文件。",
        "Starts a file: a city's or county's overlay (city), a case (case), a year's standards (values). "
        "Nothing is overwritten.",
    )
    group = _Group("new", say, [language_option(say)], text)
    for module in _KINDS.values():
        made: Command = import_module(f"engine.cli.{module}").command(say)
        group.add_command(made)
    return group


class _Group(Group):
    """The group of the kinds of files."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in self.commands:
            kinds = self.say.names(self.commands)
            raise Misuse(self.say(f"只能新建 {kinds}，不能新建 {args[0]}", f"new takes {kinds}, not {args[0]}"), ctx)
        return super().resolve_command(ctx, args)

    def get_help(self, ctx: click.Context) -> str:
        say = self.say
        kinds = [(name, (kind.help or "").partition("\n")[0]) for name, kind in self.commands.items()]
        return help_page(
            say("用法：doudi new 种类 [选项] …", "Usage: doudi new KIND [OPTIONS] …"),
            self.help or "",
            [Section(say("种类：", "Kinds:"), kinds), Section(say("选项：", "Options:"), options_of(self, ctx, say))],
            after=say("`doudi new 种类 --help` 说明一种。", "`doudi new KIND --help` explains one."),
        )
