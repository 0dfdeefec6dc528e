"""How many instructions a decision takes: for machines on which time is too uneven to compare anything by.

    python bench/instructions.py [--households 80] [CHECKOUT …]

Prints, for complete and sparse households, what `bench/decide.py` times: the outcome alone and all of it, as multiples
of hand-written Python, counted by valgrind's cachegrind (`apt install valgrind`). With several checkouts of this
project (the first is the one to compare with; default: this one alone) they stand side by side, and each is given as a
ratio to the first. Counting repeats to about one in a thousand and takes a minute for each checkout.
"""

from __future__ import annotations

import argparse
import gc
import os
import random
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SHAPES = ("complete", "sparse")
WORK = ("nothing", "by hand", "outcome", "all of it")
HAND_TIMES = 10
WARM = 60  # often enough that steps have code of their own


def work(checkout: Path, shape: str, what: str, households: int) -> None:
    """What is counted, in a process of its own."""
    sys.path.insert(0, str(checkout))
    decide = import_module("bench.decide")
    from tests.oracle.households import household, standards_of
    from tests.oracle.territories import write_policies

    gc.disable()
    shaped = {"complete": decide.complete, "sparse": decide.sparse}[shape]
    drawn = [shaped(household(random.Random(f"7/{number}"), f"B-{number:06d}")) for number in range(households)]
    standards = [
        {key: decide.Decimal((1200 * value).numerator) / 100 for key, value in standards_of(each).items()}
        for each in drawn
    ]
    with tempfile.TemporaryDirectory() as folder:
        policies = decide.engine.load(write_policies(Path(folder)))
        actions: dict[str, Callable[[int], object]] = {
            "nothing": lambda _: None,
            "by hand": lambda number: [decide.by_hand(drawn[number], standards[number]) for _ in range(HAND_TIMES)],
            "outcome": lambda number: policies.evaluate(drawn[number]),
            "all of it": lambda number: policies.evaluate(drawn[number]).to_dict(),
        }
        for action in actions.values():
            for number in range(min(WARM, households)):
                action(number)
        for number in range(households):
            actions[what](number)


def counted(checkout: Path, shape: str, what: str, households: int) -> int:
    asked = [sys.executable, __file__, "--work", shape, what, "--households", str(households), str(checkout)]
    counting = ["valgrind", "--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null"]
    environment = {**os.environ, "PYTHONHASHSEED": "0"}
    run = subprocess.run([*counting, *asked], env=environment, capture_output=True, text=True, check=True)
    found = re.search(r"I\s+refs:\s+([\d,]+)", run.stderr)
    assert found is not None, run.stderr
    return int(found[1].replace(",", ""))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkouts", nargs="*", type=Path, default=[ROOT], metavar="CHECKOUT")
    parser.add_argument("--households", type=int, default=80)
    parser.add_argument("--work", nargs=2, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    checkouts: list[Path] = [each.resolve() for each in chosen.checkouts]
    if chosen.work:
        shape, what = chosen.work
        work(checkouts[0], shape, what, chosen.households)
        return
    print("| what | checkout | instructions a household | times by hand | times the first |")
    print("| --- | --- | ---: | ---: | ---: |")
    for shape in SHAPES:
        jobs = [(checkout, what) for checkout in checkouts for what in WORK]
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            running = {job: pool.submit(counted, job[0], shape, job[1], chosen.households) for job in jobs}
        totals = {job: count.result() for job, count in running.items()}
        for what in WORK[2:]:
            each = {checkout: totals[checkout, what] - totals[checkout, "nothing"] for checkout in checkouts}
            for checkout, taken in each.items():
                hand = (totals[checkout, "by hand"] - totals[checkout, "nothing"]) / HAND_TIMES
                figures = f"{taken / chosen.households:,.0f} | {taken / hand:.1f} | {taken / each[checkouts[0]]:.3f}"
                print(f"| {shape}: {what} | {checkout.name} | {figures} |")


if __name__ == "__main__":
    main()
