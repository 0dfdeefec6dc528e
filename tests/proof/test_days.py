"""What differs on some days only is found, whichever stretch of days it lies in."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

from engine.api import Policies, open_policies
from engine.proof.compared import compare
from engine.proof.results import Witness
from engine.proof.sides import Side

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
      income: {label: 收入低, when: CONDITION, cites: 第二条}
"""


def _side(folder: Path, condition: str) -> Side:
    folder.mkdir()
    (folder / "places.csv").write_text("code,name,city_code,city_name\n900101,县,9001,市\n", encoding="utf-8")
    (folder / "p.yaml").write_text(POLICY.replace("CONDITION", condition), encoding="utf-8")
    policies: Policies = open_policies(folder)
    found = policies.slices.check_all(None)
    assert not found.has_errors, list(found)
    return Side(folder.name, policies.slices, ("900101",), lambda _: ("p",))


@pytest.mark.parametrize("year", [2021, 2023])
def test_a_day_in_either_stretch(tmp_path: Path, year: int) -> None:
    one = _side(tmp_path / "a", "收入 < 限额")
    other = _side(tmp_path / "b", f"收入 < 限额 且 申请日期 != {year}-06-01")
    found = compare(one, other, one.places).differences[0]
    assert found.verdict == "narrower"
    assert isinstance(found.less, Witness)
    assert found.less.household["day"] == f"{year}-06-01"
