"""A value is explained in the unit in which its rule was written, and a figure that is not known says why."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

import engine
from engine.evaluation.decision import Decision
from engine.reporting.layout import Page
from engine.reporting.render_decision import render_decision
from engine.reporting.words import Words

POLICY = """\
format: 1
policy: p
title: 办法
jurisdiction: "99"
from: 2000-01-01
confers: {id: x, label: 救助}
territory: divisions.csv
facts:
  household:
    id: {label: 编号, text: yes, required: yes, role: identity}
    day: {label: 申请日期, date: yes, required: yes, role: as_of}
    place: {label: 地区, place: yes, required: yes, role: place}
    born: {label: 出生日期, date: yes}
    n: {label: 数, number: yes}
    a: {label: 年收入, unit: 元, over: 12 月}
    m: {label: 月收入, unit: 元, over: 1 月}
  people:
    label: 成员
    counted_in: 人
    at_least: 1
    items: {id: {label: 成员编号, text: yes, required: yes, role: identity}}
parameters:
  yearly: {label: 年标准, unit: 元/人/年, value: 9120 元/人/年}
  monthly: {label: 月标准, unit: 元/人/月, value: 760 元/人/月}
  whole: {label: 年额, unit: 元/年, value: 9120 元/年}
terms:
  size: {label: 人数, is: count(people)}
causes:
  c:
    label: 情形
    conditions:
      one: {label: 条件, when: "WHEN"}
outputs:
  o: {label: 数字, is: "OUTPUT"UNIT}
"""
HOUSEHOLD = {"id": "H", "day": "2020-01-31", "place": "990100", "n": 2, "a": 3600, "m": 100, "people": [{"id": "1"}]}


def decided(folder: Path, when: str = "n > 0", output: str = "n", unit: str = "", **facts: object) -> Decision:
    text = POLICY.replace("WHEN", when).replace("OUTPUT", output).replace("UNIT", f", unit: {unit}" if unit else "")
    (folder / "p.yaml").write_text(text, "utf-8")
    (folder / "divisions.csv").write_text("code,name,city_code,city_name\n990100,A,990100,A\n", "utf-8")
    return engine.load(folder).evaluate({**HOUSEHOLD, **facts})


def text_of(decision: Decision, language: str = "zh") -> str:
    return render_decision(decision, Words("en" if language == "en" else "zh"), Page(200))


@pytest.mark.parametrize(
    ("when", "value", "limit"),
    [
        ("a < 1000 元/年", "3600.00 元/年", "1000.00 元/年"),
        ("a < 1000 元/12 月", "3600.00 元/12 月", "1000.00 元/12 月"),
        ("a < 500 元/6 月", "1800.00 元/6 月", "500.00 元/6 月"),
        ("a < whole", "3600.00 元/年", "年额 9120.00 元/年"),
        ("a < whole * 60%", "3600.00 元/年", "5472.00 元/年"),
        ("a / size < yearly", "3600.00 元/人/年", "年标准 9120.00 元/人/年"),
        ("a / size < yearly * 0.5", "3600.00 元/人/年", "4560.00 元/人/年"),
        ("a / size < 1.5 * yearly", "3600.00 元/人/年", "13680.00 元/人/年"),
        ("a / size < yearly / 2", "3600.00 元/人/年", "4560.00 元/人/年"),
        ("a / size < max(yearly, 9000 元/人/年)", "3600.00 元/人/年", "9120.00 元/人/年"),
        ("a / size < (if n > 1 then yearly * 2 else monthly)", "3600.00 元/人/年", "18240.00 元/人/年"),
        ("a / size < monthly", "300.00 元/人/月", "月标准 760.00 元/人/月"),
        ("a / size < monthly * 60%", "300.00 元/人/月", "456.00 元/人/月"),
        ("m < 1000 元/年", "1200.00 元/年", "1000.00 元/年"),
        ("n < 0.25", "2", "0.25"),
        ("n < 60%", "200 %", "60 %"),
        ("n < 12.5％", "200 %", "12.5 %"),
        ("n * 1.25 < 0.75", "2.5", "0.75"),
    ],
)
def test_a_rule_is_explained_in_the_unit_it_was_written_in(tmp_path: Path, when: str, value: str, limit: str) -> None:
    told = re.search(r"算得 ?(.*?)，(?:应)?低于 ?(.*?)，", text_of(decided(tmp_path, when)))
    assert told is not None
    assert told.groups() == (value, limit)


@pytest.mark.parametrize(
    ("output", "shown"),
    [
        ("if n > 1 then 64.32 else 1", "64.32"),
        ("if n > 5 then 64.32 else 0.5", "0.5"),
        ("min(64.32, 70)", "64.32"),
        ("max(0.05, 0.01)", "0.05"),
        ("60%", "60 %"),
        ("n * 60%", "1.2"),
        ("yearly * 0.5", "4560.00 元/人/年"),
    ],
)
def test_a_plain_number_is_no_percentage(tmp_path: Path, output: str, shown: str) -> None:
    found = decided(tmp_path, output=output)
    assert found.outputs["o"].bare()["value"] == f"{float(shown.split()[0]):.2f}"  # for the test's own formatting
    assert re.search(
        rf"^  数字 +{re.escape(shown).replace(' ', ' +')}$".replace("\\ ", " +"), text_of(found), re.MULTILINE
    )


def test_a_figure_that_is_not_known_says_what_it_waits_for(tmp_path: Path) -> None:
    """The outcome is certain and has nothing missing; the figure has."""
    found = decided(tmp_path, output="max(0 元/月, 100 元/月 - m)", unit="元/月", m=None)
    told: Any = found.to_dict()
    assert (told["outcome"], told["missing"]) == ("eligible", [])
    assert told["outputs"]["o"]["missing"] == [{"kind": "fact", "path": "m", "label": "月收入"}]
    assert "  数字  0.00 至 100.00  元/月\n  数字要查清才能算出：月收入\n" in text_of(found)
    assert "  数字 waits for: 月收入\n" in text_of(found, "en")
    known: Any = decided(tmp_path, output="max(0 元/月, 100 元/月 - m)", unit="元/月").to_dict()
    assert known["outputs"]["o"]["missing"] == []


def test_what_the_outcome_waits_for_is_told_once(tmp_path: Path) -> None:
    found = decided(tmp_path, "m < 1000 元/月", "m", "元/月", m=None)
    assert [one.path for one in found.missing] == ["m"]
    assert [one.path for one in found.outputs["o"].missing] == ["m"]
    assert "要查清才能算出" not in text_of(found)


@pytest.mark.parametrize(
    ("when", "told"),
    [
        ("day > 2001-01-01", "算得 2020-01-31，晚于 2001-01-01"),
        ("day >= 2001-01-01", "算得 2020-01-31，不早于 2001-01-01"),
        ("day < 2001-01-01", "算得 2020-01-31，应早于 2001-01-01"),
        ("day <= 2001-01-01", "算得 2020-01-31，应不晚于 2001-01-01"),
        ("born > 2001-01-01", "算得不详，应晚于 2001-01-01，现在还不能判断"),
        ("day = 2020-01-31", "算得 2020-01-31，等于 2020-01-31"),
    ],
)
def test_days_are_earlier_and_later(tmp_path: Path, when: str, told: str) -> None:
    assert told in text_of(decided(tmp_path, when, born=None))
