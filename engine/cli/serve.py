"""`doudi serve`: the HTTP service and the officers' pages.

In: policy folders.  Out: answers over HTTP until it is stopped.
"""

from __future__ import annotations

from datetime import date

import click

from engine.cli.command import Command, language_option, policies_option
from engine.cli.homes import homes_of
from engine.cli.status import ANSWERED
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
            language_option(say),
        ],
        say(
            "供别的系统调用的网络服务，和工作人员用的网页。需要 doudi[serve]。",
            "The HTTP service that other systems call, and the pages where officers work. Needs doudi[serve].",
        ),
    )


def _serve(folders: tuple[str, ...], port: int, language: Language) -> int:
    del language
    from engine.extras import must_be_installed

    must_be_installed("serve")
    from engine.serving.run import run
    from engine.serving.settings import Settings
    from engine.serving.work import Work

    run(Settings(homes_of(folders).folders, port=port), Work(installed_version(), date.today))
    return ANSWERED
