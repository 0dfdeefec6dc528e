"""One set of policies may be asked from several threads at once, the first time too."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from engine.api import open_policies

HOUSEHOLD = {
    "id": "H-1",
    "application_date": "2023-06-15",
    "county": "140105",
    "residence": "urban",
    "income_12m": 45600,
    "financial_assets": 21000,
    "members": [{"id": "a", "medical_gross": 31000, "treatment_ongoing": True}],
}


@pytest.fixture(autouse=True)
def switching() -> Iterator[None]:
    """Threads take turns as often as they can."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


def test_first_questions_at_once_get_the_answer_of_one_alone() -> None:
    wanted = open_policies().evaluate(HOUSEHOLD).to_dict()
    for _ in range(3):
        policies = open_policies()
        with ThreadPoolExecutor(8) as pool:
            found = list(pool.map(lambda _, held=policies: held.evaluate(HOUSEHOLD).to_dict(), range(8)))
        assert all(one == wanted for one in found)
