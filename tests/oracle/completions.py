"""Nulls put into households, and what could stand in their place.

In: a household, complete or not, and the standards, complete or not.  Out: a complete household with complete
standards, which the oracle can decide. `random` draws a plausible or a near-limit value for each unknown, `extreme`
one end or the other of what the contract allows; `best` and `worst` push every unknown to the end that helps, or
hurts, the family under the default readings, where each fact only ever helps or only ever hurts.
The provincial checks are warnings, so every completion passes the data checks.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any, Final, Literal, TypeAlias

from tests.oracle.households import AMOUNTS, FLAGS, STAGES
from tests.oracle.oracle import Household, Standards
from tests.oracle.territories import RESIDENCES

Manner: TypeAlias = Literal["random", "extreme", "best", "worst"]

MOST: Final = "9999999999.99"
"""the largest amount that a household can state"""
VAST: Final = Fraction(10) ** 12
"""a standard above every amount: a parameter that is not known has no upper bound"""

_RELIEFS: Final = frozenset(
    {"medical_reimbursed", "medical_aid", "disability_reimbursed", "disability_aid", "education_aid"}
)
_HURTS: Final = frozenset({"income_12m", "financial_assets", "high_fee_school", "study_abroad"}) | _RELIEFS
_FIELDS: Final = (*FLAGS, "full_time", "education_stage", *AMOUNTS)


def copied(household: Household) -> Household:
    """With records of its own; of what they hold nothing is ever changed in place."""
    return {**household, "members": [dict(member) for member in household["members"]]}


def sprinkle(rng: random.Random, household: Household, share: float) -> Household:
    """The household with each of its facts, given or left to its default, made unknown with this chance."""
    sprinkled = copied(household)
    for field in ("residence", "income_12m", "financial_assets"):
        if rng.random() < share:
            sprinkled[field] = None
    for member in sprinkled["members"]:
        for field in _FIELDS:
            if rng.random() < share:
                member[field] = None
    return sprinkled


def unknowns(household: Household) -> list[tuple[str, dict[str, Any], str]]:
    """Every unknown of the household: its JSON path, the record it stands in, the field."""
    found = [
        (field, household, field)
        for field in ("residence", "income_12m", "financial_assets")
        if household.get(field) is None
    ]
    for place, member in enumerate(household["members"]):
        for field in _FIELDS:
            if (field in member and member[field] is None) or (field == "full_time" and field not in member):
                found.append((f"members[{place}].{field}", member, field))
    return found


def complete(
    rng: random.Random, household: Household, standards: Standards, manner: Manner
) -> tuple[Household, Standards]:
    """One completion."""
    completed = copied(household)
    every = complete_standards(rng, completed["county"], standards, manner)
    for _, record, field in unknowns(completed):
        record[field] = _value(rng, field, completed, every, manner)
    return completed, every


def complete_standards(rng: random.Random, county: str, standards: Standards, manner: Manner) -> Standards:
    """The standards with figures for the residences of this county that have none."""
    absent = [(county, residence) for residence in RESIDENCES if (county, residence) not in standards]
    if not absent:
        return standards
    return {**standards, **{key: _standard(rng, manner) for key in absent}}


def completions(
    rng: random.Random, household: Household, standards: Standards, count: int
) -> Iterator[tuple[Household, Standards]]:
    """The best, the worst, and so many more, random and extreme in turn."""
    yield complete(rng, household, standards, "best")
    yield complete(rng, household, standards, "worst")
    for turn in range(count):
        yield complete(rng, household, standards, "extreme" if turn % 2 else "random")


def _standard(rng: random.Random, manner: Manner) -> Fraction:
    match manner:
        case "best":
            return VAST
        case "worst":
            return Fraction(0)
        case "extreme":
            return rng.choice((Fraction(0), VAST))
        case "random":
            return Fraction(rng.randrange(500_000, 1_200_000), 1200)


def _value(
    rng: random.Random, field: str, household: Mapping[str, Any], standards: Standards, manner: Manner
) -> object:
    if field == "residence":
        urban, rural = (standards[household["county"], residence] for residence in RESIDENCES)
        if manner in ("random", "extreme"):
            return rng.choice(RESIDENCES)
        return "urban" if (urban >= rural) == (manner == "best") else "rural"
    if field == "education_stage":
        match manner:
            case "best":
                return "undergraduate"
            case "worst":
                return "none"
            case "extreme":
                return rng.choice(("none", "undergraduate", "postgraduate", "nursery"))
            case "random":
                return rng.choice(list(STAGES))
    helps = field not in _HURTS
    if field in FLAGS or field == "full_time":
        return helps == (manner == "best") if manner in ("best", "worst") else rng.random() < 0.5
    match manner:
        case "best":
            return MOST if helps else 0
        case "worst":
            return 0 if helps else MOST
        case "extreme":
            return rng.choice((0, MOST))
        case "random":
            return f"{rng.choice((0, rng.lognormvariate(8.5, 1.5))):.2f}"
