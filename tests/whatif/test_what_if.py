"""What is said to change an answer does, to the fen; and what is said to settle it does, whatever the rest may be."""

from __future__ import annotations

import json
import os
import random
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import engine
from engine import resources
from engine.api import Policies
from engine.evaluation.decision import Outcome
from engine.evaluation.household import read_household
from engine.policy.checked import CheckedPolicy
from engine.policy.digest import chain_digest
from engine.whatif.asked import what_if
from engine.whatif.results import WhatIf
from tests.cli.running import call
from tests.evaluation.samples import SAMPLE, decided, household, sample_policy
from tests.whatif.trials import Trials

HOUSEHOLDS = Path(__file__).parents[2] / "examples" / "households"
MANY = int(os.environ.get("WHAT_IF_HOUSEHOLDS", "30"))


@pytest.fixture(scope="module")
def policies() -> Policies:
    return engine.load()


def example(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((HOUSEHOLDS / f"{name}.json").read_text("utf-8"))
    return found


def test_what_is_said_of_random_households_is_so(policies: Policies) -> None:
    seed = random.randrange(10**6)
    print(f"seed {seed}")
    tally = Trials(policies, seed).run(range(MANY))
    assert not tally.wrong, f"seed {seed}: {tally.wrong[0]}"
    assert tally.counts["turns"] > MANY // 2


def test_the_example_that_misses_the_limit_tells_by_how_much(policies: Policies) -> None:
    given = example("ineligible")
    found = policies.what_if(given, policies.evaluate(given))
    (income,) = [one.changes[0] for one in found.turns if one.changes[0].path == "income_12m"]
    assert (income.before, income.after, income.by) == ("50000", "48669.64", "-1330.36")
    sizes = [abs(float(one.changes[0].by)) for one in found.turns if one.changes[0].by]
    assert found.whole
    assert sizes == sorted(sizes)


def test_what_would_settle_is_among_what_is_missing(policies: Policies) -> None:
    given = example("undetermined")
    decision = policies.evaluate(given)
    found = policies.what_if(given, decision)
    assert {one.outcome for one in found.settles} == {Outcome.ELIGIBLE, Outcome.INELIGIBLE}
    missing = {one.path for one in decision.missing}
    assert all(fact.path in missing for one in found.settles for fact in one.facts)
    (eligible,) = [one for one in found.settles if one.outcome is Outcome.ELIGIBLE]
    assert len(eligible.facts) == 3
    assert all(len(one.facts) == 1 for one in found.settles if one.outcome is Outcome.INELIGIBLE)


def test_a_standard_that_is_not_published_is_nothing_that_a_family_can_find_out(policies: Policies) -> None:
    given = example("no-standard")
    found = policies.what_if(given, policies.evaluate(given))
    assert (found.outcome, found.turns, found.settles) == (Outcome.UNDETERMINED, (), ())


# ---- rules of other kinds


def asked(given: dict[str, object], policy: CheckedPolicy | None = None) -> WhatIf:
    policy = policy or sample_policy()
    return what_if(decided(given, policy), given, lambda tree: read_household(tree, policy))


def told(found: WhatIf) -> list[tuple[tuple[str, object, str], ...]]:
    return [tuple((one.path, one.after, one.by) for one in turn.changes) for turn in found.turns]


def sample(*lines: str) -> CheckedPolicy:
    """The sample policy with these requirements."""
    return sample_policy(
        SAMPLE.replace("requirements:\n", "requirements:\n" + "".join(f"  {line}\n" for line in lines))
    )


def test_both_directions_are_told_where_both_turn_it() -> None:
    policy = sample("narrow: {label: 房间不多不少, unless: 房间数 >= 3 间 and 房间数 <= 5 间}")
    found = asked(household(rooms=4), policy)
    assert (("rooms", "2", "-2"),) in told(found)
    assert (("rooms", "6", "+2"),) in told(found)


def test_no_answer_is_told_that_a_data_check_refuses() -> None:
    """More than a million of savings is refused, and so is no way to more than that."""
    policy = sample("poor: {label: 存款不多, when: 存款 <= 1000000 元}")
    assert not [one for one in told(asked(household(), policy)) if one[0][0] == "savings"]
    policy = sample("poor: {label: 存款不多, when: 存款 <= 999999.99 元}")
    assert (("savings", "1000000", "+999900"),) in told(asked(household(), policy))


def test_a_stretch_ends_where_a_check_would_refuse() -> None:
    """What is not known of another check does not hide it."""
    policy = sample_policy(
        SAMPLE.replace(
            "checks:\n",
            "checks:\n"
            "  savings_of_income: {severity: error, require: 月收入 >= 存款 / 1 月, message: 存款多于收入}\n"
            "  roomy: {severity: error, require: 房间数 >= 1 间, message: 没有房间}\n",
        )
    )
    found = asked(household(income=None, savings=3000, rooms=None), policy)
    (way,) = [one for one in found.settles if one.outcome is Outcome.INELIGIBLE]
    assert [(one.path, one.least, one.most) for one in way.facts] == [("income", "3000", None)]


def test_a_bound_is_kept() -> None:
    policy = sample("roomy: {label: 房间不到二十一, when: 房间数 < 21 间}")
    assert not [one for one in told(asked(household(), policy)) if one[0][0] == "rooms"]


def test_a_day_that_has_come_is_marked() -> None:
    policy = sample("settled: {label: 迁入满一年, when: 迁入日期 + 12 月 <= 申请日期}")
    found = asked(household(moved_in="2023-01-01"), policy)
    (turn,) = found.turns
    (change,) = turn.changes
    assert (change.path, change.after, change.by) == ("moved_in", "2022-06-15", "-200")
    assert turn.fixed


def test_what_a_family_cannot_change_is_marked_and_stands_last() -> None:
    text = SAMPLE.replace("rooms: {", "rooms: {changeable: no, ")
    assert text != SAMPLE
    given = household(income=1000, rooms=7)
    rule = "  few: {label: 房间不多, when: 房间数 <= 6 间 or 月收入 < 1 元/月}\n"
    policy = sample_policy(text.replace("requirements:\n", "requirements:\n" + rule))
    found = asked(given, policy)
    assert [(one.changes[0].path, one.fixed) for one in found.turns] == [("income", False), ("rooms", True)]
    assert found.turns[1].to_dict()["changes"][0]["fixed"] is True  # type: ignore[index]


def test_no_digest_rests_on_what_a_family_can_change() -> None:
    one, other = (
        sample_policy(text).merged.chain for text in (SAMPLE, SAMPLE.replace("rooms: {", "rooms: {changeable: no, "))
    )
    assert one.root != other.root
    assert chain_digest(one) == chain_digest(other)


def test_two_facts_are_told_where_no_one_does() -> None:
    given = household(income=5000, rooms=7)
    policy = sample("few: {label: 房间不多, when: 房间数 <= 3 间}")
    pairs = told(asked(given, policy))
    assert pairs[0] == (("income", "1249.99", "-3750.01"), ("rooms", "3", "-4"))
    assert all(len(one) == 2 for one in pairs)


def test_options_of_a_set_are_put_in_and_taken_out() -> None:
    policy = sample("hungry: {label: 不缺食物, unless: 需要 含有 (food)}")
    assert (("needs", ["food", "heat"], ""),) in told(asked(household(needs=["heat"]), policy))


def test_a_list_that_was_not_given_may_be_empty() -> None:
    given = household()
    del given["vehicles"]
    (way,) = asked(given).settles
    assert (way.outcome, [one.to_dict() for one in way.facts]) == (
        Outcome.ELIGIBLE,
        [{"kind": "fact", "path": "vehicles", "label": "机动车", "value": []}],
    )


def test_texts_and_private_facts_are_told_as_not_looked_at() -> None:
    policy = sample(
        "sound: {label: 没有重病, unless: any(members where 病种 in serious)}",
        'note: {label: 备注, unless: 备注 = "甲"}',
    )
    found = asked(household(note="乙"), policy)
    assert [one.path for one in found.not_analysed] == ["note", "members.illness"]


def test_another_household_than_the_one_decided_is_refused(policies: Policies) -> None:
    decision = policies.evaluate(example("eligible"))
    with pytest.raises(ValueError, match="not the one"):
        policies.what_if(example("ineligible"), decision)
    with pytest.raises(TypeError, match="must be a Decision"):
        policies.what_if(example("eligible"), decision.to_dict())  # type: ignore[arg-type]  # it is the point


def test_a_large_household_is_answered_as_far_as_it_goes(policies: Policies) -> None:
    given = example("ineligible")
    first, second, _ = given["members"]
    given["members"] = [first, *({**second, "id": f"more-{place}"} for place in range(999))]
    given["income_12m"] = 80_000_000
    found = policies.what_if(given, policies.evaluate(given))
    assert not found.whole
    assert found.turns


# ---- the command


@pytest.mark.parametrize("page", ["what-if.md", "zh/what-if.md"])
def test_the_pages_show_what_is_told(page: str) -> None:
    text = (HOUSEHOLDS.parents[1] / "docs" / page).read_text("utf-8")
    (shown,) = re.findall(r"<!-- output: what-if -->\n```text\n(.*?)```", text, re.DOTALL)
    language = "zh" if page.startswith("zh") else "en"
    golden = (HOUSEHOLDS.parents[1] / "tests" / "golden" / f"ineligible.what-if.{language}.txt").read_text("utf-8")
    assert set(shown.splitlines()) - {"    …"} <= set(golden.splitlines())


def test_the_json_is_that_of_the_decision_with_one_field_more(capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("eligible", "ineligible", "undetermined", "no-standard"):
        file = str(HOUSEHOLDS / f"{name}.json")
        call(("evaluate", file, "--format", "json"))
        plain = json.loads(capsys.readouterr().out)
        call(("evaluate", file, "--format", "json", "--what-if"))
        found = json.loads(capsys.readouterr().out)
        jsonschema.validate(found, resources.schema("decision"))
        assert found.pop("what_if").keys() == {"turns", "settles", "not_analysed", "whole"}
        assert found == plain
