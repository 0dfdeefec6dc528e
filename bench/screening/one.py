"""One task in a process of its own: `python -m bench.screening.one TASK FILE OUT [--threads 2]`, to one line of JSON.

`seconds` from opening the input to closing the output, `peak` the most memory that the process ever held in MB, `rows`
and `eligible` of what came out. Tasks are those of `peers`, and ours:

    kernel, kernel-shipped      `Screening` on batches, as a program of one's own calls it, some columns of it kept;
                                policies loaded and code made before, by the first rows
    command, command-shipped    `doudi screen` as it is, in this process: policies read and code made within the time
    interpreter                 the same household by household, of the first 2,000
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from bench.screening.peers import CODED, MEMBER, TASKS, by_groups

ROOT: Final = Path(__file__).resolve().parents[2]
FLAT, SHIPPED = ROOT / "bench/screening/policy", ROOT / "policies"
CAUSES: Final = [f"causes.{cause}" for cause in ("illness", "disability", "education", "multiple")]
KEPT: Final = {
    FLAT: ["id", "outcome", *CAUSES, "outputs.adjusted"],
    SHIPPED: ["id", "outcome", *CAUSES, "outputs.shortfall"],
}
SHIPPED_CODED: Final = ["county", "residence", f"{MEMBER}education_stage", f"{MEMBER}id"]
BY_HAND: Final = 2_000


def kernel(policies: Path, coded: list[str]) -> Callable[[Path, Path, int], float]:
    def timed(file: Path, out: Path, threads: int) -> float:
        import engine
        from engine.screening.screen import Screening
        from engine.screening.writing.parquet import writer

        opened = pq.ParquetFile(file, read_dictionary=coded)
        screening = Screening(engine.load(policies), opened.schema_arrow, only=KEPT[policies])
        screening.batch(next(opened.iter_batches(1_000)))
        kept = KEPT[policies]
        sys.setswitchinterval(0.0002)  # as `doudi screen` does: threads ask for the interpreter between short calls
        began = time.perf_counter()
        by_groups(file, out, threads, lambda batch: screening.batch(batch).select(kept), None, coded, writer)
        return time.perf_counter() - began

    return timed


def command(policies: Path) -> Callable[[Path, Path, int], float]:
    def timed(file: Path, out: Path, threads: int) -> float:
        from engine.cli.main import main as doudi

        began = time.perf_counter()
        status = doudi(["screen", str(file), "-o", str(out), "--policies", str(policies), "--jobs", str(threads)])
        seconds = time.perf_counter() - began
        assert status in (0, 1), status
        return seconds

    return timed


def interpreter(file: Path, out: Path, _threads: int) -> float:
    import engine
    from engine.screening.rows import Rows
    from engine.screening.screen import declared_in

    policies = engine.load(FLAT)
    batch = next(pq.ParquetFile(file).iter_batches(BY_HAND))
    rows = Rows(batch.schema, declared_in(policies, None)).households(batch)
    began = time.perf_counter()
    said = [policies.evaluate(row) for row in rows]
    found = [str(one.outcome) for one in said]
    seconds = time.perf_counter() - began
    pq.write_table(pa.table({"id": [one.household for one in said], "outcome": found}), out)
    return seconds


EVERY: Final[Mapping[str, Callable[[Path, Path, int], float]]] = {
    **TASKS,
    "kernel": kernel(FLAT, CODED),
    "kernel-shipped": kernel(SHIPPED, SHIPPED_CODED),
    "command": command(FLAT),
    "command-shipped": command(SHIPPED),
    "interpreter": interpreter,
}


def most_held() -> float:
    """In MB, of this program; what `getrusage` tells counts what its parent held before it."""
    line = next(line for line in Path("/proc/self/status").read_text("utf-8").splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("task", choices=EVERY)
    parser.add_argument("file", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--threads", type=int, default=2)
    asked = parser.parse_args()
    asked.out.unlink(missing_ok=True)
    seconds = EVERY[asked.task](asked.file, asked.out, asked.threads)
    peak = most_held()
    found: dict[str, object] = {"seconds": seconds, "peak": peak}
    if asked.out.exists():
        opened = pq.ParquetFile(asked.out)
        name = "eligible" if "eligible" in opened.schema_arrow.names else "outcome"
        told = pq.read_table(asked.out, columns=[name])[name]
        eligible = pc.sum(told) if name == "eligible" else pc.sum(pc.equal(told, "eligible"))
        found |= {"rows": len(told), "eligible": eligible.as_py(), "out": asked.out.stat().st_size / 1e6}
    print(json.dumps(found), flush=True)


if __name__ == "__main__":
    main()
