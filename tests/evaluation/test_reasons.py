"""A household with very many faults: refused by the first of them, and in time."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from engine.errors import HouseholdError
from engine.evaluation.household import read_household
from engine.evaluation.reasons import MOST_REASONS
from tests.evaluation.samples import household, sample_policy
from tests.fuzz.watchdog import within

SECONDS = 20.0


def refusal(given: object) -> HouseholdError:
    with within(SECONDS), pytest.raises(HouseholdError) as caught:
        read_household(given, sample_policy())
    return caught.value


def typos(members: int, each: int) -> list[dict[str, object]]:
    return [{"id": str(n), **{f"kin{n}{k}": 1 for k in range(each)}} for n in range(members)]


@pytest.mark.parametrize(
    ("given", "count"),
    [
        (household(**{f"incme{n}": 1 for n in range(MOST_REASONS)}), 0),
        (household(**{f"incme{n}": 1 for n in range(MOST_REASONS + 1)}), 1),
        (household(members=typos(1000, 50)), 50_000 - MOST_REASONS),
        (household(members=[{"id": str(n), "kind": f"adlt{n}"} for n in range(1000)]), 1000 - MOST_REASONS),
        (household(members=[{"id": "a"}] * 1000), 999 - MOST_REASONS),
        ("[" + "NaN," * 5000 + "1]", 5000 - MOST_REASONS),
        ('{"v": [' + '"\\ud800",' * 5000 + "1]}", 5000 - MOST_REASONS),
    ],
)
def test_so_many_and_how_many_more(given: object, count: int) -> None:
    found = refusal(given).diagnostics
    more = [dict(one.params)["count"] for one in found if one.code == "more-reasons"]
    assert len(found) - len(more) == MOST_REASONS
    assert more == ([str(count)] if count else [])
    assert all(one.code != "more-reasons" for one in found[:MOST_REASONS])


def test_warnings_are_bounded_too_and_count_apart() -> None:
    others = frozenset(f"members.other{n}" for n in range(50))
    members = [{"id": str(n), **{f"other{k}": 1 for k in range(50)}} for n in range(1000)]
    facts = read_household(household(members=members), sample_policy(), other_fields=others)
    assert len(facts.warnings) == MOST_REASONS + 1
    last = facts.warnings[-1]
    assert (last.code, last.severity, dict(last.params)["count"]) == ("more-reasons", "warning", "49900")
    with pytest.raises(HouseholdError) as caught:
        read_household(household(members=members, incme=1), sample_policy(), other_fields=others)
    assert [one.code for one in caught.value.diagnostics] == ["unknown-household-field"]


WHOLE = json.dumps(household())
LARGE: dict[str, Callable[[int], object]] = {
    "unclosed escapes": lambda n: '{"a":"' + '\\"' * n,
    "unclosed escapes behind brackets": lambda n: "[" * 40 + '"' + '\\"' * n,
    "quotation marks": lambda n: "[" * 40 + '"' * n,
    "deep": lambda n: '{"a":' * n,
    "duplicate keys": lambda n: WHOLE[:-1] + "".join(f',"k{k}":1' for k in range(n)) + ',"id":1}',
    "all keys twice": lambda n: WHOLE[:-1] + "".join(f',"k{k}":1,"k{k}":2' for k in range(n)) + "}",
    "unknown fields": lambda n: household(**{f"incme{k}": 1 for k in range(n)}),
    "a long field": lambda n: household(**{"income" * n: 1}),
    "a long option": lambda n: household(residence="urban" * n),
    "many digits": lambda n: WHOLE[:-1] + ',"income":' + "1" * n + "}",
    "a long id": lambda n: household(members=[{"id": "\u200b" * n}]),
}


@pytest.mark.parametrize("kind", LARGE)
def test_what_is_large_is_refused_in_time(kind: str) -> None:
    """Each of these took minutes, or would have, where the time grew with the square of the size."""
    assert refusal(LARGE[kind](60_000)).diagnostics
