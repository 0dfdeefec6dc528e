"""What a back end is asked, and what it answers.

A back end is one function: a checked policy, what is known of a household, the day whose rules and values hold, and
the day to which publications are known, to an `Answer`. To put another one under the whole suite, add it to `BACKENDS`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final, TypeAlias

from engine.diagnostics import Diagnostic
from engine.errors import HouseholdError
from engine.evaluation.decide import decide
from engine.evaluation.decision import Decision
from engine.evaluation.facts import HouseholdFacts
from engine.language.values import Value
from engine.policy.checked import CheckedPolicy


@dataclass(frozen=True, slots=True)
class Answer:
    """Attributes:
    verdict: eligible, ineligible or undetermined; "" where the household is refused.
    findings: met, unmet or undetermined, of each cause (`illness`), condition (`illness.income`) and requirement
        (`requirements.no_car`).
    outputs: the value of each, counted in the unit of the output's expression.
    referrals: those that hold, in the order of the policy.
    refused, warned: the data checks that are false where one refuses the household, and where none does, each as its
        code and the path of what it is about.
    """

    verdict: str = ""
    findings: Mapping[str, str] = field(default_factory=dict)
    outputs: Mapping[str, Value] = field(default_factory=dict)
    referrals: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    warned: tuple[str, ...] = ()


Backend: TypeAlias = Callable[[CheckedPolicy, HouseholdFacts, date, date | None], Answer]


def interpreter(policy: CheckedPolicy, facts: HouseholdFacts, day: date, known_on: date | None) -> Answer:
    try:
        return _answer(decide(policy, facts, day, known_on))
    except HouseholdError as refusal:
        return Answer(refused=_checks(refusal.diagnostics))


BACKENDS: Final[Mapping[str, Backend]] = {"interpreter": interpreter}


def _answer(decision: Decision) -> Answer:
    findings: dict[str, str] = {}
    for cause, found in decision.causes.items():
        findings[cause] = str(found.finding)
        findings |= {f"{cause}.{id}": str(condition.finding) for id, condition in found.conditions.items()}
    findings |= {f"requirements.{id}": str(found.finding) for id, found in decision.requirements.items()}
    return Answer(
        str(decision.outcome),
        findings,
        {id: found.value for id, found in decision.outputs.items()},
        tuple(one.id for one in decision.referrals),
        warned=_checks(decision.warnings),
    )


def _checks(found: Iterable[Diagnostic]) -> tuple[str, ...]:
    return tuple(f"{one.code} {one.path}" for one in found if one.code.startswith("data-check-"))
