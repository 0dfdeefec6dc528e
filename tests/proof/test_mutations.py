"""A few small changes of a city's rules on every run: each is found, or nothing tells it apart; the seed stands in the
failure. `python -m tests.proof.mutations` draws as many as it is told, of all packs."""

from __future__ import annotations

import os
import random
import secrets
from datetime import date
from typing import Final

from tests.agreement.sets import policy_sets
from tests.proof.mutations import Cell, Told, tell

SEED: Final = os.environ.get("PROOF_SEED") or secrets.token_hex(4)
MUTATIONS: Final = 6


def test_each_is_found_or_proved_to_change_nothing() -> None:
    shipped = next(one for one in policy_sets() if one.name == "shipped")
    slices, day = shipped.population.policies.slices, date(2023, 1, 1)
    policy, _ = slices.checked(("shanxi_2022_60", "taiyuan"), "140105", day, None)
    assert policy is not None
    cell, rng, told = Cell("taiyuan", shipped.population, policy, "140105", day), random.Random(SEED), Told()
    for kind in rng.sample(sorted(cell.mutations), MUTATIONS):
        mutation = rng.choice(cell.mutations[kind])
        other = mutation.make()
        if other is not None:
            tell(cell, mutation, other, SEED, told)
    assert not told.lines, f"PROOF_SEED={SEED} {told.lines[0]}"
