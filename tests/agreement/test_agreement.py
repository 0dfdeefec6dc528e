"""A few new households, policies and tables on every run; the seed stands in the failure, with the command that asks
again."""

from __future__ import annotations

import os
import secrets
from collections import Counter
from typing import Final

import pytest

from tests.agreement.run import DRAWN, FULLY, QUICKLY, again, compared
from tests.agreement.sets import policy_sets

SEED: Final = os.environ.get("AGREEMENT_SEED") or secrets.token_hex(4)
POLICIES: Final = 100
AT_ONCE: Final = 10
ROWS: Final = 60
ROWS_OF_DRAWN: Final = 16
MORE: Final = ("overlay", "values", "hongkong")
"""are also asked what is missing, and whether other readings differ"""
TABLES: Final = 12
"""of which some row is decided by native code, where a set has any"""
NATIVE: Final = ("shipped", "overlay", "cookbook", "national", "figures", "flat")


@pytest.mark.parametrize("name", [one.name for one in policy_sets()])
def test_households_of_every_policy_set(name: str) -> None:
    """One table, and more where the interpreter alone decided it: that would be held against itself."""
    by = Counter[str]()
    first = 0 if name in MORE else 1
    for table in range(first, first + TABLES if name in NATIVE else first + 1):
        by.update(_agreed(name, table, ROWS, FULLY if name in NATIVE else QUICKLY))
        if by["kernel"]:
            break
    assert by["kernel"] or name not in NATIVE


@pytest.mark.parametrize("first", range(0, POLICIES, AT_ONCE))
def test_drawn_policies(first: int) -> None:
    """Of one in ten native code is made as for users."""
    by = Counter[str]()
    for at in range(first, first + AT_ONCE):
        by.update(_agreed(DRAWN, at, ROWS_OF_DRAWN, FULLY if at == first else QUICKLY))
    assert by["kernel"] > AT_ONCE
    assert by["interpreter"]


def _agreed(name: str, table: int, rows: int, level: int) -> Counter[str]:
    result = compared(name, table, SEED, rows, level)
    assert not result.wrong, f"{again(name, table, SEED, rows)}\n{result.wrong[0]}"
    return result.by
