"""Checking twice as much takes about twice as many calls, whatever there is twice as much of; no clock is looked at."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.diagnostics import Severity
from tests.growth import ELEMENTS, FAULTS, KINDS, calls_of, check, folder_of

SIZES = {**dict.fromkeys(ELEMENTS, (20, 40, 80)), **dict.fromkeys(FAULTS, (40, 80, 160))}
"""of faults more, as the first hundred of a code in a file are told something that the others are not"""
MOST = 2.2
"""times the calls for twice the size; square growth would be four times

So a square part is seen that comes up to all the rest at some five hundred elements or a thousand faults.
"""
ONCE = {"one circle", "repeated conditions", "failing cases"}
"""kinds whose faults are told in one place, as warnings, or as a result of the case"""


@pytest.mark.parametrize("kind", KINDS)
def test_growth(kind: str, tmp_path: Path) -> None:
    calls_of(folder_of(tmp_path / "first", kind, 1))  # what is made once: parser, schemas
    small, middle, large = (calls_of(folder_of(tmp_path / str(size), kind, size)) for size in SIZES[kind])
    assert large - middle <= MOST * (middle - small)


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_is_what_it_is_called(kind: str, tmp_path: Path) -> None:
    """Elements have no fault that would end the check before its time; faults are all found."""
    size = 6
    found = check(folder_of(tmp_path / "folder", kind, size))
    errors = sum(one.severity is Severity.ERROR for one in found)
    if kind in ELEMENTS:
        assert errors == 0
    elif kind not in ONCE:
        # of six that are one, five are once too many
        assert errors == size - kind.startswith("one ")
