"""Small policies for the tests of the evaluation floor, written as policy files so that they can be read.

`SAMPLE` holds one of everything that the provincial policy lacks: requirements, exemptions, optional collections,
parameters by ranges of counts, lists, judgements, dates, bounds, checks of both severities.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from engine.api import Policies, open_policies
from engine.diagnostics import render
from engine.evaluation.decide import decide
from engine.evaluation.decision import Decision
from engine.evaluation.household import read_household
from engine.policy.checked import CheckedPolicy

DAY = date(2023, 6, 15)
PLACE = "140105"

SAMPLE = """\
format: 1
policy: sample
title: 样例政策（测试用）
document: 测〔2023〕1号
issuer: 测试
jurisdiction: "14"
from: 2023-01-01
published: 2023-01-01
confers: {id: help, label: 纳入救助范围}
territory: divisions.csv
facts:
  household:
    id: {label: 家庭编号, text: yes, required: yes, role: identity}
    application_date: {label: 申请日期, date: yes, required: yes, role: as_of}
    county: {label: 行政区划代码, place: yes, required: yes, role: place}
    residence: {label: 城乡类别, choice: {urban: 城市, rural: 农村}}
    income: {label: 月收入, unit: 元, over: 1 月}
    savings: {label: 存款, unit: 元, default: "0.5"}
    rooms: {label: 房间数, whole: 间, at_most: 20, default: 2}
    hardship: {label: 特别困难, yes_no: yes, judgement: yes}
    moved_in: {label: 迁入日期, date: yes, at_least: 2000-01-01, optional: yes}
    note: {label: 备注, text: yes, optional: yes, private: yes}
    area: {label: 住房面积, unit: 平方米, optional: yes}
    profit: {label: 经营净收入, unit: 元, over: 12 月, at_least: -5000000.50, optional: yes}
    shops: {label: 网点净增, whole: 个, at_least: -20, at_most: -1, optional: yes}
    rate: {label: 汇率, number: yes, decimals: 6, optional: yes}
    width: {label: 人均面宽, unit: 平方米, decimals: 4, optional: yes}
    turnover: {label: 流水, unit: 元, at_most: 500000000000, optional: yes}
    applicant: {label: 申请人, refers_to: members, optional: yes}
    needs: {label: 需要, several: {food: 食物, heat: 取暖}, optional: yes}
  members:
    label: 家庭成员
    counted_in: 人
    at_least: 1
    required: yes
    items:
      id: {label: 成员编号, text: yes, required: yes, role: identity}
      ill: {label: 患病, yes_no: yes, default: no}
      cost: {label: 费用, unit: 元, over: 1 月, default: 0}
      kind: {label: 类别, choice: {adult: 成年, child: 未成年}}
      carer: {label: 照料人, refers_to: members, optional: yes}
      illness: {label: 病种, text: yes, optional: yes}
  vehicles:
    label: 机动车
    counted_in: 辆
    optional: yes
    items:
      price: {label: 购置价, unit: 元}
      working: {label: 营运, yes_no: yes, default: no}
checks:
  cost_only_of_the_ill:
    of: members
    severity: warning
    require: 患病 或 费用 = 0
    message: 没有患病却填了费用
  savings_possible:
    severity: error
    require: 存款 <= 1000000 元
    message: 存款数额不可能
lists:
  serious: {label: 重病名单, of: [illness], items: [癌症, 尿毒症]}
parameters:
  limit:
    label: 收入上限
    unit: 元/月
    by: [residence, size]
    dated:
      - from: 2023-01-01
        values: {urban: {1..2: 1000, 3..: 2000}, rural: {1: 800, 2..3: 1500}}
  vehicle_price: {label: 车价上限, unit: 元, value: 50000}
  unpublished: {label: 未公布的数, unit: 元, at_most: 300, dated: [{from: 2030-01-01, value: 200}]}
readings:
  counting:
    label: 读法
    question: 费用是否只计患病的成员
    chosen: all
    options: {all: 都计, sick: 只计患病的}
terms:
  size: {label: 人口, is: count(members)}
  burden: {label: 负担, is: sum(cost for members where counting = all or ill)}
  net: {label: 净收入, is: 月收入 - 负担}
  dear: {of: vehicles, label: 贵车, is: 购置价 > 车价上限 and not 营运}
causes:
  poverty:
    label: 困难
    conditions:
      income: {label: 净收入低于上限, when: 净收入 < 收入上限}
      illness: {label: 有人患病, when: any(members where 患病)}
  hardship_cause:
    label: 特困
    conditions:
      judged: {label: 评估为特别困难, when: 特别困难}
      income: {same_as: poverty.income}
requirements:
  one_vehicle: {label: 机动车不超过一辆, when: count(vehicles where not 营运) <= 1}
  no_dear_vehicle: {label: 没有贵车, unless: any(vehicles where 贵车)}
outputs:
  burden_each: {label: 人均负担, is: 负担 / 人口, unit: 元/人/月}
  serious_illness: {label: 有重病, is: any(members where 病种 in serious)}
referrals:
  medical: {label: 转办医疗, when: any(members where 患病)}
local:
  set: {limit: any, unpublished: any}
  add: {requirements: any, exemptions: any}
"""


SOUND = SAMPLE.replace("2..3: 1500", "2..: 1500")
"""without the range that the other leaves out, which keeps every household of it from being decided"""


@cache
def sample_policy(text: str = SAMPLE, place: str = PLACE, day: date = DAY) -> CheckedPolicy:
    return checked(loaded(text), "sample", place, day)


@cache
def loaded(*texts: str) -> Policies:
    with TemporaryDirectory() as folder:
        root = Path(folder)
        shipped = Path(__file__).resolve().parents[2] / "policies" / "divisions.csv"
        (root / "divisions.csv").write_bytes(shipped.read_bytes())
        for number, text in enumerate(texts):
            (root / f"file_{number}.yaml").write_text(text, encoding="utf-8")
        policies = open_policies(root)
        for id in policies.ids:
            policies.library.build(id)  # reads the tables while the folder is there
        return policies


def checked(policies: Policies, id: str, place: str = PLACE, day: date = DAY) -> CheckedPolicy:
    """The slice by itself: `SAMPLE` leaves a range out, and no household may be decided under that otherwise."""
    found, report = policies.slices.checked(policies.library.chain_ids(id, place), place, day, None)
    if found is None:
        raise AssertionError("\n".join(render(one) for one in report))
    return found


@cache
def provincial(place: str = PLACE, day: date = DAY) -> CheckedPolicy:
    """The shipped provincial policy with its shipped overlays."""
    return checked(open_policies(), "shanxi_2022_60", place, day)


def household(**more: object) -> dict[str, object]:
    """A complete household of the sample policy: two people, one of them ill; 900.00 - 250.00 < 1000.00."""
    members = [
        {"id": "a", "ill": True, "cost": 250, "kind": "adult", "illness": "癌症"},
        {"id": "b", "ill": False, "cost": 0, "kind": "child", "illness": "感冒"},
    ]
    facts: dict[str, object] = {
        "id": "H-1",
        "application_date": "2023-06-15",
        "county": PLACE,
        "residence": "urban",
        "income": 900,
        "savings": 100,
        "rooms": 2,
        "hardship": False,
        "members": members,
        "vehicles": [],
    }
    return {**facts, **more}


def decided(given: Mapping[str, object], policy: CheckedPolicy | None = None) -> Decision:
    policy = policy or sample_policy()
    return decide(policy, read_household(given, policy))
