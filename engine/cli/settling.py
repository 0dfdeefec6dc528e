"""Mutants that no case noticed, settled by the solver: no household could, or the case that would.

In: a `Tally` and the runs.  Out: the tally, what is proved equivalent moved, cases put beside the rest. Changes of
overlays stay as they are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Final, assert_never

from engine.evaluation.prepared import tables_on
from engine.gathered import gathered
from engine.program.link import program_of
from engine.proof.equivalent import Apart, OtherValues, Settled, settle_change, settle_values
from engine.proof.reached import Met, household_for
from engine.proof.results import Proved, Unsettled
from engine.proof.sides import Case as Cell
from engine.proof.sides import Pairing, Side, looked_up_as_of_days, published
from engine.say import Say
from engine.testing.decided import Decided, decided
from engine.testing.expect import stated
from engine.testing.mutants import rule_mutants, with_parameter
from engine.testing.strength import Probe, Proposal, Seen, StepChange, ValueChange
from engine.writing.proposed_cases import Case, case_lines

if TYPE_CHECKING:
    from engine.policy.checked import CheckedPolicy
    from engine.policy.model import Parameter
    from engine.policy.slices import Slices
    from engine.testing.model import CaseResult
    from engine.testing.strength import Mutant, Tally

_MOST_CASES: Final = 5
"""places and days that publish other values, looked at for a household"""


def settle(tally: Tally, results: Sequence[CaseResult], slices: Slices, say: Say) -> None:
    """Each is settled under every set of rules that has it: equivalent is what none of them tells apart."""
    ran = [one for one in decided(results) if not one.result.run.place]
    rules = {id(one.policy.rules): one for one in ran}
    made = [(one, {_key(mutant) for mutant in rule_mutants(one.policy)}) for one in rules.values()]
    for number, mutant in enumerate(tuple(tally.survivors), 1):
        change = mutant.change
        match change:
            case StepChange(owner=owner, core=core):
                homes = [one for one, mutants in made if _key(mutant) in mutants]
                found = [(one, settle_change(one.policy, one.place, one.day, owner, core)) for one in homes]
            case ValueChange(parameter=parameter):
                found = list(_by_values(mutant, parameter, ran, slices))
            case None:
                continue
        _put(tally, mutant, found, number, say)


def _put(tally: Tally, mutant: Mutant, found: Sequence[tuple[Decided, Settled]], number: int, say: Say) -> None:
    apart = next(((one, each) for one, each in found if isinstance(each, Apart)), None)
    if apart is not None:
        tally.settle(mutant, "\n".join(_case(*apart, mutant, number, say)))
    elif found and all(isinstance(each, Proved) for _, each in found):
        for _, each in found:
            if isinstance(each, Proved):
                tally.sizes |= each.bound.sizes
        tally.settle(mutant, "")


def _by_values(
    mutant: Mutant, parameter: Parameter, ran: Sequence[Decided], slices: Slices
) -> Iterator[tuple[Decided, Settled]]:
    """Where and when another value is in force, under each chain that has it; of those that have the same of it one, as
    in a proof all else that is published may be anything."""
    runs = gathered((one.result.chain, one) for one in ran if parameter.id in one.policy.merged.elements.parameters)
    for ids, held in runs.items():
        home = next((one for one in held if not one.case.given), held[0])
        places = (mutant.place,) if mutant.place else tuple(dict.fromkeys(one.place for one in held))
        side = Side("", slices, places, lambda _, ids=ids: ids)  # type: ignore[misc]
        tried: Counter[object] = Counter()
        for case in Pairing(side, side).cases(places):
            policy = case.policies[0]
            if parameter.id in looked_up_as_of_days(program_of(policy)):
                yield home, Unsettled("limit")  # as of other days it may be in force elsewhere, too
                return
            key = id(policy.rules), *_in_force(case, (policy, with_parameter(policy, parameter)), parameter.id)
            if key[1] == key[2] or tried[key] == _MOST_CASES:
                continue
            found = settle_values(policy, case.place, case.first, parameter)
            tried[key] += 1 if isinstance(found, OtherValues) else _MOST_CASES
            yield home, found
            if isinstance(found, Apart):
                return


def _in_force(case: Cell, policies: Iterable[CheckedPolicy], id: str) -> Iterator[object]:
    for policy in policies:
        tables = tables_on(policy, case.place, case.first, None)
        yield frozenset(published(policy, tables.parameters[id], case.place).items())


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
