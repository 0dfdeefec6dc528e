"""`doudi serve`: the HTTP service and the officers' pages.

In: policy folders, where to wait.  Out: answers over HTTP until it is stopped; 0 then.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime

import click

from engine import disk
from engine.cli.command import Command, Misuse, language_option, policies_option
from engine.cli.homes import Homes, homes_of
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
            click.Option(
                ["--behind", "proxies"],
                multiple=True,
                metavar=say("地址", "ADDRESS"),
                help=say(
                    "反向代理的地址：它说请求是从哪里来的，就信它；可写多次",
                    "address of a reverse proxy, believed when it says where a request comes from; may be repeated",
                ),
            ),
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
    proxies: tuple[str, ...],
    language: Language,
) -> int:
    say = Say(language)
    homes = homes_of(folders)
    for folder in homes.folders:
        if disk.kind(folder) != "folder":
            told = say(f"--policies：{folder} 不是文件夹", f"--policies: {folder} is no folder")
            raise Misuse(told, ctx)
    from engine.extras import must_be_installed

    must_be_installed("serve")
    count = workers or (1 if sys.platform == "win32" else os.cpu_count() or 1)
    with _figures(count):
        from engine.serving.run import address_of, listen, serve
        from engine.serving.settings import Settings
        from engine.serving.work import Work

        settings = Settings(
            tuple(str(disk.absolute(folder)) for folder in homes.folders),
            host=host,
            port=port,
            workers=count,
            proxies=proxies,
        )
        try:
            listening = listen(host, port)
        except (OSError, UnicodeError) as refused:
            why = refused.strerror if isinstance(refused, OSError) else str(refused)
            raise Misuse(
                say(f"在 {host} 的端口 {port} 上等不了：{why}", f"cannot wait on port {port} of {host}: {why}"), ctx
            ) from None
        with listening:
            _tell(homes, address_of(listening), count, say)
            serve(settings, Work(installed_version(), date.today, _now, _log), listening)
    return ANSWERED


def _tell(homes: Homes, address: str, count: int, say: Say) -> None:
    if told := homes.told(say):
        write(told)
    write(
        say(
            f"在 {address} 服务，{count} 个进程；Ctrl-C 停止",
            f"serving on {address}, {count} processes; Ctrl-C stops it",
        )
    )
    flush()


@contextmanager
def _figures(count: int) -> Iterator[None]:
    """A folder for the figures of several processes, gone afterwards."""
    if count == 1:
        os.environ.pop(METRICS_FOLDER, None)
        yield
        return
    with disk.scratch() as folder:
        os.environ[METRICS_FOLDER] = str(folder)
        yield


def _now() -> datetime:
    return datetime.now(UTC)


def _log(text: str) -> None:
    """To standard error, which whoever keeps the service running collects."""
    try:
        sys.stderr.write(text)
        sys.stderr.flush()
    except (OSError, ValueError):  # nobody reads it any more; the service goes on
        return
