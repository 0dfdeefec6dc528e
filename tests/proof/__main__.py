"""`python -m tests.proof [--pairs N] [--households N] [--seed S]`: as many as are asked for.

Pairs of drawn policies, the second an edited copy: prints what was found, and the first that is wrong; exits with 1
where there is one.
"""

from __future__ import annotations

import argparse
import secrets
import sys
import time
from collections import Counter

from tests.proof.pairs import pair

SHOWN = 10


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=100)
    parser.add_argument("--households", type=int, default=200)
    parser.add_argument("--seed", default=secrets.token_hex(4))
    asked = parser.parse_args()
    print(f"seed {asked.seed}", flush=True)
    began, told, wrong = time.perf_counter(), Counter[str](), 0
    for at in range(asked.pairs):
        found = pair(f"{asked.seed}/pair/{at}", asked.households)
        if found is None:
            told["no edit"] += 1
            continue
        told += found.told
        wrong += len(found.wrong)
        for line in found.wrong if wrong <= SHOWN else ():
            print(line, flush=True)
    print(
        f"{asked.pairs} pairs: {dict(told)} in {time.perf_counter() - began:.0f} s, {wrong} contradictions", flush=True
    )
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
