"""Checking twice as much takes about twice as many calls, whatever there is twice as much of; no clock is looked at."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.growth import KINDS, calls_of, folder_of

SIZES = (40, 80, 160)
MOST = 2.6
"""times the calls for twice the size; square growth would be four times"""


STEEPER = {"unknown names": "each is compared with every declared name before the nearest is offered"}
"""kinds that are known to grow faster, and why"""


@pytest.mark.parametrize(
    "kind",
    [pytest.param(kind, marks=pytest.mark.xfail(reason=STEEPER[kind])) if kind in STEEPER else kind for kind in KINDS],
)
def test_growth(kind: str, tmp_path: Path) -> None:
    calls_of(folder_of(tmp_path / "first", kind, 1))  # what is made once: parser, schemas
    small, middle, large = (calls_of(folder_of(tmp_path / str(size), kind, size)) for size in SIZES)
    assert large - middle <= MOST * (middle - small)
