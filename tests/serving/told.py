"""What the service answers to one request that is written as a text, limits and slow callers included.

In: a folder with policies, request.http, perhaps limits.json, tokens.yaml.  Out: the codes of the answer, its words.
The application is called as a server would, without a network: what comes late comes late here, too.
"""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

from engine.diagnostics import Diagnostic
from engine.serving.app import application
from engine.serving.limits import Traffic
from engine.serving.problems import Problem
from engine.serving.settings import Limits, Settings
from engine.serving.v1 import asked as asked_for
from engine.serving.v1 import schemas
from tests.serving.served import WORK

TOKENS = ".tokens.yaml"
"""what no reader of policies looks at"""
TICKS = 5
MINUTES = 600
"""seconds that pass at once"""


def told_of_request(root: Path, code: str) -> tuple[tuple[str, ...], dict[str, str]]:
    """The codes of the answer, and what is said of one of them, by language."""
    limits = root / "limits.json"
    held = json.loads(limits.read_text(encoding="utf-8")) if limits.exists() else {}
    request = (root / "request.http").read_text(encoding="utf-8")
    for beside in ("limits.json", "request.http"):
        (root / beside).unlink(missing_ok=True)
    if (root / "tokens.yaml").exists():
        (root / "tokens.yaml").rename(root / TOKENS)
    return asyncio.run(_told(root, request, Limits(**held), code, late=bool(held.keys() & {"arriving", "working"})))


async def _told(
    root: Path, request: str, limits: Limits, code: str, *, late: bool
) -> tuple[tuple[str, ...], dict[str, str]]:
    tokens = str(root / TOKENS) if (root / TOKENS).exists() else ""
    app = application(Settings((str(root),), tokens=tokens, limits=limits), WORK)
    codes: tuple[str, ...] = ()
    said: dict[str, str] = {}
    for language in ("zh", "en"):
        reasons = reasons_of(await asked(app, request, language, late=late))
        codes = tuple(one["code"] for one in reasons)
        first = next((one for one in reasons if one["code"] == code), None)
        if first is not None:
            said[language] = " — ".join([first["message"], *first.get("help", [])])
    return codes, said


def reasons_of(answer: bytes) -> list[dict[str, Any]]:
    """Of a problem, or of the refusals among the lines of a batch."""
    lines = [line for line in answer.decode().splitlines() if line.startswith("{") and line.endswith("}")]
    return [reason for line in lines for reason in json.loads(line).get("reasons", [])]


def told_of_query(request: str) -> tuple[Diagnostic, ...]:
    """What is wrong with the query of a request for the schema of households."""
    query = request.split()[1].partition("?")[2]
    try:
        asked_for._read(query.encode(), schemas.ARGUMENTS)
    except Problem as problem:
        return problem.found
    return ()


def let_time_pass(traffic: Traffic) -> None:
    for one in traffic._running:
        one.begun -= MINUTES
        one.moved -= MINUTES
    traffic.look()


async def asked(app: Any, request: str, language: str = "zh", *, late: bool = False) -> bytes:
    """The body of the answer.

    Args:
        late: minutes pass as soon as nothing can be done at once.
    """
    head, _, body = request.partition("\n\n")
    first, *lines = head.splitlines()
    method, _, address = first.partition(" ")
    path, _, query = address.partition("?")
    headers = [(name.lower().encode(), value.strip().encode()) for name, _, value in (x.partition(":") for x in lines)]
    said = next((int(value) for name, value in headers if name == b"content-length"), len(body.encode()))
    pieces = [{"type": "http.request", "body": body.encode(), "more_body": said > len(body.encode())}]
    if said and not any(name == b"content-length" for name, _ in headers):
        headers.append((b"content-length", str(said).encode()))
    headers.append((b"accept-language", language.encode()))
    if not any(name == b"host" for name, _ in headers):
        headers.append((b"host", b"127.0.0.1:8711"))
    given: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        if pieces:
            return pieces.pop()
        await asyncio.Event().wait()
        raise AssertionError("nothing comes any more")

    async def send(message: dict[str, Any]) -> None:
        given.append(message)

    scope = {
        "type": "http", "method": method, "path": path, "raw_path": path.encode(), "query_string": query.encode(),
        "headers": headers, "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 8711), "scheme": "http",
        "root_path": "", "http_version": "1.1", "asgi": {"version": "3.0", "spec_version": "2.3"},
    }  # fmt: skip
    task = asyncio.create_task(app(scope, receive, send))
    for turn in range(2 * TICKS if late else 0):
        await asyncio.sleep(0)
        if turn >= TICKS:  # what gives way to others only goes on meanwhile
            let_time_pass(app.state.traffic)
    await asyncio.wait_for(task, 60)
    return b"".join(one.get("body", b"") for one in given)
