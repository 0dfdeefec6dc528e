"""`new values` for tables by ranges of amounts or counts, by options and by years: what bureaus write is read where it
is clear, and where it is not the forms that can be written are told.

The policy is `tests/cases/keyed/`, whose city jia sets some of its tables.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest
from openpyxl import load_workbook
from openpyxl.styles import Font

from engine.cli.status import ANSWERED, FINDINGS, MISUSE
from engine.diagnostics import Reporter
from engine.language.types import Quantity
from engine.language.units import ONE, parse_unit
from engine.policy.loader import read_library
from engine.policy.model import show_part
from engine.policy.slices import Slices
from engine.source import Source, Span
from engine.tree import Scalar
from engine.writing.spoken import Spoken, read_spoken
from tests.cli.running import Ran, Run
from tests.policy.bad_policies import CASES
from tests.writing.workbooks import Row, workbook

JIA = "cities/jia.yaml"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(CASES / "keyed", tmp_path / "keyed")
    return tmp_path / "keyed"


def take(run: Run, folder: Path, table: str | bytes, parameter: str, *more: str, name: str = "t.csv") -> Ran:
    path = folder.parent / name
    path.write_bytes(table.encode() if isinstance(table, str) else table)
    options = (
        "--policies",
        str(folder),
        "--from",
        "2026-01-01",
        "--document",
        "甲〔2026〕1号",
        "--parameter",
        parameter,
    )
    return run("new", "values", "jia", str(path), *options, *more)


def made(folder: Path) -> str:
    [path] = folder.rglob("jia-*.csv")
    return path.read_text("utf-8")


def rows(ran: Ran) -> list[tuple[str, str]]:
    """The code of each fault, and where it is."""
    return re.findall(r"(?m)^(\S+): (?:error|warning|info) ([a-z-]+):", ran.err)


# ---- ranges as people write them

YUAN = parse_unit("元")
PEOPLE = parse_unit("人")
assert YUAN is not None
assert PEOPLE is not None
AMOUNTS = Quantity(YUAN)
COUNTED = Quantity(PEOPLE, whole=True)
YEARS = Quantity(ONE, whole=True)


def read(text: str, kind: Quantity, words: str, unit: str = "") -> tuple[str, list[str]]:
    report = Reporter()
    cell = Scalar(Span(Source("t", text), 0, len(text)), text)
    found = read_spoken(cell, Spoken("k", kind, words, ("存款",), unit), report)
    return "" if found is None else show_part(found), [one.code for one in report]


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("3万以上至14.4万元", "30000..144000"),
        ("3至5万元", "30000..50000"),
        ("超过3万", ">30000"),
        ("超过1.2亿元", ">120000000"),
        ("不超过36000元的", "<=36000"),
        ("超过960000元的部分", ">960000"),
        ("超过960,000元的部分", ">960000"),
        ("超过36,000元至144,000元的部分", ">36000..144000"),
        ("超过３６，０００元至１４４，０００元", ">36000..144000"),
        ("超过36000元，不超过144000元的部分", ">36000..144000"),
        ("超过36,000元，不超过144,000元的部分", ">36000..144000"),
        ("超过36000元-144000元的部分", ">36000..144000"),
        ("1000元以上—5000元以下", "1000..5000"),
        ("1000元以上不满5000元", "1000..<5000"),
        ("3万元（不含）—5万元（含）", ">30000..50000"),
        ("5000元（不含）以上", ">5000"),
        ("5000元以上（不含）", ">5000"),
        ("5000元以下（不含5000元）", "<5000"),
        ("5000元（含）以上", "5000.."),
        ("（36000，144000]", ">36000..144000"),
        ("[36000,144000)", "36000..<144000"),
        ("[1000,+∞)", "1000.."),
        ("36000<x≤144000", ">36000..144000"),
        ("36000≤存款<144000", "36000..<144000"),
        ("≤36000", "<=36000"),
        ("存款超过1000元", ">1000"),
        ("0至1,500", "0..1500"),
        ("-500至0元", "-500..0"),
        ("over 1,000 to 5,000", ">1000..5000"),
        ("0", "0"),
    ],
)
def test_a_clear_range_of_amounts(text: str, part: str) -> None:
    assert read(text, AMOUNTS, "元") == (part, [])


@pytest.mark.parametrize("text", ["36000-144000", "0~1000元", "3万元—5万元", "１０００－５０００", "1.5万～3万"])
def test_which_side_a_dash_leaves_open_is_asked(text: str) -> None:
    assert read(text, AMOUNTS, "元") == ("", ["boundary-open"])


@pytest.mark.parametrize(
    "text",
    [
        "100,500",  # one number, or two
        "1000、5000",
        "超过36000至14.4万元",  # 36000 元, or 36000 万元
        "1000元至5000元之间",
        "5000元至1000元",
        "36 000元以上",
        "中等",
        "",
    ],
)
def test_what_may_be_two_things_is_no_range(text: str) -> None:
    assert read(text, AMOUNTS, "元") == ("", ["bad-amounts"])


@pytest.mark.parametrize(
    ("text", "unit", "part"),
    [
        ("3以下", "万元", "<=30000"),
        ("超过3至14.4", "万元", ">30000..144000"),
        ("超过3元", "万元", ">3"),
        ("3万以下", "万元", ""),  # 万 said twice
        ("3万以下", "元", "<=30000"),
    ],
)
def test_the_unit_of_the_header(text: str, unit: str, part: str) -> None:
    assert read(text, AMOUNTS, "元", unit)[0] == part


def test_units_behind_numbers_are_those_of_the_key() -> None:
    monthly, accrued = parse_unit("元/人/月"), parse_unit("元/12 月")
    assert monthly is not None
    assert accrued is not None
    assert read("12000元/人/年以下", Quantity(monthly), "元/人/月") == ("<=1000", [])
    assert read("超过3万元至14.4万元", Quantity(accrued), "元/12 月") == (">30000..144000", [])
    assert read("超过3000", Quantity(accrued), "元/12 月", "元/月") == (">36000", [])
    assert read("0至1000平方米", AMOUNTS, "元") == ("", ["value-unit"])


def test_a_currency_of_the_policy() -> None:
    known = (("澳元", 2),)
    own = parse_unit("澳元", known)
    assert own is not None
    text = "超过1.5万澳元至3万澳元"
    cell = Scalar(Span(Source("t", text, known), 0, len(text)), text)
    found = read_spoken(cell, Spoken("k", Quantity(own), "澳元", (), "", known), Reporter())
    assert found is not None
    assert show_part(found) == ">15000..30000"


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("3人及以上", "3.."),
        ("３人及以上", "3.."),
        ("三人及以上", "3.."),
        ("3人（含）以上", "3.."),
        ("3+", "3.."),
        ("1-2人", "1..2"),
        ("1～2人", "1..2"),
        ("一至二人", "1..2"),
        ("1人至2人", "1..2"),
        ("一人户", "1"),
        ("3口之家", "3"),
        ("两人", "2"),
        ("2人及以下", "0..2"),
        ("不足3人", "0..2"),
        ("超过3人", "4.."),
        ("3人以上不足5人", "3..4"),
        ("0", "0"),
    ],
)
def test_a_range_of_counts(text: str, part: str) -> None:
    assert read(text, COUNTED, "人") == (part, [])
    assert read(text, YEARS, "") == (part, [])


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("1、3人", "bad-range"),
        ("2.5人", "bad-range"),
        ("超过2人不满3人", "bad-range"),
        ("多", "bad-range"),
        ("3户", "value-unit"),
    ],
)
def test_what_is_no_range_of_counts(text: str, code: str) -> None:
    assert read(text, COUNTED, "人") == ("", [code])


@pytest.mark.parametrize(("text", "part"), [("2023年", "2023"), ("2023年度", "2023"), ("2021-2023年", "2021..2023")])
def test_years(text: str, part: str) -> None:
    assert read(text, YEARS, "") == (part, [])


# ---- whole tables

RATES = """\
甲市缴费率表,,
单位：元,,
级数,家庭收入,缴费率（%）
1,不超过36000元的,3
2,"超过36,000元至144,000元的部分",10
3,超过14.4万元的部分,20
注：自2026年1月1日起施行,,
"""


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_a_marginal_table(run: Run, folder: Path, encoding: str) -> None:
    ran = take(run, folder, RATES.encode(encoding), "rate")
    assert ran.status == ANSWERED, ran.err
    assert ran.err == ""
    assert "3 行，3 个数值" in ran.out
    assert made(folder) == "家庭收入（元）,缴费率\n<=36000,3%\n>36000..144000,10%\n>144000,20%\n"
    assert (
        (folder / JIA)
        .read_text("utf-8")
        .split("2025-01-01, ")[1]
        .split("\n", 1)[1]
        .startswith(
            "    - from: 2026-01-01\n"
            "      document: 甲〔2026〕1号\n"
            "      table: standards/jia-rate-2026.csv\n"
            "      columns:\n"
            "        家庭收入（元）: income\n"
            "        缴费率: value\n"
            "  grant:\n"
        )
    )
    shown = run("show", "jia", "--policies", str(folder), "--as-of", "2026-06-01").out
    at = shown.index("  缴费率 rate，家庭收入分段计算")
    assert [line.strip() for line in shown[at:].splitlines()[1:4]] == [
        "3%  不超过 36000 元的部分",
        "10%  超过 36000 元至 144000 元的部分",
        "20%  超过 144000 元的部分",
    ]
    assert not Slices(read_library([folder])).check_all(None).has_errors


TABLES: Sequence[tuple[str, str, Sequence[str], str, Sequence[str]]] = (
    (
        "grant",
        "存款（万元）,补助标准（元）\n不超过1,300\n超过1至3,200 元\n超过3,100\n合计,600\n",
        (),
        "存款（元）,补助（元）\n<=10000,300\n>10000..30000,200\n>30000,100\n",
        ["存款（元）: savings", "补助（元）: value"],
    ),
    (
        "grant",
        "存款（元）,补助（万元）\n5000以下,0.03\n超过5000,0.02\n",
        (),
        "存款（元）,补助（万元）\n<=5000,0.03\n>5000,0.02\n",
        ["存款（元）: savings", "补助（万元）: {unit: 万元}"],
    ),
    (
        "per_child",
        "子女数,补贴（元）\n0人,0\n1-2人,１００\n３人及以上,150\n",
        (),
        "子女数,子女补贴（元）\n0,0\n1..2,100\n3..,150\n",
        ["子女数: children", "子女补贴（元）: value"],
    ),
    (
        "per_child",
        "1人（元）,2人（元）,3人及以上（元）\n100,150,200\n",
        (),
        "1 人（元）,2 人（元）,3 人以上（元）\n100,150,200\n",
        ['"1 人（元）": {children: "1"}', '"2 人（元）": {children: "2"}', '"3 人以上（元）": {children: "3.."}'],
    ),
    (
        "of_year",
        "年份,人均可支配收入（元/人·年）\n2024年,41000\n2025年,42000\n",
        ("--column", "年份=income_year"),
        "上年,人均可支配收入（元/人·年）\n2024,41000\n2025,42000\n",
        ["上年: income_year", "人均可支配收入（元/人·年）: value"],
    ),
    (
        "by_kind",
        "家庭类别,定额\n小户,12元\n多人户,24元\n",
        ("--column", "多人户=large"),
        "家庭类别,定额（元）\n小户,12 元\n大户,24 元\n",
        ["家庭类别: household_kind", "定额（元）: value"],
    ),
    (
        "housing",
        "人均月收入,城镇（元/月）,农村（元/月）\n不满800,600,300\n800以上,0,0\n",
        ("--column", "城镇=city"),
        "人均月收入（元/人·月）,城市（元/月）,农村（元/月）\n<800,600,300\n800..,0,0\n",
        ["人均月收入（元/人·月）: monthly", "城市（元/月）: {urban: 城市}", "农村（元/月）: {urban: 农村}"],
    ),
    (
        "housing",
        "城乡,不满1000元/人/月（元/月）,1000元/人/月以上（元/月）\n城市,600,0\n农村,300,0\n",
        (),
        "城乡,不满 1000 元/人/月（元/月）,1000 元/人/月以上（元/月）\n城市,600,0\n农村,300,0\n",
        ["城乡: urban", '不满 1000 元/人/月（元/月）: {monthly: "<1000"}'],
    ),
    (
        "two",
        "子女数,存款,定额（元）\n1人及以下,500元以下,10\n,超过500元,20\n2人及以上,800元以下,30\n,超过800元,40\n",
        (),
        "子女数,存款（元）,综合定额（元）\n0..1,<=500,10\n0..1,>500,20\n2..,<=800,30\n2..,>800,40\n",
        ["子女数: children", "存款（元）: savings", "综合定额（元）: value"],
    ),
    (
        "local_grant",
        "区县,存款,补助（元）\n东县,1000元以下,100\n,超过1000元,50\n西县,1000元以下,90\n,超过1000元,5\n",
        (),
        "区划代码,区县,存款（元）,当地补助（元）\n900101,东县,<=1000,100\n900101,东县,>1000,50\n"
        "900102,西县,<=1000,90\n900102,西县,>1000,5\n",
        ["区划代码: county", "存款（元）: savings", "当地补助（元）: value"],
    ),
)


@pytest.mark.parametrize(("parameter", "table", "more", "csv", "columns"), TABLES)
def test_a_table(
    run: Run, folder: Path, parameter: str, table: str, more: Sequence[str], csv: str, columns: Sequence[str]
) -> None:
    ran = take(run, folder, table, parameter, "--confirmed", *more)
    assert ran.status == ANSWERED, ran.err
    assert made(folder) == csv
    text = (folder / JIA).read_text("utf-8")
    assert [line for line in columns if f"        {line}\n" not in text] == []
    assert not Slices(read_library([folder])).check_all(None).has_errors
    before = text
    assert take(run, folder, table, parameter, "--confirmed", *more).status == MISUSE, "the day has a block"
    assert (folder / JIA).read_text("utf-8") == before


def test_what_is_written_is_in_force_and_shown(run: Run, folder: Path) -> None:
    table = "存款（万元）,补助标准（元）\n不超过1,300\n超过1至3,200\n超过3,100\n"
    assert take(run, folder, table, "grant").status == ANSWERED
    shown = run("show", "jia", "--policies", str(folder), "--as-of", "2026-06-01").out
    at = shown.index("  补助 grant（元），按存款")
    lines = [re.sub(r" +(\[\d\])? +", " ", line.strip()) for line in shown[at:].splitlines()[1:4]]
    assert lines == ["300 不超过 10000 元", "200 超过 10000 元至 30000 元", "100 超过 30000 元"]
    told = json.loads(run("show", "jia", "--policies", str(folder), "--as-of", "2026-06-01", "--format", "json").out)
    keys = [one["key"]["savings"] for one in told["parameters"]["grant"]["values"] if "csv" in one["file"]]
    assert keys == ["<=10000", ">10000..30000", ">30000"]


def test_the_only_table_needs_no_name(run: Run, folder: Path) -> None:
    policy = (folder / "province.yaml").read_text("utf-8")
    opened = re.sub(r"(?m)^  set: \{rate.*$", "  set: {per_child: any}", policy)
    (folder / "province.yaml").write_text(opened, "utf-8")
    city = (folder / JIA).read_text("utf-8")
    (folder / JIA).write_text(city[: city.index("set:\n")], "utf-8")
    path = folder.parent / "t.csv"
    path.write_text("子女数,子女补贴（元）\n1-2人,100\n3人及以上,150\n", "utf-8")
    ran = run("new", "values", "jia", str(path), "--policies", str(folder), "--from", "2026-01-01", "--document", "x")
    assert ran.status == ANSWERED, ran.err


# ---- workbooks


def test_a_workbook_with_merged_cells_and_percentages(run: Run, folder: Path) -> None:
    table: Sequence[Row] = [
        ("甲市缴费率", None, None),
        ("级数", "家庭收入", "缴费率"),
        (1, "不超过36000元的", 0.03),
        (2, "超过36000元至144000元的部分", 0.1),
        (3, "超过144000元的部分", 0.2),
        ("注：自2026年起施行", None, None),
    ]
    path = folder.parent / "t.xlsx"
    path.write_bytes(workbook(table, ("A1:C1", "A6:C6")))
    book = load_workbook(path)
    sheet = book["标准"]
    for cell in ("C3", "C4", "C5"):
        sheet[cell].number_format = "0%"
    book.save(path)
    ran = take(run, folder, path.read_bytes(), "rate", name="t.xlsx")
    assert ran.status == ANSWERED, ran.err
    assert made(folder) == "家庭收入（元）,缴费率\n<=36000,3%\n>36000..144000,10%\n>144000,20%\n"
    sheet["C4"].number_format = "0"
    sheet["B5"].font = Font(strike=True)
    book.save(path)
    ran = take(run, folder, path.read_bytes(), "rate", name="t.xlsx")
    assert rows(ran) == [("t.xlsx:标准!C4", "cell-shown"), ("t.xlsx:标准!B5", "cell-struck")]


def test_two_rows_of_headings(run: Run, folder: Path) -> None:
    table: Sequence[Row] = [
        ("人均月收入", "房租补贴（元/月）", None),
        (None, "城市", "农村"),
        ("不满800", 600, 300),
        ("800以上", 500, 0),
    ]
    ran = take(run, folder, workbook(table, ("A1:A2", "B1:C1")), "housing", name="t.xlsx")
    assert ran.status == ANSWERED, ran.err
    assert made(folder).splitlines()[1:] == ["<800,600,300", "800..,500,0"]


def test_the_sheet_that_holds_the_table(run: Run, folder: Path) -> None:
    table: Sequence[Row] = [("年份", "人均可支配收入（元/人/年）"), (2024, 41000.0), (2025, "42,000元")]
    year = ("--column", "年份=income_year")
    ran = take(run, folder, workbook(table, others=["副本"]), "of_year", *year, name="t.xlsx")
    assert ran.status == MISUSE
    assert "用 --sheet 指明：标准、副本" in ran.err
    ran = take(run, folder, workbook(table, others=["副本"]), "of_year", *year, "--sheet", "副本", name="t.xlsx")
    assert ran.status == ANSWERED, ran.err
    assert made(folder).splitlines()[1:] == ["2024,41000", "2025,42000"]


# ---- what is wrong is told at the bureau's own cell, and nothing is written


@pytest.mark.parametrize(
    ("parameter", "table", "faults"),
    [
        # the same as the check of the policy tells
        (
            "rate",
            "家庭收入,缴费率\n36000元以下,3%\n36000至144000元,10%\n超过144000元,20%\n",
            [("t.csv:3:1", "amounts-overlap")],
        ),
        (
            "rate",
            "家庭收入,缴费率\n36000元以下,3%\n超过36000至144000元,10%\n超过150000元,20%\n",
            [("t.csv:4:1", "amounts-gap")],
        ),
        ("rate", "家庭收入,缴费率\n36000元以下,3%\n超过36000至144000元,10%\n", [("t.csv:3:1", "amounts-gap")]),
        ("rate", "家庭收入,缴费率\n36000元以下,3%\n36000元以下,3%\n超过36000元,10%\n", [("t.csv:3:10", "key-twice")]),
        ("rate", "家庭收入,缴费率\n36000元以下,31%\n超过36000元,10%\n", [("t.csv:2:10", "outside-guard")]),
        ("per_child", "子女数,子女补贴（元）\n1人,100\n3人及以上,150\n", [("t.csv:1:1", "range-gap")]),
        ("per_child", "子女数,子女补贴（元）\n1-3人,100\n3人及以上,150\n", [("t.csv:3:7", "key-twice")]),
        ("grant", "存款,补助（元）\n5000以下,约300\n超过5000,100\n", [("t.csv:2:8", "bad-amount")]),
        # what cannot be read
        (
            "rate",
            "家庭收入,缴费率（%）\n0-36000,3\n36000-144000,10\n144000以上,20\n",
            [("t.csv:2:1", "boundary-open"), ("t.csv:3:1", "boundary-open")],
        ),
        ("rate", "家庭收入,缴费率\n低收入,3%\n超过36000元,10%\n", [("t.csv:2:1", "bad-amounts")]),
        ("per_child", "子女数,子女补贴（元）\n不多,100\n3人及以上,150\n", [("t.csv:2:1", "bad-range")]),
        ("by_kind", "家庭类别,定额（元）\n中户,100\n大户,150\n", [("t.csv:2:1", "no-such-option")]),
        ("local_grant", "区县,存款,当地补助（元）\n西,1000以下,90\n西县,超过1000,5\n", [("t.csv:2:1", "row-place")]),
        # columns
        ("grant", "甲,补助（元）\n5000以下,300\n超过5000,100\n", [("t.csv:1:1", "key-without-column")]),
        ("grant", "甲,乙\n5000以下,300\n超过5000,100\n", [("t.csv:1:1", "key-without-column")]),
        ("grant", "存款,乙\n5000以下,300\n超过5000,100\n", [("t.csv:1:1", "no-value-columns")]),
        ("grant", "存款,补助\n5000以下,300\n超过5000,100\n", [("t.csv:1:4", "column-lacks-unit")]),
        ("grant", "存款,补助（人）\n5000以下,300\n超过5000,100\n", [("t.csv:1:4", "column-unit")]),
        ("grant", "存款,存款额,补助（元）\n5000以下,1,300\n超过5000,1,100\n", [("t.csv:1:4", "column-twice")]),
        ("grant", "存款,补助（元）,补助（万元）\n5000以下,1,300\n超过5000,1,100\n", [("t.csv:1:10", "column-twice")]),
        (
            "housing",
            "人均月收入,城市（元/月）,城镇（元/月）\n不满800,600,300\n800以上,0,0\n",
            [("t.csv:1:15", "column-not-known")],
        ),
        # values
        ("grant", "存款,补助（元）\n5000以下,300\n,200\n超过5000,100\n", [("t.csv:3:2", "row-lacks-key")]),
        ("rate", "家庭收入,缴费率\n36000以下,3%\n超过36000,10\n", [("t.csv:3:9", "values-mixed")]),
        ("of_year", "上年,人均可支配收入（元/人/年）\n2024,4.1\n2025,4.2\n", [("t.csv:2:6", "cell-far-before")]),
        ("grant", "存款,补助（元）\n", [("t.csv:1:1", "empty-table")]),
    ],
)
def test_a_fault(run: Run, folder: Path, parameter: str, table: str, faults: list[tuple[str, str]]) -> None:
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    ran = take(run, folder, table, parameter)
    assert ran.status == FINDINGS, ran.err
    assert rows(ran) == faults, ran.err
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


def test_the_forms_that_can_be_written_are_told_and_work(run: Run, folder: Path) -> None:
    table = "家庭收入,缴费率（%）\n不超过36000,3\n36000-144000,10\n超过144000,20\n"
    for language, offered in (
        ("zh", ["超过 36000 元至 144000 元", "36000 元以上不满 144000 元", "36000 元至 144000 元"]),
        ("en", ["over 36000 元 to 144000 元", "36000 元 to under 144000 元", "36000 元 to 144000 元"]),
    ):
        told = take(run, folder, table, "rate", "--lang", language).err
        assert [one for one in re.findall("`([^`]+)`", told) if "元" in one and one != "36000-144000"] == offered
        again = take(run, folder, table.replace("36000-144000", offered[0]), "rate", "--dry-run", "--lang", language)
        assert again.status == ANSWERED, again.err


def test_what_the_table_leaves_out_is_told(run: Run, folder: Path) -> None:
    """A county without a row, an option without a value: as of any block, neither is a fault."""
    ran = take(run, folder, "区县,存款,当地补助（元）\n西县,1000以下,90\n西县,超过1000,5\n", "local_grant")
    assert (ran.status, rows(ran)) == (ANSWERED, [("t.csv:1:1", "places-without-row")])
    policy = (folder / "province.yaml").read_text("utf-8")
    bare = policy.replace(", values: {小户: 10, 大户: 20}", "")
    (folder / "province.yaml").write_text(bare, "utf-8")
    city = (folder / JIA).read_text("utf-8").replace("    - {partial: yes, values: {大户: 25}}\n", "")
    (folder / JIA).write_text(city.replace("  by_kind:\n", ""), "utf-8")
    ran = take(run, folder, "家庭类别,定额（元）\n小户,12\n", "by_kind")
    assert (ran.status, rows(ran)) == (ANSWERED, [("t.csv:1:1", "keys-without-value")])
    assert "大户" in ran.err


def test_only_a_part_of_the_table(run: Run, folder: Path) -> None:
    ran = take(run, folder, "家庭收入,缴费率\n超过20000元至60000元,6%\n", "rate", "--partial")
    assert (ran.status, ran.err) == (ANSWERED, "")
    assert "partial: yes" in (folder / JIA).read_text("utf-8")


@pytest.mark.parametrize(
    ("more", "told"),
    [
        (["--column", "收入=income2"], "可选 rate income"),
        (["--unit", "两"], "不认识单位 两"),
        (["--parameter", "cap"], "不能设定 `cap`"),
    ],
)
def test_misuse(run: Run, folder: Path, more: list[str], told: str) -> None:
    ran = take(run, folder, RATES, "rate", *more)
    assert ran.status == MISUSE
    assert told in ran.err


def test_an_overlay_of_shared_values(run: Run, folder: Path) -> None:
    """What several policies take from one document is taken in the same way."""
    for path in (folder / "province.yaml", folder / JIA):
        path.unlink()
    shutil.rmtree(folder / "cases")
    head = 'format: 1\nvalues: tables\ntitle: 共用的数值\njurisdiction: "90"\nfrom: 2022-01-01\nterritory: places.csv\n'
    (folder / "tables.yaml").write_text(
        f"{head}document: 测〔2022〕1号\nkeys: {{savings: {{label: 存款, unit: 元}}}}\nlocal: {{set: {{grant: any}}}}\n"
        "parameters: {grant: {label: 补助, unit: 元/月, by: [savings]}}\n",
        "utf-8",
    )
    (folder / JIA).write_text(
        'format: 1\noverlay: jia\ntitle: 甲市\namends: tables\njurisdiction: "9001"\nfrom: 2023-01-01\ndocument: x\n',
        "utf-8",
    )
    ran = take(run, folder, "存款（万元）,补助（元/月）\n不超过1,300\n超过1至3.5,200\n超过3.5,100\n", "grant")
    assert ran.status == ANSWERED, ran.err
    assert made(folder) == "存款（元）,补助（元/月）\n<=10000,300\n>10000..35000,200\n>35000,100\n"
