"""Reasons on demand: in whatever order, twice, by several threads, and whatever happens to the household meanwhile."""

from __future__ import annotations

import gc
import itertools
import json
import operator
import pickle
import random
import sys
import weakref
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from typing import Any

import pytest

from engine.api import open_policies
from engine.evaluation import explained
from engine.evaluation.decision import Decision
from tests.evaluation import samples
from tests.evaluation.samples import SOUND, decided, sample_policy
from tests.oracle.completions import sprinkle
from tests.oracle.households import household

PARTS = ("causes", "requirements", "outputs", "missing", "assumed", "readings", "referrals", "warnings")


def given(seed: int) -> dict[str, Any]:
    rng = random.Random(f"explained {seed}")
    return sprinkle(rng, household(rng, "H"), 0.1)


def told(decision: Decision, order: Iterator[str] | tuple[str, ...]) -> dict[str, object]:
    return {part: getattr(decision, part) for part in order}


@pytest.mark.parametrize("seed", range(6))
def test_the_order_of_asking_changes_nothing(seed: int) -> None:
    policies = open_policies()
    wanted = policies.evaluate(given(seed)).to_dict()
    for order in itertools.islice(itertools.permutations(PARTS), 0, None, 6_000):
        decision = policies.evaluate(given(seed))
        told(decision, order)
        assert decision.to_dict() == wanted
        assert decision.to_dict() == wanted


def test_what_is_done_to_the_household_afterwards_is_not_seen() -> None:
    policies = open_policies()
    mine = given(1)
    wanted = policies.evaluate(deepcopy(mine)).to_dict()
    decision = policies.evaluate(mine)
    mine["income_12m"] = 0
    mine["county"] = "140121"
    mine["members"][0].clear()
    mine["members"].append({"id": "another", "treatment_ongoing": True, "medical_gross": 99999})
    assert decision.to_dict() == wanted


def test_what_is_told_of_many_households_alike_is_made_once() -> None:
    """Kept decisions hold what differs between households, and no copies of what does not."""
    policies = open_policies()
    bare = {**given(1), "members": [{"id": "m1"}]}
    told: list[Any] = [policies.evaluate({**bare, "income_12m": income}).to_dict() for income in (1, 2)]
    one, other = told
    assert one["assumed"]
    assert all(a is b for a, b in zip(one["assumed"], other["assumed"], strict=True))
    for id, cause in one["causes"].items():
        for name, condition in cause["conditions"].items():
            assert (condition is other["causes"][id]["conditions"][name]) == ("comparison" not in condition)
    assert one["readings"] is other["readings"]


def test_what_decisions_share_is_not_changed_in_one_of_them() -> None:
    """It says so; a copy is plain, and prints and travels as any JSON does."""
    policies = open_policies()
    told: Any = policies.evaluate({**given(1), "members": [{"id": "m1"}]}).to_dict()
    wanted = json.dumps(told)
    changes: list[Callable[[], object]] = [
        lambda: told["assumed"][0].update(value=1),
        lambda: told["assumed"][0].pop("value"),
        lambda: told["readings"].clear(),
        lambda: operator.setitem(next(iter(told["readings"].values()))["options"], "strict", {}),
        lambda: operator.delitem(told["assumed"][0], "path"),
        lambda: told["assumed"][0].__ior__({"path": ""}),
    ]
    for change in changes:
        with pytest.raises(TypeError, match="copy"):
            change()
    for plain in (deepcopy(told), pickle.loads(pickle.dumps(told))):
        assert plain == told
        plain["assumed"][0]["value"] = 99
        plain["readings"].clear()
    assert json.dumps(told) == wanted


def test_threads_that_ask_at_once_get_one_answer() -> None:
    policies = open_policies()
    wanted = policies.evaluate(given(2)).to_dict()
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        for _ in range(5):
            decision = policies.evaluate(given(2))
            with ThreadPoolExecutor(8) as pool:
                found = list(pool.map(lambda part, held=decision: getattr(held, part), PARTS * 4))
            assert decision.to_dict() == wanted
            for part, one in zip(PARTS * 4, found, strict=True):
                assert one is getattr(decision, part), "each part is derived once"
    finally:
        sys.setswitchinterval(before)


def test_the_outcome_alone_derives_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    derived = []
    once = explained.Explained._once

    def counted(self: explained.Explained, make: Any) -> Any:
        derived.append(make)
        return once(self, make)

    monkeypatch.setattr(explained.Explained, "_once", counted)
    decision = open_policies().evaluate(given(3))
    assert (decision.outcome, derived) == (decision.outcome, [])
    assert decision.causes
    assert derived


def test_nothing_keeps_a_decision_alive_in_a_circle() -> None:
    """Whoever screens a million households frees each with its last reference, not when the collector comes by."""
    policies = open_policies()
    gc.disable()
    try:
        decision = policies.evaluate(given(4))
        decision.to_dict()
        gone = weakref.ref(decision.explained)
        del decision
        assert gone() is None
    finally:
        gc.enable()


CONDITIONS = """\
causes:
  asking:
    label: 读法所问
    conditions:
      direct: {label: 只计患病的才问, when: counting = all or 净收入 < 0}
      by_term: {label: 由步骤而来, when: counts_all or 净收入 < 0}
      other: {label: 另一种读法才不问, when: counting = sick or 净收入 < 0}
      always: {label: 本来就成立, when: size >= 1 人}
"""
TERM = "terms:\n  counts_all: {label: 全都计入, is: counting = all}\n"


def test_a_reading_waives_what_holds_of_every_household_because_it_is_chosen() -> None:
    text = SOUND.replace("terms:\n", TERM).replace("causes:\n", CONDITIONS)
    decision = decided(samples.household(), sample_policy(text))
    assert decision.waived == {("asking", "direct"), ("asking", "by_term")}
