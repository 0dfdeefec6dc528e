"""Every program entry of the suite, on every back end."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import Final

import pytest

from engine.api import open_policies
from engine.evaluation.prepared import Prepared
from engine.language.values import Value
from engine.policy.checked import CheckedPolicy
from engine.program.model import Program
from tests.conformance.answer import BACKENDS, Backend, interpreted, interpreter
from tests.conformance.comparable import Comparable, shown, wanted
from tests.conformance.programs import PROGRAMS, ProgramEntry, facts_of, policy_of, program_entries
from tests.conformance.suite import Between
from tests.each import each_of

TOPICS = sorted(path.name for path in PROGRAMS.iterdir() if path.is_dir())


@each_of(product(program_entries(), BACKENDS), lambda case: f"{case[0].id}-{case[1]}")
def test_answer(case: tuple[ProgramEntry, str]) -> None:
    entry, backend = case
    assert not _wrong(entry, BACKENDS[backend])


def _wrong(entry: ProgramEntry, backend: Backend) -> dict[str, tuple[object, object]]:
    """What a back end answers otherwise than an entry says: both, by what it is about."""
    policy = policy_of(entry)
    answer = backend(policy, facts_of(entry, policy), entry.on, entry.known_on)
    outputs = {id: _shown(policy, id, answer.outputs[id]) for id in entry.outputs if id in answer.outputs}
    both: dict[str, tuple[object, object]] = {
        "verdict": (answer.verdict, entry.verdict),
        "refused": (answer.refused, entry.refused),
        "warned": (answer.warned, entry.warned),
        "referrals": (answer.referrals, entry.referrals),
        "findings": ({id: answer.findings.get(id) for id in entry.findings}, entry.findings),
        "absent": (set(entry.absent) & set(answer.findings), set()),
        "outputs": (outputs, {id: wanted(expected) for id, expected in entry.outputs.items()}),
    }
    return {name: pair for name, pair in both.items() if pair[0] != pair[1]}


def _shown(policy: CheckedPolicy, id: str, value: Value) -> Comparable:
    output, core = policy.rules.outputs[id.partition("[")[0]]
    return ("unknown", list) if output.collection and "[" not in id else shown(core.type, value)


@each_of((entry for entry in program_entries() if entry.verdict), lambda entry: entry.id)
def test_every_rule_has_its_answer(entry: ProgramEntry) -> None:
    """A back end leaves out no cause, condition, requirement or output."""
    policy = policy_of(entry)
    conditions = (f"{cause or 'requirements'}.{id}" for cause, id, _ in policy.rules.conditions())
    names = {*policy.rules.causes, *conditions}
    facts = facts_of(entry, policy)
    for backend in BACKENDS.values():
        answer = backend(policy, facts, entry.on, entry.known_on)
        assert set(answer.findings) == names
        told = {id.partition("[")[0] for id in answer.outputs}
        none = {id for id, (output, _) in policy.rules.outputs.items() if facts.items.get(output.collection) == ()}
        assert told | none == set(policy.rules.outputs)


# ---- the entries tell apart what they are there to tell apart


def _without(policy: CheckedPolicy, **rules: object) -> CheckedPolicy:
    return replace(policy, rules=replace(policy.rules, **rules))  # type: ignore[arg-type]  # fields of `Rules`


def _unexempted(policy: CheckedPolicy) -> CheckedPolicy:
    causes = {
        id: replace(held, conditions={name: replace(one, exemptions=()) for name, one in held.conditions.items()})
        for id, held in policy.rules.causes.items()
    }
    return _without(policy, causes=causes)


def _written(policy: CheckedPolicy) -> CheckedPolicy:
    """Every reading as the root policy chose it."""
    root, elements = policy.merged.chain.root, policy.merged.elements
    return replace(policy, merged=replace(policy.merged, elements=replace(elements, readings=root.elements.readings)))


class _Untold(Prepared):
    """As if no test told of what is not known."""

    @property
    def sharper(self) -> Program:
        return self.program


FORGETFUL: Final[dict[str, Backend]] = {
    "exemptions": lambda policy, facts, day, known: interpreter(_unexempted(policy), facts, day, known),
    "requirements": lambda policy, facts, day, known: interpreter(_without(policy, requirements={}), facts, day, known),
    "checks": lambda policy, facts, day, known: interpreter(_without(policy, checks={}), facts, day, known),
    "referrals": lambda policy, facts, day, known: interpreter(_without(policy, referrals={}), facts, day, known),
    "readings": lambda policy, facts, day, known: interpreter(_written(policy), facts, day, known),
    "values": lambda policy, facts, _, known: interpreter(policy, facts, facts.as_of, known),
    "lists": lambda policy, facts, _, known: interpreter(policy, facts, facts.as_of, known),
    "narrowing": lambda policy, facts, day, known: interpreted(_Untold(policy), facts, day, known),
    "known_on": lambda policy, facts, day, _: interpreter(policy, facts, day, None),
}
"""back ends that each forget what a topic is about"""


@pytest.mark.parametrize("topic", sorted(FORGETFUL))
def test_who_forgets_what_a_topic_is_about_fails_it(topic: str) -> None:
    entries = [entry for entry in program_entries() if entry.topic == topic]
    assert any(_wrong(entry, FORGETFUL[topic]) for entry in entries)


@pytest.mark.parametrize("topic", TOPICS)
def test_policies_are_sound(topic: str) -> None:
    assert not open_policies(PROGRAMS / topic).check().has_errors


def test_what_an_allowance_that_tapers_was_without_what_tests_tell() -> None:
    (entry,) = (entry for entry in program_entries() if entry.id == "narrowing/can-hold")
    policy = policy_of(entry)
    answers = [call(policy, facts_of(entry, policy), entry.on, None) for call in (FORGETFUL["narrowing"], interpreter)]
    untold, told = (_shown(policy, "allowance_paid", answer.outputs["allowance_paid"]) for answer in answers)
    assert untold == wanted(Between("87.90", "17062.42", "元/月"))
    assert told == wanted(Between("87.90", "351.54", "元/月"))
