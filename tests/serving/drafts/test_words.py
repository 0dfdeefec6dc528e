"""Files and changes in the words of officers; what no word is known for stays as it is written."""

from __future__ import annotations

from functools import cache

import pytest

from engine.editing.workspace import Snapshot
from engine.say import Say
from engine.serving.drafts.meaning import said
from engine.serving.drafts.words import names, titles, worded
from tests.serving.served import SHIPPED

ZH, EN = Say("zh"), Say("en")
CITY = "cities/datong.yaml"


@cache
def shipped() -> Snapshot:
    return Snapshot.open([SHIPPED])


@cache
def known() -> dict[str, str]:
    return names(shipped())


def told(old: str, new: str, path: str = CITY, say: Say = ZH) -> list[tuple[str, str, str]]:
    found = said(old, new, path)
    assert found is not None
    return [(one.label, one.old, one.new) for one in worded(found, known(), say)]


@pytest.mark.parametrize(
    ("path", "title"),
    [
        ("shanxi_2022_60.yaml", "关于进一步做好支出型贫困家庭救助工作的通知"),
        (CITY, "大同市最低生活保障标准"),
        ("standards/datong-2025.csv", "标准的表：大同市最低生活保障标准"),
        ("cases/cities/datong.yaml", "用例：大同市最低生活保障标准"),
        ("cases/cities/datong.csv", "用例：大同市最低生活保障标准"),
        ("cases/cities/not_there.csv", "用例的表"),
        ("cases/not_there.yaml", "用例"),
        ("divisions.csv", "区划表"),
        ("hygiene.yaml", "检查的设置"),
        ("nowhere.yaml", ""),
    ],
)
def test_what_a_file_is(path: str, title: str) -> None:
    assert titles(shipped(), [path], ZH) == {path: title}


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (
            "set:\n  asset_months: 24 月\n",
            "set:\n  asset_months: 18 月\n",
            ("数值 · 金融资产月数上限", "24 月", "18 月"),
        ),
        (
            "set:\n  asset_months: [{from: 2027-01-01, value: 24 月}]\n",
            "set:\n  asset_months: [{from: 2027-01-01, value: 18 月}]\n",
            ("数值 · 金融资产月数上限 · 2027-01-01 起 · 数值", "24 月", "18 月"),
        ),
        (
            "add: {requirements: {car: {label: 没有好车, effect: wider}}}\n",
            "add: {requirements: {car: {label: 没有好车, effect: narrower}}}\n",
            ("对全家的要求 · 没有好车 · 对认定的影响", "只会更宽", "只会更严"),
        ),
        (
            "add: {conditions: {all.local_condition_1: {label: 甲, cites: 一}}}\n",
            "add: {conditions: {all.local_condition_1: {label: 甲, cites: 二}}}\n",
            ("条件 · 每一种情形 · 甲 · 条款", "一", "二"),
        ),
        ("jurisdiction: '1'\n", "jurisdiction: '2'\n", ("jurisdiction", "1", "2")),
    ],
)
def test_what_differs(before: str, after: str, expected: tuple[str, str, str]) -> None:
    assert told(before, after) == [expected]


def test_rows_of_a_table_are_told_by_the_place() -> None:
    head = "区划代码,城市\n"
    found = told(f"{head}140212,700\n140213,700\n", f"{head}140212,710\n140213,700\n", "standards/datong-2025.csv")
    assert found == [("新荣区 城市", "700", "710")]


def test_a_case_that_came_is_one_line() -> None:
    case = "tests:\n  a:\n    why: 一分之差\n    household: {id: 甲}\n    expect: {outcome: undetermined}\n"
    assert told("", case, "cases/x.yaml") == [("用例", "", "一分之差；结论：暂不能认定")]
    assert told(case, "tests: {}\n", "cases/x.yaml") == [("用例", "一分之差；结论：暂不能认定", "")]
    changed = told(case, case.replace("undetermined", "符合"), "cases/x.yaml", EN)
    assert [(old, new) for _, old, new in changed] == [("undetermined", "符合")]
