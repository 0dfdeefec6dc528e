"""What became of stored records: result types, which `record`, `basis`, `differences` and `replay` make.

Imports evaluation (decisions) and the ground floor.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import field
from datetime import date
from enum import StrEnum
from typing import Literal, TypeAlias

from engine.diagnostics import Diagnostic
from engine.evaluation.decision import Decision
from engine.records import dataclass


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule or value.

    Attributes:
        path: `illness.income`, `requirements.x`, `terms.members.x`, `terms.x:part`, `terms.x:previous.1` (the
            first definition of a term that was replaced), `parameters.x[140105, urban]`,
            `readings.x`, `lists.x`, `facts.x.default`; a cause's exemption is `illness.assets:exemptions.x`.
        text: an expression, a value with its unit, the option chosen. Empty where there is no value in force.
        at: `file:line`.
        document, since: of values, and of what stands in another document than the root policy's own.
        reads: the paths that it reads directly; unknown of a rule that comes from a record.
    """

    path: str
    text: str
    at: str = ""
    document: str = ""
    since: str = ""
    label: str = field(default="", compare=False)
    reads: frozenset[str] = field(default=frozenset(), compare=False)


Basis: TypeAlias = Mapping[str, Rule]


@dataclass(frozen=True, slots=True)
class RuleChange:
    """A rule that is not what it was; `then` or `now` is None where there was or is none."""

    path: str
    then: Rule | None
    now: Rule | None

    @property
    def texts(self) -> tuple[str | None, str | None]:
        """Its text then and now."""
        return None if self.then is None else self.then.text, None if self.now is None else self.now.text


_FIGURES = ("left", "right", "operator", "output", "assumed", "option")


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that differs; None where the decision does not have it.

    `path`: ("outcome",), ("cause", id), ("condition", cause, id), ("left" | "operator" | "right" | "exempted", cause,
    id) with an empty cause for a requirement, ("output", id), ("output", id, item), ("missing", what), ("assumed",
    fact), ("reading", id), ("option", reading, id), ("referral", id), ("warning", code), ("reason", code, path).
    """

    path: tuple[str, ...]
    then: str | None
    now: str | None

    @property
    def is_finding(self) -> bool:
        """Not merely another figure on the way to the same finding, nor what a reading not chosen would give."""
        return self.path[0] not in _FIGURES


@dataclass(frozen=True, slots=True)
class Asked:
    """What the household was decided under: the policy named (None: found from the household), and the days."""

    policy: str | None = None
    as_of: date | None = None
    known_on: date | None = None


def outcome_text(outcome: object) -> str:
    """As JSON has it; `figures` where a policy has nothing else."""
    return "figures" if outcome is None else str(outcome)


@dataclass(frozen=True, slots=True)
class Record:
    """`household` is the tree that `read_json` gives; `decision` plain JSON. `basis` is None where it was not kept."""

    household: Mapping[str, object]
    decision: Mapping[str, object]
    asked: Asked
    basis: Basis | None
    program: str

    @property
    def outcome(self) -> str:
        return outcome_text(self.decision["outcome"])

    @property
    def chain(self) -> tuple[str, ...]:
        chain = self._policy.get("chain")
        return tuple(str(id) for id in chain) if isinstance(chain, list) else ()

    @property
    def digest(self) -> str:
        return str(self._policy.get("digest") or "")

    @property
    def _policy(self) -> Mapping[str, object]:
        found = self.decision.get("policy")
        return found if isinstance(found, dict) else {}


Note: TypeAlias = Literal["same-rules", "no-basis", "other-before", "before-unusable", "before-differs", "in-concert"]
"""What an auditor must know of a changed answer:

same-rules: the digest is what it was; the record was altered, or the program changed.
no-basis: the record does not say what it rested on, and the policies as they were are not at hand.
other-before: the policies given as those of then have another digest than the record.
before-unusable: some file among the policies given as those of then cannot be used.
before-differs: they have the same digest, and yet do not give the answer of the record.
in-concert: several changes of rule bear on it, and undoing any one of them does not bring the old answer back.
"""


class Verdict(StrEnum):
    SAME = "same"
    REASONS = "reasons"
    """the outcome is the same, some reason is not"""
    OUTCOME = "outcome"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Side:
    """An answer, then or now. `outcome` is one of a decision's, or `refused`."""

    outcome: str
    chain: tuple[str, ...]
    digest: str


@dataclass(frozen=True, slots=True)
class Cause:
    """A change of rule. `bears`: what differs in the answer reads it. `undone`: whether undoing it alone gives the old
    answer again; None where that was not tried, or cannot be."""

    change: RuleChange
    bears: bool
    undone: bool | None = None


@dataclass(frozen=True, slots=True)
class Replayed:
    """One record. `faults` say why it cannot be read, or why the household cannot be decided now; `faults_before` what
    is wrong with the policies given as those of then."""

    place: str
    verdict: Verdict
    household: str | None = None
    record: Record | None = None
    then: Side | None = None
    now: Side | None = None
    decision: Decision | None = None
    differences: tuple[Difference, ...] = ()
    causes: tuple[Cause, ...] = ()
    notes: tuple[Note, ...] = ()
    faults: tuple[Diagnostic, ...] = ()
    faults_before: tuple[Diagnostic, ...] = ()

    @property
    def under_other_rules(self) -> bool:
        return self.then is not None and self.now is not None and self.then.digest != self.now.digest

    @property
    def decisive(self) -> tuple[Cause, ...]:
        """The changes of rule that did it: those whose undoing brings the old answer back; where that is not known, all
        that bear on it."""
        bearing = tuple(cause for cause in self.causes if cause.bears)
        return tuple(cause for cause in bearing if cause.undone) or bearing


class Tally:
    """Counts records by verdict, and answers by the change of rule that bears on them."""

    def __init__(self) -> None:
        self.verdicts: Counter[Verdict] = Counter()
        self.same_under_other_rules = 0
        self.answers: Counter[tuple[str, str | None, str | None]] = Counter()
        """by path of the rule, its text then and now"""

    def add(self, replayed: Replayed) -> None:
        self.verdicts[replayed.verdict] += 1
        if replayed.verdict is Verdict.SAME and replayed.under_other_rules:
            self.same_under_other_rules += 1
        for cause in replayed.decisive:
            self.answers[cause.change.path, *cause.change.texts] += 1

    @property
    def records(self) -> int:
        return self.verdicts.total()

    @property
    def all_same(self) -> bool:
        """Every record was read and answered as before; of no record at all that cannot be said."""
        return 0 < self.records == self.verdicts[Verdict.SAME]
