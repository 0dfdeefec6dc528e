"""Answers of every policy here are as sharp as completions of the household allow, at 5 % and 15 % nulls.

Counted are outcomes, and figures where there is no outcome, that are not known: to the program without what narrows it,
to the program, and of how many two completions differ. The last two are equal, whether both sides of a test are not
known or one: nothing is left open that need not be.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

import pytest

from engine.api import open_policies
from tests.oracle.sharpness import World, read_otherwise, survey, worlds

ROOT: Final = Path(__file__).parents[2]
SHIPPED: Final = ROOT / "policies"
EXAMPLES: Final = ROOT / "examples"
ALONE: Final = ("australia_age_pension", "figures", "hongkong", "values")
"""packs that stand on no other policy"""
PACKS: Final = (*ALONE, "cookbook", "national_2024", "overlay")
CASES: Final = {file.stem: file for file in sorted((SHIPPED / "cases").rglob("*.yaml"))}
READINGS: Final = (
    ("multiple_causes", "anchor"),
    ("multiple_causes", "strict"),
    ("already_below", "excluded"),
    ("whose_costs", "same"),
    ("joint_deducts", "all"),
    ("nursery", "nursery_excluded"),
    ("nursery", "preschool_excluded"),
)
OTHERWISE: Final = tuple(f"{reading} = {option}" for reading, option in READINGS)
NAMES: Final = (*PACKS, *CASES, *OTHERWISE)
SHARES: Final = (0.05, 0.15)
DRAWS: Final = 60
COUNTS: Final[dict[str, tuple[tuple[int, int, int], tuple[int, int, int]]]] = {
    "australia_age_pension": ((18, 18, 18), (29, 29, 29)),
    "figures": ((41, 41, 41), (95, 95, 95)),
    "hongkong": ((15, 15, 15), (28, 28, 28)),
    "values": ((6, 6, 6), (10, 10, 10)),
    "cookbook": ((10, 10, 10), (26, 26, 26)),
    "national_2024": ((17, 17, 17), (36, 36, 36)),
    "overlay": ((10, 10, 10), (31, 31, 31)),
    "changzhi": ((11, 11, 11), (20, 20, 20)),
    "datong": ((7, 7, 7), (23, 23, 23)),
    "jincheng": ((7, 7, 7), (20, 20, 20)),
    "jinzhong": ((9, 9, 9), (23, 23, 23)),
    "linfen": ((8, 8, 8), (10, 10, 10)),
    "lvliang": ((7, 7, 7), (19, 19, 19)),
    "shuozhou": ((8, 8, 8), (10, 10, 10)),
    "taiyuan": ((8, 8, 8), (17, 17, 17)),
    "xinzhou": ((8, 8, 8), (22, 22, 22)),
    "yangquan": ((8, 8, 8), (10, 10, 10)),
    "yuncheng": ((10, 10, 10), (20, 20, 20)),
    "shanxi_2022_60": ((18, 18, 18), (31, 31, 31)),
    "multiple_causes = anchor": ((17, 17, 17), (30, 30, 30)),
    "multiple_causes = strict": ((17, 17, 17), (30, 30, 30)),
    "already_below = excluded": ((17, 17, 17), (28, 28, 28)),
    "whose_costs = same": ((14, 14, 14), (31, 31, 31)),
    "joint_deducts = all": ((15, 15, 15), (29, 29, 29)),
    "nursery = nursery_excluded": ((17, 17, 17), (32, 32, 32)),
    "nursery = preschool_excluded": ((17, 17, 17), (29, 29, 29)),
}


@cache
def worlds_of(name: str) -> list[World]:
    if name in OTHERWISE:
        return read_otherwise(worlds_of("shanxi_2022_60")[::20], *name.split(" = "))
    if name in CASES:
        return worlds([SHIPPED], [CASES[name]])
    return worlds([EXAMPLES / name] if name in ALONE else [SHIPPED, EXAMPLES / name], [EXAMPLES / name])


@pytest.mark.parametrize("name", NAMES)
def test_as_sharp_as_completions(name: str) -> None:
    found = []
    for share in SHARES:
        counts, wrong = survey(worlds_of(name), share, DRAWS)
        assert wrong == []
        assert counts.after == counts.differ
        found.append(tuple(counts))
    assert tuple(found) == COUNTS[name]


def test_nothing_is_left_out() -> None:
    """Every pack is among them, every document decides some household there, every option of a reading is chosen."""
    packs = {folder.name for folder in EXAMPLES.iterdir() if list(folder.glob("*.yaml"))}
    assert set(PACKS) == packs
    library = open_policies([SHIPPED, *(EXAMPLES / name for name in PACKS)]).library
    deciding = {id for name in (*PACKS, *CASES) for world in worlds_of(name) for id in world.chain}
    assert set(library.documents) == deciding
    readings = worlds_of("shanxi_2022_60")[0].tables.readings
    options = {(id, option) for id, one in readings.items() for option, _ in one.type.options if option != one.chosen}
    assert set(READINGS) == options
