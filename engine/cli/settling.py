"""Mutants that no case noticed, settled by the solver: no household could, or the case that would.

In: a `Tally` and the runs.  Out: the tally, what is proved equivalent moved, cases put beside the rest. Changes of
values and of overlays stay as they are.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, assert_never

from engine.proof.equivalent import Apart, settle_change
from engine.proof.reached import Met, household_for
from engine.proof.results import Proved, Unsettled
from engine.say import Say
from engine.testing.decided import Decided, decided
from engine.testing.expect import stated
from engine.testing.mutants import rule_mutants
from engine.testing.strength import Probe, Proposal, Seen, StepChange
from engine.writing.proposed_cases import Case, case_lines

if TYPE_CHECKING:
    from engine.testing.model import CaseResult
    from engine.testing.strength import Mutant, Tally


def settle(tally: Tally, results: Sequence[CaseResult], say: Say) -> None:
    """Each is settled under every set of rules that has it: equivalent is what none of them tells apart."""
    ran = list(decided(results))
    rules = {id(one.policy.rules): one for one in ran if not one.result.run.place}
    made = [(one, {_key(mutant) for mutant in rule_mutants(one.policy)}) for one in rules.values()]
    for number, mutant in enumerate(tuple(tally.survivors), 1):
        change = mutant.change
        homes = [one for one, mutants in made if _key(mutant) in mutants]
        if isinstance(change, StepChange) and homes:
            found = [(one, settle_change(one.policy, one.place, one.day, change.owner, change.core)) for one in homes]
            apart = next(((one, each) for one, each in found if isinstance(each, Apart)), None)
            if apart is not None:
                tally.settle(mutant, "\n".join(_case(*apart, mutant, number, say)))
            elif all(isinstance(each, Proved) for _, each in found):
                for _, each in found:
                    if isinstance(each, Proved):
                        tally.sizes |= each.bound.sizes
                tally.settle(mutant, "")


def seek(seen: Seen, probe: Probe, aspect: str, ran: Sequence[Decided], number: int, say: Say) -> Proposal | None:
    """A case for what no case has seen, or that there is none; None where that was not settled, and of data
    checks: what they refuse is outside."""
    one = next((one for one in ran if one.policy.rules is seen.policy.rules and not one.result.run.place), None)
    if one is None or probe.edge or aspect == "unknown":
        return None
    found = household_for(one.policy, one.place, one.day, probe.site, aspect)
    what = f"{probe.site.owner.name}: {aspect}: {' '.join(probe.span.text.split())}"
    match found:
        case Proved(bound=bound):
            sizes = ", ".join(f"{id} ≤ {most}" for id, most in bound.sizes.items() if most)
            where = f"{one.place} {one.day}"
            told = say(
                f"证明走不到（{where}，就所用的数值和读法，{sizes}，信息齐全、没有被拒收的家庭）",
                f"proved out of reach ({where}, with these values and readings, {sizes}, complete and not refused)",
            )
            return Proposal(probe, aspect, f"  # {what}: {told}")
        case Met(household=household, decision=decision):
            given = {each.id: each.value or "~" for each in one.case.given}
            case = Case(f"proposed_{number}", (what,), household, (stated(decision),), given)
            lines = case_lines(case.name, case, one.policy.merged.elements, say)
            return Proposal(probe, aspect, "\n".join(lines).rstrip())
        case Unsettled():
            return None
    assert_never(found)


def _key(mutant: Mutant) -> str:
    return f"{mutant.name} {mutant.span!r}"


def _case(one: Decided, found: Apart, mutant: Mutant, number: int, say: Say) -> Iterator[str]:
    change = f"{mutant.rule}: {' '.join(mutant.before.split())} → {mutant.after or '-'}"
    why = say(f"能察觉这处改动：{change}", f"notices this change: {change}")
    given = {each.id: each.value or "~" for each in one.case.given}
    case = Case(f"proposed_{number}", (why,), found.household, tuple(_expected(found)), given)
    return case_lines(case.name, case, one.policy.merged.elements, say)


def _expected(found: Apart) -> Iterator[str]:
    """The outcome, causes, and what differs where it is a condition or a referral, or is shown by a reading."""
    decision, owner = found.decision, found.differs
    yield stated(decision)
    if decision.outcome is not None and decision.causes:
        yield f"causes: {{{', '.join(f'{id}: {cause.finding}' for id, cause in decision.causes.items())}}}"
    if owner.kind == "referral":
        yield f"referrals: [{', '.join(one.id for one in decision.referrals)}]"
    if found.reading:
        options = decision.readings[found.reading].options
        told = ", ".join(f"{option}: {held.outcome}" for option, held in options.items())
        yield f"readings: {{{found.reading}: {{{told}}}}}"
    elif owner.kind in ("condition", "exempted") and owner.group in decision.causes:
        finding = decision.causes[owner.group].conditions[owner.id].finding
        yield f"conditions: {{{owner.group}.{owner.id}: {finding}}}"
