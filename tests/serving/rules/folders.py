"""Small policy folders for the pages of rules: a province with two cities, one of which is sealed further by it."""

from __future__ import annotations

from pathlib import Path

PROVINCE = """\
format: 1
policy: sheng
title: 省里的办法
document: 省民发〔2023〕1号
issuer: 省民政厅
jurisdiction: "14"
from: 2023-01-01
confers: {id: help, label: 纳入救助范围}
territory: divisions.csv
facts:
  household:
    id: {label: 家庭编号, text: yes, required: yes, role: identity}
    application_date: {label: 申请日期, date: yes, required: yes, role: as_of}
    county: {label: 行政区划代码, place: yes, required: yes, role: place}
    income: {label: 月收入, unit: 元, over: 1 月}
parameters:
  limit: {label: 收入上限, unit: 元/月, value: 800, cites: 一}
  grant: {label: 补助额, unit: 元/月, by: [county], cites: 二}
readings:
  strict:
    label: 宽严
    question: 按哪一种
    cites: 一
    chosen: mild
    options: {mild: 从宽, severe: 从严}
terms:
  counted: {label: 核算收入, is: 月收入, cites: 一}
causes:
  poor:
    label: 收入低
    cites: 一
    conditions:
      income: {label: 核算收入低于收入上限, cites: 一（一）, when: 核算收入 < 收入上限 或 strict = severe}
outputs:
  gap: {label: 差额, is: 收入上限 - 核算收入, unit: 元/月}
local:
  set: {limit: {at_most: 800 元/月, effect: narrower}, grant: expected}
  replace: {terms: {counted: wider}}
"""
CITY = """\
format: 1
overlay: shi
title: 市里的规定
amends: sheng
jurisdiction: "1401"
document: 市民发〔2023〕2号
from: 2023-02-01
published: 2023-01-20
source: "https://example.gov.cn/2"
grade: A
set:
  limit: {value: 700 元/月}
  grant: {values: {"140105": 50 元/月}}
replace:
  terms:
    counted: {is: previous * 90%, effect: wider}
local:
  set: {limit: sealed}
"""
DIVISIONS = """\
code,name,city_code,city_name
140105,小店区,140100,太原市
140106,迎泽区,140100,太原市
140212,新荣区,140200,大同市
"""


def folder(into: Path, province: str = PROVINCE, city: str = CITY, divisions: str = DIVISIONS) -> Path:
    (into / "cities").mkdir(parents=True)
    (into / "sheng.yaml").write_text(province, encoding="utf-8")
    (into / "cities" / "shi.yaml").write_text(city, encoding="utf-8")
    (into / "divisions.csv").write_text(divisions, encoding="utf-8")
    return into
