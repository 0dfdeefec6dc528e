"""Stored records decided again: what changed in the answer, and which change of rule did it.

In: lines of records, and who decides. Out: one `Replayed` a line.
With the policies as they were, the rules of then are read from them, and each change of rule that bears on the answer
is undone by itself: where that alone gives the old answer again, it is the one that did it.
Imports evaluation, policy and the ground floor; the caller passes in what decides.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import TypeAlias

from engine.diagnostics import Diagnostic
from engine.errors import HouseholdError, PolicyError, UnusablePolicy
from engine.evaluation.decision import Decision
from engine.gathered import gathered
from engine.testing.basis import basis_of, changes_between, condition_path, reach
from engine.testing.differences import differences
from engine.testing.record import read_record
from engine.testing.replayed import Basis, Cause, Difference, Note, Record, Replayed, Side, Verdict, outcome_text
from engine.testing.undoing import undone_by

Decide: TypeAlias = Callable[[object, str | None, date | None, date | None], Decision]
"""household, policy, as_of, known_on → the decision; raises HouseholdError and PolicyError"""


class Replay:
    """Decides records again, one after the other; keeps only what the next can use."""

    def __init__(self, decide: Decide, before: Decide | None = None) -> None:
        self._decide = decide
        self._before = before

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
            figures = now.outcome == "figures" and any(one.path[0] == "output" for one in found)
            verdict = Verdict.REASONS if then.outcome == now.outcome and not figures else Verdict.OUTCOME
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
                basis = basis or basis_of(before)
            elif differences(record.decision, answer):
                notes.append("before-differs")
            if before is not None and "other-before" not in notes:
                basis = basis_of(before)
        if decision is None or basis is None:
            if decision is not None and "same-rules" not in notes and record.outcome != "refused":
                notes.append("no-basis")
            return (), tuple(notes), faults
        now = basis_of(decision)
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
        alike = gathered((cause.change.texts, cause.change.path) for cause in causes if cause.bears)
        undone: dict[tuple[str | None, str | None], bool | None] = {}
        for texts, paths in alike.items():
            decision = undone_by(record.household, before, now, paths)
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
    return Side(outcome_text(decision.outcome), decision.policy.merged.chain.ids, decision.policy.digest)


def _bearing(found: Sequence[Difference], then: Basis, now: Basis) -> frozenset[str]:
    """The rules that what differs can read, in either policy; all of them where it is not one thing that differs."""
    roots: set[str] = set()
    for one in found:
        match one.path:
            case ("condition" | "left" | "right" | "operator" | "exempted", cause, id):
                roots.add(condition_path(cause, id))
            case ("cause" | "output" | "referral" | "reading" as kind, id, *_):
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
