"""What is kept between decisions is kept by stretch of days, publications and places, so that nothing depends on what
was asked before, and asking for many days keeps no more than asking for few."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from datetime import date, timedelta
from itertools import product
from pathlib import Path

import pytest

from engine.api import Policies
from engine.errors import EngineError
from engine.evaluation.prepared import tables_on
from engine.policy.loader import Library, read_library
from engine.policy.tables import dated_of
from tests.policy.test_dated_values import merged_with
from tests.policy.test_order import HOUSEHOLDS
from tests.policy.test_rows import PLACES as WILD_PLACES
from tests.policy.test_rows import SHAPES, around, wild
from tests.program.policies import turning_days

BASE = Path(__file__).parents[1] / "cases" / "base"
PLACES = ("900101", "900102", "900121", "900171", "900221")
LATE = {
    # a condition and a term that were published after they began to hold
    "income: {label: 收入低于标准, cites: 二(一)1,": (
        "income: {label: 收入低于标准, cites: 二(一)1, from: 2022-03-01, published: 2022-09-01,"
    ),
}

Query = tuple[int, str, date, date | None]


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    folder = tmp_path_factory.mktemp("policies")
    for path in BASE.rglob("*.*"):
        target = folder / path.relative_to(BASE)
        target.parent.mkdir(exist_ok=True)
        target.write_bytes(path.read_bytes())
    text = (folder / "province.yaml").read_text(encoding="utf-8")
    for old, new in LATE.items():
        assert old in text
        text = text.replace(old, new)
    (folder / "province.yaml").write_text(text, encoding="utf-8")
    return read_library([folder])


def _days(library: Library) -> list[date]:
    """Days at and around all on which something turns."""
    chains = [Policies(library).slices.chain(library.chain_ids("province", place)) for place in PLACES]
    turning = {day for one in chains if one is not None for day in turning_days(one)}
    turning.add(date(2023, 1, 1) + timedelta(547))  # 18 months after most values: the last day before they are stale
    return sorted({day + timedelta(by) for day in turning for by in (-1, 0, 1)})


def _answer(policies: Policies, query: Query) -> str:
    number, place, day, known_on = query
    household = {
        "id": f"H{number}",
        "application_date": day.isoformat(),
        "county": place,
        "residence": "urban",
        **HOUSEHOLDS[number],
    }
    if not place.startswith("9001"):
        household.pop("loss", None)
    try:
        return json.dumps(policies.evaluate(household, known_on=known_on).to_dict(), ensure_ascii=False)
    except EngineError as refused:
        return f"refused: {refused}"


def test_the_order_of_questions_makes_no_difference(library: Library) -> None:
    rng = random.Random(7)
    days = _days(library)
    queries: list[Query] = [
        (rng.randrange(len(HOUSEHOLDS)), rng.choice(PLACES), rng.choice(days), rng.choice([None, *days]))
        for _ in range(30)
    ]
    fresh = {query: _answer(Policies(library), query) for query in queries}
    assert len(set(fresh.values())) > 12
    for _ in range(2):
        rng.shuffle(queries)
        policies = Policies(library)
        assert {query: _answer(policies, query) for query in queries} == fresh


def test_what_is_kept_is_what_would_be_picked_on_the_day(library: Library) -> None:
    policies, days = Policies(library), _days(library)
    for place, day, known_on in product(PLACES, days, (None, *days[::3])):
        policy, _ = policies.policy_for("province", place, day)
        if policy is not None:
            picked, kept = policy.values(place, day, known_on), tables_on(policy, place, day, known_on)
            assert (kept.lists, kept.readings) == (picked.lists, picked.readings)
            assert {id: table.cells for id, table in kept.parameters.items()} == picked.parameters


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("seed", range(5))
def test_of_wild_blocks_too(seed: int, shape: str) -> None:
    parameter = replace(wild(random.Random(f"{seed}/{shape}"), 6, shape), review_after=seed % 3)
    merged = merged_with(parameter)
    dated = dated_of(merged)
    days = around(parameter)
    for place, day, known_on in product(WILD_PLACES, days, (None, *days)):
        first = dated.on(*dated.first(place, day, known_on))
        assert dated.on(place, day, known_on) == first


def test_days_of_one_stretch_share_their_tables(library: Library) -> None:
    policy, _ = Policies(library).policy_for("province", "900101", date(2023, 3, 1))
    assert policy is not None
    one = tables_on(policy, "900101", date(2023, 3, 1), None)
    assert one is tables_on(policy, "900101", date(2023, 3, 2), None)
    assert one is tables_on(policy, "900101", date(2023, 3, 2), date(2026, 1, 1))
    assert one is not tables_on(policy, "900101", date(2024, 3, 1), None)
    before, after = (tables_on(policy, "900101", day, None) for day in (date(2024, 7, 1), date(2024, 7, 2)))
    stale = [[cell.stale for cell in held.parameters["standard"].cells.values()] for held in (before, after)]
    assert not all(stale[0]) and any(stale[1]), "that a value becomes too old ends a stretch"  # noqa: PT018


def test_many_days_keep_no_more_than_few(library: Library) -> None:
    policies = Policies(library)

    def ask(days: range) -> tuple[int, int]:
        tables = set()
        for by in days:
            day = date(2022, 2, 1) + timedelta(by)
            for known_on in (None, day, day + timedelta(3)):
                policy, _ = policies.policy_for("province", "900101", day, known_on)
                if policy is not None:
                    tables.add(id(tables_on(policy, "900101", day, known_on)))
        return len(tables), len(policies.slices._checked)

    few = ask(range(0, 1400, 7))
    assert ask(range(1400)) <= (few[0] + 4, few[1] + 4)
