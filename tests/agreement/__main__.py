"""`python -m tests.agreement [--households N] [--policies N] [--seed S] [SET …]`: as many as are asked for.

Every policy set has its share of the households; drawn policies have forty each. Prints each set's count, who decided,
and the first differences; exits with 1 where there is one.
"""

from __future__ import annotations

import argparse
import secrets
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from tests.agreement.compare import Difference, differences, other_reasons
from tests.agreement.households import Asked, Population
from tests.agreement.policies import drawn_policies
from tests.agreement.sets import policy_sets
from tests.conformance.tables import natively

ROWS: Final = 200
"""of one table"""
ROWS_OF_DRAWN: Final = 40
SHOWN: Final = 5


def screened(
    population: Population, seed: object, rows: int, by: Counter[str], *, more: bool = False
) -> Iterator[Difference]:
    """What one batch shows. `by` counts who decided."""
    batch = population.batch(seed, rows)
    asked = batch.asked
    with natively():
        answers = population.policies.screen(
            batch.table, asked.policy, asked.as_of, asked.known_on, missing=more, readings=more
        )
        if batch.lacking:
            yield from other_reasons(population.policies, batch)
    by.update(answers["by"].to_pylist() if "by" in answers.column_names else ["?"] * answers.num_rows)
    yield from differences(population.policies, batch, answers, more=more)


@contextmanager
def drawn(seed: object) -> Iterator[Population]:
    """Of a policy drawn at random."""
    with TemporaryDirectory() as folder:
        yield Population(drawn_policies(seed, Path(folder)), [Asked()])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--households", type=int, default=20_000)
    parser.add_argument("--policies", type=int, default=100)
    parser.add_argument("--seed", default=secrets.token_hex(4))
    parser.add_argument("sets", nargs="*")
    asked = parser.parse_args()
    print(f"seed {asked.seed}", flush=True)
    sets = [one for one in policy_sets() if not asked.sets or one.name in asked.sets]
    share = asked.households // sum(one.weight for one in sets)
    wrong = sum(_of_set(one.name, one.population, share * one.weight, asked.seed) for one in sets)
    wrong += _of_drawn(asked.policies, asked.seed)
    print("no differences" if not wrong else f"{wrong} differences")
    return 1 if wrong else 0


def _of_set(name: str, population: Population, share: int, seed: str) -> int:
    began, by, wrong = time.perf_counter(), Counter[str](), 0
    for at in range(max(1, share // ROWS)):
        for one in screened(population, f"{seed}/{name}/{at}", ROWS, by, more=at % 10 == 0):
            wrong += 1
            if wrong <= SHOWN:
                print(f"{name}/{at}: {one}", flush=True)
    print(f"{name}: {dict(by)} in {time.perf_counter() - began:.0f} s, {wrong} differences", flush=True)
    return wrong


def _of_drawn(count: int, seed: str) -> int:
    began, by, wrong = time.perf_counter(), Counter[str](), 0
    for at in range(count):
        with drawn(f"{seed}/drawn/{at}") as population:
            found = list(screened(population, f"{seed}/drawn/{at}", ROWS_OF_DRAWN, by, more=at % 10 == 0))
        wrong += len(found)
        for one in found[:SHOWN] if wrong <= 4 * SHOWN else []:
            print(f"drawn/{at}: {one}", flush=True)
    print(f"{count} drawn policies: {dict(by)} in {time.perf_counter() - began:.0f} s, {wrong} differences", flush=True)
    return wrong


if __name__ == "__main__":
    sys.exit(main())
