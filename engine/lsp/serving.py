"""The server put together and started.

In: the version, and `Work` for what takes long.  Out: nothing, until the editor is done.
Imports server, asking, and what adds features.
"""

from __future__ import annotations

import sys
from typing import BinaryIO, cast

from engine.lsp.asking import Asking
from engine.lsp.commands import add_commands
from engine.lsp.finding import add_finding
from engine.lsp.rest import Rest
from engine.lsp.server import Server, add_life, quiet
from engine.lsp.service import Work
from engine.lsp.tidying import add_tidying
from engine.lsp.writing import add_writing


def made(version: str, work: Work) -> Server:
    server = Server(version, work)
    server.service.checked = Rest().after_a_check
    asking = Asking(server)
    add_life(server)
    add_writing(server, asking)
    add_finding(server, asking)
    add_tidying(server, asking)
    add_commands(server)
    return server


def serve_streams(version: str, work: Work) -> bool:
    """On standard input and output; whether the editor said that it is done."""
    quiet()
    server = made(version, work)
    server.start_io(stdout=cast("BinaryIO", _StandardOutput()))
    return server.done


def serve_port(version: str, work: Work, host: str, port: int) -> bool:
    """For one editor; ends with it."""
    quiet()
    server = made(version, work)
    server.start_tcp(host, port)
    return server.done


class _StandardOutput:
    """It stays open when pygls is done: whoever started the server has it still."""

    def write(self, data: bytes) -> None:
        sys.stdout.buffer.write(data)

    def flush(self) -> None:
        sys.stdout.buffer.flush()

    def close(self) -> None:
        self.flush()
