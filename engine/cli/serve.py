"""`doudi serve`: the HTTP service and the officers' pages.

In: policy folders, where to wait.  Out: answers over HTTP until it is stopped; 0 then.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date

import click

from engine import disk
from engine.cli import serve_people
from engine.cli.command import Command, Misuse, language_option, policies_option
from engine.cli.git import entries, kept, texts
from engine.cli.homes import Homes, homes_of
from engine.cli.serve_people import guarded, must_fit, now, options
from engine.cli.serve_work import proving, reading
from engine.cli.status import ANSWERED
from engine.cli.terminal import flush, write
from engine.cli.version import installed_version
from engine.diagnostics import Language
from engine.say import Say

LOOPBACK = "127.0.0.1"
_PORT = 8711
_MOST_PORT, _MOST_WORKERS = 65_535, 64
METRICS_FOLDER = "PROMETHEUS_MULTIPROC_DIR"
"""where processes that serve side by side keep their figures; prometheus-client reads it when it is imported"""


def command(say: Say) -> Command:
    return Command(
        "serve",
        say,
        _serve,
        [
            policies_option(say),
            click.Option(
                ["--host"],
                default=LOOPBACK,
                metavar=say("地址", "ADDRESS"),
                help=say(
                    "在哪个网络地址上等；缺省 127.0.0.1，只有本机能用",
                    "the network address to wait on; default: 127.0.0.1, this machine alone",
                ),
            ),
            click.Option(
                ["--port"],
                type=click.IntRange(0, _MOST_PORT),
                default=_PORT,
                metavar=say("端口", "PORT"),
                help=say("端口，缺省 8711；0 由系统挑一个", "the port; default: 8711; 0: one that the system picks"),
            ),
            click.Option(
                ["--workers"],
                type=click.IntRange(1, _MOST_WORKERS),
                metavar="N",
                help=say(
                    "几个进程一起服务；缺省与处理器的核一样多，Windows 上 1 个",
                    "processes that serve side by side; default: one a core, on Windows one",
                ),
            ),
            *options(say),
            language_option(say),
        ],
        say(
            "供别的系统调用的网络服务，和工作人员用的网页。需要 doudi[serve]。\n\n"
            "政策文件改了会自动换用，有错的不换。Ctrl-C 停止：不再接新的请求，已接的答完。",
            "The HTTP service that other systems call, and the pages where officers work. Needs doudi[serve].\n\n"
            "When policy files change they are taken over, unless there are errors in them. Ctrl-C stops it: no new "
            "requests are taken, those that were are answered.",
        ),
    )


@click.pass_context
def _serve(
    ctx: click.Context,
    folders: tuple[str, ...],
    host: str,
    port: int,
    workers: int | None,
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
    if hash_password:
        serve_people.hash_password(say, ctx)
    if new_token:
        serve_people.new_token(say)
    if hash_password or new_token:
        return ANSWERED
    homes = homes_of(folders)
    for folder in homes.folders:
        if disk.kind(folder) != "folder":
            told = say(f"--policies：{folder} 不是文件夹", f"--policies: {folder} is no folder")
            raise Misuse(told, ctx)
    from engine.extras import must_be_installed

    count = workers or (1 if sys.platform == "win32" else os.cpu_count() or 1)
    with _shared(count) as shared:
        must_be_installed("serve")
        from engine.serving.run import listen, serve
        from engine.serving.settings import Settings
        from engine.serving.work import Work

        settings = Settings(
            tuple(str(disk.absolute(folder)) for folder in homes.folders),
            # what came with the program is not for editing
            drafts="" if homes.origin == "shipped" else f"{disk.real(homes.folders[0])}.drafts",
            host=host,
            port=port,
            users=users or "",
            tokens=tokens or "",
            names=names,
            proxy_header=proxy_header,
            proxy_from=proxy_from,
            workers=count,
            shared=shared,
        )
        must_fit(settings, say, ctx)
        try:
            listening = listen(host, port)
        except (OSError, UnicodeError) as refused:
            why = refused.strerror if isinstance(refused, OSError) else str(refused)
            raise Misuse(
                say(f"在 {host} 的端口 {port} 上等不了：{why}", f"cannot wait on port {port} of {host}: {why}"), ctx
            ) from None
        with listening:
            settings, address = guarded(replace(settings, port=listening.getsockname()[1]))
            _tell(homes, address, count, say)
            work = Work(installed_version(), date.today, now, kept, entries, texts, proving(), reading(), _log)
            serve(settings, work, listening)
    return ANSWERED


def _tell(homes: Homes, address: str, count: int, say: Say) -> None:
    if told := homes.told(say):
        write(told)
    write(
        say(
            f"{count} 个进程，Ctrl-C 停止。用浏览器打开：{address}",
            f"{count} processes, Ctrl-C stops them. Open in a browser: {address}",
        )
    )
    flush()


@contextmanager
def _shared(count: int) -> Iterator[str]:
    """A folder in which several processes count together, gone afterwards; "" for one."""
    if count == 1:
        os.environ.pop(METRICS_FOLDER, None)
        yield ""
        return
    with disk.scratch() as folder:
        os.environ[METRICS_FOLDER] = str(folder)
        try:
            yield str(folder)
        finally:  # whatever is started later would look for figures in a folder that is gone
            del os.environ[METRICS_FOLDER]


def _log(text: str) -> None:
    """To standard error, which whoever keeps the service running collects."""
    try:
        sys.stderr.write(text)
        sys.stderr.flush()
    except (OSError, ValueError):  # nobody reads it any more; the service goes on
        return
