"""The derived JSON Schema accepts and refuses what the reader does, as far as a schema can say."""

from __future__ import annotations

import copy
import json
import random
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from engine.errors import HouseholdError
from engine.evaluation.household import read_household
from engine.evaluation.household_schema import household_schema
from engine.policy.checked import CheckedPolicy
from tests.evaluation.samples import household, provincial, sample_policy
from tests.oracle.completions import sprinkle
from tests.oracle.households import household as drawn

ODD: tuple[object, ...] = (
    -3, "-3", "-3.50", -0.5, "-01", "--1", "+1", "7.123456", "7.1234567", 10**11, "100000000000",
    None, True, False, 0, 1, -1, 3.0, 0.5, 21, 10**10, 9_999_999_999, 1e22, "", "0", "0.5", "01", "1,000", "1e3", " 1",
    "urban", "none", "child", "140105", "14010", "2023-06-15", "2023-13-01", "2023-6-15", "1899-01-01", "a\tb",
    "x" * 101, [], ["food"], ["drink"], {}, [{}], [None], [{"id": "a"}], [{"id": "a", "price": 3}],
)  # fmt: skip


UNSAYABLE = {"fact-out-of-bounds", "repeated-identity", "reference-to-nobody"}
"""bounds of numbers written as text, that no two ids are equal, and which there are"""


MEASURED = {"profit": "-12.50", "shops": -2, "rate": "7.123456", "width": "3.1234", "turnover": 10**11}


def refusals(given: object, policy: CheckedPolicy) -> set[str]:
    try:
        read_household(given, policy)
    except HouseholdError as refused:
        return {found.code for found in refused.diagnostics}
    return set()


def places(tree: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    keys = list(tree) if isinstance(tree, dict) else list(range(len(tree))) if isinstance(tree, list) else []
    return [(*path, key) for key in keys] + [each for key in keys for each in places(tree[key], (*path, key))]


def spoiled(rng: random.Random, given: dict[str, Any]) -> dict[str, Any]:
    spoiled = copy.deepcopy(given)
    for _ in range(rng.choice((0, 1, 1, 2))):
        *way, last = rng.choice(places(spoiled))
        owner: Any = spoiled
        for key in way:
            owner = owner[key]
        if rng.random() < 0.2:
            del owner[last]
        elif isinstance(owner, dict) and rng.random() < 0.1:
            owner[f"{last}x"] = owner[last]
        else:
            owner[last] = rng.choice(ODD)
    return spoiled


@pytest.mark.parametrize("name", ["sample", "provincial"])
def test_agrees_with_the_reader(name: str) -> None:
    policy = sample_policy() if name == "sample" else provincial()
    schema = household_schema(policy)
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema)
    rng = random.Random(name)
    answers = set()
    for number in range(1500):
        whole = household(note="x", needs=["food"], moved_in="2020-02-29", vehicles=[{"price": 3}], **MEASURED)
        given = spoiled(rng, whole if name == "sample" else sprinkle(rng, drawn(rng, f"H-{number}"), 0.1))
        codes = refusals(given, policy)
        if codes and codes <= UNSAYABLE:
            continue
        answers.add(not codes)
        assert validator.is_valid(given) == (not codes), json.dumps(given)
    assert answers == {True, False}


def test_is_plain_json_with_chinese_labels() -> None:
    schema = household_schema(provincial())
    assert json.loads(json.dumps(schema)) == schema
    properties: Any = schema["properties"]
    assert properties["residence"]["title"] == "城乡类别"
    assert properties["income_12m"]["description"].startswith("提出申请前12个月家庭收入；单位：元")
    assert properties["members"]["minItems"] == 1
    assert properties["members"]["items"]["properties"]["education_stage"]["default"] == "none"
    assert schema["required"] == ["id", "application_date", "county", "members"]


def test_says_what_may_be_left_open() -> None:
    validator = Draft202012Validator(household_schema(sample_policy()))
    given = household()
    assert validator.is_valid({**given, "residence": None, "vehicles": None})
    assert not validator.is_valid({**given, "members": None})
    assert not validator.is_valid({**given, "members": []})
