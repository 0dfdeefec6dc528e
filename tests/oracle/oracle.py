"""What the provincial notice says about one household, in plain Python.

Written from CONTRACT.md sections 1 and 2 alone: no engine, no policy file, nothing shared with either.
In: a household as in the contract's JSON, with no unknown that matters; the standards per person and month.
Out: a `Verdict`: outcome, causes, conditions, and how far each test is from its limit.
Amounts are whole fen: every amount of a household is, and so is every standard over twelve months.
A household that is not complete raises `Incomplete`; the oracle knows nothing of unknowns.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final, TypeAlias

Household: TypeAlias = dict[str, Any]
Standards: TypeAlias = Mapping[tuple[str, str], Fraction]
"""(county, residence) to yuan per person and month; a yearly standard is its twelfth, exactly."""

READINGS: Final[Mapping[str, tuple[str, ...]]] = {
    "multiple_causes": ("combined", "anchor", "strict"),
    "already_below": ("counts", "excluded"),
    "whose_costs": ("any", "same"),
    "joint_deducts": ("present", "all"),
    "nursery": ("high_fee_only", "nursery_excluded", "preschool_excluded"),
}
DEFAULTS: Final[Mapping[str, str]] = {reading: options[0] for reading, options in READINGS.items()}
CAUSES: Final = ("illness", "disability", "education", "multiple")
SINGLES: Final = CAUSES[:3]

COVERED: Final = frozenset(
    {
        "nursery",
        "preschool",
        "primary",
        "junior_secondary",
        "senior_secondary",
        "secondary_vocational",
        "junior_college",
        "undergraduate",
    }
)
EXCLUDED_STAGES: Final[Mapping[str, frozenset[str]]] = {
    "high_fee_only": frozenset(),
    "nursery_excluded": frozenset({"nursery"}),
    "preschool_excluded": frozenset({"nursery", "preschool"}),
}


class Incomplete(ValueError):
    """A fact is not known and the oracle would need it."""


@dataclass(frozen=True, slots=True)
class Member:
    """What the notice asks of one member; expenses are net, never below zero."""

    treatment: bool
    medical: int
    certificate: bool
    rehabilitation: bool
    rehab: int
    stage: str
    student: bool
    """full time, neither in a high-fee school nor abroad; the stage is judged apart, since a reading changes it"""
    education: int


@dataclass(frozen=True, slots=True)
class Facts:
    county: str
    residence: str
    income: int
    assets: int
    members: tuple[Member, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer. A margin is limit minus value, in fen of the whole family: income over 12 months, assets at once."""

    outcome: str
    causes: Mapping[str, bool]
    income: Mapping[str, bool]
    presence: Mapping[str, bool]
    assets: bool
    income_margin: Mapping[str, int]
    assets_margin: int
    before_margin: int
    """the income margin before anything is taken off"""
    adjusted: Fraction
    """income in yuan per person and month after the joint deduction"""

    def on_boundary(self, readings: Mapping[str, str]) -> bool:
        """Whether some limit that can matter is met to the fen, or missed by one fen on either side."""
        present = [cause for cause in CAUSES if self.presence[cause]]
        if not present:
            return False
        near = [self.assets_margin, *(self.income_margin[cause] for cause in present)]
        if readings["already_below"] == "excluded":
            near.append(self.before_margin)
        return any(-1 <= margin <= 1 for margin in near)


def decide(household: Household, standards: Standards, readings: Mapping[str, str] = DEFAULTS) -> Verdict:
    """The verdict on a complete household."""
    return judge(gather(household), standards, readings)


def gather(household: Household) -> Facts:
    """The facts of a household, with the contract's defaults for what is absent."""
    members = household["members"]
    if not members:
        raise ValueError("a household has at least one member")
    if household.get("residence") not in ("urban", "rural"):
        raise Incomplete("residence")
    return Facts(
        county=household["county"],
        residence=household["residence"],
        income=_amount(household, "income_12m"),
        assets=_amount(household, "financial_assets"),
        members=tuple(_member(member) for member in members),
    )


def judge(facts: Facts, standards: Standards, readings: Mapping[str, str]) -> Verdict:
    """The notice, part two, under the chosen readings."""
    size = len(facts.members)
    yearly_limit = _whole(standards[facts.county, facts.residence] * 1200) * size
    assets_limit = 3 * yearly_limit
    excluded_stages = EXCLUDED_STAGES[readings["nursery"]]
    own_only = readings["whose_costs"] == "same"

    medical = rehab = education = 0
    ill = disabled = studying = False
    for member in facts.members:
        if member.treatment:
            ill = True
        if member.treatment or not own_only:
            medical += member.medical
        if member.certificate:
            if member.rehabilitation:
                disabled = True
            if member.rehabilitation or not own_only:
                rehab += member.rehab
        if member.student and member.stage in COVERED and member.stage not in excluded_stages:
            studying = True
            education += member.education

    of_kind = {"illness": medical, "disability": rehab, "education": education}
    holds = {"illness": ill, "disability": disabled, "education": studying}
    every_kind = readings["joint_deducts"] == "all"
    joint = sum(of_kind[kind] for kind in SINGLES if holds[kind] or every_kind)

    presence = {**holds, "multiple": sum(holds.values()) >= 2}
    left = {**{kind: facts.income - of_kind[kind] for kind in SINGLES}, "multiple": facts.income - joint}
    income = {cause: left[cause] < yearly_limit for cause in CAUSES}
    assets = facts.assets <= assets_limit
    in_scope = readings["already_below"] == "counts" or facts.income >= yearly_limit

    causes = {cause: presence[cause] and income[cause] and assets and in_scope for cause in CAUSES}
    met = [kind for kind in SINGLES if causes[kind]]
    if readings["multiple_causes"] == "anchor":
        causes["multiple"] = causes["multiple"] and bool(met)
    elif readings["multiple_causes"] == "strict":
        causes["multiple"] = causes["multiple"] and met == [kind for kind in SINGLES if holds[kind]]

    return Verdict(
        outcome="eligible" if any(causes.values()) else "ineligible",
        causes=causes,
        income=income,
        presence=presence,
        assets=assets,
        income_margin={cause: yearly_limit - left[cause] for cause in CAUSES},
        assets_margin=assets_limit - facts.assets,
        before_margin=yearly_limit - facts.income,
        adjusted=Fraction(left["multiple"], 100 * 12 * size),
    )


def _member(member: Mapping[str, Any]) -> Member:
    stage = _known(member, "education_stage", "none")
    barred = _known(member, "high_fee_school", False) or _known(member, "study_abroad", False)
    # whether a member studies full time is asked only of those whom the answer could make an eligible student
    student = stage in COVERED and not barred and _known(member, "full_time", None)
    return Member(
        treatment=_known(member, "treatment_ongoing", False),
        medical=_net(member, ("medical_gross",), ("medical_reimbursed", "medical_aid")),
        certificate=_known(member, "disability_certificate", False),
        rehabilitation=_known(member, "rehabilitation_ongoing", False),
        rehab=_net(
            member,
            ("assistive_device_cost", "rehab_treatment_cost", "rehab_training_cost", "nursing_care_cost"),
            ("disability_reimbursed", "disability_aid"),
        ),
        stage=stage,
        student=student,
        education=_net(member, ("tuition", "boarding_fee", "care_education_fee"), ("education_aid",)),
    )


def _net(member: Mapping[str, Any], costs: tuple[str, ...], reliefs: tuple[str, ...]) -> int:
    borne = sum(_amount(member, field, 0) for field in costs)
    return max(0, borne - sum(_amount(member, field, 0) for field in reliefs))


def _amount(record: Mapping[str, Any], field: str, default: int | None = None) -> int:
    value = _known(record, field, default)
    return value * 100 if isinstance(value, int) else _whole(Decimal(str(value)) * 100)


def _whole(fen: Decimal | Fraction) -> int:
    if fen != int(fen):
        raise ValueError(f"{fen} fen is no whole number")
    return int(fen)


def _known(record: Mapping[str, Any], field: str, default: Any) -> Any:
    value = record.get(field, default)
    if value is None:
        raise Incomplete(field)
    return value
