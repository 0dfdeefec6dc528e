"""The group `doudi` and what its exit statuses mean.

In: the process's arguments.  Out: an exit status: 0 answered, 1 findings or an input refused, 2 misuse, 70 a
fault of the program itself; 130 interrupted and 141 nobody reads any more, as shells have it.
Each command's module is imported when it is called, so that no command pays for another.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from importlib import import_module
from typing import NamedTuple

import click

from engine.cli.command import Command, Group, Misuse, did_you_mean, language_of, language_option, telling_option
from engine.cli.status import ANSWERED, FAULT, FINDINGS, INTERRUPTED, MISUSE, NOBODY_READS
from engine.cli.terminal import STANDARD_OUTPUT, complain, discard_output, flush, prepare_streams, tell
from engine.diagnostics import render
from engine.disk import DiskFault
from engine.errors import EngineError
from engine.say import Say
from engine.suggest import nearest


class Entry(NamedTuple):
    """A command: the module of `engine.cli` that holds `command(say)`, and one line about it."""

    module: str
    zh: str
    en: str


COMMANDS: dict[str, Entry] = {
    "evaluate": Entry("evaluate", "认定家庭是否符合条件，逐条说明理由", "decide households, with every reason"),
    "check": Entry("check", "检查政策文件", "validate policy files"),
    "test": Entry("test", "运行政策的用例", "run policy cases"),
    "mutate": Entry("mutate", "规则略有差错时，用例是否察觉", "would the cases notice a rule slightly wrong?"),
    "generate": Entry("generate", "提出应有的用例，待人确认", "propose cases, to be confirmed by a person"),
    "show": Entry("show", "看合并后的政策，每个数值从哪里来", "the merged policy, each value with its source"),
    "compare": Entry(
        "compare", "比较两套规则：文字哪里不同，谁因此得失", "what differs between two rule sets, and for whom"
    ),
    "analyse": Entry("analyse", "规则里什么永远不成立、不起作用，逐条证明", "what rules can never do, proved"),
    "replay": Entry(
        "replay", "把存下的认定重新认定一遍，查哪条规定改变了答复", "decide stored records again, find what changed"
    ),
    "screen": Entry("screen", "整批筛查家庭，结果写成表", "screen a whole population into a table"),
    "schema": Entry("schema", "输出 JSON Schema", "print JSON Schemas"),
    "explain": Entry("explain", "解释一个提示代码，附正误例子", "what a diagnostic's code means, with examples"),
    "fmt": Entry("fmt", "整理政策文件的写法，含义不变", "set policy files in form, meaning untouched"),
    "fix": Entry("fix", "改正政策文件里改法确定的错误", "repair what can be repaired with certainty"),
    "lsp": Entry("lsp", "给编辑器用的语言服务", "the language server for editors"),
    "serve": Entry("serve", "网络服务和工作人员用的网页", "the HTTP service and the officers' pages"),
    "new": Entry("new", "新建市县文件、用例、年度标准", "start a city's file, a case, a year's standards"),
}


class Doudi(Group):
    """The group; knows its commands by name only, until one is called."""

    def __init__(self, say: Say) -> None:
        super().__init__(
            "doudi",
            say,
            [language_option(say), _version_option(say)],
            say(
                "兜底：按政策文件认定家庭是否符合社会救助条件，逐条说明依据。",
                "doudi (兜底): decides households by policy files, and explains each decision article by article.",
            ),
        )

    def list_commands(self, ctx: click.Context) -> list[str]:
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        del ctx
        entry = COMMANDS.get(cmd_name)
        if entry is None:
            return None
        made: Command = import_module(f"engine.cli.{entry.module}").command(self.say)
        return made

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in COMMANDS:
            guess = did_you_mean(nearest(args[0], COMMANDS), self.say)
            raise Misuse(self.say(f"没有命令 {args[0]}", f"there is no command {args[0]}") + guess, ctx)
        return super().resolve_command(ctx, args)

    def get_help(self, ctx: click.Context) -> str:
        from engine.cli.help import Section, help_page, options_of

        say = self.say
        commands = [(name, say(entry.zh, entry.en)) for name, entry in COMMANDS.items()]
        return help_page(
            say("用法：doudi 命令 [选项] …", "Usage: doudi COMMAND [OPTIONS] …"),
            self.help or "",
            [
                Section(say("命令：", "Commands:"), commands),
                Section(say("选项：", "Options:"), options_of(self, ctx, say)),
            ],
            after=say("`doudi 命令 --help` 说明一个命令。", "`doudi COMMAND --help` explains a command."),
        )


def main(arguments: Sequence[str]) -> int:
    """Run one command. Never ends in a traceback, unless DOUDI_DEBUG asks for it."""
    say = Say(language_of(arguments))
    try:
        prepare_streams()
        status = _answered(list(arguments), say)
        flush()
        return status
    except BrokenPipeError:
        discard_output()
        return NOBODY_READS
    except DiskFault as fault:  # of standard output: all others were told
        discard_output()
        complain(render(fault.diagnostic(), say.language))
        return MISUSE
    except KeyboardInterrupt:
        return INTERRUPTED


def _answered(arguments: list[str], say: Say) -> int:
    try:
        return _call(arguments, say)
    except DiskFault as fault:
        if fault.path == STANDARD_OUTPUT:
            raise
        complain(render(fault.diagnostic(), say.language))
        return MISUSE if fault.writing else FINDINGS
    except EngineError as refused:
        tell(refused.diagnostics, say.language)
        return FINDINGS
    except BrokenPipeError:
        raise
    except (KeyboardInterrupt, click.Abort):
        complain(say("已中断", "interrupted"))
        return INTERRUPTED
    except SystemExit:  # told to by the system, as when a service is stopped
        complain(say("已按要求终止", "ended, as told"))
        raise
    except Exception as fault:
        if os.environ.get("DOUDI_DEBUG"):
            raise
        complain(_apology(fault, say))
        return FAULT


def _call(arguments: list[str], say: Say) -> int:
    try:
        # not `Doudi.main`: that ends the process with 1 when a pipe breaks
        group = Doudi(say)
        with group.make_context("doudi", arguments) as context:
            status = group.invoke(context)
    except click.exceptions.Exit as end:
        return end.exit_code
    except click.ClickException as error:
        from engine.cli.complaints import complaint

        complain(f"doudi: {complaint(error, say)}")
        ctx = error.ctx if isinstance(error, click.UsageError) else None
        path = "doudi" if ctx is None else ctx.command_path
        complain(say(f"`{path} --help` 有说明", f"see `{path} --help`"))
        return MISUSE
    return status if isinstance(status, int) else ANSWERED


def _apology(fault: Exception, say: Say) -> str:
    kind = type(fault).__name__
    told = f"{kind}: {fault}" if str(fault) else kind
    return say(
        f"doudi: 程序自身出错（{told}）。这不是您的文件的问题；设 DOUDI_DEBUG=1 再运行一次，把输出告诉维护者。",
        f"doudi: the program itself failed ({told}). This is not your file's fault; run again with DOUDI_DEBUG=1 "
        "and send the output to the maintainers.",
    )


def _version_option(say: Say) -> click.Option:
    def told(ctx: click.Context) -> str:
        del ctx
        from engine.cli.version import installed_version

        return f"doudi {installed_version()}"

    return telling_option(["--version"], told, say("显示版本", "show the version"))
