"""Households under two rule sets, held against each other."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from engine.api import Policies, open_policies
from engine.evaluation.decision import Finding, Outcome
from engine.serving.impact import impact
from engine.serving.sample import drawn
from tests.serving.rules.folders import folder
from tests.serving.served import SHIPPED

DAY = date(2023, 6, 15)


def household(name: str, income: str, county: str = "140105") -> dict[str, object]:
    return {"id": name, "application_date": "2023-06-15", "county": county, "income": income}


def with_limit(tmp_path: Path, limit: int) -> Policies:
    home = folder(tmp_path / str(limit))
    file = home / "cities" / "shi.yaml" if (home / "cities").is_dir() else next(home.rglob("shi*.yaml"))
    file.write_text(file.read_text("utf-8").replace("value: 700 元/月", f"value: {limit} 元/月"), "utf-8")
    return open_policies(home)


def test_who_gains_and_by_which_condition(tmp_path: Path) -> None:
    before, after = with_limit(tmp_path, 700), with_limit(tmp_path, 750)
    found = impact(before, after, [household("a", "777.77"), household("b", "777.78"), household("c", "833.34")])
    assert (found.households, found.refused, dict(found.whole)) == (3, 0, {"gains": 1, "figures": 2})
    gained = next(one for one in found.changed if one.kind == "gains")
    assert (gained.household, gained.before, gained.after) == ("b", Outcome.INELIGIBLE, Outcome.ELIGIBLE)
    (because,) = gained.because
    assert (because.key, because.before, because.after) == ("poor.income", Finding.UNMET, Finding.MET)
    assert because.origin.span.line > 1
    assert found.causes == {"poor": {"gains": 1}}
    assert found.places == {"140105": {"gains": 1, "figures": 2}}


def test_amounts_are_added_up_exactly(tmp_path: Path) -> None:
    before, after = with_limit(tmp_path, 700), with_limit(tmp_path, 750)
    found = impact(before, after, [household("a", "0.01"), household("b", "699.99")])
    held = found.sums["gap"]
    assert (held.more, held.less) == (2, 0)
    assert held.by * held.measure.factor == Fraction(100)


def test_the_other_way_round_they_lose(tmp_path: Path) -> None:
    found = impact(with_limit(tmp_path, 750), with_limit(tmp_path, 700), [household("b", "777.78")])
    assert dict(found.whole) == {"loses": 1}
    assert found.causes == {"poor": {"loses": 1}}, "of who loses the causes that were met"


def test_of_rules_with_themselves_nothing_changes(tmp_path: Path) -> None:
    policies = with_limit(tmp_path, 700)
    found = impact(policies, policies, drawn(policies, 50, "1", DAY))
    assert (found.households, found.touched) == (50, 0)


def test_who_is_refused_is_counted_and_compared_with_nothing(tmp_path: Path) -> None:
    policies = with_limit(tmp_path, 700)
    found = impact(policies, policies, [household("a", "-1"), b"null", b"{", household("b", "1", county="990101")])
    assert (found.households, found.refused, found.touched) == (4, 4, 0)


def test_households_are_drawn_alike_from_one_seed_and_none_is_refused() -> None:
    policies = open_policies(SHIPPED)
    one, again, other = ([*drawn(policies, 300, seed, DAY)] for seed in ("1", "1", "2"))
    assert one == again != other
    assert len({str(each["county"]) for each in one}) > 50
    answers = [policies.evaluate(each).outcome for each in one]
    assert {Outcome.ELIGIBLE, Outcome.INELIGIBLE} <= set(answers), "rules are seen from both sides"


@pytest.mark.parametrize(("name", "day"), [("australia_age_pension", "2025-06-15"), ("hongkong", "2024-06-15")])
def test_households_of_other_worlds_can_be_drawn(name: str, day: str) -> None:
    """Also where data checks refuse most of what is drawn."""
    policies = open_policies(SHIPPED.parent / "examples" / name)
    found = impact(policies, policies, drawn(policies, 20, "1", date.fromisoformat(day)))
    assert found.households > 10
    assert (found.refused, found.touched) == (0, 0)


def test_households_are_drawn_where_the_rules_differ(tmp_path: Path) -> None:
    """Of one city's change those of the whole province show little; where nothing differs they are of all places."""
    before, after = with_limit(tmp_path, 700), with_limit(tmp_path, 750)
    changed = {one["county"] for one in drawn(after, 60, "1", DAY, before)}
    everywhere = {one["county"] for one in drawn(after, 60, "1", DAY)}
    assert changed
    assert changed < everywhere
    assert all(str(one).startswith("1401") for one in changed)
    assert {one["county"] for one in drawn(after, 60, "1", DAY, with_limit(tmp_path / "b", 750))} == everywhere
