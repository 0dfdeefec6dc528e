"""`python -m tests.whatif [--households N] [--first N] [--seed S] [--jobs N]`: what is told turns the answer, replayed.

Each household is drawn by the seed and its number, so that a run that was cut short goes on with `--first`. Seconds are
of the processor, of `--what-if` alone.
"""

from __future__ import annotations

import argparse
import random
import sys
from functools import partial
from multiprocessing import get_context

from tests.whatif.trials import Tally, tried

AT_ONCE = 100
"""after as many households what was found is told"""
SHOWN = 20


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--households", type=int, default=2_000)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    parser.add_argument("--jobs", type=int, default=1)
    asked = parser.parse_args()
    print(f"seed {asked.seed}", flush=True)
    numbers = range(asked.first, asked.first + asked.households)
    parts = [numbers[at : at + AT_ONCE] for at in range(0, len(numbers), AT_ONCE)]
    tally = Tally()
    with get_context("spawn").Pool(asked.jobs) as pool:
        for part, found in zip(parts, pool.imap(partial(tried, seed=asked.seed), parts), strict=True):
            for told in found.wrong[: max(0, SHOWN - len(tally.wrong))]:
                print(told, flush=True)
            tally.add(found)
            if part.stop % (5 * AT_ONCE) == 0:
                print(f"up to {part.stop}: {len(tally.wrong)} wrong, greatest {max(tally.times)[0]:.3f} s", flush=True)
    times = sorted(tally.times)
    print(", ".join(f"{name} {count}" for name, count in sorted(tally.counts.items())))
    at = {"median": len(times) // 2, "95 %": len(times) * 95 // 100, "greatest": len(times) - 1}
    print(
        "seconds: "
        + ", ".join(f"{name} {times[place][0]:.3f}" for name, place in at.items())
        + f" (household {times[-1][1]})"
    )
    print(f"{len(times)} households, {len(tally.wrong)} wrong")
    return 1 if tally.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
