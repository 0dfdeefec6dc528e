"""Stored records decided again: what changed in the answer, and which change of rule did it.

In: lines of records, and who decides. Out: one `Replayed` a line.
With the policies as they were, the rules of then are read from them, and each change of rule that bears on the answer
is undone by itself: where that alone gives the old answer again, it is the one that did it.
Imports evaluation, policy and the ground floor; the caller passes in what decides.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from enum import StrEnum
from typing import Literal, TypeAlias

from engine.diagnostics import Diagnostic
from engine.errors import HouseholdError, PolicyError, UnusablePolicy
from engine.evaluation.decision import Decision
from engine.records import dataclass
from engine.testing.basis import Bases, Basis, RuleChange, changes_between, condition_path, reach
from engine.testing.differences import Difference, differences
from engine.testing.record import Record, read_record
from engine.testing.undoing import Undoing

Decide: TypeAlias = Callable[[object, str | None, date | None, date | None], Decision]
"""household, policy, as_of, known_on → the decision; raises HouseholdError and PolicyError"""

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


class Replay:
    """Decides records again, one after the other; keeps only what the next can use."""

    def __init__(self, decide: Decide, before: Decide | None = None) -> None:
        self._decide = decide
        self._before = before
        self._bases = Bases()
        self._undoing = Undoing()

    def again(self, text: bytes, place: str) -> Replayed:
        """Decide the record of a line again."""
        try:
            record = read_record(text)
        except HouseholdError as unreadable:
            return Replayed(place, Verdict.UNREADABLE, faults=unreadable.diagnostics)
        decision, answer, faults = self._answer(self._decide, record)
        then = Side(record.outcome, record.chain, record.digest)
        now = _side(decision)
        found = differences(record.decision, answer)
        verdict = Verdict.SAME
        if found:
            verdict = Verdict.REASONS if then.outcome == now.outcome else Verdict.OUTCOME
        household = record.decision.get("household")
        name = None if household is None else str(household)
        causes, notes, before = self._explain(record, decision, found) if found else ((), (), ())
        faults = faults if found else ()
        return Replayed(place, verdict, name, record, then, now, decision, tuple(found), causes, notes, faults, before)

    def _answer(
        self, decide: Decide, record: Record
    ) -> tuple[Decision | None, Mapping[str, object], tuple[Diagnostic, ...]]:
        asked = record.asked
        try:
            decision = decide(record.household, asked.policy, asked.as_of, asked.known_on)
        except UnusablePolicy as refused:
            return None, refused.to_dict(), refused.faults
        except HouseholdError as refused:
            return None, refused.to_dict(), refused.diagnostics
        except PolicyError as unknown:
            # the policy that was asked for is not there any more
            return None, HouseholdError(unknown.diagnostics).to_dict(), unknown.diagnostics
        return decision, decision.to_dict(), ()

    def _explain(
        self, record: Record, decision: Decision | None, found: Sequence[Difference]
    ) -> tuple[tuple[Cause, ...], tuple[Note, ...], tuple[Diagnostic, ...]]:
        notes: list[Note] = []
        faults: tuple[Diagnostic, ...] = ()
        if decision is not None and record.digest == decision.policy.digest:
            notes.append("same-rules")
        before, basis = None, record.basis
        if self._before is not None:
            before, answer, faults = self._answer(self._before, record)
            if before is None and record.outcome != "refused":
                notes.append("before-unusable")
            elif before is not None and record.digest and before.policy.digest != record.digest:
                # what the record itself says that it rested on is nearer to the truth
                notes.append("other-before")
                basis = basis or self._bases.of(before)
            elif differences(record.decision, answer):
                notes.append("before-differs")
            if before is not None and "other-before" not in notes:
                basis = self._bases.of(before)
        if decision is None or basis is None:
            if decision is not None and "same-rules" not in notes and record.outcome != "refused":
                notes.append("no-basis")
            return (), tuple(notes), faults
        now = self._bases.of(decision)
        changes = changes_between(basis, now)
        read = _bearing(found, basis, now)
        causes = [Cause(change, change.path in read) for change in changes]
        if before is not None and not notes:
            causes = self._undo(causes, record, before, decision)
            tried = [cause for cause in causes if cause.undone is not None]
            if tried and not any(cause.undone for cause in causes):
                notes.append("in-concert")
        return tuple(causes), tuple(notes), faults

    def _undo(self, causes: Sequence[Cause], record: Record, before: Decision, now: Decision) -> list[Cause]:
        """The causes with whether undoing each gives the old answer.

        Rules that changed alike are undone together: one edit changes a condition and all that take it over.
        """
        alike: dict[tuple[str | None, str | None], list[str]] = {}
        for cause in causes:
            if cause.bears:
                alike.setdefault(cause.change.texts, []).append(cause.change.path)
        undone: dict[tuple[str | None, str | None], bool | None] = {}
        for texts, paths in alike.items():
            decision = self._undoing.decide(record.household, before, now, paths)
            undone[texts] = None if decision is None else _restored(record, now, decision)
        return [replace(cause, undone=undone[cause.change.texts]) if cause.bears else cause for cause in causes]


def _restored(record: Record, now: Decision, undone: Decision) -> bool:
    """Whether the old answer is there again: the old outcome where that is what changed, otherwise the old findings;
    where no finding changed, every old figure."""
    if record.outcome != now.outcome:
        return record.outcome == undone.outcome
    changed = differences(record.decision, now.to_dict())
    left = differences(record.decision, undone.to_dict())
    if any(one.is_finding for one in changed):
        return not any(one.is_finding for one in left)
    return not left


def _side(decision: Decision | None) -> Side:
    if decision is None:
        return Side("refused", (), "")
    return Side(str(decision.outcome), decision.policy.merged.chain.ids, decision.policy.digest)


def _bearing(found: Sequence[Difference], then: Basis, now: Basis) -> frozenset[str]:
    """The rules that what differs can read, in either policy; all of them where it is not one thing that differs."""
    roots: set[str] = set()
    for one in found:
        match one.path:
            case ("condition" | "left" | "right" | "operator" | "exempted", cause, id):
                roots.add(condition_path(cause, id))
            case ("cause" | "output" | "referral" | "reading" as kind, id):
                roots.add(f"{kind}s.{id}")
            case ("missing", what):
                roots.add(f"parameters.{what}")
            case ("assumed", fact):
                roots.add(f"facts.{_without_index(fact)}.default")
            case ("reason", *_):
                roots.update(path for basis in (then, now) for path in basis if path.startswith("checks."))
            case _:
                pass
    return reach(then, roots) | reach(now, roots)


def _without_index(path: str) -> str:
    """`members[0].medical_aid` as `members.medical_aid`."""
    before, bracket, after = path.partition("[")
    return before + after.partition("]")[2] if bracket else path
