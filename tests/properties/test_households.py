"""What must not matter in a household: order of members and fields, form of an amount, text or dict, other cities.

Drawn by hypothesis, nulls included. The last test asks another process for the same bytes.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import engine
from tests.oracle.oracle import Household
from tests.oracle.territories import write_policies
from tests.properties.strategies import households

ROOT = Path(__file__).resolve().parents[2]

NEIGHBOUR = """\
format: 1
overlay: linfen
title: 临汾市补充规定（测试用）
amends: shanxi_2022_60
jurisdiction: "1410"
status: official
document: 测〔2023〕9号
from: 2023-01-01
published: 2023-01-01
source: "https://example.org/"
grade: A
set:
  dibao_standard:
    values:
      "141002": {urban: 700 元/人/月, rural: 6000 元/人/年}
add:
  facts:
    household:
      lottery_winnings: {label: 彩票奖金, unit: 元, default: 0}
    members:
      wears_spectacles: {label: 佩戴眼镜, yes_no: yes, default: no}
  requirements:
    no_winnings:
      label: 没有彩票奖金
      when: 彩票奖金 = 0 且 计数(家庭成员 其中 佩戴眼镜) <= 20 人
"""


@cache
def policies() -> engine.Policies:
    with TemporaryDirectory() as folder:
        root = write_policies(Path(folder))
        (root / "cities" / "linfen.yaml").write_text(NEIGHBOUR, encoding="utf-8")
        return engine.load(root)


def decision(household: object) -> dict[str, Any]:
    return policies().evaluate(household).to_dict()


def told(household: Household) -> dict[str, Any]:
    """The decision with members called by their id, not by their place."""
    names = {f"members[{place}]": f"members[{member['id']}]" for place, member in enumerate(household["members"])}
    text = json.dumps(decision(household), ensure_ascii=False, sort_keys=True)
    for place, name in names.items():
        text = text.replace(place, name)
    found: dict[str, Any] = json.loads(text)
    for several in ("missing", "assumed", "warnings"):
        found[several] = sorted(json.dumps(each, sort_keys=True) for each in found[several])
    for output in found["outputs"].values():
        output["missing"] = sorted(json.dumps(each, sort_keys=True) for each in output["missing"])
        for part in output["derivation"]:  # items stand in the order of the list
            part.get("items", []).sort(key=lambda one: str(one["item"]))
    return found


@given(household=households(), data=st.data())
def test_order_of_members(household: Household, data: st.DataObject) -> None:
    permuted = {**household, "members": data.draw(st.permutations(household["members"]))}
    assert told(permuted) == told(household)


@given(household=households(), order=st.randoms(use_true_random=False))
def test_order_of_fields(household: Household, order: Any) -> None:
    def shuffled(record: Mapping[str, Any]) -> dict[str, Any]:
        entries = list(record.items())
        order.shuffle(entries)
        return dict(entries)

    mixed = shuffled({**household, "members": [shuffled(member) for member in household["members"]]})
    assert decision(mixed) == decision(household)


@given(household=households(), winnings=st.sampled_from((0, 5000, "1.50", None)), spectacles=st.booleans())
def test_facts_of_another_city_are_ignored(household: Household, winnings: object, spectacles: bool) -> None:
    members = [{**member, "wears_spectacles": spectacles} for member in household["members"]]
    more = {**household, "lottery_winnings": winnings, "members": members}
    plain, with_more = decision(household), decision(more)
    assert len(with_more.pop("warnings")) > len(plain.pop("warnings"))
    assert with_more == plain


@given(household=households())
def test_text_bytes_and_dict(household: Household) -> None:
    text = json.dumps(household, ensure_ascii=False, indent=1)
    expected = decision(household)
    assert decision(text) == expected
    assert decision(text.encode()) == expected
    assert decision(json.dumps(household)) == expected


@given(household=households())
def test_form_of_amounts(household: Household) -> None:
    def rewritten(value: object) -> object:
        match value:
            case bool() | None:
                return value
            case int():
                return str(value)
            case float():
                return f"{value:.2f}"
            case list():
                return [rewritten(each) for each in value]
            case dict():
                return {key: rewritten(each) for key, each in value.items()}
        return value

    changed = rewritten(household)
    assert decision(changed) == decision(household)


@given(household=households())
def test_same_bytes(household: Household) -> None:
    first = policies().evaluate(household).to_dict()
    second = policies().evaluate(json.loads(json.dumps(household))).to_dict()
    assert json.dumps(first) == json.dumps(second)


@settings(max_examples=30)
@given(household=households(unknown=False))
def test_complete_households_are_decided(household: Household) -> None:
    found = policies().evaluate(household)
    assert found.outcome is not engine.Outcome.UNDETERMINED
    assert found.missing == ()


SCRIPT = """
import json, sys, engine
policies = engine.load(sys.argv[1])
for line in sys.stdin:
    sys.stdout.write(json.dumps(policies.evaluate(line).to_dict(), ensure_ascii=True) + "\\n")
"""


@pytest.mark.parametrize(
    "variables", [{"PYTHONHASHSEED": "1"}, {"PYTHONHASHSEED": "2", "TZ": "Asia/Shanghai", "LC_ALL": "C"}]
)
def test_same_bytes_in_another_process(variables: dict[str, str], tmp_path: Path) -> None:
    """No clock, environment, locale, working folder or hash seed in an answer."""
    from random import Random

    from tests.oracle.completions import sprinkle
    from tests.oracle.households import household

    drawn = [sprinkle(Random(each), household(Random(each), f"H-{each}"), each % 3 / 10) for each in range(20)]
    root = write_policies(tmp_path)
    here = engine.load(root)
    expected = [json.dumps(here.evaluate(each).to_dict(), ensure_ascii=True) for each in drawn]
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(root)],
        input="\n".join(json.dumps(each) for each in drawn),
        env={**os.environ, "PYTHONPATH": str(ROOT), **variables},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines() == expected
