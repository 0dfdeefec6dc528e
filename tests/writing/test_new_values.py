"""`new values`: a bureau's table taken over, in whatever form bureaus keep it; nothing guessed or half written."""

from __future__ import annotations

import builtins
from pathlib import Path

import pytest

from engine.cli.status import ANSWERED, FINDINGS, MISUSE
from engine.diagnostics import MOST_ALIKE, Reporter
from engine.language.units import parse_unit
from engine.policy.loader import read_library
from engine.policy.slices import Slices
from engine.source import Source, Span
from engine.tree import Scalar
from engine.writing.amounts import fitting_unit, read_amount, unit_in
from tests.cli.running import Ran, Run
from tests.writing.workbooks import MERGED, TITLED, Row, workbook

TAKEN = """\
区划代码,区县,城市（元/人·月）,农村（元/人·年）
140105,小店区,800,9600
140106,迎泽区,800,9600
140107,杏花岭区,800,9600
140108,尖草坪区,800,9600
140109,万柏林区,800,9600
140110,晋源区,1235.10,
140121,清徐县,780,8760
140122,阳曲县,780,
140123,娄烦县,780,8760.50
140181,古交市,780,8760
"""
BLOCK = """\
    - from: 2026-01-01
      published: 2025-12-30
      document: 并民发〔2026〕1号
      source: "https://example.org/a?b=1"
      grade: A
      table: standards/taiyuan-2026.csv
      columns:
        区划代码: county
        城市（元/人·月）: {residence: urban, unit: 元/人/月}
        农村（元/人·年）: {residence: rural, unit: 元/人/年}
"""
NOTICE = (
    "--document", "并民发〔2026〕1号", "--published", "2025-12-30", "--source", "https://example.org/a?b=1",
    "--grade", "A",
)  # fmt: skip


def take(run: Run, province: Path, place: str, table: Path | str, *more: str, start: str = "2026-01-01") -> Ran:
    return run("new", "values", place, str(table), "--policies", str(province), "--from", start, *more)


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "标准.xlsx"
    path.write_bytes(workbook(TITLED, MERGED))
    return path


def sound(province: Path) -> bool:
    return not Slices(read_library([province])).check_all(None).has_errors


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_a_workbook(run: Run, province: Path, table: Path, ends: str) -> None:
    city = province / "cities" / "taiyuan.yaml"
    before = city.read_text(encoding="utf-8").replace("\n", ends)
    city.write_bytes(before.encode())
    ran = take(run, province, "太原市", table, *NOTICE)
    assert ran.status == ANSWERED, ran.err
    assert "10 个县（市、区），18 个数值" in ran.out
    assert "标准.xlsx:标准!D4: info unit-per-one" in ran.err, "元/年 was read per person, and that is said"
    assert (province / "standards" / "taiyuan-2026.csv").read_text(encoding="utf-8") == TAKEN
    assert city.read_bytes() == (before + BLOCK.replace("\n", ends)).encode()
    assert sound(province)


def test_the_same_from_csv_in_either_encoding(run: Run, province: Path, tmp_path: Path) -> None:
    rows = [",".join("" if cell is None else f'"{cell}"' for cell in row) for row in TITLED]
    for number, encoding in enumerate(("utf-8-sig", "gb18030")):
        path = tmp_path / f"{encoding}.csv"
        path.write_bytes("\r\n".join(rows).encode(encoding))
        year = 2026 + number
        ran = take(run, province, "1401", path, "--document", "x", "--unit", "元/人/年", start=f"{year}-01-01")
        assert ran.status == ANSWERED, ran.err
        made = (province / "standards" / f"taiyuan-{year}.csv").read_text(encoding="utf-8")
        assert made == TAKEN


def test_a_table_by_codes_alone(run: Run, province: Path, tmp_path: Path) -> None:
    rows: list[Row] = [("代码", "城市 元/人/月", "农村 元/人/月"), (140105, 800, 700), (140106.0, "800", 700)]
    path = tmp_path / "t.xlsx"
    path.write_bytes(workbook(rows))
    ran = take(run, province, "taiyuan", path, "--document", "x", "--partial", start="2026-07-01")
    assert ran.status == ANSWERED, ran.err
    made = (province / "standards" / "taiyuan-2026.csv").read_text(encoding="utf-8")
    assert made == "区划代码,区县,城市（元/人·月）,农村（元/人·月）\n140105,小店区,800,700\n140106,迎泽区,800,700\n"
    assert "      partial: yes\n" in (province / "cities" / "taiyuan.yaml").read_text(encoding="utf-8")


# ---- where the block goes


def small(tmp_path: Path, counties: str) -> Path:
    path = tmp_path / "s.csv"
    path.write_text("区县,城市（元/人·月）\n" + "".join(f"{one},700\n" for one in counties.split()), encoding="utf-8")
    return path


YANGQUAN = "城区 矿区 郊区 平定县 盂县"


def test_a_note_that_nothing_was_found_goes(run: Run, province: Path, tmp_path: Path) -> None:
    city = province / "cities" / "yangquan.yaml"
    before = city.read_text(encoding="utf-8")
    assert take(run, province, "阳泉市", small(tmp_path, YANGQUAN), "--document", "x").status == ANSWERED
    after = city.read_text(encoding="utf-8")
    assert after.startswith(before[: before.index("not_found:")])
    assert after[before.index("not_found:") :].startswith("set:\n  dibao_standard:\n    - from: 2026-01-01\n")
    assert sound(province)


def test_a_note_among_others(run: Run, province: Path, tmp_path: Path) -> None:
    """Only its own line goes; comments and the other note stay."""
    city = province / "cities" / "yangquan.yaml"
    root = province / "shanxi_2022_60.yaml"
    declared = "parameters:\n  other:\n    label: 另一项\n    unit: 元\n    by: [county]\n    cites: 二\n"
    root.write_text(root.read_text(encoding="utf-8").replace("parameters:\n", declared, 1), encoding="utf-8")
    text = city.read_text(encoding="utf-8")
    notes = "not_found:\n  # 一\n  other: 没有  # 二\n  dibao_standard: 没有\n\nset:\n"
    rest = "  asset_months: 24 月  # 三\nfrom: 2023-01-01\n"
    city.write_text(text[: text.index("not_found:")] + notes + rest, encoding="utf-8")
    assert take(run, province, "yangquan", small(tmp_path, YANGQUAN), "--document", "x").status == ANSWERED
    after = city.read_text(encoding="utf-8")[text.index("not_found:") :]
    block = "  dibao_standard:\n    - from: 2026-01-01\n      document: x\n      table: standards/yangquan-2026.csv\n"
    columns = "      columns:\n        区划代码: county\n        城市（元/人·月）: {residence: urban, unit: 元/人/月}\n"
    assert after == f"not_found:\n  # 一\n  other: 没有  # 二\n\nset:\n{block}{columns}{rest}"


def test_blocks_stand_in_the_order_of_their_days(run: Run, province: Path, table: Path) -> None:
    city = province / "cities" / "datong.yaml"
    rows: list[Row] = [("区县", "城市（元/人·月）"), ("平城区", 600)]
    table.write_bytes(workbook(rows))
    for start in ("2024-01-01", "2020-01-01", "2026-01-01"):
        ran = take(run, province, "datong", table, "--document", "x", "--partial", start=start)
        assert ran.status == ANSWERED, ran.err
    text = city.read_text(encoding="utf-8")
    days = [line.split(": ")[1] for line in text.splitlines() if line.startswith("    - from: ")]
    assert days == ["2020-01-01", "2021-01-01", "2023-01-01", "2024-01-01", "2025-01-01", "2026-01-01"]
    assert sound(province)


def test_a_new_city_is_filled(run: Run, province: Path, table: Path) -> None:
    (province / "cities" / "taiyuan.yaml").unlink()
    assert run("new", "city", "太原市", "--policies", str(province)).status == ANSWERED
    ran = take(run, province, "太原市", table, "--document", "x")
    assert ran.status == ANSWERED, ran.err
    text = (province / "cities" / "city_1401.yaml").read_text(encoding="utf-8")
    assert "\nnot_found:" not in text
    assert "\nset:\n  dibao_standard:\n    - from: 2026-01-01\n" in text
    assert sound(province)


# ---- what is refused, with nothing written


def untouched(province: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in sorted(province.rglob("*")) if path.is_file()}


def test_every_fault_at_its_cell(run: Run, province: Path, tmp_path: Path) -> None:
    rows: list[Row] = [
        ("区县", "城市（元/人·月）", "农村（元/人·年）"),
        ("小店区", 760.005, 0),
        ("迎泽去", 1, 2),
        ("杏花岭区", "七百", "9000元/月"),
        ("娄烦县", -5, "=1+1"),
        ("小店区", 1, 2),
    ]
    path, before = tmp_path / "t.xlsx", untouched(province)
    path.write_bytes(workbook(rows))
    ran = take(run, province, "taiyuan", path, "--document", "x")
    assert ran.status == FINDINGS
    told = [line.split(":标准!")[1].partition(": error ")[::2] for line in ran.err.splitlines() if ": error " in line]
    assert [(place, rest.partition(":")[0]) for place, rest in told] == [
        ("B2", "cell-not-cents"), ("C2", "cell-zero"), ("A3", "row-place"), ("B4", "cell-amount"),
        ("C4", "cell-unit"), ("B5", "cell-amount"), ("C5", "cell-formula"), ("A6", "row-twice"),
    ]  # fmt: skip
    assert "是不是想写 `迎泽区`" in ran.err
    assert untouched(province) == before


@pytest.mark.parametrize(
    ("place", "more", "told"),
    [
        ("太原市", [], "要写文号 --document"),
        ("太原市", ["--document", "x", "--parameter", "asset_months"], "不能设定 `asset_months`"),
        ("太原市", ["--document", "x", "--column", "城市=town"], "可选 urban rural"),
        ("太原市", ["--document", "x", "--unit", "两"], "不认识单位 两"),
        ("太原市", ["--document", "x", "--sheet", "别的"], "没有工作表 别的，有 标准、副本"),
        ("太原市", ["--document", "x"], "用 --sheet 指明：标准、副本"),
        ("潞州区", ["--document", "x"], "doudi new city 140403"),
        ("火星", ["--document", "x"], "没有名为 火星"),
    ],
)
def test_misuse(run: Run, province: Path, table: Path, place: str, more: list[str], told: str) -> None:
    table.write_bytes(workbook(TITLED, MERGED, others=["副本"]))
    before = untouched(province)
    ran = take(run, province, place, table, *more)
    assert ran.status == MISUSE
    assert told in ran.err, ran.err
    assert untouched(province) == before


def test_a_day_that_has_a_block(run: Run, province: Path, table: Path) -> None:
    ran = take(run, province, "taiyuan", table, "--document", "x", start="2023-01-01")
    assert ran.status == MISUSE
    assert "已经有一段从 2023-01-01 起施行" in ran.err
    # a partial block beside a full one holds; two of them from one day do not
    assert take(run, province, "taiyuan", table, "--document", "x", "--partial", start="2023-01-01").status == ANSWERED
    before = untouched(province)
    ran = take(run, province, "taiyuan", table, "--document", "x", "--partial", start="2023-01-01")
    assert ran.status != ANSWERED
    assert untouched(province) == before


def test_a_dry_run_writes_nothing(run: Run, province: Path, table: Path) -> None:
    before = untouched(province)
    ran = take(run, province, "taiyuan", table, *NOTICE, "--dry-run")
    assert ran.status == ANSWERED
    assert ran.out.startswith(TAKEN)
    assert "+    - from: 2026-01-01" in ran.out
    assert untouched(province) == before


def test_a_table_of_another_kind(run: Run, province: Path, tmp_path: Path) -> None:
    for name, data, status, told in (
        ("t.xls", b"x", FINDINGS, "另存为 .xlsx"),
        ("t.xlsx", b"x", FINDINGS, "bad-workbook"),
        ("t.xlsx", b"PK\x05\x06" + bytes(18), FINDINGS, "bad-workbook"),
        ("t.csv", b"\xff\xff\xff", FINDINGS, "not-text"),
        ("t.csv", b"", FINDINGS, "empty-table"),
        ("t.csv", "地方,数\n甲,1\n".encode(), FINDINGS, "no-places-found"),
    ):
        path = tmp_path / name
        path.write_bytes(data)
        ran = take(run, province, "taiyuan", path, "--document", "x")
        assert ran.status == status, (name, ran.err)
        assert told in ran.err


def test_without_the_extra(run: Run, province: Path, table: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without(name: str, *more: object) -> object:
        if name.startswith("python_calamine"):
            raise ImportError(name)
        return real(name, *more)  # type: ignore[arg-type]  # passed on as they came

    monkeypatch.setattr(builtins, "__import__", without)
    ran = take(run, province, "taiyuan", table, "--document", "x")
    assert ran.status == FINDINGS
    assert "error excel-not-installed" in ran.err
    assert "pip install '.[excel]'" in ran.err


# ---- cells and headers


def cell_of(text: str) -> Scalar:
    return Scalar(Span(Source("t", text), 0, len(text)), text)


@pytest.mark.parametrize(
    ("header", "unit"),
    [
        ("城市（元/人·月）", "元/人/月"),
        ("城市(元／人、月)", "元/人/月"),
        ("城市低保标准（元/人月）", "元/人/月"),
        ("城市 元/月·人", "元/月/人"),
        ("农村（元/年）", "元/年"),
        ("农村（元每人每年）", "元/人/年"),
        ("农村标准（万元/人·年）", "万元/人/年"),
        ("单位：元/人.月", "元/人/月"),
        ("城市（2026年）（元/月）", "元/月"),
        ("城市（新）", ""),
        ("城市", ""),
        ("标准（元/月，含取暖费）", ""),
        ("月", ""),
    ],
)
def test_units_in_headers(header: str, unit: str) -> None:
    assert unit_in(header) == unit


def test_units_that_fit() -> None:
    wanted = parse_unit("元/人/月")
    assert wanted is not None
    assert fitting_unit("元/人/年", wanted) == ("元/人/年", False)
    assert fitting_unit("元/月", wanted) == ("元/人/月", True)
    assert fitting_unit("元", wanted) == ("", False)
    assert fitting_unit("元/户/月", wanted) == ("", False)


@pytest.mark.parametrize(
    ("cell", "amount"),
    [
        ("760", "760"), ("760.5", "760.50"), ("７６０．５０元", "760.50"), ("1,235.10", "1235.10"),
        ("760元/人·月", "760"), ("", ""), ("—", ""), ("未公布", ""), ("760元/年", None), ("12,35", None),
        ("7 60", "760"), ("0", None), ("-1", None), ("1e3", None), ("#REF!", None), ("99999999999", None),
        ("760.00000001", "760"), ("760.0001", None),
    ],
)  # fmt: skip
def test_amounts(cell: str, amount: str | None) -> None:
    assert read_amount(cell_of(cell), "元/人/月", Reporter()) == amount


@pytest.mark.parametrize(("number", "amount"), [("1235.1000000000001", "1235.10"), ("1235.10001", None), ("NaN", None)])
def test_doubles(number: str, amount: str | None) -> None:
    assert read_amount(cell_of(number), "元/人/月", Reporter()) == amount


def test_a_date_in_a_cell_is_no_amount() -> None:
    assert read_amount(cell_of("2026-01-01"), "元/人/月", Reporter()) is None


# ---- tables as bureaus lay them out

COUNTIES = ("小店区", "迎泽区", "杏花岭区", "尖草坪区", "万柏林区", "晋源区", "清徐县", "阳曲县", "娄烦县", "古交市")
BOTH = "区划代码,区县,城市（元/人·月）,农村（元/人·月）"


def taken(run: Run, province: Path, tmp_path: Path, rows: list[str], *more: str) -> tuple[list[str], str]:
    """The lines of the table that was made of a CSV, and what was said."""
    path = tmp_path / "t.csv"
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    ran = take(run, province, "taiyuan", path, "--document", "x", *more)
    made = province / "standards" / "taiyuan-2026.csv"
    return (made.read_text(encoding="utf-8").splitlines() if ran.status == ANSWERED else []), ran.err


def test_month_and_year_side_by_side(run: Run, province: Path, tmp_path: Path) -> None:
    """The year's sum was published where the month's figure is rounded from it."""
    head = "县（市、区）,城市月标准（元）,城市年标准（元）,农村月标准（元）,农村年标准（元）"
    rows = [f"{one},800,9600,473.17,5678" for one in COUNTIES]
    lines, err = taken(run, province, tmp_path, [head, *rows])
    assert lines[:2] == ["区划代码,区县,城市（元/人·月）,农村（元/人·年）", "140105,小店区,800,5678"], err
    assert len(lines) == 11


@pytest.mark.parametrize(("pair", "place"), [("800,9000", "t.csv:3:9"), ("800,", "t.csv:3:5"), (",9600", "t.csv:3:6")])
def test_month_and_year_that_do_not_agree(run: Run, province: Path, tmp_path: Path, pair: str, place: str) -> None:
    rows = ["区县,城市（元/月）,城市（元/年）", "小店区,800,9600", f"迎泽区,{pair}"]
    lines, err = taken(run, province, tmp_path, rows)
    assert not lines
    assert f"{place}: error columns-disagree" in err


def test_a_column_of_kinds(run: Run, province: Path, tmp_path: Path) -> None:
    """Whole, or with the county only in the first of its rows, as a merged cell is saved."""
    for number, second in enumerate(("{0}", "")):
        rows = ["县区,城乡类别,标准（元/人·月）"]
        for one in COUNTIES:
            rows += [f"{one},城市,800", f"{second.format(one)},农村,700"]
        (province / "standards" / "taiyuan-2026.csv").unlink(missing_ok=True)
        path = tmp_path / f"{number}.csv"
        path.write_text("\n".join(rows), encoding="utf-8")
        ran = take(run, province, "taiyuan", path, "--document", "x", "--dry-run")
        assert ran.status == ANSWERED, ran.err
        assert ran.out.splitlines()[:3] == [BOTH, "140105,小店区,800,700", "140106,迎泽区,800,700"]


def test_a_kind_twice_for_a_county(run: Run, province: Path, tmp_path: Path) -> None:
    rows = ["县区,类别,标准（元/人·月）", "小店区,城市,800", ",农村,700", ",城市,810"]
    lines, err = taken(run, province, tmp_path, rows)
    assert not lines
    assert "error row-twice" in err


def test_one_column_for_both_kinds(run: Run, province: Path, tmp_path: Path) -> None:
    rows = ["区县,城乡标准（元/人·月）", *(f"{one},800" for one in COUNTIES)]
    lines, err = taken(run, province, tmp_path, rows)
    assert not lines
    assert "column-not-known" in err
    assert "--column 表头=urban,rural" in err
    lines, err = taken(run, province, tmp_path, rows, "--column", "城乡=urban,rural")
    assert lines[:2] == [BOTH, "140105,小店区,800,800"], err


def test_a_row_of_units_names_cut_short_marks_and_notes(run: Run, province: Path, tmp_path: Path) -> None:
    rows = [
        "太原市2026年城乡低保标准一览表,,,,",
        "序号,地区,城市①,农村,备注",
        ",,元/人·月,元/人·年,",
        "一类区,,,,",
        "1,小店,800,9600,",
        "2,太原市迎泽区*,800※,9600,",
        "3,二类区（杏花岭、尖草坪）,800,9600,两区相同",
        "4,万柏林,800,9600,",
        "5,晋源,800,—,",
        "6,清徐,780,8760,",
        "7,阳曲,780,8760,",
        "8,娄烦[1],780,8760,",
        "9,古交,780,8760,",
        "平均,,790,9100,",
        "注：①自2026年1月1日起施行。,,,,",
        "[1] 含开发区,,,,",
    ]
    lines, err = taken(run, province, tmp_path, rows)
    assert lines[:3] == [
        "区划代码,区县,城市（元/人·月）,农村（元/人·年）",
        "140105,小店区,800,9600",
        "140106,迎泽区,800,9600",
    ], err
    assert len(lines) == 11
    assert lines[6] == "140110,晋源区,800,"


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("晋源区,8000", "t.csv:3:5: error cell-far"),
        ("晋源区,80", "t.csv:3:5: error cell-far"),
        ("晋源区,700-800", "t.csv:3:5: error cell-range"),
        ("晋源区,700～800元", "t.csv:3:5: error cell-range"),
        ("晋源区,#VALUE!", "t.csv:3:5: error cell-error"),
        ("高新区,800", "t.csv:3:1: error row-place"),
    ],
)
def test_cells_in_doubt(run: Run, province: Path, tmp_path: Path, row: str, told: str) -> None:
    lines, err = taken(run, province, tmp_path, ["区县,城市（元/人·月）", "小店区,800", row, "迎泽区,790"])
    assert not lines
    assert told in err


def test_of_many_cells_in_doubt_the_rest_is_counted(run: Run, province: Path, tmp_path: Path) -> None:
    unknown = [f"无名{number}区,800" for number in range(MOST_ALIKE + 20)]
    lines, err = taken(run, province, tmp_path, ["区县,城市（元/人·月）", "小店区,800", *unknown])
    assert not lines
    assert err.count("error row-place") == MOST_ALIKE + 1
    assert "还有 20 处同样的问题" in err


def test_a_far_value_that_was_checked(run: Run, province: Path, tmp_path: Path) -> None:
    rows = ["区县,城市（元/人·月）", "小店区,800", "晋源区,8000", "迎泽区,790"]
    lines, err = taken(run, province, tmp_path, rows, "--confirmed", "--partial")
    assert "140110,晋源区,8000" in lines, err


# ---- columns of something else, and a unit that is not the table's


def columns(*headers: str, values: str = "800,700,50,40") -> list[str]:
    return [",".join(("区县", *headers)), *(",".join((one, *values.split(",")[: len(headers)])) for one in COUNTIES)]


OTHERS = [
    ("城市特困标准（元/人·月）", "农村特困标准（元/人·月）"),
    ("城市特困供养标准（元/人·月）", "农村特困供养标准（元/人·月）"),
    ("城市提高幅度（元/人·月）", "农村提高幅度（元/人·月）"),
    ("城市增幅（元/人·月）", "农村增幅（元/人·月）"),
    ("城市补差（元/人·月）", "农村人均补助水平（元/人·月）"),
    ("城市原标准（元/人·月）", "农村原标准（元/人·月）"),
    ("城市上年标准（元/人·月）", "农村上年标准（元/人·月）"),
    ("城市户数", "农村户数"),
    ("城市人数", "农村人数"),
]


@pytest.mark.parametrize("headers", OTHERS)
def test_columns_of_something_else_alone(run: Run, province: Path, tmp_path: Path, headers: tuple[str, str]) -> None:
    lines, err = taken(run, province, tmp_path, columns(*headers), "--unit", "元/人/月")
    assert not lines
    assert "t.csv:1:4: error column-not-known" in err
    assert "表头 `城市" in err
    assert "表头 `农村" in err
    assert "--column" in err
    chosen = [f"{one.partition('（')[0]}={option}" for one, option in zip(headers, ("urban", "rural"), strict=True)]
    more = [part for one in chosen for part in ("--column", one)]
    lines, err = taken(run, province, tmp_path, columns(*headers), "--unit", "元/人/月", *more)
    assert lines[:2] == [BOTH, "140105,小店区,800,700"], err


@pytest.mark.parametrize("headers", OTHERS)
def test_columns_of_something_else_beside(run: Run, province: Path, tmp_path: Path, headers: tuple[str, str]) -> None:
    rows = columns("城市标准（元/人·月）", "农村标准（元/人·月）", *headers)
    lines, err = taken(run, province, tmp_path, rows, "--unit", "元/人/月")
    assert lines[:2] == [BOTH, "140105,小店区,800,700"], err


def test_one_kind_has_only_a_column_of_something_else(run: Run, province: Path, tmp_path: Path) -> None:
    """Left out, its values might be the ones that are lacking."""
    rows = columns("城市标准（元/人·月）", "农村补差（元/人·月）")
    lines, err = taken(run, province, tmp_path, rows)
    assert not lines
    assert "error column-not-known: 表头 `农村补差(元/人·月)`" in err


def test_a_choice_is_of_the_header_that_it_names(run: Run, province: Path, tmp_path: Path) -> None:
    rows = columns("城镇特困标准（元/人·月）", "农村标准（元/人·月）")
    lines, err = taken(run, province, tmp_path, rows, "--column", "城镇=urban")
    assert not lines
    assert "column-not-known" in err


@pytest.mark.parametrize("header", ["提高后标准", "标准（提高后）", "标准提高到", "调整后标准"])
def test_what_was_raised_is_the_standard(run: Run, province: Path, tmp_path: Path, header: str) -> None:
    rows = columns(f"城市{header}（元/人·月）", f"农村{header}（元/人·月）")
    lines, err = taken(run, province, tmp_path, rows)
    assert lines[:2] == [BOTH, "140105,小店区,800,700"], err


def test_a_column_of_something_else_where_rows_say_the_kind(run: Run, province: Path, tmp_path: Path) -> None:
    rows = ["县区,类别,标准（元/人·月）,提高幅度（元/人·月）"]
    for one in COUNTIES:
        rows += [f"{one},城市,800,40", f"{one},农村,700,30"]
    lines, err = taken(run, province, tmp_path, rows)
    assert lines[:2] == [BOTH, "140105,小店区,800,700"], err
    (province / "standards" / "taiyuan-2026.csv").unlink()
    alone = [row.replace("标准（元/人·月）,", "").replace(",800,", ",").replace(",700,", ",") for row in rows]
    lines, err = taken(run, province, tmp_path, alone)
    assert not lines
    assert "error column-not-known" in err


@pytest.mark.parametrize(
    ("values", "unit", "told"),
    [
        ("9600,9600", "元/人/月", "t.csv:2:5: error cell-far-before: `9600` 与上一次的 760 元/人/月"),
        ("800,700", "元/人/年", "t.csv:2:5: error cell-far-before: `800` 与上一次的 760 元/人/月"),
    ],
)
def test_the_unit_of_another_period(
    run: Run, province: Path, tmp_path: Path, values: str, unit: str, told: str
) -> None:
    """All of its values agree with each other; the last ones show it."""
    rows = columns("城市", "农村", values=values)
    lines, err = taken(run, province, tmp_path, rows, "--unit", unit)
    assert not lines
    assert told in err
    assert "--confirmed" in err
    lines, err = taken(run, province, tmp_path, rows, "--unit", unit, "--confirmed")
    assert len(lines) == 11, err
