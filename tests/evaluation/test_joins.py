"""Long lists held against each other: what has to be equal is looked up, and of the rest there is only so much."""

from __future__ import annotations

from functools import cache, partial
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from engine.api import Policies, open_policies
from engine.errors import HouseholdError
from engine.evaluation.joins import MOST_PAIRS
from engine.language.interpreter import MAX_ITEMS
from tests.evaluation.samples import DAY, PLACE
from tests.evaluation.test_referring import POLICY
from tests.growth import calls_in

BILLED = "terms:\n  billed: {label: 票据张数, of: members, is: 计数(票据 其中 就医成员 = 成员编号)}\n"
RANKED = "terms:\n  billed: {label: 票据张数, of: members, is: 计数(票据 其中 就医成员 != 成员编号)}\n"
TOLD = "outputs:\n  most: {label: 最多张数, is: 最大(票据张数 对 家庭成员 否则 0 张), unit: 张}\n"


@cache
def policies(terms: str) -> Policies:
    with TemporaryDirectory() as folder:
        text = POLICY.partition("outputs:")[0].replace("@", "").replace("#", "") + terms + TOLD
        Path(folder, "p.yaml").write_text(text, encoding="utf-8")
        Path(folder, "divisions.csv").write_text(f"code,name,city_code,city_name\n{PLACE},一县,,\n", encoding="utf-8")
        opened = open_policies([folder])
        assert not opened.check().has_errors
    return opened


def household(members: int, bills: int, *, unknown: bool = False) -> dict[str, object]:
    return {
        "hid": "H",
        "day": DAY.isoformat(),
        "county": PLACE,
        "members": [{"id": f"m{n}"} for n in range(members)],
        "bills": [{"patient": None if unknown else f"m{n % members}"} for n in range(bills)],
    }


def test_full_lists_joined_by_what_is_equal() -> None:
    decision = policies(BILLED).evaluate(household(MAX_ITEMS, MAX_ITEMS))
    assert decision.outputs["most"].value == 1


def test_twice_the_items_take_twice_the_calls() -> None:
    opened = policies(BILLED)
    opened.evaluate(household(10, 10))
    small, middle, large = (calls_in(partial(opened.evaluate, household(n, n))) for n in (100, 200, 400))
    assert large - middle <= 2.2 * (middle - small)


def test_too_many_pairs() -> None:
    side = int(MOST_PAIRS**0.5)
    opened = policies(RANKED)
    opened.evaluate(household(side, side // 5))
    with pytest.raises(HouseholdError) as caught:
        opened.evaluate(household(side + 1, side + 1))
    (found,) = caught.value.diagnostics
    assert (found.code, found.path) == ("too-many-pairs", "bills")
    assert "家庭成员" in found.message("zh")
    assert found.help_lines("en")


def test_what_is_not_known_is_held_against_all() -> None:
    """What may be equal to everything is looked at everywhere."""
    assert policies(BILLED).evaluate(household(20, 20, unknown=True)).outputs["most"].value is not None
    with pytest.raises(HouseholdError) as caught:
        policies(BILLED).evaluate(household(MAX_ITEMS, MAX_ITEMS, unknown=True))
    assert [one.code for one in caught.value.diagnostics] == ["too-many-pairs"]
