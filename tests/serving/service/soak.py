"""Many callers at once while the policies change all the time: no answer is wrong, lost or mixed; memory is told.

    python -m tests.serving.service.soak [--connections 200] [--seconds 120] [--every 1000] [--workers 2]
    python -m tests.serving.service.soak --hostile

The latter sends whole gigabytes, opens 10,000 tabs of nothing, sends slow requests, and decides households meanwhile.

Starts `doudi serve` over a copy of the shipped policies and changes a standard again and again, now and then into a
faulty file. Every answer has to be, byte for byte, what the library says under the one or the other standard: by the
digest that the answer names. Everything goes over the loopback.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import engine
from engine.escaping import as_json
from tests.serving.served import SHIPPED

TABLE = Path("standards") / "taiyuan-2023.csv"
SOUND = ((TABLE, "140105,小店区,760,760", "140105,小店区,900,900"),)
FAULTY = "140105,小店区,七百六,760"
PLAIN = "140105,小店区,760,760"
EXPLAIN = ("none", "none", "none", "reasons")
PATIENCE = 60


@dataclass
class Seen:
    """What came of it. `memory` is in KiB, by time, of all processes."""

    answers: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    changes: int = 0
    memory: list[int] = field(default_factory=list)


@dataclass(frozen=True)
class Server:
    port: int
    process: int


@contextmanager
def serving(folder: Path, workers: int, *more: str, files: int = 0) -> Iterator[Server]:
    """
    Args:
        more: options of the command.
        files: how many the system lets the server have open; 0 for as many as it lets us.
    """
    command = [sys.executable, "-m", "engine", "serve", "--port", "0", "--workers", str(workers)]
    process = subprocess.Popen(
        [*command, "--policies", str(folder), *more],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        cwd=SHIPPED.parent,
        preexec_fn=(lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (files, files))) if files else None,
    )
    assert process.stdout is not None
    try:
        port = next(int(found[1]) for line in process.stdout if (found := re.search(r"http://[^/]*:(\d+)/", line)))
        _wait(port)
        yield Server(port, process.pid)
    finally:
        process.terminate()
        assert process.wait(30) == 0


def _wait(port: int) -> None:
    """Until it is ready. Thousands of connections that were closed just before may have one reset as it begins."""
    until = time.monotonic() + PATIENCE
    while True:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=PATIENCE):
                return
        except ConnectionError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)


def households() -> list[bytes]:
    one = json.loads((SHIPPED.parent / "examples" / "households" / "eligible.json").read_text(encoding="utf-8"))
    drawn = [{**one, "id": f"S-{number}", "income_12m": str(9_000 + 400 * number)} for number in range(60)]
    return [json.dumps(each, ensure_ascii=False).encode() for each in drawn]


def expected(folder: Path, bodies: list[bytes]) -> dict[str, dict[tuple[int, str], bytes]]:
    """By digest, the answer to each household and each way of explaining it."""
    found: dict[str, dict[tuple[int, str], bytes]] = {}
    for text in (PLAIN, PLAIN.replace("760", "900")):
        put(folder, text)
        policies = engine.load(folder)
        for number, body in enumerate(bodies):
            decision = policies.evaluate(body)
            held = found.setdefault(decision.policy.digest, {})
            held[number, "none"] = as_json(decision.to_dict("zh", "none")).encode()
            held[number, "reasons"] = as_json(decision.to_dict("zh", "reasons")).encode()
    assert len(found) == 2
    put(folder, PLAIN)
    return found


def put(folder: Path, line: str) -> None:
    """Write the table with another first line, as a whole."""
    file = folder / TABLE
    head, _, *rest = (SHIPPED / TABLE).read_text(encoding="utf-8").splitlines()
    beside = file.with_name(".beside")
    beside.write_text("\n".join([head, line, *rest]) + "\n", encoding="utf-8")
    os.replace(beside, file)


async def call(port: int, number: int, bodies: list[bytes], wanted: dict[str, dict[tuple[int, str], bytes]],
               until: float, seen: Seen) -> None:  # fmt: skip
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    turn = number
    while time.monotonic() < until:
        turn += 1
        which, explain = turn % len(bodies), EXPLAIN[turn % len(EXPLAIN)]
        writer.write(_request(f"/v1/decisions?explain={explain}", bodies[which]))
        try:
            head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), PATIENCE)
            length = re.search(rb"content-length: (\d+)", head)
            body = await asyncio.wait_for(reader.readexactly(int(length[1]) if length else 0), PATIENCE)
        except (OSError, TimeoutError, asyncio.IncompleteReadError) as fault:
            seen.faults.append(f"lost: {type(fault).__name__}")
            return
        digest = re.search(rb"doudi-digest: (\S+)", head)
        answer = wanted.get(digest[1].decode() if digest else "", {}).get((which, explain))
        if not head.startswith(b"HTTP/1.1 200") or answer != body:
            seen.faults.append(f"wrong: {head[:40]!r} {body[:200]!r}")
        seen.answers[digest[1].decode() if digest else ""] += 1
    writer.close()
    with suppress(OSError):
        await writer.wait_closed()


def _request(path: str, body: bytes) -> bytes:
    head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: {len(body)}"
    return f"{head}\r\n\r\n".encode() + body


async def change(folder: Path, until: float, every: float, seen: Seen) -> None:
    lines = (PLAIN.replace("760", "900"), PLAIN, FAULTY, PLAIN.replace("760", "900"), PLAIN)
    while time.monotonic() < until:
        await asyncio.sleep(every)
        put(folder, lines[seen.changes % len(lines)])
        seen.changes += 1


async def weigh(server: Server, until: float, seen: Seen) -> None:
    while time.monotonic() < until:
        await asyncio.sleep(1)
        seen.memory.append(memory(server))


def memory(server: Server) -> int:
    """KiB of all its processes."""
    return sum(map(_resident, [server.process, *_children(server.process)]))


def _children(process: int) -> list[int]:
    told = Path(f"/proc/{process}/task/{process}/children").read_text(encoding="ascii")
    return [int(one) for one in told.split()]


def _resident(process: int) -> int:
    with suppress(OSError):
        found = re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{process}/status").read_text(encoding="ascii"))
        return int(found[1]) if found else 0
    return 0


async def soak(connections: int, seconds: int, every: int, workers: int) -> Seen:
    """
    Args:
        every: milliseconds between two changes.
    """
    seen, bodies = Seen(), households()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "policies"
        shutil.copytree(SHIPPED, folder)
        wanted = expected(folder, bodies)
        with serving(folder, workers) as server:
            until = time.monotonic() + seconds
            await asyncio.gather(
                *(call(server.port, number, bodies, wanted, until, seen) for number in range(connections)),
                change(folder, until, every / 1000, seen),
                weigh(server, until, seen),
            )
    return seen


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--connections", type=int, default=200)
    parser.add_argument("--seconds", type=int, default=120)
    parser.add_argument("--every", type=int, default=1000, help="milliseconds between two changes")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--hostile", action="store_true", help="gigabytes, silent tabs and slow requests instead")
    chosen = parser.parse_args()
    if chosen.hostile:
        from tests.serving.service.hostile import attack

        attack(chosen.workers)
        return
    seen = asyncio.run(soak(chosen.connections, chosen.seconds, chosen.every, chosen.workers))
    print(f"{sum(seen.answers.values()):,} answers under {len(seen.answers)} sets, {seen.changes} changes")
    print(f"{len(seen.faults)} wrong or lost", *seen.faults[:5], sep="\n")
    quarter = max(1, len(seen.memory) // 4)
    print("memory, MiB, mean of each quarter:", *(
        f"{sum(part) / len(part) / 1024:.0f}"
        for part in (seen.memory[at : at + quarter] for at in range(0, 4 * quarter, quarter))
        if part
    ))  # fmt: skip


if __name__ == "__main__":
    main()
