"""The flat policy as one would write it by hand, three times.

`exact` is what the others are held against; `in_fen` is quick and refuses nothing; `checked` makes the refusals that
the engine makes of the same dict, and keeps what it read.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from fractions import Fraction
from typing import Any

from bench.flat.households import LEVELS, RESIDENCES, STUDENTS, Household, standards

Answer = tuple[bool, bool, bool, bool, bool, Any]
"""eligible, the four causes, the jointly adjusted income"""
Decide = Callable[[Household], Answer]


def exact() -> Decide:
    limits = {county: {name: Fraction(fen, 100) for name, fen in held.items()} for county, held in standards().items()}

    def decide(household: Household) -> Answer:
        members, limit = household["members"], limits[household["county"]][household["residence"]]
        count = len(members)
        present = (
            any(one["illness_needs_treatment"] for one in members),
            any(one["disability_certificate"] and one["needs_rehab"] for one in members),
            any(
                one["full_time"]
                and one["student_level"] in STUDENTS
                and not one["high_fee_school"]
                and not one["studying_abroad"]
                for one in members
            ),
        )
        fields = ("medical_expense", "rehab_expense", "education_expense")
        spent = [sum(Fraction(str(one[field])) for one in members) for field in fields]
        income = Fraction(str(household["income_12m"]))
        affordable = Fraction(str(household["financial_assets"])) / count <= 36 * limit
        single = [
            held and affordable and (income - cost) / count / 12 < limit
            for held, cost in zip(present, spent, strict=True)
        ]
        joint = sum(cost for held, cost in zip(present, spent, strict=True) if held)
        adjusted = (income - joint) / count / 12
        several = sum(present) >= 2 and affordable and adjusted < limit
        return any(single) or several, single[0], single[1], single[2], several, adjusted

    return decide


def in_fen() -> Decide:
    """Whole fen, multiplied out: no division before a comparison. It refuses nothing."""
    limits, students = standards(), frozenset(STUDENTS)

    def decide(household: Household) -> Answer:
        ill = disabled = studying = False
        medical = rehab = school = 0
        for one in household["members"]:
            if one["illness_needs_treatment"]:
                ill = True
            if one["disability_certificate"] and one["needs_rehab"]:
                disabled = True
            if (
                one["full_time"]
                and one["student_level"] in students
                and not one["high_fee_school"]
                and not one["studying_abroad"]
            ):
                studying = True
            medical += round(one["medical_expense"] * 100)
            rehab += round(one["rehab_expense"] * 100)
            school += round(one["education_expense"] * 100)
        months = 12 * len(household["members"])
        income = round(household["income_12m"] * 100)
        limit = limits[household["county"]][household["residence"]] * months
        affordable = round(household["financial_assets"] * 100) <= 3 * limit
        illness = ill and affordable and income - medical < limit
        disability = disabled and affordable and income - rehab < limit
        education = studying and affordable and income - school < limit
        adjusted = income - (medical if ill else 0) - (rehab if disabled else 0) - (school if studying else 0)
        several = ill + disabled + studying >= 2 and affordable and adjusted < limit
        whole, rest = divmod(abs(adjusted), months)
        fen = whole + (2 * rest >= months)
        eligible = illness or disability or education or several
        return eligible, illness, disability, education, several, (fen if adjusted >= 0 else -fen) / 100

    return decide


class Refused(Exception):
    """Of a household, by the field at fault."""


OWN = frozenset(("id", "application_date", "county", "residence", "income_12m", "financial_assets", "members"))
OF_MEMBER = frozenset(
    (
        *("id", "illness_needs_treatment", "medical_expense", "disability_certificate", "needs_rehab", "rehab_expense"),
        *("student_level", "full_time", "high_fee_school", "studying_abroad", "education_expense"),
    )
)
AMOUNT = re.compile(r"(0|[1-9][0-9]{0,9})(?:\.([0-9]{1,2}))?")
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
FIRST, LAST = date(2020, 1, 1), date(2199, 12, 31)


def fen(raw: object, field: str) -> int:
    """Of an int, a float by its shortest text, or a text."""
    if type(raw) is int:
        if 0 <= raw < 10_000_000_000:
            return raw * 100
    elif type(raw) is float and 0 < raw < 10_000_000_000 and (found := round(raw * 100)) / 100 == raw:
        return found
    elif isinstance(raw, float | str) and (written := AMOUNT.fullmatch(str(raw))):
        whole, rest = written.groups("")
        return int(whole + rest.ljust(2, "0"))
    raise Refused(field)


def truth(raw: object, field: str) -> bool:
    if raw is True or raw is False:
        return raw  # type: ignore[return-value]  # it is a truth
    raise Refused(field)


def checked() -> Callable[[Household], tuple[bool, object]]:
    """The outcome and a snapshot. Its refusals name a field; where that stands and what to do they do not say."""
    limits, students, levels = standards(), frozenset(STUDENTS), frozenset(LEVELS)

    def decide(household: Household) -> tuple[bool, object]:
        if not isinstance(household, dict) or household.keys() != OWN:
            raise Refused("fields")
        id, day, members = household["id"], household["application_date"], household["members"]
        if not isinstance(id, str) or not id.isascii() or not id.isprintable() or not id.strip() or len(id) > 100:
            raise Refused("id")
        if not isinstance(day, str) or not DAY.fullmatch(day) or not FIRST <= date.fromisoformat(day) <= LAST:
            raise Refused("application_date")
        county, residence = household["county"], household["residence"]
        if not isinstance(county, str) or county not in limits:
            raise Refused("county")
        if not isinstance(residence, str) or residence not in RESIDENCES:
            raise Refused("residence")
        income, assets = (
            fen(household["income_12m"], "income_12m"),
            fen(household["financial_assets"], "financial_assets"),
        )
        if not isinstance(members, list) or not 1 <= len(members) <= 1000:
            raise Refused("members")
        ill = disabled = studying = False
        medical = rehab = school = 0
        ids, kept = set(), []
        for one in members:
            if not isinstance(one, dict) or one.keys() != OF_MEMBER:
                raise Refused("members")
            own = one["id"]
            if (
                not isinstance(own, str)
                or not own.isascii()
                or not own.isprintable()
                or not own.strip()
                or len(own) > 100
            ):
                raise Refused("members.id")
            ids.add("".join(own.split()).casefold())
            treated = truth(one["illness_needs_treatment"], "illness_needs_treatment")
            certified = truth(one["disability_certificate"], "disability_certificate")
            rehabilitated = truth(one["needs_rehab"], "needs_rehab")
            full_time = truth(one["full_time"], "full_time")
            high_fee = truth(one["high_fee_school"], "high_fee_school")
            abroad = truth(one["studying_abroad"], "studying_abroad")
            level = one["student_level"]
            if not isinstance(level, str) or level not in levels:
                raise Refused("student_level")
            bills = fen(one["medical_expense"], "medical_expense")
            costs = fen(one["rehab_expense"], "rehab_expense")
            fees = fen(one["education_expense"], "education_expense")
            kept.append(
                (own, treated, bills, certified, rehabilitated, costs, level, full_time, high_fee, abroad, fees)
            )
            ill = ill or treated
            disabled = disabled or (certified and rehabilitated)
            studying = studying or (full_time and level in students and not high_fee and not abroad)
            medical += bills
            rehab += costs
            school += fees
        if len(ids) != len(members):
            raise Refused("members.id")
        limit = limits[county][residence] * 12 * len(members)
        affordable = assets <= 3 * limit
        adjusted = income - (medical if ill else 0) - (rehab if disabled else 0) - (school if studying else 0)
        eligible = affordable and (
            (ill and income - medical < limit)
            or (disabled and income - rehab < limit)
            or (studying and income - school < limit)
            or (ill + disabled + studying >= 2 and adjusted < limit)
        )
        return eligible, (id, day, county, residence, income, assets, kept)

    return decide
