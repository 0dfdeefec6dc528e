"""`python -m tests.whatif [households] [seed]`: what is said to change an answer, replayed; times and counts."""

from __future__ import annotations

import random
import sys

import engine
from tests.whatif.trials import Trials


def main(many: int, seed: int) -> int:
    print(f"{many} households, seed {seed}")
    tally = Trials(engine.load(), seed).run(range(many))
    times = sorted(tally.times)
    print(", ".join(f"{name} {count}" for name, count in sorted(tally.counts.items())))
    at = {"median": len(times) // 2, "95 %": len(times) * 95 // 100, "greatest": len(times) - 1}
    print("seconds: " + ", ".join(f"{name} {times[place]:.3f}" for name, place in at.items()))
    for told in tally.wrong[:20]:
        print(told)
    print(f"{len(tally.wrong)} wrong")
    return 1 if tally.wrong else 0


if __name__ == "__main__":
    asked = [int(one) for one in sys.argv[1:]]
    sys.exit(main(asked[0] if asked else 2_000, asked[1] if len(asked) > 1 else random.randrange(10**6)))
