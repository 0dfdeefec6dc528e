"""Seeded households of realistic shapes, many of them on a limit to the fen.

In: a seed, a number, the readings under which limits are sought.  Out: a complete household as contract JSON.
The same seed and number give the same household, whatever was drawn before. Uses the oracle only to learn where
the limits of the drawn family lie.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction
from functools import cache
from itertools import product
from typing import Any, Final

from tests.oracle.oracle import CAUSES, DEFAULTS, READINGS, Household, Standards, gather, judge
from tests.oracle.territories import COUNTIES, SECOND, standards_on

BOUNDARY_SHARE: Final = 0.45
"""how many are moved onto a limit, or a fen to either side; of these"""
OTHER_READING_SHARE: Final = 0.25
"""as many lie on a limit of another reading than the chosen ones"""

COMBINATIONS: Final = tuple(
    {**DEFAULTS, "multiple_causes": several, "already_below": below}
    for several, below in product(READINGS["multiple_causes"], READINGS["already_below"])
)

SIZES, SIZE_WEIGHTS = range(1, 9), (18, 24, 24, 16, 9, 5, 3, 1)
STAGES: Final = {
    "none": 62,
    "nursery": 3,
    "preschool": 4,
    "primary": 7,
    "junior_secondary": 5,
    "senior_secondary": 5,
    "secondary_vocational": 3,
    "junior_college": 3,
    "undergraduate": 6,
    "postgraduate": 2,
}
_OPENING, _CLOSING = date(2023, 3, 1), date(2025, 3, 31)


def households(
    seed: int, numbers: Sequence[int], readings: Mapping[str, str] = DEFAULTS, counties: Sequence[str] = COUNTIES
) -> Iterator[Household]:
    """The households of these numbers, in order."""
    for number in numbers:
        yield household(random.Random(f"{seed}/{number}"), f"H-{number:06d}", readings, counties)


def household(
    rng: random.Random, identity: str, readings: Mapping[str, str] = DEFAULTS, counties: Sequence[str] = COUNTIES
) -> Household:
    """One complete household."""
    size = rng.choices(SIZES, SIZE_WEIGHTS)[0]
    members = [_member(rng, f"m{place + 1}") for place in range(size)]
    boundary = rng.random() < BOUNDARY_SHARE
    if boundary and not any(_matters(member) for member in members):
        rng.choice(members)["treatment_ongoing"] = True
    drawn: Household = {
        "id": identity,
        "application_date": str(_day(rng)),
        "county": rng.choice(counties),
        "residence": rng.choice(("urban", "rural")),
        "income_12m": 0,
        "financial_assets": 0,
        "members": members,
    }
    standards = standards_of(drawn)
    if (drawn["county"], drawn["residence"]) not in standards:  # a silent county has no limit to lie on
        income, assets = _income(rng, 8000 * size), _skewed(rng, 9.0, 1.2)
    elif boundary:
        sought = readings
        if rng.random() < OTHER_READING_SHARE:
            reading = rng.choice(list(READINGS))
            sought = {**readings, reading: rng.choice(READINGS[reading])}
        income, assets = _on_boundary(rng, drawn, standards, sought)
    else:
        income, assets = _anywhere(rng, drawn, standards, readings)
    drawn["income_12m"], drawn["financial_assets"] = _written(rng, income), _written(rng, assets)
    if rng.random() < 0.1:  # vocabulary that the province declares for its cities and does not use itself
        drawn["vehicles"] = [{"price": _written(rng, _skewed(rng, 11.0, 0.5))}] * rng.randrange(2)
    return drawn


def standards_of(household: Household) -> Standards:
    """The standards in force on its application date."""
    return _standards_on(date.fromisoformat(household["application_date"]))


@cache
def _standards_on(day: date) -> Standards:
    return standards_on(day)


def _day(rng: random.Random) -> date:
    if rng.random() < 0.1:
        return SECOND - timedelta(days=rng.randrange(2))  # the last day of the old standard, the first of the new
    return _OPENING + timedelta(days=rng.randrange((_CLOSING - _OPENING).days))


def _on_boundary(
    rng: random.Random, drawn: Household, standards: Standards, readings: Mapping[str, str]
) -> tuple[int, int]:
    """Income and assets in fen, one of them on a limit or one fen beside it, the other mostly harmless."""
    verdict = judge(gather(drawn), standards, readings)  # with nothing yet: a margin is the limit itself
    limits = [verdict.income_margin[cause] for cause in CAUSES if verdict.presence[cause]]
    if not limits:  # the readings exclude the only student: nothing can be met, any limit will do
        limits = list(verdict.income_margin.values())
    if readings["already_below"] == "excluded":
        limits.append(verdict.before_margin)
    beside = rng.choice((-1, 0, 0, 1))
    at_assets = verdict.assets_margin
    if rng.random() < 0.6:
        assets = at_assets if rng.random() < 0.1 else rng.randrange(at_assets * 5 // 4)
        return rng.choice(limits) + beside, assets
    low = verdict.before_margin if readings["already_below"] == "excluded" else 0
    return rng.randrange(low, max(low + 1, max(limits) * 9 // 8)), at_assets + beside


def _anywhere(
    rng: random.Random, drawn: Household, standards: Standards, readings: Mapping[str, str]
) -> tuple[int, int]:
    verdict = judge(gather(drawn), standards, readings)
    income = _income(rng, max(verdict.income_margin.values()) / 100)
    return income, int(verdict.assets_margin * rng.lognormvariate(-0.7, 1.0))


def _income(rng: random.Random, around: float) -> int:
    if rng.random() < 0.03:
        return 0
    fen = int(around * 100 * rng.lognormvariate(0.1, 0.5))
    return fen if rng.random() < 0.5 else fen // 100 * 100


# ---- members


def _member(rng: random.Random, identity: str) -> dict[str, Any]:
    ill = rng.random() < 0.2
    certificate = rng.random() < 0.14
    rehabilitation = rng.random() < (0.6 if certificate else 0.04)
    stage = rng.choices(list(STAGES), list(STAGES.values()))[0]
    studies = stage != "none"
    member: dict[str, Any] = {"id": identity}
    if rng.random() < 0.2:
        member["name"] = rng.choice("张王李赵") + rng.choice(("建国", "秀英", "磊", "晓雨"))
    member["treatment_ongoing"] = ill
    member["disability_certificate"] = certificate
    member["rehabilitation_ongoing"] = rehabilitation
    member["education_stage"] = stage
    member["full_time"] = studies and rng.random() < 0.93
    member["high_fee_school"] = studies and rng.random() < 0.07
    member["study_abroad"] = studies and rng.random() < 0.04
    medical = _skewed(rng, 9.3, 0.9) if ill else _sometimes(rng, 0.4, rng.choice((6.2, 8.5)), 1.0)
    _bills(rng, member, {"medical_gross": medical}, ("medical_reimbursed", "medical_aid"))
    likely = 0.5 if rehabilitation else 0.35 if certificate else 0.02
    rehab = {
        field: _sometimes(rng, likely, 8.0, 0.9)
        for field in ("assistive_device_cost", "rehab_treatment_cost", "rehab_training_cost", "nursing_care_cost")
    }
    _bills(rng, member, rehab, ("disability_reimbursed", "disability_aid"))
    school = {
        "tuition": _sometimes(rng, 0.9, 8.4, 0.7) if studies else 0,
        "boarding_fee": _sometimes(rng, 0.5, 7.0, 0.4) if studies else 0,
        "care_education_fee": _sometimes(rng, 0.8, 8.0, 0.5) if stage in ("nursery", "preschool") else 0,
    }
    _bills(rng, member, school, ("education_aid",))
    for field, default in DEFAULTED.items():
        if member[field] in (default, "0", "0.00") and rng.random() < 0.6:
            del member[field]
    if stage == "none" and rng.random() < 0.6:
        del member["full_time"]  # has no default, and nobody asks it of those who do not study
    return member


AMOUNTS: Final = (
    "medical_gross",
    "medical_reimbursed",
    "medical_aid",
    "assistive_device_cost",
    "rehab_treatment_cost",
    "rehab_training_cost",
    "nursing_care_cost",
    "disability_reimbursed",
    "disability_aid",
    "tuition",
    "boarding_fee",
    "care_education_fee",
    "education_aid",
)
FLAGS: Final = (
    "treatment_ongoing",
    "disability_certificate",
    "rehabilitation_ongoing",
    "high_fee_school",
    "study_abroad",
)
DEFAULTED: Final[Mapping[str, object]] = {
    **dict.fromkeys(FLAGS, False),
    **dict.fromkeys(AMOUNTS, 0),
    "education_stage": "none",
}


def _matters(member: Mapping[str, Any]) -> bool:
    """Whether this member alone brings a fact of some cause."""
    alone = {"county": "", "residence": "urban", "income_12m": 0, "financial_assets": 0, "members": [member]}
    return any(judge(gather(alone), {("", "urban"): Fraction(1)}, DEFAULTS).presence.values())


def _bills(rng: random.Random, member: dict[str, Any], costs: Mapping[str, int], reliefs: Sequence[str]) -> None:
    """Costs in fen and what others paid of them, now and then more than they came to."""
    total = sum(costs.values())
    for field, fen in costs.items():
        member[field] = _written(rng, fen)
    generous = rng.random() < 0.08
    for field in reliefs:
        share = rng.uniform(0.4, 1.3) if generous else rng.choice((0, 0, rng.uniform(0, 0.6 / len(reliefs))))
        member[field] = _written(rng, int(total * share))


def _sometimes(rng: random.Random, chance: float, middle: float, spread: float) -> int:
    return _skewed(rng, middle, spread) if rng.random() < chance else 0


def _skewed(rng: random.Random, middle: float, spread: float) -> int:
    """An amount in fen; about half are whole yuan."""
    fen = int(rng.lognormvariate(middle, spread) * 100)
    return fen // 100 * 100 if rng.random() < 0.5 else fen


def _written(rng: random.Random, fen: int) -> int | float | str:
    """The amount in one of the forms that the contract takes."""
    yuan, rest = divmod(fen, 100)
    form = rng.randrange(4)
    if form == 0:
        return f"{yuan}.{rest:02d}"
    if rest == 0:
        return str(yuan) if form == 1 else yuan
    if form == 1 and rest % 10 == 0:
        return f"{yuan}.{rest // 10}"
    return fen / 100  # the shortest text of this float has at most two decimals
