"""The service started: a socket, one process or several that share it, and an orderly end.

In: settings, work.  Out: nothing, until it is told to end: it takes no new requests then, answers those that it has,
and goes. Imports app, settings, work; holds uvicorn.
"""

from __future__ import annotations

import logging
import socket
import sys
from collections.abc import Generator
from contextlib import contextmanager
from functools import partial
from itertools import islice
from typing import Any, Final

import uvicorn
from uvicorn.protocols.http.auto import AutoHTTPProtocol
from uvicorn.supervisors import Multiprocess

from engine.serving.app import application
from engine.serving.settings import Settings
from engine.serving.work import Work

BACKLOG: Final = 2_048
_SECONDS_TO_END: Final = 20
_SECONDS_KEPT: Final = 15
"""a connection is kept open without a request"""
MOST_CONNECTIONS: Final = 4_000
_OTHER_FILES: Final = 256
_LOOKED_AT: Final = 100
"""connections among which those are sought that make room"""


def listen(host: str, port: int) -> socket.socket:
    """The socket that every process shares.

    Raises: OSError where nobody can listen there.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    made = socket.socket(family, socket.SOCK_STREAM)
    try:
        if sys.platform != "win32":  # there it would let two programs have one port
            made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind((host, port))
        made.listen(BACKLOG)
    except BaseException:
        made.close()
        raise
    made.set_inheritable(True)
    return made


def address_of(listening: socket.socket) -> str:
    host, port = listening.getsockname()[:2]
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"


def serve(settings: Settings, work: Work, listening: socket.socket) -> None:
    """Until somebody stops it. The functions of `work` are at the top of modules: other processes are handed them."""
    logging.getLogger("uvicorn").setLevel(logging.CRITICAL)
    config = _Config(
        partial(application, settings, work),
        factory=True,
        http=Connection,
        ws="none",
        lifespan="on",
        log_config=None,
        log_level=logging.CRITICAL,
        access_log=False,
        server_header=False,
        proxy_headers=False,  # `people.forwarded` knows whom to believe
        workers=settings.workers,
        backlog=BACKLOG,
        timeout_keep_alive=_SECONDS_KEPT,
        timeout_graceful_shutdown=_SECONDS_TO_END,
    )
    if settings.workers > 1:
        Multiprocess(config, [listening]).run()
    else:
        _Server(config).run([listening])


class _Server(uvicorn.Server):
    """Ends when it is told to, as asked, and not by the signal that told it."""

    @contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        with super().capture_signals():
            yield
            self._captured_signals.clear()


class _Config(uvicorn.Config):
    """
    Attributes:
        waiting: connections in the order in which they were last of use.
        most: how many there may be.
    """

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.waiting: dict[Connection, None] = {}
        self.most = room_for_connections()


class Connection(AutoHTTPProtocol):  # type: ignore[misc,valid-type]  # one of two classes
    """A connection that is not kept open for nothing: one on which no request comes is closed after a while, and where
    there are too many, those that have waited longest make room for another."""

    config: _Config

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self.timeout_keep_alive_task = self.loop.call_later(self.timeout_keep_alive, self.timeout_keep_alive_handler)
        waiting = self.config.waiting
        waiting[self] = None
        if len(waiting) > self.config.most:
            idle = (one for one in islice(waiting, _LOOKED_AT) if one.is_idle)
            for one in list(islice(idle, 2)):
                one.transport.close()
                waiting.pop(one, None)

    def connection_lost(self, exc: Exception | None) -> None:
        self.config.waiting.pop(self, None)
        super().connection_lost(exc)

    def on_response_complete(self) -> None:
        super().on_response_complete()
        waiting = self.config.waiting
        if waiting.pop(self, self) is None:
            waiting[self] = None

    @property
    def is_idle(self) -> bool:
        return self.cycle is None or bool(self.cycle.response_complete)


def room_for_connections() -> int:
    """As many as the system lets this process have, with some files left for all else."""
    if sys.platform == "win32":
        return MOST_CONNECTIONS
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_CONNECTIONS + _OTHER_FILES if hard == resource.RLIM_INFINITY else hard
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(wanted, MOST_CONNECTIONS + _OTHER_FILES), hard))
        soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return MOST_CONNECTIONS if soft == resource.RLIM_INFINITY else max(16, min(MOST_CONNECTIONS, soft - _OTHER_FILES))
