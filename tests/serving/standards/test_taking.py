"""A year's figures: cells, pasted texts and files make the same block; what it changes; what is wrong, at its cell."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.diagnostics import Reporter, errors_in
from engine.editing.workspace import Snapshot
from engine.policy.csv_table import MAX_TABLE_BYTES
from engine.policy.table_file import read_grids
from engine.say import Say
from engine.serving.standards.changes import Change, changes
from engine.serving.standards.figures import figures
from engine.serving.standards.tables import Cells, cells_of, last_units, pasted, typed, unit_choices
from engine.serving.standards.taking import Place, Preview, place_of, preview, read_grid, read_upload
from engine.serving.standards.told import told
from engine.writing.new_values import Notice, new_values
from engine.writing.refused import Refused
from engine.writing.standards import read_standards
from tests.writing.workbooks import MERGED, TITLED, Row, workbook, workbook_of

SHIPPED = Path(__file__).parents[3] / "policies"
ROOT = "shanxi_2022_60"
PARAMETER = "dibao_standard"
START = date(2026, 1, 1)
NOTICE = Notice(START, "同民发〔2026〕1号")
ZH = Say("zh")
RISEN = {
    "新荣区": (640, 6600), "平城区": (750, 7560), "云冈区": (670, 7680), "云州区": (640, 6540), "阳高县": (640, 6600),
    "天镇县": (640, 6600), "广灵县": (630, 6420), "灵丘县": (640, 6600), "浑源县": (640, 6600), "左云县": (640, 6600),
    "大同经济技术开发区": (760, 7600),
}  # fmt: skip


@cache
def shipped() -> Snapshot:
    return Snapshot.open([SHIPPED])


def datong(snapshot: Snapshot | None = None) -> Place:
    return place_of(snapshot or shipped(), "datong", PARAMETER)


def cells(risen: dict[str, tuple[object, object]] | None = None) -> Cells:
    place = datong()
    by_name = {one.name: one.code for one in place.target.counties}
    amounts = {
        (by_name[name], option): str(amount)
        for name, pair in (risen or dict(RISEN)).items()
        for option, amount in zip(("urban", "rural"), pair, strict=True)
        if amount != ""
    }
    return Cells(last_units(place.target), amounts)


def shown(held: Cells, notice: Notice = NOTICE, *, confirmed: bool = False, again: bool = False) -> Preview:
    return preview(datong(), held, notice, "填写", confirmed=confirmed, again=again)


def of(made: Preview, name: str, option: str) -> Change:
    assert made.changes is not None
    return next(one for one in made.changes.changes if (one.division.name, one.key) == (name, (option,)))


# ---- what is published


def test_the_grid_has_every_county_by_city_with_what_held_in_each_year() -> None:
    codes = [*shipped().library.territory(ROOT)]
    made = figures(shipped(), ROOT, PARAMETER, codes, [2023, 2025], date(2026, 11, 1))
    assert made is not None
    assert [(one.year, one.labels) for one in made.columns] == [
        (2023, ("城市",)), (2023, ("农村",)), (2025, ("城市",)), (2025, ("农村",)),
    ]  # fmt: skip
    city = next(one for one in made.cities if one.name == "大同市")
    line = next(one for one in city.lines if one.division.name == "平城区")
    assert [[held.text for held in cell] for cell in line.cells] == [
        ["720 元/人/月"], ["7260 元/人/年"], ["730 元/人/月"], [],
    ]  # fmt: skip
    source = made.sources[line.cells[0][0].source - 1]
    assert (source.grade, source.start) == ("A", date(2023, 1, 1))


def test_the_years_shown_unasked_are_the_last_few_and_the_present() -> None:
    codes = shipped().library.territory(ROOT).inside("1402")
    made = figures(shipped(), ROOT, PARAMETER, codes, [], date(2026, 11, 1))
    assert made is not None
    assert (made.years, made.shown) == ((2021, 2023, 2025), (2021, 2023, 2025, 2026))
    assert all(held.carried for line in made.cities[0].lines for held in line.cells[-1])
    assert [one.name for one in made.cities] == ["大同市"]


# ---- cells


def test_a_new_year_is_a_table_and_a_block_and_says_what_it_changes() -> None:
    made = shown(cells())
    assert not made.found
    assert made.may_be_written
    assert made.table == SHIPPED / "standards" / "datong-2026.csv"
    assert made.table_text.startswith("区划代码,区县,城市（元/人·月）,农村（元/人·年）\n140212,新荣区,640,6600\n")
    assert "    - from: 2026-01-01\n      document: 同民发〔2026〕1号\n" in made.after
    risen = of(made, "云州区", "urban")
    assert (risen.kind, risen.old, risen.new) == ("changed", "630 元/人/月", "640 元/人/月")
    assert (risen.difference, risen.percent, risen.doubts) == ("+10 元/人/月", "+1.6%", ())
    assert of(made, "平城区", "rural").kind == "new"


def test_what_is_not_given_is_lost_and_said_so_unless_only_some_change() -> None:
    some = cells({"平城区": (750, 7560)})
    made = shown(some)
    assert [one.code for one in made.found] == ["places-without-row"]
    assert of(made, "云州区", "urban").kind == "lost"
    partial = shown(some, Notice(START, "文", partial=True))
    assert not partial.found
    assert of(partial, "云州区", "urban").kind == "same"


@pytest.mark.parametrize(
    ("amount", "doubt"),
    [(620, "fall"), (6300, "far"), (7560, "year-for-month"), (53, "month-for-year"), (900, "rise"), (3500, "far")],
)
def test_what_looks_wrong_is_named(amount: int, doubt: str) -> None:
    risen = {**RISEN, "云州区": (amount, 6540)}
    doubts = of(shown(cells(dict(risen)), confirmed=True), "云州区", "urban").doubts
    expected = "year-for-month" if amount == 6300 else doubt
    assert expected in doubts


def test_a_value_far_off_is_told_at_its_cell_and_written_only_when_confirmed() -> None:
    held = cells({**RISEN, "云州区": (7560, 6540)})
    made = shown(held)
    assert not made.may_be_written
    assert made.changes is not None
    [found] = [one for one in told(made.found, made.grid, ZH) if one.is_error]
    assert (found.code, found.held) == ("cell-far", "7560")
    assert made.grid.rows[found.row - 1][1].text == "云州区"
    assert found.column == "C"
    assert "勾选" in found.help[0]
    assert "--confirmed" not in "".join(found.help)
    assert shown(held, confirmed=True).may_be_written


@pytest.mark.parametrize("typed_text", ["0", "-3", "七百", "1.234", "=A1", "#REF!", "700-800", "1e3", "<b>1</b>"])
def test_what_is_no_standard_is_told_at_its_cell(typed_text: str) -> None:
    made = shown(cells({**RISEN, "阳高县": (typed_text, 6600)}))
    assert not made.may_be_written
    [found] = [one for one in told(made.found, made.grid, ZH) if one.is_error]
    assert (found.held, found.column) == (typed_text, "C")


def test_another_year_than_monthly_is_converted_and_named() -> None:
    held = cells()
    yearly = Cells({**held.units, "urban": "元/人/年"}, {
        key: str(int(amount) * 12) if key[1] == "urban" else amount for key, amount in held.amounts.items()
    })  # fmt: skip
    risen = of(shown(yearly), "云州区", "urban")
    assert (risen.new, risen.difference, risen.doubts) == ("7680 元/人/年", "+10 元/人/月", ("period",))


def test_nothing_is_no_table() -> None:
    with pytest.raises(Refused):
        shown(Cells({}, {}))


def test_a_block_of_the_same_day_is_refused_and_may_be_written_again() -> None:
    same = Notice(date(2025, 1, 1), "更正")
    with pytest.raises(Refused):
        shown(cells(), same)
    made = shown(cells(), same, again=True)
    assert made.table is not None
    assert made.table.name == "datong-2025.csv"
    assert made.old_table is not None
    assert made.after.count("from: 2025-01-01") == 1
    assert made.may_be_written


def test_a_second_table_in_a_draft_has_a_name_of_its_own() -> None:
    first = shown(cells())
    assert first.table is not None
    draft = shipped().with_text(datong().path, first.after).with_text(first.table, first.table_text)
    later = Notice(date(2026, 7, 1), "又一次")
    made = preview(datong(draft), cells(), later, "填写", confirmed=False, again=False)
    assert made.table is not None
    assert made.table.name == "datong-2026-07-01.csv"
    again = preview(datong(draft), cells({**RISEN, "平城区": (760, 7560)}), NOTICE, "填写", confirmed=False, again=True)
    assert again.table == first.table
    assert again.may_be_written
    assert again.after == first.after


def test_another_citys_county_is_no_place_of_this_one() -> None:
    foreign = Cells(last_units(datong().target), {("140105", "urban"): "800"})
    with pytest.raises(Refused):
        shown(foreign)


# ---- pasted


@pytest.mark.parametrize(
    "text",
    [
        "平城区\t７５０\t7,560\n云州区\t640\t6540",
        "\n平城区\t 750 \t７５６０元\r\n\r\n云州区\t640\t6540\t\n",
        "140213\t平城区\t750\t7560\n140215\t云州区\t640\t6540",
        "1\t平城区\t750\t7560\n2\t云州区\t640\t6540",
        "县区\t农村（元/人·年）\t城市（元/人·月）\n平城区\t7560\t750\n云州区\t6540\t640",
        "平城　 750　7560\n云州　640 6540",
        "平城区,750,7560\n云州区,640,6540",
        '"平城\n区"\t750\t7560\n云州区\t640\t6540',
    ],
)
def test_what_is_pasted_from_a_sheet_is_read_with_or_without_its_heading(text: str) -> None:
    place = datong()
    read = read_grid(place, pasted(place.target, text, last_units(place.target), "粘贴"), START)
    assert not errors_in(read.found)
    assert read.cells is not None
    assert dict(read.cells.amounts) == {
        ("140213", "urban"): "750", ("140213", "rural"): "7560",
        ("140215", "urban"): "640", ("140215", "rural"): "6540",
    }  # fmt: skip


@pytest.mark.parametrize("text", ["", " \n\t\n", "平城区\t1\t2\t3", "平城区\t" + "1" * 2000, "平城区\t1\t2\n" * 30000])
def test_what_cannot_be_a_table_is_refused(text: str) -> None:
    place = datong()
    with pytest.raises(Refused):
        pasted(place.target, text, last_units(place.target), "粘贴")


def test_a_pasted_county_of_nobodys_is_told_at_its_cell_as_pasted() -> None:
    place = datong()
    grid = pasted(place.target, "平城区\t750\t7560\n迎泽区\t800\t9600", last_units(place.target), "粘贴")
    [found] = [one for one in told(read_grid(place, grid, START).found, grid, ZH) if one.is_error]
    assert (found.code, found.place, found.held) == ("row-place", "A2", "迎泽区")


# ---- files


def test_a_workbook_is_read_as_new_values_reads_it() -> None:
    place = place_of(shipped(), "taiyuan", PARAMETER)
    data = workbook(TITLED, MERGED)
    read = read_upload(place, data, "标准.xlsx", "", START)
    assert read.cells is not None
    assert not errors_in(read.found)
    [grid] = read_grids(data, "标准.xlsx", Reporter())
    straight = new_values(place.document, place.text, place.target.parameter, place.target, grid, NOTICE, Reporter())
    by_form = preview(place, read.cells, NOTICE, "填写", confirmed=False, again=False)
    assert straight is not None
    assert (by_form.table_text, by_form.after) == (straight.text, straight.overlay.text)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_csv_in_any_encoding_of_bureaus_is_read(encoding: str) -> None:
    text = "县区,城市（元/人·月）,农村（元/人·年）\n平城区,750,7560\n"
    read = read_upload(datong(), text.encode(encoding), "标准.csv", "", START)
    assert read.cells is not None
    assert read.cells.amounts["140213", "rural"] == "7560"


def bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in (
            "[Content_Types].xml",
            "xl/workbook.xml",
            "xl/_rels/workbook.xml.rels",
            "xl/worksheets/sheet1.xml",
        ):
            archive.writestr(name, b" " * (20 << 20))
    return out.getvalue()


PLAIN: tuple[Row, ...] = (
    ("县区", "城市（元/人·月）", "农村（元/人·年）"),
    ("平城区", 750, 7560),
    ("云州区", 640, 6540),
)


@pytest.mark.parametrize(
    ("data", "name", "code"),
    [
        (bomb(), "a.xlsx", "workbook-too-large"),
        (b"0" * (MAX_TABLE_BYTES + 1), "a.xlsx", "file-too-large"),
        (b"0" * (MAX_TABLE_BYTES + 1), "a.csv", "file-too-large"),
        (b"PK\x03\x04", "a.csv", "table-kind"),
        (b"%PDF-1.7", "a.pdf", "table-kind"),
        (b"not a workbook", "a.xlsx", "bad-workbook"),
        (b"\xff\xfe\x00", "a.csv", ""),
        (workbook_of({"标准": PLAIN}, hidden=2), "a.xlsx", "row-hidden"),
        (workbook((*PLAIN, ("左云县", "=B2+10", 6600))), "a.xlsx", "cell-formula"),
    ],
)
def test_a_hostile_or_doubtful_file_is_told_and_never_taken(data: bytes, name: str, code: str) -> None:
    read = read_upload(datong(), data, name, "", START)
    assert read.cells is None
    assert errors_in(read.found)
    assert not code or code in {one.code for one in read.found}


def test_of_two_sheets_with_such_tables_one_has_to_be_chosen() -> None:
    data = workbook_of({"一": PLAIN, "二": PLAIN})
    with pytest.raises(Refused, match="choose"):
        read_upload(datong(), data, "a.xlsx", "", START)
    assert read_upload(datong(), data, "a.xlsx", "二", START).cells is not None


# ---- whatever is typed


@settings(max_examples=60)
@given(
    st.dictionaries(
        st.sampled_from(sorted(RISEN)), st.tuples(st.integers(1, 99999), st.integers(1, 999999)), min_size=1
    )
)
def test_cells_make_a_table_that_reads_back_as_the_cells(risen: dict[str, tuple[int, int]]) -> None:
    place, held = datong(), cells(dict(risen))
    found = read_standards(typed(place.target, held, "填写"), place.target, Reporter(), START, confirmed=True)
    assert found is not None
    assert cells_of(found) == held


@settings(max_examples=150)
@given(st.text(alphabet="平城区云州0１2,.，\t\n　 \"'=-元（）/月", max_size=60))
def test_whatever_is_pasted_is_read_refused_or_told(text: str) -> None:
    place = datong()
    try:
        grid = pasted(place.target, text, last_units(place.target), "粘贴")
    except Refused:
        return
    read = read_grid(place, grid, START)
    assert read.cells is not None or errors_in(read.found)
    for one in told(read.found, grid, ZH):
        assert one.message


def test_units_are_those_of_the_parameter() -> None:
    assert unit_choices(datong().target) == ("元/人/月", "元/人/年")


def test_nothing_changes_where_nothing_differs() -> None:
    merged = shipped().merged(datong().file)
    assert merged is not None
    same = changes(merged, merged, PARAMETER, datong().target.counties, date(2025, 6, 1))
    assert {one.kind for one in same.changes} == {"same"}
