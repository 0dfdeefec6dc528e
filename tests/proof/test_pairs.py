"""A few new pairs of policies on every run; the seed stands in the failure."""

from __future__ import annotations

import os
import secrets
from typing import Final

import pytest

from tests.proof.pairs import pair

SEED: Final = os.environ.get("PROOF_SEED") or secrets.token_hex(4)
PAIRS: Final = 50
HOUSEHOLDS: Final = 20
AT_ONCE: Final = 10


@pytest.mark.slow
@pytest.mark.parametrize("first", range(0, PAIRS, AT_ONCE))
def test_witnesses_replay_and_proofs_hold(first: int) -> None:
    for at in range(first, first + AT_ONCE):
        found = pair(f"{SEED}/pair/{at}", HOUSEHOLDS)
        assert found is None or not found.wrong, f"PROOF_SEED={SEED} {found.wrong[0]}"
