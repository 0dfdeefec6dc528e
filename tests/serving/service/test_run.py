"""`doudi serve` as a process: several that share a port, an orderly end, changing policies."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import sys
import time
import urllib.request
from contextlib import suppress
from pathlib import Path

import pytest

from engine.cli.main import main
from engine.cli.serve import METRICS_FOLDER
from engine.serving.run import listen
from tests.serving.served import SHIPPED
from tests.serving.service.soak import households, serving, soak

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="signals and /proc")


def get(port: int, path: str) -> bytes:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=30) as answer:
        told: bytes = answer.read()
    return told


def post(port: int, path: str, body: bytes) -> bytes:
    asked = urllib.request.Request(f"http://127.0.0.1:{port}{path}", body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(asked, timeout=30) as answer:
        told: bytes = answer.read()
    return told


@pytest.mark.slow
def test_no_answer_is_wrong_or_lost_while_policies_change() -> None:
    """In short; `python -m tests.serving.service.soak` does it with 200 callers for two minutes."""
    seen = asyncio.run(soak(connections=20, seconds=12, every=4000, workers=2))
    assert not seen.faults
    assert len(seen.answers) == 2, "both sets came to serve"
    assert sum(seen.answers.values()) > 100


def test_processes_tell_their_figures_together() -> None:
    with serving(SHIPPED, workers=2) as server:
        for body in households()[:20]:
            assert json.loads(post(server.port, "/v1/decisions?explain=none", body))["outcome"]
        counted = 'doudi_requests_total{method="POST",route="/v1/decisions",status="200"} 20.0'
        assert counted in get(server.port, "/metrics").decode()


def test_a_request_that_was_taken_is_answered_before_the_end() -> None:
    with serving(SHIPPED, workers=1) as server:
        get(server.port, "/healthz")
        line = households()[0]
        begun = socket.create_connection(("127.0.0.1", server.port))
        head = b"POST /v1/decisions?explain=none HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        begun.sendall(head + b"Content-Length: %d\r\n\r\n" % len(line) + line[:10])
        time.sleep(0.5)
        os.kill(server.process, signal.SIGTERM)
        time.sleep(0.5)
        begun.sendall(line[10:])
        begun.settimeout(20)
        assert begun.recv(1 << 16).startswith(b"HTTP/1.1 200")
        begun.close()
        os.waitid(os.P_PID, server.process, os.WEXITED | os.WNOWAIT)  # told twice it would go at once, and say so


def test_no_piece_of_an_answer_waits_until_the_one_before_was_acknowledged() -> None:
    assert asyncio.run(_sends_at_once("127.0.0.1"))
    if socket.has_ipv6:
        with suppress(OSError):  # a machine may know of it and have none
            assert asyncio.run(_sends_at_once("::1"))


async def _sends_at_once(host: str) -> bool:
    found: asyncio.Future[bool] = asyncio.get_running_loop().create_future()

    def connected(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        held = writer.get_extra_info("socket")
        found.set_result(bool(held.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)))
        writer.close()

    with listen(host, 0) as listening:
        async with await asyncio.start_server(connected, sock=listening):
            _, writer = await asyncio.open_connection(*listening.getsockname()[:2])
            told = await found
            writer.close()
    return told


def test_where_nobody_can_wait_it_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    taken = socket.socket()
    taken.bind(("127.0.0.1", 0))
    taken.listen()
    port = str(taken.getsockname()[1])
    assert main(["serve", "--policies", str(SHIPPED), "--port", port, "--workers", "1"]) == 2
    assert port in capsys.readouterr().err
    assert main(["serve", "--policies", str(SHIPPED), "--host", "no host", "--port", "0"]) == 2
    assert "no host" in capsys.readouterr().err
    assert main(["serve", "--policies", str(SHIPPED / "divisions.csv")]) == 2
    taken.close()
    assert METRICS_FOLDER not in os.environ, "what is started next would count in a folder that is gone"


def test_a_folder_of_figures_that_another_program_set_is_not_used(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv(METRICS_FOLDER, str(tmp_path / "gone"))
    with serving(SHIPPED, workers=1) as server:
        assert b"doudi_requests" in get(server.port, "/metrics")
