"""What a back end is asked, and what it answers.

A back end is one function: a checked policy, what is known of a household, the day whose rules and values hold, and
the day to which publications are known, to an `Answer`. To put another one under the whole suite, add it to `BACKENDS`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final, Protocol, TypeAlias

from engine.diagnostics import Diagnostic
from engine.errors import HouseholdError
from engine.evaluation.decide import decide
from engine.evaluation.decision import Decision
from engine.evaluation.facts import HouseholdFacts
from engine.language.values import Value
from engine.policy.checked import CheckedPolicy


class Answer(Protocol):
    """Whoever asks for one of these asks for no other."""

    @property
    def verdict(self) -> str:
        """eligible, ineligible or undetermined; `figures` where the policy has figures only, "" where the household is
        refused."""

    @property
    def findings(self) -> Mapping[str, str]:
        """met, unmet or undetermined, of every cause (`illness`), condition (`illness.income`) and requirement
        (`requirements.no_car`)."""

    @property
    def outputs(self) -> Mapping[str, Value]:
        """The value of each, counted in the unit of the output's expression; of one for each item `share[0]` and so on,
        in the order of the list, or `share` alone, unknown, where the list was not given."""

    @property
    def referrals(self) -> tuple[str, ...]:
        """Those that hold, in the order of the policy."""

    @property
    def refused(self) -> tuple[str, ...]:
        """The data checks that are false where one of them refuses the household, each as its code and the path of
        what it is about."""

    @property
    def warned(self) -> tuple[str, ...]:
        """Likewise where none refuses it."""


@dataclass(frozen=True)
class Said:
    """An answer all of which is worked out at once."""

    verdict: str = ""
    findings: Mapping[str, str] = field(default_factory=dict)
    outputs: Mapping[str, Value] = field(default_factory=dict)
    referrals: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    warned: tuple[str, ...] = ()


Backend: TypeAlias = Callable[[CheckedPolicy, HouseholdFacts, date, date | None], Answer]


def interpreter(policy: CheckedPolicy, facts: HouseholdFacts, day: date, known_on: date | None) -> Answer:
    try:
        return _Decided(decide(policy, facts, day, known_on))
    except HouseholdError as refusal:
        return Said(refused=_checks(refusal.diagnostics))


BACKENDS: Final[Mapping[str, Backend]] = {"interpreter": interpreter}


@dataclass(frozen=True)
class _Decided:
    decision: Decision
    refused = ()

    @property
    def verdict(self) -> str:
        return "figures" if self.decision.outcome is None else str(self.decision.outcome)

    @property
    def findings(self) -> Mapping[str, str]:
        found: dict[str, str] = {}
        for cause, held in self.decision.causes.items():
            found[cause] = str(held.finding)
            found |= {f"{cause}.{id}": str(condition.finding) for id, condition in held.conditions.items()}
        return found | {f"requirements.{id}": str(held.finding) for id, held in self.decision.requirements.items()}

    @property
    def outputs(self) -> Mapping[str, Value]:
        found: dict[str, Value] = {}
        for id, output in self.decision.outputs.items():
            if output.items is None:
                found[id] = output.value
            else:
                found |= {f"{id}[{place}]": one.value for place, one in enumerate(output.items)}
        return found

    @property
    def referrals(self) -> tuple[str, ...]:
        return tuple(one.id for one in self.decision.referrals)

    @property
    def warned(self) -> tuple[str, ...]:
        return _checks(self.decision.warnings)


def _checks(found: Iterable[Diagnostic]) -> tuple[str, ...]:
    return tuple(f"{one.code} {one.path}" for one in found if one.code.startswith("data-check-"))
