"""`python -m tests.agreement [--households N] [--policies M] [--seed S] [--jobs J] [SET…]`: as many as are asked for.

Every policy set has its share of the households, in tables of two hundred; each drawn policy has one of forty. A SET
is the name of one, `drawn`, or either with the number of a table (`overlay/7`, `drawn/31`), which is compared again.
Prints of each set who decided, why native code left rows, and the first differences; exits with 1 where there is one.
"""

from __future__ import annotations

import argparse
import random
import secrets
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from multiprocessing import get_context
from typing import Final

from tests.agreement.run import DRAWN
from tests.agreement.sets import policy_sets
from tests.agreement.work import Tables, Told, taken

ROWS: Final = 200
ROWS_OF_DRAWN: Final = 40
AT_ONCE: Final = 20
"""tables that one process takes, one after the other"""
MOST_TAKEN: Final = 10
"""times, after which the process gives way to another: native code that was made is kept"""
SHOWN: Final = 5


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--households", type=int, default=20_000, help="of all policy sets together")
    parser.add_argument("--policies", type=int, default=100, help="drawn at random")
    parser.add_argument("--seed", default=secrets.token_hex(4))
    parser.add_argument("--jobs", type=int, default=1, help="processes")
    parser.add_argument("--rows", type=int, help="of one table, in place of 200 or of 40 for a drawn policy")
    parser.add_argument("--fully", type=int, default=5, help="of so many tables one has its code made as users do")
    parser.add_argument("sets", nargs="*", metavar="SET")
    asked = parser.parse_args()
    print(f"seed {asked.seed}", flush=True)
    began, found, parts = time.perf_counter(), dict[str, Told](), list(_parts(asked))
    random.Random(asked.seed).shuffle(parts)  # so that a run that is cut off has seen something of every set
    waiting = Counter(part.name for part in parts)
    with get_context("spawn").Pool(asked.jobs, maxtasksperchild=MOST_TAKEN) as pool:
        for told in pool.imap_unordered(taken, parts):
            held = found.setdefault(told.name, Told(told.name))
            held.add(told)
            if told.wrong and len(held.wrong) - len(told.wrong) < SHOWN:
                print("\n".join(told.wrong[:SHOWN]), flush=True)
            waiting[told.name] -= 1
            print(f"{told.name}: {held.rows} households, {len(held.wrong)} differences", file=sys.stderr, flush=True)
            if not waiting[told.name]:
                print(held, flush=True)
    _print_all(found.values(), time.perf_counter() - began)
    return 1 if any(one.wrong for one in found.values()) else 0


def _print_all(found: Iterable[Told], seconds: float) -> None:
    of_sets = Told("all policy sets")
    for one in found:
        if one.name != DRAWN:
            of_sets.add(one)
    if of_sets.by:
        print(of_sets)
    wrong = sum(len(one.wrong) for one in found)
    print(f"{wrong or 'no'} differences, {seconds / 60:.0f} minutes")


def _parts(asked: argparse.Namespace) -> Iterator[Tables]:
    wanted = [_named(one) for one in asked.sets]
    sets = [one for one in policy_sets() if not wanted or one.name in dict(wanted)]
    share = asked.households / max(1, sum(one.weight for one in sets))
    counts = {one.name: (asked.rows or ROWS, round(share * one.weight)) for one in sets}
    if not wanted or DRAWN in dict(wanted):
        rows = asked.rows or ROWS_OF_DRAWN
        counts[DRAWN] = rows, rows * asked.policies
    for name, (rows, households) in counts.items():
        numbers = [at for one, at in wanted if one == name and at is not None]
        numbers = numbers or [*range(max(1, households // rows))]
        for first in range(0, len(numbers), AT_ONCE):
            yield Tables(name, tuple(numbers[first : first + AT_ONCE]), asked.seed, rows, asked.fully)


def _named(text: str) -> tuple[str, int | None]:
    """A set, and the number of a table where there is one."""
    name, _, number = text.rpartition("/")
    return (name, int(number)) if name and number.isdigit() else (text, None)


if __name__ == "__main__":
    sys.exit(main())
