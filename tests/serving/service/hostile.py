"""Callers who send too much, too slowly, or nothing, over sockets; and one who only wants an answer."""

from __future__ import annotations

import json
import re
import resource
import socket
import time
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, suppress
from dataclasses import dataclass

from tests.serving.served import SHIPPED
from tests.serving.service.soak import Server, households, memory, serving

HOST = b"Host: 127.0.0.1\r\n"
_PIECE = b"\0" * (1 << 20)
PATIENCE = 20


@dataclass(frozen=True)
class Answer:
    status: int
    head: str
    body: bytes


def connected(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)


def read(one: socket.socket) -> Answer:
    """An answer, whatever became of the request; status 0 where there is none."""
    data = b""
    with suppress(ConnectionError):
        while (end := data.find(b"\r\n\r\n")) < 0 or len(data) < end + 4 + _length(data[:end]):
            piece = one.recv(1 << 16)
            if not piece:
                break
            data += piece
    head, _, body = data.partition(b"\r\n\r\n")
    found = re.match(rb"HTTP/1.1 (\d+)", head)
    return Answer(int(found[1]) if found else 0, head.decode("latin-1").lower(), body)


def _length(head: bytes) -> int:
    found = re.search(rb"(?i)content-length: (\d+)", head)
    return int(found[1]) if found else 0


def asked(port: int, line: str, body: bytes = b"") -> Answer:
    with connected(port) as one:
        more = b"Content-Type: application/json\r\nContent-Length: %d\r\n" % len(body) if body else b""
        one.sendall(f"{line} HTTP/1.1\r\n".encode() + HOST + more + b"\r\n" + body)
        return read(one)


def decided(port: int) -> None:
    answer = asked(port, "POST /v1/decisions?explain=none", households()[0])
    assert answer.status == 200, answer
    assert json.loads(answer.body)["outcome"]


def attack(workers: int) -> None:
    """All of it at once; what came of it is printed."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    tabs = 10_000 if hard == resource.RLIM_INFINITY else min(10_000, hard - 1_000)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, tabs + 1_000), hard))
    with serving(SHIPPED, workers) as server, ExitStack() as stack, ThreadPoolExecutor(8) as pool:
        decided(server.port)
        print(f"memory at rest {memory(server) >> 10} MiB")
        idle(server.port, tabs, stack)
        half_sent(server.port, 400, stack)
        time.sleep(2.5)  # from then on they count as slow
        size = 1 << 30
        sent = [
            pool.submit(sized, server.port, "/v1/decisions", size),
            pool.submit(chunked, server.port, "/v1/decisions", size),
            pool.submit(chunked, server.port, "/v1/decisions:batch?explain=none", size, b"application/x-ndjson"),
            pool.submit(chunked, server.port, "/login", size),
        ]
        slowest, count, most = _decided_until(sent, server)
        print(f"{count} decisions meanwhile, the slowest in {slowest:.2f} s; memory at most {most >> 10} MiB")
        for one in sent:
            bytes_, answer = one.result()
            print(f"{bytes_ >> 20} MiB sent, answered {answer.status}: {answer.body[:120].decode(errors='replace')}")


def _decided_until(sent: list[Future[tuple[int, Answer]]], server: Server) -> tuple[float, int, int]:
    slowest, count, most = 0.0, 0, 0
    while not all(one.done() for one in sent):
        start = time.monotonic()
        with suppress(AssertionError):  # from one place there are only so many at once, until the slow ones make room
            decided(server.port)
            count += 1
        slowest, most = max(slowest, time.monotonic() - start), max(most, memory(server))
    return slowest, count, most


# ---- too much


def flooded(port: int, head: bytes, piece: bytes, size: int) -> tuple[int, Answer]:
    """How many bytes could be sent until nobody took them, and what was told."""
    sent = 0
    with connected(port) as one:
        one.sendall(head)
        with suppress(ConnectionError):
            while sent < size:
                one.sendall(piece)
                sent += len(piece)
        return sent, read(one)


def sized(port: int, path: str, size: int, media: bytes = b"application/json") -> tuple[int, Answer]:
    head = b"POST %s HTTP/1.1\r\n%sContent-Type: %s\r\nContent-Length: %d\r\n\r\n" % (path.encode(), HOST, media, size)
    return flooded(port, head, _PIECE, size)


def chunked(port: int, path: str, size: int, media: bytes = b"application/json") -> tuple[int, Answer]:
    head = b"POST %s HTTP/1.1\r\n%sContent-Type: %s\r\nTransfer-Encoding: chunked\r\n\r\n" % (
        path.encode(),
        HOST,
        media,
    )
    return flooded(port, head, b"%x\r\n%s\r\n" % (len(_PIECE), _PIECE), size)


# ---- too little


def idle(port: int, count: int, stack: ExitStack) -> list[socket.socket]:
    """Connections on which nothing is sent; those that make room for others are closed by the server."""
    return [stack.enter_context(connected(port)) for _ in range(count)]


def half_sent(port: int, count: int, stack: ExitStack) -> list[socket.socket]:
    """Requests whose bodies have begun."""
    held = idle(port, count, stack)
    for one in held:
        one.sendall(b"POST /v1/decisions HTTP/1.1\r\n" + HOST)
        one.sendall(b'Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{"id"')
    return held
