"""Case tables as Excel and WPS save them: their days, truths, zeros and empty columns; figures to the fen or exact."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from openpyxl import Workbook

from engine.diagnostics import Severity
from tests.policy.bad_policies import CASES
from tests.testing.trying import Tried, tried

FOLDER = CASES / "tables"
HEAD = """\
cases: prov
bases:
  one:
    household:
      {id: A, application_date: 2023-08-01, county: "140105", income: 9000, sick: yes, members: [{id: m1}]}
tests:
"""
COLUMNS = {
    "编号": "id",
    "申请日期": "application_date",
    "县": "county",
    "收入": "income",
    "病": "sick",
    "城乡": "residence",
    "疾病": "ills",
    "截至": "known_on",
    "出生": "members.0.birth",
    "结果": "expect.outcome",
    "人均": "expect.outputs.per_head",
    "三分之一": "expect.outputs.third",
    "恰好": "expect.outputs.third.exact",
    "期限": "expect.outputs.until",
    "类别": "expect.outputs.kind",
    "大病": "expect.outputs.listed",
    "备注": "note",
}


def table(headers: str, file: str = "t.csv", more: str = "") -> str:
    columns = "".join(f"        {one}: {COLUMNS[one]}\n" for one in headers.split(","))
    return f"{HEAD}  t:\n    why: 一\n    base: one\n    table:\n      file: {file}\n{more}      columns:\n{columns}"


def ran(folder: Path, headers: str, *rows: str, **more: str) -> Tried:
    files = {"cases.yaml": table(headers), "t.csv": "\n".join([headers, *rows]) + "\n", **more}
    return tried(folder, files, policies=(FOLDER,))


PASSING = [
    ("申请日期,结果", "2023/8/1,eligible"),
    ("申请日期,结果", "2023-8-1,符合"),
    ("申请日期,结果", "2023年8月1日,符合"),
    ("申请日期,结果", "２０２３/８/１,符合"),
    ("申请日期,结果", "2023-08-01 00:00:00,符合"),
    ("截至,人均", "2023/8/20,750"),
    ("出生,结果", "1980/1/2,符合"),
    ("病,结果", "TRUE,符合"),
    ("病,结果", "FALSE,不符合"),
    ("病,结果", "yes,符合"),
    ("病,结果", "No,不符合"),
    ("病,结果", "否,不符合"),
    ("病,结果", "未知,暂不能认定"),
    ("县,结果", "甲区,符合"),
    ("县,结果", "'140105,符合"),
    ("县,结果", '="140105",符合'),
    ("县,结果", "１４０１０５,符合"),
    ("收入,人均", '"9,000",750'),
    ("收入,人均", "９０００,750"),
    ("收入,人均", "9000.0000000000001,750"),
    ("收入,人均", "4402.8,366.9"),
    ("收入,人均", "4402.8,366.90"),
    ("收入,人均", "4402.8,366.9 元/人/月"),
    ("收入,人均", '14402.8,"1,200.23"'),
    ("收入,三分之一", "1000,27.78"),
    ("收入,恰好", "1000,250/9"),
    ("收入,恰好", "1080,30"),
    ("收入,恰好", "1080,30.00"),
    ("期限,结果", "2024/8/1,符合"),
    ("城乡,类别", "城市,城市"),
    ("城乡,类别", "urban,城市"),
    ("城乡,类别", "城市,urban"),
    ("疾病,大病", "肺癌,是"),
    ("疾病,大病", "感冒 肺癌,TRUE"),
    ("疾病,大病", "感冒、肺癌,是"),
    ("疾病,大病", '"感冒,肺癌",是'),
    ("疾病,大病", "感冒；发烧,否"),
    ("疾病,大病", "无,FALSE"),
    ("疾病,大病", "未知,未知"),
]


@pytest.mark.parametrize(("headers", "row"), PASSING)
def test_cells_as_they_are_saved(headers: str, row: str, tmp_path: Path) -> None:
    found = ran(tmp_path, headers, row)
    assert found.found.passed, (found.told, [result.mismatches for result in found.found.failed])


FAILING = [
    ("收入,人均", "4402.8,366.91", ["366.90"]),
    ("收入,恰好", "1000,27.78", ["250/9"]),
    ("收入,恰好", "1080,30.01", ["30"]),
    ("期限,结果", "2024/8/2,符合", ["2024-08-01"]),
    ("城乡,类别", "城市,农村", ["urban"]),
    ("病,结果", "TRUE,不符合", ["eligible"]),
    ("病,结果", "1,符合", ["refused"]),
    ("申请日期,结果", "2023/8,符合", ["refused"]),
    ("县,结果", "140199,未受理", []),
]


@pytest.mark.parametrize(("headers", "row", "got"), FAILING)
def test_cells_that_say_something_else(headers: str, row: str, got: list[str], tmp_path: Path) -> None:
    found = ran(tmp_path, headers, row)
    assert not found.found.passed
    assert [check.got for result in found.found.failed for check in result.mismatches] == got


@pytest.mark.parametrize(
    ("headers", "rows", "code"),
    [
        ("编号,收入,收入,结果", ["a,9120,9119,eligible"], "header-twice"),
        ("编号,收入,收 入,结果", ["a,9120,9119,eligible"], "header-twice"),
        ("收入,结果", ["=A1,符合"], "cell-formula"),
        ("收入,结果", ["#REF!,符合"], "cell-error"),
        ("收入,结果", ["9000,符合,,x"], "case-unknown-column"),
    ],
)
def test_tables_that_are_refused(headers: str, rows: list[str], code: str, tmp_path: Path) -> None:
    named = ",".join(dict.fromkeys(one.replace(" ", "") for one in headers.split(",")))
    files = {"cases.yaml": table(named), "t.csv": "\n".join([headers, *rows])}
    assert code in tried(tmp_path, files, policies=(FOLDER,)).codes


def test_two_columns_that_are_one(tmp_path: Path) -> None:
    text = table("收入,结果").replace("        结果:", "        另一列: income\n        结果:")
    files = {"cases.yaml": text, "t.csv": "收入,另一列,结果\n9000,9001,符合\n"}
    found = tried(tmp_path, files, policies=(FOLDER,))
    assert "column-twice" in found.codes


def test_empty_columns_and_rows_behind(tmp_path: Path) -> None:
    files = {
        "cases.yaml": table("病,结果,备注"),
        "t.csv": "病,结果,备注,,\nTRUE,符合,,,\n,,,,\nFALSE,不符合,=A1,,\n,,,,\n",
    }
    found = tried(tmp_path, files, policies=(FOLDER,))
    assert found.found.passed, found.told
    assert [case.id for case in found.suite.cases] == ["t[row 1]", "t[row 2]"]


def book(rows: list[list[object]], *more: str, hidden: bool = False) -> bytes:
    made = Workbook()
    sheet = made.active
    assert sheet is not None
    sheet.title = "用例"
    for row in rows:
        sheet.append(row)
    for title in more:
        other = made.create_sheet(title)
        other["A1"] = 1
        other.sheet_state = "hidden" if hidden else "visible"
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


HEADERS = "编号,申请日期,病,收入,结果,人均"
ROWS: list[list[object]] = [
    [*HEADERS.split(",")],
    ["a", "2023/8/1", True, 4402.8, "符合", 366.9],
    ["b", None, False, "9,000", "不符合", 750],
]


@pytest.mark.parametrize(
    ("data", "more", "code"),
    [
        (book(ROWS), "", ""),
        (book(ROWS, "另一张", hidden=True), "", ""),
        (book(ROWS, "另一张"), "", "case-several-sheets"),
        (book(ROWS, "另一张"), "      sheet: 用例\n", ""),
        (book(ROWS, "另一张"), "      sheet: 用列\n", "case-no-such-sheet"),
        (b"\xd0\xcf\x11\xe0" + bytes(600), "", "table-kind"),
        (b"PK", "", "bad-workbook"),
    ],
)
def test_a_workbook_of_cases(data: bytes, more: str, code: str, tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {"cases.yaml": table(HEADERS, "t.xlsx", more), "t.xlsx": data}
    found = tried(tmp_path, files, policies=(FOLDER,))
    assert ([code] if code else []) == [one for one in found.codes if one not in ("no-case-found",)]
    assert found.found.passed is not bool(code), found.told


def test_a_figure_that_excel_made_a_day_of_is_named(tmp_path: Path) -> None:
    """`1000/12` typed into a cell becomes a day; the column of exact figures tells what it found."""
    found = ran(tmp_path, "收入,恰好", "1000,2009/9/1")
    assert [check.expected.value for result in found.found.failed for check in result.mismatches] == ["2009-09-01"]


GIVEN = [
    ("size", "2 人", "人均", "375"),
    ("size", "2", "人均", "375"),
    ("spent", "100 元/月", "三分之一", "100"),
    ("spent", "100", "三分之一", "100"),
    ("spent", "1200 元/年", "三分之一", "100"),
]


@pytest.mark.parametrize(("name", "value", "header", "figure"), GIVEN)
def test_a_term_is_fixed(name: str, value: str, header: str, figure: str, tmp_path: Path) -> None:
    output = COLUMNS[header].removeprefix("expect.outputs.")
    case = f"  t: {{why: 一, base: one, given: {{{name}: {value}}}, expect: {{outputs: {{{output}: {figure}}}}}}}\n"
    found = tried(tmp_path, {"cases.yaml": HEAD + case}, policies=(FOLDER,))
    assert found.found.passed, (found.told, [result.mismatches for result in found.found.failed])


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ("grown: yes", "case-given-item"),
        ("spent: unknown", "case-given-value"),
        ("spent: 是", "bad-amount"),
        ("spent: 100 元", "value-unit"),
        ("spents: 100", "case-unknown-given"),
    ],
)
def test_a_term_that_cannot_be_fixed(given: str, code: str, tmp_path: Path) -> None:
    case = f"  t: {{why: 一, base: one, given: {{{given}}}, expect: {{outcome: 符合}}}}\n"
    assert code in tried(tmp_path, {"cases.yaml": HEAD + case}, policies=(FOLDER,)).codes


@pytest.mark.parametrize(
    ("expect", "passes"),
    [
        ("until: 2024-08-01", True),
        ("until: 2024/8/1", True),
        ("until: 2024-08-02", False),
        ("until: 12", False),
        ("kind: 城市", True),
        ("kind: urban", True),
        ("kind: 农村", False),
        ("listed: 是", True),
    ],
)
def test_outputs_that_are_no_figures(expect: str, passes: bool, tmp_path: Path) -> None:
    case = f"  t: {{why: 一, base: one, change: {{residence: 城市, ills: 肺癌}}, expect: {{outputs: {{{expect}}}}}}}\n"
    found = tried(tmp_path, {"cases.yaml": HEAD + case}, policies=(FOLDER,))
    assert found.found.passed is passes, (found.told, [result.mismatches for result in found.found.failed])
    assert not [one for one in found.found.diagnostics if one.severity is Severity.ERROR]


@pytest.mark.parametrize(("length", "codes"), [(80, []), (81, ["key-too-long", "no-case-found"])])
def test_the_length_of_a_name_is_told(length: int, codes: list[str], tmp_path: Path) -> None:
    case = f"  {'长' * length}: {{why: 一, base: one, expect: {{outcome: 符合}}}}\n"
    found = tried(tmp_path, {"cases.yaml": HEAD + case}, policies=(FOLDER,))
    assert [one for one in found.codes if one in ("key-too-long", "bad-key")] == [one for one in codes if "key" in one]
    assert not codes or ("81" in found.told and "80" in found.told)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("人口 < 标准}", "人口 低 于 标准}", "case-policy-broken cases.yaml:1:8"),
        ("territory: div.csv", "territory: dvi.csv", "case-policy-broken cases.yaml:1:8"),
        (" / 家庭人口 < 标准}", " < 标准}", "unit-mismatch prov.yaml:"),
        (", role: place}", "}", "role-missing prov.yaml:1:1"),
        (", role: as_of}", "}", "role-missing prov.yaml:1:1"),
        (", role: identity}", "}", "role-missing prov.yaml:1:1"),
    ],
)
def test_a_faulty_policy_is_named_and_no_household_blamed(old: str, new: str, told: str, tmp_path: Path) -> None:
    case = "  t: {why: 一, base: one, expect: {outcome: 符合}}\n"
    files: dict[str, str | bytes] = {"cases.yaml": HEAD + case}
    for path in FOLDER.glob("*.*"):
        text = path.read_text(encoding="utf-8")
        files[path.name] = text.replace(old, new, 1) if path.name == "prov.yaml" else text
    found = tried(tmp_path, files, policies=())
    faults = [fault for result in found.found.results for fault in result.faults]
    places = [f"{one.code} {one.place()}" for one in (*found.found.diagnostics, *faults)]
    assert any(one.startswith(told) for one in places), places
    assert not [result for result in found.found.results if result.refusal]


@pytest.mark.parametrize(
    ("ills", "listed"),
    [
        ("[肺癌]", "是"),
        ("[感冒, 肺癌]", "是"),
        ("肺癌", "是"),
        ("感冒 肺癌", "是"),
        ("[]", "否"),
        ("未知", "未知"),
        ('["肺癌"]', "是"),
    ],
)
def test_several_entries_written_out(ills: str, listed: str, tmp_path: Path) -> None:
    """One entry of a sequence is one, whatever stands in it; a text without brackets is parted as a cell is."""
    case = f"  t: {{why: 一, base: one, change: {{ills: {ills}}}, expect: {{outputs: {{listed: {listed}}}}}}}\n"
    found = tried(tmp_path, {"cases.yaml": HEAD + case}, policies=(FOLDER,))
    assert found.found.passed, (found.told, [result.mismatches for result in found.found.failed])
