"""Figures explain themselves: what they are made of, between which ends they lie, what they wait for; one per item."""

from __future__ import annotations

import json
from typing import Any

from jsonschema import Draft202012Validator

from engine import resources
from engine.evaluation.decide import decide
from engine.evaluation.decision import Decision
from engine.evaluation.household import read_household
from tests.evaluation.samples import SOUND, household, sample_policy

OF_ITEMS = SOUND.replace(
    "referrals:",
    """\
  share: {label: 每人应得, of: members, is: if 患病 then 费用 / 3 else 0, unit: 元/月, cites: 三}
  known_since: {label: 迁入满两年之日, is: 迁入日期 + 24 月}
  may_lie: {label: 属贵车, of: vehicles, is: 贵车}
  room: {label: 离上限还差, is: 收入上限 - 净收入, unit: 元/月}
  wants: {label: 需要什么, is: 需要}
referrals:""",
)


def decided(**facts: object) -> Decision:
    policy = sample_policy(OF_ITEMS)
    return decide(policy, read_household(household(**facts), policy))


def told(**facts: object) -> dict[str, Any]:
    answer: Any = json.loads(json.dumps(decided(**facts).to_dict(), ensure_ascii=False))
    assert not list(Draft202012Validator(resources.schema("decision")).iter_errors(answer))
    return dict(answer["outputs"])


def test_the_exact_value_stands_beside_the_rounded_one() -> None:
    found = told(income="900.01", members=[{"id": str(n), "ill": True, "cost": 100} for n in range(3)])
    assert (found["room"]["value"], found["room"]["exact"]) == ("1399.99", "139999/100")
    assert [(one["value"], one["exact"]) for one in found["share"]["items"]] == [("33.33", "100/3")] * 3
    assert "low" not in found["room"]


def test_a_figure_lists_what_it_is_made_of_each_before_its_own_parts() -> None:
    made = told()["room"]["derivation"]
    assert [(one["kind"], one["id"]) for one in made] == [
        ("fact", "residence"),
        ("term", "size"),
        ("term", "net"),
        ("fact", "income"),
        ("term", "burden"),
        ("parameter", "limit"),
    ]
    burden, limit = made[-2:]
    assert (burden["text"], burden["value"], burden["exact"], burden["unit"]) == (
        "合计(费用 对 家庭成员 其中 读法 等于 all 或 患病)",
        "250.00",
        "250",
        "元/1 月",
    )
    assert limit | {"declared": None} == {
        "kind": "parameter",
        "id": "limit",
        "key": {"residence": "urban", "size": "1..2"},
        "label": "收入上限",
        "cites": "",
        "text": "1000 元/月",
        "value": "1000.00",
        "exact": "1000",
        "unit": "元/月",
        "declared": None,
        "document": "测〔2023〕1号",
        "from": "2023-01-01",
        "published": None,
        "source": "",
        "grade": "",
    }


def test_an_unknown_figure_says_between_which_ends_it_lies_and_what_it_waits_for() -> None:
    found = told(income=None, members=[{"id": "a", "ill": None, "cost": "0.01"}, {"id": "b", "cost": None}])
    room, share = found["room"], found["share"]
    assert (room["value"], room["exact"]) == (None, None)
    assert (room["low"], room["high"]) == ("-9999998999.98", "10000001000.00")
    assert [one["path"] for one in room["missing"]] == ["income", "members[1].cost"]
    # rounded outwards: a third of a fen is not below 0.00 nor above 0.01
    assert share["items"][0]["low"] == "0.00"
    assert share["items"][0]["high"] == "0.01"
    assert share["items"][1] == {"item": "b", "value": "0.00", "exact": "0", "missing": []}
    assert [one["path"] for one in share["missing"]] == ["members[0].ill"]


def test_dates_truths_and_sets_are_figures() -> None:
    found = told(moved_in="2020-02-29", needs=["heat", "food"], vehicles=[{"price": 60000}, {"price": None}])
    assert (found["known_since"]["value"], found["known_since"]["exact"]) == ("2022-02-28", "2022-02-28")
    assert found["wants"]["value"] == "food、heat"
    assert [(one["item"], one["value"]) for one in found["may_lie"]["items"]] == [
        ("vehicles[0]", True),
        ("vehicles[1]", None),
    ]
    open_day = told(moved_in=None)["known_since"]
    assert (open_day["value"], open_day["low"], open_day["high"]) == (None, "2002-01-01", "2201-12-31")


def test_a_list_that_was_not_given_leaves_its_figures_open() -> None:
    found = told(vehicles=None)["may_lie"]
    assert found["items"] is None
    assert [one["path"] for one in found["missing"]] == ["vehicles"]
    assert told(vehicles=[])["may_lie"]["items"] == []


def test_private_facts_are_not_among_the_parts() -> None:
    policy = sample_policy(OF_ITEMS.replace("is: 需要}", "is: '备注 = \"甲\"'}"))
    answer = decide(policy, read_household(household(note="秘密"), policy)).to_dict()
    assert "秘密" not in json.dumps(answer, ensure_ascii=False)


def test_what_only_figures_read_is_among_the_values_used() -> None:
    found = decided()
    assert {use.parameter for use in found.outputs["room"].parameters} == {"limit"}
    assert {use.parameter for use in found.outputs["share"].parameters} == set()


def test_deriving_twice_gives_the_same() -> None:
    found = decided(income=None)
    first = found.derivations
    assert found.to_dict() == found.to_dict()
    assert first is found.derivations
