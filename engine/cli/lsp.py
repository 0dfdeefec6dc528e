"""`doudi lsp`: the language server, on standard input and output or on a port.

In: an editor's messages.  Out: its answers; 0 when the editor says that it is done, 1 when it just goes away.
"""

from __future__ import annotations

import re
from datetime import date

import click

from engine.cli.command import Command, Misuse, language_option
from engine.cli.status import ANSWERED, FINDINGS
from engine.cli.version import installed_version
from engine.diagnostics import Language
from engine.say import Say

LOOPBACK = "127.0.0.1"
_ADDRESS = re.compile(r"(?:(?P<host>\[[0-9A-Fa-f:]+\]|[^:\[\]\s]+):)?(?P<port>[0-9]{1,5})")
_MOST = 65_535


def command(say: Say) -> Command:
    return Command(
        "lsp",
        say,
        _lsp,
        [
            click.Option(
                ["--tcp", "address"],
                metavar=say("[主机:]端口", "[HOST:]PORT"),
                help=say(
                    "不用标准输入输出，在端口上等一个编辑器；缺省只等本机的",
                    "wait for one editor on a port instead of standard input and output; default host: this machine "
                    "alone",
                ),
            ),
            # what an editor's client adds to tell how it speaks
            click.Option(["--stdio"], is_flag=True, hidden=True, expose_value=False),
            language_option(say),
        ],
        say(
            "给编辑器用的语言服务：错误和改法、补全、说明、跳转、改名、整理、用例。需要 doudi[lsp]。\n\n"
            "一般由编辑器启动，不用自己运行；各编辑器怎样设置见 docs/zh/editor.md。",
            "The language server for editors: faults with repairs, completion, hover, definitions, rename, formatting, "
            "cases. Needs doudi[lsp].\n\n"
            "Editors start it; how each is set up is told in docs/editor.md.",
        ),
    )


@click.pass_context
def _lsp(ctx: click.Context, address: str | None, language: Language) -> int:
    say = Say(language)
    host, port = (LOOPBACK, 0) if address is None else _read(address, say, ctx)
    from engine.extras import must_be_installed

    must_be_installed("lsp")
    from engine.cli.lsp_work import decide, run_cases
    from engine.lsp.service import Work
    from engine.lsp.serving import serve_port, serve_streams

    work, version = Work(run_cases, decide, date.today), installed_version()
    if address is None:
        return ANSWERED if serve_streams(version, work) else FINDINGS
    try:
        done = serve_port(version, work, host, port)
    except OSError as refused:
        told = say(f"在 {address} 上等不了编辑器：{refused.strerror}", f"cannot wait on {address}: {refused.strerror}")
        raise Misuse(told, ctx) from None
    return ANSWERED if done else FINDINGS


def _read(address: str, say: Say, ctx: click.Context) -> tuple[str, int]:
    found = _ADDRESS.fullmatch(address)
    if found is None or not 0 < int(found["port"]) <= _MOST:
        raise Misuse(
            say(
                f"--tcp：`{address}` 不是 4711 或 主机:4711 的样子", f"--tcp: write 4711 or HOST:4711, not `{address}`"
            ),
            ctx,
        )
    return (found["host"] or LOOPBACK).strip("[]"), int(found["port"])
