"""`python -m tests.proof [--pairs N] [--first N] [--households N] [--seed S] [--jobs N]`: as many as are asked for.

Pairs of drawn policies, the second an edited copy: prints what was found, and the first that is wrong; exits with 1
where there is one. Each is drawn by the seed and its number, so that a run that was cut short goes on with `--first`.
"""

from __future__ import annotations

import argparse
import secrets
import sys
import time
from collections import Counter
from functools import partial
from multiprocessing import get_context

from tests.proof.pairs import counted

SHOWN = 10
TOLD = 20
"""after as many pairs what was found so far is told"""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=100)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--households", type=int, default=10_000)
    parser.add_argument("--seed", default=secrets.token_hex(4))
    parser.add_argument("--jobs", type=int, default=1)
    asked = parser.parse_args()
    print(f"seed {asked.seed}", flush=True)
    began, told, wrong = time.perf_counter(), Counter[str](), 0
    seeds = [f"{asked.seed}/pair/{at}" for at in range(asked.first, asked.first + asked.pairs)]
    with get_context("spawn").Pool(asked.jobs) as pool:
        for done, (found, lines) in enumerate(pool.imap(partial(counted, households=asked.households), seeds), 1):
            told += found
            for line in lines[: max(0, SHOWN - wrong)]:
                print(line, flush=True)
            wrong += len(lines)
            if done % TOLD == 0:
                print(f"up to {asked.first + done}: {dict(told)}, {wrong} contradictions", flush=True)
    print(
        f"{asked.pairs} pairs: {dict(told)} in {time.perf_counter() - began:.0f} s, {wrong} contradictions", flush=True
    )
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
