"""The engine against the oracle: 20,000 households, every option of every reading, many on a limit to the fen.

Each household is decided once under one of the six combinations of the two readings that change most; the other
options of each reading are compared through what the decision says of them. A smaller sample is decided under
policies that choose the other readings otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import pytest

import engine
from engine.evaluation.decision import CauseFinding, Decision, Finding, OptionFinding
from tests.oracle.households import COMBINATIONS, households, standards_of
from tests.oracle.oracle import CAUSES, DEFAULTS, READINGS, Household, Verdict, gather, judge
from tests.oracle.territories import write_policies

SEED: Final = 20221110
CHUNKS: Final = 8
CHUNK_SIZE: Final = 417  # 6 combinations × 8 × 417 = 20,016 households
BOUNDARY: Final = 0.25

PRESENCE: Final = {
    "illness": "treatment",
    "disability": "rehabilitation",
    "education": "student",
    "multiple": "several",
}
OTHERS: Final = (
    {**DEFAULTS, "whose_costs": "same"},
    {**DEFAULTS, "joint_deducts": "all"},
    {**DEFAULTS, "nursery": "nursery_excluded"},
    {**DEFAULTS, "nursery": "preschool_excluded"},
    {**DEFAULTS, "whose_costs": "same", "joint_deducts": "all", "multiple_causes": "anchor"},
    {**DEFAULTS, "whose_costs": "same", "joint_deducts": "all", "multiple_causes": "strict"},
    {**DEFAULTS, "joint_deducts": "all", "already_below": "excluded", "nursery": "nursery_excluded"},
    {reading: options[-1] for reading, options in READINGS.items()},
)
OTHERS_SIZE: Final = 250


@cache
def policies_reading(chosen: tuple[tuple[str, str], ...]) -> engine.Policies:
    """The policies with these options chosen by the cities, where they are not the province's."""
    others = {reading: option for reading, option in chosen if option != DEFAULTS[reading]}
    with TemporaryDirectory() as folder:
        return engine.load(write_policies(Path(folder), others))


def word(met: bool) -> Finding:
    return Finding.MET if met else Finding.UNMET


def assert_cause(found: CauseFinding, cause: str, verdict: Verdict) -> None:
    assert found.finding is word(verdict.causes[cause]), cause
    conditions = found.conditions
    assert conditions["income"].finding is word(verdict.income[cause]), (cause, "income")
    assert conditions["assets"].finding is word(verdict.assets), (cause, "assets")
    assert conditions[PRESENCE[cause]].finding is word(verdict.presence[cause]), (cause, "presence")


def assert_option(found: OptionFinding, verdict: Verdict) -> None:
    assert found.outcome == verdict.outcome
    assert found.causes == {cause: word(verdict.causes[cause]) for cause in CAUSES}


def assert_agrees(decision: Decision, household: Household, chosen: Mapping[str, str]) -> Verdict:
    """The whole decision is as the oracle says; the verdict under the chosen readings is returned."""
    facts, standards = gather(household), standards_of(household)
    verdict = judge(facts, standards, chosen)
    assert decision.outcome == verdict.outcome
    assert list(decision.causes) == list(CAUSES)
    for cause in CAUSES:
        assert_cause(decision.causes[cause], cause, verdict)
    assert decision.missing == ()
    assert set(decision.readings) == set(READINGS)
    for reading, options in READINGS.items():
        found = decision.readings[reading]
        assert list(found.options) == list(options)
        outcomes = set()
        for option in options:
            other = verdict if option == chosen[reading] else judge(facts, standards, {**chosen, reading: option})
            outcomes.add(other.outcome)
            assert_option(found.options[option], other)
        assert found.differs == (len(outcomes) > 1)
    return verdict


def compare(chosen: Mapping[str, str], numbers: range) -> float:
    """Holds engine and oracle against each other; the share of the households that lie on a boundary."""
    policies = policies_reading(tuple(chosen.items()))
    on_boundary = 0
    for household in households(SEED, numbers, chosen):
        try:
            verdict = assert_agrees(policies.evaluate(household), household, chosen)
        except AssertionError as error:
            error.add_note(f"under {dict(chosen)}: {household}")
            raise
        on_boundary += verdict.on_boundary(chosen)
    return on_boundary / len(numbers)


@pytest.mark.parametrize("chunk", range(CHUNKS))
@pytest.mark.parametrize("combination", range(len(COMBINATIONS)))
def test_twenty_thousand_households(combination: int, chunk: int) -> None:
    first = (combination * CHUNKS + chunk) * CHUNK_SIZE
    assert compare(COMBINATIONS[combination], range(first, first + CHUNK_SIZE)) >= BOUNDARY


def test_there_are_twenty_thousand() -> None:
    assert len(COMBINATIONS) * CHUNKS * CHUNK_SIZE >= 20_000


@pytest.mark.parametrize("place", range(len(OTHERS)))
def test_other_readings(place: int) -> None:
    first = 1_000_000 + place * OTHERS_SIZE
    assert compare(OTHERS[place], range(first, first + OTHERS_SIZE)) >= BOUNDARY
