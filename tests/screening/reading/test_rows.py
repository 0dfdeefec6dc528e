"""What becomes of single cells and rows: read, unknown, or refused with row, field and code."""

from __future__ import annotations

from pathlib import Path

import pytest
import xlsxwriter

import engine
from engine.screening.reading.source import open_source
from tests.screening.reading.forms import households_of, parts_of, refusals

POLICIES = engine.load()
HEAD = "家庭编号,申请日期,行政区划代码,城乡类别,提出申请前12个月家庭收入"
MEMBERS = "家庭编号,身份证号,姓名,疾病尚未痊愈，仍需治疗,医疗总费用"


def _csv(folder: Path, own: str, members: str = "", *, head: str = HEAD, inner: str = MEMBERS) -> list[Path]:
    (folder / "家庭.csv").write_text(f"{head}\n{own}", encoding="utf-8")
    inner = inner.replace("痊愈，仍", "痊愈，仍")
    (folder / "成员.csv").write_text(f"{inner}\n{members}", encoding="utf-8")
    return [folder / "家庭.csv", folder / "成员.csv"]


def _one(folder: Path, own: str, members: str = "H1,1,张三,是,1\n", **heads: str) -> dict[str, object]:
    [found] = households_of(open_source(_csv(folder, own, members, **heads), POLICIES))
    return found


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2023-06-15", "2023-06-15"),
        ("2023/6/5", "2023-06-05"),
        ("2023年6月5日", "2023-06-05"),
        ("2023/6/5 0:00", "2023-06-05"),
        ("2023-02-30", "2023-02-30"),
        ("45078", "45078"),
    ],
)
def test_days(written: str, read: str, tmp_path: Path) -> None:
    assert _one(tmp_path, f"H1,{written},140105,城市,1\n")["application_date"] == read


@pytest.mark.parametrize(
    ("written", "read"), [("城市", "urban"), ("urban", "urban"), (" 农村\t", "rural"), ("", None), ("镇", "镇")]
)
def test_options(written: str, read: str | None, tmp_path: Path) -> None:
    assert _one(tmp_path, f"H1,2023-06-15,140105,{written},1\n")["residence"] == read


@pytest.mark.parametrize(
    ("written", "read"),
    [("是", True), ("否", False), ("TRUE", True), ("false", False), ("1", True), ("0", False), ("", None)],
)
def test_truths(written: str, read: bool | None, tmp_path: Path) -> None:
    found = _one(tmp_path, "H1,2023-06-15,140105,城市,1\n", f"H1,1,张三,{written},1\n")
    assert found["members"] == [{"id": "1", "name": "张三", "treatment_ongoing": read, "medical_gross": "1"}]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("1234.50", "1234.50"),
        (" 12 ", "12"),
        ('"1,234"', "1,234"),
        ("1e3", "1e3"),
        ("", None),
        ("'12", "12"),
        ('"=""12"""', "12"),
        ("\u3000", None),
    ],
)
def test_amounts_stay_the_text_that_they_are(written: str, read: str | None, tmp_path: Path) -> None:
    """What is no amount is refused where the household is read, in the words of every household."""
    assert _one(tmp_path, f"H1,2023-06-15,140105,城市,{written}\n")["income_12m"] == read


@pytest.mark.parametrize(
    ("head", "written", "read"),
    [
        ("（万元）", "1.25", "12500"),
        ("(分)", "1234", "12.34"),
        ("（元）", "5", "5"),
        ("（ 万元 ）", "x", "x"),
        ("（万元）", "0", "0"),
    ],
)
def test_a_header_states_the_unit(head: str, written: str, read: str, tmp_path: Path) -> None:
    assert _one(tmp_path, f"H1,2023-06-15,140105,城市,{written}\n", head=HEAD + head)["income_12m"] == read


@pytest.mark.parametrize(
    "head",
    [
        "家庭编号,申请时间,区划代码,城乡类别,提出申请前12个月家庭收入",
        "户主身份证号,申请日期,行政区划代码, 城 乡 类 别 ,提出申请前１２个月家庭收入",
        "id,application_date,county,residence,income_12m",
        "ID,Application_Date,COUNTY,residence,家庭收入",
    ],
)
def test_headers(head: str, tmp_path: Path) -> None:
    inner = MEMBERS.replace("家庭编号", head.split(",")[0] if "户主" in head else "家庭编号")
    found = _one(tmp_path, "H1,2023-06-15,140105,城市,1\n", head=head, inner=inner)
    assert (found["id"], found["residence"], found["income_12m"]) == ("H1", "urban", "1")


def test_titles_may_stand_over_the_header_and_blank_lines_anywhere(tmp_path: Path) -> None:
    own = "\nH1,2023-06-15,140105,城市,1\n,,,,\n\nH2,2023-06-15,140105,城市,2\n"
    files = _csv(tmp_path, own, "H1,1,张三,是,1\nH2,1,张三,是,1\n", head=f"某县某局\n\n{HEAD}")
    [part] = parts_of(open_source(files, POLICIES))
    assert part.batch.column("id").to_pylist() == ["H1", "H2"]
    assert part.rows.to_pylist() == [5, 8]


def test_rows_that_cannot_become_a_household(tmp_path: Path) -> None:
    own = (
        "H1,2023-06-15,140105,城市,1\n"
        "H2,2023-06-15,140105,城市,1\n"
        "H3,2023-06-15,140105,城市,1,多了\n"
        "H4,2023-06-15,140105,城市,1\n"
        "H4,2023-06-15,140105,城市,2\n"
        "1.4E+17,2023-06-15,140105,城市,2\n"
        ",2023-06-15,140105,城市,2\n"
        "H6,2023-06-15,140105,城市,1\n"
        "H7,2023-06-15,140105,城市,1\n"
    )
    members = (
        "H1,1,张三,是,1\nH2,1,张三,也许,1\nH2,2,张三,是,1\nH4,1,张三,是,1\nH5,1,张三,是,1\n,1,张三,是,1\nH6,1,张三,是\n"
    )
    files = _csv(tmp_path, own, members)
    expected = [
        ("家庭.csv", 4, None, "", "row-cells"),
        ("家庭.csv", 5, "H4", "id", "household-twice"),
        ("家庭.csv", 6, "H4", "id", "household-twice"),
        ("家庭.csv", 7, "1.4E+17", "id", "cell-digits-lost"),
        ("家庭.csv", 8, None, "id", "required-fact"),
        ("家庭.csv", 3, "H2", "id", "item-refused"),
        ("家庭.csv", 9, "H6", "id", "item-refused"),
        ("成员.csv", 3, "H2", "members.treatment_ongoing", "fact-not-yes-no"),
        ("成员.csv", 5, "H4", "members", "household-twice"),
        ("成员.csv", 6, "H5", "members", "item-without-household"),
        ("成员.csv", 7, None, "members", "item-without-id"),
        ("成员.csv", 8, None, "", "row-cells"),
    ]
    for budget in (1 << 30, 1):
        source = open_source(files, POLICIES, budget=budget)
        assert sorted(refusals(source), key=str) == sorted(expected, key=str)
        kept = {one["id"]: one["members"] for one in households_of(source)}
        assert kept.keys() == {"H1", "H7"}
        assert kept["H7"] == []  # the household reader refuses it: a family has at least one member


def test_a_household_that_says_another_number_of_members_is_refused(tmp_path: Path) -> None:
    own = "H1,2023-06-15,140105,城市,1,1\nH2,2023-06-15,140105,城市,1,2\nH3,2023-06-15,140105,城市,1,\n"
    members = "H1,1,张三,是,1\nH2,1,张三,是,1\nH3,1,张三,是,1\n"
    source = open_source(_csv(tmp_path, own, members, head=f"{HEAD},家庭人口数"), POLICIES)
    assert [one["id"] for one in households_of(source)] == ["H1", "H3"]
    assert list(refusals(source)) == [("家庭.csv", 3, "H2", "members", "count-differs")]


def _book(file: Path, own: list[list[object]]) -> Path:
    book = xlsxwriter.Workbook(str(file))
    sheet = book.add_worksheet("家庭")
    rows: list[list[object]] = [list(HEAD.split(",")), *own]
    for at, row in enumerate(rows):
        for column, cell in enumerate(row):
            if isinstance(cell, str) and cell.startswith("="):
                sheet.write_formula(at, column, cell, None, "#DIV/0!" if "/0" in cell else "")
            else:
                sheet.write(at, column, cell)
    members = book.add_worksheet("成员")
    members.write_row(0, 0, ["家庭编号", "身份证号"])
    for at, one in enumerate(own, 1):
        members.write_row(at, 0, [one[0], "1"])
    book.close()
    return file


@pytest.mark.parametrize(
    ("cell", "read"),
    [
        (1234.5, "1234.50"),
        (0.1 + 0.2, "0.30"),
        (1235.1000000000001, "1235.10"),
        (12, "12"),
        (0.005, "0.005"),
        (1e16, "1.000000E+16"),
        ("1234.50", "1234.50"),
        (True, "true"),
        ("=1/0", "#DIV/0!"),
        ("", None),
    ],
)
def test_numbers_of_a_workbook(cell: object, read: str | None, tmp_path: Path) -> None:
    """Whole fen where a double is within a millionth of one; what is none stays, and is refused as an amount."""
    file = _book(tmp_path / "a.xlsx", [["H1", "2023-06-15", "140105", "城市", cell]])
    [found] = households_of(open_source([file], POLICIES))
    assert found["income_12m"] == read


def test_an_identity_number_that_a_workbook_made_a_number_of(tmp_path: Path) -> None:
    rows: list[list[object]] = [
        [140105199001011234.0, "2023-06-15", 140105, "城市", 1],
        [1001, "2023-06-15", 140105, "城市", 1],
        ["=A2", "2023-06-15", 140105, "城市", 1],
    ]
    source = open_source([_book(tmp_path / "a.xlsx", rows)], POLICIES)
    [found] = households_of(source)
    assert (found["id"], found["county"]) == ("1001", "140105")
    assert [one for one in refusals(source) if one[0] == "a.xlsx:家庭"] == [
        ("a.xlsx:家庭", 2, "1.401052E+17", "id", "cell-digits-lost"),
        ("a.xlsx:家庭", 4, "=A2", "id", "cell-without-value"),
    ]
