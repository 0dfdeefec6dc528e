"""Households of the flat policy, drawn: many of them on a limit to the fen, or one fen beside it.

In: how many, a seed.  Out: dicts as peers and the engine take them, but for `application_date`. Money is whole fen
inside; outside it is an int where it is whole yuan, else the float that a JSON reader makes of two decimals.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

HERE = Path(__file__).parent
BLOCK = 20_000
STUDENTS = ("nursery", "primary", "junior", "senior", "vocational", "undergraduate")
LEVELS = ("none", *STUDENTS, "postgraduate")
SIZES = (0.225, 0.31, 0.255, 0.12, 0.055, 0.02, 0.01, 0.005)
LEVEL_SHARES = (0.80, 0.03, 0.06, 0.03, 0.02, 0.02, 0.03, 0.01)
EXPENSES = ("medical_expense", "rehab_expense", "education_expense")

Household = dict[str, Any]
Draw = np.random.Generator
Column = Any


def standards() -> dict[str, dict[str, int]]:
    """Fen a person and month, by county and residence."""
    with (HERE / "standards.csv").open(encoding="utf-8") as file:
        _, *rows = csv.reader(file)
    return {
        row[0]: {name: int(Fraction(text) * 100) for name, text in zip(RESIDENCES, row[1:], strict=True)}
        for row in rows
    }


RESIDENCES = ("urban", "rural")


def households(count: int, seed: int = 7) -> Iterator[Household]:
    """The first of them are the same, however many there are."""
    for block in range((count + BLOCK - 1) // BLOCK):
        yield from _block(np.random.default_rng([seed, block]), block * BLOCK, min(BLOCK, count - block * BLOCK))


def _money(rng: Draw, size: int, mean: Column, spread: float) -> Column:
    """Fen, about half of it whole yuan."""
    fen = np.rint(np.exp(rng.normal(mean, spread, size)) * 100).astype(np.int64)
    return np.where(rng.random(size) < 0.5, fen // 100 * 100, fen)


def _block(rng: Draw, first: int, count: int) -> Iterator[Household]:
    table = standards()
    codes, limits = list(table), np.array([[one[name] for name in RESIDENCES] for one in table.values()])
    county, residence = rng.integers(0, len(codes), BLOCK), (rng.random(BLOCK) < 0.45).astype(np.int8)
    size = rng.choice(np.arange(1, 9), BLOCK, p=SIZES)
    ends = np.concatenate([[0], np.cumsum(size)])
    members = int(ends[-1])
    column: dict[str, Column] = {"illness_needs_treatment": rng.random(members) < 0.12}
    column["disability_certificate"] = rng.random(members) < 0.07
    column["needs_rehab"] = rng.random(members) < np.where(column["disability_certificate"], 0.6, 0.02)
    level = rng.choice(8, members, p=LEVEL_SHARES)
    student = level > 0
    column["full_time"] = student & (rng.random(members) < 0.95)
    column["high_fee_school"] = student & (rng.random(members) < 0.05)
    column["studying_abroad"] = student & (rng.random(members) < 0.03)
    ill, rehab = column["illness_needs_treatment"], column["needs_rehab"]
    small = np.where(rng.random(members) < 0.4, _money(rng, members, 6.0, 1.0), 0)
    column["medical_expense"] = np.where(ill, _money(rng, members, 8.9, 0.9), small)
    column["rehab_expense"] = np.where(rehab, _money(rng, members, 8.5, 0.8), 0)
    school = _money(rng, members, np.where(level >= 5, 9.2, 7.2), 0.6)
    column["education_expense"] = np.where(student, school, 0)

    income = (_money(rng, BLOCK, 10.5, 0.65) * (0.5 + 0.3 * size)).astype(np.int64)
    assets = (_money(rng, BLOCK, 9.6, 1.1) * (0.5 + 0.3 * size)).astype(np.int64)
    # of the households with a cause some are put on a limit, or a fen off it
    eligible = student & (level < 7) & column["full_time"] & ~column["high_fee_school"] & ~column["studying_abroad"]
    facts = (ill, column["disability_certificate"] & rehab, eligible)
    present = [np.logical_or.reduceat(one, ends[:-1]) for one in facts]
    sums = [np.add.reduceat(column[one], ends[:-1]) for one in EXPENSES]
    joint = sum(np.where(one, total, 0) for one, total in zip(present, sums, strict=True))
    limit, where = limits[county, residence] * size, rng.random(BLOCK)
    any_cause = present[0] | present[1] | present[2]
    on_income, on_assets = any_cause & (where < 0.07), any_cause & (where >= 0.07) & (where < 0.11)
    beside = np.where(rng.random(BLOCK) < 0.6, 0, rng.integers(-1, 2, BLOCK))
    income = np.where(on_income, 12 * limit + joint + beside, income)
    assets = np.where(on_income, np.minimum(assets, 30 * limit), assets)
    income = np.where(on_assets, np.minimum(income, 10 * limit), income)
    assets = np.where(on_assets, 36 * limit + beside, assets)

    flags = {name: held.tolist() for name, held in column.items() if name not in EXPENSES}
    money = {name: [_yuan(fen) for fen in column[name].tolist()] for name in EXPENSES}
    levels = level.tolist()
    for at in range(count):
        start, end = int(ends[at]), int(ends[at + 1])
        yield {
            "id": f"H{first + at:09d}",
            "county": codes[county[at]],
            "residence": RESIDENCES[residence[at]],
            "income_12m": _yuan(int(income[at])),
            "financial_assets": _yuan(int(assets[at])),
            "members": [
                {
                    "id": f"m{one - start + 1}",
                    "illness_needs_treatment": flags["illness_needs_treatment"][one],
                    "medical_expense": money["medical_expense"][one],
                    "disability_certificate": flags["disability_certificate"][one],
                    "needs_rehab": flags["needs_rehab"][one],
                    "rehab_expense": money["rehab_expense"][one],
                    "student_level": LEVELS[levels[one]],
                    "full_time": flags["full_time"][one],
                    "high_fee_school": flags["high_fee_school"][one],
                    "studying_abroad": flags["studying_abroad"][one],
                    "education_expense": money["education_expense"][one],
                }
                for one in range(start, end)
            ],
        }


def _yuan(fen: int) -> int | float:
    return fen // 100 if fen % 100 == 0 else fen / 100
