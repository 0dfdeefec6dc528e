"""What differs on some days only is found, whichever stretch of days it lies in."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

from engine.api import Policies, open_policies
from engine.proof.compared import compare
from engine.proof.results import Unsettled, Witness
from engine.proof.sides import Side
from engine.reporting.render_compare import render_comparison

POLICY: Final = """\
format: 1
policy: p
title: 办法
document: 测〔2024〕1号
jurisdiction: "90"
from: 2020-01-01
published: 2019-12-01
confers: {id: aided, label: 认定}
territory: places.csv
facts:
  household:
    id: {label: 编号, text: yes, required: yes, role: identity}
    day: {label: 申请日期, date: yes, required: yes, role: as_of}
    county: {label: 区划, place: yes, required: yes, role: place}
    income: {label: 收入, unit: 元, over: 12 月}
parameters:
  limit:
    label: 限额
    unit: 元/年
    cites: 第一条
    dated:
    - {from: 2020-01-01, value: 5000}
    - {from: 2022-01-01, document: 测〔2022〕1号, value: 5000}
causes:
  low:
    label: 低收入
    cites: 第二条
    conditions:
      income: {label: 收入低, when: "CONDITION", cites: 第二条}
"""


def side(folder: Path, condition: str, policy: str = POLICY) -> Side:
    folder.mkdir()
    (folder / "places.csv").write_text("code,name,city_code,city_name\n900101,县,9001,市\n", encoding="utf-8")
    (folder / "p.yaml").write_text(policy.replace("CONDITION", condition), encoding="utf-8")
    policies: Policies = open_policies(folder)
    found = policies.slices.check_all(None)
    assert not found.has_errors, list(found)
    return Side(folder.name, policies.slices, ("900101",), lambda _: ("p",))


@pytest.mark.parametrize("year", [2021, 2023])
def test_a_day_in_either_stretch(tmp_path: Path, year: int) -> None:
    one = side(tmp_path / "a", "收入 < 限额")
    other = side(tmp_path / "b", f"收入 < 限额 且 申请日期 != {year}-06-01")
    found = compare(one, other, one.places).differences[0]
    assert found.verdict == "narrower"
    assert isinstance(found.less, Witness)
    assert found.less.household["day"] == f"{year}-06-01"


UNPUBLISHED: Final = POLICY.replace(
    "    dated:\n"
    "    - {from: 2020-01-01, value: 5000}\n"
    "    - {from: 2022-01-01, document: 测〔2022〕1号, value: 5000}\n",
    "    by: [county]\n",
).replace(
    "parameters:\n",
    "  people:\n    label: 人\n    counted_in: 人\n    at_least: 1\n    required: yes\n    items:\n"
    "      id: {label: 人编号, text: yes, required: yes, role: identity}\n"
    "      away: {label: 在外, yes_no: yes}\n"
    "parameters:\n",
)


def test_what_differs_only_where_nothing_is_published_is_not_equivalent(tmp_path: Path) -> None:
    """Of one member the size is one, whoever is away; of more it is not, and no value says for whom that counts."""
    one = side(tmp_path / "a", "收入 / 计数(人) < 限额 / 1 人", UNPUBLISHED)
    other = side(tmp_path / "b", "收入 / max(1, 计数(人 其中 非 在外)) < 限额 / 1 人", UNPUBLISHED)
    whole = compare(one, other, one.places)
    found = whole.differences[0]
    assert found.verdict == "unsettled"
    assert isinstance(found.less, Unsettled)
    assert found.less.reason == "nothing-decided"
    assert "用到的标准没有公布，或者数据核对对谁都不受理；没有取值的是限额" in render_comparison(whole, "zh")
