"""The server put together and started.

In: the version, and `Work` for what takes long.  Out: nothing, until the editor is done.
Imports server, asking, tidying, commands.
"""

from __future__ import annotations

from engine.lsp.asking import Asking
from engine.lsp.commands import add_commands
from engine.lsp.server import Server, add_life, quiet
from engine.lsp.service import Work
from engine.lsp.tidying import add_tidying


def made(version: str, work: Work) -> Server:
    server = Server(version, work)
    asking = Asking(server)
    add_life(server)
    add_tidying(server, asking)
    add_commands(server)
    return server


def serve_streams(version: str, work: Work) -> None:
    """On standard input and output."""
    quiet()
    made(version, work).start_io()


def serve_port(version: str, work: Work, host: str, port: int) -> None:
    """For one editor; ends with it."""
    quiet()
    made(version, work).start_tcp(host, port)
