"""On what a witness turns: what keeps the side that says no from saying yes, and what of the text made it so.

In: a `Witness` and what differs in the text.  Out: `Deciding`s in the order of the policy.
Imports evaluation, policy, program and this floor's results.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from engine.evaluation.decision import Decision, Finding, Outcome
from engine.language import core
from engine.language.references import core_walk
from engine.policy.checked import CheckedPolicy, OwnerKind
from engine.program.link import program_of, reads
from engine.program.model import Program, Step
from engine.proof.results import Goal, Witness
from engine.proof.sides import published
from engine.proof.written import Written
from engine.records import dataclass
from engine.source import Span

_KINDS: Final[Mapping[OwnerKind, str]] = {"term": "terms", "cause": "causes", "output": "outputs"}
_Named = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Deciding:
    """A condition, a requirement (of no `cause`), a cause that only one side has (of no `id`), or a figure.

    Attributes:
        findings: on either side; None where a side does not have it.
        because: what of the text it comes from; `span` is where it is declared itself.
    """

    cause: str
    id: str
    label: str
    findings: tuple[Finding | None, Finding | None]
    span: Span
    because: tuple[Written, ...]


def deciding(goal: Goal, witness: Witness, texts: Sequence[Written]) -> tuple[Deciding, ...]:
    changed = {(one.kind, one.id): one for one in texts if not _is_shared(one, witness)}
    if goal.kind == "output":
        declared = witness.decisions[1].outputs[goal.id].declared
        because = _because("output", "", goal.id, witness, changed)
        return (Deciding("", goal.id, declared.label, (None, None), declared.origin.span, because),)
    yes, no = (0, 1) if _holds(goal, witness.decisions[0]) else (1, 0)
    return tuple(_lacking(goal, witness, yes, no, changed))


def _holds(goal: Goal, decision: Decision) -> bool:
    if goal.kind == "outcome":
        return decision.outcome is Outcome.ELIGIBLE
    return goal.id in decision.causes and decision.causes[goal.id].finding is Finding.MET


def _lacking(goal: Goal, witness: Witness, yes: int, no: int, changed: Mapping[_Named, Written]) -> Iterator[Deciding]:
    """Of the causes met where it is met, what is not met on the other side; and the requirements that are not."""
    met, unmet = witness.decisions[yes], witness.decisions[no]
    for cause, held in met.causes.items():
        if held.finding is not Finding.MET or (goal.kind == "cause" and cause != goal.id):
            continue
        if cause not in unmet.causes:
            texts = tuple(changed[one] for one in [("causes", cause)] if one in changed)
            findings = _sides(no, held.finding, None)
            yield Deciding(cause, "", held.declared.label, findings, held.declared.origin.span, texts)
            continue
        for id, condition in unmet.causes[cause].conditions.items():
            if condition.finding is Finding.UNMET:
                was = held.conditions[id].finding if id in held.conditions else None
                because = _because("condition", cause, id, witness, changed)
                declared = condition.declared
                findings = _sides(no, was, condition.finding)
                yield Deciding(cause, id, declared.label, findings, declared.origin.span, because)
    for id, condition in unmet.requirements.items() if goal.kind == "outcome" else ():
        if condition.finding is Finding.UNMET:
            was = met.requirements[id].finding if id in met.requirements else None
            because = _because("condition", "", id, witness, changed)
            findings = _sides(no, was, condition.finding)
            yield Deciding("", id, condition.declared.label, findings, condition.declared.origin.span, because)


def _sides(no: int, met: Finding | None, unmet: Finding | None) -> tuple[Finding | None, Finding | None]:
    return (met, unmet) if no else (unmet, met)


def _is_shared(one: Written, witness: Witness) -> bool:
    """Whether it is a value that only one side publishes: both have it then."""
    case = witness.case
    if one.kind != "parameters" or any(one.id not in tables.parameters for tables in case.tables):
        return False
    before, after = (
        published(policy, tables.parameters[one.id], case.place)
        for policy, tables in zip(case.policies, case.tables, strict=True)
    )
    return before == after


def _because(
    kind: OwnerKind, group: str, id: str, witness: Witness, changed: Mapping[_Named, Written]
) -> tuple[Written, ...]:
    named = {one: None for policy in witness.case.policies for one in _reached(kind, group, id, policy, changed)}
    return tuple(changed[one] for one in named)


def _reached(
    kind: OwnerKind, group: str, id: str, policy: CheckedPolicy, changed: Mapping[_Named, Written]
) -> Iterator[_Named]:
    """What differs of all that a rule rests on; what lies behind something that differs is not looked at."""
    program = program_of(policy)
    kinds = (kind, "exempted", "exemption") if kind == "condition" else (kind,)
    waiting = [
        step
        for step in program.every
        if step.owner.kind in kinds and step.owner.id == id and (kind == "output" or step.owner.group == group)
    ]
    seen = set()
    while waiting:
        step = waiting.pop()
        own = _name(step)
        if own in changed:
            yield own
        if (step.collection, step.slot) in seen or (own in changed and step.owner.kind not in kinds):
            continue
        seen.add((step.collection, step.slot))
        yield from (one for one in _looked_up(step) if one in changed)
        waiting.extend(_steps(step, program))


def _name(step: Step) -> _Named:
    owner = step.owner
    if owner.kind in ("condition", "exempted", "exemption"):
        return ("conditions", f"{owner.group}.{owner.id}") if owner.group else ("requirements", owner.id)
    return _KINDS.get(owner.kind, ""), owner.id


def _steps(step: Step, program: Program) -> Iterator[Step]:
    return (program.by_place[place] for place in reads(step.core) if place in program.by_place)


def _looked_up(step: Step) -> Iterator[_Named]:
    for node in core_walk(step.core):
        match node:
            case core.Lookup(parameter=id):
                yield "parameters", id
            case core.InList(list=id) | core.OverlapsList(list=id):
                yield "lists", id
            case core.ChosenReading(reading=id):
                yield "readings", id
            case _:
                pass
