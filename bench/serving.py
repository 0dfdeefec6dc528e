"""How much the service answers a second, against an empty route of Starlette under the same server, in one run.

    python bench/serving.py [--households 500] [--seconds 5] [--rounds 5] [--connections 32]

Needs wrk (Debian has it), doudi[serve], and two cores: one for the server, one for wrk. Both servers are one process of
uvicorn with the same settings and are asked in turn, every task once a round, with the same households by POST; ratios
are taken within a round. A third server is ours with nothing to decide: every layer, the body read, `{}` answered with
all headers; so that layers and deciding are told apart. Requests are counted by second of the server's processor time,
so that whatever else the machine does counts as little as it can. `in process` is the same work called from Python,
without any service. An answer that is no 200 ends the run, and a sample of the answers is held against what the library
itself says.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import engine  # noqa: E402 - the checkout, not an installed copy
from bench.decide import sparse  # noqa: E402
from engine.escaping import as_json  # noqa: E402
from tests.oracle.households import household  # noqa: E402
from tests.oracle.territories import write_policies  # noqa: E402

PLAIN = "import sys; sys.modules.update(uvloop=None, httptools=None)\n"
"""what comes with the extra `serve` alone: uvicorn in Python throughout"""
DOUDI = """
import sys
from engine.__main__ import run
sys.argv = ["doudi", "serve", "--policies", %s, "--port", "0", "--workers", "1"]
run()
"""
UNDECIDED = """
from engine.serving.v1 import decisions
from engine.serving.v1.answers import answered
async def nothing(request):
    await decisions.body_of(request)
    return answered(request, "{}", "sha256:" + 64 * "0", "2023-06-15")
decisions.decide_one = nothing
"""
"""before ours: what stands in front of a decision, and none"""
EMPTY = """
from functools import partial
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route
from engine.serving import run
async def empty(request):
    return Response(b"{}", media_type="application/json")
def made():
    return Starlette(routes=[Route("/v1/decisions", empty, methods=["POST"])])
run.application = lambda settings, work: made()
from engine.serving.settings import Settings
listening = run.listen("127.0.0.1", 0)
print(run.address_of(listening), flush=True)
run.serve(Settings(()), None, listening)
"""
"""the same server, socket and settings; only the application is another"""
WRK = """
local bodies = {}
for line in io.lines(%s) do bodies[#bodies + 1] = line end
local made, at = {}, 0
function init(args)
  for i, body in ipairs(bodies) do
    made[i] = wrk.format("POST", %s, {["Content-Type"] = "application/json"}, body)
  end
end
function request() at = at %% #made + 1 return made[at] end
"""
TASKS = {
    "outcome": "/v1/decisions?explain=none",
    "with reasons": "/v1/decisions?explain=reasons",
    "everything": "/v1/decisions",
}


@contextmanager
def server(command: list[str]) -> Iterator[tuple[str, int]]:
    """Its address, and the number of its process."""
    process = subprocess.Popen(
        ["taskset", "-c", "0", *command], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, cwd=ROOT
    )
    assert process.stdout is not None
    try:
        for line in process.stdout:
            if found := re.search(r"http://[^ /]+/", line):
                yield found[0], process.pid
                break
    finally:
        process.terminate()
        process.wait(30)


def processor_time(process: int) -> float:
    user, system = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def wrk(script: Path, address: str, process: int, seconds: int, connections: int) -> float:
    """Answers a second of processor time."""
    before = processor_time(process)
    command = ["taskset", "-c", "1", "wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "-s", str(script), address]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert "Non-2xx" not in told, told
    found = re.search(r"([0-9]+) requests in ", told)
    assert found is not None, told
    return int(found[1]) / (processor_time(process) - before)


def scripts(folder: Path, bodies: Path, address: str, path: str) -> Path:
    file = folder / f"{abs(hash((address, path)))}.lua"
    file.write_text(WRK % (json.dumps(str(bodies)), json.dumps(path)), encoding="utf-8")
    return file


def must_agree(policies: engine.Policies, address: str, texts: list[str]) -> None:
    for text in texts[:50]:
        for path in TASKS.values():
            asked = urllib.request.Request(
                address.rstrip("/") + path, text.encode(), {"Content-Type": "application/json"}
            )
            with urllib.request.urlopen(asked) as answer:
                told: Any = json.load(answer)
            explain: Any = path.partition("=")[2] or "full"
            assert told == policies.evaluate(text).to_dict("zh", explain), text


def in_process(policies: engine.Policies, texts: list[bytes], explain: Any) -> float:
    start = time.process_time()
    for text in texts:
        as_json(policies.evaluate(text).to_dict("zh", explain)).encode()
    return len(texts) / (time.process_time() - start)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--households", type=int, default=500)
    parser.add_argument("--seconds", type=int, default=5)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--connections", type=int, default=32)
    chosen = parser.parse_args()
    drawn = [sparse(household(random.Random(f"7/{number}"), f"B-{number}")) for number in range(chosen.households)]
    texts = [json.dumps(one, ensure_ascii=False) for one in drawn]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        bodies = folder / "households.ndjson"
        bodies.write_text("\n".join(texts) + "\n", encoding="utf-8")
        root = write_policies(folder / "policies")
        policies = engine.load(root)
        for title, first in (("uvicorn alone", PLAIN), ("with uvloop and httptools", "")):
            python = [sys.executable, "-W", "ignore", "-c"]
            with (
                server([*python, first + EMPTY]) as empty,
                server([*python, first + UNDECIDED + DOUDI % repr(str(root))]) as undecided,
                server([*python, first + DOUDI % repr(str(root))]) as full,
            ):
                must_agree(policies, full[0], texts)
                rates = measure(policies, texts, [empty, undecided, full], folder, bodies, chosen)
            table(title, rates, sum(map(len, texts)) // len(texts))


def measure(
    policies: engine.Policies,
    texts: list[str],
    servers: list[tuple[str, int]],
    folder: Path,
    bodies: Path,
    chosen: argparse.Namespace,
) -> dict[str, list[float]]:
    rates: dict[str, list[float]] = {}
    plain = [text.encode() for text in texts]
    empty, undecided, full = servers
    asked = {
        "empty": (empty, "/v1/decisions"),
        "our own empty": (undecided, TASKS["outcome"]),
        **{name: (full, path) for name, path in TASKS.items()},
    }
    for turn in range(chosen.rounds + 1):
        for name, ((address, process), path) in asked.items():
            script = scripts(folder, bodies, address, path)
            rate = wrk(script, address, process, chosen.seconds if turn else 2, chosen.connections)
            rates.setdefault(name, []).extend([rate] * bool(turn))
        for name, explain in (("outcome", "none"), ("with reasons", "reasons"), ("everything", "full")):
            rate = in_process(policies, plain, explain)
            rates.setdefault(f"{name}, in process", []).extend([rate] * bool(turn))
    return rates


def table(title: str, rates: dict[str, list[float]], size: int) -> None:
    print(f"\n{title}: one process, households of {size} characters; medians of {len(rates['empty'])} rounds,")
    print("requests a second of processor time")
    print()
    print("| | requests/s | of the empty answer | of our own empty answer | of in process |")
    print("| --- | ---: | ---: | ---: | ---: |")
    for name, found in rates.items():
        of_empty, of_ours = ratio(found, rates["empty"]), ratio(found, rates["our own empty"])
        inner = rates.get(f"{name}, in process")
        of_inner = ratio(found, inner) if inner else ""
        print(f"| {name} | {statistics.median(found):,.0f} | {of_empty} | {of_ours} | {of_inner} |")


def ratio(one: list[float], other: list[float]) -> str:
    return f"{statistics.median(a / b for a, b in zip(one, other, strict=True)):.2f}"


if __name__ == "__main__":
    main()
