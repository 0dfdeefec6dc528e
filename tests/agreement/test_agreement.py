"""A few new households, policies and tables on every run; the seed stands in the failure."""

from __future__ import annotations

import os
import secrets
from collections import Counter
from typing import Final

import pytest

from tests.agreement.__main__ import drawn, screened
from tests.agreement.sets import PolicySet, policy_sets

SEED: Final = os.environ.get("AGREEMENT_SEED") or secrets.token_hex(4)
DRAWN: Final = 100
AT_ONCE: Final = 10
ROWS: Final = 100
MORE: Final = ("overlay", "values", "hongkong")
"""are also asked what is missing, and whether other readings differ"""
TABLES: Final = 12
"""of which some row is decided by native code, where a set has any"""
NATIVE: Final = ("shipped", "overlay", "cookbook", "national", "figures", "flat")


@pytest.mark.parametrize("one", [pytest.param(one, id=one.name) for one in policy_sets()])
def test_households_of_every_policy_set(one: PolicySet) -> None:
    """One table, and more where the interpreter alone decided it: that would be held against itself."""
    by = Counter[str]()
    for table in range(TABLES if one.name in NATIVE else 1):
        found = list(screened(one.population, f"{SEED}/{one.name}/{table}", ROWS, by, more=one.name in MORE))
        assert not found, f"AGREEMENT_SEED={SEED} {found[0]}"
        if by["kernel"]:
            break
    assert by["kernel"] or one.name not in NATIVE


@pytest.mark.parametrize("first", range(0, DRAWN, AT_ONCE))
def test_drawn_policies(first: int) -> None:
    for at in range(first, first + AT_ONCE):
        with drawn(f"{SEED}/drawn/{at}") as population:
            found = list(screened(population, f"{SEED}/drawn/{at}", 20, Counter(), more=at % 10 == 0))
        assert not found, f"AGREEMENT_SEED={SEED} {found[0]}"
