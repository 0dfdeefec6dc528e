"""`doudi serve`: the HTTP service and the officers' pages.

In: policy folders.  Out: answers over HTTP until it is stopped.
"""

from __future__ import annotations

from datetime import date

import click

from engine import disk
from engine.cli import serve_people
from engine.cli.command import Command, language_option, policies_option
from engine.cli.git import entries, kept, texts
from engine.cli.homes import homes_of
from engine.cli.serve_people import guarded, must_fit, now, options
from engine.cli.serve_work import proving, reading
from engine.cli.status import ANSWERED
from engine.cli.terminal import write
from engine.cli.version import installed_version
from engine.diagnostics import Language
from engine.say import Say

_MOST = 65_535


def command(say: Say) -> Command:
    return Command(
        "serve",
        say,
        _serve,
        [
            policies_option(say),
            click.Option(
                ["--port"],
                type=click.IntRange(1, _MOST),
                default=8711,
                metavar=say("端口", "PORT"),
                help=say("在这个端口上等，缺省 8711", "the port to wait on; default 8711"),
            ),
            *options(say),
            language_option(say),
        ],
        say(
            "供别的系统调用的网络服务，和工作人员用的网页。需要 doudi[serve]。",
            "The HTTP service that other systems call, and the pages where officers work. Needs doudi[serve].",
        ),
    )


@click.pass_context
def _serve(
    ctx: click.Context,
    folders: tuple[str, ...],
    port: int,
    users: str | None,
    tokens: str | None,
    names: tuple[str, ...],
    proxy_header: str,
    proxy_from: tuple[str, ...],
    hash_password: bool,
    new_token: bool,
    language: Language,
) -> int:
    say = Say(language)
    from engine.extras import must_be_installed

    must_be_installed("serve")
    if hash_password or new_token:
        if hash_password:
            serve_people.hash_password(say, ctx)
        if new_token:
            serve_people.new_token(say)
        return ANSWERED
    from engine.serving.run import run
    from engine.serving.settings import Settings
    from engine.serving.work import Work

    homes = homes_of(folders)
    settings = Settings(
        homes.folders,
        # what came with the program is not for editing
        drafts="" if homes.origin == "shipped" else f"{disk.real(homes.folders[0])}.drafts",
        port=port,
        users=users or "",
        tokens=tokens or "",
        names=names,
        proxy_header=proxy_header,
        proxy_from=proxy_from,
    )
    must_fit(settings, say, ctx)
    settings, address = guarded(settings)
    write(say(f"用浏览器打开：{address}", f"open in a browser: {address}"))
    run(settings, Work(installed_version(), date.today, now, kept, entries, texts, proving(), reading()))
    return ANSWERED
