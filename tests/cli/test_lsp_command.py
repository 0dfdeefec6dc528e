"""`doudi lsp` as a command: its addresses, a port that is taken, an editor on a port; the rest is in tests/lsp."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time

import pytest

from tests.cli.running import Run


@pytest.mark.parametrize("address", ["", "x", "0", "65536", "a b:1", ":4711", "4711:host"])
def test_an_address_that_is_none(run: Run, address: str) -> None:
    told = run("lsp", "--tcp", address)
    assert told.status == 2
    assert "4711" in told.err
    assert "Traceback" not in told.err


def test_a_port_that_is_taken(run: Run) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        told = run("lsp", "--tcp", str(port), "--lang", "en")
    assert told.status == 2
    assert f"cannot wait on {port}" in told.err


def test_an_editor_on_a_port() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with subprocess.Popen([sys.executable, "-m", "engine", "lsp", "--tcp", f"localhost:{port}"]) as server:
        with connected(port) as editor:
            stream = editor.makefile("rb")
            for number, method in enumerate(("initialize", "shutdown", "exit")):
                params: object = {"capabilities": {}} if method == "initialize" else None
                message: dict[str, object] = {"jsonrpc": "2.0", "method": method, "params": params}
                body = json.dumps(message if method == "exit" else {**message, "id": number}).encode()
                editor.sendall(b"Content-Length: %d\r\n\r\n" % len(body) + body)
            assert b'"serverInfo"' in stream.read()
        assert server.wait(30) == 0


def connected(port: int) -> socket.socket:
    for _ in range(300):
        try:
            return socket.create_connection(("127.0.0.1", port), timeout=30)
        except OSError:
            time.sleep(0.1)
    raise AssertionError("the server does not answer")
