"""Households spoiled as bytes, as tokens and as trees: a decision or a refusal with reasons."""

from __future__ import annotations

import json
import random
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import pytest

import engine
from tests.fuzz.mutations import spoil_bytes, spoil_tokens, spoil_tree
from tests.fuzz.watchdog import repetitions, within
from tests.oracle.completions import sprinkle
from tests.oracle.households import household
from tests.oracle.territories import write_policies

RUNS: Final = 1500
SECONDS: Final = 5.0
FINDS: Final = sorted((Path(__file__).parent / "finds").glob("*.household"))

ODD_VALUES: Final[tuple[object, ...]] = (
    None,
    True,
    False,
    0,
    -1,
    1.005,
    1e300,
    10**40,
    10**5000,
    float("nan"),
    float("inf"),
    "",
    "0",
    "1,000",
    "１２",
    "1e5",
    "0" * 5000,
    "\ud800",
    "\x00",
    "urban",
    "none",
    "140105",
    "2024-02-30",
    "9999-12-31",
    [],
    {},
    [[]],
    [None],
    b"12",
    (1, 2),
    {1: 2},
)


@cache
def policies() -> engine.Policies:
    with TemporaryDirectory() as folder:
        return engine.load(write_policies(Path(folder)))


def assert_answered(given: object) -> None:
    with within(SECONDS):
        try:
            answer = policies().evaluate(given).to_dict()
        except engine.HouseholdError as refused:
            answer = refused.to_dict()
            assert_reasons(answer["reasons"])
        json.dumps(answer, ensure_ascii=False)
        str(answer)


def assert_reasons(reasons: object) -> None:
    assert isinstance(reasons, list)
    assert reasons
    assert all(reason["code"] and reason["message"] for reason in reasons)


def whole(rng: random.Random) -> dict[str, object]:
    return sprinkle(rng, household(rng, "F-1"), rng.choice((0, 0.1)))


@pytest.mark.parametrize("part", range(2))
def test_bytes(part: int) -> None:
    for run in repetitions(RUNS // 2):
        rng = random.Random(f"bytes {part} {run}")
        assert_answered(spoil_bytes(rng, json.dumps(whole(rng), ensure_ascii=bool(run % 2)).encode()))


@pytest.mark.parametrize("part", range(2))
def test_tokens(part: int) -> None:
    for run in repetitions(RUNS // 2):
        rng = random.Random(f"tokens {part} {run}")
        assert_answered(spoil_tokens(rng, json.dumps(whole(rng), ensure_ascii=bool(run % 2))))


@pytest.mark.parametrize("part", range(2))
def test_trees(part: int) -> None:
    for run in repetitions(RUNS // 2):
        rng = random.Random(f"trees {part} {run}")
        assert_answered(spoil_tree(rng, whole(rng), ODD_VALUES))


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "null",
        "[]",
        "[" * 100_000,
        '{"a":' * 100_000,
        '{"members":' + "[" * 5000 + "]" * 5000 + "}",
        '{"income_12m": 1' + "0" * 100_000 + "}",
        '{"income_12m": 1e1000000000}',
        '{"id": "\\ud800"}',
        "\ufeff{}",
        "NaN",
        '{"id": "a"} {"id": "b"}',
    ],
    ids=range(13),
)
def test_odd_texts(text: str) -> None:
    assert_answered(text)
    assert_answered(text.encode("utf-8", "surrogatepass"))


@pytest.mark.parametrize(
    "given", [None, 1, 1.5, True, [], (), set(), object(), b"\xff\xfe", bytearray(b"{}")], ids=range(10)
)
def test_odd_objects(given: object) -> None:
    assert_answered(given)


def test_a_household_that_holds_itself() -> None:
    knot: dict[str, object] = {"id": "knot"}
    knot["members"] = [knot]
    assert_answered(knot)


@pytest.mark.parametrize("find", FINDS, ids=lambda path: path.name)
def test_finds(find: Path) -> None:
    assert_answered(find.read_bytes())
