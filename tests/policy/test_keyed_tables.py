"""Tables by every kind of key, through all that reads them: inline, CSV, overlays, guards, unknown keys, `show`, the
JSON Schema of households, coverage, mutation and what a program says of them.

The policy is `tests/cases/keyed/`: a marginal rate, amounts by ranges of another, by a derived category, a year, plain
counts, an item's fact, two ranges, the county and a term that is a quotient; a city sets a row of each, or the whole.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from engine.api import Policies, open_policies
from engine.diagnostics import render
from engine.policy.checked import CheckedPolicy
from engine.policy.loader import read_library
from engine.policy.slices import Slices
from engine.resources import schema
from tests.cli.conftest import run
from tests.cli.running import Run
from tests.policy.bad_policies import CASES

__all__ = ["run"]
HERE = CASES / "keyed"
DAY = date(2023, 6, 1)
HOUSEHOLD: Mapping[str, Any] = {
    "id": "H",
    "application_date": "2023-06-01",
    "county": "900101",
    "income": 100000,
    "savings": 900,
    "children": 3,
    "urban": "city",
    "members": [{"id": "a", "stage": "primary", "cost": 1500}, {"id": "b", "stage": "middle", "cost": 1500}],
}
JIA = "cities/jia.yaml"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(HERE, tmp_path / "keyed")
    return tmp_path / "keyed"


def edit(folder: Path, name: str, old: str, new: str) -> None:
    text = (folder / name).read_text("utf-8")
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {name}"
    (folder / name).write_text(text.replace(old, new), "utf-8")


def figures(policies: Policies, **facts: object) -> dict[str, object]:
    """What each figure came to, or between what it lies."""
    told: dict[str, Any] = policies.evaluate({**HOUSEHOLD, **facts}).to_dict()["outputs"]  # type: ignore[assignment]
    return {
        id.removeprefix("o_"): [item["value"] for item in one["items"] or ()]
        if "items" in one
        else one["value"] or (one["low"], one["high"])
        for id, one in told.items()
    }


def errors(folder: Path) -> list[str]:
    found = Slices(read_library([folder])).check_all(None)
    return [f"{one.code} {one.place()}" for one in found if one.severity == "error"]


# ---- values


ANY = ("0.00", "9999999999.99")
ALWAYS = {"grant": "300.00", "kind": "10.00", "cap": ["1000.00", "1500.00"], "two": "40.00", "housing": "0.00"}


@pytest.mark.parametrize(
    ("day", "found"),
    [
        ("2022-06-01", {"rate": "7480.00", "child": "150.00", "year": ANY, "local": ANY}),
        ("2023-06-01", {"rate": "7480.00", "child": "170.00", "year": "36000.00", "local": "100.00"}),
        ("2024-06-01", {"rate": "16000.00", "child": "170.00", "year": "39000.00", "local": "100.00"}),
        # up to 20000 at 2 %, 40000 at 5 %, the rest at 30 %: one row set across an edge of the table below
        ("2025-06-01", {"rate": "14400.00", "child": "170.00", "year": "40000.00", "local": "100.00"}),
    ],
)
def test_a_city_sets_the_whole_table_or_a_row_of_it(day: str, found: Mapping[str, object]) -> None:
    assert figures(open_policies(HERE), application_date=day) == {**ALWAYS, **found}


def test_one_row_set_leaves_the_others() -> None:
    policies = open_policies(HERE)
    assert [figures(policies, income=each)["rate"] for each in (144000, 145000)] == ["11880.00", "12130.00"]
    assert [figures(policies, savings=each)["grant"] for each in (4999, 5000)] == ["200.00", "60.00"]
    assert [figures(policies, county="900201", savings=each)["grant"] for each in (4999, 5000)] == ["200.00", "100.00"]
    assert [figures(policies, children=each)["child"] for each in (2, 3, 4)] == ["150.00", "170.00", "200.00"]
    at = [(each, amount) for each in (0, 1, 2) for amount in (500, 501)]
    # `1..: {0..500: 11}` lies across `0..1` and `2..`
    assert [figures(policies, children=each, savings=amount)["two"] for each, amount in at] == [
        "10.00", "20.00", "11.00", "20.00", "11.00", "30.00",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("unknown", "found"),
    [
        ({"income": None}, {"rate": ("0.00", "2499975880.00"), "housing": ("0.00", "600.00")}),
        ({"savings": None}, {"grant": ("60.00", "300.00"), "two": ("11.00", "40.00"), "local": ("50.00", "100.00")}),
        ({"children": None}, {"child": ("0.00", "200.00"), "two": ("20.00", "40.00")}),
        ({"urban": None}, {"housing": "0.00"}),
        ({"urban": None, "income": 10000}, {"housing": ("300.00", "600.00")}),
        ({"members": None}, {"kind": ("10.00", "25.00"), "cap": []}),
        ({"members": [{"id": "a", "stage": None, "cost": 5000}]}, {"cap": [None]}),
        ({"county": "900201"}, {"local": ANY}),
    ],
)
def test_an_unknown_key_gives_the_hull_of_the_rows(unknown: Mapping[str, Any], found: Mapping[str, object]) -> None:
    told = figures(open_policies(HERE), **unknown)
    assert {id: told[id] for id in found} == dict(found)


# ---- which values were applied


def applied(policies: Policies, **facts: object) -> dict[str, list[str]]:
    """Of each figure the values that it read: key, value, file and line, and its shares of a marginal one."""
    answer: Any = policies.evaluate({**HOUSEHOLD, **facts}).to_dict()
    assert not list(Draft202012Validator(schema("decision")).iter_errors(answer))
    return {
        id.removeprefix("o_"): [_applied(one) for one in told["derivation"] if one["kind"] == "parameter"]
        for id, told in answer["outputs"].items()
    }


def _applied(one: Mapping[str, Any]) -> str:
    shares = [f"{share['part']['exact']} → {share['comes_to']['exact']}" for share in one.get("shares", ())]
    at = one["declared"]
    return " ".join([*one["key"].values(), "=", one["text"], f"{at['file']}:{at['line']}", *shares])


def test_a_range_is_named_as_its_author_has_it() -> None:
    policies = open_policies(HERE)
    told = applied(policies)
    # `0..800` is cut at 500 and `1..` at 2, for the other rows' sake; a single `3` is set between `2..3` and `4..`
    assert told["two"] == ["2.. >800 = 40 元 province.yaml:38"]
    assert told["grant"] == ["0..1000 = 300 元 province.yaml:33"]
    assert told["child"] == ["3 = 170 元 cities/jia.yaml:25"]
    assert told["local"] == ["900101 0..1000 = 100 元 jia.csv:2"]
    assert told["housing"] == ["city 1000.. = 0 元/月 province.yaml:40"]
    told = applied(policies, children=1, savings=500)
    assert (told["two"], told["child"]) == (["1.. 0..500 = 11 元 cities/jia.yaml:19"], ["1 = 100 元 province.yaml:36"])
    assert applied(policies, children=2, savings=501)["two"] == ["2.. 0..800 = 30 元 province.yaml:38"]
    assert applied(policies, children=2)["child"] == ["2..3 = 150 元 province.yaml:36"]


def test_of_an_unknown_key_each_range_is_named_once() -> None:
    told = applied(open_policies(HERE), children=None, savings=None, income=None)
    assert told["two"] == [
        "0..1 0..500 = 10 元 province.yaml:38",
        "0..1 >500 = 20 元 province.yaml:38",
        "1.. 0..500 = 11 元 cities/jia.yaml:19",
        "2.. 0..800 = 30 元 province.yaml:38",
        "2.. >800 = 40 元 province.yaml:38",
    ]
    assert [one.split(" ")[0] for one in told["child"]] == ["0", "1", "2..3", "3", "4.."]
    assert [one.split(" ")[-1] for one in told["rate"]] == [
        "province.yaml:32",
        "province.yaml:32",
        "cities/jia.yaml:11",
    ]


@pytest.mark.parametrize(
    ("facts", "rates"),
    [
        ({"income": 0}, []),
        (
            {"income": 100000},
            ["<=36000 = 3% province.yaml:32 36000 → 1080", ">36000..144000 = 10% province.yaml:32 64000 → 6400"],
        ),
        # `不超过50000元` and `超过50000元` of one notice are both cut by `超过20000元至60000元` of the next
        (
            {"income": 170000, "application_date": "2025-06-01"},
            [
                "<=50000 = 2% cities/jia.yaml:12 20000 → 400",
                ">20000..60000 = 5% cities/jia.yaml:13 40000 → 2000",
                ">50000 = 30% cities/jia.yaml:12 110000 → 33000",
            ],
        ),
    ],
)
def test_of_a_marginal_value_the_shares_are_told(facts: Mapping[str, object], rates: list[str]) -> None:
    policies = open_policies(HERE)
    assert applied(policies, **facts)["rate"] == rates
    total = sum(Decimal(rate.rsplit(" ", 1)[1]) for rate in rates)
    assert Decimal(str(figures(policies, **facts)["rate"])) == total


def test_a_bracket_on_both_sides_of_another_files_is_one(folder: Path) -> None:
    edit(folder, JIA, "超过20000元至60000元: 5%", "超过20000元至30000元: 5%")
    assert applied(open_policies(folder), income=60000, application_date="2025-06-01")["rate"] == [
        "<=50000 = 2% cities/jia.yaml:12 40000 → 800",
        ">20000..30000 = 5% cities/jia.yaml:13 10000 → 500",
        ">50000 = 30% cities/jia.yaml:12 10000 → 3000",
    ]


def test_several_amounts_of_one_bracket_each_have_their_share(folder: Path) -> None:
    edit(
        folder,
        "province.yaml",
        "o_rate: {label: 应缴, is: 缴费率,",
        'o_rate: {label: 应缴, is: "缴费率 + 缴费率[家庭收入 / 2]",',
    )
    assert applied(open_policies(folder))["rate"] == [
        "<=36000 = 3% province.yaml:32 36000 → 1080",
        ">36000..144000 = 10% province.yaml:32 64000 → 6400 14000 → 1400",
    ]


def test_a_private_amount_has_no_shares(folder: Path) -> None:
    edit(
        folder,
        "province.yaml",
        "income: {label: 家庭收入, unit: 元,",
        "income: {label: 家庭收入, private: yes, unit: 元,",
    )
    assert applied(open_policies(folder))["rate"] == [
        "<=36000 = 3% province.yaml:32",
        ">36000..144000 = 10% province.yaml:32",
    ]


@pytest.mark.parametrize(
    ("language", "lines"),
    [
        (
            "zh",
            [
                "  缴费率（家庭收入超过 20000 元至 60000 元的部分）  5%",
                "    这一段 40000.00 元/12 月，计 2000.00 元/12 月",
                "    甲〔2023〕1号，2025-01-01 起施行  ‹cities/jia.yaml:13›",
                "  综合定额（子女数 2 人以上、存款超过 800 元）  40 元",
                "    测〔2022〕1号，2022-01-01 起施行  ‹province.yaml:38›",
            ],
        ),
        (
            "en",
            [
                "  缴费率 (家庭收入 over 20000 元 to 60000 元)  5%",
                "    40000.00 元/12 月 in this range, which comes to 2000.00 元/12 月",
                "    甲〔2023〕1号, in force from 2025-01-01  ‹cities/jia.yaml:13›",
                "  综合定额 (子女数 2 人 or more, 存款 over 800 元)  40 元",
                "    测〔2022〕1号, in force from 2022-01-01  ‹province.yaml:38›",
            ],
        ),
    ],
)
def test_the_text_names_them_in_both_languages(run: Run, language: str, lines: list[str]) -> None:
    household = json.dumps({**HOUSEHOLD, "application_date": "2025-06-01"}).encode()
    told = run("evaluate", "-", "--policies", str(HERE), "--lang", language, given=household).out.splitlines()
    assert [line for line in told if line in lines] == lines


# ---- the same from a table of a file


CSV: list[tuple[str, str, str, str]] = [
    (
        "rate",
        "{不超过36000元的: 3%, 超过36000元至144000元的部分: 10%, 超过144000元的部分: 20%}",
        "级数,全年收入,费率\n1,不超过36000元的,3%\n2,超过36000元至144000元的部分,10%\n3,超过144000元的部分,20%\n",
        "{全年收入: income, 费率: value}",
    ),
    (
        "grant",
        "{0..1000: 300, 超过1000不满5000: 200, 5000元以上: 100}",
        "savings,value\n0至1000元,300\n超过1000元不满5000元,200 元\n0.5万元以上,100\n",
        "",
    ),
    ("by_kind", "{小户: 10, 大户: 20}", "类别,元\n小户,10\nlarge,20\n", "{类别: household_kind, 元: value}"),
    ("by_kind", "{小户: 10, 大户: 20}", "小,大\n10,20\n", "{小: {household_kind: 小户}, 大: {household_kind: large}}"),
    ("of_year", "{2022: 36000, 2023: 38000}", "年份,数\n2022,36000\n2023,38000\n", "{年份: income_year, 数: value}"),
    (
        "per_child",
        "{0: 0, 1: 100, 2..3: 150, 4..: 200}",
        "children,value\n0,0\n1,100\n2..3,150\n4..,200\n",
        "",
    ),
    (
        "cap",
        "{小学: 1000, 初中: 2000}",
        "stage,value\nprimary,1000\n初中,2000\n",
        "{stage: members.stage, value: value}",
    ),
    (
        "two",
        "{0..1: {0..500: 10, 超过500: 20}, 2..: {0..800: 30, 超过800: 40}}",
        "子女,存款,元\n0..1,0..500,10\n0..1,超过500元,20\n2..,0至800元,30\n2..,超过800元,40\n",
        "{子女: children, 存款: savings, 元: value}",
    ),
    (
        "housing",
        "{城市: {不满1000: 500, 1000以上: 0}, 农村: {不满800: 300, 800以上: 0}}",
        "城乡,月收入,元\n城市,不满1000元/人/月,500\n城市,1000以上,0\n农村,不满800,300\n农村,800元/人/月以上,0\n",
        "{城乡: urban, 月收入: monthly, 元: value}",
    ),
]


def cells(policy: CheckedPolicy, parameter: str) -> dict[object, object]:
    return {row.key: row.value.value for row in policy.dated.tables[parameter]}


@pytest.mark.parametrize(("parameter", "inline", "table", "columns"), CSV)
@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_a_csv_gives_what_the_values_written_out_give(
    folder: Path, parameter: str, inline: str, table: str, columns: str, encoding: str
) -> None:
    (folder / "tables" / "t.csv").parent.mkdir(exist_ok=True)
    (folder / "tables" / "t.csv").write_bytes(table.encode(encoding))
    edit(folder, "province.yaml", inline, f"TABLE{', columns: ' + columns if columns else ''}")
    edit(folder, "province.yaml", "values: TABLE", "table: tables/t.csv")
    assert errors(folder) == []
    made = open_policies(folder).overlay_for("keyed", DAY)
    assert cells(made, parameter) == cells(open_policies(HERE).overlay_for("keyed", DAY), parameter)


@pytest.mark.parametrize(
    ("table", "faults"),
    [
        ("savings,value\n0..1000,300\n超过2000,200\n", ["amounts-gap tables/t.csv:3:1"]),
        ("savings,value\n0..1000,300\n1000以上,200\n", ["amounts-overlap tables/t.csv:3:1"]),
        ("savings,value\n0-1000,300\n超过1000,200\n", ["bad-amounts tables/t.csv:2:1"]),
        ("savings,value\n0..1000元/月,300\n超过1000,200\n", ["value-unit tables/t.csv:2:4"]),
        ("savings,value\n0月..1000元,300\n超过1000,200\n", ["value-unit tables/t.csv:2:1"]),
        ('savings,value\n"1,000元以下",300\n超过1000,200\n', ["bad-amounts tables/t.csv:2:2"]),
        # not from 1 to 500
        ('savings,value\n"1,500元以下",300\n超过1500,200\n', ["bad-amounts tables/t.csv:2:2"]),
        ('savings,value\n"0至1,500",300\n超过1500,200\n', ["bad-amounts tables/t.csv:2:2"]),
        ("savings,value\n0..1000,300\n0..1000,300\n超过1000,200\n", ["key-twice tables/t.csv:3:9"]),
        ("savings,value\n0..1000,40\n超过1000,200\n", []),
    ],
)
def test_what_is_wrong_in_a_table_is_told_at_its_cell(folder: Path, table: str, faults: list[str]) -> None:
    (folder / "tables").mkdir(exist_ok=True)
    (folder / "tables" / "t.csv").write_text(table, "utf-8")
    shutil.rmtree(folder / "cities")
    edit(
        folder, "province.yaml", "values: {0..1000: 300, 超过1000不满5000: 200, 5000元以上: 100}", "table: tables/t.csv"
    )
    assert errors(folder) == faults


@pytest.mark.parametrize(
    ("written", "code", "offered"),
    [
        ("12000", "missing-unit", "12000 元 / 12 月"),
        ("income = 12000", "missing-unit", "12000 元 / 12 月"),
        ("12000 元", "expected-unit", "12000 元 / 12 月"),
        ("income = 1.2 万元", "expected-unit", "1.2 万元 / 12 月"),
    ],
)
def test_an_amount_looked_up_is_offered_the_unit_in_which_its_key_is_declared(
    folder: Path, written: str, code: str, offered: str
) -> None:
    """The table says 36000 of 12 months: by the month the same digits would be twelve times as much."""
    edit(folder, "province.yaml", "is: 缴费率, ", f'is: "缴费率[{written}]", ')
    (found,) = [one for one in Slices(read_library([folder])).check_all(None) if one.severity == "error"]
    told = render(found)
    assert found.code == code
    assert "元/12 月" in told
    assert f"`{offered}`" in told
    number = written.removeprefix("income = ")
    edit(folder, "province.yaml", f"[{written}]", f"[{written.replace(number, offered)}]")
    assert figures(open_policies(folder))["rate"] == "360.00"


# ---- in a document of their own


TAKEN = {
    "rate": "{label: 缴费率, number: yes, marginal: yes, by: [income]",
    "grant": "{label: 补助, unit: 元, by: [savings]",
    "of_year": "{label: 人均可支配收入, unit: 元/人/年, by: [income_year]",
    "two": "{label: 综合定额, unit: 元, by: [children, savings]",
    "housing": "{label: 房租补贴, unit: 元/月, by: [urban, monthly]",
}
VALUES = """\
format: 1
values: tables
title: 共用的数值
jurisdiction: "90"
from: 2022-01-01
document: 测〔2022〕1号
territory: places.csv
keys:
  income: {label: 家庭收入, unit: 元, over: 12 月}
  savings: {label: 存款, unit: 元}
  monthly: {label: 人均月收入, unit: 元/人/月}
  income_year: {label: 上年, whole: yes}
  children: {label: 子女数, whole: 人}
  urban: {label: 城乡, choice: {city: 城市, village: 农村}}
local:
  set: {rate: {at_most: 30%, at_least: 1%}, grant: {at_least: 50 元}, of_year: any, two: any, housing: any}
parameters:
"""


@pytest.mark.parametrize(("whole", "gap"), [("yes", False), ("人", True)])
def test_single_numbers_of_what_counts_nothing_may_leave_others_out(folder: Path, whole: str, gap: bool) -> None:
    """Numbers of a list, such as grades 1 and 3; of persons there can be any number."""
    edit(folder, "province.yaml", "    urban: {", f"    grade: {{label: 档次, whole: {whole}}}\n    urban: {{")
    band = "by_grade: {label: 档次补助, unit: 元, by: [grade], values: {1: 100, 3: 200}}"
    edit(folder, "province.yaml", "parameters:\n", f"parameters:\n  {band}\n")
    edit(folder, "province.yaml", "outputs:\n", "outputs:\n  o_grade: {label: 档次, is: 档次补助, unit: 元}\n")
    assert [one.partition(" ")[0] for one in errors(folder)] == ["range-gap"] * gap
    if not gap:
        found = [figures(open_policies(folder), grade=each)["grade"] for each in (1, 2, 3)]
        assert found == ["100.00", ANY, "200.00"]


def test_policies_may_share_such_tables(folder: Path) -> None:
    """Each in a values document, and what the city set in an overlay of it: the same figures on every day."""
    policy, city = ((folder / name).read_text("utf-8") for name in ("province.yaml", JIA))
    values, below = VALUES, city.replace("overlay: jia", "overlay: shared").replace("amends: keyed", "amends: tables")
    for id, head in TAKEN.items():
        line = next(line for line in policy.splitlines() if line.startswith(f"  {id}: {head}"))
        values += f"{line}\n"
        policy = policy.replace(line, f"  {id}: {head}, values_from: tables.{id}}}")
    opened = "  set: {local_grant: expected, by_kind: any, per_child: any}"
    policy = policy.replace(next(line for line in policy.splitlines() if line.startswith("  set: {rate")), opened)
    start = city.index("set:\n") + len("set:\n")
    held: dict[bool, str] = {True: "", False: ""}
    for one in re.split(r"(?m)^(?=  \w)", city[start:]):
        held[one.strip().partition(":")[0] in TAKEN] += one
    (folder / "tables.yaml").write_text(values, "utf-8")
    (folder / "cities" / "shared.yaml").write_text(below[: below.index("set:\n")] + "set:\n" + held[True], "utf-8")
    (folder / JIA).write_text(city[:start] + held[False], "utf-8")
    (folder / "province.yaml").write_text(policy, "utf-8")
    assert errors(folder) == []
    made, apart = open_policies(HERE), open_policies(folder)
    for day in ("2022-06-01", "2023-06-01", "2024-06-01", "2025-06-01"):
        for unknown in ({}, {"income": None}, {"savings": None, "children": None}):
            told = {"application_date": day, **unknown}
            assert figures(apart, **told) == figures(made, **told)


# ---- what a level below may state


@pytest.mark.parametrize(
    ("old", "new", "faults"),
    [
        ("超过144000元的部分: 25%", "超过144000元的部分: 31%", ["outside-guard"]),
        ("超过144000元的部分: 25%", "超过144000元的部分: 30%", []),
        ("不超过50000元: 2%", "不超过50000元: 0.5%", ["outside-guard"]),
        ("不超过50000元: 2%", "不超过50000元: 1%", []),
        ("超过20000元至60000元: 5%", "超过20000元至60000元: 0", ["outside-guard"]),
        ("5000元以上: 60", "5000元以上: 49.99", ["outside-guard"]),
        ("5000元以上: 60", "5000元以上: 50", []),
        ("不超过50000元: 2%, ", "", ["amounts-gap"]),
        ("超过20000元至60000元: 5%", "20000元至20000元: 5%, 20000元至60000元: 5%", ["amounts-overlap"]),
    ],
)
def test_the_bounds_of_the_province_hold_for_each_row(folder: Path, old: str, new: str, faults: list[str]) -> None:
    edit(folder, JIA, old, new)
    found = errors(folder)
    assert [one.split()[0] for one in found] == faults
    assert all(JIA in one for one in found)


# ---- what reads them


def test_show_names_what_each_table_is_by(run: Run) -> None:
    shown = run("show", "jia", "--policies", str(HERE), "--as-of", "2025-06-01").out
    for line in (
        "  缴费率 rate，家庭收入分段计算",
        "     2% [1]  不超过 20000 元的部分",
        "     5% [2]  超过 20000 元至 60000 元的部分",
        "    30% [1]  超过 60000 元的部分",
        "  补助 grant（元），按存款",
        "  人均可支配收入 of_year（元/人/年），按上年",
        "  综合定额 two（元），按子女数、存款",
        "    10 [1]  0 人 0 至 500 元",
        "    20 [1]  0 至 1 人 超过 500 元",
        "    11 [2]  1 人以上 0 至 500 元",
        "    30 [1]  2 人以上 超过 500 元至 800 元",
        "    40 [1]  2 人以上 超过 800 元",
        "  当地补助 local_grant（元），按存款",
        "  房租补贴 housing（元/月），按人均月收入",
    ):
        assert line in shown.splitlines(), shown
    told = json.loads(run("show", "jia", "--policies", str(HERE), "--format", "json").out)["parameters"]
    assert {id for id, one in told.items() if one.get("marginal")} == {"rate"}
    assert {one["key"]["income_year"] for one in told["of_year"]["values"]} == {"2022", "2023", "2024"}


def test_the_schema_of_households_knows_the_keys(run: Run) -> None:
    known = json.loads(run("schema", "household", "--policies", str(HERE), "--policy", "keyed").out)
    Draft202012Validator.check_schema(known)
    validator = Draft202012Validator(known)
    assert not list(validator.iter_errors(dict(HOUSEHOLD)))
    for wrong in ({"children": 1.5}, {"savings": -1}, {"urban": "town"}, {"members": [{"id": "a", "stage": "x"}]}):
        assert list(validator.iter_errors({**HOUSEHOLD, **wrong})), wrong


def test_the_cases_see_every_edge_and_notice_every_change(run: Run, folder: Path) -> None:
    shutil.rmtree(folder / "cities")
    told = json.loads(run("test", "--policies", str(folder), "--coverage", "--format", "json").out)
    assert (told["failed"], [one["missing"] for one in told["coverage"]]) == (0, [[]])
    assert told["coverage"][0]["thresholds"] == {"seen": 27, "all": 27}
    assert "0 survive" in run("mutate", "--policies", str(folder), "--lang", "en").out


@pytest.mark.parametrize(
    ("old", "new", "lacking", "surviving"),
    [
        ("[1000, 300], ", "", {"at 补助 [1000]"}, {"edge-side", "edge-down"}),
        (
            "[1000.01, 200], [4999.99, 200], ",
            "",
            {"above 补助 [1000]", "below 补助 [5000]"},
            {"value-up", "value-down", "edge-up", "edge-down"},
        ),
        ("[6000, 100]", "", {"above 补助 [5000]"}, set()),
        ("        - [145000, 12080]\n", "", {"above 缴费率 [144000]"}, {"value-up", "value-down", "edge-up"}),
        ("        - [144000, 11880]\n", "", {"at 缴费率 [144000]"}, set()),
        ("        - [农村, 9600, 0]\n", "", {"at 房租补贴 [800]"}, {"edge-side", "edge-up"}),
        ("        - [2, 799.99, 30]\n        - [2, 800, 30]\n", "", {"at 综合定额 [800]"}, {"edge-side", "edge-down"}),
        ("[3, 150], ", "", set(), {"edge-down"}),
    ],
)
def test_a_weaker_suite_is_told_what_it_lacks(
    run: Run, folder: Path, old: str, new: str, lacking: set[str], surviving: set[str]
) -> None:
    shutil.rmtree(folder / "cities")
    edit(folder, "cases/keyed.yaml", old, new)
    told = json.loads(run("test", "--policies", str(folder), "--coverage", "--format", "json").out)
    assert {f"{one['aspect']} {one['text']}" for one in told["coverage"][0]["missing"]} == lacking
    left = json.loads(run("mutate", "--policies", str(folder), "--format", "json").out)["survivors"]
    assert {one["kind"] for one in left} == surviving
