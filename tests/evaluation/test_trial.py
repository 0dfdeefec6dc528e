"""What is worked again after a change agrees with working everything afresh: readings, and which assumptions matter.

On the provincial policy, with households that know more or less of themselves.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from functools import cache
from typing import Any

import pytest

from engine.evaluation import assumptions
from engine.evaluation.assumptions import assumed_facts, left_out
from engine.evaluation.decide import decide
from engine.evaluation.facts import FactPlace, HouseholdFacts, path_of
from engine.evaluation.findings import OUTCOMES, truth_at
from engine.evaluation.frame import Frame, frame_on, rows_of
from engine.evaluation.household import read_household
from engine.evaluation.needs import Needed, NeededFact, need
from engine.evaluation.prepared import Prepared, prepare, tables_on
from engine.evaluation.trial import Trial
from engine.evaluation.working import work_out, workings_of
from engine.policy.checked import CheckedPolicy
from tests.conformance.programs import policy_of, program_entries
from tests.evaluation.samples import household as sample_household
from tests.evaluation.samples import provincial, sample_policy
from tests.oracle.completions import sprinkle
from tests.oracle.households import household

JOINED = range(60, 90)
"""of a policy in which items rest on each other"""
SEEDS = range(90)


def policy_and_facts(seed: int) -> tuple[CheckedPolicy, HouseholdFacts]:
    rng = random.Random(f"trial {seed}")
    given: dict[str, Any]
    if seed in JOINED:
        joins = joined_policy()
        return joins, read_household(_joined_household(rng), joins)
    if seed % 4 == 0:
        given = dict(sample_household())
        given.update({name: None for name in ("residence", "income") if rng.random() < 0.3})
        for name in ("savings", "rooms", "vehicles", "hardship"):
            if rng.random() < 0.6:
                del given[name]
        for member in given["members"]:
            for name in ("ill", "cost", "illness"):
                if rng.random() < 0.6:
                    del member[name]
        policy = sample_policy()
    else:
        given = sprinkle(rng, household(rng, "H"), rng.choice((0, 0.05, 0.2)))
        given["county"] = "140105"
        for member in given["members"]:
            for name in [name for name in member if name != "id"]:
                if rng.random() < 0.4:
                    del member[name]
        policy = provincial()
    return policy, read_household(given, policy)


@cache
def joined_policy() -> CheckedPolicy:
    return policy_of(next(entry for entry in program_entries() if entry.topic == "joins"))


def _joined_household(rng: random.Random) -> dict[str, Any]:
    """Few different values, so that items are often alike; much is left to its default, some is unknown."""
    members = [
        {"id": id, "born": rng.choice(("1980-01-01", "1999-09-09", None)), "unit": rng.choice(("one", "two", None))}
        | ({"earned": rng.choice((0, 600))} if rng.random() < 0.4 else {})
        for id in ("a", "b", "c")[: rng.randint(1, 3)]
    ]
    bills = [
        {"patient": rng.choice(("a", "b", None)), "amount": rng.choice((500, 1200, None))}
        | ({"hospital": rng.choice(("listed", "other"))} if rng.random() < 0.4 else {})
        for _ in range(rng.randint(0, 3))
    ]
    place = {"id": "H", "application_date": "2022-06-01", "county": "900201"}
    return place | {"members": members, "bills": bills if rng.random() < 0.9 else None}


def fresh(
    prepared: Prepared,
    facts: HouseholdFacts,
    *,
    unknown: FactPlace | None = None,
    readings: Mapping[str, str] | None = None,
) -> Frame:
    program = prepared.sharper
    tables = tables_on(prepared.policy, facts.place, facts.as_of, None)
    frame = frame_on(rows_of(program, facts), program, tables)
    for id, option in (readings or {}).items():
        frame.readings[program.reading_slots[id]] = option
    if unknown is not None:
        collection, index, id = unknown
        items: Any = frame.items.get(collection)
        owner: Frame = items[index] if collection else frame
        owner.row[program.inputs[collection, id].slot] = program.inputs[collection, id].extent
    work_out(workings_of(program)[: len(program.steps)], frame)
    return frame


def content(frame: Frame) -> Any:
    items: Any = frame.items
    return list(frame.readings), [
        list(one.row) for one in (frame, *(item for group in items.values() for item in _all(group)))
    ]


def _all(group: Any) -> Any:
    return group if isinstance(group, tuple) else (group.item,)


@pytest.mark.parametrize("seed", SEEDS)
def test_readings_agree_with_working_afresh(seed: int) -> None:
    policy, facts = policy_and_facts(seed)
    prepared = prepare(policy)
    decision = decide(policy, facts)
    for id, found in decision.readings.items():
        for option, told in found.options.items():
            frame = fresh(prepared, facts, readings={id: option})
            assert told.outcome is OUTCOMES[truth_at(frame, prepared.sharper.goals[0].slot)]
        assert found.options[found.declared.chosen].outcome is decision.outcome
        assert found.differs == (len({one.outcome for one in found.options.values()}) > 1)


@pytest.mark.parametrize("often", [0, 10**9], ids=["at once", "by trials"])
@pytest.mark.parametrize("seed", SEEDS)
def test_assumed_facts_that_matter_agree_with_trying_each(
    seed: int, often: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(assumptions, "OFTEN", often)
    policy, facts = policy_and_facts(seed)
    prepared = prepare(policy)
    found = {
        one.path: one.matters for one in assumed_facts(prepared, left_out(prepared, facts), fresh(prepared, facts))
    }
    used = [place for place in facts.defaulted if (place[0], place[2]) in prepared.sharper.used]
    assert list(found) == [path_of(place) for place in used]
    for place in used:
        needed = _need(prepared, fresh(prepared, facts, unknown=place))
        assert found[path_of(place)] == (NeededFact(*place) in needed), path_of(place)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_trial_of_a_fact_agrees_with_working_afresh(seed: int) -> None:
    """Of an item, too: those that look at it are worked again, and no more than what is read stays as it was."""
    policy, facts = policy_and_facts(seed)
    prepared = prepare(policy)
    program = prepared.sharper
    decisive = program.steps[: program.decisive]
    frame = fresh(prepared, facts)
    for place in facts.defaulted:
        afresh = fresh(prepared, facts, unknown=place)
        with Trial(program, frame, facts={place: program.inputs[place[0], place[2]].extent}):
            for step in decisive:
                tried, wanted = (
                    [one.row[step.slot] for one in each.every(step.collection)] for each in (frame, afresh)
                )
                assert tried == wanted, step.owner.name


@pytest.mark.parametrize("seed", SEEDS)
def test_a_trial_is_taken_back(seed: int) -> None:
    policy, facts = policy_and_facts(seed)
    prepared = prepare(policy)
    frame = fresh(prepared, facts)
    before = content(frame)
    unknown = {place: prepared.sharper.inputs[place[0], place[2]].extent for place in facts.defaulted}
    readings = {id: reading.type.options[-1][0] for id, reading in policy.merged.elements.readings.items()}
    with pytest.raises(ValueError, match="inside"), Trial(prepared.sharper, frame, readings=readings, facts=unknown):
        raise ValueError("inside")
    assert content(frame) == before


@pytest.mark.parametrize("seed", SEEDS)
def test_a_trial_of_several_changes_agrees_with_working_afresh(seed: int) -> None:
    policy, facts = policy_and_facts(seed)
    prepared = prepare(policy)
    readings = {id: reading.type.options[-1][0] for id, reading in policy.merged.elements.readings.items()}
    frame, afresh = fresh(prepared, facts), fresh(prepared, facts, readings=readings)
    with Trial(prepared.sharper, frame, readings=readings):
        decisive = prepared.sharper.steps[: prepared.sharper.decisive]
        household = [step.slot for step in decisive if not step.collection]
        assert [frame.row[slot] for slot in household] == [afresh.row[slot] for slot in household]
        assert _need(prepared, frame) == _need(prepared, afresh)


def _need(prepared: Prepared, frame: Frame) -> frozenset[Needed]:
    return need(prepared.sharper, prepared.sharper.goals[0].core, frame)
