"""Answers of every policy here are as sharp as completions of the household allow, at 5 % and 15 % nulls.

Counted are outcomes, and figures where there is no outcome, that are not known: to the program without what narrows it,
to the program, and of how many two completions differ. The last two are equal: nothing is left open that need not be.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

import pytest

from tests.oracle.sharpness import World, survey, worlds

ROOT: Final = Path(__file__).parents[2]
SHIPPED: Final = ROOT / "policies"
EXAMPLES: Final = ROOT / "examples"
FOLDERS: Final[dict[str, list[Path]]] = {
    "policies": [SHIPPED],
    "cookbook": [SHIPPED, EXAMPLES / "cookbook"],
    "hongkong": [EXAMPLES / "hongkong"],
    "figures": [EXAMPLES / "figures"],
    "australia": [EXAMPLES / "australia_age_pension"],
}
DRAWS: Final = 60
COUNTS: Final[dict[tuple[str, float], tuple[int, int, int]]] = {
    ("policies", 0.05): (8, 8, 8),
    ("policies", 0.15): (21, 21, 21),
    ("cookbook", 0.05): (10, 10, 10),
    ("cookbook", 0.15): (25, 25, 25),
    ("hongkong", 0.05): (17, 17, 17),
    ("hongkong", 0.15): (27, 27, 27),
    ("figures", 0.05): (39, 39, 39),
    ("figures", 0.15): (101, 101, 101),
    ("australia", 0.05): (18, 18, 18),
    ("australia", 0.15): (31, 31, 31),
}


@cache
def worlds_of(name: str) -> list[World]:
    return worlds(FOLDERS[name], FOLDERS[name][-1:])


@pytest.mark.parametrize(("name", "share"), [(name, share) for name in FOLDERS for share in (0.05, 0.15)])
def test_as_sharp_as_completions(name: str, share: float) -> None:
    counts, wrong = survey(worlds_of(name), share, DRAWS)
    assert wrong == []
    assert tuple(counts) == COUNTS[name, share]
    assert counts.after == counts.differ
