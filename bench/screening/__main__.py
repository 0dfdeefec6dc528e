"""Screening side by side with others: `python -m bench.screening FOLDER [PART …] [--households N …] [--rounds 5]`.

FOLDER takes the made data and the answers (13,500,000 households need about 3 GB), and `results.json`. Parts:

    ratios    every task at each number of households, in turn, each in a process of its own; then with 3 % nulls
    growth    seconds from 10,000 to 13,500,000 households, with growth.svg
    start     whole processes: `doudi screen` on 10,000 households of the shipped policies
    overlays  the first batch under 1 to 50 different county overlays, with overlays.svg
    files     CSV in GB18030 and XLSX against reading alone

Read the ratios: each is the median over rounds of ratios within a round. Rates drift with the machine.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from bench.screening.files import as_csv, as_workbook
from bench.screening.households import written

ROOT: Final = Path(__file__).resolve().parents[2]
HAND: Final = ("numpy", "duckdb", "polars")
"""of which the fastest is the mark"""
TASKS: Final = ("scan", "fused", *HAND, "kernel", "command")
SIZES: Final = (10_000, 30_000, 100_000, 300_000, 1_000_000, 3_000_000, 13_500_000)
MOST_COMPARED: Final = 1_000_000
"""households whose answers are all held against each other; of more only the eligible are counted"""
ALIKE: Final = os.environ | {"ARROW_DEFAULT_MEMORY_POOL": "jemalloc"}
"""Arrow takes memory in the same way in every task, that of `doudi screen`; NumPy by hand is as fast with the other"""
LIBRARIES: Final = ("pyarrow", "numpy", "duckdb", "polars", "numba", "llvmlite")
Result = dict[str, Any]


def run(module: str, *arguments: object, cwd: Path = ROOT) -> Result:
    """A task in a process of its own; why there is nothing, where it failed."""
    done = subprocess.run(
        [sys.executable, "-m", module, *map(str, arguments)],
        cwd=cwd, env=ALIKE, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        return {"failed": done.stderr.strip().splitlines()[-1] if done.stderr.strip() else str(done.returncode)}
    found: Result = json.loads(done.stdout.strip().splitlines()[-1])
    return found


def rounds_of(tasks: Sequence[str], file: Path, out: Path, rounds: int) -> dict[str, list[Result]]:
    """Each round every task once, in turn."""
    found: dict[str, list[Result]] = {task: [] for task in tasks}
    with file.open("rb") as held:  # into the page cache, for all alike
        while held.read(1 << 24):
            pass
    for _ in range(rounds):
        for task in tasks:
            found[task].append(run("bench.screening.one", task, file, out / f"{task}.parquet"))
    return found


def ratio(found: Mapping[str, Sequence[Result]], task: str, marks: Sequence[str]) -> float | None:
    """The median over rounds of a task's seconds to those of the fastest of the marks."""
    each = [
        runs[task]["seconds"] / min(runs[mark]["seconds"] for mark in marks)
        for runs in (dict(zip(found, one, strict=True)) for one in zip(*found.values(), strict=True))
        if all("seconds" in runs[name] for name in (task, *marks))
    ]
    return statistics.median(each) if each else None


def shown(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}"


def table(found: Mapping[str, Sequence[Result]], households: int) -> None:
    print(f"\n{households:,} households\n")
    print("| task | s | households/s | to the fastest by hand | to the fused loop | to the scan | peak MB | eligible |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    marks = [task for task in HAND if task in found and "seconds" in found[task][0]]
    for task, runs in found.items():
        good = [one for one in runs if "seconds" in one]
        if not good:
            print(f"| {task} | {runs[0].get('failed', '')} |")
            continue
        seconds, peak = (statistics.median(one[key] for one in good) for key in ("seconds", "peak"))
        others = [
            ratio(found, task, held) if held and held[0] in found else None for held in (marks, ["fused"], ["scan"])
        ]
        cells = [f"{seconds:.2f}", f"{households / seconds:,.0f}", *map(shown, others), f"{peak:.0f}"]
        print(f"| {task} | {' | '.join(cells)} | {good[0].get('eligible', '')} |", flush=True)


ANSWERS: Final = ("eligible", "illness", "disability", "education", "multiple", "adjusted")


def answers(file: Path) -> pa.Table:
    """What a task answered, ours in the columns of the others, in the order of ids."""
    found = pq.read_table(file)
    if "outcome" in found.column_names:
        columns = {"id": found["id"], "eligible": pc.equal(found["outcome"], "eligible")}
        columns |= {cause: pc.equal(found[f"causes.{cause}"], "met") for cause in ANSWERS[1:5]}
        amounts = found["outputs.adjusted"].combine_chunks()
        # hundredths in 128 bits, of which these need the lower half
        fen = np.frombuffer(amounts.buffers()[1], np.int64)[2 * amounts.offset :: 2][: len(amounts)]
        there = amounts.is_valid().to_numpy(zero_copy_only=False)
        found = pa.table(columns | {"adjusted": pa.array(fen, mask=~there)})
    return pa.table(
        {"id": found["id"].cast(pa.string())} | {name: found[name].cast(pa.int64()) for name in ANSWERS}
    ).sort_by("id")


def agreeing(folder: Path, tasks: Iterable[str]) -> str:
    """Whether all tasks said the same of every household, in all columns."""
    files = {task: folder / f"{task}.parquet" for task in tasks}
    held = {task: answers(file) for task, file in files.items() if file.exists()}
    first = next(iter(held.values()))
    wrong = [task for task, said in held.items() if not said.equals(first)]
    return f"{', '.join(wrong)} differ from {next(iter(held))}" if wrong else f"{', '.join(held)} agree in every answer"


# ---- parts


def ratios(folder: Path, sizes: Sequence[int], rounds: int) -> Result:
    told: Result = {}
    for size in sizes:
        found = rounds_of(TASKS, written(folder, size), folder, rounds)
        table(found, size)
        if size <= MOST_COMPARED:
            print(f"\n{agreeing(folder, (task for task in TASKS if task != 'scan'))}", flush=True)
        told[f"flat {size}"] = found
        for name, file in (
            ("3 % of facts not known", written(folder, size, nulls="facts")),
            ("3 % of every field not known", written(folder, size, nulls="every")),
        ):
            pair = {"none": written(folder, size), "nulls": file}
            found = {key: [] for key in pair}
            for _ in range(rounds):
                for key, one in pair.items():
                    found[key].append(run("bench.screening.one", "kernel", one, folder / "nulls.parquet"))
            told[f"{name} {size}"] = found
            print(
                f"\n{name}: {shown(ratio(found, 'nulls', ['none']))} times as long as without ({size:,} households)",
                flush=True,
            )
        found = rounds_of(["kernel-shipped", "command-shipped"], written(folder, size, "shipped"), folder, rounds)
        print("\nthe shipped policies:")
        table(found, size)
        told[f"shipped {size}"] = found
    return told


def growth(folder: Path, sizes: Sequence[int], rounds: int) -> Result:
    told: Result = {}
    print("\n| households |", " | ".join(TASKS), "|\n| ---: |", " | ".join("---:" for _ in TASKS), "|")
    for size in (one for one in SIZES if one <= max(sizes)):
        found = rounds_of(TASKS, written(folder, size), folder, rounds)
        told[str(size)] = {
            task: statistics.median(one["seconds"] for one in runs)
            for task, runs in found.items()
            if all("seconds" in one for one in runs)
        }
        print(f"| {size:,} |", " | ".join(shown(told[str(size)].get(task)) for task in TASKS), "|", flush=True)
    lines = {task: {int(size): held[task] for size, held in told.items() if task in held} for task in TASKS}
    (folder / "growth.svg").write_text(drawn(lines, "households", "seconds"), encoding="utf-8")
    return told


def start(folder: Path, _sizes: Sequence[int], rounds: int) -> Result:
    file, out = written(folder, 10_000, "shipped"), folder / "start.parquet"
    seconds = []
    for _ in range(rounds):
        out.unlink(missing_ok=True)
        began = time.perf_counter()
        command = [sys.executable, "-m", "engine", "screen", str(file), "-o", str(out)]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        seconds.append(time.perf_counter() - began)
        if done.returncode not in (0, 1):
            print(f"\nstart: {done.stderr.strip().splitlines()[-1:]}")
            return {}
    print(f"\n10,000 households of the shipped policies, from starting the command: {statistics.median(seconds):.2f} s")
    return {"seconds": seconds}


def overlays(folder: Path, _sizes: Sequence[int], rounds: int) -> Result:
    told: Result = {}
    print("\n| overlays | first batch s | second batch s |\n| ---: | ---: | ---: |")
    for count in (1, 2, 5, 10, 20, 30, 40, 50):
        found = [run("bench.screening.first", count, seed) for seed in range(rounds)]
        good = [one for one in found if "first" in one]
        if not good:
            print(f"| {count} | {found[0].get('failed')} |")
            continue
        first, second = (statistics.median(one[key] for one in good) for key in ("first", "second"))
        told[str(count)] = {"first": first, "second": second}
        print(f"| {count} | {first:.2f} | {second:.3f} |", flush=True)
    lines = (
        {key: {int(count): held[key] for count, held in told.items()} for key in ("first", "second")} if told else {}
    )
    if lines:
        (folder / "overlays.svg").write_text(drawn(lines, "different overlays", "seconds"), encoding="utf-8")
    return told


def files(folder: Path, _sizes: Sequence[int], rounds: int) -> Result:
    held = {"csv": (as_csv, 1_000_000), "xlsx": (as_workbook, 100_000)}
    told: Result = {}
    for kind, (made, households) in held.items():
        source = made(written(folder, households))
        found: dict[str, list[Result]] = {"read": [], "screen": []}
        for _ in range(rounds):
            found["read"].append(run("bench.screening.files", f"read-{kind}", source))
            found["screen"].append(run("bench.screening.files", kind, source, folder / f"{kind}.parquet"))
        told[kind] = found
        failed = next((one["failed"] for one in found["screen"] if "failed" in one), None)
        times = failed or shown(ratio(found, "screen", ["read"]))
        print(f"\n{kind}: {times} times reading alone ({households:,} households)", flush=True)
    return told


PARTS: Final[Mapping[str, Callable[[Path, Sequence[int], int], Result]]] = {
    "ratios": ratios,
    "growth": growth,
    "start": start,
    "overlays": overlays,
    "files": files,
}


# ---- drawing


def drawn(lines: Mapping[str, Mapping[int, float]], across: str, up: str) -> str:
    """Lines over both axes logarithmic, as SVG."""
    width, height, left, below = 720, 460, 60, 50
    xs = [x for line in lines.values() for x in line]
    ys = [y for line in lines.values() for y in line.values()]
    first, last = min(xs), max(xs)
    low, high = 10 ** math.floor(math.log10(min(ys))), 10 ** math.ceil(math.log10(max(ys)))

    def x_of(x: float) -> float:
        return left + (width - left - 130) * math.log(x / first) / math.log(last / first)

    def y_of(y: float) -> float:
        return height - below - (height - below - 20) * math.log(y / low) / math.log(high / low)

    size = f'width="{width}" height="{height}" font-family="sans-serif" font-size="11"'
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" {size}>']
    parts.append(f'<rect width="{width}" height="{height}" fill="white"/>')
    for power in range(round(math.log10(low)), round(math.log10(high)) + 1):
        y = y_of(10.0**power)
        parts.append(f'<path d="M{left} {y:.1f}H{width - 130}" stroke="#ddd"/>')
        parts.append(f'<text x="{left - 6}" y="{y + 4:.1f}" text-anchor="end">{10.0**power:g}</text>')
    for x in sorted(set(xs)):
        parts.append(f'<path d="M{x_of(x):.1f} 20V{height - below}" stroke="#eee"/>')
        parts.append(f'<text x="{x_of(x):.1f}" y="{height - below + 16}" text-anchor="middle">{x:,}</text>')
    parts.append(f'<text x="{(width - 70) / 2}" y="{height - 10}" text-anchor="middle">{across}</text>')
    middle = height / 2
    parts.append(f'<text x="14" y="{middle}" transform="rotate(-90 14 {middle})" text-anchor="middle">{up}</text>')
    for number, (name, line) in enumerate(lines.items()):
        if not line:
            continue
        colour = f"hsl({number * 360 // len(lines)} 65% 40%)"
        points = " ".join(f"{x_of(x):.1f},{y_of(y):.1f}" for x, y in sorted(line.items()))
        x, y = max(line.items())
        parts.append(f'<polyline fill="none" stroke="{colour}" stroke-width="1.6" points="{points}"/>')
        parts.append(f'<text x="{x_of(x) + 6:.1f}" y="{y_of(y) + 4:.1f}" fill="{colour}">{name}</text>')
    return "\n".join([*parts, "</svg>\n"])


def machine() -> str:
    names: Iterable[str] = (
        Path("/proc/cpuinfo").read_text("utf-8").splitlines() if Path("/proc/cpuinfo").exists() else ()
    )
    model = next((line.split(":")[1].strip() for line in names if line.startswith("model name")), platform.processor())
    libraries = []
    for name in LIBRARIES:
        try:
            libraries.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            libraries.append(f"{name} absent")
    return f"{model}, Python {platform.python_version()}, {', '.join(libraries)}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("parts", nargs="*", metavar="PART", help=" ".join(PARTS))
    parser.add_argument("--households", type=int, nargs="+", default=[1_000_000, 13_500_000])
    parser.add_argument("--rounds", type=int, default=5)
    asked = parser.parse_args()
    asked.folder.mkdir(parents=True, exist_ok=True)
    print(machine())
    kept = asked.folder / "results.json"
    results = json.loads(kept.read_text("utf-8")) if kept.exists() else {}
    for part in asked.parts or PARTS:
        results[part] = PARTS[part](asked.folder, asked.households, asked.rounds)
        kept.write_text(json.dumps({**results, "machine": machine()}, ensure_ascii=False, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
