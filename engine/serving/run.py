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
from http import HTTPStatus
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
"""a connection is kept open without a request; likewise with a head that does not come to its end"""
_SECONDS_TO_BEGIN: Final = 60
"""within which a process that serves gives a sign of life. It gives none while it begins, and where the machine is busy
that takes longer than the five seconds after which uvicorn would end it and begin another, again and again"""
MOST_CONNECTIONS: Final = 4_000
_OTHER_FILES: Final = 256
MOST_HEAD: Final = 1 << 16
"""bytes of the head of a request"""


def listen(host: str, port: int) -> socket.socket:
    """The socket that every process shares.

    Raises: OSError where nobody can listen there.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # named as TCP: else asyncio leaves it to the system when a piece is sent, and that keeps an answer's second piece
    # until the first was acknowledged, which takes callers 40 ms
    made = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
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
        waiting: connections without a request, in the order in which they were last of use.
        most: how many there may be.
    """

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.timeout_worker_healthcheck = _SECONDS_TO_BEGIN
        self.waiting: dict[Connection, None] = {}
        self.most = room_for_connections()


class Connection(AutoHTTPProtocol):  # type: ignore[misc,valid-type]  # one of two classes
    """A connection that is not kept open for nothing: one on which no request comes, whole with its head, is closed
    after a while, and where there are too many, those that have waited longest make room for another."""

    config: _Config
    _heard = 0
    """bytes of the head of a request that has not come to its end"""

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self.timeout_keep_alive_task = self.loop.call_later(self.timeout_keep_alive, self.timeout_keep_alive_handler)
        self._until = self.loop.time()
        waiting = self.config.waiting
        waiting[self] = None
        if len(self.connections) > self.config.most:
            oldest = next(iter(waiting))
            del waiting[oldest]
            oldest.transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        self.config.waiting.pop(self, None)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if not self.is_idle:
            self._heard = 0
            self.config.waiting.pop(self, None)
        elif not self.transport.is_closing():
            self._hear(len(data))

    def _hear(self, size: int) -> None:
        """A piece of a head: however little comes at a time, it has to come whole in time."""
        if not self._heard:
            self._until = self.loop.time() + self.timeout_keep_alive
        self._heard += size
        if self._heard > MOST_HEAD:
            self._end(431)
        elif self.timeout_keep_alive_task is None:
            self.timeout_keep_alive_task = self.loop.call_at(self._until, self._end, 408)

    def _end(self, status: int) -> None:
        told = f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"
        if not self.transport.is_closing():
            self.transport.write(told.encode("ascii"))
            self.transport.close()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if self.is_idle and not self.transport.is_closing():
            self._heard = 0
            self.config.waiting[self] = None

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
