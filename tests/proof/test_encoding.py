"""A few new policies and households on every run, fixed in the solver; the seed stands in the failure."""

from __future__ import annotations

import os
import secrets
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import pytest

from engine.api import Policies
from engine.errors import HouseholdError
from engine.evaluation.household import read_household
from tests.agreement.deciders import Asked
from tests.agreement.households import Population
from tests.agreement.policies import drawn_policies
from tests.agreement.sets import policy_sets
from tests.proof.encoded import disagreements

SEED: Final = os.environ.get("PROOF_SEED") or secrets.token_hex(4)
POLICIES: Final = 24
HOUSEHOLDS: Final = 4
MOST_ITEMS: Final = 6


def _of_households(policies: Policies, population: Population, seed: str, count: int, asked: Asked) -> Counter[str]:
    told = Counter[str]()
    for place, tree in enumerate(population.complete(seed, count, asked)):
        if any(isinstance(items, list) and len(items) > MOST_ITEMS for items in tree.values()):
            continue
        try:
            route = policies.router.route(tree, asked.policy, None, None)
            facts = read_household(tree, route.checked, asked_fields=frozenset(tree))
        except HouseholdError:
            told["refused"] += 1
            continue
        found = disagreements(route.checked, facts, flagged=place % 2 == 1)
        assert not found, f"PROOF_SEED={SEED} {seed} {tree['id']}: {found[0]}"
        told["left" if found is None else "agreed"] += 1
    return told


@pytest.mark.parametrize("first", range(0, POLICIES, 8))
def test_drawn_policies(first: int) -> None:
    told = Counter[str]()
    for at in range(first, first + 8):
        seed = f"{SEED}/drawn/{at}"
        with TemporaryDirectory() as folder:
            policies = drawn_policies(seed, Path(folder))
            told += _of_households(policies, Population(policies, policies, [Asked()]), seed, HOUSEHOLDS, Asked())
    assert told["agreed"]


@pytest.mark.parametrize("name", ["shipped", "overlay", "cookbook", "hongkong", "national", "figures"])
def test_shipped_policies(name: str) -> None:
    one = next(one for one in policy_sets() if one.name == name)
    population = one.population
    told = _of_households(population.policies, population, f"{SEED}/{name}", 8, population._asked[0])
    assert sum(told.values())
