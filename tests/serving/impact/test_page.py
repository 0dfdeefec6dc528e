"""影响 as a page: a draft against what is published, over drawn households, JSON and tables."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from engine.cli.serve_work import compared, households
from engine.serving.drafts.store import Draft
from engine.serving.drafts.texts import sha
from engine.serving.people.person import OWNER
from engine.serving.settings import Settings
from tests.serving.impact.test_impact import household
from tests.serving.markup import Markup, assert_harmless
from tests.serving.officers import drafts, officer
from tests.serving.rules.folders import CITY, folder
from tests.serving.served import WORK, asked, desk_of, signed_in

FILE = "cities/shi.yaml"


class Desk:
    def __init__(self, tmp_path: Path) -> None:
        home = folder(tmp_path / "p")
        work = replace(WORK, compare=compared, households=households)
        self.client: TestClient = signed_in(asked(Settings((str(home),), str(tmp_path / "drafts")), work))
        drafts = desk_of(self.client).drafts
        assert drafts is not None
        self.drafts = drafts
        made = drafts.create(OWNER, "放宽")
        assert isinstance(made, Draft)
        self.draft = made.id
        self.write(CITY.replace("value: 700", "value: 750"))

    def write(self, text: str) -> None:
        held = self.drafts.get(self.draft)
        assert held is not None
        expected = self.drafts.text(held, FILE)
        assert expected is not None
        assert isinstance(self.drafts.write(self.draft, FILE, text, sha(expected), OWNER), Draft)

    def post(
        self, status: int = 200, file: tuple[str, bytes] | None = None, *more: tuple[str, bytes], **fields: str
    ) -> Markup:
        given = {"csrf": self.client.headers["x-csrf"], "source": "drawn" if file is None else "file", **fields}
        files = None if file is None else [("file", one) for one in (file, *more)]
        answered = self.client.post(f"/impact?draft={self.draft}", data=given, files=files)
        assert answered.status_code == status, answered.text
        return assert_harmless(answered.text)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_without_a_draft_one_is_to_be_chosen(desk: Desk) -> None:
    page = assert_harmless(desk.client.get("/impact").text)
    assert f"/impact?draft={desk.draft}" in page.links
    assert not [one for one in page.all("form") if one.get("enctype")]


def test_drawn_households(desk: Desk) -> None:
    page = desk.post(count="300", seed="1")
    assert "看了 300 户" in page.text
    assert "核算收入低于收入上限" in page.text
    assert any(link.startswith("/rules/file/sheng.yaml") and link.endswith("#L33") for link in page.links)


@pytest.mark.parametrize("count", ["", "0", "-1", "5001", "１０", "ten", "1" * 500])
def test_how_many_is_told_where_it_cannot_be(desk: Desk, count: str) -> None:
    assert "个数要写 1 至 5000" in desk.post(422, count=count).text


def test_households_of_a_file(desk: Desk) -> None:
    one, other = household("甲", "777.78"), household("乙", "9999")
    for name, data in (
        ("h.json", json.dumps([one, other]).encode()),
        ("h.ndjson", b"\xef\xbb\xbf" + "\r\n".join(map(json.dumps, (one, other))).encode()),
        ("H.JSON", json.dumps(one).encode()),
    ):
        page = desk.post(file=(name, data))
        assert "甲" in page.text
        assert "新增符合 1" in page.text, "and by which condition"


def test_a_table_is_read_as_by_the_command(desk: Desk) -> None:
    table = "家庭编号,申请日期,行政区划代码,月收入\nH-1,2023-06-15,140105,777.78\nH-2,2023-06-15,140105,12.345\n"
    page = desk.post(file=("家庭.csv", table.encode("gb18030")))
    assert "看了 2 户" in page.text
    assert "1 户不予认定" in page.text
    assert "H-1" in page.text


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        ("h.json", b"", "先选一个文件"),
        ("h.json", b"hello", "不是家庭的 JSON"),
        ("h.json", b"[]", "文件里没有家庭"),
        ("h.csv", b"\x00\x01", ""),
        ("h.xlsx", b"PK\x03\x04", ""),
        ("../../etc/passwd", b"root", ""),
    ],
)
def test_a_file_that_is_none(desk: Desk, name: str, data: bytes, told: str) -> None:
    page = desk.post(422, file=(name, data))
    assert told in page.text


def test_what_households_say_is_text(desk: Desk) -> None:
    page = desk.post(file=("h.json", json.dumps(household("<script>alert(1)</script>", "777.78")).encode()))
    assert "alert(1)" in page.text


def test_a_draft_that_does_not_pass_is_told(desk: Desk) -> None:
    desk.write(CITY.replace("value: 700", "value: 900"))
    assert "没有通过" in desk.post(422).text


def test_what_it_does_for_all_households_is_proved(desk: Desk) -> None:
    text = desk.post(prove="yes", count="1").text
    assert "放宽" in text
    assert "已发布 → 草稿" in text


def test_without_the_extras_the_page_says_less(desk: Desk) -> None:
    held = desk_of(desk.client)
    held.work = replace(held.work, compare=None, households=None)
    page = assert_harmless(desk.client.get(f"/impact?draft={desk.draft}").text)
    assert "prove" not in [one.get("name") for one in page.all("input")]
    assert "pip install '.[screen]'" in desk.post(422, file=("h.csv", b"a,b\n1,2\n")).text


def test_a_change_of_some_later_day_is_looked_at_on_that_day(desk: Desk) -> None:
    """Next year's figures change nothing today."""
    later = CITY.replace("{value: 700 元/月}", "[{value: 700 元/月}, {from: 2024-03-01, value: 750 元/月}]")
    desk.write(later)
    shown = assert_harmless(desk.client.get(f"/impact?draft={desk.draft}").text)
    assert next(one for one in shown.all("input") if one.get("name") == "day")["value"] == "2024-03-01"
    assert "没有一户有变化" in desk.post(count="300", seed="1").text
    assert "户有变化（" in desk.post(count="300", seed="1", day="2024-03-01").text
    assert "不能是 x" in desk.post(422, count="300", day="x").text


def test_what_is_taken_away_is_looked_at_on_the_day_it_would_have_begun(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    home = desk.drafts.home
    later = CITY.replace("{value: 700 元/月}", "[{value: 700 元/月}, {from: 2024-03-01, value: 750 元/月}]")
    (home / FILE).write_text(later, "utf-8")
    live = desk_of(desk.client).live
    live.look()
    live.look()  # and still the same: it is taken over
    made = desk.drafts.create(OWNER, "撤回")
    assert isinstance(made, Draft)
    desk.draft = made.id
    desk.write(CITY)
    shown = assert_harmless(desk.client.get(f"/impact?draft={desk.draft}").text)
    assert next(one for one in shown.all("input") if one.get("name") == "day")["value"] == "2024-03-01"


# ---- files as bureaus have them

HEAD = "家庭编号,申请日期,行政区划代码,月收入"


def test_why_households_are_not_compared_is_told(desk: Desk) -> None:
    """A file of which nothing can be read looks, by the counts alone, like one that nothing changes for."""
    rows = "H-1,2023-06-15,140105,777.78\nH-2,六月,140105,1\nH-3,2023-06-15,140105,12.345\nH-4,七月,140105,1\n"
    page = desk.post(200, ("家庭.csv", f"{HEAD}\n{rows}".encode("gb18030")))
    assert "4 户，1 户有变化（新增符合 1 户），另有 3 户不予认定" in page.text
    assert "2H-2" in page.text, "two for the same reason, and who is one of them"
    assert "1H-3" in page.text


def test_a_column_that_is_not_known_is_left_out_where_that_is_asked_for(desk: Desk) -> None:
    file = ("家庭.csv", f"{HEAD},联系电话,备注\nH-1,2023-06-15,140105,777.78,138,x\n".encode())
    refused = desk.post(422, file).text
    assert "家庭.csv：认不出 `联系电话`" in refused
    assert "认不出 `备注`" in refused, "all of them at once"
    assert "勾选“认不出的列不用”" in refused
    read = desk.post(200, file, passing="yes").text
    assert "新增符合 1" in read
    assert "联系电话" in read, "what is left out is told"


def test_tables_of_several_files_are_read_together(tmp_path: Path) -> None:
    """Households and their members, each a file of its own, as a workbook saved as CSV is."""
    client = officer(tmp_path)
    desk_of(client).work = replace(WORK, households=households)
    made = drafts(client).create(OWNER, "收紧")
    assert isinstance(made, Draft)
    held = drafts(client).text(made, "cities/datong.yaml")
    assert held is not None
    text = held.replace("\nset:\n", "\nset:\n  asset_months: [{from: 2026-01-01, value: 1 月}]\n", 1)
    assert isinstance(drafts(client).write(made.id, "cities/datong.yaml", text, sha(held), OWNER), Draft)
    head = "家庭编号,申请日期,行政区划代码,城乡类别,提出申请前12个月家庭收入（万元）,金融资产总额"
    own = f"{head}\nD-1,2026年3月1日,140214,城市,0.6,20000\n"
    members = "家庭编号,身份证号,姓名,“疾病尚未痊愈，仍需治疗”\nD-1,1,张三,是\n".replace("“", '"').replace("”", '"')
    files = [("file", ("家庭.csv", own.encode("gb18030"))), ("file", ("成员.csv", members.encode("gb18030")))]

    def post(these: list[tuple[str, tuple[str, bytes]]]) -> str:
        given = {"csrf": client.headers["x-csrf"], "source": "file", "day": "2026-03-01"}
        return assert_harmless(client.post(f"/impact?draft={made.id}", data=given, files=these).text).text

    assert "几个文件一起选上" in post(files[:1])
    told = post(files)
    assert "看了 1 户，1 户有变化" in told
    assert "D-1" in told
    assert "看了 4 户" in post([*files, *files]), "what stands twice is refused row by row"


def test_more_files_than_are_read_together_are_refused(desk: Desk) -> None:
    files = [(f"{number}.json", b"{}") for number in range(9)]
    assert "多于 8 个" in desk.post(413, *files).text


def test_what_has_to_be_installed_for_a_proof_is_told(desk: Desk) -> None:
    held = desk_of(desk.client)
    held.work = replace(held.work, compare=None)
    assert "pip install '.[proof]'" in assert_harmless(desk.client.get(f"/impact?draft={desk.draft}").text).text
