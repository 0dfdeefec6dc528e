"""`doudi serve` as a process, over sockets, while callers send too much, too slowly, or nothing at all: it answers
others meanwhile, its memory keeps within bounds, and who is refused is told why.

`python -m tests.serving.service.soak --hostile` sends a whole GB, to a batch as well, and for longer.
"""

from __future__ import annotations

import json
import resource
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from functools import partial

import pytest

from engine.serving import run
from engine.serving.settings import Limits, Settings
from engine.serving.work import Work
from tests.serving.served import SHIPPED, WORK
from tests.serving.service.hostile import (
    HOST,
    Answer,
    asked,
    chunked,
    connected,
    decided,
    flooded,
    half_sent,
    idle,
    read,
    sized,
)
from tests.serving.service.soak import Server, memory, serving

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="signals and /proc")
GB = 1 << 30
ROOM = 64 << 10
"""KiB that a server may take for what it refuses"""
TABS = 10_000


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with serving(SHIPPED, 1) as server:
        decided(server.port)
        yield server


@pytest.mark.parametrize("sends", [sized, chunked])
@pytest.mark.parametrize("path", ["/v1/decisions", "/v1/check", "/login", "/trial", "/nothing"])
def test_a_body_of_a_gigabyte_is_refused(
    server: Server, path: str, sends: Callable[[int, str, int], tuple[int, Answer]]
) -> None:
    before = memory(server)
    sent, answer = sends(server.port, path, GB)
    assert sent < 64 << 20, "it is not read to its end"
    assert answer.status in (401, 403, 413), answer
    assert "connection: close" in answer.head
    if path in ("/v1/decisions", "/v1/check"):
        assert (answer.status, json.loads(answer.body)["code"]) == (413, "body-too-large")
    decided(server.port)
    assert memory(server) - before < ROOM


def test_people_are_told_on_a_page_that_they_sent_too_much(server: Server) -> None:
    _, answer = sized(server.port, "/login", GB, b"application/x-www-form-urlencoded")
    assert (answer.status, "text/html" in answer.head) == (413, True)
    assert "default-src 'self'" in answer.head
    assert b"5242880" in answer.body


def test_ten_thousand_tabs_of_nothing(server: Server) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < TABS + 200:
        pytest.skip(f"the system lets a process have {hard} files open")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, TABS + 200), hard))
    before = memory(server)
    with ExitStack() as tabs:
        idle(server.port, TABS, tabs)
        start = time.monotonic()
        assert asked(server.port, "GET /healthz").status == 200
        decided(server.port)
        assert time.monotonic() - start < 5
        assert memory(server) - before < 4 * ROOM
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_slow_bodies_make_room_for_others(server: Server) -> None:
    """As many as may come from one place, and more."""
    with ExitStack() as slow:
        held = half_sent(server.port, Limits().requests_of_one + 40, slow)
        assert asked(server.port, "GET /healthz").status == 200
        time.sleep(2.1)
        decided(server.port)
        assert asked(server.port, "GET /v1/policies").status == 200
        refused = read(held[0])
    assert (refused.status, json.loads(refused.body)["code"]) == (503, "service-busy")


def test_silent_connections_make_room_for_others() -> None:
    """The system lets the server have so few files that not all of them find room."""
    with serving(SHIPPED, 1, files=run._OTHER_FILES + 44) as server, ExitStack() as silent:
        idle(server.port, 400, silent)
        half = silent.enter_context(connected(server.port))
        half.sendall(b"POST /v1/decisions HTTP/1.1\r\nHost: 127.0.0.1\r\n")
        start = time.monotonic()
        assert asked(server.port, "GET /healthz").status == 200
        decided(server.port)
        assert time.monotonic() - start < 5


# ---- the same server in this process, which is in more of a hurry


@contextmanager
def hurried(monkeypatch: pytest.MonkeyPatch, limits: Limits) -> Iterator[int]:
    servers: list[run._Server] = []

    class Kept(run._Server):
        def __init__(self, config: run._Config) -> None:
            super().__init__(config)
            servers.append(self)

    monkeypatch.setattr(run, "_SECONDS_KEPT", 1)
    monkeypatch.setattr(run, "_Server", Kept)
    work = Work(WORK.version, WORK.today, WORK.now)
    with run.listen("127.0.0.1", 0) as listening:
        port = listening.getsockname()[1]
        settings = Settings((str(SHIPPED),), port=port, limits=limits)
        thread = threading.Thread(target=partial(run.serve, settings, work, listening))
        thread.start()
        try:
            decided(port)
            yield port
        finally:
            servers[0].should_exit = True
            thread.join(30)


def test_a_head_that_trickles_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    with hurried(monkeypatch, Limits()) as port, connected(port) as slow, connected(port) as kept:
        kept.sendall(b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        assert read(kept).status == 200
        start, told = time.monotonic(), b""
        slow.sendall(b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n")
        slow.settimeout(0.1)
        while not told and time.monotonic() - start < 4:
            with suppress(TimeoutError):
                slow.sendall(b"X: y\r\n")
                told = slow.recv(100)
        assert told.startswith(b"HTTP/1.1 408 ")
        assert time.monotonic() - start < 3
        assert kept.recv(1) == b"", "one that is silent after an answer is closed without a word"


def test_a_body_that_trickles_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    with hurried(monkeypatch, Limits(arriving=1)) as port, ExitStack() as slow:
        held = half_sent(port, 1, slow)
        answer = read(held[0])
        assert (answer.status, json.loads(answer.body)["code"]) == (408, "body-too-slow")


def test_a_head_without_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with hurried(monkeypatch, Limits()) as port:
        sent, answer = flooded(
            port, b"GET /healthz HTTP/1.1\r\n" + HOST, b"X-Name: some text of a header\r\n" * 100, GB
        )
        assert answer.status in (400, 431)
        assert sent < 8 << 20


def test_what_comes_after_an_answer_is_not_read_forever(monkeypatch: pytest.MonkeyPatch) -> None:
    """An answer that does not wait for the body, as of an address that is not there, ends the connection."""
    with hurried(monkeypatch, Limits(body=GB)) as port:
        sent, answer = sized(port, "/v1/nothing", GB)
        assert answer.status == 404
        assert "connection: close" in answer.head
        assert sent < 64 << 20
        with connected(port) as one:  # a body that has come already is no hindrance
            for _ in range(2):
                one.sendall(b"POST /v1/nothing HTTP/1.1\r\n" + HOST + b"Content-Length: 2\r\n\r\n{}")
                answer = read(one)
                assert (answer.status, "connection: close" in answer.head) == (404, False)
