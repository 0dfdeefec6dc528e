"""How long it takes to compare the province with each city, and with each overlay of the examples.

    python bench/comparing.py [--jobs 2]

Each is compared whole, as `doudi compare shanxi_2022_60 OVERLAY` does, the policies being loaded; two processes share
them. Prints the verdict on the outcome and the seconds of the processor of each, the slowest first, their sum, and how
long all took together.
"""

from __future__ import annotations

import argparse
import sys
import time
from functools import cache
from multiprocessing import get_context
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from engine.api import Policies, load  # noqa: E402 - the checkout, not an installed copy
from engine.cli.compare import line_of  # noqa: E402
from engine.proof.compared import compare  # noqa: E402

PROVINCE = "shanxi_2022_60"
FOLDERS = ("", "overlay", "cookbook")
Named = tuple[str, str]


@cache
def loaded(folder: str) -> Policies:
    return load([ROOT / "policies", *([ROOT / "examples" / folder] if folder else [])])


def load_all() -> None:
    for folder in FOLDERS:
        loaded(folder)


def overlays() -> list[Named]:
    """With the folder of the examples that each stands in."""
    shipped = {id for id in loaded("").ids if id != PROVINCE}
    found = [(folder, id) for folder in FOLDERS[1:] for id in loaded(folder).ids if id not in {*shipped, PROVINCE}]
    return [*(("", id) for id in sorted(shipped)), *found]


def timed(named: Named) -> tuple[float, str, str]:
    folder, id = named
    one, other = (line_of(name, loaded(folder)) for name in (PROVINCE, id))
    began = time.process_time()
    found = compare(one, other, other.places)
    return time.process_time() - began, id, found.differences[0].verdict


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--jobs", type=int, default=2)
    asked = parser.parse_args()
    every = overlays()
    with get_context("spawn").Pool(asked.jobs, initializer=load_all) as pool:
        pool.map(abs, range(8 * asked.jobs), chunksize=1)  # until they have loaded, which is not counted
        began = time.perf_counter()
        found = pool.map(timed, every, chunksize=1)
        took = time.perf_counter() - began
    for seconds, id, verdict in sorted(found, reverse=True):
        print(f"{seconds:6.2f}  {id:<32} {verdict}")
    print(f"{sum(seconds for seconds, *_ in found):6.2f}  in all, of the processor; {took:.2f} s on {asked.jobs} cores")


if __name__ == "__main__":
    main()
