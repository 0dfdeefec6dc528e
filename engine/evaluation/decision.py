"""What a decision says. Frozen data; `to_dict` gives the contract's JSON.

In: `decide` gives the outcome, `explained` raw values when they are asked for.  Out: `api`, `reporting`, `cli` read
them. Text is made only when asked for.
Imports policy, language, `figures` and `told`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Final, Literal, Protocol, TypeAlias

from engine.diagnostics import Diagnostic, Language
from engine.evaluation.figures import Measure
from engine.evaluation.shared import shared
from engine.evaluation.told import Missing, OutputFinding, ParameterUse, Part, day_json
from engine.language.values import UNKNOWN, Truth3, Value
from engine.policy.checked import CheckedPolicy
from engine.policy.model import Cause, Condition, Exemption, Reading, Referral
from engine.records import dataclass

if TYPE_CHECKING:
    from engine.evaluation.explained import Explained


Explain: TypeAlias = Literal["none", "reasons", "full"]
EXPLAIN: Final[tuple[Explain, ...]] = ("none", "reasons", "full")
"""how much is told of a decision"""


class Outcome(StrEnum):
    ELIGIBLE = "eligible"
    INELIGIBLE = "ineligible"
    UNDETERMINED = "undetermined"


class Finding(StrEnum):
    """Of a cause, a condition or a requirement."""

    MET = "met"
    UNMET = "unmet"
    UNDETERMINED = "undetermined"


FINDINGS: Final[Mapping[Truth3, Finding]] = {
    True: Finding.MET,
    False: Finding.UNMET,
    UNKNOWN: Finding.UNDETERMINED,
}
WORDS: Final = {one: one.value for one in Finding}


@dataclass(frozen=True, slots=True)
class Operand:
    """A named value that a side of a comparison puts together: its name as written, and its value in its own unit."""

    text: str
    value: Value
    measure: Measure


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a comparison: the author's text, and the value with how it is shown.

    `operands` are the household-level names that the text is made of, in order of writing, each once; for reading.
    """

    text: str
    value: Value
    measure: Measure
    operands: tuple[Operand, ...] = ()


@dataclass(frozen=True, slots=True)
class ComparisonFinding:
    """Both sides in the right side's unit. `margin` is by how much it holds, negative where it fails; None where a
    side is not known, or no quantity."""

    left: Side
    operator: str
    right: Side
    margin: Value | None


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
class Assumed:
    """A defaulted fact the household left out; `matters` when, taken as unknown, it would be needed.

    Attributes:
        value: the default as the household's JSON would have it.
        told: as the decision's JSON has it.
    """

    path: str
    label: str
    value: object
    matters: bool
    told: Mapping[str, object] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        told = {"path": self.path, "value": self.value, "matters": self.matters}
        object.__setattr__(self, "told", shared(told))


@dataclass(frozen=True, slots=True)
class OptionFinding:
    """`figures` are told in place of an outcome, where the policy has none."""

    outcome: Outcome | None
    causes: Mapping[str, Finding]
    figures: Mapping[str, OutputFinding] = field(default_factory=dict)

    @property
    def answer(self) -> object:
        """What is the same for options that come to the same."""
        return self.outcome or {id: found.bare() for id, found in self.figures.items()}

    def to_dict(self) -> dict[str, object]:
        causes = {id: WORDS[found] for id, found in self.causes.items()}
        if self.outcome is not None:
            return {"outcome": str(self.outcome), "causes": causes}
        return {"outcome": None, "causes": causes, "outputs": {id: found.bare() for id, found in self.figures.items()}}


@dataclass(frozen=True, slots=True)
class ReadingFinding:
    declared: Reading
    options: Mapping[str, OptionFinding]
    differs: bool


class Explaining(Protocol):
    """What was kept of a household, from which reasons can be derived."""

    def explained(self) -> Explained:
        """Always the same."""


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer about one household; its reasons are derived when they are asked for.

    Attributes:
        household: its id. `place` its division code.
        outcome: None where the policy has figures only.
        as_of: the day whose rules were applied; `known_on` leaves out later publications.
    """

    household: str
    outcome: Outcome | None
    policy: CheckedPolicy
    place: str
    as_of: date
    known_on: date | None
    _explaining: Explaining = field(repr=False)

    @property
    def explained(self) -> Explained:
        """All that is derived, for this floor."""
        return self._explaining.explained()

    def finding(self, cause: str, condition: str = "") -> Finding | None:
        """What a cause, one of its conditions, or (where `cause` is empty) a requirement came to, without the reasons;
        None where the policy has no such rule."""
        return self.explained.finding(cause, condition)

    @property
    def causes(self) -> Mapping[str, CauseFinding]:
        return self.explained.causes

    @property
    def requirements(self) -> Mapping[str, ConditionFinding]:
        return self.explained.requirements

    @property
    def outputs(self) -> Mapping[str, OutputFinding]:
        return self.explained.outputs

    @property
    def derivations(self) -> Mapping[str, tuple[Part, ...]]:
        """What each output was made of."""
        return self.explained.derivations

    @property
    def uses(self) -> tuple[ParameterUse, ...]:
        """Every parameter value that a condition or an output read, each once, in order of these."""
        return self.explained.uses

    @property
    def missing(self) -> tuple[Missing, ...]:
        """What would settle it; not empty exactly when the outcome, or a figure without one, is not known."""
        return self.explained.missing

    @property
    def assumed(self) -> tuple[Assumed, ...]:
        """The facts that were left out and for which a default stands."""
        return self.explained.assumed

    @property
    def readings(self) -> Mapping[str, ReadingFinding]:
        """What each option of each open reading of the law would have given."""
        return self.explained.readings

    @property
    def waived(self) -> frozenset[tuple[str, str]]:
        """The conditions, by cause ("" for a requirement) and id, that the chosen readings do not ask for: they hold
        of whatever household."""
        return self.explained.waived

    @property
    def referrals(self) -> tuple[Referral, ...]:
        return self.explained.referrals

    @property
    def warnings(self) -> tuple[Diagnostic, ...]:
        return self.explained.warnings

    def to_dict(self, language: Language = "zh", explain: Explain = "full") -> dict[str, object]:
        """The contract's decision JSON; `language` is that of the warnings only.

        What is told of many households alike is one and the same object in all of them, which refuses to be changed;
        a deep copy is plain.

        Args:
            explain: how much of it. `none` ends with the policy, and derives nothing; of a policy of figures only these
                are told, for they are its answer. `reasons` has causes and requirements, what is missing, referrals and
                warnings besides; `full` also figures, assumptions and readings.
        Raises: ValueError where `explain` is none of these.
        """
        if explain not in EXPLAIN:
            raise ValueError(f"explain: {explain!r} is none of {', '.join(EXPLAIN)}")
        answer: dict[str, object] = {
            "format": 1,
            "household": self.household,
            "outcome": None if self.outcome is None else str(self.outcome),
            **by_rules(self.policy, self.as_of, self.known_on),
        }
        if explain == "none" and self.outcome is not None:
            return answer
        if explain == "none":
            return answer | {"outputs": self.explained.told(explain)["outputs"]}
        told = self.explained.told(explain)
        warnings = [{"code": one.code, "message": one.message(language)} for one in self.warnings]
        referrals = [{"id": one.id, "label": one.label} for one in self.referrals]
        answer |= {"causes": told["causes"], "requirements": told["requirements"]}
        if explain == "full":
            answer["outputs"] = told["outputs"]
        answer["missing"] = [one.to_dict() for one in self.missing]
        if explain == "full":
            answer |= {"assumed": [one.told for one in self.assumed], "readings": told["readings"]}
        return answer | {"referrals": referrals, "warnings": warnings}


def by_rules(policy: CheckedPolicy, as_of: date, known_on: date | None) -> dict[str, object]:
    """What every decision tells of the rules that it was made by."""
    chain = policy.merged.chain
    confers, label = chain.root.header.confers
    return {
        "confers": {"id": confers, "label": label} if confers else None,
        "policy": {
            "chain": list(chain.ids),
            "as_of": as_of.isoformat(),
            "known_on": day_json(known_on),
            "digest": policy.digest,
            **({"proved": proofs} if (proofs := _proofs_json(policy)) else {}),
        },
    }


def _proofs_json(policy: CheckedPolicy) -> dict[str, object]:
    """Of each overlay of which something was proved how many promises it makes, how many are kept, for whom."""
    return {
        id: {
            "promises": proof.promises,
            "proved": len(proof.claims),
            **({"any_size": True} if all(one.any_size for one in proof.claims) else {"at_most": proof.most}),
        }
        for id, proof in policy.proofs.items()
        if proof.claims
    }
