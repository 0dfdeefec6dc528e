"""What native code takes: nothing in these expressions keeps a row from it, and it says of them what all others do."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

from engine.api import open_policies
from tests.agreement.deciders import Asked
from tests.agreement.households import Population
from tests.agreement.policies import written_policies
from tests.agreement.run import QUICKLY, compared_of

OF_ROWS: Final = {"refused", "a malformed value", "what only shows in the row's values"}
"""what keeps single rows out"""
TAKEN: Final = {
    "a value of another day": "p1[on d0] * a0",
    "a value by keys of another day": "p0[on d1]",
    "a value of an item's day": "sum(p1[on md] * ma for members)",
    "a list of another day": "if x0 in l1[on d0] then a0 else a1",
    "a list of an item's day": "if any(x0 in l1[on md] for members) then a0 else a1",
    "a set by a list of another day": "if s0 overlaps l3[on d0] then a0 else a1",
    "the greatest of quotients with divisors of their own": "max(ma / (1 + mn) for members)",
    "the least of quotients with divisors of their own": "min(ma / (1 + mn) for members where mt else a0)",
    "graded rates by persons": "p9",
    "graded rates by persons of a term": "p9[count(members where mt)]",
}


@pytest.mark.parametrize("what", TAKEN)
def test_what_native_code_takes(what: str, tmp_path: Path) -> None:
    policies = written_policies(["outputs:", f'  o0: {{label: 数, is: "{TAKEN[what]}"}}'], tmp_path)
    population = Population(policies, open_policies(tmp_path), [Asked("drawn")])
    natively = 0
    for table in range(1, 4):
        result = compared_of(population, "taken", table, what, 40, QUICKLY)
        assert not result.wrong, result.wrong[0]
        assert set(result.left) <= OF_ROWS
        natively += result.by["kernel"]
    assert natively > 30
