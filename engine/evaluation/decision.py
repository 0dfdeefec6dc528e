"""What a decision says. Frozen data; `to_dict` gives the contract's JSON.

In: `interpreter` fills these.  Out: `api`, `reporting`, `cli` read them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Literal

from engine.diagnostics import Diagnostic
from engine.language.units import Unit
from engine.language.values import Value
from engine.policy.checked import CheckedPolicy, ValueInForce
from engine.policy.model import Cause, Condition, Exemption, Output, Reading, Referral


class Outcome(StrEnum):
    ELIGIBLE = "eligible"
    INELIGIBLE = "ineligible"
    UNDETERMINED = "undetermined"


class Finding(StrEnum):
    """Of a cause, a condition or a requirement."""

    MET = "met"
    UNMET = "unmet"
    UNDETERMINED = "undetermined"


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a comparison: the author's text, and the value counted in `unit` (None for a date)."""

    text: str
    value: Value
    unit: Unit | None
    unit_text: str


@dataclass(frozen=True, slots=True)
class ComparisonFinding:
    """Both sides in the right side's unit. `margin` is by how much it holds, negative where it fails."""

    left: Side
    operator: str
    right: Side
    margin: Value | None


@dataclass(frozen=True, slots=True)
class ParameterUse:
    """A parameter value that a condition read: what was asked, and what is in force (None: no value)."""

    parameter: str
    key: tuple[tuple[str, str], ...]
    value: ValueInForce | None


@dataclass(frozen=True, slots=True)
class ConditionFinding:
    """`exempted_by` holds the exemptions that are met. `parameters` are the values in force that it read."""

    declared: Condition
    finding: Finding
    comparison: ComparisonFinding | None
    exempted_by: tuple[Exemption, ...]
    parameters: tuple[ParameterUse, ...]


@dataclass(frozen=True, slots=True)
class CauseFinding:
    declared: Cause
    finding: Finding
    conditions: Mapping[str, ConditionFinding]


@dataclass(frozen=True, slots=True)
class OutputFinding:
    """`value` counts `unit` (None for a truth, date or choice)."""

    declared: Output
    value: Value
    unit: Unit | None
    unit_text: str


@dataclass(frozen=True, slots=True)
class Missing:
    """What would have to be found out. `path` for facts and judgements; `parameter` and `key` for parameters."""

    kind: Literal["fact", "judgement", "parameter"]
    label: str
    path: str = ""
    parameter: str = ""
    key: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Assumed:
    """A defaulted fact the household left out; `matters` when, taken as unknown, it would be needed."""

    path: str
    label: str
    value: object
    matters: bool


@dataclass(frozen=True, slots=True)
class OptionFinding:
    outcome: Outcome
    causes: Mapping[str, Finding]


@dataclass(frozen=True, slots=True)
class ReadingFinding:
    declared: Reading
    options: Mapping[str, OptionFinding]
    differs: bool


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer about one household, with every reason.

    Attributes:
        household: its id. `place` its division code.
        as_of: the day whose rules were applied; `known_on` leaves out later publications.
        inputs: the household's facts as they were read, for the numbers put in (path, label, text, unit).
    """

    household: str
    outcome: Outcome
    policy: CheckedPolicy
    place: str
    as_of: date
    known_on: date | None
    causes: Mapping[str, CauseFinding]
    requirements: Mapping[str, ConditionFinding]
    outputs: Mapping[str, OutputFinding]
    missing: tuple[Missing, ...]
    assumed: tuple[Assumed, ...]
    readings: Mapping[str, ReadingFinding]
    referrals: tuple[Referral, ...]
    warnings: tuple[Diagnostic, ...]
